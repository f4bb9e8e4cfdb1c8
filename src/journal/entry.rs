//! One line of the journal, and every kind of thing it can say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ui::Concept;

pub use super::account::{AccountAct, AccountOutcome};
pub use super::capture::{Capture, Input, ProcessEnd};
pub use super::case::{
    AddedWords, AppFacts, AppFile, Blame, CaseOpened, ConsentPolicy, DeviceIdentity, Ended, LimitKind, PromptPolicy,
};
pub use super::consent::{ConsentAct, ConsentAfter};
pub use super::host::{HostFacts, TimeSource};
pub use super::network::{Carried, Connection, DataKind, NetProtocol, NetworkEnded, NetworkWatched, Whose};
pub use super::notification::{
    NotificationEnd, NotificationGone, NotificationPosted, NotificationRead, NotificationTaken,
};
pub use super::observer::{Observed, ObservedKind, ObserverEnded, ObserverHello, ObserverStarted};
pub use super::page::{FormSeen, Print, TextRead};
pub use super::permission::{Access, Permission, PermissionChange};
pub use super::popup::{Control, PopupEnd, PopupRole, PopupShown};
pub use super::probed::{
    AppCall, BlankTap, DownloadedFile, FeedSeen, GuardianAsked, Movement, Neighbour, Removal, RenewalOffer,
    SwitchTurned,
};
pub use super::prompt::{Answer, ICON, PromptAnswered, PromptButton, PromptKind, PromptShown};
pub use super::seek::{Hop, SeekEnded, SeekOutcome, SeenWay};
pub use super::step::{FunctionOutcome, StepOutcome};
pub use super::tour::{TwinAnswers, TwinCame, TwinEnded, TwinInstall, TwinPage, TwinRole, TwinStep, TwinThing};

/// A SHA-256 digest, 64 lower-case hexadecimal digits.
pub type Digest = String;

/// One line of `journal.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Running number from 0.
    pub seq: u64,
    /// When it was written down.
    pub at: Stamp,
    /// Digest of the line before (its bytes without the line feed); 64 zeros for the first.
    pub prev: Digest,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// A time on the clocks that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stamp {
    /// Host wall clock: milliseconds since 1970, UTC.
    pub wall: i64,
    /// Milliseconds since the journal was opened; never goes back.
    pub mono: u64,
    /// Device clock: milliseconds since 1970, UTC, when the device told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<i64>,
}

/// A kept file, named by its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExhibitRef {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Media type, for example `image/png` or `application/xml`.
    pub media: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// What an entry says. In JSON, `kind` names the variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Event {
    /// First entry: what is to be done, by what, on what.
    CaseOpened(Box<CaseOpened>),
    /// The machine that records, and whose time it tells.
    Host(Box<HostFacts>),
    /// The device that was leased.
    Device(Box<DeviceIdentity>),
    /// The app is on the device.
    Installed {
        /// Package id.
        package: String,
        /// Version code now on the device, when it says.
        version_code: Option<u64>,
        /// Version code before, for an upgrade.
        replaced: Option<u64>,
    },
    /// The device refused the app.
    InstallRefused {
        /// Android's code, for example `INSTALL_FAILED_USER_RESTRICTED`; empty when there was none.
        code: String,
        /// The device's words.
        message: String,
    },
    /// The app was removed.
    Uninstalled {
        /// Package id.
        package: String,
    },
    /// A step of the scenario begins.
    StepStarted {
        /// Place in the scenario, for example `3` or `3.1` (inside a function).
        path: String,
        /// The verb, as written.
        verb: String,
        /// The step in words.
        text: String,
    },
    /// A step ended.
    StepEnded {
        /// Place in the scenario.
        path: String,
        /// How it ended.
        outcome: StepOutcome,
        /// Why, when it was not done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Who is to blame, when it was not done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        blame: Option<Blame>,
        /// Entry number of the capture that shows why, when it was not done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<u64>,
    },
    /// The app was started by us.
    Launched {
        /// `package/activity`.
        component: String,
        /// How many times it was started in this case, from 1.
        count: u32,
    },
    /// The app was stopped by us.
    Stopped {
        /// Package id.
        package: String,
    },
    /// A process started.
    ProcessStarted {
        /// Process name.
        process: String,
        /// Process id.
        pid: u32,
        /// Android's cause word: `activity`, `broadcast`, `service`, `content provider` …
        cause: String,
        /// What it was started for.
        component: String,
    },
    /// A process ended, crashed or hung.
    ProcessEnded {
        /// Process name.
        process: String,
        /// Process id, when known.
        pid: Option<u32>,
        /// How.
        how: ProcessEnd,
        /// The device's words.
        detail: String,
    },
    /// An activity came to the front (from the event log).
    ActivityResumed {
        /// `package/activity`.
        component: String,
    },
    /// An activity finished or went away (from the event log).
    ActivityGone {
        /// `package/activity`.
        component: String,
        /// Android's reason, or empty.
        reason: String,
    },
    /// A window got the input focus: an activity's, a dialog's, the system's. How long it had it tells the next such entry.
    WindowFocused {
        /// Its title: `package/full.Class` for an activity's window and for its dialogs; nothing when no window has it.
        window: Option<String>,
        /// Android's number of the window: a dialog has its activity's title, and another number.
        token: Option<String>,
        /// Who says so: `event log`, or `focus turn` where no log tells and the device was asked in turn.
        source: String,
    },
    /// A picture of the state.
    Captured(Box<Capture>),
    /// Permission state with flags, read from the package manager.
    PermissionState {
        /// Package id.
        package: String,
        /// Why it was read.
        reason: String,
        /// One per runtime permission that has a state or flags.
        permissions: Vec<Permission>,
    },
    /// The system asks.
    PromptShown(Box<PromptShown>),
    /// How a prompt was answered, and what that changed.
    PromptAnswered(Box<PromptAnswered>),
    /// The app asked, and the system showed nothing.
    PromptSuppressed {
        /// The log line that says so.
        detail: String,
        /// Permission groups that the line names; empty where it names none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<String>,
        /// Path of the step in which it was noticed.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        step: String,
        /// Which launch of this case, from 1; 0 when it is not known.
        #[serde(default)]
        launch: u32,
        /// When it was asked, in milliseconds since the journal was opened; `None` when the device's clock could not be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mono: Option<u64>,
    },
    /// The app asks or interrupts.
    PopupShown(Box<PopupShown>),
    /// A pop-up is no longer there.
    PopupGone {
        /// Number given in `popup-shown`.
        popup: u32,
        /// What made it go.
        how: PopupEnd,
        /// Taps spent on closing it.
        taps: u32,
        /// Milliseconds it was there, as far as seen.
        lived_ms: u64,
        /// Milliseconds until a control that closes it came up, when there was none at first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        close_after_ms: Option<u64>,
    },
    /// The app put up a notification, or changed it (from the event log).
    NotificationPosted(Box<NotificationPosted>),
    /// The words of a notification were read.
    NotificationRead(Box<NotificationRead>),
    /// A notification of the app is gone (from the event log).
    NotificationGone(Box<NotificationGone>),
    /// The app's own policy dialog was dealt with.
    Consent {
        /// Number of the pop-up, when it was one.
        popup: Option<u32>,
        /// What was done.
        act: ConsentAct,
        /// The control that was pressed, in its own words; empty when none.
        control: String,
        /// What followed, once that was seen.
        after: Option<ConsentAfter>,
    },
    /// We touched the device.
    Input(Input),
    /// Personal data was touched, says the device.
    Access(Access),
    /// Accesses could be read, and up to which point they are complete.
    AccessesRead {
        /// Where from: `appops`.
        source: String,
        /// How many were new.
        new: u32,
    },
    /// The device's network is watched from here on.
    NetworkWatched(NetworkWatched),
    /// A connection over the network.
    Connection(Box<Connection>),
    /// The watch over the network ended.
    NetworkEnded(Box<NetworkEnded>),
    /// An outside observer was started.
    ObserverStarted(ObserverStarted),
    /// An outside observer said what it is.
    ObserverHello(ObserverHello),
    /// An outside observer saw something.
    Observed(Box<Observed>),
    /// An outside observer ended.
    ObserverEnded(Box<ObserverEnded>),
    /// A search for a concept begins.
    SeekStarted {
        /// What is looked for.
        concept: Concept,
    },
    /// A search ended.
    SeekEnded(Box<SeekEnded>),
    /// A text that the app offers was read.
    TextRead(Box<TextRead>),
    /// A page of the app asks for information.
    FormSeen(Box<FormSeen>),
    /// A basic function was tried.
    Function {
        /// Its name, as the author wrote it.
        name: String,
        /// When: `before-refusal` or `after-refusal`.
        when: String,
        /// Whether it works.
        outcome: FunctionOutcome,
        /// What was missing, when it does not; what the first try met, when it took a second.
        message: String,
    },
    /// The twin: one more clean install begins.
    TwinInstall(TwinInstall),
    /// The twin: a step of its tour was made, or could not be.
    TwinStep(Box<TwinStep>),
    /// The twin ended.
    TwinEnded(TwinEnded),
    /// Something done to the test account.
    Account {
        /// What.
        act: AccountAct,
        /// How it ended.
        outcome: AccountOutcome,
        /// The app's words that show it.
        words: String,
        /// Taps spent.
        taps: u32,
        /// What the app demanded on the way: fields to fill, documents, waiting times.
        conditions: Vec<String>,
    },
    /// Other apps on the device that did not come with it.
    Neighbours {
        /// When: `before` the app was installed, or at the `end`.
        reason: String,
        /// The apps, without the one under test.
        packages: Vec<Neighbour>,
    },
    /// An app started something of another one.
    AppCalled(Box<AppCall>),
    /// Files in the folder of downloads.
    Downloads {
        /// When: `before` the first launch, or at the `end`.
        reason: String,
        /// The files.
        files: Vec<DownloadedFile>,
    },
    /// The system's download program told of a download.
    DownloadTold {
        /// Package of the program.
        by: String,
    },
    /// The device was moved.
    Moved(Box<Movement>),
    /// A blank place of an advertisement was tapped.
    BlankTapped(Box<BlankTap>),
    /// A switch was turned off, and looked at again after restarts.
    SwitchTurned(Box<SwitchTurned>),
    /// A page offers something that renews itself.
    RenewalOffered(Box<RenewalOffer>),
    /// A page shows a feed.
    FeedSeen(Box<FeedSeen>),
    /// A child's birth date was given.
    ChildDeclared {
        /// The date, `YYYY-MM-DD`; made up.
        birth_date: String,
        /// Age in years on the day of the run.
        age: u32,
    },
    /// A guardian's consent was asked for.
    GuardianAsked(Box<GuardianAsked>),
    /// The device was started anew by us.
    Rebooted,
    /// What stands in the way of removing the app.
    Removal(Removal),
    /// The device refused to remove the app.
    UninstallRefused {
        /// Android's code, or empty.
        code: String,
        /// The device's words.
        message: String,
    },
    /// A complaint or request that a person sent, by the operator's own word.
    Complaint {
        /// Day it was sent, `YYYY-MM-DD`.
        sent: String,
        /// Day it was answered in substance, if it was.
        answered: Option<String>,
    },
    /// Something that bounds what this run can say.
    Limit {
        /// Which.
        limit: LimitKind,
        /// In words.
        detail: String,
    },
    /// The watch was blind for a time.
    Gap {
        /// Start, on this journal's monotonic clock, in ms.
        from: u64,
        /// End, on the same clock, in ms.
        to: u64,
        /// What was not watched.
        source: String,
        /// Why.
        why: String,
        /// Events of the time between that were read from the device's log afterwards, each once. Nothing when the log no
        /// longer reaches back to what was read before: the device was started anew, or lines were lost. Windows that no
        /// log tells of (before API 30) are not among them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<u32>,
    },
    /// The run changed something about the device or the app's permissions, beside the app.
    DeviceSet {
        /// What: `network`, `clock`, `rotation`, `input method`, or `permission NAME`.
        what: String,
        /// How it stands now; of the clock, by how much it was set: `forward by N s`.
        value: String,
        /// By which way: `svc`, `settings`, `pm`, `clock`, `ime`.
        by: String,
    },
    /// The operator was asked for something that the device cannot know. The answer is a secret and stands nowhere.
    OperatorAsked {
        /// The question.
        question: String,
        /// Whether an answer came.
        answered: bool,
        /// Why not; empty when one came.
        why: String,
    },
    /// A remark of the scenario's author.
    Note {
        /// The remark.
        text: String,
    },
    /// Last entry: how the case ended.
    CaseClosed {
        /// How.
        ended: Ended,
        /// Who is to blame, unless it was completed.
        blame: Option<Blame>,
        /// Why, unless it was completed.
        message: String,
        /// Steps that were not carried out, by path.
        missing: Vec<String>,
    },
}

/// What an [`Event::DeviceSet`] calls the keyboard that was chosen for a while; its value is the keyboard's id.
pub const INPUT_METHOD: &str = "input method";

impl Event {
    /// By how much the entry says that the device's clock was set forward, in ms; nothing within when it does not say by
    /// how much, nothing at all for every other entry.
    pub fn clock_forward(&self) -> Option<Option<u64>> {
        let Self::DeviceSet { what, value, .. } = self else { return None };
        let seconds = value.strip_prefix("forward by ").and_then(|rest| rest.strip_suffix(" s"));
        let ms = seconds.and_then(|seconds| seconds.parse::<u64>().ok()?.checked_mul(1_000));
        (what == "clock").then_some(ms)
    }
}

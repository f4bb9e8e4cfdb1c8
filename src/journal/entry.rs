//! One line of the journal, and every kind of thing it can say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::probed::{
    AppCall, BlankTap, DownloadedFile, FeedSeen, GuardianAsked, Movement, Neighbour, Removal, RenewalOffer,
    SwitchTurned,
};
use crate::ui::{Concept, Point, Rect};

pub use super::host::{HostFacts, TimeSource};
pub use super::network::{Carried, Connection, DataKind, NetProtocol, NetworkEnded, NetworkWatched, Whose};
pub use super::notification::{
    NotificationEnd, NotificationGone, NotificationPosted, NotificationRead, NotificationTaken,
};
pub use super::observer::{Observed, ObservedKind, ObserverEnded, ObserverHello, ObserverStarted};
pub use super::page::{FormSeen, Print, TextRead};
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
        /// What was missing, when it does not.
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
        /// What: `network`, `clock`, `rotation`, or `permission NAME`.
        what: String,
        /// How it stands now; of the clock, by how much it was set: `forward by N s`.
        value: String,
        /// By which way: `svc`, `settings`, `pm`, `clock`.
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

/// What is to be done, by what, on what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CaseOpened {
    /// Stable id of the case.
    pub case: String,
    /// Which try, from 1.
    pub attempt: u32,
    /// Purpose of the run, free text.
    pub purpose: String,
    /// The app's file says.
    pub app: AppFacts,
    /// Category id of the catalogue (one of 39), when known.
    pub category: Option<String>,
    /// Scenario id.
    pub scenario: String,
    /// Scenario title.
    pub scenario_title: String,
    /// SHA-256 of the scenario file.
    pub scenario_digest: Digest,
    /// What the scenario looks at: verbs that occur, so that a judge knows what was meant to be looked for.
    pub scenario_verbs: Vec<String>,
    /// How prompts are to be answered.
    pub prompts: PromptPolicy,
    /// How the policy dialog is to be answered.
    pub consent: ConsentPolicy,
    /// SHA-256 of the catalogue in force.
    pub catalogue_digest: Digest,
    /// Program version.
    pub program: String,
    /// SHA-256 of the program file, when it could be read.
    pub program_digest: Option<Digest>,
}

/// What an app file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct AppFacts {
    /// Package id.
    pub package: String,
    /// Label in the manifest's default language.
    pub label: String,
    /// Version code.
    pub version_code: u64,
    /// Version name.
    pub version_name: String,
    /// Minimum SDK level.
    pub min_sdk: Option<u32>,
    /// Target SDK level.
    pub target_sdk: Option<u32>,
    /// Permissions the manifest declares.
    pub permissions: Vec<String>,
    /// Launchable activity, when the manifest names one.
    pub launcher: Option<String>,
    /// Its icon, a file in the app; without one the system shows its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// SHA-256 of the signing certificates (DER).
    pub certificates: Vec<Digest>,
    /// Files it was installed from.
    pub files: Vec<AppFile>,
}

/// One file of an app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppFile {
    /// File name without folders.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Length in bytes.
    pub bytes: u64,
}

/// A device, as it describes itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct DeviceIdentity {
    /// Serial at the ADB server.
    pub serial: String,
    /// `ro.build.version.sdk`.
    pub api: u32,
    /// `ro.product.manufacturer`.
    pub manufacturer: String,
    /// `ro.product.model`.
    pub model: String,
    /// `ro.build.fingerprint`.
    pub fingerprint: String,
    /// Locale, for example `zh-CN`.
    pub locale: String,
    /// Which dialogs it draws: `aosp`, `google`, `samsung`, `miui` …
    pub skin: String,
    /// ABIs, first preferred.
    pub abis: Vec<String>,
    /// Screen width in pixels; 0 when unknown.
    pub width: u32,
    /// Screen height in pixels; 0 when unknown.
    pub height: u32,
    /// Dots per inch; 0 when unknown.
    pub density: u32,
    /// adbd features.
    pub features: Vec<String>,
    /// Whether shell commands can run as root.
    pub rooted: bool,
    /// The device says it is an emulator (`ro.kernel.qemu`, `ro.hardware`).
    pub emulator: bool,
    /// The device says it is AppWitness's virtual device, a model of Android (`ro.appwitness.virtual`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub virtual_device: bool,
    /// Device clock minus host clock, in ms, when measured.
    pub clock_offset_ms: Option<i64>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// Carried out.
    Done,
    /// Tried, and not carried out.
    Failed,
    /// Not tried, because something before it failed or the device lacks something.
    Skipped,
}

/// Who an error belongs to. Only `device` is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The scenario asks for something that cannot be.
    Scenario,
    /// The app under test.
    App,
    /// The device or the way to it.
    Device,
    /// This machine: disk, memory, a bug.
    Host,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessEnd {
    /// It left by itself.
    Exited,
    /// It crashed.
    Crashed,
    /// It did not respond (ANR).
    NotResponding,
    /// The system or we killed it.
    Killed,
}

/// Screen, tree and focus at one moment. What could not be had is `None` and said in `missing`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Capture {
    /// Why: `step`, `prompt`, `popup`, `seek`, `consent`, `crash`, `end` …
    pub reason: String,
    /// Screenshot as the device sent it.
    pub screenshot: Option<ExhibitRef>,
    /// Width and height of the screenshot in pixels.
    pub size: Option<(u32, u32)>,
    /// The screenshot is all black although the hierarchy is not empty: a secure window.
    pub secure: bool,
    /// View hierarchy as the device sent it.
    pub hierarchy: Option<ExhibitRef>,
    /// What made the hierarchy: `uiautomator`, or the accelerator's file by its name and the beginning of its SHA-256.
    pub hierarchy_by: String,
    /// Focused window, for example `pkg/.Act`, when the device said.
    pub focus: Option<String>,
    /// Android's number of that window, when the device said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Whether it stands above its activity's own window, as a dialog does, when the device said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<bool>,
    /// Resumed activity, `pkg/.Act`, when the device said.
    pub resumed: Option<String>,
    /// Signature of the screen's structure.
    pub signature: Option<String>,
    /// What could not be had, and why.
    pub missing: Vec<String>,
    /// Places of the screenshot that show a secret of the run (a test account, an operator's answer), in pixels. Pages
    /// blur them; the picture itself is as the device sent it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secret: Vec<Rect>,
}

/// One runtime permission's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Permission {
    /// Full name.
    pub name: String,
    /// Granted now.
    pub granted: bool,
    /// Flags, as printed: `USER_SET`, `USER_FIXED` …
    pub flags: Vec<String>,
}

/// How a permission changed over a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermissionChange {
    /// Full name.
    pub name: String,
    /// State before; `None` when there was no line for it.
    pub before: Option<Permission>,
    /// State after; `None` when there is no line for it.
    pub after: Option<Permission>,
}

/// The system asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PromptShown {
    /// Running number of prompts in this case, from 1.
    pub prompt: u32,
    /// What kind of system dialog.
    pub what: PromptKind,
    /// Package that drew it.
    pub by: String,
    /// The question, in its own words.
    pub question: String,
    /// Permission groups the words speak of (`LOCATION`, `CAMERA` …), from the dialog data.
    pub groups: Vec<String>,
    /// Buttons in order, in their own words, with the answer each gives.
    pub buttons: Vec<PromptButton>,
    /// Page of a run of dialogs: (1, 3) is "1 of 3".
    pub page: Option<(u32, u32)>,
    /// Words of the app or the dialog that tell a purpose; `None` when none was seen.
    pub purpose: Option<String>,
    /// Running text of the app's page beneath that speaks of what is asked for, when no purpose was seen: whether it tells
    /// one, a person must say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_before: Option<String>,
    /// What the person was doing: path of the step.
    pub step: String,
    /// Resumed app activity beneath, when known.
    pub activity: Option<String>,
    /// Milliseconds since the app was launched.
    pub since_launch_ms: Option<u64>,
    /// Milliseconds since the policy was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_consent_ms: Option<u64>,
    /// Milliseconds since a permission was last refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_refusal_ms: Option<u64>,
    /// Whether the policy had been accepted before.
    pub after_consent: bool,
    /// Whether the person's own tap (not a launch) came right before.
    pub after_tap: Option<String>,
    /// Which launch of this case, from 1.
    pub launch: u32,
    /// Bounds of the dialog.
    pub bounds: Rect,
    /// When it came, in milliseconds since the journal was opened; `None` when the device's clock could not be read. The
    /// entry itself is written when it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mono: Option<u64>,
    /// Entry number of the capture that shows it; `None` when it vanished before.
    pub capture: Option<u64>,
    /// Screenshot, when there is one.
    pub screenshot: Option<ExhibitRef>,
}

/// Kinds of system dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PromptKind {
    /// Runtime permission.
    Permission,
    /// Review of permissions at the first start of an app with an old target.
    PermissionReview,
    /// A special access (overlay, usage …) in settings.
    SpecialAccess,
    /// Crash dialog.
    Crash,
    /// App-not-responding dialog.
    NotResponding,
    /// Some other system dialog.
    Other,
}

/// A button of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromptButton {
    /// Its words.
    pub text: String,
    /// What pressing it means; `None` when the dialog data doesn't know it.
    pub answer: Option<Answer>,
    /// Place on the screen.
    pub bounds: Rect,
}

/// What can be answered to a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Granted without limit.
    Allow,
    /// Granted while the app is in use.
    AllowForeground,
    /// Granted this time.
    AllowOnce,
    /// Granted for chosen items (photos).
    AllowSelected,
    /// Refused.
    Deny,
    /// Refused, and not to be asked again.
    DenyForGood,
}

/// How a prompt was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PromptAnswered {
    /// Number given in `prompt-shown`.
    pub prompt: u32,
    /// The answer; `None` when it was left or went by itself.
    pub answer: Option<Answer>,
    /// The button's words; empty when none was pressed.
    pub button: String,
    /// Why this answer: the policy or the step that asked for it, in words.
    pub why: String,
    /// Milliseconds it was there, as far as seen.
    pub lived_ms: u64,
    /// What changed: names exactly which permissions the prompt was about.
    pub changes: Vec<PermissionChange>,
    /// How the permissions that changed differ from what the dialog spoke of; `None` when they agree, or nothing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disagrees: Option<String>,
}

/// The app asks or interrupts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PopupShown {
    /// Running number of pop-ups in this case, from 1.
    pub popup: u32,
    /// What it is, by the lexicon.
    pub role: PopupRole,
    /// Title, or empty.
    pub title: String,
    /// All its words, in order, cut at 2,000 characters.
    pub words: String,
    /// Package that drew it.
    pub by: String,
    /// Share of the screen it covers, 0 to 1.
    pub covers: f64,
    /// Its bounds.
    pub bounds: Rect,
    /// Controls that close it, best first; empty when none is visible.
    pub close: Vec<Control>,
    /// Controls that accept or lead on.
    pub accept: Vec<Control>,
    /// Controls that refuse.
    pub refuse: Vec<Control>,
    /// Check boxes of a consent dialog: (words, ticked).
    pub boxes: Vec<(String, bool)>,
    /// What opened it: `launch`, `tap`, `shake`, `return` (to the foreground), else `timer`.
    pub opened_by: String,
    /// Number of an earlier pop-up of this case with the same structure.
    pub same_as: Option<u32>,
    /// Which launch of this case, from 1.
    pub launch: u32,
    /// Path of the step.
    pub step: String,
    /// Signature of its structure.
    pub signature: String,
    /// Resumed app activity, when known.
    pub activity: Option<String>,
    /// When it came, in milliseconds since the journal was opened; `None` when the device's clock could not be read. The
    /// entry itself is written when it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mono: Option<u64>,
    /// Entry number of the capture that shows it.
    pub capture: Option<u64>,
    /// Screenshot, when there is one.
    pub screenshot: Option<ExhibitRef>,
}

/// What a pop-up is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PopupRole {
    /// Privacy policy or user agreement to accept.
    Consent,
    /// The app explains or demands a permission.
    PermissionPlea,
    /// Advertisement or promotion.
    Promotion,
    /// Update of the app, download of another.
    Update,
    /// Demand to sign in.
    SignIn,
    /// Confirmation of something the person did.
    Confirmation,
    /// Message, or not recognised.
    Message,
}

/// A control as seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    /// Its words, else its id or class.
    pub label: String,
    /// Place on the screen.
    pub bounds: Rect,
}

/// What made a pop-up go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PopupEnd {
    /// Closed by its close control.
    Closed,
    /// Accepted.
    Accepted,
    /// Refused.
    Refused,
    /// Closed by the back key.
    Back,
    /// It went by itself.
    ByItself,
    /// The app left or was stopped.
    AppGone,
    /// Still there when the case ended, or nothing closed it.
    NotClosed,
}

/// What was done with the policy dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentAct {
    /// Accepted.
    Accepted,
    /// Refused.
    Refused,
    /// Looked at and left.
    Left,
    /// No control to refuse was found.
    NoRefuseControl,
}

/// What followed the answer to the policy dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentAfter {
    /// The app went on.
    Continued,
    /// The app left the screen.
    Exited,
    /// The same dialog came again.
    AskedAgain,
    /// Another dialog asks to think again.
    SecondDialog,
    /// A reduced mode, or a screen that offers one.
    BasicMode,
}

/// What we did to the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Input {
    /// `tap`, `key`, `text`, `swipe`, `shell`.
    pub act: String,
    /// Where, for taps and swipes.
    pub point: Option<Point>,
    /// Bounds of what was meant.
    pub bounds: Option<Rect>,
    /// What was meant, in its own words; secrets masked.
    pub target: String,
    /// Who decided: `step`, `prompt-policy`, `consent-policy`, `popup-close`, `seek`, `account`; `settings` for a step's
    /// choice on a page of the settings.
    pub by: String,
    /// Entry number of the capture that was looked at.
    pub seen: Option<u64>,
}

/// Personal data was touched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Access {
    /// Package.
    pub package: String,
    /// App operation, for example `FINE_LOCATION`.
    pub op: String,
    /// Device time of the access, ms since 1970, when it can be told.
    pub device_time: Option<i64>,
    /// The same, on this journal's monotonic clock, in ms.
    pub mono: Option<u64>,
    /// It was let through (as opposed to a rejected try).
    pub allowed: bool,
    /// Whether the app was in the foreground; `None` when the device doesn't say.
    pub foreground: Option<bool>,
    /// Duration in ms, when told.
    pub duration_ms: Option<u64>,
    /// How many accesses this entry stands for (at least).
    pub count: u32,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SeekEnded {
    /// What was looked for.
    pub concept: Concept,
    /// How it ended.
    pub outcome: SeekOutcome,
    /// Taps from the main screen to the place; the length of `path`.
    pub depth: u32,
    /// The way, from the main screen on.
    pub path: Vec<Hop>,
    /// The words that were taken for the concept.
    pub words: String,
    /// Taps spent in all.
    pub taps: u32,
    /// Screens seen, by signature, with a title each.
    pub visited: Vec<(String, String)>,
    /// What blocked it: `login-wall`, or empty.
    pub blocked_by: String,
    /// True when the bounds (taps, screens, time) ended it before everything reachable was seen.
    pub bounded: bool,
    /// Controls that lead on but did nothing, in their own words (a broken path).
    pub dead: Vec<String>,
}

/// How a search ended, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeekOutcome {
    /// Found.
    Found,
    /// Everything within the bounds was looked at, and it was not there.
    NotFound,
    /// A wall stood in the way.
    Blocked,
}

/// One tap of a way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hop {
    /// Words that were pressed.
    pub label: String,
    /// Signature of the screen it led to.
    pub screen: String,
    /// Entry number of the capture before the tap.
    pub capture: Option<u64>,
}

/// Whether a function works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionOutcome {
    /// All expectations held.
    Works,
    /// An expectation failed.
    Fails,
    /// It could not be tried.
    NotTried,
}

/// What was done to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountAct {
    /// Sign up.
    SignUp,
    /// Sign in.
    SignIn,
    /// Ask for deletion.
    RequestDeletion,
    /// Sign in again after the deletion.
    SignInAfterDeletion,
}

/// How that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountOutcome {
    /// The app did it, or said so.
    Accepted,
    /// The app refused.
    Refused,
    /// The app took the request and promises to do it later.
    Pending,
    /// The control that should do it did nothing.
    NoEffect,
    /// It was not tried, because the way to it was not found.
    NotReached,
    /// Could not be told.
    Unclear,
}

/// What bounds a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitKind {
    /// The virtual device has no model for this app: it was not exercised.
    NoModel,
    /// Secure (black) screens.
    SecureScreen,
    /// The screen is not rendered: every screenshot is blank.
    BlankScreen,
    /// The app behaves as on an emulator.
    EmulatorDetected,
    /// A sign-in wall, and no account to pass it.
    LoginWall,
    /// No test account was given, or no way to use it.
    NoAccount,
    /// No network capture.
    NoNetworkCapture,
    /// App operations could not be read.
    NoAppops,
    /// The event log could not be followed.
    NoEventLog,
    /// The hierarchy could not be read.
    NoHierarchy,
    /// No functions were written for the app.
    NoFunctions,
    /// No category was given.
    NoCategory,
    /// The app keeps crashing.
    KeepsStopping,
    /// The app's native code is for other processors than the device's.
    OtherProcessor,
    /// Something else.
    Other,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Every step was carried out or recorded as failed by the app's own doing.
    Completed,
    /// Ended early; `missing` lists what was not done.
    Aborted,
    /// Stopped by a signal.
    Stopped,
}

/// How prompts are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PromptPolicy {
    /// Leave them; the scenario's steps answer.
    #[default]
    Ask,
    /// Allow everything.
    Allow,
    /// Refuse everything.
    Deny,
    /// Refuse everything, for good where the dialog offers it.
    DenyForGood,
    /// Refuse what the app's category does not need, allow the rest.
    DenyNonEssential,
}

/// How the app's own policy dialog is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentPolicy {
    /// Accept it.
    Accept,
    /// Refuse it.
    Refuse,
    /// Leave it to the steps.
    #[default]
    Leave,
}

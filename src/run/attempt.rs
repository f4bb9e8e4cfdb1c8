//! The whole story of one attempt, and what it remembers on the way.

use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::adb;
use crate::android::Android;
use crate::clock::Clock;
use crate::journal::entry::{Blame, ConsentPolicy, Ended, Event, LimitKind, PromptPolicy, TwinAnswers, TwinInstall};
use crate::journal::{Journal, JournalError};
use crate::ui::Rect;

use super::error::RunError;
use super::look::Screen;
use super::network::NetworkWatch;
use super::order::{Order, Report, consent_policy, prompt_policy};
use super::popup::OpenPopup;
use super::watch::Watch;

/// How long a device is tidied after its run was stopped (ours): a person waits.
const STOPPED_WITHIN: Duration = Duration::from_secs(10);

/// How an attempt ended. The record itself is in the folder.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// How it ended.
    pub ended: Ended,
    /// Who is to blame, unless it was completed.
    pub blame: Option<Blame>,
    /// Why, unless it was completed.
    pub message: String,
}

/// An attempt under way.
pub(super) struct Attempt<'a> {
    pub order: &'a Order,
    pub android: Android,
    pub journal: Journal,
    pub clock: Clock,
    pub watch: Watch,
    /// The watch over the network, where there is one.
    pub network: Option<NetworkWatch>,
    /// Outside observers under way.
    pub observers: Vec<super::observer::Running>,
    pub memory: Memory,
    pub report: Report<'a>,
}

/// What an attempt remembers.
#[derive(Default)]
pub(super) struct Memory {
    /// Path of the step under way.
    pub step: String,
    /// How often the app was launched by us.
    pub launches: u32,
    /// Elapsed time of the last launch.
    pub launched_at: Option<Duration>,
    /// When the app was last brought back to the foreground by us.
    pub returned_at: Option<Duration>,
    /// When the device was last moved by us.
    pub moved_at: Option<Duration>,
    /// The policy was accepted.
    pub consented: bool,
    /// When it was.
    pub consented_at: Option<Duration>,
    /// When a permission was last refused by us.
    pub refused_at: Option<Duration>,
    /// Times the policy was refused in a row.
    pub refusals: u32,
    /// A permission was refused by us in this case.
    pub denied: bool,
    /// Words and time of the last tap of ours on the app itself.
    pub last_tap: Option<(String, Duration)>,
    /// When *back* was last pressed by us.
    pub last_back: Option<Duration>,
    /// Prompts seen.
    pub prompts: u32,
    /// The dialog that nothing answered, as it stands.
    pub unanswered: Option<std::sync::Arc<crate::ui::Tree>>,
    /// When the last prompt came, on the device's clock.
    pub prompt_came: Option<i64>,
    /// When the last prompt was answered, on the device's clock: its next page comes then.
    pub prompt_answered: Option<i64>,
    /// When the last pop-up came, on the device's clock.
    pub popup_came: Option<i64>,
    /// The last prompt while it is not answered: its number, its question, and when it was seen, on the device's clock.
    pub standing: Option<(u32, String, Option<i64>)>,
    /// Pop-ups seen.
    pub popups: Vec<OpenPopup>,
    /// Last screen that was looked at.
    pub screen: Option<Screen>,
    /// The tree of the last look, when its window stands above the activity's own.
    pub above: Option<std::sync::Arc<crate::ui::Tree>>,
    /// The tree that was read last, by a look or a peek, and when its reading began.
    pub read: Option<(Duration, std::sync::Arc<crate::ui::Tree>)>,
    /// Signature of the app's main screen, as it settled after the last launch.
    pub main: Option<String>,
    /// The app's own page that was looked at last, no window upon it, and when.
    pub page: Option<(Duration, std::sync::Arc<crate::ui::Tree>)>,
    /// The picture of it.
    pub page_picture: Option<std::sync::Arc<Vec<u8>>>,
    /// Whether all that was looked at of the app held no word; `None` before the first look.
    pub wordless: Option<bool>,
    /// When a window of the app was last closed by one of its controls.
    pub closed_at: Option<Duration>,
    /// Since when, on the journal's clock, the view tree can't be read, and why.
    pub blind: Option<(u64, String)>,
    /// Readings of the view tree since the app was first started.
    pub readings: u32,
    /// A crash dialog was met since the last start.
    pub crashed: bool,
    /// How often the app's process had ended before its last start, as long as that start did not end so.
    pub ends_at_start: Option<u32>,
    /// Starts in a row after which the app was gone at once.
    pub falls: u32,
    /// The device's clock when the view that is touched next was last seen to stand where it stands.
    pub stood_at: Option<i64>,
    /// The device's clock right before our last tap, when it told it.
    pub touched: Option<i64>,
    /// The same of the last tap on the app itself.
    pub tapped: Option<i64>,
    /// What the last prompt that was answered asked, and when it was.
    pub prompt_over: Option<(String, Duration)>,
    /// Entry number of the capture that shows why a step can't be carried out.
    pub shows_why: Option<u64>,
    /// Steps not carried out.
    pub missing: Vec<String>,
    /// Limits already told, so that each is told once.
    pub limits: Vec<LimitKind>,
    /// Accesses already written down.
    pub accesses: Vec<crate::journal::entry::Access>,
    /// What the device's history of accesses counted.
    pub counted: super::history::Counted,
    /// The last search, with the screen it ended on.
    pub sought: Option<(crate::ui::Concept, crate::journal::entry::SeekOutcome)>,
    /// The screens that searches have met.
    pub map: super::map::Map,
    /// Where an update stands: after it the policy may be shown anew.
    pub updated: Updated,
    /// Pages that ask for information, as they were met.
    pub forms: super::form::Forms,
    /// Taps since the last search began, for the way to the account's deletion.
    pub taps: u32,
    /// The test account was accepted.
    pub signed_in: bool,
    /// The account was asked to be deleted, with this outcome.
    pub deletion: Option<crate::journal::entry::AccountOutcome>,
    /// How prompts are answered on this install of a twin; `None` outside of one.
    pub twin: Option<TwinInstall>,
    /// Permission groups the system asked for on this install, in order.
    pub asked: Vec<String>,
    /// Those of them that were refused.
    pub refused: Vec<String>,
    /// Pop-ups of earlier installs: their numbers are taken.
    pub popups_before: u32,
    /// What steps changed on the device.
    pub changed: super::hands::Changed,
    /// Birth date, year of birth and age of a made-up child, once it signed up.
    pub child: Option<(String, String, String)>,
    /// Words of the windows about a guardian that were written down.
    pub guardian_words: Vec<String>,
    /// Words and boxes of the offers that were written down.
    pub offers: Vec<(String, Vec<(String, bool)>)>,
    /// Signatures of the pages whose feeds were written down.
    pub feeds: Vec<String>,
    /// How long one look takes on this device: every patience is a multiple of it.
    pub pace: Duration,
}

/// Where an update of the app stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Updated {
    /// None was made, or its policy was accepted since.
    #[default]
    No,
    /// It is installed, and was not started yet.
    Installed,
    /// It was started.
    Started,
}

/// Carries out one attempt and writes its journal into `folder`. Errors only when the journal can't be written at all.
pub async fn attempt(
    order: &Order,
    device: adb::Device,
    folder: &Path,
    clock: Clock,
    report: Report<'_>,
) -> Result<Attempted, JournalError> {
    let secrets = order.secrets.clone();
    let journal = Journal::create(folder, clock.clone())?.masking(move |text| secrets.mask(text));
    journal.append(Event::CaseOpened(Box::new(order.opening())))?;
    journal.append(Event::Host(Box::new(super::host::facts(&clock).await)))?;
    let (result, missing) = match open(order, device, &journal, &clock, report).await {
        Ok(mut attempt) => {
            let result = attempt.carry_out().await;
            attempt.close().await;
            (result, attempt.memory.missing)
        }
        Err(error) => (Err(error), vec!["all".to_owned()]),
    };
    let mut attempted = ending(&result);
    attempted.message = order.secrets.mask(&attempted.message);
    journal.append(Event::CaseClosed {
        ended: attempted.ended,
        blame: attempted.blame,
        message: attempted.message.clone(),
        missing,
    })?;
    Ok(attempted)
}

fn ending(result: &Result<(), RunError>) -> Attempted {
    match result {
        Ok(()) => Attempted { ended: Ended::Completed, blame: None, message: String::new() },
        Err(RunError::Cancelled) => Attempted { ended: Ended::Stopped, blame: None, message: "stopped".into() },
        Err(error) => Attempted { ended: Ended::Aborted, blame: error.blame(), message: error.to_string() },
    }
}

async fn open<'a>(
    order: &'a Order,
    device: adb::Device,
    journal: &Journal,
    clock: &Clock,
    report: Report<'a>,
) -> Result<Attempt<'a>, RunError> {
    report("looking at the device");
    let android = Android::open(device).await?;
    journal.append(Event::Device(Box::new(android.identity().clone())))?;
    let watch = Watch::start(&android, journal.clone(), clock.clone(), order.secrets.clone()).await?;
    let memory = Memory { pace: Duration::from_millis(50), ..Memory::default() };
    Ok(Attempt {
        order,
        android,
        journal: journal.clone(),
        clock: clock.clone(),
        watch,
        network: None,
        observers: Vec::new(),
        memory,
        report,
    })
}

impl Attempt<'_> {
    async fn carry_out(&mut self) -> Result<(), RunError> {
        self.stage().await?;
        let result = Box::pin(self.drive()).await;
        if !matches!(&result, Err(error) if error.is_final()) {
            self.last_look().await?;
        }
        result
    }

    /// Ends the watch and leaves the device as it was found; what fails here changes no outcome.
    async fn close(&mut self) {
        // A journal that can't be written any more changes nothing here.
        let _ = self.end_of_blindness();
        self.watch.stop().await;
        if let Some(network) = &mut self.network {
            network.stop().await;
        }
        for observer in &mut self.observers {
            observer.stop().await;
        }
        if self.android.device().cancelled().is_cancelled() {
            // Who stops a run wants their device back as it was, and soon.
            self.android = self.android.under(CancellationToken::new());
            let clock = self.clock.clone();
            let _ = clock.within(STOPPED_WITHIN, self.unstage()).await;
        } else {
            self.unstage().await;
        }
    }

    /// Package under test.
    pub fn package(&self) -> &str {
        &self.order.app.facts.package
    }

    /// How often the app's process ended, other than by our stopping it, as far as the log has told by now.
    pub fn process_ends(&self) -> u32 {
        self.watch.ends_of(self.package())
    }

    /// How prompts are answered.
    pub fn prompt_policy(&self) -> PromptPolicy {
        match self.memory.twin.as_ref().map(|install| install.answers) {
            None => prompt_policy(self.order.scenario.prompts),
            Some(TwinAnswers::Allow) => PromptPolicy::Allow,
            Some(TwinAnswers::RefuseUnneeded | TwinAnswers::RefuseOne) => PromptPolicy::DenyNonEssential,
        }
    }

    /// How the app's policy dialog is answered.
    pub fn consent_policy(&self) -> ConsentPolicy {
        consent_policy(self.order.scenario.consent)
    }

    /// The whole screen; a device that does not tell its size counts as what was dumped last.
    pub fn screen_bounds(&self) -> Rect {
        let identity = self.android.identity();
        Rect::new(0, 0, identity.width.min(20_000) as i32, identity.height.min(20_000) as i32)
    }

    /// Writes an entry.
    pub fn note(&self, event: Event) -> Result<u64, RunError> {
        Ok(self.journal.append(event)?)
    }

    /// Tells a limit of this run, once.
    pub fn limit(&mut self, limit: LimitKind, detail: impl Into<String>) -> Result<(), RunError> {
        if !self.memory.limits.contains(&limit) {
            self.memory.limits.push(limit);
            self.note(Event::Limit { limit, detail: detail.into() })?;
        }
        Ok(())
    }

    /// A patience of at least `least`, and of `looks` looks on a slow device.
    pub fn patience(&self, least: Duration, looks: u32) -> Duration {
        least.max(self.memory.pace * looks)
    }
}

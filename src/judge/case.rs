//! A journal read once and laid out for the rules.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::catalogue::working_days::day_in_china;
use crate::catalogue::{Calendar, Catalogue, Category, FindingRule, ThirdParties};
use crate::journal::entry::{
    Access, AccountAct, AccountOutcome, Answer, AppCall, BlankTap, Capture, CaseOpened, Connection, ConsentAct,
    ConsentAfter, DataKind, DownloadedFile, Entry, Event, FeedSeen, FormSeen, FunctionOutcome, GuardianAsked,
    INPUT_METHOD, Input, LimitKind, Movement, Neighbour, NetworkWatched, Observed, ObservedKind, ObserverHello,
    Permission, PopupEnd, PopupShown, ProcessEnd, PromptAnswered, PromptKind, PromptShown, Removal, RenewalOffer,
    SeekEnded, StepOutcome, SwitchTurned, TextRead, Whose,
};
use crate::judge::demand::Demand;
use crate::judge::permission;
use crate::judge::twin::Comparison;
use crate::judge::window::{self, Turn};
use crate::ui::{Lexicon, List};

/// Where an entry stands, and when what it tells of came, else when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Number of the entry.
    pub seq: u64,
    /// Milliseconds since the journal was opened.
    pub mono: u64,
    /// Device time in ms since 1970, when told.
    pub device: Option<i64>,
}

/// A system prompt and its answer.
pub(super) struct Prompt<'a> {
    pub at: Moment,
    pub shown: &'a PromptShown,
    pub answered: Option<(Moment, &'a PromptAnswered)>,
    /// Groups it asked for: of the permissions that changed, else those its words speak of.
    pub groups: BTreeSet<String>,
}

/// A pop-up and its end.
pub(super) struct Popup<'a> {
    pub at: Moment,
    pub shown: &'a PopupShown,
    pub gone: Option<Gone>,
}

/// How a pop-up went.
#[derive(Clone, Copy)]
pub(super) struct Gone {
    pub at: Moment,
    pub how: PopupEnd,
    pub taps: u32,
    /// Milliseconds until a control that closes it came up, when there was none at first.
    pub close_after: Option<u64>,
}

/// An answer to the app's policy dialog.
pub(super) struct Consent<'a> {
    pub at: Moment,
    /// The tap that gave the answer, else the entry itself.
    pub tap: Moment,
    pub popup: Option<u32>,
    pub act: ConsentAct,
    pub control: &'a str,
    pub after: Option<ConsentAfter>,
}

/// A process that started or ended.
pub(super) struct Process<'a> {
    pub at: Moment,
    pub name: &'a str,
    /// How it ended; `None` when it started.
    pub ended: Option<ProcessEnd>,
    pub cause: &'a str,
}

/// A basic function that was tried.
pub(super) struct Function<'a> {
    pub at: Moment,
    pub name: &'a str,
    pub after_refusal: bool,
    pub outcome: FunctionOutcome,
}

/// Something done to the test account.
pub(super) struct Account<'a> {
    pub at: Moment,
    pub act: AccountAct,
    pub outcome: AccountOutcome,
    /// The app's words.
    pub words: &'a str,
    pub conditions: &'a [String],
}

/// A step, from its start.
pub(super) struct Step<'a> {
    pub at: Moment,
    pub path: &'a str,
    pub verb: &'a str,
    pub text: &'a str,
    pub outcome: Option<StepOutcome>,
    pub message: Option<&'a str>,
}

/// An installation.
pub(super) struct Install {
    pub at: Moment,
    pub upgrade: bool,
}

/// A reading of permission states.
pub(super) struct State<'a> {
    pub at: Moment,
    pub permissions: &'a [Permission],
}

/// A permission that a step gave or took by another way than a prompt.
pub(super) struct Setting {
    pub at: Moment,
    /// When the step began: the choice was made between then and `at`.
    pub begun: Moment,
    /// Group of the permission.
    pub group: &'static str,
    pub granted: bool,
    /// On the page of the settings, as a person does; `pm` leaves no person's answer.
    pub by_person: bool,
}

/// A time in which the watch was blind.
pub(super) struct Blind<'a> {
    pub from: u64,
    pub to: u64,
    pub source: &'a str,
    pub why: &'a str,
}

/// How the journal ends.
pub(super) struct Closed<'a> {
    pub at: Moment,
    pub ended: crate::journal::entry::Ended,
    pub blame: Option<crate::journal::entry::Blame>,
    pub message: &'a str,
    pub missing: &'a [String],
}

/// What rules read words and hosts by: the same for every record, and read only when a rule asks for it.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) lexicon: OnceLock<Lexicon>,
    pub(super) third_parties: OnceLock<ThirdParties>,
}

impl Shared {
    fn lexicon(&self) -> &Lexicon {
        self.lexicon.get_or_init(Lexicon::builtin)
    }
}

/// Everything a rule may ask about a record.
#[derive(Default)]
pub(super) struct Case<'a> {
    pub opened: Option<&'a CaseOpened>,
    pub category: Option<&'a Category>,
    pub closed: Option<Closed<'a>>,
    pub density: u32,
    /// Locale of the device, for example `zh-CN`.
    pub locale: &'a str,
    /// Platform level of the device.
    pub api: u32,
    pub limits: Vec<(Moment, LimitKind, &'a str)>,
    pub blind: Vec<Blind<'a>>,
    pub installs: Vec<Install>,
    pub refused_install: Option<(Moment, &'a str)>,
    pub steps: Vec<Step<'a>>,
    pub launches: Vec<Moment>,
    pub stops: Vec<Moment>,
    pub processes: Vec<Process<'a>>,
    pub captures: Vec<(Moment, &'a Capture)>,
    pub states: Vec<State<'a>>,
    pub prompts: Vec<Prompt<'a>>,
    pub suppressed: Vec<(Moment, &'a str)>,
    /// Permissions given and taken by steps.
    pub settings: Vec<Setting>,
    /// By how much steps set the device's clock forward, in ms; `None` when the entry does not say.
    pub clock_set: Vec<(Moment, Option<u64>)>,
    pub popups: Vec<Popup<'a>>,
    pub consents: Vec<Consent<'a>>,
    pub inputs: Vec<(Moment, &'a Input)>,
    /// What the person pressed or typed of their own accord: not the carrying out of a policy, no keys, no commands.
    pub own_taps: Vec<(Moment, &'a Input)>,
    pub accesses: Vec<(Moment, &'a Access)>,
    pub accesses_read: Vec<Moment>,
    /// The watch over the network, where there was one.
    pub network: Option<&'a NetworkWatched>,
    pub connections: Vec<(Moment, &'a Connection)>,
    /// Connections that were not told because there were too many.
    pub untold: u64,
    /// What outside observers said they are, and when.
    pub hellos: Vec<(Moment, &'a ObserverHello)>,
    /// Activities that came to the front, as the device's log tells.
    pub fronts: Vec<(Moment, &'a str)>,
    /// Windows that got the focus, as the device's log tells.
    pub turns: Vec<Turn<'a>>,
    /// Dialogs of the app that had the focus and were never read.
    pub unread: Vec<Moment>,
    /// Outside observers that looked on to the end and lost nothing.
    pub faithful: BTreeSet<&'a str>,
    pub observed: Vec<(Moment, &'a Observed)>,
    pub seeks: Vec<(Moment, &'a SeekEnded)>,
    pub texts: Vec<(Moment, &'a TextRead)>,
    pub forms: Vec<(Moment, &'a FormSeen)>,
    pub functions: Vec<Function<'a>>,
    pub accounts: Vec<Account<'a>>,
    /// The same tour on several installs, compared; only in the case that holds all of them.
    pub twin: Option<Comparison<'a>>,
    /// Packages of the keyboards that the run chose.
    pub keyboards: BTreeSet<&'a str>,
    /// Other apps on the device, by when they were listed.
    pub neighbours: Vec<(Moment, &'a [Neighbour])>,
    pub calls: Vec<(Moment, &'a AppCall)>,
    /// Files in the folder of downloads, by when they were listed.
    pub downloads: Vec<(Moment, &'a [DownloadedFile])>,
    /// When the system's download program told of a download.
    pub told_downloads: Vec<Moment>,
    pub movements: Vec<(Moment, &'a Movement)>,
    pub blank_taps: Vec<(Moment, &'a BlankTap)>,
    pub switches: Vec<(Moment, &'a SwitchTurned)>,
    pub offers: Vec<(Moment, &'a RenewalOffer)>,
    pub feeds: Vec<(Moment, &'a FeedSeen)>,
    /// When a child's birth date was given.
    pub child: Option<Moment>,
    pub guardians: Vec<(Moment, &'a GuardianAsked)>,
    pub reboots: Vec<Moment>,
    pub removal: Option<(Moment, &'a Removal)>,
    /// When the app was removed, or the device refused that, with its words.
    pub uninstalled: Option<(Moment, Result<(), &'a str>)>,
    /// Day a complaint was sent, and day it was answered.
    pub complaints: Vec<(Moment, &'a str, Option<&'a str>)>,
    /// Monotonic time of the last entry.
    pub last: u64,
    /// Wall time of the host when the journal was opened, in ms since 1970.
    pub began: i64,
    /// Which days people work.
    pub calendar: Option<&'a Calendar>,
    shared: Arc<Shared>,
    /// The words of this record, where it was made with more than are shared.
    words: Option<Lexicon>,
    /// Why words that the record was made with can't be read.
    pub unread_words: Option<String>,
    /// Every demand for a permission, once a rule asked for them.
    pub(super) demands: OnceCell<Vec<Demand>>,
    /// Whether a text speaks of something, once a rule asked: the same words come again and again.
    spoken: RefCell<HashMap<List, HashMap<Box<str>, bool>>>,
    /// The finding about leaving on a refusal, for rules that ask the same of a special case.
    pub exit_finding: Option<&'a FindingRule>,
}

impl<'a> Case<'a> {
    /// Lays out a journal. Entries that contradict it (an answer to no prompt) are left aside.
    pub fn of(entries: impl IntoIterator<Item = &'a Entry>, catalogue: &'a Catalogue, shared: &Arc<Shared>) -> Self {
        let mut case = Self {
            shared: Arc::clone(shared),
            calendar: Some(catalogue.calendar()),
            exit_finding: catalogue.finding("exit-on-permission-denial"),
            ..Self::default()
        };
        let mut steps = BTreeMap::new();
        let mut first = true;
        for entry in entries {
            if std::mem::take(&mut first) {
                case.began = entry.at.wall - i64::try_from(entry.at.mono).unwrap_or(0);
            }
            case.take(entry, &mut steps);
            case.last = entry.at.mono;
        }
        case.read_words();
        case.category = case.opened.and_then(|o| catalogue.category(o.category.as_deref()?));
        for prompt in &mut case.prompts {
            prompt.groups = groups(prompt);
        }
        case.unread = window::unread(&case);
        case
    }

    fn take(&mut self, entry: &'a Entry, steps: &mut BTreeMap<&'a str, usize>) {
        let at = Moment { seq: entry.seq, mono: entry.at.mono, device: entry.at.device };
        match &entry.event {
            Event::CaseOpened(opened) => self.opened = self.opened.or(Some(opened)),
            Event::Device(device) => {
                (self.density, self.locale, self.api) = (device.density, &device.locale, device.api);
            }
            Event::Installed { replaced, .. } => {
                self.installs.push(Install { at, upgrade: replaced.is_some() });
            }
            Event::InstallRefused { code, .. } => self.refused_install = Some((at, code)),
            Event::StepStarted { path, verb, text } => {
                steps.insert(path, self.steps.len());
                self.steps.push(Step { at, path, verb, text, outcome: None, message: None });
            }
            Event::StepEnded { path, outcome, message, .. } => {
                if let Some(step) = steps.get(path.as_str()).and_then(|at| self.steps.get_mut(*at)) {
                    step.outcome = Some(*outcome);
                    step.message = message.as_deref();
                }
            }
            Event::Launched { .. } => self.launches.push(at),
            Event::Stopped { .. } => self.stops.push(at),
            Event::ProcessStarted { process, cause, .. } => {
                self.processes.push(Process { at, name: process, ended: None, cause });
            }
            Event::ProcessEnded { process, how, detail, .. } => {
                self.processes.push(Process { at, name: process, ended: Some(*how), cause: detail });
            }
            Event::Captured(capture) => self.captures.push((at, capture)),
            Event::PermissionState { permissions, .. } => self.states.push(State { at, permissions }),
            Event::Limit { limit, detail } => self.limits.push((at, *limit, detail)),
            Event::Gap { from, to, source, why, .. } => self.blind.push(Blind { from: *from, to: *to, source, why }),
            Event::CaseClosed { ended, blame, message, missing } => {
                self.closed = Some(Closed { at, ended: *ended, blame: *blame, message, missing });
            }
            Event::ActivityResumed { component } => self.fronts.push((at, component)),
            Event::WindowFocused { window: Some(title), token: Some(token), .. } => {
                self.turns.push(Turn { at, title, token });
            }
            _ => self.take_watched(at, &entry.event),
        }
        self.take_probed(at, &entry.event);
    }

    /// What was tried out and looked up beside the screens.
    fn take_probed(&mut self, at: Moment, event: &'a Event) {
        match event {
            Event::Neighbours { packages, .. } => self.neighbours.push((at, packages)),
            Event::AppCalled(call) => self.calls.push((at, call)),
            Event::Downloads { files, .. } => self.downloads.push((at, files)),
            Event::DownloadTold { .. } => self.told_downloads.push(at),
            Event::Moved(movement) => self.movements.push((at, movement)),
            Event::BlankTapped(tap) => self.blank_taps.push((at, tap)),
            Event::SwitchTurned(switch) => self.switches.push((at, switch)),
            Event::FeedSeen(feed) => self.feeds.push((at, feed)),
            Event::RenewalOffered(offer) => self.offers.push((at, offer)),
            Event::ChildDeclared { .. } => self.child = self.child.or(Some(at)),
            Event::GuardianAsked(asked) => self.guardians.push((at, asked)),
            Event::Rebooted => self.reboots.push(at),
            Event::Removal(removal) => self.removal = Some((at, removal)),
            Event::Uninstalled { .. } if !self.launches.is_empty() => self.uninstalled = Some((at, Ok(()))),
            Event::UninstallRefused { message, .. } => self.uninstalled = Some((at, Err(message))),
            Event::Complaint { sent, answered } => self.complaints.push((at, sent, answered.as_deref())),
            _ => {}
        }
    }

    /// What the app and the person did.
    fn take_watched(&mut self, at: Moment, event: &'a Event) {
        match event {
            Event::PromptShown(shown) => {
                let at = came(at, shown.mono);
                self.prompts.push(Prompt { at, shown, answered: None, groups: BTreeSet::new() });
            }
            Event::PromptAnswered(answered) => {
                let open = self.prompts.iter_mut().rev().find(|p| p.shown.prompt == answered.prompt);
                if let Some(prompt) = open {
                    prompt.answered = Some((at, answered));
                }
            }
            Event::PromptSuppressed { detail, .. } => self.suppressed.push((at, detail)),
            Event::PopupShown(shown) => {
                self.popups.push(Popup { at: came(at, shown.mono), shown, gone: None });
            }
            Event::PopupGone { popup, how, taps, close_after_ms, .. } => {
                if let Some(open) = self.popups.iter_mut().rev().find(|p| p.shown.popup == *popup) {
                    open.gone = Some(Gone { at, how: *how, taps: *taps, close_after: *close_after_ms });
                }
            }
            Event::Consent { popup, act, control, after } => {
                let tap = self.consent_tap(at, *popup, control);
                // An app that the system took away did not leave.
                let left = *after == Some(ConsentAfter::Exited);
                let after = if left && self.taken_away(tap, at) { None } else { *after };
                self.consents.push(Consent { at, tap, popup: *popup, act: *act, control, after });
            }
            Event::Input(input) => {
                self.inputs.push((at, input));
                if is_own_tap(input) {
                    self.own_taps.push((at, input));
                }
            }
            Event::Access(access) => self.accesses.push((at, access)),
            Event::AccessesRead { .. } => self.accesses_read.push(at),
            Event::DeviceSet { what, value, by } => match event.clock_forward() {
                Some(forward) => self.clock_set.push((at, forward)),
                None if what == INPUT_METHOD => {
                    self.keyboards.extend(value.split_once('/').map(|(package, _)| package))
                }
                None => self.take_setting(at, what, value, by),
            },
            Event::NetworkWatched(watched) => self.network = self.network.or(Some(watched)),
            Event::Connection(connection) => self.connections.push((at, connection)),
            Event::NetworkEnded(ended) => self.untold += ended.untold,
            Event::ObserverHello(hello) => self.hellos.push((at, hello)),
            Event::Observed(observed) => self.observed.push((at, observed)),
            Event::ObserverEnded(ended) if ended.with_run && ended.dropped == 0 => {
                self.faithful.insert(&ended.observer);
            }
            Event::SeekEnded(seek) => self.seeks.push((at, seek)),
            Event::TextRead(read) => self.texts.push((at, read)),
            Event::FormSeen(form) => self.forms.push((at, form)),
            Event::Function { name, when, outcome, .. } => {
                let after_refusal = when == "after-refusal";
                self.functions.push(Function { at, name, after_refusal, outcome: *outcome });
            }
            Event::Account { act, outcome, words, conditions, .. } => {
                self.accounts.push(Account { at, act: *act, outcome: *outcome, words, conditions });
            }
            _ => {}
        }
    }

    /// Whether the app's process was killed between two entries: what is in front then is none of its doing.
    fn taken_away(&self, from: Moment, to: Moment) -> bool {
        let mut meanwhile = self.processes.iter().filter(|p| p.at.seq > from.seq && p.at.seq < to.seq);
        meanwhile.any(|p| p.name == self.package() && p.ended == Some(ProcessEnd::Killed))
    }

    fn take_setting(&mut self, at: Moment, what: &str, value: &str, by: &str) {
        if let Some(group) = what.strip_prefix("permission ").and_then(permission::group) {
            let begun = self.steps.last().map_or(at, |step| step.at);
            let (granted, by_person) = (value == "granted", by == "settings");
            self.settings.push(Setting { at, begun, group, granted, by_person });
        }
    }

    /// The tap that answered a policy dialog: the entry about it is written only once it is known what followed.
    fn consent_tap(&self, at: Moment, popup: Option<u32>, control: &str) -> Moment {
        let shown = popup.and_then(|number| self.popups.iter().rev().find(|p| p.shown.popup == number));
        let since = shown.map_or(0, |p| p.at.seq);
        let earlier = self.consents.last().map_or(0, |c| c.at.seq);
        let taps = self.inputs.iter().rev().take_while(|(tap, _)| tap.seq > since.max(earlier));
        let mut fitting = taps.filter(|(_, input)| input.by == "consent-policy" && input.target == control);
        // The first press counts: a second one may follow when the dialog wants its boxes ticked.
        fitting.by_ref().last().map_or(at, |(tap, _)| *tap)
    }

    /// Milliseconds from one moment to a later one as the device counts them: what a step set its clock forward by has
    /// passed for the app. `None` when the clock was set by nobody knows how much.
    pub fn passed(&self, from: Moment, to: Moment) -> Option<u64> {
        let between = self.clock_set.iter().filter(|(at, _)| from.seq < at.seq && at.seq < to.seq);
        let skipped = between.map(|(_, by)| *by).try_fold(0_u64, |sum, by| sum.checked_add(by?))?;
        to.mono.saturating_sub(from.mono).checked_add(skipped)
    }

    /// Whether a moment comes within a span after another, as the device counts; not when nobody knows.
    pub fn is_within(&self, from: Moment, to: Moment, span: u64) -> bool {
        self.passed(from, to).is_some_and(|passed| passed <= span)
    }

    /// The day in China at a moment, by the host's clock when the journal was opened and the monotonic time since.
    pub fn day(&self, at: Moment) -> Option<jiff::civil::Date> {
        day_in_china(self.began.saturating_add(i64::try_from(at.mono).ok()?)).ok()
    }

    /// The words that texts and forms are read by.
    pub fn lexicon(&self) -> &Lexicon {
        self.words.as_ref().unwrap_or_else(|| self.shared.lexicon())
    }

    /// Whether a text of the record speaks of something.
    pub fn mentions(&self, text: &str, list: List) -> bool {
        let mut spoken = self.spoken.borrow_mut();
        let known = spoken.entry(list).or_default();
        known.get(text).copied().unwrap_or_else(|| {
            let speaks = self.lexicon().mentions(text, list);
            known.insert(text.into(), speaks);
            speaks
        })
    }

    /// Takes the words that the run was given: what it read by them, rules must read so too.
    fn read_words(&mut self) {
        let Some(opened) = self.opened.filter(|opened| !opened.lexicon.is_empty()) else { return };
        let mut given = opened.lexicon.iter();
        match given.try_fold(self.shared.lexicon().clone(), |words, more| words.adding(&more.file, &more.text)) {
            Ok(words) => self.words = Some(words),
            Err(error) => self.unread_words = Some(error.to_string()),
        }
    }

    /// Companies by their hosts.
    pub fn third_parties(&self) -> &ThirdParties {
        self.shared.third_parties.get_or_init(ThirdParties::builtin)
    }

    /// Whether an outside observer speaks of the app under test.
    pub fn is_about_app(&self, observed: &Observed) -> bool {
        observed.package.as_deref().is_none_or(|package| package == self.package())
    }

    /// What outside observers saw the app do of this kind.
    pub fn seen(&self, kind: ObservedKind) -> impl Iterator<Item = (Moment, &'a Observed)> {
        self.observed.iter().filter(move |(_, o)| o.seen == kind && self.is_about_app(o)).copied()
    }

    /// An outside observer that would have told of this kind, had it happened: it said so before the app was first
    /// started, took nothing of it back, and looked on to the end.
    pub fn would_be_seen(&self, kind: ObservedKind) -> Option<&'a str> {
        let started = self.launches.first().map_or(u64::MAX, |launch| launch.seq);
        let able = |name: &str| {
            let mut own = self.hellos.iter().filter(|(_, hello)| hello.observer == name);
            own.clone().next().is_some_and(|(at, _)| at.seq < started)
                && own.all(|(_, hello)| hello.sees.contains(&kind))
        };
        self.faithful.iter().copied().find(|name| able(name))
    }

    /// An outside observer that said only after the app was started that it sees this kind.
    pub fn seen_too_late(&self, kind: ObservedKind) -> Option<(Moment, &'a str)> {
        let started = self.launches.first()?.seq;
        let late = |(at, hello): &&(Moment, &'a ObserverHello)| {
            at.seq > started && hello.sees.contains(&kind) && self.faithful.contains(hello.observer.as_str())
        };
        self.hellos.iter().find(late).map(|(at, hello)| (*at, hello.observer.as_str()))
    }

    /// Connections of the app in which this kind of personal data was found.
    pub fn sent(&self, kind: DataKind) -> impl Iterator<Item = Moment> {
        let own = self.connections.iter().filter(|(_, c)| c.whose == Whose::App);
        own.filter(move |(_, c)| c.carried.iter().any(|f| f.kind == kind)).map(|(at, _)| *at)
    }

    /// Package under test; empty when the journal does not say.
    pub fn package(&self) -> &'a str {
        self.opened.map_or("", |o| o.app.package.as_str())
    }

    /// Whether a process is one of the app's.
    pub fn is_own(&self, process: &str) -> bool {
        let package = self.package();
        process
            .strip_prefix(package)
            .is_some_and(|rest| !package.is_empty() && (rest.is_empty() || rest.starts_with(':')))
    }

    /// Whether the journal tells this limit.
    pub fn limited(&self, kind: LimitKind) -> Option<&'a str> {
        self.limits.iter().find(|(_, limit, _)| *limit == kind).map(|(_, _, detail)| *detail)
    }

    /// The first launch on a clean installation.
    pub fn first_launch(&self) -> Option<Moment> {
        let clean = self.installs.iter().find(|i| !i.upgrade)?;
        self.launches.first().copied().filter(|launch| launch.seq > clean.at.seq)
    }

    /// End of the first run: the second launch, else the end of the record.
    pub fn first_run_end(&self) -> (u64, u64) {
        self.launches.get(1).map_or((u64::MAX, self.last), |second| (second.seq, second.mono))
    }

    /// The first acceptance of the policy.
    pub fn accepted(&self) -> Option<&Consent<'a>> {
        self.consents.iter().find(|c| c.act == ConsentAct::Accepted)
    }

    /// The last tap of the person's own in the `within` ms before `mono`.
    pub fn own_tap_before(&self, mono: u64, within: u64) -> Option<&(Moment, &'a Input)> {
        let until = self.own_taps.partition_point(|(at, _)| at.mono <= mono);
        self.own_taps[..until].last().filter(|(at, _)| mono - at.mono <= within)
    }

    /// Which launch of the case a moment falls in, from 1; 0 before the first.
    pub fn launch_of(&self, at: Moment) -> usize {
        self.launches.partition_point(|launch| launch.seq < at.seq)
    }

    /// Accesses by the app under test that were let through and read personal data, with what they read.
    pub fn reads(&self) -> impl Iterator<Item = (Moment, &'a Access, &'static str)> {
        let package = self.package();
        let own = self.accesses.iter().filter(move |(_, access)| access.allowed && access.package == package);
        own.filter_map(|(at, access)| permission::read_by(&access.op).map(|what| (*at, *access, what)))
    }

    /// Prompts for permissions that open personal information.
    pub fn permission_prompts(&self) -> impl Iterator<Item = &Prompt<'a>> {
        self.prompts.iter().filter(|p| p.asks_for_personal_data())
    }

    /// Those of them that were refused.
    pub fn refusals(&self) -> impl Iterator<Item = (&Prompt<'a>, Moment)> {
        self.permission_prompts().filter_map(|p| p.refused().map(|at| (p, at)))
    }
}

impl Prompt<'_> {
    /// Whether it asks for a permission that opens personal information: notifications do not.
    pub fn asks_for_personal_data(&self) -> bool {
        let permission = matches!(self.shown.what, PromptKind::Permission | PromptKind::PermissionReview);
        permission && (self.groups.is_empty() || self.groups.iter().any(|g| g != permission::NOTIFICATIONS))
    }

    /// When it was refused.
    pub fn refused(&self) -> Option<Moment> {
        let (at, answered) = self.answered?;
        matches!(answered.answer, Some(Answer::Deny | Answer::DenyForGood)).then_some(at)
    }

    /// Permissions it was about, as far as the change of state names them; full names.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        let changes = self.answered.iter().flat_map(|(_, answered)| &answered.changes);
        changes.map(|c| c.name.as_str()).filter(|name| permission::group(name).is_some())
    }

    /// Its groups in words.
    pub fn about(&self) -> String {
        let groups: Vec<&str> = self.groups.iter().map(String::as_str).collect();
        if groups.is_empty() { "an unknown permission".to_owned() } else { groups.join(" and ") }
    }
}

/// The moment of what an entry tells of, where it says when that came: a slow device is seen late.
fn came(at: Moment, told: Option<u64>) -> Moment {
    Moment { mono: told.map_or(at.mono, |mono| mono.min(at.mono)), ..at }
}

fn is_own_tap(input: &Input) -> bool {
    matches!(input.by.as_str(), "step" | "seek" | "account")
        && matches!(input.act.as_str(), "tap" | "long-press" | "text")
}

fn groups(prompt: &Prompt) -> BTreeSet<String> {
    let changed: BTreeSet<String> = prompt.permissions().filter_map(permission::group).map(str::to_owned).collect();
    if !changed.is_empty() {
        return changed;
    }
    prompt.shown.groups.iter().map(|name| permission::group_named(name).to_owned()).collect()
}

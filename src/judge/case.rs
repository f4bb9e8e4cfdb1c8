//! A journal read once and laid out for the rules.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::catalogue::working_days::day_in_china;
use crate::catalogue::{Calendar, Category, FindingRule, ThirdParties};
use crate::journal::entry::{
    Access, AppCall, BlankTap, Capture, CaseOpened, Connection, ConsentAct, DataKind, DownloadedFile, FeedSeen,
    FormSeen, GuardianAsked, Input, LimitKind, Movement, Neighbour, NetworkWatched, Observed, ObservedKind,
    ObserverHello, Removal, RenewalOffer, SeekEnded, SwitchTurned, TextRead, Whose,
};
use crate::judge::demand::Demand;
use crate::judge::permission;
use crate::judge::twin::Comparison;
use crate::judge::window::Turn;
use crate::ui::{Lexicon, List};
pub(super) use part::{
    Account, Blind, Closed, Consent, Function, Install, Moment, Popup, Process, Prompt, Setting, State, Step,
};

mod part;
mod reading;

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

/// What came of removing the app.
#[derive(Clone, Copy, Debug)]
pub enum Uninstalled<'a> {
    /// It is gone.
    Gone,
    /// The device refused.
    Refused {
        /// Android's code.
        code: &'a str,
        /// What else it said.
        words: &'a str,
    },
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
    /// What came of removing the app at the end.
    pub uninstalled: Option<(Moment, Uninstalled<'a>)>,
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

//! Entries of a journal become a case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::part::{
    Account, Blind, Closed, Consent, Function, Gone, Install, Moment, Popup, Process, Prompt, Setting, State, Step,
};
use super::{Case, Shared, Uninstalled};
use crate::catalogue::Catalogue;
use crate::journal::entry::{ConsentAfter, Entry, Event, INPUT_METHOD, Input, ProcessEnd};
use crate::judge::permission;
use crate::judge::window::{self, Turn};

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

    pub(super) fn take(&mut self, entry: &'a Entry, steps: &mut BTreeMap<&'a str, usize>) {
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
            Event::Uninstalled { .. } if !self.launches.is_empty() => {
                self.uninstalled = Some((at, Uninstalled::Gone));
            }
            Event::UninstallRefused { code, message } => {
                self.uninstalled = Some((at, Uninstalled::Refused { code, words: message }));
            }
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
            Event::PromptSuppressed { detail, mono, .. } => self.suppressed.push((came(at, *mono), detail)),
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
            Event::Account { act, outcome, words, taps, conditions } => {
                let (act, outcome, taps) = (*act, *outcome, *taps);
                self.accounts.push(Account { at, act, outcome, words, taps, conditions });
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

    /// Takes the words that the run was given: what it read by them, rules must read so too.
    fn read_words(&mut self) {
        let Some(opened) = self.opened.filter(|opened| !opened.lexicon.is_empty()) else { return };
        let mut given = opened.lexicon.iter();
        match given.try_fold(self.shared.lexicon().clone(), |words, more| words.adding(&more.file, &more.text)) {
            Ok(words) => self.words = Some(words),
            Err(error) => self.unread_words = Some(error.to_string()),
        }
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

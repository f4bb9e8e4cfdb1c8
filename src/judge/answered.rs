//! Readings of personal data beside a person's answers: before or after one, and against which.

use std::collections::{BTreeMap, BTreeSet};

use crate::journal::entry::{Access, Answer, Permission, PermissionChange};
use crate::judge::case::{Case, Consent, Moment};
use crate::judge::permission;

/// Times of accesses are the device's; closer to a tap than this they can't be put in order with it, in ms (ours).
const CLOCKS_AGREE: u64 = 200;

/// On which side of a tap an access lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
    Unknown,
}

/// The person's answer to the policy, and what tells on which side of it an access lies.
pub(super) struct Dividing<'c, 'a> {
    pub answer: &'c Consent<'a>,
    /// When the picture was taken on which the answer was given, by the device's clock.
    pictured: Option<i64>,
    /// Groups that the system let nobody read before a prompt that came after the answer opened the way.
    opened: BTreeSet<&'static str>,
}

impl<'c, 'a> Dividing<'c, 'a> {
    pub fn at(case: &'c Case<'a>, answer: &'c Consent<'a>) -> Self {
        let popup = answer.popup.and_then(|number| case.popups.iter().find(|p| p.shown.popup == number));
        let capture = |seq: u64| case.captures.binary_search_by_key(&seq, |(at, _)| at.seq).ok();
        let place = popup.and_then(|p| p.shown.capture).and_then(capture);
        let pictured = place.and_then(|place| case.captures[place].0.device);
        Self { answer, pictured, opened: opened_since(case, answer) }
    }

    /// Puts an access in order with the answer. The device's clock on the picture taken before the answer decides, where
    /// the two are not the same moment; else the journal's clock, with a margin.
    pub fn side(&self, written: Moment, access: &Access) -> Side {
        let tap = self.answer.tap;
        if written.seq < tap.seq {
            return Side::Before;
        }
        let opened =
            || access.allowed && permission::read_by(&access.op).is_some_and(|what| self.opened.contains(what));
        // Well after the answer by the journal's clock: the device's can say otherwise only when it was set back.
        if access.mono.is_some_and(|mono| mono >= tap.mono.saturating_add(CLOCKS_AGREE)) || opened() {
            return Side::After;
        }
        if access.device_time.zip(self.pictured).is_some_and(|(when, picture)| when < picture) {
            return Side::Before;
        }
        match access.mono {
            Some(mono) if mono.saturating_add(CLOCKS_AGREE) <= tap.mono => Side::Before,
            _ => Side::Unknown,
        }
    }
}

/// Groups whose way a prompt after the answer opened, and that were never open before.
fn opened_since(case: &Case, answer: &Consent) -> BTreeSet<&'static str> {
    let since = |at: Moment| at.seq > answer.tap.seq;
    if !case.states.iter().any(|state| !since(state.at)) {
        return BTreeSet::new();
    }
    let granted = |held: &Option<Permission>| held.as_ref().is_some_and(|held| held.granted);
    let changes = |late: bool| {
        let answered = case.prompts.iter().filter_map(|prompt| prompt.answered);
        answered.filter(move |(at, _)| since(*at) == late).flat_map(|(_, answered)| &answered.changes)
    };
    let opens = |change: &&PermissionChange| {
        change.before.as_ref().is_some_and(|before| !before.granted) && granted(&change.after)
    };
    let states = case.states.iter().filter(|state| !since(state.at)).flat_map(|state| state.permissions);
    let open = states.filter(|held| held.granted).map(|held| held.name.as_str());
    let once = changes(false).filter(|c| granted(&c.before) || granted(&c.after)).map(|change| change.name.as_str());
    let open: BTreeSet<&str> = open.chain(once).filter_map(permission::group).collect();
    let opened = changes(true).filter(opens).filter_map(|change| permission::group(&change.name));
    opened.filter(|group| !open.contains(group)).collect()
}

/// What a person refused and what was granted, in a dialog or on the page of the settings, by groups.
pub(super) struct Refusals<'c> {
    /// When each group was refused, in the order of the entries.
    refused: BTreeMap<&'c str, Vec<Moment>>,
    /// When each group's grant began, in ms, and the last entry about any that began by then; by time. A step through `pm`
    /// is no answer but lets the app read all the same.
    granted: BTreeMap<&'c str, Vec<(u64, u64)>>,
    /// The last refusal, also of what nobody knows.
    pub last: Option<Moment>,
}

impl<'c> Refusals<'c> {
    pub fn of(case: &'c Case) -> Self {
        let (mut refused, mut granted) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        let asked = case.refusals().map(|(_, at)| at);
        let taken =
            case.settings.iter().filter(|setting| setting.by_person && !setting.granted).map(|setting| setting.at);
        let last = asked.chain(taken).max();
        for prompt in case.permission_prompts() {
            let Some((at, answered)) = prompt.answered else { continue };
            for group in prompt.groups.iter().map(String::as_str) {
                match answered.answer {
                    Some(Answer::Deny | Answer::DenyForGood) => refused.entry(group).or_default().push(at),
                    Some(_) => granted.entry(group).or_default().push((prompt.at.mono, at.seq)),
                    None => {}
                }
            }
        }
        for setting in &case.settings {
            if setting.granted {
                granted.entry(setting.group).or_default().push((setting.begun.mono, setting.at.seq));
            } else if setting.by_person {
                refused.entry(setting.group).or_default().push(setting.at);
            }
        }
        refused.values_mut().for_each(|times| times.sort_unstable());
        for times in granted.values_mut() {
            times.sort_unstable();
            let mut last = 0;
            for (_, seq) in times {
                last = last.max(*seq);
                *seq = last;
            }
        }
        Self { refused, granted, last }
    }

    /// The first refusal of a group before an access, in ms, that no grant had ended by then.
    pub fn in_force(&self, group: &str, mono: u64) -> Option<Moment> {
        let grants = self.granted.get(group).map_or(&[][..], Vec::as_slice);
        let begun = grants.partition_point(|(begun, _)| *begun <= mono.saturating_add(CLOCKS_AGREE));
        let ended = grants[..begun].last().map_or(0, |(_, seq)| *seq);
        let refused = self.refused.get(group)?;
        let first = *refused.get(refused.partition_point(|at| at.seq < ended))?;
        (mono >= first.mono.saturating_add(CLOCKS_AGREE)).then_some(first)
    }
}

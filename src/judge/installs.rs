//! A record of several clean installs: to the rules each is a case of its own. What an app asks on a fresh install is not
//! asked *again*, though the install before it was refused the same.

use crate::journal::entry::{Entry, Event};
use crate::judge::outcome::OutcomeKind;
use crate::judge::ruling::Ruling;

/// The entries of each install, with those that concern all of them; empty for a record of one install.
pub(super) fn split(entries: &[Entry]) -> Vec<Vec<&Entry>> {
    let begins: Vec<usize> = (0..entries.len()).filter(|at| is_install(&entries[*at])).collect();
    if begins.is_empty() {
        return Vec::new();
    }
    let ends = begins.iter().skip(1).copied().chain([entries.len()]);
    let mut spans: Vec<(usize, usize)> = begins.iter().copied().zip(ends).collect();
    // What stands before the first install is one as well, when the app was started on it.
    if entries[..begins[0]].iter().any(|e| matches!(e.event, Event::Launched { .. })) {
        spans.insert(0, (0, begins[0]));
    }
    let part = |(from, to): (usize, usize)| {
        let all = entries.iter().enumerate();
        all.filter(|(at, entry)| (from..to).contains(at) || concerns_all(&entry.event))
            .map(|(_, entry)| entry)
            .collect()
    };
    spans.into_iter().map(part).collect()
}

fn is_install(entry: &Entry) -> bool {
    matches!(entry.event, Event::TwinInstall(_))
}

fn concerns_all(event: &Event) -> bool {
    match event {
        Event::CaseOpened(_)
        | Event::Device(_)
        | Event::Limit { .. }
        | Event::Gap { .. }
        | Event::NetworkWatched(_)
        | Event::NetworkEnded(_)
        | Event::ObserverHello(_)
        | Event::ObserverEnded(_)
        | Event::CaseClosed { .. } => true,
        Event::StepStarted { path, .. } | Event::StepEnded { path, .. } => !path.contains('.'),
        _ => false,
    }
}

/// One word from those of all installs: what any of them shows is a finding, and what any could not look at is not said to
/// be fine.
pub(super) fn together(rulings: Vec<Ruling>) -> Option<Ruling> {
    let rank = |ruling: &Ruling| match ruling.kind {
        OutcomeKind::Observed => 0,
        OutcomeKind::NotAssessable => 1,
        OutcomeKind::NotObserved => 2,
        OutcomeKind::NotTriggered => 3,
    };
    rulings.into_iter().min_by_key(|ruling| (rank(ruling), ruling.review))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalogue::Catalogue;
    use crate::journal::entry::Stamp;
    use crate::judge::{Judgement, judge};

    fn record(events: Vec<serde_json::Value>) -> Vec<Entry> {
        let entry = |(seq, event): (usize, serde_json::Value)| {
            let mono = seq as u64 * 1_000;
            let at = Stamp { wall: mono as i64, mono, device: None };
            Entry { seq: seq as u64, at, prev: String::new(), event: serde_json::from_value(event).unwrap() }
        };
        events.into_iter().enumerate().map(entry).collect()
    }

    /// Two installs; on each the app is started and asks for the position, which is refused.
    fn asks_on_each(between: Option<serde_json::Value>) -> Judgement {
        let app = json!({"package": "org.app", "permissions": ["android.permission.ACCESS_FINE_LOCATION"],
            "target-sdk": 34, "launcher": "org.app.Main"});
        let opened = json!({"kind": "case-opened", "case": "c", "attempt": 1, "purpose": "", "app": app, "category": "news",
            "scenario": "s", "scenario-title": "", "scenario-digest": "", "scenario-verbs": [], "prompts": "deny",
            "consent": "accept", "catalogue-digest": "", "program": "", "program-digest": null});
        let mut events = vec![opened, json!({"kind": "device", "serial": "d", "api": 34, "density": 160})];
        let install = |number: u32| json!({"kind": "twin-install", "install": number, "answers": "refuse-unneeded", "whole": true});
        for number in 1..=2_u32 {
            if number == 1 || between.is_some() {
                events.push(install(number));
                events.push(json!({"kind": "installed", "package": "org.app", "version-code": 1, "replaced": null}));
            }
            events.push(json!({"kind": "launched", "component": "org.app/.Main", "count": 1}));
            let hierarchy = json!({"sha256": "aa", "media": "application/xml", "bytes": 1});
            events.push(
                json!({"kind": "captured", "reason": "step", "screenshot": null, "size": null, "secure": false,
                "hierarchy": hierarchy, "hierarchy-by": "uiautomator", "focus": null, "resumed": "org.app/.Main",
                "signature": null, "missing": []}),
            );
            events.push(
                json!({"kind": "prompt-shown", "prompt": number, "what": "permission", "by": "p", "question": "?",
                "groups": ["LOCATION"], "buttons": [], "page": null, "purpose": null, "step": "1", "activity": null,
                "since-launch-ms": null, "after-consent": false, "after-tap": null, "launch": 1,
                "bounds": [0, 0, 9, 9], "capture": null, "screenshot": null}),
            );
            events.push(json!({"kind": "prompt-answered", "prompt": number, "answer": "deny", "button": "", "why": "",
                "lived-ms": 1, "changes": []}));
        }
        events.push(json!({"kind": "case-closed", "ended": "completed", "blame": null, "message": "", "missing": []}));
        judge(&record(events), &Catalogue::builtin())
    }

    fn again(judgement: &Judgement) -> OutcomeKind {
        judgement.outcomes.iter().find(|o| o.finding == "repeated-asking-after-denial").unwrap().outcome
    }

    #[test]
    fn a_question_on_a_clean_install_is_not_asked_again() {
        assert_eq!(again(&asks_on_each(None)), OutcomeKind::Observed, "one install, asked twice");
        assert_ne!(again(&asks_on_each(Some(json!(1)))), OutcomeKind::Observed);
    }

    #[test]
    fn what_one_install_shows_is_a_finding_and_what_one_missed_is_not_fine() {
        let fine = Ruling::not_observed("fine");
        let blind = Ruling::not_assessable("blind");
        let seen = Ruling::observed("seen");
        let none = Ruling::not_triggered("none");
        let reason = |rulings: &[&Ruling]| together(rulings.iter().map(|r| (*r).clone()).collect()).unwrap().reason;
        assert_eq!(reason(&[&fine, &blind, &seen]), "seen");
        assert_eq!(reason(&[&fine, &blind, &none]), "blind");
        assert_eq!(reason(&[&none, &fine]), "fine");
    }
}

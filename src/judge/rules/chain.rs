//! Apps that start each other.

use super::{Rule, numbers};
use crate::journal::entry::AppCall;
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Events, Launch};

pub(super) const RULES: &[Rule] = &[Rule { finding: "chained-start", needs: &[Launch, Events], decide: chained }];

/// A start this soon after the person's own tap may follow from it, in ms (ours).
const TAP_CAUSE: u64 = 5_000;
/// Causes of a process start that need no screen (`am_proc_start` of the event log).
const UNSEEN: [&str; 3] = ["service", "content provider", "broadcast"];

fn chained(case: &Case, _: &Marks) -> Ruled {
    let others: Vec<&str> =
        case.neighbours.iter().flat_map(|(_, apps)| apps.iter()).map(|app| app.package.as_str()).collect();
    // A keyboard comes up as a service because the run chose it.
    let ours = |name: &str| case.keyboards.contains(name);
    if case.neighbours.is_empty() {
        return Ok(Ruling::not_assessable("which other apps are on the device was not read"));
    }
    if others.is_empty() {
        return Ok(Ruling::not_assessable("no other app was installed to be woken"));
    }
    let own = case.package();
    let between = |call: &AppCall| {
        let other = if call.caller == own { &call.called } else { &call.caller };
        others.contains(&other.as_str())
    };
    let calls: Vec<(Moment, &AppCall)> = case.calls.iter().filter(|(_, call)| between(call)).copied().collect();
    let (asked, unasked): (Vec<_>, Vec<_>) =
        calls.iter().partition(|(at, call)| case.own_tap_before(time(case, *at, call), TAP_CAUSE).is_some());
    if let Some((_, first)) = unasked.first() {
        let entries: Vec<u64> = unasked.iter().map(|(at, _)| at.seq).collect();
        let words = format!(
            "{} started {} ({}) although the person had pressed nothing ({})",
            first.caller,
            first.component,
            first.how,
            numbers(&entries)
        );
        return Ok(Ruling::observed(words).on(entries));
    }
    // A process of another app that came up out of sight, and nobody says who called for it.
    let called = |name: &str| calls.iter().any(|(_, call)| call.called == name);
    let silent: Vec<u64> = case
        .processes
        .iter()
        .filter(|p| p.ended.is_none() && others.contains(&p.name) && !called(p.name) && !ours(p.name))
        .filter(|p| UNSEEN.iter().any(|cause| p.cause.contains(cause)))
        .map(|p| p.at.seq)
        .collect();
    Ok(match (silent.is_empty(), asked.is_empty()) {
        (false, _) => Ruling::not_assessable(format!(
            "processes of other apps started out of sight ({}); the device doesn't say who called for them",
            numbers(&silent)
        ))
        .on(silent)
        .for_review(true),
        (true, false) => Ruling::not_observed("other apps were started right after the person's own tap only")
            .at(asked.iter().map(|(at, _)| *at)),
        (true, true) => {
            Ruling::not_observed(format!("none of {} other app(s) was started, nor started this one", others.len()))
                .at(case.neighbours.iter().map(|(at, _)| *at))
        }
    })
}

/// When a call was made, in ms: of a service that is told at the end, when its process started, if it did.
fn time(case: &Case, at: Moment, call: &AppCall) -> u64 {
    let process = || {
        let starts = case.processes.iter().filter(|p| p.ended.is_none() && p.name == call.called);
        starts.filter(|p| p.at.seq < at.seq).map(|p| p.at.mono).next_back()
    };
    if call.how == "service" { call.mono.or_else(process).unwrap_or(at.mono) } else { at.mono }
}

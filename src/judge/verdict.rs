//! The case in one word, and what is missing for a better one.

use crate::journal::entry::{Blame, Ended, LimitKind, ProcessEnd, SeekOutcome, StepOutcome};
use crate::judge::case::Case;
use crate::judge::outcome::{Outcome, OutcomeKind, Verdict};

/// Limits that leave a part of the scenario undone.
const CRIPPLING: [LimitKind; 6] = [
    LimitKind::NoModel,
    LimitKind::KeepsStopping,
    LimitKind::EmulatorDetected,
    LimitKind::NoHierarchy,
    LimitKind::NoAccount,
    LimitKind::NoFunctions,
];

/// The verdict, what is missing, and who is to blame.
pub(super) fn of(case: &Case, outcomes: &[Outcome]) -> (Verdict, Vec<String>, Option<Blame>) {
    let missing = missing(case);
    let observed = outcomes.iter().any(|o| o.outcome == OutcomeKind::Observed);
    let verdict = match () {
        () if observed => Verdict::Findings,
        () if !anything_done(case) => Verdict::Failed,
        () if missing.is_empty() => Verdict::Clear,
        () => Verdict::Incomplete,
    };
    let blame = match &case.closed {
        Some(closed) if closed.ended == Ended::Completed => None,
        Some(closed) => closed.blame.or(Some(Blame::Host)),
        // Only this machine can stop a record without a word.
        None => Some(Blame::Host),
    };
    (verdict, missing, blame)
}

/// Whether any part of the scenario was carried out on the running app.
fn anything_done(case: &Case) -> bool {
    !case.launches.is_empty() && case.steps.iter().any(|s| s.outcome == Some(StepOutcome::Done))
}

fn missing(case: &Case) -> Vec<String> {
    let mut missing = Vec::new();
    match &case.closed {
        None => missing.push("the record stops without its last entry".to_owned()),
        Some(closed) if closed.ended == Ended::Completed => {}
        Some(closed) => missing.push(format!("the run ended early: {}", closed.message)),
    }
    missing.extend(undone_steps(case));
    missing.extend(unnamed_steps(case));
    for (_, kind, detail) in case.limits.iter().filter(|(_, kind, _)| CRIPPLING.contains(kind)) {
        if *kind != LimitKind::NoFunctions || case.steps.iter().any(|s| s.verb == "functions") {
            missing.push((*detail).to_owned());
        }
    }
    missing.extend(fallen(case));
    let blocked = case.seeks.iter().filter(|(_, seek)| seek.outcome == SeekOutcome::Blocked);
    missing.extend(
        blocked.map(|(_, seek)| format!("the search for {} was blocked: {}", name(seek.concept), seek.blocked_by)),
    );
    missing
}

/// That the app crashed or stopped answering after each of its starts: what was carried out, was carried out on nothing.
fn fallen(case: &Case) -> Option<String> {
    let fell = |how: ProcessEnd| matches!(how, ProcessEnd::Crashed | ProcessEnd::NotResponding);
    let falls = |n: usize| {
        let (from, to) = (case.launches[n].seq, case.launches.get(n + 1).map_or(u64::MAX, |next| next.seq));
        case.processes.iter().any(|p| p.at.seq > from && p.at.seq < to && p.ended.is_some_and(fell))
    };
    let all = !case.launches.is_empty() && (0..case.launches.len()).all(falls);
    all.then(|| "the app crashed or stopped answering after each of its starts".to_owned())
}

/// Steps that were begun and not carried out. What is inside another step is told by that step.
fn undone_steps<'a>(case: &'a Case) -> impl Iterator<Item = String> + 'a {
    let top = case.steps.iter().filter(|s| !s.path.contains('.'));
    top.filter(|s| s.outcome != Some(StepOutcome::Done)).map(|s| match (s.outcome, s.message) {
        (None, _) => format!("step {} ({}) has no end", s.path, s.text),
        (_, Some(message)) => format!("step {} ({}): {message}", s.path, s.text),
        (_, None) => format!("step {} ({})", s.path, s.text),
    })
}

/// Steps that the last entry calls missing and that were never begun.
fn unnamed_steps<'a>(case: &'a Case) -> impl Iterator<Item = String> + 'a {
    let named = case.closed.iter().flat_map(|closed| closed.missing);
    named.filter(|path| !case.steps.iter().any(|s| s.path == path.as_str())).map(|path| match path.as_str() {
        "all" => "every step".to_owned(),
        path => format!("step {path} was never begun"),
    })
}

/// A concept's id, as the scenario writes it.
pub(super) fn name(concept: crate::ui::Concept) -> String {
    serde_json::to_value(concept).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

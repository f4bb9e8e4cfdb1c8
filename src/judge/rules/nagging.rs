//! Asking again after a refusal.

use super::{Rule, numbers};
use crate::judge::case::{Case, Moment, Prompt};
use crate::judge::demand::{self, Demand, How};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Windows};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "repeated-asking-after-denial", needs: &[Launch, Windows], decide: repeated_asking },
    Rule { finding: "asks-again-on-every-restart", needs: &[Launch, Windows], decide: on_every_restart },
];

/// The refusals whose groups are known: (group, prompt, time of the refusal), the first per group.
fn first_refusals<'c>(case: &'c Case<'c>) -> Vec<(&'c str, &'c Prompt<'c>, Moment)> {
    let mut firsts: Vec<(&str, &Prompt, Moment)> = Vec::new();
    for (prompt, at) in case.refusals() {
        for group in &prompt.groups {
            if !firsts.iter().any(|(known, ..)| known == group) {
                firsts.push((group, prompt, at));
            }
        }
    }
    firsts
}

/// Whether a demand can be told to be for this group: it names it, or it names none and nothing else was refused.
fn is_for(demand: &Demand, group: &str, refused: usize) -> bool {
    demand.groups.contains(group) || (demand.groups.is_empty() && refused == 1)
}

fn repeated_asking(case: &Case, marks: &Marks) -> Ruled {
    let (most, window) = (marks.get("max_requests")?, marks.get("window")?);
    let span = window.millis()?;
    let refusals = first_refusals(case);
    if case.refusals().next().is_none() {
        return Ok(Ruling::not_triggered("no permission was refused"));
    }
    if refusals.is_empty() {
        return Ok(Ruling::not_assessable("which permission was refused is not known"));
    }
    let demands = demand::all(case);
    let mut unknown: Vec<u64> = Vec::new();
    for (group, prompt, at) in &refusals {
        let again =
            |d: &&Demand| d.at.seq > at.seq && d.how != How::Suppressed && !d.called_for && (d.may_be_for(group));
        let later: Vec<&Demand> = demands.iter().filter(again).collect();
        unknown.extend(later.iter().filter(|d| case.passed(*at, d.at).is_none()).map(|d| d.at.seq));
        let found: Vec<&Demand> = later.into_iter().filter(|d| case.is_within(*at, d.at, span)).collect();
        // The app's own windows do not say for certain which permission they press for.
        let only_pleas = found.iter().all(|d| d.how == How::Plea);
        let repeats: Vec<u64> = found.iter().map(|d| d.at.seq).collect();
        if repeats.len() as u64 + 1 > most.count() {
            let words = format!(
                "{group} was refused (#{}) and asked for {} more time(s) within {} {} ({}), uncalled for",
                at.seq,
                repeats.len(),
                window.value,
                window.unit,
                numbers(&repeats)
            );
            let entries = [prompt.at.seq, at.seq].into_iter().chain(repeats);
            return Ok(Ruling::observed(words).on(entries).by(&most).for_review(only_pleas));
        }
    }
    if !unknown.is_empty() {
        let words = "what was refused was asked for again, and the device's clock was set in between: how much later can't be told";
        return Ok(Ruling::not_assessable(words).on(unknown).by(&most));
    }
    let asked = refusals.iter().flat_map(|(_, prompt, at)| [prompt.at.seq, at.seq]);
    Ok(Ruling::not_observed("what was refused was not asked for again, unless the person's own act called for it")
        .on(asked)
        .by(&most))
}

/// Why it is not clear whether each restart asked a person again for what was refused, though each asked.
fn unclear_words(demands: &[Demand], group: &str, at: Moment, later: &[usize], every: bool) -> Option<String> {
    let maybe = |launch: &usize| demands.iter().any(|d| d.launch == *launch && !d.called_for && d.may_be_for(group));
    let (refused, restarts) = (at.seq, later.len());
    match every {
        true => Some(format!(
            "{group} was refused (#{refused}) and asked for again in each of {restarts} restarts, and the system kept it from the \
             person each time"
        )),
        false if later.iter().all(maybe) => Some(format!(
            "{group} was refused (#{refused}), and each of {restarts} restarts asked for permissions; for which, where the system \
             kept it from the person, is not known"
        )),
        false => None,
    }
}

fn on_every_restart(case: &Case, marks: &Marks) -> Ruled {
    let restarts = marks.get("restarts")?;
    let refusals = first_refusals(case);
    if refusals.is_empty() {
        return Ok(Ruling::not_triggered("no permission was refused"));
    }
    let demands = demand::all(case);
    let mut too_few = 0;
    let mut unclear = None;
    for (group, prompt, at) in &refusals {
        let refused_in = case.launch_of(*at);
        let later: Vec<usize> = (refused_in + 1..=case.launches.len()).collect();
        let asked_in = |launch: usize| {
            let fits = |d: &&Demand| d.launch == launch && !d.called_for && is_for(d, group, refusals.len());
            demands.iter().find(fits)
        };
        let again: Vec<&Demand> = later.iter().filter_map(|launch| asked_in(*launch)).collect();
        let every = again.len() == later.len();
        if (later.len() as u64) < restarts.count() {
            too_few = too_few.max(usize::from(every) * (later.len() + 1));
            continue;
        }
        let shown = again.iter().filter(|d| d.how != How::Suppressed).count();
        if every && shown > 0 {
            let hidden = again.len() - shown;
            let words = format!(
                "{group} was refused (#{}) and asked for again in each of {} restarts ({}); {hidden} time(s) the system kept it \
                 from the person",
                at.seq,
                later.len(),
                numbers(&again.iter().map(|d| d.at.seq).collect::<Vec<_>>())
            );
            let entries = [prompt.at.seq, at.seq].into_iter().chain(again.iter().map(|d| d.at.seq));
            return Ok(Ruling::observed(words).on(entries).by(&restarts).for_review(hidden > 0));
        }
        if let Some(words) = unclear_words(demands, group, *at, &later, every) {
            let asked = demands.iter().filter(|d| later.contains(&d.launch) && d.may_be_for(group)).map(|d| d.at.seq);
            let entries = [prompt.at.seq, at.seq].into_iter().chain(asked);
            unclear.get_or_insert(Ruling::not_assessable(words).on(entries).by(&restarts).for_review(true));
        }
    }
    if let Some(ruling) = unclear {
        return Ok(ruling);
    }
    let entries: Vec<u64> = refusals.iter().map(|(_, _, at)| at.seq).collect();
    Ok(match too_few {
        0 => Ruling::not_observed("not every restart asked for it again").on(entries).by(&restarts),
        n => Ruling::not_assessable(format!("the app was restarted {} time(s) after the refusal", n - 1))
            .on(entries)
            .by(&restarts),
    })
}

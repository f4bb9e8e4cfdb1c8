//! Starting by itself.

use super::{Rule, numbers};
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Events, Launch};

pub(super) const RULES: &[Rule] = &[Rule { finding: "self-start", needs: &[Launch, Events], decide: self_start }];

/// Causes of a process start that are nobody's tap (`am_proc_start` of the event log).
const UNASKED: [&str; 6] = ["broadcast", "service", "content provider", "job", "restart", "backup"];
/// Length of the watch that the threshold speaks of, in ms: it is a count per hour.
const HOUR: u64 = 3_600_000;

/// Times in which nobody had started the app: before its first launch, and between a stop and the next launch. A step
/// that starts the app ends them, because its own entry comes before the launch's.
fn idle_times(case: &Case) -> Vec<(Moment, u64, u64)> {
    let installed = case.installs.first().map(|i| i.at);
    let starts = |from: Moment| {
        let launch = case.launches.iter().find(|at| at.seq > from.seq).copied();
        let begins = |verb: &str| !matches!(verb, "dwell" | "leave-alone" | "note" | "screenshot" | "stop" | "home");
        let step = case.steps.iter().find(|s| s.at.seq > from.seq && begins(s.verb)).map(|s| s.at);
        [launch, step].into_iter().flatten().min_by_key(|at| at.seq)
    };
    let begins = installed.into_iter().chain(case.stops.iter().chain(&case.reboots).copied());
    begins.map(|from| starts(from).map_or((from, u64::MAX, case.last), |to| (from, to.seq, to.mono))).collect()
}

fn self_start(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("unexplained_starts_per_hour")?;
    let idle = idle_times(case);
    let unasked = |cause: &str| UNASKED.iter().any(|known| cause.to_lowercase().contains(known));
    let started = case.processes.iter().filter(|p| p.ended.is_none() && case.is_own(p.name) && unasked(p.cause));
    let by_itself = started.filter(|p| idle.iter().any(|(from, to, _)| p.at.seq > from.seq && p.at.seq < *to));
    let entries: Vec<u64> = by_itself.map(|p| p.at.seq).collect();
    if entries.len() as u64 > most.count() {
        let words = format!("a process of the app started although nobody had started it ({})", numbers(&entries));
        return Ok(Ruling::observed(words).on(entries).by(&most));
    }
    let watched: u64 = idle.iter().map(|(from, _, to)| to.saturating_sub(from.mono)).sum();
    Ok(match watched >= HOUR {
        true => Ruling::not_observed("no process of the app started by itself within an hour").by(&most),
        false => {
            Ruling::not_assessable(format!("the app stood still for {} s; the number is one per hour", watched / 1_000))
                .by(&most)
        }
    })
}

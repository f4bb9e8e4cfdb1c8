//! Reading while nobody uses the app, and camera or microphone outside the person's act.

use super::{Rule, numbers};
use crate::journal::entry::{Access, Input, StepOutcome};
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Accesses, Launch};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "background-collection", needs: &[Launch, Accesses], decide: in_background },
    Rule { finding: "camera-or-microphone-outside-use", needs: &[Launch, Accesses], decide: outside_use },
];

/// An access this soon after the person's own tap may answer it, in ms (ours).
const TAP_CAUSE: u64 = 10_000;
/// Going to the background takes the app this long, in ms (ours).
const GOING: u64 = 5_000;

/// A time in which the app was in the background.
struct Behind {
    /// From and to, on the journal's clock, in ms.
    from: u64,
    to: u64,
    /// When the device itself says that the app came back, in ms since 1970.
    back: Option<i64>,
}

impl Behind {
    /// Whether an access falls into it. The device's own times are compared where it gives them: a look comes later.
    fn holds(&self, access: &Access) -> bool {
        let after = self.back.zip(access.device_time).is_some_and(|(back, at)| at >= back);
        access.mono.is_some_and(|mono| self.from <= mono && mono <= self.to) && !after
    }
}

/// Times in which the app was in the background by our doing: from the home key to the next step or launch.
fn background_times(case: &Case) -> Vec<Behind> {
    let home = case.inputs.iter().filter(|(_, i)| is_home(i));
    let until = |from: Moment| {
        let launch = case.launches.iter().chain(&case.stops).find(|at| at.seq > from.seq).map(|at| at.mono);
        let step = case
            .steps
            .iter()
            .find(|s| s.at.seq > from.seq && !matches!(s.verb, "dwell" | "leave-alone" | "note" | "screenshot"));
        [launch, step.map(|s| s.at.mono)].into_iter().flatten().min().unwrap_or(case.last)
    };
    let raw = home.map(|(at, _)| (at.mono, until(*at)));
    // `background` brings the app back before its end is written.
    let steps = case.steps.iter().filter(|s| s.verb == "background" && s.outcome == Some(StepOutcome::Done));
    let back: Vec<u64> = steps.map(|s| s.at.mono).collect();
    let reopened = |from: u64, to: u64| {
        let inside = case
            .captures
            .iter()
            .find(|(at, c)| at.mono > from && at.mono <= to && shows(c.resumed.as_deref(), case.package()));
        inside.map_or(to, |(at, _)| if back.iter().any(|b| *b <= from) { at.mono } else { to })
    };
    let back = |from: u64| {
        let own = case.fronts.iter().filter(|(_, component)| shows(Some(component), case.package()));
        own.filter(|(at, _)| at.mono > from + GOING).find_map(|(at, _)| at.device)
    };
    raw.map(|(from, to)| Behind { from: from + GOING, to: reopened(from, to), back: back(from) })
        .filter(|behind| behind.from < behind.to)
        .collect()
}

fn is_home(input: &Input) -> bool {
    input.act == "key" && input.target.starts_with("HOME")
}

fn shows(resumed: Option<&str>, package: &str) -> bool {
    resumed.and_then(|r| r.split('/').next()) == Some(package)
}

fn in_background(case: &Case, marks: &Marks) -> Ruled {
    let (observe, most) = (marks.get("observe")?, marks.get("accesses")?);
    let times = background_times(case);
    let inside = |access: &Access| times.iter().any(|behind| behind.holds(access));
    // Some releases don't say where the app was; then our own doing does.
    let behind = |access: &Access| access.foreground.map_or_else(|| inside(access), |foreground| !foreground);
    let hidden: Vec<(Moment, &Access, &str)> = case.reads().filter(|(_, access, _)| behind(access)).collect();
    let count: u64 = hidden.iter().map(|(_, access, _)| u64::from(access.count.max(1))).sum();
    if count > most.count() {
        let sure = hidden.iter().any(|(_, access, _)| inside(access));
        let entries: Vec<u64> = hidden.iter().map(|(at, ..)| at.seq).collect();
        let mut ops: Vec<&str> = hidden.iter().map(|(_, access, _)| access.op.as_str()).collect();
        ops.sort_unstable();
        ops.dedup();
        let words = format!("read in the background ({}): {}", numbers(&entries), ops.join(", "));
        return Ok(Ruling::observed(words).on(entries).by(&most).for_review(!sure));
    }
    let watched: u64 = times.iter().map(|behind| behind.to - behind.from).sum();
    Ok(match times.last() {
        None if case.inputs.iter().any(|(_, i)| is_home(i)) => Ruling::not_assessable(format!(
            "the app was in the background for a moment only; {} {} have to be watched",
            observe.value, observe.unit
        ))
        .by(&observe),
        None => Ruling::not_triggered("the app was not put into the background"),
        Some(_) if watched >= observe.millis()? => {
            Ruling::not_observed(format!("nothing was read in {} min in the background", watched / 60_000)).by(&observe)
        }
        Some(_) => Ruling::not_assessable(format!(
            "nothing was read in {} s in the background; {} {} have to be watched",
            watched / 1_000,
            observe.value,
            observe.unit
        ))
        .by(&observe),
    })
}

/// Outside use is certain in the background, and before the person pressed anything since the last launch. What came
/// later in the foreground a person has to tell.
fn outside_use(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("accesses")?;
    let reads: Vec<(Moment, &Access, &str)> =
        case.reads().filter(|(.., what)| matches!(*what, "CAMERA" | "MICROPHONE")).collect();
    let launched = |mono: u64| case.launches.iter().rev().find(|at| at.mono <= mono).map_or(0, |at| at.mono);
    let outside = |access: &Access| match (access.foreground, access.mono) {
        (Some(false), _) => true,
        (_, Some(mono)) => case.own_tap_before(mono, mono - launched(mono)).is_none(),
        (_, None) => case.own_taps.is_empty(),
    };
    let meant = |access: &Access| access.mono.is_some_and(|mono| case.own_tap_before(mono, TAP_CAUSE).is_some());
    let (out, within): (Vec<_>, Vec<_>) = reads.into_iter().partition(|(_, access, _)| outside(access));
    if out.len() as u64 > most.count() {
        let entries: Vec<u64> = out.iter().map(|(at, ..)| at.seq).collect();
        let words = format!("camera or microphone was used ({}) without an act of the person's own", numbers(&entries));
        return Ok(Ruling::observed(words).on(entries).by(&most));
    }
    let unclear: Vec<u64> = within.iter().filter(|(_, access, _)| !meant(access)).map(|(at, ..)| at.seq).collect();
    Ok(match (within.is_empty(), unclear.is_empty()) {
        (true, _) => Ruling::not_observed("neither camera nor microphone was used").by(&most),
        (false, true) => Ruling::not_observed("camera and microphone were used right after the person's own tap")
            .at(within.iter().map(|(at, ..)| *at))
            .by(&most),
        (false, false) => Ruling::not_assessable(format!(
            "a person must tell whether a screen for taking pictures or sound was open ({})",
            numbers(&unclear)
        ))
        .on(unclear)
        .for_review(true),
    })
}

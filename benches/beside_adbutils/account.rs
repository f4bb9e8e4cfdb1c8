//! What runs came to: medians, spreads, ratios, and whether ours keeps its promise.

use std::time::Duration;

use super::proxy::Passed;

/// Of one run.
#[derive(Clone, Debug)]
pub struct Account {
    /// Processor time until it was ready: the program's start, the device's identity.
    pub start_up: Duration,
    /// Processor time of the steps.
    pub processor: Duration,
    pub took: Duration,
    pub passed: Passed,
    pub work: String,
}

/// Our share of adbutils' processor time must stay below this.
const SHARE: f64 = 0.2;

/// The machine's load average over one, five and fifteen minutes.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Prints what one side came to, per step.
pub fn print(name: &str, runs: &[Account], steps: usize) {
    let steps = steps as f64;
    let spread = |of: &dyn Fn(&Account) -> f64| Spread::of(runs.iter().map(of));
    println!("\n{name}");
    println!("  steps per second          {}", spread(&|run| steps / run.took.as_secs_f64()).shown(2));
    println!("  round trips per step      {}", spread(&|run| run.passed.round_trips() as f64 / steps).shown(2));
    println!("  … of them, connections    {}", spread(&|run| run.passed.connections as f64 / steps).shown(2));
    println!("  processor ms per step     {}", spread(&|run| millis(run.processor) / steps).shown(3));
    println!("  processor ms, start-up    {}", spread(&|run| millis(run.start_up)).shown(1));
    println!("  kB received per step      {}", spread(&|run| run.passed.bytes as f64 / 1e3 / steps).shown(1));
}

/// Compares ours with theirs, prints the ratios, and says whether ours keeps its promise.
pub fn verdict(ours: &[Account], theirs: &[Account], timed: bool) -> bool {
    let alike = ours.iter().chain(theirs).all(|run| run.work == ours[0].work);
    println!("\nthe work of each run: {}", ours[0].work);
    if !alike {
        let others: Vec<&str> = theirs.iter().map(|run| run.work.as_str()).collect();
        println!("FAILED: not the same work: {others:?}");
    }
    let median = |runs: &[Account], of: fn(&Account) -> f64| Spread::of(runs.iter().map(of)).median;
    let trips = |run: &Account| run.passed.round_trips() as f64;
    let (our_trips, their_trips) = (median(ours, trips), median(theirs, trips));
    println!("round trips, ours to theirs: {:.3} (at most 1)", our_trips / their_trips);
    let mut kept = alike && our_trips <= their_trips;
    let speed = median(ours, |run| 1.0 / run.took.as_secs_f64()) / median(theirs, |run| 1.0 / run.took.as_secs_f64());
    println!("steps per second, ours to theirs: {speed:.2}");
    if timed {
        let share = median(ours, |run| millis(run.processor)) / median(theirs, |run| millis(run.processor));
        println!("processor time, ours to theirs: {share:.3} (below {SHARE})");
        let whole = |run: &Account| millis(run.processor + run.start_up);
        println!("… with start-up: {:.3}", median(ours, whole) / median(theirs, whole));
        kept &= share < SHARE;
    }
    println!("{}", if kept { "kept" } else { "FAILED" });
    kept
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Middle and ends of a few numbers.
struct Spread {
    median: f64,
    lowest: f64,
    highest: f64,
}

impl Spread {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_by(f64::total_cmp);
        let [lowest, .., highest] = sorted[..] else {
            return Self { median: sorted[0], lowest: sorted[0], highest: sorted[0] };
        };
        Self { median: sorted[sorted.len() / 2], lowest, highest }
    }

    fn shown(&self, digits: usize) -> String {
        let Self { median, lowest, highest } = self;
        format!("{median:9.digits$}  ({lowest:.digits$} to {highest:.digits$})")
    }
}

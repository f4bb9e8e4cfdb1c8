//! How often personal data was accessed, as the history of app operations counts it: what happens between two readings of
//! the last accesses is in it too.
//!
//! Source: AOSP `HistoricalRegistry.StringDumpVisitor` and `AppOpsManager.keyToString` of Android 12 to 16; no capture has
//! it. The first snapshot is the one that is being filled, and exact; older ones may have been joined and divided, with
//! rounded figures, so they are left alone. The history of all packages is read, because a filter leaves out the headings
//! of other packages, and not what stands below them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Android;
use super::accesses::{foreground, is_op};
use super::error::AndroidError;
use super::time::DeviceTime;

const WITHIN: Duration = Duration::from_secs(15);
/// First API level whose history the shell may read.
const SINCE: u32 = 31;
/// Most lines that are looked at: the first snapshot of hundreds of apps.
const MOST_LINES: usize = 20_000;

/// How often a package did what in the snapshot that is being filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessHistory {
    /// When the snapshot began, on the device's clock, in ms since 1970.
    pub begin: i64,
    /// When it was read, on the same clock.
    pub now: i64,
    /// Counts by operation and whether it was let through.
    pub counts: BTreeMap<(String, bool), Counts>,
}

/// Counts by the state the app was in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the foreground.
    pub front: u64,
    /// In the background.
    pub background: u64,
    /// In a state that is neither for certain.
    pub other: u64,
}

impl Counts {
    /// All of them.
    pub fn all(self) -> u64 {
        self.front.saturating_add(self.background).saturating_add(self.other)
    }

    /// What these have more than earlier ones.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            front: self.front.saturating_sub(earlier.front),
            background: self.background.saturating_sub(earlier.background),
            other: self.other.saturating_sub(earlier.other),
        }
    }

    /// The state they all have, when they have one.
    pub fn foreground(self) -> Option<bool> {
        match self {
            Self { front: 1.., background: 0, other: 0 } => Some(true),
            Self { front: 0, background: 1.., other: 0 } => Some(false),
            _ => None,
        }
    }
}

impl Android {
    /// The history of a package's accesses; `None` where the device tells none.
    pub async fn access_history(&self, package: &str) -> Result<Option<AccessHistory>, AndroidError> {
        if self.identity().api < SINCE {
            return Ok(None);
        }
        let command = format!("dumpsys appops --history | head -n {MOST_LINES}; {}", super::capture::CLOCK);
        let text = self.device().shell(&command, WITHIN).await?.text();
        let (dump, clock) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
        let time = super::capture::read_clock(clock).ok_or_else(|| super::unreadable("the device's clock", clock))?;
        Ok(parse_history(dump, package, time))
    }
}

/// Reads the first snapshot of `dumpsys appops --history`; `None` when there is none.
pub fn parse_history(text: &str, package: &str, time: DeviceTime) -> Option<AccessHistory> {
    let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with("History:"));
    lines.find(|line| *line == "snapshot:")?;
    let begin = lines.next()?.strip_prefix("begin = ")?.split_once('(')?.0;
    let mut history = AccessHistory { begin: time.full(begin)?, now: time.now, counts: BTreeMap::new() };
    let (mut inside, mut op) = (false, None);
    for line in lines.take_while(|line| *line != "snapshot:") {
        if line.starts_with("Uid ") {
            (inside, op) = (false, None);
        } else if let Some(name) = line.strip_prefix("Package ").and_then(|rest| rest.strip_suffix(':')) {
            (inside, op) = (name == package, None);
        } else if let Some(name) = line.strip_suffix(':').filter(|name| is_op(name)) {
            op = Some(name.to_owned());
        } else if let Some((state, counted)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] = "))
            && let Some(op) = op.as_ref().filter(|_| inside)
        {
            history.count(op, state, counted);
        }
    }
    Some(history)
}

impl AccessHistory {
    /// `top-s` and `access=3, reject=1, duration=+2s5ms`. What an app does for another (`tp`, `up`) is the other's.
    fn count(&mut self, op: &str, state: &str, counted: &str) {
        if !state.ends_with("-s") {
            return;
        }
        for part in counted.split(", ") {
            let (allowed, number) = match part.split_once('=') {
                Some(("access", number)) => (true, number),
                Some(("reject", number)) => (false, number),
                _ => continue,
            };
            let Ok(number) = number.parse::<u64>() else { continue };
            let counts = self.counts.entry((op.to_owned(), allowed)).or_default();
            let place = match foreground(state) {
                Some(true) => &mut counts.front,
                Some(false) => &mut counts.background,
                None => &mut counts.other,
            };
            *place = place.saturating_add(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "Current AppOps Service state:\n\n  History:  mode=ENABLED_ACTIVE\n\n      snapshot:\n        \
        begin = 2026-05-04 15:45:00.000  (-12m39s484ms)\n        end = 2026-05-04 15:57:39.484  (0)\n\n        \
        Uid u0a101:\n          Package a.b:\n            Attribution null:\n              READ_CONTACTS:\n                \
        [top-s] = access=3\n                [cch-s] = access=2, reject=1, duration=+2s5ms\n                \
        [cch-tp] = access=9\n            Attribution feature:\n              READ_CONTACTS:\n                \
        [top-s] = access=1\n              CAMERA:\n                [pers-s] = reject=4\n\n        Uid u0a102:\n          \
        Package c.d:\n            Attribution null:\n              READ_CONTACTS:\n                [top-s] = access=70\n\n      \
        snapshot:\n        begin = 2026-05-04 15:30:00.000  (-27m39s484ms)\n        end = 2026-05-04 15:45:00.000  (0)\n\n        \
        Uid u0a101:\n          Package a.b:\n            Attribution null:\n              READ_CONTACTS:\n                \
        [top-s] = access=100\n";

    #[test]
    fn the_first_snapshot_of_one_package_is_counted() {
        let time = DeviceTime { now: 1_777_910_259_484, zone: 0 };
        let history = parse_history(DUMP, "a.b", time).unwrap();
        assert_eq!(time.now - history.begin, 12 * 60_000 + 39_484);
        let counts = |op: &str, allowed| history.counts[&(op.to_owned(), allowed)];
        assert_eq!(counts("READ_CONTACTS", true), Counts { front: 4, background: 2, other: 0 });
        assert_eq!(counts("READ_CONTACTS", false), Counts { background: 1, ..Counts::default() });
        assert_eq!(counts("CAMERA", false), Counts { other: 4, ..Counts::default() });
        assert_eq!(history.counts.len(), 3);
        assert_eq!(parse_history(DUMP, "e.f", time).unwrap().counts, BTreeMap::new());
        for none in ["", "Current AppOps Service state:\n", "\n  History:  mode=DISABLED\n  Empty\n"] {
            assert_eq!(parse_history(none, "a.b", time), None);
        }
    }

    #[test]
    fn what_is_more_than_before_has_a_state_only_when_all_has_it() {
        let (before, after) =
            (Counts { front: 2, background: 1, other: 0 }, Counts { front: 5, background: 1, other: 0 });
        assert_eq!((after.since(before).all(), after.since(before).foreground()), (3, Some(true)));
        assert_eq!(after.foreground(), None);
    }
}

//! Accesses to personal data in figures, before and after consent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::sight::{Sight, since_start};
use crate::journal::entry::{Access, ConsentAct, Event};

/// A minute, in milliseconds.
const MINUTE: u64 = 60_000;

/// A line per app operation.
#[derive(Debug, Serialize)]
pub struct Accesses {
    lanes: Vec<Lane>,
    read: bool,
}

#[derive(Debug, Default, Serialize)]
struct Lane {
    op: String,
    count: u64,
    rejected: u64,
    background: u64,
    before_consent: u64,
    first: String,
    untimed: u64,
    /// Most accesses within any minute.
    in_one_minute: u64,
    #[serde(skip)]
    timed: Vec<(u64, u64)>,
}

/// The accesses of a journal.
pub fn accesses(sight: &Sight) -> Accesses {
    let consented = sight.entries.iter().find_map(|e| match &e.event {
        Event::Consent { act: ConsentAct::Accepted, .. } => Some(e.at.mono),
        _ => None,
    });
    let mut lanes: BTreeMap<&str, Lane> = BTreeMap::new();
    let mut read = false;
    for entry in sight.entries {
        match &entry.event {
            Event::Access(access) => {
                let lane = lanes.entry(&access.op).or_insert_with(|| Lane { op: access.op.clone(), ..Lane::default() });
                lane.add(access, consented);
            }
            Event::AccessesRead { .. } => read = true,
            _ => {}
        }
    }
    Accesses { lanes: lanes.into_values().map(Lane::counted).collect(), read }
}

impl Lane {
    fn add(&mut self, access: &Access, consented: Option<u64>) {
        let count = u64::from(access.count.max(1));
        let background = access.foreground == Some(false);
        self.count += count;
        self.rejected += if access.allowed { 0 } else { count };
        self.background += if background { count } else { 0 };
        let Some(mono) = access.mono else {
            self.untimed += count;
            return;
        };
        self.timed.push((mono, count));
        // Without an acceptance every access lies before consent.
        self.before_consent += if consented.is_none_or(|at| mono < at) { count } else { 0 };
        if self.first.is_empty() {
            self.first = since_start(mono);
        }
    }
}

impl Lane {
    /// The same, with the fullest minute found.
    fn counted(mut self) -> Self {
        self.timed.sort_unstable();
        let (mut first, mut within) = (0, 0);
        for (mono, count) in &self.timed {
            within += count;
            while mono - self.timed[first].0 >= MINUTE {
                within -= self.timed[first].1;
                first += 1;
            }
            self.in_one_minute = self.in_one_minute.max(within);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accesses_are_counted_per_minute() {
        let most = |timed: &[(u64, u64)]| Lane { timed: timed.to_vec(), ..Lane::default() }.counted().in_one_minute;
        assert_eq!(most(&[]), 0);
        assert_eq!(most(&[(70_000, 1), (0, 1), (59_999, 3), (60_000, 1)]), 5);
        assert_eq!(most(&[(0, 9), (60_000, 1)]), 9);
    }
}

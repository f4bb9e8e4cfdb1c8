//! Accesses that no reading saw: app operations keep the last access of a kind alone, and their history counts them all.

use std::collections::BTreeMap;

use crate::android::{AccessHistory, Counts};
use crate::journal::entry::{Access, Event};

use super::attempt::Attempt;
use super::error::RunError;

/// By how much the time of an access and that of a reading may seem to differ, in ms (ours).
const SLACK_MS: i64 = 2_000;

/// What the history said last, and what was written down since.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    last: Option<AccessHistory>,
    /// Accesses written down since: operation, let through, device time.
    told: Vec<(String, bool, Option<i64>)>,
}

impl Counted {
    /// An access was written down.
    pub fn note(&mut self, access: &Access) {
        if self.last.is_some() {
            self.told.push((access.op.clone(), access.allowed, access.device_time));
        }
    }

    /// Takes a new reading; what it has beyond what was written down, by operation and whether it was let through. Too
    /// little rather than too much: what can't be told apart counts as written down.
    fn take(&mut self, now: AccessHistory) -> BTreeMap<(String, bool), (u64, Option<bool>)> {
        let Some(last) = self.last.replace(now.clone()) else {
            self.told.clear();
            return BTreeMap::new();
        };
        let since = |counts: &Counts, key: &(String, bool)| match now.begin {
            begin if begin == last.begin => counts.since(last.counts.get(key).copied().unwrap_or_default()),
            // A new snapshot has been begun: what the old one had in the end is not known any more.
            begin if begin >= last.now - SLACK_MS => *counts,
            // The device's clock was set, or the history cleared.
            _ => Counts::default(),
        };
        let mut beyond = BTreeMap::new();
        for (key, counts) in &now.counts {
            let more = since(counts, key);
            let told = self.told.iter().filter(|(op, allowed, _)| (op, allowed) == (&key.0, &key.1)).count() as u64;
            if more.all() > told {
                beyond.insert(key.clone(), (more.all() - told, more.foreground()));
            }
        }
        // What happened about or after this reading may be in the next one's figures.
        self.told.retain(|(_, _, at)| at.is_none_or(|at| at > now.now - SLACK_MS));
        beyond
    }
}

impl Attempt<'_> {
    /// Remembers how often what was accessed by now: later readings are compared with it. A device without a history is as
    /// good as one that says nothing.
    pub async fn begin_history(&mut self) -> Result<(), RunError> {
        let package = self.package().to_owned();
        match self.android.access_history(&package).await {
            Ok(Some(history)) => drop(self.memory.counted.take(history)),
            Ok(None) => {}
            Err(error) if error.is_final() => return Err(error.into()),
            Err(_) => self.memory.counted = Counted::default(),
        }
        Ok(())
    }

    /// The history now; `None` where there is none to compare it with.
    pub async fn history_now(&mut self) -> Result<Option<AccessHistory>, RunError> {
        if self.memory.counted.last.is_none() {
            return Ok(None);
        }
        let package = self.package().to_owned();
        match self.android.access_history(&package).await {
            Ok(history) => Ok(history),
            Err(error) if error.is_final() => Err(error.into()),
            Err(_) => Ok(None),
        }
    }

    /// Writes down what the history has beyond the accesses that were seen: one entry per kind, with their number, at the
    /// time of the newest of that kind. How many entries.
    pub fn write_beyond(&mut self, history: AccessHistory) -> Result<u32, RunError> {
        let package = self.package().to_owned();
        let mut written = 0;
        for ((op, allowed), (count, foreground)) in self.memory.counted.take(history) {
            let same = |known: &&Access| known.op == op && known.allowed == allowed;
            let at = self.memory.accesses.iter().filter(same).filter_map(|known| known.device_time).max();
            let access = Access {
                package: package.clone(),
                op,
                device_time: at,
                mono: at.and_then(|at| self.mono_of(at)),
                allowed,
                foreground,
                duration_ms: None,
                count: u32::try_from(count).unwrap_or(u32::MAX),
            };
            written += 1;
            self.journal.append_at(Event::Access(access), at)?;
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(begin: i64, now: i64, front: u64) -> AccessHistory {
        let counts = Counts { front, ..Counts::default() };
        AccessHistory { begin, now, counts: BTreeMap::from([(("READ_CONTACTS".to_owned(), true), counts)]) }
    }

    fn seen(counted: &mut Counted, at: i64) {
        counted.told.push(("READ_CONTACTS".into(), true, Some(at)));
    }

    fn beyond(counted: &mut Counted, history: AccessHistory) -> u64 {
        counted.take(history).values().map(|(count, _)| count).sum()
    }

    #[test]
    fn a_burst_between_two_readings_is_counted_once() {
        let mut counted = Counted::default();
        assert_eq!(beyond(&mut counted, history(0, 1_000, 7)), 0, "what was before is not ours");
        seen(&mut counted, 5_000);
        assert_eq!(beyond(&mut counted, history(0, 10_000, 10)), 2);
        assert_eq!(beyond(&mut counted, history(0, 20_000, 10)), 0);
    }

    #[test]
    fn an_access_about_the_time_of_a_reading_is_never_counted_twice() {
        let mut counted = Counted::default();
        beyond(&mut counted, history(0, 1_000, 0));
        // Seen after the history was read, so that only the next one counts it.
        seen(&mut counted, 10_200);
        assert_eq!(beyond(&mut counted, history(0, 10_000, 0)), 0);
        assert_eq!(beyond(&mut counted, history(0, 20_000, 1)), 0);
    }

    #[test]
    fn a_new_snapshot_counts_from_its_beginning_and_a_strange_one_not_at_all() {
        let mut counted = Counted::default();
        beyond(&mut counted, history(0, 890_000, 5));
        assert_eq!(beyond(&mut counted, history(900_000, 910_000, 3)), 3);
        assert_eq!(
            beyond(&mut counted, history(400_000, 920_000, 50)),
            0,
            "its beginning lies before the last reading"
        );
    }
}

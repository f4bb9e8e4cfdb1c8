//! Which act belongs to which step of the scenario.

use std::collections::BTreeMap;

use crate::journal::entry::{Entry, Event};

/// Steps as intervals of the journal: what happened between a step's beginning and its end belongs to it.
#[derive(Default)]
pub(super) struct Steps<'a> {
    /// End of each step, by the number of its beginning.
    ends: BTreeMap<u64, &'a Entry>,
    /// Beginning of each step, by the number of its end.
    beginnings: BTreeMap<u64, u64>,
    /// Numbers of the entries right within each step, by the number of its beginning; under `None` those within none.
    within: BTreeMap<Option<u64>, Vec<u64>>,
}

impl<'a> Steps<'a> {
    pub fn of(entries: &'a [Entry]) -> Self {
        let mut steps = Self::default();
        let mut open: Vec<(u64, &str)> = Vec::new();
        for entry in entries {
            if let Event::StepEnded { path, .. } = &entry.event
                && let Some(at) = open.iter().rposition(|(_, begun)| begun == path)
            {
                steps.ends.insert(open[at].0, entry);
                steps.beginnings.insert(entry.seq, open[at].0);
                open.truncate(at);
                continue;
            }
            steps.within.entry(open.last().map(|(seq, _)| *seq)).or_default().push(entry.seq);
            if let Event::StepStarted { path, .. } = &entry.event {
                open.push((entry.seq, path));
            }
        }
        steps
    }

    /// The end of the step that begins with this entry.
    pub fn end(&self, beginning: u64) -> Option<&'a Entry> {
        self.ends.get(&beginning).copied()
    }

    /// The entry with which the step begins that this one ends; the entry itself when it ends none.
    pub fn beginning(&self, seq: u64) -> u64 {
        self.beginnings.get(&seq).copied().unwrap_or(seq)
    }

    /// Whether an entry is told with another one.
    pub fn is_end(&self, seq: u64) -> bool {
        self.beginnings.contains_key(&seq)
    }

    /// The entries right within a step, or within none.
    pub fn within(&self, step: Option<u64>) -> &[u64] {
        self.within.get(&step).map_or(&[], Vec::as_slice)
    }
}

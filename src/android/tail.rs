//! The end of a log that was read, by which a later reading of the same log is joined to it: nothing is told twice, and it
//! shows whether anything is missing in between.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Lines that are remembered.
const MOST: usize = 1_000;

/// The buffers of a log lose their oldest lines each by itself.
const BUFFERS: usize = 2;

/// The last lines of a log: when, on the device's clock in milliseconds since 1970, and which.
#[derive(Clone, Debug, Default)]
pub(super) struct Tail {
    lines: VecDeque<(i64, u64)>,
    /// The last line of each buffer.
    last: [Option<(i64, u64)>; BUFFERS],
}

/// A reading that was begun anew at the tail of another.
#[derive(Debug)]
pub(super) struct Join {
    tail: Tail,
    /// Buffers of whose last line nothing was seen yet.
    unseen: [Option<u64>; BUFFERS],
    /// What is older happened before the reading was begun.
    until: i64,
    /// A line of the time after was read.
    passed: bool,
    again: u32,
}

impl Tail {
    /// Remembers a line of a buffer.
    pub fn note(&mut self, at: i64, buffer: Buffer, line: &str) {
        if self.lines.len() == MOST {
            self.lines.pop_front();
        }
        let line = (at, mark(line));
        self.lines.push_back(line);
        self.last[buffer as usize] = Some(line);
    }

    /// From when on the log is to be read so that the reading begins with lines of this one; `None` when there are none.
    pub fn begin(&self) -> Option<i64> {
        let oldest = self.lines.iter().map(|(at, _)| *at).min()?;
        let last = self.last.iter().flatten().map(|(at, _)| *at).min();
        Some(last.map_or(oldest, |last| last.max(oldest)))
    }

    /// Joins a reading that begins now, on the device's clock, to this one.
    pub fn join(self, now: i64) -> Join {
        Join {
            unseen: self.last.map(|last| last.map(|(_, mark)| mark)),
            tail: self,
            until: now,
            passed: false,
            again: 0,
        }
    }
}

/// A buffer of the log, as far as lines tell where they stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Buffer {
    /// `events`.
    Events,
    /// `system`, `main` or `crash`.
    Others,
}

impl Join {
    /// Whether a line was read before. One that was written twice may be read twice.
    pub fn knows(&mut self, at: i64, line: &str) -> bool {
        self.passed |= at > self.until;
        let mark = mark(line);
        for unseen in &mut self.unseen {
            *unseen = unseen.filter(|other| *other != mark);
        }
        let known = self.tail.lines.iter().position(|(_, other)| *other == mark);
        known.and_then(|at| self.tail.lines.remove(at)).is_some()
    }

    /// Counts an event that was not read before, if it is of the time before the reading was begun.
    pub fn count(&mut self, at: Option<i64>) {
        self.again += u32::from(at.is_some_and(|at| at <= self.until));
    }

    /// Whether all of that time was read.
    pub fn has_passed(&self) -> bool {
        self.passed
    }

    /// How many events of the time between were read; `None` when the log does not reach back to what was read before.
    pub fn again(&self) -> Option<u32> {
        let whole = self.tail.last.iter().any(Option::is_some) && self.unseen.iter().all(Option::is_none);
        whole.then_some(self.again)
    }
}

fn mark(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(lines: &[(i64, &str, Buffer)]) -> Tail {
        let mut tail = Tail::default();
        for (at, line, buffer) in lines {
            tail.note(*at, *buffer, line);
        }
        tail
    }

    #[test]
    fn what_was_read_is_known_as_often_as_it_was_read() {
        let tail = tail(&[(1, "a", Buffer::Others), (5, "b", Buffer::Events), (5, "b", Buffer::Events)]);
        assert_eq!(tail.begin(), Some(1));
        let mut join = tail.join(9);
        let known = ["a", "b", "b", "b", "c"].map(|line| join.knows(9, line));
        assert_eq!((known, join.has_passed()), ([true, true, true, false, false], false));
        assert!(!join.knows(10, "d") && join.has_passed());
        [Some(5), Some(10), None].into_iter().for_each(|at| join.count(at));
        assert_eq!(join.again(), Some(1));
    }

    #[test]
    fn a_log_that_lost_lines_of_one_buffer_is_not_whole() {
        let lines = [(1, "a", Buffer::Others), (5, "b", Buffer::Events)];
        let mut join = tail(&lines).join(9);
        assert!(join.knows(1, "a") && !join.knows(6, "c"));
        assert_eq!(join.again(), None, "events were lost");
        assert_eq!(tail(&[]).begin(), None);
        assert_eq!(tail(&[]).join(9).again(), None);
    }

    #[test]
    fn the_tail_is_bounded() {
        let mut tail = Tail::default();
        for at in 0..3_000 {
            tail.note(at, Buffer::Others, &at.to_string());
        }
        assert_eq!((tail.lines.len(), tail.begin()), (MOST, Some(2_999)));
    }
}

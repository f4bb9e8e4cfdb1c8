//! The log buffers: main, system, events, crash, radio.

use std::collections::VecDeque;

/// Most bytes a buffer keeps; the oldest lines go first.
pub const BUFFER_BYTES: usize = 256 * 1024;

/// A log buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Buffer {
    /// Apps.
    Main,
    /// The system.
    System,
    /// Events with numbers.
    Events,
    /// Crashes.
    Crash,
    /// The radio.
    Radio,
}

impl Buffer {
    /// All of them.
    pub const ALL: [Buffer; 5] = [Buffer::Main, Buffer::System, Buffer::Events, Buffer::Crash, Buffer::Radio];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Buffer::Main => "main",
            Buffer::System => "system",
            Buffer::Events => "events",
            Buffer::Crash => "crash",
            Buffer::Radio => "radio",
        }
    }

    /// The buffer of that name.
    pub fn named(name: &str) -> Option<Buffer> {
        Self::ALL.into_iter().find(|b| b.name() == name)
    }
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Counts up over all buffers.
    pub number: u64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Where it stands.
    pub buffer: Buffer,
    /// `V` to `F`.
    pub priority: char,
    /// Who says it.
    pub tag: String,
    /// Process.
    pub pid: u32,
    /// Thread.
    pub tid: u32,
    /// User.
    pub uid: u32,
    /// What it says.
    pub text: String,
}

/// All buffers in one queue, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Log {
    lines: VecDeque<LogLine>,
    next: u64,
    bytes: [usize; 5],
}

impl Log {
    /// Adds a line; its number is given here.
    pub fn push(&mut self, mut line: LogLine) {
        line.number = self.next;
        self.next += 1;
        let slot = line.buffer as usize;
        self.bytes[slot] += cost(&line);
        let buffer = line.buffer;
        self.lines.push_back(line);
        while self.bytes[slot] > BUFFER_BYTES {
            let Some(oldest) = self.lines.iter().position(|l| l.buffer == buffer) else { break };
            if let Some(gone) = self.lines.remove(oldest) {
                self.bytes[slot] -= cost(&gone);
            }
        }
    }

    /// Empties buffers.
    pub fn clear(&mut self, buffers: &[Buffer]) {
        self.lines.retain(|line| !buffers.contains(&line.buffer));
        for buffer in buffers {
            self.bytes[*buffer as usize] = 0;
        }
    }

    /// Lines of these buffers from a number on.
    pub fn since(&self, number: u64, buffers: &[Buffer]) -> impl DoubleEndedIterator<Item = &LogLine> {
        let from = self.lines.partition_point(|line| line.number < number);
        let wanted = buffers.to_vec();
        self.lines.range(from..).filter(move |line| wanted.contains(&line.buffer))
    }

    /// The number the next line gets.
    pub fn next_number(&self) -> u64 {
        self.next
    }

    /// Bytes kept in a buffer.
    pub fn size(&self, buffer: Buffer) -> usize {
        self.bytes[buffer as usize]
    }
}

fn cost(line: &LogLine) -> usize {
    line.text.len() + line.tag.len() + 28
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(buffer: Buffer, text: &str) -> LogLine {
        LogLine { number: 0, at: 0, buffer, priority: 'I', tag: "t".into(), pid: 1, tid: 1, uid: 0, text: text.into() }
    }

    #[test]
    fn a_full_buffer_loses_its_oldest_lines_only() {
        let mut log = Log::default();
        log.push(line(Buffer::Events, "kept"));
        for n in 0..2000 {
            log.push(line(Buffer::Main, &format!("{n:0200}")));
        }
        assert_eq!(log.since(0, &[Buffer::Events]).count(), 1);
        assert!(log.size(Buffer::Main) <= BUFFER_BYTES);
        assert!(log.since(0, &[Buffer::Main]).last().unwrap().text.ends_with("1999"));
        log.clear(&[Buffer::Main]);
        assert_eq!(log.since(0, &Buffer::ALL).count(), 1);
    }
}

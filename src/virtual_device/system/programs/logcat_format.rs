//! The formats of `logcat -v` (AOSP `logprint.cpp`).

use super::stamp;
use crate::virtual_device::system::{Buffer, LogLine, user_name};

/// A format's shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// `I/Tag     (  300): text`
    Brief,
    /// Everything on a line of its own, then the text.
    Long,
    /// `I(  300) text  (Tag)`
    Process,
    /// The text alone.
    Raw,
    /// `I/Tag     : text`
    Tag,
    /// `I(  300:  326) text`
    Thread,
    /// `11-21 21:02:17.982   300   339 I Tag     : text`
    #[default]
    ThreadTime,
    /// `11-21 21:02:17.982 I/Tag     (  300): text`
    Time,
}

/// A format: its shape and what was added to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Its shape.
    pub shape: Shape,
    /// Seconds since 1970.
    pub epoch: bool,
    /// Microseconds.
    pub usec: bool,
    /// With the year.
    pub year: bool,
    /// With the user's number.
    pub uid: bool,
    /// With the time zone.
    pub zone: bool,
    /// Nanoseconds.
    pub nsec: bool,
    /// In the colour of its priority.
    pub colour: bool,
    /// Seconds since the start.
    pub monotonic: bool,
    /// When the device started, in milliseconds since 1970.
    pub started: i64,
}

impl Format {
    /// Adds what one `-v` says. False for a word this release does not know.
    pub fn add(&mut self, word: &str, api: u32) -> bool {
        match word {
            "brief" => self.shape = Shape::Brief,
            "long" => self.shape = Shape::Long,
            "process" => self.shape = Shape::Process,
            "raw" => self.shape = Shape::Raw,
            "tag" => self.shape = Shape::Tag,
            "thread" => self.shape = Shape::Thread,
            "threadtime" => self.shape = Shape::ThreadTime,
            "time" => self.shape = Shape::Time,
            "usec" => self.usec = true,
            "color" | "colour" => self.colour = true,
            "printable" => {}
            // Captured: API 23 knows none of these.
            _ if api <= 23 => return false,
            "epoch" => self.epoch = true,
            "year" => self.year = true,
            "uid" => self.uid = true,
            "zone" | "UTC" => self.zone = true,
            "monotonic" => self.monotonic = true,
            "nsec" => self.nsec = true,
            "descriptive" => {}
            _ => return false,
        }
        true
    }

    /// One line, with its end.
    pub fn write(&self, line: &LogLine) -> String {
        let plain = self.plain(line);
        if !self.colour {
            return plain;
        }
        // liblog's `colorFromPri`.
        let colour = match line.priority {
            'D' => 75,
            'I' => 40,
            'W' => 166,
            'E' | 'F' => 196,
            _ => 231,
        };
        let text = plain.trim_end_matches('\n');
        format!("\x1b[38;5;{colour}m{text}\x1b[0m{}", &plain[text.len()..])
    }

    fn plain(&self, line: &LogLine) -> String {
        let LogLine { priority, tag, pid, tid, text, .. } = line;
        let time = self.time(line.at);
        let uid = if self.uid { format!("{:>8}:", user_name(line.uid)) } else { String::new() };
        match self.shape {
            Shape::Brief => format!("{priority}/{tag:<8}({uid}{pid:>5}): {text}\n"),
            Shape::Long => format!("[ {time} {uid}{pid:>5}:{tid:>5} {priority}/{tag:<8} ]\n{text}\n\n"),
            Shape::Process => format!("{priority}({uid}{pid:>5}) {text}  ({tag})\n"),
            Shape::Raw => format!("{text}\n"),
            Shape::Tag => format!("{priority}/{tag:<8}: {text}\n"),
            Shape::Thread => format!("{priority}({uid}{pid:>5}:{tid:>5}) {text}\n"),
            Shape::ThreadTime => format!("{time} {uid}{pid:>5} {tid:>5} {priority} {tag:<8}: {text}\n"),
            Shape::Time => format!("{time} {priority}/{tag:<8}({uid}{pid:>5}): {text}\n"),
        }
    }

    fn time(&self, at: i64) -> String {
        let mut time = if self.epoch || self.monotonic {
            let at = if self.monotonic { at - self.started } else { at };
            let seconds = format!("{}.{:03}", at.div_euclid(1_000), at.rem_euclid(1_000));
            format!("{seconds:>23}")
        } else if self.year {
            stamp::millis(at)
        } else {
            stamp::log(at)
        };
        if self.nsec {
            time += "000000";
        } else if self.usec {
            time += "000";
        }
        if self.zone && !self.epoch && !self.monotonic {
            time += " +0000";
        }
        time
    }
}

/// One line as liblog's `logger_entry` (AOSP `log_read.h`), little-endian: payload and header length, process, thread,
/// seconds, nanoseconds, buffer, and since API 24 the user; then the priority, tag and text, both ended by a zero.
pub fn entry(line: &LogLine, api: u32) -> Vec<u8> {
    // Numbers of `android_LogPriority`: verbose is 2.
    let priority = "VDIWEFS".find(line.priority).and_then(|at| u8::try_from(at + 2).ok()).unwrap_or(4);
    let payload = [&[priority], line.tag.as_bytes(), b"\0", line.text.as_bytes(), b"\0"].concat();
    let header: u16 = if api >= 24 { 28 } else { 24 };
    let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    let seconds = u32::try_from(line.at.div_euclid(1_000)).unwrap_or(0);
    let nanos = u32::try_from(line.at.rem_euclid(1_000) * 1_000_000).unwrap_or(0);
    // Numbers of `log_id_t`.
    let buffer = match line.buffer {
        Buffer::Main => 0,
        Buffer::Radio => 1,
        Buffer::Events => 2,
        Buffer::System => 3,
        Buffer::Crash => 4,
    };
    let mut bytes: Vec<u8> = [length, header].iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.extend([line.pid, line.tid, seconds, nanos, buffer].iter().flat_map(|word| word.to_le_bytes()));
    if api >= 24 {
        bytes.extend(line.uid.to_le_bytes());
    }
    bytes.extend(&payload[..usize::from(length)]);
    bytes
}

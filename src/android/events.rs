//! The device's log as it is written: what came to the front, what died, who asked for permissions.

use std::sync::atomic::Ordering;

use serde::Deserialize;

use super::Android;
use super::error::AndroidError;
use super::focus::focused_window;
use super::logs::{LogEvent, LogKind, TAGS, parse_line, place};
use super::tail::{Join, Tail};
use super::time::DeviceTime;
use crate::adb::{Lines, quote};

const SCRIPT: &str = include_str!("../../device-scripts/watch.sh");
/// First API level whose log tells of every window that gets the focus.
const FOCUS_LOGGED_SINCE: u32 = 30;
/// First API level whose `logcat` prints seconds since 1970 (`-v epoch`).
const EPOCH_SINCE: u32 = 26;

/// What one line of the device script carries.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Told {
    /// A line of the log.
    Log(String),
    /// When, in seconds since 1970, where the device's shell knows it; and the line of `dumpsys window` about the focused
    /// window.
    Window(String),
}

/// A long-lived stream of events. Dropping it ends the script behind it.
#[derive(Debug)]
pub struct EventStream {
    android: Android,
    lines: Lines,
    /// The activity last reported in front, to report it once.
    front: Option<String>,
    /// Number of the window last reported to have the focus, to report it once.
    focus: Option<String>,
    /// The script has said something.
    heard: bool,
    /// The last lines of the log that came.
    tail: Tail,
    /// Where this stream goes on with one that broke.
    join: Option<Join>,
}

impl Android {
    /// Follows the log from now on.
    pub async fn events(&self) -> Result<EventStream, AndroidError> {
        // The last line written: what is older was before us.
        self.follow("1").await
    }

    /// Follows the log from its beginning, which on a device that was just started is its start.
    pub async fn events_from_boot(&self) -> Result<EventStream, AndroidError> {
        self.follow("").await
    }

    /// Goes on where a stream broke: what was logged meanwhile comes first, as far as the log still has it, and nothing
    /// comes twice. [`EventStream::again`] tells how far it has.
    pub async fn events_after(&self, broken: &EventStream) -> Result<EventStream, AndroidError> {
        let now = self.assumed_time();
        // One millisecond earlier: some releases leave out what was written at the very time.
        let begin = broken.tail.begin().and_then(|at| now.to_logcat(at - 1));
        let mut stream = self.follow(begin.as_deref().unwrap_or("1")).await?;
        stream.join = begin.map(|_| broken.tail.clone().join(now.now));
        (stream.front, stream.focus) = (broken.front.clone(), broken.focus.clone());
        stream.tail = broken.tail.clone();
        Ok(stream)
    }

    async fn follow(&self, since: &str) -> Result<EventStream, AndroidError> {
        let lines = self.device().stream(&self.events_command(since)).await?;
        let (tail, join) = (Tail::default(), None);
        Ok(EventStream { android: self.clone(), lines, front: None, focus: None, heard: false, tail, join })
    }

    /// The device's clock, as last read.
    fn assumed_time(&self) -> DeviceTime {
        let now = self.device().clock().now() + self.clock_offset_ms().unwrap_or(0);
        DeviceTime { now, zone: self.zone_ms() }
    }

    /// The device script, or on a device whose shell could not run it the log alone.
    fn events_command(&self, since: &str) -> String {
        let api = self.identity().api;
        let epoch = if api >= EPOCH_SINCE { " -v epoch" } else { "" };
        let arguments = format!("-b events -b system -b main -b crash -v threadtime{epoch} {} *:S", TAGS.join(" "));
        if self.known.plain_log.load(Ordering::Acquire) {
            let since = if since.is_empty() { String::new() } else { format!("-T {} ", quote(since)) };
            return format!("logcat {since}{}", arguments.replace('*', "'*'"));
        }
        let turns = u8::from(api < FOCUS_LOGGED_SINCE);
        let lines = SCRIPT.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        format!("W={turns}; T='{since}'; L='{arguments}'\n{lines}")
    }
}

impl EventStream {
    /// The next event; `None` when the log ended (logd died, or the device is going down). Can be dropped and called
    /// again without losing anything.
    pub async fn next(&mut self) -> Result<Option<LogEvent>, AndroidError> {
        while let Some(line) = self.lines.next().await? {
            let event = self.read(&line, self.android.assumed_time()).filter(|event| self.is_news(event));
            if let Some(event) = event {
                if let Some(join) = &mut self.join {
                    join.count(event.device_time);
                }
                return Ok(Some(event));
            }
        }
        if !self.heard {
            // Its shell did not get through the script: the next stream does without.
            self.android.known.plain_log.store(true, Ordering::Release);
        }
        Ok(None)
    }

    /// Whether everything that the stream before this one missed has come, by the times of what came since.
    pub fn has_caught_up(&self) -> bool {
        self.join.as_ref().is_none_or(Join::has_passed)
    }

    /// How many events of the time before this stream was opened came, each once; `None` when the log does not reach back
    /// to what the broken stream had read, or there was none.
    pub fn again(&self) -> Option<u32> {
        self.join.as_ref().and_then(Join::again)
    }

    fn read(&mut self, line: &str, time: DeviceTime) -> Option<LogEvent> {
        // The script makes control characters of a line harmless only as far as a shell can.
        let clean: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        match serde_json::from_str(&clean) {
            Ok(Told::Log(line)) => {
                self.heard = true;
                self.read_log(&line, time)
            }
            Ok(Told::Window(line)) => {
                self.heard = true;
                let (at, line) = line.split_once(' ').unwrap_or_default();
                let (token, window) = focused_window(line).unzip();
                let kind = LogKind::FocusChanged { window, token };
                Some(LogEvent { device_time: DeviceTime::epoch(at).or(Some(time.now)), kind, raw: line.to_owned() })
            }
            Err(_) => self.read_log(line, time),
        }
    }

    fn read_log(&mut self, line: &str, time: DeviceTime) -> Option<LogEvent> {
        let (at, buffer) = place(line, time)?;
        if self.join.as_mut().is_some_and(|join| join.knows(at, line)) {
            return None;
        }
        self.tail.note(at, buffer, line);
        parse_line(line, time)
    }

    /// One resumption is logged by up to three tags; only the first is news.
    fn is_news(&mut self, event: &LogEvent) -> bool {
        match &event.kind {
            LogKind::ActivityResumed { component } => self.front.replace(component.clone()).as_ref() != Some(component),
            // A window is first asked to take the focus, then has it; one that is not numbered is an activity's.
            LogKind::FocusChanged { token: Some(token), .. } => {
                self.focus.replace(token.clone()).as_ref() != Some(token)
            }
            LogKind::ActivityPaused { component } | LogKind::ActivityGone { component, .. } => {
                if self.front.as_ref() == Some(component) {
                    self.front = None;
                }
                true
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_script_is_read_once() {
        let read = |line| serde_json::from_str::<Told>(line).unwrap();
        assert_eq!(read(r#"{"log":"a \"b\" \\ c"}"#), Told::Log(r#"a "b" \ c"#.to_owned()));
        let window = "1795295576.960900   mCurrentFocus=null";
        assert_eq!(read(&format!(r#"{{"window":"{window}"}}"#)), Told::Window(window.to_owned()));
    }

    #[test]
    fn the_script_is_small_enough_for_an_old_adbd() {
        // An adbd of API 23 takes service names of up to 4,096 bytes.
        let script: usize = SCRIPT.lines().filter(|line| !line.starts_with('#')).map(|line| line.len() + 1).sum();
        let tags: usize = TAGS.iter().map(|tag| tag.len() + 1).sum();
        assert!(script + tags < 3_500, "{script} + {tags} bytes");
    }
}

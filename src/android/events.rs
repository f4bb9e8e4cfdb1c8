//! The device's log as it is written: what came to the front, what died, who asked for permissions.

use std::sync::atomic::Ordering;

use serde::Deserialize;

use super::Android;
use super::error::AndroidError;
use super::focus::focused_window;
use super::logs::{LogEvent, LogKind, TAGS, parse_line};
use super::time::DeviceTime;
use crate::adb::Lines;
use crate::clock::Clock;

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
    /// The line of `dumpsys window` about the focused window.
    Window(String),
}

/// A long-lived stream of events. Dropping it ends the script behind it.
#[derive(Debug)]
pub struct EventStream {
    android: Android,
    lines: Lines,
    clock: Clock,
    /// Device clock minus host clock, in milliseconds.
    offset: i64,
    zone: i64,
    /// The activity last reported in front, to report it once.
    front: Option<String>,
    /// Number of the window last reported to have the focus, to report it once.
    focus: Option<String>,
    /// The script has said something.
    heard: bool,
}

impl Android {
    /// Follows the log from now on.
    pub async fn events(&self) -> Result<EventStream, AndroidError> {
        // `-T 1` starts with the last line written: what is older was before us.
        self.follow(" -T 1").await
    }

    /// Follows the log from its beginning, which on a device that was just started is its start.
    pub async fn events_from_boot(&self) -> Result<EventStream, AndroidError> {
        self.follow("").await
    }

    async fn follow(&self, since: &str) -> Result<EventStream, AndroidError> {
        let lines = self.device().stream(&self.events_command(since)).await?;
        let offset = self.identity().clock_offset_ms.unwrap_or(0);
        let clock = self.device().clock().clone();
        let (android, zone) = (self.clone(), self.zone_ms());
        Ok(EventStream { android, lines, clock, offset, zone, front: None, focus: None, heard: false })
    }

    /// The device script, or on a device whose shell could not run it the log alone.
    fn events_command(&self, since: &str) -> String {
        let api = self.identity().api;
        let arguments = self.log_arguments(since);
        if self.known.plain_log.load(Ordering::Acquire) {
            return format!("logcat {arguments} '*:S'");
        }
        let turns = u8::from(api < FOCUS_LOGGED_SINCE);
        let lines = SCRIPT.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        format!("W={turns}; L='{arguments} *:S'\n{lines}")
    }

    fn log_arguments(&self, since: &str) -> String {
        let epoch = if self.identity().api >= EPOCH_SINCE { " -v epoch" } else { "" };
        format!("-b events -b system -b main -b crash -v threadtime{epoch}{since} {}", TAGS.join(" "))
    }
}

impl EventStream {
    /// The next event; `None` when the log ended (logd died, or the device is going down). Can be dropped and called
    /// again without losing anything.
    pub async fn next(&mut self) -> Result<Option<LogEvent>, AndroidError> {
        while let Some(line) = self.lines.next().await? {
            let time = DeviceTime { now: self.clock.now() + self.offset, zone: self.zone };
            if let Some(event) = self.read(&line, time).filter(|event| self.is_news(event)) {
                return Ok(Some(event));
            }
        }
        if !self.heard {
            // Its shell did not get through the script: the next stream does without.
            self.android.known.plain_log.store(true, Ordering::Release);
        }
        Ok(None)
    }

    fn read(&mut self, line: &str, time: DeviceTime) -> Option<LogEvent> {
        // The script makes control characters of a line harmless only as far as a shell can.
        let clean: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        match serde_json::from_str(&clean) {
            Ok(Told::Log(line)) => {
                self.heard = true;
                parse_line(&line, time)
            }
            Ok(Told::Window(line)) => {
                self.heard = true;
                let (token, window) = focused_window(&line).unzip();
                let kind = LogKind::FocusChanged { window, token };
                Some(LogEvent { device_time: Some(time.now), kind, raw: line })
            }
            Err(_) => parse_line(line, time),
        }
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
        assert_eq!(read(r#"{"window":"mCurrentFocus=null"}"#), Told::Window("mCurrentFocus=null".to_owned()));
    }

    #[test]
    fn the_script_is_small_enough_for_an_old_adbd() {
        // An adbd of API 23 takes service names of up to 4,096 bytes.
        let script: usize = SCRIPT.lines().filter(|line| !line.starts_with('#')).map(|line| line.len() + 1).sum();
        let tags: usize = TAGS.iter().map(|tag| tag.len() + 1).sum();
        assert!(script + tags < 3_500, "{script} + {tags} bytes");
    }
}

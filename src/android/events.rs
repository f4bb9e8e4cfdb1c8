//! The device's log as it is written: what came to the front, what died, who asked for permissions.

use super::Android;
use super::error::AndroidError;
use super::logs::{LogEvent, LogKind, TAGS, parse_line};
use super::time::DeviceTime;
use crate::adb::Lines;
use crate::clock::Clock;

/// First API level whose `logcat` prints seconds since 1970 (`-v epoch`).
const EPOCH_SINCE: u32 = 26;

/// A long-lived stream of log events. Dropping it ends the `logcat` behind it.
#[derive(Debug)]
pub struct EventStream {
    lines: Lines,
    clock: Clock,
    /// Device clock minus host clock, in milliseconds.
    offset: i64,
    zone: i64,
    /// The activity last reported in front, to report it once.
    front: Option<String>,
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
        Ok(EventStream { lines, clock: self.device().clock().clone(), offset, zone: self.zone_ms(), front: None })
    }

    fn events_command(&self, since: &str) -> String {
        let epoch = if self.identity().api >= EPOCH_SINCE { " -v epoch" } else { "" };
        format!("logcat -b events -b system -b main -b crash -v threadtime{epoch}{since} {} '*:S'", TAGS.join(" "))
    }
}

impl EventStream {
    /// The next event; `None` when the log ended (logd died, or the device is going down). Can be dropped and called
    /// again without losing anything.
    pub async fn next(&mut self) -> Result<Option<LogEvent>, AndroidError> {
        while let Some(line) = self.lines.next().await? {
            let time = DeviceTime { now: self.clock.now() + self.offset, zone: self.zone };
            if let Some(event) = parse_line(&line, time).filter(|event| self.is_news(event)) {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// One resumption is logged by up to three tags; only the first is news.
    fn is_news(&mut self, event: &LogEvent) -> bool {
        match &event.kind {
            LogKind::ActivityResumed { component } => self.front.replace(component.clone()).as_ref() != Some(component),
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

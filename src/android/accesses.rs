//! Accesses to personal data, as the app-operations service remembers them: the last one per operation and state.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;
use super::time::{DeviceTime, duration};
use crate::adb::quote;
use crate::journal::entry::Access;

const WITHIN: Duration = Duration::from_secs(15);

impl Android {
    /// The accesses of a package that the device remembers. An operation's newest access stands in for older ones of
    /// the same kind: who wants all reads often and compares.
    pub async fn accesses(&self, package: &str) -> Result<Vec<Access>, AndroidError> {
        // How long ago an access was is told as of the end of the dump, not as of its start.
        let command = format!("{}; {}", self.accesses_command(package), super::capture::CLOCK);
        let text = self.device().shell(&command, WITHIN).await?.text();
        let (dump, clock) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
        let time = super::capture::read_clock(clock).ok_or_else(|| super::unreadable("the device's clock", clock))?;
        self.learn_clock(time.now);
        Ok(parse_accesses(dump, package, time))
    }

    /// Without the `cmd` program, `appops get` starts a Java process of seconds; the dump does not.
    pub(super) fn accesses_command(&self, package: &str) -> String {
        if self.identity().api < CMD_SINCE {
            return "dumpsys appops".to_owned();
        }
        format!("cmd appops get {}", quote(package))
    }
}

/// First API level whose package manager, app operations and activity manager answer to `cmd`.
pub(super) const CMD_SINCE: u32 = 24;

/// Reads `appops get PKG`, or `dumpsys appops` of API 23 to 36 (then only the package's own blocks).
pub fn parse_accesses(text: &str, package: &str, time: DeviceTime) -> Vec<Access> {
    let whole_dump =
        text.lines().any(|line| line.trim_start().starts_with("Package ") && line.trim_end().ends_with(':'));
    let mut reader = Reader { package, time, inside: !whole_dump, op: String::new(), found: Vec::new() };
    text.lines().for_each(|line| reader.line(line.trim()));
    reader.found
}

struct Reader<'a> {
    package: &'a str,
    time: DeviceTime,
    /// Within a block of the package.
    inside: bool,
    /// Operation that the following lines are about (new format).
    op: String,
    found: Vec<Access>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("Package ").and_then(|rest| rest.strip_suffix(':')) {
            self.inside = rest == self.package;
            self.op.clear();
        } else if line.starts_with("Uid ") && line.ends_with(':') {
            self.inside = false;
        } else if self.inside {
            self.detail(line);
        }
    }

    fn detail(&mut self, line: &str) {
        // `Uid mode: COARSE_LOCATION: ignore` tells a mode, no access.
        let line = line.strip_prefix("Uid mode: ").unwrap_or(line);
        if let Some(rest) = line.strip_prefix("Access:") {
            self.new_format(rest, true);
        } else if let Some(rest) = line.strip_prefix("Reject:") {
            self.new_format(rest, false);
        } else if let Some(rest) = line.strip_prefix("Running start at:") {
            let ago = rest.split_whitespace().next().unwrap_or_default();
            let access = self.access(true, self.time.ago(ago));
            self.found.push(access);
        } else if let Some((op, _)) = line.split_once(" (").filter(|(op, _)| is_op(op)) {
            op.clone_into(&mut self.op);
        } else if let Some((op, rest)) = line.split_once(": ").filter(|(op, _)| is_op(op)) {
            op.clone_into(&mut self.op);
            self.old_format(rest);
        }
    }

    /// `allow; time=+1m18s233ms ago; rejectTime=+2s ago; duration=+88ms`, or `mode=0; time=… ago (running)`.
    fn old_format(&mut self, rest: &str) {
        let duration_ms = rest.split(';').find_map(|part| part.trim().strip_prefix("duration=")).and_then(millis);
        for part in rest.split(';').map(str::trim) {
            let (ago, allowed) = match part.split_once('=') {
                Some(("time", ago)) => (ago, true),
                Some(("rejectTime", ago)) => (ago, false),
                _ => continue,
            };
            let ago = ago.split_whitespace().next().unwrap_or_default();
            let Some(at) = self.time.ago(ago) else { continue };
            // "-2h ago": it is yet to come, because the clock was set back since.
            let at = if ago.starts_with('-') { 2 * self.time.now - at } else { at };
            let mut access = self.access(allowed, Some(at));
            access.duration_ms = duration_ms.filter(|_| allowed);
            self.found.push(access);
        }
    }

    /// `[fg-s] 2026-05-04 15:57:39.484 (-2h32m22s253ms) duration=+2s646ms proxy[…]`; rejects lack the first space.
    fn new_format(&mut self, rest: &str, allowed: bool) {
        let Some((state, rest)) = rest.trim().strip_prefix('[').and_then(|rest| rest.split_once(']')) else { return };
        let (printed, rest) = rest.split_once('(').unwrap_or((rest, ""));
        let ago = rest.split_once(')').map_or(rest, |(ago, _)| ago);
        let at = self.time.full(printed).or_else(|| self.time.ago(ago));
        let mut access = self.access(allowed, at);
        access.foreground = foreground(state);
        access.duration_ms = rest.split_whitespace().find_map(|word| word.strip_prefix("duration=")).and_then(millis);
        self.found.push(access);
    }

    fn access(&self, allowed: bool, device_time: Option<i64>) -> Access {
        Access {
            package: self.package.to_owned(),
            op: self.op.clone(),
            device_time,
            mono: None,
            allowed,
            foreground: None,
            duration_ms: None,
            count: 1,
        }
    }
}

/// `top-s`, `fgsvc-tp`, `cch-s` …: state and flags (AOSP `AppOpsManager.UID_STATE_NAMES`). A persistent process may
/// be either.
pub(super) fn foreground(state: &str) -> Option<bool> {
    match state.split('-').next().unwrap_or_default() {
        "top" | "fg" | "fgsvc" | "fgsvcl" => Some(true),
        "bg" | "cch" => Some(false),
        _ => None,
    }
}

/// Operations are written in capitals, vendors' own as `MIUIOP(10008)`.
pub(super) fn is_op(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"_()".contains(&b))
}

fn millis(text: &str) -> Option<u64> {
    let text = text.split_whitespace().next()?;
    duration(text).and_then(|ms| u64::try_from(ms).ok())
}

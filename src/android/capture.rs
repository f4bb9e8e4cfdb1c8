//! One moment of the device: picture, hierarchy, focus, permissions, accesses, time; in one round trip where the device
//! runs our script, else by single commands with the same result.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use super::Android;
use super::accesses::{CMD_SINCE, parse_accesses};
use super::error::AndroidError;
use super::focus::{Focus, parse_focus};
use super::hierarchy::{DUMP, Hierarchy, read_dump};
use super::packages::parse_package;
use super::screenshot::{Screenshot, read_picture};
use super::time::{DeviceTime, zone};
use crate::adb::quote;
use crate::journal::entry::{Access, Permission};

const SCRIPT: &str = include_str!("../../device-scripts/capture.sh");
/// How long the script may take: 10 s on the slowest captured device, more when the screen does not come to rest.
const WITHIN: Duration = Duration::from_secs(40);
/// Longest answer taken, in bytes: a raw picture, a hierarchy, dumps.
const LONGEST: usize = 180 << 20;
/// Prints seconds since 1970, the zone and, on shells that have it, the same with a fraction.
pub(super) const CLOCK: &str = "echo \"$(date '+%s %z') $EPOCHREALTIME\"";

/// Everything that is known of one moment. What could not be had is `None`, with a reason in `missing`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// View hierarchy.
    pub hierarchy: Option<Hierarchy>,
    /// Picture of the screen.
    pub screenshot: Option<Screenshot>,
    /// Focused window and resumed activity.
    pub focus: Focus,
    /// Runtime permissions of the package; `None` when they could not be read or it is not installed.
    pub permissions: Option<Vec<Permission>>,
    /// Accesses the device remembers for the package.
    pub accesses: Option<Vec<Access>>,
    /// The device's clock at the beginning, in milliseconds since 1970, UTC.
    pub device_time: Option<i64>,
    /// The device's clock at the end.
    pub device_time_end: Option<i64>,
    /// What is missing, and why.
    pub missing: Vec<String>,
}

impl Snapshot {
    /// The picture shows nothing although the hierarchy is not empty: the window is secure, or nothing is rendered.
    pub fn is_blank(&self) -> bool {
        let nodes = self.hierarchy.as_ref().is_some_and(|h| h.tree.nodes.len() > 1);
        nodes && self.screenshot.as_ref().is_some_and(|picture| picture.blank)
    }
}

impl Android {
    /// The moment, for one package. Only a lost device or a cancelled call is an error; all else is in `missing`.
    pub async fn capture(&self, package: &str) -> Result<Snapshot, AndroidError> {
        match self.capture_by_script(package).await {
            Ok(snapshot) => self.complete(snapshot).await,
            Err(error) if error.is_final() => Err(error),
            Err(_) => self.capture_by_commands(package).await,
        }
    }

    /// The moment by one device script: one round trip.
    pub async fn capture_by_script(&self, package: &str) -> Result<Snapshot, AndroidError> {
        // Marks the sections; an app can't foresee it and so can't forge one.
        let nonce = format!("aw{:016x}", RandomState::new().build_hasher().finish());
        let has_cmd = u8::from(self.identity().api >= CMD_SINCE);
        let lines = SCRIPT.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        let mut alone = self.uiautomation().await;
        let accelerator = alone.as_mut().filter(|accelerator| accelerator.is_usable());
        // Where the accelerator dumps, the script does not.
        let dumps = u8::from(accelerator.is_none());
        let command = format!("N={nonce}; P={}; F={DUMP}; C={has_cmd}; U={dumps}; {lines}", quote(package));
        let by_script = self.device().exec(&command, WITHIN, LONGEST);
        let (answer, quick) = match accelerator {
            Some(accelerator) => {
                let (answer, quick) = tokio::join!(by_script, accelerator.hierarchy(self.device()));
                (answer?, Some(quick))
            }
            None => (by_script.await?, None),
        };
        drop(alone);
        let sections = sections(&answer, &nonce);
        if sections.last().is_none_or(|(name, _)| *name != "end") {
            let words = String::from_utf8_lossy(&answer[..answer.len().min(200)]).into_owned();
            return Err(AndroidError::Refused { doing: "run the capture script".to_owned(), message: words });
        }
        let mut snapshot = read(&sections, package);
        if let Some(quick) = quick {
            drop_reason(&mut snapshot.missing, "hierarchy");
            let hierarchy = keep("hierarchy", quick, &mut snapshot.missing)?;
            snapshot.hierarchy = hierarchy.and_then(|quick| take("hierarchy", quick, &mut snapshot.missing));
        }
        if let Some(now) = snapshot.device_time {
            self.notice_clock(now);
        }
        Ok(snapshot)
    }

    /// The moment by single commands.
    pub async fn capture_by_commands(&self, package: &str) -> Result<Snapshot, AndroidError> {
        let mut snapshot = Snapshot::default();
        let missing = &mut snapshot.missing;
        snapshot.device_time = keep("device time", self.device_time().await, missing)?.map(|time| time.now);
        snapshot.screenshot = keep("screenshot", self.screenshot().await, missing)?;
        snapshot.focus = keep("focus", self.focus().await, missing)?.unwrap_or_default();
        snapshot.hierarchy = keep("hierarchy", self.hierarchy().await, missing)?;
        let info = keep("permissions", self.package_info(package).await, missing)?;
        if let Some(None) = info {
            missing.push(format!("permissions: {package} is not installed"));
        }
        snapshot.permissions = info.flatten().map(|info| info.runtime);
        snapshot.accesses = keep("accesses", self.accesses(package).await, missing)?;
        snapshot.device_time_end = keep("device time", self.device_time().await, missing)?.map(|time| time.now);
        Ok(snapshot)
    }

    /// The device's clock now.
    pub async fn device_time(&self) -> Result<DeviceTime, AndroidError> {
        let text = self.device().shell(CLOCK, Duration::from_secs(5)).await?.text();
        read_clock(&text).ok_or_else(|| super::unreadable("the device's clock", &text))
    }

    /// Has another try at what the script could not get at once.
    async fn complete(&self, mut snapshot: Snapshot) -> Result<Snapshot, AndroidError> {
        if snapshot.screenshot.is_none() {
            drop_reason(&mut snapshot.missing, "screenshot");
            snapshot.screenshot = keep("screenshot", self.screenshot().await, &mut snapshot.missing)?;
        }
        if snapshot.hierarchy.is_none() {
            drop_reason(&mut snapshot.missing, "hierarchy");
            snapshot.hierarchy = keep("hierarchy", self.hierarchy().await, &mut snapshot.missing)?;
            snapshot.device_time_end = self.device_time().await.ok().map(|time| time.now);
        }
        Ok(snapshot)
    }
}

/// Splits an answer at its marks: lines `nonce:name`, each after an empty line of ours.
fn sections<'a>(answer: &'a [u8], nonce: &str) -> Vec<(&'a str, &'a [u8])> {
    let mark = format!("\n{nonce}:");
    let mut marks = Vec::new();
    let mut from = 0;
    while let Some(at) = find(&answer[from..], mark.as_bytes()).map(|at| at + from) {
        let name_start = at + mark.len();
        let length = answer[name_start..].iter().position(|b| *b == b'\n').unwrap_or(answer.len() - name_start);
        marks.push((at, name_start, name_start + length));
        from = name_start + length;
    }
    let ends = marks.iter().skip(1).map(|(at, ..)| *at).chain([answer.len()]).collect::<Vec<_>>();
    let section = |((_, start, name_end), end): (&(usize, usize, usize), usize)| {
        let name = std::str::from_utf8(&answer[*start..*name_end]).unwrap_or_default().trim_end();
        let body = &answer[(name_end + 1).min(end)..end];
        // The line feed before the next mark is ours.
        (name, body.strip_suffix(b"\n").unwrap_or(body))
    };
    marks.iter().zip(ends).map(section).collect()
}

fn read(sections: &[(&str, &[u8])], package: &str) -> Snapshot {
    let bytes = |name: &str| sections.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, body)| *body);
    let text = |name: &str| String::from_utf8_lossy(bytes(name)).into_owned();
    let mut snapshot = Snapshot::default();
    let missing = &mut snapshot.missing;
    let time = read_clock(&text("clock"));
    if time.is_none() {
        missing.push("device time: the device's clock can't be read".to_owned());
    }
    snapshot.device_time = time.map(|time| time.now);
    snapshot.screenshot = take("screenshot", read_picture(whole_picture(bytes("picture")).to_vec()), missing);
    snapshot.focus = parse_focus(&text("focus"));
    snapshot.hierarchy = take("hierarchy", read_dump(bytes("hierarchy")), missing);
    let info = parse_package(&text("package"), package).filter(|info| info.installed);
    if info.is_none() {
        missing.push(format!("permissions: {package} is not installed"));
    }
    snapshot.permissions = info.map(|info| info.runtime);
    let now = read_clock(&text("now")).or(time);
    snapshot.device_time_end = now.map(|now| now.now);
    snapshot.accesses = now.map(|now| parse_accesses(&text("accesses"), package, now));
    snapshot
}

/// The picture ends before the empty line that the next mark prints.
fn whole_picture(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").filter(|cut| cut.ends_with(b"IEND\xaeB`\x82")).unwrap_or(bytes)
}

/// `1795295577 +0000 1795295576.960900`; the last word is missing where the shell does not know `EPOCHREALTIME`.
pub(super) fn read_clock(text: &str) -> Option<DeviceTime> {
    let mut words = text.split_whitespace();
    let seconds = words.next()?;
    let zone = words.next().and_then(zone).unwrap_or(0);
    let whole = DeviceTime::epoch(seconds)?;
    let now = words.next().and_then(DeviceTime::epoch).unwrap_or(whole);
    Some(DeviceTime { now, zone })
}

fn take<T, E: std::fmt::Display>(what: &str, result: Result<T, E>, missing: &mut Vec<String>) -> Option<T> {
    result.map_err(|error| missing.push(format!("{what}: {error}"))).ok()
}

/// Keeps a result, or notes why it is missing; a lost device ends all.
fn keep<T>(what: &str, result: Result<T, AndroidError>, missing: &mut Vec<String>) -> Result<Option<T>, AndroidError> {
    match result {
        Err(error) if error.is_final() => Err(error),
        other => Ok(take(what, other, missing)),
    }
}

fn drop_reason(missing: &mut Vec<String>, what: &str) {
    missing.retain(|reason| !reason.starts_with(what));
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    // Over a picture of hundreds of kilobytes, window by window costs more than all else of a look.
    memchr::memmem::find(bytes, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keep_their_bytes() {
        let answer =
            b"noise\n\nN1:clock\n1795295577 +0800 1795295577.960900\n\nN1:picture\n\x89PNG\n\x00\n\n\nN1:end\n";
        let sections = sections(answer, "N1");
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["clock", "picture", "end"]);
        assert_eq!(sections[1].1, b"\x89PNG\n\x00\n");
        let time = read_clock(std::str::from_utf8(sections[0].1).unwrap()).unwrap();
        assert_eq!(time, DeviceTime { now: 1_795_295_577_960, zone: 28_800_000 });
    }

    #[test]
    fn a_clock_without_fraction_is_read_to_the_second() {
        assert_eq!(read_clock("1795295577 +0000 \n").unwrap().now, 1_795_295_577_000);
        assert!(read_clock("sh: date: not found").is_none());
    }

    #[test]
    fn the_script_is_small_enough_for_an_old_adbd() {
        // An adbd of API 23 takes service names of up to 4,096 bytes.
        let sent: usize = SCRIPT.lines().filter(|line| !line.starts_with('#')).map(|line| line.len() + 1).sum();
        assert!(sent < 2_000, "{sent} bytes");
        assert!(SCRIPT.is_ascii() && SCRIPT.ends_with("m end\n"));
    }
}

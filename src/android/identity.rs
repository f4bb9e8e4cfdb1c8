//! Who a device is: one round trip for properties, screen, user and clock.

use std::collections::BTreeMap;
use std::time::Duration;

use super::capture::{CLOCK, read_clock};
use super::error::AndroidError;
use crate::adb::Device;
use crate::journal::entry::DeviceIdentity;

/// How long the question may take: `wm` starts a Java process, twice, 2 s each on the slowest captured device.
const WITHIN: Duration = Duration::from_secs(20);
/// Separates the answers; no property holds it.
const MARK: &str = "@@appwitness";

/// What a device says of itself, and its zone.
pub(super) struct Answer {
    pub identity: DeviceIdentity,
    /// Local time minus UTC, in milliseconds.
    pub zone: i64,
    pub root: Root,
}

/// How commands become root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// They don't.
    No,
    /// They are, as adbd is.
    Shell,
    /// By `su`, as debug builds have it.
    Su,
}

/// Asks for root where it is given without a question: on debug builds. Elsewhere a person may have to be asked.
const SU: &str = "[ \"$(getprop ro.debuggable)\" = 1 ] && su 0 id 2>/dev/null";

/// Asks a device who it is.
pub(super) async fn ask(device: &Device) -> Result<Answer, AndroidError> {
    let features = device.features().await?;
    let parts = ["wm size 2>/dev/null", "wm density 2>/dev/null", "id", SU, "getprop", CLOCK];
    let command = parts.join(&format!("; echo {MARK}; "));
    let clock = device.clock();
    let output = device.shell(&command, WITHIN).await?;
    // The clock is printed last, so its age is only the way back.
    let host_now = clock.now();
    let text = output.text();
    let answers: Vec<&str> = text.split(MARK).collect();
    let [size, density, id, su, props, device_clock] = answers.as_slice() else {
        return Err(super::unreadable("who the device is", &text));
    };
    let time = read_clock(device_clock);
    let mut identity = read(&properties(props));
    identity.serial = device.serial().to_owned();
    identity.features = features;
    (identity.width, identity.height) = last_value(size).and_then(|text| pair(&text)).unwrap_or((0, 0));
    identity.density = last_value(density).and_then(|text| text.parse().ok()).unwrap_or(identity.density);
    let root = match () {
        () if id.contains("uid=0(") => Root::Shell,
        () if su.contains("uid=0(") => Root::Su,
        () => Root::No,
    };
    identity.rooted = root != Root::No;
    identity.clock_offset_ms = time.map(|time| time.now - host_now);
    if identity.api == 0 {
        return Err(super::unreadable("the device's API level", props));
    }
    Ok(Answer { identity, zone: time.unwrap_or_default().zone, root })
}

/// Reads `getprop`: `[key]: [value]`; a value may go over several lines.
pub fn properties(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        if let Some((key, mut value)) = open.take() {
            value.push('\n');
            value.push_str(line);
            open = close(&mut found, key, value);
        } else if let Some((key, value)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]: [")) {
            open = close(&mut found, key.to_owned(), value.to_owned());
        }
    }
    found
}

fn close(found: &mut BTreeMap<String, String>, key: String, value: String) -> Option<(String, String)> {
    match value.trim_end().strip_suffix(']') {
        Some(whole) => {
            found.insert(key, whole.to_owned());
            None
        }
        None => Some((key, value)),
    }
}

pub(super) fn read(props: &BTreeMap<String, String>) -> DeviceIdentity {
    let get = |key: &str| props.get(key).map(String::as_str).unwrap_or_default();
    let first = |keys: &[&str]| keys.iter().map(|key| get(key)).find(|value| !value.is_empty()).unwrap_or_default();
    let abis = first(&["ro.product.cpu.abilist", "ro.product.cpu.abi"]);
    DeviceIdentity {
        api: get("ro.build.version.sdk").parse().unwrap_or(0),
        manufacturer: first(&["ro.product.manufacturer", "ro.product.vendor.manufacturer"]).to_owned(),
        model: first(&["ro.product.model", "ro.product.vendor.model"]).to_owned(),
        fingerprint: get("ro.build.fingerprint").to_owned(),
        locale: locale(props),
        skin: skin(props).to_owned(),
        abis: abis.split(',').map(str::trim).filter(|abi| !abi.is_empty()).map(str::to_owned).collect(),
        density: first(&["qemu.sf.lcd_density", "ro.sf.lcd_density"]).parse().unwrap_or(0),
        emulator: is_emulator(props),
        virtual_device: get("ro.appwitness.virtual") == "1",
        ..DeviceIdentity::default()
    }
}

/// `persist.sys.locale` since API 21; before and beside it language and country apart.
fn locale(props: &BTreeMap<String, String>) -> String {
    let get = |key: &str| props.get(key).map(String::as_str).unwrap_or_default();
    let (language, country) = (get("persist.sys.language"), get("persist.sys.country"));
    let parts = if country.is_empty() { language.to_owned() } else { format!("{language}-{country}") };
    let candidates = [get("persist.sys.locale"), parts.as_str(), get("ro.product.locale")];
    candidates.into_iter().find(|value| !value.is_empty()).unwrap_or_default().to_owned()
}

/// Who drew the system's dialogs, by the properties that each skin sets (seen in captured `getprop` outputs for
/// Xiaomi and Samsung; the others from their makers' public ROMs).
fn skin(props: &BTreeMap<String, String>) -> &'static str {
    const MARKS: [(&str, &str); 12] = [
        ("ro.miui.ui.version.name", "miui"),
        ("ro.miui.ui.version.code", "miui"),
        ("ro.mi.os.version.name", "miui"),
        ("ro.build.version.oneui", "samsung"),
        ("ro.build.version.sem", "samsung"),
        ("ro.build.version.oplusrom", "coloros"),
        ("ro.build.version.opporom", "coloros"),
        ("ro.vivo.os.version", "originos"),
        ("ro.vivo.os.name", "originos"),
        ("ro.build.version.emui", "emui"),
        ("hw_sc.build.platform.version", "emui"),
        ("ro.com.google.gmsversion", "google"),
    ];
    let set = |key: &str| props.get(key).is_some_and(|value| !value.is_empty());
    let marked = MARKS.iter().find(|(key, _)| set(key)).map(|(_, skin)| *skin);
    let google = || props.get("ro.build.fingerprint").is_some_and(|print| print.starts_with("google/"));
    marked.unwrap_or_else(|| if google() { "google" } else { "aosp" })
}

fn is_emulator(props: &BTreeMap<String, String>) -> bool {
    const HARDWARE: [&str; 5] = ["goldfish", "ranchu", "cutf_cvm", "vbox86", "virt"];
    let is = |key: &str, value: &str| props.get(key).is_some_and(|found| found == value);
    is("ro.kernel.qemu", "1") || is("ro.boot.qemu", "1") || HARDWARE.iter().any(|name| is("ro.hardware", name))
}

/// `Physical size: 1080x2400`, then perhaps `Override size: …`, which wins.
fn last_value(text: &str) -> Option<String> {
    let line = text.lines().rfind(|line| line.contains("size: ") || line.contains("density: "))?;
    line.rsplit_once(": ").map(|(_, value)| value.trim().to_owned())
}

fn pair(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

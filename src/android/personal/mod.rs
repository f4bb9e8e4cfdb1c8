//! The personal data that lies on the device under test, so that it can be recognised where it turns up: identifiers, the
//! telephone's number, the last position, contacts, the apps that are installed.

mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use regex::Regex;

use super::Android;
use super::error::AndroidError;
use crate::adb::quote;
use crate::journal::entry::DataKind;

pub use search::{Found, Known, find};

const WITHIN: Duration = Duration::from_secs(30);
/// Most values of one kind.
const MOST: usize = 200;
/// Properties that hold identifiers on some devices.
const ID_PROPERTIES: [(&str, &str); 8] = [
    ("ro.serialno", "serial"),
    ("ro.boot.serialno", "serial"),
    ("ro.ril.oem.imei", "imei"),
    ("ro.ril.oem.imei1", "imei"),
    ("ro.ril.oem.imei2", "imei"),
    ("persist.radio.imei", "imei"),
    ("ril.IMEI", "imei"),
    ("ro.ril.oem.meid", "meid"),
];
/// Separates the answers.
const MARK: &str = "@@appwitness";

impl Android {
    /// Reads the values known of this device. What can't be read is left out: `known` says what there is.
    ///
    /// # Errors
    /// When the device is lost or does not answer.
    pub async fn personal(&self, package: &str) -> Result<Vec<Known>, AndroidError> {
        let ids = self.as_root(
            "F=/data/system/users/0/settings_ssaid.xml; abx2xml $F - 2>/dev/null || cat $F 2>/dev/null; \
             cat /data/data/com.google.android.gms/shared_prefs/adid_settings.xml 2>/dev/null",
        );
        let parts = [
            "getprop",
            "settings get secure android_id",
            "cat /sys/class/net/wlan0/address /sys/class/net/eth0/address 2>/dev/null",
            "dumpsys location 2>/dev/null | head -n 400",
            "content query --uri content://telephony/siminfo --projection number 2>/dev/null",
            "content query --uri content://com.android.contacts/data/phones --projection display_name:data1 2>/dev/null | head -n 200",
            "pm list packages",
            &ids,
        ];
        let command = parts.join(&format!("; echo; echo {MARK}; "));
        let text = self.device().shell(&command, WITHIN).await?.text();
        let answers: Vec<&str> = text.split(MARK).collect();
        let [props, android_id, links, location, sim, contacts, packages, ids] = answers.as_slice() else {
            return Err(super::unreadable("the personal data of the device", &text));
        };
        let mut known = identifiers(props, android_id, links);
        known.extend(own_ids(ids, package));
        known.extend(places(location));
        known.extend(numbers(sim).into_iter().map(|number| Known::new(DataKind::PhoneNumber, "SIM", number)));
        known.extend(people(contacts));
        let names = packages.lines().filter_map(|line| line.trim().strip_prefix("package:"));
        known.extend(names.filter(|name| *name != package).map(|name| Known::new(DataKind::AppList, "package", name)));
        let mut seen = BTreeSet::new();
        known.retain(|k| k.is_telling() && seen.insert((k.kind, k.value.clone())));
        Ok(known)
    }

    /// The same once more, for identifiers that an app gets only when it first asks.
    ///
    /// # Errors
    /// As [`Android::personal`].
    pub async fn own_identifiers(&self, package: &str) -> Result<Vec<Known>, AndroidError> {
        let command = format!(
            "F=/data/system/users/0/settings_ssaid.xml; {{ abx2xml $F - 2>/dev/null || cat $F 2>/dev/null; }} | grep -F {}",
            quote(package)
        );
        let text = self.device().shell(&self.as_root(&command), WITHIN).await?.text();
        Ok(own_ids(&text, package).into_iter().filter(Known::is_telling).collect())
    }
}

fn identifiers(props: &str, android_id: &str, links: &str) -> Vec<Known> {
    let props = super::identity::properties(props);
    let mut known: Vec<Known> = ID_PROPERTIES
        .iter()
        .filter_map(|(key, name)| Some(Known::new(DataKind::DeviceId, *name, props.get(*key)?.trim())))
        .collect();
    let android_id = android_id.trim();
    if android_id.len() == 16 && android_id.bytes().all(|b| b.is_ascii_hexdigit()) {
        known.push(Known::new(DataKind::DeviceId, "android-id", android_id));
    }
    // Emulators share one address; the locally made up one says nothing.
    let real = |link: &&str| link.len() == 17 && !matches!(*link, "00:00:00:00:00:00" | "02:00:00:00:00:00");
    known.extend(links.split_whitespace().filter(real).map(|link| Known::new(DataKind::DeviceId, "mac", link)));
    known
}

/// `ANDROID_ID` of one app since Android 8, and the advertising identifier.
fn own_ids(text: &str, package: &str) -> Vec<Known> {
    let mut known = Vec::new();
    let tag = format!("package=\"{package}\"");
    for setting in text.split("<setting ").filter(|setting| setting.contains(&tag)) {
        let value = setting.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        known.push(Known::new(DataKind::DeviceId, "own-android-id", value));
    }
    if let Some(rest) = text.split("adid_key\">").nth(1) {
        let value = rest.split('<').next().unwrap_or_default();
        known.push(Known::new(DataKind::AdvertisingId, "advertising-id", value));
    }
    known
}

/// Last positions: `Location[gps 37.421998,-122.084000 …`.
fn places(text: &str) -> Vec<Known> {
    let Ok(pattern) = Regex::new(r"Location\[\w+ (-?\d{1,2}\.\d{2,8}),(-?\d{1,3}\.\d{2,8})") else { return Vec::new() };
    let found = pattern.captures_iter(text).take(MOST);
    found.map(|place| Known::new(DataKind::Location, "position", format!("{},{}", &place[1], &place[2]))).collect()
}

fn numbers(rows: &str) -> Vec<String> {
    let values = rows.lines().filter_map(|line| line.split("number=").nth(1));
    let digits = values.map(|v| v.split(',').next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect());
    digits.take(MOST).collect()
}

fn people(rows: &str) -> Vec<Known> {
    let mut known = Vec::new();
    for line in rows.lines().take(MOST) {
        let field = |name: &str| line.split(name).nth(1).map(|rest| rest.split(", ").next().unwrap_or_default().trim());
        if let Some(number) = field("data1=") {
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            known.push(Known::new(DataKind::Contacts, "number", digits));
        }
        known.extend(field("display_name=").map(|name| Known::new(DataKind::Contacts, "name", name)));
    }
    known
}

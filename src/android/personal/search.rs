//! Known values in bytes that left the device: as they stand, percent-encoded, in Base64, or as a digest.

use std::collections::BTreeMap;
use std::fmt::Write;

use base64::Engine;
use md5::Digest as _;

use crate::journal::entry::{Carried, DataKind};

/// Installed apps whose names must be there before they count as a list of them (ours).
const LIST: usize = 5;
/// Fewest characters of a value that is searched for: identifiers, names of people, digits of a number.
const SHORTEST: usize = 8;
const SHORTEST_NAME: usize = 5;
const SHORTEST_NUMBER: usize = 7;
/// Decimals of a position that must be there: two are a kilometre (ours).
const DECIMALS: usize = 2;

/// A value known to be on the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub kind: DataKind,
    /// Which of its kind: `android-id`, `imei`, `SIM` …
    pub name: String,
    /// The value itself. Never written down.
    pub value: String,
}

/// A digest of a text, in hexadecimal digits.
type DigestOf = fn(&str) -> String;

/// A known value that was found.
pub type Found = Carried;

impl Known {
    /// A value.
    pub fn new(kind: DataKind, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { kind, name: name.into(), value: value.into() }
    }

    /// Whether finding it says anything: short values turn up by chance.
    pub fn is_telling(&self) -> bool {
        let length = self.value.chars().count();
        let blank = matches!(self.value.as_str(), "unknown" | "null" | "0123456789ABCDEF");
        let shortest = match (self.kind, self.name.as_str()) {
            (DataKind::Contacts, "name") if !self.value.is_ascii() => 2,
            (DataKind::Contacts, "name") | (DataKind::Account | DataKind::Password, _) => SHORTEST_NAME,
            (DataKind::Contacts | DataKind::PhoneNumber, _) => SHORTEST_NUMBER,
            (DataKind::AppList | DataKind::Location, _) => 1,
            _ => SHORTEST,
        };
        let varied = self.value.chars().any(|c| !self.value.starts_with(c));
        !blank && varied && length >= shortest
    }

    /// Enough of the value to recognise it, not enough to use it.
    fn masked(&self) -> String {
        let chars: Vec<char> = self.value.chars().collect();
        let shown = if chars.len() >= 8 { 2 } else { 1 };
        let (start, end) = (&chars[..shown.min(chars.len())], &chars[chars.len().saturating_sub(shown)..]);
        format!("{}••••{}", start.iter().collect::<String>(), end.iter().collect::<String>())
    }
}

/// The known values in `bytes`, each once.
pub fn find(bytes: &[u8], known: &[Known]) -> Vec<Found> {
    let plain = String::from_utf8_lossy(bytes).to_lowercase();
    let decoded = percent_decoded(&plain);
    let mut found: Vec<Found> = Vec::new();
    let mut apps: BTreeMap<&str, &str> = BTreeMap::new();
    for value in known.iter().filter(|value| value.is_telling()) {
        let Some(form) = form(&plain, decoded.as_deref(), value) else { continue };
        if value.kind == DataKind::AppList {
            apps.insert(&value.value, form);
            continue;
        }
        let carried = Carried { kind: value.kind, name: value.name.clone(), masked: value.masked(), form: form.into() };
        if !found.iter().any(|f| (f.kind, &f.name, &f.masked) == (carried.kind, &carried.name, &carried.masked)) {
            found.push(carried);
        }
    }
    if apps.len() >= LIST {
        let masked = format!("{} packages", apps.len());
        let form = apps.values().next().copied().unwrap_or("plain").to_owned();
        found.push(Carried { kind: DataKind::AppList, name: "installed-apps".into(), masked, form });
    }
    found
}

/// In which form a value stands there.
fn form(plain: &str, decoded: Option<&str>, known: &Known) -> Option<&'static str> {
    if stands(plain, known) {
        return Some("plain");
    }
    if decoded.is_some_and(|decoded| stands(decoded, known)) {
        return Some("percent-encoded");
    }
    // Positions vary in their digits and lists in their order: no one digest of them can be foreseen.
    if matches!(known.kind, DataKind::AppList | DataKind::Location) {
        return None;
    }
    let texts = [known.value.clone(), known.value.to_lowercase(), known.value.to_uppercase()];
    let whole = |text: &String| base64::engine::general_purpose::STANDARD_NO_PAD.encode(text).to_lowercase();
    if texts.iter().any(|text| plain.contains(&whole(text))) {
        return Some("base64");
    }
    let digests: [(&str, DigestOf); 3] = [
        ("md5", |text| hex(&md5::Md5::digest(text))),
        ("sha1", |text| hex(&sha1::Sha1::digest(text))),
        ("sha256", |text| hex(&<sha2::Sha256 as sha2::Digest>::digest(text))),
    ];
    digests.iter().find(|(_, digest)| texts.iter().any(|text| plain.contains(&digest(text)))).map(|(name, _)| *name)
}

fn stands(text: &str, known: &Known) -> bool {
    let value = known.value.to_lowercase();
    match known.kind {
        DataKind::Location => value.split_once(',').is_some_and(|(lat, lon)| number(text, lat) && number(text, lon)),
        DataKind::PhoneNumber => digits(text, &value),
        DataKind::Contacts if known.name == "number" => digits(text, &value),
        DataKind::AppList => bounded(text, &value, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')),
        _ if known.name == "mac" => text.contains(&value) || text.contains(&value.replace(':', "")),
        _ => bounded(text, &value, |c| c.is_ascii_alphanumeric()),
    }
}

/// Whether the value stands there and is no part of something longer.
fn bounded(text: &str, value: &str, inner: impl Fn(char) -> bool) -> bool {
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        !before.is_some_and(&inner) && !after.is_some_and(&inner)
    })
}

/// A coordinate to at least [`DECIMALS`] decimals, whatever follows.
fn number(text: &str, value: &str) -> bool {
    let value = value.trim_start_matches('-');
    let Some((whole, decimals)) = value.split_once('.') else { return false };
    let Some(decimals) = decimals.get(..DECIMALS) else { return false };
    let head = format!("{whole}.{decimals}");
    text.match_indices(&head).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_ascii_digit() || c == '.')
    })
}

/// A telephone number, with or without the code of its country, also in groups.
fn digits(text: &str, value: &str) -> bool {
    let value: String = value.chars().filter(char::is_ascii_digit).collect();
    let mut run = String::new();
    let mut runs = Vec::new();
    for c in text.chars().chain(['\n']) {
        match c {
            '0'..='9' => run.push(c),
            ' ' | '-' | '(' | ')' | '+' if !run.is_empty() => {}
            _ if run.is_empty() => {}
            _ => runs.push(std::mem::take(&mut run)),
        }
    }
    // At most three digits of a country's code more or less.
    let same = |run: &String| {
        let (long, short) =
            if run.len() >= value.len() { (run.as_str(), value.as_str()) } else { (value.as_str(), run.as_str()) };
        short.len() >= SHORTEST_NUMBER.max(value.len().saturating_sub(3))
            && long.len() - short.len() <= 3
            && long.ends_with(short)
    };
    runs.iter().any(same)
}

/// The text with `%41` and `+` undone; `None` when there is nothing of the kind.
fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains(['%', '+']) {
        return None;
    }
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let code = (*byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let code = code.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        out.push(code.unwrap_or(if *byte == b'+' { b' ' } else { *byte }));
        at += if code.is_some() { 3 } else { 1 };
    }
    Some(String::from_utf8_lossy(&out).to_lowercase())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

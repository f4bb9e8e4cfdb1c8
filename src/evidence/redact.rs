//! Redacting: a second package without what must not be handed on, linked to the first by digests.
//!
//! The copy is a record of its own: its journal is chained anew, and `redaction.json` tells of which package it is a copy
//! and what became of each exhibit. What was taken out can't be had from the copy; the first package is not touched.

mod picture;
mod texts;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EvidenceError, Opened};
use crate::journal::entry::{Digest, Entry, Event, ExhibitRef};
use crate::journal::{FILE, NO_LINE_BEFORE, digest};
use crate::ui::Rect;

pub(super) use told::told_of;

/// Name of the file that tells what a redacted copy is.
pub const REDACTION: &str = "redaction.json";
/// Version of that file.
const VERSION: u32 = 1;
/// Stands for an exhibit that was left out where the journal can't do without one.
const LEFT_OUT: &[u8] = b"left out of this redacted copy\n";

/// What is to be taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Redactions {
    /// Why, in words.
    pub reason: String,
    /// Exhibits that are left out, by SHA-256 or by at least eight digits of its beginning.
    pub leave_out: Vec<String>,
    /// Regions of pictures that are covered.
    pub cover: Vec<Cover>,
    /// Texts that are covered wherever they stand: journal, hierarchies, outcomes, and on pictures where the hierarchy
    /// captured with them tells their place.
    pub texts: Vec<String>,
}

/// A region of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// The picture, by SHA-256 or by at least eight digits of its beginning.
    pub exhibit: String,
    /// Left, top, width and height in pixels.
    pub region: (i32, i32, u32, u32),
}

/// What a redacted copy says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Redaction {
    /// Version of this format: 1.
    pub version: u32,
    /// The package it is a copy of.
    pub of: Original,
    /// Why, in words.
    pub reason: String,
    /// What became of exhibits; those that are not listed are the same.
    pub exhibits: Vec<Changed>,
    /// Numbers of the entries in which something was covered or left out.
    pub entries: Vec<u64>,
    /// How many texts were covered. They are not told.
    pub texts: usize,
}

/// The package that a copy was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Original {
    /// SHA-256 of its `tagmanifest-sha256.txt`.
    pub package: Digest,
    /// SHA-256 of the last line of its journal.
    pub head: Digest,
    /// Fingerprint of the key that signed it.
    pub signed_by: Option<String>,
}

/// What became of an exhibit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Changed {
    /// SHA-256 in the first package.
    pub was: Digest,
    /// SHA-256 in the copy; `None` when it was left out.
    pub is: Option<Digest>,
    /// How many regions or texts of it were covered.
    pub covered: usize,
}

/// A redacted record, written into a folder and ready to be sealed.
pub struct Redacted {
    /// What the copy says of itself.
    pub redaction: Redaction,
    texts: Vec<String>,
    exhibits: BTreeMap<Digest, Option<ExhibitRef>>,
}

impl Redacted {
    /// Covers texts, and names exhibits anew, in any other file of the package.
    ///
    /// # Errors
    /// When the file is not of that type.
    pub fn of<T: Serialize + for<'a> Deserialize<'a>>(&self, value: &T) -> Result<T, serde_json::Error> {
        let mut json = serde_json::to_value(value)?;
        texts::cover_in_values(&mut json, &self.texts, &mut |_| true);
        rename_digests(&mut json, &self.exhibits);
        serde_json::from_value(json)
    }
}

/// Writes the redacted copy of a package's record into `folder`, which must not exist.
///
/// # Errors
/// When an exhibit is not in the package or a region not on it, nothing is to be taken out, or the disk fails.
pub fn redact(opened: &Opened, redactions: &Redactions, folder: &Path) -> Result<Redacted, EvidenceError> {
    let wanted = Wanted::of(opened, redactions)?;
    fs::create_dir(folder).map_err(EvidenceError::io("can't be made", folder))?;
    let mut copy = Copy { opened, folder, exhibits: BTreeMap::new(), changed: Vec::new() };
    for exhibit in wanted.all.values() {
        copy.exhibit(exhibit, &wanted)?;
    }
    let (head, entries) = copy.journal(&wanted)?;
    let redaction = Redaction {
        version: VERSION,
        of: Original { package: opened.verified.digest.clone(), head, signed_by: opened.verified.signed_by.clone() },
        reason: redactions.reason.clone(),
        exhibits: copy.changed,
        entries,
        texts: wanted.texts.len(),
    };
    Ok(Redacted { redaction, texts: wanted.texts, exhibits: copy.exhibits })
}

/// What is to be done to each exhibit.
struct Wanted {
    /// Every exhibit of the package by digest.
    all: BTreeMap<Digest, ExhibitRef>,
    left_out: BTreeSet<Digest>,
    /// Regions to cover, by picture.
    regions: BTreeMap<Digest, Vec<Rect>>,
    /// Regions whose texts go, by hierarchy.
    blanked: BTreeMap<Digest, Vec<Rect>>,
    texts: Vec<String>,
}

impl Wanted {
    fn of(opened: &Opened, redactions: &Redactions) -> Result<Self, EvidenceError> {
        let all = all_exhibits(&opened.entries);
        let find = |given: &str| -> Result<Digest, EvidenceError> {
            let mut found = all.keys().filter(|digest| given.len() >= 8 && digest.starts_with(given));
            match (found.next(), found.next()) {
                (Some(digest), None) => Ok(digest.clone()),
                _ => Err(EvidenceError::Redaction {
                    why: format!("{given}: not the digest of one exhibit of this package"),
                }),
            }
        };
        let mut texts: BTreeSet<String> = redactions.texts.iter().cloned().collect();
        if let Some(short) = texts.iter().find(|text| text.trim().chars().count() < 2) {
            let why = format!("`{short}`: a text to cover needs two characters at least");
            return Err(EvidenceError::Redaction { why });
        }
        let left_out = redactions.leave_out.iter().map(|given| find(given)).collect::<Result<BTreeSet<_>, _>>()?;
        let mut regions: BTreeMap<Digest, Vec<Rect>> = BTreeMap::new();
        for cover in &redactions.cover {
            let (left, top, width, height) = cover.region;
            let edge = |from: i32, length: u32| i32::try_from(length).ok().and_then(|length| from.checked_add(length));
            let (right, bottom) = edge(left, width).zip(edge(top, height)).unwrap_or_default();
            if right <= left || bottom <= top {
                let why = format!("{}: an empty region", cover.exhibit);
                return Err(EvidenceError::Redaction { why });
            }
            regions.entry(find(&cover.exhibit)?).or_default().push(Rect::new(left, top, right, bottom));
        }
        if left_out.is_empty() && regions.is_empty() && texts.is_empty() {
            return Err(EvidenceError::Redaction { why: "nothing is to be taken out".to_owned() });
        }
        let mut blanked: BTreeMap<Digest, Vec<Rect>> = BTreeMap::new();
        let read = |exhibit: &ExhibitRef| opened.exhibit(exhibit).and_then(|bytes| String::from_utf8(bytes).ok());
        let captures = || {
            opened.entries.iter().filter_map(|entry| match &entry.event {
                Event::Captured(capture) => capture.screenshot.as_ref().zip(capture.hierarchy.as_ref()),
                _ => None,
            })
        };
        // A covered region hides a text only when the text is gone from the hierarchy beside it, and from the journal.
        for (screenshot, hierarchy) in captures() {
            let Some(covered) = regions.get(&screenshot.sha256) else { continue };
            texts.extend(read(hierarchy).map(|xml| texts::texts_in(&xml, covered)).unwrap_or_default());
            blanked.entry(hierarchy.sha256.clone()).or_default().extend(covered);
        }
        let texts: Vec<String> = texts.into_iter().collect();
        // And the other way round: a text's place on the pictures, as the hierarchies tell it.
        for (screenshot, hierarchy) in captures() {
            let places = read(hierarchy).map(|xml| texts::places_of(&xml, &texts)).unwrap_or_default();
            if !places.is_empty() {
                regions.entry(screenshot.sha256.clone()).or_default().extend(places);
            }
        }
        Ok(Self { all, left_out, regions, blanked, texts })
    }
}

/// The copy under way.
struct Copy<'a> {
    opened: &'a Opened,
    folder: &'a Path,
    /// What stands for each exhibit now; `None` when it was left out.
    exhibits: BTreeMap<Digest, Option<ExhibitRef>>,
    changed: Vec<Changed>,
}

impl Copy<'_> {
    fn exhibit(&mut self, exhibit: &ExhibitRef, wanted: &Wanted) -> Result<(), EvidenceError> {
        let was = &exhibit.sha256;
        let missing = || EvidenceError::Redaction { why: format!("{was}: larger than what can be copied") };
        let bytes = self.opened.exhibit(exhibit).ok_or_else(missing)?;
        let none = Vec::new();
        let (new, covered) = if wanted.left_out.contains(was) {
            (None, 0)
        } else if exhibit.media.starts_with("image/") {
            match wanted.regions.get(was) {
                Some(regions) => (picture::covered(&bytes, regions), regions.len()),
                None => (Some(bytes), 0),
            }
        } else {
            texts::covered(bytes, wanted.blanked.get(was).unwrap_or(&none), &wanted.texts)
        };
        let now = new.map(|new| self.keep(&new, &exhibit.media)).transpose()?;
        let is = now.as_ref().map(|now| now.sha256.clone());
        if is.as_ref() != Some(was) {
            self.changed.push(Changed { was: was.clone(), is, covered });
        }
        self.exhibits.insert(was.clone(), now);
        Ok(())
    }

    fn keep(&self, bytes: &[u8], media: &str) -> Result<ExhibitRef, EvidenceError> {
        let exhibit = ExhibitRef { sha256: digest::of(bytes), media: media.to_owned(), bytes: bytes.len() as u64 };
        let path = self.folder.join(exhibit.path().unwrap_or_default());
        let parent = path.parent().unwrap_or(self.folder);
        fs::create_dir_all(parent).map_err(EvidenceError::io("can't be made", parent))?;
        fs::write(&path, bytes).map_err(EvidenceError::io("can't be written", &path))?;
        Ok(exhibit)
    }

    /// Writes the journal with a chain of its own. The head of the first journal, and the entries that were changed.
    fn journal(&self, wanted: &Wanted) -> Result<(Digest, Vec<u64>), EvidenceError> {
        let mut text = Vec::new();
        let (mut prev, mut before) = (NO_LINE_BEFORE.to_owned(), NO_LINE_BEFORE.to_owned());
        let mut changed = Vec::new();
        for entry in &self.opened.entries {
            let bad =
                |error: serde_json::Error| EvidenceError::Redaction { why: format!("entry {}: {error}", entry.seq) };
            before = digest::of(&serde_json::to_vec(entry).map_err(bad)?);
            let event = self.event(&entry.event, wanted)?;
            if event != entry.event {
                changed.push(entry.seq);
            }
            let line = serde_json::to_vec(&Entry { prev, event, ..entry.clone() }).map_err(bad)?;
            prev = digest::of(&line);
            text.extend(line);
            text.push(b'\n');
        }
        let path = self.folder.join(FILE);
        fs::write(&path, text).map_err(EvidenceError::io("can't be written", &path))?;
        Ok((before, changed))
    }

    fn event(&self, event: &Event, wanted: &Wanted) -> Result<Event, EvidenceError> {
        let bad = |error: serde_json::Error| EvidenceError::Redaction { why: error.to_string() };
        let mut json = serde_json::to_value(event).map_err(bad)?;
        let fits = &mut |json: &Value| serde_json::from_value::<Event>(json.clone()).is_ok();
        texts::cover_in_values(&mut json, &wanted.texts, fits);
        let mut with_none = json.clone();
        replace_exhibits(&mut with_none, &self.exhibits, None);
        if let Ok(event) = serde_json::from_value(with_none) {
            return Ok(marked(event, self));
        }
        let stand_in = self.keep(LEFT_OUT, "text/plain")?;
        replace_exhibits(&mut json, &self.exhibits, Some(&stand_in));
        serde_json::from_value(json).map_err(bad)
    }
}

/// A capture says that something of it was left out.
fn marked(mut event: Event, copy: &Copy) -> Event {
    let left_out = copy.exhibits.values().any(Option::is_none);
    if let Event::Captured(capture) = &mut event
        && left_out
        && (capture.screenshot.is_none() || capture.hierarchy.is_none())
    {
        capture.missing.push("left out of this redacted copy, or never had".to_owned());
    }
    event
}

/// Every exhibit that an entry names, wherever it names it.
fn all_exhibits(entries: &[Entry]) -> BTreeMap<Digest, ExhibitRef> {
    let mut found = BTreeMap::new();
    for entry in entries {
        // An entry that was read from JSON can be written as JSON.
        let json = serde_json::to_value(&entry.event).unwrap_or_default();
        walk(&json, &mut |value| {
            if let Some(exhibit) = as_exhibit(value) {
                found.insert(exhibit.sha256.clone(), exhibit);
            }
        });
    }
    found
}

fn as_exhibit(value: &Value) -> Option<ExhibitRef> {
    let fields = value.as_object()?;
    let is_one = fields.len() == 3 && ["sha256", "media", "bytes"].iter().all(|key| fields.contains_key(*key));
    is_one.then(|| serde_json::from_value(value.clone()).ok()).flatten()
}

fn walk(value: &Value, see: &mut impl FnMut(&Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Value::Object(fields) => fields.values().for_each(|field| walk(field, see)),
        _ => {}
    }
}

fn replace_exhibits(value: &mut Value, now: &BTreeMap<Digest, Option<ExhibitRef>>, stand_in: Option<&ExhibitRef>) {
    if let Some(exhibit) = as_exhibit(value) {
        let new = now.get(&exhibit.sha256).cloned().unwrap_or(Some(exhibit));
        *value =
            new.or_else(|| stand_in.cloned()).map_or(Value::Null, |new| serde_json::to_value(new).unwrap_or_default());
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace_exhibits(item, now, stand_in)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace_exhibits(field, now, stand_in)),
        _ => {}
    }
}

/// Lists of digests (an outcome's exhibits) get the new ones; those of what was left out go.
fn rename_digests(value: &mut Value, now: &BTreeMap<Digest, Option<ExhibitRef>>) {
    match value {
        Value::Array(items) => {
            items.retain(|item| item.as_str().and_then(|text| now.get(text)).is_none_or(Option::is_some));
            items.iter_mut().for_each(|item| rename_digests(item, now));
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| rename_digests(field, now)),
        Value::String(text) => {
            if let Some(Some(new)) = now.get(text.as_str()) {
                *text = new.sha256.clone();
            }
        }
        _ => {}
    }
}

//! What goes into a package: collected and digested before a byte is written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::bag::{HOW_TO, JOURNAL, Listed, is_plain};
use super::{EvidenceError, Form, Sealing, archive};
use crate::clock::WallMillis;
use crate::journal::entry::{CaseOpened, Entry, Event, ExhibitRef};
use crate::journal::{self, Bounds, EXHIBITS, Reader, digest};

/// A file of a package.
pub(super) struct Member {
    pub path: String,
    pub from: Source,
    pub sha256: String,
    pub bytes: u64,
    pub crc: u32,
}

/// Where a member's bytes come from.
pub(super) enum Source {
    /// A whole file, which is written once and never again.
    Whole(PathBuf),
    /// The first bytes of a file.
    Beginning(PathBuf),
    /// Bytes in memory.
    Bytes(Vec<u8>),
}

/// The record, as it was found.
pub(super) struct Payload {
    /// In the order of their paths.
    pub members: Vec<Member>,
    pub entries: u64,
    pub head: String,
    pub identifier: String,
    /// When the last entry was written, RFC 3339.
    pub ended: String,
    pub remarks: Vec<String>,
}

impl Member {
    pub fn of_bytes(path: String, bytes: Vec<u8>) -> Self {
        let (sha256, crc) = (digest::of(&bytes), archive::crc(&bytes));
        Self { path, bytes: bytes.len() as u64, sha256, crc, from: Source::Bytes(bytes) }
    }

    /// A file, or its first `length` bytes, for a package of this form: only .zip needs the CRC.
    pub fn of_file(path: String, file: &Path, length: Option<u64>, form: Form) -> Result<Self, EvidenceError> {
        let open = File::open(file).map_err(EvidenceError::io("can't be read", file))?;
        let open = open.take(length.unwrap_or(u64::MAX));
        let mut counted = archive::Counted::new(open, form == Form::Zip);
        let (sha256, bytes) = digest::of_reader(&mut counted).map_err(EvidenceError::io("can't be read", file))?;
        let from = match length {
            Some(_) => Source::Beginning(file.to_owned()),
            None => Source::Whole(file.to_owned()),
        };
        Ok(Self { path, from, sha256, bytes, crc: counted.crc() })
    }

    /// Its bytes.
    pub fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.from {
            Source::Bytes(bytes) => Box::new(bytes.as_slice()),
            Source::Whole(path) | Source::Beginning(path) => Box::new(File::open(path)?.take(self.bytes)),
        })
    }

    /// Its bytes, when they are in memory.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.from {
            Source::Bytes(bytes) => Some(bytes),
            Source::Whole(_) | Source::Beginning(_) => None,
        }
    }

    pub fn listed(&self) -> Listed {
        Listed { path: self.path.clone(), sha256: self.sha256.clone() }
    }
}

/// Collects the record in `folder` and the further files of `sealing`.
pub(super) fn collect(folder: &Path, sealing: &Sealing) -> Result<Payload, EvidenceError> {
    let record = read(&folder.join(journal::FILE))?;
    let mut remarks = Vec::new();
    let file = folder.join(journal::FILE);
    let mut members = vec![Member::of_file(JOURNAL.to_owned(), &file, Some(record.length), sealing.form)?];
    if let Some(torn) = record.torn {
        remarks.push(format!(
            "the record was cut off while line {} was written; {} bytes of it were left out",
            torn.0, torn.1
        ));
    }
    if !record.closed {
        remarks.push(
            "unfinished: the record has no last entry, because the run was cut off; nothing was added to it".to_owned(),
        );
    }
    for (path, exhibit) in &record.exhibits {
        members.push(exhibit_member(folder, path, exhibit, sealing.form)?);
    }
    let loose = loose_exhibits(folder, &record.exhibits);
    if loose > 0 {
        remarks.push(format!("{loose} file(s) that no entry cites were left out"));
    }
    for (name, bytes) in &sealing.files {
        let path = format!("data/{name}");
        let taken = name == journal::FILE || name == HOW_TO || name == EXHIBITS;
        if name.contains('/') || !is_plain(&path) || taken {
            return Err(EvidenceError::Name { name: name.clone() });
        }
        members.push(Member::of_bytes(path, bytes.clone()));
    }
    members.push(Member::of_bytes(format!("data/{HOW_TO}"), include_bytes!("HOW-TO-VERIFY.txt").to_vec()));
    members.sort_by(|a, b| a.path.cmp(&b.path));
    let ended = written(record.ended);
    Ok(Payload { members, entries: record.entries, head: record.head, identifier: record.identifier, ended, remarks })
}

struct Found {
    entries: u64,
    head: String,
    identifier: String,
    /// Host's wall clock of the last entry.
    ended: WallMillis,
    closed: bool,
    /// Line and bytes of a torn last line.
    torn: Option<(u64, u64)>,
    /// Length of the whole lines.
    length: u64,
    exhibits: BTreeMap<String, ExhibitRef>,
}

fn read(path: &Path) -> Result<Found, EvidenceError> {
    let mut reader = Reader::open(path, Bounds::default())?;
    let mut found = Found {
        entries: 0,
        head: String::new(),
        identifier: String::new(),
        ended: 0,
        closed: false,
        torn: None,
        length: 0,
        exhibits: BTreeMap::new(),
    };
    while let Some(line) = reader.next_line()? {
        found.entries += 1;
        found.ended = line.entry.at.wall;
        found.closed = matches!(line.entry.event, Event::CaseClosed { .. });
        if let (Event::CaseOpened(opened), 1) = (&line.entry.event, found.entries) {
            found.identifier = identifier(opened);
        }
        for exhibit in cited(&line.entry) {
            let forged = || EvidenceError::Exhibit { path: exhibit.sha256.clone().into(), why: "not a digest".into() };
            found.exhibits.insert(exhibit.path().ok_or_else(forged)?, exhibit.clone());
        }
    }
    if found.identifier.is_empty() {
        return Err(EvidenceError::NoRecord { path: path.to_owned() });
    }
    found.head = reader.head().to_owned();
    found.torn = reader.torn().map(|torn| (torn.line, torn.bytes));
    found.length = reader.length();
    Ok(found)
}

/// A wall time as it is written in a package; `-` when it is beyond the calendar.
pub(super) fn written(wall: WallMillis) -> String {
    jiff::Timestamp::from_millisecond(wall).map_or_else(|_| "-".to_owned(), |at| at.to_string())
}

/// Case and attempt in one line.
pub(super) fn identifier(opened: &CaseOpened) -> String {
    format!("{} attempt {}", opened.case, opened.attempt)
}

/// Exhibits that an entry cites.
pub fn cited(entry: &Entry) -> Vec<&ExhibitRef> {
    match &entry.event {
        Event::Captured(capture) => capture.screenshot.iter().chain(&capture.hierarchy).collect(),
        Event::PromptShown(prompt) => prompt.screenshot.iter().collect(),
        Event::PopupShown(popup) => popup.screenshot.iter().collect(),
        Event::NetworkEnded(ended) => ended.captures.iter().collect(),
        _ => Vec::new(),
    }
}

fn exhibit_member(folder: &Path, path: &str, exhibit: &ExhibitRef, form: Form) -> Result<Member, EvidenceError> {
    let file = folder.join(path);
    let wrong = |why: &str| EvidenceError::Exhibit { path: file.clone(), why: why.to_owned() };
    let kind = fs::symlink_metadata(&file).map_err(|_| wrong("an entry cites it, and it is not there"))?;
    if !kind.is_file() {
        return Err(wrong("not a plain file"));
    }
    let member = Member::of_file(format!("data/{path}"), &file, None, form)?;
    if member.sha256 != exhibit.sha256 || member.bytes != exhibit.bytes {
        return Err(wrong("not what the journal says"));
    }
    Ok(member)
}

/// Files among the exhibits that no entry cites: what was kept right before the program died.
fn loose_exhibits(folder: &Path, cited: &BTreeMap<String, ExhibitRef>) -> usize {
    let list = |path: &Path| fs::read_dir(path).into_iter().flatten().filter_map(Result::ok).collect::<Vec<_>>();
    let files = list(&folder.join(EXHIBITS)).into_iter().flat_map(|inner| list(&inner.path()));
    let paths = files.filter_map(|file| file.path().strip_prefix(folder).ok()?.to_str().map(str::to_owned));
    paths.filter(|path| !cited.contains_key(path)).count()
}

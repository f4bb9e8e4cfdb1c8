//! Checking a package: structure, digests, chain, order of times, signature; the first fault and its place.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::Path;

use super::Fault;
use super::bag::{
    self, DECLARATION, DECLARATION_TEXT, INFO, Info, JOURNAL, Listed, MANIFEST, SIGNATURE, SIGNER, STAMP, STAMP_DIGEST,
    TAG_MANIFEST,
};
use super::manifest::Manifest;
use super::members::Members;
use super::payload::{cited, identifier, written};
use super::redact::{self, REDACTION};
use super::review::{self, Review};
use super::signature;
use super::stamp::{self, Stamp};
use crate::journal::digest::{self, Hashing};
use crate::journal::entry::Event;
use crate::journal::{Bounds, JournalError, Reader};

/// Longest of the small files, in bytes.
const LONGEST_TAG: u64 = 256 << 10;
/// Longest answer of a time stamp service, in bytes.
const LONGEST_STAMP: u64 = 1 << 20;

/// A package in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Case and attempt.
    pub identifier: String,
    /// Who ran it, in that person's words; `None` when nobody was named.
    pub operator: Option<String>,
    /// Why it was run, or copied; `None` when nothing was said.
    pub purpose: Option<String>,
    /// When its last entry was written, RFC 3339, by the host's clock.
    pub ended: String,
    /// SHA-256 of its `tagmanifest-sha256.txt`.
    pub digest: String,
    /// Files of the payload.
    pub files: u64,
    /// Bytes of the payload.
    pub bytes: u64,
    /// Entries of the journal.
    pub entries: u64,
    /// Fingerprint of the key that signed it. Whose key that is, the reader has to know. `None` when it is unsigned:
    /// then it is whole, and anybody can have made it.
    pub signed_by: Option<String>,
    /// The time stamp, and the host of the service that was asked.
    pub stamp: Option<(Stamp, String)>,
    /// Digest of the package that this one is a redacted copy of.
    pub redacted_from: Option<String>,
    /// What it says had to be put right, and what is odd about it.
    pub remarks: Vec<String>,
    /// What people said of it, in order. Reviews can be added by anybody and taken away from the end; a signature shows
    /// whose they are.
    pub reviews: Vec<Review>,
}

/// Checks a package, folder or archive. Writes nothing, follows no link. Memory does not grow with the files, but for the
/// 33 bytes that are kept of each exhibit.
///
/// # Errors
/// The first fault.
pub fn verify(path: &Path) -> Result<Verified, Fault> {
    check(path, false, None).map(|checked| checked.verified)
}

/// Checks a package as [`verify`] does, and its time stamp up to the service's root certificate (a PEM file).
///
/// # Errors
/// The first fault; also when the package has no time stamp.
pub fn verify_to_root(path: &Path, root: &Path) -> Result<Verified, Fault> {
    check(path, false, Some(root)).map(|checked| checked.verified)
}

/// The files of a package that is a folder, in the order in which an archive holds them. It has to be checked besides.
pub(super) fn names(path: &Path) -> Result<Vec<String>, Fault> {
    let mut members = Members::open(path, false)?;
    let info = Info::parse(&members.text(INFO, LONGEST_TAG)?)?;
    let manifest = members.with(MANIFEST, |from| Manifest::read(from))?;
    let tags = info.tags().into_iter().map(str::to_owned);
    Ok(tags.chain(manifest.lines().map(|line| line.path)).collect())
}

/// A file of a package's payload, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its path in the package.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// What checking a package yields.
pub(super) struct Checked {
    pub verified: Verified,
    /// Where each member of a packed archive begins, when that was to be remembered.
    pub places: BTreeMap<String, u64>,
    /// The files of the payload in the order of their paths, when they were to be remembered.
    pub files: Vec<Kept>,
}

/// Checks a package. With `remember`, its files are told.
pub(super) fn check(path: &Path, remember: bool, root: Option<&Path>) -> Result<Checked, Fault> {
    let mut members = Members::open(path, remember)?;
    if members.text(DECLARATION, LONGEST_TAG)? != DECLARATION_TEXT {
        return Err(Fault::malformed(DECLARATION, "not the declaration of a BagIt 1.0 bag"));
    }
    let info_text = members.text(INFO, LONGEST_TAG)?;
    let info = Info::parse(&info_text)?;
    let manifest = members.with(MANIFEST, |from| Manifest::read(from))?;
    let tag_text = members.text(TAG_MANIFEST, LONGEST_TAG)?;
    let mut tags = BTreeMap::from([
        (DECLARATION, digest::of(DECLARATION_TEXT.as_bytes())),
        (INFO, digest::of(info_text.as_bytes())),
        (MANIFEST, manifest.sha256.clone()),
    ]);
    if let Some(fingerprint) = &info.signed_by {
        let public = members.text(SIGNER, LONGEST_TAG)?;
        let armour = members.text(SIGNATURE, LONGEST_TAG)?;
        tags.insert(SIGNER, digest::of(public.as_bytes()));
        signature::check(&armour, &public, fingerprint, tag_text.as_bytes())?;
    }
    let stamp = match (&info.time_stamp, root) {
        (Some(_), _) => {
            let answer = members.bytes(STAMP, LONGEST_STAMP)?;
            let listed = Listed { path: STAMP.to_owned(), sha256: digest::of(&answer) };
            if members.text(STAMP_DIGEST, LONGEST_TAG)? != bag::manifest(&[listed]) {
                return Err(Fault::Changed { place: STAMP.to_owned() });
            }
            Some(stamp::check(&answer, tag_text.as_bytes(), root)?)
        }
        (None, Some(_)) => return Err(Fault::Missing { place: STAMP.to_owned() }),
        (None, None) => None,
    };
    check_tags(&tags, &tag_text)?;
    members.only(&info.tags(), &manifest)?;
    let mut files = Vec::new();
    let mut keep = |file: Kept| files.extend(remember.then_some(file));
    let remarks = Payload { manifest: &manifest, info: &info }.check(&mut members, &mut keep)?;
    let places = members.finish(&path.display().to_string())?;
    let digest = digest::of(tag_text.as_bytes());
    let reviews = review::read(path, &digest)?;
    let verified = Verified {
        identifier: info.identifier,
        operator: Some(info.operator).filter(|name| name != bag::NOTHING),
        purpose: Some(info.purpose).filter(|text| text != bag::NOTHING),
        ended: info.ended,
        digest,
        files: info.oxum.1,
        bytes: info.oxum.0,
        entries: info.entries,
        signed_by: info.signed_by,
        stamp: stamp.zip(info.time_stamp),
        redacted_from: info.redacted_from,
        remarks: info.remarks.into_iter().chain(remarks).collect(),
        reviews,
    };
    Ok(Checked { verified, places, files })
}

/// The tag manifest lists the bag's own files, all of them and nothing else.
fn check_tags(tags: &BTreeMap<&str, String>, text: &str) -> Result<(), Fault> {
    let listed = bag::parse_manifest(TAG_MANIFEST, text)?;
    for line in &listed {
        match tags.get(line.path.as_str()) {
            Some(sha256) if *sha256 == line.sha256 => {}
            Some(_) => return Err(Fault::Changed { place: line.path.clone() }),
            None => return Err(Fault::malformed(TAG_MANIFEST, format!("lists {}, which it must not", line.path))),
        }
    }
    match tags.keys().find(|name| !listed.iter().any(|line| line.path == **name)) {
        Some(name) => Err(Fault::malformed(TAG_MANIFEST, format!("does not list {name}"))),
        None => Ok(()),
    }
}

struct Payload<'a> {
    manifest: &'a Manifest,
    info: &'a Info,
}

impl Payload<'_> {
    /// Hands every file to `keep` once it was found to be what it should be.
    fn check(&self, members: &mut Members, keep: &mut dyn FnMut(Kept)) -> Result<Vec<String>, Fault> {
        if !self.manifest.lists(JOURNAL) {
            return Err(Fault::Missing { place: JOURNAL.to_owned() });
        }
        let (bytes, files) = self.info.oxum;
        if files != self.manifest.len() as u64 {
            return Err(Fault::malformed(
                INFO,
                format!("{files} files in all, and the manifest lists {}", self.manifest.len()),
            ));
        }
        if bytes > members.most() {
            let most = members.most();
            return Err(Fault::hostile(INFO, format!("{bytes} bytes in all, and at most {most} are unpacked")));
        }
        let copy = format!("data/{REDACTION}");
        let tells = self.manifest.lists(&copy);
        if tells != self.info.redacted_from.is_some() {
            return Err(Fault::malformed(INFO, format!("a redacted copy has {REDACTION}, and no other package has")));
        }
        let mut left = bytes;
        let mut remarks = Vec::new();
        for line in self.manifest.lines() {
            let (sha256, length) = members.with(&line.path, |from| {
                let mut bounded = Hashing::new(from.take(left + 1));
                if line.path == JOURNAL {
                    remarks = self.check_journal(&mut bounded)?;
                } else if line.path == copy {
                    self.check_redaction(&mut bounded)?;
                }
                drain(&mut bounded, &line.path)?;
                Ok(bounded.finish())
            })?;
            if sha256 != line.sha256 || length > left {
                return Err(Fault::Changed { place: line.path });
            }
            left -= length;
            keep(Kept { path: line.path, sha256, bytes: length });
        }
        match left {
            0 => Ok(remarks),
            _ => Err(Fault::malformed(INFO, format!("{bytes} bytes in all, and {} are there", bytes - left))),
        }
    }

    /// A redacted copy tells twice of which package it is one.
    fn check_redaction(&self, from: &mut impl Read) -> Result<(), Fault> {
        let of = redact::told_of(from).map_err(|e| Fault::malformed(REDACTION, e.to_string()))?;
        match self.info.redacted_from.as_ref() == Some(&of.package) {
            true => Ok(()),
            false => Err(Fault::malformed(REDACTION, "names another package than bag-info.txt")),
        }
    }

    /// Reads the journal through: its chain, its times, and that its exhibits are there and no others.
    fn check_journal(&self, from: &mut impl Read) -> Result<Vec<String>, Fault> {
        let mut reader = Reader::over(BufReader::with_capacity(64 << 10, from), Path::new(JOURNAL), Bounds::default());
        let mut uncited = vec![true; self.manifest.exhibits()];
        let mut entries = 0;
        let mut wall = i64::MIN;
        let mut backwards = 0;
        while let Some(line) = reader.next_line().map_err(journal_fault)? {
            entries += 1;
            let wrong = |why: String| Fault::Journal { line: line.number, why };
            backwards += u64::from(line.entry.at.wall < wall);
            wall = line.entry.at.wall;
            for exhibit in cited(&line.entry) {
                let path =
                    exhibit.path().ok_or_else(|| wrong("cites an exhibit by something that is no digest".into()))?;
                let path = format!("data/{path}");
                let place = self.manifest.exhibit(&path);
                uncited[place.ok_or_else(|| wrong(format!("cites {path}, which is not there")))?] = false;
            }
            if let Event::CaseOpened(opened) = &line.entry.event
                && identifier(opened) != self.info.identifier
            {
                return Err(Fault::malformed(INFO, "names another case than the journal"));
            }
        }
        if written(wall) != self.info.ended {
            return Err(Fault::malformed(INFO, "names another end of the record than the journal"));
        }
        if let Some(torn) = reader.torn() {
            return Err(Fault::Journal { line: torn.line, why: "is cut off".to_owned() });
        }
        if let Some(at) = uncited.iter().position(|uncited| *uncited) {
            return Err(Fault::Extra { place: self.manifest.listed(at).path });
        }
        if entries != self.info.entries || reader.head() != self.info.head {
            return Err(Fault::malformed(INFO, "entries and head are not those of the journal"));
        }
        let odd = (backwards > 0).then(|| format!("the host's clock was set back {backwards} time(s) during the run"));
        Ok(odd.into_iter().collect())
    }
}

fn drain(from: &mut impl Read, place: &str) -> Result<(), Fault> {
    let mut buffer = vec![0; 64 << 10];
    while from.read(&mut buffer).map_err(Fault::unreadable(place))? > 0 {}
    Ok(())
}

fn journal_fault(error: JournalError) -> Fault {
    match error {
        JournalError::Broken { line, why, .. } => Fault::Journal { line, why },
        JournalError::Io { source, .. } => Fault::Unreadable { place: JOURNAL.to_owned(), source },
        other => Fault::hostile(JOURNAL, other.to_string()),
    }
}

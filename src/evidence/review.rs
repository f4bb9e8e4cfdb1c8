//! What people say of the findings of a sealed package. Reviews stand beside the sealed part, which they never touch;
//! each names the package and the review before it by their digests.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::seal::home;
use super::signature::{self, REVIEWS, Signer};
use super::{EvidenceError, Fault};
use crate::clock::WallMillis;
use crate::journal::entry::Digest;
use crate::journal::{NO_LINE_BEFORE, digest};

use super::payload::written;

/// Folder of the reviews inside a package that is a folder; beside an archive it is `<archive>.reviews`.
pub(super) const FOLDER: &str = "reviews";
/// Version of the format.
const VERSION: u32 = 1;
/// Most reviews of one package.
const MOST: u32 = 9_999;
/// Longest review that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// A person's word on findings of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Review {
    /// Version of this format: 1.
    pub version: u32,
    /// Running number from 1.
    pub number: u32,
    /// Digest of the package: SHA-256 of its `tagmanifest-sha256.txt`.
    pub package: Digest,
    /// SHA-256 of the review before this one; 64 zeros for the first.
    pub before: Digest,
    /// When, RFC 3339, by the clock of the reviewer's machine.
    pub at: String,
    /// Who.
    pub by: String,
    /// Fingerprint of the key that signed it; `None` when it is unsigned: then anybody can have written it.
    pub signed_by: Option<String>,
    /// What was said.
    pub decisions: Vec<Decision>,
}

/// A person's word on one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Decision {
    /// Finding id.
    pub finding: String,
    /// The word.
    pub decision: Word,
    /// Why, in the person's own words; may be empty.
    #[serde(default)]
    pub note: String,
}

/// What a person says of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It is so.
    Confirm,
    /// It is not so.
    Reject,
    /// It can't be told.
    Unsure,
}

/// Who reviews, when, and with which key.
#[derive(Clone, Debug, Default)]
pub struct Reviewing {
    /// The person's name.
    pub by: String,
    /// Milliseconds since 1970, UTC.
    pub at: WallMillis,
    /// File of the key that signs; without one the review says that it is unsigned.
    pub key: Option<PathBuf>,
    /// What is said.
    pub decisions: Vec<Decision>,
}

/// Where the reviews of a package stand.
pub(super) fn folder(package: &Path) -> PathBuf {
    if package.is_dir() {
        return package.join(FOLDER);
    }
    let mut name = package.file_name().unwrap_or_default().to_owned();
    name.push(".reviews");
    package.with_file_name(name)
}

/// The last word on each finding, and whose it is.
pub fn standing(reviews: &[Review]) -> BTreeMap<&str, (Word, &str)> {
    let words = reviews.iter().flat_map(|review| review.decisions.iter().map(move |decision| (review, decision)));
    words.map(|(review, decision)| (decision.finding.as_str(), (decision.decision, review.by.as_str()))).collect()
}

/// Whether anything was said of a package; [`super::verify`] tells what.
pub fn reviewed(package: &Path) -> bool {
    folder(package).is_dir()
}

/// Adds a review to a package that verifies. The sealed part is not touched, and no review is written over.
///
/// # Errors
/// When the package or a review of it does not verify, the key can't sign, or the disk fails.
pub fn review(package: &Path, reviewing: &Reviewing) -> Result<Review, EvidenceError> {
    let verified = super::verify(package)?;
    let signer = reviewing.key.as_deref().map(Signer::read).transpose()?;
    let review = Review {
        version: VERSION,
        number: verified.reviews.last().map_or(1, |last| last.number + 1),
        package: verified.digest,
        before: verified
            .reviews
            .last()
            .map_or_else(|| NO_LINE_BEFORE.to_owned(), |last| digest::of(text(last).as_bytes())),
        at: written(reviewing.at),
        by: reviewing.by.clone(),
        signed_by: signer.as_ref().map(Signer::fingerprint),
        decisions: reviewing.decisions.clone(),
    };
    let text = text(&review);
    if review.number > MOST || text.len() as u64 > LONGEST {
        return Err(EvidenceError::ReviewTooLong);
    }
    let folder = folder(package);
    fs::create_dir_all(&folder).map_err(EvidenceError::io("can't be made", &folder))?;
    let path = folder.join(name(review.number));
    if let Some(signer) = signer {
        let key = reviewing.key.clone().unwrap_or_default();
        let armour = signer.sign(REVIEWS, text.as_bytes()).map_err(|why| EvidenceError::Key { path: key, why })?;
        let path = folder.join(signature_name(review.number));
        put(&path, armour.as_bytes()).map_err(EvidenceError::io("can't be written", &path))?;
    }
    put(&path, text.as_bytes()).map_err(EvidenceError::io("can't be written", &path))?;
    for place in [folder.as_path(), home(&folder)] {
        File::open(place).and_then(|f| f.sync_all()).map_err(EvidenceError::io("can't sync", place))?;
    }
    Ok(review)
}

/// Writes a new file; one that is there is never written over.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn name(number: u32) -> String {
    format!("{number:04}.json")
}

fn signature_name(number: u32) -> String {
    format!("{number:04}.json.sig")
}

/// The one way a review is written.
fn text(review: &Review) -> String {
    // Strings and numbers only: it always serialises.
    serde_json::to_string_pretty(review).unwrap_or_default() + "\n"
}

/// Reads and checks all reviews of a package: their chain, their signatures, and that nothing else is there.
pub(super) fn read(package: &Path, digest_of_package: &str) -> Result<Vec<Review>, Fault> {
    let folder = folder(package);
    let place = |name: &str| format!("{FOLDER}/{name}");
    match fs::symlink_metadata(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Fault::unreadable(FOLDER)(error)),
        Ok(kind) if !kind.is_dir() => return Err(Fault::hostile(FOLDER, "not a folder")),
        Ok(_) => {}
    }
    let mut names = BTreeMap::new();
    for entry in fs::read_dir(&folder).map_err(Fault::unreadable(FOLDER))? {
        let entry = entry.map_err(Fault::unreadable(FOLDER))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type().map_err(Fault::unreadable(&place(&name)))?.is_file() {
            return Err(Fault::hostile(&place(&name), "a link, a folder or a special file"));
        }
        names.insert(name, entry.path());
        if names.len() > 2 * MOST as usize {
            return Err(Fault::hostile(FOLDER, "too many files"));
        }
    }
    let mut reviews: Vec<Review> = Vec::new();
    let mut before = NO_LINE_BEFORE.to_owned();
    while let Some(path) = names.remove(&name(reviews.len() as u32 + 1)) {
        let number = reviews.len() as u32 + 1;
        let here = place(&name(number));
        let text = bounded(&path, &here)?;
        let review = parse(&text, &here)?;
        if (review.version, review.number) != (VERSION, number) || review.package != digest_of_package {
            return Err(Fault::malformed(&here, "is about another package, or numbered wrongly"));
        }
        if review.before != before {
            return Err(Fault::malformed(&here, "the review before is not the one this was written after"));
        }
        match (&review.signed_by, names.remove(&signature_name(number))) {
            (None, None) => {}
            (None, Some(_)) => return Err(Fault::Extra { place: place(&signature_name(number)) }),
            (Some(_), None) => return Err(Fault::Missing { place: place(&signature_name(number)) }),
            (Some(fingerprint), Some(path)) => {
                let here = place(&signature_name(number));
                let armour = bounded(&path, &here)?;
                if signature::made_by(&here, REVIEWS, &armour, text.as_bytes())? != *fingerprint {
                    return Err(Fault::Signature { place: here, why: "made by another key".to_owned() });
                }
            }
        }
        before = digest::of(text.as_bytes());
        reviews.push(review);
    }
    match names.into_keys().next() {
        Some(extra) => Err(Fault::Extra { place: place(&extra) }),
        None => Ok(reviews),
    }
}

fn parse(text: &str, place: &str) -> Result<Review, Fault> {
    let review: Review = serde_json::from_str(text).map_err(|e| Fault::malformed(place, format!("no review: {e}")))?;
    match self::text(&review) == text {
        true => Ok(review),
        false => Err(Fault::malformed(place, "not written as a review")),
    }
}

fn bounded(path: &Path, place: &str) -> Result<String, Fault> {
    let mut text = String::new();
    let file = File::open(path).map_err(Fault::unreadable(place))?;
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(Fault::unreadable(place))?;
    match text.len() as u64 > LONGEST {
        true => Err(Fault::hostile(place, format!("longer than {LONGEST} bytes"))),
        false => Ok(text),
    }
}

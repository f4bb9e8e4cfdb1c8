//! Reading what a package holds, after it was checked.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::Fault;
use super::tarball::Tarball;
use super::verify::{Checked, Kept, Verified, check};
use crate::journal::entry::ExhibitRef;
use crate::journal::{Bounds, Entry, Reader};

/// Longest file that is handed out whole, in bytes.
const LONGEST: u64 = 64 << 20;

/// A package that was checked and can be read.
#[derive(Debug)]
pub struct Opened {
    path: PathBuf,
    /// What checking it said.
    pub verified: Verified,
    /// The journal.
    pub entries: Vec<Entry>,
    /// The files of its payload, in the order of their paths.
    pub files: Vec<Kept>,
    /// Where each member begins, in a packed archive.
    places: BTreeMap<String, u64>,
}

/// Checks a package and opens it.
///
/// # Errors
/// The first fault.
pub fn open(path: &Path) -> Result<Opened, Fault> {
    let Checked { verified, places, files } = check(path, true, None)?;
    let opened = Opened { path: path.to_owned(), verified, entries: Vec::new(), files, places };
    let place = "data/journal.jsonl";
    let bytes = opened.read(place).ok_or_else(|| Fault::Missing { place: place.to_owned() })?;
    let mut reader = Reader::over(bytes.as_slice(), Path::new(place), Bounds::default());
    let mut entries = Vec::new();
    while let Some(line) = reader.next_line().map_err(|error| Fault::malformed(place, error.to_string()))? {
        entries.push(line.entry);
    }
    Ok(Opened { entries, ..opened })
}

impl Opened {
    /// A file of the payload by name; `None` when there is none, or it is longer than 64 MiB.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.read(&format!("data/{name}"))
    }

    /// The bytes of an exhibit.
    pub fn exhibit(&self, exhibit: &ExhibitRef) -> Option<Vec<u8>> {
        self.file(&exhibit.path()?)
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        if self.path.is_dir() {
            return whole(File::open(self.path.join(name)).ok()?);
        }
        let mut file = BufReader::new(File::open(&self.path).ok()?);
        if !self.places.is_empty() {
            file.seek(SeekFrom::Start(*self.places.get(name)?)).ok()?;
            let mut tarball = Tarball::new(file, false);
            tarball.open(name).ok()?;
            return whole(tarball);
        }
        let mut archive = zip::ZipArchive::new(file).ok()?;
        whole(archive.by_name(name).ok()?)
    }
}

fn whole(from: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= LONGEST).then_some(bytes)
}

use std::io;
use std::path::{Path, PathBuf};

use crate::journal::JournalError;

/// Why a package could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// Something stands where the package is to be put.
    #[error("{path}: exists already; a package is never written over")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The disk or file system failed.
    #[error("{path}: {doing}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The record is not sound.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Not even the first entry is there.
    #[error("{path}: there is no record: not even its first entry is whole, so there is nothing to seal")]
    NoRecord {
        /// The journal's file.
        path: PathBuf,
    },
    /// An exhibit is missing or not what the journal says.
    #[error("{path}: {why}")]
    Exhibit {
        /// The exhibit's file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A name that a package can't hold.
    #[error("`{name}` can't be the name of a file in a package")]
    Name {
        /// The name.
        name: String,
    },
    /// The key can't sign.
    #[error("{path}: {why}")]
    Key {
        /// The key's file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The package to be reviewed or copied is not sound.
    #[error(transparent)]
    Package(#[from] Fault),
    /// Only a folder can be packed.
    #[error("{path}: is packed already; unpack it to have a folder")]
    Archive {
        /// The package.
        path: PathBuf,
    },
    /// What is to be taken out is not there.
    #[error("{why}")]
    Redaction {
        /// Why.
        why: String,
    },
    /// A review is too long, or there are too many.
    #[error("a review may have 1 MiB, and a package 9,999 reviews")]
    ReviewTooLong,
    /// An archive can't hold that much.
    #[error("a .zip holds at most 65,535 files and 4 GiB, a .tar.zst 64 GiB; seal into a folder")]
    TooLargeForArchive,
}

impl EvidenceError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}

/// The first thing that is wrong with a package, and its place.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The package itself can't be opened; whoever tells it names its path.
    #[error("can't be opened: {source}")]
    Unopened {
        /// What the system said.
        source: io::Error,
    },
    /// A folder without the file that every package begins with.
    #[error("is no evidence package: there is no bagit.txt in it")]
    NoPackage,
    /// It can't be read.
    #[error("{place}: can't be read: {source}")]
    Unreadable {
        /// File inside the package, or the package.
        place: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not there.
    #[error("{place}: is missing")]
    Missing {
        /// File inside the package.
        place: String,
    },
    /// A file that does not belong there.
    #[error("{place}: does not belong to the package")]
    Extra {
        /// File inside the package.
        place: String,
    },
    /// A file is not the one that was sealed.
    #[error("{place}: is not the file that was sealed")]
    Changed {
        /// File inside the package.
        place: String,
    },
    /// A file is not written as the format demands.
    #[error("{place}: {why}")]
    Malformed {
        /// File inside the package.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// A package that tries to reach outside itself, or to exhaust its reader.
    #[error("{place}: refused: {why}")]
    Hostile {
        /// File inside the package.
        place: String,
        /// Why.
        why: String,
    },
    /// A line of the journal is not as it was written.
    #[error("data/journal.jsonl:{line}: {why}")]
    Journal {
        /// Line number, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// The time stamp does not hold.
    #[error("{place}: {why}")]
    Stamp {
        /// File inside the package.
        place: String,
        /// Why.
        why: String,
    },
    /// The signature does not hold.
    #[error("{place}: {why}")]
    Signature {
        /// File inside the package.
        place: String,
        /// Why.
        why: String,
    },
}

impl Fault {
    pub(super) fn malformed(place: &str, why: impl Into<String>) -> Self {
        Self::Malformed { place: place.to_owned(), why: why.into() }
    }

    pub(super) fn hostile(place: &str, why: impl Into<String>) -> Self {
        Self::Hostile { place: place.to_owned(), why: why.into() }
    }

    pub(super) fn unreadable(place: &str) -> impl FnOnce(io::Error) -> Self {
        let place = place.to_owned();
        move |source| Self::Unreadable { place, source }
    }
}

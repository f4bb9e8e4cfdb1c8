//! Why a run could not go on as a whole. What happens to a single case is in its record.

use std::io;
use std::path::{Path, PathBuf};

/// Why a run could not go on as a whole.
#[derive(Debug, thiserror::Error)]
pub enum NightlyError {
    /// A file or folder of the run can't be read or written.
    #[error("can't {doing} {}: {source}", path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds another run.
    #[error("{} holds another run; give another --out, or remove it", path.display())]
    OtherRun {
        /// The folder.
        path: PathBuf,
    },
    /// No device can be had at all.
    #[error("{0}")]
    Fleet(#[from] crate::fleet::FleetError),
    /// A record can't be written.
    #[error("{}: {error}", path.display())]
    Journal {
        /// Its folder.
        path: PathBuf,
        /// Why.
        error: crate::journal::JournalError,
    },
    /// A package could not be sealed, or does not verify.
    #[error("can't seal: {0}")]
    Seal(String),
    /// The hosts of a farm can't go on together.
    #[cfg(feature = "farm")]
    #[error("{0}")]
    Farm(#[from] super::farm::FarmError),
    /// A report could not be made.
    #[error("the report can't be made: {0}")]
    Report(String),
}

impl NightlyError {
    /// An I/O error with its place.
    pub fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }
}

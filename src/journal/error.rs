use std::io;
use std::path::{Path, PathBuf};

/// Why a journal could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder already holds a journal; a record is never written over.
    #[error("{path}: there is a journal already")]
    Exists {
        /// The journal's file.
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
    /// An entry can't be written, because it could not be read back.
    #[error("entry {seq} can't be written: {why}")]
    Unwritable {
        /// Number it would have had.
        seq: u64,
        /// Why.
        why: String,
    },
    /// An exhibit is larger than what is kept.
    #[error("an exhibit of {bytes} bytes is larger than the limit of {limit}")]
    ExhibitTooLarge {
        /// Its length.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// An earlier write failed, so that nothing more can be recorded.
    #[error("the journal is closed, because an earlier write failed")]
    Closed,
    /// A line of a journal that is not as it was written.
    #[error("{path}:{line}: {why}")]
    Broken {
        /// The journal's file.
        path: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The journal is larger than the reader's bounds.
    #[error("{path}: larger than the limit of {limit} {unit}")]
    TooLarge {
        /// The journal's file.
        path: PathBuf,
        /// The limit.
        limit: u64,
        /// Of what.
        unit: &'static str,
    },
}

impl JournalError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}

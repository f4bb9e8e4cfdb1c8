//! Why an app's files cannot be used, and what to do about it.

use std::path::PathBuf;

use thiserror::Error;

/// Why an app's files cannot be used. Each message names the file and a remedy.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ApkError {
    /// No file was given.
    #[error("no app file was given")]
    NoFile,
    /// The file is not there.
    #[error("{}: there is no such file; check the path", .0.display())]
    NotFound(PathBuf),
    /// The file cannot be read.
    #[error("{}: cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The file is empty.
    #[error("{}: is empty; download or copy it again", .0.display())]
    Empty(PathBuf),
    /// The archive's end is missing.
    #[error("{}: is cut short ({bytes} bytes, and the archive's end is missing); download or copy it again", path.display())]
    CutShort {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// Not an app file at all, or a broken one.
    #[error("{}: is no app file: {reason}; give an .apk, .xapk, .apks or .apkm, or a folder of split APKs", path.display())]
    NotAnApp {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The manifest lacks something that every app has.
    #[error("{}: its manifest cannot be used: {reason}; the file may be damaged or protected", path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// More than is read.
    #[error("{}: {what} is larger than {limit} bytes, the most that is unpacked; this looks like a trap", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What is too large.
        what: String,
        /// The bound.
        limit: u64,
    },
    /// Too many files.
    #[error("{}: more than {limit} app files; give one app at a time", path.display())]
    TooMany {
        /// The folder or bundle.
        path: PathBuf,
        /// The bound.
        limit: usize,
    },
    /// A folder or bundle without any APK.
    #[error("{}: holds no .apk file", .0.display())]
    NothingInside(PathBuf),
    /// Only splits.
    #[error("{}: is a split without its base; give the base APK (often base.apk) together with its splits", .0.display())]
    NoBase(PathBuf),
    /// Several bases.
    #[error("{} and {}: are both base APKs; give one app at a time. A bundle for many devices must first be cut for one: bundletool build-apks --mode=universal", .0.display(), .1.display())]
    SeveralBases(PathBuf, PathBuf),
    /// Files of different apps, versions or splits of the same name.
    #[error("{}: does not belong to {}: {reason}", path.display(), base.display())]
    Mixed {
        /// The odd one.
        path: PathBuf,
        /// The base.
        base: PathBuf,
        /// What differs.
        reason: String,
    },
    /// A bundle where only plain APKs are taken.
    #[error("{}: is a bundle, which must be unpacked first", .0.display())]
    NeedsUnpacking(PathBuf),
    /// The unpacked files cannot be written.
    #[error("{}: cannot be written: {reason}", path.display())]
    Unwritable {
        /// Where to.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
}

impl ApkError {
    /// Whether this machine's files or disk are to blame rather than the app's file.
    pub fn is_input_output(&self) -> bool {
        matches!(self, Self::Unwritable { .. })
    }
}

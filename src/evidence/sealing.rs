//! What sealing takes and gives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Service;
use crate::journal::entry::Digest;

/// How a package is to be made.
#[derive(Clone, Debug, Default)]
pub struct Sealing {
    /// Where it is put. Must not exist.
    pub to: PathBuf,
    /// Folder or archive.
    pub form: Form,
    /// Who ran the case; may be empty.
    pub operator: String,
    /// Why the case was run; may be empty.
    pub purpose: String,
    /// File with an OpenSSH private key (unencrypted); without one the package says that it is unsigned.
    pub key: Option<PathBuf>,
    /// Digest of the package that this one is a redacted copy of.
    pub redacted_from: Option<Digest>,
    /// Service that is asked for a time stamp; when it gives none, the package says so.
    pub time_stamp: Option<Service>,
    /// Further files by name, without folders: `plan.json`, `outcomes.json`, `environment.json`, `report.html` …
    pub files: BTreeMap<String, Vec<u8>>,
}

/// How a package is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As a folder.
    #[default]
    Folder,
    /// As one archive with stored (not compressed) members.
    Zip,
    /// As one packed archive: tar in Zstandard frames.
    TarZst,
}

impl Form {
    /// How the name of a package of this form ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Folder => "",
            Self::Zip => ".zip",
            Self::TarZst => ".tar.zst",
        }
    }

    /// The form that a package's name asks for: `.zip` and `.tar.zst` are archives, everything else a folder.
    pub fn of(path: &Path) -> Self {
        match path.file_name().and_then(|name| name.to_str()) {
            Some(name) if name.ends_with(".zip") => Self::Zip,
            Some(name) if name.ends_with(".tar.zst") => Self::TarZst,
            _ => Self::Folder,
        }
    }
}

/// A package that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Where it is.
    pub path: PathBuf,
    /// SHA-256 of its `tagmanifest-sha256.txt`, which fixes every byte of it.
    pub digest: String,
    /// Files in it.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Fingerprint of the key that signed it (`SHA256:…`); `None` when it is unsigned.
    pub signed_by: Option<String>,
    /// What had to be put right, in words: a torn last line that was cut, for example.
    pub remarks: Vec<String>,
}

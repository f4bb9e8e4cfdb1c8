//! What an app file says of itself: id, versions, permissions, signature, splits.

mod bundle;
mod error;
mod facts;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use error::ApkError;
pub use facts::{Facts, Permission};

/// Most files of one app.
const MOST_FILES: usize = 200;

/// An app to be installed: what it says of itself, and the files it is installed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// The base's facts; permissions of splits are added.
    pub facts: Facts,
    /// The files to install, the base first.
    pub files: Vec<ApkFile>,
    /// The bundle they were unpacked from, if they were.
    pub bundle: Option<ApkFile>,
    /// What a bundle holds that is not installed (expansion files, other variants), by name.
    pub left_out: Vec<String>,
}

/// A file of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApkFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name without folders.
    pub name: String,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Name of the split; `None` for a base or a bundle.
    pub split: Option<String>,
}

impl App {
    /// Opens an app: one `.apk`, the files of a split set in any order, or a folder that holds them. Reads files;
    /// takes as long as hashing them takes.
    pub fn open(paths: &[PathBuf]) -> Result<Self, ApkError> {
        let files = plain_files(paths)?;
        if let Some(bundle) = files.iter().find(|path| bundle::is_bundle(path)) {
            return Err(ApkError::NeedsUnpacking(bundle.clone()));
        }
        assemble(&files)
    }

    /// As [`App::open`], and also takes one bundle (`.xapk`, `.apks`, `.apkm`), whose APKs are unpacked into the
    /// existing folder `scratch`. That folder is the caller's to remove, after the app was installed.
    pub fn open_unpacking(paths: &[PathBuf], scratch: &Path) -> Result<Self, ApkError> {
        let files = plain_files(paths)?;
        match &files[..] {
            [only] if bundle::is_bundle(only) => {
                let unpacked = bundle::unpack(only, scratch)?;
                let mut app = assemble(&unpacked.files)?;
                app.bundle = Some(digested(only, None)?);
                app.left_out = unpacked.left_out;
                Ok(app)
            }
            _ => Self::open(paths),
        }
    }
}

/// The files behind the paths: folders stand for the app files directly inside them, by name.
fn plain_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ApkError> {
    let mut files = Vec::new();
    for path in paths {
        let unreadable = |error: io::Error| ApkError::Unreadable { path: path.clone(), reason: error.to_string() };
        let meta = std::fs::metadata(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ApkError::NotFound(path.clone()),
            _ => unreadable(error),
        })?;
        if meta.is_file() {
            files.push(path.clone());
            continue;
        }
        if !meta.is_dir() {
            let reason = "it is neither a file nor a folder".to_owned();
            return Err(ApkError::Unreadable { path: path.clone(), reason });
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let found = entry.map_err(unreadable)?.path();
            if has_extension(&found, "apk") && found.is_file() {
                inside.push(found);
            }
        }
        if inside.is_empty() {
            return Err(ApkError::NothingInside(path.clone()));
        }
        inside.sort();
        files.append(&mut inside);
    }
    match paths.first() {
        None => Err(ApkError::NoFile),
        Some(first) if files.len() > MOST_FILES => Err(ApkError::TooMany { path: first.clone(), limit: MOST_FILES }),
        Some(_) => Ok(files),
    }
}

/// One app out of its files: exactly one base, and splits that belong to it.
fn assemble(paths: &[PathBuf]) -> Result<App, ApkError> {
    let mut read = Vec::new();
    for path in paths {
        read.push((path, facts::read(path)?));
    }
    let mut bases = read.iter().filter(|(_, facts)| facts.split.is_none());
    let first = read.first().ok_or(ApkError::NoFile)?.0;
    let (base_path, base) = bases.next().ok_or_else(|| ApkError::NoBase(first.clone()))?;
    if let Some((other, _)) = bases.next() {
        return Err(ApkError::SeveralBases((*base_path).clone(), (*other).clone()));
    }
    let mut facts = base.clone();
    let mut files = vec![digested(base_path, None)?];
    for (path, split) in read.iter().filter(|(_, facts)| facts.split.is_some()) {
        let mixed = |reason: String| ApkError::Mixed { path: (*path).clone(), base: (*base_path).clone(), reason };
        if split.package != base.package {
            return Err(mixed(format!("it is of {}, the base of {}", split.package, base.package)));
        }
        if split.version_code != base.version_code {
            return Err(mixed(format!("it is version {}, the base {}", split.version_code, base.version_code)));
        }
        if files.iter().any(|file| file.split == split.split) {
            return Err(mixed(format!("the split {} is there twice", split.split.as_deref().unwrap_or(""))));
        }
        files.push(digested(path, split.split.clone())?);
        for abi in &split.abis {
            if !facts.abis.contains(abi) {
                facts.abis.push(abi.clone());
            }
        }
        for permission in &split.permissions {
            if !facts.permissions.iter().any(|known| known.name == permission.name) {
                facts.permissions.push(permission.clone());
            }
        }
    }
    Ok(App { facts, files, bundle: None, left_out: Vec::new() })
}

fn digested(path: &Path, split: Option<String>) -> Result<ApkFile, ApkError> {
    let unreadable = |error: io::Error| ApkError::Unreadable { path: path.to_owned(), reason: error.to_string() };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut piece = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut piece).map_err(unreadable)?;
        if length == 0 {
            break;
        }
        hash.update(&piece[..length]);
        bytes += length as u64;
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(ApkFile { path: path.to_owned(), name, sha256, bytes, split })
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

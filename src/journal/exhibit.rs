//! Kept files, named by their digest: written once, whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::entry::ExhibitRef;
use super::{JournalError, digest};

/// Name of the exhibits' folder beside the journal.
pub const EXHIBITS: &str = "exhibits";

/// Largest exhibit that is kept, in bytes.
const LARGEST: u64 = 512 << 20;

/// File name extension of a media type.
pub fn extension(media: &str) -> &'static str {
    match media.split(';').next().unwrap_or_default().trim() {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        "application/xml" | "text/xml" => "xml",
        "application/json" => "json",
        "text/plain" => "txt",
        "application/vnd.tcpdump.pcap" => "pcap",
        _ => "bin",
    }
}

impl ExhibitRef {
    /// Where the file stands, relative to the journal's folder: `exhibits/ab/abcd….png`. `None` when the digest is
    /// not one, which only a forged journal can say.
    pub fn path(&self) -> Option<String> {
        digest::is_digest(&self.sha256)
            .then(|| format!("{EXHIBITS}/{}/{}.{}", &self.sha256[..2], self.sha256, extension(&self.media)))
    }
}

/// The exhibits' folder while a case is recorded.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    kept: Mutex<BTreeSet<String>>,
    /// Folders whose new names have not reached the disk yet.
    unsynced: Mutex<BTreeSet<PathBuf>>,
    next_temporary: AtomicU64,
}

impl Store {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            kept: Mutex::default(),
            unsynced: Mutex::default(),
            next_temporary: AtomicU64::new(0),
        }
    }

    /// Writes the bytes to disk under their digest, unless they are there already.
    pub(super) fn keep(&self, bytes: &[u8], media: &str) -> Result<ExhibitRef, JournalError> {
        let length = bytes.len() as u64;
        if length > LARGEST {
            return Err(JournalError::ExhibitTooLarge { bytes: length, limit: LARGEST });
        }
        let exhibit = ExhibitRef { sha256: digest::of(bytes), media: media.to_owned(), bytes: length };
        let relative = exhibit.path().expect("a computed digest is a digest");
        if locked(&self.kept).contains(&relative) {
            return Ok(exhibit);
        }
        self.write(bytes, &self.folder.join(&relative))?;
        locked(&self.kept).insert(relative);
        Ok(exhibit)
    }

    fn write(&self, bytes: &[u8], path: &Path) -> Result<(), JournalError> {
        let folder = path.parent().expect("an exhibit stands in a folder");
        fs::create_dir_all(folder).map_err(JournalError::io("can't make the folder", folder))?;
        let number = self.next_temporary.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".{number}.unfinished"));
        let written = write_synced(bytes, &temporary).and_then(|()| fs::rename(&temporary, path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written.map_err(JournalError::io("can't keep the exhibit", path))?;
        let mut unsynced = locked(&self.unsynced);
        unsynced.extend(folder.ancestors().take(3).map(Path::to_owned));
        Ok(())
    }

    /// Makes the names of all kept exhibits reach the disk.
    pub(super) fn sync(&self) -> Result<(), JournalError> {
        let folders = std::mem::take(&mut *locked(&self.unsynced));
        for folder in folders {
            File::open(&folder).and_then(|f| f.sync_all()).map_err(JournalError::io("can't sync", &folder))?;
        }
        Ok(())
    }
}

fn write_synced(bytes: &[u8], path: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_data()
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}

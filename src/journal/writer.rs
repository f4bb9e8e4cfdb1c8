//! Appending: one writer, many hands.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::entry::{Digest, Entry, Event, ExhibitRef, Stamp};
use super::exhibit::Store;
use super::{FILE, JournalError, LONGEST_LINE, NO_LINE_BEFORE, digest, reader};
use crate::clock::Clock;

/// A journal that is being written. Clones write to the same file; entries get their numbers in the order in which
/// they arrive.
///
/// A line is handed to the system before `append` returns, so that it outlives the process; it is forced to the disk
/// together with everything before it when a step, an answer or the case ends, and by [`Journal::sync`].
#[derive(Clone, Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    mask: Option<Mask>,
}

/// What free text goes through before it is written.
#[derive(Clone)]
struct Mask(Arc<dyn Fn(&str) -> String + Send + Sync>);

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    clock: Clock,
    opened: Duration,
    exhibits: Store,
    writer: Mutex<Writer>,
}

#[derive(Debug)]
struct Writer {
    path: PathBuf,
    file: File,
    /// Length of the file after the last whole line.
    length: u64,
    next: u64,
    prev: Digest,
    last_mono: u64,
    closed: bool,
}

impl Journal {
    /// Opens a new journal in `folder`, which is made when it is not there.
    ///
    /// # Errors
    /// When the folder holds a journal already, or can't be written.
    pub fn create(folder: &Path, clock: Clock) -> Result<Self, JournalError> {
        fs::create_dir_all(folder).map_err(JournalError::io("can't make the folder", folder))?;
        let path = folder.join(FILE);
        let file = OpenOptions::new().append(true).create_new(true).open(&path).map_err(|e| match e.kind() {
            ErrorKind::AlreadyExists => JournalError::Exists { path: path.clone() },
            _ => JournalError::Io { doing: "can't be made", path: path.clone(), source: e },
        })?;
        File::open(folder).and_then(|f| f.sync_all()).map_err(JournalError::io("can't sync", folder))?;
        let writer =
            Writer { path, file, length: 0, next: 0, prev: NO_LINE_BEFORE.to_owned(), last_mono: 0, closed: false };
        let opened = clock.elapsed();
        let exhibits = Store::new(folder);
        let shared = Shared { folder: folder.to_owned(), clock, opened, exhibits, writer: Mutex::new(writer) };
        Ok(Self { shared: Arc::new(shared), mask: None })
    }

    /// The same journal; whatever is written through this handle and its clones has its free text go through `mask`.
    #[must_use]
    pub fn masking(self, mask: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self { mask: Some(Mask(Arc::new(mask))), ..self }
    }

    /// Reads a journal back, checking its chain. See [`reader::Reader`] for the bounds.
    ///
    /// # Errors
    /// Names the first line that is not as it was written; a torn last line is no error.
    pub fn read(folder: &Path) -> Result<reader::Record, JournalError> {
        reader::Record::read(folder, reader::Bounds::default())
    }

    /// The folder it is written in.
    pub fn folder(&self) -> &Path {
        &self.shared.folder
    }

    /// Milliseconds since the journal was opened, on the clock that stamps entries.
    pub fn mono(&self) -> u64 {
        let since = self.shared.clock.elapsed().saturating_sub(self.shared.opened);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// Writes an entry and returns its number.
    ///
    /// # Errors
    /// When the entry is too long or the disk fails; after a failed write nothing more is taken.
    pub fn append(&self, event: Event) -> Result<u64, JournalError> {
        self.append_at(event, None)
    }

    /// Writes an entry with the time the device gave for it (milliseconds since 1970, UTC).
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn append_at(&self, mut event: Event, device: Option<i64>) -> Result<u64, JournalError> {
        if let Some(Mask(mask)) = &self.mask {
            event.each_text(&mut |text| *text = mask(text));
        }
        let boundary = is_boundary(&event);
        let mut writer = self.writer();
        let mono = self.mono().max(writer.last_mono);
        let at = Stamp { wall: self.shared.clock.now(), mono, device };
        let seq = writer.write(event, at)?;
        if boundary {
            self.shared.exhibits.sync()?;
            writer.sync()?;
        }
        Ok(seq)
    }

    /// Keeps a file as an exhibit. It is on the disk when this returns, and kept once however often it comes.
    ///
    /// # Errors
    /// When it is larger than 512 MiB or the disk fails.
    pub fn exhibit(&self, bytes: &[u8], media: &str) -> Result<ExhibitRef, JournalError> {
        self.shared.exhibits.keep(bytes, media)
    }

    /// Forces everything written so far to the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sync(&self) -> Result<(), JournalError> {
        self.shared.exhibits.sync()?;
        self.writer().sync()
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.shared.writer.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

/// Whether an entry ends something, so that what was recorded up to it has to be on the disk.
fn is_boundary(event: &Event) -> bool {
    matches!(
        event,
        Event::CaseOpened(_) | Event::StepEnded { .. } | Event::PromptAnswered(_) | Event::CaseClosed { .. }
    )
}

impl Writer {
    fn write(&mut self, event: Event, at: Stamp) -> Result<u64, JournalError> {
        if self.closed {
            return Err(JournalError::Closed);
        }
        let seq = self.next;
        let entry = Entry { seq, at, prev: self.prev.clone(), event };
        let mut line = line_of(&entry)?;
        let digest = digest::of(&line);
        line.push(b'\n');
        if let Err(source) = self.file.write_all(&line) {
            // A part of the line may stand there: cut it, and take nothing more in any case.
            self.closed = true;
            let _ = self.file.set_len(self.length);
            return Err(JournalError::Io { doing: "can't be written", path: self.path.clone(), source });
        }
        self.length += line.len() as u64;
        self.next += 1;
        self.prev = digest;
        self.last_mono = at.mono;
        Ok(seq)
    }

    fn sync(&mut self) -> Result<(), JournalError> {
        self.file.sync_data().map_err(JournalError::io("can't sync", &self.path))
    }
}

/// The entry as one line without the line feed; refused when it could not be read back.
fn line_of(entry: &Entry) -> Result<Vec<u8>, JournalError> {
    let unwritable = |why: String| JournalError::Unwritable { seq: entry.seq, why };
    let line = serde_json::to_vec(entry).map_err(|e| unwritable(e.to_string()))?;
    if line.len() > LONGEST_LINE {
        return Err(unwritable(format!("{} bytes, and a line may have {LONGEST_LINE}", line.len())));
    }
    serde_json::from_slice::<Entry>(&line).map_err(|e| unwritable(e.to_string()))?;
    Ok(line)
}

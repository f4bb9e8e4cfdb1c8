//! Reading back, line by line, within bounds, checking the chain.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::entry::{Digest, Entry};
use super::{FILE, JournalError, LONGEST_LINE, NO_LINE_BEFORE, digest};

/// How much a reader takes before it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Longest line in bytes, without the line feed.
    pub line: usize,
    /// Longest journal in bytes.
    pub total: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { line: LONGEST_LINE, total: 2 << 30 }
    }
}

/// A whole journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// The rest of a line that was being written when the program died, if there is one.
    pub torn: Option<Torn>,
    /// Digest of the last whole line; 64 zeros when there is none.
    pub head: Digest,
}

/// The beginning of a line that was never finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Line number, from 1.
    pub line: u64,
    /// Where it begins, in bytes from the start of the file: the length of the valid part.
    pub offset: u64,
    /// How many bytes of it there are.
    pub bytes: u64,
}

impl Record {
    /// Reads `journal.jsonl` in `folder`.
    ///
    /// # Errors
    /// As [`Reader::next_line`].
    pub fn read(folder: &Path, bounds: Bounds) -> Result<Self, JournalError> {
        let mut reader = Reader::open(&folder.join(FILE), bounds)?;
        let mut entries = Vec::new();
        while let Some(line) = reader.next_line()? {
            entries.push(line.entry);
        }
        Ok(Self { entries, torn: reader.torn, head: reader.prev })
    }
}

/// One line as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Line number, from 1.
    pub number: u64,
    /// What it says.
    pub entry: Entry,
}

/// Reads one line at a time; memory does not grow with the journal.
#[derive(Debug)]
pub struct Reader<R = BufReader<File>> {
    from: R,
    path: PathBuf,
    bounds: Bounds,
    buffer: Vec<u8>,
    /// Lines read.
    number: u64,
    /// Bytes read.
    offset: u64,
    prev: Digest,
    mono: u64,
    torn: Option<Torn>,
}

impl Reader {
    /// Opens a journal's file.
    ///
    /// # Errors
    /// When it can't be opened.
    pub fn open(path: &Path, bounds: Bounds) -> Result<Self, JournalError> {
        let file = File::open(path).map_err(JournalError::io("can't be opened", path))?;
        Ok(Self::over(BufReader::with_capacity(64 << 10, file), path, bounds))
    }
}

impl<R: BufRead> Reader<R> {
    /// Reads a journal from somewhere else; `path` is its name in errors.
    pub fn over(from: R, path: &Path, bounds: Bounds) -> Self {
        let prev = NO_LINE_BEFORE.to_owned();
        Self {
            from,
            path: path.to_owned(),
            bounds,
            buffer: Vec::new(),
            number: 0,
            offset: 0,
            prev,
            mono: 0,
            torn: None,
        }
    }

    /// The next line, or `None` at the end. A last line without a line feed is torn: it ends the journal and shows
    /// in [`Reader::torn`].
    ///
    /// # Errors
    /// When a line is too long, is not an entry, has the wrong number, names the wrong digest for the line before,
    /// or goes back in time; when the journal is too large, or can't be read.
    pub fn next_line(&mut self) -> Result<Option<Line>, JournalError> {
        if !self.fill()? {
            return Ok(None);
        }
        self.number += 1;
        self.offset += self.buffer.len() as u64 + 1;
        let entry = self.checked()?;
        self.prev = digest::of(&self.buffer);
        self.mono = entry.at.mono;
        Ok(Some(Line { number: self.number, entry }))
    }

    /// The torn last line, once the end was reached.
    pub fn torn(&self) -> Option<Torn> {
        self.torn
    }

    /// Length of the whole lines read so far, in bytes.
    pub fn length(&self) -> u64 {
        self.offset
    }

    /// Digest of the last line read; 64 zeros before the first.
    pub fn head(&self) -> &str {
        &self.prev
    }

    /// Reads one line without its feed into the buffer; false at the end.
    fn fill(&mut self) -> Result<bool, JournalError> {
        if self.torn.is_some() {
            return Ok(false);
        }
        self.buffer.clear();
        let most = self.bounds.line as u64 + 1;
        let read = (&mut self.from).take(most).read_until(b'\n', &mut self.buffer);
        let length = read.map_err(JournalError::io("can't be read", &self.path))? as u64;
        if self.offset + length > self.bounds.total {
            return Err(JournalError::TooLarge { path: self.path.clone(), limit: self.bounds.total, unit: "bytes" });
        }
        if self.buffer.pop_if(|last| *last == b'\n').is_some() {
            return Ok(true);
        }
        if length == most {
            self.number += 1;
            return Err(self.broken(format!("longer than {} bytes", self.bounds.line)));
        }
        if length > 0 {
            self.torn = Some(Torn { line: self.number + 1, offset: self.offset, bytes: length });
        }
        Ok(false)
    }

    fn checked(&self) -> Result<Entry, JournalError> {
        let entry: Entry =
            serde_json::from_slice(&self.buffer).map_err(|e| self.broken(format!("not an entry: {e}")))?;
        if entry.seq != self.number - 1 {
            return Err(self.broken(format!("entry number {} where {} belongs", entry.seq, self.number - 1)));
        }
        if entry.prev != self.prev {
            return Err(self.broken("the line before is not the one this line was written after".to_owned()));
        }
        if entry.at.mono < self.mono {
            return Err(self.broken(format!("goes back in time, from {} ms to {} ms", self.mono, entry.at.mono)));
        }
        Ok(entry)
    }

    fn broken(&self, why: String) -> JournalError {
        JournalError::Broken { path: self.path.clone(), line: self.number, why }
    }
}

//! A made-up record: a journal with its chain and its exhibits, written without waiting for the disk after each.

use std::fs;
use std::path::{Path, PathBuf};

use appwitness::journal::entry::{Capture, CaseOpened, Entry, Event, ExhibitRef, Stamp};
use appwitness::journal::{NO_LINE_BEFORE, digest};

/// A record that is being made up.
pub struct Record {
    folder: PathBuf,
    lines: String,
    prev: String,
    next: u64,
}

impl Record {
    /// Begins a record in a new folder with its first entry.
    pub fn begin(folder: &Path) -> Self {
        let (lines, prev) = (String::new(), NO_LINE_BEFORE.to_owned());
        let mut record = Self { folder: folder.to_owned(), lines, prev, next: 0 };
        record.push(Event::CaseOpened(Box::new(opened())));
        record
    }

    /// Adds an entry, seven milliseconds after the one before.
    pub fn push(&mut self, event: Event) {
        let at = Stamp { wall: 1_700_000_000_000 + self.next as i64 * 7, mono: self.next * 7, device: None };
        let entry = Entry { seq: self.next, at, prev: self.prev.clone(), event };
        let line = serde_json::to_string(&entry).expect("an entry serialises");
        self.prev = digest::of(line.as_bytes());
        self.next += 1;
        self.lines += &line;
        self.lines.push('\n');
    }

    /// Keeps an exhibit.
    pub fn exhibit(&self, bytes: &[u8], media: &str) -> ExhibitRef {
        let exhibit = ExhibitRef { sha256: digest::of(bytes), media: media.to_owned(), bytes: bytes.len() as u64 };
        let path = self.folder.join(exhibit.path().expect("a digest"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
        exhibit
    }

    /// Ends the record.
    pub fn end(mut self) {
        let closed = serde_json::json!({
            "kind": "case-closed", "ended": "completed", "blame": null, "message": "", "missing": []
        });
        self.push(serde_json::from_value(closed).expect("an entry"));
        fs::create_dir_all(&self.folder).expect("a folder");
        fs::write(self.folder.join("journal.jsonl"), &self.lines).expect("a file");
    }
}

fn opened() -> CaseOpened {
    serde_json::from_value(serde_json::json!({
        "case": "case-1", "attempt": 1, "purpose": "", "app": {"package": "org.example"}, "category": null,
        "scenario": "s", "scenario-title": "S", "scenario-digest": digest::of(b"s"), "scenario-verbs": [],
        "prompts": "deny", "consent": "accept", "catalogue-digest": digest::of(b"c"), "program": "0",
        "program-digest": null
    }))
    .expect("a first entry")
}

/// A look at the screen.
pub fn capture(screenshot: ExhibitRef, size: (u32, u32), hierarchy: ExhibitRef) -> Event {
    let mut capture: Capture = serde_json::from_value(serde_json::json!({
        "reason": "step", "screenshot": null, "size": size, "secure": false, "hierarchy": null,
        "hierarchy-by": "uiautomator", "focus": null, "resumed": null, "signature": null, "missing": []
    }))
    .expect("a capture");
    (capture.screenshot, capture.hierarchy) = (Some(screenshot), Some(hierarchy));
    Event::Captured(Box::new(capture))
}

/// Numbers without a pattern (xorshift64), the same on every machine.
pub struct Noise(pub u64);

impl Noise {
    /// The next of them.
    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

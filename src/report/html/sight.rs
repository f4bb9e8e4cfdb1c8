//! Look-ups over a journal: which capture is where, and what was touched while looking at it.

use std::collections::HashMap;

use crate::journal::entry::{Capture, Entry, Event, ExhibitRef, Input};
use crate::report::picture::Mark;

/// Look-ups over one journal.
pub struct Sight<'a> {
    /// All entries.
    pub entries: &'a [Entry],
    density: u32,
    captures: HashMap<u64, &'a Capture>,
    touches: HashMap<u64, Vec<&'a Input>>,
}

impl<'a> Sight<'a> {
    /// Reads a journal once.
    pub fn of(entries: &'a [Entry]) -> Self {
        let (mut captures, mut density) = (HashMap::new(), 0);
        let mut touches: HashMap<u64, Vec<&Input>> = HashMap::new();
        for entry in entries {
            match &entry.event {
                Event::Captured(capture) => {
                    captures.insert(entry.seq, capture.as_ref());
                }
                Event::Device(device) => density = device.density,
                Event::Input(input) => {
                    if let Some(seen) = input.seen {
                        touches.entry(seen).or_default().push(input);
                    }
                }
                _ => {}
            }
        }
        Self { entries, density, captures, touches }
    }

    /// Dots per inch of the device; 0 when not known.
    pub fn density(&self) -> u32 {
        self.density
    }

    /// The screenshot of a capture.
    pub fn screenshot(&self, capture: Option<u64>) -> Option<&'a ExhibitRef> {
        self.captures.get(&capture?)?.screenshot.as_ref()
    }

    /// Taps made while looking at a capture.
    pub fn taps(&self, capture: Option<u64>) -> Vec<Mark> {
        let Some(capture) = capture else { return Vec::new() };
        let touches = self.touches.get(&capture).map(Vec::as_slice).unwrap_or_default();
        touches.iter().filter(|t| t.act == "tap").filter_map(|t| t.point).map(Mark::Tap).collect()
    }

    /// Milliseconds of the journal's clock from its opening to its last entry, at least 1.
    pub fn span(&self) -> u64 {
        self.entries.last().map_or(1, |last| last.at.mono.max(1))
    }
}

/// A time since the journal was opened, as `m:ss.t`.
pub fn since_start(mono: u64) -> String {
    format!("{}:{:02}.{}", mono / 60_000, mono / 1_000 % 60, mono / 100 % 10)
}

/// A duration in words of one unit: `850 ms`, `2.3 s`, `4.5 min`.
pub fn lasting(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms / 100 % 10),
        _ => format!("{}.{} min", ms / 60_000, ms / 6_000 % 10),
    }
}

/// The short name of a permission: `ACCESS_FINE_LOCATION`.
pub fn short_permission(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

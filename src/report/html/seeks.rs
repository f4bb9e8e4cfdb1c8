//! The way to a concept, screen by screen.

use serde::Serialize;

use super::gallery::{Gallery, Shown};
use super::seek_map::{Drawn, Spot, draw};
use super::sight::Sight;
use crate::journal::entry::{Entry, Event, SeekEnded, SeekOutcome};
use crate::report::words::{self, Both};

/// Width of the pictures along a way, in pixels.
const STRIP_WIDTH: u32 = 300;
/// A search and what it came to.
#[derive(Debug, Serialize)]
pub struct SeekCard {
    seq: u64,
    concept: Both,
    outcome: Both,
    found: bool,
    depth: u32,
    taps: u32,
    words: String,
    hops: Vec<HopCard>,
    arrival: Option<Shown>,
    visited: usize,
    map: Vec<Spot>,
    map_more: usize,
    blocked_by: String,
    bounded: bool,
    dead: Vec<String>,
    perhaps: Vec<String>,
}

#[derive(Debug, Serialize)]
struct HopCard {
    label: String,
    picture: Option<Shown>,
}

/// The card of a search that ended at `at` (a place in the journal).
pub fn seek(at: usize, seek: &SeekEnded, sight: &Sight, gallery: &mut Gallery) -> SeekCard {
    let hops = seek.path.iter().map(|hop| HopCard {
        label: hop.label.clone(),
        picture: sight.screenshot(hop.capture).map(|s| gallery.hang(s, &sight.taps(hop.capture), STRIP_WIDTH)),
    });
    let hops = hops.collect();
    let found = seek.outcome == SeekOutcome::Found;
    let map = if found { Drawn { spots: Vec::new(), left_out: 0 } } else { draw(seek) };
    let arrival = if found { last_capture(&sight.entries[..at]) } else { None };
    SeekCard {
        seq: sight.entries[at].seq,
        concept: words::concept(seek.concept),
        outcome: words::seek_outcome(seek.outcome),
        found,
        depth: seek.depth,
        taps: seek.taps,
        words: seek.words.clone(),
        hops,
        arrival: sight.screenshot(arrival).map(|s| gallery.hang(s, &[], STRIP_WIDTH)),
        visited: seek.visited.len(),
        map: map.spots,
        map_more: map.left_out,
        blocked_by: seek.blocked_by.clone(),
        bounded: seek.bounded,
        dead: seek.dead.clone(),
        perhaps: seek.perhaps.clone(),
    }
}

fn last_capture(before: &[Entry]) -> Option<u64> {
    let pictured = |e: &&Entry| matches!(&e.event, Event::Captured(c) if c.screenshot.is_some());
    before.iter().rev().find(pictured).map(|e| e.seq)
}

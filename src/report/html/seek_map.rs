//! The screens that a search looked at, as a tree: each below the one from which it was first reached, with the words that
//! were pressed.

use std::collections::VecDeque;

use serde::Serialize;

use crate::journal::entry::{SeekEnded, SeenWay};

/// Most screens that are drawn; the journal holds all.
const MOST_SCREENS: usize = 60;
/// Most presses that are drawn beside those which first led to a screen.
const MOST_AGAIN: usize = 60;

/// A screen, and what its presses led to.
#[derive(Debug, PartialEq, Serialize)]
pub struct Spot {
    /// Words that were pressed on the screen above; empty when no press is known.
    press: String,
    /// How many more presses on the screen above led here: rows of a list often do.
    more: usize,
    title: String,
    /// It is drawn elsewhere.
    again: bool,
    leads: Vec<Spot>,
}

/// A tree, and how many screens it leaves out.
pub struct Drawn {
    pub spots: Vec<Spot>,
    pub left_out: usize,
}

/// Draws the screens of a search, from the first one on; one that no press is known to lead to stands for itself.
pub fn draw(seek: &SeekEnded) -> Drawn {
    let mut plan = Plan::of(seek);
    let mut roots = Vec::new();
    for place in 0..seek.visited.len() {
        if plan.drawn == MOST_SCREENS {
            break;
        }
        if !plan.is_drawn[place] {
            roots.push(place);
            plan.grow(place);
        }
    }
    let spots = roots.into_iter().map(|place| plan.spot(place, String::new())).collect();
    Drawn { spots, left_out: seek.visited.len() - plan.drawn }
}

struct Plan<'a> {
    seek: &'a SeekEnded,
    /// Presses by the screen they were made on.
    ways: Vec<Vec<&'a SeenWay>>,
    is_drawn: Vec<bool>,
    drawn: usize,
    /// Presses that first led to a screen, by the screen they were made on.
    first: Vec<Vec<&'a SeenWay>>,
    again: usize,
}

impl<'a> Plan<'a> {
    fn of(seek: &'a SeekEnded) -> Self {
        let count = seek.visited.len();
        let mut ways = vec![Vec::new(); count];
        for way in seek.ways.iter().filter(|way| way.from < count && way.to < count) {
            ways[way.from].push(way);
        }
        Self { seek, ways, is_drawn: vec![false; count], drawn: 0, first: vec![Vec::new(); count], again: 0 }
    }

    /// Reaches what can be reached from a screen, the nearest first.
    fn grow(&mut self, from: usize) {
        let mut line = VecDeque::from([from]);
        self.is_drawn[from] = true;
        self.drawn += 1;
        while let Some(here) = line.pop_front() {
            for at in 0..self.ways[here].len() {
                let way = self.ways[here][at];
                if self.drawn == MOST_SCREENS || self.is_drawn[way.to] {
                    continue;
                }
                self.is_drawn[way.to] = true;
                self.drawn += 1;
                self.first[here].push(way);
                line.push_back(way.to);
            }
        }
    }

    fn spot(&mut self, place: usize, press: String) -> Spot {
        let first = std::mem::take(&mut self.first[place]);
        let mut leads: Vec<Spot> = first.iter().map(|way| self.spot(way.to, way.press.clone())).collect();
        let mut shown: Vec<usize> = first.iter().map(|way| way.to).collect();
        for way in std::mem::take(&mut self.ways[place]) {
            let known = first.iter().any(|one| std::ptr::eq(*one, way)) || !self.is_drawn[way.to];
            if known {
                continue;
            }
            if let Some(at) = shown.iter().position(|to| *to == way.to) {
                leads[at].more += 1;
            } else if self.again < MOST_AGAIN {
                self.again += 1;
                let title = self.title(way.to);
                shown.push(way.to);
                leads.push(Spot { press: way.press.clone(), more: 0, title, again: true, leads: Vec::new() });
            }
        }
        Spot { press, more: 0, title: self.title(place), again: false, leads }
    }

    fn title(&self, place: usize) -> String {
        let (signature, title) = &self.seek.visited[place];
        if title.is_empty() { signature } else { title }.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::SeekOutcome;
    use crate::ui::Concept;

    fn seek(screens: usize, ways: &[(usize, &str, usize)]) -> SeekEnded {
        let way = |(from, press, to): &(usize, &str, usize)| SeenWay { from: *from, press: (*press).into(), to: *to };
        SeekEnded {
            concept: Concept::DataCopy,
            outcome: SeekOutcome::NotFound,
            depth: 0,
            path: Vec::new(),
            words: String::new(),
            taps: 0,
            visited: (0..screens).map(|at| (format!("{at:02}"), format!("S{at}"))).collect(),
            ways: ways.iter().map(way).collect(),
            blocked_by: String::new(),
            bounded: false,
            dead: Vec::new(),
            perhaps: Vec::new(),
        }
    }

    fn lines(spots: &[Spot], depth: usize, out: &mut Vec<String>) {
        for spot in spots {
            let again = if spot.again { "~" } else { "" };
            out.push(format!("{}{}>{again}{}", " ".repeat(depth), spot.press, spot.title));
            lines(&spot.leads, depth + 1, out);
        }
    }

    fn told(seek: &SeekEnded) -> (Vec<String>, usize) {
        let drawn = draw(seek);
        let mut out = Vec::new();
        lines(&drawn.spots, 0, &mut out);
        (out, drawn.left_out)
    }

    #[test]
    fn each_screen_stands_below_the_one_it_was_nearest_to() {
        let ways =
            [(0, "me", 1), (1, "set", 2), (1, "about", 3), (2, "about", 3), (3, "home", 0), (9, "x", 1), (0, "y", 9)];
        let (lines, left_out) = told(&seek(5, &ways));
        let all = [">S0", " me>S1", "  set>S2", "   about>~S3", "  about>S3", "   home>~S0", ">S4"];
        assert_eq!((lines, left_out), (all.map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn an_older_record_is_a_list() {
        assert_eq!(told(&seek(2, &[])).0, [">S0", ">S1"]);
    }

    #[test]
    fn the_size_is_bounded() {
        let chain: Vec<(usize, &str, usize)> = (0..5_000).map(|at| (at, "on", at + 1)).collect();
        let (lines, left_out) = told(&seek(5_001, &chain));
        assert_eq!((lines.len(), left_out), (MOST_SCREENS, 5_001 - MOST_SCREENS));
        let many: Vec<(usize, &str, usize)> = (0..400).map(|at| (at / 20, "on", at % 20)).collect();
        assert_eq!(told(&seek(20, &many)).0.len(), 20 + MOST_AGAIN);
    }

    #[test]
    fn rows_that_lead_to_one_screen_are_counted() {
        let drawn = draw(&seek(2, &[(0, "row 1", 1), (0, "row 2", 1), (0, "row 3", 1), (1, "up", 0)]));
        let row = &drawn.spots[0].leads[0];
        assert_eq!((drawn.spots[0].leads.len(), row.press.as_str(), row.more), (1, "row 1", 2));
    }
}

//! One install of a twin: the pages met on it, and the way from one to another.

use std::collections::{BTreeMap, HashSet};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::page::{controls, heading, kind_of, labels_of};
use super::press::{Pressed, press_and_see, press_label};

/// Presses of *back* spent on coming back to a page before it is walked to from the first one (ours).
const MOST_BACK: u32 = 4;

/// A step of the tour, as it is to be made on every install.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub number: u32,
    /// The step that leads to its page; `None` for the first page.
    pub on: Option<u32>,
    /// Words of the control.
    pub press: String,
    /// What the control is like.
    pub kind: String,
    /// One of several rows that are alike.
    pub row: bool,
    /// Another row of the same kind serves as well: its words are a story's, or were others on an equal install.
    pub varies: bool,
}

/// A page as this install showed it.
#[derive(Default)]
struct Met {
    signatures: HashSet<String>,
    title: String,
    labels: Vec<String>,
}

/// One install: the pages that the steps made so far have opened.
#[derive(Default)]
pub(super) struct Visit {
    met: BTreeMap<u32, Met>,
}

/// What one press of a stop did.
pub(super) struct Made {
    pub pressed: Pressed,
    /// Words of the row that was pressed in its stead.
    pub instead: Option<String>,
}

impl Visit {
    /// Takes down the page that a step opened.
    pub fn meet(&mut self, step: u32, screen: &Screen) {
        let met = self.met.entry(step).or_default();
        met.signatures.insert(screen.signature.clone());
        met.title = heading(&screen.tree);
        for label in labels_of(&screen.tree) {
            if !met.labels.contains(&label) {
                met.labels.push(label);
            }
        }
    }

    /// Whether the screen is the page that a step opened, though something on it changed: the same title, and at least
    /// `of` in four of its controls known.
    pub fn is_at(&self, step: u32, screen: &Screen, of: usize) -> bool {
        let Some(met) = self.met.get(&step) else { return false };
        if met.signatures.contains(&screen.signature) {
            return true;
        }
        let labels = labels_of(&screen.tree);
        let known = labels.iter().filter(|label| met.labels.contains(label)).count();
        !met.title.is_empty() && met.title == heading(&screen.tree) && known * 4 >= labels.len() * of
    }

    /// The step whose page the screen is, if any opened it on this install.
    pub fn at(&self, screen: &Screen) -> Option<u32> {
        self.met.keys().copied().find(|step| self.is_at(*step, screen, 3))
    }

    /// Whether a step opened a page on this install.
    pub fn has_met(&self, step: u32) -> bool {
        self.met.contains_key(&step)
    }

    /// Brings the page that a step opened to the front: by *back*, else from the app's first page. `None` when it can't
    /// be reached on this install.
    pub async fn reach(&mut self, on: &mut Attempt<'_>, tour: &[Stop], step: u32) -> Result<Option<Screen>, RunError> {
        if !self.has_met(step) {
            return Ok(None);
        }
        let mut screen = on.clear_way().await?;
        for _ in 0..MOST_BACK {
            if on.in_front(&screen) && self.is_at(step, &screen, 2) {
                return Ok(Some(screen));
            }
            if !on.in_front(&screen) || self.is_at(0, &screen, 2) {
                break;
            }
            let Some(before) = on.go_back(&screen).await? else { break };
            screen = before;
        }
        if !(on.in_front(&screen) && self.is_at(0, &screen, 2)) {
            screen = on.go_to_main().await?;
        }
        for number in way(tour, step) {
            let Some(stop) = tour.iter().find(|stop| stop.number == number) else { return Ok(None) };
            match make(on, &screen, stop).await?.pressed {
                Pressed::Moved(next) => screen = *next,
                Pressed::Nothing | Pressed::Missing => return Ok(None),
            }
        }
        let there = on.in_front(&screen) && self.is_at(step, &screen, 0);
        if there {
            self.meet(step, &screen);
        }
        Ok(there.then_some(screen))
    }
}

/// Numbers of the steps from the first page to a step, that one included.
pub(super) fn way(tour: &[Stop], step: u32) -> Vec<u32> {
    let mut way = Vec::new();
    let mut at = Some(step).filter(|step| *step > 0);
    while let Some(number) = at {
        if way.contains(&number) {
            break;
        }
        way.push(number);
        at = tour.iter().find(|stop| stop.number == number).and_then(|stop| stop.on).filter(|on| *on > 0);
    }
    way.reverse();
    way
}

/// Presses what a stop presses: the control with its words, else, in a list of rows that are alike, the first of them.
pub(super) async fn make(on: &mut Attempt<'_>, screen: &Screen, stop: &Stop) -> Result<Made, RunError> {
    let there = super::page::pressable(&screen.tree, &stop.press).is_some();
    if !there && stop.row && stop.varies {
        let nodes = &screen.tree.nodes;
        let alike = controls(on, &screen.tree).into_iter().find(|control| control.kind == stop.kind);
        let node = alike.as_ref().and_then(|control| {
            nodes.iter().position(|n| n.clickable && n.bounds == control.bounds && kind_of(n) == control.kind)
        });
        if let (Some(control), Some(node)) = (alike, node) {
            let pressed = press_and_see(on, screen, node).await?;
            return Ok(Made { pressed, instead: Some(control.label) });
        }
    }
    Ok(Made { pressed: press_label(on, screen, &stop.press).await?, instead: None })
}

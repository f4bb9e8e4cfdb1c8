//! Offers that renew themselves, noticed on whatever page is looked at.

use crate::journal::entry::{Event, RenewalOffer};
use crate::ui::{List, Node, Tree};

use super::attempt::Attempt;
use super::child::words_of;
use super::error::RunError;
use super::look::Screen;

/// Characters of an offer's words that are kept.
const MOST_WORDS: usize = 2_000;
/// Offers written down in one attempt at the most.
const MOST: usize = 50;

impl Attempt<'_> {
    /// Writes down a page that offers something which renews itself, each once.
    pub fn note_offer(&mut self, screen: &Screen) -> Result<(), RunError> {
        if self.memory.offers.len() >= MOST || !self.in_front(screen) {
            return Ok(());
        }
        let words = words_of(&screen.tree, MOST_WORDS);
        let lexicon = self.order.lexicon.clone();
        if !lexicon.mentions(&words, List::Renewal) {
            return Ok(());
        }
        let boxes = screen.tree.nodes.iter().filter(|n| n.checkable);
        let boxes: Vec<(String, bool)> = boxes
            .map(|n| (label(&screen.tree, n), n.checked))
            .filter(|(label, _)| lexicon.mentions(label, List::Renewal))
            .collect();
        let priced = lexicon.holds(&words, List::Money);
        if self.memory.offers.iter().any(|(known, ticks)| *known == words && *ticks == boxes) {
            return Ok(());
        }
        self.memory.offers.push((words.clone(), boxes.clone()));
        let offer = RenewalOffer { words, priced, boxes, capture: screen.capture };
        self.note(Event::RenewalOffered(Box::new(offer))).map(drop)
    }
}

/// A box's words: its own, else those on the same line.
fn label(tree: &Tree, node: &Node) -> String {
    if !node.label().is_empty() {
        return node.label().to_owned();
    }
    let beside = tree
        .nodes
        .iter()
        .filter(|n| !n.label().is_empty() && n.bounds.top < node.bounds.bottom && n.bounds.bottom > node.bounds.top);
    beside.map(Node::label).collect::<Vec<_>>().join(" ")
}

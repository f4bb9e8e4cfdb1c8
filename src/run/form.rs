//! Pages of the app that ask for information: come upon, and written down once each.

use std::collections::BTreeSet;

use crate::journal::entry::{Event, FormSeen};
use crate::ui::{List, Node, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::page::{is_wall, labels_of};

/// Pages that are written down in one attempt at the most.
const MOST_FORMS: usize = 200;
/// Names of one kind that are kept.
const MOST_NAMES: usize = 40;
/// Characters of a page's words that are kept.
const MOST_WORDS: usize = 2_000;
/// A control with more characters is prose with a link in it.
const LONGEST_CONTROL: usize = 40;

/// What was written down so far.
#[derive(Default)]
pub(super) struct Forms {
    seen: BTreeSet<String>,
}

impl Attempt<'_> {
    /// Writes down the page when it asks for information and is new.
    pub fn note_form(&mut self, screen: &Screen) -> Result<(), RunError> {
        let tree = &screen.tree;
        if tree.package() != self.package() || self.memory.forms.seen.len() >= MOST_FORMS || !self.asks(tree) {
            return Ok(());
        }
        let mask = |text: &str| self.order.secrets.mask(text);
        let words: Vec<String> = words(tree).map(mask).collect();
        let names: Vec<String> = fields(tree).take(MOST_NAMES).map(|field| mask(&field_name(tree, field))).collect();
        let boxes = boxes(tree);
        let other = |label: &String| !names.contains(label) && !boxes.iter().any(|(words, _)| words == label);
        let controls = labels_of(tree).into_iter().map(|label| mask(&label)).filter(other);
        let controls: Vec<String> = controls.take(MOST_NAMES).collect();
        let sign_in = is_wall(self, tree);
        // What is typed changes neither; a page that shows its mistakes is another look of itself, and told again.
        if !self.memory.forms.seen.insert(words.join("\n")) {
            return Ok(());
        }
        let form = FormSeen {
            form: self.memory.forms.seen.len() as u32,
            fields: names,
            boxes,
            controls,
            words: words.join("\n").chars().take(MOST_WORDS).collect(),
            sign_in,
            step: self.memory.step.clone(),
            activity: self.watch.resumed().or_else(|| screen.resumed.clone()),
            capture: screen.capture,
        };
        self.note(Event::FormSeen(Box::new(form))).map(drop)
    }

    /// Whether a page asks for information: by a field, by a deed that gives it, or by demanding that one sign in.
    fn asks(&self, tree: &Tree) -> bool {
        let lexicon = &self.order.lexicon;
        let deed = |label: &String| {
            let gives = |list| lexicon.mentions(label, list);
            label.chars().count() <= LONGEST_CONTROL && (gives(List::SensitiveDeed) || gives(List::Face))
        };
        fields(tree).next().is_some() || labels_of(tree).iter().any(deed) || is_wall(self, tree)
    }
}

fn fields(tree: &Tree) -> impl Iterator<Item = &Node> {
    tree.nodes.iter().filter(|node| node.class.ends_with("EditText"))
}

fn boxes(tree: &Tree) -> Vec<(String, bool)> {
    let boxes = tree.nodes.iter().filter(|node| node.checkable).take(MOST_NAMES);
    boxes.map(|node| (super::popup::box_words(tree, node), node.checked)).collect()
}

/// All words of a page but what stands in its fields.
fn words(tree: &Tree) -> impl Iterator<Item = &str> {
    let shown = tree.nodes.iter().filter(|node| !node.class.ends_with("EditText"));
    shown.map(|node| node.label().trim()).filter(|label| !label.is_empty())
}

/// What a field asks for: its hint, else the words right above it, else its id. Up to API 25, and on some devices later, a tree
/// tells no hints: what stands in an empty field is its hint then.
pub(super) fn field_name(tree: &Tree, field: &Node) -> String {
    let own = [&field.hint, &field.content_desc].into_iter().find(|s| !s.is_empty()).cloned();
    let tells_hints = tree.nodes.iter().any(|n| !n.hint.is_empty());
    let within = || Some(field.text.clone()).filter(|text| !tells_hints && text.chars().any(char::is_alphabetic));
    let above = || {
        let near = |n: &Node| field.bounds.top - n.bounds.bottom <= field.bounds.height();
        let named = |n: &&Node| {
            let words = n.text.chars().any(char::is_alphanumeric) && !n.checkable && !n.class.ends_with("EditText");
            words && near(n)
        };
        let over = tree.nodes.iter().filter(|n| n.bounds.bottom <= field.bounds.top).filter(named);
        over.max_by_key(|n| n.bounds.bottom).map(|n| n.text.clone())
    };
    own.or_else(within).or_else(above).unwrap_or_else(|| field.short_id().to_owned())
}

//! Resolving a selector on a tree.

use regex::{Regex, RegexBuilder};

use super::error::{Candidate, FindError};
use super::words::{fold, likeness};
use super::{Lexicon, Node, NodeId, Selector, TextMatch, Tree};

/// How many near misses an error names.
const NEAREST: usize = 5;
/// Most views that another can be near (ours): each is compared with every view.
const MOST_LANDMARKS: usize = 200;
/// Largest compiled regular expression, in bytes.
const LARGEST_REGEX: usize = 1 << 20;
/// Below this score a label has nothing to do with a concept.
const CONCEPT_THRESHOLD: f32 = 0.5;

impl Selector {
    /// The one view this names. Where several fit, the best does: exact words before contained ones, a view that is
    /// enabled and visible before one that is not; equals are an error unless `index` chooses.
    pub fn find(&self, tree: &Tree, lexicon: &Lexicon) -> Result<NodeId, FindError> {
        if self.is_empty() {
            return Err(FindError::Empty);
        }
        let ranked = self.ranked(tree, lexicon)?;
        if let Some(index) = self.index {
            let mut fitting: Vec<NodeId> = ranked.iter().map(|(id, _)| *id).collect();
            fitting.sort_unstable();
            return fitting.get(index).copied().ok_or_else(|| self.missing(tree, lexicon));
        }
        let Some(best) = ranked.iter().map(|(_, score)| *score).reduce(f32::max) else {
            return Err(self.missing(tree, lexicon));
        };
        let equals: Vec<NodeId> = ranked.iter().filter(|(_, score)| *score >= best).map(|(id, _)| *id).collect();
        let distinct = drop_holders(tree, &equals);
        match distinct.as_slice() {
            [one] => Ok(*one),
            many => Err(FindError::Ambiguous {
                selector: self.to_string(),
                count: many.len(),
                nearest: many.iter().take(NEAREST).map(|id| candidate(tree, *id)).collect(),
            }),
        }
    }

    /// All views that fit, in document order; none for a selector that is empty or can't be read.
    pub fn find_all(&self, tree: &Tree, lexicon: &Lexicon) -> Vec<NodeId> {
        let mut fitting: Vec<NodeId> =
            self.ranked(tree, lexicon).unwrap_or_default().into_iter().map(|(id, _)| id).collect();
        fitting.sort_unstable();
        fitting
    }

    /// Checks the regular expressions without a tree.
    pub fn check(&self) -> Result<(), FindError> {
        for text in [&self.text, &self.description].into_iter().flatten() {
            Pattern::new(text)?;
        }
        for other in [&self.inside, &self.below, &self.near].into_iter().flatten() {
            other.check()?;
        }
        Ok(())
    }

    fn ranked(&self, tree: &Tree, lexicon: &Lexicon) -> Result<Vec<(NodeId, f32)>, FindError> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let text = self.text.as_ref().map(Pattern::new).transpose()?;
        let description = self.description.as_ref().map(Pattern::new).transpose()?;
        let holders = self.inside.as_deref().map(|s| s.places(tree, lexicon)).transpose()?;
        let held = holders.map(|ids| held_by_any(tree, &ids));
        let above = self.below.as_deref().map(|s| s.places(tree, lexicon)).transpose()?;
        let above = above.map(|ids| ids.iter().map(|id| tree.nodes[*id].bounds.bottom).min());
        let near = self.near.as_deref().map(|s| s.landmarks(tree, lexicon)).transpose()?;
        let mut ranked = Vec::new();
        for (id, node) in tree.nodes.iter().enumerate() {
            let mut score = self.state_fits(node).then_some(0.0);
            let mut also = |more: Option<f32>| score = score.zip(more).map(|(a, b)| a + b);
            if let Some(pattern) = &text {
                also(pattern.score_of(node));
            }
            if let Some(pattern) = &description {
                also(pattern.score(&node.content_desc));
            }
            if let Some(concept) = self.concept {
                let fit = lexicon.score(node.label(), concept);
                also((fit >= CONCEPT_THRESHOLD).then_some(fit));
            }
            if let Some(held) = &held {
                also(held[id].then_some(0.0));
            }
            if let Some(highest) = &above {
                also(highest.filter(|bottom| node.bounds.top >= *bottom).map(|_| 0.0));
            }
            if let Some(near) = &near {
                also(near.iter().filter(|n| **n != id).map(|n| nearness(tree, *n, id)).reduce(f32::max));
            }
            ranked.extend(score.map(|score| (id, score)));
        }
        Ok(ranked)
    }

    fn places(&self, tree: &Tree, lexicon: &Lexicon) -> Result<Vec<NodeId>, FindError> {
        Ok(match self.index {
            Some(_) => self.find(tree, lexicon).into_iter().collect(),
            None => self.ranked(tree, lexicon)?.into_iter().map(|(id, _)| id).collect(),
        })
    }

    /// Views that another is to be near: so many that they are no landmark are an error.
    fn landmarks(&self, tree: &Tree, lexicon: &Lexicon) -> Result<Vec<NodeId>, FindError> {
        let places = self.places(tree, lexicon)?;
        if places.len() <= MOST_LANDMARKS {
            return Ok(places);
        }
        let nearest = places.iter().take(NEAREST).map(|id| candidate(tree, *id)).collect();
        Err(FindError::Ambiguous { selector: self.to_string(), count: places.len(), nearest })
    }

    fn state_fits(&self, node: &Node) -> bool {
        let state = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        let id = self.id.as_deref().is_none_or(|id| node.resource_id == id || node.short_id() == id);
        let class = self.class.as_deref().is_none_or(|class| {
            &*node.class == class || node.class.rsplit(['.', '$']).next().is_some_and(|last| last == class)
        });
        id && class
            && state(self.checked, node.checked)
            && state(self.enabled, node.enabled)
            && state(self.selected, node.selected)
    }

    fn missing(&self, tree: &Tree, lexicon: &Lexicon) -> FindError {
        let wanted_text = self.text.as_ref().or(self.description.as_ref()).map(|t| fold(&t.0));
        let score = |node: &Node| {
            let text = wanted_text.as_deref().map_or(0.0, |wanted| likeness(wanted, &fold(node.label())));
            let id =
                self.id.as_deref().map_or(0.0, |id| likeness(id, node.short_id()).max(likeness(id, &node.resource_id)));
            let concept = self.concept.map_or(0.0, |concept| lexicon.score(node.label(), concept));
            text + id + concept + if self.state_fits(node) { 0.01 } else { 0.0 }
        };
        let mut near: Vec<(NodeId, f32)> = (tree.nodes.iter().enumerate())
            .filter(|(_, node)| !node.label().trim().is_empty() || !node.resource_id.is_empty())
            .map(|(id, node)| (id, score(node)))
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let nearest = near.iter().take(NEAREST).map(|(id, _)| candidate(tree, *id)).collect();
        FindError::Missing { selector: self.to_string(), nearest }
    }
}

/// A compiled [`TextMatch`].
enum Pattern {
    Literal(String),
    Regex(Regex),
}

impl Pattern {
    fn new(text: &TextMatch) -> Result<Self, FindError> {
        let written = text.0.as_str();
        let Some((body, flags)) = written.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) else {
            return Ok(Self::Literal(fold(written)));
        };
        // `/a/b` is a path, not an expression: flags are letters only, and only `i` is known.
        if body.is_empty() || !flags.chars().all(|c| c.is_ascii_alphabetic()) {
            return Ok(Self::Literal(fold(written)));
        }
        if !flags.chars().all(|c| c == 'i') {
            return Err(FindError::BadRegex(format!("unknown flag in {written} (only i is known)")));
        }
        RegexBuilder::new(body)
            .case_insensitive(!flags.is_empty())
            .size_limit(LARGEST_REGEX)
            .build()
            .map(Self::Regex)
            .map_err(|error| FindError::BadRegex(error.to_string()))
    }

    /// The better of text and content description.
    fn score_of(&self, node: &Node) -> Option<f32> {
        let fits = [self.score(&node.text), self.score(&node.content_desc)];
        fits.into_iter().flatten().reduce(f32::max)
    }

    /// 3 for the whole text, 2 for the beginning, 1 for a part; regular expressions are all alike.
    fn score(&self, text: &str) -> Option<f32> {
        match self {
            Self::Regex(regex) => regex.is_match(text).then_some(3.0),
            Self::Literal(wanted) => {
                let text = fold(text);
                if wanted.is_empty() || text.is_empty() {
                    None
                } else if text == *wanted {
                    Some(3.0)
                } else if text.starts_with(wanted.as_str()) {
                    Some(2.0)
                } else {
                    text.contains(wanted.as_str()).then_some(1.0)
                }
            }
        }
    }
}

impl TextMatch {
    /// Whether a text fits: a literal is found anywhere in it, whatever its case and quotes.
    pub fn fits(&self, text: &str) -> Result<bool, FindError> {
        Ok(Pattern::new(self)?.score(text).is_some())
    }
}

/// Leaves out views that hold another of the list and show nothing different: a row and its own label.
fn drop_holders(tree: &Tree, ids: &[NodeId]) -> Vec<NodeId> {
    // So many equals are ambiguous anyway; comparing them all would take long.
    const MOST: usize = 200;
    if ids.len() > MOST {
        return ids.to_vec();
    }
    let is_holder = |id: NodeId| {
        let (held, words) = (held_by(tree, id), fold(tree.nodes[id].label()));
        ids.iter().any(|other| held.contains(other) && fold(tree.nodes[*other].label()) == words)
    };
    let kept: Vec<NodeId> = ids.iter().copied().filter(|id| !is_holder(*id)).collect();
    if kept.len() < 2 {
        return kept;
    }
    // A label in a title and again on a button: the one that reacts to taps is meant.
    let reacting: Vec<NodeId> = kept.iter().copied().filter(|id| reacts(tree, *id)).collect();
    if reacting.len() == 1 { reacting } else { kept }
}

fn reacts(tree: &Tree, id: NodeId) -> bool {
    let node = &tree.nodes[id];
    (node.clickable || node.checkable) && node.enabled
}

/// What stands below a view in the tree: a subtree is contiguous.
fn held_by(tree: &Tree, holder: NodeId) -> std::ops::Range<NodeId> {
    holder + 1..holder + tree.subtree(holder).len()
}

/// Which views stand below one of these in the tree.
fn held_by_any(tree: &Tree, holders: &[NodeId]) -> Vec<bool> {
    let ends = tree.ends();
    let mut held = vec![false; tree.nodes.len()];
    let mut free = 0;
    // In document order no view is marked twice.
    let mut sorted = holders.to_vec();
    sorted.sort_unstable();
    for holder in sorted {
        let from = (holder + 1).max(free);
        held[from.min(ends[holder])..ends[holder]].fill(true);
        free = free.max(ends[holder]);
    }
    held
}

/// Nearer is more: minus the distance of the middles in pixels, scaled so that it never beats a better text.
fn nearness(tree: &Tree, from: NodeId, to: NodeId) -> f32 {
    let (a, b) = (tree.nodes[from].bounds.center(), tree.nodes[to].bounds.center());
    let distance = ((a.x as f32 - b.x as f32).powi(2) + (a.y as f32 - b.y as f32).powi(2)).sqrt();
    1.0 / (1.0 + distance)
}

fn candidate(tree: &Tree, id: NodeId) -> Candidate {
    let node = &tree.nodes[id];
    let label = [node.label(), node.short_id(), &*node.class].into_iter().find(|s| !s.trim().is_empty());
    Candidate {
        node: id,
        label: label.unwrap_or_default().chars().take(60).collect(),
        id: node.resource_id.clone(),
        bounds: node.bounds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Concept, Rect};

    /// Views of a screen, 100 pixels high each, one below another: (depth, id, text, clickable).
    fn tree(views: &[(u32, &str, &str, bool)]) -> Tree {
        let mut tree = Tree::default();
        for (row, (depth, id, text, clickable)) in views.iter().enumerate() {
            let parent = (0..row).rev().find(|above| tree.nodes[*above].depth < *depth);
            let top = i32::try_from(row).unwrap() * 100;
            tree.nodes.push(Node {
                parent,
                depth: *depth,
                text: (*text).to_owned(),
                resource_id: if id.is_empty() { String::new() } else { format!("a.b:id/{id}") },
                class: "android.widget.TextView".into(),
                clickable: *clickable,
                enabled: true,
                bounds: Rect::new(0, top, 100, top + 100),
                ..Node::default()
            });
        }
        tree
    }

    fn screen() -> Tree {
        tree(&[
            (0, "root", "", false),
            (1, "title", "Delete account", false),
            (1, "row", "", true),
            (2, "", "Name", false),
            (2, "edit", "Edit", true),
            (1, "row", "", true),
            (2, "", "Phone", false),
            (2, "edit", "Edit", true),
            (1, "go", "Delete account", true),
            (1, "", "Don\u{2019}t allow", true),
            (1, "", "Delete account history", true),
        ])
    }

    fn found(yaml: &str) -> Result<NodeId, FindError> {
        let selector: Selector = serde_yaml::from_str(yaml).unwrap();
        selector.find(&screen(), &Lexicon::builtin())
    }

    #[test]
    fn words_ids_classes_and_expressions_name_views() {
        assert_eq!(found("name"), Ok(3));
        assert_eq!(found("don't allow"), Ok(9));
        assert_eq!(found("/ACCOUNT HIST.*/i"), Ok(10));
        assert_eq!(found("{id: go}"), Ok(8));
        assert_eq!(found("{id: 'a.b:id/title', class: TextView}"), Ok(1));
        // Exact words before contained ones, and what reacts to taps before its like.
        assert_eq!(found("Delete account"), Ok(8));
        assert_eq!(found("{concept: account-deletion}"), Ok(8));
        assert_eq!(found("{concept: account-deletion, id: title}"), Ok(1));
        assert!(matches!(found("/(/"), Err(FindError::BadRegex(_))));
        assert!(matches!(found("/a/x"), Err(FindError::BadRegex(_))));
        assert_eq!(found("{}"), Err(FindError::Empty));
    }

    #[test]
    fn places_choose_among_equals() {
        let Err(FindError::Ambiguous { count, nearest, .. }) = found("Edit") else { panic!() };
        assert_eq!((count, nearest.len()), (2, 2));
        assert_eq!(found("{text: Edit, index: 1}"), Ok(7));
        assert!(matches!(found("{text: Edit, index: 2}"), Err(FindError::Missing { .. })));
        assert_eq!(found("{text: Edit, below: Phone}"), Ok(7));
        assert_eq!(found("{text: Edit, near: Name}"), Ok(4));
        assert_eq!(found("{text: Edit, inside: {id: row, index: 1}}"), Ok(7));
        assert_eq!(
            found("{text: Edit, inside: {id: title}}").unwrap_err().to_string().split(';').next(),
            Some("nothing on the screen fits text \"Edit\", inside (id \"title\")")
        );
        assert_eq!(Selector::id("row").find_all(&screen(), &Lexicon::builtin()), [2, 5]);
    }

    #[test]
    fn a_miss_names_the_five_nearest() {
        let Err(FindError::Missing { nearest, .. }) = found("Delete acount") else { panic!() };
        assert_eq!(nearest.len(), 5);
        assert_eq!(nearest[0].label, "Delete account");
    }

    #[test]
    fn yaml_has_a_short_form_and_refuses_unknown_keys() {
        let short: Selector = serde_yaml::from_str("注销账号").unwrap();
        assert_eq!(short, Selector::text("注销账号"));
        assert_eq!(serde_yaml::from_str::<Selector>("12306").unwrap(), Selector::text("12306"));
        assert!(serde_yaml::from_str::<Selector>("{txt: a}").is_err());
        let long: Selector = serde_yaml::from_str("{concept: sdk-list, enabled: true, near: A}").unwrap();
        assert_eq!((long.concept, long.enabled), (Some(Concept::SdkList), Some(true)));
        assert_eq!(long.to_string(), "concept sdk-list, enabled, near (text \"A\")");
        let json = serde_json::to_string(&long).unwrap();
        assert_eq!(serde_json::from_str::<Selector>(&json).unwrap(), long);
    }

    #[test]
    fn hostile_trees_take_no_long_time() {
        let many: Vec<(u32, &str, &str, bool)> = (0..20_000).map(|n| (n, "x", "same", true)).collect();
        let tree = tree_of_depths(&many);
        let selector: Selector = serde_yaml::from_str("{text: same, inside: {id: x, index: 0}}").unwrap();
        assert!(matches!(selector.find(&tree, &Lexicon::builtin()), Err(FindError::Ambiguous { count: 19_999, .. })));
    }

    fn tree_of_depths(views: &[(u32, &str, &str, bool)]) -> Tree {
        let node = |(depth, id, text, clickable): &(u32, &str, &str, bool)| Node {
            parent: depth.checked_sub(1).map(|d| d as usize),
            depth: *depth,
            resource_id: format!("a:id/{id}"),
            text: (*text).to_owned(),
            clickable: *clickable,
            ..Node::default()
        };
        Tree { rotation: 0, nodes: views.iter().map(node).collect() }
    }
}

//! Feeds: lists of like rows that an app fills for a person, come upon on whatever page is looked at.

use std::collections::BTreeMap;

use crate::journal::entry::{Event, FeedSeen};
use crate::ui::{List, NodeId, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;

/// Rows of one name below which a list is no feed (ours).
const LEAST_ROWS: usize = 4;
/// Feeds written down in one attempt at the most.
const MOST: usize = 50;
/// Labels and rows that are kept of one.
const MOST_KEPT: usize = 8;

impl Attempt<'_> {
    /// Writes down a page that shows a feed, with what labels it, each once.
    pub fn note_feed(&mut self, screen: &Screen) -> Result<(), RunError> {
        let tree = &screen.tree;
        let known = self.memory.feeds.contains(&screen.signature);
        if known || self.memory.feeds.len() >= MOST || !self.in_front(screen) || self.popup_on(tree).is_some() {
            return Ok(());
        }
        let Some(rows) = rows(tree) else { return Ok(()) };
        let lexicon = self.order.lexicon.clone();
        let labels = tree.labels().filter(|label| lexicon.mentions(label, List::Personalised));
        let feed = FeedSeen {
            rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            titles: rows.iter().filter_map(|row| title(tree, *row)).take(MOST_KEPT).collect(),
            labels: labels.map(str::to_owned).take(MOST_KEPT).collect(),
            capture: screen.capture,
        };
        self.memory.feeds.push(screen.signature.clone());
        self.note(Event::FeedSeen(Box::new(feed))).map(drop)
    }
}

/// The rows of the longest list of like rows with words on this screen; `None` when none is long enough to be a feed.
fn rows(tree: &Tree) -> Option<Vec<NodeId>> {
    let mut lists: BTreeMap<(NodeId, &str), Vec<NodeId>> = BTreeMap::new();
    for (id, node) in tree.nodes.iter().enumerate() {
        let Some(parent) = node.parent.filter(|_| node.clickable && !node.checkable) else { continue };
        // A tab bar and a row of icons stand side by side; a page written row by row names each.
        let wide = node.bounds.width() * 2 > tree.nodes[parent].bounds.width();
        if wide && !node.resource_id.is_empty() && title(tree, id).is_some() {
            lists.entry((parent, &node.resource_id)).or_default().push(id);
        }
    }
    lists.into_values().max_by_key(Vec::len).filter(|rows| rows.len() >= LEAST_ROWS)
}

/// The first words of a row.
fn title(tree: &Tree, row: NodeId) -> Option<String> {
    let words = tree.subtree(row).iter().map(crate::ui::Node::label).find(|label| !label.is_empty())?;
    Some(words.chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::android::parse_hierarchy;

    fn list(rows: i32, wide: i32, named: bool) -> Tree {
        let row = |at: i32| {
            let (top, bottom, id) = (at * 10, at * 10 + 9, if named { 0 } else { at });
            format!(
                "<node class=\"android.widget.LinearLayout\" resource-id=\"a:id/row{id}\" clickable=\"true\" \
                 bounds=\"[0,{top}][{wide},{bottom}]\"><node class=\"android.widget.TextView\" text=\"Story {at}\" \
                 bounds=\"[0,{top}][9,{bottom}]\"/></node>"
            )
        };
        let rows: String = (0..rows).map(row).collect();
        let list = format!("<node class=\"android.widget.ListView\" bounds=\"[0,0][100,100]\">{rows}</node>");
        parse_hierarchy(format!("<hierarchy rotation=\"0\">{list}</hierarchy>").as_bytes()).unwrap()
    }

    #[test]
    fn a_feed_is_a_long_list_of_like_rows() {
        assert_eq!(rows(&list(4, 100, true)).map(|rows| rows.len()), Some(4));
        assert_eq!(rows(&list(3, 100, true)), None);
        assert_eq!(rows(&list(5, 20, true)), None);
        assert_eq!(rows(&list(5, 100, false)), None);
        assert_eq!(title(&list(4, 100, true), 1).as_deref(), Some("Story 0"));
    }
}

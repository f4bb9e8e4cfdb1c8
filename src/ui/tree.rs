//! The view tree of one screen, as `uiautomator dump` tells it: an arena in document order.

use std::sync::Arc;

use super::Rect;

/// A node's place in [`Tree::nodes`].
pub type NodeId = usize;

/// One screen's view tree. Nodes stand in document order: parents before children.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// Display rotation in quarter turns, 0 to 3.
    pub rotation: u8,
    /// All nodes in document order.
    pub nodes: Vec<Node>,
}

/// One view. Field names follow the attributes of `uiautomator dump` (AOSP `AccessibilityNodeInfoDumper`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The node that holds this one; `None` for a root.
    pub parent: Option<NodeId>,
    /// Steps from the root.
    pub depth: u32,
    /// Place among its siblings, as dumped.
    pub index: u32,
    /// Shown text.
    pub text: String,
    /// `package:id/name`, or empty.
    pub resource_id: String,
    /// Java class, for example `android.widget.Button`.
    pub class: Arc<str>,
    /// Package that drew it.
    pub package: Arc<str>,
    /// Content description (what a screen reader says).
    pub content_desc: String,
    /// Hint of an empty field; only newer images dump it.
    pub hint: String,
    /// Can be checked.
    pub checkable: bool,
    /// Is checked.
    pub checked: bool,
    /// Reacts to taps.
    pub clickable: bool,
    /// Is enabled.
    pub enabled: bool,
    /// Can take the input focus.
    pub focusable: bool,
    /// Has the input focus.
    pub focused: bool,
    /// Scrolls.
    pub scrollable: bool,
    /// Reacts to a long press.
    pub long_clickable: bool,
    /// Hides what is typed.
    pub password: bool,
    /// Is selected (a tab, for example).
    pub selected: bool,
    /// Place on the screen.
    pub bounds: Rect,
}

impl Node {
    /// What a person would read: the text, else the content description.
    pub fn label(&self) -> &str {
        if self.text.is_empty() { &self.content_desc } else { &self.text }
    }

    /// The part of the resource id after `:id/`; empty when there is none.
    pub fn short_id(&self) -> &str {
        self.resource_id.split_once(":id/").map_or("", |(_, name)| name)
    }
}

impl Tree {
    /// The roots, in order (several windows can be dumped at once).
    pub fn roots(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|n| n.parent.is_none())
    }

    /// The smallest rectangle that holds every root; zero for an empty tree.
    pub fn bounds(&self) -> Rect {
        self.roots()
            .map(|n| n.bounds)
            .reduce(|a, b| Rect {
                left: a.left.min(b.left),
                top: a.top.min(b.top),
                right: a.right.max(b.right),
                bottom: a.bottom.max(b.bottom),
            })
            .unwrap_or_default()
    }

    /// The smallest rectangle that holds every node with words or a control of its own; that of the roots when there is none.
    /// What dims the page beneath a dialog is left out, though a tap on it may close the dialog.
    pub fn content(&self) -> Rect {
        let whole = self.bounds();
        let shows = |n: &&Node| n.bounds != whole && n.bounds.area() > 0 && (n.clickable || !n.label().is_empty());
        let holds = |a: Rect, b: Rect| Rect {
            left: a.left.min(b.left),
            top: a.top.min(b.top),
            right: a.right.max(b.right),
            bottom: a.bottom.max(b.bottom),
        };
        self.nodes.iter().filter(shows).map(|n| n.bounds).reduce(holds).unwrap_or(whole)
    }

    /// The package of the first root; empty for an empty tree.
    pub fn package(&self) -> &str {
        self.nodes.first().map_or("", |n| &n.package)
    }

    /// The node and everything it holds, in document order. A subtree is contiguous in the arena.
    pub fn subtree(&self, id: NodeId) -> &[Node] {
        let Some(top) = self.nodes.get(id) else { return &[] };
        let rest = &self.nodes[id + 1..];
        let len = rest.iter().position(|n| n.depth <= top.depth).unwrap_or(rest.len());
        &self.nodes[id..=id + len]
    }

    /// Where each node's subtree ends: the place after the last node it holds. In one pass, for whoever asks for many.
    pub fn ends(&self) -> Vec<NodeId> {
        let mut ends = vec![self.nodes.len(); self.nodes.len()];
        let mut open: Vec<NodeId> = Vec::new();
        for (id, node) in self.nodes.iter().enumerate() {
            while let Some(above) = open.pop_if(|above| self.nodes[*above].depth >= node.depth) {
                ends[above] = id;
            }
            open.push(id);
        }
        ends
    }

    /// The node itself, or the nearest one above it, that reacts to taps.
    pub fn clickable_at(&self, id: NodeId) -> Option<NodeId> {
        let mut at = Some(id);
        while let Some(here) = at {
            let node = self.nodes.get(here)?;
            if node.clickable {
                return Some(here);
            }
            at = node.parent;
        }
        None
    }

    /// All shown words, in document order.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(Node::label).filter(|l| !l.trim().is_empty())
    }
}

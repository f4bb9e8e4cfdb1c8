//! Reading a hierarchy as `uiautomator dump` writes it: bounded, and tolerant of what real devices get wrong.

use std::sync::Arc;

use memchr::memmem;

use super::error::HierarchyError;
use super::markup::{Tag, Tags, plain};
use crate::ui::{Node, NodeId, Rect, Tree};

/// Longest file taken, in bytes.
const LONGEST: usize = 10 << 20;
/// Most nodes taken.
const MOST_NODES: usize = 50_000;
/// Deepest tree taken, and deepest nesting of whatever else stands in the file.
const DEEPEST: usize = 10_000;

/// Reads a hierarchy. Tolerated: words before and after the XML, bytes that are not UTF-8, control characters,
/// references to characters XML does not know (old releases write emoji as two surrogates), a bare `&`.
pub fn parse_hierarchy(xml: &[u8]) -> Result<Tree, HierarchyError> {
    if xml.len() > LONGEST {
        return Err(HierarchyError::TooLong(LONGEST));
    }
    let mut tags = Tags::of(cut_out(xml)?);
    let mut growing = Growing::default();
    loop {
        let rest = tags.rest();
        let malformed = |what: &str| HierarchyError::Malformed(format!("{what} at {:?}", excerpt(rest)));
        let tag = tags.next().map_err(malformed)?;
        match tag {
            None if growing.is_whole() => return Ok(growing.tree),
            None => return Err(malformed("the end is missing")),
            Some(_) if growing.is_whole() => return Err(malformed("more after the end")),
            Some(Tag::Close(name)) if growing.close(name) => {}
            Some(Tag::Close(_)) => return Err(malformed("the end of something else")),
            Some(Tag::Open(name)) => {
                let view = growing.open(name)?;
                let closed = tags.attributes(|key, value| growing.set(view, key, value)).map_err(malformed)?;
                if closed {
                    growing.close(name);
                }
            }
        }
    }
}

/// The `<hierarchy …>` element alone, without prolog and without what was printed around it.
fn cut_out(bytes: &[u8]) -> Result<&[u8], HierarchyError> {
    let missing = || HierarchyError::Malformed(format!("no <hierarchy> in {:?}", excerpt(bytes)));
    let start = memmem::find(bytes, b"<hierarchy").ok_or_else(missing)?;
    let end = match memmem::rfind(bytes, b"</hierarchy>") {
        Some(at) => at + "</hierarchy>".len(),
        // An empty one may be written `<hierarchy rotation="0" />`.
        None => start + memmem::find(&bytes[start..], b"/>").ok_or_else(missing)? + 2,
    };
    bytes.get(start..end).ok_or_else(missing)
}

/// A tree of which not all tags were read yet.
#[derive(Default)]
struct Growing<'a> {
    tree: Tree,
    begun: bool,
    /// Elements that are open: their names, and the nearest view at or above them.
    open: Vec<(&'a [u8], Option<NodeId>)>,
    /// Values that most views have in common with others, and their words.
    common: Vec<(&'a [u8], Arc<str>)>,
}

impl<'a> Growing<'a> {
    /// Whether the outermost element was closed.
    fn is_whole(&self) -> bool {
        self.begun && self.open.is_empty()
    }

    /// Takes down an element; the view that it is.
    fn open(&mut self, name: &'a [u8]) -> Result<Option<NodeId>, HierarchyError> {
        // The outermost element is no level of the tree.
        if self.open.len() > DEEPEST {
            return Err(HierarchyError::TooDeep(DEEPEST));
        }
        let above = self.open.last().and_then(|(_, view)| *view);
        self.begun = true;
        if name != b"node" {
            self.open.push((name, above));
            return Ok(None);
        }
        let nodes = &mut self.tree.nodes;
        if nodes.len() == MOST_NODES {
            return Err(HierarchyError::TooManyNodes(MOST_NODES));
        }
        let depth = above.map_or(0, |above| nodes[above].depth + 1);
        nodes.push(Node { parent: above, depth, ..Node::default() });
        let view = Some(nodes.len() - 1);
        self.open.push((name, view));
        Ok(view)
    }

    /// The words of a value that other views have as well: kept once.
    fn shared(&mut self, value: &'a [u8]) -> Arc<str> {
        /// A screen's views are of a few classes and one package.
        const MOST_COMMON: usize = 12;
        if let Some((_, words)) = self.common.iter().find(|(known, _)| *known == value) {
            return Arc::clone(words);
        }
        let words: Arc<str> = plain(value).into();
        if self.common.len() < MOST_COMMON {
            self.common.push((value, Arc::clone(&words)));
        }
        words
    }

    /// Takes down an attribute of a view, or of what is none.
    fn set(&mut self, view: Option<NodeId>, key: &[u8], value: &'a [u8]) {
        match view {
            Some(view) if key == b"class" => self.tree.nodes[view].class = self.shared(value),
            Some(view) if key == b"package" => self.tree.nodes[view].package = self.shared(value),
            Some(view) => set(&mut self.tree.nodes[view], key, value),
            None if key == b"rotation" => self.tree.rotation = number::<u8>(value) % 4,
            None => {}
        }
    }

    /// Closes the innermost element; whether it has this name.
    fn close(&mut self, name: &[u8]) -> bool {
        self.open.pop().is_some_and(|(opened, _)| opened == name)
    }
}

fn set(node: &mut Node, key: &[u8], value: &[u8]) {
    let words = || plain(value).into_owned();
    let yes = value == b"true";
    match key {
        b"index" => node.index = number(value),
        b"text" => node.text = words(),
        b"resource-id" => node.resource_id = words(),
        b"content-desc" => node.content_desc = words(),
        b"hint" => node.hint = words(),
        b"checkable" => node.checkable = yes,
        b"checked" => node.checked = yes,
        b"clickable" => node.clickable = yes,
        b"enabled" => node.enabled = yes,
        b"focusable" => node.focusable = yes,
        b"focused" => node.focused = yes,
        b"scrollable" => node.scrollable = yes,
        b"long-clickable" => node.long_clickable = yes,
        b"password" => node.password = yes,
        b"selected" => node.selected = yes,
        b"bounds" => node.bounds = corners(value).or_else(|| bounds(&plain(value))).unwrap_or_default(),
        _ => {}
    }
}

/// A number; 0 when it is none.
fn number<T: std::str::FromStr + Default + TryFrom<i32>>(value: &[u8]) -> T {
    let quick = digits(value).filter(|(_, rest)| rest.is_empty()).and_then(|(number, _)| T::try_from(number).ok());
    quick.unwrap_or_else(|| plain(value).parse().unwrap_or_default())
}

/// The number that bytes begin with, as it is written in nearly every attribute, and what follows it. `None` for anything out
/// of the ordinary.
fn digits(bytes: &[u8]) -> Option<(i32, &[u8])> {
    /// Digits that surely fit.
    const MOST: usize = 9;
    let negative = bytes.first() == Some(&b'-');
    let bytes = &bytes[usize::from(negative)..];
    let length = bytes.iter().position(|b| !b.is_ascii_digit()).unwrap_or(bytes.len());
    if length == 0 || length > MOST {
        return None;
    }
    let number = bytes[..length].iter().fold(0, |number, digit| number * 10 + i32::from(digit - b'0'));
    Some((if negative { -number } else { number }, &bytes[length..]))
}

/// `[left,top][right,bottom]`, written as `uiautomator` does.
fn corners(bytes: &[u8]) -> Option<Rect> {
    let (left, bytes) = digits(bytes.strip_prefix(b"[")?)?;
    let (top, bytes) = digits(bytes.strip_prefix(b",")?)?;
    let (right, bytes) = digits(bytes.strip_prefix(b"][")?)?;
    let (bottom, bytes) = digits(bytes.strip_prefix(b",")?)?;
    (bytes == b"]").then(|| Rect::new(left, top, right, bottom))
}

/// The same however it is written.
fn bounds(text: &str) -> Option<Rect> {
    let (first, second) = text.strip_prefix('[')?.strip_suffix(']')?.split_once("][")?;
    let pair = |text: &str| -> Option<(i32, i32)> {
        let (x, y) = text.split_once(',')?;
        Some((x.trim().parse().ok()?, y.trim().parse().ok()?))
    };
    let ((left, top), (right, bottom)) = (pair(first)?, pair(second)?);
    Some(Rect::new(left, top, right, bottom))
}

fn excerpt(bytes: &[u8]) -> String {
    const LONGEST: usize = 80;
    let bytes = bytes.trim_ascii_start();
    String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]).into_owned()
}

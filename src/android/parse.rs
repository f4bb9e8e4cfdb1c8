//! Reading a hierarchy as `uiautomator dump` writes it: bounded, and tolerant of what real devices get wrong.

use std::borrow::Cow;

use roxmltree::{Document, ParsingOptions};

use super::error::HierarchyError;
use crate::ui::{Node, Rect, Tree};

/// Longest file taken, in bytes.
const LONGEST: usize = 10 << 20;
/// Most nodes taken.
const MOST_NODES: usize = 50_000;
/// Deepest tree taken.
const DEEPEST: usize = 10_000;

/// Reads a hierarchy. Tolerated: words before and after the XML, bytes that are not UTF-8, control characters,
/// references to characters XML does not know (old releases write emoji as two surrogates), a bare `&`.
pub fn parse_hierarchy(xml: &[u8]) -> Result<Tree, HierarchyError> {
    if xml.len() > LONGEST {
        return Err(HierarchyError::TooLong(LONGEST));
    }
    let text = String::from_utf8_lossy(xml);
    let element = cut_out(&text)?;
    check_depth(element)?;
    let clean = clean(element);
    // Spaces between elements are nodes of the parser too, hence the larger bound for it.
    let options = ParsingOptions { nodes_limit: 4 * MOST_NODES as u32, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&clean, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => HierarchyError::TooManyNodes(MOST_NODES),
        other => HierarchyError::Malformed(other.to_string()),
    })?;
    build(&document)
}

/// The `<hierarchy …>` element alone, without prolog and without what was printed around it.
fn cut_out(text: &str) -> Result<&str, HierarchyError> {
    let missing = || HierarchyError::Malformed(format!("no <hierarchy> in {:?}", excerpt(text)));
    let start = text.find("<hierarchy").ok_or_else(missing)?;
    let end = match text.rfind("</hierarchy>") {
        Some(at) => at + "</hierarchy>".len(),
        // An empty one may be written `<hierarchy rotation="0" />`.
        None => start + text[start..].find("/>").ok_or_else(missing)? + 2,
    };
    text.get(start..end).ok_or_else(missing)
}

/// Counts the depth without parsing, so that nothing deep ever reaches a parser.
fn check_depth(xml: &str) -> Result<(), HierarchyError> {
    let bytes = xml.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(found) = bytes[at..].iter().position(|b| *b == b'<') {
        let open = at + found;
        let close = bytes[open + 1..].first() == Some(&b'/');
        let end = tag_end(bytes, open);
        let empty = end > 0 && bytes.get(end - 1) == Some(&b'/');
        depth = if close { depth.saturating_sub(1) } else { depth + usize::from(!empty) };
        if depth > DEEPEST + 1 {
            return Err(HierarchyError::TooDeep(DEEPEST));
        }
        at = (end + 1).min(bytes.len());
    }
    Ok(())
}

/// Where a tag ends: the next `>` outside quotes.
fn tag_end(bytes: &[u8], open: usize) -> usize {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(q), b) if q == *b => quote = None,
            (None, b'>') => return at,
            _ => {}
        }
    }
    bytes.len()
}

/// Replaces what XML 1.0 forbids: control characters, references to them, lone surrogates, bare ampersands.
fn clean(xml: &str) -> Cow<'_, str> {
    let forbidden = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if !xml.contains('&') && !xml.contains(forbidden) {
        return Cow::Borrowed(xml);
    }
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(at) = rest.find(|c: char| c == '&' || forbidden(c)) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let taken = reference(rest, &mut out);
            rest = &rest[taken..];
        } else {
            out.push(char::REPLACEMENT_CHARACTER);
            rest = &rest[rest.chars().next().map_or(1, char::len_utf8)..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Copies one reference, repaired; returns how many bytes of `text` it took.
fn reference(text: &str, out: &mut String) -> usize {
    const NAMED: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"];
    if let Some(named) = NAMED.iter().find(|name| text.starts_with(**name)) {
        out.push_str(named);
        return named.len();
    }
    let Some((code, taken)) = number(text) else {
        out.push_str("&amp;");
        return 1;
    };
    if (0xd800..0xdc00).contains(&code)
        && let Some((low, more)) = number(&text[taken..])
        && (0xdc00..0xe000).contains(&low)
    {
        let joined = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        push_escaped(char::from_u32(joined), out);
        return taken + more;
    }
    push_escaped(char::from_u32(code), out);
    taken
}

fn push_escaped(c: Option<char>, out: &mut String) {
    match c.filter(|c| *c >= ' ' || matches!(c, '\t' | '\n' | '\r')) {
        Some(c @ ('<' | '&' | '"' | '\'' | '>' | '\t' | '\n' | '\r')) => {
            out.push_str(&format!("&#{};", c as u32));
        }
        Some(c) if !matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(c),
        _ => out.push(char::REPLACEMENT_CHARACTER),
    }
}

/// A reference by number at the beginning of the text: its code and its length in bytes.
fn number(text: &str) -> Option<(u32, usize)> {
    const LONGEST_REFERENCE: usize = 12;
    let body = text.strip_prefix("&#")?;
    let end = body.bytes().take(LONGEST_REFERENCE).position(|b| b == b';')?;
    let digits = &body[..end];
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    code.ok().map(|code| (code, end + 3))
}

fn build(document: &Document<'_>) -> Result<Tree, HierarchyError> {
    let root = document.root_element();
    let rotation = root.attribute("rotation").and_then(|text| text.parse::<u8>().ok()).unwrap_or(0) % 4;
    let mut tree = Tree { rotation, nodes: Vec::new() };
    // Place in our arena by place in the parser's.
    let mut places: Vec<Option<usize>> = Vec::new();
    for element in root.descendants().filter(|n| n.is_element() && n.has_tag_name("node")) {
        if tree.nodes.len() == MOST_NODES {
            return Err(HierarchyError::TooManyNodes(MOST_NODES));
        }
        let parent = element.parent_element().and_then(|p| places.get(p.id().get_usize()).copied().flatten());
        let depth = parent.map_or(0, |p| tree.nodes[p].depth + 1);
        let at = element.id().get_usize();
        places.resize(places.len().max(at + 1), None);
        places[at] = Some(tree.nodes.len());
        tree.nodes.push(node(element, parent, depth));
    }
    Ok(tree)
}

fn node(element: roxmltree::Node<'_, '_>, parent: Option<usize>, depth: u32) -> Node {
    let mut node = Node { parent, depth, ..Node::default() };
    for attribute in element.attributes() {
        let value = attribute.value();
        let yes = value == "true";
        match attribute.name() {
            "index" => node.index = value.parse().unwrap_or(0),
            "text" => value.clone_into(&mut node.text),
            "resource-id" => value.clone_into(&mut node.resource_id),
            "class" => value.clone_into(&mut node.class),
            "package" => value.clone_into(&mut node.package),
            "content-desc" => value.clone_into(&mut node.content_desc),
            "hint" => value.clone_into(&mut node.hint),
            "checkable" => node.checkable = yes,
            "checked" => node.checked = yes,
            "clickable" => node.clickable = yes,
            "enabled" => node.enabled = yes,
            "focusable" => node.focusable = yes,
            "focused" => node.focused = yes,
            "scrollable" => node.scrollable = yes,
            "long-clickable" => node.long_clickable = yes,
            "password" => node.password = yes,
            "selected" => node.selected = yes,
            "bounds" => node.bounds = bounds(value).unwrap_or_default(),
            _ => {}
        }
    }
    node
}

/// `[left,top][right,bottom]`.
fn bounds(text: &str) -> Option<Rect> {
    let (first, second) = text.strip_prefix('[')?.strip_suffix(']')?.split_once("][")?;
    let pair = |text: &str| -> Option<(i32, i32)> {
        let (x, y) = text.split_once(',')?;
        Some((x.trim().parse().ok()?, y.trim().parse().ok()?))
    };
    let ((left, top), (right, bottom)) = (pair(first)?, pair(second)?);
    Some(Rect::new(left, top, right, bottom))
}

fn excerpt(text: &str) -> String {
    text.trim().chars().take(80).collect()
}

//! Texts, covered wherever they stand: in values of the journal, in hierarchies, in other text files.

use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

use crate::journal::digest::is_digest;
use crate::ui::Rect;

/// What stands where a text was. Always the same length, which tells nothing of the text's.
const COVERED: &str = "█████";
/// Most nodes of a hierarchy.
const MOST_NODES: u32 = 200_000;
/// Attributes that hold words.
const WORDS: [&str; 4] = ["text", "content-desc", "hint", "tooltip-text"];

/// The text without any of `texts`; `None` when none is in it.
fn cover(text: &str, texts: &[String]) -> Option<String> {
    let found = texts.iter().filter(|hidden| text.contains(hidden.as_str()));
    found.fold(None, |covered: Option<String>, hidden| {
        Some(covered.as_deref().unwrap_or(text).replace(hidden.as_str(), COVERED))
    })
}

/// Covers texts in the strings of a value, one after the other, as long as it `fits` still: a word that the format fixes
/// stays. Digests stay too.
pub(super) fn cover_in_values(value: &mut Value, texts: &[String], fits: &mut impl FnMut(&Value) -> bool) {
    let mut paths = Vec::new();
    find(value, texts, &mut String::new(), &mut paths);
    for (path, covered) in paths {
        let Some(place) = value.pointer_mut(&path) else { continue };
        let old = std::mem::replace(place, Value::String(covered));
        if !fits(value)
            && let Some(place) = value.pointer_mut(&path)
        {
            *place = old;
        }
    }
}

fn find(value: &Value, texts: &[String], at: &mut String, found: &mut Vec<(String, String)>) {
    let mut inside = |step: &str, value: &Value, at: &mut String| {
        let length = at.len();
        at.push('/');
        at.push_str(&step.replace('~', "~0").replace('/', "~1"));
        find(value, texts, at, found);
        at.truncate(length);
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| inside(&n.to_string(), item, at)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| inside(name, field, at)),
        Value::String(text) if !is_digest(text) => {
            if let Some(covered) = cover(text, texts) {
                found.push((at.clone(), covered));
            }
        }
        _ => {}
    }
}

fn parsed(xml: &str) -> Option<Document<'_>> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(xml, options).ok()
}

/// `[left,top][right,bottom]`, as uiautomator writes it.
fn bounds(node: Node) -> Option<Rect> {
    let text = node.attribute("bounds")?.strip_prefix('[')?.strip_suffix(']')?.replace("][", ",");
    let edges: Vec<i32> = text.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [left, top, right, bottom] = edges.as_slice() else { return None };
    Some(Rect::new(*left, *top, *right, *bottom))
}

fn meet(a: Rect, b: Rect) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

fn within(node: Node, regions: &[Rect]) -> bool {
    bounds(node).is_some_and(|bounds| regions.iter().any(|region| meet(bounds, *region)))
}

/// Texts of two characters and more that stand in these regions.
pub(super) fn texts_in(xml: &str, regions: &[Rect]) -> Vec<String> {
    let Some(tree) = parsed(xml) else { return Vec::new() };
    let nodes = tree.descendants().filter(|node| within(*node, regions));
    let words = nodes.flat_map(|node| WORDS.iter().filter_map(move |name| node.attribute(*name)));
    words.map(str::trim).filter(|text| text.chars().count() >= 2).map(str::to_owned).collect()
}

/// Where these texts stand.
pub(super) fn places_of(xml: &str, texts: &[String]) -> Vec<Rect> {
    let Some(tree) = parsed(xml) else { return Vec::new() };
    let says = |node: &Node| {
        WORDS.iter().filter_map(|name| node.attribute(*name)).any(|word| texts.iter().any(|text| word.contains(text)))
    };
    tree.descendants().filter(says).filter_map(bounds).collect()
}

/// A text file with texts covered, and all words in `regions` of a hierarchy; with how many places that were. `None` when
/// something is to be covered and the file can't be read: then it has to be left out.
pub(super) fn covered(bytes: Vec<u8>, regions: &[Rect], texts: &[String]) -> (Option<Vec<u8>>, usize) {
    let Ok(text) = std::str::from_utf8(&bytes) else {
        // A text may stand in it packed or split, where nobody finds it.
        return (Some(bytes).filter(|_| texts.is_empty() && regions.is_empty()), 0);
    };
    let Some(tree) = parsed(text) else {
        let covered = cover(text, texts);
        return match (regions.is_empty(), covered) {
            (true, Some(covered)) => (Some(covered.into_bytes()), 1),
            (true, None) => (Some(bytes), 0),
            (false, _) => (None, 0),
        };
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for node in tree.descendants() {
        let blank = within(node, regions);
        for attribute in node.attributes() {
            let hidden = blank && WORDS.contains(&attribute.name()) && !attribute.value().is_empty();
            let new = if hidden { Some(COVERED.to_owned()) } else { cover(attribute.value(), texts) };
            edits.extend(new.map(|new| (attribute.range_value(), new)));
        }
        if let (true, Some(new)) = (node.is_text(), node.text().and_then(|text| cover(text, texts))) {
            edits.push((node.range(), new));
        }
    }
    if edits.is_empty() {
        return (Some(bytes), 0);
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in &edits {
        out.push_str(&text[at..range.start]);
        out.push_str(&escaped(new));
        at = range.end;
    }
    out.push_str(&text[at..]);
    (Some(out.into_bytes()), edits.len())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r#"<hierarchy><node text="Wang &amp; &lt;Li&gt;" bounds="[0,0][10,10]"><node text="OK" content-desc="" bounds="[20,20][30,30]"/></node></hierarchy>"#;

    #[test]
    fn words_in_a_region_and_texts_anywhere_are_covered_and_the_rest_stays() {
        let (blank, places) = covered(XML.as_bytes().to_vec(), &[Rect::new(25, 25, 26, 26)], &[]);
        assert_eq!(String::from_utf8(blank.unwrap()).unwrap(), XML.replace("\"OK\"", "\"█████\""));
        assert_eq!(places, 1);
        let (named, _) = covered(XML.as_bytes().to_vec(), &[], &["Wang & <Li>".into()]);
        assert_eq!(String::from_utf8(named.unwrap()).unwrap(), XML.replace("Wang &amp; &lt;Li&gt;", "█████"));
        assert_eq!(covered(XML.as_bytes().to_vec(), &[], &["nobody".into()]).0.unwrap(), XML.as_bytes());
        assert_eq!(texts_in(XML, &[Rect::new(0, 0, 5, 5)]), ["Wang & <Li>"]);
        assert_eq!(places_of(XML, &["OK".into()]), [Rect::new(20, 20, 30, 30)]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out_when_it_may_hide_a_text() {
        assert_eq!(covered(b"<broken Wang".to_vec(), &[Rect::new(0, 0, 1, 1)], &[]).0, None);
        assert_eq!(covered(b"\xffWang".to_vec(), &[], &["Wang".into()]).0, None);
        assert_eq!(covered(b"\xffLi".to_vec(), &[], &["Wang".into()]).0, None);
        assert_eq!(covered(b"\xffLi".to_vec(), &[], &[]).0.unwrap(), b"\xffLi");
        assert_eq!(covered(b"plain Wang".to_vec(), &[], &["Wang".into()]).0.unwrap(), "plain █████".as_bytes());
    }

    #[test]
    fn words_that_the_format_fixes_stay() {
        let mut value = serde_json::json!({"kind": "tap", "target": "tap on Wang", "list": ["Wang"], "n": 1});
        let mut fits = |value: &Value| value["kind"] == "tap";
        cover_in_values(&mut value, &["tap".into(), "Wang".into()], &mut fits);
        let covered = serde_json::json!({"kind": "tap", "target": "█████ on █████", "list": ["█████"], "n": 1});
        assert_eq!(value, covered);
    }
}

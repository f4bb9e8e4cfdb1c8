//! Android's binary XML, written and read. Layout after AOSP `frameworks/base/libs/androidfw/include/androidfw/ResourceTypes.h`.

use std::collections::BTreeMap;

use super::bytes::{chunk_at, chunks, u8_at, u16_at, u32_at};
use super::strings::{Pool, Strings, write_chunk};

/// The namespace of Android's own attributes.
pub(super) const ANDROID: &str = "http://schemas.android.com/apk/res/android";

/// Android's own attributes that we write, with their resource ids (AOSP `public-final.xml`), by id.
pub(super) const ATTRIBUTES: &[(&str, u32)] = &[
    ("label", 0x0101_0001),
    ("name", 0x0101_0003),
    ("hasCode", 0x0101_000c),
    ("debuggable", 0x0101_000f),
    ("exported", 0x0101_0010),
    ("minSdkVersion", 0x0101_020c),
    ("versionCode", 0x0101_021b),
    ("versionName", 0x0101_021c),
    ("targetSdkVersion", 0x0101_0270),
    ("maxSdkVersion", 0x0101_0271),
    ("testOnly", 0x0101_0272),
    ("versionCodeMajor", 0x0101_0576),
    ("isSplitRequired", 0x0101_0591),
];

const NONE: u32 = u32::MAX;

/// Most elements of a document that is read.
const MOST_ELEMENTS: usize = 100_000;
/// Most attributes of a document that is read.
const MOST_ATTRIBUTES: usize = 1_000_000;
/// Deepest nesting of a document that is read.
const DEEPEST: usize = 100;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<Attribute>,
    pub(super) children: Vec<Element>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    /// Resource id of an attribute of Android's namespace; `None` for one without a namespace.
    id: Option<u32>,
    name: String,
    value: Value,
}

/// What an attribute holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Int(u32),
    Bool(bool),
    /// A resource id.
    Reference(u32),
    /// Something else: its type and its data.
    Other(u8, u32),
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Element {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds an attribute of Android's namespace; it must be one of [`ATTRIBUTES`].
    pub(super) fn android(mut self, name: &str, value: Value) -> Self {
        let id = ATTRIBUTES.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
        debug_assert!(id.is_some(), "attribute {name} has no id");
        self.attributes.push(Attribute { id, name: name.to_owned(), value });
        // A reader on the device walks the attributes by rising id; those without an id come last.
        self.attributes.sort_by_key(|attribute| attribute.id.unwrap_or(NONE));
        self
    }

    /// Adds an attribute without a namespace.
    pub(super) fn plain(mut self, name: &str, value: Value) -> Self {
        self.attributes.push(Attribute { id: None, name: name.to_owned(), value });
        self
    }

    /// The value of an attribute of Android's namespace, one of [`ATTRIBUTES`], by its id: names can be forged.
    pub(super) fn android_value(&self, name: &str) -> Option<&Value> {
        let id = ATTRIBUTES.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
        let by_id = self.attributes.iter().find(|attribute| id.is_some() && attribute.id == id);
        by_id.map(|attribute| &attribute.value)
    }

    /// The value of an attribute without a namespace.
    pub(super) fn plain_value(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|known| known.id.is_none() && known.name == name).map(|known| &known.value)
    }

    /// The children of a name.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(super) fn holding(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }
}

/// The document with this root, as binary XML.
pub(super) fn encode(root: &Element) -> Vec<u8> {
    let mut strings = Strings::default();
    let mut ids = BTreeMap::new();
    collect_ids(root, &mut ids);
    for name in ids.values() {
        strings.place(name);
    }
    let mut body = Vec::new();
    let (prefix, uri) = (strings.place("android"), strings.place(ANDROID));
    node(&mut body, 0x0100, &[prefix, uri]);
    element(&mut body, root, &mut strings, &ids, uri);
    node(&mut body, 0x0101, &[prefix, uri]);

    let mut map = Vec::new();
    ids.keys().for_each(|id| map.extend(id.to_le_bytes()));
    let inner = [strings.chunk(), write_chunk(0x0180, &[], &map), body].concat();
    write_chunk(0x0003, &[], &inner)
}

fn collect_ids(element: &Element, ids: &mut BTreeMap<u32, String>) {
    for attribute in &element.attributes {
        if let Some(id) = attribute.id {
            ids.insert(id, attribute.name.clone());
        }
    }
    element.children.iter().for_each(|child| collect_ids(child, ids));
}

fn element(out: &mut Vec<u8>, of: &Element, strings: &mut Strings, ids: &BTreeMap<u32, String>, uri: u32) {
    let name = strings.place(&of.name);
    let count = u32::try_from(of.attributes.len()).unwrap_or(u32::MAX);
    // Namespace, name, (attributes start at 20, each takes 20 bytes), (count, no id attribute), (no class, no style).
    let mut words = vec![NONE, name, 20 | 20 << 16, count, 0];
    for attribute in &of.attributes {
        let (space, name) = match attribute.id {
            Some(id) => (uri, ids.keys().position(|known| *known == id).map_or(NONE, |at| at as u32)),
            None => (NONE, strings.place(&attribute.name)),
        };
        let (raw, kind, data) = match &attribute.value {
            Value::Text(text) => {
                let at = strings.place(text);
                (at, 0x03, at)
            }
            Value::Int(number) => (NONE, 0x10, *number),
            Value::Bool(yes) => (NONE, 0x12, if *yes { u32::MAX } else { 0 }),
            Value::Reference(id) => (NONE, 0x01, *id),
            Value::Other(kind, data) => (NONE, u32::from(*kind), *data),
        };
        words.extend([space, name, raw, 8 | kind << 24, data]);
    }
    node(out, 0x0102, &words);
    of.children.iter().for_each(|child| element(out, child, strings, ids, uri));
    node(out, 0x0103, &[NONE, name]);
}

/// An XML node: its header says line 1 and no comment.
fn node(out: &mut Vec<u8>, kind: u16, words: &[u32]) {
    let body: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let header: Vec<u8> = [1, NONE].iter().flat_map(|word: &u32| word.to_le_bytes()).collect();
    out.extend(write_chunk(kind, &header, &body));
}

/// The root of a document in binary XML; `None` when it is broken or beyond the bounds.
pub(super) fn decode(document: &[u8]) -> Option<Element> {
    let whole = chunk_at(document, 0).filter(|chunk| chunk.kind == 0x0003)?;
    let mut strings = None;
    let mut ids = Vec::new();
    let mut open: Vec<Element> = Vec::new();
    let (mut elements, mut attributes) = (0, 0);
    for chunk in chunks(whole.bytes, whole.header) {
        match chunk.kind {
            0x0001 if strings.is_none() => strings = Some(Pool::new(&chunk)?),
            0x0180 => {
                let words = chunk.bytes[chunk.header..].chunks_exact(4);
                ids = words.filter_map(|word| u32_at(word, 0)).collect();
            }
            0x0102 => {
                let element = start(chunk.bytes.get(chunk.header..)?, strings.as_ref()?, &ids)?;
                elements += 1;
                attributes += element.attributes.len();
                (elements <= MOST_ELEMENTS && attributes <= MOST_ATTRIBUTES && open.len() < DEEPEST).then_some(())?;
                open.push(element);
            }
            0x0103 => {
                let closed = open.pop()?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => return Some(closed),
                }
            }
            _ => {}
        }
    }
    None
}

fn start(body: &[u8], strings: &Pool<'_>, ids: &[u32]) -> Option<Element> {
    let name = strings.get(u32_at(body, 4)?)?;
    let (first, size) = (usize::from(u16_at(body, 8)?), usize::from(u16_at(body, 10)?));
    let count = usize::from(u16_at(body, 12)?);
    (size >= 20).then_some(())?;
    let mut attributes = Vec::new();
    for number in 0..count {
        let at = first + number * size;
        let name = u32_at(body, at + 4)?;
        let id = ids.get(name as usize).copied().filter(|id| *id != 0);
        let (kind, data) = (u8_at(body, at + 15)?, u32_at(body, at + 16)?);
        let value = match kind {
            0x03 => Value::Text(strings.get(data)?),
            0x10 | 0x11 => Value::Int(data),
            0x12 => Value::Bool(data != 0),
            0x01 => Value::Reference(data),
            other => Value::Other(other, data),
        };
        attributes.push(Attribute { id, name: strings.get(name).unwrap_or_default(), value });
    }
    Some(Element { name, attributes, children: Vec::new() })
}

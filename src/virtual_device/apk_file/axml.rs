//! Android's binary XML, written. Layout after AOSP `frameworks/base/libs/androidfw/include/androidfw/ResourceTypes.h`.

use std::collections::BTreeMap;

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
];

const NONE: u32 = u32::MAX;

/// An element to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    name: String,
    attributes: Vec<Attribute>,
    children: Vec<Element>,
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
    for (_, name) in &ids {
        strings.place(name);
    }
    let mut body = Vec::new();
    let (prefix, uri) = (strings.place("android"), strings.place(ANDROID));
    node(&mut body, 0x0100, &[prefix, uri]);
    element(&mut body, root, &mut strings, &ids, uri);
    node(&mut body, 0x0101, &[prefix, uri]);

    let mut map = Vec::new();
    ids.keys().for_each(|id| map.extend(id.to_le_bytes()));
    let inner = [strings.chunk(), chunk(0x0180, &[], &map), body].concat();
    chunk(0x0003, &[], &inner)
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
    out.extend(chunk(kind, &header, &body));
}

fn chunk(kind: u16, header: &[u8], body: &[u8]) -> Vec<u8> {
    let header_size = 8 + header.len() as u16;
    let size = u32::from(header_size) + body.len() as u32;
    let mut out = Vec::with_capacity(size as usize);
    out.extend(kind.to_le_bytes());
    out.extend(header_size.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(header);
    out.extend(body);
    out
}

/// The string pool: each string once, those of the resource map first. An attribute's name may occur twice: once with
/// its id, once without; so only strings after the map are shared.
#[derive(Default)]
struct Strings(Vec<String>);

impl Strings {
    fn place(&mut self, text: &str) -> u32 {
        let at = self.0.iter().position(|known| known == text).unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        at as u32
    }

    /// The pool as a chunk, in UTF-16.
    fn chunk(&self) -> Vec<u8> {
        let (mut offsets, mut data) = (Vec::new(), Vec::new());
        for text in &self.0 {
            offsets.extend((data.len() as u32).to_le_bytes());
            let units: Vec<u16> = text.encode_utf16().take(0x7fff).collect();
            data.extend((units.len() as u16).to_le_bytes());
            units.iter().for_each(|unit| data.extend(unit.to_le_bytes()));
            data.extend([0, 0]);
        }
        data.resize(data.len().next_multiple_of(4), 0);
        let strings_start = 28 + offsets.len() as u32;
        // Strings, styles, flags (none: UTF-16, unsorted), start of strings, start of styles.
        let header: Vec<u8> =
            [self.0.len() as u32, 0, 0, strings_start, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
        chunk(0x0001, &header, &[offsets, data].concat())
    }
}

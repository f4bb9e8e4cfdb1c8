//! One node of the graph, as JSON-LD.

use serde_json::{Map, Value, json};

use super::id::Ids;
use crate::clock::WallMillis;
use crate::journal::digest::is_digest;
use crate::report::text::tame;

/// Last moment of the year 9999, in milliseconds since 1970: later years are no `xsd:dateTime` to most readers.
const LATEST: WallMillis = 253_402_300_799_999;
/// First moment of the year 1, likewise.
const EARLIEST: WallMillis = -62_135_596_800_000;

/// One node. Texts are made harmless and cut as in every report; what is empty is left out.
pub(super) struct Node<'i> {
    ids: &'i Ids,
    name: String,
    fields: Map<String, Value>,
    facets: Vec<Value>,
}

impl<'i> Node<'i> {
    /// A node with a name of its own within the package, and its types.
    pub fn new(ids: &'i Ids, name: &str, types: &[&str]) -> Self {
        let fields = [("@id".to_owned(), json!(ids.name(name))), ("@type".to_owned(), json!(types))];
        Self { ids, name: name.to_owned(), fields: fields.into_iter().collect(), facets: Vec::new() }
    }

    pub fn text(self, key: &str, text: &str) -> Self {
        self.texts(key, [text])
    }

    pub fn texts<T: AsRef<str>>(self, key: &str, texts: impl IntoIterator<Item = T>) -> Self {
        let filled = texts.into_iter().filter(|text| !text.as_ref().trim().is_empty());
        self.values(key, filled.map(|text| json!(tame(text.as_ref()))))
    }

    pub fn link(self, key: &str, id: impl Into<Option<String>>) -> Self {
        self.links(key, id.into())
    }

    /// References to other nodes, by their ids.
    pub fn links(self, key: &str, ids: impl IntoIterator<Item = String>) -> Self {
        self.values(key, ids.into_iter().map(|id| json!({"@id": id})))
    }

    /// A time; left out when there is none, or none that a reader would take.
    pub fn time(self, key: &str, wall: Option<WallMillis>) -> Self {
        let known = wall.filter(|wall| (EARLIEST..=LATEST).contains(wall));
        let at = known.and_then(|wall| jiff::Timestamp::from_millisecond(wall).ok());
        self.values(key, at.map(|at| json!({"@type": "xsd:dateTime", "@value": at.to_string()})))
    }

    pub fn number(self, key: &str, number: u64) -> Self {
        self.values(key, [json!({"@type": "xsd:integer", "@value": number.to_string()})])
    }

    pub fn truth(self, key: &str, truth: bool) -> Self {
        self.values(key, [json!(truth)])
    }

    /// A SHA-256 digest; left out when it is none.
    pub fn sha256(mut self, digest: Option<&str>) -> Self {
        let Some(digest) = digest.filter(|digest| is_digest(digest)) else { return self };
        let hash = Node::new(self.ids, &format!("{} sha256", self.name), &["uco-types:Hash"])
            .text("uco-types:hashMethod", "SHA256")
            .values("uco-types:hashValue", [json!({"@type": "xsd:hexBinary", "@value": digest})]);
        self.fields.insert("uco-observable:hash".to_owned(), hash.json());
        self
    }

    /// A group of characteristics.
    pub fn facet(mut self, kind: &str, fill: impl FnOnce(Node<'i>) -> Node<'i>) -> Self {
        let name = format!("{} {kind}", self.name);
        self.facets.push(fill(Node::new(self.ids, &name, &[kind])).json());
        self
    }

    fn values(mut self, key: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let mut values: Vec<Value> = values.into_iter().collect();
        match values.len() {
            0 => {}
            1 => drop(self.fields.insert(key.to_owned(), values.remove(0))),
            _ => drop(self.fields.insert(key.to_owned(), Value::Array(values))),
        }
        self
    }

    pub fn json(mut self) -> Value {
        if !self.facets.is_empty() {
            self.fields.insert("uco-core:hasFacet".to_owned(), Value::Array(self.facets));
        }
        Value::Object(self.fields)
    }
}

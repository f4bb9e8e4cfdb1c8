//! The file: a context and a list of nodes, one on each line.

use std::io::{self, Write};

use serde_json::json;

use super::node::Node;

/// The vocabularies by their short names.
const VOCABULARIES: [(&str, &str); 9] = [
    ("case-investigation", "https://ontology.caseontology.org/case/investigation/"),
    ("uco-action", "https://ontology.unifiedcyberontology.org/uco/action/"),
    ("uco-analysis", "https://ontology.unifiedcyberontology.org/uco/analysis/"),
    ("uco-core", "https://ontology.unifiedcyberontology.org/uco/core/"),
    ("uco-identity", "https://ontology.unifiedcyberontology.org/uco/identity/"),
    ("uco-observable", "https://ontology.unifiedcyberontology.org/uco/observable/"),
    ("uco-tool", "https://ontology.unifiedcyberontology.org/uco/tool/"),
    ("uco-types", "https://ontology.unifiedcyberontology.org/uco/types/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// A graph that is being written.
pub(super) struct Graph<W> {
    out: W,
    any: bool,
}

impl<W: Write> Graph<W> {
    /// Writes the head.
    pub fn open(mut out: W) -> io::Result<Self> {
        let context: serde_json::Map<_, _> =
            VOCABULARIES.iter().map(|(short, iri)| (short.to_string(), json!(iri))).collect();
        write!(out, "{{\"@context\":{},\n\"@graph\":[", serde_json::Value::Object(context))?;
        Ok(Self { out, any: false })
    }

    /// Writes a node.
    pub fn add(&mut self, node: Node) -> io::Result<()> {
        self.out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        serde_json::to_writer(&mut self.out, &node.json()).map_err(io::Error::from)
    }

    /// Writes the foot.
    pub fn close(mut self) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}

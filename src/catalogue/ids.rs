//! Whether every id of a catalogue leads somewhere and stands once. Read as a tree that knows its lines, so that a fault is
//! told with its place. The build script asks it of the files that ship, `Catalogue::parse` of newer ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::yaml::{self, Node};

pub const CATEGORIES: &str = "necessary-info-39.yaml";
pub const FINDINGS: &str = "findings.yaml";
pub const PHRASES: &str = "categories-in-enforcement-notices.yaml";
pub const DEADLINES: &str = "deadlines.yaml";
pub const TITLES: &str = "titles-zh.yaml";

/// Names of the files that make a catalogue.
pub const FILES: [&str; 5] = [CATEGORIES, FINDINGS, PHRASES, DEADLINES, TITLES];

/// Every id that stands twice or leads nowhere, each as `file:line: what`. Whether the files have the right shape is another
/// question: what is not there is not asked about.
pub fn faults(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut roots = BTreeMap::new();
    for name in FILES {
        match yaml::read(files.get(name).map_or("", String::as_str)) {
            Ok(root) => roots.insert(name, root),
            Err(wrong) => return vec![format!("{name}:{}: {}", wrong.at.line, wrong.message)],
        };
    }
    let [categories, findings, phrases, deadlines, titles] = FILES.map(|name| &roots[name]);
    let mut faults = Faults::default();
    faults.twice(CATEGORIES, "category", ids(categories, "categories"));
    let known = faults.twice(FINDINGS, "finding", ids(findings, "findings"));
    faults.twice(PHRASES, "phrase", ids(phrases, "phrases"));
    faults.twice(DEADLINES, "deadline", ids(deadlines, "deadlines"));
    let titled = faults.twice(TITLES, "title of", titles.entries().iter().map(|(key, _)| key));
    let instruments = keys(findings.get("instruments"));

    let needs = keys(findings.get("how_to_read").and_then(|read| read.get("needs")));
    let topics = keys(findings.get("seed_topics"));
    let without = words(phrases, "findings_without_a_regulator_phrase").collect::<Vec<_>>();
    let spoken_of: BTreeSet<&str> = list(phrases, "phrases")
        .iter()
        .flat_map(|phrase| words(phrase, "finding_ids"))
        .filter_map(Node::scalar)
        .collect();
    for finding in list(findings, "findings") {
        let Some(id) = finding.get("id").and_then(Node::scalar) else { continue };
        let bases = ["legal_basis", "advisory_basis"].into_iter().flat_map(|basis| list(finding, basis));
        faults.nowhere(FINDINGS, id, "instrument", bases.filter_map(|basis| basis.get("instrument")), &instruments);
        faults.nowhere(FINDINGS, id, "need", words(finding, "needs"), &needs);
        faults.nowhere(FINDINGS, id, "topic", finding.get("seed_topic"), &topics);
        if !titled.contains(id) {
            faults.tell(FINDINGS, finding, format!("{id}: no Chinese title in {TITLES}"));
        }
        if spoken_of.contains(id) == without.iter().any(|node| node.scalar() == Some(id)) {
            faults.tell(
                FINDINGS,
                finding,
                format!("{id}: must have a phrase or be listed as without one in {PHRASES}"),
            );
        }
    }
    for deadline in list(deadlines, "deadlines").iter().filter(|deadline| deadline.get("instrument_note").is_none()) {
        let id = deadline.get("id").and_then(Node::scalar).unwrap_or_default();
        faults.nowhere(DEADLINES, id, "instrument", deadline.get("instrument"), &instruments);
    }
    for (file, root, name) in [(PHRASES, phrases, "phrases"), (DEADLINES, deadlines, "deadlines")] {
        for by in list(root, name) {
            let id = by.get("id").and_then(Node::scalar).unwrap_or_default();
            faults.nowhere(file, id, "finding", words(by, "finding_ids"), &known);
        }
    }
    faults.nowhere(PHRASES, "without a phrase", "finding", without, &known);
    faults.nowhere(TITLES, "title", "finding", titles.entries().iter().map(|(key, _)| key), &known);
    faults.0
}

#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn tell(&mut self, file: &str, at: &Node, what: String) {
        self.0.push(format!("{file}:{}: {what}", at.at.line));
    }

    /// Tells of every id that stood before; all of them, each once.
    fn twice<'a>(&mut self, file: &str, what: &str, ids: impl Iterator<Item = &'a Node>) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        for node in ids {
            let id = node.scalar().unwrap_or_default();
            if !seen.insert(id) {
                self.tell(file, node, format!("{what} {id} stands twice"));
            }
        }
        seen
    }

    /// Tells of every id that is not known.
    fn nowhere<'a>(
        &mut self,
        file: &str,
        by: &str,
        what: &str,
        ids: impl IntoIterator<Item = &'a Node>,
        known: &BTreeSet<&str>,
    ) {
        for node in ids {
            let id = node.scalar().unwrap_or_default();
            if !known.contains(id) {
                self.tell(file, node, format!("{by}: no {what} {id}"));
            }
        }
    }
}

fn list<'a>(node: &'a Node, name: &str) -> &'a [Node] {
    node.get(name).map_or(&[], Node::items)
}

fn words<'a>(node: &'a Node, name: &str) -> impl Iterator<Item = &'a Node> {
    list(node, name).iter()
}

fn ids<'a>(root: &'a Node, name: &str) -> impl Iterator<Item = &'a Node> {
    list(root, name).iter().filter_map(|entry| entry.get("id"))
}

fn keys(map: Option<&Node>) -> BTreeSet<&str> {
    map.map_or(&[][..], Node::entries).iter().filter_map(|(key, _)| key.scalar()).collect()
}

//! A package in CASE/UCO, the vocabulary in which investigators' programs tell each other what was found and how:
//! JSON-LD of CASE 1.5.0, which builds on UCO. `case_validate` (PyPI's case-utils) finds no fault in it; a test asks it.
//!
//! It is a view of the package and no evidence: every file stands in it with its digest, so that a reader can tell whether
//! it speaks of the package at hand. It tells what the record tells, in its masked words, and claims no more than the
//! outcomes do. The same package gives the same bytes.

mod act;
mod graph;
mod id;
mod node;
mod outcome;
mod steps;
mod thing;
mod told;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::catalogue::Catalogue;
use crate::evidence::{Opened, cited};
use crate::journal::entry::{CaseOpened, Entry, Event};
use crate::judge::Judgement;
use graph::Graph;
use id::Ids;
use node::Node;
use steps::Steps;

/// What is told.
pub struct PackageView<'a> {
    /// The package.
    pub package: &'a Opened,
    /// What it comes to.
    pub judgement: &'a Judgement,
    /// Whether that is the judgement which was sealed in it, and not a new one.
    pub sealed: bool,
    /// The catalogue that has the findings' titles.
    pub catalogue: &'a Catalogue,
}

/// Writes a package, node by node: memory does not grow with what is written.
///
/// # Errors
/// When it can't be written.
pub fn export(view: &PackageView, out: impl Write) -> io::Result<()> {
    let package = Package::of(view.package);
    let mut graph = Graph::open(out)?;
    thing::write(&package, &mut graph)?;
    act::write(&package, &mut graph)?;
    outcome::write(&package, view, &mut graph)?;
    graph.add(package.investigation())?;
    graph.close()
}

/// A package, with what all parts of the telling ask of it.
struct Package<'a> {
    opened: &'a Opened,
    case: Option<&'a CaseOpened>,
    ids: Ids,
    steps: Steps<'a>,
    /// Media types of exhibits by their path in the package.
    media: BTreeMap<String, &'a str>,
}

impl<'a> Package<'a> {
    fn of(opened: &'a Opened) -> Self {
        let case = opened.entries.iter().find_map(|entry| match &entry.event {
            Event::CaseOpened(case) => Some(&**case),
            _ => None,
        });
        let exhibits = opened.entries.iter().flat_map(cited);
        let media = exhibits.filter_map(|exhibit| Some((in_package(&exhibit.path()?), exhibit.media.as_str())));
        Self {
            opened,
            case,
            ids: Ids::of(&opened.verified.digest),
            steps: Steps::of(&opened.entries),
            media: media.collect(),
        }
    }

    /// Wall times of the first and the last entry.
    fn span(&self) -> (Option<i64>, Option<i64>) {
        let wall = |entry: Option<&Entry>| entry.map(|entry| entry.at.wall);
        (wall(self.opened.entries.first()), wall(self.opened.entries.last()))
    }

    /// The node of an entry: the end of a step is told with its beginning.
    fn entry(&self, seq: u64) -> String {
        self.ids.name(&format!("entry {}", self.steps.beginning(seq)))
    }

    /// The nodes of a file by its path in the package; nothing when the package has no such file.
    fn file(&self, path: &str) -> Option<String> {
        let found = self.opened.files.binary_search_by(|file| file.path.as_str().cmp(path));
        found.is_ok().then(|| self.ids.name(&format!("file {path}")))
    }

    fn operator(&self) -> Option<String> {
        self.opened.verified.operator.as_deref().map(|name| self.ids.name(&format!("person {name}")))
    }

    /// The frame around everything else.
    fn investigation(&self) -> Node<'_> {
        let (from, to) = self.span();
        let said = self.opened.verified.purpose.as_deref();
        let planned = self.case.map(|case| case.purpose.as_str()).filter(|planned| Some(*planned) != said);
        let whole = ["run", "judgement", "package", "device", "app"].map(|name| self.ids.name(name));
        Node::new(&self.ids, "investigation", &["case-investigation:Investigation"])
            .text("uco-core:name", &self.opened.verified.identifier)
            .texts("uco-core:description", said.into_iter().chain(planned))
            .text("case-investigation:investigationForm", "case")
            .text("case-investigation:focus", "How an Android app treats personal information")
            .time("uco-core:startTime", from)
            .time("uco-core:endTime", to.filter(|to| from.is_none_or(|from| from <= *to)))
            .links("uco-core:object", whole)
    }
}

/// The path in a package of a path beside its journal.
fn in_package(path: &str) -> String {
    format!("data/{path}")
}

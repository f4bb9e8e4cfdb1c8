//! The rich specimens: every screen of them can be reached, what is told of them is true, and searches find it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use appwitness::catalogue::Catalogue;
use appwitness::scenario::Briefing;
use appwitness::ui::Concept;
use appwitness::virtual_device::specimen::{Specimen, Value, pack};
use serde::Deserialize;

use crate::app::{App, Truth};
use crate::graph::{Graph, State};
use crate::words::Tongue;

/// Concept by concept, what a specimen has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Told {
    /// Whether the walk signs in first.
    #[serde(default)]
    pub signed_in: bool,
    /// The screen a walk starts on, when it is not the first one.
    #[serde(default)]
    start: Option<String>,
    /// Variables as the walk finds them, where they differ from the first ones.
    #[serde(default)]
    vars: BTreeMap<String, Value>,
    /// Concepts that are there.
    pub there: BTreeMap<String, There>,
    /// Concepts that stand behind a page to sign in.
    #[serde(default)]
    walled: Vec<String>,
}

/// Where a concept is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct There {
    /// Ids of the views that name it.
    views: Vec<String>,
    /// Taps of the shortest way, the press of the view itself among them unless it is a switch.
    taps: u32,
}

/// A specimen with its file.
pub struct Rich {
    pub file: PathBuf,
    pub text: String,
    pub specimen: Specimen,
    pub briefing: Briefing,
    pub told: Told,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/specimens/rich")
}

/// All rich specimens, by name.
pub fn all() -> Vec<Rich> {
    let truth = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seek/rich.yaml")).unwrap();
    let mut truth: BTreeMap<String, Told> = serde_yaml::from_str(&truth).unwrap_or_else(|e| panic!("rich.yaml: {e}"));
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    files.sort();
    let rich = files.into_iter().map(|file| {
        let text = fs::read_to_string(&file).unwrap();
        let specimen = Specimen::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let path = folder().join("briefings").join(file.file_name().unwrap());
        let briefing = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let briefing = Briefing::parse(&path.display().to_string(), &briefing, &Catalogue::builtin());
        let briefing = briefing.unwrap_or_else(|told| panic!("{told}"));
        let told = truth.remove(&specimen.specimen).unwrap_or_else(|| panic!("{}: no truth", specimen.specimen));
        Rich { file, text, specimen, briefing, told }
    });
    let rich = rich.collect();
    assert!(truth.is_empty(), "truth of {:?}", truth.keys());
    rich
}

impl Rich {
    /// What is true of each concept, in words of a locale.
    pub fn truth(&self, locale: &str) -> Vec<(Concept, Truth)> {
        let walled = |concept: Concept| self.told.walled.iter().any(|name| name == concept.name());
        let told = |concept: Concept| match self.told.there.get(concept.name()) {
            Some(there) => Truth::There { words: self.words(there, locale), taps: there.taps },
            None if walled(concept) => Truth::Walled,
            None => Truth::Absent,
        };
        Concept::ALL.into_iter().map(|concept| (concept, told(concept))).collect()
    }

    /// The app for a walk, in one of its languages.
    pub fn app(&self, chinese: bool) -> App {
        let locale = if chinese { "zh-CN" } else { "en-US" };
        App {
            name: format!("{}-{}", self.specimen.specimen, &locale[..2]),
            tongue: if chinese { Tongue::Mainland } else { Tongue::English },
            text: self.text.clone(),
            truth: self.truth(locale),
            briefing: self.told.signed_in.then(|| self.briefing.clone()),
        }
    }

    /// The graph as the walk finds the app.
    fn graph(&self) -> Graph<'_> {
        let mut vars = self.specimen.vars.clone();
        vars.extend(self.told.vars.clone());
        Graph::in_state(&self.specimen, State { vars, signed_in: self.told.signed_in })
    }

    /// Words of the views, in a locale.
    fn words(&self, there: &There, locale: &str) -> Vec<String> {
        let graph = Graph::of(&self.specimen);
        let mut words = BTreeSet::new();
        for screen in self.specimen.screens.keys() {
            let spot = crate::graph::Spot { screen: screen.clone(), dialog: None };
            let seen = graph.shown(&spot).into_iter().filter(|seen| there.views.iter().any(|id| id == seen.id));
            words.extend(seen.filter_map(|seen| seen.words).map(|w| w.in_locale(locale).to_owned()));
        }
        words.into_iter().collect()
    }

    /// Taps of the shortest way to one of the views; `None` when there is none.
    fn taps(&self, there: &There) -> Option<u32> {
        let graph = self.graph();
        let depths = graph.depths(self.told.start.as_ref().unwrap_or(&self.specimen.first_screen));
        let ways = depths.iter().flat_map(|(spot, depth)| {
            let seen = graph.shown(spot).into_iter().filter(|seen| there.views.iter().any(|id| id == seen.id));
            seen.map(|seen| depth + u32::from(!seen.switch)).collect::<Vec<_>>()
        });
        ways.min()
    }
}

#[test]
fn rich_specimens_have_tens_of_screens_and_each_can_be_reached() {
    for rich in all() {
        let specimen = &rich.specimen;
        let named = specimen.screens.keys().cloned();
        let named: BTreeSet<String> = named.chain(specimen.dialogs.keys().map(|d| format!("dialog {d}"))).collect();
        let dead: Vec<String> = named.difference(&Graph::of(specimen).reachable()).cloned().collect();
        assert!(dead.is_empty(), "{}: nothing leads to {dead:?}", specimen.specimen);
        assert!(specimen.screens.len() >= 20, "{}: {} screens", specimen.specimen, specimen.screens.len());
        pack(&rich.text).unwrap_or_else(|error| panic!("{}: {error}", rich.file.display()));
        assert_eq!(rich.briefing.app, specimen.package, "{}", rich.file.display());
    }
}

#[test]
fn what_is_told_of_the_rich_specimens_is_what_their_screens_say() {
    let known: Vec<&str> = Concept::ALL.iter().map(|concept| concept.name()).collect();
    for rich in all() {
        for (concept, there) in &rich.told.there {
            assert!(known.contains(&concept.as_str()), "{}: {concept}", rich.specimen.specimen);
            assert_eq!(rich.taps(there), Some(there.taps), "{}: {concept}", rich.specimen.specimen);
        }
    }
}

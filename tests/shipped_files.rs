//! Every file an author finds under `scenarios/` is read without a mistake.

#[path = "../build/fingerprint.rs"]
mod fingerprint;

use std::collections::BTreeSet;
use std::path::PathBuf;

use appwitness::catalogue::Catalogue;
use appwitness::scenario::{Briefing, Complaint, Plan, Scenario};

/// Path and text of the YAML files directly in a folder under `scenarios/`.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(folder);
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let yaml = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    yaml.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn stem(path: &std::path::Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_shipped_scenario_is_read_and_named_as_its_file() {
    let mut ids = BTreeSet::new();
    for (path, text) in files("") {
        let scenario = Scenario::parse(&path.display().to_string(), &text).unwrap_or_else(|told| panic!("{told}"));
        assert_eq!(scenario.id, stem(&path));
        ids.insert(scenario.id);
    }
    for wanted in [
        "accept-policy-watch",
        "delete-account",
        "deny-everything-and-ask-again",
        "deny-non-essential",
        "find-controls",
        "refuse-policy",
        "twin",
        "upgrade",
    ] {
        assert!(ids.contains(wanted), "{wanted} is missing");
    }
}

#[test]
fn every_shipped_briefing_is_read_and_each_app_has_one() {
    let catalogue = Catalogue::builtin();
    let mut apps = BTreeSet::new();
    for (path, text) in files("briefings") {
        let read = Briefing::parse(&path.display().to_string(), &text, &catalogue);
        let briefing = read.unwrap_or_else(|told| panic!("{told}"));
        assert!(apps.insert(briefing.app.clone()), "{} has two briefings", briefing.app);
    }
}

#[test]
fn every_shipped_complaint_is_read_and_named_as_its_file() {
    let catalogue = Catalogue::builtin();
    let all = files("complaints");
    for wanted in [
        "an-ad-i-cannot-close",
        "asked-again-and-again",
        "camera-used-while-closed",
        "cannot-delete-my-account",
        "closes-when-location-is-refused",
    ] {
        assert!(all.iter().any(|(path, _)| stem(path) == wanted), "{wanted} is missing");
    }
    for (path, text) in all {
        let read = Complaint::parse(&path.display().to_string(), &text, &catalogue);
        assert_eq!(read.unwrap_or_else(|told| panic!("{told}")).id, stem(&path));
    }
}

#[test]
fn every_shipped_plan_is_read_and_names_shipped_scenarios() {
    let catalogue = Catalogue::builtin();
    let shipped: BTreeSet<String> = files("").iter().map(|(path, _)| stem(path)).collect();
    let all = files("plans");
    assert!(!all.is_empty());
    for (path, text) in all {
        let read = Plan::parse(&path.display().to_string(), &text, &catalogue);
        let plan = read.unwrap_or_else(|told| panic!("{told}"));
        assert_eq!(plan.id, stem(&path));
        assert!(plan.scenarios.iter().all(|id| shipped.contains(id)), "{:?}", plan.scenarios);
    }
}

#[test]
fn the_rules_go_by_a_number_that_changes_with_any_of_their_sources() {
    let mut sources = fingerprint::sources(&PathBuf::from(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let number = fingerprint::of(&sources);
    assert_eq!(appwitness::judge::VERSION, number, "the program was built from other sources than these");
    for wanted in
        ["src/judge/rules/asking.rs", "src/judge/mod.rs", "src/ui/lexicon.yaml", "src/catalogue/working_days.rs"]
    {
        assert!(sources.iter().any(|(name, _)| name == wanted), "{wanted} decides, and is not counted");
    }
    for at in 0..sources.len() {
        sources[at].1.push(b' ');
        assert_ne!(fingerprint::of(&sources), number, "{}", sources[at].0);
        sources[at].1.pop();
        let name = std::mem::replace(&mut sources[at].0, "other".to_owned());
        assert_ne!(fingerprint::of(&sources), number, "{name} under another name");
        sources[at].0 = name;
    }
    assert_eq!(fingerprint::of(&sources), number);
    sources.pop();
    assert_ne!(fingerprint::of(&sources), number, "without one of them");
}

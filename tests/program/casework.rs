//! `export --case`: packages in CASE/UCO, judged by the vocabulary's own validator (PyPI's case-utils), and held against the
//! packages they tell of.
//!
//! The validator is installed by `tests/run` under APPWITNESS_TOOLS. Where it is missing the test says so, and fails when
//! APPWITNESS_ALL_TOOLS is set.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::bench::Bench;

const SCENARIO: &str =
    "scenario: one\ntitle: Refuse\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n  - tap: Nowhere\n";
const TWIN: &str = "scenario: both\ntitle: Both\nsteps:\n  - twin: {pages: 2, taps: 4}\n";
const COMPLAINT: &str = "complaint: asks\napp: specimen:forces-permissions\nsaid: It asks.\nprompts: deny\nsteps:\n  - launch\nsuspected: [asks-again-on-every-restart]\n";
/// Small, because the validator takes its time for every entry.
const APP: &str = "
specimen: small
package: org.example.small
label: Small
category: online-shopping
sdk: {min: 21, target: 33}
permissions: [CAMERA]
first-screen: home
on: {start: [{ask: {permissions: [CAMERA]}}]}
screens:
  home: {title: Home, views: [{button: {words: More, tap: [{goto: more}]}}]}
  more: {title: More, views: [{text: {words: Nothing here}}]}
";
const DEVICE: [&str; 2] = ["--device", "virtual:api=33,size=412x915,density=160,clock=skipping"];
/// An operator whose name would end a string, a tag and a line, and turn the writing round.
const OPERATOR: &str = "O'Brien \"</script> \u{202e} 李";

/// A package told in CASE/UCO.
struct Told {
    path: PathBuf,
    text: String,
    nodes: BTreeMap<String, Value>,
}

impl Told {
    fn of(bench: &Bench, package: &Path, name: &str) -> Self {
        let package = package.to_str().unwrap();
        let once = |out: &str| {
            bench.run(&["export", package, "--case", "--out", out]).exits(0);
            fs::read_to_string(bench.path(out)).unwrap()
        };
        let text = once(name);
        assert_eq!(text, once("again.jsonld"), "the same package gives the same bytes");
        let graph: Value = serde_json::from_str(&text).unwrap();
        let mut nodes = BTreeMap::new();
        collect(&graph["@graph"], &mut nodes);
        Self { path: bench.path(name), text, nodes }
    }

    fn of_type(&self, kind: &str) -> impl Iterator<Item = &Value> + use<'_> {
        let kind = json!(kind);
        self.nodes.values().filter(move |node| node["@type"].as_array().unwrap().contains(&kind))
    }

    fn named(&self, kind: &str, name: &str) -> &Value {
        self.of_type(kind).find(|node| node["uco-core:name"] == name).unwrap_or_else(|| panic!("no {kind} {name}"))
    }

    /// SHA-256 of every file that is told, by its path.
    fn files(&self) -> BTreeMap<String, String> {
        let facet = |node: &Value, key: &str| {
            node["uco-core:hasFacet"].as_array()?.iter().find_map(|facet| facet.get(key).cloned())
        };
        let told = self.of_type("uco-observable:File").filter_map(|node| {
            let path = facet(node, "uco-observable:filePath")?.as_str()?.to_owned();
            let hash = facet(node, "uco-observable:hash")?["uco-types:hashValue"]["@value"].as_str()?.to_owned();
            Some((path, hash))
        });
        told.collect()
    }
}

/// Every node by its id; no id is given twice.
fn collect(value: &Value, nodes: &mut BTreeMap<String, Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, nodes)),
        Value::Object(fields) => {
            if fields.contains_key("@type") && fields.contains_key("@id") {
                let id = fields["@id"].as_str().unwrap().to_owned();
                assert!(nodes.insert(id.clone(), value.clone()).is_none(), "{id} is given twice");
            }
            fields.values().for_each(|field| collect(field, nodes));
        }
        _ => {}
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(fields) => {
            found.extend(fields.get("@id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| references(field, found));
        }
        _ => {}
    }
}

/// What must be so of every package that is a folder.
fn holds_to(told: &Told, package: &Path) {
    let mut named = BTreeSet::new();
    told.nodes.values().for_each(|node| references(node, &mut named));
    let lost: Vec<_> = named.iter().filter(|id| !told.nodes.contains_key(*id)).collect();
    assert!(lost.is_empty(), "references to nothing: {lost:?}");

    let manifest = fs::read_to_string(package.join("manifest-sha256.txt")).unwrap();
    let mut listed: BTreeMap<String, String> =
        manifest.lines().map(|line| (line[66..].to_owned(), line[..64].to_owned())).collect();
    let tag_manifest = fs::read(package.join("tagmanifest-sha256.txt")).unwrap();
    listed.insert("tagmanifest-sha256.txt".to_owned(), appwitness::journal::digest::of(&tag_manifest));
    assert_eq!(told.files(), listed, "every file with its digest, and no other");
    let exhibits = listed.keys().filter(|path| path.starts_with("data/exhibits/")).count();
    assert!(exhibits > 0 && told.of_type("case-investigation:ProvenanceRecord").count() > exhibits);

    let outcomes: Value = serde_json::from_slice(&fs::read(package.join("data/outcomes.json")).unwrap()).unwrap();
    let outcomes = outcomes["outcomes"].as_array().unwrap();
    assert_eq!(told.of_type("uco-analysis:AnalyticResult").count(), outcomes.len());
    for outcome in outcomes {
        let result = told.named("uco-analysis:AnalyticResult", outcome["finding"].as_str().unwrap());
        let said = result["uco-core:statement"].to_string();
        let begins = match outcome["outcome"].as_str().unwrap() {
            "observed" => "Observed; similar to what the rules describe, and no ruling",
            "not-observed" => "Not observed: looked for in this run",
            "not-triggered" => "Not triggered: its occasion never came",
            "not-assessable" => "Not assessable: this record can't tell",
            other => panic!("{other}"),
        };
        assert!(said.trim_start_matches(['[', '"']).starts_with(begins), "{said}");
        let cited = outcome["entries"].as_array().unwrap().is_empty();
        assert_eq!(result.get("uco-analysis:resultContent").is_none(), cited, "{result}");
    }
}

/// What the validator says of files taken together.
fn validated(files: &[&Path]) -> Option<(bool, String)> {
    let program = std::env::var_os("APPWITNESS_TOOLS").map(|tools| Path::new(&tools).join("venv/bin/case_validate"));
    let Some(program) = program.filter(|program| program.is_file()) else {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no case_validate");
        eprintln!("skipped: no case_validate");
        return None;
    };
    let output = Command::new(program).args(["--built-version", "case-1.5.0"]).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some((output.status.success(), said))
}

#[test]
fn packages_of_every_kind_are_told_in_a_vocabulary_that_its_own_validator_accepts() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    bench.write("both.yaml", TWIN);
    bench.write("asks.yaml", COMPLAINT);
    bench.write("small.yaml", APP);
    let run = |arguments: &[&str]| bench.run(&[arguments, &DEVICE].concat());
    let shop = ["run", "one.yaml", "--app", "specimen:forces-permissions", "--out", "one"];
    run(&[&shop[..], &["--operator", OPERATOR, "--purpose", "a test"]].concat());
    run(&["run", "both.yaml", "--app", "specimen:./small.yaml", "--out", "both"]);
    run(&["reproduce", "asks.yaml", "--times", "1", "--out", "asked"]);
    let package = |run: &str| bench.packages(run).pop().unwrap();
    let whole = package("one");

    let mut told = Vec::new();
    let one = Told::of(&bench, &whole, "one.jsonld");
    holds_to(&one, &whole);
    one.named("uco-identity:Identity", "O'Brien \"</script> ⟨U+202E⟩ 李");
    let device = one.of_type("uco-observable:Device").next().unwrap().to_string();
    assert!(device.contains("AppWitness's virtual device, a model of Android"), "{device}");
    let run = one.named("case-investigation:InvestigativeAction", "Run of the scenario: Refuse");
    assert_eq!(run["uco-action:actionStatus"], "Complete/Finish");
    let steps =
        one.of_type("case-investigation:InvestigativeAction").filter(|act| act.to_string().contains("tap Nowhere"));
    assert!(steps.into_iter().all(|step| step["uco-action:actionStatus"] == "Fail"), "a step that failed");
    for run in ["both", "asked"] {
        let of = Told::of(&bench, &package(run), &format!("{run}.jsonld"));
        holds_to(&of, &package(run));
        told.push(of);
    }

    let zip = bench.path("one.zip");
    bench.run(&["pack", whole.to_str().unwrap(), "--out", "one.zip"]).exits(0);
    assert_eq!(Told::of(&bench, &zip, "zip.jsonld").text, one.text, "the same package in another form");

    let record = bench.path("record");
    copy(&whole.join("data"), &record);
    let journal = fs::read_to_string(record.join("journal.jsonl")).unwrap();
    let lines: Vec<&str> = journal.lines().collect();
    fs::write(record.join("journal.jsonl"), lines[..lines.len() / 2].join("\n") + "\n").unwrap();
    bench.run(&["seal", "record", "--out", "cut"]);
    let cut = Told::of(&bench, &bench.path("cut"), "cut.jsonld");
    holds_to(&cut, &bench.path("cut"));
    let run = cut.named("case-investigation:InvestigativeAction", "Run of the scenario: Refuse");
    assert_eq!(run["uco-action:actionStatus"], "Unknown");
    assert!(run["uco-core:description"].as_str().unwrap().starts_with("unfinished"), "{run}");

    bench.run(&["redact", whole.to_str().unwrap(), "--out", "copy", "--text", "GoGo Shop"]).exits(0);
    let copied = Told::of(&bench, &bench.path("copy"), "copy.jsonld");
    holds_to(&copied, &bench.path("copy"));
    assert!(one.text.contains("GoGo Shop") && !copied.text.contains("GoGo Shop"), "what was covered stays so");
    let link = copied.of_type("uco-core:Relationship").next().unwrap();
    assert_eq!(link["uco-core:kindOfRelationship"], "Redacted_From");
    let original = &copied.nodes[link["uco-core:target"]["@id"].as_str().unwrap()];
    assert_eq!(original["case-investigation:exhibitNumber"], one.files()["tagmanifest-sha256.txt"].as_str());

    let finding = "permission-without-purpose=not in this run";
    bench.run(&["review", "cut", "--by", "Wu", "--reject", finding]).exits(0);
    let reviewed = Told::of(&bench, &bench.path("cut"), "reviewed.jsonld");
    let word = reviewed.named("uco-core:Annotation", "permission-without-purpose");
    assert_eq!(word["uco-core:statement"], json!(["rejected", "not in this run"]));
    let by = &reviewed.nodes[word["uco-core:createdBy"]["@id"].as_str().unwrap()];
    assert_eq!(by["uco-core:name"], "Wu");

    // The redacted copy has all that the first package has.
    told.extend([reviewed, copied]);
    let files: Vec<&Path> = told.iter().map(|told| told.path.as_path()).collect();
    if let Some((conforms, said)) = validated(&files) {
        assert!(conforms, "{said}");
        let digits = "\"@type\":\"xsd:hexBinary\",\"@value\":\"";
        let spoiled = bench.write("spoiled.jsonld", &told[0].text.replacen(digits, &format!("{digits}no "), 1));
        let small = smallest(&spoiled);
        assert!(!validated(&[&small]).unwrap().0, "the validator finds a digest that is none");
    }
}

/// The first nodes of a graph, which are quicker to validate.
fn smallest(file: &Path) -> PathBuf {
    let mut graph: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    graph["@graph"].as_array_mut().unwrap().truncate(1);
    let small = file.with_extension("small.jsonld");
    fs::write(&small, graph.to_string()).unwrap();
    small
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn an_export_is_written_whole_and_never_into_the_package() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    bench.run(&["run", "one.yaml", "--app", "specimen:well-behaved", "--out", "out"]);
    let package = bench.packages("out").pop().unwrap();
    let path = package.to_str().unwrap();
    bench.run(&["export", path, "--out", "x"]).exits(64).complains(&["--case"]);
    let inside = format!("{path}/data/case.jsonld");
    bench.run(&["export", path, "--case", "--out", &inside]).exits(64).complains(&["within the package"]);
    bench.run(&["export", path, "--case", "--out", "no/such/folder/x"]).exits(74).complains(&["no/such/folder/x"]);
    bench.run(&["verify", path]).exits(0);
    fs::write(package.join("data/outcomes.json"), "{}").unwrap();
    bench.run(&["export", path, "--case", "--out", "x"]).exits(65).complains(&["outcomes.json"]);
    assert!(!bench.path("x").exists() && !bench.path("x.unfinished").exists());
}

//! The JSON Schemas the program prints, judged by a library that knows nothing of us (PyPI's jsonschema): each is a schema,
//! every shipped file fits its own, and a file with a mistake does not. And the page about specimens shows one that works.
//!
//! The library is installed by `tests/run` under APPWITNESS_TOOLS. Where it is missing the test says so, and fails when
//! APPWITNESS_ALL_TOOLS is set.

use std::path::{Path, PathBuf};
use std::process::Command;

use appwitness::virtual_device::specimen::Specimen;
use serde_json::{Value, json};

/// Reads the cases of a file: kind, name, schema, document and whether it should fit; names those that come out otherwise.
const JUDGE: &str = "
import json, sys
from jsonschema import Draft202012Validator as Validator
schemas, wrong = {}, []
with open(sys.argv[1]) as lines:
    for line in lines:
        case = json.loads(line)
        if 'schema' in case:
            Validator.check_schema(case['schema'])
            schemas[case['kind']] = Validator(case['schema'])
            continue
        errors = list(schemas[case['kind']].iter_errors(case['document']))
        if bool(errors) == case['fits']:
            why = errors[0].json_path + ': ' + errors[0].message[:300] if errors else 'it fits'
            wrong.append(case['name'] + ': ' + why)
print('\\n'.join(wrong) or 'all as expected')
";

/// What the schema of a kind is for: folders under `scenarios/`.
const KINDS: [(&str, &[&str]); 5] = [
    ("scenario", &[""]),
    ("briefing", &["briefings"]),
    ("complaint", &["complaints"]),
    ("plan", &["plans"]),
    ("specimen", &["specimens", "specimens/rich", "specimens/zoo"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(kind: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_appwitness")).args(["scenario", "schema", kind]).output().unwrap();
    assert!(output.status.success(), "{kind}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn files(folder: &str) -> Vec<(String, Value)> {
    let entries = std::fs::read_dir(root().join("scenarios").join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "yaml"));
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let document = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.display().to_string(), document)
    };
    paths.map(read).collect()
}

fn python() -> Option<PathBuf> {
    let python = std::env::var_os("APPWITNESS_TOOLS").map(|tools| Path::new(&tools).join("venv/bin/python"));
    let has = |python: &PathBuf| {
        let asked = Command::new(python).args(["-c", "import jsonschema"]).output();
        asked.is_ok_and(|output| output.status.success())
    };
    let found = python.filter(has);
    if found.is_none() {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no Python module jsonschema");
        eprintln!("skipped: no Python module jsonschema");
    }
    found
}

#[test]
fn every_shipped_file_fits_the_printed_schema() {
    let Some(python) = python() else { return };
    let mut lines = String::new();
    let mut say = |case: Value| lines += &format!("{case}\n");
    let mut counted = 0;
    for (kind, folders) in KINDS {
        say(json!({"kind": kind, "schema": schema(kind)}));
        let all: Vec<_> = folders.iter().flat_map(|folder| files(folder)).collect();
        assert!(!all.is_empty(), "no files of kind {kind}");
        for (name, document) in all {
            counted += 1;
            let mut broken = document.clone();
            broken["no-such-key"] = json!(1);
            say(json!({"kind": kind, "name": format!("{name} with a mistake"), "document": broken, "fits": false}));
            say(json!({"kind": kind, "name": name, "document": document, "fits": true}));
        }
    }
    for kind in ["summary", "observer"] {
        say(json!({"kind": kind, "schema": schema(kind)}));
    }
    assert!(counted > 80, "{counted}");
    let file = std::env::temp_dir().join(format!("appwitness-schemas-{}.jsonl", std::process::id()));
    std::fs::write(&file, lines).unwrap();
    let output = Command::new(python).args(["-c", JUDGE]).arg(&file).output().unwrap();
    let _ = std::fs::remove_file(&file);
    let (said, why) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.trim(), "all as expected", "{why}");
}

#[test]
fn the_example_of_the_page_about_specimens_works_and_the_page_names_every_kind() {
    let page = std::fs::read_to_string(root().join("docs/specimens.md")).unwrap();
    let (_, rest) = page.split_once("```yaml\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let specimen = Specimen::parse(example).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(specimen.package, "org.example.parcel");
    // Every view and every action the schema knows is named on the page.
    let schema = schema("specimen");
    for (kind, bare) in [("View", &["divider", "spacer"][..]), ("Do", &[])] {
        let names: Vec<String> = names_of(&schema["$defs"][kind]);
        assert!(names.len() > 10 && bare.iter().all(|name| names.iter().any(|n| n == name)), "{kind}: {names:?}");
        for name in names {
            assert!(page.contains(&name), "{kind} {name} is not on the page");
        }
    }
}

/// The names of the variants of an enumeration, whether they hold something or not.
fn names_of(schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for one in schema["oneOf"].as_array().into_iter().flatten() {
        names.extend(one["const"].as_str().map(str::to_owned));
        names.extend(one["enum"].as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned())));
        names.extend(one["properties"].as_object().into_iter().flat_map(|map| map.keys().cloned()));
    }
    names
}

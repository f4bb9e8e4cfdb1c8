//! Two versions of one app: what was refused in the older one must still be refused in the newer one.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::Bench;

const UPGRADE: &str = include_str!("../../scenarios/upgrade.yaml");

/// A shipped specimen under another version.
fn version(bench: &Bench, file: &str, code: u32) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/specimens/well-behaved.yaml");
    let text = fs::read_to_string(path).unwrap();
    let line = text.lines().find(|line| line.starts_with("version:")).unwrap();
    bench.write(file, &text.replace(line, &format!("version: {{code: {code}, name: '{code}.0'}}")));
}

fn journal(package: &Path) -> Vec<Value> {
    let text = fs::read_to_string(package.join("data/journal.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of_kind<'a>(journal: &'a [Value], kind: &str) -> Vec<&'a Value> {
    journal.iter().filter(|entry| entry["kind"] == kind).collect()
}

/// The upgrade is in the record, and the judge saw it.
fn checks_upgrade(bench: &Bench, run: &str) {
    let package = bench.packages(run).remove(0);
    bench.run(&["verify", package.to_str().unwrap()]).exits(0);
    let journal = journal(&package);
    let installed: Vec<_> = of_kind(&journal, "installed").iter().map(|e| e["version-code"].clone()).collect();
    assert_eq!(installed, [7, 8]);
    assert_eq!(of_kind(&journal, "installed")[1]["replaced"], 7);
    let functions = of_kind(&journal, "function");
    assert!(
        functions.len() >= 4 && functions.iter().all(|f| f["outcome"] == "works"),
        "before and after: {functions:?}"
    );
    let case = &bench.summary(run)["cases"][0];
    let outcome = |id: &str| case["outcomes"].as_array().unwrap().iter().find(|o| o["finding"] == id).unwrap().clone();
    assert_eq!(outcome("permission-state-changed-after-update")["outcome"], "not-observed");
    assert_eq!(case["verdict"], "clear", "{case:#}");
}

#[test]
fn what_was_refused_stays_refused_after_an_upgrade() {
    let bench = Bench::new();
    version(&bench, "old.yaml", 7);
    version(&bench, "new.yaml", 8);
    let versions = ["--app", "specimen:new.yaml", "--older", "specimen:old.yaml"];
    bench.run(&[&["run", "upgrade", "--out", "out"], &versions[..]].concat()).exits(0);
    checks_upgrade(&bench, "out");
}

#[test]
fn a_plan_upgrades_too_and_goes_on_in_the_same_folder() {
    let bench = Bench::new();
    fs::create_dir(bench.path("before")).unwrap();
    version(&bench, "before/app.yaml", 7);
    version(&bench, "app.yaml", 8);
    bench.write("upgrade.yaml", UPGRADE);
    let app = "{app: 'specimen:app.yaml', older: 'specimen:before/app.yaml', category: map-navigation}";
    bench.write("plan.yaml", &format!("plan: two\napps: [{app}]\nscenarios: [upgrade.yaml]\n"));
    bench.run(&["nightly", "plan.yaml", "--out", "out"]).exits(0);
    checks_upgrade(&bench, "out");
    let sealed = fs::metadata(bench.packages("out").remove(0).join("manifest-sha256.txt")).unwrap().modified().unwrap();
    bench.run(&["nightly", "plan.yaml", "--out", "out"]).exits(0);
    let again = fs::metadata(bench.packages("out").remove(0).join("manifest-sha256.txt")).unwrap().modified().unwrap();
    assert_eq!(sealed, again, "what is sealed is not run again");
}

#[test]
fn an_older_version_must_be_one() {
    let bench = Bench::new();
    version(&bench, "old.yaml", 7);
    version(&bench, "new.yaml", 8);
    let run = |app: &str, older: &str| bench.run(&["run", "upgrade", "--out", "out", "--app", app, "--older", older]);
    run("specimen:old.yaml", "specimen:new.yaml").exits(65).complains(&["no older version", "specimen:new.yaml"]);
    run("specimen:new.yaml", "specimen:new.yaml").exits(65).complains(&["no older version"]);
    run("specimen:new.yaml", "specimen:hides-deletion").exits(65).complains(&["no older version"]);
    run("specimen:new.yaml", "nowhere.apk").exits(65).complains(&["nowhere.apk"]);
}

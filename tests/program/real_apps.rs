//! App files that are nobody's specimen: real APKs from npm packages, and a split set. The virtual device has no model
//! of them, and the run must say so.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use appwitness::virtual_device::apk_file::{self, Activity, ManifestSpec, UsesPermission};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::bench::Bench;

const SCENARIO: &str = "scenario: one\ntitle: One launch\nconsent: accept\nsteps:\n  - launch\n";

/// A file of an npm package that `tests/run` installs; without it the test is skipped, or fails where it must be there.
fn npm_file(name: &str) -> Option<PathBuf> {
    let tools = std::env::var_os("APPWITNESS_TOOLS").map(PathBuf::from);
    let path = tools.map(|tools| tools.join("node_modules").join(name)).filter(|path| path.is_file());
    if path.is_none() {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {name}");
        eprintln!("skipped: no {name} under APPWITNESS_TOOLS");
    }
    path
}

fn sha256(path: &Path) -> String {
    Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first object in a tree that has this key.
fn holding<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) if fields.contains_key(key) => Some(value),
        Value::Object(fields) => fields.values().find_map(|inner| holding(inner, key)),
        Value::Array(list) => list.iter().find_map(|inner| holding(inner, key)),
        _ => None,
    }
}

/// What the journal says of the app.
struct Recorded {
    app: Value,
    case: Value,
}

/// Runs one launch of an app that has no model: the case is there, says why it was not exercised, and verifies.
#[track_caller]
fn run_without_a_model(bench: &Bench, apps: &[&Path]) -> Recorded {
    bench.write("one.yaml", SCENARIO);
    let mut arguments = vec!["run", "one.yaml", "--out", "out"];
    for app in apps {
        arguments.extend(["--app", app.to_str().unwrap()]);
    }
    let ran = bench.run(&arguments).exits(2);
    assert!(ran.out.contains("no model"), "the reason is told:\n{}", ran.out);
    let summary = bench.summary("out");
    let case = summary["cases"][0].clone();
    assert_eq!(summary["cases"].as_array().unwrap().len(), 1);
    assert_eq!(case["verdict"], "incomplete", "{case:#}");
    let outcomes = case["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 74);
    for outcome in outcomes {
        assert!(!outcome["reason"].as_str().unwrap().is_empty(), "{outcome:#}");
        // What the app file alone tells (its first entry) can be said without a model; nothing else.
        let of_the_file = outcome["entries"] == serde_json::json!([0]) && outcome["outcome"] == "not-observed";
        assert!(of_the_file || outcome["outcome"] == "not-assessable", "{outcome:#}");
    }
    let assessed = outcomes.iter().filter(|outcome| outcome["outcome"] != "not-assessable").count();
    assert!(assessed <= 2, "{assessed} outcomes about an app that was not exercised");
    let package = bench.packages("out").remove(0);
    bench.run(&["verify", package.to_str().unwrap()]).exits(0);
    let journal = fs::read_to_string(package.join("data/journal.jsonl")).unwrap();
    assert!(journal.contains("\"no-model\""), "the limit is in the journal");
    let entries: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let app = entries.iter().find_map(|entry| holding(entry, "certificates")).expect("the app's facts").clone();
    assert_eq!((&case["app"]["package"], &case["app"]["label"]), (&app["package"], &app["label"]));
    assert_eq!((&case["app"]["version"], &case["app"]["version-code"]), (&app["version-name"], &app["version-code"]));
    assert_eq!(case["app"]["digest"], app["files"][0]["sha256"]);
    Recorded { app, case }
}

/// The text between single quotes after `key` in what aapt printed.
fn quoted<'a>(printed: &'a str, key: &str) -> Option<&'a str> {
    printed.split_once(&format!("{key}'"))?.1.split('\'').next()
}

/// Debian's aapt and apksigner tell the same facts of the file as the journal.
fn agrees_with_debian(apk: &Path, app: &Value) {
    let tool = |name: &str, arguments: &[&str]| match Command::new(name).args(arguments).arg(apk).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {name}");
            eprintln!("skipped: no {name}");
            None
        }
    };
    if let Some(badging) = tool("aapt", &["dump", "badging"]) {
        let told = |key: &str| quoted(&badging, key).unwrap_or_default().to_owned();
        assert_eq!(app["package"], told("package: name="));
        assert_eq!(app["version-code"].to_string(), told("versionCode="));
        assert_eq!(app["version-name"], told("versionName="));
        assert_eq!(app["min-sdk"].to_string(), told("sdkVersion:"));
        assert_eq!(app["target-sdk"].to_string(), told("targetSdkVersion:"));
        assert_eq!(app["label"], told("application-label:"));
        assert_eq!(app["launcher"], told("launchable-activity: name="));
        let named = |line: &'static str| -> BTreeSet<&str> {
            badging.lines().filter_map(|printed| quoted(printed.strip_prefix(line)?, "name=")).collect()
        };
        // aapt also prints those that others imply.
        let implied = named("uses-implied-permission: ");
        let theirs: BTreeSet<&str> = &named("uses-permission: ") - &implied;
        let ours: BTreeSet<&str> =
            app["permissions"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert!(!theirs.is_empty());
        assert_eq!(ours, theirs);
    }
    if let Some(certificates) = tool("apksigner", &["verify", "--print-certs"]) {
        let digest = app["certificates"][0].as_str().unwrap();
        assert!(certificates.contains(&format!("certificate SHA-256 digest: {digest}")), "{certificates}");
    }
}

fn a_real_apk_is_installed_but_not_judged(name: &str) {
    let Some(apk) = npm_file(name) else { return };
    let bench = Bench::new();
    let recorded = run_without_a_model(&bench, &[&apk]);
    agrees_with_debian(&apk, &recorded.app);
    assert_eq!(recorded.case["app"]["digest"], sha256(&apk));
    assert_eq!(recorded.case["attempts"].as_array().unwrap().len(), 1, "it is not tried again");
}

#[test]
fn api_demos_are_installed_but_not_judged() {
    a_real_apk_is_installed_but_not_judged("android-apidemos/apks/ApiDemos-debug.apk");
}

#[test]
fn appium_settings_are_installed_but_not_judged() {
    a_real_apk_is_installed_but_not_judged("io.appium.settings/apks/settings_apk-debug.apk");
}

fn base() -> ManifestSpec {
    ManifestSpec {
        package: "org.example.words".to_owned(),
        label: "Words 单词".to_owned(),
        version_code: 12,
        version_name: "1.2".to_owned(),
        min_sdk: 21,
        target_sdk: 34,
        permissions: vec![UsesPermission::from("android.permission.CAMERA")],
        activities: vec![Activity {
            name: "org.example.words.MainActivity".to_owned(),
            launcher: true,
            exported: true,
            ..Activity::default()
        }],
        ..ManifestSpec::default()
    }
}

/// A base and a split of it, written into a folder of the bench.
fn split_set(bench: &Bench) -> [PathBuf; 2] {
    fs::create_dir_all(bench.path("set")).unwrap();
    let split =
        ManifestSpec { split: Some("config.zh".to_owned()), activities: Vec::new(), permissions: Vec::new(), ..base() };
    [("base.apk", base()), ("config.zh.apk", split)].map(|(name, spec)| {
        let path = bench.path("set").join(name);
        fs::write(&path, apk_file::write(&spec, &[]).unwrap()).unwrap();
        path
    })
}

#[test]
fn a_split_set_is_installed_file_by_file_and_as_a_folder() {
    let bench = Bench::new();
    let set = split_set(&bench);
    let listed = run_without_a_model(&bench, &[&set[0], &set[1]]);
    let digests = |app: &Value| -> BTreeSet<String> {
        app["files"].as_array().unwrap().iter().map(|file| file["sha256"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(digests(&listed.app), set.iter().map(|path| sha256(path)).collect());
    assert_eq!(listed.app["label"], "Words 单词");
    fs::remove_dir_all(bench.path("out")).unwrap();
    let folder = run_without_a_model(&bench, &[&bench.path("set")]);
    assert_eq!(digests(&folder.app), digests(&listed.app));
}

#[test]
fn an_xapk_is_unpacked_and_installed() {
    let bench = Bench::new();
    let set = split_set(&bench);
    let path = bench.path("words.xapk");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let plain = zip::write::SimpleFileOptions::default();
    let manifest = r#"{"xapk_version": 2, "package_name": "org.example.words", "split_apks": [{"file": "org.example.words.apk", "id": "base"}, {"file": "config.zh.apk", "id": "config.zh"}]}"#;
    let files = [
        ("manifest.json", manifest.as_bytes().to_vec()),
        ("icon.png", b"not looked at".to_vec()),
        ("org.example.words.apk", fs::read(&set[0]).unwrap()),
        ("config.zh.apk", fs::read(&set[1]).unwrap()),
    ];
    for (name, bytes) in files {
        archive.start_file(name, plain).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    archive.finish().unwrap();
    let recorded = run_without_a_model(&bench, &[&path]);
    assert_eq!(recorded.app["files"].as_array().unwrap().len(), 2);
    assert_eq!((&recorded.app["package"], &recorded.app["version-code"]), (&"org.example.words".into(), &12.into()));
}

//! The main job: every shipped scenario on every shipped specimen, on the embedded virtual device.

use std::collections::BTreeMap;
use std::fs;

use crate::bench::Bench;

fn cases(summary: &serde_json::Value) -> &Vec<serde_json::Value> {
    summary["cases"].as_array().unwrap()
}

/// Finding id → outcome, of one case.
fn outcomes(case: &serde_json::Value) -> BTreeMap<String, String> {
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    case["outcomes"].as_array().unwrap().iter().map(|o| (word(&o["finding"]), word(&o["outcome"]))).collect()
}

#[test]
fn the_main_job_leaves_sealed_packages_and_a_report() {
    let bench = Bench::new();
    let ran = bench.run(&["run", "--out", "out"]).exits(1);
    assert!(ran.out.contains("report.html"), "it says where the report is:\n{}", ran.out);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "80 columns:\n{}", ran.out);
    assert!(ran.err.is_empty(), "quiet when the output is no terminal:\n{}", ran.err);
    for name in ["report.html", "summary.json", "junit.xml"] {
        assert!(bench.path("out").join(name).metadata().unwrap().len() > 500, "{name}");
    }
    let summary = bench.summary("out");
    let packages = bench.packages("out");
    assert_eq!(packages.len(), cases(&summary).len());
    let arguments: Vec<&str> = ["verify"].into_iter().chain(packages.iter().map(|p| p.to_str().unwrap())).collect();
    bench.run(&arguments).exits(0);
    for case in cases(&summary) {
        let id = &case["id"];
        let behaves = case["app"]["package"].as_str().unwrap().contains("wellbehaved")
            || case["id"].as_str().unwrap().contains("behaved");
        let observed: Vec<String> = outcomes(case)
            .into_iter()
            .filter(|(_, outcome)| outcome == "observed")
            .map(|(finding, _)| finding)
            .collect();
        assert_eq!(outcomes(case).len(), 74, "{id}: every finding has an outcome");
        assert!(!behaves || observed.is_empty(), "{id}: the behaving app has findings {observed:?}");
        assert_ne!(case["verdict"], "failed", "{id}: {}", case["message"]);
        assert!(!behaves || case["verdict"] == "clear", "{id}: {} {}", case["verdict"], case["missing"]);
        let package = bench.path("out").join(case["package"].as_str().unwrap());
        for file in ["journal.jsonl", "plan.json", "outcomes.json", "environment.json", "report.html"] {
            assert!(package.join("data").join(file).exists(), "{id}: {file}");
        }
    }
}

#[test]
fn without_out_the_run_goes_under_reports_with_a_link_to_the_latest() {
    let bench = Bench::new();
    bench.write("one.yaml", "scenario: one\ntitle: One launch\nconsent: accept\nsteps:\n  - launch\n");
    bench.run(&["run", "one.yaml", "--app", "specimen:well-behaved"]);
    assert!(bench.path("reports/latest/summary.json").exists());
    assert!(fs::symlink_metadata(bench.path("reports/latest")).unwrap().file_type().is_symlink());
}

//! A user's complaint is repeated n times, and the answer is k of n.

use std::process::Stdio;

use serde_json::Value;

use crate::bench::{Bench, Ran};

const ASKS_AGAIN: &str = "complaint: asks-again
app: specimen:forces-permissions
said: It asks again and again.
prompts: deny
consent: accept
steps:
  - launch
  - settle: {at-most: 15s}
  - stop
  - launch: {times: 2}
suspected: [asks-again-on-every-restart, repeated-asking-after-denial]
";

fn cases(bench: &Bench, run: &str) -> Vec<Value> {
    bench.summary(run)["cases"].as_array().unwrap().clone()
}

#[test]
fn a_true_complaint_is_reproduced_in_every_run() {
    let bench = Bench::new();
    bench.write("asks.yaml", ASKS_AGAIN);
    let ran = bench.run(&["reproduce", "asks.yaml", "--times", "2", "--out", "out"]).exits(1);
    assert!(ran.out.contains("Reproduced in 2 of 2 runs."), "{}", ran.out);
    assert!(ran.out.contains("It asks again and again."), "{}", ran.out);
    assert_eq!(cases(&bench, "out").len(), 2);
    for package in bench.packages("out") {
        bench.run(&["verify", package.to_str().unwrap()]).exits(0);
    }
}

#[test]
fn an_app_that_never_asks_gives_no_occasion_and_that_is_no_clean_bill() {
    let bench = Bench::new();
    bench.write("asks.yaml", ASKS_AGAIN);
    let ran = bench.run(&["reproduce", "asks.yaml", "--app", "specimen:well-behaved", "--times", "1", "--out", "out"]);
    let ran = ran.exits(2);
    assert!(ran.out.contains("run 1: its occasion never came"), "{}", ran.out);
    assert!(ran.out.contains("No run could answer it; in 1 its occasion never came."), "{}", ran.out);
    assert!(!ran.out.contains("0 of 1"), "{}", ran.out);
    assert!(cases(&bench, "out")[0]["outcomes"].as_array().unwrap().iter().all(|o| o["outcome"] != "observed"));
}

#[test]
fn the_answer_is_kept_with_the_packages_and_the_differences() {
    let bench = Bench::new();
    let text = ASKS_AGAIN.replace("said:", "version: '99.9'\ndevice: Pixel 8, Android 14\nsaid:");
    bench.write("asks.yaml", &text);
    let ran = bench.run(&["reproduce", "asks.yaml", "--times", "2", "--out", "out"]).exits(1);
    for said in ["package: packages/", "The person had version 99.9; what was run is ", "The person's device: Pixel 8"]
    {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
    let answer: Value = serde_json::from_slice(&std::fs::read(bench.path("out/complaint.json")).unwrap()).unwrap();
    assert_eq!((answer["reproduced"].as_u64(), answer["runs"].as_array().unwrap().len()), (Some(2), 2));
    for run in answer["runs"].as_array().unwrap() {
        assert_eq!(run["answer"], "reproduced");
        let package = bench.path("out").join(run["package"].as_str().unwrap());
        bench.run(&["verify", package.to_str().unwrap()]).exits(0);
    }
    assert_eq!(answer["unlike-told"].as_array().unwrap().len(), 2, "{answer:#}");
    let page = std::fs::read_to_string(bench.path("out/report.html")).unwrap();
    assert!(page.contains("id=\"complaint\"") && page.contains("Reproduced in 2 of 2 runs."));
    bench.run(&["report", "out"]).exits(0);
    let again = std::fs::read_to_string(bench.path("out/report.html")).unwrap();
    assert!(again.contains("id=\"complaint\""), "the page that is written again has it too");
}

#[test]
fn every_shipped_complaint_is_reproduced_on_its_specimen() {
    let bench = Bench::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/complaints");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names: Vec<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert!(names.len() >= 5, "{names:?}");
    let children: Vec<_> = names
        .iter()
        .map(|name| {
            let mut command = bench.command(&["reproduce", name, "--times", "1", "--out", name]);
            (name, command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        })
        .collect();
    for (name, child) in children {
        let ran = Ran::of(child.wait_with_output().unwrap()).exits(1);
        assert!(ran.out.contains("Reproduced in 1 of 1 runs."), "{name}: {}", ran.out);
    }
}

#[test]
fn what_should_have_happened_and_did_not_is_reproduced() {
    let bench = Bench::new();
    let text = "complaint: no-map\napp: specimen:well-behaved\nsaid: 我看不到地图。\nprompts: deny\nconsent: accept\n\
                steps: [launch, {settle: {at-most: 15s}}]\nexpected: {text: 'no such words', within: 1s}\ntimes: 1\n";
    bench.write("map.yaml", text);
    let ran = bench.run(&["reproduce", "map.yaml", "--out", "out"]).exits(1);
    assert!(ran.out.contains("Reproduced in 1 of 1 runs."), "{}", ran.out);
    let met = text.replace("text: 'no such words', within: 1s", "app: in-front");
    bench.write("map.yaml", &met);
    let ran = bench.run(&["reproduce", "map.yaml", "--out", "again"]).exits(0);
    assert!(ran.out.contains("Reproduced in 0 of 1 runs."), "{}", ran.out);
}

#[test]
fn what_the_steps_never_looked_at_is_no_answer() {
    let bench = Bench::new();
    let text = "complaint: cannot-leave\napp: specimen:well-behaved\nsaid: I cannot delete my account.\nprompts: deny\n\
                consent: accept\nsteps: [launch]\nsuspected: [no-account-deletion]\n";
    bench.write("leave.yaml", text);
    let ran = bench.run(&["reproduce", "leave.yaml", "--times", "1", "--out", "out"]).exits(2);
    assert!(ran.out.contains("could not run"), "{}", ran.out);
    assert!(!ran.out.contains("Reproduced in 1"), "{}", ran.out);
}

#[test]
fn mistakes_in_a_complaint_are_told_with_their_lines() {
    let bench = Bench::new();
    bench
        .write("bad.yaml", "complaint: x\napp: specimen:well-behaved\nsaid: y\nsteps: [jump]\nsuspected: [nonsense]\n");
    let ran = bench.run(&["reproduce", "bad.yaml", "--out", "out"]).exits(65);
    ran.complains(&["bad.yaml:4", "jump", "bad.yaml:5", "nonsense"]);
}

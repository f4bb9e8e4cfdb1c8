//! A user's complaint is repeated n times, and the answer is k of n.

use serde_json::Value;

use crate::bench::Bench;

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
fn the_same_complaint_of_an_app_that_behaves_is_not_reproduced() {
    let bench = Bench::new();
    bench.write("asks.yaml", ASKS_AGAIN);
    let ran = bench.run(&["reproduce", "asks.yaml", "--app", "specimen:well-behaved", "--times", "1", "--out", "out"]);
    let ran = ran.exits(0);
    assert!(ran.out.contains("Reproduced in 0 of 1 runs."), "{}", ran.out);
    assert!(cases(&bench, "out")[0]["outcomes"].as_array().unwrap().iter().all(|o| o["outcome"] != "observed"));
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

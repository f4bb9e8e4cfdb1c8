//! What a bad night does: signals, kill -9, a device that goes away.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bench::{Bench, Ran, folders};

/// A scenario that is under way long enough to be interrupted.
const LONG: &str = "scenario: long\ntitle: Stays\nconsent: accept\nsteps:\n  - launch\n  - dwell: 60s\n";

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Waits until a condition holds; the deadline only ends a test that would hang.
#[track_caller]
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{what} did not come");
        std::thread::yield_now();
    }
}

/// Whether a journal under way holds an entry of this kind.
fn under_way(bench: &Bench, kind: &str) -> bool {
    let cases = folders(&bench.path("out/attempts"));
    // The draft of a case that is sealed already goes a moment later: it is not under way any more.
    let open = cases.iter().filter(|case| !bench.path("out/packages").join(case.file_name().unwrap()).exists());
    let attempts = open.flat_map(|case| folders(case));
    let kind = format!("\"kind\":\"{kind}\"");
    attempts
        .into_iter()
        .any(|a| std::fs::read_to_string(a.join("journal.jsonl")).is_ok_and(|text| text.contains(&kind)))
}

#[test]
fn ctrl_c_ends_with_3_and_leaves_the_rest_marked_unfinished() {
    let bench = Bench::new();
    bench.write("long.yaml", LONG);
    bench.write("short.yaml", "scenario: short\ntitle: Launches\nconsent: accept\nsteps:\n  - launch\n");
    let arguments =
        ["run", "short.yaml", "long.yaml", "--app", "specimen:well-behaved", "--out", "out", "--workers", "1"];
    let child = bench.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for("the second case", || bench.packages("out").len() == 1 && under_way(&bench, "launched"));
    signal(&child, "-INT");
    Ran::of(child.wait_with_output().unwrap()).exits(3);
    let packages = bench.packages("out");
    assert_eq!(packages.len(), 1);
    bench.run(&["verify", packages[0].to_str().unwrap()]).exits(0);
    let unfinished: Vec<_> = folders(&bench.path("out/attempts")).iter().flat_map(|case| folders(case)).collect();
    assert!(unfinished.iter().any(|p| p.extension().is_some_and(|e| e == "unfinished")), "{unfinished:?}");
    let summary = bench.summary("out");
    let stopped = summary["cases"].as_array().unwrap().iter().any(|c| c["attempts"][0]["ended"] == "stopped");
    assert!(stopped, "{summary:#}");
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_stopped() {
    let bench = Bench::new();
    bench.write(
        "plan.yaml",
        "plan: two\napps:\n  - app: specimen:well-behaved\nscenarios: [short.yaml, other.yaml]\nworkers: 1\n",
    );
    bench.write("short.yaml", "scenario: short\ntitle: Launches\nconsent: accept\nsteps:\n  - launch\n");
    bench.write(
        "other.yaml",
        "scenario: other\ntitle: Launches twice\nconsent: accept\nsteps:\n  - launch: {times: 2}\n  - dwell: 2s\n",
    );
    let arguments = ["nightly", "plan.yaml", "--out", "out"];
    let mut child = bench.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for("the second case", || bench.packages("out").len() == 1 && under_way(&bench, "launched"));
    signal(&child, "-KILL");
    child.wait().unwrap();
    let first = bench.packages("out").pop().unwrap();
    let sealed = std::fs::metadata(first.join("bag-info.txt")).unwrap().modified().unwrap();
    let ran = bench.run(&arguments);
    assert!(ran.code == 0 || ran.code == 1, "{}\n{}", ran.out, ran.err);
    assert_eq!(bench.packages("out").len(), 2);
    let again = std::fs::metadata(first.join("bag-info.txt")).unwrap().modified().unwrap();
    assert_eq!(sealed, again, "what was sealed is not run again");
    let summary = bench.summary("out");
    let tries: Vec<usize> =
        summary["cases"].as_array().unwrap().iter().map(|c| c["attempts"].as_array().unwrap().len()).collect();
    assert_eq!(tries.iter().sum::<usize>(), 3, "the attempt that was cut off is told: {summary:#}");
}

#[test]
fn another_run_s_folder_is_not_touched() {
    let bench = Bench::new();
    bench.write("one.yaml", "scenario: one\ntitle: One\nconsent: accept\nsteps:\n  - launch\n");
    bench.write("two.yaml", "scenario: two\ntitle: Two\nconsent: accept\nsteps:\n  - launch\n");
    bench.run(&["run", "one.yaml", "--app", "specimen:well-behaved", "--out", "out"]);
    bench
        .run(&["run", "two.yaml", "--app", "specimen:well-behaved", "--out", "out"])
        .exits(64)
        .complains(&["another run"]);
}

#[test]
fn a_device_that_goes_away_is_blamed_and_the_case_tried_again() {
    let bench = Bench::new();
    bench.write("long.yaml", "scenario: long\ntitle: Stays\nconsent: accept\nsteps:\n  - launch\n  - dwell: 5s\n");
    // Two devices behind one ADB server of a process of its own; the first one in use is switched off.
    let mut devices = bench
        .command(&["virtual-device", "--server-listen", "127.0.0.1:0", "--count", "2", "--device", "latency=instant"])
        .arg("--control")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(devices.stdout.take().unwrap()).lines();
    let server = lines.find_map(|line| line.unwrap().strip_prefix("adb server: ").map(str::to_owned)).unwrap();
    let arguments = ["run", "long.yaml", "--app", "specimen:well-behaved", "--out", "out", "--server", &server];
    let child = bench.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for("the attempt", || under_way(&bench, "launched"));
    let serial = first_device(&bench);
    use std::io::Write;
    writeln!(devices.stdin.as_mut().unwrap(), "off {serial}").unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    devices.kill().unwrap();
    devices.wait().unwrap();
    assert!(bench.path("out/summary.json").exists(), "{}\n{}", ran.out, ran.err);
    let summary = bench.summary("out");
    let case = &summary["cases"][0];
    let attempts = case["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2, "{}\n{}\n{summary:#}", ran.out, ran.err);
    assert_eq!((attempts[0]["ended"].as_str(), attempts[0]["blame"].as_str()), (Some("aborted"), Some("device")));
    assert_eq!(attempts[1]["ended"], "completed");
    assert_ne!(attempts[0]["device"], attempts[1]["device"], "it was tried on another");
    let observed = attempts.iter().flat_map(|a| a["observed"].as_array().unwrap()).count();
    assert_eq!(observed, 0, "no finding is invented: {summary:#}");
    ran.exits(0);
}

/// Serial of the device the first attempt runs on, by its journal.
fn first_device(bench: &Bench) -> String {
    let attempts = folders(&bench.path("out/attempts")).iter().flat_map(|case| folders(case)).collect::<Vec<_>>();
    let journal = std::fs::read_to_string(attempts[0].join("journal.jsonl")).unwrap();
    let device = journal.lines().find(|line| line.contains("\"kind\":\"device\"")).unwrap();
    let entry: serde_json::Value = serde_json::from_str(device).unwrap();
    entry["serial"].as_str().unwrap().to_owned()
}

//! Bad input gets one clear error and the exit code of the table.

use std::fs;
use std::process::Stdio;

use crate::bench::{Bench, Ran, folders};

const SCENARIO: &str = "scenario: one\ntitle: One launch\nsteps:\n  - launch\n";

#[test]
fn every_mistake_of_a_scenario_is_told_at_once() {
    let bench = Bench::new();
    let path =
        bench.write("bad.yaml", "scenario: bad\ntitel: Wrong key\nsteps:\n  - lanuch\n  - settle: {at-most: 15}\n");
    let ran = bench.run(&["scenario", "check", path.to_str().unwrap()]).exits(65);
    for words in ["bad.yaml:2:", "bad.yaml:4:", "bad.yaml:5:", "titel", "lanuch", "launch", "^"] {
        assert!(ran.err.contains(words), "no {words:?} in:\n{}", ran.err);
    }
    bench.run(&["run", "bad.yaml", "--app", "specimen:well-behaved"]).exits(65).complains(&["bad.yaml:4:"]);
    assert!(!bench.path("reports").exists(), "nothing is left behind");
}

#[test]
fn a_scenario_that_is_not_there_is_named_with_those_that_are() {
    Bench::new().run(&["run", "no-such-scenario"]).exits(65).complains(&["no-such-scenario", "deny-non-essential"]);
}

#[test]
fn an_app_file_that_is_missing_or_broken_is_named() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    bench.run(&["run", "one.yaml", "--app", "gone.apk", "--out", "out"]).exits(65).complains(&["gone.apk"]);
    bench.run(&["run", "one.yaml", "--app", "specimen:well-behaved", "--out", "first"]);
    let packed = folders(&bench.path("first/apps")).remove(0).join("well-behaved.apk");
    let apk = fs::read(packed).unwrap();
    fs::write(bench.path("cut.apk"), &apk[..apk.len() / 2]).unwrap();
    bench.run(&["run", "one.yaml", "--app", "cut.apk", "--out", "out"]).exits(65).complains(&["cut.apk"]);
    fs::write(bench.path("text.apk"), "this is no zip file").unwrap();
    bench.run(&["run", "one.yaml", "--app", "text.apk", "--out", "out"]).exits(65).complains(&["text.apk"]);
}

#[test]
fn no_device_is_said_with_the_address() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    // A port that was free a moment ago: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = format!("127.0.0.1:{port}");
    let arguments = ["run", "one.yaml", "--app", "specimen:well-behaved", "--out", "out", "--server", &server];
    bench.run(&arguments).exits(69).complains(&[&server]);
    bench.run(&["run", "one.yaml", "--device", "emulator-5554"]).exits(64).complains(&["--server"]);
    bench.run(&["run", "one.yaml", "--device", "virtual:api=7"]).exits(64).complains(&["api"]);
}

#[test]
fn a_report_folder_that_cannot_be_written_is_said_before_anything_is_run() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    bench.write("file", "not a folder");
    bench.run(&["run", "one.yaml", "--out", "file/out"]).exits(74).complains(&["file/out"]);
}

#[test]
fn a_key_that_cannot_sign_is_said_before_anything_is_run() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    bench.write("key", "no key");
    bench.run(&["run", "one.yaml", "--out", "out", "--key", "key"]).exits(65).complains(&["key: not an OpenSSH key"]);
    assert!(!bench.path("out").exists());
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let bench = Bench::new();
    bench.run(&["rnu"]).exits(64);
    bench.run(&["run", "--category", "no-such-category"]).exits(64).complains(&["map-navigation"]);
    bench.run(&["--help"]).exits(0);
    bench.run(&["--version"]).exits(0);
}

#[test]
fn a_changed_package_does_not_verify() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    bench.run(&["run", "one.yaml", "--app", "specimen:well-behaved", "--out", "out"]);
    let package = bench.packages("out").pop().unwrap();
    let package = package.to_str().unwrap();
    bench.run(&["verify", package]).exits(0);
    let journal = std::path::Path::new(package).join("data/journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("\"seq\":1,", "\"seq\":2,", 1)).unwrap();
    bench.run(&["verify", package]).exits(65).complains(&["journal.jsonl"]);
    bench.run(&["verify", "nothing-here"]).exits(65).complains(&["nothing-here"]);
}

#[cfg(not(feature = "farm"))]
#[test]
fn a_build_for_one_machine_says_how_to_get_the_other() {
    let bench = Bench::new();
    let queue = ["nightly", "example", "--queue", "nats://tester:s3cret@host", "--store", "file:///tmp/store"];
    let ran = bench.run(&queue).exits(64).complains(&["--queue", "--features farm"]);
    assert!(!ran.err.contains("s3cret"));
    assert!(!bench.path("reports").exists(), "nothing is left behind");
    bench.run(&queue[..4]).exits(64).complains(&["--store"]);
}

#[test]
fn what_never_ends_is_read_to_its_bound() {
    let bench = Bench::new();
    for arguments in [["reproduce", "/dev/zero"], ["run", "/dev/zero"]] {
        bench.run(&arguments).exits(65).complains(&["/dev/zero", "larger than 1048576 bytes"]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault_and_a_full_disk_is_told() {
    let bench = Bench::new();
    let mut child = bench.command(&["scenario", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Its lines find nobody, whether they were written before or after.
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().unwrap()).exits(0);
    assert_eq!(ran.err, "");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = Ran::of(bench.command(&["scenario", "list"]).stdout(full).output().unwrap()).exits(74);
    assert!(ran.err.contains("can't print"), "{}", ran.err);
}

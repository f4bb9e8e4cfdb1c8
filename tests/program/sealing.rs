//! `seal`: what a killed run leaves is a record that can be sealed, at whatever point it was killed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::bench::{Bench, folders};

const SCENARIO: &str = "scenario: one\ntitle: Launches\nconsent: accept\nsteps:\n  - launch\n  - dwell: 1s\n";

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => open.push(entry.path()),
                false => drop(
                    found
                        .insert(entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap()),
                ),
            }
        }
    }
    found
}

/// A whole record, as a run wrote it: the journal and the exhibits of its package.
fn recorded(bench: &Bench) -> PathBuf {
    bench.write("one.yaml", SCENARIO);
    bench.run(&["run", "one.yaml", "--app", "specimen:well-behaved", "--out", "out"]);
    bench.packages("out").pop().unwrap().join("data")
}

/// The record as it stood when `length` bytes of its journal were written: exhibits come before the entry that cites
/// them, so all of them may be there, and one more half written.
fn killed_at(bench: &Bench, record: &Path, length: usize, name: &str) -> PathBuf {
    let folder = bench.path(name);
    for (path, bytes) in contents(record) {
        let to = folder.join(&path);
        if path.starts_with("exhibits") {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(&to, &bytes).unwrap();
            fs::write(to.with_file_name(".7.unfinished"), &bytes[..bytes.len() / 2]).unwrap();
        }
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("journal.jsonl"), &fs::read(record.join("journal.jsonl")).unwrap()[..length]).unwrap();
    folder
}

#[test]
fn a_record_cut_off_anywhere_is_sealed_and_says_so() {
    let bench = Bench::new();
    let record = recorded(&bench);
    let journal = fs::read(record.join("journal.jsonl")).unwrap();
    let ends: Vec<usize> = journal.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
    let (first, last) = (ends[0], ends[ends.len() - 2]);
    let cuts = [first, first + 1, ends[ends.len() / 2], ends[ends.len() / 2] + 40, last, last + 1, journal.len() - 1];
    for cut in cuts {
        let folder = killed_at(&bench, &record, cut, &format!("killed-{cut}.unfinished"));
        let before = contents(&folder);
        let ran = bench.run(&["seal", folder.to_str().unwrap()]);
        assert!(matches!(ran.code, 1 | 2), "cut at {cut}: {}\n{}", ran.out, ran.err);
        assert!(ran.out.contains("unfinished: the record has no last entry"), "{}", ran.out);
        assert!(ran.out.contains("missing: the record stops without its last entry"), "{}", ran.out);
        assert_eq!(ran.out.contains("was cut off while line"), !ends.contains(&cut), "{}", ran.out);
        assert_eq!(contents(&folder), before, "the record itself is left as it is");
        let package = bench.path(&format!("killed-{cut}-sealed"));
        let verified = bench.run(&["verify", package.to_str().unwrap()]).exits(0);
        assert!(verified.out.contains("unfinished"), "{}", verified.out);
        let outcomes = fs::read_to_string(package.join("data/outcomes.json")).unwrap();
        let judged: serde_json::Value = serde_json::from_str(&outcomes).unwrap();
        assert!(["incomplete", "failed"].contains(&judged["verdict"].as_str().unwrap()), "{}", judged["verdict"]);
    }
}

#[test]
fn two_seals_of_one_record_are_the_same_bytes() {
    let bench = Bench::new();
    let record = recorded(&bench);
    let length = fs::metadata(record.join("journal.jsonl")).unwrap().len() as usize;
    let folder = killed_at(&bench, &record, length - 9, "cut.unfinished");
    let folder = folder.to_str().unwrap();
    for out in ["a", "b", "a.zip", "b.zip"] {
        bench.run(&["seal", folder, "--out", out, "--operator", "desk", "--purpose", "a test"]).exits(2);
    }
    assert_eq!(contents(&bench.path("a")), contents(&bench.path("b")));
    assert_eq!(fs::read(bench.path("a.zip")).unwrap(), fs::read(bench.path("b.zip")).unwrap());
    let again = bench.run(&["seal", folder, "--out", "a"]).exits(64);
    again.complains(&["exists already"]);
}

#[test]
fn a_folder_without_a_whole_entry_is_no_record() {
    let bench = Bench::new();
    let record = recorded(&bench);
    for length in [0, 1, 40] {
        let folder = killed_at(&bench, &record, length, &format!("n{length}"));
        bench.run(&["seal", folder.to_str().unwrap()]).exits(65).complains(&["there is no record"]);
        assert!(!bench.path(&format!("n{length}-sealed")).exists());
    }
    bench.run(&["seal", "nothing"]).exits(65).complains(&["nothing", "not the folder of a record"]);
    let folder = killed_at(&bench, &record, 4_000, "changed");
    let journal = folder.join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("\"seq\":1,", "\"seq\":2,", 1)).unwrap();
    bench.run(&["seal", "changed"]).exits(65).complains(&["journal.jsonl:2"]);
}

#[test]
fn what_kill_9_leaves_can_be_sealed() {
    let bench = Bench::new();
    bench.write("long.yaml", "scenario: long\ntitle: Stays\nconsent: accept\nsteps:\n  - launch\n  - dwell: 60s\n");
    let arguments = ["run", "long.yaml", "--app", "specimen:well-behaved", "--out", "out"];
    let mut child = bench.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let journal = || {
        let attempts = folders(&bench.path("out/attempts")).into_iter().flat_map(|case| folders(&case));
        attempts.map(|attempt| attempt.join("journal.jsonl")).find(|path| path.exists())
    };
    let begun = std::time::Instant::now();
    while !journal().is_some_and(|path| fs::read_to_string(path).is_ok_and(|t| t.contains("\"kind\":\"captured\""))) {
        assert!(begun.elapsed().as_secs() < 120, "no capture came");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let folder = journal().unwrap().parent().unwrap().to_owned();
    let ran = bench.run(&["seal", folder.to_str().unwrap(), "--out", "sealed"]).exits(2);
    assert!(ran.out.contains("unfinished"), "{}", ran.out);
    bench.run(&["verify", "sealed"]).exits(0);
    let judged = bench.run(&["judge", "sealed"]).exits(0);
    assert!(judged.out.contains("The same outcomes as sealed"), "{}", judged.out);
}

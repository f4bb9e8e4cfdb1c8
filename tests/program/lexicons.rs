//! Words of another language, given as a file.

use std::fs;

use appwitness::journal::digest;

use crate::bench::Bench;
use crate::reviews::package;

const WORDS: &str = "\
concepts:
  account-deletion:
    targets:
      - {language: pt, source: ours, words: [excluir conta]}
never:
  - {language: pt, source: ours, words: [comprar]}
";

#[test]
fn the_words_of_a_run_stand_in_journal_package_and_report() {
    let bench = Bench::new();
    let file = bench.write("pt.yaml", WORDS);
    let digest = digest::of(WORDS.as_bytes());
    bench.write("one.yaml", "scenario: one\ntitle: Launch\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n");
    bench.run(&["run", "one.yaml", "--app", "specimen:well-behaved", "--lexicon", "pt.yaml", "--out", "out"]);
    let package = bench.packages("out").pop().unwrap();
    let journal = fs::read_to_string(package.join("data/journal.jsonl")).unwrap();
    let opened: serde_json::Value = serde_json::from_str(journal.lines().next().unwrap()).unwrap();
    assert_eq!(
        opened["lexicon"],
        serde_json::json!([{"file": "pt.yaml", "sha256": digest, "text": WORDS}]),
        "{opened}"
    );
    assert!(fs::read_to_string(package.join("data/report.html")).unwrap().contains(&digest));
    let path = package.to_str().unwrap();
    bench.run(&["verify", path]).exits(0);
    // The record has its words in itself.
    fs::remove_file(file).unwrap();
    let same = bench.run(&["judge", path]).exits(0);
    assert!(same.out.contains("The same outcomes as sealed"), "{}", same.out);
}

#[test]
fn mistakes_of_a_lexicon_are_told_with_file_line_and_remedy() {
    let bench = Bench::new();
    let package = package(&bench);
    let package = package.to_str().unwrap();
    let journal = fs::read_to_string(format!("{package}/data/journal.jsonl")).unwrap();
    assert!(!journal.lines().next().unwrap().contains("\"lexicon\""), "no word was added");
    bench.write("bad.yaml", &WORDS.replace("targets", "aims"));
    let all: [&[&str]; 7] = [
        &["run", "one.yaml", "--app", "specimen:well-behaved", "--out", "no"],
        &["nightly", "example", "--out", "no"],
        &["reproduce", "asked-again-and-again", "--out", "no"],
        &["judge", package],
        &["report", package, "--out", "page.html"],
        &["compare", package, package],
        &["seal", package, "--out", "sealed"],
    ];
    for command in all {
        let told = bench.run(&[command, &["--lexicon", "bad.yaml"]].concat()).exits(65);
        told.complains(&["bad.yaml", "line 3", "aims", "docs/lexicon.md", "scenario lexicon"]);
    }
    assert!(!bench.path("no").exists() && !bench.path("page.html").exists() && !bench.path("sealed").exists());
    let judge = |file: &str| bench.run(&["judge", package, "--lexicon", file]);
    bench.write("tab.yaml", "never:\n\t- x\n");
    judge("tab.yaml").exits(65).complains(&["tab.yaml", "line 2"]);
    bench.write("none.yaml", "# nothing yet\n");
    judge("none.yaml").exits(65).complains(&["none.yaml", "no word in it"]);
    bench.write("long.yaml", &"#".repeat(600 << 10));
    judge("long.yaml").exits(65).complains(&["long.yaml", "too many"]);
    fs::write(bench.path("latin.yaml"), b"never: [\xe9]").unwrap();
    judge("latin.yaml").exits(65).complains(&["latin.yaml", "UTF-8"]);
    judge("absent.yaml").exits(65).complains(&["absent.yaml"]);
    judge(".").exits(65).complains(&["folder"]);
}

#[test]
fn the_shipped_lexicon_is_printed_and_may_be_given_back() {
    let bench = Bench::new();
    let printed = bench.run(&["scenario", "lexicon"]).exits(0);
    assert!(printed.out.contains("account-deletion:"));
    bench.write("all.yaml", &printed.out);
    let package = package(&bench);
    let same = bench.run(&["judge", package.to_str().unwrap(), "--lexicon", "all.yaml"]).exits(0);
    assert!(same.out.contains("The same outcomes as sealed"), "{}", same.out);
}

//! A newer catalogue, given as a folder.

use std::fs;
use std::path::Path;

use crate::bench::Bench;
use crate::reviews::package;

/// Writes a catalogue into `rules` by which nothing but 99 prompts at the first launch are a burst.
fn burst_from_99(bench: &Bench) {
    let file = bench.path("rules/findings.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let rest = text.split("- id: permissions-burst-at-first-launch").nth(1).unwrap();
    let value = rest.lines().find(|line| line.trim_start().starts_with("value:")).unwrap();
    let changed = rest.replacen(value, &value.replace(value.rsplit(' ').next().unwrap(), "99"), 1);
    fs::write(&file, text.replace(rest, &changed)).unwrap();
}

#[test]
fn a_newer_catalogue_judges_again_and_says_what_changed_and_why() {
    let bench = Bench::new();
    let package = package(&bench);
    let package = package.to_str().unwrap();
    let outcomes = bench.path("out").join("before");
    bench.run(&["scenario", "catalogue", "rules"]).exits(0);
    fs::copy(format!("{package}/data/outcomes.json"), &outcomes).unwrap();
    let same = bench.run(&["judge", package, "--catalogue", "rules"]).exits(0);
    assert!(same.out.contains("The same outcomes as sealed"), "{}", same.out);
    burst_from_99(&bench);
    let other = bench.run(&["judge", package, "--catalogue", "rules"]).exits(0);
    assert!(other.out.contains("Changed since it was sealed"), "{}", other.out);
    assert!(other.out.contains("permissions-burst-at-first-launch: Observed -> NotObserved"), "{}", other.out);
    for words in ["threshold: ", "-> ", " 99 ", "then, ", " now", "sealed: "] {
        assert!(other.out.contains(words), "no {words:?} in {}", other.out);
    }
    assert_eq!(fs::read(format!("{package}/data/outcomes.json")).unwrap(), fs::read(&outcomes).unwrap());
    bench.run(&["verify", package]).exits(0);
}

#[test]
fn mistakes_of_a_catalogue_are_told_with_file_and_line() {
    let bench = Bench::new();
    let package = package(&bench);
    let package = package.to_str().unwrap();
    bench.run(&["scenario", "catalogue", "rules"]).exits(0);
    bench.run(&["scenario", "catalogue", "rules"]).exits(74);
    let file = bench.path("rules/findings.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let broken = text.replacen("- instrument: pipl-2021", "- instrument: pipl-1999", 1);
    let line = 1 + broken.lines().position(|line| line.contains("pipl-1999")).unwrap();
    fs::write(&file, broken).unwrap();
    let told = bench.run(&["judge", package, "--catalogue", "rules"]).exits(65);
    told.complains(&[&format!("findings.yaml:{line}:"), "pipl-1999"]);
    fs::write(&file, text.replacen("  severity: high", "  gravity: high", 1)).unwrap();
    bench
        .run(&["judge", package, "--catalogue", "rules"])
        .exits(65)
        .complains(&["findings.yaml:", "unknown key `gravity`"]);
    fs::remove_file(&file).unwrap();
    let missing = bench.run(&["judge", package, "--catalogue", "rules"]).exits(65);
    missing.complains(&["lacks findings.yaml", "scenario catalogue"]);
}

/// The outcome of one finding, and the catalogue it was judged by.
fn sealed(package: &Path, finding: &str) -> (String, String) {
    let bytes = fs::read(package.join("data/outcomes.json")).unwrap();
    let judgement: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let outcomes = judgement["outcomes"].as_array().unwrap();
    let outcome = &outcomes.iter().find(|o| o["finding"] == finding).unwrap()["outcome"];
    (outcome.as_str().unwrap().to_owned(), judgement["catalogue"].as_str().unwrap().to_owned())
}

#[test]
fn a_run_by_a_newer_catalogue_says_which_in_journal_package_and_report() {
    let bench = Bench::new();
    bench.run(&["scenario", "catalogue", "rules"]).exits(0);
    burst_from_99(&bench);
    let text = "scenario: one\ntitle: Launches\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n  - settle: {at-most: 15s}\n";
    bench.write("one.yaml", text);
    let apps = "  - {app: 'specimen:forces-permissions', category: ebooks}\n";
    bench.write("plan.yaml", &format!("plan: p\ntitle: P\napps:\n{apps}scenarios: [one.yaml]\n"));
    let finding = "permissions-burst-at-first-launch";
    let by_new = ["--catalogue", "rules", "--out", "new"];
    let first = |out: &str| bench.packages(out).pop().unwrap();
    let app = ["--app", "specimen:forces-permissions", "--category", "ebooks"];
    bench.run(&[&["run", "one.yaml"][..], &app, &by_new].concat());
    bench.run(&["nightly", "plan.yaml", "--out", "old"]);
    let (old, new) = (sealed(&first("old"), finding), sealed(&first("new"), finding));
    assert_eq!((old.0.as_str(), new.0.as_str()), ("observed", "not-observed"));
    assert_ne!(old.1, new.1);
    let journal = fs::read_to_string(first("new").join("data/journal.jsonl")).unwrap();
    assert!(journal.lines().next().unwrap().contains(&new.1), "its digest stands in the first entry");
    assert_eq!(bench.summary("new")["run"]["catalogue"], new.1.as_str());
    for (command, out) in [("nightly", "night"), ("reproduce", "complaint")] {
        let what = if command == "nightly" { "plan.yaml" } else { "asked-again-and-again" };
        let times: &[&str] = if command == "nightly" { &[] } else { &["-n", "1"] };
        bench.run(&[&[command, what, "--catalogue", "rules", "--out", out][..], times].concat());
        assert_eq!(sealed(&first(out), finding).1, new.1, "{command}");
    }
    // What was sealed by the old one is told by the new one when that is asked for.
    let old = first("old");
    let page = |more: &[&str]| {
        bench.run(&[&["report", old.to_str().unwrap(), "--out", "page.html"], more].concat()).exits(0);
        fs::read_to_string(bench.path("page.html")).unwrap()
    };
    let card = format!("id=\"f-{finding}\"");
    assert!(page(&[]).contains(&card) && !page(&["--catalogue", "rules"]).contains(&card));
    fs::remove_file(bench.path("rules/findings.yaml")).unwrap();
    for arguments in [
        &["run", "--catalogue", "rules"][..],
        &["nightly", "plan.yaml", "--catalogue", "rules"],
        &["reproduce", "asked-again-and-again", "--catalogue", "rules"],
        &["report", old.to_str().unwrap(), "--catalogue", "rules"],
    ] {
        bench.run(arguments).exits(65).complains(&["lacks findings.yaml"]);
    }
}

//! A newer catalogue, given as a folder.

use std::fs;

use crate::bench::Bench;
use crate::reviews::package;

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
    let file = bench.path("rules/findings.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let rest = text.split("- id: permissions-burst-at-first-launch").nth(1).unwrap();
    let value = rest.lines().find(|line| line.trim_start().starts_with("value:")).unwrap();
    let changed = rest.replacen(value, &value.replace(value.rsplit(' ').next().unwrap(), "99"), 1);
    fs::write(&file, text.replace(rest, &changed)).unwrap();
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
    told.complains(&[&format!("findings.yaml:{line}:"), "pipl-1999", "define these ids"]);
    fs::write(&file, text.replacen("  severity: high", "  gravity: high", 1)).unwrap();
    bench.run(&["judge", package, "--catalogue", "rules"]).exits(65).complains(&["findings.yaml", "gravity", "line"]);
    fs::remove_file(&file).unwrap();
    let missing = bench.run(&["judge", package, "--catalogue", "rules"]).exits(65);
    missing.complains(&["lacks findings.yaml", "scenario catalogue"]);
}

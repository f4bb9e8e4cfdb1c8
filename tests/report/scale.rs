//! A run of 5,000 cases: its page opens and can be searched, its tables open.

use std::path::Path;
use std::process::Command;

use appwitness::catalogue::Catalogue;
use appwitness::journal::entry::Digest;
use appwitness::report::html::{self, RunView};
use appwitness::report::summary::{Case, Outcome, OutcomeKind, Summary, Verdict};

use crate::{browser, lists};

const CASES: usize = 5_000;

/// A made-up run: 1,250 apps in ten categories, four scenarios each; every rule has an outcome in every case.
fn summary() -> Summary {
    let catalogue = Catalogue::builtin();
    let few = lists::cases();
    let categories: Vec<&str> = catalogue.categories().iter().map(|c| c.id.as_str()).take(10).collect();
    let case = |n: usize| {
        let outcome = |(at, rule): (usize, &appwitness::catalogue::FindingRule)| Outcome {
            finding: rule.id.clone(),
            severity: rule.severity.word().to_owned(),
            outcome: match (n * 7 + at * 13) % 29 {
                0 => OutcomeKind::Observed,
                1..=9 => OutcomeKind::NotObserved,
                10..=14 => OutcomeKind::NotTriggered,
                _ => OutcomeKind::NotAssessable,
            },
            reason: "no permission was refused".into(),
            reason_zh: "没有拒绝任何权限".into(),
            ..few[0].outcomes[0].clone()
        };
        let outcomes: Vec<Outcome> = catalogue.findings().iter().enumerate().map(outcome).collect();
        // One case in five has no finding, and some of those were not carried out in full or at all: each filter has
        // something to leave out.
        let clear = n.is_multiple_of(5);
        let mut outcomes = outcomes;
        if clear {
            outcomes.iter_mut().filter(|o| o.outcome == OutcomeKind::Observed).for_each(|o| {
                o.outcome = OutcomeKind::NotObserved;
            });
        }
        let verdict = match n % 25 {
            5 => Verdict::Incomplete,
            10 => Verdict::Failed,
            _ if clear => Verdict::Clear,
            _ => Verdict::Findings,
        };
        let mut case = Case {
            id: format!("case-{n}"),
            category: Some(categories[n / 4 % 10].into()),
            scenario: format!("scenario-{}", n % 4),
            verdict,
            outcomes,
            package: Some(format!("packages/case-{n}")),
            report: Some(format!("packages/case-{n}/data/report.html")),
            ..few[n % 3].clone()
        };
        case.app.label = format!("应用 App {}", n / 4);
        case.app.package = format!("com.example.app{}", n / 4);
        case
    };
    lists::run((0..CASES).map(case).collect())
}

fn page(summary: &Summary) -> String {
    let catalogue = Catalogue::builtin();
    let exhibit = |_: &Case, _: &Digest| None;
    let entries = |_: &Case| vec![];
    html::run(&RunView { summary, catalogue: &catalogue, exhibit: &exhibit, entries: &entries, answer: None }).unwrap()
}

#[test]
fn the_page_of_five_thousand_cases_opens_and_its_filters_work() {
    let Some((chromium, node)) = browser::browser() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report-scale");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("run.html");
    let page = page(&summary());
    std::fs::write(&file, &page).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/scale.mjs");
    let output = Command::new(node).arg(script).arg(chromium).arg(&folder).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    eprintln!(
        "5,000 cases: {} KiB of page, opened in {} ms, by Chromium's own clock {}; {seen:#}",
        page.len() >> 10,
        seen["openedAfter"],
        seen["own"]
    );
    assert_eq!(seen["complaints"], serde_json::json!([]));
    let number = |what: &str, which: &str| seen[what][which].as_u64().unwrap_or_else(|| panic!("{what} {which}"));
    for what in ["all", "finding", "category", "search", "linked", "sorted"] {
        assert_eq!(number(what, "shown"), number(what, "rows"), "{what}: {seen:#}");
    }
    assert_eq!(number("all", "rows"), CASES as u64);
    assert_eq!(number("finding", "rows"), seen["findingCount"].as_u64().unwrap());
    assert_eq!(number("category", "rows"), seen["categoryCount"].as_u64().unwrap());
    for (verdict, rows) in [("findings", 4_000), ("clear", 600), ("incomplete", 200), ("failed", 200)] {
        let filtered = &seen["verdicts"][verdict];
        assert_eq!((&filtered["rows"], &filtered["shown"]), (&rows.into(), &rows.into()), "{verdict}: {filtered:#}");
        assert_eq!(filtered["others"], 0, "{verdict}: rows of another verdict are shown");
    }
    assert_eq!(number("search", "rows"), 4, "the cases of one app");
    assert!((1..CASES as u64).contains(&number("finding", "rows")));
    assert!((1..CASES as u64).contains(&number("category", "rows")));
    assert_eq!(number("linked", "rows"), number("finding", "rows"), "a kind of finding leads to its cases");
    assert_ne!(seen["sorted"]["first"], seen["sortedBack"]["first"]);
    assert_eq!(seen["cleared"]["rows"], CASES);
}

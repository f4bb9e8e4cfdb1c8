//! `reports/example`: what a run leaves, of the made-up case, kept true. `APPWITNESS_BLESS=1 cargo test --test report`
//! writes it again.

use std::path::Path;

use appwitness::catalogue::Catalogue;
use appwitness::report::junit;
use appwitness::report::summary::{Case, Summary};

use crate::{lists, page, run, sample};

/// The files of the example and what should be in them.
fn files() -> [(&'static str, String); 4] {
    let sample = sample::sample("乐读小说");
    let case = Case { package: None, report: Some("case.html".into()), ..sample::case(&sample) };
    let summary: Summary = lists::run(vec![case]);
    let junit = junit::junit(&summary, &Catalogue::builtin(), appwitness::catalogue::Severity::Info).unwrap();
    [
        ("case.html", page::page(&sample)),
        ("junit.xml", junit),
        ("report.html", run::page(&summary)),
        ("summary.json", summary.to_json().unwrap()),
    ]
}

#[test]
fn the_committed_example_is_what_this_program_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/example");
    if std::env::var_os("APPWITNESS_BLESS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        files().iter().for_each(|(name, text)| std::fs::write(folder.join(name), text).unwrap());
    }
    for (name, text) in files() {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(
            committed == text,
            "reports/example/{name} is not what this program writes; look at the change, then \
             APPWITNESS_BLESS=1 cargo test --test report example"
        );
    }
}

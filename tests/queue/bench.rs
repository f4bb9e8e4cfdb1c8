//! A folder of its own, cases, and packages that nobody had to run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use appwitness::apk::App;
use appwitness::clock::Clock;
use appwitness::evidence::{Sealing, seal};
use appwitness::fleet::Wanted;
use appwitness::journal::entry::{Ended, Event};
use appwitness::journal::{Journal, digest};
use appwitness::nightly::{Case, RunFolder};
use appwitness::run::Secrets;
use appwitness::scenario::Scenario;
use appwitness::virtual_device::specimen;

const MODEL: &str = "
specimen: probe
package: org.example.probe
label: Probe
activity: .Main
version: {code: 7, name: '1.7'}
sdk: {min: 21, target: 33}
permissions: [INTERNET]
first-screen: home
screens:
  home:
    title: Probe
    views:
      - text: {words: nothing}
";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A folder of its own, removed at the end.
pub struct Bench {
    pub folder: PathBuf,
}

impl Bench {
    pub fn new() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("appwitness-queue-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// As many cases of one app.
    pub fn cases(&self, count: usize) -> Vec<Case> {
        let file = self.path("probe.apk");
        fs::write(&file, specimen::pack(MODEL).unwrap()).unwrap();
        let app = Arc::new(App::open_unpacking(&[file], &self.folder).unwrap());
        let scenario = |n: usize| {
            let text = format!("scenario: s{n}\ntitle: Launches\nconsent: accept\nsteps:\n  - launch\n");
            Arc::new(Scenario::parse("s.yaml", &text).unwrap())
        };
        let case = |n: usize| Case {
            id: String::new(),
            app: app.clone(),
            older: None,
            category: None,
            scenario: scenario(n),
            briefing: None,
            secrets: Secrets::default(),
            wanted: Wanted::Any,
        };
        (0..count).map(|n| case(n).named("", 1)).collect()
    }

    /// The folder of a run with these cases.
    pub fn run(&self, name: &str, id: &str, cases: &[Case]) -> RunFolder {
        let ids = cases.iter().map(|case| case.id.clone()).collect();
        RunFolder::open(&self.path(name), id, "2026-01-01T00:00:00Z", ids).unwrap()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The record of a try, as a worker leaves it in the folder of the run.
pub fn record(folder: &RunFolder, case: &str, attempt: u32) -> PathBuf {
    let path = folder.unfinished(case, attempt);
    let journal = Journal::create(&path, Clock::stepped(1_700_000_000_000)).unwrap();
    let opened = serde_json::json!({
        "case": case, "attempt": attempt, "purpose": "", "app": {"package": "org.example"}, "category": null,
        "scenario": "s", "scenario-title": "S", "scenario-digest": digest::of(b"s"), "scenario-verbs": [],
        "prompts": "deny", "consent": "accept", "catalogue-digest": digest::of(b"c"), "program": "0",
        "program-digest": null
    });
    journal.append(Event::CaseOpened(Box::new(serde_json::from_value(opened).unwrap()))).unwrap();
    let ended = Ended::Completed;
    journal.append(Event::CaseClosed { ended, blame: None, message: String::new(), missing: Vec::new() }).unwrap();
    path
}

/// The record of a try, sealed at a place.
pub fn package(folder: &RunFolder, case: &str, attempt: u32, to: PathBuf) -> PathBuf {
    let draft = record(folder, case, attempt);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    let sealed = seal(&draft, &Sealing { to, ..Sealing::default() }).unwrap();
    fs::remove_dir_all(draft).unwrap();
    sealed.path
}

/// Changes a byte of a package's journal.
pub fn break_it(package: &Path) {
    let journal = package.join("data/journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(journal, text.replace("org.example", "org.exampla")).unwrap();
}

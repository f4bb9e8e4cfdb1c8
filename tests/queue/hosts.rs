//! Hosts of a farm: processes of the built program over one queue and one store.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::bench::Bench;
use crate::server::Server;

const SHORT: &str = "title: Launches\nconsent: accept\nsteps:\n  - launch\n";
const LONG: &str = "title: Stays\nconsent: accept\nsteps:\n  - launch\n  - dwell: 3s\n";
const ENDLESS: &str = "title: Stays\nconsent: accept\nsteps:\n  - launch\n  - dwell: 10m\n";

struct Farm {
    server: Server,
    bench: Bench,
    ack_wait: &'static str,
}

impl Farm {
    /// A plan of these scenarios on one app.
    fn new(scenarios: &[(&str, &str)], ack_wait: &'static str) -> Option<Self> {
        let server = Server::start()?;
        let bench = Bench::new();
        let mut names = Vec::new();
        for (name, text) in scenarios {
            fs::write(bench.path(&format!("{name}.yaml")), format!("scenario: {name}\n{text}")).unwrap();
            names.push(format!("{name}.yaml"));
        }
        let plan = format!(
            "plan: shared\napps:\n  - app: specimen:well-behaved\nscenarios: [{}]\nworkers: 1\n",
            names.join(", ")
        );
        fs::write(bench.path("plan.yaml"), plan).unwrap();
        Some(Self { server, bench, ack_wait })
    }

    /// The command of a host with this folder. The queue's address holds a password, which must never show.
    fn command(&self, out: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_appwitness"));
        command
            .current_dir(&self.bench.folder)
            .args(["nightly", "plan.yaml", "--device", "virtual:latency=instant", "--batch", "night"])
            .args(["--ack-wait", self.ack_wait, "--out", out])
            .args(["--queue", &format!("nats://tester:s3cret-word@{}", self.server.address)])
            .args(["--store", &format!("file://{}", self.bench.path("store").display())])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn start(&self, out: &str, more: &[&str]) -> Child {
        self.command(out, more).spawn().unwrap()
    }

    /// Waits until a host's journal of this scenario says that the app was launched; the deadline only ends a test that
    /// would hang.
    #[track_caller]
    fn wait_until_launched(&self, out: &str, scenario: &str) {
        let begun = Instant::now();
        let attempts = self.bench.path(out).join("attempts");
        let launched = |(name, text): &(String, String)| {
            name.contains(&format!("--{scenario}--")) && text.contains("\"kind\":\"launched\"")
        };
        while !files(&attempts).iter().any(launched) {
            assert!(begun.elapsed() < Duration::from_secs(120), "{out} launches nothing");
            std::thread::yield_now();
        }
    }

    fn summary(&self, out: &str) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.bench.path(out).join("summary.json")).unwrap()).unwrap()
    }
}

/// Files below a folder and their texts.
fn files(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push((
                path.display().to_string(),
                String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into(),
            )),
        }
    }
    found
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Waits for the end of a host; one that has none is killed, so that its test fails.
#[track_caller]
fn exits(child: Child, code: i32) -> Output {
    let id = child.id().to_string();
    let (over, waiting) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if waiting.recv_timeout(Duration::from_secs(180)) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    let output = child.wait_with_output().unwrap();
    drop(over);
    watch.join().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(output.status.code(), Some(code), "{}\n{}", text(&output.stdout), text(&output.stderr));
    output
}

fn cases(summary: &serde_json::Value) -> &Vec<serde_json::Value> {
    summary["cases"].as_array().unwrap()
}

#[test]
fn two_hosts_share_a_plan_and_each_case_is_done_once() {
    let plan = [("one", SHORT), ("two", SHORT), ("three", SHORT), ("four", SHORT)];
    let Some(farm) = Farm::new(&plan, "1m") else { return };
    let (a, b) = (farm.start("a", &["--collect"]), farm.start("b", &[]));
    let outputs = [exits(a, 0), exits(b, 0)];
    let summary = farm.summary("a");
    let scenarios: Vec<_> = cases(&summary).iter().map(|case| case["scenario"].as_str().unwrap()).collect();
    assert_eq!(scenarios, ["one", "two", "three", "four"], "all of the plan, in its order, each once");
    for case in cases(&summary) {
        assert_eq!((case["verdict"].as_str(), case["attempts"].as_array().unwrap().len()), (Some("clear"), 1));
        let package = farm.bench.path("a").join(case["package"].as_str().unwrap());
        appwitness::evidence::verify(&package).unwrap();
        let kept = farm.bench.path("store/runs/night").join(case["id"].as_str().unwrap());
        assert_eq!(fs::read_dir(kept).unwrap().count(), 1, "one try of it is in the store");
    }
    assert_eq!(summary["run"]["id"], "night");
    // The other tells its own part, and neither tells the password.
    assert!(cases(&farm.summary("b")).len() < 4);
    for output in outputs {
        for bytes in [output.stdout, output.stderr] {
            assert!(!String::from_utf8_lossy(&bytes).contains("s3cret-word"));
        }
    }
    let told: Vec<_> = files(&farm.bench.folder).into_iter().filter(|(_, text)| text.contains("s3cret-word")).collect();
    assert!(told.is_empty(), "{:?}", told.iter().map(|(name, _)| name).collect::<Vec<_>>());
    // Who asks again is told what there is, and nothing is run again.
    exits(farm.start("c", &["--collect", "--workers", "0"]), 0);
    assert_eq!(farm.summary("c")["cases"], summary["cases"]);
}

#[test]
fn the_job_of_a_killed_host_goes_to_another() {
    let Some(farm) = Farm::new(&[("long", LONG)], "1s") else { return };
    let mut first = farm.start("a", &[]);
    farm.wait_until_launched("a", "long");
    signal(&first, "-KILL");
    first.wait().unwrap();
    exits(farm.start("b", &["--collect"]), 0);
    let summary = farm.summary("b");
    let case = &cases(&summary)[0];
    let attempts = case["attempts"].as_array().unwrap();
    assert_eq!(case["verdict"], "clear", "{summary:#}");
    assert_eq!(attempts.len(), 2, "the one that was cut off is told: {summary:#}");
    assert_eq!((attempts[0]["ended"].as_str(), attempts[0]["judged"].as_bool()), (None, Some(false)));
    assert!(attempts[0]["message"].as_str().unwrap().contains("not heard of again"), "{summary:#}");
    assert_eq!(attempts[1]["ended"], "completed");
}

#[test]
fn a_case_that_kills_every_host_is_given_up_and_the_run_says_so() {
    let Some(farm) = Farm::new(&[("poison", ENDLESS), ("sound", SHORT)], "1s") else { return };
    for out in ["a", "b", "c"] {
        let mut host = farm.start(out, &[]);
        farm.wait_until_launched(out, "poison");
        signal(&host, "-KILL");
        host.wait().unwrap();
    }
    exits(farm.start("d", &["--collect"]), 74);
    let summary = farm.summary("d");
    let (poison, sound) = (&cases(&summary)[0], &cases(&summary)[1]);
    assert_eq!((poison["verdict"].as_str(), poison["blame"].as_str()), (Some("failed"), Some("host")), "{poison:#}");
    assert!(poison["message"].as_str().unwrap().starts_with("given up after 3 tries: "), "{poison:#}");
    assert_eq!(poison["attempts"].as_array().unwrap().len(), 3);
    let outcomes = poison["outcomes"].as_array().unwrap();
    assert!(outcomes.len() == 74 && outcomes.iter().all(|o| o["outcome"] == "not-assessable"), "{poison:#}");
    assert_eq!(sound["verdict"], "clear");
}

#[test]
fn a_host_that_is_stopped_gives_its_job_back_at_once() {
    // So long that the job comes up again only because it was given back.
    let Some(farm) = Farm::new(&[("long", LONG)], "1h") else { return };
    let first = farm.start("a", &[]);
    farm.wait_until_launched("a", "long");
    signal(&first, "-INT");
    exits(first, 3);
    exits(farm.start("b", &["--collect"]), 0);
    let summary = farm.summary("b");
    let attempts = cases(&summary)[0]["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 1, "a try that was put down is none: {summary:#}");
    assert_eq!(attempts[0]["number"], 2);
}

#[test]
fn a_queue_or_store_that_is_not_there_is_said_without_the_password() {
    let Some(farm) = Farm::new(&[("short", SHORT)], "1m") else { return };
    fs::write(farm.bench.path("file"), "no folder").unwrap();
    let url = |address: &str| format!("nats://tester:s3cret-word@{address}");
    let store = format!("file://{}", farm.bench.path("file/store").display());
    let (gone, here) = (url("127.0.0.1:1"), url(&farm.server.address));
    let tries: [(&[&str], i32); 4] = [
        (&["--queue", &gone, "--store", "file:///tmp"], 74),
        (&["--queue", "http://tester:s3cret-word@host", "--store", "file:///tmp"], 64),
        (&["--queue", &here, "--store", &store], 64),
        (&["--queue", &here, "--store", "s3://key:s3cret-word@bucket"], 64),
    ];
    for (arguments, code) in tries {
        let mut command = Command::new(env!("CARGO_BIN_EXE_appwitness"));
        command.current_dir(&farm.bench.folder).args(["nightly", "plan.yaml", "--out", "x"]).args(arguments);
        let output = exits(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(), code);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!told.is_empty() && !told.contains("s3cret-word"), "{told}");
    }
}

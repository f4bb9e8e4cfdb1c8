//! How many entries of a journal are judged in a second of processor time, by all rules.
//!
//! The journals are those of the main job (every shipped scenario on the shipped specimens, on the virtual device), which
//! runs first; and a long one: what one of them holds between its first and its last entry, over and over, with numbers
//! and times going on, to 200,000 entries. A rule that looks at everything again for each thing it finds shows there.
//! Reading a journal back and checking its chain is printed beside it.
//!
//! The bench fails when either kind comes to less than 1,000,000 entries in a second.
//!
//! `cargo bench --bench judging`. As a test (`cargo test`) it takes one short scenario and checks only that a journal
//! judged again comes to what was sealed.

#[path = "../asked.rs"]
mod asked;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use appwitness::catalogue::Catalogue;
use appwitness::journal::{Entry, Journal};
use appwitness::judge::{Judge, Judgement, judge};

const NAME: &str = "judging";
/// The promise: entries in a second.
const LEAST: f64 = 1e6;
/// Entries of the long record.
const LONG: usize = 200_000;
/// How long each kind is judged over and over.
const STRETCH: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let folder = std::env::temp_dir().join(format!("appwitness-{NAME}-{}", std::process::id()));
    let packages = run(&folder, timed);
    let kept = measure(&packages, timed);
    let _ = std::fs::remove_dir_all(folder);
    println!("{}", if kept { "kept" } else { "FAILED" });
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the main job, or one short scenario; the packages.
fn run(folder: &Path, whole: bool) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).expect("a folder");
    let short = folder.join("short.yaml");
    let text = "scenario: short\ntitle: Launches\nconsent: accept\nprompts: deny\nsteps:\n  - launch\n";
    std::fs::write(&short, text).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_appwitness"));
    command.arg("run").arg("--out").arg(folder.join("out")).stdout(Stdio::null()).stderr(Stdio::null());
    if !whole {
        command.arg(short).args(["--app", "specimen:well-behaved"]);
    }
    // Findings and limits have their own exit codes; what counts is whether there are packages.
    command.status().expect("it runs");
    let packages = std::fs::read_dir(folder.join("out/packages")).expect("packages");
    let mut packages: Vec<PathBuf> = packages.map(|entry| entry.expect("an entry").path()).collect();
    packages.sort();
    assert!(!packages.is_empty(), "no package");
    packages
}

fn measure(packages: &[PathBuf], timed: bool) -> bool {
    let catalogue = Catalogue::builtin();
    let read = |package: &PathBuf| Journal::read(&package.join("data")).expect("a journal").entries;
    let began = Instant::now();
    let journals: Vec<Vec<Entry>> = packages.iter().map(read).collect();
    let entries: usize = journals.iter().map(Vec::len).sum();
    println!("{NAME}: {} journals with {entries} entries", journals.len());
    println!("read back with their chain: {:.0} entries in a second", entries as f64 / began.elapsed().as_secs_f64());
    let as_sealed = |(package, entries): (&PathBuf, &Vec<Entry>)| {
        let bytes = std::fs::read(package.join("data/outcomes.json")).expect("outcomes");
        let sealed: Judgement = serde_json::from_slice(&bytes).expect("outcomes");
        sealed == judge(entries, &catalogue)
    };
    let same = packages.iter().zip(&journals).all(as_sealed);
    println!("judged as it was sealed: {}", if same { "yes" } else { "FAILED: no" });
    if !timed {
        return same;
    }
    let longest = journals.iter().max_by_key(|entries| entries.len()).expect("a journal");
    let usual = per_second(&journals, &catalogue);
    let long = per_second(&[stretched(longest)], &catalogue);
    println!("as they are: {usual:.0} entries in a second; a record of {LONG}: {long:.0} (at least {LEAST:.0})");
    same && usual >= LEAST && long >= LEAST
}

/// Processor time of this thread so far.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    Duration::from_nanos(told.split(' ').next().and_then(|word| word.parse().ok()).expect("nanoseconds"))
}

/// Entries judged in a second of processor time: the best of three stretches, because others work on this machine too.
fn per_second(journals: &[Vec<Entry>], catalogue: &Catalogue) -> f64 {
    let entries: usize = journals.iter().map(Vec::len).sum();
    let judge = Judge::by(catalogue);
    let stretch = || {
        let (began, before, mut turns) = (Instant::now(), processor_time(), 0);
        while turns == 0 || began.elapsed() < STRETCH {
            for entries in journals {
                std::hint::black_box(judge.judge(std::hint::black_box(entries)));
            }
            turns += 1;
        }
        (entries * turns) as f64 / (processor_time() - before).as_secs_f64()
    };
    (0..3).map(|_| stretch()).fold(0.0, f64::max)
}

/// What a journal holds between its ends, over and over.
fn stretched(entries: &[Entry]) -> Vec<Entry> {
    let [first, middle @ .., last] = entries else { panic!("a journal has two ends") };
    let mut long = vec![first.clone()];
    let span = last.at.mono + 1;
    for turn in 0.. {
        for entry in middle {
            let mut entry = entry.clone();
            entry.seq = long.len() as u64;
            entry.at.mono += turn * span;
            entry.at.wall += (turn * span) as i64;
            long.push(entry);
        }
        if long.len() >= LONG {
            break;
        }
    }
    let mut last = last.clone();
    (last.seq, last.at.mono) = (long.len() as u64, long.last().map_or(0, |entry| entry.at.mono) + 1);
    long.push(last);
    long
}

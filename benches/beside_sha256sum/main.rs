//! Sealing and checking a package beside `sha256sum` of the same files, and beside Python's bagit making and validating
//! the same bag.
//!
//! The files: two made-up records whose exhibits are as large as those of a phone (a picture of 150 kB and a hierarchy of
//! 20 kB to each look), one of a usual case (100 looks) and one ten times as long, in the system's cache before anybody is
//! timed. Each side is a process of its own, started in
//! turn, five times each. Ours seals into a folder and verifies the folder, without a key and without a report; bagit
//! makes a bag of a copy with SHA-256 only, and validates it. Processor time is that of the whole process as the kernel
//! tells it, Python's start included, and is printed without it too.
//!
//! The bench fails when sealing or verifying the long record comes to less than 0.8 of the throughput of `sha256sum` on one
//! core (processor time), or the usual one to less than five times that of bagit. Beside bagit the long one is printed only:
//! where a processor has instructions for SHA-256 both use them, and what is left between the two is the rest of the work.
//!
//! `cargo bench --bench beside_sha256sum`. It needs `sha256sum`, and what `tests/run` installs, under APPWITNESS_TOOLS or
//! target/tools. As a test (`cargo test`) it takes a few exhibits and checks only that all sides agree on them.

#[path = "../asked.rs"]
mod asked;
#[path = "../made_up.rs"]
mod made_up;
mod sides;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use made_up::{Noise, Record, capture};
use sides::{Bed, Spent};

const NAME: &str = "beside_sha256sum";
/// Promises: throughput, ours to theirs.
const BESIDE_SHA256SUM: f64 = 0.8;
const BESIDE_BAGIT: f64 = 5.0;
/// Bytes of a picture and of a hierarchy.
const PICTURE: usize = 150_000;
const HIERARCHY: usize = 20_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [side, rest @ ..] = &arguments[..]
        && side == "ours"
    {
        return sides::ours(rest);
    }
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let Some(python) = sides::python() else {
        println!("skipped: {NAME} needs sha256sum, and bagit under APPWITNESS_TOOLS or target/tools (see tests/run)");
        let lacking = timed || std::env::var_os("APPWITNESS_ALL_TOOLS").is_some();
        return if lacking { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    };
    let kinds: &[Kind] = if timed { &[Kind::Usual, Kind::Long] } else { &[Kind::Few] };
    let kept = kinds.iter().fold(true, |kept, kind| {
        let folder = std::env::temp_dir().join(format!("appwitness-{NAME}-{}", std::process::id()));
        let record = record(&folder.join("record"), kind.looks());
        let bed = Bed { folder: folder.clone(), record, python: python.clone() };
        let this = compare(&bed, *kind);
        let _ = std::fs::remove_dir_all(folder);
        kept && this
    });
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How long a record is, and what is promised of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A few looks, as a test: that all agree.
    Few,
    /// As long as a case usually is: five times as fast as bagit.
    Usual,
    /// Ten times as long: beside `sha256sum`.
    Long,
}

impl Kind {
    fn looks(self) -> u64 {
        match self {
            Self::Few => 4,
            Self::Usual => 100,
            Self::Long => 1_000,
        }
    }

    fn repeats(self) -> usize {
        if self == Self::Few { 1 } else { 5 }
    }
}

/// A record with so many looks at the screen.
fn record(folder: &Path, looks: u64) -> PathBuf {
    let mut record = Record::begin(folder);
    let mut noise = Noise(0x5EED);
    for _ in 0..looks {
        let picture = record.exhibit(&bytes(&mut noise, PICTURE), "image/png");
        let hierarchy = record.exhibit(&bytes(&mut noise, HIERARCHY), "application/xml");
        record.push(capture(picture, (1080, 2400), hierarchy));
    }
    record.end();
    folder.to_owned()
}

/// Bytes that no program can compress.
fn bytes(noise: &mut Noise, length: usize) -> Vec<u8> {
    std::iter::repeat_with(|| noise.draw().to_le_bytes()).flatten().take(length).collect()
}

/// What each side spent, run by run.
#[derive(Default)]
struct Runs {
    sum: Vec<Spent>,
    seal: Vec<Spent>,
    verify: Vec<Spent>,
    python: Vec<Spent>,
    make: Vec<Spent>,
    validate: Vec<Spent>,
}

fn compare(bed: &Bed, kind: Kind) -> bool {
    let repeats = kind.repeats();
    let (files, bytes) = bed.extent();
    let mut runs = Runs::default();
    let mut alike = true;
    for _ in 0..repeats {
        bed.clear();
        let (spent, digests) = bed.sha256sum();
        runs.sum.push(spent);
        runs.seal.push(bed.seal());
        runs.verify.push(bed.verify());
        runs.python.push(bed.python_alone());
        runs.make.push(bed.make_bag());
        runs.validate.push(bed.validate_bag());
        alike &= bed.manifest_holds(&digests);
    }
    println!("\n{NAME}: {files} files, {:.1} MB, {repeats} repeats in turn; median", bytes as f64 / 1e6);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load average after: {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "));
    for (name, spent) in [
        ("sha256sum", &runs.sum),
        ("ours: seal", &runs.seal),
        ("ours: verify", &runs.verify),
        ("Python starts and imports bagit", &runs.python),
        ("bagit: make", &runs.make),
        ("bagit: validate", &runs.validate),
    ] {
        let (processor, took) = (median(spent, |s| s.processor), median(spent, |s| s.took));
        println!("  {name:<32} {:7.0} ms of processor, {:7.0} ms in all", processor * 1e3, took * 1e3);
    }
    println!("digests of sha256sum are those of the package: {}", if alike { "yes" } else { "FAILED: no" });
    let kept = kind == Kind::Few || promises(&runs, kind);
    println!("{}", if kept && alike { "kept" } else { "FAILED" });
    kept && alike
}

/// Prints the ratios; whether all promises are kept.
fn promises(runs: &Runs, kind: Kind) -> bool {
    let mut kept = true;
    for (what, ours, theirs, least, of) in [
        ("sealing beside sha256sum", &runs.seal, &runs.sum, BESIDE_SHA256SUM, Kind::Long),
        ("verifying beside sha256sum", &runs.verify, &runs.sum, BESIDE_SHA256SUM, Kind::Long),
        ("sealing beside bagit", &runs.seal, &runs.make, BESIDE_BAGIT, Kind::Usual),
        ("verifying beside bagit", &runs.verify, &runs.validate, BESIDE_BAGIT, Kind::Usual),
    ] {
        let ratio = |of: fn(&Spent) -> f64| median(theirs, of) / median(ours, of);
        let (processor, took) = (ratio(|s| s.processor), ratio(|s| s.took));
        let promised = if kind == of { format!("at least {least}") } else { "nothing promised".to_owned() };
        println!("{what}: {processor:.2} times the throughput by processor time ({promised}), {took:.2} by the clock");
        kept &= kind != of || processor >= least;
    }
    kept
}

/// The middle of some runs, in seconds.
fn median(runs: &[Spent], of: fn(&Spent) -> f64) -> f64 {
    let mut sorted: Vec<f64> = runs.iter().map(of).collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

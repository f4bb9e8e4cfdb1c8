//! The host beside Python's adbutils: the same 50 steps with the same device calls, through the real ADB server, on the
//! same virtual device.
//!
//! One step is a tap and a look: `input tap`, the hierarchy (dumped, read, parsed to a tree), the picture (`screencap
//! -p`, checked to be a whole PNG, its size read, its pixels left alone), the focus (read from `dumpsys`). Both sides send
//! the same command lines, one after the other, and do that work, and must come to the same account of it.
//!
//! Each side is a process of its own; the device, the counting proxy and the ADB server are others. Processor time is
//! read from the kernel (`/proc/PID/task/*/schedstat`), when the side has started and again when it is done. The sides
//! take turns, five times each. The bench fails when ours needs more round trips per step than adbutils, or a fifth of
//! its processor time or more.
//!
//! `cargo bench --bench beside_adbutils`. It needs `adb` on PATH and what `tests/run` installs, under APPWITNESS_TOOLS or
//! target/tools. As a test (`cargo test`) it takes a few steps and compares round trips only.

mod account;
#[path = "../asked.rs"]
mod asked;
mod bed;
mod ours;
#[path = "../processor.rs"]
mod processor;
mod proxy;
mod side;

use std::path::PathBuf;
use std::process::ExitCode;

use account::Account;
use bed::Bed;
use side::{Side, Way};

const NAME: &str = "beside_adbutils";

/// How much is done.
struct Extent {
    repeats: usize,
    steps: usize,
    /// Whether processor time is judged.
    timed: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("ours", rest)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return ours::main(rest);
    }
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let Some(tools) = Tools::find() else {
        println!(
            "skipped: {NAME} needs adb on PATH, and adbutils under APPWITNESS_TOOLS or target/tools (see tests/run)"
        );
        let lacking = timed || std::env::var_os("APPWITNESS_ALL_TOOLS").is_some();
        return if lacking { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    };
    let extent = if timed { Extent { repeats: 5, steps: 50, timed } } else { Extent { repeats: 1, steps: 3, timed } };
    if compare(&tools, &extent) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Programs that are not ours.
struct Tools {
    adb: PathBuf,
    python: PathBuf,
}

impl Tools {
    fn find() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let adb = std::env::split_paths(&path).map(|folder| folder.join("adb")).find(|file| file.is_file())?;
        let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools");
        let python = std::env::var_os("APPWITNESS_TOOLS").map_or(own, PathBuf::from).join("venv/bin/python");
        let check = std::process::Command::new(&python).args(["-c", "import adbutils"]).output().ok()?;
        check.status.success().then_some(Self { adb, python })
    }
}

/// Runs all sides in turn and prints what they came to; whether ours keeps its promise.
fn compare(tools: &Tools, extent: &Extent) -> bool {
    let load = account::load();
    let bed = Bed::start(&tools.adb);
    let mut accounts: Vec<(Way, Vec<Account>)> =
        [Way::Ours, Way::Adbutils, Way::OursByScript].map(|way| (way, Vec::new())).into();
    for _ in 0..extent.repeats {
        for (way, runs) in &mut accounts {
            runs.push(Side::run(*way, &bed, &tools.python, extent.steps));
        }
    }
    println!("{NAME}: {} steps, {} repeats in turn; median (lowest to highest)", extent.steps, extent.repeats);
    println!("load average before and after: {load} / {}", account::load());
    for (way, runs) in &accounts {
        account::print(way.name(), runs, extent.steps);
    }
    let [ours, theirs, _] = &accounts[..] else { unreachable!("three ways") };
    account::verdict(&ours.1, &theirs.1, extent.timed)
}

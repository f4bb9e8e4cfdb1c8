//! The page of a package with 2,000 exhibits: how long `appwitness report` takes, and how much memory.
//!
//! The package: 1,000 looks at made-up screens of 1080 by 2400 pixels, each another one (a picture painted of text-like
//! rows, and a hierarchy), with a prompt or a pop-up at every tenth. The program runs as a process of its own, three
//! times; the best counts, because others work on this machine too. Its memory is the most that was resident (VmHWM), asked
//! of the kernel while it runs. The time that a plain `verify` of the same package takes is printed beside it.
//!
//! The bench fails when the page takes 3 seconds or more, or 200 MB or more.
//!
//! `cargo bench --bench large_report`. As a test (`cargo test`) it takes a few exhibits and checks only that the page shows
//! each of them.

#[path = "../asked.rs"]
mod asked;
#[path = "../made_up.rs"]
mod made_up;
mod screens;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use appwitness::evidence::{Form, Sealing, seal};

const NAME: &str = "large_report";
/// Promises.
const WITHIN: Duration = Duration::from_secs(3);
const MOST_KB: u64 = 200_000;

fn main() -> ExitCode {
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let (looks, repeats) = if timed { (1_000, 3) } else { (4, 1) };
    let folder = std::env::temp_dir().join(format!("appwitness-{NAME}-{}", std::process::id()));
    screens::record(&folder.join("record"), looks);
    let package = folder.join("package");
    let sealing = Sealing { to: package.clone(), form: Form::Folder, ..Sealing::default() };
    let sealed = seal(&folder.join("record"), &sealing).expect("it seals");
    println!("{NAME}: {} exhibits, {:.1} MB", 2 * looks, sealed.bytes as f64 / 1e6);
    let kept = report(&package, &folder.join("page.html"), looks, repeats, timed);
    let _ = std::fs::remove_dir_all(folder);
    println!("{}", if kept { "kept" } else { "FAILED" });
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(package: &PathBuf, page: &Path, looks: u32, repeats: usize, timed: bool) -> bool {
    let checked = program(|command| command.arg("verify").arg(package));
    println!("verify: {:.2} s, {:.0} MB", checked.took.as_secs_f64(), checked.most_kb as f64 / 1e3);
    let mut best: Option<Ran> = None;
    for _ in 0..repeats {
        let ran = program(|command| command.arg("report").arg(package).arg("--out").arg(page));
        println!("report: {:.2} s, {:.0} MB", ran.took.as_secs_f64(), ran.most_kb as f64 / 1e3);
        best = best.filter(|best| best.took < ran.took).or(Some(ran));
    }
    let text = std::fs::read_to_string(page).expect("a page");
    let shown = text.matches("data:image/png;base64,").count();
    println!("the page: {:.1} MB with {shown} pictures", text.len() as f64 / 1e6);
    let best = best.expect("one run");
    match timed {
        true => best.took < WITHIN && best.most_kb < MOST_KB,
        false => shown >= looks as usize,
    }
}

/// What a run of the program took.
struct Ran {
    took: Duration,
    /// Most memory that was resident, in kB.
    most_kb: u64,
}

fn program<'a>(with: impl FnOnce(&'a mut Command) -> &'a mut Command) -> Ran {
    let command = Box::leak(Box::new(Command::new(env!("CARGO_BIN_EXE_appwitness"))));
    let began = Instant::now();
    let mut child = with(command).stdout(Stdio::null()).spawn().expect("it starts");
    let mut most_kb = 0;
    let status = loop {
        most_kb = peak(child.id()).unwrap_or(0).max(most_kb);
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "it ends with {status}");
    Ran { took: began.elapsed(), most_kb }
}

/// The most memory that a process ever had resident, in kB; `None` when it is gone.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

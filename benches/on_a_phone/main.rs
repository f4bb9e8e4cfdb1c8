//! What a look and a whole attempt take on a device as quick as a telephone (`phone`), and on one as slow as the captured
//! Android 6 (`slow`): how much of it is the device's, and how much ours.
//!
//! The virtual device lives in a process of its own (this program again) and waits as long as those devices take; each
//! attempt is a process of its own too, so that the host's processor time is the host's alone. A device that answers at
//! once (`instant`) shows what is left without it: our waits for the app, our work, and the painting of the screens.
//! Attempts are made with the stock commands and, where the jar of uiautomator2 is at hand (`tests/run` installs the
//! package that holds it), with the accelerator.
//!
//! The bench fails when a look by the device script takes longer than one by single commands, when an attempt does not
//! end within its bound, or when an accelerated attempt is slower than one without.
//!
//! `cargo bench --bench on_a_phone`. `APPWITNESS_ATTEMPTS=all` makes attempts of all shipped scenarios,
//! `APPWITNESS_ATTEMPTS=NAME,NAME` of those. As a test (`cargo test`) it takes two looks and one short attempt on a device
//! that answers at once, and judges no time.

#[path = "../asked.rs"]
mod asked;
mod attempts;
mod far;
mod looks;
#[path = "../processor.rs"]
mod processor;

use std::path::PathBuf;
use std::process::ExitCode;

const NAME: &str = "on_a_phone";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["far", profile] => return far::main(profile),
        ["attempt", ref rest @ ..] => return attempts::main(rest),
        _ => {}
    }
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let load = || std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{NAME}; load average before: {}", load().trim());
    let looks = looks::measure(timed);
    let attempts = attempts::measure(timed, jar().as_deref());
    println!("load average after: {}", load().trim());
    println!("{}", if looks && attempts { "kept" } else { "FAILED" });
    if looks && attempts { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The jar within the virtual environment of the tools.
fn jar() -> Option<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    let tools = std::env::var_os("APPWITNESS_TOOLS").map_or(own, PathBuf::from);
    let versions = std::fs::read_dir(tools.join("venv/lib")).ok()?;
    let inside = "site-packages/uiautomator2/assets/u2.jar";
    versions.flatten().map(|version| version.path().join(inside)).find(|path| path.exists())
}

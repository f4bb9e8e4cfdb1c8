//! How long after a dialog's appearance on the device its entry stands in the journal.
//!
//! Whole attempts on virtual devices with `phone` latencies, in real time: an app shows a dialog again and again, the device
//! remembers when each had the focus, and the journal says when it wrote the entry that tells of it. Where the log tells
//! of windows (API 30 and later) half of the entries must stand within 100 ms and 99 of 100 within 300 ms, or the bench
//! fails. Before that the device is asked in turn, 100 ms for the dump and 50 ms before the next: what that comes to is printed.
//!
//! `cargo bench --bench flash_to_journal`. As a test (`cargo test`) it takes a few dialogs on one device, and asks
//! only that each has its entry.

#[path = "../asked.rs"]
mod asked;
mod attempt;
#[path = "../flashes.rs"]
mod flashes;

use std::process::ExitCode;
use std::time::Duration;

use attempt::Delays;

const NAME: &str = "flash_to_journal";
/// Promises, where the log tells.
const HALF_WITHIN: Duration = Duration::from_millis(100);
const NEARLY_ALL_WITHIN: Duration = Duration::from_millis(300);
/// Releases, and whether the promise is theirs.
const RELEASES: [(u32, bool); 4] = [(23, false), (29, false), (30, true), (36, true)];

fn main() -> ExitCode {
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let (releases, dialogs) = if timed { (&RELEASES[..], 150) } else { (&RELEASES[3..], 3) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut kept = true;
    for (api, promised) in releases {
        let delays = runtime.block_on(attempt::delays(*api, dialogs));
        kept &= report(*api, &delays, dialogs, *promised, timed);
    }
    println!("{}", if kept { "kept" } else { "FAILED" });
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints what was measured; whether the promises are kept.
fn report(api: u32, delays: &Delays, dialogs: usize, promised: bool, timed: bool) -> bool {
    let told = delays.0.len();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let (Some(half), Some(nearly_all), Some(last)) = (delays.share(50), delays.share(99), delays.share(100)) else {
        println!("API {api}: none of {dialogs} dialogs told");
        return false;
    };
    println!(
        "API {api}: {told} of {dialogs} dialogs told; {half:.0?} (median), {nearly_all:.0?} (99 of 100), {last:.0?} (the slowest); load {load}"
    );
    let in_time = half < HALF_WITHIN && nearly_all < NEARLY_ALL_WITHIN;
    told == dialogs && (!timed || !promised || in_time)
}

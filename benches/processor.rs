//! Processor time of a process, as the kernel counts it.

use std::time::Duration;

/// What all threads of a process have used so far. Threads that ended before are not counted.
pub fn time_of(process: u32) -> Duration {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).expect("its threads");
    let nanos = tasks.filter_map(|task| {
        // A thread may end between the listing and the reading.
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

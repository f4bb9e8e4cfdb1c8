//! The process with the devices.

use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Latency, Machine, Profile};
use appwitness::virtual_device::server::Server;

/// Worker threads: the cores of the promise.
pub const WORKERS: usize = 2;

/// Boots `count` devices, says how long each took and where they are served, and lives until its input ends.
pub fn main(count: usize) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (machines, times): (Vec<_>, Vec<Duration>) = runtime.block_on(async {
        let boot = |number: usize| {
            // As the stand-alone program has them: programs take the time they take on a telephone.
            let profile = Profile { latency: Latency::Phone, ..Profile::new(format!("virtual-{number}")) };
            let began = Instant::now();
            let machine = Machine::boot(profile, Clock::real());
            (machine, began.elapsed())
        };
        (0..count).map(boot).unzip()
    });
    let server = runtime.block_on(Server::start("127.0.0.1:0", machines)).expect("a port");
    let times: Vec<String> = times.iter().map(|time| time.as_nanos().to_string()).collect();
    println!("{} {}", server.address(), times.join(" "));
    std::io::stdout().flush().expect("somebody listens");
    let _ = std::io::stdin().read(&mut [0]);
    ExitCode::SUCCESS
}

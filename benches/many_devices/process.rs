//! The other process, seen from outside.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process full of devices. Dropping it ends it.
pub struct Process {
    /// The ADB server that lists them.
    pub server: SocketAddr,
    /// How long each took to boot.
    pub boots: Vec<Duration>,
    child: Child,
}

impl Process {
    pub fn start(count: usize) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["farm", &count.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("it speaks");
        let mut words = line.split_whitespace();
        let server = words.next().and_then(|word| word.parse().ok()).expect("an address");
        let boots = words.map(|word| Duration::from_nanos(word.parse().expect("nanoseconds"))).collect();
        Self { server, boots, child }
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line VmRSS");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("kB") * 1024
    }

    /// Processor time over a stretch in which nobody asks anything, as a share of one core.
    pub async fn idle(&self, stretch: Duration) -> f64 {
        // What the last answer left to do is done by then.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (before, began) = (self.processor_time(), Instant::now());
        tokio::time::sleep(stretch).await;
        let used = self.processor_time().saturating_sub(before);
        used.as_secs_f64() / began.elapsed().as_secs_f64()
    }

    fn processor_time(&self) -> Duration {
        super::processor::time_of(self.child.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! A nats-server of its own: on loopback, on a port from the system, with a folder that goes away.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::bench::Bench;

/// A nats-server.
pub struct Server {
    child: Child,
    pub address: String,
    _bench: Bench,
}

impl Server {
    /// Starts one; `None` where there is none to start, which is said, or fails where everything must be there.
    pub fn start() -> Option<Self> {
        let program = program()?;
        let bench = Bench::new();
        let mut child = Command::new(program)
            .args(["-a", "127.0.0.1", "-p", "-1", "-js", "-sd"])
            .arg(&bench.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut address = None;
        for line in lines.by_ref() {
            if let Some((_, found)) = line.split_once("client connections on ") {
                address = Some(found.trim().to_owned());
            }
            if line.contains("Server is ready") {
                break;
            }
        }
        // What it says from here on is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, address: address.expect("nats-server says where it listens"), _bench: bench })
    }

    pub fn url(&self) -> String {
        format!("nats://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    let tools = std::env::var_os("APPWITNESS_TOOLS").map(PathBuf::from);
    let program = tools.map(|tools| tools.join("venv/bin/nats-server")).filter(|program| program.exists());
    if program.is_none() {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no venv/bin/nats-server under APPWITNESS_TOOLS");
        eprintln!("skipped: no venv/bin/nats-server under APPWITNESS_TOOLS");
    }
    program
}

//! The shell as adbd's client sees it.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::virtual_device::machine::{Machine, Profile};
use crate::virtual_device::process::Stdio;

/// What a command line wrote, and how it ended.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    out: String,
    err: String,
    status: i32,
}

fn machine(profile: &str) -> Arc<Machine> {
    Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(1_700_000_000_000))
}

async fn drain(mut from: mpsc::Receiver<Vec<u8>>) -> String {
    let mut all = Vec::new();
    while let Some(bytes) = from.recv().await {
        all.extend(bytes);
    }
    String::from_utf8_lossy(&all).into_owned()
}

async fn run_on(machine: &Arc<Machine>, command: &str, input: &str) -> Ran {
    let (stdin, from) = mpsc::channel(64);
    for line in input.split_inclusive('\n') {
        stdin.send(line.as_bytes().to_vec()).await.unwrap();
    }
    drop(stdin);
    let (stdout, out) = mpsc::channel(4);
    let (stderr, err) = mpsc::channel(4);
    let stdio = Stdio { stdin: Arc::new(Mutex::new(from)), stdout, stderr, hangup: CancellationToken::new() };
    let running = super::run(machine.clone(), command.into(), stdio, machine.shell_uid());
    let (status, out, err) = tokio::join!(running, drain(out), drain(err));
    Ran { out, err, status }
}

async fn run(command: &str) -> Ran {
    run_on(&machine(""), command, "").await
}

#[tokio::test]
async fn a_command_line_has_output_and_status() {
    let ran = run("echo hi; exit 3").await;
    assert_eq!(ran, Ran { out: "hi\n".into(), err: String::new(), status: 3 });
}

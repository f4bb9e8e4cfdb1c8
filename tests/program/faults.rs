//! Devices on which things go wrong: by a file, by a line, and by the profile of a run.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use appwitness::adb::{Fault, Server};
use tokio_util::sync::CancellationToken;

use crate::bench::Bench;

#[test]
fn a_device_suffers_what_a_file_and_a_line_say() {
    let bench = Bench::new();
    bench.write("bad.yaml", "faults:\n- {fault: closed, service: first}\n");
    bench.write("worse.yaml", "faults:\n- {fault: tea}\n");
    bench.run(&["virtual-device", "--faults", "worse.yaml"]).exits(65).complains(&["worse.yaml", "tea"]);
    let arguments = ["virtual-device", "--server-listen", "127.0.0.1:0", "--faults", "bad.yaml", "--control"];
    let mut program = bench.command(&arguments);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let server = lines.find_map(|line| line.unwrap().strip_prefix("adb server: ").map(str::to_owned)).unwrap();
    let mut orders = child.stdin.take().unwrap();
    let mut complaints = BufReader::new(child.stderr.take().unwrap()).lines();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let device =
            Server::at(server.parse::<SocketAddr>().unwrap()).device("emulator-5554", CancellationToken::new());
        let within = Duration::from_secs(60);
        let fault = async |command: &str| device.shell(command, within).await.err().map(|error| error.fault());
        assert_eq!(fault("echo first").await, Some(Fault::Refused));
        assert_eq!(fault("echo first").await, None);
        // An order that is not understood is answered; by then those before it are carried out.
        writeln!(orders, "fault emulator-5554 {{fault: truncate, service: second, times: 9}}\nfault of mine").unwrap();
        assert!(complaints.next().unwrap().unwrap().contains("fault of mine"));
        assert_eq!(fault("echo second").await, Some(Fault::DeviceLost));
        writeln!(orders, "calm\nnothing").unwrap();
        assert!(complaints.next().unwrap().unwrap().contains("nothing"));
        assert_eq!(fault("echo second").await, None);
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_run_on_a_device_that_starts_anew_blames_the_device() {
    let bench = Bench::new();
    bench.write("short.yaml", "scenario: short\ntitle: Launches\nconsent: accept\nsteps:\n  - launch\n  - dwell: 2s\n");
    bench.write(
        "bad.yaml",
        "faults:\n- {fault: reboot, program: monkey, for: 100ms}\n- {fault: reboot, program: am, for: 100ms}\n",
    );
    let device = "virtual:faults=bad.yaml";
    bench.run(&["run", "short.yaml", "--app", "specimen:well-behaved", "--out", "out", "--device", device]).exits(2);
    let summary = bench.summary("out");
    let attempts = summary["cases"][0]["attempts"].as_array().unwrap();
    for attempt in attempts {
        assert_eq!((attempt["ended"].as_str(), attempt["blame"].as_str()), (Some("aborted"), Some("device")));
    }
    assert!(attempts.len() > 1, "it was tried again: {summary:#}");
    let missing = "virtual:faults=none.yaml";
    bench
        .run(&["run", "short.yaml", "--app", "specimen:well-behaved", "--out", "other", "--device", missing])
        .complains(&["none.yaml"]);
}

#[test]
fn a_removal_whose_answer_was_cut_off_is_no_refusal() {
    let bench = Bench::new();
    bench.write("short.yaml", "scenario: short\ntitle: Launches\nconsent: accept\nsteps:\n  - launch\n");
    bench.write("bad.yaml", "faults:\n- {fault: truncate, service: uninstall, times: 1}\n");
    let device = "virtual:faults=bad.yaml";
    bench.run(&["run", "short.yaml", "--app", "specimen:well-behaved", "--out", "out", "--device", device]).exits(0);
    let journal = std::fs::read_to_string(bench.packages("out")[0].join("data/journal.jsonl")).unwrap();
    assert!(!journal.contains("\"uninstall-refused\""), "{journal}");
    assert!(journal.contains("\"uninstalled\""), "{journal}");
}

#[test]
fn the_standalone_device_takes_a_telephone_s_time_unless_it_is_told_otherwise() {
    let help = Bench::new().run(&["virtual-device", "--help"]).exits(0);
    assert!(help.out.contains("[default: latency=phone]"), "{}", help.out);
}

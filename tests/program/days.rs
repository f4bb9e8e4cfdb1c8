//! Days that go by in a moment, from the command line: `run` on a device whose clock skips, and a stand-alone device that is
//! told to let time pass.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use appwitness::virtual_device::specimen;

use crate::bench::Bench;

/// Asks for the camera at its first start, and by itself once more after 47 hours.
const MODEL: &str = "
specimen: again
package: com.example.again
label: Again
category: online-shopping
sdk: {min: 21, target: 33}
permissions: [CAMERA]
first-screen: home
on: {start: [{ask: {permissions: [CAMERA]}}]}
timers: [{after: 47h, do: [{ask: {permissions: [CAMERA]}}, {toast: '{starts}'}]}]
screens: {home: {title: Again, views: [{text: {words: Nothing here}}]}}
";
const SCENARIO: &str = "scenario: days\ntitle: Days\nprompts: deny\nsteps:\n  - launch\n  - dwell: 50h\n";

#[test]
fn two_days_of_a_scenario_take_moments_on_a_device_whose_clock_skips() {
    let bench = Bench::new();
    std::fs::write(bench.path("again.apk"), specimen::pack(MODEL).unwrap()).unwrap();
    bench.write("days.yaml", SCENARIO);
    let device = "virtual:api=33,size=412x915,density=160,clock=skipping";
    // It asks again too soon, which is a finding.
    bench.run(&["run", "days.yaml", "--app", "again.apk", "--device", device, "--out", "out"]).exits(1);
    let journal = std::fs::read_to_string(bench.packages("out")[0].join("data/journal.jsonl")).unwrap();
    let asked: Vec<u64> = journal
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|entry| entry.to_string().contains("prompt-shown"))
        .map(|entry| entry["at"]["mono"].as_u64().unwrap())
        .collect();
    let [first, second] = asked[..] else { panic!("asked at {asked:?}") };
    let hours = (second - first) as f64 / 3_600_000.0;
    assert!((hours - 47.0).abs() < 0.25, "{hours}");
    assert!(journal.contains("skips what is only waited for"), "the record says that its time was skipped");
}

#[test]
fn a_stand_alone_device_lets_time_pass_when_it_is_told_to() {
    let bench = Bench::new();
    std::fs::write(bench.path("again.apk"), specimen::pack(MODEL).unwrap()).unwrap();
    let mut child = bench
        .command(&["virtual-device", "--device", "api=33", "--clock", "skipping", "--control", "--app", "again.apk"])
        .args(["--server-listen", "127.0.0.1:0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(|line| line.unwrap());
    let server = lines.find_map(|line| line.strip_prefix("adb server: ").map(str::to_owned)).expect("a server");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let says = |command: &str| {
        let device = appwitness::adb::Server::at(server.parse().unwrap())
            .device("emulator-5554", tokio_util::sync::CancellationToken::new());
        let within = std::time::Duration::from_secs(60);
        runtime.block_on(async { device.shell(command, within).await.unwrap().text() })
    };
    let before: i64 = says("am start -n com.example.again/.MainActivity >/dev/null; date +%s").trim().parse().unwrap();
    let prompts = "logcat -d -b system | grep -c REQUEST_PERMISSIONS";
    assert_eq!(says(prompts).trim(), "1");
    // Nobody answers the first question; it goes away.
    let input = child.stdin.as_mut().unwrap();
    says("input keyevent KEYCODE_BACK");
    input.write_all(b"advance 48h\n").unwrap();
    assert_eq!(lines.next().as_deref(), Some("advanced 48h"));
    let after: i64 = says("date +%s").trim().parse().unwrap();
    assert!((after - before - 48 * 3_600).abs() < 120, "{before} {after}");
    assert_eq!(says(prompts).trim(), "2", "what was due on the way has happened");
    let _ = child.kill();
    let _ = child.wait();
}

//! What apps on the virtual device send, as `tcpdump` on it writes it down, read by programs that know nothing of us:
//! Debian's tcpdump and PyPI's dpkt (under APPWITNESS_TOOLS). Where one is missing the test says so, unless
//! APPWITNESS_ALL_TOOLS is set: then it fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::{self, Device, InstallOptions};
use appwitness::clock::Clock;
use appwitness::virtual_device::machine::Machine;
use appwitness::virtual_device::profile::Profile;
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(60);
/// 2023-11-14.
const START: i64 = 1_700_000_000_000;
const APP: &str = "
specimen: talker
package: org.example.talker
label: Talker
activity: .Main
sdk: {min: 21, target: 33}
permissions: [INTERNET]
vars: {id: ''}
first-screen: home
on:
  start:
    - access: {what: android-id, into: id}
    - connect: {host: api.talker.example, path: /hello}
    - wait: 1s
    - connect: {host: log.tracker.example, cleartext: true, path: /v1/report, body: '{\"android_id\": \"{id}\"}'}
    - connect: {host: log.tracker.example, port: 8443}
    - connect: {host: '2001:db8::7', port: 8080, cleartext: true, body: PADDING}
screens:
  home: {title: Talker, views: [{text: {words: Talker}}]}
";

struct Bench {
    _server: Server,
    machine: Arc<Machine>,
    device: Device,
    folder: PathBuf,
}

async fn bench(profile: &str, name: &str) -> Bench {
    let profile = Profile::parse(profile).unwrap();
    let serial = profile.serial.clone();
    let machine = Machine::boot(profile, Clock::stepped(START));
    let server = Server::start("127.0.0.1:0", vec![Arc::clone(&machine)]).await.unwrap();
    let device = adb::Server::at(server.address()).device(&serial, CancellationToken::new());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("network").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let apk = folder.join("talker.apk");
    std::fs::write(&apk, pack(&APP.replace("PADDING", &"x".repeat(5_000))).unwrap()).unwrap();
    device.install(&[apk], &InstallOptions::default(), LONG).await.unwrap();
    Bench { _server: server, machine, device, folder }
}

impl Bench {
    async fn shell(&self, command: &str) -> String {
        self.device.shell(command, LONG).await.unwrap().text()
    }

    /// Asks until the answer is as it should be.
    async fn until(&self, command: &str, test: impl Fn(&str) -> bool) {
        for _ in 0..1_000 {
            if test(&self.shell(command).await) {
                return;
            }
        }
        panic!("`{command}` says {}", self.shell(command).await);
    }

    /// Lets the app talk while the command captures to a file, and fetches the file.
    async fn capture(&self, options: &str) -> PathBuf {
        let at = "/data/local/tmp/c.pcap";
        let capturing = self.device.stream(&format!("tcpdump {options} -w {at}")).await.unwrap();
        self.until("ls /data/local/tmp/c.pcap", |told| told.starts_with(at)).await;
        self.shell("am start -n org.example.talker/.Main").await;
        for _ in 0..300 {
            self.machine.clock.advance(Duration::from_millis(50));
            tokio::task::yield_now().await;
        }
        self.shell("kill -INT $(pidof tcpdump)").await;
        self.until("pidof tcpdump", |told| told.trim().is_empty()).await;
        drop(capturing);
        let to = self.folder.join("c.pcap");
        std::fs::write(&to, self.device.pull(at, 10 << 20, LONG).await.unwrap()).unwrap();
        to
    }
}

/// What another program prints; `None` where it is missing.
fn other(program: &Path, arguments: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        let none = format!("{} is missing: the capture was not read by another program", program.display());
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "{none}");
        eprintln!("skipped: {none}");
        return None;
    };
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}: {told}", program.display());
    Some(String::from_utf8(output.stdout).unwrap())
}

fn by_tcpdump(file: &Path) -> Option<String> {
    let program = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"].into_iter().find(|path| Path::new(path).exists());
    let program = program.unwrap_or("tcpdump");
    other(Path::new(program), &["-nn", "-vvv", "-e", "-tt", "-r", file.to_str().unwrap()])
}

fn by_dpkt(file: &Path) -> Option<Value> {
    let tools = std::env::var_os("APPWITNESS_TOOLS").map(PathBuf::from).unwrap_or_default();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/network/capture.py");
    let text = other(&tools.join("venv/bin/python"), &[script.to_str().unwrap(), file.to_str().unwrap()])?;
    Some(serde_json::from_str(&text).unwrap())
}

async fn read_by_others(profile: &str, options: &str, name: &str, link: u64) {
    let bench = bench(profile, name).await;
    let file = bench.capture(options).await;
    if let Some(text) = by_tcpdump(&file) {
        assert!(text.matches("(correct)").count() > 20, "{text}");
        for bad in ["incorrect", "bad ", "truncated", "malformed"] {
            assert!(!text.contains(bad), "{bad}: {text}");
        }
        assert!(text.contains("A? log.tracker.example.") && text.contains("POST /v1/report HTTP/1.1"), "{text}");
    }
    let Some(found) = by_dpkt(&file) else { return };
    assert_eq!(found["link"], link);
    assert_eq!(found["questions"], serde_json::json!(["api.talker.example", "log.tracker.example"]));
    assert_eq!(found["names"], serde_json::json!(["api.talker.example", "log.tracker.example"]));
    assert_eq!(found["ports"], serde_json::json!([443, 8443]));
    let id = bench.shell("cat /data/system/users/0/settings_ssaid.xml").await;
    let id = id
        .split("value=\"")
        .nth(1)
        .map_or_else(String::new, |rest| rest.split('"').next().unwrap_or_default().to_owned());
    let id = if id.is_empty() { bench.shell("settings get secure android_id").await.trim().to_owned() } else { id };
    let requests = found["requests"].as_array().unwrap();
    let to = |host: &str| requests.iter().find(|r| r["host"] == host).unwrap();
    assert_eq!(to("log.tracker.example")["body"], format!("{{\"android_id\": \"{id}\"}}"));
    assert_eq!(to("[2001:db8::7]:8080")["body"].as_str().unwrap().len(), 5_000);
    // The device's own time, in order.
    let times: Vec<f64> = found["times"].as_array().unwrap().iter().map(|t| t.as_f64().unwrap()).collect();
    assert!(
        times.is_sorted()
            && times[0] >= START as f64 / 1_000.0
            && *times.last().unwrap() < START as f64 / 1_000.0 + 20.0
    );
}

#[tokio::test]
async fn a_recent_devices_capture_is_what_others_read() {
    read_by_others("api=34,rooted=true", "-i any -s 0 -U -n -p", "recent", 276).await;
}

#[tokio::test]
async fn an_old_devices_capture_is_what_others_read() {
    read_by_others("api=23,rooted=true", "-i any -U", "old", 113).await;
}

#[tokio::test]
async fn a_capture_of_one_interface_is_what_others_read() {
    read_by_others("api=30,rooted=true", "-i wlan0 'not port 9999'", "ethernet", 1).await;
}

#[tokio::test]
async fn a_socket_shows_whose_it_is_while_it_lives() {
    let bench = bench("api=34,rooted=true", "sockets").await;
    let uid = bench.shell("dumpsys package org.example.talker | grep -m1 -oE 'userId=[0-9]+|appId=[0-9]+'").await;
    let uid = uid.trim().split('=').nth(1).unwrap().to_owned();
    assert_eq!(bench.shell("cat /proc/net/tcp6").await.lines().count(), 1);
    bench.shell("am start -n org.example.talker/.Main").await;
    let states = |text: String| -> Vec<(String, String)> {
        let columns = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        text.lines().skip(1).map(columns).map(|c| (c[3].clone(), c[7].clone())).collect()
    };
    let read = || bench.shell("cat /proc/net/tcp6");
    bench.machine.clock.advance(Duration::from_millis(100));
    assert_eq!(states(read().await), [("01".to_owned(), uid.clone())]);
    bench.machine.clock.advance(Duration::from_secs(3));
    assert_eq!(states(read().await).iter().filter(|(state, whose)| state == "01" && *whose == uid).count(), 4);
    bench.machine.clock.advance(Duration::from_secs(10));
    assert!(states(read().await).iter().all(|(state, whose)| state == "06" && whose == "0"));
    bench.machine.clock.advance(Duration::from_secs(100));
    assert!(states(read().await).is_empty());
}

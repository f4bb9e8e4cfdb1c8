//! The same run through the real ADB server: nothing changes but who carries the bytes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::bench::Bench;

/// The `adb` on PATH; without it the test is skipped, or fails where it must be there.
fn adb() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("adb")).find(|p| p.is_file());
    if found.is_none() {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no adb");
        eprintln!("skipped: no adb on PATH");
    }
    found
}

/// A virtual device behind an ADB server; both end with it.
struct Behind {
    device: Child,
    adb: PathBuf,
    server: String,
    home: PathBuf,
}

impl Behind {
    fn start(bench: &Bench, adb: PathBuf) -> Self {
        let mut device = bench
            .command(&["virtual-device", "--listen", "127.0.0.1:0", "--device", "latency=instant,api=34"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(device.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().strip_prefix("adbd: ").map(str::to_owned)).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let behind = Self { device, adb, server: port.to_string(), home: bench.path("home") };
        std::fs::create_dir_all(&behind.home).unwrap();
        let said = behind.ask(&["connect", &address]);
        assert!(said.contains("connected to"), "{said}");
        behind
    }

    fn ask(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.adb);
        command.args(["-P", &self.server]).args(arguments).env("HOME", &self.home).env("ADB_MDNS", "0");
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.ask(&["kill-server"]);
        let _ = self.device.kill();
        let _ = self.device.wait();
    }
}

/// Finding → outcome of the only case of a run.
fn outcomes(bench: &Bench, run: &str) -> BTreeMap<String, String> {
    let summary = bench.summary(run);
    assert_eq!(summary["cases"].as_array().unwrap().len(), 1);
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let all = summary["cases"][0]["outcomes"].as_array().unwrap();
    all.iter().map(|o| (word(&o["finding"]), word(&o["outcome"]))).collect()
}

#[test]
fn a_run_through_the_real_server_comes_to_the_same_outcomes() {
    let Some(adb) = adb() else { return };
    let bench = Bench::new();
    let behind = Behind::start(&bench, adb);
    let run = ["run", "deny-non-essential", "--app", "specimen:forces-permissions"];
    let server = format!("127.0.0.1:{}", behind.server);
    bench.run(&[&run[..], &["--out", "real", "--server", &server]].concat()).exits(1);
    bench.run(&[&run[..], &["--out", "embedded", "--device", "virtual:api=34"]].concat()).exits(1);
    let (real, embedded) = (outcomes(&bench, "real"), outcomes(&bench, "embedded"));
    assert!(real.values().filter(|outcome| *outcome == "observed").count() >= 8, "{real:?}");
    assert_eq!(real, embedded);
    let package = bench.packages("real").remove(0);
    bench.run(&["verify", package.to_str().unwrap()]).exits(0);
    assert!(
        !behind.ask(&["shell", "pm", "list", "packages"]).contains("gogoshop"),
        "the device is left as it was found"
    );
}

//! What the real `adb` sees of faults: an old one and a recent one, where they are at hand (`adb_contract/found.rs`).

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use appwitness::clock::Clock;
use appwitness::virtual_device::adbd;
use appwitness::virtual_device::fault::plan;
use appwitness::virtual_device::machine::{Machine, Profile};

use crate::found::programs;

/// Long enough for a busy machine and for adb's own patience with a device.
const LONG: Duration = Duration::from_secs(60);

struct Adb {
    program: PathBuf,
    port: u16,
    serial: String,
    home: PathBuf,
    machine: Arc<Machine>,
    runtime: tokio::runtime::Runtime,
}

impl Adb {
    fn connected(program: PathBuf, name: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let machine = runtime.block_on(async { Machine::boot(Profile::parse("api=34").unwrap(), Clock::real()) });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let serial = listener.local_addr().unwrap().to_string();
        runtime.spawn(adbd::serve(machine.clone(), listener));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-adb-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        let adb = Self { program, port, serial, home, machine, runtime };
        adb.connect();
        adb
    }

    fn suffer(&self, rule: &str) {
        let _inside = self.runtime.enter();
        self.machine.suffer(plan::parse_one(rule).unwrap());
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("HOME", &self.home).env("ADB_MDNS_OPENSCREEN", "0").env_remove("ANDROID_SERIAL");
        command.arg("-P").arg(self.port.to_string()).args(arguments).stdin(Stdio::null());
        command
    }

    fn plain(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn shell(&self, command: &str) -> Output {
        self.plain(&["-s", &self.serial, "shell", command])
    }

    /// After a lost link both versions keep the device offline and say "already connected": first the one, then the other.
    fn connect(&self) {
        let begun = Instant::now();
        while !self.shell("true").status.success() {
            assert!(begun.elapsed() < LONG, "the device does not come back");
            self.plain(&["disconnect", &self.serial]);
            self.plain(&["connect", &self.serial]);
        }
    }

    fn listed_as(&self) -> String {
        let list = String::from_utf8(self.plain(&["devices"]).stdout).unwrap();
        let line = list.lines().find(|line| line.starts_with(&self.serial));
        line.and_then(|line| line.split('\t').nth(1)).unwrap_or("absent").to_owned()
    }
}

impl Drop for Adb {
    fn drop(&mut self) {
        self.plain(&["kill-server"]);
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

#[test]
fn the_real_adb_loses_a_device_and_finds_it_again() {
    for (name, program) in programs() {
        let adb = Adb::connected(program, &format!("lost-{name}"));
        for rule in [
            "{fault: cut, service: whole}",
            "{fault: reboot, service: whole, for: 300ms}",
            "{fault: offline, service: whole, for: 300ms}",
        ] {
            adb.suffer(rule);
            let output = adb.shell("sleep 30; echo whole");
            // The old one ends with 0 all the same: without an exit status there is none to pass on.
            assert_eq!(output.stdout.as_slice(), [0_u8; 0], "{name} {rule}: {output:?}");
            assert!(name == "old" || !output.status.success(), "{name} {rule}: {output:?}");
            adb.connect();
            assert_eq!(adb.shell("echo whole").stdout, b"whole\n", "{name} {rule}");
        }
    }
}

#[test]
fn the_real_adb_lists_a_device_that_does_not_answer_as_offline() {
    for (name, program) in programs() {
        let adb = Adb::connected(program, &format!("offline-{name}"));
        assert_eq!(adb.listed_as(), "device", "{name}");
        adb.suffer("{fault: offline, for: 40s}");
        adb.plain(&["disconnect", &adb.serial]);
        // It waits for the device's first word for a while, and lists it meanwhile.
        let mut connecting = adb.command(&["connect", &adb.serial]).stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let mut state = adb.listed_as();
        while state == "absent" && begun.elapsed() < LONG {
            state = adb.listed_as();
        }
        assert!(["offline", "connecting"].contains(&state.as_str()), "{name}: {state}");
        assert!(!adb.shell("echo whole").status.success(), "{name}");
        let _ = connecting.kill();
        let _ = connecting.wait();
    }
}

#[test]
fn the_real_adb_sees_answers_that_end_early_or_make_no_sense() {
    for (name, program) in programs() {
        let adb = Adb::connected(program, &format!("answers-{name}"));
        adb.suffer("{fault: truncate, service: whole}");
        let output = adb.shell("echo whole");
        assert_eq!(output.stdout, b"", "{name}: {output:?}");
        adb.suffer("{fault: closed, service: whole}");
        assert!(!adb.shell("echo whole").status.success(), "{name}");
        adb.suffer("{fault: silence, service: whole}");
        let begun = Instant::now();
        assert_eq!(adb.shell("echo whole").stdout, b"whole\n", "{name}");
        assert!(begun.elapsed() >= Duration::from_secs(1), "{name}");
        let file = adb.home.join("file");
        std::fs::write(&file, vec![7; 200_000]).unwrap();
        let (here, there) = (file.to_str().unwrap(), "/data/local/tmp/file");
        let push = || adb.plain(&["-s", &adb.serial, "push", here, there]);
        adb.suffer("{fault: disk-full, for: 2s}");
        let full = push();
        assert!(!full.status.success(), "{name}: {full:?}");
        let begun = Instant::now();
        while !push().status.success() {
            assert!(begun.elapsed() < LONG, "{name}: no room is made");
        }
        adb.suffer("{fault: garbage, service: 'sync:', bytes: 200}");
        let pulled = adb.plain(&["-s", &adb.serial, "pull", there, adb.home.join("back").to_str().unwrap()]);
        assert!(!pulled.status.success(), "{name}: {pulled:?}");
    }
}

//! The services that no program on the device stands behind, and streams that live for a while.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use super::{Adb, PACKAGE, probe, said, text};

/// Asks for them all.
pub fn answer(adb: &Adb) {
    names(adb);
    input(adb);
    follow(adb);
    folders(adb);
    pushed_install(adb);
    orders(adb);
}

/// Who the device is, what it can do, that it is there.
fn names(adb: &Adb) {
    assert_eq!(adb.good(&["get-serialno"]).trim(), adb.serial);
    let features = adb.good(&["features"]);
    assert_eq!(features.contains("shell_v2"), !adb.machine.profile.features.is_empty(), "{features}");
    adb.good(&["wait-for-device"]);
    let mut command = adb.command(&["track-devices"]);
    let mut tracker = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(tracker.stdout.take().unwrap()).read_line(&mut line).unwrap();
    tracker.kill().unwrap();
    tracker.wait().unwrap();
    assert!(line.contains(&adb.serial) && line.trim().ends_with("device"), "{line:?}");
}

/// What is typed here is read there, to its end. Without the shell protocol a client can't end the input alone.
fn input(adb: &Adb) {
    if adb.machine.profile.features.is_empty() {
        return;
    }
    let arguments = ["-s", &adb.serial, "shell", "-T", "cat > /data/local/tmp/typed; exit 5"];
    let mut child = adb.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"one\ntwo\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(5));
    assert_eq!(adb.good(&["exec-out", "cat /data/local/tmp/typed"]), "one\ntwo\n");
}

/// A log that is followed tells what comes later.
fn follow(adb: &Adb) {
    let mut command = adb.command(&["-s", &adb.serial, "logcat", "-s", "contract"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    adb.good(&["shell", "log -t contract 'the line that was waited for'"]);
    assert!(lines.any(|line| line.unwrap().contains("the line that was waited for")));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Folders, both ways.
fn folders(adb: &Adb) {
    std::fs::create_dir_all(adb.file("tree/branch")).unwrap();
    std::fs::write(adb.file("tree/branch/leaf"), "green").unwrap();
    std::fs::write(adb.file("tree/root"), "brown").unwrap();
    adb.good(&["push", &adb.file("tree"), "/data/local/tmp/"]);
    assert_eq!(adb.good(&["exec-out", "cat /data/local/tmp/tree/branch/leaf /data/local/tmp/tree/root"]), "greenbrown");
    adb.good(&["pull", "/data/local/tmp/tree", &adb.file("back")]);
    assert_eq!(std::fs::read(adb.file("back/branch/leaf")).unwrap(), b"green");
    let list = adb.good(&["ls", "/data/local/tmp/tree"]);
    assert!(list.contains("branch") && list.contains("root"), "{list}");
}

/// The way of installing that older clients know only: a file is pushed first.
fn pushed_install(adb: &Adb) {
    std::fs::write(adb.file("pushed.apk"), probe(2)).unwrap();
    let output = said(&adb.run(&["install", "--no-streaming", &adb.file("pushed.apk")]));
    assert!(output.contains("Success"), "{output}");
    let left = adb.good(&["exec-out", "ls /data/local/tmp"]);
    assert!(!left.contains("pushed.apk"), "{left}");
    adb.good(&["uninstall", PACKAGE]);
}

/// Orders to adbd, on a device that obeys none of them.
fn orders(adb: &Adb) {
    assert!(said(&adb.run(&["root"])).contains("adbd cannot run as root in production builds"));
    assert!(said(&adb.run(&["unroot"])).contains("not running as root"));
    assert!(text(&adb.run(&["remount"]).stdout).contains("Not running as root"));
    if !adb.own_server {
        // Behind adb's own server the device would have to be connected anew.
        adb.good(&["reboot"]);
        adb.good(&["wait-for-device"]);
        assert_eq!(adb.good(&["exec-out", "echo back"]), "back\n");
    }
}

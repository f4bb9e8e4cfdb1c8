//! The programs on a small device, and their formats beside real captures.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::virtual_device::machine::Machine;
use crate::virtual_device::process::{Call, Stdio};
use crate::virtual_device::profile::Profile;
use crate::virtual_device::specimen::pack;
use crate::virtual_device::system::Answer;

mod asked;

const MODEL: &str = "
specimen: probe
package: test.perm
label: PermTest
activity: .Main
sdk: {min: 14, target: 23}
permissions: [CAMERA, READ_CONTACTS, ACCESS_FINE_LOCATION]
first-screen: home
on:
  start:
    - ask: {permissions: [CAMERA, READ_CONTACTS, ACCESS_FINE_LOCATION]}
screens:
  home:
    title: PermTest
    views: [{text: {words: PermTest main screen}}]
";

fn machine(api: u32) -> (Arc<Machine>, Clock) {
    let clock = Clock::stepped(1_795_294_454_000);
    let mut profile = Profile::preset(if api == 23 { "old" } else { "phone" }, "test").expect("a preset");
    profile.api = api;
    profile.latency = crate::virtual_device::machine::Latency::Instant;
    (Machine::boot(profile, clock.clone()), clock)
}

struct Said {
    out: String,
    err: String,
    status: i32,
}

async fn run_with(machine: &Arc<Machine>, line: &str, input: Vec<u8>) -> Said {
    let (to_in, stdin) = mpsc::channel(64);
    let (stdout, mut from_out) = mpsc::channel(4096);
    let (stderr, mut from_err) = mpsc::channel(4096);
    if !input.is_empty() {
        to_in.send(input).await.unwrap();
    }
    drop(to_in);
    let argv: Vec<String> = line.split(' ').map(String::from).collect();
    let program = crate::virtual_device::programs::find(&argv[0]).expect("a program");
    let stdio =
        Stdio { stdin: Arc::new(tokio::sync::Mutex::new(stdin)), stdout, stderr, hangup: CancellationToken::new() };
    let call =
        Call { machine: machine.clone(), argv, env: Default::default(), cwd: "/".into(), uid: 2000, umask: 0, stdio };
    let status = program(call).await;
    let mut said = Said { out: String::new(), err: String::new(), status };
    while let Ok(bytes) = from_out.try_recv() {
        said.out += &String::from_utf8(bytes).unwrap();
    }
    while let Ok(bytes) = from_err.try_recv() {
        said.err += &String::from_utf8(bytes).unwrap();
    }
    said
}

async fn run(machine: &Arc<Machine>, line: &str) -> Said {
    run_with(machine, line, Vec::new()).await
}

async fn install(machine: &Arc<Machine>) {
    let apk = pack(MODEL).unwrap();
    let said = run_with(machine, &format!("pm install -S {}", apk.len()), apk).await;
    assert_eq!((said.out.as_str(), said.status), ("Success\n", 0), "{}", said.err);
}

fn fixture(name: &str) -> Option<String> {
    let folder = std::env::var("APPWITNESS_FIXTURES")
        .map_or_else(|_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/fixtures")), PathBuf::from);
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text.replace('\r', "")),
        Err(_) => {
            // Past the test's own output, which is shown of failing tests only.
            writeln!(std::io::stderr(), "skipped: no fixtures at {}", path.display()).unwrap();
            None
        }
    }
}

/// Figures and hashes taken out, so that only the shape is left.
fn shape(line: &str) -> String {
    let mut shape = String::new();
    let mut in_word = false;
    for c in line.chars() {
        if c.is_ascii_hexdigit() {
            if !in_word {
                shape.push('#');
            }
            in_word = true;
        } else {
            in_word = false;
            shape.push(c);
        }
    }
    shape
}

fn deny_all(machine: &Machine, for_good: bool) {
    let mut system = machine.system();
    while system.prompt().is_some() {
        if for_good {
            system.answer_prompt(Answer::ToggleDoNotAsk);
        }
        assert!(system.answer_prompt(Answer::Deny));
    }
}

async fn launch(machine: &Arc<Machine>) {
    let said = run(machine, "am start -n test.perm/.Main").await;
    assert_eq!(said.out, "Starting: Intent { cmp=test.perm/.Main }\n");
}

#[tokio::test]
async fn the_dump_of_a_package_reads_as_captured_after_each_refusal() {
    let (machine, _) = machine(23);
    install(&machine).await;
    for (capture, for_good) in [("package-after-deny-3.txt", false), ("package-all-denied-for-good.txt", true)] {
        launch(&machine).await;
        deny_all(&machine, for_good);
        let said = run(&machine, "dumpsys package test.perm").await;
        let Some(real) = fixture(&format!("android-6.0.1-api23/dumpsys/{capture}")) else { return };
        let own: Vec<String> = said.out.trim_end().lines().map(shape).collect();
        let real: Vec<String> = real.trim_end().lines().map(shape).collect();
        assert_eq!(own, real, "{capture}\n{}", said.out);
        run(&machine, "am force-stop test.perm").await;
    }
}

#[tokio::test]
async fn the_dump_of_activities_has_the_captured_lines_of_a_permission_dialog() {
    let (machine, _) = machine(23);
    install(&machine).await;
    launch(&machine).await;
    let own = run(&machine, "dumpsys activity activities").await.out;
    let Some(real) = fixture("android-6.0.1-api23/dumpsys/activity-activities-permission-dialog.txt") else { return };
    for key in [
        "    mResumedActivity: ",
        "  mFocusedActivity: ",
        "        Run #1: ",
        "      * Hist #1: ",
        "          launchedFromUid=",
    ] {
        let line = |text: &str| text.lines().find(|l| l.starts_with(key)).map(shape);
        assert_eq!(line(&own), line(&real), "{key}\n{own}");
    }
}

#[tokio::test]
async fn the_dump_of_windows_has_the_captured_focus_lines() {
    let (machine, _) = machine(23);
    install(&machine).await;
    launch(&machine).await;
    let own = run(&machine, "dumpsys window windows").await.out;
    let Some(real) = fixture("android-6.0.1-api23/dumpsys/window-windows-permission-dialog.txt") else { return };
    for key in ["  mCurrentFocus=", "  mFocusedApp=", "WINDOW MANAGER WINDOWS"] {
        let line = |text: &str| text.lines().find(|l| l.starts_with(key)).map(shape);
        assert_eq!(line(&own), line(&real), "{key}\n{own}");
    }
}

#[tokio::test]
async fn starting_waiting_and_failing_read_as_captured() {
    let (machine, _) = machine(23);
    install(&machine).await;
    let Some(real) = fixture("android-6.0.1-api23/shell/am-start-w.txt") else { return };
    let said = run(&machine, "am start -W -n test.perm/.Main").await;
    assert_eq!(said.out.lines().map(shape).collect::<Vec<_>>(), real.lines().map(shape).collect::<Vec<_>>());
    let missing = run(&machine, "am start -n no.such/.Thing").await;
    let Some(real) = fixture("android-6.0.1-api23/shell/am-start-missing.txt") else { return };
    assert_eq!(format!("{}{}rc={}\n", missing.out, missing.err, missing.status), real);
}

#[tokio::test]
async fn the_events_of_a_first_start_come_in_the_captured_order() {
    let (machine, _) = machine(23);
    install(&machine).await;
    run(&machine, "logcat -c -b all").await;
    launch(&machine).await;
    let own = run(&machine, "logcat -d -b events -v threadtime").await.out;
    let Some(real) = fixture("android-6.0.1-api23/logcat/events-threadtime.txt") else { return };
    let own_line = own.lines().find(|l| l.contains("am_create_activity")).expect("an activity was made");
    let real_line = real.lines().find(|l| l.contains("am_create_activity")).expect("in the capture too");
    assert_eq!(shape(own_line).split(' ').next_back(), shape(real_line).split(' ').next_back());
    assert_eq!(own_line.find(" I am_create"), real_line.find(" I am_create"), "the columns");
    // What both logs tell of the first start, each kind of line where it comes first.
    let order = |text: &str| -> Vec<String> {
        let wanted = [
            "am_create_task",
            "am_create_activity",
            "am_proc_start",
            "am_proc_bound",
            "am_restart_activity",
            "am_on_resume_called",
        ];
        let mut seen: Vec<String> = Vec::new();
        for tag in text.lines().filter_map(|l| wanted.iter().find(|tag| l.contains(&format!(" {tag}:")))) {
            if !seen.iter().any(|s| s == tag) {
                seen.push((*tag).to_string());
            }
        }
        assert_eq!(seen.len(), wanted.len(), "{text}");
        seen
    };
    assert_eq!(order(&own), order(&real), "{own}");
}

#[tokio::test]
async fn a_suppressed_request_is_in_the_log_as_captured() {
    let (machine, _) = machine(23);
    install(&machine).await;
    launch(&machine).await;
    deny_all(&machine, false);
    run(&machine, "am force-stop test.perm").await;
    launch(&machine).await;
    deny_all(&machine, true);
    run(&machine, "am force-stop test.perm").await;
    run(&machine, "logcat -c").await;
    launch(&machine).await;
    assert!(machine.system().prompt().is_none());
    let own = run(&machine, "logcat -d -v threadtime ActivityManager:I *:S").await.out;
    let Some(real) = fixture("android-6.0.1-api23/logcat/suppressed-permission-request-threadtime.txt") else { return };
    for key in ["REQUEST_PERMISSIONS", "Start proc", "cmp=test.perm/.Main", "Displayed"] {
        let line = |text: &str| {
            let text = text.lines().find(|l| l.contains(key)).map(shape)?;
            // Figures have other widths; the caller of this start is the shell, not root.
            Some(text.replace("  ", " ").split(" I ").nth(1)?.replace("+#s#ms", "+#ms"))
        };
        assert_eq!(line(&own), line(&real), "{key}\n{own}");
    }
}

#[tokio::test]
async fn app_ops_read_as_captured() {
    let (machine, clock) = machine(23);
    install(&machine).await;
    assert_eq!(run(&machine, "appops get test.perm").await.out, "No operations.\n");
    assert_eq!(run(&machine, "appops get no.such").await.err, "Error: No UID for no.such in user 0\n");
    let touch = crate::virtual_device::system::Touch {
        at: machine.system().wall(),
        lasts: 0,
        foreground: true,
        refused: false,
    };
    machine.system().act(|system| system.ops.note("test.perm", "READ_EXTERNAL_STORAGE", touch));
    clock.advance(Duration::from_millis(78_233));
    let said = run(&machine, "appops get test.perm").await;
    assert_eq!(said.out, "READ_EXTERNAL_STORAGE: allow; time=+1m18s233ms ago\n");
    let dump = run(&machine, "dumpsys appops").await.out;
    assert!(
        dump.contains("    Package test.perm:\n      READ_EXTERNAL_STORAGE: mode=0; time=+1m18s233ms ago\n"),
        "{dump}"
    );
}

#[tokio::test]
async fn newer_app_ops_keep_access_and_refusal_apart() {
    let (machine, _) = machine(34);
    install(&machine).await;
    let at = machine.system().wall();
    for refused in [false, true] {
        let touch = crate::virtual_device::system::Touch { at, lasts: 0, foreground: true, refused };
        machine.system().act(|system| system.ops.note("test.perm", "CAMERA", touch));
    }
    let dump = run(&machine, "dumpsys appops").await.out;
    assert!(dump.contains("      CAMERA (allow): \n        null=[\n          Access: [top-s] 2026-11-21 20:54:14.000 (0)\n          Reject: [top-s]2026-11-21 20:54:14.000 (0)\n        ]\n"), "{dump}");
}

#[tokio::test]
async fn installing_what_is_no_app_file_is_refused() {
    let (machine, _) = machine(34);
    let said = run_with(&machine, "cmd package install -S 5", b"hello".to_vec()).await;
    assert!(said.out.starts_with("Failure [INSTALL_PARSE_FAILED_NOT_APK: "), "{}", said.out);
    assert_eq!(said.status, 1);
    let short = run_with(&machine, "cmd package install -S 50", b"hello".to_vec()).await;
    assert_eq!(short.status, 1);
}

#[tokio::test]
async fn a_session_installs_and_its_file_can_be_found() {
    let (machine, _) = machine(34);
    let apk = pack(MODEL).unwrap();
    let made = run(&machine, &format!("cmd package install-create -r -S {}", apk.len())).await;
    let id: u32 = made.out.trim_end().trim_end_matches(']').rsplit('[').next().unwrap().parse().unwrap();
    let length = apk.len();
    let written =
        run_with(&machine, &format!("cmd package install-write -S {length} {id} base.apk -"), apk.clone()).await;
    assert_eq!(written.out, format!("Success: streamed {length} bytes\n"));
    assert_eq!(run(&machine, &format!("cmd package install-commit {id}")).await.out, "Success\n");
    let path = run(&machine, "pm path test.perm").await.out;
    let path = path.trim_end().strip_prefix("package:").unwrap();
    let now = machine.system().wall();
    let stored = machine.files().read(crate::virtual_device::fs::Actor::root(now), path).unwrap();
    assert_eq!(*stored, apk);
    assert_eq!(run(&machine, "pm list packages -3").await.out, "package:test.perm\n");
    assert_eq!(run(&machine, "pm uninstall test.perm").await.out, "Success\n");
    assert_eq!(run(&machine, "pm uninstall test.perm").await.out, "Failure [DELETE_FAILED_INTERNAL_ERROR]\n");
    assert_eq!(run(&machine, "pm path test.perm").await.status, 1);
}

#[tokio::test]
async fn grants_and_flags_by_pm_are_no_answers_of_a_person() {
    let (machine, _) = machine(34);
    install(&machine).await;
    run(&machine, "pm grant test.perm android.permission.CAMERA").await;
    let dump = run(&machine, "dumpsys package test.perm").await.out;
    let line =
        "android.permission.CAMERA: granted=true, flags=[ USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED]";
    assert!(dump.contains(line), "{dump}");
    run(&machine, "pm set-permission-flags test.perm android.permission.CAMERA user-set user-fixed").await;
    assert!(
        run(&machine, "dumpsys package test.perm").await.out.contains("flags=[ USER_SET|USER_FIXED|USER_SENSITIVE")
    );
    let refused = run(&machine, "pm grant test.perm android.permission.READ_SMS").await;
    assert!(refused.err.contains("Package test.perm has not requested permission android.permission.READ_SMS"));
    assert_ne!(refused.status, 0);
}

#[tokio::test]
async fn settings_logs_and_monkey_answer() {
    let (machine, _) = machine(23);
    install(&machine).await;
    assert_eq!(run(&machine, "settings get global nothing").await.out, "null\n");
    run(&machine, "settings put global nothing 1").await;
    assert_eq!(run(&machine, "settings get global nothing").await.out, "1\n");
    let aborted = run(&machine, "monkey -p no.such -c android.intent.category.LAUNCHER 1").await;
    assert_eq!((aborted.out.as_str(), aborted.status), ("** No activities found to run, monkey aborted.\n", 252));
    let started = run(&machine, "monkey -p test.perm -c android.intent.category.LAUNCHER 1").await;
    assert!(started.out.starts_with("Events injected: 1\n"));
    assert!(machine.system().prompt().is_some());
    assert_eq!(run(&machine, "logcat -d -v epoch").await.status, 255, "API 23 knows no epoch");
    assert_eq!(run(&machine, "cmd package list packages").await.status, 127, "nor cmd");
}

#[tokio::test]
async fn a_followed_log_shows_what_comes() {
    let (machine, _) = machine(34);
    install(&machine).await;
    let (_to_in, stdin) = mpsc::channel(1);
    let (stdout, mut from_out) = mpsc::channel(64);
    let (stderr, _from_err) = mpsc::channel(64);
    let hangup = CancellationToken::new();
    let stdio = Stdio { stdin: Arc::new(tokio::sync::Mutex::new(stdin)), stdout, stderr, hangup: hangup.clone() };
    let argv = ["logcat", "-b", "events", "-v", "epoch", "-T", "0"].map(String::from).to_vec();
    let call =
        Call { machine: machine.clone(), argv, env: Default::default(), cwd: "/".into(), uid: 2000, umask: 0, stdio };
    let following = tokio::spawn(super::logcat::program(call));
    tokio::task::yield_now().await;
    launch(&machine).await;
    let first = String::from_utf8(from_out.recv().await.unwrap()).unwrap();
    assert!(first.contains("--------- beginning of events\n"));
    assert!(first.contains("         1795294454.000"), "{first}");
    assert!(first.contains("wm_create_activity"), "{first}");
    hangup.cancel();
    assert_eq!(following.await.unwrap(), 129);
}

#[tokio::test]
async fn operations_that_no_release_knows_are_refused_and_captured_ones_known() {
    let (machine, _) = machine(34);
    install(&machine).await;
    for command in ["appops set test.perm NOPE allow", "appops get test.perm NOPE", "appops query-op NOPE allow"] {
        let said = run(&machine, command).await;
        assert_eq!((said.err.as_str(), said.status), ("Error: Unknown operation string: NOPE\n", 255), "{command}");
    }
    assert_eq!(run(&machine, "appops get test.perm").await.out, "No operations.\n");
    assert_eq!(run(&machine, "appops set test.perm 26 ignore").await.status, 0);
    assert_eq!(run(&machine, "appops get test.perm android:camera").await.out, "CAMERA: ignore\n");
    let mut captured = Vec::new();
    for name in ["appops/xiaomi-pipa-hyperos2-api34-dumpsys-appops-head.txt", "appops/mvt-dumpsys-appops.txt"] {
        let Some(text) = fixture(name) else { return };
        let op = |line: &str| line.strip_prefix("      ")?.split_once(" (").map(|(op, _)| op.to_owned());
        captured
            .extend(text.lines().filter_map(op).filter(|op| op.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')));
    }
    assert!(captured.len() > 50, "{captured:?}");
    for op in captured {
        // Xiaomi's own, beside those it numbers.
        if op != "BOOT_COMPLETED" {
            assert_eq!(run(&machine, &format!("appops set test.perm {op} default")).await.status, 0, "{op}");
        }
    }
}

#[tokio::test]
async fn the_history_counts_every_access() {
    let (machine, clock) = machine(34);
    install(&machine).await;
    let note = |foreground: bool, refused: bool| {
        machine.system().act(|system| {
            let touch = crate::virtual_device::system::Touch { at: system.wall(), lasts: 0, foreground, refused };
            system.ops.note("test.perm", "READ_CONTACTS", touch);
        });
    };
    (0..3).for_each(|_| note(true, false));
    note(false, false);
    note(false, true);
    let said = run(&machine, "dumpsys appops --history").await.out;
    let (_, history) = said.split_once("\n  History:  mode=ENABLED_ACTIVE\n").expect("a history");
    let lines: Vec<&str> = history.lines().collect();
    assert_eq!(lines[..2], ["", "      snapshot:"]);
    assert!(lines[2].starts_with("        begin = 20") && lines[3].starts_with("        end = 20"), "{history}");
    let uid = machine.system().packages()["test.perm"].user();
    assert_eq!(
        lines[4..],
        [
            "",
            &format!("        Uid {uid}:"),
            "          Package test.perm:",
            "            Attribution null:",
            "              READ_CONTACTS:",
            "                [top-s] = access=3",
            "                [cch-s] = access=1, reject=1",
            "  Empty",
        ]
    );
    // A quarter of an hour later another snapshot is being filled, and comes first.
    clock.advance(Duration::from_secs(1_000));
    note(true, false);
    let said = run(&machine, "dumpsys appops --history").await.out;
    let counts: Vec<&str> = said.lines().filter(|line| line.contains("[top-s]")).map(str::trim).collect();
    assert_eq!(counts, ["[top-s] = access=1", "[top-s] = access=3"]);
    for api in [23, 30] {
        let (machine, _) = self::machine(api);
        assert!(!run(&machine, "dumpsys appops --history").await.out.contains("History:"), "{api}");
    }
}

#[tokio::test]
async fn the_battery_is_what_somebody_set_until_it_is_reset() {
    let (machine, _) = machine(34);
    let before = run(&machine, "dumpsys battery").await.out;
    assert!(before.contains("  USB powered: true\n") && before.contains("  level: 100\n"), "{before}");
    run(&machine, "dumpsys battery unplug").await;
    run(&machine, "dumpsys battery set level 7").await;
    let after = run(&machine, "dumpsys battery").await.out;
    let head = "Current Battery Service state:\n  (UPDATES STOPPED -- use 'reset' to restart)\n";
    assert!(after.starts_with(head), "{after}");
    assert!(after.contains("  USB powered: false\n") && after.contains("  level: 7\n"), "{after}");
    assert!(run(&machine, "dumpsys power").await.out.contains("mBatteryLevel=7\n"));
    assert_eq!(run(&machine, "dumpsys battery set colour 1").await.out, "Unknown set option: colour\n");
    assert_eq!(run(&machine, "dumpsys battery set level full").await.out, "Bad value: full\n");
    run(&machine, "dumpsys battery reset").await;
    assert_eq!(run(&machine, "dumpsys battery").await.out, before);
}

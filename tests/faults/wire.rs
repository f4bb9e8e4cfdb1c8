//! What our host sees of each fault.

use std::time::Duration;

use appwitness::adb::{self, Fault};
use appwitness::android::{Android, LogKind};
use appwitness::clock::Clock;
use appwitness::journal::entry::PromptKind;
use appwitness::virtual_device::machine::Presence;

use crate::bench::{Bench, LONG, PACKAGE};

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn answers_that_stop_break_or_end_early_are_errors_that_say_so() {
    for profile in ["api=34", "api=23"] {
        let bench = Bench::new("answers", profile).await;
        let device = &bench.device;
        // Features are asked for once; what follows is about the command alone.
        assert_eq!(bench.says("echo whole").await, "whole\n");
        for (rule, within, expected) in [
            ("{fault: stall, service: whole}", SHORT, Fault::Deadline),
            ("{fault: stall, service: whole, after-bytes: 3}", SHORT, Fault::Deadline),
            ("{fault: cut, service: whole, after-bytes: 3}", LONG, Fault::DeviceLost),
            ("{fault: truncate, service: whole}", LONG, Fault::DeviceLost),
            ("{fault: truncate, service: whole, after-bytes: 3}", LONG, Fault::DeviceLost),
            ("{fault: closed, service: whole}", LONG, Fault::Refused),
        ] {
            bench.suffer(rule);
            let error = device.shell("echo whole", within).await.expect_err(rule);
            assert_eq!(error.fault(), expected, "{profile} {rule}: {error}");
            bench.back().await;
            assert_eq!(bench.says("echo whole").await, "whole\n", "{profile} after {rule}");
        }
        for heals in ["{fault: silence, for: 100ms}", "{fault: slow, bytes: 200}", "{fault: stall, for: 100ms}"] {
            bench.suffer(heals);
            assert_eq!(bench.says("echo whole").await, "whole\n", "{profile} {heals}");
        }
        assert_eq!(bench.machine.faults.struck().len(), 9, "{profile}");
    }
}

#[tokio::test]
async fn garbage_is_taken_for_garbage() {
    let bench = Bench::new("garbage", "api=34").await;
    assert_eq!(bench.says("echo whole").await, "whole\n");
    bench.suffer("{fault: garbage, service: shell}");
    let error = bench.device.shell("echo whole", LONG).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Protocol | Fault::DeviceLost), "{error}");
    let bytes = vec![7; 300_000];
    bench.device.push(&bytes, "/data/local/tmp/a", 0o644, LONG).await.unwrap();
    bench.suffer("{fault: garbage, service: 'sync:'}");
    let error = bench.device.pull("/data/local/tmp/a", 1 << 20, LONG).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Protocol), "{error}");
    bench.suffer("{fault: truncate, service: 'sync:', after-bytes: 100000}");
    let error = bench.device.pull("/data/local/tmp/a", 1 << 20, LONG).await.unwrap_err();
    assert_eq!(error.fault(), Fault::DeviceLost, "{error}");
    bench.suffer("{fault: slow, service: 'sync:', bytes: 3000000}");
    assert!(bench.device.pull("/data/local/tmp/a", 1 << 20, LONG).await.unwrap() == bytes);
}

#[tokio::test]
async fn a_device_that_starts_anew_keeps_its_apps_and_files_but_none_of_its_processes() {
    let bench = Bench::new("reboot", "api=34").await;
    bench.install().await.unwrap();
    let android = Android::open(bench.device.clone()).await.unwrap();
    android.launch(PACKAGE, None).await.unwrap();
    assert!(android.pid(PACKAGE).await.unwrap().is_some());
    bench.says("echo kept > /data/local/tmp/kept; sleep 600 </dev/null >/dev/null 2>&1 &").await;
    let mut presence = bench.machine.presence();
    let waiting = tokio::spawn({
        let device = bench.device.clone();
        async move { device.shell("sleep 600", LONG).await }
    });
    bench.suffer("{fault: reboot, for: 500ms}");
    assert_eq!(waiting.await.unwrap().unwrap_err().fault(), Fault::DeviceLost);
    assert_eq!(bench.device.shell("true", LONG).await.unwrap_err().fault(), Fault::DeviceLost);
    assert!(adb::Server::at(bench.server.address()).devices().await.unwrap().is_empty());
    presence.wait_for(|presence| *presence == Presence::Online).await.unwrap();
    bench.back().await;
    assert_eq!(bench.says("cat /data/local/tmp/kept; pidof sleep").await, "kept\n");
    assert!(android.is_installed(PACKAGE).await.unwrap() && android.pid(PACKAGE).await.unwrap().is_none());
}

#[tokio::test]
async fn an_offline_device_is_listed_so_and_comes_back() {
    let bench = Bench::new("offline", "api=34").await;
    bench.suffer("{fault: offline, for: 500ms}");
    let server = adb::Server::at(bench.server.address());
    let states = async || server.devices().await.unwrap().into_iter().map(|entry| entry.state).collect::<Vec<_>>();
    let error = bench.device.shell("true", LONG).await.unwrap_err();
    assert_eq!(error.fault(), Fault::DeviceLost, "{error}");
    assert!(error.to_string().contains("offline"), "{error}");
    assert_eq!(format!("{:?}", states().await).to_lowercase().matches("offline").count(), 1);
    bench.back().await;
    assert!(!format!("{:?}", states().await).to_lowercase().contains("offline"));
}

#[tokio::test]
async fn a_full_disk_takes_neither_files_nor_apps() {
    let bench = Bench::new("disk", "api=34").await;
    bench.suffer("{fault: disk-full, for: 1s}");
    let refused = bench.device.push(&[7; 1000], "/data/local/tmp/a", 0o644, LONG).await.unwrap_err();
    assert_eq!(refused.fault(), Fault::Refused, "{refused}");
    let refused = bench.install().await.unwrap_err().to_string();
    assert!(refused.contains("INSTALL_FAILED_INSUFFICIENT_STORAGE"), "{refused}");
    let room = async { while bench.install().await.is_err() {} };
    Clock::real().within(LONG, room).await.expect("no room is made");
    bench.device.push(&[7; 1000], "/data/local/tmp/a", 0o644, LONG).await.unwrap();
}

#[tokio::test]
async fn a_process_killed_for_memory_leaves_no_dialog() {
    let bench = Bench::new("memory", "api=34").await;
    bench.install().await.unwrap();
    let android = Android::open(bench.device.clone()).await.unwrap();
    let mut events = android.events().await.unwrap();
    android.launch(PACKAGE, None).await.unwrap();
    bench.suffer("{fault: kill}");
    let died = async {
        loop {
            let event = events.next().await.unwrap().expect("the log ended");
            match event.kind {
                LogKind::ProcessDied { process, .. } | LogKind::ProcessKilled { process, .. } if process == PACKAGE => {
                    return;
                }
                _ => {}
            }
        }
    };
    Clock::real().within(LONG, died).await.expect("nothing in the log");
    assert!(android.pid(PACKAGE).await.unwrap().is_none());
    assert!(android.dialog(&android.hierarchy().await.unwrap().tree).is_none());
}

#[tokio::test]
async fn a_dump_that_fails_is_made_again() {
    for api in [23, 34] {
        let bench = Bench::new(&format!("dump-{api}"), &format!("api={api}")).await;
        bench.install().await.unwrap();
        let android = Android::open(bench.device.clone()).await.unwrap();
        android.launch(PACKAGE, None).await.unwrap();
        let shows = async || {
            let tree = android.hierarchy().await.unwrap_or_else(|error| panic!("{error}")).tree;
            tree.labels().any(|label| label == "here I am")
        };
        for fault in ["null-root", "empty-dump", "not-idle", "already-registered"] {
            bench.suffer(&format!("{{fault: {fault}, times: 2}}"));
            assert!(shows().await, "{api} {fault}");
        }
        for rule in [
            "{fault: truncate, service: 'exec:', after-bytes: 700}",
            "{fault: garbage, service: 'exec:', after-bytes: 60, bytes: 30}",
            "{fault: kill, program: uiautomator}",
        ] {
            bench.suffer(rule);
            assert!(shows().await, "{api} {rule}");
        }
        assert_eq!(bench.machine.faults.struck().len(), 11, "{api}");
    }
}

#[tokio::test]
async fn a_dialog_that_comes_up_during_a_dump_is_about_another_app() {
    for api in [23, 34] {
        let bench = Bench::new(&format!("dialog-{api}"), &format!("api={api}")).await;
        bench.install().await.unwrap();
        let android = Android::open(bench.device.clone()).await.unwrap();
        android.launch(PACKAGE, None).await.unwrap();
        assert!(android.dialog(&android.hierarchy().await.unwrap().tree).is_none());
        bench.suffer("{fault: dialog}");
        let dialog = android.dialog(&android.hierarchy().await.unwrap().tree).expect("the dialog is in the dump");
        assert_eq!(dialog.what, PromptKind::NotResponding, "{api}");
        assert!(dialog.question.contains("System UI"), "{api}: {}", dialog.question);
    }
}

#[tokio::test]
async fn the_clock_of_the_device_jumps() {
    let bench = Bench::new("clock", "api=34").await;
    let now = async || bench.says("date +%s").await.trim().parse::<i64>().unwrap();
    let before = now().await;
    bench.suffer("{fault: clock-jump, by: 49h}");
    assert!((49 * 3600..49 * 3600 + 60).contains(&(now().await - before)));
    bench.suffer("{fault: clock-jump, by: -98h}");
    assert!((-49 * 3600..-49 * 3600 + 60).contains(&(now().await - before)));
}

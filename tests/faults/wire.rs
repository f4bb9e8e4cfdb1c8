//! What our host sees of each fault.

use std::time::Duration;

use appwitness::adb::{self, Fault};
use appwitness::android::{Android, EventStream, LogKind};
use appwitness::clock::Clock;
use appwitness::journal::entry::PromptKind;
use appwitness::virtual_device::machine::Presence;
use appwitness::virtual_device::system::Buffer;

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

/// Lets the system kill processes of these numbers.
fn kill(bench: &Bench, pids: std::ops::Range<u32>) {
    let mut system = bench.machine.system();
    for pid in pids {
        system.write_log(Buffer::Events, 'I', "am_kill", 300, 1000, &format!("[0,{pid},a.b,0,why]"));
        system.write_log(Buffer::System, 'I', "ActivityManager", 300, 1000, &format!("Killing {pid}:a.b/u0a1"));
    }
}

/// Process ids of the next kills that a stream tells of, up to one; then why it broke, if it did.
async fn killed(stream: &mut EventStream, up_to: u32) -> (Vec<u32>, bool) {
    let mut pids = Vec::new();
    let read = async {
        while pids.last() != Some(&up_to) {
            match stream.next().await {
                Ok(Some(event)) => {
                    if let LogKind::ProcessKilled { pid, .. } = event.kind {
                        pids.push(pid);
                    }
                }
                _ => return true,
            }
        }
        false
    };
    let broke = Clock::real().within(LONG, read).await.expect("the stream neither tells nor breaks");
    (pids, broke)
}

#[tokio::test]
async fn what_was_logged_during_a_cut_is_read_again_and_nothing_twice() {
    for api in [23, 26, 28, 29, 34, 36] {
        let bench = Bench::new(&format!("join-{api}"), &format!("api={api}")).await;
        let android = Android::open(bench.device.clone()).await.unwrap();
        bench.suffer("{fault: cut, service: logcat, after-bytes: 1500}");
        let mut stream = android.events().await.unwrap();
        kill(&bench, 1..100);
        let (before, broke) = killed(&mut stream, 99).await;
        assert!(broke && !before.is_empty() && before.len() < 99, "API {api}: {before:?}");
        kill(&bench, 100..120);
        let mut again = android.events_after(&stream).await.unwrap();
        let (after, _) = killed(&mut again, 119).await;
        let told: Vec<u32> = before.iter().chain(&after).copied().collect();
        assert_eq!(told, (1..120).collect::<Vec<_>>(), "API {api}");
        // With two clocks of one machine a millisecond may lie between them.
        let read = again.again().expect("the log reaches back");
        assert!(
            read as usize <= after.len() && read as usize + 20 >= after.len(),
            "API {api}: {read} of {}",
            after.len()
        );
        assert!(read > 0, "API {api}");
        // A third reading goes on where the second one ended.
        kill(&bench, 120..123);
        let mut third = android.events_after(&again).await.unwrap();
        assert_eq!(killed(&mut third, 122).await.0, [120, 121, 122], "API {api}");
    }
}

#[tokio::test]
async fn a_log_that_does_not_reach_back_is_no_reading_again() {
    for lost in ["wrapped", "started anew"] {
        let bench = Bench::new(&format!("lost-{}", lost.len()), "api=34").await;
        let android = Android::open(bench.device.clone()).await.unwrap();
        bench.suffer("{fault: cut, service: logcat, after-bytes: 1500}");
        let mut stream = android.events().await.unwrap();
        kill(&bench, 1..100);
        assert!(killed(&mut stream, 99).await.1);
        match lost {
            "wrapped" => kill(&bench, 100..9_000),
            _ => bench.machine.system().clear_log(&Buffer::ALL),
        }
        kill(&bench, 9_000..9_010);
        let mut again = android.events_after(&stream).await.unwrap();
        let (after, _) = killed(&mut again, 9_009).await;
        assert_eq!(after[after.len() - 10..], (9_000..9_010).collect::<Vec<_>>(), "{lost}");
        assert_eq!(again.again(), None, "{lost}");
    }
}

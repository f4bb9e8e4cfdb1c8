//! The captured sequence of an Android 6, on an API 23 virtual device with a like app: three requests, denied, the box,
//! denied for good, the suppressed request, an app that does not answer, errors and toys.

use std::time::Duration;

use appwitness::clock::Clock;

use crate::bench::{Bench, capture, shape};

pub const OLD: &str = "preset=old,renders=false,rooted=true";

/// Lines of a capture whose shape ours does not have at the same place, and the other way round.
pub fn differences(own: &str, captured: &str) -> Vec<String> {
    let captured = captured.lines().filter(|line| !line.starts_with("[exit ")).map(shape);
    let (own, captured): (Vec<String>, Vec<String>) = (own.lines().map(shape).collect(), captured.collect());
    let mut told = Vec::new();
    for at in 0..own.len().max(captured.len()) {
        let (ours, theirs) = (own.get(at).map_or("", |l| l), captured.get(at).map_or("", |l| l));
        if ours != theirs {
            told.push(format!("{at}: {ours:?} for {theirs:?}"));
        }
    }
    told
}

pub fn same(what: &str, own: &str, name: &str) {
    let Some(captured) = capture(&format!("android-6.0.1-api23/{name}")) else { return };
    let told = differences(own, &captured);
    assert!(told.is_empty(), "{what} beside {name}:\n{}\n{own}", told.join("\n"));
}

/// Classes, ids, texts and states of a hierarchy's nodes, in order, without places.
fn nodes(xml: &str) -> Vec<String> {
    let tree = appwitness::android::parse_hierarchy(xml.as_bytes()).unwrap();
    let texts = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), "");
    let line = |n: &appwitness::ui::Node| {
        let state = [n.clickable, n.enabled, n.checkable, n.checked].map(u8::from);
        format!("{} {} {} {state:?} {}", n.package, n.class, n.resource_id, texts(&n.text))
    };
    tree.nodes.iter().map(line).collect()
}

async fn same_screen(bench: &Bench, name: &str) {
    let own = bench.dump().await;
    let Some(captured) = capture(&format!("android-6.0.1-api23/hierarchy/{name}")) else { return };
    let (own, captured) = (nodes(&own), nodes(&captured));
    assert_eq!(own, captured, "{name}");
}

#[tokio::test]
async fn the_captured_sequence_comes_out_the_same() {
    let bench = Bench::new("sequence", OLD).await;
    // The first start: three dialogs, one after another.
    same("a first start", &bench.says("am start -W -n test.perm/.Main").await, "shell/am-start-w.txt");
    for (at, screen) in
        ["permission-first-1-of-3.xml", "permission-first-2-of-3.xml", "permission-first-3-of-3.xml"].iter().enumerate()
    {
        same_screen(&bench, screen).await;
        bench.tap("permission_deny_button").await;
        let package = bench.says("dumpsys package test.perm").await;
        same("after a refusal", &package, &format!("dumpsys/package-after-deny-{}.txt", at + 1));
    }
    // The second start: the box, ticked, refused for good.
    bench.says("am force-stop test.perm").await;
    bench.says("am start -n test.perm/.Main").await;
    same_screen(&bench, "permission-second-never-ask-again.xml").await;
    bench.tap("do_not_ask_checkbox").await;
    same_screen(&bench, "permission-second-box-ticked-allow-disabled.xml").await;
    bench.tap("permission_deny_button").await;
    let package = bench.says("dumpsys package test.perm").await;
    same("one refused for good", &package, "dumpsys/package-one-denied-for-good.txt");
    for _ in 0..2 {
        bench.tap("do_not_ask_checkbox").await;
        bench.tap("permission_deny_button").await;
    }
    let package = bench.says("dumpsys package test.perm").await;
    same("all refused for good", &package, "dumpsys/package-all-denied-for-good.txt");
    // The third start: the request is in the log, and no dialog comes.
    bench.says("am force-stop test.perm; logcat -c -b all").await;
    bench.says("am start -n test.perm/.Main").await;
    assert!(bench.dump().await.contains("PermTest main screen"));
    let log = bench.says("logcat -d -b system -v threadtime").await;
    let request = |text: &str| text.lines().find(|l| l.contains("REQUEST_PERMISSIONS")).map(shape);
    if let Some(captured) = capture("android-6.0.1-api23/logcat/suppressed-permission-request-threadtime.txt") {
        assert_eq!(request(&log), request(&captured), "{log}");
    }
    // It stops answering, and the system says so after somebody touched it.
    bench.tap("hang").await;
    bench.tap("hang").await;
    let told = async { while !bench.dump().await.contains("android:id/message") {} };
    Clock::real().within(Duration::from_secs(60), told).await.expect("nobody says that it does not answer");
    let own = bench.dump().await;
    if let Some(captured) = capture("android-6.0.1-api23/hierarchy/anr-dialog.xml") {
        let shapes = |xml: &str| {
            nodes(xml).iter().map(|n| n.rsplit_once(' ').map_or("", |(n, _)| n).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(shapes(&own), shapes(&captured), "the texts name the app");
    }
}

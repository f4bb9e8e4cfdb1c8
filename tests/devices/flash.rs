//! A window that lives 300 ms: always in the record with its times, and pictured where a picture is begun in time.

use std::sync::Arc;

use appwitness::apk::App;
use appwitness::journal::entry::{Entry, Event};
use appwitness::virtual_device::specimen::pack;

use crate::device::{Folder, attempt};

const MODEL: &str = "
specimen: flashes
package: com.example.flashes
label: Flashes
activity: .Main
sdk: {min: 21, target: 33}
first-screen: home
screens:
  home:
    title: Home
    views: [{text: {words: Home}}]
    timers:
      - {after: 4s, do: [{show: flash}, {wait: 300ms}, {dismiss: flash}]}
      - {after: 6s, do: [{show: flash}, {wait: 300ms}, {dismiss: flash}]}
dialogs:
  flash: {title: Flash, message: Gone before one looks, cancelable: true, positive: {words: OK}}
";
const SCENARIO: &str = "
scenario: flashes
title: Watch
steps:
  - launch
  - dwell: {for: 8s}
";
const TITLE: &str = "com.example.flashes/com.example.flashes.Main";

/// When the activity's dialogs had the focus, in milliseconds of the device's clock: from the entry that tells of the
/// dialog's window to the next one about a window.
fn flashes(entries: &[Entry]) -> Vec<(i64, i64)> {
    let focus: Vec<(&Entry, Option<&str>, Option<&str>)> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::WindowFocused { window, token, .. } => Some((entry, window.as_deref(), token.as_deref())),
            _ => None,
        })
        .collect();
    let first = focus.iter().find(|(_, window, _)| *window == Some(TITLE)).and_then(|(_, _, token)| *token);
    let pairs = focus.windows(2).filter(|pair| pair[0].1 == Some(TITLE) && pair[0].2 != first);
    pairs.map(|pair| (pair[0].0.at.device.unwrap(), pair[1].0.at.device.unwrap())).collect()
}

/// Pictures that the watch took by itself.
fn pictures(entries: &[Entry]) -> usize {
    let own = |entry: &&Entry| matches!(&entry.event, Event::Captured(capture) if capture.reason == "window" && capture.screenshot.is_some());
    entries.iter().filter(own).count()
}

/// Profile, how far off a time may be in milliseconds, and whether the log tells of windows.
const DEVICES: [(&str, i64, &str); 4] = [
    ("api=34,skin=google,latency=instant", 50, "event log"),
    ("api=30,skin=aosp,latency=phone", 50, "event log"),
    ("api=23,latency=instant", 200, "focus turn"),
    ("api=28,latency=phone", 280, "focus turn"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_of_300_ms_is_in_the_record_with_its_times_and_pictured() {
    let folder = Folder::new();
    let path = folder.0.join("flashes.apk");
    std::fs::write(&path, pack(MODEL).unwrap()).unwrap();
    let app = Arc::new(App::open(&[path]).unwrap());
    let attempts = DEVICES.map(|(profile, ..)| tokio::spawn(attempt(profile, SCENARIO, app.clone())));
    for ((profile, off, source), attempt) in DEVICES.into_iter().zip(attempts) {
        let told = attempt.await.unwrap();
        assert_eq!(told.failure, None, "{profile}");
        let found = flashes(&told.entries);
        assert_eq!(found.len(), 2, "{profile}: {found:?}");
        for (from, to) in &found {
            assert!((to - from - 300).abs() <= off, "{profile}: {} ms", to - from);
        }
        let named = |entry: &Entry| matches!(&entry.event, Event::WindowFocused { source: s, .. } if s == source);
        assert!(told.entries.iter().any(named), "{profile}");
        let pictured = pictures(&told.entries);
        println!("{profile}: {found:?}, {pictured} pictured");
        // The second is not begun while a busy machine still works on the first.
        assert!(pictured >= 1, "{profile}");
    }
}

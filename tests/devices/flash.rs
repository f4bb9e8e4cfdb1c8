//! Windows that live 300 ms: always in the record with their times, and pictured where the log tells of them.
//!
//! Six on each device; `APPWITNESS_FLASHES=100` shows more of them.

use std::sync::Arc;

use appwitness::apk::App;
use appwitness::journal::entry::{Capture, Entry, Event};
use appwitness::virtual_device::fault::plan;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::specimen::pack;

use crate::device::{Folder, Told, attempt_of, order, paced};
use crate::flashes::{LIVES, TITLE, specimen};

/// Releases, and whether their log tells of an app's own windows.
const RELEASES: [(u32, bool); 8] =
    [(23, false), (26, false), (28, false), (29, false), (30, true), (33, true), (34, true), (36, true)];
/// How far a time may be off, in milliseconds: what a log tells, and what a turn of asking does, which takes 100 ms for the
/// dump and 50 ms before the next; the shell's own work is the rest.
const OFF_BY_LOG: i64 = 50;
const OFF_BY_TURN: i64 = 250;

fn count() -> usize {
    std::env::var("APPWITNESS_FLASHES").ok().and_then(|count| count.parse().ok()).unwrap_or(6)
}

fn scenario(count: usize) -> String {
    format!(
        "
scenario: flashes
title: Watch
steps:
  - launch
  - leave-alone: {}s
  - screenshot
",
        17 + count * 12 / 10
    )
}

/// One attempt on a device of this profile, with something that goes wrong on it.
async fn watched(profile: &str, count: usize, fault: Option<&str>) -> Told {
    let folder = Folder::new();
    let path = folder.0.join("flashes.apk");
    std::fs::write(&path, pack(&specimen(15, 1_200, count)).unwrap()).unwrap();
    let app = Arc::new(App::open(&[path]).unwrap());
    let profile = Profile::parse(profile).unwrap();
    let fault = fault.map(|rule| plan::parse_one(rule).unwrap());
    paced(move |clock| async move {
        let machine = Machine::boot(profile, clock.clone());
        if let Some(fault) = fault {
            machine.suffer(fault);
        }
        attempt_of(&order(&scenario(count), app), machine, clock).await
    })
    .await
}

/// From when to when a dialog of the activity had the focus: from the turn to its window to the next turn.
fn dialogs(turns: &[(i64, Option<&str>, String)]) -> Vec<(i64, i64)> {
    let first = turns.iter().find(|(_, title, _)| *title == Some(TITLE)).map(|(.., token)| token);
    let pairs = turns.windows(2).filter(|pair| pair[0].1 == Some(TITLE) && Some(&pair[0].2) != first);
    pairs.map(|pair| (pair[0].0, pair[1].0)).collect()
}

/// What the device itself knows.
fn true_flashes(told: &Told) -> Vec<(i64, i64)> {
    told.showings.iter().filter_map(|showing| Some((showing.at, showing.gone?))).collect()
}

/// What the record says.
fn told_flashes(told: &Told) -> Vec<(i64, i64)> {
    let turn = |entry: &Entry| match &entry.event {
        Event::WindowFocused { window, token, .. } => {
            let own = window.as_deref() == Some(TITLE);
            Some((entry.at.device.unwrap(), own.then_some(TITLE), token.clone().unwrap_or_default()))
        }
        _ => None,
    };
    dialogs(&told.entries.iter().filter_map(turn).collect::<Vec<_>>())
}

/// Pictures of the watch that show something else than the app's page, which stands still.
fn pictured(told: &Told) -> usize {
    let captures: Vec<&Capture> = told
        .entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Captured(capture) => Some(capture.as_ref()),
            _ => None,
        })
        .collect();
    let digest = |capture: &&Capture| capture.screenshot.as_ref().map(|picture| picture.sha256.clone());
    let (own, others): (Vec<_>, Vec<_>) = captures.into_iter().partition(|capture| capture.reason == "window");
    let page = others.iter().rev().find_map(digest).expect("the page is pictured at the end");
    own.iter().filter_map(digest).filter(|digest| *digest != page).count()
}

fn source(told: &Told) -> Option<&str> {
    told.entries.iter().rev().find_map(|entry| match &entry.event {
        Event::WindowFocused { source, .. } => Some(source.as_str()),
        _ => None,
    })
}

/// How many of the true flashes are told, and the largest error of their times in milliseconds.
fn compared(truth: &[(i64, i64)], told: &[(i64, i64)]) -> (usize, i64) {
    let near = |(from, to): &(i64, i64)| {
        let errors = told.iter().map(|(a, b)| (a - from).abs().max((b - to).abs()));
        errors.min().filter(|error| *error < 2 * LIVES)
    };
    let errors: Vec<i64> = truth.iter().filter_map(near).collect();
    (errors.len(), errors.into_iter().max().unwrap_or(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn flashes_are_in_the_record_with_their_times_and_pictured() {
    let count = count();
    let profile = |api| format!("api={api},latency=phone,size=412x915,density=160");
    let attempts = RELEASES.map(|(api, _)| tokio::spawn(async move { watched(&profile(api), count, None).await }));
    for ((api, logged), attempt) in RELEASES.into_iter().zip(attempts) {
        let told = attempt.await.unwrap();
        assert_eq!(told.failure, None, "API {api}");
        let (truth, found) = (true_flashes(&told), told_flashes(&told));
        assert_eq!(truth.len(), count, "API {api}: {truth:?}");
        let (recalled, off) = compared(&truth, &found);
        let pictured = pictured(&told);
        println!("API {api}: {recalled} of {count} told, {off} ms off at the most, {pictured} pictured");
        assert_eq!(source(&told), Some(if logged { "event log" } else { "focus turn" }), "API {api}");
        assert_eq!((recalled, found.len()), (count, count), "API {api}: {found:?} of {truth:?}");
        assert!(off <= if logged { OFF_BY_LOG } else { OFF_BY_TURN }, "API {api}: {found:?} of {truth:?}");
        // Of 100 at least 95; of six, all.
        assert!(!logged || pictured * 100 >= count * 95, "API {api}: {pictured} pictured");
        assert!(pictured <= count, "API {api}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_dump_takes_as_long_as_a_flash_lives_some_are_missed_and_none_is_invented() {
    let count = count();
    let told = watched("api=23,latency=slow", count, None).await;
    assert_eq!(told.failure, None);
    let (truth, found) = (true_flashes(&told), told_flashes(&told));
    let (recalled, off) = compared(&truth, &found);
    println!("API 23, slow: {recalled} of {} told, {off} ms off at the most", truth.len());
    assert_eq!(found.len(), recalled, "{found:?} of {truth:?}");
    // A turn takes 300 ms for the dump and 50 ms before the next: six of seven are met.
    assert!(recalled * 2 >= truth.len(), "{found:?} of {truth:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn flashes_of_a_time_when_the_stream_was_cut_are_told_once() {
    let count = 6;
    let cut = "{fault: cut, service: logcat, after-bytes: 3300}";
    let told = watched("api=34,latency=phone,size=412x915,density=160", count, Some(cut)).await;
    assert_eq!(told.failure, None);
    let (truth, found) = (true_flashes(&told), told_flashes(&told));
    assert_eq!((truth.len(), &found), (count, &truth));
    let gaps: Vec<(u64, u64, Option<u32>)> = told
        .entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Gap { from, to, again, .. } => Some((*from, *to, *again)),
            _ => None,
        })
        .collect();
    let [(from, to, Some(again))] = gaps[..] else { panic!("{gaps:?}") };
    println!("cut from {from} to {to} ms, {again} events read afterwards");
    assert!(from < to && again > 0);
}

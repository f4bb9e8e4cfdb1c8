//! Every window that an app puts above its screens is in the record once, in order, with its time, how it went and how many
//! taps that took; nothing else is. The truth is the device's own memory of dialogs.

use std::sync::Arc;

use appwitness::apk::App;
use appwitness::journal::entry::{Entry, Event, PopupEnd, PopupShown};
use appwitness::virtual_device::specimen::look::Form;
use appwitness::virtual_device::specimen::pack;
use appwitness::virtual_device::system::Showing;

use crate::device::{Folder, Told, attempt};
use crate::score::Score;
use crate::{AT_A_TIME, Kind, kinds, profile};

/// First API level whose log tells of every window that gets the focus.
const FOCUS_LOGGED_SINCE: u32 = 30;
/// How far a time may be off where the log tells of the window, and where the focused window is asked for in turn.
const LOGGED_MS: u64 = 50;
const ASKED_MS: u64 = 1_000;

/// A dialog's title is its name, so that record and memory can be laid beside each other in any language.
const MODEL: &str = "
specimen: windows
package: com.example.windows
label: Windows
sdk: {min: 21, target: 33}
first-screen: home
on: {start: [{wait: 500ms}, {show: offer}]}
screens:
  home:
    title: {en: Home, zh: 首页}
    views:
      - button: {id: more, words: {en: More, zh: 更多}, tap: [{show: terms}]}
      - button: {id: gift, words: {en: Gift, zh: 礼物}, tap: [{wait: 4s}, {show: sheet}, {wait: 300ms}]}
      - item: {id: row, words: {en: 'Row {n}', zh: '第{n}行'}, repeat: 4}
dialogs:
  offer:
    form: card
    title: offer
    message: {en: A coupon of 20 % off for new users. Get it now!, zh: 新人专享8折优惠券，立即领取}
    close: {size: 32}
  terms: {title: terms, message: {en: Some words, zh: 一些文字}, positive: {words: {en: OK, zh: 确定}}}
  sheet:
    form: sheet
    title: sheet
    message: {en: Limited time offer. Get your coupon now!, zh: 限时优惠，立即领取优惠券}
    close: {size: 32, taps: 2, do: [{wait: 3500ms}, {show: wide}]}
  # As large as the screen, like the dialogs of many libraries; no activity's page for all that.
  wide:
    form: full
    title: wide
    message: {en: A word from us, zh: 我们有话说}
    close: {size: 32, do: [{wait: 2500ms}, {show: news}]}
  news: {title: news, message: {en: Here is what is new, zh: 欢迎回来}, positive: {words: {en: OK, zh: 确定}}}
";
const SCENARIO: &str = "
scenario: windows
title: Watch
steps:
  - launch
  - dwell: {for: 3s}
  - tap: {id: more}
  - close-popup
  - tap: {id: gift}
  - dwell: {for: 20s}
  - home
";

/// What the model does, in order: dialog, how it goes, and with how many taps.
const EXPECTED: [(&str, PopupEnd, u32); 5] = [
    ("offer", PopupEnd::Closed, 1),
    ("terms", PopupEnd::Closed, 1),
    ("sheet", PopupEnd::Closed, 2),
    ("wide", PopupEnd::Closed, 1),
    ("news", PopupEnd::Closed, 1),
];

fn recorded(entries: &[Entry]) -> Vec<(&Entry, &PopupShown)> {
    let shown = entries.iter().filter_map(|entry| match &entry.event {
        Event::PopupShown(shown) => Some((entry, shown.as_ref())),
        _ => None,
    });
    shown.collect()
}

fn gone(entries: &[Entry], number: u32) -> Option<(PopupEnd, u32)> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::PopupGone { popup, how, taps, .. } if *popup == number => Some((*how, *taps)),
        _ => None,
    })
}

/// Whether the record tells of this window what the device remembers of it.
fn agree(told: &Told, truth: &Showing, entry: &Entry, shown: &PopupShown, api: u32) -> Result<(), String> {
    if shown.title != truth.dialog {
        return Err(format!("`{}` in place of `{}`", shown.title, truth.dialog));
    }
    let off = if api >= FOCUS_LOGGED_SINCE { LOGGED_MS } else { ASKED_MS };
    match entry.at.device {
        Some(at) if at.abs_diff(truth.at) <= off => {}
        at => return Err(format!("`{}` came at {}, recorded {at:?}", truth.dialog, truth.at)),
    }
    if shown.screenshot.is_none() {
        return Err(format!("`{}` has no picture", truth.dialog));
    }
    let expected = EXPECTED.iter().find(|(name, ..)| *name == truth.dialog).map(|(_, how, taps)| (*how, *taps));
    let went = gone(&told.entries, shown.popup);
    if went != expected {
        return Err(format!("`{}` went {went:?}, not {expected:?}", truth.dialog));
    }
    Ok(())
}

fn score(told: &Told, api: u32) -> (Score, Vec<String>) {
    let mut wrong: Vec<String> = told.failure.iter().map(|why| format!("the attempt failed: {why}")).collect();
    let shown = recorded(&told.entries);
    let truth: Vec<&Showing> = told.showings.iter().filter(|showing| showing.form != Form::Overlay).collect();
    let mut agreed = 0;
    for (at, truth) in truth.iter().enumerate() {
        match shown.get(at).map_or(Err("not recorded".into()), |(entry, shown)| agree(told, truth, entry, shown, api)) {
            Ok(()) => agreed += 1,
            Err(why) => wrong.push(format!("window {}: {why}", at + 1)),
        }
    }
    for (_, extra) in shown.iter().skip(truth.len()) {
        wrong.push(format!("`{}` was never shown", extra.title));
    }
    let names: Vec<&str> = truth.iter().map(|truth| truth.dialog.as_str()).collect();
    if names != EXPECTED.map(|(name, ..)| name) {
        wrong.push(format!("the model showed {names:?}"));
    }
    (Score { happened: truth.len(), recorded: shown.len(), agreed }, wrong)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_window_of_every_device_is_in_the_record_and_nothing_else() {
    let kinds = kinds();
    let folder = Folder::new();
    let path = folder.0.join("windows.apk");
    std::fs::write(&path, pack(MODEL).unwrap()).unwrap();
    let app = Arc::new(App::open(&[path]).unwrap());
    let line = Arc::new(tokio::sync::Semaphore::new(AT_A_TIME));
    let mut jobs = tokio::task::JoinSet::new();
    for kind in kinds.clone() {
        let (app, line) = (app.clone(), line.clone());
        jobs.spawn(async move {
            let _turn = line.acquire_owned().await.unwrap();
            let Kind { api, .. } = kind;
            let told = attempt(&profile(&kind), SCENARIO, app).await;
            (profile(&kind), score(&told, api))
        });
    }
    let mut total = Score::default();
    let mut all_wrong = Vec::new();
    while let Some(job) = jobs.join_next().await {
        let (name, (score, wrong)) = job.unwrap();
        total.add(score);
        all_wrong.extend(wrong.into_iter().map(|what| format!("{name}: {what}")));
    }
    all_wrong.sort();
    let (recall, precision) = (total.recall(), total.precision());
    println!("{} devices, {} windows: recall {recall:.1} %, precision {precision:.1} %", kinds.len(), total.happened);
    assert!(all_wrong.is_empty(), "{}", all_wrong.join("\n"));
    assert_eq!((total.happened, total.recorded, total.agreed), [kinds.len() * EXPECTED.len(); 3].into());
}

//! The same run on every device: each prompt of the device is in the record once, with the right permissions, order,
//! page and answer; each request for which nothing was shown is there as suppressed; nothing is invented.
//!
//! The truth is read from the virtual device's own memory, not from its screen or log. By default every release and
//! every skin is tried once; with `APPWITNESS_ALL_DEVICES` set, all of them with each other in both languages whose profile
//! holds its value: `api` for every one, `skin=miui` or `api=28,` for some.

mod device;
mod drive;
mod flash;
#[path = "../../benches/flashes.rs"]
mod flashes;
mod hands;
mod installed_apps;
mod latency;
mod long;
mod notification;
#[path = "../pace/mod.rs"]
mod pace;
mod pages;
mod popups;
mod score;
mod windows;

use std::sync::Arc;

use appwitness::journal::entry::{AccountAct, AccountOutcome, Entry, Event, LimitKind};
use appwitness::virtual_device::profile::API_LEVELS;
use score::{Device, Score};

const SKINS: [&str; 8] = ["aosp", "google", "samsung", "miui", "miui-plain", "coloros", "originos", "emui"];
const LOCALES: [&str; 2] = ["en-US", "zh-CN"];
/// Attempts at a time.
const AT_A_TIME: usize = 4;

const REFUSE: &str = "
scenario: refuse
title: Refuse for good
prompts: deny-for-good
steps:
  - launch
  - tap: {id: voice}
  - tap: {id: voice}
  - tap: {id: voice}
  - tap: {id: both}
  - tap: {id: album}
  - tap: {id: notify}
  - stop
  - launch: {times: 2}
  - settle
";

const ALLOW: &str = "
scenario: allow
title: Allow and sign in
needs: {account: true}
prompts: allow
steps:
  - launch
  - tap: {id: both}
  - tap: {id: album}
  - tap: {id: notify}
  - sign-in
  - stop
  - launch
";

/// The scenario answers by steps: the third page is about the position, and what it offers depends on the release.
fn steps(api: u32, skin: &str) -> String {
    let position = match api {
        23 => "allow",
        _ if skin.starts_with("miui") => "allow-foreground",
        ..=28 => "allow",
        29 => "allow-foreground",
        _ => "allow-once",
    };
    format!(
        "
scenario: by-steps
title: Answer by steps
prompts: ask
steps:
  - launch
  - answer: deny
  - answer: allow
  - answer: {position}
  - tap: {{id: voice}}
  - answer: deny
  - tap: {{id: notify}}
"
    )
}

#[derive(Clone)]
struct Kind {
    api: u32,
    skin: &'static str,
    locale: &'static str,
}

fn all_kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    for api in API_LEVELS {
        for skin in SKINS {
            for locale in LOCALES {
                kinds.push(Kind { api, skin, locale });
            }
        }
    }
    kinds
}

/// Every release once and every skin once, in turns of language.
fn some_kinds() -> Vec<Kind> {
    let one = |at: usize| Kind {
        api: API_LEVELS[at],
        skin: SKINS[(at + SKINS.len() - 1) % SKINS.len()],
        locale: LOCALES[at % 2],
    };
    // The oldest release has no skin but AOSP's.
    let oldest = Kind { api: API_LEVELS[0], skin: "aosp", locale: "en-US" };
    std::iter::once(oldest).chain((1..API_LEVELS.len()).map(one)).collect()
}

/// The devices that are asked for.
fn kinds() -> Vec<Kind> {
    match std::env::var("APPWITNESS_ALL_DEVICES") {
        Ok(part) => all_kinds().into_iter().filter(|kind| profile(kind).contains(&part)).collect(),
        Err(_) => some_kinds(),
    }
}

fn profile(kind: &Kind) -> String {
    let Kind { api, skin, locale } = kind;
    format!("api={api},skin={skin},locale={locale},size=412x915,density=160")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_prompt_of_every_device_is_in_the_record_and_nothing_else() {
    let kinds = kinds();
    let folder = device::Folder::new();
    let app = device::app(&folder);
    let line = Arc::new(tokio::sync::Semaphore::new(AT_A_TIME));
    let mut jobs = tokio::task::JoinSet::new();
    for kind in &kinds {
        for (name, scenario) in
            [("refuse", REFUSE.to_owned()), ("allow", ALLOW.to_owned()), ("steps", steps(kind.api, kind.skin))]
        {
            let (app, line, kind) = (app.clone(), line.clone(), kind.clone());
            jobs.spawn(async move {
                let _turn = line.acquire_owned().await.unwrap();
                let told = device::attempt(&profile(&kind), &scenario, app).await;
                let boxed = kind.api == 23 || (kind.api <= 28 && !kind.skin.starts_with("miui"));
                let (score, wrong) = score::score(&told, Device { api: kind.api, boxed });
                (format!("{} {name}", profile(&kind)), score, wrong)
            });
        }
    }
    let mut total = Score::default();
    let mut all_wrong = Vec::new();
    while let Some(job) = jobs.join_next().await {
        let (name, score, wrong) = job.unwrap();
        total.add(score);
        all_wrong.extend(wrong.into_iter().map(|what| format!("{name}: {what}")));
    }
    all_wrong.sort();
    println!(
        "{} devices, {} prompts and suppressed requests: recall {:.1} %, precision {:.1} %",
        kinds.len(),
        total.happened,
        total.recall(),
        total.precision()
    );
    assert!(total.happened > kinds.len() * 15, "the model asked {} times", total.happened);
    assert!(all_wrong.is_empty(), "{}", all_wrong.join("\n"));
    assert_eq!((total.happened, total.recorded), (total.agreed, total.agreed));
}

/// An answer that a dialog does not offer leaves it standing, on releases where *back* does not take it away: it is
/// written down once, the steps behind it fail, and nothing hangs.
#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_nothing_answers_is_one_prompt() {
    let folder = device::Folder::new();
    let scenario = "
scenario: wrong-answer
title: An answer that is not on offer
prompts: ask
steps:
  - launch
  - answer: allow-selected
  - settle
  - tap: {id: voice}
";
    let told = device::attempt("api=28,skin=aosp", scenario, device::app(&folder)).await;
    let prompts = told.entries.iter().filter(|e| matches!(e.event, Event::PromptShown(_))).count();
    assert_eq!(prompts, 1);
    let answers = told.entries.iter().filter_map(|e| match &e.event {
        Event::PromptAnswered(answered) => Some((answered.answer, answered.why.as_str())),
        _ => None,
    });
    assert_eq!(answers.collect::<Vec<_>>(), [(None, "the scenario's step; the dialog stays")]);
    let failed = told.entries.iter().find_map(|e| match &e.event {
        Event::StepEnded { path, message: Some(message), .. } => Some(format!("{path}: {message}")),
        _ => None,
    });
    assert!(failed.as_ref().is_some_and(|failed| failed.starts_with("4: the app is not in front")), "{failed:?}");
}

/// The captured Android 6: no shell v2, no `cmd`, nothing rendered.
#[tokio::test(flavor = "multi_thread")]
async fn an_android_6_that_renders_nothing_carries_the_same_run() {
    let folder = device::Folder::new();
    let app = device::app(&folder);
    let old = "preset=old,renders=false";
    for scenario in [REFUSE, ALLOW] {
        let told = device::attempt(old, scenario, app.clone()).await;
        let (score, wrong) = score::score(&told, Device { api: 23, boxed: true });
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!((score.happened, score.recorded), (score.agreed, score.agreed));
        let limits: Vec<LimitKind> = told.entries.iter().filter_map(limit).collect();
        let expected = [LimitKind::BlankScreen, LimitKind::NoCategory, LimitKind::NoNetworkCapture];
        assert_eq!(limits, expected, "what the device can't show is said, and nothing else is amiss");
        let secure = told.entries.iter().any(|e| matches!(&e.event, Event::Captured(capture) if capture.secure));
        assert!(!secure, "a device that renders nothing has no secure windows");
        if scenario == ALLOW {
            assert!(told.entries.iter().any(|e| matches!(
                e.event,
                Event::Account { act: AccountAct::SignIn, outcome: AccountOutcome::Accepted, .. }
            )));
        }
    }
}

fn limit(entry: &Entry) -> Option<LimitKind> {
    match entry.event {
        Event::Limit { limit, .. } => Some(limit),
        _ => None,
    }
}

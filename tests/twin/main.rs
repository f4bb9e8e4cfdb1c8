//! The twin on made-up apps, over the real wire: every part that is withheld when one permission is refused is named, and of
//! the apps that only change, by themselves or in a fair way, nothing is.
//!
//! `APPWITNESS_TWIN=NAME` runs one app; its record is kept under `target/tmp/twin`.

mod app;
mod yard;

use std::path::Path;
use std::sync::Arc;

use app::Truth;
use appwitness::judge::OutcomeKind;
use yard::Told;

/// Apps toured at once: they wait for the device more than they work.
const AT_ONCE: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_withheld_is_named_and_nothing_else_is() {
    let asked = std::env::var("APPWITNESS_TWIN").unwrap_or_default();
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("twin");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch).unwrap();
    let apps: Vec<_> = app::all().into_iter().filter(|app| asked.is_empty() || app.name == asked).collect();
    assert!(!apps.is_empty(), "no app is named `{asked}`");
    let gate = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut under_way = tokio::task::JoinSet::new();
    for app in apps {
        let (gate, scratch) = (gate.clone(), scratch.clone());
        under_way.spawn(async move {
            let _turn = gate.acquire_owned().await.unwrap();
            let begun = std::time::Instant::now();
            let told = yard::tour(&app, &scratch).await;
            (app, told, begun.elapsed())
        });
    }
    let (mut hits, mut misses, mut false_alarms, mut fair) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    let mut lines = Vec::new();
    while let Some(ended) = under_way.join_next().await {
        let (app, told, took) = ended.unwrap();
        lines.push(format!("{:<34} {:>5.1} s  {:?} {}", app.name, took.as_secs_f64(), told.named, told.reason));
        let named: Vec<&str> = told.named.iter().map(|(name, _)| name.as_str()).collect();
        match app.truth {
            Truth::Withholds(part) | Truth::OwnUse(part) => {
                let hit = named == [part] && told.named[0].1 == [app.group];
                hits += u32::from(hit);
                misses += u32::from(!named.contains(&part));
                false_alarms += named.iter().filter(|name| **name != part).count();
                if !hit {
                    wrong.push(format!("{}: {part} for {} should be named, is {:?}", app.name, app.group, told.named));
                }
            }
            Truth::Fair => {
                fair += 1;
                false_alarms += named.len();
                if !named.is_empty() {
                    wrong.push(format!("{}: nothing should be named, is {:?}", app.name, told.named));
                }
            }
        }
        check_judgement(&app, &told, &mut wrong);
    }
    lines.sort();
    println!("{}", lines.join("\n"));
    let share = |part: u32, rest: u32| f64::from(part) * 100.0 / f64::from((part + rest).max(1));
    println!(
        "named {hits}, missed {misses}, of {fair} fair apps and all other parts {false_alarms} named: recall {:.0} %, precision {:.0} %",
        share(hits, misses),
        share(hits, false_alarms as u32)
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The judge says so where the permission is none of the part's business, and nowhere else.
fn check_judgement(app: &app::App, told: &Told, wrong: &mut Vec<String>) {
    let should = matches!(app.truth, Truth::Withholds(_));
    if (told.outcome == OutcomeKind::Observed) != should {
        wrong.push(format!("{}: judged {:?}: {}", app.name, told.outcome, told.reason));
    }
    if app.truth == Truth::Fair && app.category == "news" && told.outcome != OutcomeKind::NotObserved {
        wrong.push(format!("{}: should be not observed, is {:?}: {}", app.name, told.outcome, told.reason));
    }
    wrong.extend(told.accused.iter().map(|finding| format!("{}: {finding} is observed", app.name)));
}

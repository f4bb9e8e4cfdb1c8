//! Days that go by in a moment: host and device on a clock that skips what nobody does anything in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use appwitness::apk::App;
use appwitness::catalogue::Catalogue;
use appwitness::journal::entry::Event;
use appwitness::judge::{OutcomeKind, judge};
use appwitness::virtual_device::specimen::pack;

use crate::device::{self, Folder};

/// Asks for the camera at its first start, and by itself once more after so many hours.
fn model(hours: u32) -> String {
    format!(
        "
specimen: again
package: com.example.asks
label: Again
category: online-shopping
sdk: {{min: 21, target: 33}}
permissions: [CAMERA]
first-screen: home
on: {{start: [{{ask: {{permissions: [CAMERA]}}}}]}}
timers: [{{after: {hours}h, do: [{{ask: {{permissions: [CAMERA]}}}}]}}]
screens: {{home: {{title: Again, views: [{{text: {{words: Nothing here}}}}]}}}}
"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_again_within_48_hours_is_too_soon_and_after_them_it_is_not() {
    let scenario = "scenario: days\ntitle: Days\nprompts: deny\nsteps:\n  - launch\n  - dwell: 50h\n";
    let mut jobs = tokio::task::JoinSet::new();
    for (hours, expected) in [(47, OutcomeKind::Observed), (49, OutcomeKind::NotObserved)] {
        jobs.spawn(async move {
            let folder = Folder::new();
            let path = folder.0.join("again.apk");
            std::fs::write(&path, pack(&model(hours)).unwrap()).unwrap();
            let app = Arc::new(App::open(&[path]).unwrap());
            let begun = Instant::now();
            let profile = "api=33,size=412x915,density=160";
            let told = device::attempt(profile, scenario, app).await;
            println!("50 hours in {:.1} s", begun.elapsed().as_secs_f64());
            assert_eq!(told.failure, None);
            let asked: Vec<u64> = told
                .entries
                .iter()
                .filter_map(|e| matches!(e.event, Event::PromptShown(_)).then_some(e.at.mono))
                .collect();
            let [first, second] = asked[..] else { panic!("{hours} h: asked at {asked:?}") };
            let apart = Duration::from_millis(second - first).as_secs_f64() / 3600.0;
            assert!((apart - f64::from(hours)).abs() < 0.25, "{hours} h: {apart}");
            let truth: Vec<i64> = told.truth.iter().map(|asking| asking.at).collect();
            assert_eq!(truth.len(), 2, "{hours} h");
            let judgement = judge(&told.entries, &Catalogue::builtin());
            let outcome = judgement.outcomes.iter().find(|o| o.finding == "repeated-asking-after-denial").unwrap();
            assert_eq!(outcome.outcome, expected, "{hours} h: {}", outcome.reason);
        });
    }
    while let Some(job) = jobs.join_next().await {
        job.unwrap();
    }
}

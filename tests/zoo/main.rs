//! The zoo: specimens that show a finding and near misses that do not. Every scenario a specimen names is run on the
//! embedded virtual device and judged, and each outcome must be the one the specimen says; what it does not name must
//! not be observed.
//!
//! `APPWITNESS_ZOO=all` runs every case in English and in Chinese; otherwise each specimen is run in one of them, and of each
//! rich specimen one scenario. `APPWITNESS_ZOO=rich` runs these alone.
//! `APPWITNESS_ZOO=NAME,NAME` runs some specimens, with `,all` behind them in both; records are kept under `target/tmp/zoo`.
//! `APPWITNESS_ZOO_DEVICE=latency=phone` adds to what the devices are like: what a slow one shows may differ, and is looked at.

mod outing;
#[path = "../pace/mod.rs"]
mod pace;
mod pen;
mod score;
mod whole;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use pen::{Pen, Visit};
use score::Score;

/// Visits under way at once. Each has a thread and a time of its own, and now and then makes sure that nobody works.
const AT_ONCE: usize = 4;
/// Room for the tasks of a visit in a build without optimisation, in bytes.
const STACK: usize = 16 << 20;

#[test]
fn every_specimen_gets_the_outcomes_it_names() {
    let asked = std::env::var("APPWITNESS_ZOO").unwrap_or_default();
    let pen = Pen::open();
    let visits: Vec<Visit> = pen.visits(&asked);
    assert!(!visits.is_empty(), "no specimen is named `{asked}`");
    let (next, score) = (AtomicUsize::new(0), Mutex::new(Score::default()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let work = || {
                while let Some(visit) = visits.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = std::time::Instant::now();
                    let judgement = pen.run(visit);
                    score.lock().unwrap().add(visit, &judgement, begun.elapsed());
                }
            };
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap();
        }
    });
    let score = score.into_inner().unwrap();
    println!("{score}");
    let mistakes = score.mistakes();
    assert!(mistakes.is_empty(), "the judge and the specimens differ in {} outcomes: {mistakes:#?}", mistakes.len());
}

//! Searches on made-up apps: what the model has is found where it is, what it has not is never found, and nothing that
//! can't be undone is pressed.
//!
//! `APPWITNESS_SEEK=all` walks 20 apps and then those with words that were held back (`held`: these alone), whose rate is
//! told and not asserted; `APPWITNESS_SEEK=SEED` walks one.

mod app;
mod score;
mod words;
mod yard;

use std::path::Path;
use std::sync::Arc;

use score::Score;

/// Seeds of the apps that the searches were mended with, and of those that were held back.
const KNOWN: std::ops::Range<u64> = 1..21;
const HELD: std::ops::Range<u64> = 101..106;
/// Apps of the default run.
const FEW: usize = 12;
/// Apps walked at once: a walk waits more than it works.
const AT_ONCE: usize = 12;
/// Share of what is there that has to be found.
const FOUND: f64 = 0.95;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_there_is_found_and_nothing_irreversible_is_pressed() {
    let asked = std::env::var("APPWITNESS_SEEK").unwrap_or_default();
    let known: Vec<u64> = match asked.as_str() {
        "all" => KNOWN.collect(),
        "held" => Vec::new(),
        "" => KNOWN.take(FEW).collect(),
        seed => vec![seed.parse().expect("APPWITNESS_SEEK: all, or a seed")],
    };
    let score = walk(&known, true).await;
    println!("{score}");
    if matches!(asked.as_str(), "all" | "held") {
        let held = walk(&HELD.collect::<Vec<u64>>(), false).await;
        println!("held back:\n{held}");
    }
    score.check(FOUND);
}

async fn walk(seeds: &[u64], tell: bool) -> Score {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seek");
    let _ = std::fs::remove_dir_all(&scratch);
    let gate = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut under_way = tokio::task::JoinSet::new();
    for seed in seeds.iter().copied() {
        let (gate, scratch) = (gate.clone(), scratch.clone());
        under_way.spawn(async move {
            let _turn = gate.acquire_owned().await.unwrap();
            let app = app::make(seed, HELD.contains(&seed));
            let begun = std::time::Instant::now();
            let walk = yard::walk(&app, &scratch).await;
            (app, walk, begun.elapsed())
        });
    }
    let mut score = Score::new(tell);
    while let Some(ended) = under_way.join_next().await {
        let (app, walk, took) = ended.unwrap();
        score.add(&app, &walk, took);
    }
    score
}

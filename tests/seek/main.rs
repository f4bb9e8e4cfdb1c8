//! Searches on made-up apps: what the model has is found where it is, what it has not is never found, and nothing that
//! can't be undone is pressed.
//!
//! `APPWITNESS_SEEK=all` walks 20 apps and then those with words that were held back (`held`: these alone), whose rate is
//! told and not asserted; `APPWITNESS_SEEK=SEED` walks one; `APPWITNESS_SEEK=200..220` those with the words held back. The rich specimens of `scenarios/specimens/rich` are walked as
//! well: two of them, with `all` each in both languages, with `rich` these alone, with
//! `APPWITNESS_SEEK=NAME,NAME` those.

mod app;
mod further;
mod graph;
mod paint;
mod rich;
mod score;
mod tongues;
mod words;
mod yard;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::App;
use score::Score;

/// Seeds of the apps that the searches were mended with, and of those that were held back.
const KNOWN: std::ops::Range<u64> = 1..21;
const HELD: std::ops::Range<u64> = 100..120;
/// Apps of the default run.
const FEW: usize = 8;
/// Apps walked at once: a walk waits more than it works.
const AT_ONCE: usize = 12;
/// Share of what is there that has to be found in made-up apps; in the rich ones it is all of it.
const FOUND: f64 = 0.95;
/// Rich apps of the default run, with their languages.
const SOME: [(&str, bool); 2] = [("deerchat", true), ("swiftcab", false)];

/// The made-up apps that were asked for, and those with words that were held back.
fn made(asked: &str) -> (Vec<App>, Vec<App>) {
    let known = |seeds: Vec<u64>| seeds.into_iter().map(|seed| app::make(seed, HELD.contains(&seed))).collect();
    if let Some((from, to)) = asked.split_once("..") {
        let seeds = from.parse().unwrap()..to.parse().unwrap();
        return (Vec::new(), seeds.map(|seed| app::make(seed, true)).collect());
    }
    match asked {
        "all" => (known(KNOWN.collect()), known(HELD.collect())),
        "held" => (Vec::new(), known(HELD.collect())),
        "" => (known(KNOWN.take(FEW).collect()), Vec::new()),
        seed => (seed.parse().map(|seed| known(vec![seed])).unwrap_or_default(), Vec::new()),
    }
}

/// The rich apps that were asked for.
fn rich(asked: &str) -> Vec<App> {
    let both = |name: &str| [true, false].map(|chinese| (name.to_owned(), chinese));
    let wanted = |name: &str| match asked {
        "all" | "rich" => both(name).to_vec(),
        "" => SOME.iter().filter(|(known, _)| *known == name).map(|(_, chinese)| (name.to_owned(), *chinese)).collect(),
        asked if asked.split(',').any(|one| one == name) => both(name).to_vec(),
        _ => Vec::new(),
    };
    let all = rich::all();
    all.iter().flat_map(|r| wanted(&r.specimen.specimen).into_iter().map(move |(_, chinese)| r.app(chinese))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_there_is_found_and_nothing_irreversible_is_pressed() {
    let asked = std::env::var("APPWITNESS_SEEK").unwrap_or_default();
    let (known, held) = made(&asked);
    let rich = rich(&asked);
    assert!(
        !known.is_empty() || !held.is_empty() || !rich.is_empty(),
        "APPWITNESS_SEEK: all, held, rich, a seed, a range of seeds or a name"
    );
    let scratch = scratch("seek");
    let (known, rich) = tokio::join!(walk(known, true, &scratch), walk(rich, true, &scratch));
    println!("made up:\n{known}\nrich:\n{rich}");
    if !held.is_empty() {
        println!("held back:\n{}", walk(held, std::env::var_os("APPWITNESS_SEEK_TELL").is_some(), &scratch).await);
    }
    known.check(FOUND);
    rich.check(1.0);
}

/// An empty folder of this name.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

async fn walk(apps: Vec<App>, tell: bool, scratch: &Path) -> Score {
    let gate = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut under_way = tokio::task::JoinSet::new();
    for app in apps {
        let (gate, scratch) = (gate.clone(), scratch.to_owned());
        under_way.spawn(async move {
            let _turn = gate.acquire_owned().await.unwrap();
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

//! The same searches in Chinese as it is written in Taiwan, and in a language whose words come from a file.
//!
//! `APPWITNESS_SEEK_TAIWAN=1..30` walks other apps than the few of the default run.

use std::sync::Arc;

use appwitness::journal::entry::SeekOutcome;
use appwitness::ui::{Concept, Lexicon};

use crate::app::{App, Truth, make_in};
use crate::words::Tongue;
use crate::yard::walk_by;
use crate::{FOUND, scratch, walk};

/// Seeds of the default run: a few of each, because a walk takes seconds.
const TAIWAN: std::ops::Range<u64> = 13..17;
const PORTUGUESE: u64 = 2;
/// What is looked for without the file: enough to see that nothing is.
const SOME: [Concept; 3] = [Concept::AccountDeletion, Concept::PrivacyPolicy, Concept::PermissionManagement];

fn seeds() -> std::ops::Range<u64> {
    let Ok(asked) = std::env::var("APPWITNESS_SEEK_TAIWAN") else { return TAIWAN };
    let (from, to) = asked.split_once("..").expect("APPWITNESS_SEEK_TAIWAN: a range of seeds");
    from.parse().unwrap()..to.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apps_in_the_chinese_of_taiwan_are_searched_by_the_shipped_words() {
    let score =
        walk(seeds().map(|seed| make_in(Tongue::Taiwan, seed, false)).collect(), true, &scratch("seek-taiwan")).await;
    println!("in the Chinese of Taiwan:\n{score}");
    score.check(FOUND);
}

fn there(app: &App, concept: Concept) -> Option<&Vec<String>> {
    app.truth.iter().find_map(|(of, truth)| match truth {
        Truth::There { words, .. } if *of == concept => Some(words),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_language_is_added_by_a_file_and_without_building() {
    let app = make_in(Tongue::Portuguese, PORTUGUESE, false);
    let scratch = scratch("seek-by-file");
    let shipped = Lexicon::builtin();
    let given = Arc::new(shipped.clone().adding("pt.yaml", include_str!("pt.yaml")).unwrap());
    let looked_for: Vec<Concept> = Concept::ALL.into_iter().filter(|concept| there(&app, *concept).is_some()).collect();
    let some: Vec<Concept> = SOME.into_iter().filter(|concept| looked_for.contains(concept)).collect();
    assert!(looked_for.len() > 6 && some.len() > 1, "the app has too little: {looked_for:?}");
    let (here, there_not, shipped) = (scratch.join("with"), scratch.join("without"), Arc::new(shipped));
    let without = walk_by(&app, &shipped, &some, &there_not);
    let (with, without) = tokio::join!(walk_by(&app, &given, &looked_for, &here), without);
    for (concept, seek) in looked_for.iter().zip(&with.seeks) {
        assert_eq!((seek.concept, seek.outcome), (*concept, SeekOutcome::Found), "{:?}", seek.words);
        assert!(there(&app, *concept).unwrap().contains(&seek.words), "{concept:?}: {}", seek.words);
    }
    assert_eq!((with.seeks.len(), without.seeks.len()), (looked_for.len(), some.len()));
    assert_eq!(with.irreversible, [] as [&str; 0]);
    let found = |seek: &&appwitness::journal::entry::SeekEnded| seek.outcome == SeekOutcome::Found;
    assert_eq!(without.seeks.iter().filter(found).count(), 0);
    for seek in &without.seeks {
        assert!(seek.ways.iter().all(|way| way.from != way.to && way.from.max(way.to) < seek.visited.len()));
        assert!(seek.ways.len() + 1 >= seek.visited.len(), "{:?} of {:?}", seek.ways, seek.visited);
    }
}

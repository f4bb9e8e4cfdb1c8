//! Content chosen for one person, and whether it says so.

use super::place::{Sought, sought};
use super::{Rule, numbers};
use crate::journal::entry::FeedSeen;
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Screens};
use crate::ui::{Concept, List};

pub(super) const RULES: &[Rule] =
    &[Rule { finding: "recommendation-not-labelled", needs: &[Launch, Screens], decide: not_labelled }];

/// What the app itself says of choosing content for a person.
enum Says {
    /// It does: the policy, or a switch for it, at these entries.
    Chooses(Vec<u64>),
    /// A policy that was read to its end, at this entry, does not speak of it.
    Nothing(Moment),
    /// No policy was read to its end.
    Unread,
}

fn says(case: &Case) -> Says {
    let policies = || case.texts.iter().filter(|(_, read)| read.concept == Concept::PrivacyPolicy);
    let declares = policies().filter(|(_, read)| case.mentions(&read.text, List::Personalised));
    let mut entries: Vec<u64> = declares.map(|(at, _)| at.seq).collect();
    if let Sought::Found(at, _) = sought(case, Concept::RecommendationSwitch) {
        entries.push(at.seq);
    }
    match (entries.is_empty(), policies().find(|(_, read)| read.whole)) {
        (false, _) => Says::Chooses(entries),
        (true, Some((at, _))) => Says::Nothing(*at),
        (true, None) => Says::Unread,
    }
}

/// Whether a list of rows was chosen for a person does not show on it: a person tells, from the pages of both kinds.
fn not_labelled(case: &Case, _: &Marks) -> Ruled {
    let feeds: &[(Moment, &FeedSeen)] = &case.feeds;
    let (labelled, plain): (Vec<_>, Vec<_>) = feeds.iter().copied().partition(|(_, feed)| !feed.labels.is_empty());
    let all = || feeds.iter().map(|(at, _)| *at);
    if feeds.is_empty() {
        return Ok(Ruling::not_assessable("no list that could be a feed was come upon"));
    }
    if plain.is_empty() {
        let words = labelled.iter().flat_map(|(_, feed)| &feed.labels).map(String::as_str).collect::<Vec<_>>();
        return Ok(
            Ruling::not_observed(format!("every feed that was come upon is labelled: {}", words.join(", "))).at(all())
        );
    }
    let at: Vec<u64> = plain.iter().map(|(at, _)| at.seq).collect();
    Ok(match says(case) {
        Says::Chooses(entries) => Ruling::not_assessable(format!(
            "the app says that it chooses content for a person, and nothing on these lists does ({}): a person must tell whether \
             they are chosen",
            numbers(&at)
        ))
        .at(all())
        .on(entries)
        .for_review(true),
        Says::Nothing(read) => {
            Ruling::not_triggered("neither the policy nor a switch says that the app chooses content for a person")
                .at([read])
                .at(all())
        }
        Says::Unread => Ruling::not_assessable(format!(
            "lists without a label were come upon ({}); no policy was read that would tell whether they are chosen for a person",
            numbers(&at)
        ))
        .at(all()),
    })
}

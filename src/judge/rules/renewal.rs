//! Offers that renew themselves.

use super::Rule;
use super::place::{Sought, sought};
use crate::journal::entry::RenewalOffer;
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Screens};
use crate::ui::Concept;

pub(super) const RULES: &[Rule] =
    &[Rule { finding: "autorenewal-preticked", needs: &[Launch, Screens], decide: preticked }];

fn preticked(case: &Case, _: &Marks) -> Ruled {
    // What the person ticked is no default: the first sight of a box counts.
    let mut seen: Vec<&str> = Vec::new();
    let mut first: Vec<(Moment, &RenewalOffer, bool)> = Vec::new();
    for (at, offer) in case.offers.iter().filter(|(_, offer)| offer.priced) {
        for (label, ticked) in &offer.boxes {
            if !seen.contains(&label.as_str()) {
                seen.push(label);
                first.push((*at, offer, *ticked));
            }
        }
    }
    if let Some((at, offer, _)) = first.iter().find(|(_, _, ticked)| *ticked) {
        let label = offer.boxes.iter().find(|(_, ticked)| *ticked).map_or("", |(label, _)| label);
        return Ok(Ruling::observed(format!("\"{label}\" is ticked when the offer comes up (#{})", at.seq)).at([*at]));
    }
    if let Some((label, at)) = ticks_itself(case) {
        let words = format!("\"{label}\" ticks itself when something else is pressed (#{})", at.seq);
        return Ok(Ruling::observed(words).at([at]).for_review(true));
    }
    let priced: Vec<Moment> = case.offers.iter().filter(|(_, offer)| offer.priced).map(|(at, _)| *at).collect();
    if priced.is_empty() {
        return Ok(Ruling::not_assessable("no page was opened that offers something which renews itself"));
    }
    if first.is_empty() {
        let words =
            "an offer renews itself, and no box for it was readable: a person must tell whether it can be declined";
        return Ok(Ruling::not_assessable(words).at(priced).for_review(true));
    }
    let of_an_offer = |words: &str| seen.contains(&words);
    Ok(match sought(case, Concept::SubscriptionCancel) {
        Sought::Found(at, seek) if of_an_offer(&seek.words) => Ruling::not_assessable(format!(
            "the renewal is not ticked in advance; what was found for cancelling, \"{}\", is the box of the offer itself: a person must \
             look",
            seek.words
        ))
        .at(priced)
        .at([at])
        .for_review(true),
        Sought::Found(at, seek) => Ruling::not_observed(format!(
            "the renewal is not ticked in advance, and it can be cancelled: \"{}\"",
            seek.words
        ))
        .at(priced)
        .at([at]),
        Sought::Absent(at, _) => Ruling::observed("an offer renews itself, and no way to cancel was found")
            .at(priced)
            .at([at])
            .for_review(true),
        Sought::Unknown(ruling) => Ruling::not_assessable(format!(
            "the renewal is not ticked in advance; whether it can be cancelled was not seen: {}",
            ruling.reason
        ))
        .at(priced)
        .on(ruling.entries),
    })
}

/// A box that was empty and is ticked on a later look at the offer, with presses of other controls alone between.
fn ticks_itself<'a>(case: &Case<'a>) -> Option<(&'a str, Moment)> {
    let priced = || case.offers.iter().filter(|(_, offer)| offer.priced);
    priced().flat_map(|(at, offer)| offer.boxes.iter().map(move |named| (*at, named))).find_map(
        |(at, (label, ticked))| {
            let empty = |offer: &RenewalOffer| offer.boxes.iter().any(|(known, ticked)| known == label && !ticked);
            let before = priced().rev().find(|(then, offer)| then.seq < at.seq && empty(offer))?.0;
            let taps: Vec<&str> = case
                .own_taps
                .iter()
                .filter(|(tap, _)| tap.seq > before.seq && tap.seq < at.seq)
                .map(|(_, input)| input.target.as_str())
                .collect();
            // A press without words may be one on the box itself.
            let others = !taps.is_empty() && taps.iter().all(|target| !target.is_empty() && !label.contains(target));
            (*ticked && others).then_some((label.as_str(), at))
        },
    )
}

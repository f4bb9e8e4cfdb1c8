//! Advertisements and other windows that interrupt.

use super::{Rule, numbers};
use crate::journal::entry::{Control, PopupEnd, PopupRole};
use crate::judge::case::{Case, Moment, Popup};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Windows};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "popup-without-close", needs: &[Launch, Windows], decide: without_close },
    Rule { finding: "popup-close-needs-more-than-one-tap", needs: &[Launch, Windows], decide: more_than_one_tap },
    Rule { finding: "popup-returns-after-close", needs: &[Launch, Windows], decide: returns },
    Rule { finding: "frequent-popups", needs: &[Launch, Windows], decide: frequent },
];

/// Length of the session in which pop-ups are counted, in ms: the threshold's name says ten minutes. A start of the app
/// begins another session, or a run that starts it again and again would count its own starts.
const SESSION: u64 = 600_000;

fn promotions<'c, 'a>(case: &'c Case<'a>) -> Vec<&'c Popup<'a>> {
    case.popups.iter().filter(|p| p.shown.role == PopupRole::Promotion).collect()
}

const NONE: &str = "no promotional window was shown";

/// Smaller side of a control in density-independent pixels; `None` when the density is not known.
fn size_dp(control: &Control, density: u32) -> Option<f64> {
    let bounds = control.bounds;
    let side = bounds.width().min(bounds.height());
    (density > 0 && side > 0).then(|| f64::from(side) * 160.0 / f64::from(density))
}

fn without_close(case: &Case, marks: &Marks) -> Ruled {
    let least = marks.get("min_close_target")?;
    let shown = promotions(case);
    if shown.is_empty() {
        return Ok(Ruling::not_triggered(NONE));
    }
    let pictured = || shown.iter().filter(|p| p.shown.capture.is_some());
    let (seen_out, cut_off): (Vec<&Popup>, Vec<&Popup>) =
        pictured().filter(|p| !is_used(case, p)).partition(|p| !p.shown.close.is_empty() || was_seen_out(p));
    for popup in seen_out {
        let base = [popup.at].into_iter().chain(popup.gone.map(|g| g.at));
        let title = &popup.shown.title;
        let stays = popup.gone.is_some_and(|g| g.how == PopupEnd::NotClosed && g.taps > 0);
        let came_late = popup.gone.is_some_and(|g| g.close_after.is_some());
        if popup.shown.close.is_empty() && !came_late && !by_mark(popup) {
            let words = format!("the window \"{title}\" (#{}) shows nothing that closes it", popup.at.seq);
            return Ok(Ruling::observed(words).at(base).for_review(true));
        }
        if popup.gone.is_some_and(|gone| gone.how == PopupEnd::LedAway) {
            let words = format!("what should close the window \"{title}\" (#{}) leads to another app", popup.at.seq);
            return Ok(Ruling::observed(words).at(base).for_review(true));
        }
        if stays {
            let words = format!("the window \"{title}\" (#{}) stays when its close control is pressed", popup.at.seq);
            return Ok(Ruling::observed(words).at(base).for_review(true));
        }
        let controls = if popup.shown.close.is_empty() { &popup.shown.marks } else { &popup.shown.close };
        let largest = controls.iter().filter_map(|c| size_dp(c, case.density)).max_by(f64::total_cmp);
        if let Some(size) = largest.filter(|size| *size < least.value) {
            let words = format!("the close control of \"{title}\" (#{}) is {size:.0} dp small", popup.at.seq);
            return Ok(Ruling::observed(words).at(base).by(&least).for_review(true));
        }
    }
    if let Some(popup) = cut_off.first() {
        let words = format!(
            "the window \"{}\" (#{}) showed nothing that closes it at first, and was not watched until something might come",
            popup.shown.title, popup.at.seq
        );
        return Ok(Ruling::not_assessable(words).at([popup.at]));
    }
    if let Some(page) = pictured().find(|p| is_used(case, p)) {
        let (title, seq) = (&page.shown.title, page.at.seq);
        return Ok(Ruling::not_assessable(format!(
            "\"{title}\" (#{seq}) shows nothing that closes it, and the run went on from it as from a page of the app: a person must \
             tell whether it is an advertisement"
        ))
        .at([page.at])
        .for_review(true));
    }
    Ok(match pictured().next().is_some() {
        true => Ruling::not_observed("every promotional window had a working close control")
            .at(shown.iter().map(|p| p.at))
            .by(&least),
        false => Ruling::not_assessable("promotional windows vanished before they could be read")
            .at(shown.iter().map(|p| p.at)),
    })
}

/// Whether a window was watched until it went or nothing had closed it: another one came above it, or the app was taken away, before
/// that.
fn was_seen_out(popup: &Popup) -> bool {
    popup.gone.is_none_or(|gone| !matches!(gone.how, PopupEnd::AppGone | PopupEnd::Unseen))
}

/// Whether a control without words closed a window.
fn by_mark(popup: &Popup) -> bool {
    !popup.shown.marks.is_empty() && popup.gone.is_some_and(|gone| gone.how == PopupEnd::Closed && gone.taps > 0)
}

/// Whether a page that nothing closed was used as one of the app's own: its controls were pressed to go on.
fn is_used(case: &Case, popup: &Popup) -> bool {
    /// Share of the screen that a page covers.
    const PAGE: f64 = 0.9;
    let stays = popup.gone.is_some_and(|gone| gone.how == PopupEnd::NotClosed && gone.taps == 0);
    let words = || popup.shown.words.lines();
    let pressed = case.own_taps.iter().any(|(at, input)| {
        at.seq > popup.at.seq && !input.target.is_empty() && words().any(|line| line == input.target)
    });
    stays && popup.shown.close.is_empty() && popup.shown.covers >= PAGE && pressed
}

fn more_than_one_tap(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("max_taps_to_close")?;
    let shown = promotions(case);
    if shown.is_empty() {
        return Ok(Ruling::not_triggered(NONE));
    }
    let taps = |p: &Popup| {
        let gone = p
            .gone
            .filter(|g| matches!(g.how, PopupEnd::Closed | PopupEnd::Refused | PopupEnd::Back | PopupEnd::NotClosed));
        gone.filter(|g| g.taps > 0).map(|g| (g.at, g.taps + u32::from(g.how == PopupEnd::Back)))
    };
    let slow =
        shown.iter().find_map(|p| taps(p).filter(|(_, n)| u64::from(*n) > most.count()).map(|(at, n)| (p, at, n)));
    if let Some((popup, at, n)) = slow {
        let words = format!("closing \"{}\" (#{}) took {n} taps", popup.shown.title, popup.at.seq);
        return Ok(Ruling::observed(words).at([popup.at, at]).by(&most).for_review(true));
    }
    let closed: Vec<Moment> = shown.iter().filter_map(|p| taps(p).map(|(at, _)| at)).collect();
    Ok(match closed.is_empty() {
        true => Ruling::not_assessable("no promotional window was closed in this run").at(shown.iter().map(|p| p.at)),
        false => Ruling::not_observed("every promotional window closed with one tap").at(closed).by(&most),
    })
}

fn returns(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("returns")?;
    let shown = promotions(case);
    if shown.is_empty() {
        return Ok(Ruling::not_triggered(NONE));
    }
    let closed: Vec<(&Popup, Moment)> = shown
        .iter()
        .filter_map(|p| {
            p.gone
                .filter(|g| matches!(g.how, PopupEnd::Closed | PopupEnd::Refused | PopupEnd::Back))
                .map(|g| (*p, g.at))
        })
        .collect();
    if closed.is_empty() {
        return Ok(Ruling::not_triggered("no promotional window was closed"));
    }
    for (popup, at) in &closed {
        let left = page_left(case, *at);
        let again: Vec<u64> = shown
            .iter()
            .filter(|p| p.at.seq > at.seq && p.at.seq < left && is_same(popup, p))
            .map(|p| p.at.seq)
            .collect();
        if again.len() as u64 > most.count() {
            let words = format!(
                "\"{}\" came again on the same page after it was closed ({})",
                popup.shown.title,
                numbers(&again)
            );
            // Other words make another window, or the same with a count in it.
            let others = |p: &&&Popup| again.contains(&p.at.seq) && p.shown.words != popup.shown.words;
            let doubtful = shown.iter().any(|p| others(&p));
            return Ok(Ruling::observed(words).at([popup.at, *at]).on(again).by(&most).for_review(doubtful));
        }
    }
    Ok(Ruling::not_observed("no closed window came again on the same page")
        .at(closed.iter().map(|(_, at)| *at))
        .by(&most))
}

/// The same window: it says so, or its structure is the same; and the page beneath is the same.
fn is_same(first: &Popup, second: &Popup) -> bool {
    let (a, b) = (first.shown, second.shown);
    let named = b.same_as.is_some_and(|n| n == a.popup || a.same_as == Some(n));
    (named || (!a.signature.is_empty() && a.signature == b.signature))
        && a.activity == b.activity
        && a.launch == b.launch
}

/// The first entry at which the page is another one, or the person did something that may have asked for the window.
fn page_left(case: &Case, from: Moment) -> u64 {
    let tap = case.own_taps.iter().find(|(at, _)| at.seq > from.seq).map(|(at, _)| at.seq);
    let launch = case.launches.iter().chain(&case.stops).find(|at| at.seq > from.seq).map(|at| at.seq);
    let key = case.inputs.iter().find(|(at, i)| at.seq > from.seq && i.act == "key").map(|(at, _)| at.seq);
    [tap, launch, key].into_iter().flatten().min().unwrap_or(u64::MAX)
}

fn frequent(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("max_per_10_min")?;
    let shown = promotions(case);
    let Some(first) = shown.first() else { return Ok(Ruling::not_triggered(NONE)) };
    let begins = shown.iter().enumerate();
    let near =
        |p: &Popup, q: &Popup| case.is_within(p.at, q.at, SESSION) && case.launch_of(q.at) == case.launch_of(p.at);
    let crowds = begins.map(|(from, p)| shown[from..].iter().take_while(|q| near(p, q)).collect::<Vec<_>>());
    if let Some(crowd) = crowds.max_by_key(Vec::len).filter(|crowd| crowd.len() as u64 > most.count()) {
        let entries: Vec<u64> = crowd.iter().map(|p| p.at.seq).collect();
        let words =
            format!("{} promotional windows within ten minutes of one session ({})", entries.len(), numbers(&entries));
        return Ok(Ruling::observed(words).on(entries).by(&most).for_review(true));
    }
    let watched = case.last.saturating_sub(case.launches.first().map_or(first.at.mono, |at| at.mono));
    Ok(match watched >= SESSION {
        true => Ruling::not_observed("not more promotional windows than the limit in any ten minutes")
            .at(shown.iter().map(|p| p.at))
            .by(&most),
        false => Ruling::not_assessable(format!(
            "{} promotional window(s) in {} s; ten minutes have to be watched",
            shown.len(),
            watched / 1_000
        ))
        .at(shown.iter().map(|p| p.at))
        .by(&most),
    })
}

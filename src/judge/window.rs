//! Windows of the app that came and went before anybody read what they say.
//!
//! Where a dump takes seconds, the log still tells of each dialog. What it held is not known then: neither that it was an
//! advertisement nor that it was none.

use std::collections::{BTreeMap, BTreeSet};

use crate::judge::case::{Case, Moment};

/// The focus went to a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn<'a> {
    pub at: Moment,
    /// Its title, `package/full.Class` for an activity's window and its dialogs.
    pub title: &'a str,
    /// Its number; a dialog has its activity's title and another number.
    pub token: &'a str,
}

/// A dialog's time in front that comes this near to the entry about a window is that window's, in ms (both times are the
/// device's, rounded by the log and by the shell).
const SAME_MS: i64 = 20;

/// The dialogs of the app that had the focus and that no look and no pop-up of the record shows.
pub(super) fn unread(case: &Case) -> Vec<Moment> {
    let told: BTreeSet<i64> = case.popups.iter().filter_map(|p| p.at.device).collect();
    let is_told = |at: i64| told.range(at.saturating_sub(SAME_MS)..=at.saturating_add(SAME_MS)).next().is_some();
    let read = |from: &Moment, until: u64| {
        let begin = case.captures.partition_point(|(at, _)| at.seq <= from.seq);
        let mut looks = case.captures[begin..].iter().take_while(|(at, _)| at.seq < until);
        // A look that began before may show what stood there then.
        let legible = |(at, seen): &(Moment, &crate::journal::entry::Capture)| {
            seen.hierarchy.is_some() && at.device.zip(from.device).is_some_and(|(look, came)| look >= came)
        };
        looks.any(legible)
    };
    // What looks tell of a window; the first of an activity's to have the focus need not be its own.
    let looks = case.captures.iter().filter_map(|(_, seen)| Some((seen.window.as_deref()?, seen.above?)));
    let known: BTreeMap<&str, bool> = looks.collect();
    let mut pages: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut dialogs: BTreeMap<(&str, &str), (Moment, bool)> = BTreeMap::new();
    for stay in stays(case) {
        let own = own_window(&stay, &known, is_told);
        pages.extend(stay.iter().map(|(_, turn)| (turn.title, turn.token)).filter(|(_, token)| Some(*token) == own));
        for (place, turn) in &stay {
            let page = known.get(turn.token) == Some(&false) || pages.contains(&(turn.title, turn.token));
            if !page && package_of(turn.title) == case.package() {
                let until = case.turns.get(place + 1).map_or(u64::MAX, |next| next.at.seq);
                let seen = turn.at.device.is_some_and(is_told) || read(&turn.at, until);
                dialogs.entry((turn.title, turn.token)).or_insert((turn.at, false)).1 |= seen;
            }
        }
    }
    let mut unread: Vec<Moment> = dialogs.into_values().filter(|(_, read)| !read).map(|(at, _)| at).collect();
    unread.sort_unstable();
    unread
}

/// A turn and its place among all.
type Placed<'a> = (usize, Turn<'a>);

/// The windows of each activity by its stays in front: when it is resumed, its own window comes anew, or comes back.
fn stays<'a>(case: &Case<'a>) -> Vec<Vec<Placed<'a>>> {
    let mut over = Vec::new();
    let mut now: BTreeMap<&str, Vec<Placed>> = BTreeMap::new();
    let mut fronts = case.fronts.iter().peekable();
    for (place, turn) in case.turns.iter().enumerate() {
        while let Some((_, component)) = fronts.next_if(|(at, _)| at.seq < turn.at.seq) {
            let ended = now.extract_if(.., |title, _| package_of(title) == package_of(component));
            over.extend(ended.map(|(_, turns)| turns));
        }
        now.entry(turn.title).or_default().push((place, *turn));
    }
    over.extend(now.into_values());
    over
}

/// Which of these windows is the activity's own: the one that a look says is, else the first that is no dialog for all that
/// is known.
fn own_window<'a>(stay: &[Placed<'a>], known: &BTreeMap<&str, bool>, is_told: impl Fn(i64) -> bool) -> Option<&'a str> {
    let by_look = stay.iter().find(|(_, turn)| known.get(turn.token) == Some(&false));
    let told = |turn: &Turn| turn.at.device.is_some_and(&is_told);
    let first = || stay.iter().find(|(_, turn)| !known.contains_key(turn.token) && !told(turn));
    by_look.or_else(first).map(|(_, turn)| turn.token)
}

fn package_of(component: &str) -> &str {
    component.split('/').next().unwrap_or_default()
}

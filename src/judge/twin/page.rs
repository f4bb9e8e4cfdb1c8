//! Two pages by their structure: are they the same page, and what has the one that the other lacks?

use std::collections::BTreeSet;

use crate::journal::entry::{TwinPage, TwinRole, TwinThing};

/// Pages under one title are the same page when they share at least one kind of thing in so many (ours).
const SAME_TITLE_SHARE: usize = 2;
/// Without a title in common, pages are the same when at least so many of ten things are (ours).
const SAME_OF_TEN: usize = 7;

/// Whether two looks show the same page, though clocks, rows and pictures on it changed.
pub(super) fn same_page(a: &TwinPage, b: &TwinPage) -> bool {
    if a.front != b.front {
        return false;
    }
    if a.signature == b.signature {
        return true;
    }
    let kinds = |page: &TwinPage| page.things.iter().map(|t| (t.role, t.kind.clone())).collect::<BTreeSet<_>>();
    let titled = !a.title.is_empty() && a.title == b.title && alike(&kinds(a), &kinds(b), 1, SAME_TITLE_SHARE);
    let things = |page: &TwinPage| page.things.iter().cloned().collect::<BTreeSet<_>>();
    titled || alike(&things(a), &things(b), SAME_OF_TEN, 10)
}

/// Whether the sets have at least `of` in `all` of their union in common.
fn alike<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>, of: usize, all: usize) -> bool {
    let common = a.intersection(b).count();
    let union = a.union(b).count();
    union > 0 && common * all >= union * of
}

/// Kinds whose words are not the same on two equal installs.
pub(super) fn noisy<'a>(a: &'a TwinPage, b: &'a TwinPage) -> BTreeSet<(TwinRole, &'a str)> {
    let kinds = a.things.iter().chain(&b.things).map(|t| (t.role, t.kind.as_str())).collect::<BTreeSet<_>>();
    kinds.into_iter().filter(|kind| words_of(a, *kind) != words_of(b, *kind)).collect()
}

fn words_of<'a>(page: &'a TwinPage, kind: (TwinRole, &str)) -> BTreeSet<&'a str> {
    let of_kind = page.things.iter().filter(|t| (t.role, t.kind.as_str()) == kind);
    of_kind.map(|t| t.words.as_str()).collect()
}

/// Things of `one` that `other` lacks. Of a kind that is noise, and of one that changed its words, only the whole kind can
/// be lacked.
pub(super) fn lacking<'a>(
    one: impl IntoIterator<Item = &'a TwinThing>,
    other: &TwinPage,
    noise: &BTreeSet<(TwinRole, &str)>,
    before: &TwinPage,
) -> Vec<&'a TwinThing> {
    let stands = |thing: &TwinThing| other.things.contains(thing);
    let kind = |thing: &TwinThing| (thing.role, thing.kind.clone());
    let kinds: BTreeSet<_> = other.things.iter().map(kind).collect();
    // Words in place of which other words of the same kind came: a feed, by chance the same twice.
    let came: BTreeSet<_> = other.things.iter().filter(|t| !before.things.contains(t)).map(kind).collect();
    let lacked = |thing: &&TwinThing| {
        let only_kind = noise.contains(&(thing.role, thing.kind.as_str())) || came.contains(&kind(thing));
        if only_kind { !kinds.contains(&kind(thing)) } else { !stands(thing) }
    };
    one.into_iter().filter(lacked).collect()
}

/// Whether a person can do something with such a thing.
pub(super) fn is_useful(thing: &TwinThing) -> bool {
    matches!(thing.role, TwinRole::Control | TwinRole::Field | TwinRole::Picture)
}

/// Whether new things are another way to the same end: a field to fill in by hand, a choice of several.
pub(super) fn is_way_out(new: &[&TwinThing]) -> bool {
    let count = |role| new.iter().filter(|t| t.role == role).count();
    count(TwinRole::Field) > 0 || count(TwinRole::Control) > 1
}

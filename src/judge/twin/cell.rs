//! One step on one install, held against the same step with everything allowed.

use super::base::Base;
use super::page::{is_useful, is_way_out, lacking, same_page};
use crate::journal::entry::{TwinCame, TwinPage, TwinRole, TwinStep, TwinThing};

/// What a step is on one install.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The same as with everything allowed.
    Same,
    /// Withheld.
    Withheld(How),
    /// It stands behind a withheld step.
    Behind(u32),
    /// Something else came in its stead.
    Other,
    /// Not the same on two equal installs.
    Varies,
    /// It was not made here, or could not be.
    Untold,
}

/// In which way a step is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// A demand for a permission stands in its stead.
    Plea,
    /// Pressing its control does nothing.
    Nothing,
    /// Its page comes without what can be used on it.
    Empty,
    /// Its control is not there.
    Gone,
    /// The app sends the person to the system's settings.
    Sent,
    /// The app ends.
    Ended,
}

/// The step that led to the page on which another one is made, on the same install.
pub(super) struct On<'a> {
    /// What it was there.
    pub cell: Cell,
    pub step: &'a TwinStep,
    /// What it is with everything allowed.
    pub base: Option<&'a Base<'a>>,
}

/// What a step is on one install.
pub(super) fn cell(base: &Base, seen: &TwinStep, on: Option<&On>) -> Cell {
    match seen.came {
        TwinCame::NotReached => behind(on),
        came if came == base.came && base.pages.is_none() => Cell::Same,
        TwinCame::Missing => match on.filter(|on| on.cell == Cell::Same) {
            Some(on) => gone(on),
            None => behind(on),
        },
        TwinCame::SignIn if base.came == TwinCame::SignIn => Cell::Same,
        TwinCame::SignIn => Cell::Untold,
        TwinCame::Ended if base.came == TwinCame::Ended => Cell::Same,
        TwinCame::Ended => Cell::Withheld(How::Ended),
        TwinCame::Left if base.came == TwinCame::Left => Cell::Same,
        TwinCame::Left if is_settings(seen) => Cell::Withheld(How::Sent),
        TwinCame::Left => Cell::Other,
        TwinCame::Opened | TwinCame::Stayed => arrived(base, seen, on.and_then(|on| on.step.page.as_ref())),
    }
}

fn behind(on: Option<&On>) -> Cell {
    match on.map(|on| (on.cell, on.step.step)) {
        Some((Cell::Withheld(_), step) | (Cell::Behind(step), _)) => Cell::Behind(step),
        Some((Cell::Other, _)) => Cell::Other,
        Some((Cell::Varies, _)) => Cell::Varies,
        _ => Cell::Untold,
    }
}

/// The control is not on its page, which is otherwise as it should be: withheld, unless something came in its stead.
fn gone(on: &On) -> Cell {
    let (Some(here), Some(base)) = (&on.step.page, on.base) else { return Cell::Untold };
    match base.new_on(here).iter().any(|thing| is_useful(thing)) {
        true => Cell::Other,
        false => Cell::Withheld(How::Gone),
    }
}

fn is_settings(seen: &TwinStep) -> bool {
    let front = seen.page.as_ref().map_or("", |page| page.front.as_str());
    ["settings", "permission", "packageinstaller"].iter().any(|word| front.contains(word))
}

/// The app is still in front; `before` is the page the step was made on, on this install.
fn arrived(base: &Base, seen: &TwinStep, before: Option<&TwinPage>) -> Cell {
    let (Some(here), Some((first, second))) = (&seen.page, base.pages) else {
        return if seen.came == base.came { Cell::Same } else { Cell::Other };
    };
    let same = same_page(first, here) || same_page(second, here);
    let plea = if seen.plea && !base.plea { Cell::Withheld(How::Plea) } else { Cell::Withheld(How::Nothing) };
    let new = own(here, before);
    match (base.came, seen.came) {
        (TwinCame::Opened, TwinCame::Opened) if same => on_same_page(base, here, first),
        (TwinCame::Opened, TwinCame::Opened) => in_its_stead(base, here, &new),
        // It opened a page and now does not: unless something to go on with came up in place of it.
        (TwinCame::Opened, TwinCame::Stayed) if same && !first.things.is_empty() => on_same_page(base, here, first),
        (TwinCame::Opened, TwinCame::Stayed) => {
            if is_way_out(&new) {
                Cell::Other
            } else {
                plea
            }
        }
        (TwinCame::Stayed, TwinCame::Stayed) => in_place(base, seen, here),
        (TwinCame::Stayed, TwinCame::Opened) if here.plea && !is_way_out(&new) => Cell::Withheld(How::Plea),
        _ => Cell::Other,
    }
}

/// What is on a page and was not on the one before.
fn own<'p>(here: &'p TwinPage, before: Option<&TwinPage>) -> Vec<&'p TwinThing> {
    here.things.iter().filter(|thing| before.is_none_or(|before| !before.things.contains(thing))).collect()
}

/// The same page came: withheld when a demand for a permission stands in place of what was on it, or when what could be used
/// went without anything in its stead. Controls count by the steps that press them.
fn on_same_page(base: &Base, here: &TwinPage, allowed: &TwinPage) -> Cell {
    let lacked = lacking(base.things(), here, &base.noise, allowed);
    let new = base.new_on(here);
    let demands = here.plea && base.pages.is_some_and(|(a, b)| !a.plea && !b.plea);
    if demands && !lacked.is_empty() && !is_way_out(&new) {
        return Cell::Withheld(How::Plea);
    }
    let used = lacked.iter().any(|t| matches!(t.role, TwinRole::Field | TwinRole::Picture));
    if used && !new.iter().any(|t| is_useful(t)) { Cell::Withheld(How::Empty) } else { Cell::Same }
}

/// Another page came. With a field or a choice on it, it may serve as well.
fn in_its_stead(base: &Base, here: &TwinPage, new: &[&TwinThing]) -> Cell {
    if is_way_out(new) {
        return Cell::Other;
    }
    if here.plea {
        return Cell::Withheld(How::Plea);
    }
    let nothing = !new.iter().any(|thing| is_useful(thing));
    if nothing && base.brought().any(is_useful) { Cell::Withheld(How::Empty) } else { Cell::Other }
}

/// The step changes its own page, if anything.
fn in_place(base: &Base, seen: &TwinStep, here: &TwinPage) -> Cell {
    let new = base.new_on(here);
    if is_way_out(&new) {
        return Cell::Other;
    }
    if seen.plea && !base.plea {
        return Cell::Withheld(How::Plea);
    }
    let allowed = base.pages.map_or(here, |(first, _)| first);
    let brought: Vec<&TwinThing> = base.brought().filter(|thing| is_useful(thing)).collect();
    let lacked = lacking(brought, here, &base.noise, allowed);
    if lacked.is_empty() || new.iter().any(|t| is_useful(t)) { Cell::Same } else { Cell::Withheld(How::Nothing) }
}

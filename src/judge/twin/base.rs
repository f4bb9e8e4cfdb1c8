//! What a step is with everything allowed, from two installs that agree on it.

use std::collections::BTreeSet;

use super::page::{noisy, same_page};
use crate::journal::entry::{TwinCame, TwinPage, TwinRole, TwinStep, TwinThing};

/// A step with everything allowed.
pub(super) struct Base<'a> {
    pub came: TwinCame,
    /// The page after it on both installs, when there was one.
    pub pages: Option<(&'a TwinPage, &'a TwinPage)>,
    /// The page it is made on, as the first install saw it.
    pub on: Option<&'a TwinPage>,
    /// The app explained or demanded a permission on one of them.
    pub plea: bool,
    /// Kinds of things that are not the same on both.
    pub noise: BTreeSet<(TwinRole, &'a str)>,
}

impl<'a> Base<'a> {
    /// `None` when the two do not agree.
    pub fn of(first: &'a TwinStep, second: &'a TwinStep, on: Option<&'a TwinPage>) -> Option<Self> {
        if first.came != second.came {
            return None;
        }
        let pages = first.page.as_ref().zip(second.page.as_ref());
        if let Some((a, b)) = pages
            && matches!(first.came, TwinCame::Opened | TwinCame::Stayed)
            && !same_page(a, b)
        {
            return None;
        }
        let noise = pages.map(|(a, b)| noisy(a, b)).unwrap_or_default();
        Some(Self { came: first.came, pages, on, plea: first.plea || second.plea, noise })
    }

    /// What both installs showed after the step.
    pub fn things(&self) -> impl Iterator<Item = &'a TwinThing> + '_ {
        let (first, second) = self.pages.unzip();
        let stays = move |thing: &&TwinThing| {
            let noise = self.noise.contains(&(thing.role, thing.kind.as_str()));
            let kind = |other: &TwinThing| (other.role, &other.kind) == (thing.role, &thing.kind);
            second.is_some_and(|page| page.things.iter().any(|o| if noise { kind(o) } else { o == *thing }))
        };
        first.into_iter().flat_map(|page| &page.things).filter(stays)
    }

    /// What the step itself brought: on both installs after it, and not on the page before it.
    pub fn brought(&self) -> impl Iterator<Item = &'a TwinThing> + '_ {
        let new = |thing: &&TwinThing| self.on.is_none_or(|on| !on.things.contains(thing));
        self.things().filter(new)
    }

    /// Things of `page` that neither install showed, and whose words are no noise.
    pub fn new_on<'p>(&self, page: &'p TwinPage) -> Vec<&'p TwinThing> {
        let known = |thing: &TwinThing| {
            let on = |page: &TwinPage| page.things.contains(thing);
            self.pages.is_some_and(|(a, b)| on(a) || on(b))
        };
        let noise = |thing: &TwinThing| self.noise.contains(&(thing.role, thing.kind.as_str()));
        page.things.iter().filter(|thing| !known(thing) && !noise(thing)).collect()
    }
}

//! The tour of a twin: explored once, then made again step by step on other installs.

use std::collections::VecDeque;
use std::time::Duration;

use crate::journal::entry::{Event, PopupRole, TwinCame, TwinPage, TwinRole, TwinStep, TwinThing};
use crate::scenario::Twin;
use crate::ui::{List, Node, Role, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::map::Candidate;
use super::page::{controls, heading, is_wall, label_of, leads_back};
use super::popup::OpenPopup;
use super::press::Pressed;
use super::visit::{Made, Stop, Visit, make};

/// Deepest page whose controls are tried, in presses from the first page (ours).
const MOST_DEPTH: usize = 4;
/// Controls tried on one page (ours).
const MOST_ON_A_PAGE: usize = 14;
/// Entries of a menu that look alike, and rows of a list, that are tried on one page (ours).
const MOST_ENTRIES: usize = 8;
const MOST_ROWS: usize = 1;
/// Rows that are alike make a list from this number on (ours).
const A_LIST: usize = 3;
/// Swipes for more controls on one page (ours).
const MOST_SWIPES: u32 = 2;
/// Longest label of a control, in characters (ours).
const LONGEST_LABEL: usize = 20;
/// Things of one page, and characters of one thing's words, that are kept.
const MOST_THINGS: usize = 120;
const MOST_WORDS: usize = 40;

/// The tour, and whether the bounds cut it short.
#[derive(Default)]
pub(super) struct Tour {
    pub stops: Vec<Stop>,
    pub bounded: bool,
}

/// A page whose controls are still to be tried.
struct Open {
    step: u32,
    depth: usize,
    controls: Vec<Candidate>,
}

/// Where the record stood when a step began.
struct Mark {
    popups: usize,
    asked: usize,
    accesses: usize,
    ends: u32,
}

impl Attempt<'_> {
    /// The first page of this install, as step 0.
    pub async fn arrive(&mut self, visit: &mut Visit, install: u32, walked: bool) -> Result<TwinStep, RunError> {
        let mark = Mark { popups: 0, asked: 0, accesses: self.memory.accesses.len(), ends: self.process_ends() };
        let mut screen = self.clear_way().await?;
        // What was done before the tour, signing in for example, may have ended on another page.
        if !self.in_front(&screen) || walked {
            screen = self.go_to_main().await?;
        }
        let came = self.came(&screen, &mark, None);
        if came == TwinCame::Opened {
            visit.meet(0, &screen);
        }
        let stop = Stop { number: 0, on: None, press: String::new(), kind: String::new(), row: false, varies: false };
        Ok(self.step_of(install, &stop, &mark, None, Some(&screen), came))
    }

    /// Explores the app from its first page: tries what can be pressed, page by page, near ones first.
    pub async fn explore(
        &mut self,
        visit: &mut Visit,
        install: u32,
        wanted: &Twin,
    ) -> Result<(Tour, Vec<TwinStep>), RunError> {
        let end = self.clock.elapsed() + wanted.within;
        let (mut tour, mut steps) = (Tour::default(), Vec::new());
        let first = self.clear_way().await?;
        let mut seen: Vec<(String, String)> = Vec::new();
        let controls = self.gather(visit, 0, &first, wanted.seed).await?;
        let mut open = VecDeque::from([Open { step: 0, depth: 0, controls }]);
        let mut pages = 1;
        while let Some(page) = open.pop_front() {
            for (control, row) in chosen(&page.controls, &mut seen) {
                if tour.stops.len() >= wanted.taps as usize || self.clock.elapsed() >= end {
                    tour.bounded = true;
                    return Ok((tour, steps));
                }
                let number = tour.stops.len() as u32 + 1;
                let varies = !control.is_entry();
                let stop = Stop { number, on: Some(page.step), press: control.label, kind: control.kind, row, varies };
                let (step, after) = self.make_stop(visit, &tour.stops, install, &stop).await?;
                if matches!(step.came, TwinCame::Missing | TwinCame::NotReached) {
                    tour.bounded = true;
                    continue;
                }
                tour.stops.push(stop);
                let opened = step.came == TwinCame::Opened;
                self.note(Event::TwinStep(Box::new(step.clone())))?;
                steps.push(step);
                let Some(after) = after.filter(|_| opened) else { continue };
                let known = visit.at(&after).is_some_and(|step| step != number);
                if known || page.depth + 1 >= MOST_DEPTH || self.popup_on(&after.tree).is_some() {
                    continue;
                }
                if pages >= wanted.pages {
                    tour.bounded = true;
                    continue;
                }
                pages += 1;
                let controls = self.gather(visit, number, &after, wanted.seed).await?;
                open.push_back(Open { step: number, depth: page.depth + 1, controls });
            }
        }
        Ok((tour, steps))
    }

    /// Makes one step of the tour on this install; the screen after it, when there is one.
    pub async fn make_stop(
        &mut self,
        visit: &mut Visit,
        tour: &[Stop],
        install: u32,
        stop: &Stop,
    ) -> Result<(TwinStep, Option<Screen>), RunError> {
        (self.report)(&format!("twin, install {install}: {}", stop.press));
        let on = stop.on.unwrap_or_default();
        let Some(before) = visit.reach(self, tour, on).await? else {
            let mark = self.mark();
            return Ok((self.step_of(install, stop, &mark, None, None, TwinCame::NotReached), None));
        };
        let mark = self.mark();
        let Made { pressed, instead } = make(self, &before, stop).await?;
        let (came, after) = match pressed {
            Pressed::Missing => (TwinCame::Missing, before.clone()),
            Pressed::Nothing => {
                let screen = self.memory.screen.clone().unwrap_or_else(|| before.clone());
                (self.came(&screen, &mark, Some((visit, on))), screen)
            }
            Pressed::Moved(screen) => (self.came(&screen, &mark, Some((visit, on))), *screen),
        };
        if came == TwinCame::Opened {
            visit.meet(stop.number, &after);
        }
        let mut step = self.step_of(install, stop, &mark, Some(&before), Some(&after), came);
        step.instead = instead;
        Ok((step, Some(after)))
    }

    /// Whether a plea offers a way to grant what it speaks of, or no way to close it; else it only tells.
    fn offers_to_grant(&self, popup: &OpenPopup) -> bool {
        let seen = &popup.seen;
        let grants = |line: &str| {
            let short = line.chars().count() <= LONGEST_LABEL && line != seen.title;
            short && self.order.lexicon.mentions(line, List::PermissionPlea)
        };
        seen.close.is_empty() || !seen.accept.is_empty() || popup.words.lines().any(grants)
    }

    fn mark(&self) -> Mark {
        Mark {
            popups: self.memory.popups.len(),
            asked: self.memory.asked.len(),
            accesses: self.memory.accesses.len(),
            ends: self.process_ends(),
        }
    }

    fn came(&self, screen: &Screen, mark: &Mark, on: Option<(&Visit, u32)>) -> TwinCame {
        let away = !self.in_front(screen);
        match () {
            () if self.process_ends() > mark.ends => TwinCame::Ended,
            () if away => TwinCame::Left,
            () if is_wall(self, &screen.tree) => TwinCame::SignIn,
            () if on.is_some_and(|(visit, step)| visit.is_at(step, screen, 3)) => TwinCame::Stayed,
            () => TwinCame::Opened,
        }
    }

    fn step_of(
        &self,
        install: u32,
        stop: &Stop,
        mark: &Mark,
        before: Option<&Screen>,
        after: Option<&Screen>,
        came: TwinCame,
    ) -> TwinStep {
        let pleas = self.memory.popups.iter().skip(mark.popups);
        let demands = |popup: &OpenPopup| popup.role == PopupRole::PermissionPlea && self.offers_to_grant(popup);
        let mut asked = self.memory.asked[mark.asked.min(self.memory.asked.len())..].to_vec();
        asked.sort();
        asked.dedup();
        let used = self.memory.accesses.iter().skip(mark.accesses).filter(|a| a.allowed && a.package == self.package());
        let mut used: Vec<String> = used.map(|a| a.op.clone()).collect();
        used.sort();
        used.dedup();
        TwinStep {
            install,
            step: stop.number,
            on: stop.on,
            press: stop.press.clone(),
            instead: None,
            came,
            page: after.map(|screen| self.page_of(screen)),
            plea: pleas.into_iter().any(demands),
            asked,
            used,
            before: before.map(|screen| screen.capture),
            after: after.map(|screen| screen.capture),
        }
    }

    /// Controls of a page, those below the fold too; leaves the page scrolled.
    async fn gather(
        &mut self,
        visit: &mut Visit,
        step: u32,
        screen: &Screen,
        seed: u32,
    ) -> Result<Vec<Candidate>, RunError> {
        let mut found = controls(self, &screen.tree);
        let mut swipes = 0;
        while swipes < MOST_SWIPES && self.scroll(true, "seek").await?.is_some() {
            swipes += 1;
            let screen = self.look("seek").await?;
            if !self.in_front(&screen) || self.popup_on(&screen.tree).is_some() {
                break;
            }
            visit.meet(step, &screen);
            let more = controls(self, &screen.tree);
            found.extend(more);
        }
        for _ in 0..swipes {
            self.scroll(false, "seek").await?;
        }
        let mut kept: Vec<Candidate> = Vec::new();
        for control in found {
            if !kept.iter().any(|known| known.label == control.label)
                && !leads_back(&self.order.lexicon, &control.label)
            {
                kept.push(control);
            }
        }
        shuffle(&mut kept, seed);
        Ok(kept)
    }

    /// A page by its structure.
    fn page_of(&self, screen: &Screen) -> TwinPage {
        let tree = &screen.tree;
        let mask = |words: &str| self.order.secrets.mask(words).chars().take(MOST_WORDS).collect::<String>();
        let front = match tree.nodes.is_empty() {
            true => screen.resumed.as_deref().and_then(|r| r.split('/').next()).unwrap_or_default(),
            false => tree.package(),
        };
        let mut things = Vec::new();
        let mut at = 0;
        while let Some(node) = tree.nodes.get(at).filter(|_| things.len() < MOST_THINGS) {
            let held = tree.subtree(at).len();
            if &*node.package == "com.android.systemui" || is_advert(self, node) {
                at += held;
                continue;
            }
            let acts = node.clickable || node.checkable;
            let words = if acts { label_of(tree, at) } else { node.label().to_owned() };
            if let Some(role) = self.role_of(node, &words) {
                let words = if role == TwinRole::Field { String::new() } else { mask(&words) };
                things.push(TwinThing { role, kind: kind(node), words });
            }
            // What a row holds belongs to the row.
            at += if acts && !holds_controls(tree, at) { held } else { 1 };
        }
        TwinPage {
            signature: screen.signature.clone(),
            title: mask(&heading(tree)),
            front: front.to_owned(),
            plea: self.order.lexicon.role(tree.labels()) == Role::PermissionPlea,
            things,
        }
    }

    fn role_of(&self, node: &Node, words: &str) -> Option<TwinRole> {
        const PICTURES: [&str; 6] = ["ImageView", "MapView", "SurfaceView", "TextureView", "WebView", "VideoView"];
        let lexicon = &self.order.lexicon;
        match () {
            () if node.class.ends_with("EditText") => Some(TwinRole::Field),
            () if node.clickable && !words.is_empty() && leads_back(&self.order.lexicon, words) => None,
            () if node.clickable || node.checkable => {
                let answers = !lexicon.act(words).is_empty() || lexicon.mentions(words, List::PermissionPlea);
                Some(if answers { TwinRole::Answer } else { TwinRole::Control })
            }
            () if PICTURES.iter().any(|class| node.class.ends_with(class)) => Some(TwinRole::Picture),
            () if !words.trim().is_empty() => Some(TwinRole::Words),
            () => None,
        }
    }
}

fn kind(node: &Node) -> String {
    format!("{}#{}", node.class.rsplit('.').next().unwrap_or_default(), node.short_id())
}

/// Whether a view holds others that can be pressed on their own.
fn holds_controls(tree: &Tree, at: usize) -> bool {
    tree.subtree(at).iter().skip(1).any(|n| n.clickable || n.checkable || n.class.ends_with("EditText"))
}

/// Whether a view is an advertisement, by its id or its words: it comes and goes by itself.
fn is_advert(on: &Attempt<'_>, node: &Node) -> bool {
    const MARKS: [&str; 8] = ["ad", "ads", "advert", "banner", "promo", "promotion", "sponsored", "splash"];
    let id = node.short_id().to_lowercase();
    let marked = id.split(|c: char| !c.is_ascii_alphabetic()).any(|part| MARKS.contains(&part));
    marked || on.order.lexicon.is(node.label(), List::Promotion)
}

/// The controls of a page that are tried, and whether each is one of several alike. What led somewhere from another page
/// under the same words at the same place (a tab bar) is tried once.
fn chosen(controls: &[Candidate], seen: &mut Vec<(String, String)>) -> Vec<(Candidate, bool)> {
    let mut chosen: Vec<(Candidate, bool)> = Vec::new();
    for control in controls {
        let place = (control.label.clone(), format!("{} {:?}", control.kind, control.bounds));
        let alike = controls.iter().filter(|c| c.kind == control.kind).count();
        let row = alike >= A_LIST;
        let tried = chosen.iter().filter(|(c, _)| c.kind == control.kind && c.is_entry() == control.is_entry()).count();
        let most = match (row, control.is_entry()) {
            (false, _) => MOST_ON_A_PAGE,
            (true, true) => MOST_ENTRIES,
            (true, false) => MOST_ROWS,
        };
        if tried >= most || chosen.len() >= MOST_ON_A_PAGE || seen.contains(&place) {
            continue;
        }
        seen.push(place);
        chosen.push((control.clone(), row));
    }
    chosen
}

/// Puts controls into an order that depends on the seed alone; 0 leaves them as they stand.
fn shuffle(controls: &mut [Candidate], seed: u32) {
    let mut state = u64::from(seed);
    for at in (1..controls.len()).rev().filter(|_| seed > 0) {
        // SplitMix64 (Steele, Lea, Flood 2014; public domain reference by Vigna).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let other = ((z ^ (z >> 31)) % (at as u64 + 1)) as usize;
        controls.swap(at, other);
    }
}

/// How long a tour made again may take: what the first one took, and more, for patience with what does not come.
pub(super) fn again_within(first: Duration) -> Duration {
    first * 3 + Duration::from_secs(60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Rect;

    fn control(label: &str, kind: &str, top: i32) -> Candidate {
        let bounds = Rect::new(0, top, 10, top + 10);
        Candidate { label: label.into(), kind: kind.into(), bounds, icon: false, score: 0.0, tried: false, led: None }
    }

    #[test]
    fn one_of_many_stories_is_tried_and_every_entry_of_a_menu() {
        let stories = (0..5).map(|n| control(&format!("Story {n}"), "row", n * 10));
        let menu = ["Orders", "Help", "About"].into_iter().zip([60, 70, 80]);
        let all: Vec<Candidate> = stories.chain(menu.map(|(label, top)| control(label, "row", top))).collect();
        let mut seen = Vec::new();
        let labels: Vec<String> = chosen(&all, &mut seen).into_iter().map(|(c, _)| c.label).collect();
        assert_eq!(labels, ["Story 0", "Orders", "Help", "About"]);
        assert!(chosen(&all[5..], &mut seen).is_empty(), "a tab bar is tried once");
    }

    #[test]
    fn the_order_depends_on_the_seed_alone() {
        let order = |seed| {
            let mut all: Vec<Candidate> = (0..9).map(|n| control(&n.to_string(), "k", n)).collect();
            shuffle(&mut all, seed);
            all.into_iter().map(|c| c.label).collect::<String>()
        };
        assert_eq!(order(0), "012345678");
        assert_eq!(order(7), order(7));
        assert_ne!(order(7), order(0));
    }
}

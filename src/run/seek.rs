//! Seek: find a concept in an app that was never seen before, by best-first search over its screens.
//!
//! A screen is known by its signature. Way-point words of the lexicon lead; words never to press are not pressed. A dead
//! end is left by *back*; when that leads elsewhere, the app is started anew and the way is walked again.

use std::time::Duration;

use crate::journal::entry::{Event, Hop, LimitKind, PopupRole, SeekEnded, SeekOutcome};
use crate::ui::{Act, Concept, Lexicon, List};

use super::attempt::Attempt;
use super::error::RunError;
use super::icon::IN_BAR;
use super::look::Screen;
use super::map::Place;
use super::page::{TARGET, is_question, labels_of};
use super::popup::PopupSeen;
use super::press::{MOST_SCROLLS, Pressed, press_label};
use home::WAIT_FOR_MORE;

mod chart;
mod home;
mod take;
mod travel;

/// Controls that may be it, of which a search tells at the most (ours).
const MOST_PERHAPS: usize = 8;
/// Taps that are made again because the app ended under them.
const MOST_FORGIVEN: u32 = 3;
/// What may block a search.
const WALL: &str = "login-wall";
const CONSENT: &str = "consent-dialog";
/// Bounds of one search (ours).
const MOST_TAPS: u32 = 300;
const MOST_SCREENS: usize = 100;
const MOST_DEPTH: usize = 6;
/// Most presses that the record of a search tells of (ours); as many as it may make.
const MOST_WAYS: usize = MOST_TAPS as usize;
const MOST_TIME: Duration = Duration::from_secs(600);
/// A search that saw fewer screens than this waits for the app to show more: a picture at its start, say.
const FEW_SCREENS: usize = 3;
const MOST_WAITS: u32 = 2;
/// What a way-point lends to every control of the page it leads to, as a share of its own score (ours), and how much of
/// that is left on each page further on: what is sought stands somewhere in the settings sooner than in a feed.
const LENT: f32 = 0.3;
const LEFT: f32 = 0.8;
/// Taps that are spent on finding a better name for what was found under a doubtful one (ours).
const MOST_FOR_BETTER: u32 = 60;
/// What it costs to start the app anew for a control elsewhere, in units of a control's score (ours).
const START_ANEW: f32 = 0.3;

impl Attempt<'_> {
    /// Searches for a concept from the app's main screen and writes down the search.
    pub async fn seek(&mut self, concept: Concept) -> Result<SeekEnded, RunError> {
        self.note(Event::SeekStarted { concept })?;
        let on_map = |on: &mut Self, screen: &Screen| on.place_of(screen).is_some() || on.is_main(screen);
        if self.go_back_until(on_map).await?.is_none() {
            self.go_to_main().await?;
        }
        let taps_before = self.memory.taps;
        let search = Search { concept, dead: Vec::new(), doubted: None, forgiven: 0, taps_before };
        let ended = Box::pin(search.begin(self)).await?;
        self.memory.sought = Some((concept, ended.outcome));
        if ended.blocked_by == WALL {
            self.limit(
                LimitKind::LoginWall,
                format!("a sign-in page stands before what {} could not be sought in", concept.name()),
            )?;
        }
        self.note(Event::SeekEnded(Box::new(ended.clone())))?;
        Ok(ended)
    }
}

struct Search {
    concept: Concept,
    dead: Vec<String>,
    /// A control whose name holds more than the concept's, and the page it opened does not name it: taken when nothing
    /// better is found. Its place, its words, and the taps made until then.
    doubted: Option<(usize, String, u32)>,
    /// How often the app's process ended under a tap that was then made again.
    forgiven: u32,
    taps_before: u32,
}

impl Search {
    /// Searches on the map of this attempt.
    async fn begin(mut self, on: &mut Attempt<'_>) -> Result<SeekEnded, RunError> {
        let lexicon = on.order.lexicon.clone();
        let controls = on.memory.map.places_mut().flat_map(|place| &mut place.controls);
        for control in controls.filter(|control| !control.icon) {
            control.score = lexicon.waypoint_score(&control.label, self.concept);
        }
        self.run(on).await
    }

    /// Takes the concept at a screen that an earlier search saw.
    async fn recall(&mut self, on: &mut Attempt<'_>) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        let names = |place: &Place| place.labels.iter().any(|label| self.fit(on, label).is_some());
        let mut places: Vec<usize> =
            (0..on.memory.map.places().len()).filter(|at| names(on.memory.map.place(*at))).collect();
        places.sort_by_key(|at| on.memory.map.place(*at).path.len());
        for place in places {
            let Some(screen) = self.go(on, place).await? else { continue };
            // It may stand above or below what a screen shows.
            let screen = self.scroll_to_target(on, place, screen).await?;
            if let Some(found) = self.take(on, place, &screen).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn run(&mut self, on: &mut Attempt<'_>) -> Result<SeekEnded, RunError> {
        if let Some(found) = self.recall(on).await? {
            return Ok(self.ended(on, SeekOutcome::Found, found, false));
        }
        let end = on.clock.elapsed() + MOST_TIME;
        let (mut here, mut current) = self.here(on).await?;
        loop {
            if let Some(found) = self.take(on, here, &current).await? {
                return Ok(self.ended(on, SeekOutcome::Found, found, false));
            }
            let spent = on.memory.taps - self.taps_before;
            let bounded =
                spent >= MOST_TAPS || on.memory.map.places().len() >= MOST_SCREENS || on.clock.elapsed() >= end;
            let enough = self.doubted.as_ref().is_some_and(|(_, _, then)| on.memory.taps - then >= MOST_FOR_BETTER);
            let next = if bounded || enough { None } else { self.best(on, here) };
            let Some((place, control)) = next else {
                if let Some(found) = self.take_doubted(on).await? {
                    return Ok(self.ended(on, SeekOutcome::Found, found, false));
                }
                if !bounded && self.more_comes(on, &current).await? {
                    (here, current) = self.here(on).await?;
                    continue;
                }
                let bounded = bounded || on.memory.map.cut_short || on.order.lexicon.is_unguarded();
                let outcome = if blocker(on).is_some() { SeekOutcome::Blocked } else { SeekOutcome::NotFound };
                return Ok(self.ended(on, outcome, (Vec::new(), String::new()), bounded));
            };
            let ends = on.process_ends();
            let Some(at) = self.go(on, place).await? else {
                if !self.forgives(on, ends) {
                    let left = on.memory.map.place_mut(place).give_up();
                    on.memory.map.cut_short |= left;
                }
                (here, current) = self.here(on).await?;
                continue;
            };
            let Some(control) = control else {
                here = place;
                self.scroll(on, place).await?;
                current = on.clear_way().await?;
                continue;
            };
            let label = on.memory.map.place_mut(place).try_control(control);
            let capture = at.capture;
            let pressed = press_label(on, &at, &label).await?;
            if self.forgives(on, ends) {
                on.memory.map.place_mut(place).controls[control].tried = false;
                (here, current) = self.here(on).await?;
                continue;
            }
            match pressed {
                Pressed::Moved(screen) => {
                    let mut path = on.memory.map.place(place).path.clone();
                    path.push(Hop { label: label.clone(), screen: screen.signature.clone(), capture: Some(capture) });
                    current = *screen;
                    here = self.learn(on, &current, path);
                    on.memory.map.led(place, control, here);
                }
                Pressed::Nothing => {
                    (here, current) = (place, at);
                    if on.memory.map.place(place).controls[control].score > IN_BAR {
                        self.dead.push(label);
                    }
                }
                Pressed::Missing => {
                    let missed = &on.memory.map.place(place).controls[control];
                    let entry = missed.score > 0.0 || missed.is_entry();
                    on.memory.map.cut_short |= entry || on.popup_on(&at.tree).is_some();
                    (here, current) = (place, at);
                }
            }
        }
    }

    /// Whether what was just tried is to be tried again, because the app's process ended under it: the system may have
    /// needed its memory. One that ends again and again is not waited for, and the search is then no whole one.
    fn forgives(&mut self, on: &mut Attempt<'_>, ends_before: u32) -> bool {
        if on.process_ends() == ends_before {
            return false;
        }
        let again = self.forgiven < MOST_FORGIVEN;
        self.forgiven += 1;
        on.memory.map.cut_short |= !again;
        again
    }

    /// Waits for another screen when hardly anything was seen so far. False when nothing came, or enough was seen.
    async fn more_comes(&mut self, on: &mut Attempt<'_>, current: &Screen) -> Result<bool, RunError> {
        if on.memory.map.places().len() >= FEW_SCREENS || on.memory.map.waits >= MOST_WAITS {
            return Ok(false);
        }
        on.memory.map.waits += 1;
        let patience = on.patience(WAIT_FOR_MORE, 3);
        Ok(on.until_changed(&current.tree, patience).await?.is_some())
    }

    /// The screen in front and its place on the map. One that no known way led to is taken for where a way begins, and
    /// only when it is the first screen of the app.
    async fn here(&mut self, on: &mut Attempt<'_>) -> Result<(usize, Screen), RunError> {
        let mut screen = on.clear_way().await?;
        let mut known = on.place_of(&screen);
        if known.is_none() && on.in_front(&screen) && on.began_with_a_picture() && !labels_of(&screen.tree).is_empty() {
            // What was taken for the main screen has gone by itself.
            on.memory.main = Some(screen.signature.clone());
            return Ok((self.learn(on, &screen, Vec::new()), screen));
        }
        if known.is_none() {
            screen = on.go_to_main().await?;
            known = on.place_of(&screen);
        }
        let here = known.unwrap_or_else(|| self.learn(on, &screen, Vec::new()));
        Ok((here, screen))
    }

    /// The best untried control over all screens, near ones first; or a scroll where there may be more.
    fn best(&self, on: &Attempt<'_>, here: usize) -> Option<(usize, Option<usize>)> {
        let map = &on.memory.map;
        let travel = |place: usize| match map.route(here, place) {
            _ if place == here => 0.0,
            Some(route) => 0.05 + route.len() as f32 * 0.02,
            None => START_ANEW,
        };
        let lexicon = &on.order.lexicon;
        let lent = |place: usize| {
            let hops = map.place(place).path.iter();
            hops.fold(0.0_f32, |left, hop| (left * LEFT).max(LENT * lexicon.waypoint_score(&hop.label, self.concept)))
        };
        let cost = |place: usize| map.place(place).path.len() as f32 * 0.05 + travel(place) - lent(place);
        let costs: Vec<f32> = (0..map.places().len()).map(cost).collect();
        let cost = |place: usize| costs[place];
        let controls = on.memory.map.places().iter().enumerate().flat_map(|(at, place)| {
            let open = place.controls.iter().enumerate().filter(|(_, c)| !c.tried);
            open.map(move |(control, c)| (c.score - cost(at), at, Some(control)))
        });
        let scrolls =
            on.memory.map.places().iter().enumerate().filter(|(_, p)| p.scrolls.is_some_and(|n| n < MOST_SCROLLS));
        let scrolls = scrolls.map(|(at, _)| (0.15 - cost(at), at, None));
        controls.chain(scrolls).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at, control)| (at, control))
    }

    /// Controls of the screens seen that may be it, though they don't name it.
    fn perhaps(&self, on: &Attempt<'_>) -> Vec<String> {
        let lexicon = &on.order.lexicon;
        let app = on.order.app.facts.label.to_lowercase();
        // To leave the app by its name may be to leave it for good.
        let leaves = |label: &str| {
            self.concept == Concept::AccountDeletion
                && !app.is_empty()
                && label.to_lowercase().contains(&app)
                && lexicon.mentions(label, List::Leaving)
        };
        // How to cancel what a shop or a bank renews is often only explained.
        let explains = |label: &str| {
            self.concept == Concept::SubscriptionCancel
                && is_question(label)
                && lexicon.score(label, self.concept) >= TARGET
        };
        let may_be = |label: &&String| {
            (lexicon.is_perhaps(label, self.concept) || leaves(label) || explains(label))
                && lexicon.waypoint_score(label, self.concept) < 1.0
                && (!is_question(label) || explains(label))
                && !self.dead.contains(label)
        };
        let mut found: Vec<String> = Vec::new();
        // Whatever it is called, a switch may be it that speaks of choosing.
        let chooses = |label: &&String| {
            self.concept == Concept::RecommendationSwitch
                && lexicon.holds(&label.to_lowercase(), List::Recommending)
                && !self.dead.contains(label)
        };
        let switches = on.memory.map.places().iter().flat_map(|place| &place.switches).filter(chooses);
        let labels = on.memory.map.places().iter().flat_map(|place| &place.labels).filter(may_be);
        for label in switches.chain(labels) {
            if found.len() < MOST_PERHAPS && !found.contains(label) {
                found.push(label.clone());
            }
        }
        found
    }

    fn ended(&self, on: &Attempt<'_>, outcome: SeekOutcome, found: (Vec<Hop>, String), bounded: bool) -> SeekEnded {
        let (path, words) = found;
        SeekEnded {
            concept: self.concept,
            outcome,
            depth: depth(&on.order.lexicon, &path),
            path,
            words,
            taps: on.memory.taps - self.taps_before,
            visited: on.memory.map.places().iter().map(|p| (p.signature.clone(), p.title.clone())).collect(),
            ways: on.memory.map.presses(MOST_WAYS),
            blocked_by: blocker(on).filter(|_| outcome == SeekOutcome::Blocked).unwrap_or_default().to_owned(),
            bounded,
            dead: self.dead.clone(),
            perhaps: if outcome == SeekOutcome::Found { Vec::new() } else { self.perhaps(on) },
        }
    }
}

/// Presses from the main screen: one that passes by what stands before it, a page to sign in or an offer, is none of them.
fn depth(lexicon: &Lexicon, path: &[Hop]) -> u32 {
    let passes = |hop: &&Hop| {
        let acts = lexicon.act(&hop.label);
        acts.contains(&Act::Refuse) || acts.contains(&Act::Close) || lexicon.is(&hop.label, List::BasicMode)
    };
    let passed = path.iter().take(path.len().saturating_sub(1)).take_while(passes).count();
    (path.len() - passed) as u32
}

/// What stood before a part of the app: the dialog of its policy, which a search does not answer, or a page to sign in. Whoever
/// signed in saw all of it; to whoever did not, an app may show less.
fn blocker(on: &Attempt<'_>) -> Option<&'static str> {
    let asks = |popup: PopupSeen| popup.role == PopupRole::Consent;
    if on.memory.screen.as_ref().and_then(|screen| on.popup_on(&screen.tree)).is_some_and(asks) {
        return Some(CONSENT);
    }
    let walled = on.memory.map.walled || (on.memory.map.sign_in_met && !on.memory.signed_in);
    walled.then_some(WALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_a_page_to_sign_in_is_no_press_on_the_way() {
        let lexicon = Lexicon::builtin();
        let hop = |label: &str| Hop { label: label.into(), screen: String::new(), capture: None };
        let depth = |labels: &[&str]| depth(&lexicon, &labels.iter().map(|label| hop(label)).collect::<Vec<_>>());
        assert_eq!(depth(&["先逛逛", "我的", "设置", "隐私政策"]), 3);
        assert_eq!(depth(&["Skip", "Profile", "Privacy Policy"]), 2);
        assert_eq!(depth(&["我的", "设置", "关闭账户"]), 3);
        assert_eq!(depth(&["关闭账户"]), 1);
    }
}

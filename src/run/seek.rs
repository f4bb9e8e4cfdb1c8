//! Seek: find a concept in an app that was never seen before, by best-first search over its screens.
//!
//! A screen is known by its signature. Way-point words of the lexicon lead; words never to press are not pressed. A dead
//! end is left by *back*; when that leads elsewhere, the app is started anew and the way is walked again.

use std::time::Duration;

use crate::journal::entry::{Event, Hop, LimitKind, PopupRole, SeekEnded, SeekOutcome};
use crate::ui::{Concept, List, NodeId, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::map::{Candidate, Place, Way};
use super::page::{
    HARMFUL, TARGET, add_controls, add_labels, is_question, is_switch, is_text_of, is_wall, labels_of, pressable, title,
};
use super::popup::PopupSeen;
use super::press::{MOST_SCROLLS, Pressed, bring_up, press_label};

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
/// Ways tried to one screen before it is sought from the app's first.
const MOST_ROUTES: u32 = 4;
const MOST_TIME: Duration = Duration::from_secs(600);
/// A search that saw fewer screens than this waits for the app to show more: a picture at its start, say.
const FEW_SCREENS: usize = 3;
/// How long and how often it waits.
const WAIT_FOR_MORE: Duration = Duration::from_secs(6);
const MOST_WAITS: u32 = 2;
/// Presses of *back* in a row that may show nothing (ours).
const MOST_UNMOVED: u32 = 2;
/// What a way-point lends to every control of the page it leads to, as a share of its own score (ours), and how much of
/// that is left on each page further on: what is sought stands somewhere in the settings sooner than in a feed.
const LENT: f32 = 0.3;
const LEFT: f32 = 0.8;
/// Taps that are spent on finding a better name for what was found under a doubtful one (ours).
const MOST_FOR_BETTER: u32 = 60;
/// What the name of a page on the way counts less than that of the concept itself (ours).
const LEADS: f32 = 0.05;
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

    /// Brings the app's main screen to the front: by *back*, else by starting the app anew.
    pub async fn go_to_main(&mut self) -> Result<Screen, RunError> {
        if let Some(screen) = self.go_back_until(|on, screen| on.is_main(screen)).await? {
            return Ok(screen);
        }
        self.stop_app().await?;
        self.launch_app().await?;
        let first = self.past_picture().await?;
        // After signing in, an app may begin elsewhere.
        if self.in_front(&first) {
            self.memory.main = Some(first.signature.clone());
        }
        Ok(first)
    }

    /// The app's first screen after a start, or after a while whatever it shows: one that has nothing to press and is not known
    /// for the main one may be a picture that goes by itself.
    async fn past_picture(&mut self) -> Result<Screen, RunError> {
        let end = self.clock.elapsed() + self.patience(WAIT_FOR_MORE, 3);
        loop {
            let screen = self.clear_way().await?;
            let bare = labels_of(&screen.tree).is_empty() && self.memory.main.as_ref() != Some(&screen.signature);
            let left = end.saturating_sub(self.clock.elapsed());
            let waits = bare && self.in_front(&screen) && !left.is_zero();
            if !waits || self.until_changed(&screen.tree, left).await?.is_none() {
                return Ok(screen);
            }
        }
    }

    /// Whether the main screen, as it settled at first, has nothing to press.
    fn began_with_a_picture(&self) -> bool {
        let map = &self.memory.map;
        let main = self.memory.main.as_ref().and_then(|main| map.at(main));
        main.is_some_and(|main| map.place(main).labels.is_empty())
    }

    fn is_main(&self, screen: &Screen) -> bool {
        let map = &self.memory.map;
        let same = |main: &String| map.at(main).is_some() && map.at(main) == map.at(&screen.signature);
        self.memory.main.as_ref().is_some_and(|main| *main == screen.signature || same(main))
    }

    /// The place on the map that a screen is, though a greeting or a count on it changed.
    fn place_of(&mut self, screen: &Screen) -> Option<usize> {
        let map = &mut self.memory.map;
        if let Some(known) = map.at(&screen.signature) {
            return Some(known);
        }
        let place = map.resembling(&title(&screen.tree), &labels_of(&screen.tree))?;
        map.also(screen.signature.clone(), place);
        Some(place)
    }

    /// Presses *back* until the screen is the wanted one; `None` when the app is not in front or would be left.
    async fn go_back_until(&mut self, there: impl Fn(&mut Self, &Screen) -> bool) -> Result<Option<Screen>, RunError> {
        let mut screen = self.clear_way().await?;
        let mut unmoved = 0;
        for _ in 0..MOST_DEPTH {
            // The first may only have put the keyboard away.
            if !self.in_front(&screen) || unmoved == MOST_UNMOVED {
                return Ok(None);
            }
            if there(self, &screen) {
                return Ok(Some(screen));
            }
            let Some(next) = self.go_back(&screen).await? else { return Ok(None) };
            unmoved = if *next.tree == *screen.tree { unmoved + 1 } else { 0 };
            screen = next;
        }
        Ok(None)
    }

    /// Presses *back*; `None` when that left the app, now or when it was pressed on this screen before.
    pub async fn go_back(&mut self, screen: &Screen) -> Result<Option<Screen>, RunError> {
        if self.memory.map.back_leaves(&screen.signature) {
            return Ok(None);
        }
        self.press_key("BACK", "leaving this screen", "seek").await?;
        let patience = self.patience(Duration::from_millis(600), 2);
        self.until_changed(&screen.tree, patience).await?;
        let next = self.clear_way().await?;
        if self.in_front(&next) {
            self.place_of(&next);
            let map = &mut self.memory.map;
            if let (Some(from), Some(to)) = (map.at(&screen.signature), map.at(&next.signature)) {
                map.connect(from, Way::Back, to);
            }
            return Ok(Some(next));
        }
        self.memory.map.back_left(&screen.signature);
        Ok(None)
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
        for control in on.memory.map.places_mut().flat_map(|place| &mut place.controls) {
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

    /// Scrolls to the best target that a place is known to show; the screen as it is then.
    async fn scroll_to_target(
        &mut self,
        on: &mut Attempt<'_>,
        place: usize,
        screen: Screen,
    ) -> Result<Screen, RunError> {
        let labels = &on.memory.map.place(place).labels;
        let fits =
            labels.iter().filter(|label| !self.is_passed_over(label)).filter_map(|l| Some((self.fit(on, l)?, l)));
        let best = fits.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, label)| label.clone());
        let Some(label) = best else { return Ok(screen) };
        Ok(bring_up(on, &screen, &label).await?.map_or(screen, |(screen, _)| screen))
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
                    if on.memory.map.place(place).controls[control].score > 0.0 {
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

    /// Takes the concept when this screen shows it: what leads to it, in words and hops. A control that opens nothing is
    /// noted as dead and not taken.
    async fn take(
        &mut self,
        on: &mut Attempt<'_>,
        here: usize,
        screen: &Screen,
    ) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        if !on.in_front(screen) {
            return Ok(None);
        }
        let path = &on.memory.map.place(here).path;
        if let Some(last) = path.last().filter(|_| is_text_of(&on.order.lexicon, &screen.tree, self.concept)) {
            return Ok(Some((path.clone(), last.label.clone())));
        }
        let mut screen = screen.clone();
        let mut fresh = self.targets(on, &screen.tree).into_iter().filter(|(_, label)| !self.is_passed_over(label));
        if fresh.next().is_some_and(|(_, label)| self.may_lead(on, &label)) {
            // The rest of the page may name it better.
            while on.memory.map.place(here).scrolls.is_some_and(|n| n < MOST_SCROLLS) {
                self.scroll(on, here).await?;
            }
            screen = on.clear_way().await?;
            screen = self.scroll_to_target(on, here, screen).await?;
        }
        let screen = &screen;
        for (node, label) in self.targets(on, &screen.tree) {
            if self.is_passed_over(&label) {
                continue;
            }
            let mut path = on.memory.map.place(here).path.clone();
            let hop = |to: &str| Hop { label: label.clone(), screen: to.to_owned(), capture: Some(screen.capture) };
            if is_switch(&screen.tree, node) {
                return Ok(Some((path, label)));
            }
            if HARMFUL.contains(&self.concept) {
                path.push(hop(""));
                return Ok(Some((path, label)));
            }
            match press_label(on, screen, &label).await? {
                Pressed::Moved(after) => {
                    path.push(hop(&after.signature));
                    if !self.may_lead(on, &label) {
                        return Ok(Some((path, label)));
                    }
                    if let Some(inner) = Box::pin(self.look_inside(on, &after, &path)).await? {
                        return Ok(Some(inner));
                    }
                    self.doubted.get_or_insert((here, label, on.memory.taps));
                    return Ok(None);
                }
                Pressed::Nothing | Pressed::Missing => self.dead.push(label),
            }
        }
        Ok(None)
    }

    /// Takes what was found under a doubtful name, when nothing names it better.
    async fn take_doubted(&mut self, on: &mut Attempt<'_>) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        let Some((place, label, _)) = self.doubted.take() else { return Ok(None) };
        let pressed = match self.go(on, place).await? {
            Some(screen) => Some((screen.capture, press_label(on, &screen, &label).await?)),
            None => None,
        };
        let Some((capture, Pressed::Moved(after))) = pressed else {
            // It is somewhere there, and can't be shown any more.
            on.memory.map.cut_short = true;
            return Ok(None);
        };
        let mut path = on.memory.map.place(place).path.clone();
        path.push(Hop { label: label.clone(), screen: after.signature, capture: Some(capture) });
        Ok(Some((path, label)))
    }

    /// Takes the concept on the page that a control opened whose name holds more than the concept's.
    async fn look_inside(
        &mut self,
        on: &mut Attempt<'_>,
        page: &Screen,
        path: &[Hop],
    ) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        if !on.in_front(page) || path.len() >= MOST_DEPTH {
            return Ok(None);
        }
        let here = self.learn(on, page, path.to_vec());
        while !self.names_it(on, here, path) {
            if on.memory.map.place(here).scrolls.is_none_or(|n| n >= MOST_SCROLLS) {
                return Ok(None);
            }
            self.scroll(on, here).await?;
        }
        let screen = on.clear_way().await?;
        let screen = self.scroll_to_target(on, here, screen).await?;
        self.take(on, here, &screen).await
    }

    /// Whether a place shows a control that names the concept, and that is not the one that led there.
    fn names_it(&self, on: &Attempt<'_>, place: usize, path: &[Hop]) -> bool {
        let mut labels = on.memory.map.place(place).labels.iter();
        labels.any(|label| self.fit(on, label).is_some() && path.iter().all(|hop| hop.label != *label))
    }

    /// How well a label names the concept; `None` when it does not. Of two that name it as well, the one that names
    /// nothing else does it better: a page of settings may have a name of many things.
    fn fit(&self, on: &Attempt<'_>, label: &str) -> Option<f32> {
        let lexicon = &on.order.lexicon;
        let score = lexicon.score(label, self.concept);
        let fits = score >= TARGET && !is_question(label);
        fits.then(|| if self.may_lead(on, label) { score - LEADS } else { score })
    }

    /// Whether a label was tried and is not taken, or not yet.
    fn is_passed_over(&self, label: &String) -> bool {
        self.dead.contains(label) || self.doubted.as_ref().is_some_and(|(_, doubted, _)| doubted == label)
    }

    /// Whether a label names more than the concept, and so perhaps a page on the way to it.
    fn may_lead(&self, on: &Attempt<'_>, label: &str) -> bool {
        let lexicon = &on.order.lexicon;
        let score = lexicon.score(label, self.concept);
        score < 1.0 && lexicon.waypoint_score(label, self.concept) > 0.0 && !HARMFUL.contains(&self.concept)
    }

    /// Pressable views whose words fit the concept, best first.
    fn targets(&self, on: &Attempt<'_>, tree: &Tree) -> Vec<(NodeId, String)> {
        let scored = tree.nodes.iter().enumerate().filter_map(|(id, node)| {
            let score = self.fit(on, node.label())?;
            // A switch may have its words beside it, where they can't be pressed.
            let beside = self.concept == Concept::RecommendationSwitch && is_switch(tree, id);
            let there = tree.clickable_at(id).is_some() || beside;
            there.then(|| (score, id, node.label().to_owned()))
        });
        let mut found: Vec<(f32, NodeId, String)> = scored.collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().map(|(_, id, label)| (id, label)).collect()
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

    /// Takes down what a known screen did not show before: pages of one build look alike but for their words.
    fn learn_more(&mut self, on: &mut Attempt<'_>, screen: &Screen, known: usize) {
        if !on.in_front(screen) || on.memory.map.place(known).path.len() >= MOST_DEPTH {
            return;
        }
        let mut place = on.memory.map.take(known);
        add_labels(&mut place, &screen.tree);
        add_controls(&mut place, on, &screen.tree, self.concept);
        on.memory.map.put_back(known, place);
    }

    /// Puts a screen on the map, or takes the shorter way to a known one.
    fn learn(&mut self, on: &mut Attempt<'_>, screen: &Screen, path: Vec<Hop>) -> usize {
        if let Some(known) = on.place_of(screen) {
            self.learn_more(on, screen, known);
            if path.len() < on.memory.map.place(known).path.len() {
                on.memory.map.place_mut(known).path = path;
            }
            return known;
        }
        if is_wall(on, &screen.tree) {
            let asked_for = path.last().is_some_and(|hop| on.order.lexicon.is(&hop.label, List::SignIn));
            on.memory.map.sign_in_met = true;
            on.memory.map.walled |= !asked_for;
        }
        let mut place = Place {
            signature: screen.signature.clone(),
            title: title(&screen.tree),
            path,
            labels: Vec::new(),
            controls: Vec::new(),
            scrolls: screen.tree.nodes.iter().any(|n| n.scrollable).then_some(0),
        };
        if on.in_front(screen) {
            add_labels(&mut place, &screen.tree);
        }
        if on.in_front(screen) {
            add_controls(&mut place, on, &screen.tree, self.concept);
        }
        if place.path.len() >= MOST_DEPTH {
            let new = |label: &str| !on.memory.map.places().iter().any(|p| p.labels.iter().any(|l| l == label));
            let deeper = place.controls.iter().any(|c| new(&c.label));
            on.memory.map.cut_short |= deeper;
            place.controls.clear();
        }
        // What led here, pressed here again, leads nowhere: the tab one stands on.
        let last = place.path.last().map(|hop| hop.label.clone());
        place.controls.iter_mut().filter(|c| Some(&c.label) == last.as_ref()).for_each(|c| c.tried = true);
        let known: Vec<(String, usize)> = place
            .controls
            .iter_mut()
            .filter_map(|c| on.memory.map.led_elsewhere(c).map(|to| (c, to)))
            .map(|(c, to)| {
                c.tried = true;
                (c.label.clone(), to)
            })
            .collect();
        let here = on.memory.map.add(place);
        known.into_iter().for_each(|(label, to)| on.memory.map.connect(here, Way::Press(label), to));
        here
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

    /// Joins the way to a screen of the map where it can be joined: a tab bar shows the first hop on many screens.
    async fn short_cut(
        &mut self,
        on: &mut Attempt<'_>,
        from: &Screen,
        place: usize,
    ) -> Result<Option<Screen>, RunError> {
        let path = on.memory.map.place(place).path.clone();
        let joins = |at: &usize| pressable(&from.tree, &path[*at].label).is_some();
        let Some(start) = (0..path.len()).rev().find(joins).filter(|_| on.in_front(from)) else { return Ok(None) };
        let mut screen = from.clone();
        for hop in &path[start..] {
            match press_label(on, &screen, &hop.label).await? {
                Pressed::Moved(next) => screen = *next,
                Pressed::Nothing | Pressed::Missing => return Ok(None),
            }
        }
        Ok((on.place_of(&screen) == Some(place)).then_some(screen))
    }

    /// Goes to a screen of the map: by known ways, by a hop that shows here too, by *back*, else from the app's first
    /// screen. `None` when it can't be reached any more.
    async fn go(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<Option<Screen>, RunError> {
        let mut screen = on.clear_way().await?;
        for _ in 0..MOST_ROUTES {
            if on.place_of(&screen) == Some(place) {
                return Ok(Some(screen));
            }
            if !on.in_front(&screen) {
                break;
            }
            if let Some(led) = self.follow(on, &screen, place).await? {
                screen = led;
                continue;
            }
            if let Some(there) = self.short_cut(on, &screen, place).await? {
                return Ok(Some(there));
            }
            let here = on.clear_way().await?;
            if on.is_main(&here) {
                screen = here;
                break;
            }
            let Some(back) = on.go_back(&here).await? else { break };
            screen = back;
        }
        if on.place_of(&screen) != Some(place) && !(on.in_front(&screen) && on.is_main(&screen)) {
            screen = on.go_to_main().await?;
            // An app may begin further on than it did at first.
            if let Some(led) = self.follow(on, &screen, place).await? {
                screen = led;
            }
        }
        for hop in on.memory.map.place(place).path.clone() {
            if on.place_of(&screen) == Some(place) {
                break;
            }
            match press_label(on, &screen, &hop.label).await? {
                Pressed::Moved(next) => screen = *next,
                Pressed::Nothing | Pressed::Missing => return Ok(None),
            }
        }
        Ok((on.place_of(&screen) == Some(place)).then_some(screen))
    }

    /// Follows the known ways from this screen to a place; where they led, or `None` when there are none, or the first
    /// one led nowhere.
    async fn follow(&mut self, on: &mut Attempt<'_>, from: &Screen, place: usize) -> Result<Option<Screen>, RunError> {
        let Some(mut here) = on.place_of(from).filter(|here| *here != place) else { return Ok(None) };
        let Some(route) = on.memory.map.route(here, place) else { return Ok(None) };
        let mut screen = from.clone();
        for (step, (way, next)) in route.into_iter().enumerate() {
            let led = match &way {
                Way::Back => on.go_back(&screen).await?,
                Way::Press(label) => match press_label(on, &screen, label).await? {
                    Pressed::Moved(led) => Some(*led),
                    Pressed::Nothing | Pressed::Missing => None,
                },
            };
            let there = led.as_ref().and_then(|led| on.place_of(led));
            if there != Some(next) {
                on.memory.map.cut(here, &way);
                return Ok(if step == 0 { led } else { Some(led.unwrap_or(screen)) });
            }
            (here, screen) = (next, led.unwrap_or(screen));
        }
        Ok(Some(screen))
    }

    /// Scrolls a screen on, for controls below the fold.
    async fn scroll(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<(), RunError> {
        let Some(tree) = on.scroll(true, "seek").await? else { return self.read_upwards(on, place).await };
        let mut found = on.memory.map.take(place);
        found.scrolls = found.scrolls.map(|n| n + 1);
        let known = found.controls.len();
        add_labels(&mut found, &tree);
        add_controls(&mut found, on, &tree, self.concept);
        // A menu that has not come to its end; a feed never does.
        let last = found.scrolls.is_some_and(|n| n >= MOST_SCROLLS);
        on.memory.map.cut_short |= last && found.controls[known..].iter().any(Candidate::is_entry);
        on.memory.map.put_back(place, found);
        let signature = on.look("seek").await?.signature;
        on.memory.map.also(signature, place);
        Ok(())
    }

    /// Reads a screen from its end to its top: to press something, it may have been scrolled past what was not read yet.
    async fn read_upwards(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<(), RunError> {
        for _ in 0..MOST_SCROLLS * 2 {
            let Some(tree) = on.scroll(false, "seek").await? else { break };
            let mut found = on.memory.map.take(place);
            add_labels(&mut found, &tree);
            add_controls(&mut found, on, &tree, self.concept);
            on.memory.map.put_back(place, found);
            let signature = on.look("seek").await?.signature;
            on.memory.map.also(signature, place);
            if !self.targets(on, &tree).is_empty() {
                return Ok(());
            }
        }
        on.memory.map.place_mut(place).scrolls = None;
        Ok(())
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
        let may_be = |label: &&String| {
            (lexicon.is_perhaps(label, self.concept) || leaves(label))
                && lexicon.waypoint_score(label, self.concept) < 1.0
                && !is_question(label)
                && !self.dead.contains(label)
        };
        let mut found: Vec<String> = Vec::new();
        for label in on.memory.map.places().iter().flat_map(|place| &place.labels).filter(may_be) {
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
            depth: path.len() as u32,
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

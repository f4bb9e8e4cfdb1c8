//! Seek: find a concept in an app that was never seen before, by best-first search over its screens.
//!
//! A screen is known by its signature. Way-point words of the lexicon lead; words never to press are not pressed. A dead
//! end is left by *back*; when that leads elsewhere, the app is started anew and the way is walked again.

use std::collections::HashMap;
use std::time::Duration;

use crate::journal::entry::{Event, Hop, LimitKind, SeekEnded, SeekOutcome};
use crate::ui::{Concept, Node, NodeId, Role, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;

/// Taps that are made again because the app ended under them.
const MOST_FORGIVEN: u32 = 3;
/// Bounds of one search (ours).
const MOST_TAPS: u32 = 60;
const MOST_SCREENS: usize = 40;
const MOST_DEPTH: usize = 6;
const MOST_SCROLLS: u32 = 4;
const MOST_TIME: Duration = Duration::from_secs(600);
/// A search that saw fewer screens than this waits for the app to show more: a picture at its start, say.
const FEW_SCREENS: usize = 3;
/// How long and how often it waits.
const WAIT_FOR_MORE: Duration = Duration::from_secs(6);
const MOST_WAITS: u32 = 2;
/// Score from which a label is taken for the concept itself.
const TARGET: f32 = 0.5;

/// The screens met so far in this attempt; the next search begins with what the last one saw.
#[derive(Default)]
pub(super) struct Map {
    screens: Vec<Place>,
    by_signature: HashMap<String, usize>,
    /// A page that demands to sign in was met.
    walled: bool,
}

/// One screen of the map.
struct Place {
    signature: String,
    title: String,
    /// Labels to press from the main screen to here.
    path: Vec<Hop>,
    /// Words of everything that can be pressed here, switches too.
    labels: Vec<String>,
    controls: Vec<Candidate>,
    /// Scrolls spent looking for more controls; `None` when there is no more to scroll.
    scrolls: Option<u32>,
}

/// A control that may lead on.
#[derive(Clone)]
struct Candidate {
    label: String,
    score: f32,
    tried: bool,
}

/// What one press of a control did.
enum Pressed {
    /// Another screen.
    Moved(Screen),
    /// Nothing.
    Nothing,
    /// The control was not there any more.
    Missing,
}

impl Attempt<'_> {
    /// Searches for a concept from the app's main screen and writes down the search.
    pub async fn seek(&mut self, concept: Concept) -> Result<SeekEnded, RunError> {
        self.note(Event::SeekStarted { concept })?;
        let screen = self.clear_way().await?;
        if !self.in_front(&screen) || !self.memory.map.by_signature.contains_key(&screen.signature) {
            self.go_to_main().await?;
        }
        let taps_before = self.memory.taps;
        let search =
            Search { concept, map: Map::default(), dead: Vec::new(), cut: false, forgiven: 0, waits: 0, taps_before };
        let ended = Box::pin(search.begin(self)).await?;
        self.memory.sought = Some((concept, ended.outcome));
        if ended.outcome == SeekOutcome::Blocked {
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
        let mut screen = self.clear_way().await?;
        for _ in 0..MOST_DEPTH {
            let main = self.memory.main.as_deref();
            if self.in_front(&screen) && (main == Some(screen.signature.as_str()) || main.is_none()) {
                return Ok(screen);
            }
            if !self.in_front(&screen) {
                break;
            }
            self.press_key("BACK", "to the main screen", "seek").await?;
            let patience = self.patience(Duration::from_millis(600), 2);
            self.until_changed(&screen.tree, patience).await?;
            screen = self.clear_way().await?;
        }
        self.stop_app().await?;
        self.launch_app().await?;
        self.clear_way().await
    }
}

struct Search {
    concept: Concept,
    map: Map,
    dead: Vec<String>,
    /// A pop-up that nothing closed stood before a control.
    cut: bool,
    /// How often the app's process ended under a tap that was then made again.
    forgiven: u32,
    waits: u32,
    taps_before: u32,
}

impl Search {
    /// Searches on the map of this attempt, and leaves the map there for the next search.
    async fn begin(mut self, on: &mut Attempt<'_>) -> Result<SeekEnded, RunError> {
        self.map = std::mem::take(&mut on.memory.map);
        for place in &mut self.map.screens {
            for control in &mut place.controls {
                control.score = on.order.lexicon.waypoint_score(&control.label, self.concept);
            }
        }
        let result = self.run(on).await;
        on.memory.map = self.map;
        result
    }

    /// Takes the concept at a screen that an earlier search saw.
    async fn recall(&mut self, on: &mut Attempt<'_>) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        let lexicon = on.order.lexicon.clone();
        let names = |place: &Place| place.labels.iter().any(|label| lexicon.score(label, self.concept) >= TARGET);
        let mut places: Vec<usize> = (0..self.map.screens.len()).filter(|at| names(&self.map.screens[*at])).collect();
        places.sort_by_key(|at| self.map.screens[*at].path.len());
        for place in places {
            if let Some(screen) = self.go(on, place).await?
                && let Some(found) = self.take(on, place, &screen).await?
            {
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
        let screen = on.clear_way().await?;
        let mut here = self.learn(on, &screen, Vec::new());
        let mut current = screen;
        loop {
            if let Some(found) = self.take(on, here, &current).await? {
                return Ok(self.ended(on, SeekOutcome::Found, found, false));
            }
            let spent = on.memory.taps - self.taps_before;
            let bounded = spent >= MOST_TAPS || self.map.screens.len() >= MOST_SCREENS || on.clock.elapsed() >= end;
            let next = if bounded { None } else { self.best(here) };
            let Some((place, control)) = next else {
                if !bounded && self.more_comes(on, &current).await? {
                    current = on.clear_way().await?;
                    here = self.learn(on, &current, Vec::new());
                    continue;
                }
                let bounded = bounded || self.cut;
                let outcome = if self.map.walled { SeekOutcome::Blocked } else { SeekOutcome::NotFound };
                return Ok(self.ended(on, outcome, (Vec::new(), String::new()), bounded));
            };
            let ends = on.process_ends();
            let Some(at) = self.go(on, place).await? else {
                if self.forgives(on, ends) {
                    current = on.clear_way().await?;
                    here = self.learn(on, &current, Vec::new());
                    continue;
                }
                self.map.screens[place].give_up();
                current = on.clear_way().await?;
                here = self.learn(on, &current, Vec::new());
                continue;
            };
            let Some(control) = control else {
                here = place;
                self.scroll(on, place).await?;
                current = on.clear_way().await?;
                continue;
            };
            let label = self.map.screens[place].try_control(control);
            let capture = at.capture;
            let pressed = press_label(on, &at, &label).await?;
            if self.forgives(on, ends) {
                self.map.screens[place].controls[control].tried = false;
                current = on.clear_way().await?;
                here = self.learn(on, &current, Vec::new());
                continue;
            }
            match pressed {
                Pressed::Moved(screen) => {
                    let mut path = self.map.screens[place].path.clone();
                    path.push(Hop { label, screen: screen.signature.clone(), capture: Some(capture) });
                    current = screen;
                    here = self.learn(on, &current, path);
                }
                Pressed::Nothing => {
                    (here, current) = (place, at);
                    if self.map.screens[place].controls[control].score > 0.0 {
                        self.dead.push(label);
                    }
                }
                Pressed::Missing => {
                    self.cut |= on.popup_on(&at.tree).is_some();
                    (here, current) = (place, at);
                }
            }
        }
    }

    /// Whether what was just tried is to be tried again, because the app's process ended under it: the system may have
    /// needed its memory. One that ends again and again is not waited for, and the search is then no whole one.
    fn forgives(&mut self, on: &Attempt<'_>, ends_before: u32) -> bool {
        if on.process_ends() == ends_before {
            return false;
        }
        let again = self.forgiven < MOST_FORGIVEN;
        self.forgiven += 1;
        self.cut |= !again;
        again
    }

    /// Waits for another screen when hardly anything was seen so far. False when nothing came, or enough was seen.
    async fn more_comes(&mut self, on: &mut Attempt<'_>, current: &Screen) -> Result<bool, RunError> {
        if self.map.screens.len() >= FEW_SCREENS || self.waits >= MOST_WAITS {
            return Ok(false);
        }
        self.waits += 1;
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
        for (node, label) in self.targets(on, &screen.tree) {
            if self.dead.contains(&label) {
                continue;
            }
            let mut path = self.map.screens[here].path.clone();
            let hop = |to: &str| Hop { label: label.clone(), screen: to.to_owned(), capture: Some(screen.capture) };
            if is_switch(&screen.tree, node) {
                return Ok(Some((path, label)));
            }
            if leads_to_harm(self.concept) {
                path.push(hop(""));
                return Ok(Some((path, label)));
            }
            match press_label(on, screen, &label).await? {
                Pressed::Moved(after) => {
                    path.push(hop(&after.signature));
                    return Ok(Some((path, label)));
                }
                Pressed::Nothing | Pressed::Missing => self.dead.push(label),
            }
        }
        Ok(None)
    }

    /// Pressable views whose words fit the concept, best first.
    fn targets(&self, on: &Attempt<'_>, tree: &Tree) -> Vec<(NodeId, String)> {
        let lexicon = &on.order.lexicon;
        let scored = tree.nodes.iter().enumerate().filter_map(|(id, node)| {
            let label = node.label();
            let score = lexicon.score(label, self.concept);
            (score >= TARGET && tree.clickable_at(id).is_some()).then(|| (score, id, label.to_owned()))
        });
        let mut found: Vec<(f32, NodeId, String)> = scored.collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().map(|(_, id, label)| (id, label)).collect()
    }

    /// Puts a screen on the map, or takes the shorter way to a known one.
    fn learn(&mut self, on: &Attempt<'_>, screen: &Screen, path: Vec<Hop>) -> usize {
        let known = self.map.by_signature.get(&screen.signature).copied();
        if let Some(known) = known {
            if path.len() < self.map.screens[known].path.len() {
                self.map.screens[known].path = path;
            }
            return known;
        }
        self.map.walled |= is_wall(on, &screen.tree);
        let mut place = Place {
            signature: screen.signature.clone(),
            title: title(&screen.tree),
            path,
            labels: Vec::new(),
            controls: Vec::new(),
            scrolls: screen.tree.nodes.iter().any(|n| n.scrollable).then_some(0),
        };
        if on.in_front(screen) {
            place.add_labels(&screen.tree);
        }
        if on.in_front(screen) && place.path.len() < MOST_DEPTH {
            place.add_controls(on, &screen.tree, self.concept);
        }
        self.map.screens.push(place);
        self.map.by_signature.insert(screen.signature.clone(), self.map.screens.len() - 1);
        self.map.screens.len() - 1
    }

    /// The best untried control over all screens, near ones first; or a scroll where there may be more.
    fn best(&self, here: usize) -> Option<(usize, Option<usize>)> {
        let cost =
            |place: usize| self.map.screens[place].path.len() as f32 * 0.05 + if place == here { 0.0 } else { 0.1 };
        let controls = self.map.screens.iter().enumerate().flat_map(|(at, place)| {
            let open = place.controls.iter().enumerate().filter(|(_, c)| !c.tried);
            open.map(move |(control, c)| (c.score - cost(at), at, Some(control)))
        });
        let scrolls = self.map.screens.iter().enumerate().filter(|(_, p)| p.scrolls.is_some_and(|n| n < MOST_SCROLLS));
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
        let target = &self.map.screens[place];
        let (wanted, path) = (target.signature.clone(), target.path.clone());
        let joins = |at: &usize| pressable(&from.tree, &path[*at].label).is_some();
        let Some(start) = (0..path.len()).rev().find(joins).filter(|_| on.in_front(from)) else { return Ok(None) };
        let mut screen = from.clone();
        for hop in &path[start..] {
            match press_label(on, &screen, &hop.label).await? {
                Pressed::Moved(next) => screen = next,
                Pressed::Nothing | Pressed::Missing => return Ok(None),
            }
        }
        Ok((screen.signature == wanted).then_some(screen))
    }

    /// Goes to a screen of the map; `None` when it can't be reached any more.
    async fn go(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<Option<Screen>, RunError> {
        let wanted = self.map.screens[place].signature.clone();
        let mut screen = on.clear_way().await?;
        for _ in 0..3 {
            if screen.signature == wanted {
                return Ok(Some(screen));
            }
            if let Some(there) = self.short_cut(on, &screen, place).await? {
                return Ok(Some(there));
            }
            if !on.in_front(&screen) || on.memory.main.as_ref() == Some(&screen.signature) {
                break;
            }
            on.press_key("BACK", "leaving a dead end", "seek").await?;
            let patience = on.patience(Duration::from_millis(600), 2);
            on.until_changed(&screen.tree, patience).await?;
            screen = on.clear_way().await?;
        }
        if screen.signature != wanted && on.memory.main.as_ref() != Some(&screen.signature) {
            screen = on.go_to_main().await?;
        }
        for hop in self.map.screens[place].path.clone() {
            match press_label(on, &screen, &hop.label).await? {
                Pressed::Moved(next) => screen = next,
                Pressed::Nothing | Pressed::Missing => return Ok(None),
            }
        }
        Ok((screen.signature == wanted).then_some(screen))
    }

    /// Scrolls a screen on, for controls below the fold.
    async fn scroll(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<(), RunError> {
        let moved = on.scroll(true, "seek").await?;
        let entry = &mut self.map.screens[place];
        match moved {
            Some(tree) => {
                entry.scrolls = entry.scrolls.map(|n| n + 1);
                entry.add_labels(&tree);
                entry.add_controls(on, &tree, self.concept);
                let signature = on.look("seek").await?.signature;
                self.map.by_signature.entry(signature).or_insert(place);
            }
            None => entry.scrolls = None,
        }
        Ok(())
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
            visited: self.map.screens.iter().map(|p| (p.signature.clone(), p.title.clone())).collect(),
            blocked_by: if outcome == SeekOutcome::Blocked { "login-wall".into() } else { String::new() },
            bounded,
            dead: self.dead.clone(),
        }
    }
}

impl Place {
    fn add_labels(&mut self, tree: &Tree) {
        for (id, node) in tree.nodes.iter().enumerate() {
            let label = node.label();
            if !label.is_empty() && tree.clickable_at(id).is_some() && !self.labels.iter().any(|l| l == label) {
                self.labels.push(label.to_owned());
            }
        }
    }

    fn add_controls(&mut self, on: &Attempt<'_>, tree: &Tree, concept: Concept) {
        let lexicon = &on.order.lexicon;
        for (id, node) in tree.nodes.iter().enumerate() {
            if !node.clickable || !node.enabled || node.checkable || node.class.ends_with("EditText") {
                continue;
            }
            let label = label_of(tree, id);
            if label.is_empty() || lexicon.is_never(&label) || self.controls.iter().any(|c| c.label == label) {
                continue;
            }
            let score = lexicon.waypoint_score(&label, concept);
            self.controls.push(Candidate { label, score, tried: false });
        }
    }

    fn try_control(&mut self, control: usize) -> String {
        self.controls[control].tried = true;
        self.controls[control].label.clone()
    }

    fn give_up(&mut self) {
        self.controls.iter_mut().for_each(|c| c.tried = true);
        self.scrolls = None;
    }
}

/// Presses the control with this label, scrolling to it if need be, and waits for what follows.
async fn press_label(on: &mut Attempt<'_>, screen: &Screen, label: &str) -> Result<Pressed, RunError> {
    let mut screen = screen.clone();
    for scrolled in 0..=MOST_SCROLLS {
        if let Some(node) = pressable(&screen.tree, label) {
            on.press_node(&screen, node, "seek").await?;
            let patience = on.patience(Duration::from_millis(1200), 3);
            let changed = on.until_changed(&screen.tree, patience).await?.is_some();
            if !changed {
                return Ok(Pressed::Nothing);
            }
            on.settle(on.patience(Duration::from_secs(2), 4)).await?;
            let after = on.clear_way().await?;
            return Ok(if *after.tree == *screen.tree { Pressed::Nothing } else { Pressed::Moved(after) });
        }
        if scrolled == MOST_SCROLLS || on.scroll(true, "seek").await?.is_none() {
            break;
        }
        screen = on.look("seek").await?;
    }
    Ok(Pressed::Missing)
}

fn pressable(tree: &Tree, label: &str) -> Option<NodeId> {
    let clickable = tree.nodes.iter().enumerate().filter(|(_, n)| n.clickable);
    let mut exact = clickable.filter(|(id, _)| label_of(tree, *id) == label).map(|(id, _)| id);
    exact.next().or_else(|| {
        let words = tree.nodes.iter().position(|n| n.label() == label)?;
        tree.clickable_at(words)
    })
}

/// A pressable view's words: its own, else the first ones it holds.
fn label_of(tree: &Tree, id: NodeId) -> String {
    let own = tree.nodes[id].label().trim();
    if !own.is_empty() {
        return own.to_owned();
    }
    let held = tree.subtree(id).iter().map(Node::label).find(|l| !l.trim().is_empty());
    held.map(|l| l.trim().to_owned()).unwrap_or_default()
}

/// A screen's title: the topmost words.
fn title(tree: &Tree) -> String {
    let words = tree.nodes.iter().filter(|n| !n.label().trim().is_empty());
    let top = words.min_by_key(|n| n.bounds.top);
    top.map(|n| n.label().chars().take(60).collect()).unwrap_or_default()
}

fn is_switch(tree: &Tree, node: NodeId) -> bool {
    let row = tree.clickable_at(node).unwrap_or(node);
    tree.subtree(row).iter().any(|n| n.checkable)
}

/// Concepts whose control itself may do what can't be undone: it is shown, not pressed.
fn leads_to_harm(concept: Concept) -> bool {
    matches!(concept, Concept::AccountDeletion | Concept::LogOut | Concept::SubscriptionCancel)
}

/// A screen that only lets a person sign in.
fn is_wall(on: &Attempt<'_>, tree: &Tree) -> bool {
    let password = tree.nodes.iter().any(|n| n.password);
    password
        || on.order.lexicon.role(tree.labels()) == Role::SignIn
            && tree.nodes.iter().any(|n| n.class.ends_with("EditText"))
}

//! The app asks or interrupts: notice it, write it down, close it as a person would, see whether it comes back.

use std::time::Duration;

use crate::journal::entry::{Control, Event, ExhibitRef, PopupEnd, PopupRole, PopupShown, PromptPolicy};
use crate::ui::{Act, List, Node, NodeId, Rect, Role, Tree, signature};

use super::attempt::{Attempt, Updated};
use super::error::RunError;
use super::look::Screen;
use super::prompt::speaks_of;
use super::touch::ROUNDED_MS;
use super::wait::LOG_LAGS;
use super::watch::Watch;

/// A dialog's root covers at most this share of the screen; a full page covers more (all of `../shared/fixtures/`'s
/// dialogs stay below 0.75, all pages above 0.93).
const DIALOG_SHARE: f64 = 0.9;
/// Taps a person spends on closing a window before giving up (ours).
const MOST_CLOSING_TAPS: u32 = 4;
/// Characters of a pop-up's words that are kept.
const MOST_WORDS: usize = 2_000;
/// Controls of one kind that are kept.
const MOST_CONTROLS: usize = 8;
/// How long after its start an app may show a splash page (MIIT notice 292 of 2021 speaks of windows at the start and
/// names no time; ours).
const SPLASH: Duration = Duration::from_secs(8);
/// How long a person waits for a control that closes a window before trying anything else (ours).
const CLOSE_WITHIN: Duration = Duration::from_secs(6);
/// The same for a window that came before without one.
const CLOSE_WITHIN_AGAIN: Duration = Duration::from_millis(500);
/// A window this soon after a tap of ours was opened by it (ours).
const TAP_OPENS: Duration = Duration::from_millis(1500);
/// The same after a start, a return to the foreground or a movement of the device (ours).
const START_OPENS: Duration = Duration::from_secs(2);
/// A full page is taken for an advertisement only with fewer views than this (ours).
const MOST_SPLASH_VIEWS: usize = 40;
/// Controls with words on an advertisement: to the shop, what it is, skip, the sound, a complaint (ours).
const MOST_PRESSED_ON_AN_AD: usize = 5;

/// A pop-up of this case.
pub(super) struct OpenPopup {
    pub number: u32,
    pub role: PopupRole,
    pub signature: String,
    pub words: String,
    /// Number of its window, where it has one of its own.
    pub window: Option<String>,
    /// When an activity's own window last had the focus before, on the device's clock.
    pub uncovered: Option<i64>,
    /// Opened by a tap of ours.
    pub by_tap: bool,
    pub first_seen: Duration,
    pub last_seen: Duration,
    pub taps: u32,
    /// Where it stands, and what a press of ours on one of its controls means.
    pub seen: PopupSeen,
    /// How it would have gone because of our last press on it.
    pub pressed: Option<PopupEnd>,
    /// Time until a control that closes it came up, when there was none at first.
    pub close_after: Option<Duration>,
    /// Went, or was given up.
    pub gone: bool,
    /// Nothing closed it: it is left standing.
    pub given_up: bool,
    /// Another pop-up came up above it, so that it can't be seen whether it went, and how.
    pub covered: bool,
}

/// How a pop-up came to light.
pub(super) struct Appearance {
    /// When it came, on the device's clock.
    pub came: Option<i64>,
    pub opened_by: &'static str,
    /// Number of its window, where it has one of its own.
    pub window: Option<String>,
    /// Resumed activity, when known.
    pub activity: Option<String>,
    /// The capture that shows it, and its picture.
    pub capture: Option<u64>,
    pub screenshot: Option<ExhibitRef>,
}

/// A pop-up as it stands on a tree.
#[derive(Clone)]
pub(super) struct PopupSeen {
    pub role: PopupRole,
    pub title: String,
    pub words: String,
    pub bounds: Rect,
    pub covers: f64,
    pub by: String,
    pub close: Vec<Control>,
    pub accept: Vec<Control>,
    pub refuse: Vec<Control>,
    pub boxes: Vec<(String, bool)>,
    pub box_bounds: Vec<Rect>,
    pub signature: String,
}

impl OpenPopup {
    /// How it went, when it is not there any more and nobody took it away on purpose.
    fn went(&self) -> PopupEnd {
        let unseen = if self.covered { PopupEnd::Unseen } else { PopupEnd::ByItself };
        self.pressed.unwrap_or(unseen)
    }

    /// Whether what is seen now is this pop-up, though its count went on or a control came up late.
    fn is_seen_as(&self, seen: &PopupSeen) -> bool {
        let alike = self.signature == seen.signature || self.seen.title == seen.title || grew(&self.words, &seen.words);
        self.role == seen.role && alike
    }

    /// Whether the focused window may be this pop-up's: one with another number came after it, however alike they look.
    fn may_be_in(&self, screen: &Screen) -> bool {
        self.window.is_none() || screen.window.is_none() || self.window == screen.window
    }
}

impl Attempt<'_> {
    /// The pop-up on this tree, when there is one.
    pub fn popup_on(&self, tree: &Tree) -> Option<PopupSeen> {
        let screen = self.screen_bounds();
        let bounds = tree.bounds();
        let package = tree.package();
        if tree.nodes.is_empty() || self.system_dialog(tree).is_some() {
            return None;
        }
        let covers = share(bounds, screen);
        let small = !self.is_wide(tree);
        let own = package == self.package();
        let above = small && self.watch.resumed_package().as_deref() == Some(self.package());
        if !own && !above {
            return None;
        }
        // A dialog's window may be as large as the screen, and what it shows a part of it.
        let wide = !small && self.is_above(tree);
        let (bounds, covers) = match wide {
            true => (tree.content(), share(tree.content(), screen)),
            false => (bounds, covers),
        };
        let seen = self.describe(tree, bounds, covers.min(1.0));
        let few = tree.nodes.len() < MOST_SPLASH_VIEWS;
        let page = match seen.role {
            // A page of its own is a window that interrupts only at the start, or when nothing we pressed opened it: a
            // page of settings speaks of consent and promotion as well.
            PopupRole::Consent => {
                let answered = self.memory.consented && self.memory.updated == Updated::No;
                few && !seen.accept.is_empty() && self.memory.last_tap.is_none() && !answered
            }
            PopupRole::Promotion => {
                let came = self.at_start() || (!seen.close.is_empty() && !self.just_acted());
                few && came && !is_furnished(tree) && !self.is_on_map(&seen.signature)
            }
            _ => false,
        };
        // One that is a whole page of the app, with what a person uses it by, is not in its way.
        (small || page || wide && !(covers >= DIALOG_SHARE && is_furnished(tree))).then_some(seen)
    }

    /// Whether a tree covers as much of the screen as a page does.
    pub fn is_wide(&self, tree: &Tree) -> bool {
        share(tree.bounds(), self.screen_bounds()) >= DIALOG_SHARE
    }

    /// Whether a tree as large as a page was found to be that of a window above it.
    fn is_above(&self, tree: &Tree) -> bool {
        self.memory.above.as_deref() == Some(tree)
    }

    /// Whether the app was started a moment ago and nothing of it was pressed yet, so that a page may be a splash.
    fn at_start(&self) -> bool {
        let now = self.clock.elapsed();
        let shown = self.memory.launched_at.max(self.memory.returned_at);
        let untouched = self.memory.last_tap.as_ref().is_none_or(|(_, tap)| shown.is_some_and(|shown| *tap < shown));
        untouched && shown.is_some_and(|at| now - at <= self.patience(SPLASH, 4))
    }

    /// Whether we pressed something a moment ago, or went back: what came then came of it.
    fn just_acted(&self) -> bool {
        let now = self.clock.elapsed();
        let within = self.patience(Duration::from_secs(3), 3);
        let tap = self.memory.last_tap.as_ref().map(|(_, at)| *at);
        tap.max(self.memory.last_back).is_some_and(|at| now - at <= within)
    }

    /// Whether a search went to this page by a press of its own: it is a part of the app, whatever it speaks of.
    fn is_on_map(&self, signature: &str) -> bool {
        self.memory.map.at(signature).is_some()
    }

    fn describe(&self, tree: &Tree, bounds: Rect, covers: f64) -> PopupSeen {
        let lexicon = &self.order.lexicon;
        // Masked before they are cut: half a secret would be known by nobody.
        let words = self.order.secrets.mask(&tree.labels().collect::<Vec<_>>().join("\n"));
        let words: String = words.chars().take(MOST_WORDS).collect();
        let pressable =
            tree.nodes.iter().enumerate().filter(|(_, n)| n.enabled && !n.checkable && !n.label().is_empty());
        let pressable = pressable.filter_map(|(id, n)| tree.clickable_at(id).map(|at| (n, tree.nodes[at].bounds)));
        let acts: Vec<(&Node, Rect, Vec<Act>)> = pressable.map(|(n, at)| (n, at, lexicon.act(n.label()))).collect();
        let controls = |act: Act| -> Vec<Control> {
            let fits = acts.iter().filter(|(_, _, acts)| acts.contains(&act));
            fits.map(|(n, at, _)| Control { label: n.label().to_owned(), bounds: *at }).take(MOST_CONTROLS).collect()
        };
        let close_by_id = tree.nodes.iter().filter(|n| n.clickable && n.enabled && lexicon.is_close_id(n.short_id()));
        let mut close: Vec<Control> =
            close_by_id.map(|n| Control { label: label_of(n), bounds: n.bounds }).take(MOST_CONTROLS).collect();
        for control in controls(Act::Close) {
            if !close.iter().any(|c| c.bounds == control.bounds) {
                close.push(control);
            }
        }
        let mut role = popup_role(lexicon.role(tree.labels()));
        // A window that comes before anything was pressed and names the policy asks for consent, whatever its answers are called;
        // one of which one can only take note may be a mere message.
        let early = self.memory.last_tap.is_none() && !self.memory.consented && self.memory.launches > 0;
        let names_policy = || tree.labels().any(|label| lexicon.mentions(label, List::Policy));
        let notice = acts.iter().any(|(n, ..)| lexicon.acknowledges(n.label()));
        if early && role == PopupRole::Message && !notice && names_policy() {
            role = PopupRole::Consent;
        }
        let mut accept = controls(Act::Accept);
        if role == PopupRole::Consent && accept.is_empty() {
            // Whatever it is called: what neither refuses, closes nor opens a text is how one goes on.
            let names = |list| move |label: &str| lexicon.mentions(label, list) || lexicon.is(label, list);
            let (policy, sign_in) = (names(List::Policy), names(List::SignIn));
            let goes_on =
                |n: &Node| !policy(n.label()) && !sign_in(n.label()) && n.label().chars().any(char::is_alphanumeric);
            let mut others = acts.iter().filter(|(n, _, acts)| acts.is_empty() && goes_on(n));
            if let (Some((n, at, _)), None) = (others.next(), others.next()) {
                accept.push(Control { label: n.label().to_owned(), bounds: *at });
            }
        }
        let boxes: Vec<&Node> = tree.nodes.iter().filter(|n| n.checkable).take(MOST_CONTROLS).collect();
        let title = tree
            .nodes
            .iter()
            .find(|n| n.short_id() == "alertTitle")
            .or_else(|| tree.nodes.iter().find(|n| !n.text.is_empty()));
        PopupSeen {
            role,
            title: title.map(|n| n.text.clone()).unwrap_or_default(),
            words,
            bounds,
            covers,
            by: tree.package().to_owned(),
            close,
            accept,
            refuse: controls(Act::Refuse),
            box_bounds: boxes.iter().map(|n| n.bounds).collect(),
            boxes: boxes.iter().map(|n| (box_words(tree, n), n.checked)).collect(),
            signature: signature(tree, tree.package()),
        }
    }

    /// Whether a pop-up is to be met now: not when it was given up, nor when it answers a tap of ours and a step of the
    /// scenario is to deal with it.
    pub fn must_meet(&self, seen: &PopupSeen) -> bool {
        let known =
            self.memory.popups.iter().rev().find(|p| !p.gone && p.signature == seen.signature && p.words == seen.words);
        match known {
            Some(open) => !open.given_up && self.meets(open.role, open.by_tap),
            None => true,
        }
    }

    fn meets(&self, role: PopupRole, by_tap: bool) -> bool {
        use crate::journal::entry::ConsentPolicy;
        match role {
            PopupRole::Consent => self.consent_policy() != ConsentPolicy::Leave,
            PopupRole::PermissionPlea => self.prompt_policy() != PromptPolicy::Ask,
            PopupRole::Promotion | PopupRole::Update => true,
            PopupRole::Message => !by_tap,
            PopupRole::SignIn | PopupRole::Confirmation => false,
        }
    }

    /// Meets the pop-up of this screen. True when something was done and the way should be looked at again.
    pub async fn meet_popup(&mut self, screen: &Screen, seen: PopupSeen) -> Result<bool, RunError> {
        let at = self.open_popup(screen, &seen).await?;
        let popup = &self.memory.popups[at];
        if popup.given_up || !self.meets(popup.role, popup.by_tap) {
            return Ok(false);
        }
        match popup.role {
            PopupRole::Consent => self.meet_consent(self.consent_policy(), screen, seen, at).await,
            PopupRole::PermissionPlea => self.meet_plea(screen, seen, at).await,
            _ => self.close_popup(screen, seen, at).await.map(|()| true),
        }
    }

    /// Writes the pop-up down when it is new; its place among the pop-ups of this case.
    pub async fn open_popup(&mut self, screen: &Screen, seen: &PopupSeen) -> Result<usize, RunError> {
        let now = self.clock.elapsed();
        let is_it = |p: &OpenPopup| !p.gone && p.signature == seen.signature && p.words == seen.words;
        let known = self.memory.popups.iter().position(|p| is_it(p) && p.may_be_in(screen));
        let grown =
            |p: &OpenPopup| !p.gone && p.role == seen.role && grew(&p.words, &seen.words) && p.may_be_in(screen);
        let open = known.or_else(|| self.memory.popups.iter().rposition(grown));
        self.note_other_popups_gone(open)?;
        if let Some(at) = open {
            self.memory.popups[at].last_seen = now;
            self.memory.popups[at].covered = false;
            return Ok(at);
        }
        let before = self.memory.popup_came;
        let news = |watch: &Watch| watch.dialog().filter(|(at, _)| before.is_none_or(|before| before < *at));
        let (dialog, window) = match !self.is_wide(&screen.tree) || self.is_above(&screen.tree) {
            true => self.told_by_log(LOG_LAGS, news).await?.unzip(),
            false => (None, None),
        };
        let came = dialog.or(screen.since);
        self.add_popup(
            seen,
            Appearance {
                came,
                // What opened it was there when it came, not when it was seen.
                opened_by: self.opened_by(self.elapsed_at(dialog), dialog),
                window: screen.window.clone().or(window),
                activity: self.watch.resumed().or_else(|| screen.resumed.clone()),
                capture: Some(screen.capture),
                screenshot: screen.screenshot.clone(),
            },
        )
    }

    /// Writes a pop-up down; its place among those of this case.
    pub(super) fn add_popup(&mut self, seen: &PopupSeen, how: Appearance) -> Result<usize, RunError> {
        let now = self.clock.elapsed();
        let by_tap = how.opened_by == "tap";
        let same_as = self.memory.popups.iter().find(|p| p.signature == seen.signature && p.words == seen.words);
        let number = self.memory.popups_before + self.memory.popups.len() as u32 + 1;
        let shown = PopupShown {
            popup: number,
            role: seen.role,
            title: seen.title.clone(),
            words: seen.words.clone(),
            by: seen.by.clone(),
            covers: (seen.covers * 1000.0).round() / 1000.0,
            bounds: seen.bounds,
            close: seen.close.clone(),
            accept: seen.accept.clone(),
            refuse: seen.refuse.clone(),
            boxes: seen.boxes.clone(),
            opened_by: how.opened_by.to_owned(),
            same_as: same_as.map(|p| p.number),
            launch: self.memory.launches,
            step: self.memory.step.clone(),
            signature: seen.signature.clone(),
            activity: how.activity,
            mono: how.came.and_then(|at| self.mono_of(at)),
            capture: how.capture,
            screenshot: how.screenshot,
        };
        self.memory.popup_came = how.came;
        self.journal.append_at(Event::PopupShown(Box::new(shown)), how.came)?;
        self.memory.popups.push(OpenPopup {
            number,
            role: seen.role,
            signature: seen.signature.clone(),
            words: seen.words.clone(),
            window: how.window,
            uncovered: self.watch.uncovered_at(),
            by_tap,
            first_seen: now,
            last_seen: now,
            taps: 0,
            seen: seen.clone(),
            pressed: None,
            close_after: None,
            gone: false,
            given_up: false,
            covered: false,
        });
        Ok(self.memory.popups.len() - 1)
    }

    /// What opened a window that came then: the last thing that we did, if that was a moment before; else the app's own timer.
    /// Where the log tells when it came, and the device when it was touched, nothing comes of a touch made later.
    pub(super) fn opened_by(&self, now: Duration, came: Option<i64>) -> &'static str {
        let memory = &self.memory;
        let early = came.zip(memory.tapped).is_some_and(|(came, tapped)| came + ROUNDED_MS < tapped);
        let causes = [
            ("tap", memory.last_tap.as_ref().filter(|_| !early).map(|(_, at)| *at), TAP_OPENS),
            ("launch", memory.launched_at, START_OPENS),
            ("return", memory.returned_at, START_OPENS),
            ("shake", memory.moved_at, START_OPENS),
        ];
        let recent = causes.into_iter().filter_map(|(cause, at, within)| {
            let at = at.filter(|at| now.saturating_sub(*at) <= within + memory.pace * 2)?;
            Some((at, cause))
        });
        recent.max_by_key(|(at, _)| *at).map_or("timer", |(_, cause)| cause)
    }

    /// The app explains or demands a permission: led on when a tap of ours asked for it, closed when it nags.
    async fn meet_plea(&mut self, screen: &Screen, seen: PopupSeen, at: usize) -> Result<bool, RunError> {
        let lead_on = match self.prompt_policy() {
            PromptPolicy::Allow => true,
            PromptPolicy::Ask => false,
            // What was refused on this install is not asked for again; the rest is asked for as with everything allowed.
            _ if self.memory.twin.is_some() => !self.was_refused(at),
            // What the person's own tap asked for is led on: it is the system's question that gets the answer.
            _ => self.memory.popups[at].by_tap,
        };
        if lead_on && let Some(control) = seen.accept.first().cloned() {
            self.memory.popups[at].taps += 1;
            self.press(screen, &control, "prompt-policy").await?;
            let patience = self.patience(Duration::from_secs(2), 4);
            self.until_changed(&screen.tree, patience).await?;
            self.popup_gone(at, PopupEnd::Accepted)?;
            return Ok(true);
        }
        self.close_popup(screen, seen, at).await.map(|()| true)
    }

    /// Whether a plea speaks of what was refused on this install, or came before in the same words.
    fn was_refused(&self, at: usize) -> bool {
        let words = &self.memory.popups[at].words;
        speaks_of(words, &self.memory.refused, &self.order.lexicon)
            || self.memory.popups[..at].iter().any(|earlier| earlier.words == *words)
    }

    /// Closes a pop-up as a person would: its close control, then what refuses, then *back*; counts the taps.
    pub async fn close_popup(&mut self, screen: &Screen, seen: PopupSeen, at: usize) -> Result<(), RunError> {
        let Some(mut here) = self.until_closable(screen, seen, at).await? else { return Ok(()) };
        for _ in 0..MOST_CLOSING_TAPS {
            let Some(control) = self.way_out(&here.0, &here.1) else { break };
            self.memory.popups[at].taps += 1;
            let before = self.watch.uncovered_at();
            self.press(&here.0, &control, "popup-close").await?;
            let has_window = self.memory.popups[at].window.is_some();
            let news = |watch: &Watch| watch.uncovered_at().filter(|at| before.is_none_or(|before| before < *at));
            let told = if has_window { self.told_by_log(LOG_LAGS, news).await? } else { None };
            if told.is_none() {
                // A window that takes its time must not seem to want another tap.
                let patience = self.patience(Duration::from_secs(3), 6);
                self.until_changed(&here.0.tree, patience).await?;
            }
            match self.still_there(at).await? {
                _ if self.went_since(at, before) => return self.popup_gone(at, PopupEnd::Closed),
                Some(again) => here = again,
                None if self.is_covered() => {
                    self.memory.popups[at].covered = true;
                    return Ok(());
                }
                None => return self.popup_gone(at, PopupEnd::Closed),
            }
        }
        // On a page of its own, *back* would leave the app.
        if here.1.covers < DIALOG_SHARE {
            self.press_key("BACK", "no control closes the pop-up", "popup-close").await?;
            let patience = self.patience(Duration::from_millis(800), 3);
            self.until_changed(&here.0.tree, patience).await?;
            if self.still_there(at).await?.is_none() {
                return self.popup_gone(at, PopupEnd::Back);
            }
        }
        self.memory.popups[at].given_up = true;
        let popup = &self.memory.popups[at];
        let event = Event::PopupGone {
            popup: popup.number,
            how: PopupEnd::NotClosed,
            taps: popup.taps,
            lived_ms: (self.clock.elapsed() - popup.first_seen).as_millis() as u64,
            close_after_ms: popup.close_after.map(|after| after.as_millis() as u64),
        };
        self.note(event)?;
        Ok(())
    }

    /// What a person presses to be rid of the pop-up: what closes it, what refuses, or the one answer to a message.
    fn way_out(&self, screen: &Screen, seen: &PopupSeen) -> Option<Control> {
        let lone = || {
            let node = self.lone_answer(&screen.tree).filter(|_| seen.role == PopupRole::Message)?;
            let node = &screen.tree.nodes[node];
            Some(Control { label: label_of(node), bounds: node.bounds })
        };
        seen.close.first().or(seen.refuse.first()).cloned().or_else(lone)
    }

    /// The one control of a message, when all it does is take the message away.
    pub fn lone_answer(&self, tree: &Tree) -> Option<NodeId> {
        let mut pressable = (0..tree.nodes.len()).filter(|id| tree.nodes[*id].clickable && tree.nodes[*id].enabled);
        let only = pressable.next().filter(|_| pressable.next().is_none())?;
        let lexicon = &self.order.lexicon;
        let label = tree.nodes[only].label();
        (lexicon.act(label).contains(&Act::Close) || lexicon.acknowledges(label)).then_some(only)
    }

    /// Waits for a control that closes the pop-up; `None` when it went by itself meanwhile.
    async fn until_closable(
        &mut self,
        screen: &Screen,
        seen: PopupSeen,
        at: usize,
    ) -> Result<Option<(Screen, PopupSeen)>, RunError> {
        let mut here = (screen.clone(), seen);
        // The same window came before and was waited for: that it has no close control is known by now.
        let popups = &self.memory.popups;
        let met = popups[..at].iter().any(|p| p.gone && p.words == here.1.words && p.close_after.is_none());
        let within = if met && here.1.covers < DIALOG_SHARE { CLOSE_WITHIN_AGAIN } else { CLOSE_WITHIN };
        let end = self.clock.elapsed() + self.patience(within, 4);
        while self.way_out(&here.0, &here.1).is_none() && self.clock.elapsed() < end {
            let left = end.saturating_sub(self.clock.elapsed());
            let Some(tree) = self.until_changed(&here.0.tree, left).await? else { break };
            // The window may be gone before the look that pictures its control.
            let open = &self.memory.popups[at];
            let closable = self.popup_on(&tree).is_some_and(|seen| open.is_seen_as(&seen) && !seen.close.is_empty());
            if closable {
                self.note_closable(at);
            }
            match self.still_there(at).await? {
                Some(again) => here = again,
                None if self.is_covered() && self.may_stand_beneath(at) => {
                    self.memory.popups[at].covered = true;
                    return Ok(None);
                }
                None => {
                    self.popup_gone(at, PopupEnd::ByItself)?;
                    return Ok(None);
                }
            }
            if !here.1.close.is_empty() {
                self.note_closable(at);
            }
        }
        Ok(Some(here))
    }

    /// A control that closes a pop-up came up by now.
    fn note_closable(&mut self, at: usize) {
        let now = self.clock.elapsed();
        let popup = &mut self.memory.popups[at];
        popup.close_after.get_or_insert(now - popup.first_seen);
    }

    /// Looks again: the same pop-up (by structure) with its present controls, or `None` when it is gone.
    async fn still_there(&mut self, at: usize) -> Result<Option<(Screen, PopupSeen)>, RunError> {
        let screen = self.look("popup").await?;
        let open = &self.memory.popups[at];
        let same =
            |seen: &PopupSeen| (seen.signature == open.signature || open.is_seen_as(seen)) && open.may_be_in(&screen);
        Ok(self.popup_on(&screen.tree).filter(same).map(|seen| (screen, seen)))
    }

    /// Whether by the log a window had gone since: its activity had the focus, and what has it now is another window, however
    /// alike. A slow look may show the next one in place of the first.
    fn went_since(&self, at: usize, before: Option<i64>) -> bool {
        let uncovered = self.watch.uncovered_at().is_some_and(|at| before.is_none_or(|before| at > before));
        let now = self.watch.dialog().map(|(_, window)| window);
        let own = &self.memory.popups[at].window;
        uncovered && own.is_some() && *own != now
    }

    /// Whether a window that another one covers may still stand: by the log its activity never had the focus since.
    fn may_stand_beneath(&self, at: usize) -> bool {
        let popup = &self.memory.popups[at];
        popup.window.is_some() && popup.uncovered == self.watch.uncovered_at()
    }

    /// Whether the last screen shows a pop-up: a dump holds the top window alone, and what lies below may stand or be gone.
    fn is_covered(&self) -> bool {
        self.memory.screen.as_ref().is_some_and(|screen| self.popup_on(&screen.tree).is_some())
    }

    /// Writes down that a pop-up went.
    pub fn popup_gone(&mut self, at: usize, how: PopupEnd) -> Result<(), RunError> {
        let now = self.clock.elapsed();
        let popup = &mut self.memory.popups[at];
        if std::mem::replace(&mut popup.gone, true) || popup.given_up {
            return Ok(());
        }
        let lived_ms = (now - popup.first_seen).as_millis() as u64;
        popup.last_seen = now;
        let close_after_ms = popup.close_after.map(|after| after.as_millis() as u64);
        let event = Event::PopupGone { popup: popup.number, how, taps: popup.taps, lived_ms, close_after_ms };
        self.note(event)?;
        Ok(())
    }

    /// Takes note of a press of ours that lands on an open pop-up: it explains how the pop-up goes.
    pub fn note_press(&mut self, control: &Control, by: &str) {
        let Some(open) = self.memory.popups.iter_mut().rev().find(|p| !p.gone) else { return };
        if !open.seen.bounds.contains(control.bounds.center())
            || matches!(by, "popup-close" | "consent-policy" | "settings")
        {
            return;
        }
        let is_one = |list: &[Control]| list.iter().any(|c| c.bounds == control.bounds);
        open.taps += 1;
        open.pressed = Some(match () {
            () if is_one(&open.seen.refuse) => PopupEnd::Refused,
            () if is_one(&open.seen.close) => PopupEnd::Closed,
            () => PopupEnd::Accepted,
        });
    }

    /// Writes down that pop-ups which were open are not on the last screen any more.
    pub fn note_gone_popups(&mut self) -> Result<(), RunError> {
        let Some(screen) = self.memory.screen.clone() else { return Ok(()) };
        let left = !self.in_front(&screen) && !screen.tree.nodes.is_empty();
        let on = self.popup_on(&screen.tree);
        let covered = on.is_some();
        let standing = on.and_then(|seen| {
            let same = |p: &OpenPopup| p.signature == seen.signature && p.words == seen.words;
            let grown = |p: &OpenPopup| p.role == seen.role && grew(&p.words, &seen.words) && p.may_be_in(&screen);
            let popups = &self.memory.popups;
            let known = popups.iter().position(|p| !p.gone && same(p));
            known.or_else(|| popups.iter().rposition(|p| !p.gone && grown(p)))
        });
        if self.system_dialog(&screen.tree).is_some() || screen.tree.nodes.is_empty() {
            return Ok(());
        }
        for at in 0..self.memory.popups.len() {
            let beneath = covered && self.may_stand_beneath(at);
            self.memory.popups[at].covered |= beneath && standing != Some(at);
            if !self.memory.popups[at].gone && standing != Some(at) && !beneath {
                let how = self.memory.popups[at].went();
                self.popup_gone(at, if left { PopupEnd::AppGone } else { how })?;
            }
        }
        Ok(())
    }

    fn note_other_popups_gone(&mut self, but: Option<usize>) -> Result<(), RunError> {
        for at in 0..self.memory.popups.len() {
            if self.memory.popups[at].gone || but == Some(at) {
                continue;
            }
            if self.may_stand_beneath(at) {
                self.memory.popups[at].covered = true;
            } else {
                let how = self.memory.popups[at].went();
                self.popup_gone(at, how)?;
            }
        }
        Ok(())
    }
}

fn share(part: Rect, whole: Rect) -> f64 {
    if whole.area() == 0 { 1.0 } else { part.area() as f64 / whole.area() as f64 }
}

/// Whether a page has what a person uses an app by: a field to write in, a chosen tab, or more to press than an
/// advertisement has.
fn is_furnished(tree: &Tree) -> bool {
    let named = |id: usize| tree.subtree(id).iter().any(|n| n.label().chars().any(char::is_alphanumeric));
    let pressable = tree.nodes.iter().enumerate().filter(|(id, n)| n.clickable && n.enabled && named(*id)).count();
    let writes = tree.nodes.iter().any(|n| n.class.ends_with("EditText"));
    writes || pressable > MOST_PRESSED_ON_AN_AD || tree.nodes.iter().any(|n| n.selected && n.clickable)
}

/// Whether words hold all that was there before, numbers aside, and more: a window to which something came. A count that goes
/// on changes nothing.
pub(super) fn grew(before: &str, now: &str) -> bool {
    let plain = |line: &str| line.chars().filter(|c| !c.is_numeric()).collect::<String>();
    let now: Vec<String> = now.lines().map(plain).collect();
    !before.is_empty() && before.lines().map(plain).all(|line| now.contains(&line))
}

fn label_of(node: &Node) -> String {
    [node.label(), node.short_id(), &*node.class].into_iter().find(|s| !s.is_empty()).unwrap_or_default().to_owned()
}

/// A check box's words: its own, else those of the nearest text to its right on the same line.
pub(super) fn box_words(tree: &Tree, node: &Node) -> String {
    if !node.label().is_empty() {
        return node.label().to_owned();
    }
    let beside = tree.nodes.iter().filter(|n| {
        !n.label().is_empty()
            && n.bounds.left >= node.bounds.left
            && n.bounds.top < node.bounds.bottom
            && n.bounds.bottom > node.bounds.top
    });
    beside.min_by_key(|n| n.bounds.left).map(|n| n.label().to_owned()).unwrap_or_default()
}

fn popup_role(role: Role) -> PopupRole {
    match role {
        Role::Consent => PopupRole::Consent,
        Role::PermissionPlea => PopupRole::PermissionPlea,
        Role::Promotion => PopupRole::Promotion,
        Role::Update => PopupRole::Update,
        Role::SignIn => PopupRole::SignIn,
        Role::Confirmation => PopupRole::Confirmation,
        Role::Message => PopupRole::Message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_to_which_something_came_is_the_same() {
        assert!(grew("广告 点击了解详情", "跳过\n广告 点击了解详情"));
        assert!(grew("跳过 3\nAd", "跳过 2\nAd") && grew("Ad", "Ad"));
        assert!(!grew("Offer\nLook", "Offer\nClose") && !grew("", "Offer"));
    }
}

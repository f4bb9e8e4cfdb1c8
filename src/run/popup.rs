//! The app asks or interrupts: notice it, write it down, close it as a person would, see whether it comes back.

use std::time::Duration;

use crate::journal::entry::{Control, Event, ExhibitRef, PopupEnd, PopupRole, PopupShown, PromptPolicy};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::prompt::speaks_of;
use super::touch::came_before;
use super::wait::LOG_LAGS;
use super::watch::Watch;
pub(super) use seen::{PopupSeen, box_words};

mod closing;
mod seen;

/// A window this soon after a tap of ours was opened by it (ours).
const TAP_OPENS: Duration = Duration::from_millis(1500);
/// The same after a start, a return to the foreground or a movement of the device (ours).
const START_OPENS: Duration = Duration::from_secs(2);

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
            others: seen.others.clone(),
            marks: seen.marks.clone(),
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
        let early = came.zip(memory.tapped).is_some_and(|(came, tapped)| came_before(came, tapped));
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

    /// Looks again: the same pop-up (by structure) with its present controls, or `None` when it is gone.
    async fn still_there(&mut self, at: usize) -> Result<Option<(Screen, PopupSeen)>, RunError> {
        let screen = self.look("popup").await?;
        let open = &self.memory.popups[at];
        let same =
            |seen: &PopupSeen| (seen.signature == open.signature || open.is_seen_as(seen)) && open.may_be_in(&screen);
        Ok(self.popup_on(&screen.tree).filter(same).map(|seen| (screen, seen)))
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

/// Whether words hold all that was there before, numbers aside, and more: a window to which something came. A count that goes
/// on changes nothing.
pub(super) fn grew(before: &str, now: &str) -> bool {
    let plain = |line: &str| line.chars().filter(|c| !c.is_numeric()).collect::<String>();
    let now: Vec<String> = now.lines().map(plain).collect();
    !before.is_empty() && before.lines().map(plain).all(|line| now.contains(&line))
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

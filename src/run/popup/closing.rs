//! Closing a pop-up as a person would.

use std::time::Duration;

use super::super::attempt::Attempt;
use super::super::deletion::OF_THE_SYSTEM;
use super::super::error::RunError;
use super::super::look::Screen;
use super::super::wait::LOG_LAGS;
use super::super::watch::Watch;
use super::PopupSeen;
use super::seen::{DIALOG_SHARE, label_of};
use crate::journal::entry::{Control, Event, PopupEnd, PopupRole};
use crate::ui::{Act, NodeId, Tree};

/// Taps a person spends on closing a window before giving up (ours).
const MOST_CLOSING_TAPS: u32 = 4;
/// How long a person waits for a control that closes a window before trying anything else (ours).
const CLOSE_WITHIN: Duration = Duration::from_secs(6);
/// The same for a window that came before without one.
const CLOSE_WITHIN_AGAIN: Duration = Duration::from_millis(500);

impl Attempt<'_> {
    /// Closes a pop-up as a person would: its close control, then what refuses, then *back*; counts the taps.
    pub async fn close_popup(&mut self, screen: &Screen, seen: PopupSeen, at: usize) -> Result<(), RunError> {
        let Some(mut here) = self.until_closable(screen, seen, at).await? else { return Ok(()) };
        // What led to another app would do so again.
        let (earlier, words) = (&self.memory.popups[..at], &here.1.words);
        let leads_away = earlier.iter().any(|p| p.pressed == Some(PopupEnd::LedAway) && p.words == *words);
        for _ in 0..if leads_away { 0 } else { MOST_CLOSING_TAPS } {
            let Some(control) = self.way_out(&here.0, &here.1).or_else(|| here.1.marks.first().cloned()) else { break };
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
                _ if self.is_elsewhere() => {
                    self.memory.popups[at].pressed = Some(PopupEnd::LedAway);
                    return self.popup_gone(at, PopupEnd::LedAway);
                }
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

    /// Whether another app is in front, one that is no part of the system.
    fn is_elsewhere(&self) -> bool {
        self.memory.screen.as_ref().is_some_and(|screen| {
            let front = screen.tree.package();
            let of_the_system = OF_THE_SYSTEM.iter().any(|part| front.contains(part));
            !front.is_empty() && !self.in_front(screen) && !of_the_system && self.system_dialog(&screen.tree).is_none()
        })
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

    /// Whether by the log a window had gone since: its activity had the focus, and what has it now is another window, however
    /// alike. A slow look may show the next one in place of the first.
    fn went_since(&self, at: usize, before: Option<i64>) -> bool {
        let uncovered = self.watch.uncovered_at().is_some_and(|at| before.is_none_or(|before| at > before));
        let now = self.watch.dialog().map(|(_, window)| window);
        let own = &self.memory.popups[at].window;
        uncovered && own.is_some() && *own != now
    }
}

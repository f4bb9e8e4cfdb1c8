//! The app's own policy dialog: accept it, refuse it, or leave it, and see what follows.

use std::time::Duration;

use crate::journal::entry::{ConsentAct, ConsentAfter, ConsentPolicy, Control, Event, PopupEnd, PopupRole};

use crate::ui::List;

use super::attempt::{Attempt, Updated};
use super::dead_end::insists;
use super::error::RunError;
use super::look::Screen;
use super::popup::PopupSeen;

/// Refusals in a row before a loop is called a loop (ours).
const MOST_REFUSALS: u32 = 3;
/// How long a page on which little can be done stands before it is taken for the app's answer (ours).
const DEAD_END: Duration = Duration::from_secs(8);

impl Attempt<'_> {
    /// Meets the policy dialog by a policy.
    pub async fn meet_consent(
        &mut self,
        policy: ConsentPolicy,
        screen: &Screen,
        seen: PopupSeen,
        at: usize,
    ) -> Result<bool, RunError> {
        match policy {
            ConsentPolicy::Accept => self.accept_policy(screen, seen, at).await.map(|()| true),
            ConsentPolicy::Refuse => self.refuse_policy(screen, seen, at).await,
            ConsentPolicy::Leave => {
                self.write_consent(at, ConsentAct::Left, "", None)?;
                self.memory.popups[at].given_up = true;
                Ok(false)
            }
        }
    }

    /// Accepts: the accepting control; when that does nothing, the boxes are ticked first.
    pub async fn accept_policy(&mut self, screen: &Screen, seen: PopupSeen, at: usize) -> Result<(), RunError> {
        let Some(control) = seen.accept.first().cloned() else {
            self.memory.popups[at].given_up = true;
            return self.write_consent(at, ConsentAct::Left, "", None);
        };
        let patience = self.patience(Duration::from_secs(2), 4);
        self.memory.popups[at].taps += 1;
        self.press(screen, &control, "consent-policy").await?;
        let mut changed = self.until_changed(&screen.tree, patience).await?.is_some();
        if !changed {
            for (bounds, (words, ticked)) in seen.box_bounds.iter().zip(&seen.boxes) {
                if !ticked {
                    let tick = Control { label: words.clone(), bounds: *bounds };
                    self.press(screen, &tick, "consent-policy").await?;
                }
            }
            self.press(screen, &control, "consent-policy").await?;
            changed = self.until_changed(&screen.tree, patience).await?.is_some();
        }
        let after = self.look("consent").await?;
        let again = self.popup_on(&after.tree).is_some_and(|p| p.signature == seen.signature && p.words == seen.words);
        if changed && !again {
            self.memory.consented = true;
            self.memory.consented_at = Some(self.clock.elapsed());
            self.memory.updated = Updated::No;
            self.popup_gone(at, PopupEnd::Accepted)?;
            let after = if self.in_front(&after) || self.system_dialog(&after.tree).is_some() {
                ConsentAfter::Continued
            } else {
                ConsentAfter::Exited
            };
            return self.write_consent(at, ConsentAct::Accepted, &control.label, Some(after));
        }
        self.memory.popups[at].given_up = true;
        self.write_consent(at, ConsentAct::Accepted, &control.label, Some(ConsentAfter::AskedAgain))
    }

    /// Refuses, up to three times in a row, and tells what followed each time.
    async fn refuse_policy(&mut self, screen: &Screen, seen: PopupSeen, at: usize) -> Result<bool, RunError> {
        let Some(control) = seen.refuse.first().or(seen.close.first()).or(seen.marks.first()).cloned() else {
            self.memory.popups[at].given_up = true;
            self.write_consent(at, ConsentAct::NoRefuseControl, "", None)?;
            return Ok(false);
        };
        if self.memory.refusals >= MOST_REFUSALS {
            self.memory.popups[at].given_up = true;
            return Ok(false);
        }
        self.memory.refusals += 1;
        self.memory.popups[at].taps += 1;
        self.press(screen, &control, "consent-policy").await?;
        let patience = self.patience(Duration::from_secs(3), 5);
        self.until_changed(&screen.tree, patience).await?;
        let mut after = self.look("consent").await?;
        let mut outcome = self.after_refusal(&after, &seen);
        if outcome == ConsentAfter::DeadEnd {
            // It may be a picture at the start, which goes by itself.
            let lexicon = self.order.lexicon.clone();
            let patience = self.patience(DEAD_END, 4);
            self.until_seen(patience, |tree| insists(&lexicon, tree).is_none().then_some(())).await?;
            after = self.look("consent").await?;
            outcome = self.after_refusal(&after, &seen);
        }
        if outcome == ConsentAfter::AskedAgain && *after.tree == *screen.tree {
            self.memory.popups[at].given_up = self.memory.refusals >= MOST_REFUSALS;
        } else {
            let how = if outcome == ConsentAfter::Exited { PopupEnd::AppGone } else { PopupEnd::Refused };
            self.popup_gone(at, how)?;
        }
        if matches!(outcome, ConsentAfter::Continued | ConsentAfter::BasicMode) {
            self.memory.refusals = 0;
        }
        self.write_consent(at, ConsentAct::Refused, &control.label, Some(outcome))?;
        Ok(outcome != ConsentAfter::Exited)
    }

    fn after_refusal(&self, after: &Screen, seen: &PopupSeen) -> ConsentAfter {
        if !self.in_front(after) {
            return ConsentAfter::Exited;
        }
        match self.popup_on(&after.tree) {
            Some(p) if p.signature == seen.signature && p.words == seen.words => ConsentAfter::AskedAgain,
            Some(p) if p.role == PopupRole::Consent => ConsentAfter::SecondDialog,
            _ if after.tree.labels().any(|label| self.order.lexicon.mentions(label, List::BasicMode)) => {
                ConsentAfter::BasicMode
            }
            None if insists(&self.order.lexicon, &after.tree).is_some() => ConsentAfter::DeadEnd,
            _ => ConsentAfter::Continued,
        }
    }

    fn write_consent(
        &mut self,
        at: usize,
        act: ConsentAct,
        control: &str,
        after: Option<ConsentAfter>,
    ) -> Result<(), RunError> {
        let popup = Some(self.memory.popups[at].number);
        self.note(Event::Consent { popup, act, control: control.to_owned(), after })?;
        Ok(())
    }
}

//! A pop-up or a prompt that one reading of the screen showed, and that had gone before the look that was to picture it.
//!
//! Where a look takes seconds, an advertisement at the start may be gone by then. What was read of it was seen all the same.

use std::time::Duration;

use crate::android::SystemDialog;
use crate::journal::entry::PromptKind;
use crate::ui::Tree;

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::popup::{Appearance, PopupSeen, grew};
use super::prompt::Sight;

/// How long a prompt that was answered may still be read (ours).
const LEAVES_WITHIN: Duration = Duration::from_secs(2);

/// A pop-up that a reading showed.
pub(super) struct Glimpse {
    seen: PopupSeen,
    /// When the reading began.
    begun: Duration,
}

impl Attempt<'_> {
    /// What the last reading shows of a pop-up that is not written down yet.
    pub(super) fn glimpse(&self, tree: &Tree) -> Option<Glimpse> {
        let (begun, read) = self.memory.read.as_ref()?;
        let seen = self.popup_on(tree).filter(|_| **read == *tree)?;
        let known =
            self.memory.popups.iter().any(|p| !p.gone && p.signature == seen.signature && p.words == seen.words);
        (!known).then_some(Glimpse { seen, begun: *begun })
    }

    /// The prompt that a reading showed, with the device's clock when it began. One that was answered a moment ago is on its
    /// way out.
    pub(super) fn prompt_glimpse(&self, tree: &Tree) -> Option<(SystemDialog, Option<i64>)> {
        let (begun, _) = self.memory.read.as_ref().filter(|(_, read)| **read == *tree)?;
        let dialog = self.system_dialog(tree).filter(|dialog| dialog.what == PromptKind::Permission)?;
        let leaving = self.memory.prompt_over.as_ref().is_some_and(|(question, over)| {
            *question == dialog.question && begun.saturating_sub(*over) <= LEAVES_WITHIN + self.memory.pace * 2
        });
        (!leaving && !self.stands_answered(tree)).then(|| (dialog, self.device_at(*begun)))
    }

    /// Writes a prompt down without a picture when the look that followed shows the app without it.
    pub(super) async fn note_prompt_glimpse(
        &mut self,
        glimpse: Option<(SystemDialog, Option<i64>)>,
        screen: &Screen,
    ) -> Result<(), RunError> {
        let Some((dialog, since)) = glimpse else { return Ok(()) };
        if screen.tree.nodes.is_empty() || self.system_dialog(&screen.tree).is_some() || !self.in_front(screen) {
            return Ok(());
        }
        let sight = Sight { since, until: since, resumed: None, capture: None, screenshot: None, png: None };
        self.write_prompt(&sight, &dialog).await?;
        self.memory.standing = None;
        self.watch.prompt_over(self.clock.elapsed());
        Ok(())
    }

    /// The device's clock at a moment of this attempt's.
    fn device_at(&self, moment: Duration) -> Option<i64> {
        let ago = i64::try_from((self.clock.elapsed() - moment).as_millis()).ok();
        self.device_now().zip(ago).map(|(now, ago)| now - ago)
    }

    /// Writes a pop-up down without a picture when the look that followed does not show it any more.
    pub(super) fn note_glimpse(&mut self, glimpse: Option<Glimpse>, screen: &Screen) -> Result<(), RunError> {
        let Some(Glimpse { seen, begun }) = glimpse else { return Ok(()) };
        // What covers a window, or can't be read, does not tell that it went.
        let legible = !screen.tree.nodes.is_empty() && self.system_dialog(&screen.tree).is_none();
        let stands = |now: PopupSeen| {
            now.signature == seen.signature || now.title == seen.title || grew(&seen.words, &now.words)
        };
        if !legible || self.popup_on(&screen.tree).is_some_and(stands) {
            return Ok(());
        }
        let came = self.device_at(begun);
        let opened_by = self.opened_by(begun, None);
        let activity = self.watch.resumed();
        let how = Appearance { came, opened_by, window: None, activity, capture: None, screenshot: None };
        self.add_popup(&seen, how).map(drop)
    }
}

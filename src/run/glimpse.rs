//! A pop-up that one reading of the screen showed, and that had gone before the look that was to picture it.
//!
//! Where a look takes seconds, an advertisement at the start may be gone by then. What was read of it was seen all the same.

use std::time::Duration;

use crate::ui::Tree;

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::popup::{Appearance, PopupSeen};

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

    /// Writes a pop-up down without a picture when the look that followed does not show it any more.
    pub(super) fn note_glimpse(&mut self, glimpse: Option<Glimpse>, screen: &Screen) -> Result<(), RunError> {
        let Some(Glimpse { seen, begun }) = glimpse else { return Ok(()) };
        // What covers a window, or can't be read, does not tell that it went.
        let legible = !screen.tree.nodes.is_empty() && self.system_dialog(&screen.tree).is_none();
        let stands = |now: PopupSeen| now.signature == seen.signature || now.title == seen.title;
        if !legible || self.popup_on(&screen.tree).is_some_and(stands) {
            return Ok(());
        }
        let ago = i64::try_from((self.clock.elapsed() - begun).as_millis()).ok();
        let came = self.device_now().zip(ago).map(|(now, ago)| now - ago);
        let opened_by = self.opened_by(begun);
        let activity = self.watch.resumed();
        let how = Appearance { came, opened_by, window: None, activity, capture: None, screenshot: None };
        self.add_popup(&seen, how).map(drop)
    }
}

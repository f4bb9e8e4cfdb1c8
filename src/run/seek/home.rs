//! Where the app is, and the way back to its main screen.

use std::time::Duration;

use crate::journal::entry::PopupRole;

use super::super::attempt::Attempt;
use super::super::error::RunError;
use super::super::look::Screen;
use super::super::map::Way;
use super::super::page::{labels_of, title};
use super::MOST_DEPTH;

/// How long and how often it waits.
pub(super) const WAIT_FOR_MORE: Duration = Duration::from_secs(6);
/// Presses of *back* in a row that may show nothing (ours).
const MOST_UNMOVED: u32 = 2;

impl Attempt<'_> {
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
    pub(super) fn began_with_a_picture(&self) -> bool {
        let map = &self.memory.map;
        let main = self.memory.main.as_ref().and_then(|main| map.at(main));
        main.is_some_and(|main| map.place(main).labels.is_empty())
    }

    pub(super) fn is_main(&self, screen: &Screen) -> bool {
        let map = &self.memory.map;
        let same = |main: &String| map.at(main).is_some() && map.at(main) == map.at(&screen.signature);
        self.memory.main.as_ref().is_some_and(|main| *main == screen.signature || same(main))
    }

    /// The place on the map that a screen is, though a greeting or a count on it changed.
    pub(super) fn place_of(&mut self, screen: &Screen) -> Option<usize> {
        let map = &mut self.memory.map;
        if let Some(known) = map.at(&screen.signature) {
            return Some(known);
        }
        let place = map.resembling(&title(&screen.tree), &labels_of(&screen.tree))?;
        map.also(screen.signature.clone(), place);
        Some(place)
    }

    /// Presses *back* until the screen is the wanted one; `None` when the app is not in front or would be left.
    pub(super) async fn go_back_until(
        &mut self,
        there: impl Fn(&mut Self, &Screen) -> bool,
    ) -> Result<Option<Screen>, RunError> {
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

    /// Closes a window that *back* leaves standing, by its own control. How the policy is answered is for the scenario to say.
    async fn close_what_stays(&mut self, screen: &Screen) -> Result<(), RunError> {
        let window = self.popup_on(&screen.tree).filter(|seen| seen.role != PopupRole::Consent);
        let Some(control) = window.and_then(|seen| seen.close.first().cloned()) else { return Ok(()) };
        self.press(screen, &control, "seek").await?;
        let patience = self.patience(Duration::from_millis(600), 2);
        self.until_changed(&screen.tree, patience).await.map(drop)
    }

    /// Presses *back*; `None` when that left the app, now or when it was pressed on this screen before.
    pub async fn go_back(&mut self, screen: &Screen) -> Result<Option<Screen>, RunError> {
        if self.memory.map.back_leaves(&screen.signature) {
            return Ok(None);
        }
        self.press_key("BACK", "leaving this screen", "seek").await?;
        let patience = self.patience(Duration::from_millis(600), 2);
        if self.until_changed(&screen.tree, patience).await?.is_none() {
            self.close_what_stays(screen).await?;
        }
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

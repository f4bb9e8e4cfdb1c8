//! A touch lands on what was seen, or the step says that the screen moved: the screen is compared right before the touch, and
//! afterwards the watch tells whether a window had come up before it.

use crate::ui::{NodeId, Selector, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::page::label_of;
use super::target::FIND_WITHIN;

/// Looks spent on a screen that moves before each touch (ours).
const LOOKS: usize = 3;

/// By how much the log's time of a window may be before the shell's time of the touch that opened it: both are cut to a
/// millisecond, of one clock. The shell takes its time before it touches, and the log tells of a window once it is there.
const ROUNDED_MS: i64 = 2;

/// Whether a window came before a touch, by the device's own times of both in ms, so that it can't have come of it.
pub(super) fn came_before(came: i64, touched: i64) -> bool {
    came.saturating_add(ROUNDED_MS) < touched
}

impl Attempt<'_> {
    /// Waits for the one view that the selector names, right before it is touched. A screen that moved since it was looked at
    /// is looked at again, and what came up is met as ever.
    pub async fn find_to_touch(&mut self, selector: &Selector) -> Result<(Screen, NodeId), RunError> {
        for _ in 0..LOOKS {
            let (screen, node) = self.find(selector, FIND_WITHIN).await?;
            if self.stands(&screen, node).await? {
                self.memory.touched = None;
                return Ok((screen, node));
            }
        }
        self.memory.shows_why = self.memory.screen.as_ref().map(|screen| screen.capture);
        Err(RunError::App(format!("the screen moved {LOOKS} times between the look and the touch")))
    }

    /// Whether a view stands where it was seen. The screen is read again only when something tells of news since: a window or
    /// an activity by the log, or a later reading that shows another screen.
    async fn stands(&mut self, screen: &Screen, node: NodeId) -> Result<bool, RunError> {
        let same = self.memory.read.as_ref().is_some_and(|(_, tree)| *tree == screen.tree);
        self.memory.stood_at = screen.since;
        if same && screen.since.is_some_and(|since| self.came_since(since).is_none()) {
            return Ok(true);
        }
        self.memory.stood_at = self.device_now();
        let now = self.peek().await?;
        Ok(*now == *screen.tree || (!self.is_interruption(&now) && is_where_it_was(&screen.tree, node, &now)))
    }

    /// When the last window or activity came up, by the log, after this time of the device.
    fn came_since(&self, since: i64) -> Option<i64> {
        let resumed = self.watch.resumed_package().and_then(|package| self.watch.resumed_at(&package));
        resumed.max(self.watch.dialog_at()).filter(|at| *at > since)
    }

    /// Says when a window came up after the view was last seen to stand and before the touch: it may have taken the touch.
    /// Without the device's own time of the touch nothing is said.
    pub fn landed(&self) -> Result<(), RunError> {
        let came = self.memory.stood_at.and_then(|since| self.came_since(since));
        match came.zip(self.memory.touched) {
            Some((came, touched)) if came_before(came, touched) => {
                let early = touched - came;
                let words =
                    format!("the screen moved: a window came up {early} ms before the touch and may have taken it");
                Err(RunError::App(words))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a view of one tree is in another at the same place, with the same words, in a window of the same package.
fn is_where_it_was(before: &Tree, node: NodeId, now: &Tree) -> bool {
    let (seen, label) = (&before.nodes[node], label_of(before, node));
    let same = |id: NodeId| {
        let found = &now.nodes[id];
        (found.bounds, &found.class, &found.resource_id, found.enabled)
            == (seen.bounds, &seen.class, &seen.resource_id, seen.enabled)
            && label_of(now, id) == label
    };
    before.package() == now.package() && (0..now.nodes.len()).any(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Node, Rect};

    fn tree(package: &str, text: &str, top: i32) -> Tree {
        let bounds = Rect::new(0, top, 100, top + 50);
        let node = Node { package: package.into(), text: text.into(), bounds, enabled: true, ..Node::default() };
        Tree { nodes: vec![node], ..Tree::default() }
    }

    #[test]
    fn a_window_came_before_a_touch_only_when_the_times_can_tell() {
        assert!(came_before(1_000, 1_003) && came_before(i64::MIN, 0));
        assert!(!came_before(1_000, 1_002) && !came_before(1_000, 1_000) && !came_before(1_001, 1_000));
        assert!(!came_before(i64::MAX, i64::MAX));
    }

    #[test]
    fn a_view_stands_where_it_was_with_its_words_and_window() {
        let seen = tree("a", "Go", 0);
        assert!(is_where_it_was(&seen, 0, &tree("a", "Go", 0)));
        for moved in [tree("a", "Go", 10), tree("a", "Pay", 0), tree("b", "Go", 0), Tree::default()] {
            assert!(!is_where_it_was(&seen, 0, &moved), "{moved:?}");
        }
    }
}

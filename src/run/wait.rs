//! Waiting for conditions, never for fixed times, while prompts and pop-ups are met as they come.

use std::sync::Arc;
use std::time::Duration;

use crate::ui::Tree;

use super::attempt::Attempt;
use super::error::RunError;
use super::watch::Watch;

/// Shortest pause between two peeks.
const PAUSE: Duration = Duration::from_millis(60);
/// Longest single rest while the device is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(6 * 3600);
/// How long the log may take to tell of a window that stands on the screen (ours).
pub(super) const LOG_LAGS: Duration = Duration::from_millis(500);
/// Times the way is cleared in one wait (ours).
const MOST_MET: u32 = 8;

impl Attempt<'_> {
    /// Peeks until `test` yields something, for at most `limit`. What comes up meanwhile is met by policy, and then there
    /// is one more peek; but an app that asks without end is not followed for ever.
    pub async fn until<T>(
        &mut self,
        limit: Duration,
        mut test: impl FnMut(&Tree) -> Option<T>,
    ) -> Result<Option<(T, Arc<Tree>)>, RunError> {
        let end = self.clock.elapsed() + limit;
        let mut met = 0;
        loop {
            let tree = self.peek().await?;
            if let Some(found) = test(&tree) {
                return Ok(Some((found, tree)));
            }
            if met < MOST_MET && self.is_interruption(&tree) {
                met += 1;
                Box::pin(self.clear_way_from(tree)).await?;
            } else if self.clock.elapsed() >= end {
                return Ok(None);
            } else {
                self.pause(PAUSE).await?;
            }
        }
    }

    /// Peeks until the tree differs from `before`, without meeting anything; the new tree, or `None` when time ran out.
    pub async fn until_changed(&mut self, before: &Tree, limit: Duration) -> Result<Option<Arc<Tree>>, RunError> {
        let changed = |tree: &Tree| (tree != before).then_some(());
        Ok(self.until_seen(limit, changed).await?.map(|((), tree)| tree))
    }

    /// Peeks until `test` yields something, for at most `limit`, without meeting anything.
    pub async fn until_seen<T>(
        &mut self,
        limit: Duration,
        mut test: impl FnMut(&Tree) -> Option<T>,
    ) -> Result<Option<(T, Arc<Tree>)>, RunError> {
        let end = self.clock.elapsed() + limit;
        loop {
            let tree = self.peek().await?;
            if let Some(found) = test(&tree) {
                return Ok(Some((found, tree)));
            }
            if self.clock.elapsed() >= end {
                return Ok(None);
            }
            self.pause(PAUSE).await?;
        }
    }

    /// Waits until two peeks in a row show the same screen, for at most `limit`; meets what comes up.
    pub async fn settle(&mut self, limit: Duration) -> Result<(), RunError> {
        let end = self.clock.elapsed() + limit;
        let mut last: Option<Arc<Tree>> = None;
        loop {
            let tree = self.peek().await?;
            if self.is_interruption(&tree) {
                Box::pin(self.clear_way_from(tree)).await?;
                last = None;
            } else if !tree.nodes.is_empty() && last.as_deref() == Some(&*tree) {
                return Ok(());
            } else {
                last = Some(tree);
                self.pause(PAUSE * 3).await?;
            }
            if self.clock.elapsed() >= end {
                return Ok(());
            }
        }
    }

    /// Stays and watches for a time: everything that comes up is looked at and met.
    pub async fn dwell(&mut self, time: Duration) -> Result<(), RunError> {
        let end = self.clock.elapsed() + time;
        let mut changed = self.clock.elapsed();
        while self.clock.elapsed() < end {
            let tree = self.peek().await?;
            if self.is_interruption(&tree) {
                Box::pin(self.clear_way_from(tree)).await?;
                changed = self.clock.elapsed();
            } else if !self.is_known(&tree) {
                self.look("change").await?;
                self.note_gone_popups()?;
                changed = self.clock.elapsed();
            }
            let now = self.clock.elapsed();
            self.rest(rest_after(now - changed).min(end.saturating_sub(now))).await?;
        }
        Ok(())
    }

    /// Neither touches the device nor looks at its screen for a time; the watch goes on.
    pub async fn leave_alone(&mut self, time: Duration) -> Result<(), RunError> {
        let end = self.clock.elapsed() + time;
        let cancelled = self.android.device().cancelled().clone();
        while self.clock.elapsed() < end {
            // In parts, so that the log's lines are read on the way.
            let part = LEFT_ALONE.min(end.saturating_sub(self.clock.elapsed()));
            tokio::select! {
                () = cancelled.cancelled() => return Err(RunError::Cancelled),
                () = self.clock.rest(part) => {}
            }
        }
        Ok(())
    }

    /// Pauses while nothing is expected, but not past a stop, and not past the next resumed activity.
    async fn rest(&mut self, time: Duration) -> Result<(), RunError> {
        let cancelled = self.android.device().cancelled().clone();
        let mut news = self.watch.news();
        tokio::select! {
            () = cancelled.cancelled() => Err(RunError::Cancelled),
            () = self.clock.rest(time) => Ok(()),
            // A watch that ended brings no news; then the time alone counts.
            Ok(()) = news.changed() => Ok(()),
        }
    }

    /// Pauses, but not past a stop, and not past the next news from the device.
    pub async fn pause(&mut self, time: Duration) -> Result<(), RunError> {
        let cancelled = self.android.device().cancelled().clone();
        tokio::select! {
            () = cancelled.cancelled() => Err(RunError::Cancelled),
            () = self.clock.sleep(time) => Ok(()),
        }
    }

    /// What the log tells, once it does: the screen may be ahead of it. `None` when it doesn't in time.
    pub async fn told_by_log<T>(
        &self,
        within: Duration,
        ask: impl Fn(&Watch) -> Option<T>,
    ) -> Result<Option<T>, RunError> {
        let end = self.clock.elapsed() + within;
        let cancelled = self.android.device().cancelled().clone();
        loop {
            let mut news = self.watch.news();
            let left = end.saturating_sub(self.clock.elapsed());
            match ask(&self.watch) {
                Some(told) => return Ok(Some(told)),
                None if left.is_zero() => return Ok(None),
                None => {}
            }
            tokio::select! {
                () = cancelled.cancelled() => return Err(RunError::Cancelled),
                () = self.clock.sleep(left) => {}
                Ok(()) = news.changed() => {}
            }
        }
    }

    /// Whether something stands in the way that policy must meet.
    pub fn is_interruption(&self, tree: &Tree) -> bool {
        if tree.nodes.is_empty() {
            return false;
        }
        if self.system_dialog(tree).is_some() {
            return !self.stands_answered(tree);
        }
        self.popup_on(tree).is_some_and(|popup| self.must_meet(&popup))
    }
}

/// How long to rest after nothing changed for so long: a screen that stood still for half a minute is looked at less and less
/// often, up to every ten minutes.
fn rest_after(still: Duration) -> Duration {
    let more = still.saturating_sub(Duration::from_secs(30)) / 20;
    (PAUSE + more).min(Duration::from_secs(600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_screen_is_looked_at_less_and_less_often() {
        assert_eq!(rest_after(Duration::from_secs(29)), PAUSE);
        assert_eq!(rest_after(Duration::from_secs(50)), PAUSE + Duration::from_secs(1));
        assert_eq!(rest_after(Duration::from_secs(500_000)), Duration::from_secs(600));
    }
}

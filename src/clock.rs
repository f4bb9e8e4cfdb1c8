//! Time: now, monotonic time, sleep; real, or stepped by a test. The only module that reads the machine's clock.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type WallMillis = i64;

/// A clock that can be read and slept on. Cheap to clone; clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Real { origin: Instant },
    Stepped(Arc<Stepped>),
}

#[derive(Debug)]
struct Stepped {
    start: WallMillis,
    elapsed: watch::Sender<Duration>,
    /// Sleepers' deadlines, so that a stepper can jump to the next one.
    deadlines: Mutex<Vec<Duration>>,
}

impl Clock {
    /// The machine's own time.
    pub fn real() -> Self {
        Self { kind: Kind::Real { origin: Instant::now() } }
    }

    /// A clock that stands still until [`Clock::advance`] moves it. `start` is what it shows first.
    pub fn stepped(start: WallMillis) -> Self {
        let stepped = Stepped { start, elapsed: watch::Sender::new(Duration::ZERO), deadlines: Mutex::default() };
        Self { kind: Kind::Stepped(Arc::new(stepped)) }
    }

    /// Wall time in milliseconds since 1970, UTC.
    pub fn now(&self) -> WallMillis {
        match &self.kind {
            Kind::Real { .. } => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Kind::Stepped(s) => s.start + i64::try_from(s.elapsed.borrow().as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// Time since this clock was made; never goes back.
    pub fn elapsed(&self) -> Duration {
        match &self.kind {
            Kind::Real { origin } => origin.elapsed(),
            Kind::Stepped(s) => *s.elapsed.borrow(),
        }
    }

    /// Sleeps for `duration` of this clock's time.
    pub async fn sleep(&self, duration: Duration) {
        match &self.kind {
            Kind::Real { .. } => tokio::time::sleep(duration).await,
            Kind::Stepped(s) => s.sleep(duration).await,
        }
    }

    /// Runs `work` for at most `limit` of this clock's time; `None` when the time ran out first.
    pub async fn within<T>(&self, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.sleep(limit) => None,
        }
    }

    /// Moves a stepped clock forward and wakes the sleepers whose time has come. A real clock does not move for it.
    pub fn advance(&self, by: Duration) {
        if let Kind::Stepped(s) = &self.kind {
            s.elapsed.send_modify(|elapsed| *elapsed += by);
        }
    }

    /// How far the nearest sleeper of a stepped clock is away; `None` when nobody sleeps, or the clock is real.
    pub fn until_next_sleeper(&self) -> Option<Duration> {
        let Kind::Stepped(s) = &self.kind else { return None };
        let now = *s.elapsed.borrow();
        let deadlines = s.deadlines.lock().unwrap_or_else(|broken| broken.into_inner());
        deadlines.iter().min().map(|next| next.saturating_sub(now))
    }
}

impl Stepped {
    async fn sleep(&self, duration: Duration) {
        let mut elapsed = self.elapsed.subscribe();
        let deadline = *elapsed.borrow() + duration;
        let _asleep = Asleep::until(self, deadline);
        // The sender lives as long as `self`, so waiting can't fail.
        let _ = elapsed.wait_for(|now| *now >= deadline).await;
    }
}

/// Keeps a sleeper's deadline listed while it sleeps, also when its future is dropped.
struct Asleep<'a> {
    clock: &'a Stepped,
    deadline: Duration,
}

impl<'a> Asleep<'a> {
    fn until(clock: &'a Stepped, deadline: Duration) -> Self {
        clock.deadlines.lock().unwrap_or_else(|broken| broken.into_inner()).push(deadline);
        Self { clock, deadline }
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        let mut deadlines = self.clock.deadlines.lock().unwrap_or_else(|broken| broken.into_inner());
        if let Some(at) = deadlines.iter().position(|d| *d == self.deadline) {
            deadlines.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stepped_sleep_ends_when_the_clock_is_moved_past_it() {
        let clock = Clock::stepped(1_000);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep(Duration::from_secs(3600)).await;
                clock.now()
            }
        });
        while clock.until_next_sleeper().is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(clock.until_next_sleeper(), Some(Duration::from_secs(3600)));
        clock.advance(Duration::from_secs(3600));
        assert_eq!(sleeper.await.unwrap(), 3_601_000);
        assert_eq!(clock.until_next_sleeper(), None);
    }

    #[tokio::test]
    async fn within_gives_up_when_the_time_is_over() {
        let clock = Clock::real();
        assert_eq!(clock.within(Duration::from_millis(1), std::future::pending::<()>()).await, None);
        assert_eq!(clock.within(Duration::from_secs(60), async { 7 }).await, Some(7));
    }
}

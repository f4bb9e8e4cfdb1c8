//! Time: now, monotonic time, sleep; real, stepped by a test, or skipping what nobody does anything in. The only module
//! that reads the machine's clock.

use std::sync::{Arc, Mutex, MutexGuard};
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
    Skipping(Arc<Skipping>),
}

#[derive(Debug)]
struct Skipping {
    origin: Instant,
    /// Wall time at the origin.
    start: WallMillis,
    /// Time that was skipped.
    skipped: watch::Sender<Duration>,
    /// Sleepers' deadlines: what happens meanwhile is not skipped.
    deadlines: Mutex<Vec<Duration>>,
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

    /// The machine's own time, but a [`Clock::rest`] takes none of it: a day of waiting goes by in a moment, and everybody
    /// who sleeps on this clock wakes up in order on the way.
    pub fn skipping() -> Self {
        Self::skipping_from(real_now())
    }

    /// The same, showing `start` first: what depends on the calendar is then the same on every day.
    pub fn skipping_from(start: WallMillis) -> Self {
        let skipping =
            Skipping { origin: Instant::now(), start, skipped: watch::Sender::default(), deadlines: Mutex::default() };
        Self { kind: Kind::Skipping(Arc::new(skipping)) }
    }

    /// Wall time in milliseconds since 1970, UTC.
    pub fn now(&self) -> WallMillis {
        match &self.kind {
            Kind::Real { .. } => real_now(),
            Kind::Skipping(s) => s.start + i64::try_from(s.elapsed().as_millis()).unwrap_or(i64::MAX),
            Kind::Stepped(s) => s.start + i64::try_from(s.elapsed.borrow().as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// Time since this clock was made; never goes back.
    pub fn elapsed(&self) -> Duration {
        match &self.kind {
            Kind::Real { origin } => origin.elapsed(),
            Kind::Skipping(s) => s.elapsed(),
            Kind::Stepped(s) => *s.elapsed.borrow(),
        }
    }

    /// Sleeps for `duration` of this clock's time.
    pub async fn sleep(&self, duration: Duration) {
        match &self.kind {
            Kind::Real { .. } => tokio::time::sleep(duration).await,
            Kind::Stepped(s) => s.sleep(duration).await,
            Kind::Skipping(s) => s.sleep(duration).await,
        }
    }

    /// Sleeps as [`Clock::sleep`] does, while nothing else is under way that this sleeper waits for: a clock that skips
    /// may jump over the time.
    pub async fn rest(&self, duration: Duration) {
        match &self.kind {
            Kind::Skipping(s) => s.rest(duration).await,
            _ => self.sleep(duration).await,
        }
    }

    /// Whether this clock jumps over what is only waited for, so that its time is not the machine's.
    pub fn skips(&self) -> bool {
        matches!(self.kind, Kind::Skipping(_))
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

    /// How far the nearest sleeper of a stepped clock is away who has still to wait; `None` when nobody has, or the clock is
    /// real.
    pub fn until_next_sleeper(&self) -> Option<Duration> {
        let Kind::Stepped(s) = &self.kind else { return None };
        let now = *s.elapsed.borrow();
        let deadlines = lock(&s.deadlines);
        deadlines.iter().filter(|deadline| **deadline > now).min().map(|next| *next - now)
    }
}

fn real_now() -> WallMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Real time that those who wake up in a skipped time get to act.
const TO_ACT: Duration = Duration::from_millis(4);

impl Skipping {
    fn elapsed(&self) -> Duration {
        self.origin.elapsed() + *self.skipped.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let deadline = self.elapsed() + duration;
        let mut skipped = self.skipped.subscribe();
        let _asleep = Asleep::until(&self.deadlines, deadline);
        loop {
            let left = deadline.saturating_sub(self.elapsed());
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                // The sender lives as long as `self`, so waiting can't fail.
                _ = skipped.changed() => {}
            }
        }
    }

    async fn rest(&self, duration: Duration) {
        let deadline = self.elapsed() + duration;
        loop {
            // Whoever is about to act does so first.
            tokio::time::sleep(TO_ACT).await;
            let now = self.elapsed();
            if now >= deadline {
                return;
            }
            let next = lock(&self.deadlines).iter().copied().filter(|at| *at > now).min();
            let to = next.map_or(deadline, |next| next.min(deadline));
            self.skipped.send_modify(|skipped| *skipped += to - now);
        }
    }
}

fn lock(deadlines: &Mutex<Vec<Duration>>) -> MutexGuard<'_, Vec<Duration>> {
    deadlines.lock().unwrap_or_else(|broken| broken.into_inner())
}

impl Stepped {
    async fn sleep(&self, duration: Duration) {
        let mut elapsed = self.elapsed.subscribe();
        let deadline = *elapsed.borrow() + duration;
        let _asleep = Asleep::until(&self.deadlines, deadline);
        // The sender lives as long as `self`, so waiting can't fail.
        let _ = elapsed.wait_for(|now| *now >= deadline).await;
    }
}

/// Keeps a sleeper's deadline listed while it sleeps, also when its future is dropped.
struct Asleep<'a> {
    deadlines: &'a Mutex<Vec<Duration>>,
    deadline: Duration,
}

impl<'a> Asleep<'a> {
    fn until(deadlines: &'a Mutex<Vec<Duration>>, deadline: Duration) -> Self {
        lock(deadlines).push(deadline);
        Self { deadlines, deadline }
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        let mut deadlines = lock(self.deadlines);
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

    #[tokio::test]
    async fn a_rest_skips_days_and_wakes_who_sleeps_meanwhile_in_order() {
        let clock = Clock::skipping();
        let (began, wall) = (clock.elapsed(), clock.now());
        let hour = Duration::from_secs(3600);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep(hour).await;
                let first = clock.elapsed();
                clock.sleep(hour).await;
                (first, clock.elapsed())
            }
        });
        let real = Instant::now();
        clock.rest(48 * hour).await;
        assert!(real.elapsed() < Duration::from_secs(60));
        assert!(clock.elapsed() - began >= 48 * hour && clock.now() - wall >= 48 * 3_600_000);
        let (first, second) = sleeper.await.unwrap();
        assert!(first - began < 2 * hour && second - began < 3 * hour, "{first:?} {second:?}");
    }
}

//! Time for one visit: it passes only while everybody waits, so that a busy machine makes a visit longer and not different.
//!
//! Host and device of a visit live on one thread and on one stepped clock. When nothing is left to do on that thread, the
//! clock moves to the next moment somebody sleeps until. What the machine does meanwhile for others takes none of it.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use appwitness::clock::Clock;
use tokio::sync::Notify;

/// How long the thread has to be idle at a stretch before its time goes on. What arrives over a loopback socket is there at
/// once, so this only has to outlast the kernel.
const IDLE: Duration = Duration::from_micros(500);
/// Stretches in a row, at the least and at the most: a machine that takes the thread away just before it would have found
/// work makes it look idle, and one that is very busy may hold up even what goes over the loopback.
const STRETCHES: (u32, u32) = (3, 100);
/// The longer the time that would be skipped, the surer it has to be: one stretch for so much of it.
const STRETCH_FOR: Duration = Duration::from_millis(100);

/// Runs work whose only clock is this stepped one.
pub fn run<T>(clock: &Clock, work: impl Future<Output = T>) -> T {
    let rests = Arc::new(Rests::default());
    let (begins, ends) = (rests.clone(), rests.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // One at a time, in order: when the last has done its work, so have those before it.
        .max_blocking_threads(1)
        .on_thread_park(move || begins.begin())
        .on_thread_unpark(move || ends.turn())
        .build()
        .unwrap();
    runtime.block_on(async {
        tokio::select! {
            biased;
            done = work => done,
            never = step(clock, &rests) => match never {},
        }
    })
}

/// The rests of the thread, when nothing is left for it to do.
#[derive(Default)]
struct Rests {
    /// Beginnings and ends: odd while it rests.
    turns: AtomicU64,
    begun: Notify,
}

impl Rests {
    fn begin(&self) {
        self.turn();
        // Only who waits just now is woken: the wait for an idle stretch itself must not be.
        self.begun.notify_waiters();
    }

    fn turn(&self) {
        self.turns.fetch_add(1, Ordering::SeqCst);
    }

    fn turns(&self) -> u64 {
        self.turns.load(Ordering::SeqCst)
    }
}

async fn step(clock: &Clock, rests: &Arc<Rests>) -> Infallible {
    loop {
        rests.begun.notified().await;
        let Some(next) = clock.until_next_sleeper() else { continue };
        let stretches = u32::try_from(next.as_millis() / STRETCH_FOR.as_millis()).unwrap_or(u32::MAX);
        if is_idle(rests, stretches.clamp(STRETCHES.0, STRETCHES.1)).await && clock.until_next_sleeper() == Some(next) {
            clock.advance(next);
        }
    }
}

/// Whether nothing happens on this thread, nor on the one that works for it, for some stretches.
async fn is_idle(rests: &Arc<Rests>, stretches: u32) -> bool {
    for _ in 0..stretches {
        let (before, seen) = (rests.turns(), rests.clone());
        // Asked from beside: this thread would find out only when it had something to do again.
        let beside = tokio::task::spawn_blocking(move || {
            std::thread::sleep(IDLE);
            seen.turns() == before + 1
        });
        if !beside.await.unwrap_or(false) {
            return false;
        }
    }
    true
}

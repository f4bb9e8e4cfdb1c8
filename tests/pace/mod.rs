//! Time for one visit: it passes only while everybody waits, so that a busy machine makes a visit longer and not different.
//!
//! Host and device of a visit live on one thread and on one stepped clock. When nothing is left to do on that thread, the
//! clock moves to the next moment somebody sleeps until. What the machine does meanwhile for others takes none of it.

use std::convert::Infallible;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use appwitness::clock::Clock;
use tokio::sync::Notify;

/// How long the one who looks whether the thread is asleep lies down between two looks.
const NAP: Duration = Duration::from_micros(50);
/// Looks in a row, at the least and at the most. A thread that sleeps has nothing to read; only what the kernel has not
/// yet carried over the loopback is still to come, on a very busy machine.
const LOOKS: (u32, u32) = (2, 20);
/// The longer the time that would be skipped, the surer it has to be: one look for so much of it.
const LOOK_FOR: Duration = Duration::from_millis(250);

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
    let thread = Arc::new(this_thread());
    loop {
        rests.begun.notified().await;
        let Some(next) = clock.until_next_sleeper() else { continue };
        let looks = u32::try_from(next.as_millis() / LOOK_FOR.as_millis()).unwrap_or(u32::MAX);
        let (before, seen, thread) = (rests.turns(), rests.clone(), thread.clone());
        // Asked from beside, and behind the work that is done there for this thread: it would itself find out only when it
        // had something to do again.
        let idle = tokio::task::spawn_blocking(move || {
            (0..looks.clamp(LOOKS.0, LOOKS.1)).all(|_| {
                std::thread::sleep(NAP);
                seen.turns() == before + 1 && is_asleep(&thread)
            })
        });
        if idle.await.unwrap_or(false) && clock.until_next_sleeper() == Some(next) {
            clock.advance(next);
        }
    }
}

/// Where the kernel tells of this thread (proc(5)).
fn this_thread() -> PathBuf {
    Path::new("/proc").join(std::fs::read_link("/proc/thread-self").expect("Linux")).join("stat")
}

/// Whether a thread sleeps, as the kernel tells it: one that found work, and waits for a processor, does not.
fn is_asleep(thread: &Path) -> bool {
    let told = std::fs::read_to_string(thread).unwrap_or_default();
    told.rsplit_once(") ").is_some_and(|(_, facts)| facts.starts_with('S'))
}

//! Cases wait in line; workers take them one by one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::fleet::Fleet;

use super::batch::Batch;
use super::error::NightlyError;
use super::finish::Done;
use super::folder::RunFolder;
use super::news::News;

/// A run under way: what its workers share.
pub struct Night {
    /// What is to be done.
    pub batch: Batch,
    /// Where devices come from.
    pub fleet: Fleet,
    /// Where everything is kept.
    pub folder: RunFolder,
    /// Time.
    pub clock: Clock,
    /// Stops the run.
    pub cancel: CancellationToken,
    /// Gets the news.
    pub tell: Box<dyn Fn(News) + Send + Sync>,
}

impl Night {
    /// Runs every case and returns what came of each, in the batch's order; `None` for a case that was not begun because
    /// the run was stopped. A case that is sealed in the folder already is not run again.
    pub async fn execute(self: Arc<Self>) -> Result<Vec<Option<Done>>, NightlyError> {
        let cases = self.batch.cases.len();
        let next = Arc::new(AtomicUsize::new(0));
        let done: Arc<Mutex<Vec<Option<Done>>>> = Arc::new(Mutex::new((0..cases).map(|_| None).collect()));
        let mut workers = JoinSet::new();
        for _ in 0..self.batch.settings.workers.clamp(1, cases.max(1)) {
            workers.spawn(work(self.clone(), next.clone(), done.clone()));
        }
        let mut first_error = None;
        while let Some(ended) = workers.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                // One worker's failure is the run's (a full disk, say); the others end with the case they have.
                Ok(Err(error)) => {
                    next.store(cases, Ordering::Relaxed);
                    first_error.get_or_insert(error);
                }
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            }
        }
        let mut done = done.lock().unwrap_or_else(|broken| broken.into_inner());
        first_error.map_or_else(|| Ok(std::mem::take(&mut *done)), Err)
    }
}

async fn work(
    night: Arc<Night>,
    next: Arc<AtomicUsize>,
    done: Arc<Mutex<Vec<Option<Done>>>>,
) -> Result<(), NightlyError> {
    while !night.cancel.is_cancelled() {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some(case) = night.batch.cases.get(place) else { break };
        let result = night.case(place, case).await?;
        if let Some(slot) = done.lock().unwrap_or_else(|broken| broken.into_inner()).get_mut(place) {
            *slot = result;
        }
    }
    Ok(())
}

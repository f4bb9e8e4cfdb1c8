//! A run under way: workers take cases from a line, one by one, until none is left.

use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::fleet::Fleet;

use super::batch::Batch;
use super::error::NightlyError;
use super::finish::Done;
use super::folder::RunFolder;
use super::folder_line::FolderLine;
use super::line::{Line, Taken};
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

/// What came of each case, in the batch's order.
type Results = Arc<Mutex<Vec<Option<Done>>>>;

impl Night {
    /// Runs every case that is not done in the folder already, and returns what came of each, in the batch's order;
    /// `None` for a case that was not begun because the run was stopped.
    pub async fn execute(self: Arc<Self>) -> Result<Vec<Option<Done>>, NightlyError> {
        let cases = self.batch.cases.iter().map(|case| case.id.clone()).collect();
        let line = FolderLine::new(self.folder.clone(), self.clock.clone(), cases, self.batch.settings.tries);
        self.work_off(Arc::new(line)).await
    }

    /// Works off what a line has; `None` for every case that another machine did, or that was not begun.
    pub async fn work_off<L: Line>(self: Arc<Self>, line: Arc<L>) -> Result<Vec<Option<Done>>, NightlyError> {
        let cases = self.batch.cases.len();
        let stop = self.cancel.child_token();
        let done: Results = Arc::new(Mutex::new((0..cases).map(|_| None).collect()));
        let mut workers = JoinSet::new();
        for _ in 0..self.batch.settings.workers.min(cases) {
            workers.spawn(work(self.clone(), line.clone(), stop.clone(), done.clone()));
        }
        let mut first_error = None;
        while let Some(ended) = workers.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                // One worker's failure is the run's (a full disk, say); the others end with the case they have.
                Ok(Err(error)) => {
                    stop.cancel();
                    first_error.get_or_insert(error);
                }
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            }
        }
        let mut done = done.lock().unwrap_or_else(|broken| broken.into_inner());
        first_error.map_or_else(|| Ok(std::mem::take(&mut *done)), Err)
    }
}

async fn work<L: Line>(
    night: Arc<Night>,
    line: Arc<L>,
    stop: CancellationToken,
    done: Results,
) -> Result<(), NightlyError> {
    loop {
        let (place, result) = match line.take(&stop).await? {
            Taken::Nothing => return Ok(()),
            Taken::Done(place) => (place, night.kept(place)),
            Taken::Try(job) => (job.place, night.attend(&*line, job).await?),
        };
        if let Some(slot) = done.lock().unwrap_or_else(|broken| broken.into_inner()).get_mut(place) {
            *slot = result;
        }
    }
}

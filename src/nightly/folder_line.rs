//! The line of one machine: the folder of the run is its memory.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::evidence;

use super::error::NightlyError;
use super::folder::{RunFolder, with_ending};
use super::line::{Came, Job, Line, Standing, Taken};

/// The line of one machine. A case is done when its sealed package stands in the folder and verifies.
pub struct FolderLine {
    folder: RunFolder,
    clock: Clock,
    /// Ids of the cases, by place.
    cases: Vec<String>,
    /// Tries of a case whose device fails, the first included.
    tries: u32,
    waiting: Mutex<VecDeque<Waiting>>,
}

/// A case in line.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    place: usize,
    /// Tries made in this run.
    tried: u32,
}

impl FolderLine {
    /// The cases with these ids, in their order.
    pub fn new(folder: RunFolder, clock: Clock, cases: Vec<String>, tries: u32) -> Self {
        let waiting = (0..cases.len()).map(|place| Waiting { place, tried: 0 }).collect();
        Self { folder, clock, cases, tries: tries.max(1), waiting: Mutex::new(waiting) }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    /// Whether a package stands in the folder and verifies. One that does not verify is put aside.
    fn is_done(&self, case: &str) -> Result<bool, NightlyError> {
        let package = self.folder.package(case);
        if !package.exists() {
            return Ok(false);
        }
        if evidence::verify(&package).is_ok() {
            return Ok(true);
        }
        let aside = with_ending(&package, &format!(".broken-{}", self.clock.now()));
        fs::rename(&package, &aside).map_err(NightlyError::file("put aside", &package))?;
        Ok(false)
    }
}

impl Line for FolderLine {
    type Ticket = Waiting;

    async fn take(&self, stop: &CancellationToken) -> Result<Taken<Waiting>, NightlyError> {
        if stop.is_cancelled() {
            return Ok(Taken::Nothing);
        }
        let Some(ticket) = self.waiting().pop_front() else { return Ok(Taken::Nothing) };
        let Some(case) = self.cases.get(ticket.place) else { return Ok(Taken::Nothing) };
        if self.is_done(case)? {
            return Ok(Taken::Done(ticket.place));
        }
        Ok(Taken::Try(Job {
            place: ticket.place,
            attempt: self.folder.last_attempt(case) + 1,
            last: ticket.tried + 1 >= self.tries,
            sealed: None,
            ticket,
        }))
    }

    async fn keep(&self, _: &Job<Waiting>) {
        // Nobody else is there who could take it.
        std::future::pending().await
    }

    async fn hand_in(&self, job: Job<Waiting>, came: &Came) -> Result<Standing, NightlyError> {
        match came {
            Came::Package(package) => check(package).map(|()| Standing::Done),
            Came::DeviceLost(package) => {
                check(package)?;
                // At the front: its earlier tries are not left waiting behind the whole night.
                self.waiting().push_front(Waiting { tried: job.ticket.tried + 1, ..job.ticket });
                Ok(Standing::Open)
            }
            // It stays open in the folder; whoever goes on with this run finds it so.
            Came::PutDown | Came::Failed(_) => Ok(Standing::Open),
        }
    }
}

/// A package that verifies, or what is wrong with it.
pub(super) fn check(package: &Path) -> Result<(), NightlyError> {
    let seen = evidence::verify(package).map(drop);
    seen.map_err(|fault| NightlyError::Seal(format!("{}: {fault}", package.display())))
}

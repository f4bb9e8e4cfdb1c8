//! Where cases wait, and where it stands which of them are done: a folder for one machine, a queue for many.
//!
//! What every line promises, and `tests/queue/conformance.rs` asks of each: a job is in one pair of hands at a time; a job
//! that was put down comes up again; a case is done when its sealed package is kept and was checked, and never before; and
//! who comes later, over the same memory, is not given what is done.

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::error::NightlyError;

/// A case that was taken from the line, for one try.
#[derive(Debug)]
pub struct Job<T> {
    /// Place of the case in the batch.
    pub place: usize,
    /// Number of the try, from 1. Nobody else has it.
    pub attempt: u32,
    /// Whether no further try follows: what comes of this one counts, even when its device fails.
    pub last: bool,
    /// A package of the case that stands in the folder already: it was sealed, and could not be handed in.
    pub sealed: Option<PathBuf>,
    /// What the line knows the job by.
    pub ticket: T,
}

/// What a line answers.
#[derive(Debug)]
pub enum Taken<T> {
    /// A case to try.
    Try(Job<T>),
    /// A case that is done, by its place: its package stands in the folder and was checked.
    Done(usize),
    /// Nothing is left, or the taking was stopped.
    Nothing,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// The sealed package of the case.
    Package(PathBuf),
    /// The device failed, and another may do better: the sealed package of the try.
    DeviceLost(PathBuf),
    /// It was put down without a fault of the case: the run was stopped, or no device could be had.
    PutDown,
    /// This machine could not carry it out, or not in time: why.
    Failed(String),
}

/// Where a job stands after it was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The case is done, by this try.
    Done,
    /// The case was done before, by somebody else's try. This one is kept and marked.
    Late,
    /// The case waits again.
    Open,
}

/// Where cases wait, and where it stands which are done.
pub trait Line: Send + Sync + 'static {
    /// What the line knows a job by.
    type Ticket: Send + Sync;

    /// Takes the next case; waits while others have what is left and may put it down.
    fn take(&self, stop: &CancellationToken) -> impl Future<Output = Result<Taken<Self::Ticket>, NightlyError>> + Send;

    /// Keeps a job while it is worked on. Ends when it is kept no longer, because it took too long.
    fn keep(&self, job: &Job<Self::Ticket>) -> impl Future<Output = ()> + Send;

    /// Hands in what came of a job. A package is checked here, and the case is done when this says so.
    fn hand_in(
        &self,
        job: Job<Self::Ticket>,
        came: &Came,
    ) -> impl Future<Output = Result<Standing, NightlyError>> + Send;
}

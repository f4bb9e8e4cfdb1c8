//! What every line promises.

use std::collections::BTreeSet;
use std::path::PathBuf;

use appwitness::nightly::{Came, Case, Job, Line, RunFolder, Standing, Taken};
use tokio_util::sync::CancellationToken;

use crate::bench::{break_it, package, record};

/// Tries that a line allows.
pub const TRIES: u32 = 3;

/// What lines over the same memory have in common. Every line is one that came later.
pub trait Memory {
    type Line: Line;

    fn cases(&self) -> &[Case];

    /// A line over this memory, and the folder of the machine it is on.
    async fn line(&self) -> (Self::Line, RunFolder);
}

/// A line and its folder: one machine.
struct Machine<L: Line> {
    line: L,
    folder: RunFolder,
    ids: Vec<String>,
}

impl<L: Line> Machine<L> {
    async fn of<M: Memory<Line = L>>(memory: &M) -> Self {
        let (line, folder) = memory.line().await;
        Self { line, folder, ids: memory.cases().iter().map(|case| case.id.clone()).collect() }
    }

    /// The next job that is to be tried; `None` when nothing is left.
    async fn next(&self) -> Option<Job<L::Ticket>> {
        loop {
            match self.line.take(&CancellationToken::new()).await.unwrap() {
                Taken::Try(job) => return Some(job),
                Taken::Done(place) => assert!(self.folder.package(&self.ids[place]).exists()),
                Taken::Nothing => return None,
            }
        }
    }

    fn package(&self, job: &Job<L::Ticket>) -> PathBuf {
        let case = &self.ids[job.place];
        package(&self.folder, case, job.attempt, self.folder.package(case))
    }

    async fn succeed(&self, job: Job<L::Ticket>) {
        let came = Came::Package(self.package(&job));
        assert_eq!(self.line.hand_in(job, &came).await.unwrap(), Standing::Done);
    }
}

pub async fn a_job_is_in_one_pair_of_hands(memory: &impl Memory) {
    let machine = Machine::of(memory).await;
    let mut jobs = Vec::new();
    for _ in memory.cases() {
        jobs.push(machine.next().await.unwrap());
    }
    let places: BTreeSet<usize> = jobs.iter().map(|job| job.place).collect();
    assert_eq!(places.len(), memory.cases().len());
    assert!(jobs.iter().all(|job| job.attempt == 1 && !job.last && job.sealed.is_none()));
    for job in jobs {
        machine.succeed(job).await;
    }
    assert!(machine.next().await.is_none());
}

pub async fn what_was_put_down_comes_up_again(memory: &impl Memory) {
    let machine = Machine::of(memory).await;
    let job = machine.next().await.unwrap();
    let place = job.place;
    record(&machine.folder, &machine.ids[place], job.attempt);
    assert_eq!(machine.line.hand_in(job, &Came::PutDown).await.unwrap(), Standing::Open);
    let later = Machine::of(memory).await;
    let mut seen = Vec::new();
    while let Some(job) = later.next().await {
        // A try that was put down speaks against nobody, and its number is not given again.
        assert!(!job.last);
        seen.push((job.place, job.attempt));
        later.succeed(job).await;
    }
    seen.sort_unstable();
    let expected: Vec<_> = (0..memory.cases().len()).map(|n| (n, if n == place { 2 } else { 1 })).collect();
    assert_eq!(seen, expected);
}

pub async fn a_lost_device_is_tried_again_and_the_last_try_counts(memory: &impl Memory) {
    let machine = Machine::of(memory).await;
    let mut numbers = Vec::new();
    while let Some(job) = machine.next().await {
        if job.place != 0 || job.last {
            numbers.extend((job.place == 0).then_some(job.attempt));
            machine.succeed(job).await;
            continue;
        }
        numbers.push(job.attempt);
        let case = &machine.ids[0];
        let sealed = package(&machine.folder, case, job.attempt, machine.folder.attempt(case, job.attempt));
        assert_eq!(machine.line.hand_in(job, &Came::DeviceLost(sealed)).await.unwrap(), Standing::Open);
    }
    assert_eq!(numbers, (1..=TRIES).collect::<Vec<_>>());
}

pub async fn a_package_that_is_broken_is_not_taken(memory: &impl Memory) {
    let machine = Machine::of(memory).await;
    let job = machine.next().await.unwrap();
    let place = job.place;
    let sealed = machine.package(&job);
    break_it(&sealed);
    assert!(machine.line.hand_in(job, &Came::Package(sealed)).await.is_err());
    let later = Machine::of(memory).await;
    let mut places = Vec::new();
    while let Some(job) = later.next().await {
        places.push(job.place);
        later.succeed(job).await;
    }
    assert!(places.contains(&place), "it is still to be done");
}

pub async fn what_is_done_is_not_given_out_later(memory: &impl Memory) {
    let machine = Machine::of(memory).await;
    while let Some(job) = machine.next().await {
        machine.succeed(job).await;
    }
    assert!(Machine::of(memory).await.next().await.is_none());
}

pub async fn nothing_is_given_out_after_a_stop(memory: &impl Memory) {
    let machine = Machine::of(memory).await;
    let stop = CancellationToken::new();
    stop.cancel();
    assert!(matches!(machine.line.take(&stop).await.unwrap(), Taken::Nothing));
}

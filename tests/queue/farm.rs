//! The line of many machines, on a real queue.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use appwitness::clock::Clock;
use appwitness::nightly::farm::{FarmError, FarmLine, Joining, QueueAddress, Store};
use appwitness::nightly::{Came, Case, Job, Line, NightlyError, RunFolder, Standing, Taken};
use tokio_util::sync::CancellationToken;

use crate::bench::{Bench, package};
use crate::conformance::{self, Memory, TRIES};
use crate::server::Server;

/// Long enough that nothing comes up again by itself in a test.
const NEVER: Duration = Duration::from_secs(3600);

struct Farm {
    server: Server,
    bench: Bench,
    cases: Vec<Case>,
    ack_wait: Duration,
    longest: Duration,
    machines: AtomicU32,
}

impl Farm {
    fn new(cases: usize) -> Option<Self> {
        let server = Server::start()?;
        let bench = Bench::new();
        let cases = bench.cases(cases);
        Some(Self { server, cases, bench, ack_wait: NEVER, longest: NEVER, machines: AtomicU32::new(0) })
    }

    async fn join<'a>(&'a self, cases: &'a [Case]) -> Result<FarmLine, FarmError> {
        let store = format!("file://{}", self.bench.path("store").display());
        FarmLine::join(Joining {
            queue: QueueAddress::parse(&self.server.url(), None).unwrap(),
            store: Store::open(&store).unwrap(),
            batch: Some("night".into()),
            cases,
            started: "2026-01-01T00:00:00Z".into(),
            catalogue: "0".repeat(64),
            lexicon: Vec::new(),
            tries: TRIES,
            ack_wait: self.ack_wait,
            longest: self.longest,
            clock: Clock::real(),
        })
        .await
    }

    fn id(&self, job: &Job<impl Sized>) -> &str {
        &self.cases[job.place].id
    }

    /// Messages on the stream of jobs.
    async fn messages(&self) -> u64 {
        let context = async_nats::jetstream::new(async_nats::connect(self.server.url()).await.unwrap());
        context.get_stream("appwitness-night").await.unwrap().cached_info().state.messages
    }
}

impl Memory for Farm {
    type Line = FarmLine;

    fn cases(&self) -> &[Case] {
        &self.cases
    }

    async fn line(&self) -> (FarmLine, RunFolder) {
        let number = self.machines.fetch_add(1, Ordering::Relaxed);
        let folder = self.bench.run(&format!("host-{number}"), "night", &self.cases);
        (self.join(&self.cases).await.unwrap().with_folder(folder.clone()), folder)
    }
}

async fn next(line: &FarmLine) -> Job<<FarmLine as Line>::Ticket> {
    match line.take(&CancellationToken::new()).await.unwrap() {
        Taken::Try(job) => job,
        other => {
            panic!("a job was expected, not {}", if let Taken::Done(_) = other { "a done one" } else { "nothing" })
        }
    }
}

async fn nothing_is_left(line: &FarmLine) -> bool {
    matches!(line.take(&CancellationToken::new()).await.unwrap(), Taken::Nothing)
}

#[tokio::test]
async fn a_job_is_in_one_pair_of_hands() {
    let Some(farm) = Farm::new(3) else { return };
    conformance::a_job_is_in_one_pair_of_hands(&farm).await;
}

#[tokio::test]
async fn what_was_put_down_comes_up_again() {
    let Some(farm) = Farm::new(3) else { return };
    conformance::what_was_put_down_comes_up_again(&farm).await;
}

#[tokio::test]
async fn a_lost_device_is_tried_again_and_the_last_try_counts() {
    let Some(farm) = Farm::new(3) else { return };
    conformance::a_lost_device_is_tried_again_and_the_last_try_counts(&farm).await;
}

#[tokio::test]
async fn a_package_that_is_broken_is_not_taken() {
    let Some(farm) = Farm::new(3) else { return };
    conformance::a_package_that_is_broken_is_not_taken(&farm).await;
}

#[tokio::test]
async fn what_is_done_is_not_given_out_later() {
    let Some(farm) = Farm::new(3) else { return };
    conformance::what_is_done_is_not_given_out_later(&farm).await;
}

#[tokio::test]
async fn nothing_is_given_out_after_a_stop() {
    let Some(farm) = Farm::new(3) else { return };
    conformance::nothing_is_given_out_after_a_stop(&farm).await;
}

#[tokio::test]
async fn hosts_that_begin_together_publish_each_job_once() {
    let Some(farm) = Farm::new(20) else { return };
    let (one, two, three) = tokio::join!(farm.join(&farm.cases), farm.join(&farm.cases), farm.join(&farm.cases));
    let lines = [one.unwrap(), two.unwrap(), three.unwrap()];
    assert_eq!(farm.messages().await, 20);
    assert!(lines.iter().all(|line| line.started() == lines[0].started() && line.batch() == "night"));
}

#[tokio::test]
async fn another_plan_of_the_same_name_is_refused() {
    let Some(farm) = Farm::new(3) else { return };
    farm.join(&farm.cases).await.unwrap();
    let error = farm.join(&farm.cases[..2]).await.err().unwrap();
    assert!(matches!(&error, FarmError::OtherPlan { .. }), "{error}");
}

#[tokio::test]
async fn who_comes_late_is_kept_and_marked() {
    let Some(mut farm) = Farm::new(1) else { return };
    farm.ack_wait = Duration::from_millis(300);
    let ((slow, slow_folder), (quick, quick_folder)) = (farm.line().await, farm.line().await);
    // Nobody says that it is still being worked on, so it comes up again.
    let at_slow = next(&slow).await;
    let at_quick = next(&quick).await;
    assert_eq!((at_slow.attempt, at_quick.attempt), (1, 2));
    let id = farm.id(&at_slow).to_owned();
    let came = Came::Package(package(&quick_folder, &id, 2, quick_folder.package(&id)));
    assert_eq!(quick.hand_in(at_quick, &came).await.unwrap(), Standing::Done);
    let came = Came::Package(package(&slow_folder, &id, 1, slow_folder.package(&id)));
    assert_eq!(slow.hand_in(at_slow, &came).await.unwrap(), Standing::Late);
    for attempt in ["attempt-1", "attempt-2"] {
        let kept = farm.bench.path("store/runs/night").join(&id).join(attempt);
        appwitness::evidence::verify(&kept).unwrap();
    }
    // Here it makes room for the one that counts.
    assert!(!slow_folder.package(&id).exists() && slow_folder.attempt(&id, 1).exists());
    assert_eq!(slow.settled().await.unwrap(), 1);
    assert!(nothing_is_left(&slow).await && nothing_is_left(&quick).await);
    assert_eq!(farm.messages().await, 0);
}

#[tokio::test]
async fn a_job_is_kept_while_it_is_worked_on_and_no_longer_than_allowed() {
    let Some(mut farm) = Farm::new(1) else { return };
    farm.ack_wait = Duration::from_millis(300);
    farm.longest = Duration::from_millis(1500);
    let ((one, _), (two, _)) = (farm.line().await, farm.line().await);
    let job = next(&one).await;
    let begun = Instant::now();
    let ((), again) = tokio::join!(one.keep(&job), next(&two));
    assert!(begun.elapsed() >= farm.longest, "it was given away while it was worked on");
    assert_eq!(again.attempt, 2);
}

#[tokio::test]
async fn a_store_that_refuses_commits_nothing_and_speaks_against_no_case() {
    let Some(farm) = Farm::new(1) else { return };
    let (line, folder) = farm.line().await;
    let id = farm.cases[0].id.clone();
    // A file stands where the folder of the case would.
    let in_the_way = farm.bench.path("store/runs/night").join(&id);
    fs::create_dir_all(in_the_way.parent().unwrap()).unwrap();
    fs::write(&in_the_way, "in the way").unwrap();
    let mut sealed = None;
    for attempt in 1..=TRIES + 1 {
        let job = next(&line).await;
        assert_eq!((job.attempt, job.last), (attempt, false));
        let package = sealed.get_or_insert_with(|| package(&folder, &id, attempt, folder.package(&id))).clone();
        let error = line.hand_in(job, &Came::Package(package)).await.unwrap_err();
        assert!(matches!(&error, NightlyError::Farm(FarmError::Store { .. })), "{error}");
        assert_eq!(line.settled().await.unwrap(), 0);
    }
    // The store is mended: what stands here is handed in, and not run again.
    fs::remove_file(&in_the_way).unwrap();
    let job = next(&line).await;
    assert_eq!(job.sealed, sealed);
    assert_eq!(line.hand_in(job, &Came::Package(sealed.unwrap())).await.unwrap(), Standing::Done);
    assert!(nothing_is_left(&line).await);
}

#[tokio::test]
async fn a_case_on_which_every_host_fails_is_given_up() {
    let Some(farm) = Farm::new(2) else { return };
    let (line, folder) = farm.line().await;
    let mut failed = 0;
    loop {
        let job = match line.take(&CancellationToken::new()).await.unwrap() {
            Taken::Try(job) => job,
            _ => break,
        };
        let id = farm.id(&job).to_owned();
        let came = match job.place {
            0 => Came::Failed("out of paper".into()),
            _ => Came::Package(package(&folder, &id, job.attempt, folder.package(&id))),
        };
        failed += u32::from(job.place == 0);
        line.hand_in(job, &came).await.unwrap();
    }
    assert_eq!((failed, line.settled().await.unwrap(), farm.messages().await), (TRIES, 2, 0));
}

#[tokio::test]
async fn jobs_that_the_queue_lost_are_published_again() {
    let Some(farm) = Farm::new(3) else { return };
    let (line, folder) = farm.line().await;
    let context = async_nats::jetstream::new(async_nats::connect(farm.server.url()).await.unwrap());
    context.get_stream("appwitness-night").await.unwrap().purge().await.unwrap();
    for _ in 0..3 {
        let job = next(&line).await;
        let id = farm.id(&job).to_owned();
        let came = Came::Package(package(&folder, &id, job.attempt, folder.package(&id)));
        assert_eq!(line.hand_in(job, &came).await.unwrap(), Standing::Done);
    }
    assert!(nothing_is_left(&line).await);
}

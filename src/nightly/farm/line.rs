//! The line of many machines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use async_nats::jetstream::{self, Message};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::evidence;
use crate::journal::digest;
use crate::journal::entry::Digest;
use crate::nightly::case::Case;
use crate::nightly::error::NightlyError;
use crate::nightly::folder::RunFolder;
use crate::nightly::line::{Came, Job, Line, Standing, Taken};

use super::address::QueueAddress;
use super::board::{Board, PATIENCE};
use super::error::FarmError;
use super::jobs::{self, Jobs};
use super::record::{Claim, PackageAt, Settled, State, Terms};
use super::store::Store;

/// Between two looks whether the others are done.
const LOOK: Duration = Duration::from_secs(1);
/// Longest name of a batch.
const LONGEST_NAME: usize = 64;

/// What a host joins a batch with.
pub struct Joining<'a> {
    /// The queue.
    pub queue: QueueAddress,
    /// Where packages go.
    pub store: Store,
    /// Name of the batch: letters, digits, `_` and `-`. Without one it follows from the plan.
    pub batch: Option<String>,
    /// All cases of the plan.
    pub cases: &'a [Case],
    /// When this host began, UTC, RFC 3339.
    pub started: String,
    /// SHA-256 of the catalogue.
    pub catalogue: Digest,
    /// SHA-256 of each file of words that was added to the program's.
    pub lexicon: Vec<Digest>,
    /// Tries of a case that come to nothing before it is given up.
    pub tries: u32,
    /// How long a job stays with a host that says nothing.
    pub ack_wait: Duration,
    /// How long a job may take in all.
    pub longest: Duration,
    /// Time.
    pub clock: Clock,
}

/// The line of many machines. A case is done when its package is in the store, was read back, and is written on the board.
pub struct FarmLine {
    pub(super) batch: String,
    pub(super) board: Board,
    pub(super) store: Store,
    jobs: Jobs,
    terms: Terms,
    /// Ids of the cases and of their jobs, by place.
    pub(super) cases: Vec<(String, String)>,
    /// Job → place.
    places: BTreeMap<String, usize>,
    host: String,
    tries: u32,
    longest: Duration,
    clock: Clock,
    /// Where packages stand here; known when the batch is.
    folder: Option<RunFolder>,
}

/// What a job is known by: its message, which is acknowledged at the end, and what this host wrote when it took it.
pub struct Ticket {
    message: Message,
    claim: Claim,
}

impl FarmLine {
    /// Joins a batch: agrees on the plan with the hosts that are there, and publishes the jobs that nobody has.
    pub async fn join(joining: Joining<'_>) -> Result<Self, FarmError> {
        let batch = match joining.batch {
            Some(name) => checked(name)?,
            None => format!("plan-{}", &plan_digest(joining.cases.iter().map(|c| c.id.as_str()))[..12]),
        };
        let cases: Vec<_> = joining.cases.iter().map(|case| (case.id.clone(), job_id(&batch, case))).collect();
        let places = cases.iter().enumerate().map(|(place, (_, job))| (job.clone(), place)).collect();
        let context = jetstream::new(joining.queue.connect().await?);
        let board = Board::open(&context, &batch, joining.clock.clone()).await?;
        let ours = Terms {
            version: 1,
            started: joining.started,
            cases: cases.len() as u64,
            plan: plan_digest(cases.iter().map(|(_, job)| job.as_str())),
            catalogue: joining.catalogue,
            lexicon: joining.lexicon,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let terms = agreed(&batch, &ours, board.terms(&ours).await?)?;
        let host = host_name(&context.client().new_inbox());
        joining.store.try_out(&format!("runs/{batch}/tried-by-{host}")).await?;
        let line = Self {
            jobs: Jobs::open(&context, &batch, joining.ack_wait).await?,
            store: joining.store,
            tries: joining.tries.max(1),
            longest: joining.longest,
            clock: joining.clock,
            folder: None,
            batch,
            board,
            terms,
            cases,
            places,
            host,
        };
        line.publish().await?;
        Ok(line)
    }

    /// The same line, with the folder for what is done here.
    pub fn with_folder(self, folder: RunFolder) -> Self {
        Self { folder: Some(folder), ..self }
    }

    /// Name of the batch.
    pub fn batch(&self) -> &str {
        &self.batch
    }

    /// When the batch began, by the first host's clock.
    pub fn started(&self) -> &str {
        &self.terms.started
    }

    /// How many cases are done or given up, by whomever.
    pub async fn settled(&self) -> Result<u64, FarmError> {
        self.board.count().await
    }

    /// Waits until every case is done or given up; false when that was stopped.
    pub async fn wait(&self, stop: &CancellationToken) -> Result<bool, FarmError> {
        while !self.sweep().await? {
            tokio::select! {
                () = stop.cancelled() => return Ok(false),
                () = self.clock.sleep(LOOK) => {}
            }
        }
        Ok(!stop.is_cancelled())
    }

    /// Publishes every job, unless that was done.
    async fn publish(&self) -> Result<(), FarmError> {
        if self.board.is_published().await? {
            return Ok(());
        }
        let jobs: Vec<&str> = self.cases.iter().map(|(_, job)| job.as_str()).collect();
        self.jobs.publish(&jobs, |job| Some(job.to_owned())).await?;
        self.board.set_published().await
    }

    /// Publishes again what got lost: when no job is on the queue, every one has to be settled. True when all are.
    async fn sweep(&self) -> Result<bool, FarmError> {
        if self.board.count().await? >= self.cases.len() as u64 {
            return Ok(true);
        }
        // In this order, because a job is settled before it is taken off the queue.
        // No answer is no reason to publish anything.
        if self.jobs.left().await.map_or(true, |left| left > 0) {
            return Ok(false);
        }
        let settled = self.board.all_settled().await?;
        let lost: Vec<&str> =
            self.cases.iter().map(|(_, job)| job.as_str()).filter(|j| !settled.contains(*j)).collect();
        self.jobs.publish(&lost, |_| None).await?;
        Ok(lost.is_empty())
    }

    /// Waits for a message, as long as there is something to wait for.
    async fn next_message(&self, stop: &CancellationToken) -> Result<Option<Message>, FarmError> {
        let mut answered = self.clock.elapsed();
        while !stop.is_cancelled() {
            match self.jobs.pull().await {
                // It came too late for us.
                Ok(Some(message)) if stop.is_cancelled() => jobs::put_back(&message).await,
                Ok(Some(message)) => return Ok(Some(message)),
                Ok(None) if self.sweep().await? => return Ok(None),
                Ok(None) => answered = self.clock.elapsed(),
                Err(error) if self.clock.elapsed() - answered > PATIENCE => return Err(error),
                Err(_) => self.clock.sleep(Duration::from_secs(1)).await,
            }
        }
        Ok(None)
    }

    /// Takes what a message is about for one try; `None` when there is nothing to try.
    async fn taken(&self, message: Message) -> Result<Option<Job<Ticket>>, FarmError> {
        let place = jobs::job_of(&message).and_then(|job| self.places.get(job)).copied();
        let known = place.and_then(|place| Some((place, self.cases.get(place)?)));
        let Some((place, (case, job))) = known else {
            jobs::take_off(&message).await;
            return Ok(None);
        };
        if self.board.ended(job).await?.is_some() {
            jobs::take_off(&message).await;
            return Ok(None);
        }
        let claim = Claim { host: self.host.clone(), at: self.clock.now(), state: State::Begun };
        let mut claims = self.board.claims(job).await?;
        loop {
            let tried = claims.iter().filter(|claim| claim.counts()).count() as u32;
            if tried >= self.tries {
                self.give_up(job, &claims).await?;
                jobs::take_off(&message).await;
                return Ok(None);
            }
            let attempt = claims.len() as u32 + 1;
            if self.board.claim(job, attempt, &claim).await? {
                let (last, sealed) = (tried + 1 >= self.tries, self.sealed_here(case));
                let taken = Job { place, attempt, last, sealed, ticket: Ticket { message, claim } };
                if let Err(error) = self.fetch_tries(case, &claims).await {
                    self.back(&taken, State::PutDown).await?;
                    return Err(error);
                }
                return Ok(Some(taken));
            }
            claims = self.board.claims(job).await?;
        }
    }

    /// Writes that a job is given up: no try came to an end, and who takes it next would fare no better.
    async fn give_up(&self, job: &str, claims: &[Claim]) -> Result<(), FarmError> {
        let told = claims.iter().enumerate().filter(|(_, claim)| claim.counts());
        let told = told.map(|(n, claim)| format!("try {} on {}: {}", n + 1, claim.host, in_words(&claim.state)));
        let given_up = Settled::GivenUp {
            attempts: claims.len() as u32,
            host: self.host.clone(),
            at: self.clock.now(),
            why: told.collect::<Vec<_>>().join("; "),
        };
        self.board.settle(job, &given_up).await.map(drop)
    }

    /// Fetches the packages of earlier tries, so that the case's page tells them. One that is broken is left out here and
    /// told in the report of the run.
    pub(super) async fn fetch_tries(&self, case: &str, claims: &[Claim]) -> Result<(), FarmError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        for (number, claim) in (1..).zip(claims) {
            let to = folder.attempt(case, number);
            if let State::DeviceLost(package) | State::Late(package) = &claim.state
                && !to.exists()
            {
                match self.store.fetch(package, &to).await {
                    Ok(()) | Err(FarmError::Package { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// A package that an earlier run of this host sealed and could not hand in.
    fn sealed_here(&self, case: &str) -> Option<std::path::PathBuf> {
        let package = self.folder.as_ref()?.package(case);
        evidence::verify(&package).is_ok().then_some(package)
    }

    /// Hands in the package of a case: store, compare, write down. The first to write it is the one that counts.
    async fn commit(&self, job: &Job<Ticket>, package: &Path) -> Result<Standing, FarmError> {
        let Some((case, id)) = self.cases.get(job.place) else { return Ok(Standing::Open) };
        let at = self.store.put(package, &self.place(case, job.attempt)).await?;
        let done =
            Settled::Done { attempt: job.attempt, host: self.host.clone(), at: self.clock.now(), package: at.clone() };
        let standing = if self.board.settle(id, &done).await? == done { Standing::Done } else { Standing::Late };
        let state = if standing == Standing::Done { State::Committed } else { State::Late(at) };
        self.tell(job, state).await?;
        jobs::take_off(&job.ticket.message).await;
        Ok(standing)
    }

    /// Keeps the package of a try whose device failed, and puts the job back.
    async fn keep_try(&self, job: &Job<Ticket>, package: &Path) -> Result<Standing, FarmError> {
        let Some((case, _)) = self.cases.get(job.place) else { return Ok(Standing::Open) };
        let at = self.store.put(package, &self.place(case, job.attempt)).await?;
        self.back(job, State::DeviceLost(at)).await
    }

    async fn back(&self, job: &Job<Ticket>, state: State) -> Result<Standing, FarmError> {
        self.tell(job, state).await?;
        jobs::put_back(&job.ticket.message).await;
        Ok(Standing::Open)
    }

    async fn tell(&self, job: &Job<Ticket>, state: State) -> Result<(), FarmError> {
        let Some((_, id)) = self.cases.get(job.place) else { return Ok(()) };
        self.board.tell(id, job.attempt, &Claim { state, ..job.ticket.claim.clone() }).await
    }

    fn place(&self, case: &str, attempt: u32) -> String {
        format!("runs/{}/{case}/attempt-{attempt}", self.batch)
    }

    async fn handed_in(&self, job: &Job<Ticket>, came: &Came) -> Result<Standing, FarmError> {
        let handed_in = match came {
            Came::Package(package) => self.commit(job, package).await,
            Came::DeviceLost(package) => self.keep_try(job, package).await,
            Came::PutDown => self.back(job, State::PutDown).await,
            Came::Failed(why) => self.back(job, State::Failed(why.clone())).await,
        };
        if let Err(FarmError::Store { .. } | FarmError::Package { .. }) = &handed_in {
            // The case is not at fault. What was sealed stays here; another host may have better luck with the store.
            self.back(job, State::PutDown).await?;
        }
        handed_in
    }

    /// Makes room for the package that counts: the late one stays here as a try of its own.
    fn put_aside(&self, place: usize, attempt: u32) -> Result<(), NightlyError> {
        let (Some(folder), Some((case, _))) = (&self.folder, self.cases.get(place)) else { return Ok(()) };
        let (package, to) = (folder.package(case), folder.attempt(case, attempt));
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(NightlyError::file("make the folder", parent))?;
        }
        fs::rename(&package, &to).map_err(NightlyError::file("put aside", &package))
    }
}

impl Line for FarmLine {
    type Ticket = Ticket;

    async fn take(&self, stop: &CancellationToken) -> Result<Taken<Ticket>, NightlyError> {
        while let Some(message) = self.next_message(stop).await? {
            if let Some(job) = self.taken(message).await? {
                return Ok(Taken::Try(job));
            }
        }
        Ok(Taken::Nothing)
    }

    async fn keep(&self, job: &Job<Ticket>) {
        let begun = self.clock.elapsed();
        while self.clock.elapsed() - begun < self.longest {
            jobs::still_at_it(&job.ticket.message).await;
            self.clock.sleep(self.jobs.ack_wait() / 3).await;
        }
    }

    async fn hand_in(&self, job: Job<Ticket>, came: &Came) -> Result<Standing, NightlyError> {
        let handed_in = tokio::select! {
            handed_in = self.handed_in(&job, came) => handed_in?,
            () = self.keep(&job) => return Err(self.too_long().into()),
        };
        if handed_in == Standing::Late {
            self.put_aside(job.place, job.attempt)?;
        }
        Ok(handed_in)
    }
}

impl FarmLine {
    fn too_long(&self) -> FarmError {
        let seconds = self.longest.as_secs();
        FarmError::Queue { doing: "hand in a package", why: format!("it was not done after {seconds} s") }
    }
}

/// The terms that hold, when they are ours.
fn agreed(batch: &str, ours: &Terms, theirs: Terms) -> Result<Terms, FarmError> {
    let why = match () {
        () if theirs.version != ours.version => "it was made by another version of AppWitness",
        () if theirs.plan != ours.plan || theirs.cases != ours.cases => "its apps, scenarios or devices differ",
        () if theirs.catalogue != ours.catalogue => "it judges by another catalogue",
        () if theirs.lexicon != ours.lexicon => "it reads by other words (--lexicon)",
        () if theirs.program != ours.program => "another version of AppWitness works on it",
        () => return Ok(theirs),
    };
    Err(FarmError::OtherPlan { batch: batch.to_owned(), why: why.to_owned() })
}

fn checked(name: String) -> Result<String, FarmError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(plain) {
        true => Ok(name),
        false => Err(FarmError::Given {
            what: "--batch",
            why: format!("a name has letters, digits, `_` and `-`, at most {LONGEST_NAME}"),
        }),
    }
}

/// SHA-256 over ids, in order.
fn plan_digest<'a>(ids: impl Iterator<Item = &'a str>) -> Digest {
    let mut running = digest::Running::default();
    ids.for_each(|id| running.update(format!("{id}\n").as_bytes()));
    running.finish().0
}

/// Id of a job, and of its message: SHA-256 over batch, case, app, scenario and device.
fn job_id(batch: &str, case: &Case) -> String {
    let mut parts = vec![batch.to_owned(), case.id.clone(), case.scenario.digest(), case.wanted.to_string()];
    let files = case.app.files.iter().chain(case.older.iter().flat_map(|older| &older.files));
    parts.extend(files.map(|file| file.sha256.clone()));
    plan_digest(parts.iter().map(String::as_str))
}

/// What the others know this host by: its name and its process, and something that nobody else has.
fn host_name(unique: &str) -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let plain: String =
        name.trim().chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(40).collect();
    let tail = &digest::of(unique.as_bytes())[..8];
    format!("{}-{}-{tail}", if plain.is_empty() { "host" } else { &plain }, std::process::id())
}

/// What came of a try, for people.
pub(super) fn in_words(state: &State) -> String {
    match state {
        State::Begun => "the host was not heard of again".into(),
        State::PutDown => "put down".into(),
        State::Failed(why) => why.clone(),
        State::DeviceLost(_) => "the device failed".into(),
        State::Committed => "done".into(),
        State::Late(_) => "came late: the case was done".into(),
    }
}

/// Whether a place in the store is where a package of this batch goes.
pub(super) fn is_ours(package: &PackageAt, batch: &str) -> bool {
    package.place.starts_with(&format!("runs/{batch}/"))
}

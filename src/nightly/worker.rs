//! One case from lease to sealed package: attempts, judgement, seal, check.

use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::evidence::{self, Form};
use crate::fleet::{FleetError, Lease};
use crate::journal::entry::{Blame, Ended};
use crate::journal::{Entry, Journal, JournalError};
use crate::judge::judge;
use crate::run::{self, Order};

use super::case::Case;
use super::error::NightlyError;
use super::finish::{Done, PAGE_BESIDE, page};
use super::folder::with_ending;
use super::line::{Came, Job, Line, Standing};
use super::news::News;
use super::packing::package_files;
use super::queue::Night;
use super::stored;
use super::tried::{Tried, told_as_one};

/// Pauses between looks for a device that is away; together about two minutes.
const DEVICE_PAUSES: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(4),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// A try, and what there is to tell of its case.
struct Outcome {
    came: Came,
    /// The tries of the case so far, this one the last.
    tries: Vec<Tried>,
    /// Why no device could be had.
    no_device: Option<FleetError>,
}

impl Outcome {
    fn new(came: Came, tries: Vec<Tried>) -> Self {
        Self { came, tries, no_device: None }
    }
}

impl Night {
    /// One try of a case, from lease to the line's answer. `None` when there is nothing to tell of the case yet.
    pub(super) async fn attend<L: Line>(&self, line: &L, job: Job<L::Ticket>) -> Result<Option<Done>, NightlyError> {
        let place = job.place;
        let Some(case) = self.batch.cases.get(place) else { return Ok(None) };
        let outcome = match self.kept_while_tried(line, &job, case).await {
            Ok(outcome) => outcome,
            Err(error) => {
                // The first error is the one to tell; a job that can't be handed in comes up again by itself.
                let _ = line.hand_in(job, &Came::Failed(error.to_string())).await;
                return Err(error);
            }
        };
        let standing = line.hand_in(job, &outcome.came).await?;
        match (outcome.no_device, &outcome.came) {
            (Some(error), _) if outcome.tries.is_empty() => return Err(error.into()),
            (None, Came::DeviceLost(_)) if standing == Standing::Open => return Ok(None),
            _ => {}
        }
        if standing == Standing::Late {
            return Ok(None);
        }
        Ok(self.done(place, case, &outcome.tries))
    }

    /// Tries a case while the line keeps it for us.
    async fn kept_while_tried<L: Line>(
        &self,
        line: &L,
        job: &Job<L::Ticket>,
        case: &Case,
    ) -> Result<Outcome, NightlyError> {
        let cancel = self.cancel.child_token();
        let mut trying = pin!(self.tried_once(job, case, &cancel));
        tokio::select! {
            outcome = &mut trying => return outcome,
            () = line.keep(job) => cancel.cancel(),
        }
        let outcome = trying.await?;
        match outcome.came {
            Came::PutDown => Ok(Outcome { came: Came::Failed("it took too long".into()), ..outcome }),
            _ => Ok(outcome),
        }
    }

    async fn tried_once<T>(
        &self,
        job: &Job<T>,
        case: &Case,
        cancel: &CancellationToken,
    ) -> Result<Outcome, NightlyError> {
        if let Some(package) = &job.sealed {
            return Ok(Outcome::new(Came::Package(package.clone()), self.all_tries(case)));
        }
        let mut tries = self.earlier_tries(case);
        let lease = match self.device(case, cancel).await {
            Ok(lease) => lease,
            Err(FleetError::Cancelled) => return Ok(Outcome::new(Came::PutDown, tries)),
            Err(error) => return Ok(Outcome { no_device: Some(error), ..Outcome::new(Came::PutDown, tries) }),
        };
        let tried = self.attempt(job, case, lease).await?;
        let (stopped, device_lost) = (tried.ended() == Some(Ended::Stopped), tried.lost_its_device());
        tries.push(tried);
        let came = match () {
            () if stopped => Came::PutDown,
            () if device_lost && !job.last => Came::DeviceLost(self.folder.attempt(&case.id, job.attempt)),
            () => Came::Package(self.folder.package(&case.id)),
        };
        if let Came::Package(to) | Came::DeviceLost(to) = &came {
            self.seal(case, &tries, to)?;
        }
        Ok(Outcome::new(came, tries))
    }

    /// What the folder holds of a case that is done.
    pub(super) fn kept(&self, place: usize) -> Option<Done> {
        let case = self.batch.cases.get(place)?;
        let done = Done::of(&self.all_tries(case), self.relative(&self.folder.package(&case.id)))?;
        (self.tell)(News::Kept { case: place, verdict: done.case.verdict, findings: done.findings() });
        Some(done)
    }

    /// Tries of a case in the folder, without that of its package.
    #[cfg(feature = "farm")]
    pub(super) fn tries_here(&self, case: &Case) -> Vec<Tried> {
        self.earlier_tries(case)
    }

    /// Every try in the folder, that of the package last.
    fn all_tries(&self, case: &Case) -> Vec<Tried> {
        let mut tries = self.earlier_tries(case);
        tries.extend(stored::journal(&self.folder.package(&case.id)).and_then(|entries| self.told(&entries)));
        tries
    }

    /// Tries that stand in the folder besides the one that counts: sealed, or cut off.
    fn earlier_tries(&self, case: &Case) -> Vec<Tried> {
        let last = self.folder.last_attempt(&case.id);
        let sealed = |n| stored::journal(&self.folder.attempt(&case.id, n)).and_then(|entries| self.told(&entries));
        (1..=last).filter_map(|n| sealed(n).or_else(|| self.tried(&self.folder.unfinished(&case.id, n)))).collect()
    }

    /// A try from a record on the disk that is not sealed yet; `None` when it can't be read.
    fn tried(&self, folder: &Path) -> Option<Tried> {
        self.told(&Journal::read(folder).ok()?.entries)
    }

    /// A try as its journal and the rules tell it; `None` when it does not begin as a journal does.
    fn told(&self, entries: &[Entry]) -> Option<Tried> {
        let catalogue = &self.batch.settings.catalogue;
        Tried::of(entries, judge(entries, catalogue), catalogue)
    }

    async fn device(&self, case: &Case, cancel: &CancellationToken) -> Result<Lease, FleetError> {
        let mut pauses = DEVICE_PAUSES.iter();
        loop {
            let error = match self.fleet.lease(&case.wanted, cancel).await {
                Err(error @ (FleetError::None(_) | FleetError::Adb(_))) => error,
                other => return other,
            };
            let Some(pause) = pauses.next().filter(|_| self.fleet.may_come_back()) else { return Err(error) };
            tokio::select! {
                () = cancel.cancelled() => return Err(FleetError::Cancelled),
                () = self.clock.sleep(*pause) => {}
            }
        }
    }

    async fn attempt<T>(&self, job: &Job<T>, case: &Case, lease: Lease) -> Result<Tried, NightlyError> {
        let (place, number) = (job.place, job.attempt);
        let serial = lease.device().serial().to_owned();
        (self.tell)(News::Began { case: place, attempt: number, serial });
        let order = self.order(case, number);
        let folder = self.folder.unfinished(&case.id, number);
        let report = |what: &str| (self.tell)(News::Doing { case: place, what: what.to_owned() });
        let clock = lease.clock().unwrap_or(&self.clock).clone();
        let ended = run::attempt(&order, lease.device().clone(), &folder, clock, &report).await;
        let attempted = ended.map_err(journal_error(&folder))?;
        if attempted.blame == Some(Blame::Device) {
            lease.failed();
        }
        drop(lease);
        self.tried(&folder)
            .ok_or_else(|| NightlyError::Report(format!("the journal in {} can't be read back", folder.display())))
    }

    fn order(&self, case: &Case, attempt: u32) -> Order {
        let settings = &self.batch.settings;
        Order {
            case: case.id.clone(),
            attempt,
            purpose: settings.purpose.clone(),
            app: case.app.clone(),
            older: case.older.clone().filter(|_| case.scenario.needs.older_version),
            category: case.category.clone(),
            scenario: case.scenario.clone(),
            scenario_digest: case.scenario.digest(),
            briefing: case.briefing.clone(),
            catalogue: settings.catalogue.clone(),
            lexicon: settings.lexicon.clone(),
            secrets: case.secrets.for_one_attempt(),
            observers: settings.observers.clone(),
            program_digest: settings.program_digest.clone(),
            accelerator: settings.accelerator.clone(),
        }
    }

    /// Seals the last try's record at `to`, checks the package, and removes the draft.
    fn seal(&self, case: &Case, tries: &[Tried], to: &Path) -> Result<(), NightlyError> {
        let Some(last) = tries.last() else { return Ok(()) };
        let draft = self.folder.unfinished(&case.id, last.number());
        let mut sealing = self.batch.settings.sealing.clone();
        (sealing.to, sealing.form) = (to.to_owned(), Form::of(to));
        sealing.files = package_files(tries, &draft, &self.batch.settings.catalogue)?;
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(NightlyError::file("make the folder", parent))?;
        }
        if let (true, Some(told)) = (sealing.form != Form::Folder, told_as_one(tries)) {
            // Where the page of the run leads to: a browser does not look into an archive. First, so that no package is
            // without it.
            let path = with_ending(to, PAGE_BESIDE);
            let page = page(&told, &draft, &self.batch.settings.catalogue, None)?;
            fs::write(&path, page).map_err(NightlyError::file("write", &path))?;
        }
        let sealed = evidence::seal(&draft, &sealing).map_err(|error| NightlyError::Seal(error.to_string()))?;
        evidence::verify(&sealed.path).map_err(|fault| NightlyError::Seal(fault.to_string()))?;
        if draft.exists() {
            fs::remove_dir_all(&draft).map_err(NightlyError::file("remove", &draft))?;
        }
        self.folder.tidy(&case.id);
        Ok(())
    }

    fn done(&self, place: usize, case: &Case, tries: &[Tried]) -> Option<Done> {
        let package = self.folder.package(&case.id);
        let package = package.exists().then_some(package).and_then(|p| self.relative(&p));
        let done = Done::of(tries, package)?;
        (self.tell)(News::Ended { case: place, verdict: done.case.verdict, findings: done.findings() });
        Some(done)
    }

    fn relative(&self, path: &Path) -> Option<String> {
        let path: PathBuf = path.strip_prefix(self.folder.path()).ok()?.to_owned();
        path.to_str().map(str::to_owned)
    }
}

fn journal_error(folder: &Path) -> impl FnOnce(JournalError) -> NightlyError {
    let folder = folder.to_owned();
    move |error| NightlyError::Journal { path: folder, error }
}

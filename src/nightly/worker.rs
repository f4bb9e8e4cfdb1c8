//! One case from lease to sealed package: attempts, judgement, seal, check.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::evidence;
use crate::fleet::{FleetError, Lease};
use crate::journal::entry::{Blame, Ended};
use crate::journal::{Journal, JournalError};
use crate::judge::judge;
use crate::run::{self, Order};

use super::case::Case;
use super::error::NightlyError;
use super::finish::{Done, page};
use super::news::News;
use super::queue::Night;
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

impl Night {
    /// Carries out a case, or takes what an earlier run of this folder sealed. `None` when the run was stopped before
    /// there was anything to tell.
    pub(super) async fn case(&self, place: usize, case: &Case) -> Result<Option<Done>, NightlyError> {
        if let Some(done) = self.sealed_before(place, case)? {
            return Ok(Some(done));
        }
        let mut tries = self.earlier_tries(case);
        let first = self.folder.last_attempt(&case.id) + 1;
        for number in first..first + self.batch.settings.tries.max(1) {
            let lease = match self.device(case).await {
                Ok(lease) => lease,
                Err(FleetError::Cancelled) => break,
                Err(error) if tries.is_empty() => return Err(error.into()),
                Err(_) => break,
            };
            let tried = self.attempt(place, case, number, lease).await?;
            let again = tried.lost_its_device();
            let stopped = tried.ended() == Some(Ended::Stopped);
            tries.push(tried);
            if stopped {
                break;
            }
            if !again || number + 1 == first + self.batch.settings.tries.max(1) {
                self.seal(case, &tries, &self.folder.package(&case.id))?;
                break;
            }
            self.seal(case, &tries, &self.folder.attempt(&case.id, number))?;
        }
        Ok(self.done(place, case, &tries))
    }

    /// What an earlier run of this folder sealed and what still verifies. A package that does not verify is put aside.
    fn sealed_before(&self, place: usize, case: &Case) -> Result<Option<Done>, NightlyError> {
        let package = self.folder.package(&case.id);
        if !package.exists() {
            return Ok(None);
        }
        if evidence::verify(&package).is_err() {
            let aside = package.with_extension(format!("broken-{}", self.clock.now()));
            fs::rename(&package, &aside).map_err(NightlyError::file("put aside", &package))?;
            return Ok(None);
        }
        let mut tries = self.earlier_tries(case);
        tries.extend(self.tried(&package.join("data")));
        let done = Done::of(&tries, self.relative(&package));
        if let Some(done) = &done {
            (self.tell)(News::Kept { case: place, verdict: done.case.verdict, findings: done.findings() });
        }
        Ok(done)
    }

    /// Tries that stand in the folder besides the one that counts: sealed, or cut off.
    fn earlier_tries(&self, case: &Case) -> Vec<Tried> {
        let last = self.folder.last_attempt(&case.id);
        let folders = (1..=last).filter_map(|n| {
            let sealed = self.folder.attempt(&case.id, n).join("data");
            let cut_off = self.folder.unfinished(&case.id, n);
            [sealed, cut_off].into_iter().find(|path| path.exists())
        });
        folders.filter_map(|path| self.tried(&path)).collect()
    }

    /// A try from a journal on the disk; `None` when it can't be read.
    fn tried(&self, folder: &Path) -> Option<Tried> {
        let catalogue = &self.batch.settings.catalogue;
        let record = Journal::read(folder).ok()?;
        Tried::of(&record.entries, judge(&record.entries, catalogue), catalogue)
    }

    async fn device(&self, case: &Case) -> Result<Lease, FleetError> {
        let mut pauses = DEVICE_PAUSES.iter();
        loop {
            let error = match self.fleet.lease(&case.wanted, &self.cancel).await {
                Err(error @ (FleetError::None(_) | FleetError::Adb(_))) => error,
                other => return other,
            };
            let Some(pause) = pauses.next().filter(|_| self.fleet.may_come_back()) else { return Err(error) };
            tokio::select! {
                () = self.cancel.cancelled() => return Err(FleetError::Cancelled),
                () = self.clock.sleep(*pause) => {}
            }
        }
    }

    async fn attempt(&self, place: usize, case: &Case, number: u32, lease: Lease) -> Result<Tried, NightlyError> {
        let serial = lease.device().serial().to_owned();
        (self.tell)(News::Began { case: place, attempt: number, serial });
        let order = self.order(case, number);
        let folder = self.folder.unfinished(&case.id, number);
        let report = |what: &str| (self.tell)(News::Doing { case: place, what: what.to_owned() });
        let ended = run::attempt(&order, lease.device().clone(), &folder, self.clock.clone(), &report).await;
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
            secrets: case.secrets.clone(),
            program_digest: settings.program_digest.clone(),
        }
    }

    /// Seals the last try's record at `to`, checks the package, and removes the draft.
    fn seal(&self, case: &Case, tries: &[Tried], to: &Path) -> Result<(), NightlyError> {
        let Some(last) = tries.last() else { return Ok(()) };
        let draft = self.folder.unfinished(&case.id, last.number());
        let told = told_as_one(tries);
        let report = told.map(|told| page(&told, &draft, &self.batch.settings.catalogue)).transpose()?;
        let mut sealing = self.batch.settings.sealing.clone();
        sealing.to = to.to_owned();
        sealing.at = self.clock.now();
        sealing.files.insert("plan.json".into(), json(&last.opened));
        sealing.files.insert("outcomes.json".into(), json(&last.judgement));
        sealing.files.insert("environment.json".into(), json(&last.device));
        if let Some(report) = report {
            sealing.files.insert("report.html".into(), report.into_bytes());
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(NightlyError::file("make the folder", parent))?;
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

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // These types hold strings, numbers and lists only; they always serialise.
    serde_json::to_vec_pretty(value).unwrap_or_default()
}

fn journal_error(folder: &Path) -> impl FnOnce(JournalError) -> NightlyError {
    let folder = folder.to_owned();
    move |error| NightlyError::Journal { path: folder, error }
}

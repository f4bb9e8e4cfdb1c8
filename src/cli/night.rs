//! What `run`, `nightly` and `reproduce` share: devices, progress, Ctrl-C, the files of the run, the exit code.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::android::Jar;
use crate::catalogue::{Catalogue, Severity};
use crate::clock::Clock;
use crate::evidence;
use crate::fleet::{Fleet, Wanted};
use crate::journal::digest;
use crate::nightly::{Batch, Case, Done, Night, NightlyError, RunFolder, Settings};
use crate::report::{html, summary, terminal};
use crate::run::Observer;
use crate::ui::Lexicon;

#[cfg(feature = "farm")]
use crate::nightly::farm::FarmError;

use super::args::{Aids, Sealing, Where};
use super::exit::{Exit, Failure};
use super::farm::Source;
use super::inputs;
use super::progress::Progress;

/// Tries of a case whose device fails.
pub const TRIES: u32 = 3;

/// A run that is about to begin: its folder is known, its cases are not yet.
pub struct Evening {
    /// Time.
    pub clock: Clock,
    /// Id of the run: its start, UTC.
    pub id: String,
    /// When it began, UTC.
    pub started: String,
    /// Its folder.
    pub out: PathBuf,
    /// Whether the folder was chosen by us, so that `latest` points to it.
    linked: bool,
    /// The rules.
    pub catalogue: Arc<Catalogue>,
    /// The words apps use.
    pub lexicon: Arc<Lexicon>,
    accelerator: Option<Jar>,
    observers: Vec<Observer>,
}

/// A run that ended.
pub struct Morning {
    /// What came of each case.
    pub done: Vec<Option<Done>>,
    /// The figures of the run.
    pub summary: summary::Summary,
    /// The exit code.
    pub exit: Exit,
}

impl Evening {
    /// Chooses the folder and makes it.
    pub fn begin(sealing: &Sealing, aids: &Aids, catalogue: Arc<Catalogue>, lexicon: Lexicon) -> Result<Self, Failure> {
        if let Some(key) = &sealing.signing.key {
            evidence::check_key(key).map_err(super::seal::failure)?;
        }
        let accelerator = inputs::accelerator(aids.accelerator.as_deref())?;
        let clock = Clock::real();
        let started = html::utc(clock.now());
        let id: String = started.chars().filter(char::is_ascii_digit).collect();
        let (out, linked) = match &sealing.out {
            Some(out) => (out.clone(), false),
            None => (PathBuf::from("reports").join(&id), true),
        };
        std::fs::create_dir_all(&out).map_err(|error| Failure::file("make the report folder", &out, error))?;
        let observers = aids.observer.clone();
        let lexicon = Arc::new(lexicon);
        Ok(Self { clock, id, started, out, linked, catalogue, lexicon, accelerator, observers })
    }

    /// These programs look on as well.
    pub fn observed_by(mut self, others: impl IntoIterator<Item = Observer>) -> Self {
        self.observers.extend(others);
        self
    }

    /// Where packed specimens and unpacked bundles are kept.
    pub fn apps(&self) -> PathBuf {
        self.out.join("apps")
    }

    /// Runs the cases, writes the files of the run, prints the table of findings.
    pub async fn spend(
        self,
        cases: Vec<Case>,
        workers: usize,
        place: &Where,
        sealing: &Sealing,
    ) -> Result<Morning, Failure> {
        self.spend_on(Source::Folder, cases, workers, place, sealing).await
    }

    /// The same, with cases that come from the run's folder, or from a queue that is shared with other machines.
    pub async fn spend_on(
        self,
        source: Source,
        cases: Vec<Case>,
        workers: usize,
        place: &Where,
        sealing: &Sealing,
    ) -> Result<Morning, Failure> {
        if cases.is_empty() {
            return Err(Failure::usage("there is nothing to run: no app and scenario fit together"));
        }
        let ids: Vec<String> = cases.iter().map(|case| case.id.clone()).collect();
        let (id, started) = source.run().unwrap_or((&self.id, &self.started));
        let folder = RunFolder::open(&self.out, id, started, ids).map_err(failure)?;
        let folder = folder.keeping(sealing.form.in_evidence());
        if source.run().is_some_and(|(id, _)| id != folder.id()) {
            return Err(failure(NightlyError::OtherRun { path: self.out }));
        }
        let fleet = fleet(place, &self.clock).await?;
        let workers = source.workers(workers, &fleet).await?;
        let cancel = CancellationToken::new();
        let names = cases.iter().map(|case| format!("{} · {}", case.app_name(), case.scenario.id)).collect();
        let progress = Arc::new(Progress::over(names));
        let listening = listen_for_ctrl_c(cancel.clone(), progress.clone());
        let told = progress.clone();
        let night = Arc::new(Night {
            batch: Batch {
                cases,
                settings: Settings {
                    accelerator: self.accelerator.clone(),
                    observers: self.observers.clone(),
                    ..settings(workers, sealing, self.catalogue.clone(), self.lexicon.clone())
                },
            },
            fleet,
            folder: folder.clone(),
            clock: self.clock.clone(),
            cancel: cancel.clone(),
            tell: Box::new(move |news| told.show(news)),
        });
        let remark = source.remark();
        let done = source.work_off(night.clone()).await;
        progress.end();
        listening.abort();
        let done = done.map_err(failure)?;
        let summary = crate::nightly::finish(&night, &done).map_err(failure)?;
        if self.linked {
            link_latest(&self.out);
        }
        print!("{}", terminal::table(&summary, &self.catalogue));
        say!("\nReport: {}", self.out.join("report.html").display());
        if let Some(remark) = remark {
            say!("{remark}");
        }
        let exit = exit_of(&done, cancel.is_cancelled(), sealing.fail_on.in_catalogue());
        Ok(Morning { done, summary, exit })
    }
}

/// The fleet that was asked for; without a server the embedded one.
pub async fn fleet(place: &Where, clock: &Clock) -> Result<Fleet, Failure> {
    match place.server {
        Some(address) => Fleet::at_server(address).await.map_err(Failure::device),
        None => Fleet::embedded(clock.clone()).await.map_err(Failure::device),
    }
}

/// Which device was asked for.
pub fn wanted(place: &Where) -> Result<Wanted, Failure> {
    let wanted = match (&place.device, place.server) {
        (Some(device), _) => Wanted::parse(device).map_err(Failure::usage)?,
        (None, Some(_)) => Wanted::Any,
        (None, None) => Wanted::Virtual(String::new()),
    };
    wanted.check(place.server.is_some()).map_err(Failure::usage)?;
    Ok(wanted)
}

/// How many attempts run at once when nobody says: one on a server's device; on virtual ones, which mostly wait for
/// their apps, a dozen.
pub fn workers(given: Option<usize>, place: &Where) -> usize {
    given.unwrap_or(if place.server.is_some() { 1 } else { 12 })
}

fn settings(workers: usize, sealing: &Sealing, catalogue: Arc<Catalogue>, lexicon: Arc<Lexicon>) -> Settings {
    Settings {
        workers,
        tries: TRIES,
        fail_on: sealing.fail_on.in_catalogue(),
        purpose: sealing.purpose.clone().unwrap_or_default(),
        sealing: evidence::Sealing {
            operator: sealing.operator.clone().unwrap_or_default(),
            purpose: sealing.purpose.clone().unwrap_or_default(),
            key: sealing.signing.key.clone(),
            time_stamp: sealing.signing.tsa.clone(),
            form: sealing.form.in_evidence(),
            ..evidence::Sealing::default()
        },
        catalogue,
        lexicon,
        program_digest: program_digest(),
        accelerator: None,
        observers: Vec::new(),
    }
}

/// SHA-256 of this program's file.
fn program_digest() -> Option<String> {
    let file = std::fs::File::open(std::env::current_exe().ok()?).ok()?;
    digest::of_reader(file).ok().map(|(digest, _)| digest)
}

fn listen_for_ctrl_c(cancel: CancellationToken, progress: Arc<Progress>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        if signalled().await {
            progress.stopping();
            cancel.cancel();
        }
        // Somebody who cannot wait: what was written stands, and `nightly` and `seal` go on from it.
        if signalled().await {
            std::process::exit(Exit::Stopped as i32);
        }
    })
}

/// Waits for SIGINT or SIGTERM; false when signals can't be listened for.
async fn signalled() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return false;
    };
    tokio::select! {
        got = interrupt.recv() => got.is_some(),
        got = terminate.recv() => got.is_some(),
    }
}

/// Points `reports/latest` to the run; a file system without links goes without.
fn link_latest(out: &Path) {
    let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else { return };
    let link = parent.join("latest");
    let draft = parent.join(".latest.new");
    let _ = std::fs::remove_file(&draft);
    if std::os::unix::fs::symlink(name, &draft).is_ok() {
        let _ = std::fs::rename(&draft, &link);
    }
}

fn exit_of(done: &[Option<Done>], stopped: bool, fail_on: Severity) -> Exit {
    let cases = done.iter().flatten().map(|d| &d.case);
    let exit = cases.fold(Exit::Clear, |exit, case| exit.worst(exit_of_case(case, fail_on)));
    if stopped { exit.worst(Exit::Stopped) } else { exit }
}

fn exit_of_case(case: &summary::Case, fail_on: Severity) -> Exit {
    use crate::journal::entry::Blame;
    let observed = case.outcomes_of(summary::OutcomeKind::Observed);
    let severe = |word: &str| Severity::of(word).is_none_or(|severity| severity >= fail_on);
    let found = observed.into_iter().any(|o| severe(&o.severity));
    let not_carried_out = matches!(case.verdict, summary::Verdict::Failed | summary::Verdict::Incomplete);
    let stopped = case.attempts.last().is_some_and(|a| a.ended == Some(crate::journal::entry::Ended::Stopped));
    let mut exit = if found { Exit::Findings } else { Exit::Clear };
    if stopped {
        exit = exit.worst(Exit::Stopped);
    } else if not_carried_out {
        exit = exit.worst(if case.blame == Some(Blame::Host) { Exit::Output } else { Exit::NotCarriedOut });
    }
    exit
}

/// A run's error as the program's.
pub fn failure(error: NightlyError) -> Failure {
    let exit = match &error {
        NightlyError::Fleet(_) => Exit::NoDevice,
        NightlyError::OtherRun { .. } => Exit::Usage,
        NightlyError::File { .. } | NightlyError::Journal { .. } | NightlyError::Seal(_) | NightlyError::Report(_) => {
            Exit::Output
        }
        #[cfg(feature = "farm")]
        NightlyError::Farm(FarmError::Given { .. } | FarmError::OtherPlan { .. }) => Exit::Usage,
        #[cfg(feature = "farm")]
        NightlyError::Farm(_) => Exit::Output,
    };
    Failure { exit, message: error.to_string() }
}

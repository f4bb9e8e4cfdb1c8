//! What a run leaves for people and programs: report.html, summary.json, summary.xlsx, junit.xml.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::catalogue::Catalogue;
use crate::evidence::Form;
use crate::journal::entry::{Blame, Digest, StepOutcome};
use crate::journal::{ExhibitRef, Journal};
use crate::report::answer::{self, Answered};
use crate::report::spreadsheet::{self, BookView};
use crate::report::{html, junit, summary};

use super::error::NightlyError;
use super::queue::Night;
use super::stored::Stored;
use super::tried::{Tried, told_as_one};

/// Largest answer to a complaint that is read, in bytes: a hundred runs that differ in every outcome are far below.
const MOST_ANSWER: u64 = 16 << 20;
/// What the name of a page ends in that stands beside an archive; before it stands the archive's name.
pub(super) const PAGE_BESIDE: &str = ".report.html";

/// A case that is done.
#[derive(Clone, Debug)]
pub struct Done {
    /// As the summary tells it.
    pub case: summary::Case,
    /// How the last `expect` of the scenario ended; `None` when it was not reached.
    pub expectation: Option<Expectation>,
}

/// How an expectation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It held.
    Met,
    /// The app did not do what was expected.
    Failed,
}

impl Done {
    /// A case from its tries; `None` when there are none. `package` is relative to the folder of the run.
    pub fn of(tries: &[Tried], package: Option<String>) -> Option<Self> {
        let mut case = told_as_one(tries)?;
        case.report = package.as_ref().map(|package| match Form::of(package.as_ref()) {
            Form::Folder => format!("{package}/data/report.html"),
            Form::Zip | Form::TarZst => format!("{package}{PAGE_BESIDE}"),
        });
        case.package = package;
        let expectation = match tries.last()?.expectation {
            Some((StepOutcome::Done, _)) => Some(Expectation::Met),
            Some((StepOutcome::Failed, Some(Blame::App))) => Some(Expectation::Failed),
            _ => None,
        };
        Some(Self { case, expectation })
    }

    /// Findings observed.
    pub fn findings(&self) -> usize {
        self.case.outcomes_of(summary::OutcomeKind::Observed).count()
    }
}

/// The page of one case, made from its record before anybody said anything of it. `originals` as in [`html::CaseView`].
pub(super) fn page(
    case: &summary::Case,
    record: &Path,
    catalogue: &Catalogue,
    originals: Option<&str>,
) -> Result<String, NightlyError> {
    let entries = Journal::read(record).map_err(report_error)?.entries;
    let exhibits = |exhibit: &ExhibitRef| std::fs::read(record.join(exhibit.path()?)).ok();
    let view = html::CaseView {
        case,
        entries: &entries,
        catalogue,
        reviews: &[],
        redacted_from: None,
        exhibits: &exhibits,
        originals,
    };
    html::case(&view).map_err(report_error)
}

/// Writes the files of the run and returns its summary.
pub fn finish(night: &Night, done: &[Option<Done>]) -> Result<summary::Summary, NightlyError> {
    let folder = &night.folder;
    let catalogue = &night.batch.settings.catalogue;
    let run = summary::Run {
        id: folder.id().to_owned(),
        started: folder.started().to_owned(),
        program: concat!("appwitness ", env!("CARGO_PKG_VERSION")).to_owned(),
        catalogue: catalogue.digest().to_owned(),
        fail_on: Some(night.batch.settings.fail_on.word().to_owned()),
    };
    let cases = done.iter().flatten().map(|done| done.case.clone()).collect();
    let summary = summary::Summary::new(run, cases);
    folder.write("summary.json", summary.to_json().map_err(report_error)?.as_bytes())?;
    folder.write(
        "junit.xml",
        junit::junit(&summary, catalogue, night.batch.settings.fail_on).map_err(report_error)?.as_bytes(),
    )?;
    folder.write("summary.xlsx", &workbook(folder.path(), &summary, catalogue)?)?;
    folder.write("report.html", overview(folder.path(), &summary, catalogue)?.as_bytes())?;
    Ok(summary)
}

/// The page of a run, made from its summary and the packages in its folder.
pub fn overview(run: &Path, summary: &summary::Summary, catalogue: &Catalogue) -> Result<String, NightlyError> {
    let stored = Stored::of(run);
    let exhibit = |case: &summary::Case, digest: &Digest| stored.picture(case, digest);
    let entries = |case: &summary::Case| stored.entries(case);
    let answered = answered(run);
    let view = html::RunView { summary, catalogue, exhibit: &exhibit, entries: &entries, answer: answered.as_ref() };
    html::run(&view).map_err(report_error)
}

/// The answer to a complaint in a run's folder; `None` where there is none, or none that can be read.
fn answered(run: &Path) -> Option<Answered> {
    let mut text = String::new();
    File::open(run.join(answer::FILE)).ok()?.take(MOST_ANSWER).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// The tables of a run, made from its summary and the packages in its folder.
pub fn workbook(run: &Path, summary: &summary::Summary, catalogue: &Catalogue) -> Result<Vec<u8>, NightlyError> {
    let stored = Stored::of(run);
    let entries = |case: &summary::Case| stored.entries(case);
    spreadsheet::spreadsheet(&BookView { summary, catalogue, entries: &entries }).map_err(report_error)
}

fn report_error(error: impl std::fmt::Display) -> NightlyError {
    NightlyError::Report(error.to_string())
}

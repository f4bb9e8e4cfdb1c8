//! At the end: what the others did is fetched, and the folder tells the whole run.

use crate::journal::entry::Blame;
use crate::judge::judge;
use crate::nightly::case::Case;
use crate::nightly::error::NightlyError;
use crate::nightly::finish::Done;
use crate::nightly::folder::with_ending;
use crate::nightly::news::News;
use crate::nightly::queue::Night;
use crate::report::summary;

use super::error::FarmError;
use super::line::{FarmLine, in_words, is_ours};
use super::record::{Claim, PackageAt, Settled, State};

/// Compares the plan with what is settled, fetches the packages that are missing here, and returns what came of each
/// case, in the plan's order; `None` for one that is still open.
pub async fn collect(night: &Night, line: &FarmLine) -> Result<Vec<Option<Done>>, NightlyError> {
    let mut all = Vec::with_capacity(night.batch.cases.len());
    for (place, case) in night.batch.cases.iter().enumerate() {
        let Some((_, job)) = line.cases.get(place) else { continue };
        all.push(match line.board.ended(job).await? {
            None => None,
            Some(settled) => {
                let claims = line.board.claims(job).await?;
                line.fetch_tries(&case.id, &claims).await?;
                told(night, line, place, case, &settled, &claims).await?
            }
        });
    }
    Ok(all)
}

async fn told(
    night: &Night,
    line: &FarmLine,
    place: usize,
    case: &Case,
    settled: &Settled,
    claims: &[Claim],
) -> Result<Option<Done>, NightlyError> {
    let why = match settled {
        Settled::Done { package, .. } => match fetch(night, line, case, package).await {
            Ok(()) => return Ok(night.kept(place).map(|done| with_claims(done, claims))),
            // What was lost is told in its case's place; the other cases are still to be reported.
            Err(NightlyError::Farm(error @ FarmError::Package { .. })) => format!("the package is lost: {error}"),
            Err(error) => return Err(error),
        },
        Settled::GivenUp { attempts, why, .. } => format!("given up after {attempts} tries: {why}"),
    };
    Ok(Some(without_package(night, place, case, why, claims)))
}

/// Fetches the package that counts, unless it stands here.
async fn fetch(night: &Night, line: &FarmLine, case: &Case, package: &PackageAt) -> Result<(), NightlyError> {
    let to = night.folder.package(&case.id);
    if to.exists() {
        match crate::evidence::verify(&to) {
            Ok(seen) if seen.digest == package.digest => return Ok(()),
            _ => {
                let aside = with_ending(&to, &format!(".other-{}", night.clock.now()));
                std::fs::rename(&to, &aside).map_err(NightlyError::file("put aside", &to))?;
            }
        }
    }
    if !is_ours(package, &line.batch) {
        let why = "it is outside the batch".to_owned();
        return Err(FarmError::Package { place: package.place.clone(), why }.into());
    }
    Ok(line.store.fetch(package, &to).await?)
}

/// Adds the tries of which there is no record, and marks those that came late.
fn with_claims(mut done: Done, claims: &[Claim]) -> Done {
    let attempts = &mut done.case.attempts;
    for (number, claim) in (1..).zip(claims) {
        match &claim.state {
            State::PutDown | State::Committed => {}
            _ if attempts.iter().all(|a| a.number != number) => {
                attempts.push(without_record(number, claim));
            }
            State::Late(_) => {
                attempts.iter_mut().filter(|a| a.number == number).for_each(|a| a.message = in_words(&claim.state));
            }
            State::Begun | State::Failed(_) | State::DeviceLost(_) => {}
        }
    }
    attempts.sort_by_key(|attempt| attempt.number);
    done
}

/// A try that left no record here.
fn without_record(number: u32, claim: &Claim) -> summary::Attempt {
    let message = format!("{}: {}", claim.host, in_words(&claim.state));
    summary::Attempt { blame: Some(Blame::Host), message, number, ..summary::Attempt::new(&[], None) }
}

/// A case without a package: nothing can be assessed but what its tries recorded.
fn without_package(night: &Night, place: usize, case: &Case, why: String, claims: &[Claim]) -> Done {
    let catalogue = &night.batch.settings.catalogue;
    let tries = night.tries_here(case);
    let mut told = match crate::nightly::tried::told_as_one(&tries) {
        Some(told) => told,
        None => unrecorded(case, summary::Case::new(&[], &judge(&[], catalogue), catalogue)),
    };
    told.verdict = summary::Verdict::Failed;
    told.blame = Some(Blame::Host);
    told.message = why;
    let done = with_claims(Done { case: told, expectation: None }, claims);
    (night.tell)(News::Kept { case: place, verdict: done.case.verdict, findings: done.findings() });
    done
}

/// What is known of a case without a record.
fn unrecorded(case: &Case, empty: summary::Case) -> summary::Case {
    let facts = &case.app.facts;
    summary::Case {
        id: case.id.clone(),
        app: summary::App {
            package: facts.package.clone(),
            label: facts.label.clone(),
            version: facts.version_name.clone(),
            version_code: facts.version_code,
            digest: case.app.files.first().map(|file| file.sha256.clone()).unwrap_or_default(),
        },
        category: case.category.clone(),
        scenario: case.scenario.id.clone(),
        title: case.scenario.title.clone(),
        attempts: Vec::new(),
        ..empty
    }
}

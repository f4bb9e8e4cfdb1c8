//! `judge`: judge a sealed record again; the package stays as it is.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::evidence::{self, Opened};
use crate::judge::{Judge as Bench, Judgement, Outcome, OutcomeKind};
use crate::report::text::tame;

use super::args::{Judge, Rules};
use super::exit::{Exit, Failure};
use super::inputs;

/// Judges a package's record by the rules of this program and prints what differs from the sealed outcomes.
pub fn judge(options: &Judge) -> Result<Exit, Failure> {
    let opened = open(&options.package)?;
    let catalogue = inputs::catalogue(&options.rules)?;
    let now = judge_by(&options.rules, &catalogue)?.judge(&opened.entries);
    if options.json {
        say!("{}", serde_json::to_string_pretty(&now).map_err(Failure::bug)?);
        return Ok(Exit::Clear);
    }
    say!("Verdict: {:?} (rules {}, catalogue {})", now.verdict, now.rules, short(&now.catalogue));
    for outcome in now.outcomes.iter().filter(|o| o.outcome == OutcomeKind::Observed) {
        say!("  {} {}", outcome.finding, tame(&outcome.reason));
    }
    if let Some(of) = &opened.verified.redacted_from {
        say!("This is a redacted copy of the package with digest {of}: its sealed outcomes are that package's,");
        say!("and what differs here can no longer be judged from what is left.");
    }
    match sealed(&opened) {
        Some(sealed) => print_differences(&sealed, &now),
        None => say!("The package holds no outcomes to compare with."),
    }
    Ok(Exit::Clear)
}

/// Opens a package that verifies.
pub fn open(package: &Path) -> Result<Opened, Failure> {
    evidence::open(package).map_err(|fault| Failure::input(format!("{}: {fault}", package.display())))
}

/// The outcomes sealed in a package.
pub fn sealed(opened: &Opened) -> Option<Judgement> {
    serde_json::from_slice(&opened.file("outcomes.json")?).ok()
}

/// What a package comes to by these rules. A redacted copy lacks what some rules look at, so that it keeps the outcomes
/// of the package it was made of.
pub fn judged(opened: &Opened, by: &Bench) -> Judgement {
    let original = opened.verified.redacted_from.as_ref().and_then(|_| sealed(opened));
    original.unwrap_or_else(|| by.judge(&opened.entries))
}

/// Who judges by the words that were given, and by those of each record.
pub fn judge_by<'c>(rules: &Rules, catalogue: &'c Catalogue) -> Result<Bench<'c>, Failure> {
    Ok(Bench::by(catalogue).reading_by(inputs::lexicon(rules)?))
}

fn print_differences(sealed: &Judgement, now: &Judgement) {
    let before = |finding: &str| sealed.outcomes.iter().find(|o| o.finding == finding);
    let differs = |now: &Outcome| {
        before(&now.finding).is_none_or(|was| (was.outcome, &was.threshold) != (now.outcome, &now.threshold))
    };
    let changed: Vec<_> = now.outcomes.iter().filter(|o| differs(o)).collect();
    let gone = sealed.outcomes.iter().filter(|was| !now.outcomes.iter().any(|o| o.finding == was.finding));
    let gone: Vec<_> = gone.collect();
    if changed.is_empty() && gone.is_empty() {
        say!("The same outcomes as sealed (rules {}, catalogue {}).", sealed.rules, short(&sealed.catalogue));
        return;
    }
    say!("Changed since it was sealed, which stays as it is:");
    say!("  rules {} then, {} now; {}", sealed.rules, now.rules, catalogues(sealed, now));
    for outcome in changed {
        let was = before(&outcome.finding);
        let word = was.map_or("no outcome".to_owned(), |o| format!("{:?}", o.outcome));
        say!("  {}: {word} -> {:?}: {}", outcome.finding, outcome.outcome, tame(&outcome.reason));
        if let Some(was) = was {
            say!("    sealed: {}", tame(&was.reason));
            print_threshold(was, outcome);
        }
    }
    for outcome in gone {
        say!("  {}: {:?} -> not in this catalogue", outcome.finding, outcome.outcome);
    }
}

/// The number that decided, when it is another one now.
fn print_threshold(was: &Outcome, now: &Outcome) {
    let told = |outcome: &Outcome| match &outcome.threshold {
        Some(used) => format!("{} {} {} ({})", used.name, used.value, used.unit, used.origin),
        None => "none".to_owned(),
    };
    if was.threshold != now.threshold {
        say!("    threshold: {} -> {}", told(was), told(now));
    }
}

fn catalogues(sealed: &Judgement, now: &Judgement) -> String {
    match sealed.catalogue == now.catalogue {
        true => format!("the same catalogue ({})", short(&now.catalogue)),
        false => format!("catalogue {} then, {} now", short(&sealed.catalogue), short(&now.catalogue)),
    }
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

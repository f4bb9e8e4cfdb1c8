//! `judge`: judge a sealed record again; the package stays as it is.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::evidence;
use crate::journal::Entry;
use crate::judge::{Judgement, OutcomeKind, judge as judge_entries};
use crate::report::text::tame;

use super::args::Judge;
use super::exit::{Exit, Failure};

/// Judges a package's record by the rules of this program and prints what differs from the sealed outcomes.
pub fn judge(options: &Judge) -> Result<Exit, Failure> {
    let (entries, sealed) = record(&options.package)?;
    let catalogue = Catalogue::builtin();
    let now = judge_entries(&entries, &catalogue);
    if options.json {
        println!("{}", serde_json::to_string_pretty(&now).map_err(Failure::bug)?);
        return Ok(Exit::Clear);
    }
    println!("Verdict: {:?} (rules {}, catalogue {})", now.verdict, now.rules, short(&now.catalogue));
    for outcome in now.outcomes.iter().filter(|o| o.outcome == OutcomeKind::Observed) {
        println!("  {} {}", outcome.finding, tame(&outcome.reason));
    }
    match sealed {
        Some(sealed) => print_differences(&sealed, &now),
        None => println!("The package holds no outcomes to compare with."),
    }
    Ok(Exit::Clear)
}

/// The entries of a package that verifies, and the outcomes sealed in it.
pub fn record(package: &Path) -> Result<(Vec<Entry>, Option<Judgement>), Failure> {
    let record = evidence::open(package).map_err(|fault| Failure::input(format!("{}: {fault}", package.display())))?;
    let sealed = record.file("outcomes.json").and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok((record.entries, sealed))
}

fn print_differences(sealed: &Judgement, now: &Judgement) {
    let before = |finding: &str| sealed.outcomes.iter().find(|o| o.finding == finding).map(|o| o.outcome);
    let changed: Vec<_> = now.outcomes.iter().filter(|o| before(&o.finding) != Some(o.outcome)).collect();
    if changed.is_empty() {
        println!("The same outcomes as sealed (rules {}, catalogue {}).", sealed.rules, short(&sealed.catalogue));
        return;
    }
    println!("Changed since it was sealed (rules {} then, {} now):", sealed.rules, now.rules);
    for outcome in changed {
        let was = before(&outcome.finding).map_or("no outcome".to_owned(), |o| format!("{o:?}"));
        println!("  {}: {was} -> {:?}: {}", outcome.finding, outcome.outcome, tame(&outcome.reason));
    }
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

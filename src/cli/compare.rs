//! `compare`: two packages of one app, before and after a rectification.

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::judge::OutcomeKind;
use crate::report::text::tame_line;

use super::args::Compare;
use super::exit::{Exit, Failure};
use super::judge::{judged, open};

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    StillThere,
    New,
    Fixed,
    NoLongerAssessable,
}

/// Compares two packages, both judged by the rules of this program.
pub fn compare(options: &Compare) -> Result<Exit, Failure> {
    let catalogue = Catalogue::builtin();
    let outcomes = |path: &std::path::Path| -> Result<BTreeMap<String, OutcomeKind>, Failure> {
        Ok(judged(&open(path)?, &catalogue).outcomes.into_iter().map(|o| (o.finding, o.outcome)).collect())
    };
    let (old, new) = (outcomes(&options.old)?, outcomes(&options.new)?);
    let mut changes: Vec<(Change, &str)> =
        new.iter().filter_map(|(finding, now)| Some((change(*old.get(finding)?, *now)?, finding.as_str()))).collect();
    changes.sort();
    for (change, finding) in &changes {
        let title = catalogue.finding(finding).map(|f| f.title.clone()).unwrap_or_default();
        println!("{:<22} {:<36} {}", word(*change), finding, tame_line(&title));
    }
    if changes.is_empty() {
        println!("No finding in either package.");
    }
    let open = changes.iter().any(|(change, _)| matches!(change, Change::StillThere | Change::New));
    Ok(if open { Exit::Findings } else { Exit::Clear })
}

fn change(old: OutcomeKind, new: OutcomeKind) -> Option<Change> {
    use OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
    match (old, new) {
        (Observed, Observed) => Some(Change::StillThere),
        (Observed, NotObserved) => Some(Change::Fixed),
        // Its occasion did not come, or nobody could look: neither shows that it was mended.
        (Observed, NotTriggered | NotAssessable) => Some(Change::NoLongerAssessable),
        (_, Observed) => Some(Change::New),
        _ => None,
    }
}

fn word(change: Change) -> &'static str {
    match change {
        Change::StillThere => "still there",
        Change::New => "new",
        Change::Fixed => "fixed",
        Change::NoLongerAssessable => "no longer assessable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_no_rectification() {
        use OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
        assert_eq!(change(Observed, NotObserved), Some(Change::Fixed));
        assert_eq!(change(Observed, NotTriggered), Some(Change::NoLongerAssessable));
        assert_eq!(change(Observed, NotAssessable), Some(Change::NoLongerAssessable));
        assert_eq!(change(NotAssessable, Observed), Some(Change::New));
        assert_eq!(change(NotObserved, NotTriggered), None);
    }
}

//! Precision and recall per finding, and every mistake in words.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use appwitness::judge::{Judgement, Outcome, OutcomeKind, Verdict};
use appwitness::virtual_device::specimen::Expected;

use crate::pen::Visit;

/// How the judge did.
#[derive(Default)]
pub struct Score {
    findings: BTreeMap<String, Tally>,
    mistakes: Vec<String>,
    cases: Vec<(String, Verdict, Duration)>,
}

/// How the judge did on one finding.
#[derive(Default)]
struct Tally {
    /// Observed, or handed to a person, as it should be.
    hits: u32,
    /// Observed though it should not be.
    false_alarms: u32,
    /// Neither though it should be.
    missed: u32,
    /// Cases that name the finding and say that it is not there.
    near_misses: u32,
}

impl Score {
    pub fn add(&mut self, visit: &Visit, judgement: &Judgement, took: Duration) {
        self.cases.push((visit.name(), judgement.verdict, took));
        if judgement.verdict == Verdict::Failed {
            self.mistakes.push(format!("{}: not carried out: {:?}", visit.name(), judgement.missing));
        }
        for outcome in &judgement.outcomes {
            self.compare(visit, outcome);
        }
    }

    fn compare(&mut self, visit: &Visit, outcome: &Outcome) {
        let expected = visit.expected.get(&outcome.finding).copied();
        let shows = matches!(expected, Some(Expected::Observed | Expected::ForReview));
        let handed = expected == Some(Expected::ForReview) && same(Expected::ForReview, outcome);
        let observed = outcome.outcome == OutcomeKind::Observed || handed;
        if expected.is_some() || observed {
            let tally = self.findings.entry(outcome.finding.clone()).or_default();
            match (shows, observed) {
                (true, true) => tally.hits += 1,
                (true, false) => tally.missed += 1,
                (false, true) => tally.false_alarms += 1,
                (false, false) => tally.near_misses += 1,
            }
        }
        let wrong = expected.map_or(observed, |expected| !same(expected, outcome));
        if wrong {
            let should = expected.map_or("nothing".to_owned(), |expected| format!("{expected:?}"));
            let told = format!("{:?}: {} {:?}", outcome.outcome, outcome.reason, outcome.entries);
            self.mistakes.push(format!("{}: {} should be {should}, is {told}", visit.name(), outcome.finding));
        }
    }

    pub fn mistakes(&self) -> Vec<String> {
        let mut mistakes = self.mistakes.clone();
        mistakes.sort();
        mistakes
    }
}

fn same(expected: Expected, outcome: &Outcome) -> bool {
    let kind = match expected {
        Expected::Observed => OutcomeKind::Observed,
        Expected::NotObserved => OutcomeKind::NotObserved,
        Expected::NotTriggered => OutcomeKind::NotTriggered,
        Expected::NotAssessable | Expected::ForReview => OutcomeKind::NotAssessable,
    };
    // What is handed to a person has to be shown to them.
    let shown = outcome.review && !outcome.entries.is_empty() && !outcome.exhibits.is_empty();
    kind == outcome.outcome && (expected != Expected::ForReview || shown)
}

/// `of` in per cent; `–` when there is nothing to count.
fn share(hits: u32, others: u32) -> String {
    match hits + others {
        0 => "–".to_owned(),
        all => format!("{:.0} %", f64::from(hits) * 100.0 / f64::from(all)),
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut cases = self.cases.clone();
        cases.sort_by_key(|(name, ..)| name.clone());
        for (name, verdict, took) in cases {
            writeln!(f, "{name:<70} {verdict:?} {:.1} s", took.as_secs_f64())?;
        }
        writeln!(f, "\n{:<42} {:>5} {:>5} {:>9} {:>9}", "finding", "shown", "near", "precision", "recall")?;
        for (finding, t) in &self.findings {
            let (precision, recall) = (share(t.hits, t.false_alarms), share(t.hits, t.missed));
            writeln!(f, "{finding:<42} {:>5} {:>5} {precision:>9} {recall:>9}", t.hits + t.missed, t.near_misses)?;
        }
        let (shown, near) = (|t: &&Tally| t.hits + t.missed > 0, |t: &&Tally| t.near_misses > 0);
        let count = |test: &dyn Fn(&&Tally) -> bool| self.findings.values().filter(|t| test(t)).count();
        write!(f, "{} findings are shown, {} have a near miss", count(&shown), count(&near))
    }
}

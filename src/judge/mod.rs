//! From a journal to outcomes and a verdict. Pure: knows no device, no clock, no file.

mod answered;
mod case;
mod demand;
mod installs;
mod outcome;
mod permission;
mod rules;
mod ruling;
mod sight;
pub mod twin;
mod verdict;
mod window;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalogue::{Catalogue, EvidenceKind, FindingRule};
use crate::journal::entry::{Capture, Digest, Entry, Event, ExhibitRef};

use crate::ui::Lexicon;
use case::{Case, Shared};
pub use outcome::{Judgement, LimitNoted, Outcome, OutcomeKind, ThresholdUsed, Verdict};
use ruling::{Marks, Ruling};

/// Version of the rules: a number over their sources. It changes whenever a rule may judge the same record differently, and
/// also when nothing but its words changed: rather once too often than once too seldom.
pub const VERSION: &str = env!("APPWITNESS_RULES");

/// Judges a record by a catalogue. Every finding of the catalogue has an outcome.
pub fn judge(entries: &[Entry], catalogue: &Catalogue) -> Judgement {
    Judge::by(catalogue).judge(entries)
}

/// Judges many records by one catalogue: what rules read words by is read once for all of them.
pub struct Judge<'c> {
    catalogue: &'c Catalogue,
    shared: Arc<Shared>,
}

impl<'c> Judge<'c> {
    /// A judge by this catalogue.
    pub fn by(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, shared: Arc::default() }
    }

    /// The same, who reads by these words, and by those of each record.
    pub fn reading_by(self, lexicon: Lexicon) -> Self {
        Self { shared: Arc::new(Shared { lexicon: lexicon.into(), ..Shared::default() }), ..self }
    }

    /// As [`judge()`].
    pub fn judge(&self, entries: &[Entry]) -> Judgement {
        judged(entries, self.catalogue, &self.shared)
    }
}

fn judged(entries: &[Entry], catalogue: &Catalogue, shared: &Arc<Shared>) -> Judgement {
    let mut case = Case::of(entries, catalogue, shared);
    case.twin = twin::of(entries);
    let installs = installs::split(entries).into_iter();
    let installs: Vec<Case> = installs.map(|part| Case::of(part, catalogue, shared)).collect();
    let outcome = |finding| outcome(&case, &installs, entries, finding);
    let outcomes: Vec<Outcome> = catalogue.findings().iter().map(outcome).collect();
    let (verdict, missing, blame) = verdict::of(&case, &outcomes);
    let limits = case.limits.iter();
    let limits =
        limits.map(|(at, limit, detail)| LimitNoted { limit: *limit, detail: (*detail).to_owned(), entry: at.seq });
    Judgement {
        rules: VERSION.to_owned(),
        catalogue: catalogue.digest().to_owned(),
        verdict,
        outcomes,
        missing,
        blame,
        limits: limits.collect(),
    }
}

fn outcome(case: &Case, installs: &[Case], entries: &[Entry], finding: &FindingRule) -> Outcome {
    // What is decided by comparing the installs is decided over all of them, the rest on each by itself.
    let alone = !rules::compares(&finding.id);
    let each = installs.iter().filter(|_| alone).map(|install| ruling(install, finding)).collect();
    let ruling = installs::together(each).unwrap_or_else(|| ruling(case, finding));
    let cited: BTreeSet<u64> = ruling.entries.into_iter().collect();
    Outcome {
        finding: finding.id.clone(),
        outcome: ruling.kind,
        reason: ruling.reason,
        exhibits: exhibits(entries, &cited),
        entries: cited.into_iter().collect(),
        threshold: ruling.threshold,
        review: ruling.review || (ruling.kind == OutcomeKind::Observed && finding.evidence != EvidenceKind::Automatic),
    }
}

fn ruling(case: &Case, finding: &FindingRule) -> Ruling {
    let Some(rule) = rules::rule(&finding.id) else {
        return Ruling::not_assessable("these rules do not know this finding: the catalogue is newer");
    };
    if let Some(reason) = sight::lacks(case, rule.needs) {
        return Ruling::not_assessable(reason);
    }
    let ruling = (rule.decide)(case, &Marks(finding)).unwrap_or_else(|word| *word);
    sight::believed(case, rule.needs, ruling)
}

/// Digests of what the cited entries show, each once, in the order of the entries.
fn exhibits(entries: &[Entry], cited: &BTreeSet<u64>) -> Vec<Digest> {
    let mut digests: Vec<Digest> = Vec::new();
    for seq in cited {
        let Ok(at) = entries.binary_search_by_key(seq, |entry| entry.seq) else { continue };
        for exhibit in shown_by(entries, &entries[at].event) {
            if !digests.contains(&exhibit.sha256) {
                digests.push(exhibit.sha256.clone());
            }
        }
    }
    digests
}

/// What an entry shows: its own exhibits, and those of the capture it names.
fn shown_by<'a>(entries: &'a [Entry], event: &'a Event) -> Vec<&'a ExhibitRef> {
    let captured = |seq: Option<u64>| {
        let at = entries.binary_search_by_key(&seq?, |entry| entry.seq).ok()?;
        match &entries[at].event {
            Event::Captured(capture) => Some(&**capture),
            _ => None,
        }
    };
    let (own, captures) = match event {
        Event::Captured(capture) => (pictured(capture), Vec::new()),
        Event::PromptShown(prompt) => (prompt.screenshot.iter().collect(), vec![prompt.capture]),
        Event::PopupShown(popup) => (popup.screenshot.iter().collect(), vec![popup.capture]),
        Event::Input(input) => (Vec::new(), vec![input.seen]),
        Event::FormSeen(form) => (Vec::new(), vec![Some(form.capture)]),
        Event::TextRead(read) => (Vec::new(), read.captures.iter().map(|seq| Some(*seq)).collect()),
        Event::TwinStep(step) => (Vec::new(), vec![step.after]),
        Event::Moved(movement) => (Vec::new(), vec![movement.seen]),
        Event::BlankTapped(tap) => (Vec::new(), vec![tap.seen]),
        Event::FeedSeen(feed) => (Vec::new(), vec![Some(feed.capture)]),
        Event::RenewalOffered(offer) => (Vec::new(), vec![Some(offer.capture)]),
        Event::GuardianAsked(asked) => (Vec::new(), vec![Some(asked.capture)]),
        _ => (Vec::new(), Vec::new()),
    };
    own.into_iter().chain(captures.into_iter().filter_map(captured).flat_map(pictured)).collect()
}

fn pictured(capture: &Capture) -> Vec<&ExhibitRef> {
    capture.screenshot.iter().chain(&capture.hierarchy).collect()
}

#[cfg(test)]
mod access_tests;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod place_tests;
#[cfg(test)]
mod probe_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod story;
#[cfg(test)]
mod tests;

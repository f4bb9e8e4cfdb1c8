//! Rules in words, and what each came to.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::gallery::{Gallery, Shown};
use super::sight::{Sight, since_start};
use crate::journal::entry::{Digest, Entry, Event, ExhibitRef};
use crate::report::picture::Mark;
use crate::report::summary::{Outcome, OutcomeKind};
use crate::report::words::{self, Both};

/// Width of a finding's picture, in pixels.
const EXHIBIT_WIDTH: u32 = 300;
/// Most pictures beside one finding.
const MOST_PICTURES: usize = 2;

/// What a report says of a rule, whatever it came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RuleText {
    /// Finding id.
    pub id: String,
    /// Its title.
    pub title: Both,
    /// `critical`, `high`, `medium`, `low`, `info`.
    pub severity: String,
    /// The regulators' phrases for it.
    pub phrases: Vec<Both>,
    /// Provisions it rests on.
    pub legal: Vec<Legal>,
    /// What a reader should bear in mind.
    pub beware: Vec<String>,
}

/// A provision.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Legal {
    /// Title of the instrument.
    pub instrument: Both,
    /// Article, item or clause.
    pub item: String,
    /// What it says, in our words.
    pub paraphrase: String,
}

/// A finding on the first page.
#[derive(Debug, Serialize)]
pub struct FindingCard {
    id: String,
    rule: RuleText,
    severity: Both,
    tone: String,
    reason: String,
    review: bool,
    entries: Vec<Cited>,
    threshold: Option<ThresholdText>,
    repeats: Option<(u32, u32)>,
    pictures: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Cited {
    seq: u64,
    time: String,
}

#[derive(Debug, Serialize)]
struct ThresholdText {
    name: String,
    value: String,
    unit: String,
    origin: Both,
}

/// Rules that share an outcome.
#[derive(Debug, Serialize)]
pub struct OutcomeGroup {
    kind: Both,
    tone: &'static str,
    rows: Vec<OutcomeRow>,
}

#[derive(Debug, Serialize)]
struct OutcomeRow {
    id: String,
    title: Both,
    severity: Both,
    tone: String,
    reason: String,
    entries: Vec<Cited>,
}

/// Rules that could not be assessed for one and the same reason.
#[derive(Debug, Serialize)]
pub struct Unassessed {
    reason: String,
    titles: Vec<Both>,
}

/// Rule texts by finding id.
pub struct Rules<'a>(HashMap<&'a str, &'a RuleText>);

impl<'a> Rules<'a> {
    /// Indexes the rules.
    pub fn of(rules: &'a [RuleText]) -> Self {
        Self(rules.iter().map(|r| (r.id.as_str(), r)).collect())
    }

    /// The text of a rule; for an id the catalogue doesn't know, the id itself.
    fn text(&self, outcome: &Outcome) -> RuleText {
        self.0.get(outcome.finding.as_str()).map(|r| (*r).clone()).unwrap_or_else(|| RuleText {
            id: outcome.finding.clone(),
            title: Both::new(&outcome.finding, &outcome.finding),
            severity: outcome.severity.clone(),
            ..RuleText::default()
        })
    }
}

/// Gravity of a severity word, the gravest first.
pub fn gravity(severity: &str) -> usize {
    ["critical", "high", "medium", "low", "info"].iter().position(|s| *s == severity).unwrap_or(5)
}

/// The findings, gravest first.
pub fn findings(outcomes: &[Outcome], rules: &Rules, sight: &Sight, gallery: &mut Gallery) -> Vec<FindingCard> {
    let mut observed: Vec<&Outcome> = outcomes.iter().filter(|o| o.outcome == OutcomeKind::Observed).collect();
    observed.sort_by_key(|o| gravity(&o.severity));
    observed.into_iter().map(|o| finding(o, rules, sight, gallery)).collect()
}

fn finding(outcome: &Outcome, rules: &Rules, sight: &Sight, gallery: &mut Gallery) -> FindingCard {
    let threshold = outcome.threshold.as_ref().map(|t| ThresholdText {
        name: t.name.replace('_', " "),
        value: t.value.to_string(),
        unit: t.unit.clone(),
        origin: words::origin(&t.origin),
    });
    FindingCard {
        id: outcome.finding.clone(),
        rule: rules.text(outcome),
        severity: words::severity(&outcome.severity),
        tone: outcome.severity.clone(),
        reason: outcome.reason.clone(),
        review: outcome.review,
        entries: cited(&outcome.entries, sight),
        threshold,
        repeats: outcome.repeats.map(|r| (r.seen, r.of)),
        pictures: pictures(outcome, sight, gallery),
    }
}

fn cited(entries: &[u64], sight: &Sight) -> Vec<Cited> {
    let at = |seq: u64| usize::try_from(seq).ok().and_then(|i| sight.entries.get(i)).filter(|e| e.seq == seq);
    entries
        .iter()
        .map(|seq| Cited { seq: *seq, time: at(*seq).map_or_else(String::new, |e| since_start(e.at.mono)) })
        .collect()
}

fn pictures(outcome: &Outcome, sight: &Sight, gallery: &mut Gallery) -> Vec<Shown> {
    let mut seen: Vec<&Digest> = Vec::new();
    let mut shown = Vec::new();
    for (exhibit, marks) in outcome.exhibits.iter().filter_map(|digest| pictured(sight.entries, digest)) {
        if seen.contains(&&exhibit.sha256) || shown.len() == MOST_PICTURES {
            continue;
        }
        seen.push(&exhibit.sha256);
        shown.push(gallery.hang(exhibit, &marks, EXHIBIT_WIDTH));
    }
    shown
}

/// The screenshot with this digest, and what to frame on it.
fn pictured<'a>(entries: &'a [Entry], digest: &Digest) -> Option<(&'a ExhibitRef, Vec<Mark>)> {
    let frame = |bounds: crate::ui::Rect| if bounds.area() > 0 { vec![Mark::Frame(bounds)] } else { Vec::new() };
    let of = |entry: &'a Entry| match &entry.event {
        Event::PromptShown(p) => p.screenshot.as_ref().map(|s| (s, frame(p.bounds))),
        Event::PopupShown(p) => p.screenshot.as_ref().map(|s| (s, frame(p.bounds))),
        Event::Captured(c) => c.screenshot.as_ref().map(|s| (s, Vec::new())),
        _ => None,
    };
    let mut plain = None;
    for (exhibit, marks) in entries.iter().filter_map(of).filter(|(e, _)| e.sha256 == *digest) {
        if !marks.is_empty() {
            return Some((exhibit, marks));
        }
        plain = plain.or(Some((exhibit, marks)));
    }
    plain
}

/// All outcomes, grouped by kind: observed, not observed, not triggered, not assessable.
pub fn groups(outcomes: &[Outcome], rules: &Rules, sight: &Sight) -> Vec<OutcomeGroup> {
    let kinds = [
        (OutcomeKind::Observed, "observed"),
        (OutcomeKind::NotObserved, "not-observed"),
        (OutcomeKind::NotTriggered, "not-triggered"),
        (OutcomeKind::NotAssessable, "not-assessable"),
    ];
    let row = |o: &Outcome| {
        let text = rules.text(o);
        OutcomeRow {
            id: o.finding.clone(),
            title: text.title,
            severity: words::severity(&o.severity),
            tone: o.severity.clone(),
            reason: o.reason.clone(),
            entries: cited(&o.entries, sight),
        }
    };
    kinds
        .into_iter()
        .map(|(kind, tone)| OutcomeGroup {
            kind: words::outcome(kind),
            tone,
            rows: outcomes.iter().filter(|o| o.outcome == kind).map(row).collect(),
        })
        .collect()
}

/// What could not be assessed, by reason, the most frequent first.
pub fn unassessed(outcomes: &[Outcome], rules: &Rules) -> Vec<Unassessed> {
    let mut by_reason: BTreeMap<&str, Vec<Both>> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|o| o.outcome == OutcomeKind::NotAssessable) {
        by_reason.entry(&outcome.reason).or_default().push(rules.text(outcome).title);
    }
    let mut all: Vec<Unassessed> =
        by_reason.into_iter().map(|(reason, titles)| Unassessed { reason: reason.to_owned(), titles }).collect();
    all.sort_by_key(|u| std::cmp::Reverse(u.titles.len()));
    all
}

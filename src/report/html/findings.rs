//! Rules in words, and what each came to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::CaseView;
use super::gallery::{Gallery, Shown};
use super::sight::{Sight, since_start};
use crate::catalogue::{Basis, Catalogue, Severity};
use crate::journal::entry::{Digest, Entry, Event, ExhibitRef};
use crate::report::glosses::Glosses;
use crate::report::picture::Mark;
use crate::report::summary::{Outcome, OutcomeKind, ThresholdUsed};
use crate::report::text::tame_to;
use crate::report::words::{self, Both};

/// Width of a finding's picture, in pixels.
const EXHIBIT_WIDTH: u32 = 300;
/// Longest reason that is shown, in characters; the journal holds what it rests on.
const BRIEF: usize = 1_000;
/// Most pictures beside one finding.
const MOST_PICTURES: usize = 2;

/// What a page says of a rule, whatever it came to.
#[derive(Clone, Debug, Default, Serialize)]
struct RuleText {
    title: Both,
    phrases: Vec<Both>,
    legal: Vec<Legal>,
    beware: Vec<Both>,
}

/// A provision.
#[derive(Clone, Debug, Serialize)]
struct Legal {
    instrument: Both,
    item: Both,
    binding: Both,
    paraphrase: Both,
}

/// A finding on the first page.
#[derive(Debug, Serialize)]
pub struct FindingCard {
    id: String,
    rule: RuleText,
    severity: Both,
    tone: String,
    reason: Both,
    review: bool,
    /// What the rules came to, where they left it to a person.
    handed_over: Option<Both>,
    /// The last word a person said of it.
    word: Option<Both>,
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

/// A number of a rule, and where it comes from.
#[derive(Debug, Serialize)]
pub struct ThresholdText {
    name: String,
    value: String,
    unit: Both,
    origin: Both,
}

impl ThresholdText {
    /// In one line: `max taps = 4 taps · 现行规定 a rule in force`.
    pub fn line(&self) -> String {
        let Self { name, value, unit, origin } = self;
        format!("{name} = {value} {} · {} {}", unit.en, origin.en, origin.zh)
    }
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
    reason: Both,
    review: bool,
    word: Option<Both>,
    /// The number that decided, else those that the rule goes by.
    thresholds: Vec<ThresholdText>,
    entries: Vec<Cited>,
}

/// Rules that could not be assessed for one and the same reason.
#[derive(Debug, Serialize)]
pub struct Unassessed {
    reason: Both,
    titles: Vec<Both>,
}

/// The title of a rule; for an id the catalogue doesn't know, the id itself.
pub fn title(finding: &str, catalogue: &Catalogue) -> Both {
    catalogue.finding(finding).map_or_else(|| Both::new(finding, finding), |r| Both::new(&r.title_zh, &r.title))
}

/// An outcome's reason, each language cut to what a page shows.
fn reason(outcome: &Outcome) -> Both {
    Both::new(tame_to(&outcome.reason_zh, BRIEF), tame_to(&outcome.reason, BRIEF))
}

fn rule_text(finding: &str, catalogue: &Catalogue, glosses: &Glosses) -> RuleText {
    let title = title(finding, catalogue);
    let Some(rule) = catalogue.finding(finding) else { return RuleText { title, ..RuleText::default() } };
    let phrases = rule.phrases_zh.iter().zip(&rule.phrases_en).map(|(zh, en)| Both::new(zh, en)).collect();
    let legal = rule.legal_basis.iter().map(|basis| legal(basis, catalogue, glosses)).collect();
    let beware = rule.beware.iter().map(|text| glosses.both(text)).collect();
    RuleText { title, phrases, legal, beware }
}

fn legal(basis: &Basis, catalogue: &Catalogue, glosses: &Glosses) -> Legal {
    let instrument = catalogue.instrument(&basis.instrument);
    let name = || Both::new(&basis.instrument, &basis.instrument);
    Legal {
        instrument: instrument.map_or_else(name, |i| Both::new(&i.title_zh, &i.title_en)),
        item: glosses.item(&basis.item),
        binding: instrument.map(|i| glosses.both(&i.binding)).unwrap_or_default(),
        paraphrase: glosses.both(&basis.paraphrase),
    }
}

/// Gravity of a severity word, the gravest first.
pub fn gravity(severity: &str) -> impl Ord + use<> {
    std::cmp::Reverse(Severity::of(severity))
}

/// The findings, gravest first.
pub fn findings(view: &CaseView, sight: &Sight, gallery: &mut Gallery) -> Vec<FindingCard> {
    let mut told: Vec<&Outcome> = view.case.findings().collect();
    told.sort_by_key(|o| gravity(&o.severity));
    let glosses = Glosses::builtin();
    let card = |outcome: &Outcome| {
        let rule = rule_text(&outcome.finding, view.catalogue, &glosses);
        finding(outcome, rule, sight, gallery)
    };
    told.into_iter().map(card).collect()
}

/// The number that decided, and where it comes from.
fn threshold(used: &ThresholdUsed) -> ThresholdText {
    ThresholdText {
        name: used.name.replace('_', " "),
        value: used.value.to_string(),
        unit: words::unit(&used.unit),
        origin: words::origin(&used.origin),
    }
}

/// The number that decided, else all that the rule goes by, each with its source.
pub fn thresholds(outcome: &Outcome, catalogue: &Catalogue) -> Vec<ThresholdText> {
    if let Some(used) = &outcome.threshold {
        return vec![threshold(used)];
    }
    let rule = catalogue.finding(&outcome.finding);
    let known = rule.into_iter().flat_map(|rule| &rule.thresholds).map(ThresholdUsed::of);
    known.map(|used| threshold(&used)).collect()
}

fn finding(outcome: &Outcome, rule: RuleText, sight: &Sight, gallery: &mut Gallery) -> FindingCard {
    FindingCard {
        id: outcome.finding.clone(),
        rule,
        severity: words::severity(&outcome.severity),
        tone: outcome.severity.clone(),
        reason: reason(outcome),
        review: outcome.review,
        handed_over: outcome.is_handed_over().then(|| words::outcome(outcome.outcome)),
        word: outcome.said.as_ref().map(words::said),
        entries: cited(&outcome.entries, sight),
        threshold: outcome.threshold.as_ref().map(threshold),
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

pub(super) fn pictures(outcome: &Outcome, sight: &Sight, gallery: &mut Gallery) -> Vec<Shown> {
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
pub fn groups(outcomes: &[Outcome], catalogue: &Catalogue, sight: &Sight) -> Vec<OutcomeGroup> {
    let kinds = [
        (OutcomeKind::Observed, "observed"),
        (OutcomeKind::NotObserved, "not-observed"),
        (OutcomeKind::NotTriggered, "not-triggered"),
        (OutcomeKind::NotAssessable, "not-assessable"),
    ];
    let row = |o: &Outcome| OutcomeRow {
        id: o.finding.clone(),
        title: title(&o.finding, catalogue),
        severity: words::severity(&o.severity),
        tone: o.severity.clone(),
        reason: reason(o),
        review: o.review,
        word: o.said.as_ref().map(words::said),
        thresholds: thresholds(o, catalogue),
        entries: cited(&o.entries, sight),
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
pub fn unassessed(outcomes: &[Outcome], catalogue: &Catalogue) -> Vec<Unassessed> {
    let mut by_reason: BTreeMap<&str, Unassessed> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|o| o.outcome == OutcomeKind::NotAssessable) {
        let group = by_reason.entry(&outcome.reason);
        let group = group.or_insert_with(|| Unassessed { reason: reason(outcome), titles: Vec::new() });
        group.titles.push(title(&outcome.finding, catalogue));
    }
    let mut all: Vec<Unassessed> = by_reason.into_values().collect();
    all.sort_by_key(|u| std::cmp::Reverse(u.titles.len()));
    all
}

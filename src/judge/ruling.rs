//! What a rule says of a case, before it is checked against what the run could see.

use crate::catalogue::{FindingRule, Threshold};
use crate::judge::case::Moment;
use crate::judge::outcome::{OutcomeKind, ThresholdUsed};

/// A rule's word.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ruling {
    pub kind: OutcomeKind,
    pub reason: String,
    pub entries: Vec<u64>,
    pub threshold: Option<ThresholdUsed>,
    /// A person has to confirm it, whatever the catalogue says.
    pub review: bool,
    /// The time that had to be watched for this word, in ms; `None` for the whole record.
    pub span: Option<(u64, u64)>,
}

/// What a rule returns; an early `Err` is as good a word as `Ok`.
pub(super) type Ruled = Result<Ruling, Box<Ruling>>;

impl Ruling {
    fn new(kind: OutcomeKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), entries: Vec::new(), threshold: None, review: false, span: None }
    }

    /// A finding.
    pub fn observed(reason: impl Into<String>) -> Self {
        Self::new(OutcomeKind::Observed, reason)
    }

    /// Looked for, did not occur.
    pub fn not_observed(reason: impl Into<String>) -> Self {
        Self::new(OutcomeKind::NotObserved, reason)
    }

    /// Its occasion never came.
    pub fn not_triggered(reason: impl Into<String>) -> Self {
        Self::new(OutcomeKind::NotTriggered, reason)
    }

    /// Could not be looked at.
    pub fn not_assessable(reason: impl Into<String>) -> Self {
        Self::new(OutcomeKind::NotAssessable, reason)
    }

    /// Rests on these entries.
    pub fn on(mut self, entries: impl IntoIterator<Item = u64>) -> Self {
        self.entries.extend(entries);
        self
    }

    /// Rests on these moments.
    pub fn at(self, moments: impl IntoIterator<Item = Moment>) -> Self {
        self.on(moments.into_iter().map(|m| m.seq))
    }

    /// The number that decided.
    pub fn by(mut self, threshold: &ThresholdUsed) -> Self {
        self.threshold = Some(threshold.clone());
        self
    }

    /// A person has to confirm it.
    pub fn for_review(mut self, review: bool) -> Self {
        self.review |= review;
        self
    }

    /// Only this time had to be watched, in ms on the journal's clock.
    pub fn within(mut self, from: u64, to: u64) -> Self {
        self.span = Some((from, to));
        self
    }
}

/// A finding's numbers.
pub(super) struct Marks<'a>(pub &'a FindingRule);

/// The catalogue lacks a number that the rule needs, or gives it in a unit it does not know.
pub(super) struct Unmarked(String);

impl From<Unmarked> for Box<Ruling> {
    fn from(unmarked: Unmarked) -> Self {
        Ruling::not_assessable(format!("the catalogue gives no usable number for `{}`", unmarked.0)).into()
    }
}

impl Marks<'_> {
    /// The number of this name.
    pub fn get(&self, name: &str) -> Result<ThresholdUsed, Unmarked> {
        self.0.threshold(name).map(ThresholdUsed::of).ok_or_else(|| Unmarked(name.to_owned()))
    }
}

impl ThresholdUsed {
    /// A number as the catalogue gives it.
    pub fn of(threshold: &Threshold) -> Self {
        let Threshold { name, value, unit, origin, .. } = threshold;
        Self { name: name.clone(), value: *value, unit: unit.clone(), origin: origin.word().to_owned() }
    }

    /// A duration in ms.
    pub(super) fn millis(&self) -> Result<u64, Unmarked> {
        let unit = match self.unit.as_str() {
            "ms" => 1.0,
            "s" => 1_000.0,
            "min" => 60_000.0,
            "h" => 3_600_000.0,
            _ => return Err(Unmarked(self.name.clone())),
        };
        Ok((self.value * unit) as u64)
    }

    /// A count.
    pub(super) fn count(&self) -> u64 {
        self.value as u64
    }
}

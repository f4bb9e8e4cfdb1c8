//! `summary.json`: a run in figures, for other tools. Field names and their order are a promise; see [`VERSION`].

mod fold;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Form, Word};
use crate::journal::entry::{Blame, Digest, Ended};
pub use crate::judge::{OutcomeKind, ThresholdUsed, Verdict};

/// Version of the format. A reader may rely on every field of its version; new fields may come within one.
pub const VERSION: u32 = 1;

/// A run: what was asked for, and what came of every case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// Version of this format: 1.
    pub version: u32,
    /// The run.
    pub run: Run,
    /// Figures over all cases.
    pub counts: Counts,
    /// The cases, in the order of the plan.
    pub cases: Vec<Case>,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Run {
    /// Id, the name of the run's folder.
    pub id: String,
    /// Start, RFC 3339, UTC.
    pub started: String,
    /// Program name and version.
    pub program: String,
    /// SHA-256 of the catalogue in force.
    pub catalogue: Digest,
    /// Severity from which on a finding fails the test of its case in `junit.xml`; `None` in runs that did not write it
    /// down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<String>,
}

/// Figures over all cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Cases in all.
    pub cases: u64,
    /// Cases with verdict `clear`.
    pub clear: u64,
    /// Cases with verdict `findings`.
    pub findings: u64,
    /// Cases with verdict `incomplete`.
    pub incomplete: u64,
    /// Cases with verdict `failed`.
    pub failed: u64,
    /// Outcomes `observed`.
    pub observed: u64,
    /// Outcomes `not-observed`.
    pub not_observed: u64,
    /// Outcomes `not-triggered`.
    pub not_triggered: u64,
    /// Outcomes `not-assessable`.
    pub not_assessable: u64,
}

/// One app, one scenario, one profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Case {
    /// Stable id.
    pub id: String,
    /// The app.
    pub app: App,
    /// Category id of the catalogue, when one was given.
    pub category: Option<String>,
    /// Scenario id.
    pub scenario: String,
    /// Scenario title.
    pub title: String,
    /// The device of the attempt that counts; `None` when none was ever leased.
    pub device: Option<Device>,
    /// Every try, in order.
    pub attempts: Vec<Attempt>,
    /// How the case ended.
    pub verdict: Verdict,
    /// Who is to blame, when it was not carried out.
    pub blame: Option<Blame>,
    /// Why, when it was not carried out in full; empty otherwise.
    pub message: String,
    /// Steps that were not carried out.
    pub missing: Vec<String>,
    /// One outcome per finding id of the catalogue.
    pub outcomes: Vec<Outcome>,
    /// Path of the sealed package, relative to the folder of this file; `None` when there is none.
    pub package: Option<String>,
    /// Path of its page for people, relative to the folder of this file; `None` when there is none.
    pub report: Option<String>,
}

/// An app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct App {
    /// Package id.
    pub package: String,
    /// Label of its launcher entry.
    pub label: String,
    /// Version name.
    pub version: String,
    /// Version code.
    pub version_code: u64,
    /// SHA-256 of its (first) file; empty when there was no file.
    pub digest: Digest,
}

/// A device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Device {
    /// Serial at the ADB server.
    pub serial: String,
    /// Maker and model.
    pub model: String,
    /// Android API level.
    pub api: u32,
    /// Which system dialogs it draws.
    pub skin: String,
    /// Locale.
    pub locale: String,
    /// The device says it is an emulator.
    pub emulator: bool,
    /// The device says it is AppWitness's virtual device, a model of Android.
    #[serde(default)]
    pub virtual_device: bool,
}

/// One try of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// How it ended; `None` when its record stops without saying.
    pub ended: Option<Ended>,
    /// Who is to blame, unless it was completed.
    pub blame: Option<Blame>,
    /// Why, unless it was completed.
    pub message: String,
    /// Serial of its device; empty when none was leased.
    pub device: String,
    /// Its record could be judged.
    pub judged: bool,
    /// Finding ids it observed.
    pub observed: Vec<String>,
    /// What people said last of its outcomes, by finding id, when its package was reviewed. The words on the attempt whose
    /// package is the case's stand with the outcomes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub said: BTreeMap<String, Said>,
}

/// What one rule came to in a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// Finding id of the catalogue.
    pub finding: String,
    /// Severity by the catalogue: `critical`, `high`, `medium`, `low`, `info`.
    pub severity: String,
    /// What it came to.
    pub outcome: OutcomeKind,
    /// Why, in words.
    pub reason: String,
    /// The same in Chinese; empty when nobody wrote it in Chinese.
    #[serde(default)]
    pub reason_zh: String,
    /// Numbers of the journal entries it rests on.
    pub entries: Vec<u64>,
    /// SHA-256 of the exhibits it rests on.
    pub exhibits: Vec<Digest>,
    /// A person has to confirm it.
    pub review: bool,
    /// The number that decided, when one did.
    pub threshold: Option<ThresholdUsed>,
    /// In how many attempts it was seen, when the case was tried more than once.
    pub repeats: Option<Repeats>,
    /// What a person said of it last, when the package was reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
}

/// A person's word on an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Said {
    /// The word.
    pub word: Word,
    /// Whose it is.
    pub by: String,
}

/// Seen in k of n attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Repeats {
    /// Attempts that observed it.
    pub seen: u32,
    /// Attempts that could have.
    pub of: u32,
}

impl Summary {
    /// A run with its figures counted.
    pub fn new(run: Run, cases: Vec<Case>) -> Self {
        let counts = Counts::of(&cases);
        Self { version: VERSION, run, counts, cases }
    }

    /// `summary.json`: indented, fields in the order of the types, a line feed at the end.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|json| json + "\n")
    }

    /// Cases whose device was the virtual device.
    pub fn on_virtual_device(&self) -> usize {
        self.cases.iter().filter(|case| case.device.as_ref().is_some_and(|d| d.virtual_device)).count()
    }

    /// The JSON Schema of `summary.json`.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Summary)
    }
}

impl Counts {
    fn of(cases: &[Case]) -> Self {
        let mut counts = Self { cases: cases.len() as u64, ..Self::default() };
        for case in cases {
            *match case.verdict {
                Verdict::Clear => &mut counts.clear,
                Verdict::Findings => &mut counts.findings,
                Verdict::Incomplete => &mut counts.incomplete,
                Verdict::Failed => &mut counts.failed,
            } += 1;
            for outcome in &case.outcomes {
                *match outcome.outcome {
                    OutcomeKind::Observed => &mut counts.observed,
                    OutcomeKind::NotObserved => &mut counts.not_observed,
                    OutcomeKind::NotTriggered => &mut counts.not_triggered,
                    OutcomeKind::NotAssessable => &mut counts.not_assessable,
                } += 1;
            }
        }
        counts
    }
}

impl Outcome {
    /// A person said last that it is so.
    pub fn is_confirmed(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.word == Word::Confirm)
    }

    /// A person said last that it is not so.
    pub fn is_rejected(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.word == Word::Reject)
    }

    /// The rules left it to a person, who has to tell whether it is so.
    pub fn is_handed_over(&self) -> bool {
        self.review && self.outcome != OutcomeKind::Observed
    }

    /// To be told as a finding: observed, or handed over to a person who confirmed it. One that a person rejected is
    /// told as rejected.
    pub fn is_finding(&self) -> bool {
        self.outcome == OutcomeKind::Observed || (self.is_handed_over() && self.is_confirmed())
    }
}

impl Case {
    /// What is told as a finding; see [`Outcome::is_finding`].
    pub fn findings(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|o| o.is_finding())
    }

    /// People said of every attempt that observed it that it is not so. A review is of one attempt's package: what another
    /// attempt observed too stays, until that one is reviewed.
    pub fn is_dismissed(&self, outcome: &Outcome) -> bool {
        let Some((last, earlier)) = self.attempts.split_last() else { return outcome.is_rejected() };
        let observed = |attempt: &Attempt| attempt.observed.contains(&outcome.finding);
        let rejected = |attempt: &Attempt| attempt.said.get(&outcome.finding).is_some_and(|s| s.word == Word::Reject);
        let mut seen = earlier.iter().filter(|attempt| observed(attempt)).peekable();
        let needs_last = observed(last) || seen.peek().is_none();
        (!needs_last || outcome.is_rejected()) && seen.all(rejected)
    }

    /// Outcomes of one kind.
    pub fn outcomes_of(&self, kind: OutcomeKind) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(move |o| o.outcome == kind)
    }

    /// The package, when it is a folder, so that its files can be opened one by one.
    pub fn package_folder(&self) -> Option<&str> {
        self.package.as_deref().filter(|package| Form::of(package.as_ref()) == Form::Folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(finding: &str, kind: OutcomeKind) -> Outcome {
        Outcome {
            finding: finding.into(),
            severity: "high".into(),
            outcome: kind,
            reason: "said so".into(),
            reason_zh: String::new(),
            entries: vec![3],
            exhibits: vec![],
            review: false,
            threshold: None,
            repeats: Some(Repeats { seen: 2, of: 3 }),
            said: None,
        }
    }

    fn summary() -> Summary {
        let case = Case {
            id: "c1".into(),
            app: App { package: "com.example.a".into(), label: "甲".into(), ..App::default() },
            category: Some("news".into()),
            scenario: "deny".into(),
            title: "Refuse".into(),
            device: None,
            attempts: vec![],
            verdict: Verdict::Findings,
            blame: None,
            message: String::new(),
            missing: vec![],
            outcomes: vec![outcome("a", OutcomeKind::Observed), outcome("b", OutcomeKind::NotAssessable)],
            package: Some("c1".into()),
            report: None,
        };
        let run = Run {
            id: "r".into(),
            started: "2026-11-23T00:00:00Z".into(),
            program: "p".into(),
            catalogue: "0".repeat(64),
            fail_on: None,
        };
        Summary::new(run, vec![case])
    }

    #[test]
    fn figures_are_counted_and_the_text_reads_back() {
        let summary = summary();
        assert_eq!((summary.counts.cases, summary.counts.findings), (1, 1));
        assert_eq!((summary.counts.observed, summary.counts.not_assessable), (1, 1));
        let json = summary.to_json().unwrap();
        assert_eq!(serde_json::from_str::<Summary>(&json).unwrap(), summary);
        assert_eq!(summary.to_json().unwrap(), json);
    }

    #[test]
    fn the_schema_asks_for_the_fields_that_tools_rely_on() {
        let schema = serde_json::to_value(Summary::schema()).unwrap();
        let required = |of: &serde_json::Value| {
            of["required"].as_array().unwrap().iter().map(|f| f.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(required(&schema), ["version", "run", "counts", "cases"]);
        let outcome = required(&schema["$defs"]["Outcome"]);
        for field in ["finding", "outcome", "reason", "entries", "exhibits"] {
            assert!(outcome.contains(&field.to_owned()), "{field}");
        }
    }
}

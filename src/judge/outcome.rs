//! What judging yields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journal::entry::{Blame, Digest, LimitKind};

/// What a record comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Judgement {
    /// Version of the rules, [`super::VERSION`].
    pub rules: String,
    /// SHA-256 of the catalogue judged by.
    pub catalogue: Digest,
    /// The case in one word.
    pub verdict: Verdict,
    /// One outcome per finding id of the catalogue, in its order.
    pub outcomes: Vec<Outcome>,
    /// What was not carried out, in words. Never empty when the verdict is `incomplete` or `failed`.
    pub missing: Vec<String>,
    /// Who is to blame, when the case did not end as it should.
    pub blame: Option<Blame>,
    /// What bounds the run.
    pub limits: Vec<LimitNoted>,
}

/// A limit of the run, as its journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LimitNoted {
    /// Which.
    pub limit: LimitKind,
    /// In words.
    pub detail: String,
    /// Number of the entry that tells it.
    pub entry: u64,
}

/// The case in one word. Never better than what was really looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Carried out, and nothing observed.
    Clear,
    /// Something was observed; `missing` may still list what was not carried out.
    Findings,
    /// Carried out in part; `missing` says what is missing.
    Incomplete,
    /// Not carried out; `blame` says whose fault it is.
    Failed,
}

/// What a rule came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// A finding.
    Observed,
    /// Looked for, did not occur.
    NotObserved,
    /// Its occasion never came.
    NotTriggered,
    /// It could not be looked at; the reason says why.
    NotAssessable,
}

/// What one rule came to in a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// Finding id of the catalogue.
    pub finding: String,
    /// What it came to.
    pub outcome: OutcomeKind,
    /// Why, in words (English).
    pub reason: String,
    /// Numbers of the journal entries it rests on, ascending.
    pub entries: Vec<u64>,
    /// Digests of the exhibits these entries show, in their order.
    pub exhibits: Vec<Digest>,
    /// The number that decided, when one did.
    pub threshold: Option<ThresholdUsed>,
    /// A person has to confirm it.
    pub review: bool,
}

/// A number that decided, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ThresholdUsed {
    /// Its name in the catalogue.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Where it comes from, in the catalogue's words: `rule`, `standard`, `informative-annex` …; `tool-default` is ours.
    pub origin: String,
}

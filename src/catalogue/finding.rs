//! What may be found, on which grounds, and in which words regulators put it.

use serde::Deserialize;

/// A kind of finding.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingRule {
    /// Its id.
    pub id: String,
    /// What is wrong, in English.
    pub title: String,
    /// What is wrong, in Chinese (our words).
    #[serde(default)]
    pub title_zh: String,
    /// Field it belongs to.
    pub seed_topic: String,
    /// How heavy it is.
    pub severity: Severity,
    /// Who decides.
    pub evidence: EvidenceKind,
    /// What a run must offer to decide it.
    pub needs: Vec<String>,
    /// What is to be seen when it is there.
    pub observed: Vec<String>,
    /// Numbers it depends on.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// Rules in force it rests on.
    pub legal_basis: Vec<Basis>,
    /// Drafts and campaigns: never the only basis.
    #[serde(default)]
    pub advisory_basis: Vec<Basis>,
    /// What can mislead.
    #[serde(default)]
    pub beware: Vec<String>,
    /// Regulators' phrases in Chinese, as they stand in notices.
    #[serde(skip)]
    pub phrases_zh: Vec<String>,
    /// The same phrases in English, in the same order.
    #[serde(skip)]
    pub phrases_en: Vec<String>,
}

/// How heavy a finding is, heaviest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A lead only.
    Info,
    /// Small or contested.
    Low,
    /// Named in a rule, but a matter of degree.
    Medium,
    /// Named as a breach in a rule in force.
    High,
    /// Forbidden outright, or harm that cannot be undone, or deletion and children.
    Critical,
}

/// Who decides a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The program, from its own record.
    Automatic,
    /// The program proposes, a person confirms.
    AutomaticWithReview,
    /// A person, from the record.
    Manual,
}

/// A number a finding depends on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Where the number comes from.
    pub origin: ThresholdOrigin,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThresholdOrigin {
    /// A rule in force.
    Rule,
    /// A recommended standard.
    Standard,
    /// An informative annex of a recommended standard.
    InformativeAnnex,
    /// A voluntary association's standard.
    AssociationStandard,
    /// Testers' practice.
    IndustryPractice,
    /// Android.
    Platform,
    /// Common practice.
    Convention,
    /// Ours: no rule gives a number, and a report must say so.
    ToolDefault,
}

/// A place in an instrument that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Id of the instrument.
    pub instrument: String,
    /// Item in it.
    pub item: String,
    /// What it says, in our words.
    pub paraphrase: String,
}

/// A law, rule, notice or standard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// What kind of text it is.
    pub kind: String,
    /// Since when it applies.
    pub in_force: String,
    /// Whom it binds.
    pub binding: String,
    /// Where it is published.
    pub address: String,
    /// How well it was read; see SOURCES.md.
    pub confidence: String,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
}

/// A regulator's phrase for problems.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Our id.
    pub id: String,
    /// The phrase.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Who used it.
    pub used_by: Vec<String>,
    /// Findings it speaks of.
    pub finding_ids: Vec<String>,
    /// How well that was read; see SOURCES.md.
    pub confidence: String,
    /// Where it was seen.
    #[serde(default)]
    pub seen_at: Option<String>,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
}

impl Severity {
    /// The word the catalogue uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical].into_iter().find(|s| s.word() == word)
    }
}

impl ThresholdOrigin {
    /// The word the catalogue uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Standard => "standard",
            Self::InformativeAnnex => "informative-annex",
            Self::AssociationStandard => "association-standard",
            Self::IndustryPractice => "industry-practice",
            Self::Platform => "platform",
            Self::Convention => "convention",
            Self::ToolDefault => "tool-default",
        }
    }
}

impl FindingRule {
    /// The threshold of this name.
    pub fn threshold(&self, name: &str) -> Option<&Threshold> {
        self.thresholds.iter().find(|threshold| threshold.name == name)
    }
}

//! What a user reported.

use super::source::{Located, Source};
use super::step::{Expectation, Step};
use super::words::{ConsentPolicy, PromptPolicy};

/// A complaint file: to be reproduced `times` times. It holds no contact data of the person who complained.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// The file it came from.
    pub source: Source,
    /// Its id: small letters, digits and hyphens.
    pub id: String,
    /// Package id or file of the app it is about.
    pub app: String,
    /// Version the person had, when told.
    pub version: Option<String>,
    /// Category id of the catalogue, when known.
    pub category: Option<String>,
    /// The person's device, in words.
    pub device: Option<String>,
    /// What the person said, in their own words.
    pub said: String,
    /// How prompts are answered while the steps run.
    pub prompts: PromptPolicy,
    /// How the app's policy dialog is answered.
    pub consent: ConsentPolicy,
    /// Whether a step may confirm what cannot be undone.
    pub allow_irreversible: bool,
    /// What the person did.
    pub steps: Vec<Located<Step>>,
    /// What should have happened; the complaint is reproduced when it does not.
    pub expected: Option<Expectation>,
    /// Finding ids of the catalogue that the complaint points to; reproduced when one of them is observed.
    pub suspected: Vec<String>,
    /// How many clean runs.
    pub times: u32,
}

impl Complaint {
    /// Most runs a complaint may ask for.
    pub const MOST_TIMES: u32 = 100;
}

//! How a search for a concept ended, and the way to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ui::Concept;

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SeekEnded {
    /// What was looked for.
    pub concept: Concept,
    /// How it ended.
    pub outcome: SeekOutcome,
    /// Taps from the main screen to the place; the length of `path`.
    pub depth: u32,
    /// The way, from the main screen on.
    pub path: Vec<Hop>,
    /// The words that were taken for the concept.
    pub words: String,
    /// Taps spent in all.
    pub taps: u32,
    /// Screens seen, by signature, with a title each.
    pub visited: Vec<(String, String)>,
    /// Which press led from one of these screens to another, as far as it was seen; the presses of the first screens first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<SeenWay>,
    /// What blocked it: `login-wall`, `consent-dialog`, or empty.
    pub blocked_by: String,
    /// True when the bounds (taps, screens, time) ended it before everything reachable was seen.
    pub bounded: bool,
    /// Controls that lead on but did nothing, in their own words (a broken path).
    pub dead: Vec<String>,
    /// Controls of the screens seen that may be it, in words of the app's own, when nothing was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perhaps: Vec<String>,
}

/// A press that led from one screen of a search to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeenWay {
    /// Place of the screen in `visited`, from 0.
    pub from: usize,
    /// Words that were pressed.
    pub press: String,
    /// Place of the screen it led to.
    pub to: usize,
}

/// How a search ended, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeekOutcome {
    /// Found.
    Found,
    /// Everything within the bounds was looked at, and it was not there.
    NotFound,
    /// A wall stood in the way.
    Blocked,
}

/// One tap of a way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hop {
    /// Words that were pressed.
    pub label: String,
    /// Signature of the screen it led to.
    pub screen: String,
    /// Entry number of the capture before the tap.
    pub capture: Option<u64>,
}

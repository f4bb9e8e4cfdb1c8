//! Entries of the twin: the same tour on several clean installs that are answered differently.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One more clean install begins; everything up to the next one, or to the end of the case, happened on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TwinInstall {
    /// Running number, from 1.
    pub install: u32,
    /// How permission prompts are answered on it.
    pub answers: TwinAnswers,
    /// The one permission group that is refused; empty unless `answers` is `refuse-one`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The app's category needs that group for its basic function.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needed: bool,
    /// The whole tour is made on it; otherwise only what seemed to be withheld is tried again.
    pub whole: bool,
}

/// How the prompts of one install are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TwinAnswers {
    /// Everything is allowed.
    Allow,
    /// What the app's category does not need is refused, the rest allowed.
    RefuseUnneeded,
    /// One group is refused, everything else allowed.
    RefuseOne,
}

/// One step of the tour, as it went on one install. Step 0 is the app's first page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TwinStep {
    /// The install.
    pub install: u32,
    /// Number of the step: the same on every install.
    pub step: u32,
    /// The step that led to the page on which this one presses something; `None` for the first page.
    pub on: Option<u32>,
    /// Words of the control, as the tour was first made; empty for the first page.
    pub press: String,
    /// Words of the control that was pressed in its stead: another row of the same kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// What it came to.
    pub came: TwinCame,
    /// The page in front after it; `None` when the step could not be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<TwinPage>,
    /// The app explained or demanded a permission during the step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plea: bool,
    /// Permission groups the system asked for during the step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// Operations on personal data that were let through during the step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<String>,
    /// Entry number of the capture before it.
    pub before: Option<u64>,
    /// Entry number of the capture after it.
    pub after: Option<u64>,
}

/// What a step of the tour came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TwinCame {
    /// Another page of the app.
    Opened,
    /// The same page; something on it may have changed.
    Stayed,
    /// Another app, or the system's settings, came to the front.
    Left,
    /// The app's process ended.
    Ended,
    /// A page that demands signing in.
    SignIn,
    /// The page was reached; the control was not there.
    Missing,
    /// The page on which it stands was not reached.
    NotReached,
}

/// A page by its structure, for comparing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TwinPage {
    /// Signature of the screen's structure.
    pub signature: String,
    /// Its topmost words that are no control.
    pub title: String,
    /// Package in front.
    pub front: String,
    /// Its words demand a permission.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plea: bool,
    /// What a person finds on it, in order, bounded.
    pub things: Vec<TwinThing>,
}

/// A thing on a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TwinThing {
    /// What it is for.
    pub role: TwinRole,
    /// Class and resource id.
    pub kind: String,
    /// Its words, cut.
    pub words: String,
}

/// What a thing on a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TwinRole {
    /// To be pressed.
    Control,
    /// A control that only answers: agree, not now, go to the settings.
    Answer,
    /// To be typed into.
    Field,
    /// A picture, a map, a video.
    Picture,
    /// Words to be read.
    Words,
}

/// How the tour ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TwinEnded {
    /// Steps of the tour, the first page included.
    pub steps: u32,
    /// Not everything was tried: the bounds (taps, pages, time) ended the tour, or a page could not be come back to.
    pub bounded: bool,
    /// Why the tour could not be made, or not be made again; empty when it could.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unplayed: String,
    /// Permission groups for which there was no time to refuse them one at a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

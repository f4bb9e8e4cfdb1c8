//! What was seen of the device at one moment, what was done to it, and how processes end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::ExhibitRef;
use crate::ui::{Point, Rect};

/// Screen, tree and focus at one moment. What could not be had is `None` and said in `missing`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Capture {
    /// Why: `step`, `prompt`, `popup`, `seek`, `consent`, `crash`, `end` …
    pub reason: String,
    /// Screenshot as the device sent it.
    pub screenshot: Option<ExhibitRef>,
    /// Width and height of the screenshot in pixels.
    pub size: Option<(u32, u32)>,
    /// The screenshot is all black although the hierarchy is not empty: a secure window.
    pub secure: bool,
    /// View hierarchy as the device sent it.
    pub hierarchy: Option<ExhibitRef>,
    /// What made the hierarchy: `uiautomator`, or the accelerator's file by its name and the beginning of its SHA-256.
    pub hierarchy_by: String,
    /// Focused window, for example `pkg/.Act`, when the device said.
    pub focus: Option<String>,
    /// Android's number of that window, when the device said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Whether it stands above its activity's own window, as a dialog does, when the device said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<bool>,
    /// Resumed activity, `pkg/.Act`, when the device said.
    pub resumed: Option<String>,
    /// Signature of the screen's structure.
    pub signature: Option<String>,
    /// Words of a page of the app on which little or nothing can be pressed: what it says is not to be had, else its first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_end: Option<String>,
    /// Words about the policy on a page of the app that came before anything was pressed since its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_words: Option<String>,
    /// What could not be had, and why.
    pub missing: Vec<String>,
    /// Places of the screenshot that show a secret of the run (a test account, an operator's answer), in pixels. Pages
    /// blur them; the picture itself is as the device sent it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secret: Vec<Rect>,
}

/// What we did to the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Input {
    /// `tap`, `key`, `text`, `swipe`, `shell`.
    pub act: String,
    /// Where, for taps and swipes.
    pub point: Option<Point>,
    /// Bounds of what was meant.
    pub bounds: Option<Rect>,
    /// What was meant, in its own words; secrets masked.
    pub target: String,
    /// Who decided: `step`, `prompt-policy`, `consent-policy`, `popup-close`, `seek`, `account`; `settings` for a step's
    /// choice on a page of the settings.
    pub by: String,
    /// Entry number of the capture that was looked at.
    pub seen: Option<u64>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessEnd {
    /// It left by itself.
    Exited,
    /// It crashed.
    Crashed,
    /// It did not respond (ANR).
    NotResponding,
    /// The system or we killed it.
    Killed,
}

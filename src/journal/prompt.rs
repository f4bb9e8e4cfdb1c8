//! Questions of the system, and what they were answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::ExhibitRef;
use super::permission::PermissionChange;
use crate::ui::Rect;

/// What the name of a control without words begins with.
pub const ICON: char = '#';

/// The system asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PromptShown {
    /// Running number of prompts in this case, from 1.
    pub prompt: u32,
    /// What kind of system dialog.
    pub what: PromptKind,
    /// Package that drew it.
    pub by: String,
    /// The question, in its own words.
    pub question: String,
    /// Permission groups the words speak of (`LOCATION`, `CAMERA` …), from the dialog data.
    pub groups: Vec<String>,
    /// Buttons in order, in their own words, with the answer each gives.
    pub buttons: Vec<PromptButton>,
    /// Page of a run of dialogs: (1, 3) is "1 of 3".
    pub page: Option<(u32, u32)>,
    /// Words of the app or the dialog that tell a purpose; `None` when none was seen.
    pub purpose: Option<String>,
    /// Running text of the app's page beneath that speaks of what is asked for, when no purpose was seen: whether it tells
    /// one, a person must say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_before: Option<String>,
    /// Something new stood on the app's page beside the dialog, which only the picture shows: whether it tells a purpose, a
    /// person must say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub behind_changed: bool,
    /// What the person was doing: path of the step.
    pub step: String,
    /// Resumed app activity beneath, when known.
    pub activity: Option<String>,
    /// Milliseconds since the app was launched.
    pub since_launch_ms: Option<u64>,
    /// Milliseconds since the policy was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_consent_ms: Option<u64>,
    /// Milliseconds since a permission was last refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_refusal_ms: Option<u64>,
    /// Whether the policy had been accepted before.
    pub after_consent: bool,
    /// What the person's own tap (not a launch) pressed right before, if one did: its words; [`ICON`] and its id or place, when
    /// it shows none.
    pub after_tap: Option<String>,
    /// Which launch of this case, from 1.
    pub launch: u32,
    /// Bounds of the dialog.
    pub bounds: Rect,
    /// When it came, in milliseconds since the journal was opened; `None` when the device's clock could not be read. The
    /// entry itself is written when it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mono: Option<u64>,
    /// Entry number of the capture that shows it; `None` when it vanished before.
    pub capture: Option<u64>,
    /// Screenshot, when there is one.
    pub screenshot: Option<ExhibitRef>,
}

/// Kinds of system dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PromptKind {
    /// Runtime permission.
    Permission,
    /// Review of permissions at the first start of an app with an old target.
    PermissionReview,
    /// A special access (overlay, usage …) in settings.
    SpecialAccess,
    /// Crash dialog.
    Crash,
    /// App-not-responding dialog.
    NotResponding,
    /// Some other system dialog.
    Other,
}

/// A button of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromptButton {
    /// Its words.
    pub text: String,
    /// What pressing it means; `None` when the dialog data doesn't know it.
    pub answer: Option<Answer>,
    /// Place on the screen.
    pub bounds: Rect,
}

/// What can be answered to a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Granted without limit.
    Allow,
    /// Granted while the app is in use.
    AllowForeground,
    /// Granted this time.
    AllowOnce,
    /// Granted for chosen items (photos).
    AllowSelected,
    /// Refused.
    Deny,
    /// Refused, and not to be asked again.
    DenyForGood,
}

/// How a prompt was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PromptAnswered {
    /// Number given in `prompt-shown`.
    pub prompt: u32,
    /// The answer; `None` when it was left or went by itself.
    pub answer: Option<Answer>,
    /// The button's words; empty when none was pressed.
    pub button: String,
    /// Why this answer: the policy or the step that asked for it, in words.
    pub why: String,
    /// Milliseconds it was there, as far as seen.
    pub lived_ms: u64,
    /// What changed: names exactly which permissions the prompt was about.
    pub changes: Vec<PermissionChange>,
    /// How the permissions that changed differ from what the dialog spoke of; `None` when they agree, or nothing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disagrees: Option<String>,
}

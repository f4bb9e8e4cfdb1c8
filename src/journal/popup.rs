//! Pop-ups of apps, and what closes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::ExhibitRef;
use crate::ui::Rect;

/// The app asks or interrupts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PopupShown {
    /// Running number of pop-ups in this case, from 1.
    pub popup: u32,
    /// What it is, by the lexicon.
    pub role: PopupRole,
    /// Title, or empty.
    pub title: String,
    /// All its words, in order, cut at 2,000 characters.
    pub words: String,
    /// Package that drew it.
    pub by: String,
    /// Share of the screen it covers, 0 to 1.
    pub covers: f64,
    /// Its bounds.
    pub bounds: Rect,
    /// Controls that close it, best first; empty when none is visible.
    pub close: Vec<Control>,
    /// Controls that accept or lead on.
    pub accept: Vec<Control>,
    /// Controls that refuse.
    pub refuse: Vec<Control>,
    /// Controls of a window that asks for consent which are none of these, nor open a text: what they do is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Control>,
    /// Small controls without words where a cross may stand; what they do is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Control>,
    /// Check boxes of a consent dialog: (words, ticked).
    pub boxes: Vec<(String, bool)>,
    /// What opened it: `launch`, `tap`, `shake`, `return` (to the foreground), else `timer`.
    pub opened_by: String,
    /// Number of an earlier pop-up of this case with the same structure.
    pub same_as: Option<u32>,
    /// Which launch of this case, from 1.
    pub launch: u32,
    /// Path of the step.
    pub step: String,
    /// Signature of its structure.
    pub signature: String,
    /// Resumed app activity, when known.
    pub activity: Option<String>,
    /// When it came, in milliseconds since the journal was opened; `None` when the device's clock could not be read. The
    /// entry itself is written when it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mono: Option<u64>,
    /// Entry number of the capture that shows it.
    pub capture: Option<u64>,
    /// Screenshot, when there is one.
    pub screenshot: Option<ExhibitRef>,
}

/// What a pop-up is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PopupRole {
    /// Privacy policy or user agreement to accept.
    Consent,
    /// The app explains or demands a permission.
    PermissionPlea,
    /// Advertisement or promotion.
    Promotion,
    /// Update of the app, download of another.
    Update,
    /// Demand to sign in.
    SignIn,
    /// Confirmation of something the person did.
    Confirmation,
    /// Message, or not recognised.
    Message,
}

/// A control as seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    /// Its words, else its id or class.
    pub label: String,
    /// Place on the screen.
    pub bounds: Rect,
}

/// What made a pop-up go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PopupEnd {
    /// Closed by its close control.
    Closed,
    /// Accepted.
    Accepted,
    /// Refused.
    Refused,
    /// Closed by the back key.
    Back,
    /// It went by itself.
    ByItself,
    /// It was gone when what had covered it was: nobody saw how.
    Unseen,
    /// What was to close it led to another app.
    LedAway,
    /// The app left or was stopped.
    AppGone,
    /// Still there when the case ended, or nothing closed it.
    NotClosed,
}

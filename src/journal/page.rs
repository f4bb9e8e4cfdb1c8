//! What pages of the app say and ask: texts that were read to their end, forms that were come upon.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ui::{Concept, Rect};

/// A text that the app offers, as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TextRead {
    /// What it is.
    pub concept: Concept,
    /// The page's topmost words.
    pub title: String,
    /// All words of the page, a line per view, as they came while it was scrolled. Cut at 100,000 characters.
    pub text: String,
    /// The page came to its end, and nothing was cut.
    pub whole: bool,
    /// Entry numbers of the captures that show it, in order.
    pub captures: Vec<u64>,
    /// How its parts look in the pictures, as far as that could be measured.
    pub prints: Vec<Print>,
}

/// How a part of a text looks in a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Print {
    /// Its first words, cut at 40 characters.
    pub words: String,
    /// Its length in characters.
    pub characters: u32,
    /// Entry number of the capture that was measured.
    pub capture: u64,
    /// Place on the screen.
    pub bounds: Rect,
    /// Text size in dp, estimated from the height of its lines; at the normal font size a dp is an sp.
    pub size: f64,
    /// Contrast of text and ground, 1 to 21, as WCAG 2 defines it.
    pub contrast: f64,
}

/// A page of the app that asks for information.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FormSeen {
    /// Running number of such pages in this case, from 1.
    pub form: u32,
    /// Names of the fields to fill, in their order.
    pub fields: Vec<String>,
    /// Check boxes: (words, ticked).
    pub boxes: Vec<(String, bool)>,
    /// Words of what can be pressed beside these.
    pub controls: Vec<String>,
    /// All words but those typed into fields, a line per view, cut at 2,000 characters.
    pub words: String,
    /// The page only lets a person sign in.
    pub sign_in: bool,
    /// Path of the step.
    pub step: String,
    /// Resumed activity, when known.
    pub activity: Option<String>,
    /// Entry number of the capture that shows it.
    pub capture: u64,
}

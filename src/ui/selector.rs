//! What an author writes to name a view: text, id, description, class, state, place, concept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lexicon::Concept;

/// Names one view. All given parts must hold. In YAML a bare string is short for `text`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Selector {
    /// Shown text or content description: literal, or `/regex/flags`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<TextMatch>,
    /// Resource id: whole (`pkg:id/name`) or its last part (`name`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Content description alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<TextMatch>,
    /// Java class, whole or its last part (`Button`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Must be (un)checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<bool>,
    /// Must be enabled or disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Must be selected or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
    /// Must lie inside a view that this names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<Box<Selector>>,
    /// Must lie below a view that this names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<Box<Selector>>,
    /// The nearest to a view that this names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near: Option<Box<Selector>>,
    /// Which of several matches, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// A concept of the lexicon: the view whose words fit it best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concept: Option<Concept>,
}

/// A literal, or a regular expression written `/…/` (flag `i`: ignore case).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TextMatch(pub String);

//! What an author writes to name a view: text, id, description, class, state, place, concept.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::lexicon::Concept;

/// Names one view. All given parts must hold. In YAML a bare string is short for `text`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
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

/// The long form, as written in YAML.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[derive(Default)]
struct Written {
    /// Shown text or content description: literal, or `/regex/flags`.
    text: Option<TextMatch>,
    /// Resource id: whole (`pkg:id/name`) or its last part (`name`).
    id: Option<String>,
    /// Content description alone.
    description: Option<TextMatch>,
    /// Java class, whole or its last part (`Button`).
    class: Option<String>,
    /// Must be (un)checked.
    checked: Option<bool>,
    /// Must be enabled or disabled.
    enabled: Option<bool>,
    /// Must be selected or not.
    selected: Option<bool>,
    /// Must lie inside a view that this names.
    inside: Option<Box<Selector>>,
    /// Must lie below a view that this names.
    below: Option<Box<Selector>>,
    /// The nearest to a view that this names.
    near: Option<Box<Selector>>,
    /// Which of several matches, from 0.
    index: Option<usize>,
    /// A concept of the lexicon: the view whose words fit it best.
    concept: Option<Concept>,
}

impl Selector {
    /// The view with these words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(TextMatch(text.into())), ..Self::default() }
    }

    /// The view with this resource id.
    pub fn id(id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..Self::default() }
    }

    /// The view that fits a concept best.
    pub fn concept(concept: Concept) -> Self {
        Self { concept: Some(concept), ..Self::default() }
    }

    /// Whether no condition is given (an index alone names nothing).
    pub fn is_empty(&self) -> bool {
        let index_only = Self { index: self.index, ..Self::default() };
        *self == index_only
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SelectorVisitor)
    }
}

struct SelectorVisitor;

impl<'de> serde::de::Visitor<'de> for SelectorVisitor {
    type Value = Selector;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a selector: words, or a map with text, id, description, class, concept …")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Selector, E> {
        Ok(Selector::text(text))
    }

    // YAML reads an unquoted 12306 or 3.5 as a number, and `yes` as a truth value; an author means the words.
    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Selector, E> {
        Ok(Selector::text(number.to_string()))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Selector, E> {
        Ok(Selector::text(number.to_string()))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Selector, A::Error> {
        let w = Written::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(Selector {
            text: w.text,
            id: w.id,
            description: w.description,
            class: w.class,
            checked: w.checked,
            enabled: w.enabled,
            selected: w.selected,
            inside: w.inside,
            below: w.below,
            near: w.near,
            index: w.index,
            concept: w.concept,
        })
    }
}

impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "Selector".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let long = generator.subschema_for::<Written>();
        json_schema!({
            "description": "Names one view: words, or a map of conditions that must all hold.",
            "anyOf": [{ "type": "string" }, long]
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let state = |name: &str, value: Option<bool>| value.map(|on| format!("{}{name}", if on { "" } else { "not " }));
        parts.extend(self.text.as_ref().map(|t| format!("text {:?}", t.0)));
        parts.extend(self.description.as_ref().map(|t| format!("description {:?}", t.0)));
        parts.extend(self.id.as_ref().map(|id| format!("id {id:?}")));
        parts.extend(self.class.as_ref().map(|class| format!("class {class:?}")));
        parts.extend(self.concept.map(|concept| format!("concept {}", concept.name())));
        parts.extend(state("checked", self.checked));
        parts.extend(state("enabled", self.enabled));
        parts.extend(state("selected", self.selected));
        parts.extend(self.inside.as_ref().map(|s| format!("inside ({s})")));
        parts.extend(self.below.as_ref().map(|s| format!("below ({s})")));
        parts.extend(self.near.as_ref().map(|s| format!("near ({s})")));
        parts.extend(self.index.map(|index| format!("index {index}")));
        f.write_str(&if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") })
    }
}

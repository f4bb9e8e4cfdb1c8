//! JSON Schema of the author's files, for editors: built from the same tables that reading uses.

use serde_json::{Map, Value, json};

use super::reader::Field;
use super::selecting::{CONDITION, SELECTOR, WITHIN, words_schema};
use super::step::AppState;
use super::verbs::VERBS;
use crate::ui::Concept;

/// A kind of author's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// What to do with any app.
    Scenario,
    /// What its author knows of one app.
    Briefing,
    /// What a user reported.
    Complaint,
    /// Which apps, scenarios and devices belong together.
    Plan,
}

/// JSON Schema (2020-12) of scenario files.
pub fn schema() -> Value {
    schema_of(FileKind::Scenario)
}

/// JSON Schema (2020-12) of a kind of file.
pub fn schema_of(kind: FileKind) -> Value {
    let (title, fields) = match kind {
        FileKind::Scenario => ("AppWitness scenario", super::script::FIELDS),
        FileKind::Briefing => ("AppWitness briefing", super::briefing::FIELDS),
        FileKind::Complaint => ("AppWitness complaint", super::complaint::FIELDS),
        FileKind::Plan => ("AppWitness plan", super::plan::FIELDS),
    };
    let mut whole = map(&[fields]);
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    whole["title"] = json!(title);
    whole["$defs"] = json!({ "selector": selector(), "step": step(), "steps": steps() });
    whole
}

/// A map with these keys and no others.
pub(super) fn map(fields: &[&[Field]]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields.iter().flat_map(|fields| fields.iter()) {
        let mut property = (field.schema)();
        if let Value::Object(inside) = &mut property {
            inside.insert("description".to_owned(), json!(field.help));
        }
        properties.insert(field.name.to_owned(), property);
        if field.required {
            required.push(field.name);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn selector() -> Value {
    json!({ "anyOf": [{ "type": ["string", "number"] }, map(&[SELECTOR])] })
}

fn step() -> Value {
    let bare: Vec<Value> = VERBS
        .iter()
        .filter(|verb| verb.bare)
        .map(|verb| json!({ "const": verb.name, "description": verb.help }))
        .collect();
    let mut properties = Map::new();
    for verb in VERBS {
        let mut argument = verb.argument.map_or_else(|| json!({ "type": "null" }), |schema| schema());
        if let Value::Object(inside) = &mut argument {
            inside.insert("description".to_owned(), json!(verb.help));
        }
        properties.insert(verb.name.to_owned(), argument);
    }
    let with_argument = json!({
        "type": "object", "properties": properties, "additionalProperties": false,
        "minProperties": 1, "maxProperties": 1,
    });
    json!({ "anyOf": [{ "oneOf": bare }, with_argument] })
}

fn steps() -> Value {
    json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/step" } })
}

pub(super) fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

pub(super) fn id() -> Value {
    json!({ "type": "string", "pattern": "^[a-z0-9-]{1,80}$" })
}

pub(super) fn texts() -> Value {
    json!({ "anyOf": [{ "type": "string" }, { "type": "array", "minItems": 1, "items": text() }] })
}

pub(super) fn boolean() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn whole_number() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn duration() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|min|h)$" })
}

pub(super) fn text_or(other: Value) -> Value {
    json!({ "anyOf": [text(), other] })
}

pub(super) fn duration_or(other: Value) -> Value {
    json!({ "anyOf": [duration(), other] })
}

pub(super) fn selector_link() -> Value {
    json!({ "$ref": "#/$defs/selector" })
}

pub(super) fn steps_link() -> Value {
    json!({ "$ref": "#/$defs/steps" })
}

pub(super) fn concept() -> Value {
    json!({ "enum": Concept::ALL.map(Concept::name) })
}

pub(super) fn app_state() -> Value {
    words_schema::<AppState>()
}

pub(super) fn condition() -> Value {
    json!({ "anyOf": [{ "type": ["string", "number"] }, map(&[SELECTOR, CONDITION])] })
}

pub(super) fn expectation() -> Value {
    json!({ "anyOf": [{ "type": ["string", "number"] }, map(&[SELECTOR, CONDITION, WITHIN])] })
}

pub(super) fn parameters() -> Value {
    json!({ "type": "object", "additionalProperties": text() })
}

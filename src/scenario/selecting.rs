//! Reads selectors and conditions.

use std::time::Duration;

use serde_json::json;

use super::reader::{Field, Fields, Reader};
use super::step::{AppState, Condition, Expectation};
use super::words::Word;
use super::{schema, words};
use crate::ui::{Concept, Selector, TextMatch};
use crate::yaml::{Kind, Node};

/// Most prompts or pop-ups a condition may allow.
const MOST_COUNT: u32 = 10_000;

/// Keys of a selector, as [`Selector`] has them.
pub(super) const SELECTOR: &[Field] = &[
    field("text", "Shown text or content description: literal, or /regex/ or /regex/i.", schema::text),
    field("id", "Resource id: whole (pkg:id/name) or its last part (name).", schema::text),
    field("description", "Content description alone: literal, or /regex/i.", schema::text),
    field("class", "Java class, whole or its last part (Button).", schema::text),
    field("checked", "Must be checked, or not.", schema::boolean),
    field("enabled", "Must be enabled, or not.", schema::boolean),
    field("selected", "Must be selected, or not.", schema::boolean),
    field("inside", "Must lie inside a view that this names.", schema::selector_link),
    field("below", "Must lie below a view that this names.", schema::selector_link),
    field("near", "The nearest to a view that this names.", schema::selector_link),
    field("index", "Which of several matches, from 0.", schema::whole_number),
    field("concept", "A concept of the lexicon: the view whose words fit it best.", schema::concept),
];

/// Keys of a condition beside those of a selector.
pub(super) const CONDITION: &[Field] = &[
    field("app", "Where the app is: in-front, or gone.", schema::app_state),
    field("prompts-at-most", "No more permission prompts than this in the case so far.", schema::whole_number),
    field("popups-at-most", "No more pop-ups than this in the case so far.", schema::whole_number),
    field("account", "Whether a test account and a way to sign in are at hand.", schema::boolean),
];

/// The time a condition has.
pub(super) const WITHIN: &[Field] = &[field("within", "How long to look, for example 5s.", schema::duration)];

const fn field(name: &'static str, help: &'static str, schema: fn() -> serde_json::Value) -> Field {
    Field { name, required: false, help, schema }
}

/// A selector: a map, or a bare text.
pub(super) fn selector(node: &Node, reader: &mut Reader) -> Option<Selector> {
    if node.scalar().is_some() {
        return Some(Selector { text: Some(pattern(node, reader)?), ..Selector::default() });
    }
    let fields = reader.fields(node, "a selector", &[SELECTOR])?;
    selector_of(node, &fields, reader)
}

fn selector_of(node: &Node, fields: &Fields<'_>, reader: &mut Reader) -> Option<Selector> {
    let before = reader.count();
    let found = Selector {
        text: fields.get("text").and_then(|node| pattern(node, reader)),
        id: fields.get("id").and_then(|node| reader.text(node, "`id`")),
        description: fields.get("description").and_then(|node| pattern(node, reader)),
        class: fields.get("class").and_then(|node| reader.text(node, "`class`")),
        checked: fields.get("checked").and_then(|node| reader.word(node, "value of `checked`")),
        enabled: fields.get("enabled").and_then(|node| reader.word(node, "value of `enabled`")),
        selected: fields.get("selected").and_then(|node| reader.word(node, "value of `selected`")),
        inside: fields.get("inside").and_then(|node| selector(node, reader)).map(Box::new),
        below: fields.get("below").and_then(|node| selector(node, reader)).map(Box::new),
        near: fields.get("near").and_then(|node| selector(node, reader)).map(Box::new),
        index: fields.get("index").and_then(|node| reader.number(node, "`index`", 0, 9_999)).map(|n| n as usize),
        concept: fields.get("concept").and_then(|node| concept(node, reader)),
    };
    if reader.count() == before && found == (Selector { index: found.index, ..Selector::default() }) {
        reader.tell(node, "this names no view", Some("give a text, id, description, class or concept".to_owned()));
    }
    (reader.count() == before).then_some(found)
}

/// A literal, or `/regex/i`, that compiles.
fn pattern(node: &Node, reader: &mut Reader) -> Option<TextMatch> {
    let text = TextMatch(reader.text(node, "a text to look for")?);
    if let Err(error) = text.fits("") {
        let reason = error.to_string();
        let line = reason.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("").trim();
        reader.tell(
            node,
            format!("this regular expression cannot be used: {}", line.trim_start_matches("error: ")),
            Some("a text between slashes is a regular expression; put \\ before signs meant as they stand".to_owned()),
        );
        return None;
    }
    Some(text)
}

/// A concept by its name.
pub(super) fn concept(node: &Node, reader: &mut Reader) -> Option<Concept> {
    let names: Vec<&str> = Concept::ALL.iter().map(|concept| concept.name()).collect();
    let name = reader.one_of(node, "concept", &names)?;
    Concept::ALL.into_iter().find(|concept| concept.name() == name)
}

/// A condition, and how long to look for it.
pub(super) fn expectation(node: &Node, usual: Duration, reader: &mut Reader) -> Option<Expectation> {
    if node.scalar().is_some() {
        return Some(Expectation { what: Condition::View(selector(node, reader)?), within: usual });
    }
    let fields = reader.fields(node, "an expectation", &[SELECTOR, CONDITION, WITHIN])?;
    let within = match fields.get("within") {
        Some(node) => reader.duration(node, "`within`"),
        None => Some(usual),
    };
    let what = condition_of(node, &fields, reader);
    Some(Expectation { what: what?, within: within? })
}

/// A condition for now.
pub(super) fn condition(node: &Node, reader: &mut Reader) -> Option<Condition> {
    if node.scalar().is_some() {
        return selector(node, reader).map(Condition::View);
    }
    let fields = reader.fields(node, "a condition", &[SELECTOR, CONDITION])?;
    condition_of(node, &fields, reader)
}

/// The condition among keys that were already checked.
pub(super) fn condition_of(node: &Node, fields: &Fields<'_>, reader: &mut Reader) -> Option<Condition> {
    let others: Vec<&str> =
        CONDITION.iter().map(|field| field.name).filter(|name| fields.get(name).is_some()).collect();
    let names_a_view = SELECTOR.iter().any(|field| fields.get(field.name).is_some());
    match others[..] {
        [] => selector_of(node, fields, reader).map(Condition::View),
        [name] if !names_a_view => {
            let value = fields.get(name)?;
            match name {
                "app" => reader.word::<AppState>(value, "state of the app").map(Condition::App),
                "prompts-at-most" => {
                    reader.number(value, "`prompts-at-most`", 0, MOST_COUNT).map(Condition::PromptsAtMost)
                }
                "account" => reader.word(value, "truth value").map(Condition::Account),
                _ => reader.number(value, "`popups-at-most`", 0, MOST_COUNT).map(Condition::PopupsAtMost),
            }
        }
        _ => {
            reader.tell(
                node,
                "one condition at a time",
                Some(
                    "write an `expect` of its own for each: a view, `app`, `prompts-at-most`, `popups-at-most`, `account`"
                        .to_owned(),
                ),
            );
            None
        }
    }
}

/// JSON Schema of the words of a list.
pub(super) fn words_schema<W: Word>() -> serde_json::Value {
    let names: Vec<&str> = <W as words::Word>::WORDS.iter().map(|(name, _)| *name).collect();
    json!({ "enum": names })
}

/// The one entry of a map, when it has exactly one.
pub(super) fn single(node: &Node) -> Option<&(Node, Node)> {
    match &node.kind {
        Kind::Map(entries) if entries.len() == 1 => entries.first(),
        _ => None,
    }
}

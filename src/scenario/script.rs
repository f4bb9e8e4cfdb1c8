//! A scenario: what to do with any app.

use std::collections::BTreeMap;

use serde_json::Value;

use super::mistake::Mistakes;
use super::reader::{Field, Reader, read_file};
use super::selecting::words_schema;
use super::source::{Located, Source};
use super::step::Step;
use super::words::{ConsentPolicy, PromptPolicy};
use super::{schema, verbs};
use crate::yaml::{Kind, Node};

/// A scenario file.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The file it came from.
    pub source: Source,
    /// Its id: small letters, digits and hyphens.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// What it is for, at length; may be empty.
    pub description: String,
    /// What must be there, or the scenario is not run.
    pub needs: Needs,
    /// How permission prompts are answered.
    pub prompts: PromptPolicy,
    /// How the app's policy dialog is answered.
    pub consent: ConsentPolicy,
    /// Whether a step may confirm what cannot be undone, such as the deletion of an account.
    pub allow_irreversible: bool,
    /// Whether a run for which no scenario was chosen takes it in. False for what takes long or leaves the usual paths.
    pub by_default: bool,
    /// Names a step's text may use as `${name}`; already filled in.
    pub parameters: BTreeMap<String, String>,
    /// What is done.
    pub steps: Vec<Located<Step>>,
    /// Files whose steps are used, in the order they were read.
    pub used: Vec<Source>,
}

/// What a scenario needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The device reaches a network.
    pub network: bool,
    /// A test account: the app's briefing says how to sign in.
    pub account: bool,
    /// An older version of the app, to be installed first.
    pub older_version: bool,
    /// A device whose shell can run as root.
    pub root: bool,
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    Field { name: "scenario", required: true, help: "Its id: small letters, digits and hyphens.", schema: schema::id },
    Field { name: "title", required: true, help: "One line for people.", schema: schema::text },
    Field { name: "description", required: false, help: "What it is for.", schema: schema::text },
    Field { name: "needs", required: false, help: "What must be there, or the scenario is not run.", schema: needs_schema },
    Field { name: "prompts", required: false, help: "How permission prompts are answered whenever one comes.", schema: words_schema::<PromptPolicy> },
    Field { name: "consent", required: false, help: "How the app's policy dialog is answered whenever it comes.", schema: words_schema::<ConsentPolicy> },
    Field { name: "allow-irreversible", required: false, help: "Whether a step may confirm what cannot be undone.", schema: schema::boolean },
    Field { name: "by-default", required: false, help: "Whether a run for which no scenario was chosen takes it in; true if not said.", schema: schema::boolean },
    Field { name: "parameters", required: false, help: "Names a text may use as ${name}.", schema: schema::parameters },
    Field { name: "steps", required: true, help: "What is done, in order.", schema: schema::steps_link },
];

#[rustfmt::skip]
const NEEDS: &[Field] = &[
    Field { name: "network", required: false, help: "The device reaches a network.", schema: schema::boolean },
    Field { name: "account", required: false, help: "A test account; the app's briefing says how to sign in.", schema: schema::boolean },
    Field { name: "older-version", required: false, help: "An older version of the app, installed first.", schema: schema::boolean },
    Field { name: "root", required: false, help: "A device whose shell can run as root.", schema: schema::boolean },
];

fn needs_schema() -> Value {
    schema::map(&[NEEDS])
}

impl Scenario {
    /// Reads a scenario; `name` is what messages call the file. Every mistake is told at once.
    pub fn parse(name: &str, text: &str) -> Result<Self, Mistakes> {
        Self::parse_with(name, text, &BTreeMap::new())
    }

    /// Like [`Scenario::parse`], with other values for some of its parameters. A value for a parameter that the file
    /// does not name is a mistake of whoever gives it, told at the file's head.
    pub fn parse_with(name: &str, text: &str, with: &BTreeMap<String, String>) -> Result<Self, Mistakes> {
        let source = Source::new(name, text);
        read_file(&source, |root, reader| read(root, &source, with, reader))
    }

    /// SHA-256 of the file, 64 lower-case hexadecimal digits; with [`Scenario::used`], of all digests one below another.
    pub fn digest(&self) -> String {
        if self.used.is_empty() {
            return self.source.digest();
        }
        let all: Vec<String> = std::iter::once(&self.source).chain(&self.used).map(Source::digest).collect();
        Source::new("", all.join("\n")).digest()
    }

    /// The verbs that occur, each once, in the order of their first use, also inside other steps.
    pub fn verbs(&self) -> Vec<String> {
        let mut verbs = Vec::new();
        collect_verbs(&self.steps, &mut verbs);
        verbs
    }
}

fn read(root: &Node, source: &Source, with: &BTreeMap<String, String>, reader: &mut Reader) -> Option<Scenario> {
    let fields = reader.fields(root, "a scenario", &[FIELDS])?;
    reader.parameters = fields.get("parameters").map(|node| parameters(node, reader)).unwrap_or_default();
    for (name, value) in with {
        match reader.parameters.get_mut(name) {
            Some(own) => own.clone_from(value),
            None => reader.tell(root, format!("there is no parameter `{name}` to be set"), None),
        }
    }
    let id = fields.get("scenario").and_then(|node| reader.id(node, "`scenario`"));
    let title = fields.get("title").and_then(|node| reader.text(node, "`title`"));
    let description = fields.get("description").and_then(|node| reader.text(node, "`description`"));
    let needs = fields.get("needs").and_then(|node| needs(node, reader)).unwrap_or_default();
    let prompts = fields.get("prompts").and_then(|node| reader.word(node, "way to answer prompts")).unwrap_or_default();
    let consent = fields.get("consent").and_then(|node| reader.word(node, "way to treat the policy dialog"));
    let irreversible = fields.get("allow-irreversible").and_then(|node| reader.word(node, "truth value"));
    let by_default = fields.get("by-default").and_then(|node| reader.word(node, "truth value"));
    let steps = fields.get("steps").and_then(|node| verbs::steps(node, "`steps`", reader));
    let scenario = Scenario {
        source: source.clone(),
        id: id?,
        title: title?,
        description: description.unwrap_or_default(),
        needs,
        prompts,
        consent: consent.unwrap_or_default(),
        allow_irreversible: irreversible.unwrap_or_default(),
        by_default: by_default.unwrap_or(true),
        parameters: reader.parameters.clone(),
        steps: steps?,
        used: Vec::new(),
    };
    verbs::check_sense(&scenario.steps, scenario.allow_irreversible, Some(scenario.needs), reader);
    Some(scenario)
}

fn needs(node: &Node, reader: &mut Reader) -> Option<Needs> {
    let fields = reader.fields(node, "`needs`", &[NEEDS])?;
    let mut flag = |name: &str| fields.get(name).and_then(|node| reader.word(node, "truth value")).unwrap_or_default();
    Some(Needs {
        network: flag("network"),
        account: flag("account"),
        older_version: flag("older-version"),
        root: flag("root"),
    })
}

/// Names and texts.
pub(super) fn parameters(node: &Node, reader: &mut Reader) -> BTreeMap<String, String> {
    let Kind::Map(entries) = &node.kind else {
        reader.tell(node, format!("`parameters` must be a map of names and texts, not {}", node.what()), None);
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for (key, value) in entries {
        let name = reader.id(key, "the name of a parameter");
        let text = reader.raw_text(value, "a parameter");
        if let (Some(name), Some(text)) = (name, text)
            && found.insert(name, text).is_some()
        {
            reader.tell(key, "this parameter stands here twice", None);
        }
    }
    found
}

fn collect_verbs(steps: &[Located<Step>], verbs: &mut Vec<String>) {
    for step in steps {
        if !verbs.iter().any(|known| known == step.value.verb()) {
            verbs.push(step.value.verb().to_owned());
        }
        for inner in step.value.inner() {
            collect_verbs(std::slice::from_ref(inner), verbs);
        }
    }
}

//! Which apps, scenarios and devices belong together.

use serde_json::{Value, json};

use super::mistake::Mistakes;
use super::reader::{Field, Reader, read_file};
use super::schema;
use super::source::Source;
use crate::catalogue::Catalogue;
use crate::yaml::Node;

/// A plan file: apps × scenarios × profiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The file it came from.
    pub source: Source,
    /// Its id: small letters, digits and hyphens.
    pub id: String,
    /// One line for people; may be empty.
    pub title: String,
    /// The apps.
    pub apps: Vec<PlannedApp>,
    /// Ids of shipped scenarios, or paths of scenario files relative to the plan. Empty: every shipped one.
    pub scenarios: Vec<String>,
    /// The kinds of devices. Empty: the usual one.
    pub profiles: Vec<PlannedProfile>,
    /// How many attempts at the same time.
    pub workers: u32,
    /// How many times each case is run.
    pub repeat: u32,
    /// Programs that look on.
    pub observers: Vec<PlannedObserver>,
}

/// A program that looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedObserver {
    /// Its name in the record.
    pub name: String,
    /// The program and its arguments.
    pub command: Vec<String>,
}

/// An app of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedApp {
    /// A file, a folder of splits, or `specimen:NAME`; paths are relative to the plan.
    pub app: String,
    /// An older version to install first, for scenarios that upgrade.
    pub older: Option<String>,
    /// Category id of the catalogue.
    pub category: Option<String>,
    /// Briefing file, relative to the plan; `None` looks among the shipped ones by package id.
    pub briefing: Option<String>,
}

/// A kind of device of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedProfile {
    /// Its name in reports.
    pub name: String,
    /// A serial number, or `virtual` with options: `virtual:api=34,skin=google`.
    pub device: String,
}

impl Plan {
    /// Most attempts at the same time.
    pub const MOST_WORKERS: u32 = 256;
    /// Most repeats of a case.
    pub const MOST_REPEATS: u32 = 100;
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    Field { name: "plan", required: true, help: "Its id: small letters, digits and hyphens.", schema: schema::id },
    Field { name: "title", required: false, help: "One line for people.", schema: schema::text },
    Field { name: "apps", required: true, help: "The apps.", schema: apps_schema },
    Field { name: "scenarios", required: false, help: "Ids of shipped scenarios, or files; every shipped one when not said.", schema: schema::texts },
    Field { name: "profiles", required: false, help: "The kinds of devices.", schema: profiles_schema },
    Field { name: "workers", required: false, help: "How many attempts at the same time; 2 when not said.", schema: schema::whole_number },
    Field { name: "repeat", required: false, help: "How many times each case is run; 1 when not said.", schema: schema::whole_number },
    Field { name: "observers", required: false, help: "Programs that look on (docs/observers.md).", schema: observers_schema },
];

#[rustfmt::skip]
const OBSERVER: &[Field] = &[
    Field { name: "name", required: true, help: "Its name in the record.", schema: schema::id },
    Field { name: "command", required: true, help: "The program and its arguments.", schema: schema::texts },
];

#[rustfmt::skip]
const APP: &[Field] = &[
    Field { name: "app", required: true, help: "A file, a folder of splits, or specimen:NAME.", schema: schema::text },
    Field { name: "older", required: false, help: "An older version, for scenarios that upgrade.", schema: schema::text },
    Field { name: "category", required: false, help: "Category id of the catalogue.", schema: schema::id },
    Field { name: "briefing", required: false, help: "Briefing file.", schema: schema::text },
];

#[rustfmt::skip]
const PROFILE: &[Field] = &[
    Field { name: "name", required: true, help: "Its name in reports.", schema: schema::id },
    Field { name: "device", required: true, help: "A serial number, or virtual:api=34,skin=google,locale=zh-CN.", schema: schema::text },
];

fn apps_schema() -> Value {
    json!({ "type": "array", "minItems": 1, "items": schema::text_or(schema::map(&[APP])) })
}

fn profiles_schema() -> Value {
    json!({ "type": "array", "minItems": 1, "items": schema::map(&[PROFILE]) })
}

fn observers_schema() -> Value {
    json!({ "type": "array", "items": schema::map(&[OBSERVER]) })
}

impl Plan {
    /// Reads a plan; `name` is what messages call the file. Every mistake is told at once.
    pub fn parse(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self, Mistakes> {
        let source = Source::new(name, text);
        read_file(&source, |root, reader| read(root, &source, catalogue, reader))
    }
}

fn read(root: &Node, source: &Source, catalogue: &Catalogue, reader: &mut Reader) -> Option<Plan> {
    let fields = reader.fields(root, "a plan", &[FIELDS])?;
    let id = fields.get("plan").and_then(|node| reader.id(node, "`plan`"));
    let title = fields.get("title").and_then(|node| reader.raw_text(node, "`title`"));
    let apps = fields.get("apps").and_then(|node| apps(node, catalogue, reader));
    let scenarios = fields.get("scenarios").and_then(|node| reader.texts(node, "`scenarios`"));
    let profiles = fields.get("profiles").and_then(|node| profiles(node, reader));
    let workers = fields.get("workers").and_then(|node| reader.number(node, "`workers`", 1, Plan::MOST_WORKERS));
    let repeat = fields.get("repeat").and_then(|node| reader.number(node, "`repeat`", 1, Plan::MOST_REPEATS));
    let observers = fields.get("observers").and_then(|node| observers(node, reader));
    Some(Plan {
        observers: observers.unwrap_or_default(),
        source: source.clone(),
        id: id?,
        title: title.unwrap_or_default(),
        apps: apps?,
        scenarios: scenarios.unwrap_or_default(),
        profiles: profiles.unwrap_or_default(),
        workers: workers.unwrap_or(2),
        repeat: repeat.unwrap_or(1),
    })
}

fn apps(node: &Node, catalogue: &Catalogue, reader: &mut Reader) -> Option<Vec<PlannedApp>> {
    let items = reader.list(node, "`apps`")?;
    let mut found: Vec<PlannedApp> = Vec::new();
    for item in items {
        let Some(app) = app(item, catalogue, reader) else { continue };
        if found.iter().any(|known| known.app == app.app && known.older == app.older) {
            reader.tell(item, format!("`{}` stands above already", app.app), None);
        }
        found.push(app);
    }
    Some(found)
}

fn app(node: &Node, catalogue: &Catalogue, reader: &mut Reader) -> Option<PlannedApp> {
    if node.scalar().is_some() {
        let app = reader.raw_text(node, "an app")?;
        return Some(PlannedApp { app, older: None, category: None, briefing: None });
    }
    let fields = reader.fields(node, "an app", &[APP])?;
    let mut text = |name: &str| fields.get(name).and_then(|node| reader.raw_text(node, &format!("`{name}`")));
    let (app, older, briefing) = (text("app"), text("older"), text("briefing"));
    let category = fields.get("category").and_then(|node| reader.category(node, catalogue));
    Some(PlannedApp { app: app?, older, category, briefing })
}

fn profiles(node: &Node, reader: &mut Reader) -> Option<Vec<PlannedProfile>> {
    let items = reader.list(node, "`profiles`")?;
    let mut found: Vec<PlannedProfile> = Vec::new();
    for item in items {
        let Some(profile) = profile(item, reader) else { continue };
        if found.iter().any(|known| known.name == profile.name) {
            reader.tell(item, format!("a profile called `{}` stands above", profile.name), None);
        }
        found.push(profile);
    }
    Some(found)
}

fn profile(node: &Node, reader: &mut Reader) -> Option<PlannedProfile> {
    let fields = reader.fields(node, "a profile", &[PROFILE])?;
    let name = fields.get("name").and_then(|node| reader.id(node, "`name`"));
    let device = fields.get("device").and_then(|node| reader.raw_text(node, "`device`"));
    Some(PlannedProfile { name: name?, device: device? })
}

fn observers(node: &Node, reader: &mut Reader) -> Option<Vec<PlannedObserver>> {
    let items = reader.list(node, "`observers`")?;
    let mut found: Vec<PlannedObserver> = Vec::new();
    for item in items {
        let Some(observer) = observer(item, reader) else { continue };
        if found.iter().any(|known| known.name == observer.name) {
            reader.tell(item, format!("an observer called `{}` stands above", observer.name), None);
        }
        found.push(observer);
    }
    Some(found)
}

fn observer(node: &Node, reader: &mut Reader) -> Option<PlannedObserver> {
    let fields = reader.fields(node, "an observer", &[OBSERVER])?;
    let name = fields.get("name").and_then(|node| reader.id(node, "`name`"));
    let command = fields.get("command").and_then(|node| reader.texts(node, "`command`"));
    Some(PlannedObserver { name: name?, command: command? })
}

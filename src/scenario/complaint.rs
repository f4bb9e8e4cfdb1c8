//! What a user reported.

use super::mistake::Mistakes;
use super::reader::{Field, Reader, read_file};
use super::selecting::{self, words_schema};
use super::source::{Located, Source};
use super::step::{Expectation, Step};
use super::words::{ConsentPolicy, PromptPolicy};
use super::{schema, verbs};
use crate::catalogue::Catalogue;
use crate::yaml::Node;

/// A complaint file: to be reproduced `times` times. It holds no contact data of the person who complained.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// The file it came from.
    pub source: Source,
    /// Its id: small letters, digits and hyphens.
    pub id: String,
    /// Package id or file of the app it is about.
    pub app: String,
    /// Version the person had, when told.
    pub version: Option<String>,
    /// Category id of the catalogue, when known.
    pub category: Option<String>,
    /// The person's device, in words.
    pub device: Option<String>,
    /// What the person said, in their own words.
    pub said: String,
    /// How prompts are answered while the steps run.
    pub prompts: PromptPolicy,
    /// How the app's policy dialog is answered.
    pub consent: ConsentPolicy,
    /// Whether a step may confirm what cannot be undone.
    pub allow_irreversible: bool,
    /// What the person did.
    pub steps: Vec<Located<Step>>,
    /// What should have happened; the complaint is reproduced when it does not.
    pub expected: Option<Expectation>,
    /// Finding ids of the catalogue that the complaint points to; reproduced when one of them is observed.
    pub suspected: Vec<String>,
    /// How many clean runs.
    pub times: u32,
}

impl Complaint {
    /// Most runs a complaint may ask for.
    pub const MOST_TIMES: u32 = 100;
    /// Runs when the file does not say.
    pub const USUAL_TIMES: u32 = 3;
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    Field { name: "complaint", required: true, help: "Its id: small letters, digits and hyphens.", schema: schema::id },
    Field { name: "app", required: true, help: "Package id, file, or specimen:NAME.", schema: schema::text },
    Field { name: "version", required: false, help: "Version the person had.", schema: schema::text },
    Field { name: "category", required: false, help: "Category id of the catalogue.", schema: schema::id },
    Field { name: "device", required: false, help: "The person's device, in words.", schema: schema::text },
    Field { name: "said", required: true, help: "What the person said, in their own words.", schema: schema::text },
    Field { name: "prompts", required: false, help: "How permission prompts are answered.", schema: words_schema::<PromptPolicy> },
    Field { name: "consent", required: false, help: "How the app's policy dialog is answered.", schema: words_schema::<ConsentPolicy> },
    Field { name: "allow-irreversible", required: false, help: "Whether a step may confirm what cannot be undone.", schema: schema::boolean },
    Field { name: "steps", required: true, help: "What the person did.", schema: schema::steps_link },
    Field { name: "expected", required: false, help: "What should have happened.", schema: schema::expectation },
    Field { name: "suspected", required: false, help: "Finding ids of the catalogue that it points to.", schema: schema::texts },
    Field { name: "times", required: false, help: "How many clean runs; 3 when not said.", schema: schema::whole_number },
];

impl Complaint {
    /// Reads a complaint; `name` is what messages call the file. Every mistake is told at once.
    pub fn parse(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self, Mistakes> {
        let source = Source::new(name, text);
        read_file(&source, |root, reader| read(root, &source, catalogue, reader))
    }
}

fn read(root: &Node, source: &Source, catalogue: &Catalogue, reader: &mut Reader) -> Option<Complaint> {
    let fields = reader.fields(root, "a complaint", &[FIELDS])?;
    let id = fields.get("complaint").and_then(|node| reader.id(node, "`complaint`"));
    let mut text = |name: &str| fields.get(name).and_then(|node| reader.raw_text(node, &format!("`{name}`")));
    let (app, version, device, said) = (text("app"), text("version"), text("device"), text("said"));
    let category = fields.get("category").and_then(|node| reader.category(node, catalogue));
    let prompts = fields.get("prompts").and_then(|node| reader.word(node, "way to answer prompts"));
    let consent = fields.get("consent").and_then(|node| reader.word(node, "way to treat the policy dialog"));
    let irreversible = fields.get("allow-irreversible").and_then(|node| reader.word(node, "truth value"));
    let steps = fields.get("steps").and_then(|node| verbs::steps(node, "`steps`", reader));
    let expected = fields.get("expected").and_then(|node| selecting::expectation(node, verbs::USUAL_EXPECT, reader));
    let suspected = fields.get("suspected").map(|node| findings(node, catalogue, reader)).unwrap_or_default();
    let times = fields.get("times").and_then(|node| reader.number(node, "`times`", 1, Complaint::MOST_TIMES));
    if fields.get("expected").is_none() && fields.get("suspected").is_none() {
        let hint = "add `expected:` with a condition, or `suspected:` with finding ids".to_owned();
        reader.tell(root, "nothing says when the complaint is reproduced", Some(hint));
    }
    let complaint = Complaint {
        source: source.clone(),
        id: id?,
        app: app?,
        version,
        category,
        device,
        said: said?,
        prompts: prompts.unwrap_or_default(),
        consent: consent.unwrap_or_default(),
        allow_irreversible: irreversible.unwrap_or_default(),
        steps: steps?,
        expected,
        suspected,
        times: times.unwrap_or(Complaint::USUAL_TIMES),
    };
    verbs::check_sense(&complaint.steps, complaint.allow_irreversible, None, reader);
    Some(complaint)
}

fn findings(node: &Node, catalogue: &Catalogue, reader: &mut Reader) -> Vec<String> {
    let names: Vec<&str> = catalogue.findings().iter().map(|finding| finding.id.as_str()).collect();
    let items = match node.scalar() {
        Some(_) => Some(std::slice::from_ref(node)),
        None => reader.list(node, "`suspected`"),
    };
    let read = |item| reader.one_of(item, "finding", &names).map(str::to_owned);
    items.unwrap_or_default().iter().filter_map(read).collect()
}

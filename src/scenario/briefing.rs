//! What an author knows of one app.

use serde_json::{Value, json};

use super::mistake::Mistakes;
use super::reader::{Field, Reader, read_file};
use super::selecting;
use super::source::{Located, Source};
use super::step::{Condition, Step};
use super::{schema, verbs};
use crate::catalogue::Catalogue;
use crate::yaml::Node;

/// A briefing file: one app's functions, and how its test account is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Briefing {
    /// The file it came from.
    pub source: Source,
    /// Package id of the app it is about.
    pub app: String,
    /// Category id of the catalogue, when the author names one.
    pub category: Option<String>,
    /// The app's basic functions.
    pub functions: Vec<Function>,
    /// Steps that make an account; empty when there are none.
    pub sign_up: Vec<Located<Step>>,
    /// Steps that make an account for a child; may type `${child.birth-date}`, `${child.birth-year}`, `${child.age}`.
    pub sign_up_child: Vec<Located<Step>>,
    /// Steps that sign in from a fresh start of the app; empty when there are none.
    pub sign_in: Vec<Located<Step>>,
    /// What is to be seen when the account is signed in.
    pub signed_in: Option<Condition>,
    /// What is to be seen when the app refuses the account.
    pub sign_in_refused: Option<Condition>,
    /// The test account.
    pub account: Option<Account>,
}

/// A basic function and how to try it.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name, for people.
    pub name: String,
    /// Full names of permissions without which it cannot work; not tried when one of them was refused.
    pub needs_permission: Vec<String>,
    /// What to do; an `expect` among them says what must be seen.
    pub steps: Vec<Located<Step>>,
}

/// A test account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name, phone number or address.
    pub user: Secret,
    /// Password or fixed code.
    pub password: Secret,
}

/// Something that may be kept out of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Written in the file: only for accounts that are worth nothing.
    Literal(String),
    /// In an environment variable of this name; masked in everything that is kept.
    Environment(String),
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    Field { name: "app", required: true, help: "Package id of the app, for example org.example.notes.", schema: schema::text },
    Field { name: "category", required: false, help: "Category id of the catalogue.", schema: schema::id },
    Field { name: "functions", required: false, help: "The app's basic functions.", schema: functions_schema },
    Field { name: "sign-up", required: false, help: "Steps that make an account.", schema: schema::steps_link },
    Field { name: "sign-up-as-child", required: false, help: "Steps that make an account for a child; they may type ${child.birth-date}, ${child.birth-year} and ${child.age}.", schema: schema::steps_link },
    Field { name: "sign-in", required: false, help: "Steps that sign in from a fresh start of the app.", schema: schema::steps_link },
    Field { name: "signed-in", required: false, help: "What is to be seen when the account is signed in.", schema: schema::condition },
    Field { name: "sign-in-refused", required: false, help: "What is to be seen when the app refuses the account.", schema: schema::condition },
    Field { name: "account", required: false, help: "The test account.", schema: account_schema },
];

#[rustfmt::skip]
const FUNCTION: &[Field] = &[
    Field { name: "name", required: true, help: "Its name, for people.", schema: schema::text },
    Field { name: "needs-permission", required: false, help: "Permissions without which it cannot work: CAMERA, or a full name.", schema: schema::texts },
    Field { name: "steps", required: true, help: "What to do; an `expect` among them says what must be seen.", schema: schema::steps_link },
];

#[rustfmt::skip]
const ACCOUNT: &[Field] = &[
    Field { name: "user", required: false, help: "Name, phone number or address, written out.", schema: schema::text },
    Field { name: "user-env", required: false, help: "Environment variable that holds it.", schema: schema::text },
    Field { name: "password", required: false, help: "Password or fixed code, written out.", schema: schema::text },
    Field { name: "password-env", required: false, help: "Environment variable that holds it.", schema: schema::text },
];

fn functions_schema() -> Value {
    json!({ "type": "array", "minItems": 1, "items": schema::map(&[FUNCTION]) })
}

fn account_schema() -> Value {
    schema::map(&[ACCOUNT])
}

impl Briefing {
    /// Reads a briefing; `name` is what messages call the file. Every mistake is told at once.
    pub fn parse(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self, Mistakes> {
        let source = Source::new(name, text);
        read_file(&source, |root, reader| read(root, &source, catalogue, reader))
    }
}

fn read(root: &Node, source: &Source, catalogue: &Catalogue, reader: &mut Reader) -> Option<Briefing> {
    let fields = reader.fields(root, "a briefing", &[FIELDS])?;
    let app = fields.get("app").and_then(|node| reader.raw_text(node, "`app`"));
    let category = fields.get("category").and_then(|node| reader.category(node, catalogue));
    let functions = fields.get("functions").and_then(|node| functions(node, reader)).unwrap_or_default();
    let mut steps = |name: &str| {
        let node = fields.get(name)?;
        verbs::steps(node, &format!("`{name}`"), reader)
    };
    let (sign_up, sign_in, sign_up_child) = (steps("sign-up"), steps("sign-in"), steps("sign-up-as-child"));
    let mut condition = |name: &str| fields.get(name).and_then(|node| selecting::condition(node, reader));
    let (signed_in, sign_in_refused) = (condition("signed-in"), condition("sign-in-refused"));
    let account = fields.get("account").and_then(|node| account(node, reader));
    if let (Some(node), None) = (fields.get("sign-in"), &signed_in)
        && fields.get("signed-in").is_none()
    {
        let hint = "add `signed-in:` with a text or id that only a signed-in person sees".to_owned();
        reader.tell(node, "with `sign-in` it must be told how a signed-in screen is known", Some(hint));
    }
    Some(Briefing {
        source: source.clone(),
        app: app?,
        category,
        functions,
        sign_up: sign_up.unwrap_or_default(),
        sign_up_child: sign_up_child.unwrap_or_default(),
        sign_in: sign_in.unwrap_or_default(),
        signed_in,
        sign_in_refused,
        account,
    })
}

fn functions(node: &Node, reader: &mut Reader) -> Option<Vec<Function>> {
    let items = reader.list(node, "`functions`")?;
    let mut found: Vec<Function> = Vec::new();
    for item in items {
        let Some(function) = function(item, reader) else { continue };
        if found.iter().any(|known| known.name == function.name) {
            reader.tell(item, format!("a function called `{}` stands above", function.name), None);
        }
        found.push(function);
    }
    Some(found)
}

fn function(node: &Node, reader: &mut Reader) -> Option<Function> {
    let fields = reader.fields(node, "a function", &[FUNCTION])?;
    let name = fields.get("name").and_then(|node| reader.text(node, "`name`"));
    let permissions = fields.get("needs-permission").and_then(|node| reader.texts(node, "`needs-permission`"));
    let steps = fields.get("steps").and_then(|node| verbs::steps(node, "`steps`", reader));
    let steps = steps?;
    if !steps.iter().any(|step| states_something(&step.value)) {
        let hint = "add an `expect`, or the function would always seem to work".to_owned();
        reader.tell(node, "these steps say nothing about what must be seen", Some(hint));
    }
    let full = |name: String| if name.contains('.') { name } else { format!("android.permission.{name}") };
    let needs_permission = permissions.unwrap_or_default().into_iter().map(full).collect();
    Some(Function { name: name?, needs_permission, steps })
}

fn states_something(step: &Step) -> bool {
    matches!(step, Step::Expect(_) | Step::ExpectNot(_) | Step::Wait(_))
        || step.inner().any(|inner| states_something(&inner.value))
}

fn account(node: &Node, reader: &mut Reader) -> Option<Account> {
    let fields = reader.fields(node, "`account`", &[ACCOUNT])?;
    let mut secret = |literal: &str, variable: &str| match (fields.get(literal), fields.get(variable)) {
        (Some(node), None) => reader.raw_text(node, "an account's part").map(Secret::Literal),
        (None, Some(node)) => reader.raw_text(node, "the name of a variable").map(Secret::Environment),
        (Some(_), Some(node)) => {
            reader.tell(node, format!("give `{literal}` or `{variable}`, not both"), None);
            None
        }
        (None, None) => {
            reader.tell(node, format!("`account` lacks `{literal}` or `{variable}`"), None);
            None
        }
    };
    let (user, password) = (secret("user", "user-env"), secret("password", "password-env"));
    Some(Account { user: user?, password: password? })
}

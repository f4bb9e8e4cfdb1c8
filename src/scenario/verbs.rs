//! The verbs: one row each, for reading, for hints and for the editors' schema.

use std::time::Duration;

use serde_json::{Value, json};

use super::reader::{Field, Reader, suggestion};
use super::script::{self, Needs};
use super::selecting::{self, CONDITION, SELECTOR};
use super::source::Located;
use super::step::{Condition, Direction, Route, Step, Switch, Turn, Twin};
use super::words::{Answer, ConsentPolicy};
use super::{Expectation, schema};
use crate::yaml::{Kind, Node};

/// How long `settle` waits when nothing is said.
pub const USUAL_SETTLE: Duration = Duration::from_secs(10);
/// How long `wait` waits when nothing is said.
pub const USUAL_WAIT: Duration = Duration::from_secs(15);
/// How long `expect` and `expect-not` look when nothing is said.
pub const USUAL_EXPECT: Duration = Duration::from_secs(5);
/// Bounds of a twin's tour when nothing is said (ours).
const TWIN_TAPS: u32 = 40;
const TWIN_PAGES: u32 = 20;
const TWIN_TIME: Duration = Duration::from_secs(300);
/// How long `ask-operator` waits when nothing is said.
pub const USUAL_ANSWER: Duration = Duration::from_secs(300);
/// Most starts or repeats of one step.
const MOST_TIMES: u32 = 1_000;

/// A verb.
pub(super) struct Verb {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    /// Whether it may stand alone, without an argument.
    pub(super) bare: bool,
    /// JSON Schema of its argument; `None` when it takes none.
    pub(super) argument: Option<fn() -> Value>,
    /// Reads it; `None` stands for no argument, which comes only when `bare`.
    read: fn(Option<&Node>, &mut Reader) -> Option<Step>,
}

/// Every verb.
#[rustfmt::skip]
pub(super) const VERBS: &[Verb] = &[
    Verb { name: "launch", help: "Start the app; with times, start and stop it so many times.", bare: true, argument: Some(|| schema::map(&[LAUNCH])), read: launch },
    Verb { name: "settle", help: "Wait until the screen keeps still.", bare: true, argument: Some(|| schema::map(&[SETTLE])), read: settle },
    Verb { name: "functions", help: "Try the app's basic functions.", bare: true, argument: None, read: |_, _| Some(Step::Functions) },
    Verb { name: "twin", help: "Make the same tour on clean installs: everything allowed, what is not needed refused, one refused at a time.", bare: true, argument: Some(|| schema::map(&[TWIN])), read: twin },
    Verb { name: "seek", help: "Search the app for a concept.", bare: false, argument: Some(schema::concept), read: |node, reader| selecting::concept(node?, reader).map(Step::Seek) },
    Verb { name: "read", help: "Search the app for a text, as seek does, and read it to its end.", bare: false, argument: Some(schema::concept), read: |node, reader| selecting::concept(node?, reader).map(Step::Read) },
    Verb { name: "tap", help: "Tap a view.", bare: false, argument: Some(schema::selector_link), read: |node, reader| selecting::selector(node?, reader).map(Step::Tap) },
    Verb { name: "long-press", help: "Press a view long.", bare: false, argument: Some(schema::selector_link), read: |node, reader| selecting::selector(node?, reader).map(Step::LongPress) },
    Verb { name: "double-tap", help: "Tap a view twice in quick succession.", bare: false, argument: Some(schema::selector_link), read: |node, reader| selecting::selector(node?, reader).map(Step::DoubleTap) },
    Verb { name: "toggle", help: "Turn a switch on or off; leave it when it stands so already.", bare: false, argument: Some(|| schema::map(&[TOGGLE])), read: toggle },
    Verb { name: "type", help: "Type text, into a field or where the focus is.", bare: false, argument: Some(|| schema::text_or(schema::map(&[TYPE]))), read: type_text },
    Verb { name: "clear-text", help: "Empty a field.", bare: false, argument: Some(schema::selector_link), read: |node, reader| selecting::selector(node?, reader).map(Step::ClearText) },
    Verb { name: "swipe", help: "Drag a finger up, down, left or right.", bare: false, argument: Some(|| json!({ "anyOf": [selecting::words_schema::<Direction>(), schema::map(&[SWIPE])] })), read: swipe },
    Verb { name: "scroll-to", help: "Scroll until a view is to be seen.", bare: false, argument: Some(schema::selector_link), read: |node, reader| selecting::selector(node?, reader).map(Step::ScrollTo) },
    Verb { name: "back", help: "Press back.", bare: true, argument: None, read: |_, _| Some(Step::Back) },
    Verb { name: "home", help: "Press home.", bare: true, argument: None, read: |_, _| Some(Step::Home) },
    Verb { name: "recents", help: "Show the recent apps.", bare: true, argument: None, read: |_, _| Some(Step::Recents) },
    Verb { name: "rotate", help: "Turn the device.", bare: false, argument: Some(selecting::words_schema::<Turn>), read: |node, reader| reader.word(node?, "way to hold the device").map(Step::Rotate) },
    Verb { name: "network", help: "Take the network away (off) or give it back (on).", bare: false, argument: Some(selecting::words_schema::<Switch>), read: |node, reader| reader.word(node?, "state of the network").map(|Switch(on)| Step::Network(on)) },
    Verb { name: "set-clock", help: "Set the device's clock forward.", bare: false, argument: Some(|| schema::map(&[CLOCK])), read: set_clock },
    Verb { name: "set-permission", help: "Give or take a permission on the settings page, or by pm.", bare: false, argument: Some(|| schema::map(&[PERMISSION])), read: set_permission },
    Verb { name: "ask-operator", help: "Ask the person who runs this, for example for a code.", bare: false, argument: Some(|| schema::map(&[ASK])), read: ask_operator },
    Verb { name: "use", help: "The steps of another scenario.", bare: false, argument: Some(|| schema::text_or(schema::map(&[USE]))), read: uses },
    Verb { name: "wait", help: "Wait for something to be seen; it must come.", bare: false, argument: Some(|| schema::map(&[WAIT])), read: wait },
    Verb { name: "expect", help: "Must hold within the time.", bare: false, argument: Some(schema::expectation), read: |node, reader| selecting::expectation(node?, USUAL_EXPECT, reader).map(Step::Expect) },
    Verb { name: "expect-not", help: "Must not hold at any moment of the time.", bare: false, argument: Some(schema::expectation), read: |node, reader| selecting::expectation(node?, USUAL_EXPECT, reader).map(Step::ExpectNot) },
    Verb { name: "stop", help: "Stop the app.", bare: true, argument: None, read: |_, _| Some(Step::Stop) },
    Verb { name: "screenshot", help: "Keep a picture, with a name if you like.", bare: true, argument: Some(schema::text), read: screenshot },
    Verb { name: "note", help: "Write a remark into the journal.", bare: false, argument: Some(schema::text), read: |node, reader| reader.text(node?, "a note").map(Step::Note) },
    Verb { name: "answer", help: "Answer the permission prompt on the screen.", bare: false, argument: Some(selecting::words_schema::<Answer>), read: |node, reader| reader.word(node?, "answer").map(Step::Answer) },
    Verb { name: "consent", help: "Answer the app's policy dialog on the screen.", bare: false, argument: Some(selecting::words_schema::<ConsentPolicy>), read: |node, reader| reader.word(node?, "way to treat the policy dialog").map(Step::Consent) },
    Verb { name: "sign-up", help: "Make an account, by the app's briefing.", bare: true, argument: None, read: |_, _| Some(Step::SignUp) },
    Verb { name: "sign-in", help: "Sign in, by the app's briefing.", bare: true, argument: None, read: |_, _| Some(Step::SignIn) },
    Verb { name: "request-deletion", help: "Ask for the account's deletion where a seek found it.", bare: true, argument: None, read: |_, _| Some(Step::RequestDeletion) },
    Verb { name: "check-account-deleted", help: "Check that the account no longer signs in.", bare: true, argument: None, read: |_, _| Some(Step::CheckAccountDeleted) },
    Verb { name: "close-popup", help: "Close the pop-up on the screen, if there is one.", bare: true, argument: None, read: |_, _| Some(Step::ClosePopup) },
    Verb { name: "when", help: "Steps that depend on what is to be seen now.", bare: false, argument: Some(|| schema::map(&[SELECTOR, CONDITION, WHEN])), read: when },
    Verb { name: "repeat", help: "The same steps several times.", bare: false, argument: Some(|| schema::map(&[REPEAT])), read: repeat },
    Verb { name: "background", help: "Go home, stay there for a time, come back.", bare: false, argument: Some(|| schema::duration_or(schema::map(&[FOR]))), read: |node, reader| period(node?, "background", reader).map(|period| Step::Background { period }) },
    Verb { name: "upgrade", help: "Install the newer version over the one on the device.", bare: true, argument: None, read: |_, _| Some(Step::Upgrade) },
    Verb { name: "clear-data", help: "Delete the app's data.", bare: true, argument: None, read: |_, _| Some(Step::ClearData) },
    Verb { name: "shell", help: "Run a command in the device's shell.", bare: false, argument: Some(schema::text), read: |node, reader| reader.raw_text(node?, "a command").map(Step::Shell) },
    Verb { name: "dwell", help: "Stay on the screen for a time and watch what comes.", bare: false, argument: Some(|| schema::duration_or(schema::map(&[FOR]))), read: |node, reader| period(node?, "dwell", reader).map(|period| Step::Dwell { period }) },
    Verb { name: "move-device", help: "Move the device at the app's start, from the weakest movement on until one leads away; or make one movement now.", bare: true, argument: Some(|| schema::map(&[MOVE])), read: move_device },
    Verb { name: "tap-blank", help: "Tap places beside the controls of an advertisement at the app's start.", bare: true, argument: None, read: |_, _| Some(Step::TapBlank) },
    Verb { name: "reboot", help: "Start the device anew.", bare: true, argument: None, read: |_, _| Some(Step::Reboot) },
    Verb { name: "turn-off", help: "Search for a switch, turn it off, and look at it after restarts.", bare: false, argument: Some(schema::concept), read: |node, reader| selecting::concept(node?, reader).map(Step::TurnOff) },
    Verb { name: "sign-up-as-child", help: "Sign up with the birth date of a child, by the app's briefing.", bare: true, argument: None, read: |_, _| Some(Step::SignUpAsChild) },
    Verb { name: "complaint", help: "Write down when a person sent a complaint and when it was answered.", bare: false, argument: Some(|| schema::map(&[COMPLAINT])), read: complaint },
    Verb { name: "leave-alone", help: "Neither touch the device nor look at its screen for a time; its log is followed.", bare: false, argument: Some(|| schema::duration_or(schema::map(&[FOR]))), read: |node, reader| period(node?, "leave-alone", reader).map(|period| Step::LeaveAlone { period }) },
];

const TWIN: &[Field] = &[
    field("taps", false, "Controls pressed on the first install at the most.", schema::whole_number),
    field("pages", false, "Pages looked at on the first install at the most.", schema::whole_number),
    field("within", false, "Time for the first install, for example 5m.", schema::duration),
    field("seed", false, "Order of the controls: 0 as they stand, else shuffled by this number.", schema::whole_number),
    field("first", false, "Steps on each install before the tour, signing in for example.", schema::steps_link),
];
const TOGGLE: &[Field] = &[
    field("view", true, "The switch, or the words beside it.", schema::selector_link),
    field("to", true, "on or off.", selecting::words_schema::<Switch>),
];
const CLOCK: &[Field] = &[field("forward", true, "By how much, for example 48h.", schema::duration)];
const PERMISSION: &[Field] = &[
    field("permission", true, "Its name, for example CAMERA or android.permission.CAMERA.", schema::text),
    field("to", true, "granted or refused.", granted_schema),
    field("by", false, "settings (as a person does), or pm.", selecting::words_schema::<Route>),
];
const ASK: &[Field] = &[
    field("question", true, "What is asked.", schema::text),
    field("name", true, "Later steps type the answer as ${operator.NAME}.", schema::id),
    field("within", false, "How long to wait for the answer, for example 5m.", schema::duration),
];
const USE: &[Field] = &[
    field("scenario", true, "A shipped scenario or a file, relative to this one.", schema::text),
    field("with", false, "Values for its parameters.", schema::parameters),
];
const LAUNCH: &[Field] = &[field("times", true, "How many times, from 1.", schema::whole_number)];
const SETTLE: &[Field] = &[field("at-most", true, "Then go on anyway, for example 15s.", schema::duration)];
const TYPE: &[Field] = &[
    field("text", true, "What to type; may hold ${account.user} and ${account.password}.", schema::text),
    field("into", false, "The field.", schema::selector_link),
];
const SWIPE: &[Field] = &[
    field("direction", true, "up, down, left or right.", selecting::words_schema::<Direction>),
    field("on", false, "The view to swipe on.", schema::selector_link),
];
const WAIT: &[Field] = &[
    field("for", true, "What must come: a selector, or app, prompts-at-most …", schema::condition),
    field("within", false, "How long, for example 15s.", schema::duration),
];
const WHEN: &[Field] = &[
    field("then", true, "Steps if it holds.", schema::steps_link),
    field("otherwise", false, "Steps if it does not.", schema::steps_link),
];
const REPEAT: &[Field] = &[
    field("times", true, "How many times, from 1.", schema::whole_number),
    field("steps", true, "The steps.", schema::steps_link),
];
const MOVE: &[Field] = &[
    field("acceleration", true, "Strength without gravity, in m/s².", schema::whole_number),
    field("for", true, "How long, for example 1s.", schema::duration),
];
const COMPLAINT: &[Field] = &[
    field("sent", true, "Day it was sent, for example 2026-03-02.", schema::text),
    field("answered", false, "Day it was answered in substance, if it was.", schema::text),
];
const FOR: &[Field] = &[field("for", true, "How long, for example 30s.", schema::duration)];

/// What other tools call our verbs.
const FOREIGN: &[(&str, &str)] = &[
    ("click", "tap"),
    ("press", "tap"),
    ("tap-on", "tap"),
    ("open", "launch"),
    ("start", "launch"),
    ("launch-app", "launch"),
    ("kill", "stop"),
    ("stop-app", "stop"),
    ("input", "type"),
    ("input-text", "type"),
    ("sleep", "dwell"),
    ("pause", "dwell"),
    ("assert", "expect"),
    ("assert-visible", "expect"),
    ("assert-not-visible", "expect-not"),
    ("if", "when"),
    ("scroll", "swipe"),
    ("find", "seek"),
    ("search", "seek"),
    ("double-click", "double-tap"),
    ("set-orientation", "rotate"),
    ("airplane-mode", "network"),
    ("include", "use"),
    ("run-flow", "use"),
    ("login", "sign-in"),
    ("log-in", "sign-in"),
    ("take-screenshot", "screenshot"),
];

const fn field(name: &'static str, required: bool, help: &'static str, schema: fn() -> Value) -> Field {
    Field { name, required, help, schema }
}

/// A list of at least one step.
pub(super) fn steps(node: &Node, what: &str, reader: &mut Reader) -> Option<Vec<Located<Step>>> {
    let items = reader.list(node, what)?;
    let read: Vec<Option<Located<Step>>> = items.iter().map(|item| step(item, reader)).collect();
    read.into_iter().collect()
}

fn step(node: &Node, reader: &mut Reader) -> Option<Located<Step>> {
    let (name, argument) = match &node.kind {
        Kind::Scalar { .. } if !node.is_empty() => (node, None),
        Kind::Map(_) => match selecting::single(node) {
            Some((name, argument)) => (name, Some(argument)),
            None => {
                let hint = "begin each step with `- `; what belongs to a step stands in braces or deeper".to_owned();
                reader.tell(node, "a step has exactly one verb", Some(hint));
                return None;
            }
        },
        _ => {
            reader.tell(node, format!("a step must be a verb, not {}", node.what()), None);
            return None;
        }
    };
    let verb = verb(name, reader)?;
    let argument = argument.filter(|argument| !argument.is_empty());
    let value = match (argument, &verb.argument) {
        (None, _) if !verb.bare => {
            reader.tell(name, format!("`{}` needs more: {}", verb.name, verb.help), None);
            None
        }
        (Some(argument), None) => {
            reader.tell(argument, format!("`{}` stands alone: it takes nothing", verb.name), None);
            None
        }
        (argument, _) => (verb.read)(argument, reader),
    };
    value.map(|value| Located { at: node.at, value })
}

fn verb(node: &Node, reader: &mut Reader) -> Option<&'static Verb> {
    let Some(name) = node.scalar() else {
        reader.tell(node, "a verb must be a word", None);
        return None;
    };
    let found = VERBS.iter().find(|verb| verb.name == name);
    if found.is_none() {
        let names: Vec<&str> = VERBS.iter().map(|verb| verb.name).collect();
        let folded = name.to_ascii_lowercase().replace('_', "-");
        let foreign = FOREIGN.iter().find(|(known, _)| *known == folded);
        let hint = foreign
            .map(|(_, ours)| format!("did you mean `{ours}`?"))
            .or_else(|| suggestion(name, &names))
            .unwrap_or_else(|| format!("known verbs: {}", names.join(", ")));
        reader.tell(node, format!("unknown verb `{name}`"), Some(hint));
    }
    found
}

fn launch(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let Some(node) = node else { return Some(Step::Launch { times: 1 }) };
    let fields = reader.fields(node, "`launch`", &[LAUNCH])?;
    let times = reader.number(fields.get("times")?, "`times`", 1, MOST_TIMES)?;
    Some(Step::Launch { times })
}

fn twin(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let mut twin = Twin { taps: TWIN_TAPS, pages: TWIN_PAGES, within: TWIN_TIME, seed: 0, first: Vec::new() };
    let Some(node) = node else { return Some(Step::Twin(twin)) };
    let fields = reader.fields(node, "`twin`", &[TWIN])?;
    for (name, number, least) in
        [("taps", &mut twin.taps, 1), ("pages", &mut twin.pages, 1), ("seed", &mut twin.seed, 0)]
    {
        if let Some(node) = fields.get(name) {
            *number = reader.number(node, &format!("`{name}`"), least, MOST_TIMES)?;
        }
    }
    if let Some(node) = fields.get("within") {
        twin.within = reader.duration(node, "`within`")?;
    }
    if let Some(node) = fields.get("first") {
        twin.first = steps(node, "`first`", reader)?;
    }
    Some(Step::Twin(twin))
}

fn settle(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let Some(node) = node else { return Some(Step::Settle { at_most: USUAL_SETTLE }) };
    let fields = reader.fields(node, "`settle`", &[SETTLE])?;
    let at_most = reader.duration(fields.get("at-most")?, "`at-most`")?;
    Some(Step::Settle { at_most })
}

const GRANTED: [&str; 2] = ["granted", "refused"];

fn granted_schema() -> Value {
    json!({ "enum": GRANTED })
}

fn toggle(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node?, "`toggle`", &[TOGGLE])?;
    let view = fields.get("view").and_then(|node| selecting::selector(node, reader));
    let to: Option<Switch> = fields.get("to").and_then(|node| reader.word(node, "state of a switch"));
    Some(Step::Toggle { view: view?, on: to?.0 })
}

fn set_clock(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node?, "`set-clock`", &[CLOCK])?;
    Some(Step::SetClock { forward: reader.duration(fields.get("forward")?, "`forward`")? })
}

fn set_permission(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node?, "`set-permission`", &[PERMISSION])?;
    let name = fields.get("permission").and_then(|node| reader.text(node, "`permission`"));
    let to = fields.get("to").and_then(|node| reader.one_of(node, "state of a permission", &GRANTED));
    let by = match fields.get("by") {
        Some(node) => reader.word(node, "way to set a permission"),
        None => Some(Route::Settings),
    };
    let name = name?;
    let permission = if name.contains('.') { name } else { format!("android.permission.{name}") };
    Some(Step::SetPermission { permission, granted: to? == GRANTED[0], by: by? })
}

fn ask_operator(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node?, "`ask-operator`", &[ASK])?;
    let question = fields.get("question").and_then(|node| reader.text(node, "`question`"));
    let name = fields.get("name").and_then(|node| reader.id(node, "`name`"));
    let within = match fields.get("within") {
        Some(node) => reader.duration(node, "`within`"),
        None => Some(USUAL_ANSWER),
    };
    Some(Step::AskOperator { question: question?, name: name?, within: within? })
}

fn uses(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let node = node?;
    if node.scalar().is_some() {
        let scenario = reader.text(node, "a scenario")?;
        return Some(Step::Use { scenario, with: Default::default(), steps: Vec::new() });
    }
    let fields = reader.fields(node, "`use`", &[USE])?;
    let scenario = fields.get("scenario").and_then(|node| reader.text(node, "`scenario`"));
    let with = fields.get("with").map(|node| script::parameters(node, reader)).unwrap_or_default();
    Some(Step::Use { scenario: scenario?, with, steps: Vec::new() })
}

fn type_text(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let node = node?;
    if node.scalar().is_some() {
        return Some(Step::Type { into: None, text: reader.text(node, "what to type")? });
    }
    let fields = reader.fields(node, "`type`", &[TYPE])?;
    let text = fields.get("text").and_then(|node| reader.text(node, "`text`"));
    let into = match fields.get("into") {
        Some(node) => Some(selecting::selector(node, reader)?),
        None => None,
    };
    Some(Step::Type { into, text: text? })
}

fn swipe(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let node = node?;
    if node.scalar().is_some() {
        return Some(Step::Swipe { direction: reader.word(node, "direction")?, on: None });
    }
    let fields = reader.fields(node, "`swipe`", &[SWIPE])?;
    let direction = fields.get("direction").and_then(|node| reader.word(node, "direction"));
    let on = match fields.get("on") {
        Some(node) => Some(selecting::selector(node, reader)?),
        None => None,
    };
    Some(Step::Swipe { direction: direction?, on })
}

fn screenshot(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let Some(node) = node else { return Some(Step::Screenshot { name: None }) };
    Some(Step::Screenshot { name: Some(reader.text(node, "the name of a picture")?) })
}

fn wait(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node?, "`wait`", &[WAIT])?;
    let what = fields.get("for").and_then(|node| selecting::condition(node, reader));
    let within = match fields.get("within") {
        Some(node) => reader.duration(node, "`within`"),
        None => Some(USUAL_WAIT),
    };
    Some(Step::Wait(Expectation { what: what?, within: within? }))
}

fn when(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let node = node?;
    let fields = reader.fields(node, "`when`", &[SELECTOR, CONDITION, WHEN])?;
    let condition = selecting::condition_of(node, &fields, reader);
    let then = fields.get("then").and_then(|node| steps(node, "`then`", reader));
    let otherwise = match fields.get("otherwise") {
        Some(node) => steps(node, "`otherwise`", reader),
        None => Some(Vec::new()),
    };
    Some(Step::When { condition: condition?, then: then?, otherwise: otherwise? })
}

fn repeat(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node?, "`repeat`", &[REPEAT])?;
    let times = fields.get("times").and_then(|node| reader.number(node, "`times`", 1, MOST_TIMES));
    let steps = fields.get("steps").and_then(|node| steps(node, "`steps`", reader));
    Some(Step::Repeat { times: times?, steps: steps? })
}

fn move_device(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let Some(node) = node else { return Some(Step::MoveDevice { movement: None }) };
    let fields = reader.fields(node, "`move-device`", &[MOVE])?;
    let acceleration = fields.get("acceleration").and_then(|node| reader.number(node, "`acceleration`", 0, 100));
    let lasts = fields.get("for").and_then(|node| reader.duration(node, "`for`"));
    Some(Step::MoveDevice { movement: Some((f64::from(acceleration?), lasts?)) })
}

fn complaint(node: Option<&Node>, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node?, "`complaint`", &[COMPLAINT])?;
    let mut day = |name: &str| {
        let node = fields.get(name)?;
        let text = reader.raw_text(node, "a day")?;
        if text.parse::<jiff::civil::Date>().is_err() {
            reader.tell(node, format!("`{text}` is no day"), Some("write 2026-03-02".to_owned()));
            return None;
        }
        Some(text)
    };
    let (sent, answered) = (day("sent"), day("answered"));
    Some(Step::Complaint { sent: sent?, answered })
}

fn period(node: &Node, verb: &str, reader: &mut Reader) -> Option<Duration> {
    if node.scalar().is_some() {
        return reader.duration(node, &format!("`{verb}`"));
    }
    let fields = reader.fields(node, &format!("`{verb}`"), &[FOR])?;
    reader.duration(fields.get("for")?, "`for`")
}

/// Tells steps that cannot work as the file stands. `needs` is `None` where the file has no such key.
pub(super) fn check_sense(steps: &[Located<Step>], irreversible: bool, needs: Option<Needs>, reader: &mut Reader) {
    for step in steps {
        let verb = step.value.verb();
        let lacks = |wanted: fn(&Needs) -> bool| needs.is_some_and(|needs| !wanted(&needs));
        match &step.value {
            Step::RequestDeletion if !irreversible => reader.tell_step(
                step.at,
                verb,
                "`request-deletion` cannot be undone",
                "say `allow-irreversible: true` at the top of the file",
            ),
            Step::SignUp | Step::SignUpAsChild | Step::SignIn | Step::RequestDeletion | Step::CheckAccountDeleted
                if lacks(|n| n.account) =>
            {
                reader.tell_step(
                    step.at,
                    verb,
                    &format!("`{verb}` needs a test account"),
                    "say `needs: {account: true}`",
                );
            }
            Step::Use { .. } if needs.is_none() => reader.tell_step(
                step.at,
                verb,
                "`use` stands in scenarios only",
                "write the steps here, or make a scenario of them",
            ),
            Step::Upgrade if lacks(|n| n.older_version) => reader.tell_step(
                step.at,
                verb,
                "`upgrade` needs an older version to start from",
                "say `needs: {older-version: true}`",
            ),
            _ => {}
        }
        // What is done only with an account at hand needs no promise of one.
        let asked = matches!(&step.value, Step::When { condition: Condition::Account(true), .. });
        let needs = if asked { needs.map(|needs| Needs { account: true, ..needs }) } else { needs };
        for inner in step.value.inner() {
            check_sense(std::slice::from_ref(inner), irreversible, needs, reader);
        }
    }
}

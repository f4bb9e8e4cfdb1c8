//! Whether the files of a catalogue have the keys, kinds of values and words that they must have: what the types beside this
//! file ask for when they are read, told with file and line, all of it at once, and small enough for the build script.

use std::collections::BTreeMap;

use super::ids::{CATEGORIES, DEADLINES, FINDINGS, PHRASES, TITLES};
use crate::yaml::{self, Kind, Node};

/// What a piece of a file must be.
enum Shape {
    Text,
    /// Not below zero, and no more than a 32-bit number holds.
    Whole,
    Number,
    Truth,
    /// `YYYY-MM-DD`.
    Day,
    Word(&'static [&'static str]),
    List(&'static Self),
    /// The word `none`, or this.
    NoneOr(&'static Self),
    /// Nothing, or this.
    Maybe(&'static Self),
    /// Keys of any name, each with this.
    Each(&'static Self),
    /// These keys and no others.
    Map(&'static [Field]),
    /// These keys among others.
    Among(&'static [Field]),
}

/// A key, whether it must be there, and what its value is.
type Field = (&'static str, bool, &'static Shape);

const TEXT: &Shape = &Shape::Text;
const TEXTS: &Shape = &Shape::List(TEXT);
const WHOLE: &Shape = &Shape::Whole;
const TRUTH: &Shape = &Shape::Truth;
const DAY: &Shape = &Shape::Day;
const MAYBE: &Shape = &Shape::Maybe(TEXT);

const SEVERITY: &Shape = &Shape::Word(&["info", "low", "medium", "high", "critical"]);
const EVIDENCE: &Shape = &Shape::Word(&["automatic", "automatic-with-review", "manual"]);
const ORIGIN: &Shape = &Shape::Word(&[
    "rule",
    "standard",
    "informative-annex",
    "association-standard",
    "industry-practice",
    "platform",
    "convention",
    "tool-default",
]);
const UNIT: &Shape = &Shape::Word(&[
    "second",
    "hour",
    "calendar-day",
    "working-day",
    "month",
    "year",
    "year-of-age",
    "tap",
    "fixed-date",
]);

const BASES: &Shape =
    &Shape::List(&Shape::Map(&[("instrument", true, TEXT), ("item", true, TEXT), ("paraphrase", true, TEXT)]));
const THRESHOLDS: &Shape = &Shape::List(&Shape::Map(&[
    ("name", true, TEXT),
    ("value", true, &Shape::Number),
    ("unit", true, TEXT),
    ("origin", true, ORIGIN),
    ("note", false, MAYBE),
]));
const FINDING: &Shape = &Shape::Map(&[
    ("id", true, TEXT),
    ("title", true, TEXT),
    ("title_zh", false, TEXT),
    ("seed_topic", true, TEXT),
    ("severity", true, SEVERITY),
    ("evidence", true, EVIDENCE),
    ("needs", true, TEXTS),
    ("observed", true, TEXTS),
    ("thresholds", false, THRESHOLDS),
    ("legal_basis", true, BASES),
    ("advisory_basis", false, BASES),
    ("beware", false, TEXTS),
]);
const INSTRUMENT: &Shape = &Shape::Map(&[
    ("title_zh", true, TEXT),
    ("title_en", true, TEXT),
    ("kind", true, TEXT),
    ("in_force", true, TEXT),
    ("binding", true, TEXT),
    ("address", true, TEXT),
    ("confidence", true, TEXT),
    ("note", false, MAYBE),
]);
const FINDINGS_FILE: &Shape =
    &Shape::Among(&[("instruments", true, &Shape::Each(INSTRUMENT)), ("findings", true, &Shape::List(FINDING))]);

const NECESSARY: &Shape = &Shape::NoneOr(&Shape::List(&Shape::Map(&[
    ("item", true, TEXT),
    ("zh", false, MAYBE),
    ("detail", false, MAYBE),
    ("condition", false, MAYBE),
])));
const CATEGORY: &Shape = &Shape::Map(&[
    ("number", true, WHOLE),
    ("article_item", true, TEXT),
    ("id", true, TEXT),
    ("zh", true, TEXT),
    ("en", true, TEXT),
    ("basic_function", true, TEXT),
    ("needs_personal_info", true, TRUTH),
    ("registered_phone_listed", true, TRUTH),
    ("necessary_info", true, NECESSARY),
    ("sub_cases", true, &Shape::List(&Shape::Map(&[("case", true, TEXT), ("effect", true, TEXT)]))),
    ("android_permissions_justified", true, TEXTS),
    ("android_permissions_on_user_action", true, TEXTS),
    ("permissions_note", true, TEXT),
    ("permissions_are_inference", true, TRUTH),
    ("basic_function_probe", true, TEXT),
    ("source", true, TEXT),
    ("confidence", true, TEXT),
]);
const CATEGORIES_FILE: &Shape = &Shape::Among(&[("categories", true, &Shape::List(CATEGORY))]);

const PHRASE: &Shape = &Shape::Map(&[
    ("id", true, TEXT),
    ("zh", true, TEXT),
    ("en", true, TEXT),
    ("used_by", true, TEXTS),
    ("finding_ids", true, TEXTS),
    ("confidence", true, TEXT),
    ("seen_at", false, MAYBE),
    ("note", false, MAYBE),
]);
const PHRASES_FILE: &Shape = &Shape::Among(&[("phrases", true, &Shape::List(PHRASE))]);

const DEADLINE: &Shape = &Shape::Map(&[
    ("id", true, TEXT),
    ("limit", false, &Shape::Maybe(WHOLE)),
    ("unit", true, UNIT),
    ("kind", true, TEXT),
    ("starts", true, TEXT),
    ("instrument", true, TEXT),
    ("item", true, TEXT),
    ("paraphrase", true, TEXT),
    ("binding", true, TEXT),
    ("harness", true, TEXT),
    ("finding_ids", true, TEXTS),
    ("confidence", true, TEXT),
    ("note", false, MAYBE),
    ("instrument_note", false, MAYBE),
]);
const DAYS_OFF: &Shape =
    &Shape::Maybe(&Shape::List(&Shape::Map(&[("name", true, TEXT), ("from", true, DAY), ("to", true, DAY)])));
const YEAR: &Shape = &Shape::Map(&[
    ("source", false, MAYBE),
    ("issued", false, MAYBE),
    ("confidence", false, MAYBE),
    ("note", false, MAYBE),
    ("days_off", false, DAYS_OFF),
    ("weekend_days_worked", false, &Shape::List(DAY)),
]);
const CALENDARS: &Shape = &Shape::Among(&[("calendars", true, &Shape::Each(YEAR))]);
const DEADLINES_FILE: &Shape =
    &Shape::Among(&[("deadlines", true, &Shape::List(DEADLINE)), ("working_days", true, CALENDARS)]);

const FILES: [(&str, &Shape); 5] = [
    (CATEGORIES, CATEGORIES_FILE),
    (FINDINGS, FINDINGS_FILE),
    (PHRASES, PHRASES_FILE),
    (DEADLINES, DEADLINES_FILE),
    (TITLES, &Shape::Each(TEXT)),
];

/// Every piece that is not what it must be, each as `file:line: what`. Whether ids lead anywhere is another question.
pub fn faults(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, shape) in FILES {
        let mut tell = |at: &Node, what: String| faults.push(format!("{name}:{}: {what}", at.at.line));
        match yaml::read(files.get(name).map_or("", String::as_str)) {
            Ok(root) => {
                look(shape, &root, "the file", &mut tell);
                other_years(&root, &mut tell);
            }
            Err(wrong) => faults.push(format!("{name}:{}: {}", wrong.at.line, wrong.message)),
        }
    }
    faults
}

type Tell<'t> = dyn FnMut(&Node, String) + 't;

fn look(shape: &Shape, node: &Node, name: &str, tell: &mut Tell) {
    let text = node.scalar().filter(|_| !node.is_empty());
    let mut unless = |fits: bool, wanted: &str| {
        if !fits {
            tell(node, format!("{name} must be {wanted}, not {}", told(node)));
        }
    };
    match shape {
        Shape::Text => unless(text.is_some(), "text"),
        Shape::Whole => unless(text.is_some_and(|text| text.parse::<u32>().is_ok()), "a whole number"),
        Shape::Number => unless(text.is_some_and(|text| text.parse::<f64>().is_ok_and(f64::is_finite)), "a number"),
        Shape::Truth => unless(matches!(text, Some("true" | "false")), "`true` or `false`"),
        Shape::Day => unless(text.is_some_and(is_day), "a day as YYYY-MM-DD"),
        Shape::Word(words) => {
            unless(text.is_some_and(|text| words.contains(&text)), &format!("one of {}", words.join(", ")));
        }
        Shape::NoneOr(_) if text == Some("none") => {}
        Shape::Maybe(_) if node.is_empty() => {}
        Shape::NoneOr(shape) | Shape::Maybe(shape) => look(shape, node, name, tell),
        Shape::List(shape) => match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| look(shape, item, name, tell)),
            _ => unless(false, "a list"),
        },
        Shape::Each(shape) => match &node.kind {
            Kind::Map(entries) => entries.iter().for_each(|(key, value)| look(shape, value, &told(key), tell)),
            _ => unless(false, "a map"),
        },
        Shape::Map(fields) | Shape::Among(fields) => match &node.kind {
            Kind::Map(entries) => keys(fields, matches!(shape, Shape::Map(_)), node, entries, tell),
            _ => unless(false, "a map"),
        },
    }
}

fn keys(fields: &[Field], no_others: bool, node: &Node, entries: &[(Node, Node)], tell: &mut Tell) {
    for (at, (key, value)) in entries.iter().enumerate() {
        let name = key.scalar().unwrap_or_default();
        if entries[..at].iter().any(|(earlier, _)| earlier.scalar() == Some(name)) {
            tell(key, format!("`{name}` stands here twice"));
        }
        match fields.iter().find(|(known, ..)| *known == name) {
            Some((_, _, shape)) => look(shape, value, &format!("`{name}`"), tell),
            None if no_others => tell(key, format!("unknown key `{name}`")),
            None => {}
        }
    }
    for (name, ..) in fields.iter().filter(|(name, needed, _)| *needed && node.get(name).is_none()) {
        tell(node, format!("`{name}` is missing"));
    }
}

/// Days of a year's arrangement lie in that year.
fn other_years(root: &Node, tell: &mut Tell) {
    let calendars = root.get("working_days").and_then(|days| days.get("calendars"));
    for (year, written) in calendars.map_or(&[][..], Node::entries) {
        let off = written.get("days_off").map_or(&[][..], Node::items);
        let spans = off.iter().flat_map(|span| [span.get("from"), span.get("to")]).flatten();
        let worked = written.get("weekend_days_worked").map_or(&[][..], Node::items);
        let begins = format!("{}-", year.scalar().unwrap_or_default());
        for day in spans.chain(worked).filter(|day| day.scalar().is_some_and(|day| !day.starts_with(&begins))) {
            tell(day, format!("{} is no day of {}", told(day), told(year)));
        }
    }
}

fn told(node: &Node) -> String {
    node.scalar()
        .filter(|text| !text.is_empty() && !node.is_empty())
        .map_or_else(|| node.what().to_owned(), |text| format!("`{text}`"))
}

/// A day of the Gregorian calendar.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits =
        |from: usize, to: usize| text.get(from..to)?.bytes().all(|b| b.is_ascii_digit()).then(|| &text[from..to]);
    let number = |from, to| digits(from, to).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or_default();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && (1..=longest).contains(&day)
}

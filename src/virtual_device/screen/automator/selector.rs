//! Selectors as uiautomator2's client writes them: a mask of what counts, the values, and what is looked for within.
//! MODEL: androidx's `UiSelector` looks at views in document order; `instance` counts those that fit.

use regex::Regex;
use serde_json::Value;

use super::super::super::view::View;
use super::super::node::{Node, is_told};

/// Steps from one view to others at the most.
const MOST_STEPS: usize = 16;

/// Tests of one view, by their bits of the mask.
const TESTS: [(&str, u64); 24] = [
    ("text", 0x01),
    ("textContains", 0x02),
    ("textMatches", 0x04),
    ("textStartsWith", 0x08),
    ("className", 0x10),
    ("classNameMatches", 0x20),
    ("description", 0x40),
    ("descriptionContains", 0x80),
    ("descriptionMatches", 0x0100),
    ("descriptionStartsWith", 0x0200),
    ("checkable", 0x0400),
    ("checked", 0x0800),
    ("clickable", 0x1000),
    ("longClickable", 0x2000),
    ("scrollable", 0x4000),
    ("enabled", 0x8000),
    ("focusable", 0x01_0000),
    ("focused", 0x02_0000),
    ("selected", 0x04_0000),
    ("packageName", 0x08_0000),
    ("packageNameMatches", 0x10_0000),
    ("resourceId", 0x20_0000),
    ("resourceIdMatches", 0x40_0000),
    ("index", 0x80_0000),
];
const INSTANCE: u64 = 0x0100_0000;

/// A selector.
#[derive(Debug)]
pub struct Selector {
    tests: Vec<(&'static str, Wanted)>,
    instance: Option<usize>,
    steps: Vec<(Step, Selector)>,
}

#[derive(Debug)]
enum Wanted {
    Words(String),
    Pattern(Regex),
    Flag(bool),
    Number(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Child,
    Sibling,
}

/// A view that fits, and the one it stands in.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The view.
    pub node: Node<'a>,
    parent: Option<&'a View>,
}

impl Selector {
    /// Reads a selector; `None` when it is none.
    pub fn read(value: &Value) -> Option<Self> {
        Self::read_at(value, 0)
    }

    fn read_at(value: &Value, depth: usize) -> Option<Self> {
        let fields = value.as_object().filter(|_| depth < MOST_STEPS)?;
        let mask = fields.get("mask")?.as_u64()?;
        let mut tests = Vec::new();
        for (name, _) in TESTS.iter().filter(|(_, bit)| mask & bit != 0) {
            tests.push((*name, wanted(name, fields.get(*name)?)?));
        }
        let instance = (mask & INSTANCE != 0).then(|| fields.get("instance").and_then(Value::as_u64)).flatten();
        let list = |name: &str| fields.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut steps = Vec::new();
        for (kind, inner) in list("childOrSibling").iter().zip(list("childOrSiblingSelector")) {
            let step = if kind == "sibling" { Step::Sibling } else { Step::Child };
            steps.push((step, Self::read_at(&inner, depth + 1)?));
        }
        Some(Self { tests, instance: instance.map(|n| usize::try_from(n).unwrap_or(usize::MAX)), steps })
    }

    /// All views that fit, in document order; with an instance only that one.
    pub fn all<'a>(&self, root: &'a View, package: &'a str, newer: bool) -> Vec<Hit<'a>> {
        let mut hits = self.among(&[(root, None)], package, newer);
        for (step, selector) in &self.steps {
            let Some(first) = hits.first() else { return hits };
            let within = match (step, first.parent) {
                (Step::Sibling, Some(parent)) => parent,
                _ => first.node.view,
            };
            let views: Vec<_> = within.children.iter().map(|child| (child, Some(within))).collect();
            hits = selector.among(&views, package, newer);
        }
        hits
    }

    /// Views that fit among these and all they hold.
    fn among<'a>(&self, views: &[(&'a View, Option<&'a View>)], package: &'a str, newer: bool) -> Vec<Hit<'a>> {
        let mut hits = Vec::new();
        for (view, parent) in views {
            self.gather(view, *parent, package, newer, &mut hits);
        }
        match self.instance {
            Some(number) => hits.into_iter().nth(number).into_iter().collect(),
            None => hits,
        }
    }

    fn gather<'a>(
        &self,
        view: &'a View,
        parent: Option<&'a View>,
        package: &'a str,
        newer: bool,
        into: &mut Vec<Hit<'a>>,
    ) {
        if !is_told(view) {
            return;
        }
        let node = Node::of(view, package, newer);
        if self.tests.iter().all(|(name, wanted)| fits(&node, name, wanted)) {
            into.push(Hit { node, parent });
        }
        view.children.iter().for_each(|child| self.gather(child, Some(view), package, newer, into));
    }
}

fn wanted(name: &str, value: &Value) -> Option<Wanted> {
    match value {
        Value::String(text) if name.ends_with("Matches") => {
            Some(Wanted::Pattern(Regex::new(&format!("^(?s:{text})$")).ok()?))
        }
        Value::String(text) => Some(Wanted::Words(text.clone())),
        Value::Bool(flag) => Some(Wanted::Flag(*flag)),
        Value::Number(number) => Some(Wanted::Number(number.as_u64()?)),
        _ => None,
    }
}

fn fits(node: &Node<'_>, name: &str, wanted: &Wanted) -> bool {
    let widget = &node.view.widget;
    match wanted {
        Wanted::Flag(flag) => {
            let state = match name {
                "checkable" => node.checkable(),
                "checked" => widget.state.checked,
                "clickable" => node.clickable,
                "longClickable" => node.long_clickable(),
                "scrollable" => node.scrollable(),
                "enabled" => widget.state.enabled,
                "focusable" => node.focusable,
                "focused" => widget.state.focused,
                _ => widget.state.selected,
            };
            state == *flag
        }
        Wanted::Number(number) => name == "index" && u64::from(node.view.index) == *number,
        Wanted::Words(words) => {
            let has = said(node, name);
            match name {
                _ if name.ends_with("Contains") => has.to_lowercase().contains(&words.to_lowercase()),
                _ if name.ends_with("StartsWith") => has.to_lowercase().starts_with(&words.to_lowercase()),
                _ => has == words,
            }
        }
        Wanted::Pattern(pattern) => pattern.is_match(said(node, name)),
    }
}

fn said<'n>(node: &'n Node<'_>, name: &str) -> &'n str {
    match name {
        _ if name.starts_with("text") => &node.text,
        _ if name.starts_with("description") => &node.view.widget.desc,
        _ if name.starts_with("class") => node.class,
        _ if name.starts_with("package") => node.package,
        _ => &node.view.widget.id,
    }
}

//! An app with a model: its data, and what lives while its process does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::virtual_device::specimen::{Specimen, Value};

/// An installed app that carries a model.
#[derive(Clone, Debug)]
pub struct App {
    /// The model.
    pub model: Arc<Specimen>,
    /// The app's data.
    pub data: Data,
    /// What lives while its process does.
    pub live: Option<Live>,
}

/// An app's data: lives over restart and upgrade, goes with `pm clear` and uninstalling.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// Variables that were set or come from the model.
    pub vars: BTreeMap<String, Value>,
    /// How often the main activity was made.
    pub starts: i64,
    /// Who is signed in.
    pub user: Option<String>,
    /// Version that started last.
    pub version: Option<u64>,
    /// The present start is the first since an upgrade.
    pub upgraded: bool,
    /// It made a channel for notifications.
    pub has_channel: bool,
}

/// What lives while the process does.
#[derive(Clone, Debug)]
pub struct Live {
    /// Its process.
    pub pid: u32,
    /// Screens, the visible one last. Empty when its activities are gone but the process is not.
    pub screens: Vec<Shown>,
    /// Dialogs, the topmost last.
    pub dialogs: Vec<Shown>,
    /// Variable of the field that has the input focus.
    pub focus: Option<String>,
    /// Does not answer.
    pub hung: bool,
}

/// A screen or dialog that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Its name in the model.
    pub name: String,
    /// Number no other surface had or will have on this device.
    pub surface: u32,
    /// How far it is scrolled, in pixels.
    pub scroll: i32,
    /// Since when, on the device's clock.
    pub since: Duration,
    /// Taps its close mark had.
    pub close_taps: u32,
}

impl App {
    /// An app as installed.
    pub fn new(model: Arc<Specimen>) -> Self {
        let data = Data { vars: model.vars.clone(), ..Data::default() };
        Self { model, data, live: None }
    }

    /// Forgets its data.
    pub fn clear(&mut self) {
        self.data = Data { vars: self.model.vars.clone(), ..Data::default() };
    }

    /// Takes a newer model; data stays, new variables get their first value.
    pub fn upgrade(&mut self, model: Arc<Specimen>) {
        for (name, value) in &model.vars {
            self.data.vars.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self.model = model;
    }

    /// A variable's value, the built-in ones included; 0 for one that does not exist.
    pub fn var(&self, name: &str) -> Value {
        match name {
            "starts" => Value::Number(self.data.starts),
            "user" => Value::Text(self.data.user.clone().unwrap_or_default()),
            other => self.data.vars.get(other).cloned().unwrap_or(Value::Number(0)),
        }
    }

    /// Words with `{name}` replaced by the variables, and `{n}` by a row's number.
    pub fn fill(&self, words: &str, row: Option<u32>) -> String {
        let mut filled = String::with_capacity(words.len());
        let mut rest = words;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
            filled.push_str(&rest[..open]);
            let name = &rest[open + 1..close];
            match row {
                Some(n) if name == "n" => filled.push_str(&n.to_string()),
                _ if self.knows(name) => filled.push_str(&self.var(name).shown()),
                // No name: a brace of the text's own, within which a name may stand.
                _ => {
                    filled.push('{');
                    rest = &rest[open + 1..];
                    continue;
                }
            }
            rest = &rest[close + 1..];
        }
        filled.push_str(rest);
        filled
    }

    fn knows(&self, name: &str) -> bool {
        matches!(name, "starts" | "user") || self.data.vars.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_filled_with_variables_and_the_rest_stays() {
        let text = "
specimen: a
package: a.b
label: A
first-screen: home
vars: {name: Mei, count: 3}
screens: {home: {}}
";
        let app = App::new(Arc::new(Specimen::parse(text).unwrap()));
        assert_eq!(app.fill("{name} has {count} of {n}; {other} {", Some(7)), "Mei has 3 of 7; {other} {");
    }
}

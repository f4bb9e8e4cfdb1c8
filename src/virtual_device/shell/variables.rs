//! The shell's variables.

use std::collections::BTreeMap;

/// One variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Variable {
    pub value: Option<String>,
    pub exported: bool,
    pub read_only: bool,
}

/// All variables; function calls stack what they hide with `local`.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    all: BTreeMap<String, Variable>,
    hidden: Vec<BTreeMap<String, Option<Variable>>>,
}

/// The variable is read-only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReadOnly(pub String);

/// Whether `name` can name a variable.
pub(super) fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_ascii_alphabetic())
        && chars.all(|c| c == '_' || c.is_ascii_alphanumeric())
}

impl Variables {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all.get(name)?.value.as_deref()
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) -> Result<(), ReadOnly> {
        let variable = self.all.entry(name.to_owned()).or_default();
        if variable.read_only {
            return Err(ReadOnly(name.to_owned()));
        }
        variable.value = Some(value.into());
        Ok(())
    }

    pub fn unset(&mut self, name: &str) -> Result<(), ReadOnly> {
        if self.all.get(name).is_some_and(|variable| variable.read_only) {
            return Err(ReadOnly(name.to_owned()));
        }
        self.all.remove(name);
        Ok(())
    }

    pub fn export(&mut self, name: &str) {
        self.all.entry(name.to_owned()).or_default().exported = true;
    }

    pub fn make_read_only(&mut self, name: &str) {
        self.all.entry(name.to_owned()).or_default().read_only = true;
    }

    /// Names with their variables, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Variable)> {
        self.all.iter()
    }

    /// What a program gets.
    pub fn exported(&self) -> BTreeMap<String, String> {
        let exported = self.all.iter().filter(|(_, variable)| variable.exported);
        exported.filter_map(|(name, variable)| Some((name.clone(), variable.value.clone()?))).collect()
    }

    /// A function begins.
    pub fn enter(&mut self) {
        self.hidden.push(BTreeMap::new());
    }

    /// A function ends: what it hid comes back.
    pub fn leave(&mut self) {
        for (name, before) in self.hidden.pop().unwrap_or_default() {
            match before {
                Some(variable) => self.all.insert(name, variable),
                None => self.all.remove(&name),
            };
        }
    }

    /// Hides a variable until the function ends; false outside of functions.
    pub fn hide(&mut self, name: &str) -> bool {
        let Some(hidden) = self.hidden.last_mut() else { return false };
        if !hidden.contains_key(name) {
            hidden.insert(name.to_owned(), self.all.remove(name));
        }
        true
    }

    /// Sets variables for one command and gives what they were.
    pub fn lend(&mut self, name: &str) -> (String, Option<Variable>) {
        (name.to_owned(), self.all.get(name).cloned())
    }

    /// Puts back what [`Variables::lend`] gave.
    pub fn take_back(&mut self, lent: Vec<(String, Option<Variable>)>) {
        for (name, before) in lent.into_iter().rev() {
            match before {
                Some(variable) => self.all.insert(name, variable),
                None => self.all.remove(&name),
            };
        }
    }
}

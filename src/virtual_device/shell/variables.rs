//! The shell's variables. A *reference* names a variable, or one place of an array: `a`, `a[3]`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::attributes::Attributes;

/// Most places of one array that hold something (ours).
const MAX_ELEMENTS: usize = 65_536;
/// Most bytes in the places of one array beside the first (ours).
const MAX_ARRAY: usize = 4 << 20;

/// Most names that stand for each other.
const MAX_REFERENCES: usize = 8;

/// One variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Variable {
    /// The value, which is the first place of an array.
    pub value: Option<String>,
    /// What stands at the places above 0 of an array.
    more: BTreeMap<u32, String>,
    bytes: usize,
    /// It was made as an array, or has had places.
    array: bool,
    pub exported: bool,
    pub read_only: bool,
    pub attributes: Attributes,
    /// It is another name for this one (`typeset -n`).
    stands_for: Option<String>,
}

impl Variable {
    /// Whether it is an array that holds something.
    pub fn is_array(&self) -> bool {
        self.array && self.elements().next().is_some()
    }

    /// Places that hold something, with their values.
    pub fn elements(&self) -> impl Iterator<Item = (u32, &str)> {
        let first = self.value.as_deref().map(|value| (0, value));
        first.into_iter().chain(self.more.iter().map(|(place, value)| (*place, value.as_str())))
    }

    fn get(&self, place: u32) -> Option<&str> {
        if place == 0 { self.value.as_deref() } else { self.more.get(&place).map(String::as_str) }
    }

    fn put(&mut self, place: u32, value: String) -> Result<(), VariableError> {
        let value = self.attributes.shape(value);
        if place == 0 {
            self.value = Some(value);
            return Ok(());
        }
        let before = self.more.get(&place).map_or(0, String::len);
        let bytes = self.bytes - before + value.len();
        if bytes > MAX_ARRAY || self.more.len() >= MAX_ELEMENTS {
            return Err(VariableError::TooMuch);
        }
        self.bytes = bytes;
        self.array = true;
        self.more.insert(place, value);
        Ok(())
    }
}

/// All variables; function calls stack what they hide with `local`.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    all: BTreeMap<String, Variable>,
    hidden: Vec<BTreeMap<String, Option<Variable>>>,
    /// Whether some variable is another's name.
    refers: bool,
}

/// Why a variable was not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum VariableError {
    #[error("read-only: {0}")]
    ReadOnly(String),
    #[error("out of memory")]
    TooMuch,
}

/// Whether `name` can name a variable.
pub(super) fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_ascii_alphabetic())
        && chars.all(|c| c == '_' || c.is_ascii_alphanumeric())
}

/// The reference to a place; the first has the array's own name.
pub(super) fn reference(name: &str, place: i32) -> String {
    // Places are numbers without sign, as mksh counts them.
    if place == 0 { name.to_owned() } else { format!("{name}[{}]", place.cast_unsigned()) }
}

/// Name and place of a reference.
fn split(reference: &str) -> (&str, u32) {
    let place = reference.strip_suffix(']').and_then(|rest| rest.split_once('['));
    place.map_or((reference, 0), |(name, place)| (name, place.parse().unwrap_or(0)))
}

impl Variables {
    /// What a reference leads to: itself, unless its variable is another's name.
    pub fn target<'a>(&self, reference: &'a str) -> Cow<'a, str> {
        let mut found = Cow::Borrowed(reference);
        if !self.refers {
            return found;
        }
        for _ in 0..MAX_REFERENCES {
            let name = split(&found).0;
            let Some(to) = self.all.get(name).and_then(|variable| variable.stands_for.as_deref()) else { break };
            let place = &found[name.len()..];
            found = Cow::Owned(format!("{to}{}", if to.ends_with(']') { "" } else { place }));
        }
        found
    }

    /// Makes a variable another's name.
    pub fn refer(&mut self, name: &str, target: &str) {
        self.refers = true;
        self.all.insert(name.to_owned(), Variable { stands_for: Some(target.to_owned()), ..Variable::default() });
    }

    /// Makes a variable that was another's name one of its own, whose value that name is.
    pub fn make_plain(&mut self, name: &str) {
        if let Some(variable) = self.all.get_mut(name) {
            variable.value = variable.stands_for.take().or(variable.value.take());
        }
    }

    /// A variable with all that belongs to it.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        let name = &*self.target(name);
        self.all.get(name)
    }

    /// Whoever asks for a place by its number makes the variable an array, as in mksh.
    pub fn ask_place(&mut self, reference: &str) {
        let reference = &*self.target(reference);
        let (name, _) = split(reference);
        if name.len() < reference.len() {
            self.all.entry(name.to_owned()).or_default().array = true;
        }
    }

    pub fn get(&self, reference: &str) -> Option<&str> {
        let reference = &*self.target(reference);
        let (name, place) = split(reference);
        self.all.get(name)?.get(place)
    }

    /// Values of all places that hold something.
    pub fn values(&self, name: &str) -> Vec<String> {
        let name = &*self.target(name);
        self.all.get(name).map_or_else(Vec::new, |it| it.elements().map(|(_, value)| value.to_owned()).collect())
    }

    /// The places that hold something.
    pub fn places(&self, name: &str) -> Vec<u32> {
        let name = &*self.target(name);
        self.all.get(name).map_or_else(Vec::new, |it| it.elements().map(|(place, _)| place).collect())
    }

    fn writable(&mut self, name: &str) -> Result<&mut Variable, VariableError> {
        let variable = self.all.entry(name.to_owned()).or_default();
        if variable.read_only { Err(VariableError::ReadOnly(name.to_owned())) } else { Ok(variable) }
    }

    pub fn set(&mut self, reference: &str, value: impl Into<String>) -> Result<(), VariableError> {
        let reference = &*self.target(reference);
        let (name, place) = split(reference);
        self.writable(name)?.put(place, value.into())
    }

    /// Sets a number, in the form its variable gives numbers.
    pub fn set_number(&mut self, reference: &str, value: i32) -> Result<(), VariableError> {
        let reference = &*self.target(reference);
        let (name, place) = split(reference);
        let variable = self.writable(name)?;
        let text = variable.attributes.number(value);
        variable.put(place, text)
    }

    /// Fills an array from its first place on; `all` takes away what is there already.
    pub fn set_array(&mut self, name: &str, values: Vec<String>, all: bool) -> Result<(), VariableError> {
        let name = &*self.target(name);
        let variable = self.writable(name)?;
        variable.array = true;
        if all {
            variable.value = None;
            variable.more.clear();
            variable.bytes = 0;
        }
        for (place, value) in (0_u32..).zip(values) {
            variable.put(place, value)?;
        }
        Ok(())
    }

    /// Adds values behind the last place that holds something.
    pub fn add_to_array(&mut self, name: &str, values: Vec<String>) -> Result<(), VariableError> {
        let name = &*self.target(name);
        let variable = self.writable(name)?;
        variable.array = true;
        let next = variable.elements().last().map_or(0, |(place, _)| place.wrapping_add(1));
        for (at, value) in (0_u32..).zip(values) {
            variable.put(next.wrapping_add(at), value)?;
        }
        Ok(())
    }

    pub fn unset(&mut self, reference: &str) -> Result<(), VariableError> {
        let reference = &*self.target(reference);
        let (name, place) = split(reference);
        let Some(variable) = self.all.get_mut(name) else { return Ok(()) };
        if variable.read_only {
            return Err(VariableError::ReadOnly(name.to_owned()));
        }
        if reference.len() == name.len() {
            self.all.remove(name);
        } else if let Some(value) = variable.more.remove(&place) {
            variable.bytes -= value.len();
        }
        Ok(())
    }

    /// Takes the first place of an array away; the others stay.
    pub fn unset_first(&mut self, name: &str) -> Result<(), VariableError> {
        let name = &*self.target(name);
        let Some(variable) = self.all.get_mut(name) else { return Ok(()) };
        if variable.read_only {
            return Err(VariableError::ReadOnly(name.to_owned()));
        }
        variable.value = None;
        Ok(())
    }

    /// Says that a variable is an array, though it may only have a first place.
    pub fn make_array(&mut self, name: &str) {
        let name = &*self.target(name);
        self.all.entry(name.to_owned()).or_default().array = true;
    }

    pub fn export(&mut self, reference: &str) {
        let reference = &*self.target(reference);
        self.all.entry(split(reference).0.to_owned()).or_default().exported = true;
    }

    pub fn make_read_only(&mut self, reference: &str) {
        let reference = &*self.target(reference);
        self.all.entry(split(reference).0.to_owned()).or_default().read_only = true;
    }

    pub fn attributes(&self, reference: &str) -> Attributes {
        let reference = &*self.target(reference);
        self.all.get(split(reference).0).map_or_else(Attributes::default, |variable| variable.attributes)
    }

    /// Attributes, to be changed; whether it is exported beside.
    pub fn describe(&mut self, reference: &str) -> (&mut Attributes, &mut bool) {
        let reference = &*self.target(reference);
        let variable = self.all.entry(split(reference).0.to_owned()).or_default();
        (&mut variable.attributes, &mut variable.exported)
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
    pub fn hide(&mut self, reference: &str) -> bool {
        let name = split(reference).0;
        let Some(hidden) = self.hidden.last_mut() else { return false };
        if !hidden.contains_key(name) {
            hidden.insert(name.to_owned(), self.all.remove(name));
        }
        true
    }

    /// Sets variables for one command and gives what they were.
    pub fn lend(&mut self, reference: &str) -> (String, Option<Variable>) {
        let name = split(reference).0;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_keeps_its_places() {
        let mut variables = Variables::default();
        variables.set("a[3]", "d").unwrap();
        variables.set("a", "first").unwrap();
        assert_eq!(
            (variables.get("a"), variables.get("a[3]"), variables.get("a[1]")),
            (Some("first"), Some("d"), None)
        );
        variables.add_to_array("a", vec!["e".into()]).unwrap();
        assert_eq!(variables.places("a"), [0, 3, 4]);
        variables.unset("a[3]").unwrap();
        variables.unset_first("a").unwrap();
        assert_eq!(variables.values("a"), ["e"]);
        variables.unset("a").unwrap();
        assert!(variables.variable("a").is_none());
        assert_eq!(reference("a", -1), "a[4294967295]");
    }

    #[test]
    fn a_name_may_stand_for_another() {
        let mut variables = Variables::default();
        variables.refer("r", "x");
        variables.set("r", "1").unwrap();
        variables.set("r[2]", "2").unwrap();
        assert_eq!((variables.get("x"), variables.get("x[2]"), &*variables.target("r")), (Some("1"), Some("2"), "x"));
        variables.make_plain("r");
        assert_eq!((variables.get("r"), variables.get("x")), (Some("x"), Some("1")));
        variables.refer("a", "b");
        variables.refer("b", "a");
        assert_eq!(variables.get("a"), None, "a circle leads nowhere");
    }

    #[test]
    fn an_array_has_bounds() {
        let mut variables = Variables::default();
        let many = vec![String::new(); MAX_ELEMENTS + 2];
        assert_eq!(variables.set_array("a", many, true), Err(VariableError::TooMuch));
        assert_eq!(variables.set("b[1]", "x".repeat(MAX_ARRAY + 1)), Err(VariableError::TooMuch));
        variables.make_read_only("c");
        assert_eq!(variables.set("c[1]", "x"), Err(VariableError::ReadOnly("c".into())));
    }
}

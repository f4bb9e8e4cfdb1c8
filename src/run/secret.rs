//! Secrets of a run: the test account. They are typed on the device and never written down.

use std::collections::BTreeMap;
use std::fmt;

/// Named secrets. `Debug` shows names only.
#[derive(Clone, Default)]
pub struct Secrets {
    values: BTreeMap<String, String>,
}

/// What stands in the record in a secret's place.
const MASK: &str = "••••";

impl Secrets {
    /// Adds or replaces one. An empty value is no secret and is left out.
    pub fn insert(&mut self, name: &str, value: String) {
        if !value.is_empty() {
            self.values.insert(name.to_owned(), value);
        }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Replaces `${name}` by its value; an unknown name is an error that names it.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else { break };
            out.push_str(before);
            out.push_str(self.get(name).ok_or_else(|| name.to_owned())?);
            rest = tail;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// The text with every secret of at least three characters masked.
    pub fn mask(&self, text: &str) -> String {
        self.values
            .values()
            .filter(|value| value.chars().count() >= 3)
            .fold(text.to_owned(), |text, value| text.replace(value.as_str(), MASK))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.insert("password", "s3cret!".into());
        secrets.insert("user", "tester@example.org".into());
        secrets
    }

    #[test]
    fn names_are_filled_and_unknown_ones_are_named() {
        assert_eq!(account().fill("${user}/${password}").unwrap(), "tester@example.org/s3cret!");
        assert_eq!(account().fill("no names, $5 {x}").unwrap(), "no names, $5 {x}");
        assert_eq!(account().fill("${pin}").unwrap_err(), "pin");
    }

    #[test]
    fn secrets_do_not_show() {
        assert_eq!(account().mask("pw s3cret!."), "pw ••••.");
        assert!(!format!("{:?}", account()).contains("s3cret"));
    }
}

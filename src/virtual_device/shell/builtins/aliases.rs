//! `alias`, `unalias`, `functions`.

use super::super::alias::BUILT_IN;
use super::super::flow::Outcome;
use super::super::state::Shell;

impl Shell {
    /// What an alias stands for.
    pub(super) fn alias_of(&self, name: &str) -> Option<String> {
        let built_in = || BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        self.aliases.get(name).cloned().or_else(built_in)
    }

    /// `alias [-t] [name[=value]…]`
    pub(super) async fn alias(&mut self, rest: &[String]) -> Outcome {
        // Tracked aliases: nothing is tracked here.
        if rest.first().is_some_and(|word| word == "-t" || word == "-d") {
            return Ok(0);
        }
        let words: Vec<&String> = rest.iter().filter(|word| !word.starts_with('-') || word.contains('=')).collect();
        let mut text = String::new();
        let mut status = 0;
        if words.is_empty() {
            let mut all = self.aliases.clone();
            for (name, value) in BUILT_IN {
                all.entry((*name).to_owned()).or_insert_with(|| (*value).to_owned());
            }
            text = all.iter().map(|(name, value)| format!("{name}={}\n", super::quoted(value))).collect();
        }
        for word in words {
            if let Some((name, value)) = word.split_once('=').filter(|(name, _)| !name.is_empty()) {
                self.aliases.insert(name.to_owned(), value.to_owned());
            } else if let Some(value) = self.alias_of(word) {
                text += &format!("{word}={}\n", super::quoted(&value));
            } else {
                text += &format!("{word} alias not found\n");
                status = 1;
            }
        }
        self.write(1, text).await.map(|_| status)
    }

    /// `unalias [-a] name…`
    pub(super) fn unalias(&mut self, rest: &[String]) -> Outcome {
        let mut status = 0;
        for word in rest {
            match word.as_str() {
                "-a" => self.aliases.clear(),
                name if self.aliases.remove(name).is_none() => status = 1,
                _ => {}
            }
        }
        Ok(status)
    }

    /// `functions [name…]`. MODEL: which functions there are; their text is not kept.
    pub(super) fn list_functions(&mut self, rest: &[String]) -> Outcome {
        let names = rest.iter().filter(|word| !word.starts_with(['-', '+']));
        Ok(i32::from(names.into_iter().any(|name| !self.functions.contains_key(name))))
    }
}

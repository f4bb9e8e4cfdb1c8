//! `export`, `readonly`, `unset`, `let`.

use super::super::flow::{Flow, Outcome};
use super::super::state::Shell;
use super::super::variables::{VariableError, is_name, reference};

impl Shell {
    pub(super) async fn export(&mut self, rest: &[String], read_only: bool) -> Outcome {
        let names: Vec<&String> = rest.iter().filter(|word| !word.starts_with('-')).collect();
        if names.is_empty() {
            return self.list_declared(read_only).await;
        }
        for word in names {
            let (reference, value) = self.declared(word).await?;
            if let Some(value) = value {
                self.assign(&reference, value).await?;
            }
            if read_only {
                self.variables.make_read_only(&reference);
            } else {
                self.variables.export(&reference);
            }
        }
        Ok(0)
    }

    async fn list_declared(&mut self, read_only: bool) -> Outcome {
        let command = if read_only { "readonly" } else { "export" };
        let mut text = String::new();
        for (name, variable) in self.variables.iter() {
            if if read_only { variable.read_only } else { variable.exported } {
                let value = variable.value.as_ref().map(|value| format!("={}", super::quoted(value)));
                text += &format!("{command} {name}{}\n", value.unwrap_or_default());
            }
        }
        self.write(1, text).await.map(|_| 0)
    }

    /// The reference and the value of `name`, `name=value` or `name[place]=value`.
    pub(super) async fn declared(&mut self, word: &str) -> Result<(String, Option<String>), Flow> {
        let (name, value) = match word.split_once('=') {
            // A sign of equality may stand between the brackets.
            Some((name, _)) if name.contains('[') && !name.contains(']') => match word.split_once("]=") {
                Some((name, value)) => (format!("{name}]"), Some(value)),
                None => (word.to_owned(), None),
            },
            Some((name, value)) => (name.to_owned(), Some(value)),
            None => (word.to_owned(), None),
        };
        match self.reference(&name).await? {
            Some(reference) => Ok((reference, value.map(str::to_owned))),
            None => Err(self.die(&format!("{name}: is not an identifier")).await),
        }
    }

    /// The reference of `name` or `name[expression]`; `None` when it is no such thing.
    pub(in super::super) async fn reference(&mut self, word: &str) -> Result<Option<String>, Flow> {
        let place = word.strip_suffix(']').and_then(|rest| rest.split_once('['));
        let (name, place) = place.map_or((word, None), |(name, place)| (name, Some(place)));
        if !is_name(name) {
            return Ok(None);
        }
        let place = match place {
            Some(place) => self.compute(place).await?,
            None => 0,
        };
        Ok(Some(reference(name, place)))
    }

    pub(super) async fn unset(&mut self, rest: &[String]) -> Outcome {
        let functions = rest.first().is_some_and(|word| word == "-f");
        let mut status = 0;
        for name in rest.iter().filter(|word| !word.starts_with('-')) {
            if functions {
                self.functions.remove(name);
            } else if let Err(error) = self.unset_one(name).await? {
                self.complain(&error.to_string()).await;
                status = 1;
            }
        }
        Ok(status)
    }

    async fn unset_one(&mut self, word: &str) -> Result<Result<(), VariableError>, Flow> {
        if let Some(name) = word.strip_suffix("[*]") {
            return Ok(self.variables.unset(name));
        }
        let Some(reference) = self.reference(word).await? else {
            return Ok(Err(VariableError::ReadOnly(String::new())));
        };
        let first_of_array = word.ends_with(']') && !reference.ends_with(']');
        Ok(if first_of_array { self.variables.unset_first(&reference) } else { self.variables.unset(&reference) })
    }

    pub(super) async fn let_(&mut self, rest: &[String]) -> Outcome {
        let mut last = 0;
        for expression in rest {
            last = self.compute(expression).await?;
        }
        Ok(i32::from(last == 0))
    }
}

//! `export`, `readonly`, `local`, `typeset`, `unset`, `let`.

use super::super::flow::Outcome;
use super::super::state::Shell;
use super::super::variables::is_name;

impl Shell {
    pub(super) async fn export(&mut self, rest: &[String], read_only: bool) -> Outcome {
        let names: Vec<&String> = rest.iter().filter(|word| !word.starts_with('-')).collect();
        if names.is_empty() {
            return self.list_declared(read_only).await;
        }
        for word in names {
            let (name, value) = split(word);
            if !is_name(name) {
                return Err(self.die(&format!("{name}: is not an identifier")).await);
            }
            if let Some(value) = value {
                self.assign(name, value.to_owned()).await?;
            }
            if read_only {
                self.variables.make_read_only(name);
            } else {
                self.variables.export(name);
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

    pub(super) async fn local(&mut self, rest: &[String]) -> Outcome {
        let mut flags = String::new();
        for word in rest {
            if let Some(letters) = word.strip_prefix('-') {
                flags += letters;
                continue;
            }
            let (name, value) = split(word);
            if !is_name(name) {
                return Err(self.die(&format!("{name}: is not an identifier")).await);
            }
            self.variables.hide(name);
            if let Some(value) = value {
                self.assign(name, value.to_owned()).await?;
            }
            if flags.contains('x') {
                self.variables.export(name);
            }
            if flags.contains('r') {
                self.variables.make_read_only(name);
            }
        }
        Ok(0)
    }

    pub(super) async fn unset(&mut self, rest: &[String]) -> Outcome {
        let functions = rest.first().is_some_and(|word| word == "-f");
        for name in rest.iter().filter(|word| !word.starts_with('-')) {
            if functions {
                self.functions.remove(name);
            } else if self.variables.unset(name).is_err() {
                return Err(self.die(&format!("read-only: {name}")).await);
            }
        }
        Ok(0)
    }

    pub(super) async fn let_(&mut self, rest: &[String]) -> Outcome {
        let mut last = 0;
        for expression in rest {
            last = self.compute(expression).await?;
        }
        Ok(i32::from(last == 0))
    }
}

fn split(word: &str) -> (&str, Option<&str>) {
    word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)))
}

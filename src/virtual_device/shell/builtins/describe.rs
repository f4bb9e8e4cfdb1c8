//! `type`, `whence`, `command -v`.

use super::super::flow::Outcome;
use super::super::launch::Found;
use super::super::state::Shell;

const RESERVED: &[&str] = &[
    "if", "then", "else", "elif", "fi", "case", "esac", "for", "while", "until", "do", "done", "in", "{", "}", "!",
    "[[", "function", "select", "time",
];

impl Shell {
    /// Says what each name is: in words, or only how to call it.
    pub(super) async fn describe_all(&mut self, names: &[String], brief: bool) -> Outcome {
        let mut status = 0;
        for name in names.iter().filter(|name| *name != "-p" && *name != "-v") {
            let line = match self.describe(name, brief) {
                Some(line) => line,
                None => {
                    status = 1;
                    if brief {
                        continue;
                    }
                    format!("{name} not found")
                }
            };
            self.write(1, line + "\n").await?;
        }
        Ok(status)
    }

    fn describe(&self, name: &str, brief: bool) -> Option<String> {
        let is = |what: &str| Some(if brief { name.to_owned() } else { format!("{name} is {what}") });
        if RESERVED.contains(&name) {
            return is("a reserved word");
        }
        if let Some(value) = self.alias_of(name) {
            let value = super::quoted(&value);
            return Some(match brief {
                true => format!("alias {name}={value}"),
                false => format!("{name} is an alias for {value}"),
            });
        }
        if super::is_special(name) {
            return is("a special shell builtin");
        }
        if self.functions.contains_key(name) {
            return is("a function");
        }
        if super::is_builtin(name) {
            return is("a shell builtin");
        }
        let at = match self.lookup(name) {
            Found::Program(_, at) | Found::Script(at) => at,
            Found::Nothing(..) => return None,
        };
        Some(match brief {
            true => at,
            false if name.contains('/') => format!("{name} is {at}"),
            false => format!("{name} is a tracked alias for {at}"),
        })
    }
}

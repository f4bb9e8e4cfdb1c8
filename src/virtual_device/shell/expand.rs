//! Expansion of words.

use std::future::Future;
use std::pin::Pin;

use super::fields::{self, Unit};
use super::flow::Flow;
use super::pattern::{Mark, Pattern, is_pattern};
use super::state::Shell;
use super::word::{Part, Place};
use super::{arithmetic, glob, scanner};
use crate::virtual_device::kernel_files;

/// Most characters one word may expand to.
const MAX_EXPANDED: usize = 1 << 20;

type Expanding<'a> = Pin<Box<dyn Future<Output = Result<(), Flow>> + Send + 'a>>;

impl Shell {
    /// A word of a command line as arguments: expanded, split, globbed.
    pub async fn arguments(&mut self, raw: &str) -> Result<Vec<String>, Flow> {
        if is_plain(raw) {
            return Ok(vec![raw.to_owned()]);
        }
        let mut arguments = Vec::new();
        let units = self.units(raw).await?;
        let ifs = self.separators();
        for field in fields::split(&units, &ifs) {
            if self.options.no_braces {
                self.glob_into(&field, &mut arguments);
                continue;
            }
            for word in super::brace::expand(field) {
                self.glob_into(&word, &mut arguments);
            }
        }
        Ok(arguments)
    }

    fn glob_into(&self, field: &[Mark], arguments: &mut Vec<String>) {
        if !self.options.noglob && is_pattern(field) {
            kernel_files::refresh(&self.machine, &[fields::text(field)], self.process.pid);
            let found = glob::expand(&self.machine.files(), self.actor(), &self.cwd, field);
            if !found.is_empty() {
                arguments.extend(found);
                return;
            }
        }
        arguments.push(fields::text(field));
    }

    /// A word as one text: neither split nor globbed.
    pub async fn text(&mut self, raw: &str) -> Result<String, Flow> {
        if is_plain(raw) {
            return Ok(raw.to_owned());
        }
        Ok(fields::text(&self.marked(raw).await?))
    }

    /// A word as a pattern.
    pub async fn pattern(&mut self, raw: &str) -> Result<Pattern, Flow> {
        Ok(Pattern::new(&self.marked(raw).await?))
    }

    async fn marked(&mut self, raw: &str) -> Result<Vec<Mark>, Flow> {
        let units = self.units(raw).await?;
        Ok(fields::joined(&units, &self.separators()))
    }

    /// A here-document's body, expanded.
    pub async fn document(&mut self, raw: &str) -> Result<String, Flow> {
        let Some(parts) = scanner::body(raw) else { return Err(self.die("bad substitution").await) };
        self.parts_text(&parts).await
    }

    /// The value of an arithmetic expression in its raw form.
    pub async fn arithmetic(&mut self, raw: &str) -> Result<i32, Flow> {
        let text = self.document(raw).await?;
        self.compute(&text).await
    }

    /// The value of an expanded arithmetic expression.
    pub async fn compute(&mut self, text: &str) -> Result<i32, Flow> {
        match arithmetic::evaluate(text, &mut self.variables) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.die(&error.to_string()).await),
        }
    }

    /// The value of an assignment: a tilde behind a colon stands for a home as well.
    pub async fn assigned_text(&mut self, raw: &str) -> Result<String, Flow> {
        if !raw.contains(":~") {
            return self.text(raw).await;
        }
        let mut text = String::new();
        for (at, part) in scanner::at_colons(raw).into_iter().enumerate() {
            if at > 0 {
                text.push(':');
            }
            text += &self.text(part).await?;
        }
        Ok(text)
    }

    async fn units(&mut self, raw: &str) -> Result<Vec<Unit>, Flow> {
        let Some(parts) = scanner::word(raw) else {
            return Err(self.die(&format!("{raw}: bad substitution")).await);
        };
        let mut units = Vec::new();
        self.expand(&parts, false, &mut units).await?;
        Ok(units)
    }

    /// Parts as one text.
    pub async fn parts_text(&mut self, parts: &[Part]) -> Result<String, Flow> {
        Ok(fields::text(&self.parts_marked(parts).await?))
    }

    /// Parts as one pattern's text.
    pub async fn parts_marked(&mut self, parts: &[Part]) -> Result<Vec<Mark>, Flow> {
        let mut units = Vec::new();
        self.expand(parts, false, &mut units).await?;
        Ok(fields::joined(&units, &self.separators()))
    }

    /// Expands parts to units. `quoted` says whether double quotes are around them.
    pub fn expand<'a>(&'a mut self, parts: &'a [Part], quoted: bool, into: &'a mut Vec<Unit>) -> Expanding<'a> {
        Box::pin(async move {
            for part in parts {
                self.expand_part(part, quoted, into).await?;
                if into.len() > MAX_EXPANDED {
                    return Err(self.die("out of memory").await);
                }
            }
            Ok(())
        })
    }

    async fn expand_part(&mut self, part: &Part, quoted: bool, into: &mut Vec<Unit>) -> Result<(), Flow> {
        match part {
            Part::Text(text) => fields::push(into, text, quoted, false),
            Part::Quoted(text) => {
                into.push(Unit::Empty);
                fields::push(into, text, true, false);
            }
            Part::Double(parts) => {
                if !is_all_parameters(parts) {
                    into.push(Unit::Empty);
                }
                self.expand(parts, true, into).await?;
            }
            Part::Tilde(name) => {
                let home = self.home(name);
                fields::push(into, &home, true, false);
            }
            Part::Parameter(parameter) => self.parameter(parameter, quoted, into).await?,
            Part::Command(text) => {
                let output = Box::pin(self.substitute(text)).await?;
                fields::push(into, &output, quoted, true);
            }
            Part::Arithmetic(parts) => {
                let text = self.parts_text(parts).await?;
                let value = self.compute(&text).await?;
                fields::push(into, &value.to_string(), quoted, true);
            }
        }
        Ok(())
    }

    fn home(&self, name: &str) -> String {
        match name {
            "" => self.variables.get("HOME").unwrap_or("/").to_owned(),
            "+" => self.cwd.clone(),
            "-" => self.variables.get("OLDPWD").unwrap_or("~-").to_owned(),
            other => format!("~{other}"),
        }
    }

    /// IFS, or its usual value.
    pub fn separators(&self) -> String {
        self.variables.get("IFS").unwrap_or(" \t\n").to_owned()
    }
}

/// `"$@"` alone makes no empty field when there are no arguments.
fn is_all_parameters(parts: &[Part]) -> bool {
    let [Part::Parameter(parameter)] = parts else { return false };
    parameter.name == "@" || parameter.place == Some(Place::All('@'))
}

/// Whether a raw word expands to itself.
fn is_plain(raw: &str) -> bool {
    !raw.is_empty()
        && raw.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:,=%@+".contains(&b) || b >= 0x80)
        && !raw.contains('(')
}

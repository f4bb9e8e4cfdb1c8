//! `$name` and `${…}`.

use super::fields::{self, Unit};
use super::flow::Flow;
use super::pattern::Pattern;
use super::state::Shell;
use super::word::{Operation, Parameter, Part};

impl Shell {
    /// Expands one parameter.
    pub async fn parameter(&mut self, parameter: &Parameter, quoted: bool, into: &mut Vec<Unit>) -> Result<(), Flow> {
        let name = &parameter.name;
        if matches!(parameter.operation, Operation::Bad) {
            return Err(self.die(&format!("${{{name}: bad substitution")).await);
        }
        if let Operation::Test { kind, null_too, word } = &parameter.operation {
            return self.test(name, (*kind, *null_too), word, quoted, into).await;
        }
        if (name == "@" || name == "*") && !matches!(parameter.operation, Operation::Length) {
            return self.all_positional(parameter, quoted, into).await;
        }
        let value = self.value(name);
        if value.is_none() && self.options.nounset && !matches!(name.as_str(), "@" | "*" | "!") {
            return Err(self.die(&format!("{name}: parameter not set")).await);
        }
        let value = self.operate(&value.unwrap_or_default(), name, &parameter.operation).await?;
        fields::push(into, &value, quoted, true);
        Ok(())
    }

    /// The value of a parameter; `None` when it is not set.
    pub fn value(&mut self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "#" => Some(self.positional.len().to_string()),
            "$" => Some(self.main_pid.to_string()),
            "!" => self.jobs.last.map(|pid| pid.to_string()),
            "-" => Some(self.option_letters()),
            "0" => Some(self.name.clone()),
            "@" | "*" => (!self.positional.is_empty()).then(|| self.positional.join(&self.joint())),
            "RANDOM" if self.variables.get(name).is_some() => Some(self.next_random().to_string()),
            "EPOCHREALTIME" if self.variables.get(name).is_some() => Some(self.epoch()),
            "SECONDS" if self.variables.get(name).is_some() => Some(self.machine.clock.elapsed().as_secs().to_string()),
            "PPID" => Some(self.parent_pid().to_string()),
            "PWD" => Some(self.cwd.clone()),
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => {
                let number: usize = digits.parse().ok()?;
                self.positional.get(number.checked_sub(1)?).cloned()
            }
            name => self.variables.get(name).map(str::to_owned),
        }
    }

    /// Seconds since 1970 with six decimals.
    fn epoch(&self) -> String {
        let now = self.machine.wall();
        format!("{}.{:06}", now.div_euclid(1000), now.rem_euclid(1000) * 1000)
    }

    fn parent_pid(&self) -> u32 {
        let processes = self.machine.processes();
        processes.get(self.main_pid).map_or(1, |process| process.parent)
    }

    /// What `$*` puts between arguments.
    fn joint(&self) -> String {
        self.separators().chars().take(1).collect()
    }

    async fn all_positional(&mut self, parameter: &Parameter, quoted: bool, into: &mut Vec<Unit>) -> Result<(), Flow> {
        let mut values = Vec::new();
        if let Operation::Slice { offset, length } = &parameter.operation {
            values = self.positional_slice(offset, length.as_deref()).await?;
        } else {
            for value in self.positional.clone() {
                values.push(self.operate(&value, &parameter.name, &parameter.operation).await?);
            }
        }
        if quoted && parameter.name == "*" {
            fields::push(into, &values.join(&self.joint()), true, false);
            return Ok(());
        }
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                into.push(Unit::Border);
            }
            if quoted {
                into.push(Unit::Empty);
            }
            fields::push(into, value, quoted, true);
        }
        Ok(())
    }

    async fn positional_slice(&mut self, offset: &[Part], length: Option<&[Part]>) -> Result<Vec<String>, Flow> {
        let mut all = vec![self.name.clone()];
        all.extend(self.positional.iter().cloned());
        let (from, to) = self.range(all.len(), offset, length).await?;
        Ok(all[from..to].to_vec())
    }

    async fn test(
        &mut self,
        name: &str,
        (kind, null_too): (char, bool),
        word: &[Part],
        quoted: bool,
        into: &mut Vec<Unit>,
    ) -> Result<(), Flow> {
        let value = self.value(name);
        let there = value.as_ref().is_some_and(|value| !null_too || !value.is_empty());
        match (kind, there) {
            ('+', false) => Ok(()),
            ('+', true) | ('-', false) => {
                let start = into.len();
                self.expand(word, quoted, into).await?;
                // The word's own text is split as a value would be.
                for unit in &mut into[start..] {
                    if let Unit::Char { quoted: false, split, .. } = unit {
                        *split = true;
                    }
                }
                Ok(())
            }
            (_, true) if name == "@" || name == "*" => {
                let plain = Parameter { name: name.into(), operation: Operation::Value };
                self.all_positional(&plain, quoted, into).await
            }
            (_, true) => {
                fields::push(into, &value.unwrap_or_default(), quoted, true);
                Ok(())
            }
            ('=', false) => {
                let value = self.parts_text(word).await?;
                if !super::variables::is_name(name) {
                    return Err(self.die(&format!("{name}: cannot assign in this way")).await);
                }
                self.assign(name, value.clone()).await?;
                fields::push(into, &value, quoted, true);
                Ok(())
            }
            _ => {
                let message = self.parts_text(word).await?;
                let message = if message.is_empty() { "parameter null or not set".into() } else { message };
                Err(self.die(&format!("{name}: {message}")).await)
            }
        }
    }

    async fn operate(&mut self, value: &str, name: &str, operation: &Operation) -> Result<String, Flow> {
        match operation {
            Operation::Length if name == "@" || name == "*" => Ok(self.positional.len().to_string()),
            Operation::Length => Ok(value.chars().count().to_string()),
            Operation::Trim { suffix, longest, pattern } => {
                let pattern = Pattern::new(&self.parts_marked(pattern).await?);
                Ok(trim(value, &pattern, *suffix, *longest))
            }
            Operation::Replace { all, anchor, pattern, with } => {
                let pattern = Pattern::new(&self.parts_marked(pattern).await?);
                let with = self.parts_text(with).await?;
                Ok(replace(value, &pattern, &with, *all, *anchor))
            }
            Operation::Slice { offset, length } => {
                let chars: Vec<char> = value.chars().collect();
                let (from, to) = self.range(chars.len(), offset, length.as_deref()).await?;
                Ok(chars[from..to].iter().collect())
            }
            _ => Ok(value.to_owned()),
        }
    }

    async fn range(&mut self, size: usize, offset: &[Part], length: Option<&[Part]>) -> Result<(usize, usize), Flow> {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let text = self.parts_text(offset).await?;
        let offset = i64::from(self.compute(&text).await?);
        let from = if offset < 0 { (size + offset).max(0) } else { offset.min(size) };
        let to = match length {
            None => size,
            Some(length) => {
                let text = self.parts_text(length).await?;
                (from + i64::from(self.compute(&text).await?)).clamp(from, size)
            }
        };
        let index = |number: i64| usize::try_from(number).unwrap_or(0);
        Ok((index(from), index(to)))
    }
}

fn trim(value: &str, pattern: &Pattern, suffix: bool, longest: bool) -> String {
    let chars: Vec<char> = value.chars().collect();
    let kept = if suffix {
        &chars[..pattern.suffix(&chars, longest).unwrap_or(chars.len())]
    } else {
        &chars[pattern.prefix(&chars, longest).unwrap_or(0)..]
    };
    kept.iter().collect()
}

fn replace(value: &str, pattern: &Pattern, with: &str, all: bool, anchor: Option<char>) -> String {
    let chars: Vec<char> = value.chars().collect();
    if anchor == Some('%') {
        let Some(start) = pattern.suffix(&chars, true) else { return value.to_owned() };
        return chars[..start].iter().copied().chain(with.chars()).collect();
    }
    let mut result = String::new();
    let mut at = 0;
    while at < chars.len() {
        match pattern.prefix(&chars[at..], true).filter(|length| *length > 0) {
            Some(length) => {
                result.push_str(with);
                at += length;
                if !all {
                    break;
                }
            }
            None if anchor == Some('#') => break,
            None => {
                result.push(chars[at]);
                at += 1;
            }
        }
    }
    result.extend(&chars[at..]);
    result
}

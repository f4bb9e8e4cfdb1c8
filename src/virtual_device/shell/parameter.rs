//! `$name` and `${…}`.

use super::fields::{self, Unit};
use super::flow::Flow;
use super::pattern::Pattern;
use super::state::Shell;
use super::variables;
use super::word::{Operation, Parameter, Part, Place};

/// Values that are taken together.
struct Group {
    /// The array; `None` for the arguments.
    name: Option<String>,
    /// `@` or `*`
    sign: char,
}

impl Shell {
    /// Expands one parameter.
    pub async fn parameter(&mut self, parameter: &Parameter, quoted: bool, into: &mut Vec<Unit>) -> Result<(), Flow> {
        let Some(group) = self.group(parameter) else { return self.single(parameter, quoted, into).await };
        let name = &parameter.name;
        match &parameter.operation {
            Operation::Length => {
                let count = self.values_of(&group).len().to_string();
                fields::push(into, &count, quoted, true);
                Ok(())
            }
            Operation::Value => {
                let values = match parameter.is_asked_for_its_name {
                    true => self.variables.places(name).iter().map(u32::to_string).collect(),
                    false => self.values_of(&group),
                };
                if values.is_empty() && self.options.nounset && group.name.is_some() {
                    return Err(self.die(&format!("{name}[{}]: parameter not set", group.sign)).await);
                }
                self.all_values(&values, group.sign, quoted, into);
                Ok(())
            }
            Operation::Test { kind: kind @ ('-' | '+'), null_too, word } => {
                let values = self.values_of(&group);
                let there = values.iter().any(|value| !null_too || !value.is_empty());
                match (kind, there) {
                    ('-', true) => {
                        self.all_values(&values, group.sign, quoted, into);
                        Ok(())
                    }
                    ('-', false) | ('+', true) => self.in_place_of_it(word, quoted, into).await,
                    _ => Ok(()),
                }
            }
            // mksh trims, replaces, cuts and sets no more than one value.
            _ => Err(self.die(&format!("${{{name}: bad substitution")).await),
        }
    }

    /// The group of values a parameter stands for: all arguments, all places of an array.
    fn group(&self, parameter: &Parameter) -> Option<Group> {
        match (parameter.name.as_str(), &parameter.place) {
            ("@", _) => Some(Group { name: None, sign: '@' }),
            ("*", _) => Some(Group { name: None, sign: '*' }),
            (name, Some(Place::All(sign))) => Some(Group { name: Some(name.to_owned()), sign: *sign }),
            _ => None,
        }
    }

    fn values_of(&self, group: &Group) -> Vec<String> {
        match group.name.as_deref() {
            None => self.positional.clone(),
            Some("PIPESTATUS") => self.statuses.iter().map(i32::to_string).collect(),
            Some(name) => self.variables.values(name),
        }
    }

    /// A parameter with one value.
    async fn single(&mut self, parameter: &Parameter, quoted: bool, into: &mut Vec<Unit>) -> Result<(), Flow> {
        let name = match &parameter.place {
            Some(Place::At(place)) => {
                let text = self.parts_text(place).await?;
                let place = self.compute(&text).await?;
                if parameter.name == "PIPESTATUS" {
                    let at = usize::try_from(place).unwrap_or(usize::MAX);
                    let value = self.statuses.get(at).map(i32::to_string).unwrap_or_default();
                    fields::push(into, &value, quoted, true);
                    return Ok(());
                }
                &variables::reference(&parameter.name, place)
            }
            _ => &parameter.name,
        };
        if parameter.is_asked_for_its_name {
            let target = self.variables.target(name).into_owned();
            fields::push(into, &target, quoted, true);
            return Ok(());
        }
        if matches!(parameter.operation, Operation::Bad) {
            return Err(self.die(&format!("${{{name}: bad substitution")).await);
        }
        if let Operation::Test { kind, null_too, word } = &parameter.operation {
            return self.test(name, (*kind, *null_too), word, quoted, into).await;
        }
        let value = self.value(name);
        if value.is_none() && self.options.nounset && name != "!" {
            return Err(self.die(&format!("{name}: parameter not set")).await);
        }
        let value = self.operate(&value.unwrap_or_default(), &parameter.operation).await?;
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
            // Within `-c` every command stands on line 0, as mksh counts.
            "LINENO" => Some(if self.counts_lines() { self.line.to_string() } else { "0".into() }),
            "PIPESTATUS" if self.variables.get(name).is_none() => self.statuses.first().map(i32::to_string),
            "RANDOM" if self.variables.get(name).is_some() => Some(self.next_random().to_string()),
            "EPOCHREALTIME" if self.variables.get(name).is_some() => Some(self.epoch()),
            "SECONDS" if self.variables.get(name).is_some() => Some((self.seconds() + self.seconds_shift).to_string()),
            "PPID" => Some(self.parent_pid().to_string()),
            "PWD" => Some(self.cwd.clone()),
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => {
                let number: usize = digits.parse().ok()?;
                self.positional.get(number.checked_sub(1)?).cloned()
            }
            name => {
                self.variables.ask_place(name);
                self.variables.get(name).map(str::to_owned)
            }
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

    /// Several values: one word each, or joined.
    fn all_values(&self, values: &[String], sign: char, quoted: bool, into: &mut Vec<Unit>) {
        if quoted && sign == '*' {
            fields::push(into, &values.join(&self.joint()), true, false);
            return;
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
    }

    /// The word that stands in place of a value.
    async fn in_place_of_it(&mut self, word: &[Part], quoted: bool, into: &mut Vec<Unit>) -> Result<(), Flow> {
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
            ('+', true) | ('-', false) => self.in_place_of_it(word, quoted, into).await,
            (_, true) => {
                fields::push(into, &value.unwrap_or_default(), quoted, true);
                Ok(())
            }
            ('=', false) => {
                let value = self.parts_text(word).await?;
                if !name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()) {
                    return Err(self.die(&format!("{name}: cannot assign in this way")).await);
                }
                self.assign(name, value).await?;
                let value = self.value(name).unwrap_or_default();
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

    async fn operate(&mut self, value: &str, operation: &Operation) -> Result<String, Flow> {
        match operation {
            Operation::Quote => Ok(super::builtins::quoted(value)),
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
                match i64::from(self.compute(&text).await?) {
                    // mksh takes the rest for a length below nothing.
                    length if length < 0 => size,
                    length => (from + length).min(size),
                }
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

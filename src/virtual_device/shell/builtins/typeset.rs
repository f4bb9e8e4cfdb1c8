//! `typeset`, `local`, `integer`.

use super::super::attributes::{Attributes, Case, Side};
use super::super::flow::{Flow, Outcome};
use super::super::state::Shell;
use super::super::variables::is_name;

/// What the options ask for.
#[derive(Clone, Copy, Default)]
struct Wish {
    /// Attributes to give (`-`) and to take (`+`), by letter.
    given: Letters,
    taken: Letters,
    base: Option<u32>,
    width: usize,
}

/// A set of option letters.
#[derive(Clone, Copy, Default)]
struct Letters(u64);

impl Letters {
    fn add(&mut self, letter: char) {
        self.0 |= 1 << (u32::from(letter) & 63);
    }

    fn has(self, letter: char) -> bool {
        self.0 & 1 << (u32::from(letter) & 63) != 0
    }
}

impl Shell {
    pub(super) async fn typeset(&mut self, name: &str, rest: &[String]) -> Outcome {
        let (mut wish, names) = match wish(rest) {
            Ok(read) => read,
            Err(letter) => return self.fail(&format!("{name}: -{letter}: unknown option")).await,
        };
        match name {
            "integer" => wish.given.add('i'),
            "nameref" => wish.given.add('n'),
            _ => {}
        }
        if wish.taken.has('f') && names.is_empty() {
            let names: String = self.functions.keys().map(|name| format!("{name}\n")).collect();
            return self.write(1, names).await.map(|_| 0);
        }
        if (wish.given.has('n') || wish.taken.has('n')) && !names.is_empty() {
            return self.refer(names, wish.given.has('n')).await;
        }
        if wish.given.has('p') || names.is_empty() {
            return self.list_typeset(names, wish.given.has('p')).await;
        }
        if wish.given.has('f') {
            let all = names.iter().all(|name| self.functions.contains_key(name));
            return Ok(i32::from(!all));
        }
        for word in names {
            self.typeset_one(word, wish).await?;
        }
        Ok(0)
    }

    /// `typeset -n name=other…`, `typeset +n name…`
    async fn refer(&mut self, words: &[String], make: bool) -> Outcome {
        for word in words {
            let (name, target) = word.split_once('=').map_or((word.as_str(), None), |(name, to)| (name, Some(to)));
            if !is_name(name) {
                return Err(self.die(&format!("{name}: is not an identifier")).await);
            }
            if !make {
                self.variables.make_plain(name);
                continue;
            }
            let before = self.variables.get(name).map(str::to_owned);
            let Some(target) = target.map(str::to_owned).or(before).filter(|target| !target.is_empty()) else {
                return self.fail(&format!("typeset: {name}: empty nameref target")).await;
            };
            self.variables.hide(name);
            self.variables.refer(name, &target);
        }
        Ok(0)
    }

    async fn typeset_one(&mut self, word: &str, wish: Wish) -> Result<(), Flow> {
        let (reference, value) = self.declared(word).await?;
        if !wish.given.has('g') {
            self.variables.hide(&reference);
        }
        let before = value.or_else(|| self.variables.get(&reference).map(str::to_owned));
        let (attributes, exported) = self.variables.describe(&reference);
        let kept = *attributes;
        change(attributes, wish);
        *exported = (*exported || wish.given.has('x')) && !wish.taken.has('x');
        let changed = *attributes != kept;
        if let Some(value) = before.filter(|_| changed || word.contains('=')) {
            self.assign(&reference, value).await?;
        }
        if wish.given.has('r') {
            self.variables.make_read_only(&reference);
        }
        Ok(())
    }

    async fn list_typeset(&mut self, names: &[String], with_values: bool) -> Outcome {
        let mut text = String::new();
        let all: Vec<String> = match names {
            [] => self.variables.iter().map(|(name, _)| name.clone()).collect(),
            names => names.to_vec(),
        };
        for name in &all {
            let Some(variable) = self.variables.variable(name) else { continue };
            let flags = variable.attributes.flags(variable.exported, variable.read_only);
            if !variable.is_array() {
                if variable.value.is_none() && flags.is_empty() {
                    continue;
                }
                let value = variable.value.as_ref().filter(|_| with_values);
                let value = value.map(|value| format!("={}", super::quoted(value))).unwrap_or_default();
                text += &format!("typeset{flags} {name}{value}\n");
                continue;
            }
            text += &format!("set -A {name}\n");
            for (place, value) in variable.elements() {
                let value = if with_values { format!("={}", super::quoted(value)) } else { String::new() };
                text += &format!("typeset{flags} {name}[{place}]{value}\n");
            }
        }
        self.write(1, text).await.map(|_| 0)
    }
}

/// Reads the options; the letter of one that is not known.
fn wish(rest: &[String]) -> Result<(Wish, &[String]), char> {
    let mut wish = Wish::default();
    let mut at = 0;
    while let Some(word) = rest.get(at) {
        let Some(sign @ ('-' | '+')) = word.chars().next().filter(|_| word.len() > 1) else { break };
        at += 1;
        if word == "--" {
            break;
        }
        let mut letters = word.chars().skip(1).peekable();
        while let Some(letter) = letters.next() {
            if !"LRUZfgilnprtux".contains(letter) {
                return Err(letter);
            }
            let to = if sign == '-' { &mut wish.given } else { &mut wish.taken };
            to.add(letter);
            let mut number = String::new();
            while let Some(digit) = letters.next_if(|c| "LRZi".contains(letter) && c.is_ascii_digit()) {
                number.push(digit);
            }
            let number = number.parse().ok();
            if letter == 'i' {
                wish.base = number.filter(|base| (2..=36).contains(base));
            } else if let Some(width) = number {
                wish.width = usize::try_from(width).unwrap_or(0);
            }
        }
    }
    Ok((wish, &rest[at..]))
}

fn change(attributes: &mut Attributes, wish: Wish) {
    let (given, taken) = (wish.given, wish.taken);
    if given.has('i') {
        attributes.base = Some(wish.base.or(attributes.base).unwrap_or(10));
    }
    attributes.unsigned = (attributes.unsigned || given.has('U')) && !taken.has('U');
    attributes.zeros = (attributes.zeros || given.has('Z')) && !taken.has('Z');
    if given.has('u') {
        attributes.case = Some(Case::Upper);
    }
    if given.has('l') {
        attributes.case = Some(Case::Lower);
    }
    if given.has('L') {
        attributes.side = Some((Side::Left, wish.width));
    } else if given.has('R') || given.has('Z') {
        attributes.side = Some((Side::Right, wish.width));
    }
    if taken.has('i') {
        attributes.base = None;
    }
    if taken.has('u') || taken.has('l') {
        attributes.case = None;
    }
    if ['L', 'R', 'Z'].iter().any(|letter| taken.has(*letter)) {
        attributes.side = None;
    }
}

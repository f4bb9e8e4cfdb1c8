//! The functions of awk: its own, and a program's.

use std::collections::BTreeMap;

use super::parse::{Expression, Function};
use super::run::{Done, Local, Machine, Outside, Stop};
use super::value::{Value, format};

/// Deepest calls (ours).
const DEEPEST: usize = 100;

impl<O: Outside> Machine<O> {
    pub(super) fn call(&mut self, name: &str, arguments: &[Expression]) -> Done<Value> {
        let program = std::sync::Arc::clone(&self.program);
        if let Some(function) = program.functions.get(name) {
            return self.call_own(function, arguments);
        }
        let argument = |at: usize| arguments.get(at);
        let whole = Expression::Field(Box::new(Expression::Constant(Value::Number(0.0))));
        #[expect(clippy::cast_precision_loss, reason = "texts are shorter")]
        let length = |text: &str| Value::Number(text.chars().count() as f64);
        Ok(match name {
            "length" => match argument(0) {
                Some(Expression::Name(array)) if self.arrays.contains_key(&self.array_name(array)) => {
                    let array = self.array_name(array);
                    #[expect(clippy::cast_precision_loss, reason = "arrays are smaller")]
                    Value::Number(self.arrays.get(&array).map_or(0.0, |all| all.len() as f64))
                }
                other => length(&self.text(other.unwrap_or(&whole))?),
            },
            "index" => {
                let (text, part) =
                    (self.text(argument(0).unwrap_or(&whole))?, self.text(argument(1).unwrap_or(&whole))?);
                match text.find(&part) {
                    Some(at) => Value::Number(length(&text[..at]).number() + 1.0),
                    None => Value::Number(0.0),
                }
            }
            "substr" => {
                let text = self.text(argument(0).unwrap_or(&whole))?;
                let from = argument(1).map_or(Ok(1.0), |at| self.value(at).map(|value| value.number()))?.round();
                let most = match argument(2) {
                    Some(count) => from + self.value(count)?.number().round(),
                    None => f64::INFINITY,
                };
                #[expect(clippy::cast_precision_loss, reason = "texts are shorter")]
                let within = |at: usize| (at as f64 + 1.0) >= from && (at as f64 + 1.0) < most;
                Value::Text(text.chars().enumerate().filter(|(at, _)| within(*at)).map(|(_, letter)| letter).collect())
            }
            "tolower" => Value::Text(self.text(argument(0).unwrap_or(&whole))?.to_lowercase()),
            "toupper" => Value::Text(self.text(argument(0).unwrap_or(&whole))?.to_uppercase()),
            "sprintf" => {
                let values = arguments.iter().map(|value| self.value(value)).collect::<Done<Vec<_>>>()?;
                let form = self.global("CONVFMT");
                let Some((first, rest)) = values.split_first() else { return Ok(Value::Text(String::new())) };
                Value::Text(format(&first.text(&form), rest, &form))
            }
            "split" => self.split_into(arguments)?,
            "sub" | "gsub" => self.substitute(name == "gsub", arguments)?,
            "match" => {
                let text = self.text(argument(0).unwrap_or(&whole))?;
                let pattern = self.pattern_of(argument(1).unwrap_or(&whole))?;
                let (start, count) = match pattern.find(&text) {
                    Some(met) => (length(&text[..met.start()]).number() + 1.0, length(met.as_str()).number()),
                    None => (0.0, -1.0),
                };
                self.set("RSTART", Value::Number(start));
                self.set("RLENGTH", Value::Number(count));
                Value::Number(start)
            }
            "int" | "sqrt" | "exp" | "log" | "sin" | "cos" => {
                let number = self.value(argument(0).unwrap_or(&whole))?.number();
                Value::Number(match name {
                    "int" => number.trunc(),
                    "sqrt" => number.sqrt(),
                    "exp" => number.exp(),
                    "log" => number.ln(),
                    "sin" => number.sin(),
                    _ => number.cos(),
                })
            }
            "atan2" => {
                let (y, x) = (self.value(argument(0).unwrap_or(&whole))?, self.value(argument(1).unwrap_or(&whole))?);
                Value::Number(y.number().atan2(x.number()))
            }
            "rand" => {
                self.random =
                    self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
                Value::Number((self.random >> 11) as f64 / (1_u64 << 53) as f64)
            }
            "srand" => {
                let seed = argument(0).map_or(Ok(self.outside.now()), |seed| self.value(seed).map(|v| v.number()))?;
                self.random = seed.to_bits();
                Value::Number(0.0)
            }
            "close" => {
                let name = self.text(argument(0).unwrap_or(&whole))?;
                self.files.remove(&name);
                self.written.remove(&name);
                Value::Number(0.0)
            }
            "fflush" => Value::Number(0.0),
            other => return Err(Stop::Failed(format!("calling undefined function {other}"))),
        })
    }

    fn call_own(&mut self, function: &Function, arguments: &[Expression]) -> Done<Value> {
        if self.locals.len() >= DEEPEST {
            return Err(Stop::Failed("function calls nested too deeply".into()));
        }
        let mut locals = BTreeMap::new();
        for (at, parameter) in function.parameters.iter().enumerate() {
            let local = match arguments.get(at) {
                Some(Expression::Name(name)) if self.is_array(name) => Local::Array(self.array_name(name)),
                Some(argument) => Local::Value(self.value(argument)?),
                None => {
                    self.next_local += 1;
                    Local::Fresh(format!("{parameter} {}", self.next_local))
                }
            };
            locals.insert(parameter.clone(), local);
        }
        self.locals.push(locals);
        let done = self.run(&function.body);
        self.locals.pop();
        match done {
            Ok(()) => Ok(Value::None),
            Err(Stop::Return(value)) => Ok(value),
            Err(other) => Err(other),
        }
    }

    fn is_array(&self, name: &str) -> bool {
        match self.locals.last().and_then(|locals| locals.get(name)) {
            Some(local) => !matches!(local, Local::Value(_)),
            // What is nothing yet may become one.
            None => !self.globals.contains_key(name),
        }
    }

    fn split_into(&mut self, arguments: &[Expression]) -> Done<Value> {
        let (Some(text), Some(Expression::Name(array))) = (arguments.first(), arguments.get(1)) else {
            return Err(Stop::Failed("split takes a text and an array".into()));
        };
        let (text, array) = (self.text(text)?, self.array_name(array));
        let parts = match arguments.get(2) {
            None => {
                let separator = self.global("FS");
                self.split(&text, &separator)?
            }
            Some(Expression::Regex(pattern)) => {
                let pattern = self.pattern(pattern)?;
                if text.is_empty() { Vec::new() } else { pattern.split(&text).map(str::to_owned).collect() }
            }
            Some(separator) => {
                let separator = self.text(separator)?;
                self.split(&text, &separator)?
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "there are fewer parts")]
        let count = Value::Number(parts.len() as f64);
        let numbered = parts.into_iter().enumerate().map(|(at, part)| ((at + 1).to_string(), Value::Input(part)));
        self.arrays.insert(array, numbered.collect());
        Ok(count)
    }

    fn substitute(&mut self, all: bool, arguments: &[Expression]) -> Done<Value> {
        let whole = Expression::Field(Box::new(Expression::Constant(Value::Number(0.0))));
        let (Some(pattern), Some(with)) = (arguments.first(), arguments.get(1)) else {
            return Err(Stop::Failed("sub takes a pattern and a text".into()));
        };
        let place = arguments.get(2).unwrap_or(&whole);
        let (pattern, with, text) = (self.pattern_of(pattern)?, self.text(with)?, self.text(place)?);
        let mut count = 0.0;
        let most = if all { 0 } else { 1 };
        let changed = pattern.replacen(&text, most, |met: &regex::Captures<'_>| {
            count += 1.0;
            replacement(&with, &met[0])
        });
        let changed = changed.into_owned();
        if count > 0.0 {
            self.assign(place, Value::Text(changed))?;
        }
        Ok(Value::Number(count))
    }
}

/// `&` is what was met, `\&` the sign itself.
fn replacement(with: &str, met: &str) -> String {
    let mut out = String::new();
    let mut letters = with.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if matches!(letters.peek(), Some('&' | '\\')) => out.extend(letters.next()),
            '&' => out += met,
            other => out.push(other),
        }
    }
    out
}

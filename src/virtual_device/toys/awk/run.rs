//! What an awk program does. Steps of one record are counted, so that a program without an end ends (ours).

use std::collections::{BTreeMap, VecDeque};

use regex::Regex;

use super::parse::{Expression, Pattern, Program, Statement};
use super::value::{Value, format, truth};

/// Most steps for one record (ours).
const MOST_STEPS: u64 = 20_000_000;
/// Most fields of a record (ours).
const MOST_FIELDS: usize = 100_000;

/// Why the usual order is left.
#[derive(Debug, PartialEq)]
pub enum Stop {
    Next,
    Exit,
    Break,
    Continue,
    Return(Value),
    Failed(String),
}

pub(super) type Done<T = ()> = Result<T, Stop>;
pub(super) type Array = BTreeMap<String, Value>;

/// The world a program sees beside its own values.
pub trait Outside {
    /// Writes text to a file; the first time anew unless it is added to.
    fn write(&mut self, file: &str, add: bool, text: &str) -> bool;
    /// The lines of a file.
    fn read(&mut self, file: &str) -> Option<VecDeque<String>>;
    /// Seconds since 1970.
    fn now(&self) -> f64;
}

/// A program at work.
pub struct Machine<O> {
    pub(super) program: std::sync::Arc<Program>,
    pub outside: O,
    pub(super) globals: BTreeMap<String, Value>,
    pub(super) arrays: BTreeMap<String, Array>,
    /// Parameters of the calls, the innermost last: values, and which arrays stand for names.
    pub(super) locals: Vec<BTreeMap<String, Local>>,
    record: String,
    fields: Vec<String>,
    between: Vec<bool>,
    pub(super) files: BTreeMap<String, VecDeque<String>>,
    pub(super) written: std::collections::BTreeSet<String>,
    /// Lines of the main input that are there already, for `getline`.
    pub ahead: VecDeque<String>,
    pub out: String,
    pub status: i32,
    patterns: BTreeMap<String, Regex>,
    steps: u64,
    pub(super) next_local: u64,
    pub(super) random: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Local {
    Value(Value),
    /// Stands for the array of this name.
    Array(String),
    /// Given by nobody: nothing yet, or the array of this name.
    Fresh(String),
}

impl<O: Outside> Machine<O> {
    pub fn new(program: Program, outside: O) -> Self {
        let between = vec![false; program.rules.len()];
        let globals = [
            ("FS", " "),
            ("OFS", " "),
            ("ORS", "\n"),
            ("RS", "\n"),
            ("SUBSEP", "\u{1c}"),
            ("CONVFMT", "%.6g"),
            ("OFMT", "%.6g"),
        ];
        Self {
            program: std::sync::Arc::new(program),
            outside,
            globals: globals.into_iter().map(|(name, text)| (name.to_owned(), Value::Text(text.into()))).collect(),
            arrays: BTreeMap::new(),
            locals: Vec::new(),
            record: String::new(),
            fields: Vec::new(),
            between,
            files: BTreeMap::new(),
            written: std::collections::BTreeSet::new(),
            ahead: VecDeque::new(),
            out: String::new(),
            status: 0,
            patterns: BTreeMap::new(),
            steps: 0,
            next_local: 0,
            random: 1,
        }
    }

    pub fn set(&mut self, name: &str, value: Value) {
        self.globals.insert(name.to_owned(), value);
    }

    pub fn set_element(&mut self, array: &str, key: &str, value: Value) {
        self.arrays.entry(array.to_owned()).or_default().insert(key.to_owned(), value);
    }

    pub(super) fn global(&self, name: &str) -> String {
        self.globals.get(name).map_or_else(String::new, |value| value.text("%.6g"))
    }

    /// Does the actions of `BEGIN` or of `END`.
    pub fn edge(&mut self, begin: bool) -> Done {
        let program = std::sync::Arc::clone(&self.program);
        self.steps = 0;
        for (pattern, action) in &program.rules {
            let met = if begin { *pattern == Pattern::Begin } else { *pattern == Pattern::End };
            if let (true, Some(action)) = (met, action) {
                self.run(action)?;
            }
        }
        Ok(())
    }

    pub fn needs_input(&self) -> bool {
        self.program.rules.iter().any(|(pattern, _)| *pattern != Pattern::Begin)
    }

    /// Does what the rules say of a record.
    pub fn record(&mut self, text: String) -> Done {
        self.steps = 0;
        self.count();
        self.take_record(text);
        let program = std::sync::Arc::clone(&self.program);
        for (at, (pattern, action)) in program.rules.iter().enumerate() {
            if !self.applies(at, pattern)? {
                continue;
            }
            match action {
                Some(action) => self.run(action)?,
                None => {
                    let line = self.record.clone() + &self.global("ORS");
                    self.out += &line;
                }
            }
        }
        Ok(())
    }

    fn count(&mut self) {
        for name in ["NR", "FNR"] {
            let count = self.globals.get(name).map_or(0.0, Value::number);
            self.set(name, Value::Number(count + 1.0));
        }
    }

    fn applies(&mut self, at: usize, pattern: &Pattern) -> Done<bool> {
        Ok(match pattern {
            Pattern::Begin | Pattern::End => false,
            Pattern::Always => true,
            Pattern::When(condition) => self.value(condition)?.is_true(),
            Pattern::Between(first, last) => {
                if !self.between[at] {
                    self.between[at] = self.value(first)?.is_true();
                    if !self.between[at] {
                        return Ok(false);
                    }
                }
                self.between[at] = !self.value(last)?.is_true();
                true
            }
        })
    }

    fn take_record(&mut self, text: String) {
        let separator = self.global("FS");
        self.fields = self.split(&text, &separator).unwrap_or_default();
        self.record = text;
    }

    pub(super) fn split(&mut self, text: &str, separator: &str) -> Done<Vec<String>> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        Ok(match separator {
            " " => text.split([' ', '\t', '\n']).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            "" => text.chars().map(String::from).collect(),
            one if one.chars().count() == 1 && one != "\\" => text.split(one).map(str::to_owned).collect(),
            pattern => self.pattern(pattern)?.split(text).map(str::to_owned).collect(),
        })
    }

    pub(super) fn pattern(&mut self, text: &str) -> Done<Regex> {
        if let Some(known) = self.patterns.get(text) {
            return Ok(known.clone());
        }
        let build = |text: &str| regex::RegexBuilder::new(text).size_limit(1 << 20).build();
        // A brace that repeats nothing stands for itself.
        let made = build(text).or_else(|_| build(&text.replace('{', "\\{").replace('}', "\\}")));
        let made = made.map_err(|_| Stop::Failed(format!("illegal regular expression {text}")))?;
        self.patterns.insert(text.to_owned(), made.clone());
        Ok(made)
    }

    pub(super) fn step(&mut self) -> Done {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(Stop::Failed("takes too long".into()));
        }
        Ok(())
    }

    pub(super) fn run(&mut self, statement: &Statement) -> Done {
        self.step()?;
        match statement {
            Statement::Block(all) => all.iter().try_for_each(|one| self.run(one)),
            Statement::Expression(expression) => self.value(expression).map(drop),
            Statement::Print(formatted, values, to) => self.print(*formatted, values, to.as_ref()),
            Statement::If(condition, then, otherwise) => {
                if self.value(condition)?.is_true() {
                    self.run(then)
                } else {
                    otherwise.as_ref().map_or(Ok(()), |otherwise| self.run(otherwise))
                }
            }
            Statement::While(condition, body) => {
                while self.value(condition)?.is_true() && self.turn(body)? {}
                Ok(())
            }
            Statement::Do(body, condition) => {
                while self.turn(body)? && self.value(condition)?.is_true() {}
                Ok(())
            }
            Statement::For(first, condition, step, body) => {
                if let Some(first) = first {
                    self.run(first)?;
                }
                loop {
                    if let Some(condition) = condition
                        && !self.value(condition)?.is_true()
                    {
                        return Ok(());
                    }
                    if !self.turn(body)? {
                        return Ok(());
                    }
                    if let Some(step) = step {
                        self.run(step)?;
                    }
                }
            }
            Statement::Each(name, array, body) => {
                let array = self.array_name(array);
                let keys: Vec<String> = self.arrays.get(&array).map_or(Vec::new(), |all| all.keys().cloned().collect());
                for key in keys {
                    self.assign(&Expression::Name(name.clone()), Value::Input(key))?;
                    if !self.turn(body)? {
                        break;
                    }
                }
                Ok(())
            }
            Statement::Delete(name, keys) => {
                let array = self.array_name(name);
                match keys {
                    None => drop(self.arrays.remove(&array)),
                    Some(keys) => {
                        let key = self.key(keys)?;
                        if let Some(all) = self.arrays.get_mut(&array) {
                            all.remove(&key);
                        }
                    }
                }
                Ok(())
            }
            Statement::Next => Err(Stop::Next),
            Statement::Exit(value) => {
                if let Some(value) = value {
                    #[expect(clippy::cast_possible_truncation, reason = "a status has eight bits")]
                    let status = self.value(value)?.number() as i32 & 255;
                    self.status = status;
                }
                Err(Stop::Exit)
            }
            Statement::Return(value) => {
                let value = value.as_ref().map_or(Ok(Value::None), |value| self.value(value))?;
                Err(Stop::Return(value))
            }
            Statement::Break => Err(Stop::Break),
            Statement::Continue => Err(Stop::Continue),
        }
    }

    /// One turn of a loop; false when it was the last.
    fn turn(&mut self, body: &Statement) -> Done<bool> {
        match self.run(body) {
            Ok(()) | Err(Stop::Continue) => Ok(true),
            Err(Stop::Break) => Ok(false),
            Err(other) => Err(other),
        }
    }

    fn print(&mut self, formatted: bool, values: &[Expression], to: Option<&(&'static str, Expression)>) -> Done {
        let values = values.iter().map(|value| self.value(value)).collect::<Done<Vec<Value>>>()?;
        let form = self.global("OFMT");
        let text = match (formatted, values.split_first()) {
            (true, Some((first, rest))) => format(&first.text(&form), rest, &form),
            (true, None) => String::new(),
            (false, None) => self.record.clone() + &self.global("ORS"),
            (false, _) => {
                let parts: Vec<String> = values.iter().map(|value| value.text(&form)).collect();
                parts.join(&self.global("OFS")) + &self.global("ORS")
            }
        };
        let Some((how, file)) = to else {
            self.out += &text;
            return Ok(());
        };
        let file = self.value(file)?.text(&form);
        if file == "/dev/stdout" {
            self.out += &text;
            return Ok(());
        }
        let add = *how == ">>" || !self.written.insert(file.clone());
        match self.outside.write(&file, add, &text) {
            true => Ok(()),
            false => Err(Stop::Failed(format!("can't redirect to {file}"))),
        }
    }

    pub(super) fn array_name(&self, name: &str) -> String {
        match self.locals.last().and_then(|locals| locals.get(name)) {
            Some(Local::Array(of) | Local::Fresh(of)) => of.clone(),
            _ => name.to_owned(),
        }
    }

    fn key(&mut self, keys: &[Expression]) -> Done<String> {
        let form = self.global("CONVFMT");
        let parts = keys.iter().map(|key| self.value(key).map(|value| value.text(&form))).collect::<Done<Vec<_>>>()?;
        Ok(parts.join(&self.global("SUBSEP")))
    }

    pub(super) fn text(&mut self, expression: &Expression) -> Done<String> {
        let form = self.global("CONVFMT");
        self.value(expression).map(|value| value.text(&form))
    }

    fn field(&self, at: usize) -> Value {
        if at == 0 {
            return Value::Input(self.record.clone());
        }
        self.fields.get(at - 1).map_or(Value::None, |text| Value::Input(text.clone()))
    }

    fn place(&mut self, of: &Expression) -> Done<usize> {
        let number = self.value(of)?.number();
        if !(0.0..=100_000.0).contains(&number) {
            return Err(Stop::Failed(format!("trying to access out of range field {number}")));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the bounds above")]
        Ok(number as usize)
    }

    pub(super) fn value(&mut self, expression: &Expression) -> Done<Value> {
        self.step()?;
        Ok(match expression {
            Expression::Constant(value) => value.clone(),
            Expression::Regex(pattern) => {
                let pattern = self.pattern(pattern)?;
                truth(pattern.is_match(&self.record))
            }
            Expression::Name(name) => self.named(name),
            Expression::Field(of) => {
                let at = self.place(of)?;
                self.field(at)
            }
            Expression::Element(array, keys) => {
                let (array, key) = (self.array_name(array), self.key(keys)?);
                self.arrays.entry(array).or_default().entry(key).or_insert(Value::None).clone()
            }
            Expression::In(keys, array) => {
                let (array, key) = (self.array_name(array), self.key(keys)?);
                truth(self.arrays.get(&array).is_some_and(|all| all.contains_key(&key)))
            }
            Expression::Assign(place, "", value) => {
                let value = self.value(value)?;
                self.assign(place, value.clone())?;
                value
            }
            Expression::Assign(place, operation, value) => {
                let value = self.value(value)?.number();
                let value = Value::Number(calculated(self.value(place)?.number(), operation, value)?);
                self.assign(place, value.clone())?;
                value
            }
            Expression::Step(place, by, before) => {
                let old = self.value(place)?.number();
                self.assign(place, Value::Number(old + by))?;
                Value::Number(if *before { old + by } else { old })
            }
            Expression::Not(value) => truth(!self.value(value)?.is_true()),
            Expression::Minus(value) => Value::Number(-self.value(value)?.number()),
            Expression::Plus(value) => Value::Number(self.value(value)?.number()),
            Expression::Two(left, "&&", right) => truth(self.value(left)?.is_true() && self.value(right)?.is_true()),
            Expression::Two(left, "||", right) => truth(self.value(left)?.is_true() || self.value(right)?.is_true()),
            Expression::Two(left, sign @ ("==" | "!=" | "<" | "<=" | ">" | ">="), right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let form = self.global("CONVFMT");
                truth(compared(&left, sign, &right, &form))
            }
            Expression::Two(left, sign, right) => {
                let (left, right) = (self.value(left)?.number(), self.value(right)?.number());
                Value::Number(calculated(left, sign, right)?)
            }
            Expression::Join(left, right) => Value::Text(self.text(left)? + &self.text(right)?),
            Expression::Match(text, pattern, wanted) => {
                let text = self.text(text)?;
                let pattern = self.pattern_of(pattern)?;
                truth(pattern.is_match(&text) == *wanted)
            }
            Expression::Either(condition, yes, no) => {
                let chosen = if self.value(condition)?.is_true() { yes } else { no };
                self.value(chosen)?
            }
            Expression::Call(name, arguments) => self.call(name, arguments)?,
            Expression::GetLine(place, file) => self.get_line(place.as_deref(), file.as_deref())?,
        })
    }

    fn named(&self, name: &str) -> Value {
        if name == "NF" {
            #[expect(clippy::cast_precision_loss, reason = "a record has fewer fields")]
            return Value::Number(self.fields.len() as f64);
        }
        match self.locals.last().and_then(|locals| locals.get(name)) {
            Some(Local::Value(value)) => value.clone(),
            Some(_) => Value::None,
            None => self.globals.get(name).cloned().unwrap_or(Value::None),
        }
    }

    pub(super) fn assign(&mut self, place: &Expression, value: Value) -> Done {
        match place {
            Expression::Name(name) if name == "NF" => {
                let count = self.place(&Expression::Constant(value))?;
                self.fields.resize(count, String::new());
                self.rebuild();
            }
            Expression::Name(name) => match self.locals.last_mut().and_then(|locals| locals.get_mut(name)) {
                Some(local) => *local = Local::Value(value),
                None => self.set(name, value),
            },
            Expression::Element(array, keys) => {
                let (array, key) = (self.array_name(array), self.key(keys)?);
                self.arrays.entry(array).or_default().insert(key, value);
            }
            Expression::Field(of) => {
                let at = self.place(of)?;
                let text = value.text(&self.global("CONVFMT"));
                if at == 0 {
                    self.take_record(text);
                } else {
                    if at > self.fields.len() {
                        self.fields.resize(at.min(MOST_FIELDS), String::new());
                    }
                    self.fields[at - 1] = text;
                    self.rebuild();
                }
            }
            _ => return Err(Stop::Failed("syntax error".into())),
        }
        Ok(())
    }

    fn rebuild(&mut self) {
        self.record = self.fields.join(&self.global("OFS"));
    }

    pub(super) fn pattern_of(&mut self, expression: &Expression) -> Done<Regex> {
        let text = match expression {
            Expression::Regex(pattern) => pattern.clone(),
            other => self.text(other)?,
        };
        self.pattern(&text)
    }

    fn get_line(&mut self, place: Option<&Expression>, file: Option<&Expression>) -> Done<Value> {
        let line = match file {
            None => {
                let line = self.ahead.pop_front();
                if line.is_some() {
                    self.count();
                }
                line
            }
            Some(file) => {
                let name = self.text(file)?;
                if !self.files.contains_key(&name) {
                    let Some(lines) = self.outside.read(&name) else { return Ok(Value::Number(-1.0)) };
                    self.files.insert(name.clone(), lines);
                }
                self.files.get_mut(&name).and_then(VecDeque::pop_front)
            }
        };
        let Some(line) = line else { return Ok(Value::Number(0.0)) };
        match place {
            Some(place) => self.assign(place, Value::Input(line))?,
            None => self.take_record(line),
        }
        Ok(Value::Number(1.0))
    }
}

fn calculated(left: f64, sign: &str, right: f64) -> Done<f64> {
    Ok(match sign {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" | "%" if right == 0.0 => {
            let sign = if sign == "/" { "" } else { " in %" };
            return Err(Stop::Failed(format!("division by zero{sign}")));
        }
        "/" => left / right,
        "%" => left % right,
        _ => left.powf(right),
    })
}

fn compared(left: &Value, sign: &str, right: &Value, form: &str) -> bool {
    use std::cmp::Ordering;
    let order = match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        _ => Some(left.text(form).cmp(&right.text(form))),
    };
    match sign {
        "==" => order == Some(Ordering::Equal),
        "!=" => order != Some(Ordering::Equal),
        "<" => order == Some(Ordering::Less),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        ">" => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

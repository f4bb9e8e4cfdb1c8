//! `awk`: Brian Kernighan's, which Android has from 9 on. Pipes to and from commands and `system` are not modelled, and
//! said so; `RS` holds for what is read by rules.

mod function;
mod parse;
mod run;
mod scan;
#[cfg(test)]
mod tests;
mod value;

use std::collections::VecDeque;

use self::run::{Machine, Outside, Stop};
use self::value::Value;
use super::tool::{Tool, toy};
use crate::virtual_device::fs::path;
use crate::virtual_device::process::Call;

/// What the device is to a program.
struct World(Call);

impl World {
    fn actor(&self) -> crate::virtual_device::fs::Actor {
        let call = &self.0;
        crate::virtual_device::fs::Actor {
            umask: call.umask,
            ..crate::virtual_device::fs::Actor::new(call.uid, call.machine.wall())
        }
    }
}

impl Outside for World {
    fn write(&mut self, file: &str, add: bool, text: &str) -> bool {
        let at = path::absolute(&self.0.cwd, file);
        let mut files = self.0.machine.files();
        let before = if add { files.read(self.actor(), &at).unwrap_or_default() } else { std::sync::Arc::default() };
        let bytes = [before.as_slice(), text.as_bytes()].concat();
        files.write(self.actor(), &at, bytes, 0o666).is_ok()
    }

    fn read(&mut self, file: &str) -> Option<VecDeque<String>> {
        let read = self.0.machine.files().read(self.actor(), &path::absolute(&self.0.cwd, file)).ok()?;
        Some(String::from_utf8_lossy(&read).lines().map(str::to_owned).collect())
    }

    fn now(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "the date is before the year 285,000")]
        let seconds = (self.0.machine.wall() / 1000) as f64;
        seconds
    }
}

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    program: String,
    separator: Option<String>,
    assigned: Vec<String>,
    rest: Vec<String>,
}

toy!(
    /// `awk [-F separator] [-v name=value] [-f file | 'program'] [file…]`
    awk, awk_work
);

const USAGE: &str = "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n";

async fn awk_work(mut tool: Tool) -> i32 {
    let Some(asked) = asked(&mut tool).await else { return 2 };
    let program = match parse::parse(&asked.program) {
        Ok(program) => program,
        Err(message) => return failed(&mut tool, &message).await,
    };
    let mut machine = Machine::new(program, World(tool.call.clone()));
    furnish(&mut machine, &tool, &asked);
    let mut ended = machine.edge(true);
    if ended.is_ok() && machine.needs_input() {
        ended = records(&mut tool, &mut machine, &asked).await;
    }
    if matches!(ended, Ok(()) | Err(Stop::Exit)) {
        // `exit` in a rule still does what `END` says; in `END` itself it ends.
        let finished = machine.edge(false);
        ended = if matches!(finished, Err(Stop::Failed(_))) { finished } else { ended };
    }
    let out = std::mem::take(&mut machine.out);
    tool.out(out).await;
    match ended {
        Err(Stop::Failed(message)) => failed(&mut tool, &message).await,
        _ => machine.status.max(tool.status),
    }
}

async fn failed(tool: &mut Tool, message: &str) -> i32 {
    tool.complain(message).await;
    2
}

/// The options of the command line, and the program.
async fn asked(tool: &mut Tool) -> Option<Asked> {
    let mut asked = Asked::default();
    let words = tool.arguments().to_vec();
    let mut words = words.into_iter().peekable();
    let mut files = Vec::new();
    while let Some(word) = words.next_if(|word| word.starts_with('-') && word.len() > 1) {
        if word == "--" {
            break;
        }
        if word == "--version" || word == "-version" {
            asked.program = "BEGIN { print \"awk version 20210215\" }".into();
            return Some(asked);
        }
        let (option, attached) = word.split_at(2);
        let value = if attached.is_empty() { words.next() } else { Some(attached.to_owned()) };
        let Some(value) = value else {
            failed(tool, "no argument for option").await;
            return None;
        };
        match option {
            "-F" => asked.separator = Some(if value == "t" { "\t".into() } else { value }),
            "-v" => asked.assigned.push(value),
            "-f" => files.push(value),
            _ => {
                tool.call.stdio.err(format!("awk: unknown option {option} ignored\n")).await;
            }
        }
    }
    if files.is_empty() {
        let Some(program) = words.next() else {
            tool.call.stdio.err(USAGE).await;
            return None;
        };
        asked.program = program;
    }
    for file in files {
        let text = tool.read(&file).await?;
        asked.program += &String::from_utf8_lossy(&text);
        asked.program.push('\n');
    }
    asked.rest = words.collect();
    Some(asked)
}

/// Values a program finds when it begins.
fn furnish(machine: &mut Machine<World>, tool: &Tool, asked: &Asked) {
    for (name, value) in &tool.call.env {
        machine.set_element("ENVIRON", name, Value::Input(value.clone()));
    }
    let all = std::iter::once("awk".to_owned()).chain(asked.rest.iter().cloned());
    let mut count = 0_u32;
    for word in all {
        machine.set_element("ARGV", &count.to_string(), Value::Input(word));
        count += 1;
    }
    machine.set("ARGC", Value::Number(f64::from(count)));
    if let Some(separator) = &asked.separator {
        machine.set("FS", Value::Text(unescaped(separator)));
    }
    for assignment in &asked.assigned {
        assign(machine, assignment);
    }
}

/// `name=value`; false when it is none.
fn assign(machine: &mut Machine<World>, word: &str) -> bool {
    let Some((name, value)) = word.split_once('=') else { return false };
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    if !begins || !letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        return false;
    }
    machine.set(name, Value::Input(unescaped(value)));
    true
}

fn unescaped(text: &str) -> String {
    text.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\")
}

/// The records of the files, or of standard input.
async fn records(tool: &mut Tool, machine: &mut Machine<World>, asked: &Asked) -> Result<(), Stop> {
    let mut names = Vec::new();
    for word in &asked.rest {
        if word.contains('=') && !word.contains('/') && names.is_empty() && assign(machine, word) {
            continue;
        }
        names.push(word.clone());
    }
    // `getline` reads on in the same input, which then has to be there.
    let whole = asked.program.contains("getline");
    let separator = machine.global("RS");
    if separator != "\n" {
        return other_records(tool, machine, &names, &separator).await;
    }
    let mut lines = tool.lines(&names);
    let mut current = String::new();
    loop {
        let line = match machine.ahead.pop_front() {
            Some(line) => line,
            None => {
                let Some(line) = lines.next(tool).await else { return Ok(()) };
                text(&line)
            }
        };
        while whole && let Some(more) = lines.next(tool).await {
            machine.ahead.push_back(text(&more));
        }
        if lines.name != current {
            current.clone_from(&lines.name);
            machine.set("FNR", Value::Number(0.0));
            machine.set("FILENAME", Value::Input(if current == "-" { String::new() } else { current.clone() }));
        }
        match machine.record(line) {
            Ok(()) | Err(Stop::Next) => {}
            Err(other) => return Err(other),
        }
        let out = std::mem::take(&mut machine.out);
        if !tool.out(out).await || tool.call.stdio.hangup.is_cancelled() {
            return Err(Stop::Exit);
        }
    }
}

/// The records of the files where they are no lines. Each file is read as a whole.
async fn other_records(
    tool: &mut Tool,
    machine: &mut Machine<World>,
    names: &[String],
    separator: &str,
) -> Result<(), Stop> {
    let stdin = ["-".to_owned()];
    for name in if names.is_empty() { &stdin[..] } else { names } {
        let Some(content) = tool.read(name).await else { continue };
        machine.set("FNR", Value::Number(0.0));
        machine.set("FILENAME", Value::Input(if name == "-" { String::new() } else { name.clone() }));
        machine.ahead = cut(&String::from_utf8_lossy(&content), separator).into();
        while let Some(record) = machine.ahead.pop_front() {
            match machine.record(record) {
                Ok(()) | Err(Stop::Next) => {}
                Err(other) => return Err(other),
            }
            let out = std::mem::take(&mut machine.out);
            if !tool.out(out).await || tool.call.stdio.hangup.is_cancelled() {
                return Err(Stop::Exit);
            }
        }
    }
    Ok(())
}

/// A text cut at a separator: one of several characters is an expression, none means blank lines.
fn cut(text: &str, separator: &str) -> Vec<String> {
    let (text, expression) = match separator {
        "" => (text.trim_matches('\n'), Ok(regex::Regex::new("\n{2,}"))),
        one if one.chars().count() == 1 => (text, Err(one)),
        several => (text, Ok(regex::Regex::new(several))),
    };
    let mut records: Vec<String> = match expression {
        Ok(Ok(expression)) => expression.split(text).map(str::to_owned).collect(),
        Ok(Err(_)) => vec![text.to_owned()],
        Err(one) => text.split(one).map(str::to_owned).collect(),
    };
    // What stands behind the last separator is a record when there is something.
    if records.last().is_some_and(String::is_empty) {
        records.pop();
    }
    records
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line)).into_owned()
}

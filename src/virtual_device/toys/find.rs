//! `find`.

use std::future::Future;
use std::pin::Pin;

use super::names;
use super::tool::{Tool, toy};
use crate::virtual_device::fs::{Stat, path};
use crate::virtual_device::shell::glob_matches;

/// Longest list of files one `-exec … +` is given.
const MAX_BATCH: usize = 4096;
/// Deepest folder looked into.
const MAX_DEPTH: usize = 512;
/// Deepest nesting of an expression.
const MAX_NESTING: usize = 64;

/// What is asked of each file.
#[derive(Clone, Debug, PartialEq)]
enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    True,
    Name {
        pattern: String,
        whole_path: bool,
        insensitive: bool,
    },
    Type(String),
    /// Comparison, number and unit in bytes, rounded up.
    Size(Compare, u64),
    /// Comparison of the age, number of units, unit in milliseconds.
    Age(Compare, i64),
    Newer(String),
    User(String),
    Permissions(u32, char),
    Empty,
    Print(char),
    Run {
        words: Vec<String>,
        together: bool,
    },
    Delete,
    Prune,
    Quit,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Compare {
    sign: char,
    number: i64,
}

impl Compare {
    fn parse(word: &str) -> Option<(Self, &str)> {
        let sign = word.chars().next().filter(|c| "+-".contains(*c)).unwrap_or('=');
        let rest = word.trim_start_matches(['+', '-']);
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((Self { sign, number: rest[..end].parse().ok()? }, &rest[end..]))
    }

    fn holds(self, value: i64) -> bool {
        match self.sign {
            '+' => value > self.number,
            '-' => value < self.number,
            _ => value == self.number,
        }
    }
}

/// An expression with the options that stand among its tests.
#[derive(Debug)]
struct Plan {
    expression: Expression,
    least: usize,
    most: usize,
    /// Folders after what is in them.
    depth_first: bool,
    follow: bool,
}

struct Reader<'a> {
    words: std::slice::Iter<'a, String>,
    plan: Plan,
    acts: bool,
}

impl Reader<'_> {
    fn read(words: &[String], follow: bool) -> Result<Plan, String> {
        let plan = Plan { expression: Expression::True, least: 0, most: MAX_DEPTH, depth_first: false, follow };
        let mut reader = Reader { words: words.iter(), plan, acts: false };
        let expression = reader.any(0)?;
        if let Some(word) = reader.words.next() {
            return Err(format!("bad arg '{word}'"));
        }
        let print = |expression| Expression::All(vec![expression, Expression::Print('\n')]);
        reader.plan.expression = if reader.acts { expression } else { print(expression) };
        Ok(reader.plan)
    }

    fn peek(&self) -> Option<&str> {
        self.words.as_slice().first().map(String::as_str)
    }

    fn any(&mut self, nesting: usize) -> Result<Expression, String> {
        if nesting > MAX_NESTING {
            return Err("too many parentheses".into());
        }
        let mut choices = vec![self.all(nesting)?];
        while matches!(self.peek(), Some("-o" | "-or")) {
            self.words.next();
            choices.push(self.all(nesting)?);
        }
        Ok(Expression::Any(choices))
    }

    fn all(&mut self, nesting: usize) -> Result<Expression, String> {
        let mut parts = Vec::new();
        while let Some(word) = self.peek() {
            match word {
                "-o" | "-or" | ")" => break,
                "-a" | "-and" => drop(self.words.next()),
                _ => parts.push(self.one(nesting)?),
            }
        }
        Ok(Expression::All(parts))
    }

    fn one(&mut self, nesting: usize) -> Result<Expression, String> {
        let word = self.words.next().cloned().unwrap_or_default();
        Ok(match word.as_str() {
            "!" | "-not" => {
                if nesting > MAX_NESTING {
                    return Err("too many parentheses".into());
                }
                Expression::Not(Box::new(self.one(nesting + 1)?))
            }
            "(" => {
                let inner = self.any(nesting + 1)?;
                self.words.next().filter(|word| *word == ")").ok_or("missing ')'")?;
                inner
            }
            "-true" => Expression::True,
            "-false" => Expression::Not(Box::new(Expression::True)),
            "-empty" => Expression::Empty,
            "-prune" => Expression::Prune,
            "-print" | "-print0" | "-delete" | "-quit" | "-exec" | "-ok" => self.action(&word)?,
            "-depth" => {
                self.plan.depth_first = true;
                Expression::True
            }
            "-xdev" | "-mount" | "-noleaf" => Expression::True,
            other => self.with_value(other)?,
        })
    }

    fn action(&mut self, word: &str) -> Result<Expression, String> {
        self.acts = true;
        Ok(match word {
            "-print" => Expression::Print('\n'),
            "-print0" => Expression::Print('\0'),
            "-quit" => Expression::Quit,
            "-delete" => {
                self.plan.depth_first = true;
                Expression::Delete
            }
            _ => {
                let mut words = Vec::new();
                loop {
                    match self.words.next().map(String::as_str) {
                        None => return Err(format!("{word} needs ;")),
                        Some(";") => break,
                        Some("+") if words.last().is_some_and(|word| word == "{}") => {
                            words.pop();
                            return Ok(Expression::Run { words, together: true });
                        }
                        Some(other) => words.push(other.to_owned()),
                    }
                }
                Expression::Run { words, together: false }
            }
        })
    }

    fn with_value(&mut self, word: &str) -> Result<Expression, String> {
        const VALUED: [&str; 15] = [
            "-name",
            "-iname",
            "-path",
            "-wholename",
            "-ipath",
            "-type",
            "-size",
            "-mtime",
            "-mmin",
            "-newer",
            "-user",
            "-perm",
            "-maxdepth",
            "-mindepth",
            "-group",
        ];
        if !VALUED.contains(&word) {
            return Err(format!("bad arg '{word}'"));
        }
        let value = self.words.next().cloned().ok_or_else(|| format!("'{word}' needs 1 arg"))?;
        let bad = || format!("bad {} '{value}'", word.trim_start_matches('-'));
        let age = |unit: i64| -> Result<Expression, String> {
            let (compare, _) = Compare::parse(&value).ok_or_else(bad)?;
            Ok(Expression::Age(compare, unit))
        };
        Ok(match word {
            "-name" | "-iname" => Expression::Name { pattern: value, whole_path: false, insensitive: word == "-iname" },
            "-path" | "-wholename" | "-ipath" => {
                Expression::Name { pattern: value, whole_path: true, insensitive: word == "-ipath" }
            }
            "-type" => Expression::Type(value),
            "-size" => {
                let (compare, unit) = Compare::parse(&value).ok_or_else(bad)?;
                let unit = match unit {
                    "" | "b" => 512,
                    "c" => 1,
                    "w" => 2,
                    "k" => 1 << 10,
                    "M" => 1 << 20,
                    "G" => 1 << 30,
                    _ => return Err(bad()),
                };
                Expression::Size(compare, unit)
            }
            "-mtime" => age(86_400_000)?,
            "-mmin" => age(60_000)?,
            "-newer" => Expression::Newer(value),
            "-user" | "-group" => Expression::User(value),
            "-perm" => {
                let kind = value.chars().next().filter(|c| "-/".contains(*c)).unwrap_or('=');
                let bits = u32::from_str_radix(value.trim_start_matches(['-', '/']), 8).map_err(|_| bad())?;
                Expression::Permissions(bits, kind)
            }
            _ => {
                let number = value.parse().map_err(|_| bad())?;
                let limit = if word == "-maxdepth" { &mut self.plan.most } else { &mut self.plan.least };
                *limit = number;
                Expression::True
            }
        })
    }
}

/// A file that was found.
struct Entry {
    name: String,
    stat: Stat,
}

/// A search on its way.
struct Search {
    tool: Tool,
    plan: Plan,
    /// Files for each `-exec … +`, by its place.
    batches: Vec<(Vec<String>, Vec<String>)>,
    pruned: bool,
    over: bool,
}

toy!(
    /// `find [-HL] [path…] [expression]`
    find, find_work
);

async fn find_work(mut tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    let flags = words.iter().take_while(|word| ["-H", "-L", "-P"].contains(&word.as_str())).count();
    let follow = words[..flags].iter().any(|word| word == "-L");
    let starts = |word: &&String| !word.starts_with('-') && *word != "!" && *word != "(";
    let mut tops: Vec<String> = words[flags..].iter().take_while(starts).cloned().collect();
    let plan = match Reader::read(&words[flags + tops.len()..], follow) {
        Ok(plan) => plan,
        Err(message) => {
            tool.complain(&message).await;
            return 1;
        }
    };
    if tops.is_empty() {
        tops.push(".".into());
    }
    let mut search = Search { tool, plan, batches: Vec::new(), pruned: false, over: false };
    for top in tops {
        search.below(top).await;
    }
    for (words, files) in std::mem::take(&mut search.batches) {
        search.run([words, files].concat()).await;
    }
    search.tool.status
}

/// What is to be done next on the way through the tree.
enum Next {
    Visit(String, usize),
    Leave(Entry),
}

impl Search {
    async fn below(&mut self, top: String) {
        let mut todo = vec![Next::Visit(top, 0)];
        let expression = self.plan.expression.clone();
        while let Some(next) = todo.pop() {
            if self.over || self.tool.call.stdio.hangup.is_cancelled() {
                return;
            }
            let (name, depth) = match next {
                Next::Visit(name, depth) => (name, depth),
                Next::Leave(entry) => {
                    self.judge(&expression, &entry).await;
                    continue;
                }
            };
            let at = self.tool.absolute(&name);
            let stat = {
                let files = self.tool.call.machine.files();
                if self.plan.follow {
                    files.stat(self.tool.actor(), &at)
                } else {
                    files.link_stat(self.tool.actor(), &at)
                }
            };
            let stat = match stat {
                Ok(stat) => stat,
                Err(error) => {
                    self.tool.complain(&format!("'{name}': {error}")).await;
                    continue;
                }
            };
            let entry = Entry { name, stat };
            self.pruned = false;
            let in_range = depth >= self.plan.least;
            if in_range && !self.plan.depth_first {
                self.judge(&expression, &entry).await;
            }
            let inside = match entry.stat.is_folder() && !self.pruned && depth < self.plan.most {
                true => self.inside(&entry).await,
                false => Vec::new(),
            };
            if in_range && self.plan.depth_first {
                todo.push(Next::Leave(entry));
            }
            todo.extend(inside.into_iter().rev().map(|name| Next::Visit(name, depth + 1)));
        }
    }

    async fn inside(&mut self, folder: &Entry) -> Vec<String> {
        let listed = self.tool.call.machine.files().list(self.tool.actor(), &self.tool.absolute(&folder.name));
        match listed {
            Ok(inside) => inside.iter().map(|(name, _)| path::join(&folder.name, name)).collect(),
            Err(error) => {
                self.tool.complain(&format!("{}: {error}", folder.name)).await;
                Vec::new()
            }
        }
    }

    fn judge<'a>(
        &'a mut self,
        expression: &'a Expression,
        entry: &'a Entry,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            match expression {
                Expression::All(parts) => {
                    for part in parts {
                        if !self.judge(part, entry).await {
                            return false;
                        }
                    }
                    true
                }
                Expression::Any(parts) => {
                    for part in parts {
                        if self.judge(part, entry).await {
                            return true;
                        }
                    }
                    false
                }
                Expression::Not(inner) => !self.judge(inner, entry).await,
                Expression::Prune => {
                    self.pruned = true;
                    true
                }
                Expression::Quit => {
                    self.over = true;
                    true
                }
                Expression::Print(end) => {
                    self.over |= !self.tool.out(format!("{}{end}", entry.name)).await;
                    true
                }
                Expression::Delete => self.delete(entry).await,
                Expression::Run { words, together: false } => {
                    let argv = words.iter().map(|word| word.replace("{}", &entry.name)).collect();
                    self.run(argv).await == 0
                }
                Expression::Run { words, together: true } => self.collect(words, entry).await,
                test => self.holds(test, entry),
            }
        })
    }

    fn holds(&self, test: &Expression, entry: &Entry) -> bool {
        let stat = &entry.stat;
        match test {
            Expression::Name { pattern, whole_path, insensitive } => {
                let text = if *whole_path { entry.name.as_str() } else { path::base(&entry.name) };
                match insensitive {
                    true => glob_matches(&pattern.to_lowercase(), &text.to_lowercase()),
                    false => glob_matches(pattern, text),
                }
            }
            Expression::Type(letters) => letters.split(',').any(|letter| match letter {
                "f" => stat.is_file(),
                "d" => stat.is_folder(),
                "l" => stat.is_link(),
                "c" => stat.is_device(),
                _ => false,
            }),
            Expression::Size(compare, unit) => {
                compare.holds(i64::try_from(stat.size.div_ceil(*unit)).unwrap_or(i64::MAX))
            }
            Expression::Age(compare, unit) => compare.holds((self.tool.actor().now - stat.modified).div_euclid(*unit)),
            Expression::Newer(other) => {
                let other = self.tool.call.machine.files().stat(self.tool.actor(), &self.tool.absolute(other));
                other.is_ok_and(|other| stat.modified > other.modified)
            }
            Expression::User(user) => super::people::name_of(stat.uid) == *user || stat.uid.to_string() == *user,
            Expression::Permissions(bits, kind) => match kind {
                '-' => stat.mode & bits == *bits,
                '/' => *bits == 0 || stat.mode & bits != 0,
                _ => stat.mode & 0o7777 == *bits,
            },
            Expression::Empty if stat.is_folder() => {
                let at = self.tool.absolute(&entry.name);
                self.tool.call.machine.files().list(self.tool.actor(), &at).is_ok_and(|inside| inside.is_empty())
            }
            Expression::Empty => stat.is_file() && stat.size == 0,
            _ => true,
        }
    }

    async fn delete(&mut self, entry: &Entry) -> bool {
        if entry.name == "." {
            return true;
        }
        let at = self.tool.absolute(&entry.name);
        let done = {
            let mut files = self.tool.call.machine.files();
            match entry.stat.is_folder() {
                true => files.remove_folder(self.tool.actor(), &at),
                false => files.remove_file(self.tool.actor(), &at),
            }
        };
        self.tool.check(&entry.name, done).await.is_some()
    }

    async fn collect(&mut self, words: &[String], entry: &Entry) -> bool {
        let at = self.batches.iter().position(|(known, _)| known == words).unwrap_or_else(|| {
            self.batches.push((words.to_vec(), Vec::new()));
            self.batches.len() - 1
        });
        self.batches[at].1.push(entry.name.clone());
        if self.batches[at].1.len() >= MAX_BATCH {
            let files = std::mem::take(&mut self.batches[at].1);
            self.run([words, &files].concat()).await;
        }
        true
    }

    async fn run(&mut self, argv: Vec<String>) -> i32 {
        let call = self.tool.call.clone();
        names::run(&mut self.tool, argv, call).await
    }
}

//! `sed` scripts, read.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

use regex::{Captures, Regex, RegexBuilder};

use super::search::{PATTERN_LIMIT, extended};

/// A compiled pattern that compares by its text.
#[derive(Clone, Debug)]
pub(super) struct Pattern(pub Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// Which lines a command is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Address {
    Line(usize),
    Last,
    /// `+N`: so many lines after the first.
    More(usize),
    Match(Pattern),
}

/// What a command does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    Open,
    Close,
    Label,
    Delete,
    DeleteFirst,
    Print,
    PrintFirst,
    Number,
    /// Exit status, and whether the line is written first.
    Quit(i32, bool),
    Next,
    Join,
    Hold(bool),
    Get(bool),
    Exchange,
    Append(String),
    Insert(String),
    Change(String),
    Translate(Vec<(char, char)>),
    Substitute(Substitution),
    Branch(usize),
    /// `t` (true) and `T` (false).
    BranchIf(usize, bool),
}

/// `s/pattern/replacement/flags`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Substitution {
    pattern: Pattern,
    replacement: Vec<Piece>,
    /// The first match replaced, counted from 1.
    from: usize,
    all: bool,
    pub print: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Group(usize),
}

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub first: Option<Address>,
    pub last: Option<Address>,
    pub not: bool,
    pub act: Act,
    /// Its place in the script.
    pub place: usize,
    /// Where to go when it does not apply: for `{`, behind its `}`.
    pub skip: Option<usize>,
}

/// A whole script.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub commands: Vec<Command>,
    /// It begins with `#n`.
    pub silent: bool,
}

impl Script {
    /// Reads a script; `wide` for extended regular expressions.
    pub fn parse(text: &str, wide: bool) -> Result<Self, String> {
        let mut reader = Reader { chars: text.chars().peekable(), wide, last_pattern: None };
        let mut commands: Vec<Command> = Vec::new();
        let (mut open, mut labels, mut jumps) = (Vec::new(), BTreeMap::new(), Vec::new());
        while reader.seek_command() {
            let place = commands.len();
            let first = reader.address()?;
            reader.blanks();
            let last = match first.is_some() && reader.chars.next_if_eq(&',').is_some() {
                true => Some(reader.address()?.ok_or("bad address")?),
                false => None,
            };
            reader.blanks();
            let mut not = false;
            while reader.chars.next_if(|c| *c == '!' || *c == ' ').is_some() {
                not = true;
            }
            let letter = reader.chars.next().ok_or("missing command")?;
            let act = match letter {
                '{' => {
                    open.push(place);
                    Act::Open
                }
                '}' => {
                    let start: usize = open.pop().ok_or("unexpected }")?;
                    commands[start].skip = Some(place + 1);
                    Act::Close
                }
                ':' => {
                    labels.insert(reader.word(), place);
                    Act::Label
                }
                'b' | 't' | 'T' => {
                    jumps.push((place, reader.word()));
                    if letter == 'b' { Act::Branch(0) } else { Act::BranchIf(0, letter == 't') }
                }
                other => reader.act(other)?,
            };
            commands.push(Command { first, last, not, act, place, skip: None });
        }
        if !open.is_empty() {
            return Err("no }".into());
        }
        let end = commands.len();
        for (place, label) in jumps {
            let to = if label.is_empty() { Some(end) } else { labels.get(&label).copied() };
            let to = to.ok_or_else(|| format!("no label '{label}'"))?;
            match &mut commands[place].act {
                Act::Branch(target) | Act::BranchIf(target, _) => *target = to,
                _ => {}
            }
        }
        Ok(Self { commands, silent: text.starts_with("#n\n") })
    }
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    wide: bool,
    /// An empty pattern means the one before it.
    last_pattern: Option<Pattern>,
}

impl Reader<'_> {
    /// Skips what separates commands; false at the end.
    fn seek_command(&mut self) -> bool {
        loop {
            while self.chars.next_if(|c| c.is_whitespace() || *c == ';').is_some() {}
            if self.chars.next_if_eq(&'#').is_none() {
                return self.chars.peek().is_some();
            }
            while self.chars.next_if(|c| *c != '\n').is_some() {}
        }
    }

    fn blanks(&mut self) {
        while self.chars.next_if(|c| *c == ' ' || *c == '\t').is_some() {}
    }

    fn number(&mut self) -> Option<usize> {
        let mut digits = String::new();
        while let Some(digit) = self.chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok()
    }

    fn word(&mut self) -> String {
        self.blanks();
        let mut word = String::new();
        while let Some(c) = self.chars.next_if(|c| !";}\n".contains(*c)) {
            word.push(c);
        }
        word.trim().to_owned()
    }

    fn address(&mut self) -> Result<Option<Address>, String> {
        self.blanks();
        Ok(match self.chars.peek().copied() {
            Some('$') => {
                self.chars.next();
                Some(Address::Last)
            }
            Some('+') => {
                self.chars.next();
                Some(Address::More(self.number().ok_or("bad address")?))
            }
            Some(c) if c.is_ascii_digit() => self.number().map(Address::Line),
            Some(c @ ('/' | '\\')) => {
                self.chars.next();
                let mark = if c == '/' { c } else { self.chars.next().ok_or("bad address")? };
                let text = self.until(mark, true)?;
                let insensitive = self.chars.next_if_eq(&'I').is_some();
                Some(Address::Match(self.pattern(&text, insensitive)?))
            }
            _ => None,
        })
    }

    /// The text up to an unescaped mark. An escaped mark loses its backslash.
    fn until(&mut self, mark: char, is_pattern: bool) -> Result<String, String> {
        let (mut text, mut in_class) = (String::new(), false);
        loop {
            match self.chars.next() {
                None => return Err("unterminated".to_owned() + if is_pattern { " regex" } else { " s" }),
                Some('\\') => match self.chars.next() {
                    Some(c) if c == mark => text.push(c),
                    Some('n') if is_pattern => text.push('\n'),
                    Some(c) => text.extend(['\\', c]),
                    None => return Err("trailing \\".into()),
                },
                Some(c) if c == mark && !in_class => return Ok(text),
                Some(c) => {
                    if is_pattern {
                        in_class =
                            if in_class { c != ']' || text.ends_with('[') || text.ends_with("[^") } else { c == '[' };
                    }
                    text.push(c);
                }
            }
        }
    }

    fn pattern(&mut self, text: &str, insensitive: bool) -> Result<Pattern, String> {
        if text.is_empty() {
            return self.last_pattern.clone().ok_or_else(|| "no previous regex".into());
        }
        let wide = if self.wide { text.to_owned() } else { extended(text) };
        let regex = RegexBuilder::new(&wide).case_insensitive(insensitive).size_limit(PATTERN_LIMIT).build();
        let pattern = Pattern(regex.map_err(|_| format!("bad regex '{text}'"))?);
        self.last_pattern = Some(pattern.clone());
        Ok(pattern)
    }

    fn act(&mut self, letter: char) -> Result<Act, String> {
        Ok(match letter {
            'd' => Act::Delete,
            'D' => Act::DeleteFirst,
            'p' => Act::Print,
            'P' => Act::PrintFirst,
            '=' => Act::Number,
            'n' => Act::Next,
            'N' => Act::Join,
            'h' | 'H' => Act::Hold(letter == 'H'),
            'g' | 'G' => Act::Get(letter == 'G'),
            'x' => Act::Exchange,
            'q' | 'Q' => {
                self.blanks();
                Act::Quit(self.number().and_then(|n| i32::try_from(n).ok()).unwrap_or(0), letter == 'q')
            }
            'a' => Act::Append(self.text()),
            'i' => Act::Insert(self.text()),
            'c' => Act::Change(self.text()),
            's' => Act::Substitute(self.substitution()?),
            'y' => Act::Translate(self.translation()?),
            other => return Err(format!("bad command '{other}'")),
        })
    }

    /// The text of `a`, `i` and `c`: to the end of the line, one with a backslash goes on.
    fn text(&mut self) -> String {
        self.blanks();
        if self.chars.next_if_eq(&'\\').is_some() {
            self.blanks();
            self.chars.next_if_eq(&'\n');
        }
        let mut text = String::new();
        while let Some(c) = self.chars.next() {
            match c {
                '\n' => break,
                '\\' => text.extend(self.chars.next()),
                other => text.push(other),
            }
        }
        text.push('\n');
        text
    }

    fn substitution(&mut self) -> Result<Substitution, String> {
        let mark = self.chars.next().ok_or("unterminated s")?;
        let pattern = self.until(mark, true)?;
        let replacement = pieces(&self.until(mark, false)?);
        let (mut from, mut all, mut print, mut insensitive) = (1, false, false, false);
        loop {
            match self.chars.peek().copied() {
                Some('g') => all = true,
                Some('p') => print = true,
                Some('i' | 'I') => insensitive = true,
                Some(c) if c.is_ascii_digit() => {
                    from = self.number().filter(|number| *number > 0).ok_or("bad s")?;
                    continue;
                }
                _ => break,
            }
            self.chars.next();
        }
        let pattern = self.pattern(&pattern, insensitive)?;
        Ok(Substitution { pattern, replacement, from, all, print })
    }

    fn translation(&mut self) -> Result<Vec<(char, char)>, String> {
        let mark = self.chars.next().ok_or("unterminated y")?;
        let plain = |text: String| text.replace("\\n", "\n").replace("\\\\", "\\");
        let (from, to) = (plain(self.until(mark, false)?), plain(self.until(mark, false)?));
        if from.chars().count() != to.chars().count() {
            return Err("y strings different lengths".into());
        }
        Ok(from.chars().zip(to.chars()).collect())
    }
}

/// A replacement taken apart: `&`, `\1` to `\9`, `\n`, and text.
fn pieces(text: &str) -> Vec<Piece> {
    let (mut pieces, mut plain) = (Vec::new(), String::new());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let group = match c {
            '&' => Some(0),
            '\\' => match chars.next() {
                Some(digit @ '0'..='9') => digit.to_digit(10).map(|digit| digit as usize),
                Some('n') => {
                    plain.push('\n');
                    None
                }
                Some('t') => {
                    plain.push('\t');
                    None
                }
                Some(other) => {
                    plain.push(other);
                    None
                }
                None => None,
            },
            other => {
                plain.push(other);
                None
            }
        };
        if let Some(group) = group {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Group(group));
        }
    }
    pieces.push(Piece::Text(plain));
    pieces
}

impl Substitution {
    /// The text with its matches replaced; `None` when there is nothing to replace.
    pub fn applied(&self, text: &str) -> Option<String> {
        let (mut result, mut end, mut hit) = (String::new(), 0, false);
        for (at, found) in self.pattern.0.captures_iter(text).enumerate() {
            if at + 1 < self.from || (hit && !self.all) {
                continue;
            }
            let Some(whole) = found.get(0) else { continue };
            hit = true;
            result.push_str(&text[end..whole.start()]);
            self.write(&found, &mut result);
            end = whole.end();
        }
        hit.then(|| result + &text[end..])
    }

    fn write(&self, found: &Captures<'_>, result: &mut String) {
        for piece in &self.replacement {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Group(number) => result.push_str(found.get(*number).map_or("", |group| group.as_str())),
            }
        }
    }
}

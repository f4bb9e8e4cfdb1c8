//! Takes a raw word apart.

use super::word::{Operation, Parameter, Part, Place as ArrayPlace};

/// Deepest nesting of expansions in one word.
const MAX_DEPTH: usize = 40;

/// Where a run of parts ends, and which quotes are around it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    /// Characters that end it.
    ends: &'static [char],
    /// In double quotes (or a here-document, or arithmetic).
    double: bool,
    /// A `"` is an ordinary character (here-document, arithmetic).
    plain_quote: bool,
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

/// The parts of a word of the grammar; `None` when it is malformed or too deep.
pub(super) fn word(raw: &str) -> Option<Vec<Part>> {
    scan(raw, Place { ends: &[], double: false, plain_quote: false }, true)
}

/// The parts of a here-document's body, or of an arithmetic expression.
pub(super) fn body(raw: &str) -> Option<Vec<Part>> {
    scan(raw, Place { ends: &[], double: true, plain_quote: true }, false)
}

fn scan(raw: &str, place: Place, tilde: bool) -> Option<Vec<Part>> {
    let mut scanner = Scanner { chars: raw.chars().collect(), at: 0, depth: 0 };
    let mut parts = Vec::new();
    if tilde && scanner.peek() == Some('~') {
        parts.push(scanner.tilde());
    }
    scanner.parts(place, &mut parts)?;
    (scanner.at == scanner.chars.len()).then_some(parts)
}

impl Scanner {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.chars.get(self.at + by).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        self.at += usize::from(there);
        there
    }

    fn tilde(&mut self) -> Part {
        let start = self.at + 1;
        self.at = start;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "_-+".contains(c)) {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        if matches!(self.peek(), None | Some('/' | ':')) {
            return Part::Tilde(name);
        }
        Part::Text(format!("~{name}"))
    }

    fn parts(&mut self, place: Place, into: &mut Vec<Part>) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        while let Some(c) = self.peek() {
            if place.ends.contains(&c) {
                break;
            }
            match c {
                '\\' => self.escape(place, into),
                '\'' if !place.double => self.single(into)?,
                '"' if !place.plain_quote => self.double(into)?,
                '$' => self.dollar(place, into)?,
                '`' => into.push(Part::Command(self.backquoted(place)?)),
                other => {
                    self.at += 1;
                    push(into, place.double, other);
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    fn escape(&mut self, place: Place, into: &mut Vec<Part>) {
        self.at += 1;
        let Some(c) = self.peek() else { return push(into, true, '\\') };
        let special = !place.double
            || matches!(c, '$' | '`' | '\\' | '\n')
            || (c == '"' && !place.plain_quote)
            || place.ends.contains(&c);
        if !special {
            return push(into, true, '\\');
        }
        self.at += 1;
        if c != '\n' {
            push(into, true, c);
        }
    }

    fn single(&mut self, into: &mut Vec<Part>) -> Option<()> {
        let start = self.at + 1;
        let length = self.chars[start..].iter().position(|c| *c == '\'')?;
        into.push(Part::Quoted(self.chars[start..start + length].iter().collect()));
        self.at = start + length + 1;
        Some(())
    }

    fn double(&mut self, into: &mut Vec<Part>) -> Option<()> {
        self.at += 1;
        let mut inside = Vec::new();
        self.parts(Place { ends: &['"'], double: true, plain_quote: false }, &mut inside)?;
        into.push(Part::Double(inside));
        self.eat('"').then_some(())
    }

    fn dollar(&mut self, place: Place, into: &mut Vec<Part>) -> Option<()> {
        match self.ahead(1) {
            Some('\'') if !place.double => {
                self.at += 2;
                into.push(Part::Quoted(self.ansi()?));
            }
            // mksh's `$"…"` is `"…"`.
            Some('"') if !place.double => {
                self.at += 1;
                self.double(into)?;
            }
            Some('(') => into.push(self.parenthesised()?),
            Some('{') => {
                self.at += 2;
                into.push(Part::Parameter(Box::new(self.braced(place)?)));
            }
            Some(c) if c == '_' || c.is_ascii_alphabetic() => {
                self.at += 1;
                let name = self.name();
                into.push(plain(name));
            }
            Some(c) if c.is_ascii_digit() || "@*#?-$!".contains(c) => {
                self.at += 2;
                into.push(plain(c.to_string()));
            }
            _ => {
                self.at += 1;
                push(into, place.double, '$');
            }
        }
        Some(())
    }

    fn name(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c == '_' || c.is_ascii_alphanumeric()) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// The text of `$'…'`, after its quote.
    fn ansi(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let c = self.peek()?;
            self.at += 1;
            match c {
                '\'' => return Some(text),
                '\\' => text.push(self.ansi_escape()?),
                other => text.push(other),
            }
        }
    }

    fn ansi_escape(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\x07',
            'b' => '\x08',
            'e' | 'E' => '\x1b',
            'f' => '\x0c',
            'v' => '\x0b',
            'x' => self.coded(16, 2),
            'u' => self.coded(16, 4),
            '0'..='7' => {
                self.at -= 1;
                self.coded(8, 3)
            }
            other => other,
        })
    }

    fn coded(&mut self, radix: u32, most: usize) -> char {
        let mut value = 0;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(radix)) else { break };
            value = value * radix + digit;
            self.at += 1;
        }
        char::from_u32(value).unwrap_or('\u{fffd}')
    }

    fn backquoted(&mut self, place: Place) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let c = self.peek()?;
            self.at += 1;
            match c {
                '`' => return Some(text),
                '\\' => match self.peek()? {
                    next @ ('`' | '\\' | '$') => {
                        self.at += 1;
                        text.push(next);
                    }
                    '"' if place.double && !place.plain_quote => {
                        self.at += 1;
                        text.push('"');
                    }
                    _ => text.push('\\'),
                },
                other => text.push(other),
            }
        }
    }

    /// `$((…))` or `$(…)`.
    fn parenthesised(&mut self) -> Option<Part> {
        let start = self.at;
        if self.ahead(2) == Some('(') {
            self.at += 3;
            if let Some(inside) = self.arithmetic() {
                return body_at(&inside, self.depth).map(Part::Arithmetic);
            }
        }
        self.at = start + 2;
        let inside = super::scanner_skip::command(&self.chars, self.at)?;
        let text = self.chars[self.at..inside].iter().collect();
        self.at = inside + 1;
        Some(Part::Command(super::substitution::shown(text)))
    }

    /// The text up to the `))` that closes it; `None` (and no progress that counts) when there is no such end.
    fn arithmetic(&mut self) -> Option<String> {
        let start = self.at;
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                '(' => open += 1,
                ')' if open > 0 => open -= 1,
                ')' if self.ahead(1) == Some(')') => break,
                ')' => return None,
                _ => {}
            }
            self.at += 1;
        }
        let inside = self.chars[start..self.at].iter().collect();
        self.at += 2;
        Some(inside)
    }

    /// After `${`, up to and with `}`.
    fn braced(&mut self, place: Place) -> Option<Parameter> {
        if self.peek() == Some('#') && !matches!(self.ahead(1), Some('}')) && self.length_follows() {
            self.at += 1;
            let name = self.parameter_name();
            let place = self.array_place(&name)?;
            let length = Parameter { place, ..Parameter::plain(name, Operation::Length) };
            return self.eat('}').then_some(length);
        }
        let is_asked_for_its_name =
            self.peek() == Some('!') && self.ahead(1).is_some_and(|c| c == '_' || c.is_ascii_alphabetic());
        self.at += usize::from(is_asked_for_its_name);
        let name = self.parameter_name();
        let array_place = self.array_place(&name)?;
        let operation = if name.is_empty() { self.bad(place)? } else { self.operation(place)? };
        self.eat('}').then_some(Parameter { name, place: array_place, is_asked_for_its_name, operation })
    }

    /// `[…]` behind a variable's name; `None` when it does not end.
    fn array_place(&mut self, name: &str) -> Option<Option<ArrayPlace>> {
        if self.peek() != Some('[') || !super::variables::is_name(name) {
            return Some(None);
        }
        let start = self.at + 1;
        let mut open = 0_usize;
        let length = self.chars[start..].iter().position(|c| {
            match c {
                '[' => open += 1,
                ']' if open == 0 => return true,
                ']' => open -= 1,
                _ => {}
            }
            false
        })?;
        self.at = start + length + 1;
        Some(Some(match &self.chars[start..start + length] {
            [all @ ('@' | '*')] => ArrayPlace::All(*all),
            inside => ArrayPlace::At(body_at(&inside.iter().collect::<String>(), self.depth)?),
        }))
    }

    /// Whether `#` begins `${#name}` and not `${#-word}` and the like.
    fn length_follows(&self) -> bool {
        let Some(c) = self.ahead(1) else { return false };
        c == '_' || c.is_ascii_alphanumeric() || ("@*?-$!#".contains(c) && self.ahead(2) == Some('}'))
    }

    fn parameter_name(&mut self) -> String {
        match self.peek() {
            Some(c) if c.is_ascii_digit() => {
                let start = self.at;
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
                self.chars[start..self.at].iter().collect()
            }
            Some(c) if "@*#?-$!".contains(c) => {
                self.at += 1;
                c.to_string()
            }
            _ => self.name(),
        }
    }

    fn operation(&mut self, place: Place) -> Option<Operation> {
        let c = self.peek()?;
        if c == '}' {
            return Some(Operation::Value);
        }
        let null_too = c == ':';
        if let Some(kind) = self.ahead(usize::from(null_too)).filter(|c| "-=?+".contains(*c)) {
            self.at += 1 + usize::from(null_too);
            let word = self.inner(&['}'], place.double)?;
            return Some(Operation::Test { kind, null_too, word });
        }
        match c {
            '#' | '%' => self.trim(c),
            '/' => self.replace(place),
            ':' => self.slice(),
            '@' if self.ahead(1) == Some('Q') => {
                self.at += 2;
                Some(Operation::Quote)
            }
            _ => self.bad(place),
        }
    }

    fn trim(&mut self, c: char) -> Option<Operation> {
        self.at += 1;
        let longest = self.eat(c);
        let pattern = self.inner(&['}'], false)?;
        Some(Operation::Trim { suffix: c == '%', longest, pattern })
    }

    fn replace(&mut self, place: Place) -> Option<Operation> {
        self.at += 1;
        let all = self.eat('/');
        let anchor = self.peek().filter(|c| !all && "#%".contains(*c));
        self.at += usize::from(anchor.is_some());
        let pattern = self.inner(&['/', '}'], false)?;
        let with = if self.eat('/') { self.inner(&['}'], place.double)? } else { Vec::new() };
        Some(Operation::Replace { all, anchor, pattern, with })
    }

    fn slice(&mut self) -> Option<Operation> {
        self.at += 1;
        let offset = self.inner(&[':', '}'], true)?;
        let length = if self.eat(':') { Some(self.inner(&['}'], true)?) } else { None };
        Some(Operation::Slice { offset, length })
    }

    fn bad(&mut self, place: Place) -> Option<Operation> {
        self.inner(&['}'], place.double)?;
        Some(Operation::Bad)
    }

    fn inner(&mut self, ends: &'static [char], double: bool) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        if !double && self.peek() == Some('~') {
            parts.push(self.tilde());
        }
        self.parts(Place { ends, double, plain_quote: false }, &mut parts)?;
        Some(parts)
    }
}

fn body_at(raw: &str, depth: usize) -> Option<Vec<Part>> {
    let mut scanner = Scanner { chars: raw.chars().collect(), at: 0, depth };
    let mut parts = Vec::new();
    scanner.parts(Place { ends: &[], double: true, plain_quote: true }, &mut parts)?;
    Some(parts)
}

fn plain(name: String) -> Part {
    Part::Parameter(Box::new(Parameter::plain(name, Operation::Value)))
}

fn push(into: &mut Vec<Part>, quoted: bool, c: char) {
    match (into.last_mut(), quoted) {
        (Some(Part::Quoted(text)), true) | (Some(Part::Text(text)), false) => text.push(c),
        (_, true) => into.push(Part::Quoted(c.to_string())),
        (_, false) => into.push(Part::Text(c.to_string())),
    }
}

/// A raw word cut at the colons that stand outside of all quotes and expansions.
pub(super) fn at_colons(raw: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in raw.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => escaped = true,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '{' | '(') => depth += 1,
            (None, '}' | ')') => depth = depth.saturating_sub(1),
            (None, ':') if depth == 0 => {
                parts.push(&raw[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&raw[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Part {
        Part::Text(text.into())
    }

    #[test]
    fn quotes_and_expansions_are_told_apart() {
        let parts = word(r#"a'b c'"d $e"\f"#).unwrap();
        let double = Part::Double(vec![Part::Quoted("d ".into()), plain("e".into())]);
        assert_eq!(parts, [text("a"), Part::Quoted("b c".into()), double, Part::Quoted("f".into())]);
    }

    #[test]
    fn nested_commands_end_where_they_should() {
        let command = |inside: &str| vec![Part::Command(inside.into())];
        assert_eq!(word("$(a (b) $(c))").unwrap(), command("a (b) $(c)"));
        assert_eq!(word("$(echo ')')").unwrap(), command("echo ')'"));
        assert_eq!(word("$(case x in x) y;; esac)").unwrap(), command("case x in x) y;; esac"));
        assert_eq!(word("$((1+(2)))").unwrap(), [Part::Arithmetic(vec![Part::Quoted("1+(2)".into())])]);
        assert_eq!(word("$((a) | (b))").unwrap(), command("(a) | (b)"));
        assert_eq!(word("$(cat <<E\n)\nE\n)").unwrap(), command("cat <<E\n)\nE\n"));
        assert_eq!(word("$(echo $((1<<2))\necho b)").unwrap(), command("echo $((1<<2))\necho b"));
        assert_eq!(word("$(a"), None);
    }

    #[test]
    fn operations_are_read() {
        let operation = |raw: &str| match word(raw).unwrap().remove(0) {
            Part::Parameter(parameter) => parameter.operation,
            other => panic!("{other:?}"),
        };
        assert_eq!(operation("${#x}"), Operation::Length);
        assert_eq!(operation("${#}"), Operation::Value);
        let test = Operation::Test { kind: '-', null_too: true, word: vec![text("y")] };
        assert_eq!(operation("${x:-y}"), test);
        let trim = Operation::Trim { suffix: true, longest: true, pattern: vec![text(".*")] };
        assert_eq!(operation("${x%%.*}"), trim);
        assert!(matches!(operation("${x//a/b}"), Operation::Replace { all: true, .. }));
        assert!(matches!(operation("${x: -1:2}"), Operation::Slice { .. }));
        assert_eq!(operation("${^x}"), Operation::Bad);
        assert_eq!(operation("${x@Q}"), Operation::Quote);
    }

    #[test]
    fn places_of_arrays_are_read() {
        let place = |raw: &str| match word(raw).unwrap().remove(0) {
            Part::Parameter(parameter) => parameter.place,
            other => panic!("{other:?}"),
        };
        assert_eq!(place("${a}"), None);
        assert_eq!(place("${#a[*]}"), Some(ArrayPlace::All('*')));
        assert_eq!(place("${a[b[1]]}"), Some(ArrayPlace::At(vec![Part::Quoted("b[1]".into())])));
        assert_eq!(word("${a[1}"), None);
    }

    #[test]
    fn too_deep_a_word_is_refused() {
        assert_eq!(word(&"${x:-".repeat(100)), None);
        assert_eq!(word(&"$((".repeat(100_000)), None);
    }
}

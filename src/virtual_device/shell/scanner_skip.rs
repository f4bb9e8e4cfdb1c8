//! Finds the end of a `$(…)`.

/// Where the `)` stands that closes the command substitution whose text begins at `start`.
pub(super) fn command(chars: &[char], start: usize) -> Option<usize> {
    let documents = Documents::default();
    let mut skip = Skip { chars, at: start, open: Vec::new(), word: String::new(), documents };
    skip.run()
}

/// Whether a word may begin here.
pub(super) fn at_word_start(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| chars.get(at));
    before.is_none_or(|c| c.is_whitespace() || ";(&|".contains(*c))
}

/// Whether `((` was opened on this line and not closed: then `<<` shifts bits.
fn in_arithmetic(chars: &[char], at: usize) -> bool {
    let line = chars[..at].iter().rposition(|c| *c == '\n').map_or(0, |newline| newline + 1);
    let last = |pair: char| chars[line..at].windows(2).rposition(|two| two == [pair, pair]);
    last('(').is_some_and(|open| last(')').is_none_or(|close| close < open))
}

/// Here-documents that were named and whose text has not come yet: their last lines, and whether tabs before them count.
#[derive(Debug, Default)]
pub(super) struct Documents(Vec<(String, bool)>);

impl Documents {
    /// Notes the here-document that is named from here on, if one is; how many characters its name takes.
    pub fn note(&mut self, chars: &[char], start: usize) -> usize {
        let is = |at: usize, c: char| chars.get(at) == Some(&c);
        if !is(start, '<') || !is(start + 1, '<') || is(start + 2, '<') {
            // A here-string is none.
            return if is(start + 1, '<') && is(start + 2, '<') { 3 } else { 0 };
        }
        if in_arithmetic(chars, start) {
            return 2;
        }
        let tabs = is(start + 2, '-');
        let mut at = start + 2 + usize::from(tabs);
        while is(at, ' ') || is(at, '\t') {
            at += 1;
        }
        let mut name = String::new();
        let mut quote = None;
        while let Some(c) = chars.get(at).copied() {
            match (quote, c) {
                (Some(open), _) if c == open => quote = None,
                (None, '\'' | '"') => quote = Some(c),
                (None, '\\') => {}
                (None, _) if c.is_whitespace() || ";&|()<>".contains(c) => break,
                _ => name.push(c),
            }
            at += 1;
        }
        self.0.push((name, tabs));
        at - start
    }

    /// The place after the end of the line that ends here and of the here-documents that follow it.
    pub fn skip(&mut self, chars: &[char], newline: usize) -> usize {
        let mut at = newline + 1;
        for (name, tabs) in std::mem::take(&mut self.0) {
            while at < chars.len() {
                let rest = &chars[at..];
                let length = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
                let line: String = rest[..length].iter().collect();
                at += length + 1;
                let line = if tabs { line.trim_start_matches('\t') } else { &line };
                if line == name {
                    break;
                }
            }
        }
        at.min(chars.len())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `(`
    Bracket,
    /// `case`, in which a `)` may stand alone.
    Case,
}

struct Skip<'a> {
    chars: &'a [char],
    at: usize,
    open: Vec<Open>,
    word: String,
    documents: Documents,
}

impl Skip<'_> {
    fn run(&mut self) -> Option<usize> {
        loop {
            let c = *self.chars.get(self.at)?;
            if c.is_ascii_alphanumeric() || "_-./".contains(c) {
                self.word.push(c);
                self.at += 1;
                continue;
            }
            let comment = c == '#' && self.word.is_empty() && at_word_start(self.chars, self.at);
            self.keyword();
            match c {
                '\\' => self.at += 1,
                '\'' => self.until('\'')?,
                '"' => self.double()?,
                '`' => self.until('`')?,
                '#' if comment => self.comment(),
                '<' => self.at += self.documents.note(self.chars, self.at).saturating_sub(1),
                '\n' => self.at = self.documents.skip(self.chars, self.at).saturating_sub(1),
                '(' => self.open.push(Open::Bracket),
                ')' => match self.open.last() {
                    None => return Some(self.at),
                    Some(Open::Bracket) => {
                        self.open.pop();
                    }
                    Some(Open::Case) => {}
                },
                _ => {}
            }
            self.at += 1;
        }
    }

    fn keyword(&mut self) {
        match self.word.as_str() {
            "case" => self.open.push(Open::Case),
            "esac" if self.open.last() == Some(&Open::Case) => {
                self.open.pop();
            }
            _ => {}
        }
        self.word.clear();
    }

    /// Stops on the closing quote.
    fn until(&mut self, quote: char) -> Option<()> {
        self.at += 1;
        while *self.chars.get(self.at)? != quote {
            self.at += 1 + usize::from(quote == '`' && self.chars[self.at] == '\\');
        }
        Some(())
    }

    /// Stops on the closing `"`.
    fn double(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match *self.chars.get(self.at)? {
                '"' => return Some(()),
                '\\' => self.at += 1,
                '$' if self.chars.get(self.at + 1) == Some(&'(') => self.at = command(self.chars, self.at + 2)?,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Stops before the line's end.
    fn comment(&mut self) {
        while self.chars.get(self.at + 1).is_some_and(|c| *c != '\n') {
            self.at += 1;
        }
    }
}

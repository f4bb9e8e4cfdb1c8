//! Finds the end of a `$(…)`.

/// Where the `)` stands that closes the command substitution whose text begins at `start`.
pub(super) fn command(chars: &[char], start: usize) -> Option<usize> {
    let mut skip = Skip { chars, at: start, open: Vec::new(), word: String::new() };
    skip.run()
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
            let comment = c == '#' && self.word.is_empty() && self.at_word_start();
            self.keyword();
            match c {
                '\\' => self.at += 1,
                '\'' => self.until('\'')?,
                '"' => self.double()?,
                '`' => self.until('`')?,
                '#' if comment => self.comment(),
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

    fn at_word_start(&self) -> bool {
        self.at
            .checked_sub(1)
            .and_then(|at| self.chars.get(at))
            .is_none_or(|c| c.is_whitespace() || ";(&|".contains(*c))
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

//! Command substitutions that the grammar's parser can't read: with a here-document, or a pattern with one bracket, within
//! `$(…)`. Before it reads a script their text is written in letters that mean nothing to it; the scanner of words writes it
//! back.

use std::borrow::Cow;

use super::scanner_skip::{self, Documents};

/// Stands before text that was rewritten.
const MARK: char = '\u{f8ff}';
/// The first of the letters that stand for ASCII ones (private use).
const FIRST: u32 = 0xe000;

/// The script with such substitutions rewritten.
pub(super) fn hidden(text: &str) -> Cow<'_, str> {
    if !text.contains("$(") || !hard(text) {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let mut hiding =
        Hiding { chars: &chars, at: 0, out: String::with_capacity(text.len()), documents: Documents::default() };
    hiding.run();
    Cow::Owned(hiding.out)
}

/// The text of a substitution as it was written.
pub(super) fn shown(text: String) -> String {
    let Some(rest) = text.strip_prefix(MARK) else { return text };
    let back = |c: char| match u32::from(c).checked_sub(FIRST) {
        Some(code @ 0..=0x7f) => char::from_u32(code).unwrap_or(c),
        _ => c,
    };
    rest.chars().map(back).collect()
}

/// Whether a text may hold what the parser can't read.
fn hard(text: &str) -> bool {
    text.contains("<<") || text.contains("case")
}

struct Hiding<'a> {
    chars: &'a [char],
    at: usize,
    out: String,
    documents: Documents,
}

impl Hiding<'_> {
    fn run(&mut self) {
        let mut double = false;
        while let Some(c) = self.chars.get(self.at).copied() {
            let start = self.at;
            match c {
                '\\' => self.at += 2,
                '\'' if !double => self.at = self.after(start + 1, '\''),
                '"' => {
                    double = !double;
                    self.at += 1;
                }
                '#' if !double && scanner_skip::at_word_start(self.chars, start) => {
                    self.at = self.after(start, '\n').saturating_sub(1).max(start + 1);
                }
                '$' if self.chars.get(start + 1) == Some(&'(') && self.chars.get(start + 2) != Some(&'(') => {
                    if self.substitution() {
                        continue;
                    }
                    self.at += 1;
                }
                '<' if !double => self.at += self.documents.note(self.chars, start).max(1),
                '\n' if !double => self.at = self.documents.skip(self.chars, start),
                _ => self.at += 1,
            }
            self.at = self.at.min(self.chars.len());
            self.out.extend(&self.chars[start..self.at]);
        }
    }

    /// The place after the next such character.
    fn after(&self, from: usize, c: char) -> usize {
        let rest = self.chars.get(from..).unwrap_or_default();
        rest.iter().position(|other| *other == c).map_or(self.chars.len(), |at| from + at + 1)
    }

    /// Writes out the substitution that begins here; false when it has no end.
    fn substitution(&mut self) -> bool {
        let Some(end) = scanner_skip::command(self.chars, self.at + 2) else { return false };
        let inside: String = self.chars[self.at + 2..end].iter().collect();
        self.out += "$(";
        if hard(&inside) {
            self.out.push(MARK);
            let letter = |c: char| if c.is_ascii() { char::from_u32(FIRST + u32::from(c)).unwrap_or(c) } else { c };
            self.out.extend(inside.chars().map(letter));
        } else {
            self.out += &inside;
        }
        self.out.push(')');
        self.at = end + 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_parser_cant_read_is_rewritten_and_comes_back() {
        for plain in ["echo $(a; b) case", "echo '$(case)' <<x", "# $(case a in a) b;; esac)\necho", "echo $((1<<2))"] {
            assert_eq!(hidden(plain), plain);
        }
        for (before, inside, after) in [
            ("y=", "case a in a*) echo b;; esac", "; echo \"$y\""),
            ("echo \"x ", "read l <<E\n)\nE\necho $l", " y\""),
            ("", "cat <<'E'\n$(\nE\n", "\necho"),
            ("echo $((1<<2))\ny=", "case a in a) b;; esac", ""),
        ] {
            let script = format!("{before}$({inside}){after}");
            let rewritten = hidden(&script).into_owned();
            assert!(rewritten.starts_with(&format!("{before}$({MARK}")) && rewritten.ends_with(&format!("){after}")));
            let text = rewritten[before.len() + 2..rewritten.len() - after.len() - 1].to_owned();
            assert_eq!(shown(text), inside);
        }
        // A here-document's own text is left as it is.
        let script = "cat <<E\n$(case a in a) b;; esac)\nE\n";
        assert_eq!(hidden(script), script);
    }
}

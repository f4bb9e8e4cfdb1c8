//! Aliases: a command's name that stands for other text. They are put in place before the grammar is read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::scanner_skip::{self, Documents};

/// Aliases by name.
pub(super) type Aliases = BTreeMap<String, String>;

/// Those that mksh has from the start; the shell has builtins of these names instead.
pub(super) const BUILT_IN: &[(&str, &str)] = &[
    ("autoload", "\\builtin typeset -fu"),
    ("functions", "\\builtin typeset -f"),
    ("hash", "\\builtin alias -t"),
    ("history", "\\builtin fc -l"),
    ("integer", "\\builtin typeset -i"),
    ("local", "\\builtin typeset"),
    ("login", "\\builtin exec login"),
    ("nameref", "\\builtin typeset -n"),
    ("nohup", "nohup "),
    ("r", "\\builtin fc -e -"),
    ("type", "\\builtin whence -v"),
];

/// Words after which another command begins.
const OPENERS: &[&str] = &["if", "then", "else", "elif", "while", "until", "do", "!", "{", "time"];
/// Most characters a script may grow to.
const MAX_EXPANDED: usize = 1 << 20;
/// Most aliases that stand for each other.
const MAX_DEPTH: usize = 16;

/// Whether a text has to be read command by command because of aliases.
pub(super) fn matter(text: &str, aliases: &Aliases) -> bool {
    !aliases.is_empty() || text.contains("alias")
}

/// The text with aliases put in place.
pub(super) fn expand(text: &str, aliases: &Aliases) -> String {
    if aliases.is_empty() {
        return text.to_owned();
    }
    let mut expansion = Expansion { aliases, out: String::with_capacity(text.len()) };
    expansion.run(text, &mut Vec::new(), true);
    expansion.out
}

struct Expansion<'a> {
    aliases: &'a Aliases,
    out: String,
}

impl Expansion<'_> {
    /// Writes the text out; `open` are the aliases it comes from, `first` whether a command begins with it. Whether the next
    /// word may be an alias too.
    fn run(&mut self, text: &str, open: &mut Vec<String>, first: bool) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let mut documents = Documents::default();
        let (mut at, mut begins, mut target) = (0, first, false);
        while let Some(c) = chars.get(at).copied() {
            let start = at;
            match c {
                ' ' | '\t' => at += 1,
                '\n' => {
                    at = documents.skip(&chars, at).max(at + 1);
                    begins = true;
                }
                '#' if scanner_skip::at_word_start(&chars, at) => {
                    at += chars[at..].iter().position(|c| *c == '\n').unwrap_or(chars.len() - at);
                }
                ';' | '&' | '|' | '(' | ')' => {
                    // `>&1` and `&>` name a target.
                    begins = !(c == '&' && start > 0 && chars[start - 1] == '>');
                    at += 1;
                }
                '<' | '>' => {
                    let named = documents.note(&chars, at);
                    target = named == 0;
                    at += named.max(1);
                }
                _ => {
                    at = word_end(&chars, at);
                    let word: String = chars[start..at].iter().collect();
                    if std::mem::take(&mut target) {
                        self.out += &word;
                        continue;
                    }
                    if begins && self.replace(&word, open, &mut begins) {
                        continue;
                    }
                    begins = begins && (OPENERS.contains(&word.as_str()) || is_assignment(&word));
                    self.out += &word;
                    continue;
                }
            }
            self.out.extend(&chars[start..at]);
        }
        begins
    }

    fn replace(&mut self, word: &str, open: &mut Vec<String>, begins: &mut bool) -> bool {
        let Some(value) = self.aliases.get(word) else { return false };
        if open.len() >= MAX_DEPTH || self.out.len() > MAX_EXPANDED || open.iter().any(|known| known == word) {
            return false;
        }
        open.push(word.to_owned());
        self.run(&value.clone(), open, true);
        open.pop();
        // A blank at its end lets the next word be an alias too.
        *begins = value.ends_with([' ', '\t']);
        true
    }
}

/// What stands in place of no words: it becomes none.
const NOTHING: &str = " ${_+}";

/// The text with something in the lists of `for NAME in` that are empty: the grammar's parser takes them for missing.
pub(super) fn with_full_lists(text: &str) -> Cow<'_, str> {
    if !text.contains("for") || !text.contains("in") {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let mut documents = Documents::default();
    let (mut at, mut words, mut gaps) = (0, 0, Vec::new());
    while let Some(c) = chars.get(at).copied() {
        match c {
            '\n' | ';' if words == 3 => {
                gaps.push(at);
                words = 0;
            }
            '\n' => at = documents.skip(&chars, at).max(at + 1),
            '#' if scanner_skip::at_word_start(&chars, at) => {
                at += chars[at..].iter().position(|c| *c == '\n').unwrap_or(chars.len() - at);
            }
            '<' => at += documents.note(&chars, at).max(1),
            c if c.is_whitespace() || ";&|()>".contains(c) => at += 1,
            _ => {
                let end = word_end(&chars, at);
                let word: String = chars[at..end].iter().collect();
                words = match (words, word.as_str()) {
                    (_, "for") => 1,
                    (1, name) if super::variables::is_name(name) => 2,
                    (2, "in") => 3,
                    _ => 0,
                };
                at = end;
            }
        }
    }
    if gaps.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut filled = String::with_capacity(text.len() + gaps.len() * NOTHING.len());
    let mut from = 0;
    for gap in gaps {
        filled.extend(&chars[from..gap]);
        filled += NOTHING;
        from = gap;
    }
    filled.extend(&chars[from..]);
    Cow::Owned(filled)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| super::variables::is_name(name.trim_end_matches('+')))
}

/// Where the word ends that begins at a place, with all that its quotes and brackets hold.
fn word_end(chars: &[char], start: usize) -> usize {
    let mut at = start;
    let mut quote = None;
    while let Some(c) = chars.get(at).copied() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') | (Some('`'), '`') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => at += 1,
            (_, '$') if chars.get(at + 1) == Some(&'(') => {
                at = scanner_skip::command(chars, at + 2).unwrap_or(chars.len());
            }
            (None, '$') if chars.get(at + 1) == Some(&'{') => {
                let mut depth = 0_usize;
                while let Some(c) = chars.get(at) {
                    match c {
                        '{' => depth += 1,
                        '}' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if *c == '}' && depth == 0 {
                        break;
                    }
                    at += 1;
                }
            }
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, c) if c.is_whitespace() || ";&|()<>".contains(c) => break,
            _ => {}
        }
        at += 1;
    }
    at.clamp(start + 1, chars.len().max(start + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_without_words_are_filled() {
        assert_eq!(with_full_lists("for a in; do b; done"), "for a in ${_+}; do b; done");
        assert_eq!(with_full_lists("for a in\ndo b; done"), "for a in ${_+}\ndo b; done");
        for same in ["for a in b; do c; done", "for a; do b; done", "echo 'for a in;'", "case for in a) ;; esac"] {
            assert_eq!(with_full_lists(same), same);
        }
    }

    #[test]
    fn only_the_names_of_commands_are_replaced() {
        let aliases: Aliases = [("e", "echo "), ("w", "word"), ("a", "a b"), ("x", "e;w")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (text, wanted) in [
            ("e w w", "echo  word w"),
            ("a", "a b"),
            ("x", "echo ;word"),
            ("if e; then w; fi", "if echo ; then word; fi"),
            ("y=1 w >w w", "y=1 word >w w"),
            ("'e' \\e \"e\"", "'e' \\e \"e\""),
            ("cat <<E\ne\nE\ne", "cat <<E\ne\nE\necho "),
            ("echo $(e) \"$(w ')')\" # e\nw", "echo $(e) \"$(w ')')\" # e\nword"),
            ("z e | w && w", "z e | word && word"),
        ] {
            assert_eq!(expand(text, &aliases), wanted);
        }
    }
}

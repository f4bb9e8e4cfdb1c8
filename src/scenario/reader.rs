//! Walks the tree of a file and collects every mistake on the way.

use std::collections::BTreeMap;
use std::time::Duration;

use super::mistake::{Mistake, Mistakes};
use super::source::{Location, Source};
use super::words::Word;
use crate::catalogue::Catalogue;
use crate::yaml::{self, Kind, Node};

/// Longest duration an author may write.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Collects mistakes; its reading functions return `None` after they have told one.
#[derive(Debug, Default)]
pub(super) struct Reader {
    mistakes: Vec<Mistake>,
    /// What `${name}` stands for in texts.
    pub(super) parameters: BTreeMap<String, String>,
}

/// A key a map may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    /// One line for an editor.
    pub(super) help: &'static str,
    /// JSON Schema of its value.
    pub(super) schema: fn() -> serde_json::Value,
}

/// A map whose keys were checked.
pub(super) struct Fields<'a> {
    entries: Vec<(&'a str, &'a Node)>,
}

impl<'a> Fields<'a> {
    /// The value of a key, when it was written.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// Reads a file with `walk`; `Ok` only when there was no mistake at all.
pub(super) fn read_file<T>(source: &Source, walk: impl FnOnce(&Node, &mut Reader) -> Option<T>) -> Result<T, Mistakes> {
    let root = yaml::read(&source.text).map_err(|wrong| {
        Mistakes::new(source, vec![Mistake { at: wrong.at, width: 1, message: wrong.message, hint: None }])
    })?;
    let mut reader = Reader::default();
    let value = walk(&root, &mut reader);
    match value {
        Some(value) if reader.mistakes.is_empty() => Ok(value),
        _ => {
            if reader.mistakes.is_empty() {
                reader.tell(&root, "this file cannot be read", None);
            }
            Err(Mistakes::new(source, reader.mistakes))
        }
    }
}

impl Reader {
    /// Notes a mistake at a piece.
    pub(super) fn tell(&mut self, node: &Node, message: impl Into<String>, hint: Option<String>) {
        self.tell_at(node.at, node.width, message, hint);
    }

    /// Notes a mistake at a step.
    pub(super) fn tell_step(&mut self, at: Location, verb: &str, message: &str, hint: &str) {
        self.tell_at(at, verb.len(), message, Some(hint.to_owned()));
    }

    fn tell_at(&mut self, at: Location, width: usize, message: impl Into<String>, hint: Option<String>) {
        self.mistakes.push(Mistake { at, width, message: message.into(), hint });
    }

    /// How many mistakes there are so far.
    pub(super) fn count(&self) -> usize {
        self.mistakes.len()
    }

    /// A map with these keys and no others, each at most once.
    pub(super) fn fields<'a>(&mut self, node: &'a Node, what: &str, known: &[&[Field]]) -> Option<Fields<'a>> {
        let Kind::Map(entries) = &node.kind else {
            self.tell(node, format!("{what} must be a map of keys and values, not {}", node.what()), None);
            return None;
        };
        let names: Vec<&str> = known.iter().flat_map(|fields| fields.iter()).map(|field| field.name).collect();
        let mut kept: Vec<(&str, &Node)> = Vec::new();
        for (key, value) in entries {
            let Some(name) = key.scalar() else {
                self.tell(key, "a key must be a word", None);
                continue;
            };
            if kept.iter().any(|(known, _)| *known == name) {
                self.tell(key, format!("`{name}` stands here twice"), None);
            } else if names.contains(&name) {
                kept.push((name, value));
            } else {
                let hint = suggestion(name, &names).unwrap_or_else(|| format!("known keys: {}", names.join(", ")));
                self.tell(key, format!("unknown key `{name}` in {what}"), Some(hint));
            }
        }
        for field in known.iter().flat_map(|fields| fields.iter()).filter(|field| field.required) {
            if !kept.iter().any(|(name, _)| *name == field.name) {
                self.tell(node, format!("{what} lacks `{}`", field.name), Some(field.help.to_owned()));
            }
        }
        Some(Fields { entries: kept })
    }

    /// A list with at least one item.
    pub(super) fn list<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a [Node]> {
        match &node.kind {
            Kind::List(items) if items.is_empty() => {
                self.tell(node, format!("{what}: the list is empty"), None);
                None
            }
            Kind::List(items) => Some(items),
            _ => {
                self.tell(
                    node,
                    format!("{what} must be a list, not {}", node.what()),
                    Some("begin each item with `- `".to_owned()),
                );
                None
            }
        }
    }

    /// A list of texts; a single text counts as a list of one.
    pub(super) fn texts(&mut self, node: &Node, what: &str) -> Option<Vec<String>> {
        if node.scalar().is_some() {
            return self.text(node, what).map(|text| vec![text]);
        }
        let items = self.list(node, what)?;
        let texts: Vec<Option<String>> = items.iter().map(|item| self.text(item, what)).collect();
        texts.into_iter().collect()
    }

    /// Text as it stands; `${…}` stays.
    pub(super) fn raw_text(&mut self, node: &Node, what: &str) -> Option<String> {
        match node.scalar() {
            Some(text) if !node.is_empty() && !text.trim().is_empty() => Some(text.to_owned()),
            _ => {
                let found = if node.scalar().is_some() { "nothing" } else { node.what() };
                self.tell(node, format!("{what} must be text, not {found}"), None);
                None
            }
        }
    }

    /// Text, with `${name}` filled in.
    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let raw = self.raw_text(node, what)?;
        self.filled(node, &raw)
    }

    fn filled(&mut self, node: &Node, text: &str) -> Option<String> {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else {
                self.tell(node, "`${` without `}`", None);
                return None;
            };
            out += before;
            match self.parameters.get(name) {
                Some(value) => out += value,
                None if ACCOUNT.contains(&name) || name.starts_with(OPERATOR) => out += &format!("${{{name}}}"),
                None => {
                    let own = self.parameters.keys().map(String::as_str);
                    let names: Vec<&str> = ACCOUNT.into_iter().chain(own).collect();
                    let hint = suggestion(name, &names)
                        .unwrap_or_else(|| "name it under `parameters`, or use ${account.user}".to_owned());
                    self.tell(node, format!("nothing is called `{name}`"), Some(hint));
                    return None;
                }
            }
            rest = tail;
        }
        Some(out + rest)
    }

    /// An id: small letters, digits and hyphens.
    pub(super) fn id(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = self.raw_text(node, what)?;
        let fits = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && text.len() <= 80;
        if !fits {
            self.tell(
                node,
                format!("{what} may hold small letters, digits and hyphens, at most 80"),
                Some("for example `deny-everything`".to_owned()),
            );
        }
        fits.then_some(text)
    }

    /// One of a list of words.
    pub(super) fn word<W: Word>(&mut self, node: &Node, what: &str) -> Option<W> {
        let names: Vec<&str> = W::WORDS.iter().map(|(name, _)| *name).collect();
        let text = self.one_of(node, what, &names)?;
        W::of(text)
    }

    /// One of a list of words, as text.
    pub(super) fn one_of<'a>(&mut self, node: &'a Node, what: &str, names: &[&str]) -> Option<&'a str> {
        let list = names.join(", ");
        let Some(text) = node.scalar().filter(|_| !node.is_empty()) else {
            self.tell(node, format!("{what} must be one word, not {}", node.what()), Some(format!("one of: {list}")));
            return None;
        };
        if names.contains(&text) {
            return Some(text);
        }
        let hint = suggestion(text, names).unwrap_or_else(|| format!("one of: {list}"));
        self.tell(node, format!("`{text}` is not a known {what}"), Some(hint));
        None
    }

    /// A category id of the catalogue.
    pub(super) fn category(&mut self, node: &Node, catalogue: &Catalogue) -> Option<String> {
        let names: Vec<&str> = catalogue.categories().iter().map(|category| category.id.as_str()).collect();
        self.one_of(node, "category", &names).map(str::to_owned)
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, node: &Node, what: &str, from: u32, to: u32) -> Option<u32> {
        let number = match &node.kind {
            Kind::Scalar { text, plain: true } => text.parse().ok().filter(|number| (from..=to).contains(number)),
            _ => None,
        };
        if number.is_none() {
            let found = node.scalar().map_or_else(|| node.what().to_owned(), |text| format!("`{text}`"));
            self.tell(node, format!("{what} must be a whole number from {from} to {to}, not {found}"), None);
        }
        number
    }

    /// `15s`, `500ms`, `2m`, `1h`.
    pub(super) fn duration(&mut self, node: &Node, what: &str) -> Option<Duration> {
        let hint = Some("write for example 500ms, 15s, 2m or 1h".to_owned());
        let Some(text) = node.scalar() else {
            self.tell(node, format!("{what} must be a duration, not {}", node.what()), hint);
            return None;
        };
        match duration(text) {
            Some(long) if long > LONGEST => {
                self.tell(node, format!("{what} is longer than 168h, a week"), None);
                None
            }
            Some(duration) => Some(duration),
            None if text.parse::<u64>().is_ok() => {
                let better = format!("write `{text}s` or `{text}ms`");
                self.tell(node, format!("{what}: `{text}` has no unit"), Some(better));
                None
            }
            None => {
                self.tell(node, format!("{what}: `{text}` is no duration"), hint);
                None
            }
        }
    }
}

/// What an operator was asked for: `${operator.NAME}`.
const OPERATOR: &str = "operator.";
/// Names a text may use beside the author's own parameters; a run fills them in from the briefing's account, and for a
/// child that signs up from a made-up birth date.
const ACCOUNT: [&str; 5] = ["account.user", "account.password", "child.birth-date", "child.birth-year", "child.age"];

/// A duration as authors write it: `500ms`, `15s`, `2m`, `1h`.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let milliseconds = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}

/// `did you mean …?`, when one of the names is near.
pub(super) fn suggestion(word: &str, names: &[&str]) -> Option<String> {
    let folded = word.to_ascii_lowercase().replace(['_', ' '], "-");
    let most = (folded.chars().count() / 3).max(1);
    let near = names.iter().map(|name| (distance(&folded, name, most), name)).filter(|(d, _)| *d <= most).min()?;
    Some(format!("did you mean `{}`?", near.1))
}

/// Edit distance with swapped neighbours (optimal string alignment); anything above `most` is only told as more.
fn distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(duration("15s"), Some(Duration::from_secs(15)));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Some(Duration::from_secs(120)));
        for wrong in ["", "s", "15", "15 s", "-3s", "1.5s", "3d", "99999999999999999999s", "9999999999999999999h"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        let names = ["launch", "settle", "account-deletion"];
        assert_eq!(suggestion("lanuch", &names).as_deref(), Some("did you mean `launch`?"));
        assert_eq!(suggestion("Account_Deletion", &names).as_deref(), Some("did you mean `account-deletion`?"));
        assert_eq!(suggestion("fly", &names), None);
    }
}

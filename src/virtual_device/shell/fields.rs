//! Expanded text before it becomes arguments: characters that remember their quotes, split at IFS.

use super::pattern::Mark;

/// One unit of expanded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// A character: quoted ones are no pattern; split ones may separate fields.
    Char { c: char, quoted: bool, split: bool },
    /// Quotes with nothing between them: the field exists all the same.
    Empty,
    /// The border between two of `"$@"`.
    Border,
}

/// Adds text.
pub(super) fn push(units: &mut Vec<Unit>, text: &str, quoted: bool, split: bool) {
    units.extend(text.chars().map(|c| Unit::Char { c, quoted, split: split && !quoted }));
}

/// The fields of expanded units.
pub(super) fn split(units: &[Unit], ifs: &str) -> Vec<Vec<Mark>> {
    let mut splitter = Splitter { fields: Vec::new(), field: None, after_blank: false };
    for unit in units {
        match *unit {
            Unit::Empty => splitter.open(),
            Unit::Border => splitter.close(),
            Unit::Char { c, split: true, .. } if ifs.contains(c) => splitter.separate(c),
            Unit::Char { c, quoted, .. } => {
                splitter.open();
                splitter.field.get_or_insert_default().push((c, quoted));
            }
        }
    }
    splitter.close();
    splitter.fields
}

struct Splitter {
    fields: Vec<Vec<Mark>>,
    field: Option<Vec<Mark>>,
    /// A white-space separator ended the last field: a visible one may still follow it.
    after_blank: bool,
}

impl Splitter {
    fn open(&mut self) {
        self.field.get_or_insert_default();
        self.after_blank = false;
    }

    fn close(&mut self) {
        if let Some(field) = self.field.take() {
            self.fields.push(field);
        }
    }

    fn separate(&mut self, c: char) {
        if matches!(c, ' ' | '\t' | '\n') {
            self.after_blank |= self.field.is_some();
            self.close();
        } else if self.field.is_some() || !self.after_blank {
            self.open();
            self.close();
        } else {
            self.after_blank = false;
        }
    }
}

/// The units as one text, without splitting.
pub(super) fn joined(units: &[Unit], ifs: &str) -> Vec<Mark> {
    let border = ifs.chars().next().map(|c| (c, true));
    units
        .iter()
        .filter_map(|unit| match *unit {
            Unit::Char { c, quoted, .. } => Some((c, quoted)),
            Unit::Empty => None,
            Unit::Border => border,
        })
        .collect()
}

/// Marked characters as plain text.
pub(super) fn text(marks: &[Mark]) -> String {
    marks.iter().map(|(c, _)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str, ifs: &str) -> Vec<String> {
        let mut units = Vec::new();
        push(&mut units, text, false, true);
        split(&units, ifs).iter().map(|field| super::text(field)).collect()
    }

    #[test]
    fn white_space_and_visible_separators_differ() {
        assert_eq!(fields("  a  b ", " \t\n"), ["a", "b"]);
        assert_eq!(fields("a::b:", ":"), ["a", "", "b"]);
        assert_eq!(fields(" a : b ", " :"), ["a", "b"]);
        assert_eq!(fields(":a", ":"), ["", "a"]);
        assert_eq!(fields("a b", ""), ["a b"]);
        assert_eq!(fields("", " "), Vec::<String>::new());
    }

    #[test]
    fn quoted_text_is_never_split_and_empty_quotes_count() {
        let mut units = vec![Unit::Empty];
        assert_eq!(split(&units, " "), [vec![]]);
        push(&mut units, "a b", true, true);
        units.push(Unit::Border);
        push(&mut units, "c", true, false);
        let fields: Vec<String> = split(&units, " ").iter().map(|field| text(field)).collect();
        assert_eq!(fields, ["a b", "c"]);
    }
}

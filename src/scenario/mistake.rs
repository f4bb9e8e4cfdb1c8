//! What is wrong with an author's file: every mistake, each with its place, the line, a caret and a hint.

use std::fmt;

use super::source::{Location, Source};

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it begins.
    pub at: Location,
    /// How many characters of the line it covers; at least 1.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead, when that can be told.
    pub hint: Option<String>,
}

/// All mistakes of a file, in the order of their places. Printed in plain ASCII but for the file's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// The file.
    pub source: Source,
    /// The mistakes; at least one.
    pub list: Vec<Mistake>,
}

impl Mistakes {
    pub(super) fn new(source: &Source, mut list: Vec<Mistake>) -> Self {
        list.sort_by_key(|mistake| mistake.at);
        Self { source: source.clone(), list }
    }
}

impl std::error::Error for Mistakes {}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.list.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            let Location { line, column } = mistake.at;
            writeln!(f, "{}:{line}:{column}: {}", self.source.name, mistake.message)?;
            self.excerpt(f, mistake)?;
            if let Some(hint) = &mistake.hint {
                writeln!(f, "{:width$} = {hint}", "", width = line.to_string().len() + 2)?;
            }
        }
        Ok(())
    }
}

impl Mistakes {
    /// The line and a caret below the mistake.
    fn excerpt(&self, f: &mut fmt::Formatter<'_>, mistake: &Mistake) -> fmt::Result {
        /// Longest piece of a line that is shown, in characters.
        const WINDOW: usize = 100;
        let number = mistake.at.line.to_string();
        let characters: Vec<char> =
            self.source.text.lines().nth(mistake.at.line.saturating_sub(1)).unwrap_or("").chars().collect();
        let column = mistake.at.column.saturating_sub(1).min(characters.len());
        let from = if characters.len() > WINDOW { column.saturating_sub(WINDOW / 2) } else { 0 };
        let shown = &characters[from..characters.len().min(from + WINDOW)];
        let text: String = shown.iter().map(|c| if c.is_control() { ' ' } else { *c }).collect();
        let before: usize = shown[..column - from].iter().map(|c| columns(*c)).sum();
        let marked: usize = shown[column - from..].iter().take(mistake.width.max(1)).map(|c| columns(*c)).sum();
        writeln!(f, "  {number} | {}", text.trim_end())?;
        writeln!(f, "  {:pad$} | {:before$}{}", "", "", "^".repeat(marked.max(1)), pad = number.len())
    }
}

/// Columns a terminal takes for a character: two for Chinese, Japanese and Korean ones.
fn columns(character: char) -> usize {
    let wide = matches!(u32::from(character),
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60
        | 0xffe0..=0xffe6 | 0x1_f300..=0x1_faff | 0x2_0000..=0x3_fffd);
    if wide { 2 } else { 1 }
}

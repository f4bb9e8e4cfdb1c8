//! A word, and where it stands in a text.

use crate::ui::words::{fold, is_han};

/// A label longer than this is prose: its words are not a name of anything.
const LONGEST_LABEL: usize = 400;

/// A word of the lexicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub text: String,
    /// Language tag, or `any`.
    pub language: String,
    /// Where it comes from: `ours`, `aosp`, `law`.
    pub source: String,
    /// Folded parts that must occur in this order.
    pub(super) parts: Vec<String>,
    /// As written, in small letters.
    pub(super) small: String,
}

impl Word {
    pub(super) fn new(text: String, language: &str, source: &str) -> Self {
        let parts = text.split('…').map(fold).filter(|part| !part.is_empty()).collect();
        let small = text.to_lowercase();
        Self { text, language: language.to_owned(), source: source.to_owned(), parts, small }
    }

    /// How much of a folded text the word covers: its first part's start to its last part's end, in bytes.
    pub(super) fn span_in(&self, folded: &str) -> Option<(usize, usize)> {
        let mut span: Option<(usize, usize)> = None;
        let mut from = 0;
        for part in &self.parts {
            let at = find_word(folded, part, from)?;
            from = at + part.len();
            span = Some((span.map_or(at, |(start, _)| start), from));
        }
        span
    }

    /// Whether a label begins with the word, and goes on: in Chinese without a space, so that 不 begins 不使用.
    pub(in crate::ui) fn begins(&self, label: &str) -> bool {
        let folded = fold(label);
        let Some(rest) = self.parts.first().and_then(|part| folded.strip_prefix(part.as_str())) else { return false };
        let han = self.text.chars().all(is_han);
        rest.chars().next().is_some_and(|next| han || !next.is_alphanumeric())
    }

    /// 1 for the very word; a label that holds it with much else comes near 0.3.
    fn score(&self, folded: &str) -> f32 {
        let Some((start, end)) = self.span_in(folded) else { return 0.0 };
        let words = folded[start..end].chars().count() as f32;
        let all = folded.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || words < 2.0).count().max(1) as f32;
        (0.3 + 0.7 * (words / all)).min(1.0)
    }
}

/// How well the best of several words fits a label, 0 to 1.
pub(super) fn best(words: &[Word], label: &str) -> f32 {
    if label.len() > LONGEST_LABEL * 4 || label.chars().count() > LONGEST_LABEL {
        return 0.0;
    }
    let folded = fold(label);
    words.iter().map(|word| word.score(&folded)).fold(0.0, f32::max)
}

/// Where a word stands in a text, from a byte on. Words in letters that are written with spaces must be whole ones;
/// a single Chinese character must stand alone (我 is not in 我们).
fn find_word(text: &str, word: &str, from: usize) -> Option<usize> {
    // Most words are longer than most labels; to prepare a search for them costs more than this look.
    if word.len() > text.len().saturating_sub(from) {
        return None;
    }
    let alone = word.chars().count() == 1;
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find(word)?;
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        let inside = |edge: Option<char>, neighbour: Option<char>| match (edge, neighbour) {
            (Some(edge), Some(other)) if is_han(edge) => alone && is_han(other),
            (Some(edge), Some(other)) => edge.is_alphanumeric() && other.is_alphanumeric() && !is_han(other),
            _ => false,
        };
        if !inside(word.chars().next(), before) && !inside(word.chars().next_back(), after) {
            return Some(start);
        }
        at = start + word.chars().next().map_or(1, char::len_utf8);
    }
}

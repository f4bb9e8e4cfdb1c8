//! Breaking text into lines: Latin between words, Chinese anywhere except before closing and after opening marks.

use super::font::Widths;

/// Characters of one text that are looked at; the rest is not shown.
const MOST_CHARS: usize = 20_000;

/// Marks that may not begin a line.
const CLOSING: &str = "，。、；：？！）》〉」』】〕”’…%,.;:?!)]}";

/// Marks that may not end a line.
const OPENING: &str = "（《〈「『【〔“‘([{";

/// One line of a text, as a range of bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// First byte.
    pub start: usize,
    /// First byte after it, without the space or line end it was broken at.
    pub end: usize,
    /// Width in pixels.
    pub width: f32,
}

/// Breaks `text` into lines no wider than `room` pixels (one character a line where even that does not fit), at most
/// `most` lines. An empty text is one empty line.
pub fn wrap(text: &str, widths: &Widths, room: f32, most: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    let shown = text.char_indices().nth(MOST_CHARS).map_or(text, |(end, _)| &text[..end]);
    for paragraph in shown.split('\n') {
        if lines.len() >= most {
            break;
        }
        wrap_paragraph(paragraph, at, widths, room, most, &mut lines);
        at += paragraph.len() + 1;
    }
    lines
}

fn wrap_paragraph(text: &str, offset: usize, widths: &Widths, room: f32, most: usize, lines: &mut Vec<Line>) {
    let mut start = 0;
    let mut width = 0.0;
    // The last place this line may be broken at: (byte, width up to it).
    let mut opportunity: Option<(usize, f32)> = None;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let advance = widths.of(c);
        if let Some(previous) = before
            && at > start
            && may_break(previous, c)
        {
            opportunity = Some((at, width));
        }
        while width + advance > room && at > start && c != ' ' {
            let (end, end_width) = opportunity.unwrap_or((at, width));
            push(text, offset, start..end, end_width, widths, lines);
            if lines.len() >= most {
                return;
            }
            start = end;
            width -= end_width;
            opportunity = None;
        }
        width += advance;
        before = Some(c);
    }
    push(text, offset, start..text.len(), width, widths, lines);
}

fn push(text: &str, offset: usize, range: std::ops::Range<usize>, width: f32, widths: &Widths, lines: &mut Vec<Line>) {
    let shown = text[range.clone()].trim_end_matches(' ');
    let spaces = (range.len() - shown.len()) as f32 * widths.of(' ');
    lines.push(Line {
        start: offset + range.start,
        end: offset + range.start + shown.len(),
        width: (width - spaces).max(0.0),
    });
}

/// Whether a line may end between the two characters.
fn may_break(before: char, after: char) -> bool {
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before == ' ' || before == '-' || before == '/' || is_wide(before) || is_wide(after)
}

/// Chinese characters and marks, between which a line may be broken.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::super::font::{Face, Typeface};
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, room: f32) -> Vec<&str> {
        let widths = Typeface::embedded().widths(Face::new(20.0, false));
        wrap(text, &widths, room, 100).iter().map(|l| &text[l.start..l.end]).collect()
    }

    #[test]
    fn words_stay_whole_and_newlines_break() {
        assert_eq!(lines("Allow Chat to record audio?\nNo", 110.0), ["Allow Chat", "to record", "audio?", "No"]);
        assert_eq!(lines("", 100.0), [""]);
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_a_full_stop() {
        assert_eq!(lines("请阅读并同意。好", 121.0), ["请阅读并同", "意。好"]);
        assert_eq!(lines("同意《隐私》", 61.0), ["同意", "《隐", "私》"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut() {
        let cut = lines("aaaaaaaaaaaaaaaaaaaaaaaa", 60.0);
        assert!(cut.len() > 1);
        assert_eq!(cut.concat(), "aaaaaaaaaaaaaaaaaaaaaaaa");
    }

    proptest! {
        #[test]
        fn every_character_is_kept_once_and_lines_fit(text in "[a-z 中文，。\n“”]{0,80}", room in 0.0f32..300.0) {
            let widths = Typeface::embedded().widths(Face::new(20.0, false));
            let lines = wrap(&text, &widths, room, 1000);
            let kept: String = lines.iter().map(|l| &text[l.start..l.end]).collect();
            let squeezed = |s: &str| s.chars().filter(|c| !matches!(c, ' ' | '\n')).collect::<String>();
            prop_assert_eq!(squeezed(&kept), squeezed(&text));
            for line in &lines {
                let shown = &text[line.start..line.end];
                let broken_by_force = shown.chars().count() <= 1 || shown.chars().any(|c| CLOSING.contains(c));
                prop_assert!(line.width <= room + 0.01 || broken_by_force, "{shown:?} {} {room}", line.width);
            }
        }
    }
}

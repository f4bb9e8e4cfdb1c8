//! Foreign words made harmless: visible controls, bounded length, width on a terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// Longest piece of foreign text that a report prints, in characters; the journal holds the whole.
pub const LONGEST: usize = 4_000;

/// Makes controls visible, so that text can neither hide nor turn round what stands beside it.
///
/// Line feeds and tabs stay. Other control characters, bidirectional controls, zero-width characters and tag
/// characters (Unicode 16, chapters 5.22, 23.2 and 23.9) become `⟨U+202E⟩`. Text longer than [`LONGEST`] is cut, and says so.
pub fn tame(foreign: &str) -> String {
    tame_to(foreign, LONGEST)
}

/// [`tame`], cut at `longest` characters.
pub fn tame_to(foreign: &str, longest: usize) -> String {
    let mut tame = String::with_capacity(foreign.len().min(4 * longest));
    for (at, c) in foreign.chars().enumerate() {
        if at == longest {
            let all = longest + foreign.chars().skip(longest).count();
            // Writing to a String can't fail.
            let _ = write!(tame, " … ⟨{all} characters, cut at {longest}⟩");
            break;
        }
        if hides(c) {
            let _ = write!(tame, "⟨U+{:04X}⟩", u32::from(c));
        } else {
            tame.push(c);
        }
    }
    tame
}

/// [`tame`], on one line: line feeds and tabs become spaces, runs of white space one space.
pub fn tame_line(foreign: &str) -> String {
    // Bounded before it is split: a foreign megabyte is not walked twice.
    let cut: String = foreign.chars().take(LONGEST + 1).collect();
    tame(&cut.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn hides(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        c if c.is_control() => true,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => true,
        // Zero-width joiners stay out too: an emoji family falls apart, a hidden word does not pass.
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => true,
        '\u{E0000}'..='\u{E007F}' => true,
        // Non-characters: XML forbids two of them.
        '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}' => true,
        _ => false,
    }
}

/// Columns that `text` takes on a terminal; Chinese characters take two.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Cuts `text` to at most `most` columns, with `…` as the last when something was cut.
pub fn fit(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if used + width + 1 > most {
            break;
        }
        used += width;
        cut.push(c);
    }
    if most > 0 {
        cut.push('…');
    }
    cut
}

/// Breaks `text` into lines of at most `most` columns: at spaces, else anywhere (Chinese has no spaces).
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        place(&mut lines, word, most.max(2));
    }
    lines
}

fn place(lines: &mut Vec<String>, word: &str, most: usize) {
    let used = lines.last().map_or(0, |line| columns(line));
    let gap = usize::from(used > 0);
    let whole = columns(word);
    // A long word made of Chinese characters fills the line it starts on; a Latin word moves on as a whole.
    let breakable = !word.is_ascii();
    if used + gap + whole > most && used > 0 && (!breakable || used + gap + 2 > most) {
        lines.push(String::new());
    } else if gap == 1
        && let Some(line) = lines.last_mut()
    {
        line.push(' ');
    }
    for c in word.chars() {
        let width = c.width().unwrap_or(0);
        if lines.last().map_or(0, |line| columns(line)) + width > most {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_turn_or_hide_text_become_visible() {
        assert_eq!(tame("a\u{202E}b\u{200B}c\u{7}\nd"), "a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩\nd");
        assert_eq!(tame("允许“地图”获取位置？ é 👍"), "允许“地图”获取位置？ é 👍");
        assert_eq!(tame_line(" a \n\t b "), "a b");
    }

    #[test]
    fn a_megabyte_is_cut_and_says_so() {
        let tamed = tame(&"字".repeat(1_000_000));
        assert!(tamed.chars().count() < LONGEST + 60);
        assert!(tamed.ends_with("⟨1000000 characters, cut at 4000⟩"));
    }

    #[test]
    fn chinese_counts_double() {
        assert_eq!(columns("ab位置"), 6);
        assert_eq!(fit("允许获取位置", 7), "允许获…");
        assert_eq!(fit("abc", 3), "abc");
        for line in wrap("Asks again 第二次再次询问用户位置权限 each time", 10) {
            assert!(columns(&line) <= 10, "{line}");
        }
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    }
}

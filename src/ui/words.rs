//! Comparing words as a person would: case, width, quotes and spaces do not matter.

/// The words without differences a person would not see: lower case, typographic quotes as plain ones, full-width
/// letters as normal ones, runs of space as one space, no space around Chinese text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars().map(plain) {
        if c.is_whitespace() || is_invisible(c) {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) && folded.chars().next_back().is_some_and(|last| !is_han(last)) && !is_han(c) {
            folded.push(' ');
        }
        match c.is_ascii() {
            true => folded.push(c.to_ascii_lowercase()),
            false => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// Whether the character is a Chinese one (the CJK blocks in use, without punctuation).
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Signs that are written differently in Simplified and Traditional Chinese, and common in policies (ours).
const SIMPLIFIED: &str = "们这个为规权据对应时说发现实护隐继续";
const TRADITIONAL: &str = "們這個為規權據對應時說發現實護隱繼續";

/// Whether a text is written in Simplified Chinese, at least in part; `None` when its signs do not tell.
pub fn has_simplified(text: &str) -> Option<bool> {
    let han = |c: &char| matches!(*c, '\u{4e00}'..='\u{9fff}');
    if text.chars().any(|c| SIMPLIFIED.contains(c) && !TRADITIONAL.contains(c)) {
        return Some(true);
    }
    match text.chars().filter(han).count() {
        0 => Some(false),
        _ if text.chars().any(|c| TRADITIONAL.contains(c) && !SIMPLIFIED.contains(c)) => Some(false),
        _ => None,
    }
}

fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{ff07}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{ff02}' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        // Full-width forms of ASCII stand in one block at a fixed distance.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// How alike two folded texts are, 0 to 1: shared pairs of neighbouring characters (Dice's coefficient).
pub fn likeness(a: &str, b: &str) -> f32 {
    const LONGEST: usize = 200;
    let pairs = |text: &str| -> Vec<(char, char)> {
        let chars: Vec<char> = text.chars().take(LONGEST).collect();
        chars.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    if a == b {
        return if a.is_empty() { 0.0 } else { 1.0 };
    }
    let (left, mut right) = (pairs(a), pairs(b));
    let total = left.len() + right.len();
    if total == 0 {
        return if a.contains(b) || b.contains(a) { 0.5 } else { 0.0 };
    }
    let shared =
        left.iter().filter(|pair| right.iter().position(|p| p == *pair).map(|at| right.swap_remove(at)).is_some());
    2.0 * shared.count() as f32 / total as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_a_person_does_not_see() {
        assert_eq!(fold("Don\u{2019}t  ALLOW"), "don't allow");
        assert_eq!(fold(" 同 意 "), "同意");
        assert_eq!(fold("同意 and go"), "同意and go");
        assert_eq!(fold("ＯＫ！"), "ok!");
        assert_eq!(fold("a\u{200b}b"), "a b");
    }

    #[test]
    fn simplified_chinese_is_known_by_its_signs() {
        assert_eq!(has_simplified("我们如何收集您的信息"), Some(true));
        assert_eq!(has_simplified("我們如何收集您的資訊"), Some(false));
        assert_eq!(has_simplified("What we collect"), Some(false));
        assert_eq!(has_simplified("收集方式"), None);
    }

    #[test]
    fn likeness_orders_near_and_far() {
        assert!(likeness("privacy policy", "privacy policies") > likeness("privacy policy", "settings"));
        assert_eq!(likeness("同意", "同意"), 1.0);
        assert_eq!(likeness("", ""), 0.0);
    }
}

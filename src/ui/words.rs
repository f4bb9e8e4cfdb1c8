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

/// Words that no English text of some length does without (ours).
const ENGLISH: [&str; 12] = ["the", "of", "and", "to", "we", "you", "your", "is", "are", "for", "in", "or"];
/// Share of such words in a text that makes it English (ours): running text holds a quarter or more.
const ENGLISH_SHARE: f64 = 0.08;
/// Share of Chinese signs among letters that makes a text Chinese (ours): names and addresses may be Latin.
const CHINESE_SHARE: f64 = 0.2;

/// Whether a text is written in Chinese or English, the languages that the shipped words are of.
pub fn is_chinese_or_english(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let han = text.chars().filter(|c| is_han(*c)).count();
    if letters > 0 && han as f64 >= letters as f64 * CHINESE_SHARE {
        return true;
    }
    let words = || text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let english = words().filter(|word| ENGLISH.iter().any(|known| known.eq_ignore_ascii_case(word))).count();
    english > 0 && english as f64 >= words().count() as f64 * ENGLISH_SHARE
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
    fn the_languages_of_the_shipped_words_are_known() {
        for known in [
            "我们收集您的位置信息，用于导航。详情见 https://example.com/privacy",
            "我們如何收集您的資訊",
            "We collect your phone number to sign you in. Contact: privacy@example.com",
        ] {
            assert!(is_chinese_or_english(known), "{known}");
        }
        for unknown in [
            "Nous recueillons votre position pour vous guider ; contact : vie.privee@example.com",
            "Recolhemos a sua localização para lhe mostrar o caminho",
            "Мы собираем ваше местоположение, чтобы показать дорогу",
            "",
        ] {
            assert!(!is_chinese_or_english(unknown), "{unknown}");
        }
    }

    #[test]
    fn likeness_orders_near_and_far() {
        assert!(likeness("privacy policy", "privacy policies") > likeness("privacy policy", "settings"));
        assert_eq!(likeness("同意", "同意"), 1.0);
        assert_eq!(likeness("", ""), 0.0);
    }
}

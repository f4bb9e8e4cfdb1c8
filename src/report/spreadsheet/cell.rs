//! Text in a cell: XML's own signs, and the format's own escape.

use crate::report::text::tame_to;

/// Longest text of a cell, in characters; the format takes 32,767.
const LONGEST: usize = 4_000;

/// Text as it stands in the file: tamed, and escaped for XML. `_x0041_` would be read as `A` (ECMA-376, `ST_Xstring`), so
/// an underscore that begins such a thing is escaped that way itself.
pub fn escaped(text: &str) -> String {
    let tame = tame_to(text, LONGEST);
    let mut out = String::with_capacity(tame.len() + 16);
    for (at, c) in tame.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if is_escape(&tame[at..]) => out.push_str("_x005F_"),
            c => out.push(c),
        }
    }
    out
}

fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && matches!(bytes[1], b'x' | b'X')
        && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
        && bytes[6] == b'_'
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_stays_the_text_it_was() {
        assert_eq!(escaped("=1+1<a&\"b\">"), "=1+1&lt;a&amp;&quot;b&quot;&gt;");
        assert_eq!(escaped("_x0041_ _x00 字_x000d_"), "_x005F_x0041_ _x00 字_x005F_x000d_");
        assert_eq!(escaped("a\u{0}\u{202E}b"), "a⟨U+0000⟩⟨U+202E⟩b");
        assert!(escaped(&"字".repeat(100_000)).chars().count() < 4_100);
    }
}

//! The notice as Markdown.

use super::Block;

/// Signs that mean something within a line of CommonMark or its common extensions; a backslash takes their meaning away.
const MEANINGFUL: &str = "\\`*_[]<>|&!~$";

/// The text of all blocks.
pub(super) fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut number = 0;
    for block in blocks {
        match block {
            Block::Title(text) => out += &format!("# {}\n\n", escaped(text)),
            Block::Heading(text) => {
                number = 0;
                out += &format!("## {}\n\n", escaped(text));
            }
            Block::Text(text) => out += &format!("{}\n\n", escaped(text)),
            Block::Point(head, lines) => {
                number += 1;
                out += &format!("{number}. **{}**\n", escaped(head));
                lines.iter().for_each(|line| out += &format!("   - {}\n", escaped(line)));
                out.push('\n');
            }
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push(' '),
            c if MEANINGFUL.contains(c) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_signs_lose_their_meaning() {
        let text = markdown(&[Block::Point("[x](http://a) <b>".into(), vec!["a\n# b".into()])]);
        assert_eq!(text, "1. **\\[x\\](http://a) \\<b\\>**\n   - a # b\n\n");
    }
}

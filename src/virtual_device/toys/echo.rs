//! `echo`, and the escapes it and `printf` share.

use crate::virtual_device::process::{Call, Running};

/// `echo` as a program.
pub fn program(call: Call) -> Running {
    Box::pin(async move {
        let text = render(&call.argv[1..]);
        i32::from(!call.stdio.out(text).await)
    })
}

/// What `echo` writes: mksh's, with escapes unless `-E`, without newline after `-n`.
pub fn render(words: &[String]) -> Vec<u8> {
    let mut words = words;
    let (mut newline, mut escapes) = (true, true);
    while let Some((flag, rest)) = words.split_first() {
        let Some(letters) = flag.strip_prefix('-').filter(|letters| !letters.is_empty()) else { break };
        if !letters.chars().all(|c| "neE".contains(c)) {
            break;
        }
        newline &= !letters.contains('n');
        escapes = letters.rfind('E').is_none_or(|at| letters.rfind('e').is_some_and(|later| later > at));
        words = rest;
    }
    let joined = words.join(" ");
    let (mut text, stopped) = if escapes { unescape(&joined) } else { (joined.into_bytes(), false) };
    if newline && !stopped {
        text.push(b'\n');
    }
    text
}

/// Replaces escapes; true when `\c` cut the text off.
pub fn unescape(text: &str) -> (Vec<u8>, bool) {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let Some((&letter, after)) = rest.split_first() else {
            bytes.push(b'\\');
            break;
        };
        rest = after;
        match letter {
            b'c' => return (bytes, true),
            b'0' => push_coded(&mut bytes, &mut rest, 8, 3),
            b'x' => push_coded(&mut bytes, &mut rest, 16, 2),
            other => match simple(other) {
                Some(byte) => bytes.push(byte),
                None => bytes.extend([b'\\', other]),
            },
        }
    }
    (bytes, false)
}

/// The byte a letter after a backslash stands for.
pub(super) fn simple(letter: u8) -> Option<u8> {
    Some(match letter {
        b'\\' => b'\\',
        b'a' => 7,
        b'b' => 8,
        b'e' | b'E' => 27,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        _ => return None,
    })
}

/// Reads up to `most` digits of a code and adds the byte.
pub(super) fn push_coded(bytes: &mut Vec<u8>, rest: &mut &[u8], radix: u32, most: usize) {
    let mut value = 0;
    for _ in 0..most {
        let Some(digit) = rest.first().and_then(|byte| char::from(*byte).to_digit(radix)) else { break };
        value = value * radix + digit;
        *rest = &rest[1..];
    }
    bytes.push(value.to_le_bytes()[0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_escapes() {
        let echo =
            |words: &[&str]| String::from_utf8(render(&words.iter().map(|w| (*w).into()).collect::<Vec<_>>())).unwrap();
        assert_eq!(echo(&["a", "b"]), "a b\n");
        assert_eq!(echo(&["-n", "a\\tb"]), "a\tb");
        assert_eq!(echo(&["-E", "a\\tb"]), "a\\tb\n");
        assert_eq!(echo(&["a\\cb"]), "a");
        assert_eq!(echo(&["\\0101\\q"]), "A\\q\n");
        assert_eq!(echo(&["-x"]), "-x\n");
    }
}

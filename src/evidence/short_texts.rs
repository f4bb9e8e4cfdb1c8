//! A bound on JSON that is read as it comes: lists may be as long as they like, one text may not.

use std::io::{self, Read};

/// Longest text, in bytes as it is written.
const LONGEST: usize = 1 << 20;

/// Passes JSON on, and fails inside a text that is too long: what reads it has to keep that text whole.
pub(super) struct ShortTexts<R> {
    from: R,
    /// Bytes of the text that is being read; `None` between texts.
    inside: Option<usize>,
    /// The byte before was a backslash that escapes this one.
    escaped: bool,
}

impl<R> ShortTexts<R> {
    pub fn new(from: R) -> Self {
        Self { from, inside: None, escaped: false }
    }

    fn take(&mut self, byte: u8) {
        self.inside = match (self.inside, byte) {
            (None, b'"') => Some(0),
            (Some(_), b'"') if !self.escaped => None,
            (inside, _) => inside.map(|length| length + 1),
        };
        self.escaped = self.inside.is_some() && byte == b'\\' && !self.escaped;
    }
}

impl<R: Read> Read for ShortTexts<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        for byte in &buffer[..read] {
            self.take(*byte);
            if self.inside.is_some_and(|length| length > LONGEST) {
                return Err(io::Error::other(format!("a text longer than {LONGEST} bytes")));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(json: &str) -> bool {
        io::copy(&mut ShortTexts::new(json.as_bytes()), &mut io::sink()).is_ok()
    }

    #[test]
    fn one_long_text_is_refused_and_many_short_ones_are_not() {
        let short = format!("\"{}\"", "x".repeat(LONGEST));
        assert!(passes(&format!("[{short},{short}]")));
        assert!(passes(&"[1,2,3]".repeat(LONGEST)));
        assert!(!passes(&format!("[\"{}\"]", "x".repeat(LONGEST + 1))));
        // A quote that is escaped ends nothing, and a backslash that is escaped escapes nothing.
        assert!(!passes(&format!("\"{}\\\"{}\"", "x".repeat(LONGEST / 2), "x".repeat(LONGEST / 2 + 1))));
        assert!(passes(&format!("[\"{}\\\\\",\"{}\"]", "x".repeat(LONGEST / 2), "x".repeat(LONGEST / 2 + 1))));
    }
}

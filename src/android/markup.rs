//! The tags of a hierarchy file, one after another: as much of XML as `uiautomator` writes, in one pass over the bytes.
//!
//! Our own, because every look at a device is read with it: a parser that first builds a document of its own takes
//! several times as long. Strict about what tags are made of, so that what was cut or garbled is not taken for a screen.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};

/// What comes next in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// `<name`: its attributes follow and must be read before the next tag.
    Open(&'a [u8]),
    /// `</name>`.
    Close(&'a [u8]),
}

/// Walks over the tags of a file.
pub(super) struct Tags<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tags<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// The next tag; `None` at the end. Words, comments and instructions between tags are passed over.
    pub fn next(&mut self) -> Result<Option<Tag<'a>>, &'static str> {
        loop {
            let Some(open) = memchr(b'<', self.rest()) else {
                self.at = self.bytes.len();
                return Ok(None);
            };
            self.at += open + 1;
            match self.rest().first() {
                Some(b'/') => return self.close().map(Some),
                Some(b'!') if self.rest().starts_with(b"!--") => self.pass(b"-->")?,
                Some(b'?') => self.pass(b"?>")?,
                _ => return Ok(Some(Tag::Open(self.name().ok_or("a tag without a name")?))),
            }
        }
    }

    fn pass(&mut self, end: &[u8]) -> Result<(), &'static str> {
        self.at += memmem::find(self.rest(), end).ok_or("what never ends")? + end.len();
        Ok(())
    }

    fn close(&mut self) -> Result<Tag<'a>, &'static str> {
        self.at += 1;
        let name = self.name().ok_or("a tag without a name")?;
        self.skip_spaces();
        self.expect(b'>').ok_or("a tag that never ends")?;
        Ok(Tag::Close(name))
    }

    /// Reads the attributes of the tag that was opened, in order: names, and values as they stand in the file (see
    /// [`plain`]). Whether the tag was closed at once (`/>`).
    pub fn attributes(&mut self, mut see: impl FnMut(&'a [u8], &'a [u8])) -> Result<bool, &'static str> {
        loop {
            let spaced = self.skip_spaces();
            let closed = self.expect(b'/').is_some();
            if closed || self.bytes.get(self.at) == Some(&b'>') {
                return self.expect(b'>').map(|()| closed).ok_or("a tag that never ends");
            }
            let name = self.name().filter(|_| spaced).ok_or("something between attributes")?;
            self.skip_spaces();
            self.expect(b'=').ok_or("an attribute without a value")?;
            self.skip_spaces();
            see(name, self.value().ok_or("a value that does not end")?);
        }
    }

    /// A value in quotes, without them.
    fn value(&mut self) -> Option<&'a [u8]> {
        /// Most values are this short (`true`, `false`, a number, nothing), and found sooner than a search is set up.
        const SHORT: usize = 6;
        let quote = *self.bytes.get(self.at).filter(|b| matches!(b, b'"' | b'\''))?;
        let value = &self.bytes[self.at + 1..];
        let ends = |b: &u8| *b == quote || *b == b'<';
        let near = value.iter().take(SHORT).position(ends);
        let end = near.or_else(|| Some(SHORT + memchr2(quote, b'<', value.get(SHORT..)?)?));
        let end = end.filter(|end| value[*end] == quote)?;
        self.at += end + 2;
        Some(&value[..end])
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest();
        let length = rest.iter().position(|b| !NAMES[usize::from(*b)]).unwrap_or(rest.len());
        self.at += length;
        (length > 0).then(|| &rest[..length])
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.bytes.get(self.at) == Some(&byte)).then(|| self.at += 1)
    }

    /// Whether there were any.
    fn skip_spaces(&mut self) -> bool {
        let before = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.at > before
    }
}

/// Bytes that names are made of: whatever a hierarchy has no other use for.
const NAMES: [bool; 256] = {
    let mut names = [false; 256];
    let mut byte = 0;
    while byte < names.len() {
        let b = byte as u8;
        names[byte] = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':') || !b.is_ascii();
        byte += 1;
    }
    names
};

/// A value as a person reads it, its references resolved. What is no UTF-8, what XML forbids and real devices write
/// (control characters, lone surrogates, non-characters) becomes U+FFFD; an ampersand that refers to nothing known stays;
/// any space is a space.
pub(super) fn plain(value: &[u8]) -> Cow<'_, str> {
    if value.is_empty() {
        return Cow::Borrowed("");
    }
    // Non-characters begin with the byte 0xef, as do other characters.
    let doubtful = |b: &u8| *b < b' ' || *b == b'&' || *b == 0xef;
    // All bytes are looked at, which goes many at a time.
    let clean = !value.iter().fold(false, |found, b| found | doubtful(b));
    // The lossy reading is the slower one.
    let text = std::str::from_utf8(value).map_or_else(|_| String::from_utf8_lossy(value), Cow::Borrowed);
    if clean {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '&' => reference(rest, &mut out),
            '\r' if rest.starts_with("\r\n") => 1,
            '\t' | '\n' | '\r' => {
                out.push(' ');
                1
            }
            c => {
                out.push(allowed(c));
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    Cow::Owned(out)
}

fn allowed(c: char) -> char {
    let forbidden = c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
    if forbidden { char::REPLACEMENT_CHARACTER } else { c }
}

/// Resolves the reference a text begins with; how many bytes of the text it took.
fn reference(text: &str, out: &mut String) -> usize {
    const NAMED: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')];
    if let Some((name, c)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        out.push(*c);
        return name.len();
    }
    let Some((code, taken)) = number(text) else {
        out.push('&');
        return 1;
    };
    // Old releases write an emoji as two surrogates.
    if (0xd800..0xdc00).contains(&code)
        && let Some((low, more)) = number(&text[taken..])
        && (0xdc00..0xe000).contains(&low)
    {
        let joined = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        out.extend(char::from_u32(joined));
        return taken + more;
    }
    out.push(char::from_u32(code).map_or(char::REPLACEMENT_CHARACTER, allowed));
    taken
}

/// A reference by number at the beginning of the text: its code and its length in bytes.
fn number(text: &str) -> Option<(u32, usize)> {
    const LONGEST_REFERENCE: usize = 12;
    let body = text.strip_prefix("&#")?;
    let end = body.bytes().take(LONGEST_REFERENCE).position(|b| b == b';')?;
    let digits = &body[..end];
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    code.ok().map(|code| (code, end + 3))
}

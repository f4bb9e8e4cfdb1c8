//! String pools of binary XML and resource tables: written, and read one string at a time.

use super::bytes::{Chunk, place_at, u8_at, u16_at, u32_at};

/// Longest string that is written or read, in UTF-16 units or bytes; longer ones are cut.
const LONGEST: usize = 0x7fff;
/// Flag of a pool in UTF-8.
const UTF8: u32 = 0x100;

/// A pool to be written: each string once.
#[derive(Default)]
pub(super) struct Strings(Vec<String>);

impl Strings {
    /// The string's number.
    pub(super) fn place(&mut self, text: &str) -> u32 {
        let at = self.0.iter().position(|known| known == text).unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        at as u32
    }

    /// The pool as a chunk, in UTF-16.
    pub(super) fn chunk(&self) -> Vec<u8> {
        let (mut offsets, mut data) = (Vec::new(), Vec::new());
        for text in &self.0 {
            offsets.extend((data.len() as u32).to_le_bytes());
            let units: Vec<u16> = text.encode_utf16().take(LONGEST).collect();
            data.extend((units.len() as u16).to_le_bytes());
            units.iter().for_each(|unit| data.extend(unit.to_le_bytes()));
            data.extend([0, 0]);
        }
        data.resize(data.len().next_multiple_of(4), 0);
        let strings_start = 28 + offsets.len() as u32;
        // Strings, styles, flags (none: UTF-16, unsorted), start of strings, start of styles.
        let header: Vec<u8> =
            [self.0.len() as u32, 0, 0, strings_start, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
        write_chunk(0x0001, &header, &[offsets, data].concat())
    }
}

/// A chunk from its type, its header behind the first eight bytes, and its body.
pub(super) fn write_chunk(kind: u16, header: &[u8], body: &[u8]) -> Vec<u8> {
    let header_size = 8 + header.len() as u16;
    let size = u32::from(header_size) + body.len() as u32;
    let mut out = Vec::with_capacity(size as usize);
    out.extend(kind.to_le_bytes());
    out.extend(header_size.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(header);
    out.extend(body);
    out
}

/// A pool that was read.
pub(super) struct Pool<'a> {
    bytes: &'a [u8],
    count: usize,
    start: usize,
    offsets: usize,
    utf8: bool,
}

impl<'a> Pool<'a> {
    pub(super) fn new(chunk: &Chunk<'a>) -> Option<Self> {
        let bytes = chunk.bytes;
        (chunk.kind == 0x0001).then_some(())?;
        let (count, flags) = (place_at(bytes, 8)?, u32_at(bytes, 16)?);
        Some(Self { bytes, count, start: place_at(bytes, 20)?, offsets: chunk.header, utf8: flags & UTF8 != 0 })
    }

    /// The string of a number.
    pub(super) fn get(&self, number: u32) -> Option<String> {
        let number = number as usize;
        (number < self.count).then_some(())?;
        let at = self.start.checked_add(place_at(self.bytes, self.offsets + number * 4)?)?;
        if self.utf8 { self.utf8_at(at) } else { self.utf16_at(at) }
    }

    /// Length in UTF-16 units, length in bytes (each one or two bytes), bytes.
    fn utf8_at(&self, at: usize) -> Option<String> {
        let wide = |at: usize| Some(if u8_at(self.bytes, at)? & 0x80 != 0 { 2 } else { 1 });
        let at = at + wide(at)?;
        let first = usize::from(u8_at(self.bytes, at)?);
        let (length, at) = if first & 0x80 == 0 {
            (first, at + 1)
        } else {
            ((first & 0x7f) << 8 | usize::from(u8_at(self.bytes, at + 1)?), at + 2)
        };
        Some(String::from_utf8_lossy(self.bytes.get(at..at.checked_add(length)?)?).into_owned())
    }

    /// Length in units (two or four bytes), units.
    fn utf16_at(&self, at: usize) -> Option<String> {
        let first = usize::from(u16_at(self.bytes, at)?);
        let (length, at) = if first & 0x8000 == 0 {
            (first, at + 2)
        } else {
            ((first & 0x7fff) << 16 | usize::from(u16_at(self.bytes, at + 2)?), at + 4)
        };
        let units = self.bytes.get(at..at.checked_add(length.min(LONGEST) * 2)?)?;
        let units: Vec<u16> = units.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        Some(String::from_utf16_lossy(&units))
    }
}

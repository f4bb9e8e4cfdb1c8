//! Resource tables: the one of a written app holds its label; of a read one, texts are looked up by id and language.

use std::collections::BTreeMap;

use super::bytes::{Chunk, chunk_at, chunks, place_at, u8_at, u16_at, u32_at};
use super::strings::{Pool, Strings, write_chunk};

/// Resource id of the label of a written app: package 0x7f, type 1, entry 0.
pub(super) const LABEL: u32 = 0x7f01_0000;

/// How many references are followed in all: they may lead in circles.
const MOST_HOPS: u32 = 64;
const NO_ENTRY: u32 = u32::MAX;

/// A table that holds one text as [`LABEL`].
pub(super) fn encode(package: &str, label: &str) -> Vec<u8> {
    let pool = |text: &str| {
        let mut strings = Strings::default();
        strings.place(text);
        strings.chunk()
    };
    let (types, keys) = (pool("string"), pool("label"));
    let mut head = words(&[0x7f]);
    let mut name: Vec<u8> = package.encode_utf16().take(127).flat_map(u16::to_le_bytes).collect();
    name.resize(256, 0);
    head.extend(name);
    // Start of type names (behind this header of 288 bytes), last public one, start of keys, last public one, offset.
    head.extend(words(&[288, 1, 288 + types.len() as u32, 1, 0]));

    let spec = write_chunk(0x0202, &words(&[1, 1]), &words(&[0]));
    let mut entry_head = words(&[1, 1, 20 + 64 + 4]);
    entry_head.extend(words(&[64]));
    entry_head.resize(12 + 64, 0);
    let mut entry = words(&[0]);
    // An entry of 8 bytes without flags, key 0; a value of 8 bytes, type text, string 0.
    entry.extend(words(&[8, 0, 8 | 0x03 << 24, 0]));
    let values = write_chunk(0x0201, &entry_head, &entry);
    let package = write_chunk(0x0200, &head, &[types, keys, spec, values].concat());
    write_chunk(0x0002, &words(&[1]), &[pool(label), package].concat())
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The text of a resource per language tag (`""` for the default, `zh`, `zh-CN` …). Empty when there is none.
pub(super) fn texts(table: &[u8], id: u32) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut hops = MOST_HOPS;
    collect(table, id, &mut hops, &mut found);
    found
}

fn collect(table: &[u8], id: u32, hops: &mut u32, found: &mut BTreeMap<String, String>) -> Option<()> {
    let whole = chunk_at(table, 0).filter(|chunk| chunk.kind == 0x0002)?;
    let inner: Vec<Chunk<'_>> = chunks(whole.bytes, whole.header).take(1_000).collect();
    let strings = inner.iter().find_map(Pool::new)?;
    let packages = inner.iter().filter(|chunk| chunk.kind == 0x0200 && u32_at(chunk.bytes, 8) == Some(id >> 24));
    for package in packages {
        for values in chunks(package.bytes, package.header).filter(|chunk| chunk.kind == 0x0201).take(100_000) {
            let right_type = u8_at(values.bytes, 8).map(u32::from) == Some(id >> 16 & 0xff);
            let Some((kind, data)) = right_type.then(|| entry(&values, id & 0xffff)).flatten() else { continue };
            let language = language(&values).unwrap_or_default();
            match kind {
                0x03 => {
                    if let Some(text) = strings.get(data) {
                        found.entry(language).or_insert(text);
                    }
                }
                0x01 if *hops > 0 => {
                    *hops -= 1;
                    collect(table, data, hops, found);
                }
                _ => {}
            }
        }
    }
    Some(())
}

/// Type and data of an entry's value.
fn entry(values: &Chunk<'_>, number: u32) -> Option<(u8, u32)> {
    let bytes = values.bytes;
    let (flags, count, start) = (u8_at(bytes, 9)?, u32_at(bytes, 12)?, place_at(bytes, 16)?);
    let index = values.header;
    let offset = if flags & 0x01 != 0 {
        // Sparse: pairs of entry number and offset in words.
        let pairs = (0..count as usize).map_while(|pair| {
            let at = index + pair * 4;
            Some((u16_at(bytes, at)?, u16_at(bytes, at + 2)?))
        });
        let mut pairs = pairs.filter(|(entry, _)| u32::from(*entry) == number);
        usize::from(pairs.next()?.1) * 4
    } else if flags & 0x02 != 0 {
        (number < count).then_some(())?;
        let words = u16_at(bytes, index + number as usize * 2)?;
        (words != u16::MAX).then_some(usize::from(words) * 4)?
    } else {
        (number < count).then_some(())?;
        let offset = u32_at(bytes, index + number as usize * 4)?;
        (offset != NO_ENTRY).then_some(offset as usize)?
    };
    let at = start.checked_add(offset)?;
    let (size, flags) = (usize::from(u16_at(bytes, at)?), u16_at(bytes, at + 2)?);
    if flags & 0x0008 != 0 {
        // Compact: the type stands in the flags, the data where the key would end.
        return Some(((flags >> 8) as u8, u32_at(bytes, at + 4)?));
    }
    if flags & 0x0001 != 0 {
        return None; // A bag (style, array, plurals) is no text.
    }
    Some((u8_at(bytes, at + size + 3)?, u32_at(bytes, at + size + 4)?))
}

/// The language tag of a set of values.
fn language(values: &Chunk<'_>) -> Option<String> {
    let config = values.bytes.get(20..)?;
    let pair = |at: usize| -> Option<String> {
        let letters = [u8_at(config, at)?, u8_at(config, at + 1)?];
        // Three-letter languages are packed with the high bit set; none of them matters here.
        letters.iter().all(u8::is_ascii_alphanumeric).then(|| String::from_utf8_lossy(&letters).into_owned())
    };
    let Some(language) = pair(8) else {
        return Some(if u16_at(config, 8)? == 0 { String::new() } else { "und".to_owned() });
    };
    Some(match pair(10) {
        Some(region) => format!("{language}-{region}"),
        None => language,
    })
}

//! Little-endian numbers out of untrusted bytes; what lies outside is `None`.

pub(super) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}

/// A place or length that was written as 32 bits.
pub(super) fn place_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).map(|word| word as usize)
}

/// A chunk of Android's resource files: its type, its header and all its bytes.
pub(super) struct Chunk<'a> {
    pub(super) kind: u16,
    pub(super) header: usize,
    pub(super) bytes: &'a [u8],
}

/// The chunk that begins at a place.
pub(super) fn chunk_at(bytes: &[u8], at: usize) -> Option<Chunk<'_>> {
    let (kind, header) = (u16_at(bytes, at)?, usize::from(u16_at(bytes, at + 2)?));
    let size = place_at(bytes, at + 4)?;
    (header >= 8 && size >= header).then_some(())?;
    Some(Chunk { kind, header, bytes: bytes.get(at..at.checked_add(size)?)? })
}

/// The chunks that stand one after another from a place on.
pub(super) fn chunks(bytes: &[u8], from: usize) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let chunk = chunk_at(bytes, at)?;
        at += chunk.bytes.len();
        Some(chunk)
    })
}

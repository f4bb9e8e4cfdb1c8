//! A zip written so that its parts can be signed: fixed times, fixed order, stored files aligned to four bytes.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::ApkFileError;

/// 1981-01-01 00:00:00 in MS-DOS form, the date that Android's own tools write.
const DATE: u16 = (1 << 9) | (1 << 5) | 1;
/// Extra field of aligned files, as `zipalign` writes it: alignment, then padding.
const ALIGNMENT_FIELD: u16 = 0xd935;

/// A file of the archive.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    deflate: bool,
}

/// A finished archive and where its parts begin.
pub(super) struct Archive {
    pub(super) bytes: Vec<u8>,
    pub(super) directory: usize,
    pub(super) end: usize,
}

impl File {
    pub(super) fn stored(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes, deflate: false }
    }

    pub(super) fn deflated(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes, deflate: true }
    }
}

/// Writes the files in the given order.
pub(super) fn build(files: &[File]) -> Result<Archive, ApkFileError> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        add(&mut bytes, &mut directory, file)?;
    }
    let at = offset(bytes.len(), "the archive")?;
    let size = offset(directory.len(), "the directory")?;
    let count = u16::try_from(files.len()).map_err(|_| ApkFileError::TooLarge("the list of files".to_owned()))?;
    bytes.append(&mut directory);
    let end = bytes.len();
    put(&mut bytes, &[0x0605_4b50]);
    put16(&mut bytes, &[0, 0, count, count]);
    put(&mut bytes, &[size, at]);
    put16(&mut bytes, &[0]);
    Ok(Archive { bytes, directory: at as usize, end })
}

fn add(out: &mut Vec<u8>, directory: &mut Vec<u8>, file: &File) -> Result<(), ApkFileError> {
    let name = file.name.as_bytes();
    let name_length = u16::try_from(name.len()).map_err(|_| ApkFileError::TooLarge("a file name".to_owned()))?;
    let (method, packed) = pack(file)?;
    let mut crc = Crc::new();
    crc.update(&file.bytes);
    let (packed_size, size) = (offset(packed.len(), &file.name)?, offset(file.bytes.len(), &file.name)?);
    let start = offset(out.len(), "the archive")?;
    let extra = if method == 0 { alignment(out.len() + 30 + name.len()) } else { Vec::new() };

    // Version 2.0, names in UTF-8.
    let common = [20, 0x0800, method, 0, DATE];
    put(out, &[0x0403_4b50]);
    put16(out, &common);
    put(out, &[crc.sum(), packed_size, size]);
    put16(out, &[name_length, extra.len() as u16]);
    out.extend(name);
    out.extend(extra);
    out.extend(packed);

    put(directory, &[0x0201_4b50]);
    put16(directory, &[20]);
    put16(directory, &common);
    put(directory, &[crc.sum(), packed_size, size]);
    put16(directory, &[name_length, 0, 0, 0, 0]);
    put(directory, &[0, start]);
    directory.extend(name);
    Ok(())
}

fn pack(file: &File) -> Result<(u16, Vec<u8>), ApkFileError> {
    if !file.deflate {
        return Ok((0, file.bytes.clone()));
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let packed = encoder.write_all(&file.bytes).and_then(|()| encoder.finish());
    packed.map(|packed| (8, packed)).map_err(|_| ApkFileError::TooLarge(file.name.clone()))
}

/// The extra field that moves data written at `start` (before the field) to a multiple of four.
fn alignment(start: usize) -> Vec<u8> {
    let padding = (start + 6).next_multiple_of(4) - (start + 6);
    let mut extra = Vec::new();
    put16(&mut extra, &[ALIGNMENT_FIELD, 2 + padding as u16, 4]);
    extra.resize(6 + padding, 0);
    extra
}

fn offset(length: usize, what: &str) -> Result<u32, ApkFileError> {
    // Signed on the device: keep below 2 GiB.
    i32::try_from(length).map(|l| l as u32).map_err(|_| ApkFileError::TooLarge(what.to_owned()))
}

fn put(out: &mut Vec<u8>, words: &[u32]) {
    words.iter().for_each(|word| out.extend(word.to_le_bytes()));
}

fn put16(out: &mut Vec<u8>, words: &[u16]) {
    words.iter().for_each(|word| out.extend(word.to_le_bytes()));
}

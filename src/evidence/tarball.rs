//! One packed archive: the part of the tar format (POSIX.1-1988 "ustar") that a package needs, in Zstandard frames.
//!
//! As with the other archive every byte follows from the members: no owners, no times, no links. Each member begins a
//! frame, so that one can be read without those before it.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use super::Fault;
use super::bag::is_plain;
use super::frames::{FrameReader, FrameWriter};

/// Size of a block; headers take one, contents are filled up to whole ones.
const BLOCK: usize = 512;
/// Longest name in the old header.
const LONGEST_NAME: usize = 100;
/// Largest size that eleven octal digits tell.
const LARGEST: u64 = (1 << 33) - 1;
/// Endings of files that are compressed already.
const STORED: [&str; 3] = [".png", ".jpg", ".webp"];

/// Whether a path and a length fit into a header.
pub(super) fn fits(path: &str, bytes: u64) -> bool {
    path.len() <= LONGEST_NAME && bytes <= LARGEST
}

/// The header of a plain file.
fn header(path: &str, bytes: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, path);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{bytes:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// Bytes that fill a member up to whole blocks.
fn filling(bytes: u64) -> usize {
    (bytes.next_multiple_of(BLOCK as u64) - bytes) as usize
}

/// Writes an archive.
pub(super) struct TarWriter<W> {
    to: FrameWriter<W>,
}

impl<W: Write> TarWriter<W> {
    pub fn new(to: W) -> Self {
        Self { to: FrameWriter::new(to) }
    }

    /// Adds a member; [`fits`] has to hold.
    pub fn add(&mut self, path: &str, bytes: u64, mut from: impl Read) -> io::Result<()> {
        self.to.cut(STORED.iter().any(|ending| path.ends_with(ending)))?;
        self.to.write_all(&header(path, bytes))?;
        if io::copy(&mut from, &mut self.to)? != bytes {
            return Err(io::Error::other("the file changed while it was packed"));
        }
        self.to.write_all(&[0; BLOCK][..filling(bytes)])
    }

    /// Ends the archive.
    pub fn finish(mut self) -> io::Result<W> {
        self.to.cut(false)?;
        self.to.write_all(&[0; 2 * BLOCK])?;
        self.to.finish()
    }
}

/// Reads an archive from its first byte to its last, once.
pub(super) struct Tarball<R> {
    from: FrameReader<R>,
    /// Length of the present member, and how much of it was not read yet.
    bytes: u64,
    left: u64,
    /// Where each member's frame begins, when somebody will want to know.
    places: Option<BTreeMap<String, u64>>,
}

impl<R: Read> Tarball<R> {
    /// `from` stands at the beginning of a frame that begins a member.
    pub fn new(from: R, remember: bool) -> Self {
        Self { from: FrameReader::new(from), bytes: 0, left: 0, places: remember.then(BTreeMap::new) }
    }

    /// Opens the next member, which has to be this one; its length.
    pub fn open(&mut self, path: &str) -> Result<u64, Fault> {
        let place = self.from.place();
        let mut found = [0; BLOCK];
        self.from.read_exact(&mut found).map_err(Fault::unreadable(path))?;
        if found == [0; BLOCK] {
            return Err(Fault::Missing { place: path.to_owned() });
        }
        let size = std::str::from_utf8(&found[124..135]).ok().and_then(|text| u64::from_str_radix(text, 8).ok());
        let size = size.ok_or_else(|| Fault::malformed(path, "no member of a package's archive begins here"))?;
        if header(path, size) != found {
            return Err(misplaced(path, &found));
        }
        if let (Some(places), Some(place)) = (&mut self.places, place) {
            places.insert(path.to_owned(), place);
        }
        (self.bytes, self.left) = (size, size);
        Ok(size)
    }

    /// Ends the present member: all of it was read, and zeros fill it up.
    pub fn close(&mut self, path: &str) -> Result<(), Fault> {
        let mut rest = [0; BLOCK];
        let rest = &mut rest[..filling(self.bytes)];
        let whole = self.left == 0 && self.from.read_exact(rest).is_ok() && rest.iter().all(|byte| *byte == 0);
        match whole {
            true => Ok(()),
            false => Err(Fault::Changed { place: path.to_owned() }),
        }
    }

    /// Reads the end: two empty blocks, and nothing after them. Where each member begins, when that was to be remembered.
    pub fn finish(mut self, place: &str) -> Result<BTreeMap<String, u64>, Fault> {
        let mut end = [0; 2 * BLOCK];
        self.from.read_exact(&mut end).map_err(Fault::unreadable(place))?;
        if end != [0; 2 * BLOCK] {
            return Err(misplaced("the end of the archive", &end));
        }
        self.from.finish().map_err(|error| Fault::malformed(place, error.to_string()))?;
        Ok(self.places.unwrap_or_default())
    }
}

impl<R: Read> Read for Tarball<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let n = self.from.read(&mut buffer[..most])?;
        if n == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= n as u64;
        Ok(n)
    }
}

/// Something else stands where a member belongs.
fn misplaced(expected: &str, header: &[u8]) -> Fault {
    let name = header[..LONGEST_NAME].split(|byte| *byte == 0).next().unwrap_or_default();
    match std::str::from_utf8(name) {
        Ok(name) if name == expected => {
            Fault::malformed(expected, "not packed as a package's; unpack it and check the folder")
        }
        Ok(name) if is_plain(name) => Fault::malformed(name, format!("stands where {expected} belongs")),
        _ => Fault::hostile(expected, "a member whose name may lead outside the package"),
    }
}

//! One archive of stored members: the part of the ZIP format (APPNOTE 6.3) that a package needs, and nothing else.
//!
//! Every byte follows from the members, so that reading it back leaves no byte free: no compression, no times, no extra
//! fields, no comments, no gaps. An archive made by another program is refused; unpacked it can be checked as a folder.

use std::io::{self, Read, Write};

use flate2::Crc;

use super::Fault;
use super::bag::is_plain;

/// Version 1.0: stored members only.
const VERSION: u16 = 10;
/// Bit 11: names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1980-01-01, the format's first day, at midnight.
const DAY: u16 = (1 << 5) | 1;
/// A plain file that its owner may write: `0100644` in the high half.
const MODE: u32 = 0o100_644 << 16;
/// Made by version 1.0 on a Unix.
const MADE_BY: u16 = (3 << 8) | VERSION;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

/// CRC-32 of some bytes.
pub(super) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Passes bytes through and keeps their count, and their CRC-32 when it will be asked for.
pub(super) struct Counted<R> {
    from: R,
    crc: Option<Crc>,
    length: u64,
}

impl<R: Read> Counted<R> {
    pub fn new(from: R, with_crc: bool) -> Self {
        Self { from, crc: with_crc.then(Crc::new), length: 0 }
    }

    /// Zero when it was not to be kept.
    pub fn crc(&self) -> u32 {
        self.crc.as_ref().map_or(0, Crc::sum)
    }

    pub fn length(&self) -> u64 {
        self.length
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        if let Some(crc) = &mut self.crc {
            crc.update(&buffer[..n]);
        }
        self.length += n as u64;
        Ok(n)
    }
}

/// What the format says of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub path: String,
    pub crc: u32,
    pub bytes: u32,
}

impl Header {
    fn common(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(26);
        for half in [VERSION, FLAGS, 0, 0, DAY] {
            out.extend(half.to_le_bytes());
        }
        for word in [self.crc, self.bytes, self.bytes] {
            out.extend(word.to_le_bytes());
        }
        out.extend((self.path.len() as u16).to_le_bytes());
        out.extend(0u16.to_le_bytes());
        out
    }

    fn local(&self) -> Vec<u8> {
        [&LOCAL.to_le_bytes()[..], &self.common(), self.path.as_bytes()].concat()
    }

    fn central(&self, offset: u32) -> Vec<u8> {
        let mut out = [&CENTRAL.to_le_bytes()[..], &MADE_BY.to_le_bytes(), &self.common()].concat();
        for half in [0u16; 3] {
            out.extend(half.to_le_bytes());
        }
        out.extend(MODE.to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend(self.path.as_bytes());
        out
    }
}

/// The members so far, and where each begins.
#[derive(Default)]
struct Directory {
    headers: Vec<(Header, u32)>,
    at: u64,
}

impl Directory {
    fn add(&mut self, header: Header) -> Option<Vec<u8>> {
        let local = header.local();
        let offset = u32::try_from(self.at).ok()?;
        self.at += local.len() as u64 + u64::from(header.bytes);
        self.headers.push((header, offset));
        (self.at <= u64::from(u32::MAX) && self.headers.len() < usize::from(u16::MAX)).then_some(local)
    }

    /// Central directory and end record; `None` when they don't fit the format.
    fn end(&self) -> Option<Vec<u8>> {
        let mut out: Vec<u8> = self.headers.iter().flat_map(|(header, offset)| header.central(*offset)).collect();
        let (count, size) = (u16::try_from(self.headers.len()).ok()?, u32::try_from(out.len()).ok()?);
        let start = u32::try_from(self.at).ok()?;
        out.extend(END.to_le_bytes());
        for half in [0, 0, count, count] {
            out.extend(half.to_le_bytes());
        }
        out.extend(size.to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend(0u16.to_le_bytes());
        Some(out)
    }
}

/// Writes an archive.
pub(super) struct Writer<W> {
    to: W,
    directory: Directory,
}

/// The archive is full.
pub(super) struct Full;

impl<W: Write> Writer<W> {
    pub fn new(to: W) -> Self {
        Self { to, directory: Directory::default() }
    }

    /// Adds a member whose bytes are `bytes` long and have this CRC.
    pub fn add(&mut self, path: &str, crc: u32, bytes: u64, mut from: impl Read) -> io::Result<Result<(), Full>> {
        let Ok(length) = u32::try_from(bytes) else { return Ok(Err(Full)) };
        let Some(local) = self.directory.add(Header { path: path.to_owned(), crc, bytes: length }) else {
            return Ok(Err(Full));
        };
        self.to.write_all(&local)?;
        let mut counted = Counted::new(&mut from, true);
        io::copy(&mut counted, &mut self.to)?;
        if counted.length() != bytes || counted.crc() != crc {
            return Err(io::Error::other("the file changed while it was packed"));
        }
        Ok(Ok(()))
    }

    /// Writes the directory; the archive's length in all.
    pub fn finish(mut self) -> io::Result<Result<W, Full>> {
        let Some(end) = self.directory.end() else { return Ok(Err(Full)) };
        self.to.write_all(&end)?;
        self.to.flush()?;
        Ok(Ok(self.to))
    }
}

/// Reads an archive from its first byte to its last, once.
pub(super) struct Archive<R> {
    from: R,
    directory: Directory,
    /// Bytes of the present member that were not read yet, and its CRC so far.
    left: u64,
    crc: Crc,
}

impl<R: Read> Archive<R> {
    pub fn new(from: R) -> Self {
        Self { from, directory: Directory::default(), left: 0, crc: Crc::new() }
    }

    /// Opens the next member, which has to be this one; its length.
    pub fn open(&mut self, path: &str) -> Result<u64, Fault> {
        let mut fixed = [0; 30];
        self.from.read_exact(&mut fixed).map_err(Fault::unreadable(path))?;
        let half = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
        let word = |at: usize| u32::from_le_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]);
        match word(0) {
            LOCAL => {}
            CENTRAL => return Err(Fault::Missing { place: path.to_owned() }),
            _ => return Err(Fault::malformed(path, "no member of a package's archive begins here")),
        }
        let mut name = vec![0; usize::from(half(26))];
        self.from.read_exact(&mut name).map_err(Fault::unreadable(path))?;
        if name != path.as_bytes() {
            return Err(misplaced(path, &name));
        }
        let header = Header { path: path.to_owned(), crc: word(14), bytes: word(22) };
        let local = self.directory.add(header).ok_or_else(|| Fault::malformed(path, "more than an archive holds"))?;
        if local[..30] != fixed {
            return Err(Fault::malformed(path, "not packed as a package's; unpack it and check the folder"));
        }
        self.left = u64::from(word(22));
        self.crc = Crc::new();
        Ok(self.left)
    }

    /// Ends the present member: all of it was read, and its CRC is right.
    pub fn close(&mut self, path: &str) -> Result<(), Fault> {
        let told = self.directory.headers.last().map(|(header, _)| header.crc);
        match self.left == 0 && told == Some(self.crc.sum()) {
            true => Ok(()),
            false => Err(Fault::Changed { place: path.to_owned() }),
        }
    }

    /// Reads the directory: it has to be the one that follows from the members, and nothing may come after it.
    pub fn finish(mut self, place: &str) -> Result<(), Fault> {
        let expected = self.directory.end().ok_or_else(|| Fault::malformed(place, "more than an archive holds"))?;
        let mut found = Vec::new();
        let most = expected.len() as u64 + 1;
        (&mut self.from).take(most).read_to_end(&mut found).map_err(Fault::unreadable(place))?;
        if found == expected {
            return Ok(());
        }
        let local = found.get(..30).filter(|head| head[..4] == LOCAL.to_le_bytes());
        let name = local.map(|head| usize::from(u16::from_le_bytes([head[26], head[27]])));
        match name.and_then(|n| found.get(30..30 + n)) {
            Some(name) => Err(misplaced("the directory", name)),
            None => Err(Fault::malformed(place, "the archive's directory is not the one of its members")),
        }
    }
}

impl<R: Read> Read for Archive<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let n = self.from.read(&mut buffer[..most])?;
        if n == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= n as u64;
        self.crc.update(&buffer[..n]);
        Ok(n)
    }
}

/// A member stands where another belongs.
fn misplaced(expected: &str, name: &[u8]) -> Fault {
    match std::str::from_utf8(name) {
        Ok(name) if is_plain(name) => Fault::malformed(name, format!("stands where {expected} belongs")),
        _ => Fault::hostile(expected, "a member whose name may lead outside the package"),
    }
}

//! One archive of stored members: the part of the ZIP format (APPNOTE 6.3) that a package needs, and nothing else.
//!
//! Every byte follows from the members, so that reading it back leaves no byte free: no compression, no times, no extra
//! fields, no comments, no gaps. An archive made by another program is refused; unpacked it can be checked as a folder.

use std::io::{self, Read, Write};

use flate2::Crc;

use super::Fault;
use super::bag::is_plain;
use crate::journal::digest::Running;

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

/// Most bytes of a member's header: its name is as long as 16 bits can tell.
const MOST_HEAD: u64 = 30 + u16::MAX as u64;

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

/// What the archive's end says of the members so far. It is written to `central` as they come, so that a reader keeps no
/// more of it than a digest.
#[derive(Default)]
struct Directory<T> {
    central: T,
    /// Bytes of it.
    size: u64,
    members: u64,
    /// Bytes of the members so far.
    at: u64,
}

impl<T: Write> Directory<T> {
    /// Takes a member; its local header. `None` when it does not fit the format.
    fn add(&mut self, header: &Header) -> Option<Vec<u8>> {
        let local = header.local();
        let central = header.central(u32::try_from(self.at).ok()?);
        self.central.write_all(&central).ok()?;
        self.size += central.len() as u64;
        self.members += 1;
        self.at += local.len() as u64 + u64::from(header.bytes);
        (self.at <= u64::from(u32::MAX) && self.members < u64::from(u16::MAX)).then_some(local)
    }

    /// The end record; `None` when the members don't fit the format.
    fn end(&self) -> Option<Vec<u8>> {
        let (count, size) = (u16::try_from(self.members).ok()?, u32::try_from(self.size).ok()?);
        let start = u32::try_from(self.at).ok()?;
        let mut out = END.to_le_bytes().to_vec();
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
    directory: Directory<Vec<u8>>,
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
        let Some(local) = self.directory.add(&Header { path: path.to_owned(), crc, bytes: length }) else {
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
        self.to.write_all(&self.directory.central)?;
        self.to.write_all(&end)?;
        self.to.flush()?;
        Ok(Ok(self.to))
    }
}

/// Reads an archive from its first byte to its last, once.
pub(super) struct Archive<R> {
    from: R,
    directory: Directory<Running>,
    /// Bytes of the present member that were not read yet, its CRC so far, and the one it is told to have.
    left: u64,
    crc: Crc,
    told: u32,
}

impl<R: Read> Archive<R> {
    pub fn new(from: R) -> Self {
        Self { from, directory: Directory::default(), left: 0, crc: Crc::new(), told: 0 }
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
        let local = self.directory.add(&header).ok_or_else(|| Fault::malformed(path, "more than an archive holds"))?;
        if local[..30] != fixed {
            return Err(Fault::malformed(path, "not packed as a package's; unpack it and check the folder"));
        }
        self.left = u64::from(word(22));
        (self.crc, self.told) = (Crc::new(), word(14));
        Ok(self.left)
    }

    /// Ends the present member: all of it was read, and its CRC is right.
    pub fn close(&mut self, path: &str) -> Result<(), Fault> {
        match self.left == 0 && self.told == self.crc.sum() {
            true => Ok(()),
            false => Err(Fault::Changed { place: path.to_owned() }),
        }
    }

    /// Reads the directory: it has to be the one that follows from the members, and nothing may come after it.
    pub fn finish(mut self, place: &str) -> Result<(), Fault> {
        let end = self.directory.end().ok_or_else(|| Fault::malformed(place, "more than an archive holds"))?;
        let mut expected = self.directory.central;
        expected.update(&end);
        let most = self.directory.size + end.len() as u64 + 1;
        let mut rest = (&mut self.from).take(most);
        let mut head = Vec::new();
        (&mut rest).take(MOST_HEAD).read_to_end(&mut head).map_err(Fault::unreadable(place))?;
        let mut found = Running::default();
        found.update(&head);
        io::copy(&mut rest, &mut found).map_err(Fault::unreadable(place))?;
        if found.finish() == expected.finish() {
            return Ok(());
        }
        let local = head.get(..30).filter(|head| head[..4] == LOCAL.to_le_bytes());
        let name = local.map(|head| usize::from(u16::from_le_bytes([head[26], head[27]])));
        match name.and_then(|n| head.get(30..30 + n)) {
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

//! A stream cut into Zstandard frames (RFC 8878) of at most [`CHUNK`] bytes each, and a last, skippable frame with the
//! SHA-256 of everything before it. Any program for Zstandard unpacks it; here no byte of it is free, because the digest
//! fixes those that the format leaves open.

use std::io::{self, Read, Write};

use ruzstd::decoding::FrameDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::journal::digest::Running;

/// Most bytes of one frame, unpacked: what a reader holds in memory.
const CHUNK: usize = 1 << 20;
/// Largest window that a frame may ask a reader to hold, in bytes.
const WINDOW: u64 = 8 << 20;
/// RFC 8878 3.1.1.
const FRAME: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();
/// RFC 8878 3.1.2, the first of sixteen.
const SKIPPABLE: [u8; 4] = 0x184D_2A50_u32.to_le_bytes();
/// Length of the last frame's content: a digest in hexadecimal digits.
const DIGEST: usize = 64;

/// Writes frames.
pub(super) struct FrameWriter<W> {
    to: W,
    chunk: Vec<u8>,
    /// What is written next is compressed already, and stored.
    stored: bool,
    running: Running,
}

impl<W: Write> FrameWriter<W> {
    pub fn new(to: W) -> Self {
        Self { to, chunk: Vec::with_capacity(CHUNK), stored: false, running: Running::default() }
    }

    /// Ends the frame, so that what comes next begins one. `stored`: what comes next is compressed already.
    pub fn cut(&mut self, stored: bool) -> io::Result<()> {
        self.end_frame()?;
        self.stored = stored;
        Ok(())
    }

    fn end_frame(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let level = if self.stored { CompressionLevel::Uncompressed } else { CompressionLevel::Fastest };
        let frame = compress_to_vec(self.chunk.as_slice(), level);
        self.chunk.clear();
        self.running.update(&frame);
        self.to.write_all(&frame)
    }

    /// Writes the last frame.
    pub fn finish(mut self) -> io::Result<W> {
        self.end_frame()?;
        let (digest, _) = self.running.finish();
        self.to.write_all(&[&SKIPPABLE[..], &(DIGEST as u32).to_le_bytes(), digest.as_bytes()].concat())?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for FrameWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..n]);
        if self.chunk.len() == CHUNK {
            self.end_frame()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts and digests the packed bytes as they are read.
struct Packed<R> {
    from: R,
    running: Running,
    length: u64,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.running.update(&buffer[..n]);
        self.length += n as u64;
        Ok(n)
    }
}

/// Reads what [`FrameWriter`] wrote, one frame in memory at a time.
pub(super) struct FrameReader<R> {
    from: Packed<R>,
    chunk: Vec<u8>,
    taken: usize,
    /// The last frame was read.
    ended: bool,
}

impl<R: Read> FrameReader<R> {
    pub fn new(from: R) -> Self {
        let from = Packed { from, running: Running::default(), length: 0 };
        Self { from, chunk: Vec::new(), taken: 0, ended: false }
    }

    /// Where the next frame begins, in packed bytes; `None` inside a frame.
    pub fn place(&self) -> Option<u64> {
        (self.taken == self.chunk.len()).then_some(self.from.length)
    }

    /// Reads the last frame, unless it was: everything was unpacked, the digest is right, and nothing follows.
    pub fn finish(mut self) -> io::Result<()> {
        if !self.ended && self.fill()? {
            return Err(io::Error::other("something is left after the last member"));
        }
        match self.taken == self.chunk.len() {
            true => Ok(()),
            false => Err(io::Error::other("something is left after the last member")),
        }
    }

    /// Unpacks the next frame; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let before = self.from.running.clone();
        let mut magic = [0; 4];
        self.from.read_exact(&mut magic)?;
        match magic {
            FRAME => self.unpack(magic).map(|()| true),
            SKIPPABLE => self.end(before).map(|()| false),
            _ => Err(io::Error::other("no Zstandard frame begins here")),
        }
    }

    fn unpack(&mut self, magic: [u8; 4]) -> io::Result<()> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        let source = magic.as_slice().chain(&mut self.from);
        let opened = ruzstd::decoding::StreamingDecoder::new_with_decoder(source, decoder).map_err(io::Error::other)?;
        self.chunk.clear();
        self.taken = 0;
        opened.take(CHUNK as u64 + 1).read_to_end(&mut self.chunk)?;
        match self.chunk.len() {
            0 => Err(io::Error::other("an empty frame")),
            n if n > CHUNK => Err(io::Error::other(format!("a frame that unpacks to more than {CHUNK} bytes"))),
            _ => Ok(()),
        }
    }

    fn end(&mut self, before: Running) -> io::Result<()> {
        let mut rest = [0; 4 + DIGEST];
        self.from.read_exact(&mut rest)?;
        let (length, digest) = rest.split_at(4);
        if length != (DIGEST as u32).to_le_bytes() || digest != before.finish().0.as_bytes() {
            return Err(io::Error::other("the packed bytes are not those that were written"));
        }
        if self.from.read(&mut [0])? > 0 {
            return Err(io::Error::other("something follows the end"));
        }
        self.ended = true;
        Ok(())
    }
}

impl<R: Read> Read for FrameReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.chunk.len() && (self.ended || buffer.is_empty() || !self.fill()?) {
            return Ok(0);
        }
        let n = buffer.len().min(self.chunk.len() - self.taken);
        buffer[..n].copy_from_slice(&self.chunk[self.taken..self.taken + n]);
        self.taken += n;
        Ok(n)
    }
}

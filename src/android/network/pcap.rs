//! A capture file as it comes (classic format, IETF draft-ietf-opsawg-pcap): fed with bytes, gives frames.

use thiserror::Error;

/// Bytes of the file's head.
const HEAD: usize = 24;
/// Bytes before each frame.
const BEFORE: usize = 16;
/// Longest frame taken, in bytes (libpcap's own bound).
const LONGEST: usize = 256 << 10;

/// A frame as it was caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Microseconds since 1970 on the device's clock.
    pub at: i64,
    /// Number of the link's kind.
    pub link: u32,
    /// Bytes it had on the wire.
    pub whole: u32,
    /// Bytes that were kept.
    pub bytes: Vec<u8>,
}

/// Why the rest of a capture can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReaderError {
    /// It does not begin as a capture file.
    #[error("not a capture file")]
    NotCapture,
    /// A frame claims to be longer than any is.
    #[error("a frame of {0} bytes")]
    TooLong(u32),
}

#[derive(Clone, Copy, Debug)]
struct Head {
    little: bool,
    nanos: bool,
    link: u32,
}

/// Takes bytes, gives frames.
#[derive(Debug, Default)]
pub struct Reader {
    head: Option<Head>,
    buffer: Vec<u8>,
    taken: usize,
}

impl Reader {
    /// Whether the head has come.
    ///
    /// # Errors
    /// When what came is none.
    pub fn begun(&mut self) -> Result<bool, ReaderError> {
        Ok(self.head()?.is_some())
    }

    /// Takes bytes as they came.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.taken > 0 {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` until more bytes come.
    ///
    /// # Errors
    /// When what comes is no capture; nothing more can be read then.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, ReaderError> {
        let Some(head) = self.head()? else { return Ok(None) };
        let rest = &self.buffer[self.taken..];
        let Some(before) = rest.get(..BEFORE) else { return Ok(None) };
        let number = |at: usize| number(&before[at..at + 4], head.little);
        let (seconds, part, kept, whole) = (number(0), number(4), number(8), number(12));
        let length = usize::try_from(kept).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(ReaderError::TooLong(kept));
        }
        let Some(bytes) = rest.get(BEFORE..BEFORE + length) else { return Ok(None) };
        let micros = i64::from(if head.nanos { part / 1_000 } else { part });
        let frame =
            Frame { at: i64::from(seconds) * 1_000_000 + micros, link: head.link, whole, bytes: bytes.to_vec() };
        self.taken += BEFORE + length;
        Ok(Some(frame))
    }

    fn head(&mut self) -> Result<Option<Head>, ReaderError> {
        if self.head.is_some() {
            return Ok(self.head);
        }
        let Some(bytes) = self.buffer.get(..HEAD) else { return Ok(None) };
        let (little, nanos) = match bytes[..4] {
            [0xd4, 0xc3, 0xb2, 0xa1] => (true, false),
            [0xa1, 0xb2, 0xc3, 0xd4] => (false, false),
            [0x4d, 0x3c, 0xb2, 0xa1] => (true, true),
            [0xa1, 0xb2, 0x3c, 0x4d] => (false, true),
            _ => return Err(ReaderError::NotCapture),
        };
        // The upper bits tell of checksums after frames, which none of our captures has.
        let link = number(&bytes[20..24], little) & 0xffff;
        self.taken = HEAD;
        self.head = Some(Head { little, nanos, link });
        Ok(self.head)
    }
}

fn number(bytes: &[u8], little: bool) -> u32 {
    let four = [bytes[0], bytes[1], bytes[2], bytes[3]];
    if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }
}

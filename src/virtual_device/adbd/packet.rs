//! The packets of the ADB transport protocol: a header of six little-endian numbers, then a payload.
//! Source: AOSP `packages/modules/adb/protocol.txt`.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::error::LinkError;

/// The protocol version that needs checksums.
pub const VERSION_CHECKSUM: u32 = 0x0100_0000;
/// The protocol version without checksums; ours.
pub const VERSION: u32 = 0x0100_0001;
/// Bytes of payload we take and, if the client takes as many, send.
pub const MAX_PAYLOAD: u32 = 1024 * 1024;
/// Bytes of payload before versions are agreed on, and all that a version 1.0 client takes.
pub const MAX_PAYLOAD_V1: u32 = 4096;

const HEADER: usize = 24;

/// What a packet is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `CNXN`: version, payload limit, banner.
    Connect,
    /// `AUTH`: kind, data.
    Auth,
    /// `OPEN`: sender's stream, 0, service name.
    Open,
    /// `OKAY`: sender's stream, receiver's stream.
    Okay,
    /// `WRTE`: sender's stream, receiver's stream, bytes.
    Write,
    /// `CLSE`: sender's stream or 0, receiver's stream.
    Close,
}

/// One packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// What it is about.
    pub command: Command,
    /// First argument.
    pub arg0: u32,
    /// Second argument.
    pub arg1: u32,
    /// Payload.
    pub payload: Vec<u8>,
}

impl Command {
    const ALL: [Self; 6] = [Self::Connect, Self::Auth, Self::Open, Self::Okay, Self::Write, Self::Close];

    fn word(self) -> u32 {
        u32::from_le_bytes(*match self {
            Self::Connect => b"CNXN",
            Self::Auth => b"AUTH",
            Self::Open => b"OPEN",
            Self::Okay => b"OKAY",
            Self::Write => b"WRTE",
            Self::Close => b"CLSE",
        })
    }

    fn from_word(word: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.word() == word)
    }
}

impl Packet {
    /// A packet without payload.
    pub fn bare(command: Command, arg0: u32, arg1: u32) -> Self {
        Self { command, arg0, arg1, payload: Vec::new() }
    }

    /// The packet as bytes; `checksum` puts the sum of the payload's bytes into the header, else 0.
    pub fn encode(&self, checksum: bool) -> Vec<u8> {
        let word = self.command.word();
        let check = if checksum { sum(&self.payload) } else { 0 };
        let length = u32::try_from(self.payload.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(HEADER + self.payload.len());
        for number in [word, self.arg0, self.arg1, length, check, !word] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.payload);
        bytes
    }

    /// Reads one packet of at most `most` bytes of payload; `None` at a clean end between packets.
    ///
    /// # Errors
    /// The connection is lost, or what comes is no packet. Nothing can be read from the connection after that.
    pub async fn read(
        from: &mut (impl AsyncRead + Unpin),
        most: u32,
        checksum: bool,
    ) -> Result<Option<Self>, LinkError> {
        let mut header = [0; HEADER];
        if from.read(&mut header[..1]).await? == 0 {
            return Ok(None);
        }
        from.read_exact(&mut header[1..]).await?;
        let [word, arg0, arg1, length, check, magic] = numbers(&header);
        if magic != !word {
            return Err(LinkError::Magic { command: word, magic });
        }
        if length > most {
            return Err(LinkError::TooLong { length, most });
        }
        let mut payload = vec![0; length as usize];
        from.read_exact(&mut payload).await?;
        if checksum && sum(&payload) != check {
            return Err(LinkError::Checksum { told: check, found: sum(&payload) });
        }
        let command = Command::from_word(word).ok_or(LinkError::Command(word))?;
        Ok(Some(Self { command, arg0, arg1, payload }))
    }
}

fn numbers(header: &[u8; HEADER]) -> [u32; 6] {
    std::array::from_fn(|at| {
        let at = at * 4;
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    })
}

fn sum(payload: &[u8]) -> u32 {
    payload.iter().fold(0, |sum, byte| sum.wrapping_add(u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], checksum: bool) -> Result<Option<Packet>, LinkError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut bytes = bytes;
        runtime.block_on(Packet::read(&mut bytes, 4096, checksum))
    }

    #[test]
    fn an_open_packet_has_these_bytes() {
        let packet = Packet { command: Command::Open, arg0: 7, arg1: 0, payload: b"shell:ls\0".to_vec() };
        let golden = b"OPEN\x07\0\0\0\0\0\0\0\x09\0\0\0\x31\x03\0\0\xb0\xaf\xba\xb1shell:ls\0";
        assert_eq!(packet.encode(true), golden);
        assert_eq!(read(golden, true).unwrap(), Some(packet));
    }

    #[test]
    fn a_wrong_sum_matters_only_to_version_one() {
        let mut bytes = Packet { command: Command::Write, arg0: 1, arg1: 2, payload: vec![1, 2, 3] }.encode(true);
        bytes[16] ^= 1;
        assert!(matches!(read(&bytes, true), Err(LinkError::Checksum { told: 7, found: 6 })));
        assert!(read(&bytes, false).unwrap().is_some());
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_it_is_read() {
        let packet = Packet { command: Command::Write, arg0: 1, arg1: 2, payload: vec![0; 4097] };
        assert!(matches!(read(&packet.encode(false), false), Err(LinkError::TooLong { length: 4097, most: 4096 })));
    }

    #[test]
    fn an_end_between_packets_is_clean_and_inside_one_is_not() {
        let bytes = Packet::bare(Command::Okay, 1, 2).encode(false);
        assert_eq!(read(b"", false).unwrap(), None);
        assert!(matches!(read(&bytes[..23], false), Err(LinkError::Io(_))));
    }

    proptest! {
        #[test]
        fn garbage_is_an_error_or_a_packet_but_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, true);
        }

        #[test]
        fn what_is_written_is_read(
            which in 0..6usize, arg0: u32, arg1: u32, payload in proptest::collection::vec(any::<u8>(), 0..4096),
        ) {
            let packet = Packet { command: Command::ALL[which], arg0, arg1, payload };
            prop_assert_eq!(read(&packet.encode(true), true).unwrap(), Some(packet));
        }
    }
}

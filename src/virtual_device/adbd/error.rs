//! Why a connection to adbd ended badly.

use thiserror::Error;

/// What broke a connection.
#[derive(Debug, Error)]
pub enum LinkError {
    /// The socket failed, or ended inside a packet.
    #[error("adbd: {0}")]
    Io(#[from] std::io::Error),
    /// The header's last number is not the complement of its first.
    #[error("adbd: no packet: command {command:08x}, magic {magic:08x}")]
    Magic {
        /// First number.
        command: u32,
        /// Last number.
        magic: u32,
    },
    /// A command nobody knows.
    #[error("adbd: unknown command {0:08x}")]
    Command(u32),
    /// More payload than was agreed on.
    #[error("adbd: payload of {length} bytes, at most {most} agreed")]
    TooLong {
        /// Bytes announced.
        length: u32,
        /// Bytes allowed.
        most: u32,
    },
    /// The payload's bytes do not add up.
    #[error("adbd: checksum {told}, payload adds up to {found}")]
    Checksum {
        /// Sum in the header.
        told: u32,
        /// Sum of the bytes.
        found: u32,
    },
    /// A packet that has no place here.
    #[error("adbd: {0}")]
    Unexpected(&'static str),
}

//! What can go wrong between us and a device, and what that means.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A call that did not succeed. `doing` says what was tried, for a person.
#[derive(Debug, thiserror::Error)]
pub enum AdbError {
    /// Nobody answers at the server's address.
    #[error("no ADB server answers at {server}: {source}")]
    NoServer {
        /// Its address.
        server: String,
        /// Why.
        source: io::Error,
    },
    /// The device went away, is offline or not authorised, or the link broke in the middle of an answer.
    #[error("{doing}: device {serial} is lost: {detail}")]
    Lost {
        /// What was tried.
        doing: String,
        /// Which device.
        serial: String,
        /// The server's or the system's words.
        detail: String,
    },
    /// No complete answer in time.
    #[error("{doing}: no answer within {within:?}")]
    Deadline {
        /// What was tried.
        doing: String,
        /// The time that was given.
        within: Duration,
    },
    /// Somebody cancelled it.
    #[error("{doing}: cancelled")]
    Cancelled {
        /// What was tried.
        doing: String,
    },
    /// The other side understood, and said no.
    #[error("{doing}: refused: {}{message}", code_prefix(code))]
    Refused {
        /// What was tried.
        doing: String,
        /// Android's code, for example `INSTALL_FAILED_USER_RESTRICTED`; empty when there was none.
        code: String,
        /// Its words.
        message: String,
    },
    /// An answer that breaks the protocol.
    #[error("{doing}: the answer makes no sense: {detail}")]
    Protocol {
        /// What was tried.
        doing: String,
        /// What was wrong with it.
        detail: String,
    },
    /// An answer longer than the caller wants to hold.
    #[error("{doing}: the answer is longer than {at_most} bytes")]
    TooLong {
        /// What was tried.
        doing: String,
        /// The bound in bytes.
        at_most: usize,
    },
    /// A file of this machine could not be read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn code_prefix(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!("{code}: ") }
}

/// An error's kind, for those who decide what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No server, or the device is gone.
    DeviceLost,
    /// Too slow.
    Deadline,
    /// Cancelled by us.
    Cancelled,
    /// The device said no.
    Refused,
    /// Nonsense, or too much of it.
    Protocol,
    /// This machine's files.
    Host,
}

impl AdbError {
    /// The error's kind.
    pub fn fault(&self) -> Fault {
        match self {
            Self::NoServer { .. } | Self::Lost { .. } => Fault::DeviceLost,
            Self::Deadline { .. } => Fault::Deadline,
            Self::Cancelled { .. } => Fault::Cancelled,
            Self::Refused { .. } => Fault::Refused,
            Self::Protocol { .. } | Self::TooLong { .. } => Fault::Protocol,
            Self::File { .. } => Fault::Host,
        }
    }
}

//! Evidence packages: seal a record so that anyone can check it, and check it. Knows no device.
//!
//! A package is a BagIt 1.0 bag (RFC 8493), as a folder or as one archive of stored members.

mod archive;
mod bag;
mod error;
mod members;
mod opened;
mod payload;
mod seal;
mod sealing;
mod signature;
mod verify;

pub use error::{EvidenceError, Fault};
pub use opened::{Opened, open};
pub use seal::seal;
pub use sealing::{Form, Sealed, Sealing};
pub use verify::{Verified, verify};

#[cfg(test)]
mod tests;

//! Evidence packages: seal a record so that anyone can check it, and check it. Knows no device.
//!
//! A package is a BagIt 1.0 bag (RFC 8493), as a folder, as one archive of stored members, or as
//! one packed archive.

mod agent;
mod archive;
mod bag;
mod error;
mod frames;
mod manifest;
mod members;
mod opened;
mod payload;
mod redact;
mod review;
mod seal;
mod sealing;
mod short_texts;
mod signature;
mod stamp;
mod tarball;
mod verify;

pub use error::{EvidenceError, Fault};
pub use opened::{Opened, open};
pub use payload::cited;
pub use redact::{Cover, REDACTION, Redacted, Redaction, Redactions, redact};
pub use review::{Decision, Review, Reviewing, Word, review, reviewed, standing};
pub use seal::{check_key, pack, seal};
pub use sealing::{Form, Sealed, Sealing};
pub use stamp::{Service, Stamp, Trust};
pub use verify::{Kept, Verified, verify, verify_to_root};

#[cfg(test)]
mod tampering;
#[cfg(test)]
mod tests;

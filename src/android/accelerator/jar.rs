//! The file that the user names.

use std::sync::Arc;

use crate::journal::digest;
use crate::journal::entry::Digest;

/// A jar with a program that keeps UiAutomation: its name and its bytes.
#[derive(Clone, Debug)]
pub struct Jar {
    name: Arc<str>,
    bytes: Arc<[u8]>,
    sha256: Digest,
}

impl Jar {
    /// A jar of that name. `None` when the bytes are no archive.
    pub fn new(name: &str, bytes: Vec<u8>) -> Option<Self> {
        let sha256 = digest::of(&bytes);
        bytes.starts_with(b"PK\x03\x04").then(|| Self { name: name.into(), bytes: bytes.into(), sha256 })
    }

    /// How entries name it: its file name and the beginning of its SHA-256.
    pub fn by(&self) -> String {
        let digest = self.sha256.as_str();
        format!("{} {}", self.name, digest.get(..12).unwrap_or(digest))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

//! The file an author wrote, and places in it.

use sha2::{Digest, Sha256};

pub use crate::yaml::Location;

/// A file as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// How messages call it: a path, or a made-up name for embedded text.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// Where its first character stands.
    pub at: Location,
    /// What was written there.
    pub value: T,
}

impl Source {
    /// Text under a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// SHA-256 of the text, 64 lower-case hexadecimal digits.
    pub fn digest(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

//! What can be wrong with a written device profile.

use thiserror::Error;

/// A mistake in a device profile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProfileError {
    /// An entry without `=`.
    #[error("device profile: {0} has no value (write KEY=VALUE)")]
    NoValue(String),
    /// A key nobody knows.
    #[error("device profile: unknown key {0}")]
    UnknownKey(String),
    /// The same key again.
    #[error("device profile: {0} is given twice")]
    Twice(String),
    /// A value the key does not take.
    #[error("device profile: {key}={value} is not possible, expected {expected}")]
    Value {
        /// The key.
        key: String,
        /// What was given.
        value: String,
        /// What would do.
        expected: String,
    },
}

//! Why a catalogue cannot be used.

use thiserror::Error;

/// Why a catalogue cannot be used, or not for this question.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CatalogueError {
    /// A file is missing from the set.
    #[error("the catalogue lacks {0}")]
    MissingFile(String),
    /// A file is no YAML of the right shape.
    #[error("{file}: {message}")]
    Yaml {
        /// File name.
        file: String,
        /// What is wrong, with its place.
        message: String,
    },
    /// Pieces that are not what they must be, ids that lead nowhere or stand twice.
    #[error("the catalogue contradicts itself:\n  {}", .0.join("\n  "))]
    Broken(Vec<String>),
    /// No arrangement of days off is known for a year: nothing is guessed.
    #[error("no arrangement of working days is known for {0}, so no firm date can be given")]
    NoCalendar(i16),
    /// A date lies outside what can be computed.
    #[error("the date is out of range")]
    DateOutOfRange,
}

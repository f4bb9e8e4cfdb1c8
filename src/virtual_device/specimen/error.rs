//! What can be wrong with a specimen.

/// What can be wrong with a specimen.
#[derive(Debug, thiserror::Error)]
pub enum SpecimenError {
    /// Too long to be read.
    #[error("the specimen has {bytes} bytes; at most {most} are read")]
    TooLarge {
        /// Its length.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// Not YAML, or a key or value the language does not have.
    #[error("{0}")]
    Yaml(String),
    /// Names that lead nowhere and the like, all at once.
    #[error("{}", .0.join("\n"))]
    Mistakes(Vec<String>),
    /// No app file can be made of it.
    #[error("packing failed: {0}")]
    Pack(String),
}

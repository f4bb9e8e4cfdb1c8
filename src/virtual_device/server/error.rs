//! What can go wrong with the ADB server of the virtual devices.

use thiserror::Error;

/// Why a server could not do what its owner asked.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The address can't be listened on.
    #[error("ADB server of the virtual devices: {0}")]
    Listen(#[from] std::io::Error),
    /// Two devices can't have one serial number.
    #[error("ADB server of the virtual devices: serial {0} is attached already")]
    Taken(String),
}

//! Why no device can be had.

use crate::adb::AdbError;

/// Why no device can be had.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// The words for a device make no sense.
    #[error("device `{given}`: {why}")]
    Wanted {
        /// As given.
        given: String,
        /// What is wrong, and what would do.
        why: String,
    },
    /// The embedded server could not be started, or would not take a device.
    #[error("the embedded ADB server: {0}")]
    Listen(crate::virtual_device::server::ServerError),
    /// The ADB server gave no answer.
    #[error("{0}")]
    Adb(#[from] AdbError),
    /// No device of the kind is there.
    #[error("no device: {0}")]
    None(String),
    /// Stopped while waiting.
    #[error("stopped while waiting for a device")]
    Cancelled,
}

//! Why a step, or a whole attempt, could not be carried out.

use crate::adb::{AdbError, Fault};
use crate::android::AndroidError;
use crate::journal::JournalError;
use crate::journal::entry::Blame;

/// Why something could not be done, and who is to blame.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The scenario asks for something that cannot be done here.
    #[error("{0}")]
    Scenario(String),
    /// The app does not do what the step needs.
    #[error("{0}")]
    App(String),
    /// The device refused the app itself.
    #[error("{0}")]
    Refused(String),
    /// The device, or the way to it, failed.
    #[error("{0}")]
    Device(String),
    /// The record could not be written.
    #[error("the journal can't be written: {0}")]
    Journal(#[from] JournalError),
    /// Stopped from outside.
    #[error("stopped")]
    Cancelled,
}

impl RunError {
    /// Who is to blame; `None` when it was stopped from outside.
    pub fn blame(&self) -> Option<Blame> {
        match self {
            Self::Scenario(_) => Some(Blame::Scenario),
            Self::App(_) | Self::Refused(_) => Some(Blame::App),
            Self::Device(_) => Some(Blame::Device),
            Self::Journal(_) => Some(Blame::Host),
            Self::Cancelled => None,
        }
    }

    /// Whether nothing more can be done in this attempt.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Scenario(_) | Self::App(_))
    }
}

impl From<AdbError> for RunError {
    fn from(error: AdbError) -> Self {
        if error.fault() == Fault::Cancelled { Self::Cancelled } else { Self::Device(error.to_string()) }
    }
}

impl From<AndroidError> for RunError {
    fn from(error: AndroidError) -> Self {
        match error {
            AndroidError::Adb(error) => error.into(),
            other => Self::Device(other.to_string()),
        }
    }
}

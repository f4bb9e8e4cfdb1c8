//! What can go wrong when Android is asked something.

use crate::adb::{AdbError, Fault};

/// A question to Android without an answer.
#[derive(Debug, thiserror::Error)]
pub enum AndroidError {
    /// The way to the device.
    #[error(transparent)]
    Adb(#[from] AdbError),
    /// No view hierarchy could be had in the given time.
    #[error("no view hierarchy: {0}")]
    NoHierarchy(HierarchyFailure),
    /// No screenshot could be had.
    #[error("no screenshot: {0}")]
    NoScreenshot(String),
    /// An answer in a form that is not known.
    #[error("{what}: can't read {excerpt:?}")]
    Unreadable {
        /// What was asked.
        what: &'static str,
        /// The beginning of the answer.
        excerpt: String,
    },
    /// The device said no.
    #[error("{doing}: {message}")]
    Refused {
        /// What was tried.
        doing: String,
        /// Its words.
        message: String,
    },
    /// The app has no activity to start.
    #[error("{package} has no activity that a launcher could start")]
    NoLauncher {
        /// Package id.
        package: String,
    },
    /// The text can't be typed: Android's `input` knows ASCII only.
    #[error(
        "can't type {0:?}: Android's `input text` takes ASCII only, and no keyboard that takes more is installed; install \
         ADBKeyBoard (com.android.adbkeyboard), or for what is no secret Appium Settings (io.appium.settings, which \
         writes keys into the log), write a value in ASCII in the scenario, or have the person who runs this type it on \
         the device in an `ask-operator` step"
    )]
    Untypable(String),
}

impl AndroidError {
    /// The error's kind, in the words of the wire.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Adb(error) => error.fault(),
            Self::NoHierarchy(_) | Self::NoScreenshot(_) | Self::Unreadable { .. } => Fault::Protocol,
            Self::Refused { .. } | Self::NoLauncher { .. } | Self::Untypable(_) => Fault::Refused,
        }
    }

    /// Whether the device is gone or we were cancelled: nothing more can be asked.
    pub fn is_final(&self) -> bool {
        matches!(self.fault(), Fault::DeviceLost | Fault::Cancelled)
    }
}

/// Why `uiautomator dump` gave no hierarchy. It says most of these on standard output with exit status 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyFailure {
    /// `ERROR: could not get idle state.`: something on the screen never stops moving.
    #[error("the screen did not come to rest")]
    NotIdle,
    /// `ERROR: null root node …`: no window, or the screen is off.
    #[error("there is no window to dump, or the screen is off")]
    NullRoot,
    /// `…already registered!`: another UiAutomation client is connected.
    #[error("another UiAutomation client is connected")]
    Busy,
    /// `Killed`: so do old releases when another client is connected.
    #[error("uiautomator was killed, perhaps because another UiAutomation client is connected")]
    Killed,
    /// It printed nothing and wrote nothing.
    #[error("uiautomator printed nothing")]
    Silent,
    /// The program is missing.
    #[error("the device has no uiautomator program")]
    Missing,
    /// Something else; its words.
    #[error("{0}")]
    Other(String),
    /// A file that is no hierarchy.
    #[error(transparent)]
    Unreadable(#[from] HierarchyError),
}

/// Why a hierarchy file can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyError {
    /// Longer than 10 MB.
    #[error("the hierarchy is longer than {0} bytes")]
    TooLong(usize),
    /// More than 50,000 nodes.
    #[error("the hierarchy has more than {0} nodes")]
    TooManyNodes(usize),
    /// Deeper than 10,000 levels.
    #[error("the hierarchy is deeper than {0} levels")]
    TooDeep(usize),
    /// Not the XML of a hierarchy.
    #[error("not a hierarchy: {0}")]
    Malformed(String),
}

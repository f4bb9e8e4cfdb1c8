//! Accesses that no dialog grants: a person gives them on a page of the settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Do;

/// A special access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Special {
    /// Windows above other apps.
    Overlay,
    /// Which apps are used, when and how long.
    Usage,
    /// An accessibility service: sees and presses everything.
    Accessibility,
    /// Installing apps (API 26 and later).
    UnknownSources,
    /// All files of the shared storage (API 30 and later).
    AllFiles,
    /// Alarms to the second (API 31 and later).
    ExactAlarms,
    /// Running in the background without bounds.
    Battery,
    /// Administrator of the device: it can't be uninstalled while it is one.
    Administrator,
}

impl Special {
    /// Its name in app-ops, for those that app-ops keeps.
    pub fn op(self) -> Option<&'static str> {
        Some(match self {
            Self::Overlay => "SYSTEM_ALERT_WINDOW",
            Self::Usage => "GET_USAGE_STATS",
            Self::UnknownSources => "REQUEST_INSTALL_PACKAGES",
            Self::AllFiles => "MANAGE_EXTERNAL_STORAGE",
            Self::ExactAlarms => "SCHEDULE_EXACT_ALARM",
            Self::Accessibility | Self::Battery | Self::Administrator => return None,
        })
    }

    /// API level from which it has to be given by a person.
    pub fn since(self) -> u32 {
        match self {
            Self::UnknownSources => 26,
            Self::AllFiles => 30,
            Self::ExactAlarms => 31,
            _ => 23,
        }
    }
}

/// Sends the person to the settings for a special access. What follows runs once the person is back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AskSpecial {
    /// Which access.
    pub access: Special,
    /// It is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<Do>,
    /// It is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Do>,
}

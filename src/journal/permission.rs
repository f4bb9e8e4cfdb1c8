//! Permissions, what became of them, and accesses to personal data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One runtime permission's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Permission {
    /// Full name.
    pub name: String,
    /// Granted now.
    pub granted: bool,
    /// Flags, as printed: `USER_SET`, `USER_FIXED` …
    pub flags: Vec<String>,
}

/// How a permission changed over a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermissionChange {
    /// Full name.
    pub name: String,
    /// State before; `None` when there was no line for it.
    pub before: Option<Permission>,
    /// State after; `None` when there is no line for it.
    pub after: Option<Permission>,
}

/// Personal data was touched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Access {
    /// Package.
    pub package: String,
    /// App operation, for example `FINE_LOCATION`.
    pub op: String,
    /// Device time of the access, ms since 1970, when it can be told.
    pub device_time: Option<i64>,
    /// The same, on this journal's monotonic clock, in ms.
    pub mono: Option<u64>,
    /// It was let through (as opposed to a rejected try).
    pub allowed: bool,
    /// Whether the app was in the foreground; `None` when the device doesn't say.
    pub foreground: Option<bool>,
    /// Duration in ms, when told.
    pub duration_ms: Option<u64>,
    /// How many accesses this entry stands for (at least).
    pub count: u32,
}

//! What the machine says of itself that recorded a case, and above all whose time it told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The machine that recorded a case. Its name is left out: it often tells a person's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct HostFacts {
    /// Operating system, in its own words; empty when it says nothing.
    pub system: String,
    /// Version of the kernel; empty when it says nothing.
    pub kernel: String,
    /// Whether there was a way out to other networks; `None` when that could not be read.
    pub network: Option<bool>,
    /// Where its time came from.
    pub time: TimeSource,
}

/// Where a machine's time comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TimeSource {
    /// The program that was asked: `chrony`, `systemd-timesyncd`; `None` when none answered. Then nobody knows how right
    /// the host's clock was.
    pub told_by: Option<String>,
    /// The server it follows, as it says; empty when it follows none.
    pub server: String,
    /// Whether it says that the clock follows the server.
    pub synchronised: Option<bool>,
    /// Host clock minus the server's, in milliseconds, as it says.
    pub offset_ms: Option<f64>,
}

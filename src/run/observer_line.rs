//! The lines of an outside observer: one JSON object each. `docs/observers.md` tells it to people.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::journal::entry::{DataKind, ObservedKind};

/// A line that an outside observer writes to its standard output.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Line {
    /// First line: what the observer is.
    Hello(Hello),
    /// It saw something.
    Seen(Seen),
}

/// What an observer is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Hello {
    /// Its version, in its own words.
    pub version: String,
    /// What it sees whenever it happens. An app is only believed not to have done what stands here.
    pub sees: Vec<ObservedKind>,
}

/// What an observer saw.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Seen {
    /// What kind of thing.
    pub kind: ObservedKind,
    /// Package it is about; without it, the app under test.
    #[serde(default)]
    pub package: Option<String>,
    /// Which identifier was read (`imei`, `android-id` …), or to which host something was sent. At most 4,000 characters.
    #[serde(default)]
    pub what: String,
    /// More: a call, a stack. At most 4,000 characters.
    #[serde(default)]
    pub detail: String,
    /// Personal data it concerns.
    #[serde(default)]
    pub data: Option<DataKind>,
    /// When it happened on the device's clock, in milliseconds since 1970; without it, when the line came.
    #[serde(default)]
    pub device_time: Option<i64>,
}

//! What programs beside the run saw: hooks, proxies, sensors of a lab.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::Digest;
use super::network::DataKind;

/// An outside observer was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ObserverStarted {
    /// Its name in the plan or on the command line.
    pub observer: String,
    /// Its command, as given.
    pub command: String,
    /// SHA-256 of the program's file and of the files among its arguments, by name, as far as they could be read.
    pub files: BTreeMap<String, Digest>,
}

/// An outside observer said what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ObserverHello {
    /// Its name in the plan or on the command line.
    pub observer: String,
    /// Its version, in its own words.
    pub version: String,
    /// What it can see: what it does not name here, it is not believed to have looked for.
    pub sees: Vec<ObservedKind>,
}

/// An outside observer saw something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Observed {
    /// Its name in the plan or on the command line.
    pub observer: String,
    /// What it saw.
    pub seen: ObservedKind,
    /// Package it is about, when it was told.
    pub package: Option<String>,
    /// Which identifier, host or value.
    pub what: String,
    /// More, in the observer's words: a call, a stack.
    pub detail: String,
    /// Personal data it concerns, when it was told.
    pub data: Option<DataKind>,
    /// Device time, ms since 1970, when it was told.
    pub device_time: Option<i64>,
    /// When it happened on this journal's monotonic clock, in ms: by the device time, else by when the line came.
    pub mono: u64,
}

/// What an observer can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObservedKind {
    /// The app read an identifier of the device, or tried to.
    DeviceIdRead,
    /// The app read the list of installed apps, or tried to.
    AppListRead,
    /// The app read other personal data.
    DataRead,
    /// The app sent something.
    DataSent,
    /// Anything else.
    Remark,
}

/// An outside observer ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ObserverEnded {
    /// Its name in the plan or on the command line.
    pub observer: String,
    /// How: `exit status: 1`, `signal: 15 (SIGTERM)`, or why it could not be started.
    pub how: String,
    /// It ended with the run, not before.
    pub with_run: bool,
    /// Events taken.
    pub events: u64,
    /// Lines that were no event, or were more than the bounds let through.
    pub dropped: u64,
    /// The first line that was no event, and why; empty when there was none.
    pub first_mistake: String,
    /// The last it wrote to standard error, cut at 2,000 characters.
    pub last_words: String,
}

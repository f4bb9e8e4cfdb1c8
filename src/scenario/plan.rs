//! Which apps, scenarios and devices belong together.

use super::source::Source;

/// A plan file: apps × scenarios × profiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The file it came from.
    pub source: Source,
    /// Its id: small letters, digits and hyphens.
    pub id: String,
    /// One line for people; may be empty.
    pub title: String,
    /// The apps.
    pub apps: Vec<PlannedApp>,
    /// Ids of shipped scenarios, or paths of scenario files relative to the plan. Empty: every shipped one.
    pub scenarios: Vec<String>,
    /// The kinds of devices. Empty: the usual one.
    pub profiles: Vec<PlannedProfile>,
    /// How many attempts at the same time.
    pub workers: u32,
    /// How many times each case is run.
    pub repeat: u32,
}

/// An app of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedApp {
    /// A file, a folder of splits, or `specimen:NAME`; paths are relative to the plan.
    pub app: String,
    /// An older version to install first, for scenarios that upgrade.
    pub older: Option<String>,
    /// Category id of the catalogue.
    pub category: Option<String>,
    /// Briefing file, relative to the plan; `None` looks among the shipped ones by package id.
    pub briefing: Option<String>,
}

/// A kind of device of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedProfile {
    /// Its name in reports.
    pub name: String,
    /// A serial number, or `virtual` with options: `virtual:api=34,skin=google`.
    pub device: String,
}

impl Plan {
    /// Most attempts at the same time.
    pub const MOST_WORKERS: u32 = 256;
    /// Most repeats of a case.
    pub const MOST_REPEATS: u32 = 100;
}

//! Tasks and activities.

use std::time::Duration;

use super::package::Component;

/// A task: activities on top of each other.
#[derive(Clone, Debug)]
pub struct Task {
    /// Number of the task.
    pub id: u32,
    /// Package it belongs to.
    pub package: String,
    /// Activities, the topmost last.
    pub records: Vec<Record>,
    /// Identity hash.
    pub hash: u32,
    /// The home task.
    pub home: bool,
    /// Last brought to the front, on the device's clock.
    pub active: Duration,
}

/// An activity that exists.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its name.
    pub component: Component,
    /// Identity hash, as the dumps show it.
    pub hash: u32,
    /// Identity hash of its window.
    pub window: u32,
    /// What stands in it.
    pub holds: Holds,
    /// Intent it was started with, as the dumps show it (without braces).
    pub intent: String,
    /// Who started it.
    pub caller: u32,
    /// Process it runs in.
    pub pid: u32,
    /// Made at, on the device's clock.
    pub since: Duration,
}

/// What stands in an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The home screen.
    Home,
    /// Screens of an app's model.
    Screens,
    /// An app without a model.
    NoModel,
    /// The system's permission dialog.
    Prompt,
    /// The system's page about an app.
    AppInfo,
    /// A page of the system on which accesses are given.
    Page,
}

/// How an activity is written in dumps: `ActivityRecord{HASH u0 pkg/.Class tN}`. Captured: 23, 28 and 34 so, and an AOSP of
/// about level 33 with a stray brace, `…Class} tN}`.
pub fn written(record: &Record, task: u32, api: u32) -> String {
    let brace = if api == 33 { "}" } else { "" };
    format!("ActivityRecord{{{:x} u0 {}{brace} t{task}}}", record.hash, record.component.short())
}

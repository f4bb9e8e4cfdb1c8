//! App-ops: who may do what, and who did it when.

use std::collections::{BTreeMap, VecDeque};

/// Most accesses kept per op and package.
const HISTORY: usize = 500;
/// How long one snapshot of the history of accesses lasts, in ms. AOSP: fifteen minutes. MODEL: they begin with the quarters
/// of the hour, where Android's begin with the first access after the last one.
pub const SNAPSHOT: i64 = 900_000;
/// Most snapshots kept per op and package: a day. MODEL: Android joins older ones to longer spans.
const SNAPSHOTS: usize = 96;

/// Whether an op is let through; names of `AppOpsManager`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Let through.
    Allow,
    /// Nothing is given, without an error.
    Ignore,
    /// An error.
    Deny,
    /// As the permission says.
    Default,
    /// Only in the foreground (29 and later).
    Foreground,
}

impl Mode {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Allow => "allow",
            Mode::Ignore => "ignore",
            Mode::Deny => "deny",
            Mode::Default => "default",
            Mode::Foreground => "foreground",
        }
    }

    /// Its number (`mode=0` of old dumps).
    pub fn number(self) -> u32 {
        match self {
            Mode::Allow => 0,
            Mode::Ignore => 1,
            Mode::Deny => 2,
            Mode::Default => 3,
            Mode::Foreground => 4,
        }
    }

    /// The mode of that name or number.
    pub fn named(name: &str) -> Option<Mode> {
        [Mode::Allow, Mode::Ignore, Mode::Deny, Mode::Default, Mode::Foreground]
            .into_iter()
            .find(|m| m.name() == name || m.number().to_string() == name)
    }
}

/// One access or refused attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Milliseconds since 1970.
    pub at: i64,
    /// How long it lasts, in milliseconds; 0 for a moment.
    pub lasts: i64,
    /// The app was visible.
    pub foreground: bool,
    /// It was refused.
    pub refused: bool,
}

/// One op of one package.
#[derive(Clone, Debug, Default)]
pub struct OpRecord {
    /// Mode that was set for it; `None` follows the permission.
    pub mode: Option<Mode>,
    /// What happened, the latest last.
    pub touches: VecDeque<Touch>,
    /// How often it happened, by the number of the snapshot since 1970 and whether the app was visible.
    pub counts: BTreeMap<(i64, bool), Count>,
}

/// How often something happened within a snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Accesses.
    pub accesses: u64,
    /// Refusals.
    pub rejects: u64,
    /// How long the accesses lasted together, in ms.
    pub lasted: i64,
}

impl OpRecord {
    /// The latest that was let through (or refused).
    pub fn last(&self, refused: bool) -> Option<&Touch> {
        self.touches.iter().rev().find(|t| t.refused == refused)
    }
}

/// App-ops of all packages, by package and op name.
#[derive(Clone, Debug, Default)]
pub struct AppOps {
    records: BTreeMap<String, BTreeMap<String, OpRecord>>,
}

impl AppOps {
    /// Notes an access.
    pub fn note(&mut self, package: &str, op: &str, touch: Touch) {
        let record = self.records.entry(package.into()).or_default().entry(op.into()).or_default();
        record.touches.push_back(touch);
        let count = record.counts.entry((touch.at.div_euclid(SNAPSHOT), touch.foreground)).or_default();
        if touch.refused {
            count.rejects += 1;
        } else {
            count.accesses += 1;
            count.lasted += touch.lasts;
        }
        while record.counts.len() > SNAPSHOTS {
            record.counts.pop_first();
        }
        if record.touches.len() > HISTORY {
            record.touches.pop_front();
        }
    }

    /// Sets a mode; `None` takes the package's own setting away.
    pub fn set_mode(&mut self, package: &str, op: &str, mode: Option<Mode>) {
        self.records.entry(package.into()).or_default().entry(op.into()).or_default().mode = mode;
    }

    /// The mode set for an op.
    pub fn mode(&self, package: &str, op: &str) -> Option<Mode> {
        self.records.get(package)?.get(op)?.mode
    }

    /// A package's ops by name.
    pub fn of(&self, package: &str) -> impl Iterator<Item = (&str, &OpRecord)> {
        self.records.get(package).into_iter().flatten().map(|(name, record)| (name.as_str(), record))
    }

    /// Forgets the settings of a package (`appops reset`), or of all.
    pub fn reset(&mut self, package: Option<&str>) {
        for (name, ops) in &mut self.records {
            if package.is_none_or(|p| p == name) {
                ops.values_mut().for_each(|record| record.mode = None);
            }
        }
    }

    /// Forgets a package.
    pub fn forget(&mut self, package: &str) {
        self.records.remove(package);
    }
}

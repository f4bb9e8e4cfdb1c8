//! The specimen language: an app as a YAML state machine. It says what the app shows and what it does on each event;
//! the virtual device plays it. One file is one app; packed into an installable file it rides along as an asset.
//!
//! A specimen has *screens* (one at a time, stacked by navigation) and *dialogs* (on top of a screen). Both hold
//! *views*. Views, timers and events carry lists of *actions* ([`action::Do`]), played one after another; `ask` and
//! `wait` hold the list until the answer or the time has come. *Variables* are the app's data: they live over a
//! restart and an upgrade and go with the app's data. Accounts live on the app maker's server: they survive both.

pub mod action;
pub mod check;
pub mod condition;
pub mod error;
pub mod input_method;
pub mod look;
pub mod op;
pub mod pack;
pub mod special;
pub mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use action::Do;
pub use condition::{Condition, Value};
pub use error::SpecimenError;
pub use input_method::{InputMethod, Takes};
pub use look::{Dialog, Screen, View};
pub use op::Op;
pub use pack::pack;
pub use special::{AskSpecial, Special};
pub use words::{Span, Words};

/// Largest specimen text that is read, in bytes.
pub const LARGEST_TEXT: usize = 1_000_000;

/// One app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Specimen {
    /// Short name of the specimen, as in its file name.
    pub specimen: String,
    /// What it is and does, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Category of the necessary-information rules it belongs to, for authors and tests.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Package name.
    pub package: String,
    /// Name under the icon.
    pub label: Words,
    /// Its version.
    #[serde(default)]
    pub version: Version,
    /// Lowest and intended platform level.
    #[serde(default)]
    pub sdk: Sdk,
    /// Launcher activity, `.Name` or a full class name.
    #[serde(default = "default_activity")]
    pub activity: String,
    /// Permissions the manifest requests; a name without a dot means `android.permission.NAME`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// Seed of its random choices; the device's own seed is mixed in.
    #[serde(default)]
    pub seed: u64,
    /// Accounts its server knows from the start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Account>,
    /// It is a keyboard as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_method: Option<InputMethod>,
    /// Variables and their first values. Reading a variable that is not listed is a mistake.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: BTreeMap<String, Value>,
    /// Screen shown first.
    pub first_screen: String,
    /// What happens to the app as a whole.
    #[serde(default, skip_serializing_if = "Events::is_empty")]
    pub on: Events,
    /// Timers that run as long as the process lives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    /// Work in the background, also while no process of the app lives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<Job>,
    /// Tab bars that screens share, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bars: BTreeMap<String, Vec<look::Tab>>,
    /// Screens by name.
    pub screens: BTreeMap<String, Screen>,
    /// Dialogs by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dialogs: BTreeMap<String, Dialog>,
    /// What kind of device it is to be shown on, as `--device virtual:…` says it: `rooted=true`. Read by tests only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// Outcomes the findings should get: scenario id → finding id → outcome. What is not named there should not be
    /// observed. Read by tests only; the device ignores it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expect: BTreeMap<String, BTreeMap<String, Expected>>,
}

/// What a judge should say of one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// The behaviour is there.
    Observed,
    /// It was looked for and is not there.
    NotObserved,
    /// Its occasion never comes.
    NotTriggered,
    /// It cannot be told.
    NotAssessable,
    /// It is for a person to tell, and everything that person needs is at hand: entries, and exhibits that show them.
    ForReview,
}

/// An app version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Counts up with each release.
    pub code: u32,
    /// Shown to people.
    pub name: String,
}

impl Default for Version {
    fn default() -> Self {
        Self { code: 1, name: "1.0".into() }
    }
}

/// Platform levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sdk {
    /// Lowest level it installs on.
    pub min: u32,
    /// Level it was made for; below 23 permissions are granted at install.
    pub target: u32,
}

impl Default for Sdk {
    fn default() -> Self {
        Self { min: 21, target: 33 }
    }
}

/// An account on the app maker's server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Account {
    /// Name or number one signs in with.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The operator of the test bench puts the account back when the app is installed anew. Without it an account
    /// that was deleted stays so for the life of the device.
    #[serde(default)]
    pub restored_on_install: bool,
}

/// What happens to the app as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Events {
    /// Its main activity is made: a cold start, or a start after *back* had ended it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub start: Vec<Do>,
    /// It comes to the foreground; also after `start`, and after a permission dialog.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resume: Vec<Do>,
    /// It goes to the background.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub background: Vec<Do>,
    /// The device is moved while it is in the foreground.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// The device has started. Needs the permission `RECEIVE_BOOT_COMPLETED`; an app that was stopped by force is not told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boot: Vec<Do>,
}

impl Events {
    fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// A movement of the device that an app listens for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Moved {
    /// Least acceleration, without gravity, in m/s².
    pub acceleration: u32,
    /// For at least so long.
    #[serde(default)]
    pub lasts: Span,
    /// What it does, once per movement.
    #[serde(rename = "do")]
    pub actions: Vec<Do>,
}

/// Work that the system's scheduler starts the app for, whether it runs or not; planned at the app's first start, and over
/// when the app is stopped by force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Job {
    /// Time between two runs.
    pub every: Span,
    /// What it does.
    #[serde(rename = "do")]
    pub actions: Vec<Do>,
}

/// Something that happens by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Timer {
    /// Time until the first run; without it, `every`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Span>,
    /// Time between runs; without it there is one run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// Most runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Runs in the background too. Otherwise a run that falls there is left out.
    #[serde(default)]
    pub in_background: bool,
    /// What it does.
    #[serde(rename = "do")]
    pub actions: Vec<Do>,
}

fn default_activity() -> String {
    ".MainActivity".into()
}

impl Specimen {
    /// Reads a specimen.
    ///
    /// # Errors
    /// [`SpecimenError`]: no YAML, an unknown key, or a name that leads nowhere.
    pub fn parse(text: &str) -> Result<Self, SpecimenError> {
        if text.len() > LARGEST_TEXT {
            return Err(SpecimenError::TooLarge { bytes: text.len(), most: LARGEST_TEXT });
        }
        let specimen: Self = serde_yaml::from_str(text).map_err(|e| SpecimenError::Yaml(e.to_string()))?;
        let mistakes = check::mistakes(&specimen);
        if mistakes.is_empty() { Ok(specimen) } else { Err(SpecimenError::Mistakes(mistakes)) }
    }

    /// Full class name of an activity written `.Name` or in full.
    pub fn class(&self, activity: &str) -> String {
        if let Some(short) = activity.strip_prefix('.') { format!("{}.{short}", self.package) } else { activity.into() }
    }

    /// Full class name of the activity that holds a screen.
    pub fn activity_of(&self, screen: &str) -> String {
        let own = self.screens.get(screen).and_then(|s| s.activity.as_deref());
        self.class(own.unwrap_or(&self.activity))
    }

    /// Full class names of all activities, the launcher's first.
    pub fn activities(&self) -> Vec<String> {
        let mut all = vec![self.class(&self.activity)];
        for screen in self.screens.keys() {
            let class = self.activity_of(screen);
            if !all.contains(&class) {
                all.push(class);
            }
        }
        all
    }
}

/// Full permission name of one written short: a name without a dot means `android.permission.NAME`.
pub fn permission_name(written: &str) -> String {
    if written.contains('.') { written.into() } else { format!("android.permission.{written}") }
}

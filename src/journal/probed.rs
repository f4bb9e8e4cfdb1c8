//! What a run tried out and looked up beside the screens: movements, taps on blank places, switches, downloads, other apps,
//! a guardian's window, what can be said about removing the app.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ui::{Concept, Point};

/// Another app on the device that did not come with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Neighbour {
    /// Package id.
    pub package: String,
    /// Its user id, when told.
    pub uid: Option<u32>,
}

/// An app started something of another app or of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AppCall {
    /// Package that called; its user id when it has no known name.
    pub caller: String,
    /// Package that was called.
    pub called: String,
    /// What was started, `package/class`.
    pub component: String,
    /// The intent's action, or empty.
    pub action: String,
    /// The intent's media type, or empty.
    pub media: String,
    /// `activity` (from the log) or `service` (from the list of services, where it is told who called last).
    pub how: String,
    /// When, on this journal's monotonic clock in ms, where it is not the entry's own time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mono: Option<u64>,
}

/// A file in the folder of downloads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DownloadedFile {
    /// Its name.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Last changed, on this journal's monotonic clock in ms; to the second.
    pub mono: Option<u64>,
}

/// The device was moved, as far as its sensors know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Movement {
    /// What it stands for: `walking` …
    pub name: String,
    /// Strength without gravity, in m/s².
    pub acceleration: f64,
    /// For how long, in ms.
    pub lasts_ms: u64,
    /// How it was done: `emulator console`.
    pub route: String,
    /// Number of the advertisement that was on the screen, when there was one.
    pub popup: Option<u32>,
    /// What it led to: another activity, `package/class`.
    pub led_to: Option<String>,
    /// Entry number of the capture after it.
    pub seen: Option<u64>,
}

/// A tap on a place of an advertisement where no control with words stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct BlankTap {
    /// Number of the advertisement.
    pub popup: u32,
    /// Where.
    pub point: Point,
    /// What it led to: another activity, `package/class`.
    pub led_to: Option<String>,
    /// Entry number of the capture after it.
    pub seen: Option<u64>,
}

/// A switch was turned off, and looked at again after restarts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SwitchTurned {
    /// What it switches.
    pub concept: Concept,
    /// Its words.
    pub label: String,
    /// On before; `None` when it does not tell.
    pub before: Option<bool>,
    /// On after it was turned.
    pub after: Option<bool>,
    /// Questions that had to be confirmed.
    pub confirmations: u32,
    /// On after each restart; `None` when it was not found again.
    pub restarts: Vec<Option<bool>>,
    /// Entry numbers of the captures.
    pub captures: Vec<u64>,
}

/// A page that offers something that renews itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RenewalOffer {
    /// Its words, cut at 2,000 characters.
    pub words: String,
    /// Whether it names a price.
    pub priced: bool,
    /// Boxes that speak of the renewal: (words, ticked).
    pub boxes: Vec<(String, bool)>,
    /// Entry number of the capture.
    pub capture: u64,
}

/// A page with a feed: a list of like rows that the app fills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FeedSeen {
    /// Rows to be seen.
    pub rows: u32,
    /// First words of the first rows.
    pub titles: Vec<String>,
    /// Words on the page that say it was chosen for a person; none when nothing does.
    pub labels: Vec<String>,
    /// Entry number of the capture.
    pub capture: u64,
}

/// A window or page about a guardian's consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GuardianAsked {
    /// Its words, cut at 4,000 characters.
    pub words: String,
    /// Controls and fields by which a guardian answers; none where a guardian is only spoken of.
    #[serde(default)]
    pub answers: Vec<String>,
    /// Controls that refuse.
    pub refuse: Vec<String>,
    /// Which of the matters it speaks of that a guardian must be told (CAC order 4 of 2019, article 10), by the lexicon.
    pub matters: Vec<String>,
    /// Matters it does not speak of.
    pub lacks: Vec<String>,
    /// Entry number of the capture.
    pub capture: u64,
}

/// What stands in the way of removing the app, at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Removal {
    /// The launcher has an entry for it; `None` when the device doesn't say.
    pub launcher: Option<bool>,
    /// It is an administrator of the device; `None` when the device doesn't say.
    pub administrator: Option<bool>,
}

//! Notifications of the app under test: when they came, what they said, when they went and by whose doing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A notification was put up, or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NotificationPosted {
    /// Package that put it up.
    pub package: String,
    /// Its number within the package; another with the same number and tag takes its place.
    pub id: i64,
    /// Its tag, cut at 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Its channel, cut at 500 characters; nothing before API 26.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What the system did with it.
    pub how: NotificationTaken,
}

/// What the system did with a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotificationTaken {
    /// Took it. Whether it was shown the log does not say: the person may have turned notifications off.
    New,
    /// Took it in place of one that was up.
    Update,
    /// Did not take it.
    Ignored,
}

/// The words of a notification, read from the device after it was put up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NotificationRead {
    /// Number of the entry that tells of it.
    pub posted: u64,
    /// Its title, cut at 500 characters.
    pub title: String,
    /// Its text, cut at a line's end or at 500 characters.
    pub text: String,
    /// Why there are no words, or not all; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub missing: String,
}

/// A notification is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NotificationGone {
    /// Package that had put it up.
    pub package: String,
    /// Its number within the package.
    pub id: i64,
    /// Its tag, cut at 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Who took it away.
    pub by: NotificationEnd,
    /// Android's number of the reason (`NotificationListenerService.REASON_*`).
    pub reason: u32,
    /// How long it was up, in milliseconds, as the device says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lived_ms: Option<u64>,
}

/// Who took a notification away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotificationEnd {
    /// The person tapped it.
    Tapped,
    /// The person swiped it away, alone or with all others.
    Dismissed,
    /// The app took it back.
    App,
    /// Another app that listens to notifications.
    Listener,
    /// Its time was over.
    TimedOut,
    /// It was put off, to come again later.
    Snoozed,
    /// The app was stopped, changed or removed, or its notifications were turned off.
    AppChanged,
    /// The system, for another reason.
    System,
}

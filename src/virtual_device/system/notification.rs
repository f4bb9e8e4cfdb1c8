//! Notifications that are up.

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Package that put it up.
    pub package: String,
    /// Its user id.
    pub uid: u32,
    /// Its number within the package.
    pub id: u32,
    /// Its tag.
    pub tag: Option<String>,
    /// Its channel.
    pub channel: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// Put up at, milliseconds since 1970.
    pub at: i64,
    /// Identity hash, for the dumps.
    pub hash: u32,
}

impl Notification {
    /// The key by which the notification service knows it (`StatusBarNotification.key`).
    pub fn key(&self) -> String {
        format!("0|{}|{}|{}|{}", self.package, self.id, self.tag.as_deref().unwrap_or("null"), self.uid)
    }
}

//! Notifications that are up, and what the log says of them.
//!
//! MODEL after AOSP's `EventLogTags.logtags` and `NotificationManagerService`. Captured: API 23's `notification_cancel_all` of
//! an app that is stopped, here line for line. The other lines have the fields of the release's sources.

use super::System;
use super::process::SYSTEM_SERVER;

/// Most notifications that are up at a time.
const MOST: usize = 200;

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

/// Why a notification goes, with the numbers of AOSP's `NotificationListenerService`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// The person tapped it.
    Click = 1,
    /// The person swiped all of them away.
    CancelAll = 3,
    /// Its app was stopped, changed or removed.
    PackageChanged = 5,
    /// Its app took it back.
    AppCancel = 8,
    /// Somebody lets it come again later.
    Snoozed = 18,
}

impl Notification {
    /// The key by which the notification service knows it (`StatusBarNotification.key`).
    pub fn key(&self) -> String {
        format!("0|{}|{}|{}|{}", self.package, self.id, self.tag.as_deref().unwrap_or("null"), self.uid)
    }

    /// `Notification.toString` of a release. Before API 26 there are no channels; the priority left it with API 30.
    pub fn written(&self, api: u32) -> String {
        let head = match api {
            ..=25 => "pri=0".to_owned(),
            26..=29 => format!("channel={} pri=0", self.channel),
            _ => format!("channel={} shortcut=null", self.channel),
        };
        let rest = "contentView=null vibrate=null sound=null defaults=0x0 flags=0x10 color=0x00000000 vis=PRIVATE";
        format!("Notification({head} {rest})")
    }
}

impl System {
    /// Puts a notification up in place of an older one with the same key.
    pub(super) fn put_up(&mut self, notification: Notification) {
        let key = notification.key();
        let before = self.notifications.len();
        self.notifications.retain(|one| one.key() != key);
        self.log_enqueued(&notification, self.notifications.len() < before);
        self.notifications.push(notification);
        if self.notifications.len() > MOST {
            self.notifications.remove(0);
        }
    }

    /// Takes notifications away; how many there were.
    pub(super) fn take_down(&mut self, gone: Gone, which: impl Fn(&Notification) -> bool) -> usize {
        let (away, left) = std::mem::take(&mut self.notifications).into_iter().partition(which);
        self.notifications = left;
        for one in &away {
            if gone == Gone::Click {
                let tail = if self.profile.api >= 28 { ",-1,-1" } else { "" };
                let lived = self.wall() - one.at;
                self.event("notification_clicked", &format!("[{},{lived},{lived},0{tail}]", one.key()));
            }
            self.log_canceled(one, gone);
        }
        away.len()
    }

    /// Takes away what a package has up, because it was stopped, changed or removed.
    pub(super) fn take_down_of(&mut self, package: &str) {
        let reason = Gone::PackageChanged as u8;
        self.event("notification_cancel_all", &format!("[1000,{SYSTEM_SERVER},{package},0,0,0,{reason},NULL]"));
        self.take_down(Gone::PackageChanged, |one| one.package == package);
    }

    /// An app takes back its notifications with a title.
    pub(super) fn take_back(&mut self, package: &str, title: &str) {
        let pid = self.pid_of(package).unwrap_or(0);
        let own = |one: &Notification| one.package == package && one.title == title;
        // 64: those of services in the foreground stay (AOSP `FLAG_FOREGROUND_SERVICE`).
        let asked: Vec<String> = self
            .notifications
            .iter()
            .filter(|one| own(one))
            .map(|one| {
                let tag = one.tag.as_deref().unwrap_or("NULL");
                format!("[{},{pid},{package},{},{tag},0,0,64,{},NULL]", one.uid, one.id, Gone::AppCancel as u8)
            })
            .collect();
        for line in asked {
            self.event("notification_cancel", &line);
        }
        self.take_down(Gone::AppCancel, own);
    }

    fn log_enqueued(&mut self, n: &Notification, again: bool) {
        let pid = self.pid_of(&n.package).unwrap_or(0);
        let tag = n.tag.as_deref().unwrap_or("NULL");
        // Who wrote the title is told since Android 15's sources.
        let tail = if self.profile.api >= 35 { ",0" } else { "" };
        let (status, written) = (u8::from(again), n.written(self.profile.api));
        let text = format!("[{},{pid},{},{},{tag},0,{written},{status}{tail}]", n.uid, n.package, n.id);
        self.event("notification_enqueue", &text);
    }

    fn log_canceled(&mut self, n: &Notification, gone: Gone) {
        let lived = self.wall() - n.at;
        // Listener since API 26, its rank and how many there were since 28.
        let tail = match self.profile.api {
            ..=25 => "",
            26..=27 => ",NULL",
            _ => ",-1,-1,NULL",
        };
        let text = format!("[{},{},{lived},{lived},0{tail}]", n.key(), gone as u8);
        self.event("notification_canceled", &text);
    }
}

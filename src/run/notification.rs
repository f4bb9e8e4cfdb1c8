//! Notifications of the app under test: an entry when the log tells of one, and its words, read from the device in turn.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::android::{Android, Canceled, Enqueued, LogKind, NotificationId};
use crate::clock::Clock;
use crate::journal::Journal;
use crate::journal::entry::{
    Event, NotificationEnd, NotificationGone, NotificationPosted, NotificationRead, NotificationTaken,
};

use super::secret::Secrets;

/// Entries about notifications in one attempt at the most (ours): a bar of progress is a notification many times over.
const MOST: u32 = 500;
/// Characters of a tag, a channel, a title or a text that are kept (ours).
const MOST_CHARACTERS: usize = 500;
/// Notifications of one attempt whose words are read (ours).
const MOST_READ: u32 = 50;
/// A notification is logged before it is up: the system's assistant has 200 ms to change it (AOSP
/// `NotificationManagerService.DELAY_FOR_ASSISTANT_TIME`).
const UP_AFTER: Duration = Duration::from_millis(300);

/// Follows the notifications of one attempt.
pub(super) struct Notifications {
    android: Android,
    journal: Journal,
    clock: Clock,
    secrets: Secrets,
    told: u32,
    read: u32,
    reading: JoinSet<()>,
    /// One dump at a time.
    turn: Arc<Semaphore>,
}

impl Notifications {
    pub fn new(android: &Android, journal: &Journal, clock: &Clock, secrets: Secrets) -> Self {
        Self {
            android: android.clone(),
            journal: journal.clone(),
            clock: clock.clone(),
            secrets,
            told: 0,
            read: 0,
            reading: JoinSet::new(),
            turn: Arc::new(Semaphore::new(1)),
        }
    }

    /// The entry about a line of the log, when it tells of a notification of the app with this user id.
    pub fn entry(&mut self, kind: &LogKind, app: Option<u32>) -> Option<Event> {
        let entry = match kind {
            LogKind::NotificationEnqueued(told) if Some(told.which.uid) == app => self.posted(told),
            LogKind::NotificationCanceled(told) if Some(told.which.uid) == app => self.gone(told),
            _ => return None,
        };
        self.told += 1;
        (self.told <= MOST).then_some(entry)
    }

    fn posted(&self, told: &Enqueued) -> Event {
        let how = match told.status {
            0 => NotificationTaken::New,
            1 => NotificationTaken::Update,
            _ => NotificationTaken::Ignored,
        };
        Event::NotificationPosted(Box::new(NotificationPosted {
            package: told.which.package.clone(),
            id: told.which.id,
            tag: self.masked(told.which.tag.as_deref()),
            channel: self.masked(told.channel.as_deref()),
            how,
        }))
    }

    fn gone(&self, told: &Canceled) -> Event {
        Event::NotificationGone(Box::new(NotificationGone {
            package: told.which.package.clone(),
            id: told.which.id,
            tag: self.masked(told.which.tag.as_deref()),
            by: end(told.reason),
            reason: told.reason,
            lived_ms: told.lived_ms,
        }))
    }

    fn masked(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| kept(&self.secrets, text))
    }

    /// Reads the words of a notification that the entry with this number tells of, beside everything else.
    pub fn read(&mut self, posted: u64, kind: &LogKind) {
        let LogKind::NotificationEnqueued(told) = kind else { return };
        if self.read >= MOST_READ {
            return;
        }
        self.read += 1;
        let (android, journal, clock) = (self.android.clone(), self.journal.clone(), self.clock.clone());
        let (secrets, turn, which) = (self.secrets.clone(), Arc::clone(&self.turn), told.which.clone());
        self.reading.spawn(async move {
            // The semaphore is never closed.
            let _turn = turn.acquire().await;
            let mut read = words(&android, &clock, posted, &which).await;
            (read.title, read.text) = (kept(&secrets, &read.title), kept(&secrets, &read.text));
            // A journal that can't be written ends the drive.
            let _ = journal.append(Event::NotificationRead(Box::new(read)));
        });
    }

    /// Waits for what is being read.
    pub async fn finish(&mut self) {
        // A panic has been reported by the runtime.
        while self.reading.join_next().await.is_some() {}
    }
}

/// What is kept of a text: a secret is masked before the text is cut, so that no part of it is left.
fn kept(secrets: &Secrets, text: &str) -> String {
    secrets.mask(text).chars().take(MOST_CHARACTERS).collect()
}

async fn words(android: &Android, clock: &Clock, posted: u64, which: &NotificationId) -> NotificationRead {
    let mut read = NotificationRead { posted, title: String::new(), text: String::new(), missing: String::new() };
    let mut found = android.notification_words(which).await;
    if let Ok(None) = found {
        clock.sleep(UP_AFTER).await;
        found = android.notification_words(which).await;
    }
    match found {
        Ok(Some(words)) => {
            (read.title, read.text) = (words.title, words.text);
            if words.withheld {
                read.missing = "the device keeps words of notifications to itself".to_owned();
            }
        }
        Ok(None) => read.missing = "it was not up when it was looked for".to_owned(),
        Err(error) => read.missing = error.to_string(),
    }
    read
}

/// Who took it away, by AOSP's `NotificationListenerService.REASON_*`; API 23 has the first twelve.
fn end(reason: u32) -> NotificationEnd {
    match reason {
        1 => NotificationEnd::Tapped,
        2 | 3 => NotificationEnd::Dismissed,
        8 | 9 => NotificationEnd::App,
        10 | 11 | 22 => NotificationEnd::Listener,
        5 | 7 | 14 | 17 | 20 | 21 => NotificationEnd::AppChanged,
        18 => NotificationEnd::Snoozed,
        19 => NotificationEnd::TimedOut,
        _ => NotificationEnd::System,
    }
}

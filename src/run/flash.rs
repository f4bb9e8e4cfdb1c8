//! Pictures of windows that may be gone soon: taken at once, by the watch itself, without waiting for a view tree.

use tokio::task::JoinHandle;

use crate::android::Android;
use crate::journal::Journal;
use crate::journal::entry::{Capture, Event};
use crate::ui::Rect;

use super::secret::Secrets;

/// Pictures of one attempt at the most (ours).
const MOST: u32 = 100;

/// Takes the pictures, one at a time.
pub(super) struct Flashes {
    android: Android,
    journal: Journal,
    secrets: Secrets,
    under_way: Option<JoinHandle<()>>,
    taken: u32,
}

impl Flashes {
    pub fn new(android: &Android, journal: &Journal, secrets: Secrets) -> Self {
        Self { android: android.clone(), journal: journal.clone(), secrets, under_way: None, taken: 0 }
    }

    /// Takes a picture of what is on the screen now, unless one is under way.
    pub fn picture(&mut self, window: &str) {
        if self.taken >= MOST || self.under_way.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        self.taken += 1;
        let secret = !self.secrets.is_empty();
        let (android, journal, window) = (self.android.clone(), self.journal.clone(), window.to_owned());
        self.under_way = Some(tokio::spawn(async move {
            // A device that gives no picture has said so elsewhere, and a journal that can't be written ends the drive.
            let _ = take(&android, &journal, window, secret).await;
        }));
    }

    /// Waits for the picture that is under way.
    pub async fn finish(&mut self) {
        if let Some(task) = self.under_way.take() {
            // A panic has been reported by the runtime.
            let _ = task.await;
        }
    }
}

/// `secret`: the run has secrets, and without a view tree nobody knows where the picture shows one: all of it is veiled.
async fn take(android: &Android, journal: &Journal, window: String, secret: bool) -> Option<()> {
    let picture = android.screenshot().await.ok().filter(|picture| !picture.blank)?;
    let screenshot = journal.exhibit(&picture.png, "image/png").ok()?;
    let whole = Rect::new(0, 0, picture.width.min(20_000) as i32, picture.height.min(20_000) as i32);
    let capture = Capture {
        reason: "window".to_owned(),
        size: Some((picture.width, picture.height)),
        screenshot: Some(screenshot),
        secure: false,
        hierarchy: None,
        hierarchy_by: String::new(),
        focus: Some(window),
        window: None,
        above: None,
        resumed: None,
        signature: None,
        dead_end: None,
        policy_words: None,
        secret: if secret { vec![whole] } else { Vec::new() },
        missing: vec!["view tree: a window that may be gone soon is pictured only".to_owned()],
    };
    journal.append(Event::Captured(Box::new(capture))).ok().map(drop)
}

//! Starting the device anew, and going on with the watch.

use std::time::Duration;

use crate::journal::entry::Event;

use super::attempt::Attempt;
use super::error::RunError;
use super::watch::Watch;

/// How long a device may take to start.
const STARTS_WITHIN: Duration = Duration::from_secs(300);
/// How long the order may take.
const ORDER: Duration = Duration::from_secs(20);
/// Pause between two questions whether it has started.
const ASK_AGAIN: Duration = Duration::from_millis(300);

impl Attempt<'_> {
    /// Starts the device anew and waits until it has started.
    pub async fn reboot(&mut self) -> Result<(), RunError> {
        self.note(Event::Rebooted)?;
        self.watch.stop().await;
        let before = self.android.boot().await?;
        // The device may be gone before it has answered.
        let _ = self.android.device().reboot(ORDER).await;
        let end = self.clock.elapsed() + STARTS_WITHIN;
        while !self.android.boot().await.is_ok_and(|now| now.has_followed(&before)) {
            if self.clock.elapsed() >= end {
                return Err(RunError::Device("the device did not come back after it was started anew".into()));
            }
            self.pause(ASK_AGAIN).await?;
        }
        self.watch =
            Watch::start_from_boot(&self.android, self.journal.clone(), self.clock.clone(), self.order.secrets.clone())
                .await?;
        let package = self.package().to_owned();
        let info = self.android.package_info(&package).await?;
        self.watch.follow_app(info.and_then(|info| info.uid));
        for at in 0..self.memory.popups.len() {
            self.popup_gone(at, crate::journal::entry::PopupEnd::AppGone)?;
        }
        self.memory.screen = None;
        self.android.key("WAKEUP").await?;
        Ok(())
    }

    /// Writes down what a person says of a complaint.
    pub fn tell_complaint(&self, sent: &str, answered: Option<&str>) -> Result<(), RunError> {
        let answered = answered.map(str::to_owned);
        self.note(Event::Complaint { sent: sent.to_owned(), answered }).map(drop)
    }
}

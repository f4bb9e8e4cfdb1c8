//! Stage: known state, install, observers; and leaving the device as it was found.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::adb::{AdbError, Fault, InstallOptions};
use crate::apk::App;
use crate::journal::entry::{Event, LimitKind};

use super::attempt::Attempt;
use super::error::RunError;

/// Longest an installation may take.
const INSTALL: Duration = Duration::from_secs(300);
/// Longest an uninstallation may take.
const UNINSTALL: Duration = Duration::from_secs(60);
/// How long a lost device is waited for before it is left as it is.
const BACK_WITHIN: Duration = Duration::from_secs(8);
/// Pause before a lost device is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// Refusals that say something of the device and nothing of the app (AOSP `PackageManager`).
const FOR_THE_DEVICES_SAKE: [&str; 4] = [
    "INSTALL_FAILED_INSUFFICIENT_STORAGE",
    "INSTALL_FAILED_CONTAINER_ERROR",
    "INSTALL_FAILED_MEDIA_UNAVAILABLE",
    "INSTALL_FAILED_VERIFICATION_TIMEOUT",
];

impl Attempt<'_> {
    /// Brings the device into a known state and installs the app (the older version first, for an upgrade).
    pub async fn stage(&mut self) -> Result<(), RunError> {
        (self.report)("clean state");
        self.android.key("WAKEUP").await?;
        self.accelerate().await?;
        let package = self.package().to_owned();
        if self.android.is_installed(&package).await? {
            self.android.device().uninstall(&package, UNINSTALL).await?;
            self.note(Event::Uninstalled { package })?;
        }
        self.first_look().await?;
        self.look_around("before").await?;
        (self.report)("installing");
        let app = self.order.older.clone().unwrap_or_else(|| self.order.app.clone());
        self.install(app, false).await?;
        if self.order.category.is_none() {
            self.limit(
                LimitKind::NoCategory,
                "no category was given: what the app needs for its basic function is unknown",
            )?;
        }
        self.watch_network().await?;
        self.start_observers().await
    }

    /// Starts the accelerator when the order names one. Without it the stock commands serve.
    async fn accelerate(&mut self) -> Result<(), RunError> {
        let Some(jar) = self.order.accelerator.clone() else { return Ok(()) };
        (self.report)("starting the accelerator");
        match self.android.accelerate(jar).await {
            Err(error) if error.is_final() => Err(error.into()),
            Err(error) => self.limit(LimitKind::Other, format!("hierarchies by the stock command: {error}")),
            Ok(()) => Ok(()),
        }
    }

    /// Installs an app; a refusal is the app's own failure, unless the device lacks something, told with its words.
    pub async fn install(&mut self, app: Arc<App>, replace: bool) -> Result<(), RunError> {
        let package = app.facts.package.clone();
        let before = match replace {
            true => self.android.package_info(&package).await?.and_then(|info| info.version_code),
            false => None,
        };
        let files: Vec<PathBuf> = app.files.iter().map(|f| f.path.clone()).collect();
        let options = InstallOptions { replace, ..InstallOptions::default() };
        if let Err(error) = self.android.device().install(&files, &options, INSTALL).await {
            let AdbError::Refused { code, message, .. } = error else { return Err(error.into()) };
            // The device closed the service before anybody looked at the app.
            if code.is_empty() && message == "closed" {
                return Err(RunError::Device(format!("install {package}: the device closed the service")));
            }
            self.note(Event::InstallRefused { code: code.clone(), message: message.clone() })?;
            self.note_refused_processor(&code)?;
            if FOR_THE_DEVICES_SAKE.contains(&code.as_str()) {
                return Err(RunError::Device(format!("install {package}: {code} {message}")));
            }
            return Err(RunError::Refused(format!("the device refused to install {package}: {code} {message}")));
        }
        let info = self.android.package_info(&package).await?;
        let version_code = info.as_ref().and_then(|info| info.version_code);
        let uid = info.as_ref().and_then(|info| info.uid);
        self.watch.follow_app(uid);
        if let Some(network) = &self.network {
            network.follow_app(uid);
        }
        self.note(Event::Installed { package, version_code, replaced: before })?;
        if !replace {
            self.begin_history().await?;
        }
        self.note_permissions(if replace { "after upgrade" } else { "after install" }).await
    }

    /// Reads the permission state with flags and writes it down.
    pub async fn note_permissions(&mut self, reason: &str) -> Result<(), RunError> {
        let package = self.package().to_owned();
        let permissions = self.android.permissions(&package).await?;
        self.note(Event::PermissionState { package, reason: reason.to_owned(), permissions })?;
        Ok(())
    }

    /// A look before anything happens: tells a device that renders nothing from a secure window later on, and how long
    /// a look takes here.
    async fn first_look(&mut self) -> Result<(), RunError> {
        let begun = self.clock.elapsed();
        let snapshot = self.android.capture(self.package()).await?;
        self.looked_since(begun);
        if snapshot.screenshot.as_ref().is_none_or(|s| s.blank) {
            self.limit(LimitKind::BlankScreen, "the device renders no picture: every screenshot is blank")?;
        }
        Ok(())
    }

    /// A last look at everything: pop-ups still open, permissions, accesses.
    pub async fn last_look(&mut self) -> Result<(), RunError> {
        if let Some(why) = self.android.accelerator_given_up().await {
            self.limit(LimitKind::Other, why)?;
        }
        self.see_out_refusal().await?;
        self.await_requests().await?;
        self.note_suppressed()?;
        self.look("end").await?;
        self.note_unread()?;
        self.note_gone_popups()?;
        self.note_permissions("end").await?;
        self.last_look_around().await?;
        self.read_accesses().await
    }

    /// Gives the dialogs of the last requests time to come up, and meets them.
    pub async fn await_requests(&mut self) -> Result<(), RunError> {
        // What is requested meanwhile is not waited for: an app may ask without end. Nor is a dialog that stays.
        let last = self.watch.waits_since();
        let end = self.clock.elapsed() + self.time_to_show() * 4;
        while last.is_some_and(|at| at > self.shown_by_now()) && self.clock.elapsed() < end {
            let tree = self.peek().await?;
            if self.is_interruption(&tree) {
                self.clear_way_from(tree).await?;
            } else {
                self.pause(Duration::from_millis(60)).await?;
            }
        }
        Ok(())
    }

    /// Requests up to this time would have been on the screen that was read last, had the system shown anything. None
    /// while a dialog stands there, which may be theirs.
    fn shown_by_now(&self) -> Duration {
        match &self.memory.read {
            Some((begun, tree)) if !tree.nodes.is_empty() && self.system_dialog(tree).is_none() => {
                begun.saturating_sub(self.time_to_show())
            }
            _ => Duration::ZERO,
        }
    }

    /// How long the system may take to show the dialog of a request (ours).
    fn time_to_show(&self) -> Duration {
        self.patience(Duration::from_millis(700), 3)
    }

    /// Writes down permission requests for which the system showed nothing.
    pub fn note_suppressed(&mut self) -> Result<(), RunError> {
        let before = self.shown_by_now();
        for request in self.watch.suppressed(before) {
            let suppressed = Event::PromptSuppressed {
                groups: super::answer::groups_named(&request.line),
                detail: request.line,
                step: self.memory.step.clone(),
                launch: self.memory.launches,
                mono: request.device_time.and_then(|at| self.mono_of(at)),
            };
            self.journal.append_at(suppressed, request.device_time)?;
        }
        Ok(())
    }

    /// Leaves the device as it was found. What fails here is not the app's: the next attempt cleans again. A device that
    /// was lost for a moment is waited for.
    pub async fn unstage(&mut self) {
        self.put_back().await;
        let package = self.package().to_owned();
        let end = self.clock.elapsed() + BACK_WITHIN;
        let _ = self.android.decelerate().await;
        loop {
            let _ = self.android.force_stop(&package).await;
            match self.android.device().uninstall(&package, UNINSTALL).await {
                // A journal that can't be written any more changes nothing here.
                Ok(()) => drop(self.note(Event::Uninstalled { package: package.clone() })),
                Err(AdbError::Refused { code, message, .. }) => {
                    // Of an app that a command before removed, whose answer was cut off, the device says the same.
                    let _ = match self.android.is_installed(&package).await {
                        Ok(true) => self.note(Event::UninstallRefused { code, message }).map(drop),
                        Ok(false) => self.note(Event::Uninstalled { package: package.clone() }).map(drop),
                        Err(_) => Ok(()),
                    };
                }
                Err(error) if error.fault() == Fault::DeviceLost && self.clock.elapsed() < end => {
                    self.clock.sleep(RETRY).await;
                    continue;
                }
                Err(_) => {}
            }
            break;
        }
        let _ = self.android.tidy().await;
    }
}

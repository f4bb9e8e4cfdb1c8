//! What apps do to the rest of the device: other apps, the browser, downloads, work in the background.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::System;
use super::activities::{Intent, NEW_TASK};
use super::notification::Notification;
use super::package::Component;
use super::script::Thread;
use super::timer::Wake;
use crate::virtual_device::specimen::action::Download;

/// Time from the start of the device until apps are told. MODEL.
const BOOT_TAKES: Duration = Duration::from_secs(2);
/// Most services remembered, and downloads on their way.
const MOST: usize = 200;
/// The browser of the device. MODEL: AOSP's name.
pub(super) const BROWSER: (&str, &str) = ("com.android.browser", ".BrowserActivity");
/// The activity that asks whether to install a file (AOSP `packages/PackageInstaller`).
pub(super) const INSTALLER: &str = "com.android.packageinstaller.PackageInstallerActivity";
/// The program that downloads for apps.
const DOWNLOADS: &str = "com.android.providers.downloads";

/// A service that one app started in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedService {
    /// Its name.
    pub component: Component,
    /// Package that started it.
    pub caller: String,
    /// When, on the device's clock.
    pub at: Duration,
    /// Identity hash of its record.
    pub hash: u32,
}

/// Files that were downloaded and are not in the file system yet: it lies behind a lock of its own.
#[derive(Clone, Debug, Default)]
pub struct Fetched(Arc<Mutex<Vec<String>>>);

impl Fetched {
    /// Takes out the names.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, name: &str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() < MOST {
            names.push(name.to_owned());
        }
    }
}

impl System {
    /// Files that were downloaded, for whoever keeps the file system.
    pub fn fetched(&self) -> Fetched {
        self.fetched.clone()
    }

    pub(super) fn wake_app(&mut self, caller: &str, other: &str) {
        let Some(owner) = self.packages.get_mut(other) else { return };
        owner.stopped = false;
        let component = Component::new(other, ".PushService");
        self.ensure_process(other, "service", Some(&component));
        let hash = self.random.identity();
        self.services.push(StartedService { component, caller: caller.into(), at: self.now, hash });
        if self.services.len() > MOST {
            self.services.remove(0);
        }
    }

    pub(super) fn open_url(&mut self, package: &str, url: &str) {
        let intent = Intent {
            action: Some("android.intent.action.VIEW".into()),
            data: Some(url.to_owned()),
            flags: NEW_TASK,
            component: Some(Component::new(BROWSER.0, BROWSER.1)),
            ..Intent::default()
        };
        self.start_for(package, intent);
    }

    /// The browser's activity for a page on the net; `None` for anything else, or where the browser is turned off.
    pub(super) fn browser_of(&self, uri: &str) -> Option<Component> {
        let web = ["http://", "https://"].iter().any(|scheme| uri.starts_with(scheme));
        let there = self.packages.get(BROWSER.0).is_some_and(|browser| !matches!(browser.enabled, 2 | 3));
        (web && there).then(|| Component::new(BROWSER.0, BROWSER.1))
    }

    pub(super) fn ask_install(&mut self, package: &str, file: &str) {
        let Some(installer) = self.installer() else { return };
        let intent = Intent {
            action: Some("android.intent.action.VIEW".into()),
            data: Some(format!("content://{package}.files/{file}")),
            mime: Some("application/vnd.android.package-archive".into()),
            flags: NEW_TASK,
            component: Some(Component::new(&installer, INSTALLER)),
            ..Intent::default()
        };
        self.start_for(package, intent);
    }

    /// The package that holds the installer's question.
    fn installer(&self) -> Option<String> {
        let holds = |p: &&super::Package| p.facts.activities.iter().any(|class| class == INSTALLER);
        self.packages.values().find(holds).map(|p| p.name().to_owned())
    }

    fn start_for(&mut self, package: &str, intent: Intent) {
        let caller = self.packages.get(package).map_or(0, |p| p.uid);
        let Some(component) = intent.component.clone() else { return };
        self.log_start(&intent, caller);
        self.start(component, &intent, caller);
    }

    pub(super) fn download(&mut self, download: &Download) {
        if !self.switches.network {
            return;
        }
        self.fetched.put(&download.file);
        if !download.notified {
            return;
        }
        let notification = Notification {
            package: DOWNLOADS.into(),
            uid: self.packages.get(DOWNLOADS).map_or(10_005, |p| p.uid),
            id: 1,
            tag: None,
            channel: "active".into(),
            title: download.file.clone(),
            text: String::new(),
            at: self.wall(),
            hash: self.random.identity(),
        };
        self.put_up(notification);
    }

    pub(super) fn hide_icon(&mut self, package: &str) {
        if let Some(owner) = self.packages.get_mut(package) {
            owner.facts.launcher = None;
        }
    }

    /// Plans an app's work in the background, once.
    pub(super) fn plan_jobs(&mut self, package: &str) {
        let Some(model) = self.apps.get(package).map(|app| app.model.clone()) else { return };
        if model.jobs.is_empty() || !self.planned.insert(package.to_owned()) {
            return;
        }
        for (place, job) in model.jobs.iter().enumerate() {
            self.schedule.add(self.now + job.every.0, Wake::Job { package: package.to_owned(), place });
        }
    }

    /// Whether an app may be started for work: not when it was stopped by force.
    fn may_run(&self, package: &str) -> bool {
        self.packages.get(package).is_some_and(|owner| !owner.stopped)
    }

    pub(super) fn run_job(&mut self, package: String, place: usize) {
        let job = self.apps.get(&package).and_then(|app| app.model.jobs.get(place).cloned());
        let Some(job) = job.filter(|_| self.planned.contains(&package)) else { return };
        if !self.may_run(&package) {
            self.planned.remove(&package);
            return;
        }
        let component = Component::new(&package, ".SyncJobService");
        let pid = self.ensure_process(&package, "service", Some(&component));
        self.schedule.add(self.now + job.every.0, Wake::Job { package: package.clone(), place });
        self.play(Thread::new(&package, pid, &job.actions));
    }

    /// Tells apps, after a while, that the device has started, and plans their work anew.
    pub(super) fn announce_boot(&mut self) {
        self.planned.clear();
        self.schedule.add(self.now + BOOT_TAKES, Wake::Booted);
    }

    pub(super) fn booted(&mut self) {
        let packages: Vec<String> = self.apps.keys().filter(|package| self.may_run(package)).cloned().collect();
        for package in packages {
            self.plan_jobs(&package);
            let actions = self.apps.get(&package).map(|app| app.model.on.boot.clone()).unwrap_or_default();
            let told =
                self.packages.get(&package).is_some_and(|p| p.holds("android.permission.RECEIVE_BOOT_COMPLETED"));
            if actions.is_empty() || !told {
                continue;
            }
            let component = Component::new(&package, ".BootReceiver");
            let pid = self.ensure_process(&package, "broadcast", Some(&component));
            self.play(Thread::new(&package, pid, &actions));
        }
    }
}

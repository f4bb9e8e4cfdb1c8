//! The Android behind the screen and the programs: packages, permissions, activities, processes, apps, logs.
//!
//! [`System`] is plain data behind the machine's lock; nothing here waits. What happens by itself is in a schedule:
//! whoever touches the system first lets it catch up with the clock, and one task per running device sleeps until the
//! next due time, so an idle device costs nothing.

mod access;
mod account;
mod activities;
mod app;
mod asking;
mod battery;
mod change;
mod controller;
mod doors;
mod events;
mod factory;
mod input;
mod install;
mod install_files;
mod keyboard;
mod log;
mod motion;
mod navigation;
mod neighbour;
mod notification;
mod package;
mod page;
mod permission;
pub mod personal;
mod process;
pub mod programs;
mod prompt;
pub(in crate::virtual_device) mod random;
mod script;
mod settings;
mod shade;
mod showing;
mod stage;
mod stage_dialog;
mod stage_page;
mod stage_system;
mod task;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_install;
#[cfg(test)]
mod tests_shipped;
mod tick;
mod timer;
mod window_focus;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

pub use access::{AppOps, Count, Mode, OpRecord, SNAPSHOT, Touch};
pub use activities::{Intent, Started};
pub use asking::{Asking, Change};
pub use battery::Battery;
pub use input::keys;
pub use install::{InstallRefusal, Options as InstallOptions, Session};
pub use install_files::Files as InstallFiles;
pub use keyboard::OWN as OWN_INPUT_METHOD;
pub use log::{Buffer, Log, LogLine};
pub use motion::Motion;
pub use neighbour::{Fetched, StartedService};
pub use notification::Notification;
pub use package::{Component, Facts, Package, user_name};
pub use permission::{Flags, Permission, group_of, is_known, is_made_here};
pub use process::Process;
pub use prompt::{Answer, Group, Notice, NoticeAnswer, NoticeKind, PromptState};
pub use settings::{Settings, Table};
pub use showing::Showing;
pub use task::{Holds, Record, Task};
pub use tick::drive;

use super::network::Connection;
use super::profile::Profile;
use crate::clock::Clock;
use account::Servers;
use app::App;
use asking::Askings;
use controller::Request;
use random::Random;
use timer::Schedule;

/// The Android of one device.
pub struct System {
    profile: Profile,
    clock: Clock,
    /// The device's time since power-on, as far as it has caught up.
    now: Duration,
    /// When it last started, on the same count, and how often it has.
    started: (Duration, u32),
    /// What somebody set the wall clock forward by, in milliseconds. The machine reads it too.
    wall_shift: Arc<AtomicI64>,
    random: Random,
    packages: BTreeMap<String, Package>,
    sessions: BTreeMap<u32, Session>,
    apps: BTreeMap<String, App>,
    servers: Servers,
    processes: BTreeMap<u32, Process>,
    /// Processes made for an activity that the log has not told of yet: id, package, activity.
    starting: Vec<(u32, String, Component)>,
    /// The task in front last.
    tasks: Vec<Task>,
    /// Identity hash of the activity that was resumed last.
    resumed: Option<u32>,
    request: Option<Request>,
    askings: Askings,
    showings: VecDeque<Showing>,
    notices: Vec<Notice>,
    /// The window that has the input focus, as the log was last told.
    focused: Option<(u32, String)>,
    /// How far the panel with the notifications is scrolled, while it is down.
    shade: Option<i32>,
    /// Pages of the system that are open.
    pages: Vec<page::Page>,
    /// When each app was last brought to the front, on the device's clock.
    used: BTreeMap<String, Duration>,
    /// Apps whose place among those that are used somebody chose.
    standby: BTreeMap<String, u32>,
    /// Packages that may run in the background without bounds.
    unbounded: BTreeSet<String>,
    /// Packages that are administrators of the device.
    administrators: BTreeSet<String>,
    /// Services that apps started in other apps, the latest last.
    services: Vec<StartedService>,
    /// Apps whose background work is planned.
    planned: BTreeSet<String>,
    /// The input method that was chosen last.
    chosen: keyboard::Chosen,
    motion: Motion,
    fetched: Fetched,
    toasts: Vec<Toast>,
    schedule: Schedule,
    log: Log,
    ops: AppOps,
    notifications: Vec<Notification>,
    connections: Vec<Connection>,
    settings: Settings,
    clipboard: String,
    /// `ANDROID_ID` of each app that asked for it.
    android_ids: BTreeMap<String, String>,
    switches: Switches,
    battery: Battery,
    next: Counters,
    changed: watch::Sender<u64>,
}

/// Things somebody can switch on the device or that a test asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// There is a network.
    pub network: bool,
    /// The screen is on.
    pub screen_on: bool,
    /// The device shows itself as an emulator.
    pub emulator: bool,
    /// Installing by ADB is refused as on a phone of Xiaomi's without the person's leave.
    pub installs_refused: bool,
    /// Touches and keys by ADB are refused, as there.
    pub input_refused: bool,
    /// Bytes free for apps.
    pub free_bytes: u64,
}

#[derive(Clone, Copy, Debug)]
struct Counters {
    pid: u32,
    task: u32,
    surface: u32,
    uid: u32,
    session: u32,
    toast: u32,
}

/// A short message that goes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    number: u32,
    package: String,
    text: String,
}

impl System {
    /// The system of a new device, at its home screen.
    pub fn boot(profile: &Profile, clock: Clock) -> Self {
        let seed = profile.seed ^ random::digest(&profile.serial);
        let mut system = Self {
            now: clock.elapsed(),
            started: (clock.elapsed(), 1),
            clock,
            wall_shift: Arc::default(),
            random: Random::new(seed),
            packages: BTreeMap::new(),
            sessions: BTreeMap::new(),
            apps: BTreeMap::new(),
            servers: Servers::default(),
            processes: process::native().into_iter().map(|p| (p.pid, p)).collect(),
            starting: Vec::new(),
            tasks: Vec::new(),
            resumed: None,
            request: None,
            askings: Askings::default(),
            showings: VecDeque::new(),
            notices: Vec::new(),
            focused: None,
            shade: None,
            pages: Vec::new(),
            used: BTreeMap::new(),
            standby: BTreeMap::new(),
            unbounded: BTreeSet::new(),
            administrators: BTreeSet::new(),
            services: Vec::new(),
            planned: BTreeSet::new(),
            chosen: keyboard::Chosen::default(),
            motion: Motion::default(),
            fetched: Fetched::default(),
            toasts: Vec::new(),
            schedule: Schedule::default(),
            log: Log::default(),
            ops: AppOps::default(),
            notifications: Vec::new(),
            connections: Vec::new(),
            settings: Settings::factory(profile.api, seed),
            clipboard: String::new(),
            android_ids: BTreeMap::new(),
            switches: Switches::default(),
            battery: Battery::default(),
            next: Counters { pid: process::FIRST_APP, task: 1, surface: 1, uid: 10_100, session: 1, toast: 1 },
            changed: watch::Sender::new(0),
            profile: profile.clone(),
        };
        system.install_factory_packages();
        system.start_home();
        system
    }

    /// News of changes: a number that counts up with each.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// What kind of device this is.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Wall time of the device in milliseconds since 1970.
    pub fn wall(&self) -> i64 {
        let started = self.clock.now() - millis(self.clock.elapsed());
        started + millis(self.now) + self.wall_shift.load(Ordering::Acquire)
    }

    /// Sets the wall clock, in milliseconds since 1970.
    pub fn set_wall(&mut self, to: i64) {
        self.wall_shift.fetch_add(to - self.wall(), Ordering::AcqRel);
    }

    /// What the wall clock was set forward by, in milliseconds, now and later.
    pub fn wall_shift(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.wall_shift)
    }

    /// Quarter turns by which the device is held: what `user_rotation` says while the sensor is not followed. Nobody moves
    /// this device, so with the sensor it stands upright.
    pub fn rotation(&self) -> u8 {
        let set = |key| self.settings.get(Table::System, key).and_then(|value| value.parse::<u8>().ok()).unwrap_or(0);
        if set("accelerometer_rotation") == 1 { 0 } else { set("user_rotation") % 4 }
    }

    /// Width and height of the display as it is held, in pixels.
    pub fn display_size(&self) -> (u32, u32) {
        let (width, height) = (self.profile.width, self.profile.height);
        if self.rotation() % 2 == 1 { (height, width) } else { (width, height) }
    }

    /// Time since power-on, reboots and all: what happens is dated by it.
    pub fn uptime(&self) -> Duration {
        self.now
    }

    /// Time since it last started: what its kernel tells of [`System::uptime`].
    pub fn since_start(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.started.0)
    }

    /// Name of this start, another after each (`/proc/sys/kernel/random/boot_id`).
    pub fn start_id(&self) -> String {
        let mut random =
            Random::new(self.profile.seed ^ random::digest(&self.profile.serial) ^ u64::from(self.started.1));
        let (a, b) = (random.next(), random.next());
        let (time, clock) = (a & 0x0fff, b >> 48 & 0x3fff | 0x8000);
        format!("{:08x}-{:04x}-4{time:03x}-{clock:04x}-{:012x}", a >> 32, a >> 16 & 0xffff, b & 0xffff_ffff_ffff)
    }

    /// Installed packages by name.
    pub fn packages(&self) -> &BTreeMap<String, Package> {
        &self.packages
    }

    /// Running processes by id.
    pub fn processes(&self) -> impl Iterator<Item = &Process> {
        self.processes.values()
    }

    /// Tasks, the one in front last.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The log buffers.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// What apps asked the permission controller for, and what came of it, the oldest first.
    pub fn askings(&self) -> impl Iterator<Item = &Asking> {
        self.askings.iter()
    }

    /// What somebody chose for apps: `UsageStatsManager.STANDBY_BUCKET_…`.
    pub fn standby(&self) -> &BTreeMap<String, u32> {
        &self.standby
    }

    /// Says how often an app is taken to be used.
    pub fn put_aside(&mut self, package: &str, bucket: u32) {
        self.standby.insert(package.to_owned(), bucket);
    }

    /// Packages that may run in the background without bounds.
    pub fn unbounded(&self) -> impl Iterator<Item = &str> {
        self.unbounded.iter().map(String::as_str)
    }

    /// Accesses to personal data.
    pub fn ops(&self) -> &AppOps {
        &self.ops
    }

    /// Connections that apps made, the oldest first.
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// The settings tables.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings tables, to be changed.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Switches of the device.
    pub fn switches(&self) -> Switches {
        self.switches
    }

    /// Changes switches of the device.
    pub fn set_switches(&mut self, switches: Switches) {
        self.act(|system| system.switches = switches);
    }

    /// The battery.
    pub fn battery(&self) -> &Battery {
        &self.battery
    }

    /// The battery, to be changed.
    pub fn battery_mut(&mut self) -> &mut Battery {
        &mut self.battery
    }

    /// Packages that are administrators of the device.
    pub fn administrators(&self) -> impl Iterator<Item = &str> {
        self.administrators.iter().map(String::as_str)
    }

    /// Services that apps started in other apps.
    pub fn services(&self) -> &[StartedService] {
        &self.services
    }

    /// What is on the clipboard.
    pub fn clipboard(&self) -> &str {
        &self.clipboard
    }

    /// Puts something on the clipboard.
    pub fn set_clipboard(&mut self, text: &str) {
        self.clipboard = text.chars().take(100_000).collect();
    }

    /// Ends a process, as `kill` does. False when there is none, or it is none of an app.
    pub fn kill(&mut self, pid: u32) -> bool {
        self.act(|system| {
            let app = system.processes.get(&pid).is_some_and(|p| p.uid >= 10_000);
            if app {
                system.end_process(pid, "signal");
            }
            app
        })
    }

    /// The label of a package in the device's locale.
    pub fn label(&self, package: &str) -> String {
        let label = self.packages.get(package).map(|p| p.facts.label.in_locale(&self.profile.locale));
        label.filter(|l| !l.is_empty()).unwrap_or(package).to_string()
    }
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            network: true,
            screen_on: true,
            emulator: true,
            installs_refused: false,
            input_refused: false,
            free_bytes: 4 << 30,
        }
    }
}

/// Whole milliseconds of a duration.
fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

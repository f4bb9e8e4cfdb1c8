//! One virtual device: its profile and its parts.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use super::profile::{Auth, Latency, Pace, Product, Profile, Skin};

use super::fault::Faults;
use super::fs::{self, Files};
use super::kernel_files;
use super::network;
use super::ports::Ports;
use super::processes::Processes;
use super::programs;
use super::properties::Properties;
use super::screen::Screen;
use super::system::{self, System};
use crate::clock::Clock;

/// Where downloads go.
const DOWNLOADS: &str = "/storage/emulated/0/Download";
/// Bytes the device's disk holds.
const DISK: u64 = 2 << 30;

/// One virtual device.
///
/// Locks are held for a moment only, never across an await, and never two at once except `system` before `files`.
pub struct Machine {
    /// What kind of device this is.
    pub profile: Profile,
    /// The device's time.
    pub clock: Clock,
    /// Sockets that programs and apps on the device listen on.
    pub ports: Ports,
    /// The screen.
    pub screen: Screen,
    /// What goes wrong on it, and when.
    pub faults: Faults,
    power: CancellationToken,
    link: Mutex<CancellationToken>,
    trusted: watch::Sender<Vec<Vec<u8>>>,
    presence: watch::Sender<Presence>,
    root: AtomicBool,
    wall_shift: Arc<AtomicI64>,
    fetched: system::Fetched,
    system: Mutex<System>,
    files: Mutex<Files>,
    processes: Mutex<Processes>,
    properties: Mutex<Properties>,
}

impl Drop for Machine {
    /// What waits for something outside of it (its console) ends with it.
    fn drop(&mut self) {
        self.power.cancel();
    }
}

/// Whether clients can reach the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It answers.
    Online,
    /// It is there, but does not answer.
    Offline,
    /// It is not there: it starts up.
    Gone,
}

impl Machine {
    /// A device of this profile, switched on, at its home screen. Within a tokio runtime its timers run by themselves;
    /// without one, whatever is due happens when somebody next touches the system.
    pub fn boot(profile: Profile, clock: Clock) -> Arc<Self> {
        let power = CancellationToken::new();
        let properties = Properties::of(&profile);
        let mut files = Files::new(DISK);
        let furnished = fs::furnish(&mut files, clock.now(), &programs::names(&profile), &properties.build_prop());
        debug_assert!(furnished.is_ok());
        for (path, text) in network::no_sockets().into_iter().chain(kernel_files::steady()) {
            let written = files.write(fs::Actor::root(clock.now()), path, text.into_bytes(), 0o444);
            debug_assert!(written.is_ok());
        }
        let system = System::boot(&profile, clock.clone());
        let machine = Arc::new(Self {
            ports: Ports::default(),
            screen: Screen::default(),
            faults: Faults::default(),
            presence: watch::Sender::new(Presence::Online),
            link: Mutex::new(power.child_token()),
            power,
            trusted: watch::Sender::default(),
            root: AtomicBool::new(profile.rooted),
            wall_shift: system.wall_shift(),
            fetched: system.fetched(),
            system: Mutex::new(system),
            files: Mutex::new(files),
            processes: Mutex::default(),
            properties: Mutex::new(properties),
            profile,
            clock,
        });
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(system::drive(Arc::downgrade(&machine)));
        }
        machine
    }

    /// Packages, apps, activities, logs. For a moment only; never across an await.
    pub fn system(&self) -> MutexGuard<'_, System> {
        self.system.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wall time of the device, in milliseconds since 1970: what its clock shows, also when somebody set it. Takes no
    /// lock.
    pub fn wall(&self) -> i64 {
        self.clock.now().saturating_add(self.wall_shift.load(Ordering::Acquire))
    }

    /// The files.
    pub fn files(&self) -> MutexGuard<'_, Files> {
        let fetched = self.fetched.take();
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        for name in fetched {
            // A full disk keeps nothing of it, as on any device.
            let _ = files.write(fs::Actor::root(self.wall()), &format!("{DOWNLOADS}/{name}"), vec![0; 4096], 0o660);
        }
        files
    }

    /// The process table.
    pub fn processes(&self) -> MutexGuard<'_, Processes> {
        self.processes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The system properties.
    pub fn properties(&self) -> MutexGuard<'_, Properties> {
        self.properties.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the power away for good: every connection and stream ends at once, every process hears a hang-up.
    pub fn pull_the_plug(&self) {
        self.power.cancel();
    }

    /// Cancelled when the power is gone.
    pub fn power(&self) -> &CancellationToken {
        &self.power
    }

    /// Cancelled when the present connection to the outside world breaks: by loss of power or restart of adbd.
    pub fn link(&self) -> CancellationToken {
        self.link.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Breaks every connection; new ones can be made at once (adbd restarts, the cable was out for a moment).
    pub fn break_link(&self) {
        let fresh = self.power.child_token();
        let old = std::mem::replace(&mut *self.link.lock().unwrap_or_else(PoisonError::into_inner), fresh);
        old.cancel();
    }

    /// Whether clients can reach the device, and the news of it.
    pub fn presence(&self) -> watch::Receiver<Presence> {
        self.presence.subscribe()
    }

    /// Lets clients reach the device or not. Connections that are there break only with [`Machine::break_link`].
    pub fn set_presence(&self, presence: Presence) {
        self.presence.send_replace(presence);
    }

    /// The user id a client's programs run as: 0 on a rooted device unless `adb unroot` was said, else 2000 (shell).
    pub fn shell_uid(&self) -> u32 {
        if self.root.load(Ordering::Relaxed) { 0 } else { 2000 }
    }

    /// What `adb root` and `adb unroot` change.
    pub fn run_as_root(&self, root: bool) {
        self.root.store(root, Ordering::Relaxed);
    }

    /// Lets an ADB public key in from now on, as a person does with *Always allow from this computer*. `key` is the key
    /// as the client sends it.
    pub fn trust(&self, key: &[u8]) {
        self.trusted.send_if_modified(|keys| {
            let new = !keys.iter().any(|k| k == key);
            if new {
                keys.push(key.to_vec());
            }
            new
        });
    }

    /// The keys let in so far, and the news of more.
    pub fn trusted(&self) -> watch::Receiver<Vec<Vec<u8>>> {
        self.trusted.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_power_there_is_no_link_and_none_comes_back() {
        let machine = Machine::boot(Profile::new("a"), Clock::stepped(0));
        let link = machine.link();
        machine.break_link();
        assert!(link.is_cancelled() && !machine.link().is_cancelled());
        machine.pull_the_plug();
        assert!(machine.link().is_cancelled());
        machine.break_link();
        assert!(machine.link().is_cancelled());
    }
}

//! Android's meanings: hierarchy, screen, packages, permissions, accesses, activities, logs, input, dialogs.

mod accelerator;
mod accesses;
mod boot;
mod capture;
#[cfg(test)]
mod captures;
pub mod dialogs;
mod error;
mod events;
mod focus;
mod hierarchy;
mod history;
#[cfg(test)]
mod hostile;
mod identity;
mod input;
mod keyboard;
mod launch;
mod logs;
mod markup;
pub mod network;
mod notifications;
mod packages;
mod parse;
pub mod personal;
mod screenshot;
mod switches;
mod tail;
#[cfg(test)]
mod tests;
mod time;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

use crate::adb::Device;
use crate::journal::entry::DeviceIdentity;
use crate::ui::Tree;

pub use accelerator::Jar;
pub use accesses::parse_accesses;
pub use boot::Boot;
pub use capture::Snapshot;
pub use dialogs::{Dialogs, SystemDialog};
pub use error::{AndroidError, HierarchyError, HierarchyFailure};
pub use events::EventStream;
pub use focus::{Focus, parse_focus};
pub use hierarchy::Hierarchy;
pub use history::{AccessHistory, Counts, parse_history};
pub use keyboard::{Chosen, Keyboard};
pub use launch::Launch;
pub use logs::{LogEvent, LogKind, parse_line};
pub use notifications::{Canceled, Enqueued, NotificationId, NotificationWords};
pub use packages::{PackageInfo, parse_package};
pub use parse::parse_hierarchy;
pub use screenshot::Screenshot;
pub use switches::Held;
pub use time::DeviceTime;

/// A device whose Android is known. Clones share what was learnt.
#[derive(Clone, Debug)]
pub struct Android {
    device: Device,
    known: Arc<Known>,
}

/// A difference between two clocks that no slow script explains.
const CLOCK_WAS_SET_MS: u64 = 60_000;

#[derive(Debug)]
struct Known {
    identity: DeviceIdentity,
    /// Local time minus UTC, in milliseconds.
    zone: i64,
    /// How commands become root, when they can.
    root: identity::Root,
    /// Device clock minus host clock, in milliseconds, as last read; `i64::MIN` when it never was.
    offset: AtomicI64,
    dialogs: Dialogs,
    /// The device's shell could not run the script of the watch.
    plain_log: AtomicBool,
    /// Android lets in one UiAutomation client at a time: the stock command, or the accelerator that is here.
    uiautomation: Mutex<Option<accelerator::Accelerator>>,
}

impl Android {
    /// Asks the device who it is.
    pub async fn open(device: Device) -> Result<Self, AndroidError> {
        let answer = identity::ask(&device).await?;
        let offset = AtomicI64::new(answer.identity.clock_offset_ms.unwrap_or(i64::MIN));
        let known = Known {
            offset,
            identity: answer.identity,
            zone: answer.zone,
            root: answer.root,
            dialogs: Dialogs::builtin(),
            plain_log: AtomicBool::new(false),
            uiautomation: Mutex::new(None),
        };
        Ok(Self { device, known: Arc::new(known) })
    }

    /// Who it is.
    pub fn identity(&self) -> &DeviceIdentity {
        &self.known.identity
    }

    /// The device beneath.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The same Android, its calls ended by another token.
    pub fn under(&self, cancel: tokio_util::sync::CancellationToken) -> Self {
        Self { device: self.device.under(cancel), known: Arc::clone(&self.known) }
    }

    /// The command line, to be run as root where the device allows it.
    fn as_root(&self, command: &str) -> String {
        match self.known.root {
            identity::Root::Su => format!("su 0 sh -c {}", crate::adb::quote(command)),
            identity::Root::Shell | identity::Root::No => command.to_owned(),
        }
    }

    /// Local time minus UTC, in milliseconds.
    pub fn zone_ms(&self) -> i64 {
        self.known.zone
    }

    /// Device clock minus host clock, in milliseconds, as last read: somebody may have set the device's clock since its
    /// identity was read.
    pub fn clock_offset_ms(&self) -> Option<i64> {
        Some(self.known.offset.load(Ordering::Acquire)).filter(|offset| *offset != i64::MIN)
    }

    /// Learns the device's clock from a reading that may be seconds old: only when it was set meanwhile.
    fn notice_clock(&self, device_now: i64) {
        let offset = device_now - self.device.clock().now();
        if self.clock_offset_ms().is_none_or(|known| known.abs_diff(offset) > CLOCK_WAS_SET_MS) {
            self.known.offset.store(offset, Ordering::Release);
        }
    }

    /// Measures the device's clock anew, after it was set.
    pub async fn measure_clock(&self) -> Result<(), AndroidError> {
        self.learn_clock(self.device_time().await?.now);
        Ok(())
    }

    fn learn_clock(&self, device_now: i64) {
        self.known.offset.store(device_now - self.device.clock().now(), Ordering::Release);
    }

    /// The system's dialog in a hierarchy, if it is one.
    pub fn dialog(&self, tree: &Tree) -> Option<SystemDialog> {
        self.known.dialogs.recognise(tree)
    }

    async fn uiautomation(&self) -> MutexGuard<'_, Option<accelerator::Accelerator>> {
        self.known.uiautomation.lock().await
    }
}

fn unreadable(what: &'static str, text: &str) -> AndroidError {
    AndroidError::Unreadable { what, excerpt: text.trim().chars().take(120).collect() }
}

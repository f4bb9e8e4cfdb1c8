//! What happens by itself: timers of apps and of the system.

use std::time::Duration;

use super::script::Thread;
use crate::virtual_device::specimen::Timer;

/// Something that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// When, on the device's clock.
    pub at: Duration,
    /// What.
    pub wake: Wake,
}

/// What is due.
#[derive(Clone, Debug)]
pub enum Wake {
    /// A list of actions goes on.
    Thread(Thread),
    /// A timer of a model runs.
    Timer {
        /// Package.
        package: String,
        /// Process it belongs to; without it the timer is over.
        pid: u32,
        /// Screen or dialog it belongs to; `None` for the app's own.
        surface: Option<u32>,
        /// The timer.
        timer: Timer,
        /// Runs so far, those left out included.
        runs: u32,
    },
    /// The picture changes without anybody's doing (a close mark appears).
    Look,
    /// The system notices that an app does not answer.
    Anr {
        /// Package.
        package: String,
        /// Process.
        pid: u32,
    },
    /// An app's work in the background is due: the job of this place in its list.
    Job {
        /// Package.
        package: String,
        /// Place.
        place: usize,
    },
    /// The device has started, and apps are told.
    Booted,
    /// A short message goes.
    ToastEnds(u32),
    /// Permissions for one use end.
    OneTimeEnds(String),
    /// The system looks whether an app is still used, and takes its permissions if it is not.
    AutoReset(String),
}

/// All that is due.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    due: Vec<Due>,
}

impl Schedule {
    /// Adds something.
    pub fn add(&mut self, at: Duration, wake: Wake) {
        self.due.push(Due { at, wake });
    }

    /// When the next is due.
    pub fn next(&self) -> Option<Duration> {
        self.due.iter().map(|d| d.at).min()
    }

    /// Takes out the first that is due by `now`; of several at one time the one added first.
    pub fn take(&mut self, now: Duration) -> Option<Due> {
        let at = self.next().filter(|at| *at <= now)?;
        let first = self.due.iter().position(|d| d.at == at)?;
        Some(self.due.remove(first))
    }
}

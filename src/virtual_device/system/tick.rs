//! Catching up with the clock.

use std::sync::Weak;
use std::time::Duration;

use super::System;
use super::script::Thread;
use super::timer::Wake;
use crate::virtual_device::machine::Machine;
use crate::virtual_device::specimen::Timer;

/// Most scheduled things done in one go; the rest is done the next time.
const MOST_AT_ONCE: u32 = 500_000;

impl System {
    /// Lets everything happen that is due by now.
    pub fn catch_up(&mut self) {
        let until = self.clock.elapsed();
        let mut happened = false;
        for _ in 0..MOST_AT_ONCE {
            let Some(due) = self.schedule.take(until) else { break };
            self.now = self.now.max(due.at);
            self.wake(due.wake);
            self.settle();
            self.note_focus();
            self.note_showings();
            happened = true;
        }
        self.now = self.now.max(until);
        if happened {
            self.bump();
        }
    }

    /// When something is due next, on the device's clock.
    pub fn next_due(&self) -> Option<Duration> {
        self.schedule.next()
    }

    /// Does something after catching up, and tells those who watch.
    pub(super) fn act<R>(&mut self, what: impl FnOnce(&mut Self) -> R) -> R {
        self.catch_up();
        let result = what(self);
        self.settle();
        self.note_focus();
        self.note_showings();
        self.bump();
        result
    }

    pub(super) fn bump(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Thread(thread) => self.play(thread),
            Wake::Timer { package, pid, surface, timer, runs } => self.run_timer(package, pid, surface, timer, runs),
            Wake::Look => {}
            Wake::Job { package, place } => self.run_job(package, place),
            Wake::Booted => self.booted(),
            Wake::Anr { package, pid } => self.notice_hang(&package, pid),
            Wake::ToastEnds(number) => self.toasts.retain(|toast| toast.number != number),
            Wake::OneTimeEnds(package) => self.end_one_time(&package),
            Wake::AutoReset(package) => self.reset_if_unused(&package),
        }
    }

    fn run_timer(&mut self, package: String, pid: u32, surface: Option<u32>, timer: Timer, runs: u32) {
        let Some(live) = self.apps.get(&package).and_then(|app| app.live.as_ref()).filter(|l| l.pid == pid) else {
            return;
        };
        let there = surface.is_none_or(|s| live.screens.iter().chain(&live.dialogs).any(|shown| shown.surface == s));
        if !there {
            return;
        }
        let covered = surface.is_some_and(|s| {
            live.screens.iter().any(|shown| shown.surface == s)
                && live.screens.last().is_none_or(|top| top.surface != s)
        });
        let runs = runs + 1;
        if let Some(every) = timer.every
            && timer.at_most.is_none_or(|most| runs < most)
        {
            let next = Wake::Timer { package: package.clone(), pid, surface, timer: timer.clone(), runs };
            self.schedule.add(self.now + every.0, next);
        }
        if !covered && (timer.in_background || self.in_front(&package)) {
            self.play(Thread::new(&package, pid, &timer.actions));
        }
    }

    /// Starts the timers of an app, a screen or a dialog.
    pub(super) fn start_timers(&mut self, package: &str, pid: u32, surface: Option<u32>, timers: &[Timer]) {
        for timer in timers {
            let Some(first) = timer.after.or(timer.every) else { continue };
            let wake = Wake::Timer { package: package.into(), pid, surface, timer: timer.clone(), runs: 0 };
            self.schedule.add(self.now + first.0, wake);
        }
    }
}

/// Keeps a device going: sleeps until something is due, lets it happen, and so on until the device is gone or switched
/// off. One such task runs per running device.
pub async fn drive(machine: Weak<Machine>) {
    loop {
        let Some(strong) = machine.upgrade() else { return };
        let (clock, power) = (strong.clock.clone(), strong.power().clone());
        let (mut changes, due) = {
            let system = strong.system();
            (system.changes(), system.next_due())
        };
        drop(strong);
        let wait = due.map(|at| at.saturating_sub(clock.elapsed()));
        let sleep = async {
            match wait {
                Some(wait) => clock.sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = power.cancelled() => return,
            gone = changes.changed() => if gone.is_err() { return },
            () = sleep => {
                let Some(strong) = machine.upgrade() else { return };
                strong.system().catch_up();
            }
        }
    }
}

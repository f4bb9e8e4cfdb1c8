//! Faults on demand: what goes wrong on a device, and when. A device without rules pays nothing for them.

pub mod plan;
pub mod rule;
mod stream;
mod strike;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::machine::Machine;
pub use plan::PlanError;
pub use rule::{Jump, Kind, Place, Rule};
pub use stream::Harm;
pub use strike::{reboot, restart};

/// The rules of one device, and what they did.
#[derive(Debug, Default)]
pub struct Faults {
    any: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    armed: Vec<Armed>,
    struck: Vec<Struck>,
}

#[derive(Debug)]
struct Armed {
    rule: Rule,
    since: Duration,
    seen: u32,
    struck: u32,
}

/// A fault that struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck {
    /// When, on the device's clock.
    pub at: Duration,
    /// By which rule.
    pub rule: Rule,
}

/// What happens to a program that is about to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It starts after a while; `None`: never.
    Late(Option<Duration>),
    /// It is killed.
    Killed,
}

impl Faults {
    /// What struck so far, in order.
    pub fn struck(&self) -> Vec<Struck> {
        self.state().struck.clone()
    }

    /// Forgets every rule. What lasts (a full disk, an absence) ends by itself.
    pub fn clear(&self) {
        self.state().armed.clear();
        self.any.store(false, Ordering::Release);
    }

    fn arm(&self, rule: Rule, since: Duration) {
        self.state().armed.push(Armed { rule, since, seen: 0, struck: 0 });
        self.any.store(true, Ordering::Release);
    }

    /// Rules that this occasion sets off.
    fn due(&self, now: Duration, is_its_occasion: impl Fn(&Rule) -> bool) -> Vec<Rule> {
        if !self.any.load(Ordering::Acquire) {
            return Vec::new();
        }
        let mut state = self.state();
        let mut due = Vec::new();
        for armed in &mut state.armed {
            let early = armed.rule.at.is_some_and(|at| now < armed.since + at.0);
            if early || armed.struck >= armed.rule.times || !is_its_occasion(&armed.rule) {
                continue;
            }
            armed.seen += 1;
            if armed.seen > armed.rule.after_calls {
                armed.struck += 1;
                due.push(armed.rule.clone());
            }
        }
        state.armed.retain(|armed| armed.struck < armed.rule.times);
        state.struck.extend(due.iter().map(|rule| Struck { at: now, rule: rule.clone() }));
        due
    }

    fn note(&self, at: Duration, rule: &Rule) {
        self.state().struck.push(Struck { at, rule: rule.clone() });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Machine {
    /// Gives the device a rule. One that waits for nothing but its time strikes by itself; that takes a runtime.
    pub fn suffer(self: &Arc<Self>, rule: Rule) {
        if !rule.is_timed() {
            return self.faults.arm(rule, self.clock.elapsed());
        }
        let Some(at) = rule.at else { return self.strike_now(&rule) };
        let weak = Arc::downgrade(self);
        let (clock, power) = (self.clock.clone(), self.power().clone());
        tokio::spawn(async move {
            if power.run_until_cancelled(clock.sleep(at.0)).await.is_some()
                && let Some(machine) = weak.upgrade()
            {
                machine.strike_now(&rule);
            }
        });
    }

    fn strike_now(self: &Arc<Self>, rule: &Rule) {
        self.faults.note(self.clock.elapsed(), rule);
        strike::device(self, rule);
    }

    /// A client opens a service: the harm its stream comes to, if any.
    pub fn faults_of_service(self: &Arc<Self>, name: &str) -> Option<Harmed> {
        let matches = |rule: &Rule| match rule.fault.place() {
            Place::Stream => rule.program.is_none() && rule.service.as_ref().is_none_or(|part| name.contains(part)),
            Place::Device => rule.service.as_ref().is_some_and(|part| name.contains(part)),
            Place::Dump => false,
        };
        let mut harmed = None;
        for rule in self.faults.due(self.clock.elapsed(), matches) {
            match rule.fault {
                Kind::Closed => harmed = Some(Harmed::Closed),
                fault if fault.place() == Place::Device => strike::device(self, &rule),
                _ if harmed.is_none() => harmed = Some(Harmed::Stream(Harm::of(rule))),
                _ => {}
            }
        }
        harmed
    }

    /// A program is about to start: what happens to it, if anything.
    pub fn faults_of_program(self: &Arc<Self>, name: &str) -> Option<Start> {
        let matches = |rule: &Rule| rule.program.as_deref() == Some(name);
        let mut start = None;
        for rule in self.faults.due(self.clock.elapsed(), matches) {
            match rule.fault {
                Kind::Stall => start = Some(Start::Late(rule.lasts.map(|span| span.0))),
                Kind::Silence => start = Some(Start::Late(Some(rule.lasts_or(1_000)))),
                Kind::Kill if rule.package.is_none() => start = Some(Start::Killed),
                _ => strike::device(self, &rule),
            }
        }
        start
    }

    /// `uiautomator dump` is about to look: what it meets with, if anything.
    pub fn faults_of_dump(&self) -> Option<Kind> {
        let due = self.faults.due(self.clock.elapsed(), |rule| rule.fault.place() == Place::Dump);
        due.first().map(|rule| rule.fault)
    }
}

/// What happens to a service that a client opens.
#[derive(Clone, Debug)]
pub enum Harmed {
    /// It is not there.
    Closed,
    /// Its stream comes to harm.
    Stream(Harm),
}

//! Traps, and what a shell does about signals.

use std::collections::BTreeMap;

use super::flow::Flow;
use super::state::Shell;
use crate::virtual_device::signal::Signal;

/// What was asked for per signal: `None` ignores, `Some` runs. Signal 0 is EXIT.
#[derive(Clone, Debug, Default)]
pub(super) struct Traps {
    actions: BTreeMap<Signal, Option<String>>,
    /// What runs when a command fails where `set -e` would end the shell.
    pub on_failure: Option<String>,
}

impl Traps {
    pub fn set(&mut self, signal: Signal, action: Option<String>) {
        self.actions.insert(signal, action);
    }

    pub fn reset(&mut self, signal: Signal) {
        self.actions.remove(&signal);
    }

    pub fn ignores(&self, signal: Signal) -> bool {
        matches!(self.actions.get(&signal), Some(None))
    }

    /// Whether the signal ends a shell with these traps.
    pub fn lets_die(&self, signal: Signal) -> bool {
        signal == Signal::KILL || (!signal.is_harmless() && !self.actions.contains_key(&signal))
    }

    /// What a subshell keeps: ignored signals.
    pub fn inherited(&self) -> Self {
        let ignored = self.actions.iter().filter(|(_, action)| action.is_none());
        Self { actions: ignored.map(|(signal, action)| (*signal, action.clone())).collect(), on_failure: None }
    }

    /// Signals with their actions, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Signal, &str)> {
        self.actions.iter().map(|(signal, action)| (*signal, action.as_deref().unwrap_or_default()))
    }
}

impl Shell {
    /// Waits until a signal came or the stream broke.
    pub async fn signalled(&self) {
        tokio::select! {
            () = self.mailbox.arrival() => {}
            () = self.session.cancelled(), if !self.hung_up => {}
        }
    }

    /// Does what the signals that came ask for.
    pub async fn hear(&mut self) -> Result<(), Flow> {
        if !self.hung_up && self.session.is_cancelled() {
            self.hung_up = true;
            self.jobs.hang_up();
            self.mailbox.post(Signal::HUP);
        }
        while let Some(signal) = self.mailbox.take() {
            self.obey(signal).await?;
        }
        Ok(())
    }

    async fn obey(&mut self, signal: Signal) -> Result<(), Flow> {
        if signal == Signal::KILL {
            self.traps = Traps::default();
            return Err(Flow::Exit(signal.status()));
        }
        match self.traps.actions.get(&signal).cloned() {
            Some(None) => Ok(()),
            Some(Some(action)) => {
                let before = self.status;
                let outcome = self.run_text(&action).await;
                self.status = before;
                match outcome {
                    // A trap on EXIT brings back, in mksh, what the status was before this one.
                    Err(Flow::Exit(_)) if matches!(self.traps.actions.get(&Signal(0)), Some(Some(_))) => {
                        Err(Flow::Exit(before))
                    }
                    other => other.map(|_| ()),
                }
            }
            None if signal.is_harmless() => Ok(()),
            None => Err(Flow::Exit(signal.status())),
        }
    }

    /// Runs the trap on ERR, within which it is none.
    pub async fn trap_failure(&mut self) -> Result<(), Flow> {
        let Some(action) = self.traps.on_failure.take() else { return Ok(()) };
        let before = self.status;
        let outcome = self.run_text(&action).await;
        self.status = before;
        self.traps.on_failure.get_or_insert(action);
        outcome.map(|_| ())
    }

    /// Runs the EXIT trap, once, and gives the status the shell ends with.
    pub async fn leave(&mut self, status: i32) -> i32 {
        let exit = Signal(0);
        let Some(Some(action)) = self.traps.actions.remove(&exit) else { return status };
        self.status = status;
        match self.run_text(&action).await {
            Err(Flow::Exit(other)) => other,
            _ => status,
        }
    }
}

//! Signals, and how one reaches a running program.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// A signal by its Linux number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(pub u8);

/// Names as `kill -l` lists them; the place is the number.
const NAMES: [&str; 32] = [
    "EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
    "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH",
    "IO", "PWR", "SYS",
];

impl Signal {
    /// SIGHUP.
    pub const HUP: Self = Self(1);
    /// SIGINT.
    pub const INT: Self = Self(2);
    /// SIGQUIT.
    pub const QUIT: Self = Self(3);
    /// SIGKILL.
    pub const KILL: Self = Self(9);
    /// SIGPIPE.
    pub const PIPE: Self = Self(13);
    /// SIGTERM.
    pub const TERM: Self = Self(15);

    /// Reads `9`, `KILL` or `SIGKILL`; 0 and `EXIT` are read too.
    pub fn parse(word: &str) -> Option<Self> {
        if let Ok(number) = word.parse::<u8>() {
            return (usize::from(number) < NAMES.len()).then_some(Self(number));
        }
        let upper = word.to_ascii_uppercase();
        let bare = upper.strip_prefix("SIG").unwrap_or(&upper);
        let at = NAMES.iter().position(|name| *name == bare)?;
        Some(Self(u8::try_from(at).ok()?))
    }

    /// `HUP`, `TERM`, …
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).unwrap_or(&"RT")
    }

    /// The exit status of a process this signal ended.
    pub fn status(self) -> i32 {
        128 + i32::from(self.0)
    }

    /// Whether a process that does nothing about it goes on all the same: CHLD, CONT, URG, WINCH.
    pub fn is_harmless(self) -> bool {
        [0, 17, 18, 23, 28].contains(&self.0)
    }
}

/// Where a process finds the signals sent to it.
#[derive(Debug, Default)]
pub struct Mailbox {
    waiting: Mutex<VecDeque<Signal>>,
    bell: Notify,
}

/// Signals that may wait; more of them are dropped, as unqueued signals are.
const MAX_WAITING: usize = 64;

impl Mailbox {
    /// Leaves a signal.
    pub fn post(&self, signal: Signal) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MAX_WAITING {
            waiting.push_back(signal);
        }
        drop(waiting);
        self.bell.notify_waiters();
    }

    /// Takes the first one that waits.
    pub fn take(&self) -> Option<Signal> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Those that wait, first one first.
    pub fn waiting(&self) -> Vec<Signal> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// Waits until not exactly `known` signals wait.
    pub async fn change(&self, known: usize) {
        loop {
            let mut bell = pin!(self.bell.notified());
            bell.as_mut().enable();
            if self.waiting().len() != known {
                return;
            }
            bell.await;
        }
    }

    /// Waits until there is one, and leaves it there.
    pub async fn arrival(&self) {
        loop {
            let mut bell = pin!(self.bell.notified());
            bell.as_mut().enable();
            if !self.waiting().is_empty() {
                return;
            }
            bell.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_read_by_number_and_name() {
        for word in ["15", "TERM", "SIGTERM", "term"] {
            assert_eq!(Signal::parse(word), Some(Signal::TERM), "{word}");
        }
        assert_eq!(Signal::parse("EXIT"), Some(Signal(0)));
        assert_eq!((Signal::parse("99"), Signal::parse("NOSUCH")), (None, None));
        assert_eq!((Signal::KILL.name(), Signal::KILL.status()), ("KILL", 137));
    }

    #[tokio::test]
    async fn a_mailbox_wakes_and_keeps_the_order() {
        let mailbox = Mailbox::default();
        mailbox.post(Signal::HUP);
        mailbox.post(Signal::TERM);
        mailbox.arrival().await;
        assert_eq!((mailbox.take(), mailbox.take(), mailbox.take()), (Some(Signal::HUP), Some(Signal::TERM), None));
    }
}

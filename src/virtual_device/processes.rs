//! The programs that run on the device: with the system's own processes, what `ps`, `pidof` and `kill` see.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::machine::Machine;
use super::signal::{Mailbox, Signal};

/// Most processes a device runs at once: enough for every app, too few for a fork bomb to hurt.
const MAX_PROCESSES: usize = 1024;
/// Highest process id, as Linux's default.
const MAX_PID: u32 = 32_768;

/// One process.
#[derive(Clone, Debug)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Its parent's.
    pub parent: u32,
    /// User it runs as.
    pub uid: u32,
    /// What `ps` calls it: a program's name, an app's process name, `[name]` for a kernel thread.
    pub name: String,
    /// The whole command line.
    pub arguments: Vec<String>,
    /// Where its signals go; `None` for one that nobody can signal.
    pub mailbox: Option<Arc<Mailbox>>,
}

/// The running programs of one device.
#[derive(Debug)]
pub struct Processes {
    table: BTreeMap<u32, Process>,
    next: u32,
}

/// Why a signal did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignalError {
    /// ESRCH.
    #[error("No such process")]
    NoProcess,
    /// EPERM.
    #[error("Operation not permitted")]
    NotPermitted,
}

/// First process id of programs; the system's own and the apps' are below.
const FIRST: u32 = 5000;

impl Default for Processes {
    fn default() -> Self {
        Self { table: BTreeMap::new(), next: FIRST }
    }
}

impl Processes {
    /// Starts a process and gives its id; `None` when there are too many.
    pub fn start(
        &mut self,
        parent: u32,
        uid: u32,
        arguments: Vec<String>,
        mailbox: Option<Arc<Mailbox>>,
    ) -> Option<u32> {
        if self.table.len() >= MAX_PROCESSES {
            return None;
        }
        while self.table.contains_key(&self.next) {
            self.next = if self.next >= MAX_PID { FIRST } else { self.next + 1 };
        }
        let pid = self.next;
        self.next = if pid >= MAX_PID { FIRST } else { pid + 1 };
        let first = arguments.first().map(String::as_str).unwrap_or_default();
        let name = super::fs::path::base(first).to_owned();
        self.table.insert(pid, Process { pid, parent, uid, name, arguments, mailbox });
        Some(pid)
    }

    /// Takes an ended process out.
    pub fn end(&mut self, pid: u32) {
        self.table.remove(&pid);
    }

    /// One process.
    pub fn get(&self, pid: u32) -> Option<&Process> {
        self.table.get(&pid)
    }

    /// All processes by id.
    pub fn iter(&self) -> impl Iterator<Item = &Process> {
        self.table.values()
    }

    /// Ctrl-C at an interactive shell, which is known by its mailbox: its programs get SIGINT, it goes on itself.
    pub fn interrupt_children(&self, of: &Arc<Mailbox>) {
        let is_it = |process: &&Process| process.mailbox.as_ref().is_some_and(|mailbox| Arc::ptr_eq(mailbox, of));
        let Some(shell) = self.table.values().find(is_it).map(|process| process.pid) else { return };
        for child in self.table.values().filter(|process| process.parent == shell) {
            if let Some(mailbox) = &child.mailbox {
                mailbox.post(Signal::INT);
            }
        }
    }

    /// Sends a signal as the user `uid`; signal 0 only asks whether it could be sent. Processes without a mailbox
    /// ignore everything.
    ///
    /// # Errors
    /// When there is no such process, or it belongs to somebody else.
    pub fn signal(&self, uid: u32, pid: u32, signal: Signal) -> Result<(), SignalError> {
        let process = self.table.get(&pid).ok_or(SignalError::NoProcess)?;
        if uid != 0 && uid != process.uid {
            return Err(SignalError::NotPermitted);
        }
        if let Some(mailbox) = process.mailbox.as_ref().filter(|_| signal.0 != 0) {
            mailbox.post(signal);
        }
        Ok(())
    }
}

/// Sends a signal to a program or to a process of the system, as the user `uid`. An app ends by one that ends programs;
/// QUIT only makes it write its stacks (which is not modelled), and the system's own processes go on.
///
/// # Errors
/// When there is no such process, or it belongs to somebody else.
pub fn signal(machine: &Machine, uid: u32, pid: u32, signal: Signal) -> Result<(), SignalError> {
    let sent = machine.processes().signal(uid, pid, signal);
    if sent != Err(SignalError::NoProcess) {
        return sent;
    }
    let mut system = machine.system();
    let owner = system.processes().find(|p| p.pid == pid).map(|p| p.uid).ok_or(SignalError::NoProcess)?;
    if uid != 0 && uid != owner {
        return Err(SignalError::NotPermitted);
    }
    if !signal.is_harmless() && signal != Signal::QUIT {
        system.kill(pid);
    }
    Ok(())
}

/// A process of the table that ends with this value.
pub struct Alive {
    machine: Arc<Machine>,
    /// Its id.
    pub pid: u32,
}

impl Alive {
    /// Starts a process; `None` when there are too many.
    pub fn start(
        machine: &Arc<Machine>,
        parent: u32,
        uid: u32,
        arguments: Vec<String>,
        mailbox: Arc<Mailbox>,
    ) -> Option<Self> {
        let pid = machine.processes().start(parent, uid, arguments, Some(mailbox))?;
        Some(Self { machine: machine.clone(), pid })
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.machine.processes().end(self.pid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_or_root_may_signal() {
        let mut processes = Processes::default();
        let mailbox = Arc::new(Mailbox::default());
        let pid = processes.start(1, 2000, vec!["/system/bin/sleep".into()], Some(mailbox.clone())).unwrap();
        assert_eq!(processes.get(pid).unwrap().name, "sleep");
        assert_eq!(processes.signal(10_001, pid, Signal::TERM), Err(SignalError::NotPermitted));
        assert_eq!(processes.signal(2000, 99_999, Signal::TERM), Err(SignalError::NoProcess));
        assert_eq!(processes.signal(2000, pid, Signal(0)), Ok(()));
        assert_eq!(mailbox.take(), None);
        assert_eq!(processes.signal(0, pid, Signal::TERM), Ok(()));
        assert_eq!(mailbox.take(), Some(Signal::TERM));
    }

    #[test]
    fn a_fork_bomb_is_refused() {
        let mut processes = Processes::default();
        while processes.start(1, 2000, vec!["sh".into()], None).is_some() {}
        assert_eq!(processes.iter().count(), MAX_PROCESSES);
        processes.end(FIRST);
        assert!(processes.start(1, 2000, vec!["sh".into()], None).is_some());
    }
}

//! Faults of the device as a whole.

use std::sync::Arc;
use std::time::Duration;

use super::rule::{Kind, Rule};
use crate::virtual_device::kernel_files;
use crate::virtual_device::machine::{Machine, Presence};
use crate::virtual_device::signal::Signal;

/// How long a device is away, unless the rule says so, in milliseconds.
const ABSENCE: u64 = 3_000;

/// Does to the device what the rule says.
pub fn device(machine: &Arc<Machine>, rule: &Rule) {
    match rule.fault {
        Kind::Reboot => reboot(machine, rule.lasts_or(ABSENCE)),
        Kind::Offline => {
            machine.set_presence(Presence::Offline);
            machine.break_link();
            later(machine, rule.lasts_or(ABSENCE), |machine| machine.set_presence(Presence::Online));
        }
        Kind::DiskFull => fill(machine, rule),
        Kind::Kill => machine.system().kill_for_memory(rule.package.as_deref()),
        Kind::ClockJump => {
            let by = rule.by.map_or(0, |jump| jump.millis);
            let mut system = machine.system();
            let wall = system.wall();
            system.set_wall(wall.saturating_add(by));
        }
        _ => {}
    }
}

/// How long a device goes on answering that was told to start anew. MODEL: real ones take seconds (AOSP `ShutdownThread`).
const SHUTS_DOWN: Duration = Duration::from_millis(300);
/// How long it is away then. MODEL: short, for those who wait for it.
const STARTS_UP: Duration = Duration::from_millis(200);

/// Starts the device anew as a person does, who lets it shut down.
pub fn restart(machine: &Arc<Machine>) {
    later(machine, SHUTS_DOWN, |machine| reboot(machine, STARTS_UP));
}

/// Starts the device anew: it is gone for a while, no program and no app lives through it, files and packages do.
pub fn reboot(machine: &Arc<Machine>, away: Duration) {
    machine.set_presence(Presence::Gone);
    let pids: Vec<u32> = machine.processes().iter().map(|process| process.pid).collect();
    for pid in pids {
        // Processes of the system have no mailbox and come back with it.
        let _ = machine.processes().signal(0, pid, Signal::KILL);
    }
    machine.break_link();
    machine.system().reboot();
    kernel_files::start_anew(machine);
    later(machine, away, |machine| machine.set_presence(Presence::Online));
}

fn fill(machine: &Arc<Machine>, rule: &Rule) {
    let free = rule.bytes.unwrap_or(0);
    let before = {
        let mut system = machine.system();
        let switches = system.switches();
        system.set_switches(crate::virtual_device::system::Switches { free_bytes: free, ..switches });
        switches.free_bytes
    };
    let capacity = {
        let mut files = machine.files();
        let (used, capacity) = files.usage();
        files.set_capacity(used.saturating_add(free));
        capacity
    };
    let Some(span) = rule.lasts else { return };
    later(machine, span.0, move |machine| {
        let switches = machine.system().switches();
        machine.system().set_switches(crate::virtual_device::system::Switches { free_bytes: before, ..switches });
        machine.files().set_capacity(capacity);
    });
}

/// Does something after a while, if the device still has power then.
fn later(machine: &Arc<Machine>, after: Duration, what: impl FnOnce(&Arc<Machine>) + Send + 'static) {
    let machine = Arc::clone(machine);
    tokio::spawn(async move {
        if machine.power().run_until_cancelled(machine.clock.sleep(after)).await.is_some() {
            what(&machine);
        }
    });
}

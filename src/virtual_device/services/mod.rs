//! What a client can open on a device: the services behind both protocols, adbd's and the ADB server's.

mod administration;
mod debugger;
mod framebuffer;
mod packets;
mod reverse;
mod shell;
mod sync;
mod terminal;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::fault::{Harm, Harmed};
use super::machine::Machine;
use super::pipe::Pipe;
use super::signal::{Mailbox, Signal};

pub use reverse::{HostCall, Reverses};

/// What the services of one connection share.
#[derive(Clone)]
pub struct Site {
    /// The device.
    pub machine: Arc<Machine>,
    /// Addresses on the device that lead to the client's host.
    pub reverses: Arc<Reverses>,
    /// Ends with the connection.
    pub life: CancellationToken,
}

/// A service found by its name, ready to run.
pub struct Found {
    service: Service,
    harm: Option<Harm>,
}

/// What a service is.
enum Service {
    /// A command: how its streams go and what is to be run.
    Shell(shell::Request),
    /// Files to and from the device.
    Sync,
    /// The screen's pixels.
    Framebuffer,
    /// A socket on the device, connected.
    Port(Pipe),
    /// An order about ports that lead to the client's host.
    Reverse(String),
    /// A debugger looks into a process.
    Debugger,
    /// An order to adbd or the device itself.
    Order(administration::Order),
}

impl Site {
    /// A connection to `machine` that lives as long as `life`. `host` takes the calls of programs on the device that want
    /// to reach the client's host.
    pub fn new(machine: Arc<Machine>, life: CancellationToken, host: mpsc::Sender<HostCall>) -> Self {
        Self { machine, reverses: Arc::new(Reverses::new(host)), life }
    }

    /// The service of that name; `None` when there is none, or its port is closed.
    pub fn find(&self, name: &str) -> Option<Found> {
        let harm = match self.machine.faults_of_service(name) {
            Some(Harmed::Closed) => return None,
            Some(Harmed::Stream(harm)) => Some(harm),
            None => None,
        };
        Some(Found { service: self.named(name)?, harm })
    }

    fn named(&self, name: &str) -> Option<Service> {
        if let Some(order) = administration::Order::parse(name) {
            return Some(Service::Order(order));
        }
        let (kind, rest) = name.split_at(name.find([':', ',']).unwrap_or(name.len()));
        let after = rest.strip_prefix(':');
        match (kind, after) {
            ("shell", _) => self.shell(rest),
            ("exec", Some(command)) => Some(Service::Shell(shell::Request::raw(command))),
            ("abb" | "abb_exec", Some(arguments)) if self.machine.profile.has(kind) => {
                Some(Service::Shell(shell::Request::to_cmd(arguments, kind == "abb")))
            }
            ("framebuffer", Some("")) => Some(Service::Framebuffer),
            ("sync", Some("")) => Some(Service::Sync),
            ("tcp" | "localabstract" | "local" | "localreserved" | "localfilesystem", Some(_)) => {
                self.machine.ports.connect(name, &self.life).map(Service::Port)
            }
            ("jdwp", Some(pid)) => debugger::is_open(&self.machine, pid).then_some(Service::Debugger),
            ("reverse", Some(order)) => Some(Service::Reverse(order.into())),
            _ => None,
        }
    }

    /// Runs a service on a stream until it is done.
    pub async fn run(self, found: Found, pipe: Pipe) {
        let Some(harm) = found.harm else { return self.carry_out(found.service, pipe).await };
        let (near, far) = Pipe::pair(&pipe.hangup);
        let machine = Arc::clone(&self.machine);
        tokio::join!(self.carry_out(found.service, far), harm.carry(machine, pipe, near));
    }

    async fn carry_out(self, service: Service, pipe: Pipe) {
        match service {
            Service::Shell(request) => self.start(request, pipe).await,
            Service::Sync => sync::run(self.machine, pipe).await,
            Service::Framebuffer => framebuffer::run(self.machine, pipe).await,
            Service::Port(port) => port.join(pipe).await,
            Service::Debugger => debugger::attach(pipe).await,
            Service::Reverse(order) => self.reverses.run(&self, &order, pipe).await,
            Service::Order(order) => order.run(&self.machine, pipe).await,
        }
    }

    fn shell(&self, rest: &str) -> Option<Service> {
        let request = shell::Request::parse(rest, self.machine.profile.api)?;
        let possible = !request.mode.packets || self.machine.profile.has("shell_v2");
        possible.then_some(Service::Shell(request))
    }

    async fn start(self, request: shell::Request, pipe: Pipe) {
        let uid = self.machine.shell_uid();
        let signals = Arc::new(Mailbox::default());
        let interrupt = {
            let (machine, signals) = (Arc::clone(&self.machine), Arc::clone(&signals));
            let interactive = request.command.is_empty();
            move || {
                if interactive { machine.processes().interrupt_children(&signals) } else { signals.post(Signal::INT) }
            }
        };
        let around = shell::Around { life: self.machine.link(), interrupt };
        let start = |stdio| super::shell::run_with(self.machine, request.command, stdio, uid, signals);
        shell::run(pipe, request.mode, around, start).await;
    }
}

//! What a client can open on a device: the services behind both protocols, adbd's and the ADB server's.

mod administration;
#[cfg(test)]
mod packets;
mod reverse;
#[cfg(test)]
mod shell;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::machine::Machine;
use super::pipe::Pipe;

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
pub enum Service {
    /// A socket on the device, connected.
    Port(Pipe),
    /// An order about ports that lead to the client's host.
    Reverse(String),
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
    pub fn find(&self, name: &str) -> Option<Service> {
        if let Some(order) = administration::Order::parse(name) {
            return Some(Service::Order(order));
        }
        let (kind, rest) = name.split_at(name.find([':', ',']).unwrap_or(name.len()));
        let after = rest.strip_prefix(':');
        match (kind, after) {
            ("tcp" | "localabstract" | "local" | "localreserved" | "localfilesystem", Some(_)) => {
                self.machine.ports.connect(name, &self.life).map(Service::Port)
            }
            ("reverse", Some(order)) => Some(Service::Reverse(order.into())),
            _ => None,
        }
    }

    /// Runs a service on a stream until it is done.
    pub async fn run(self, service: Service, pipe: Pipe) {
        match service {
            Service::Port(port) => port.join(pipe).await,
            Service::Reverse(order) => self.reverses.run(&self, &order, pipe).await,
            Service::Order(order) => order.run(&self.machine, pipe).await,
        }
    }
}

//! An ADB server for many virtual devices in one process: what the `adb` program, its libraries and we ourselves speak
//! with, so that no `adb` is needed.

mod client;
mod error;
mod forward;
mod host;
mod request;
mod roster;
mod stream;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use super::machine::{Machine, Presence};
use super::services::{HostCall, Site};
use forward::Forwards;
use roster::Roster;

pub use error::ServerError;
pub use roster::KEY;

/// Clients at a time: a farm's workers have some streams per device.
const MOST_CLIENTS: usize = 4096;
/// Calls of one device to the host that wait.
const CALLS: usize = 8;

/// A running server. Dropping it stops it: every client's connection ends.
pub struct Server {
    hall: Arc<Hall>,
    address: SocketAddr,
}

/// What all clients of a server share.
struct Hall {
    roster: Roster,
    forwards: Forwards,
    life: CancellationToken,
}

impl Server {
    /// Starts a server at `listen` with these devices.
    ///
    /// # Errors
    /// The address can't be listened on, or two devices have one serial number.
    pub async fn start(listen: impl ToSocketAddrs, devices: Vec<Arc<Machine>>) -> Result<Self, ServerError> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let hall =
            Arc::new(Hall { roster: Roster::default(), forwards: Forwards::default(), life: CancellationToken::new() });
        let server = Self { hall, address };
        for device in devices {
            server.attach(device)?;
        }
        tokio::spawn(welcome(Arc::clone(&server.hall), listener));
        Ok(server)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts a device on the list.
    ///
    /// # Errors
    /// Its serial number is on the list already.
    pub fn attach(&self, machine: Arc<Machine>) -> Result<(), ServerError> {
        self.hall.attach(machine)
    }

    /// Takes a device off the list, as if it was pulled out: its streams end at once. False when it was not there.
    pub fn detach(&self, serial: &str) -> bool {
        let attached = self.hall.roster.all().into_iter().find(|known| known.serial() == serial);
        attached.is_some_and(|attached| self.hall.roster.detach(attached.id))
    }

    /// The serial numbers on the list.
    pub fn serials(&self) -> Vec<String> {
        self.hall.roster.all().iter().map(|known| known.serial().to_owned()).collect()
    }

    /// Stops: no more clients, and every connection ends.
    pub fn stop(&self) {
        self.hall.stop();
    }

    /// Waits until the server was stopped, by its owner or by a client (`adb kill-server`).
    pub async fn stopped(&self) {
        self.hall.life.cancelled().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Hall {
    fn attach(self: &Arc<Self>, machine: Arc<Machine>) -> Result<(), ServerError> {
        let (host, calls) = mpsc::channel(CALLS);
        let attached = self.roster.attach(&machine, |life| Site::new(Arc::clone(&machine), life, host))?;
        let life = attached.site.life.clone();
        tokio::spawn(async move { life.run_until_cancelled(reach_out(calls)).await });
        tokio::spawn(Arc::clone(self).accompany(attached));
        Ok(())
    }

    fn stop(&self) {
        self.life.cancel();
        for attached in self.roster.all() {
            self.roster.detach(attached.id);
        }
    }

    /// Follows one attachment: tells when the device lets us in, and when its link breaks puts it back on the list, as a
    /// new transport, if it still has power.
    async fn accompany(self: Arc<Self>, attached: roster::Attached) {
        let machine = Arc::clone(&attached.site.machine);
        let (mut trusted, mut presence) = (machine.trusted(), machine.presence());
        let notice = async {
            loop {
                tokio::select! {
                    news = trusted.changed() => if news.is_err() { return },
                    news = presence.changed() => if news.is_err() { return },
                }
                self.roster.announce();
            }
        };
        attached.site.life.run_until_cancelled(notice).await;
        self.forwards.remove_all(Some(attached.serial()));
        let was_listed = self.roster.detach(attached.id);
        let back = machine.power().run_until_cancelled(is_there(&machine)).await;
        if was_listed && back.is_some() && !self.life.is_cancelled() {
            // Only another device of the same serial number could stand in the way, and then it has the place.
            let _ = self.attach(machine);
        }
    }
}

/// Waits until the device is there, answering or not.
async fn is_there(machine: &Machine) {
    // The sender lives as long as the machine, so waiting can't fail.
    let _ = machine.presence().wait_for(|presence| *presence != Presence::Gone).await;
}

/// Lets clients in until the server stops.
async fn welcome(hall: Arc<Hall>, listener: TcpListener) {
    let room = Arc::new(Semaphore::new(MOST_CLIENTS));
    let accept = async {
        loop {
            let Ok((socket, _)) = listener.accept().await else { continue };
            let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
            let hall = Arc::clone(&hall);
            tokio::spawn(async move {
                let life = hall.life.clone();
                // However a client's connection ends, there is nobody left to tell.
                let _ = life.run_until_cancelled(client::serve(hall, socket)).await;
                drop(place);
            });
        }
    };
    hall.life.run_until_cancelled(accept).await;
}

/// Connects programs on a device to the host's own ports (`adb reverse`).
async fn reach_out(mut calls: mpsc::Receiver<HostCall>) {
    while let Some(HostCall { address, pipe }) = calls.recv().await {
        let Some(port) = address.strip_prefix("tcp:").and_then(|port| port.parse::<u16>().ok()) else { continue };
        tokio::spawn(async move {
            if let Ok(socket) = TcpStream::connect(("127.0.0.1", port)).await {
                stream::join(socket, pipe).await;
            }
        });
    }
}

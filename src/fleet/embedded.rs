//! The embedded fleet: an ADB server on a loopback port, and a fresh virtual device for every lease.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::clock::Clock;
use crate::virtual_device::console;
use crate::virtual_device::fault::{Rule, plan};
use crate::virtual_device::machine::{Machine, Pace, Profile};
use crate::virtual_device::server::Server;

use super::error::FleetError;

/// The embedded server.
pub(super) struct Embedded {
    server: Server,
    clock: Clock,
    booted: AtomicU32,
}

impl Embedded {
    /// Starts the server on a free loopback port.
    pub async fn start(clock: Clock) -> Result<Self, FleetError> {
        let server = Server::start((Ipv4Addr::LOCALHOST, 0), Vec::new()).await.map_err(FleetError::Listen)?;
        Ok(Self { server, clock, booted: AtomicU32::new(0) })
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Boots a device with these properties; its serial, and its clock when it has one of its own. A fresh device is the known
    /// state that a real one gets by cleaning.
    pub fn add(&self, properties: &str) -> Result<(String, Option<Clock>), FleetError> {
        let wrong = |why: String| FleetError::Wanted { given: format!("virtual:{properties}"), why };
        let mut profile = Profile::parse(properties).map_err(|error| wrong(error.to_string()))?;
        profile.serial = format!("virtual-{}", self.booted.fetch_add(1, Ordering::Relaxed) + 1);
        let serial = profile.serial.clone();
        let faults = match &profile.faults {
            Some(file) => faults_in(file).map_err(wrong)?,
            None => Vec::new(),
        };
        // Time is skipped for one device at a time: what another one waits for takes as long as it takes.
        let own = (profile.pace == Pace::Skipping).then(|| profile.pace.clock());
        let machine = Machine::boot(profile, own.clone().unwrap_or_else(|| self.clock.clone()));
        console::open(&machine).map_err(|error| FleetError::Listen(error.into()))?;
        self.server.attach(machine.clone()).map_err(FleetError::Listen)?;
        faults.into_iter().for_each(|rule| machine.suffer(rule));
        Ok((serial, own))
    }

    /// Takes a device off the server, which cuts every stream to it. False when there is none of that serial.
    pub fn remove(&self, serial: &str) -> bool {
        self.server.detach(serial)
    }
}

/// The rules in a file of faults.
fn faults_in(file: &str) -> Result<Vec<Rule>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    plan::parse(&text).map_err(|error| format!("{file}: {error}"))
}

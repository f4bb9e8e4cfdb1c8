//! The embedded fleet: an ADB server on a loopback port, and a fresh virtual device for every lease.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

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
    /// Those that are leased, by serial number.
    machines: Mutex<BTreeMap<String, Arc<Machine>>>,
}

impl Embedded {
    /// Starts the server on a free loopback port.
    pub async fn start(clock: Clock) -> Result<Self, FleetError> {
        let server = Server::start((Ipv4Addr::LOCALHOST, 0), Vec::new()).await.map_err(FleetError::Listen)?;
        Ok(Self { server, clock, booted: AtomicU32::new(0), machines: Mutex::default() })
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
        self.machines().insert(serial.clone(), machine);
        Ok((serial, own))
    }

    /// Takes a device off the server, which cuts every stream to it, and switches it off, which ends what runs on it and
    /// closes its ports: a night has thousands of them. False when there is none of that serial.
    pub fn remove(&self, serial: &str) -> bool {
        let was_there = self.server.detach(serial);
        if let Some(machine) = self.machines().remove(serial) {
            machine.pull_the_plug();
        }
        was_there
    }

    fn machines(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Machine>>> {
        self.machines.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

/// The rules in a file of faults.
fn faults_in(file: &str) -> Result<Vec<Rule>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    plan::parse(&text).map_err(|error| format!("{file}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpStream;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::adb;

    /// Far longer than it takes on a busy machine.
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_device_that_was_given_back_leaves_nothing_behind() {
        let embedded = Embedded::start(Clock::real()).await.unwrap();
        let (serial, _) = embedded.add("").unwrap();
        let machine = Arc::downgrade(&embedded.machines()[&serial]);
        let device = adb::Server::at(embedded.address()).device(&serial, CancellationToken::new());
        let asked = format!("sleep 86400 >/dev/null 2>&1 & logcat >/dev/null 2>&1 & getprop {}", console::PROPERTY);
        let told = String::from_utf8(device.shell(&asked, LONG).await.unwrap().stdout).unwrap();
        let port: u16 = told.trim().parse().unwrap();
        let mut stream = device.stream("logcat").await.unwrap();
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok());

        assert!(embedded.remove(&serial));
        while let Ok(Some(_)) = stream.next().await {}
        let gone = async {
            while machine.upgrade().is_some() || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, gone).await.expect("its memory and its port are free");
        assert!(!embedded.remove(&serial));
    }
}

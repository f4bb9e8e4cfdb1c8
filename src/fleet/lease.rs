//! The exclusive use of a device for one attempt.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::adb;
use crate::clock::Clock;

use super::embedded::Embedded;
use super::error::FleetError;
use super::wanted::Wanted;

/// The devices there are.
#[derive(Clone)]
pub struct Fleet {
    shared: Arc<Shared>,
}

struct Shared {
    server: adb::Server,
    embedded: Option<Embedded>,
    /// Serials in use.
    leased: Mutex<BTreeSet<String>>,
    /// Serials that failed in this run; they are leased again only when no other is left.
    failed: Mutex<BTreeSet<String>>,
    returned: Notify,
}

/// The exclusive use of a device. It is given back when this is dropped.
pub struct Lease {
    shared: Arc<Shared>,
    device: adb::Device,
    clock: Option<Clock>,
}

impl Fleet {
    /// Virtual devices in this process, behind an ADB server of their own on a loopback port.
    pub async fn embedded(clock: Clock) -> Result<Self, FleetError> {
        let embedded = Embedded::start(clock.clone()).await?;
        Ok(Self::over(adb::Server::on_clock(embedded.address(), clock), Some(embedded)))
    }

    /// The devices of an ADB server that runs already.
    pub async fn at_server(address: SocketAddr) -> Result<Self, FleetError> {
        let server = adb::Server::at(address);
        server.version().await?;
        Ok(Self::over(server, None))
    }

    fn over(server: adb::Server, embedded: Option<Embedded>) -> Self {
        let shared =
            Shared { server, embedded, leased: Mutex::default(), failed: Mutex::default(), returned: Notify::new() };
        Self { shared: Arc::new(shared) }
    }

    /// The server's address.
    pub fn address(&self) -> SocketAddr {
        self.shared.server.address()
    }

    /// Waits for a device and takes it.
    pub async fn lease(&self, wanted: &Wanted, cancel: &CancellationToken) -> Result<Lease, FleetError> {
        loop {
            let returned = self.shared.returned.notified();
            if let Some((serial, clock)) = self.shared.try_take(wanted).await? {
                let server = match &clock {
                    Some(clock) => &adb::Server::on_clock(self.address(), clock.clone()),
                    None => &self.shared.server,
                };
                let device = server.device(&serial, cancel.child_token());
                return Ok(Lease { shared: self.shared.clone(), device, clock });
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(FleetError::Cancelled),
                () = returned => {}
            }
        }
    }

    /// How many devices are ready; `None` when as many can be had as are wanted.
    pub async fn ready(&self) -> Result<Option<usize>, FleetError> {
        if self.shared.embedded.is_some() {
            return Ok(None);
        }
        let devices = self.shared.server.devices().await?;
        Ok(Some(devices.iter().filter(|device| device.is_ready()).count()))
    }

    /// Takes the plug out of an embedded device: for tests of what follows. False when there is none of that serial.
    pub fn pull_the_plug(&self, serial: &str) -> bool {
        self.shared.embedded.as_ref().is_some_and(|embedded| embedded.remove(serial))
    }

    /// Whether a device that is missing now may come back: not so for embedded ones.
    pub fn may_come_back(&self) -> bool {
        self.shared.embedded.is_none()
    }

    /// Serials in use now.
    pub fn leased(&self) -> Vec<String> {
        self.shared.leased().iter().cloned().collect()
    }
}

impl Shared {
    /// A free device that fits, marked as taken, and its clock when it has one of its own; `None` when all that fit are in
    /// use.
    async fn try_take(&self, wanted: &Wanted) -> Result<Option<(String, Option<Clock>)>, FleetError> {
        if let Some(embedded) = &self.embedded {
            let properties = match wanted {
                Wanted::Virtual(properties) => properties.as_str(),
                Wanted::Any => "",
                Wanted::Serial(serial) => {
                    return Err(FleetError::None(format!(
                        "{serial}: without --server only virtual devices are there; give --server HOST:PORT"
                    )));
                }
            };
            let (serial, clock) = embedded.add(properties)?;
            self.leased().insert(serial.clone());
            return Ok(Some((serial, clock)));
        }
        Ok(self.try_take_at_server(wanted).await?.map(|serial| (serial, None)))
    }

    async fn try_take_at_server(&self, wanted: &Wanted) -> Result<Option<String>, FleetError> {
        let devices = self.server.devices().await?;
        let fits = |serial: &str| match wanted {
            Wanted::Serial(wanted) => wanted == serial,
            Wanted::Any | Wanted::Virtual(_) => true,
        };
        let ready: Vec<&str> =
            devices.iter().filter(|d| d.is_ready() && fits(&d.serial)).map(|d| d.serial.as_str()).collect();
        if ready.is_empty() {
            let there: Vec<String> = devices.iter().map(|d| format!("{} ({})", d.serial, d.state)).collect();
            let there = if there.is_empty() { "none at all".to_owned() } else { there.join(", ") };
            return Err(FleetError::None(format!(
                "{wanted} is not ready at {}; the server lists: {there}",
                self.server.address()
            )));
        }
        let failed = self.failed.lock().unwrap_or_else(|broken| broken.into_inner());
        let mut leased = self.leased();
        let free = || ready.iter().copied().filter(|serial| !leased.contains(*serial));
        let free: Option<String> =
            free().find(|serial| !failed.contains(*serial)).or_else(|| free().next()).map(str::to_owned);
        Ok(free.inspect(|serial| {
            leased.insert(serial.clone());
        }))
    }

    fn leased(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.leased.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

impl Lease {
    /// The device.
    pub fn device(&self) -> &adb::Device {
        &self.device
    }

    /// The clock that goes with the device, when it has one of its own: who uses the device waits on it.
    pub fn clock(&self) -> Option<&Clock> {
        self.clock.as_ref()
    }

    /// Says that the device failed, so that the next attempt gets another where there is one.
    pub fn failed(&self) {
        self.shared.failed.lock().unwrap_or_else(|broken| broken.into_inner()).insert(self.device.serial().to_owned());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(embedded) = &self.shared.embedded {
            embedded.remove(self.device.serial());
        }
        self.shared.leased().remove(self.device.serial());
        self.shared.returned.notify_waiters();
    }
}

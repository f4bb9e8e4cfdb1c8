//! An ADB server: its version, its devices, connecting it to a device on the network.

use std::net::SocketAddr;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::call::Call;
use super::device::Device;
use super::error::AdbError;
use super::wire::{Link, Trouble};
use crate::clock::Clock;

/// How long a server may take to answer for itself.
const SERVER_ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// How long a server may take to reach a device on the network (adb itself gives up after 10 s).
const CONNECTS_WITHIN: Duration = Duration::from_secs(15);

/// The address of an ADB server. It need not run on this machine.
#[derive(Clone, Debug)]
pub struct Server {
    address: SocketAddr,
    clock: Clock,
}

/// A device as the server lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceEntry {
    /// Its name at the server.
    pub serial: String,
    /// `device`, `offline`, `unauthorized`, `connecting` …
    pub state: String,
    /// `ro.product.name`, or empty.
    pub product: String,
    /// `ro.product.model`, or empty.
    pub model: String,
    /// The server's number for the connection, when it tells.
    pub transport_id: Option<u64>,
}

impl DeviceEntry {
    /// Whether it can be used now.
    pub fn is_ready(&self) -> bool {
        self.state == "device"
    }
}

impl Server {
    /// A server by its address. Nothing is connected yet.
    pub fn at(address: SocketAddr) -> Self {
        Self::on_clock(address, Clock::real())
    }

    /// The same, with deadlines on a given clock.
    pub fn on_clock(address: SocketAddr, clock: Clock) -> Self {
        Self { address, clock }
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's protocol version (41 for all of 2019 to 2026).
    pub async fn version(&self) -> Result<u32, AdbError> {
        let answer = self.ask("ask the server's version", "host:version", SERVER_ANSWERS_WITHIN).await?;
        u32::from_str_radix(&answer, 16).map_err(|_| AdbError::Protocol {
            doing: "ask the server's version".to_owned(),
            detail: format!("a version of {answer:?}"),
        })
    }

    /// All devices the server knows, ready or not.
    pub async fn devices(&self) -> Result<Vec<DeviceEntry>, AdbError> {
        let answer = self.ask("list the server's devices", "host:devices-l", SERVER_ANSWERS_WITHIN).await?;
        Ok(answer.lines().filter_map(parse_entry).collect())
    }

    /// A device of this server. Nothing is asked yet; `cancel` ends all its calls.
    pub fn device(&self, serial: &str, cancel: CancellationToken) -> Device {
        Device::new(self.address, self.clock.clone(), serial, cancel)
    }

    /// Has the server connect to a device's own port, and returns the serial it got: `host:port` as given.
    pub async fn connect(&self, address: &str) -> Result<String, AdbError> {
        let answer =
            self.ask(&format!("connect to {address}"), &format!("host:connect:{address}"), CONNECTS_WITHIN).await?;
        // The server answers OKAY also when it failed; only the words tell (AOSP `transport_local.cpp`).
        if answer.starts_with("connected to") || answer.starts_with("already connected to") {
            return Ok(address.to_owned());
        }
        Err(AdbError::Refused { doing: format!("connect to {address}"), code: String::new(), message: answer })
    }

    /// Has the server drop a device it was connected to by [`Server::connect`].
    pub async fn disconnect(&self, address: &str) -> Result<(), AdbError> {
        let doing = format!("disconnect from {address}");
        self.ask(&doing, &format!("host:disconnect:{address}"), SERVER_ANSWERS_WITHIN).await.map(drop)
    }

    /// Connects anew to a device that was lost. The server keeps a lost device as `offline` and would answer a plain
    /// [`Server::connect`] with "already connected".
    pub async fn reconnect(&self, address: &str) -> Result<String, AdbError> {
        match self.disconnect(address).await {
            // A server that does not know the address any more has nothing to forget.
            Err(AdbError::Refused { .. }) | Ok(()) => self.connect(address).await,
            Err(error) => Err(error),
        }
    }

    /// Follows the list of devices: what it is now, then each change. Lives until it is dropped or the server ends.
    pub async fn track(&self, cancel: CancellationToken) -> Result<Tracker, AdbError> {
        let doing = "follow the server's devices";
        let call = Call { doing, serial: "", server: self.address, clock: &self.clock, cancel: &cancel };
        let link = call
            .run(SERVER_ANSWERS_WITHIN, async {
                let mut link = Link::connect(self.address).await?;
                link.request("host:track-devices-l").await?;
                Ok(link)
            })
            .await?;
        Ok(Tracker { link, server: self.clone(), cancel })
    }

    async fn ask(&self, doing: &str, request: &str, within: Duration) -> Result<String, AdbError> {
        let never = CancellationToken::new();
        let call = Call { doing, serial: "", server: self.address, clock: &self.clock, cancel: &never };
        call.run(within, async {
            let mut link = Link::connect(self.address).await?;
            link.request(request).await?;
            link.answer().await.map_err(|trouble| match trouble {
                Trouble::Cut(detail) => Trouble::Nonsense(format!("the answer ended early: {detail}")),
                other => other,
            })
        })
        .await
    }
}

/// The list of devices as it changes.
#[derive(Debug)]
pub struct Tracker {
    link: Link,
    server: Server,
    cancel: CancellationToken,
}

impl Tracker {
    /// The next list: all devices, not only what changed. Not to be dropped half way: a list that was begun is lost.
    pub async fn next(&mut self) -> Result<Vec<DeviceEntry>, AdbError> {
        let doing = "follow the server's devices";
        let call =
            Call { doing, serial: "", server: self.server.address, clock: &self.server.clock, cancel: &self.cancel };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(AdbError::Cancelled { doing: doing.to_owned() }),
            list = self.link.answer() => match list {
                Ok(list) => Ok(list.lines().filter_map(parse_entry).collect()),
                Err(trouble) => Err(call.explain(trouble)),
            },
        }
    }
}

/// One line of `devices-l`: serial, state, then `key:value` words. The state may be several words in old servers
/// (`no permissions`); everything up to the first `key:value` counts as the state.
fn parse_entry(line: &str) -> Option<DeviceEntry> {
    let mut words = line.split_whitespace();
    let mut entry = DeviceEntry { serial: words.next()?.to_owned(), ..DeviceEntry::default() };
    let mut state = Vec::new();
    for word in words {
        match word.split_once(':') {
            Some(("product", value)) => entry.product = value.to_owned(),
            Some(("model", value)) => entry.model = value.to_owned(),
            Some(("transport_id", value)) => entry.transport_id = value.parse().ok(),
            Some(_) => {}
            None => state.push(word),
        }
    }
    entry.state = state.join(" ");
    Some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_device_list() {
        let line = "emulator-5554          device product:sdk_gphone64 model:Pixel_7 device:emu64 transport_id:3";
        let entry = parse_entry(line).unwrap();
        assert_eq!((entry.serial.as_str(), entry.product.as_str()), ("emulator-5554", "sdk_gphone64"));
        assert_eq!((entry.model.as_str(), entry.transport_id), ("Pixel_7", Some(3)));
        assert!(entry.is_ready());
        let entry = parse_entry("0123456789 no permissions usb:1-5 transport_id:9").unwrap();
        assert_eq!(entry.state, "no permissions");
        assert!(parse_entry("").is_none());
    }
}

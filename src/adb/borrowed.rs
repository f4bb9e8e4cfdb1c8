//! What the crate `adb_client` does for us: port forwarding, reboot.
//!
//! These go through its server path, which is sound there: short requests and answers, no exit status, no process on
//! the host (its `ADBServer`, unlike its `ADBServerDevice`, would run `adb start-server`). It blocks without a
//! deadline, so each call has a thread of its own, which a stalled server can keep, but which holds up nobody: a
//! thread of the runtime's pool would hold up its shutdown.

use std::net::{SocketAddr, SocketAddrV4};
use std::time::Duration;

use adb_client::server_device::ADBServerDevice;
use adb_client::{RebootType, RustADBError};
use tokio::sync::oneshot;

use super::device::Device;
use super::error::AdbError;
use super::wire::Trouble;

impl Device {
    /// Has the server listen at `local` (`tcp:0` picks no port here: name one) and pass connections on to `remote` on
    /// the device, for example `tcp:9008` or `localabstract:name`.
    pub async fn forward(&self, local: &str, remote: &str, within: Duration) -> Result<(), AdbError> {
        let (local, remote) = (local.to_owned(), remote.to_owned());
        let doing = format!("forward {local} to {remote}");
        self.borrow(doing, within, move |device| device.forward(remote, local)).await
    }

    /// Ends a forward.
    pub async fn stop_forward(&self, local: &str, within: Duration) -> Result<(), AdbError> {
        let local = local.to_owned();
        self.borrow(format!("stop forwarding {local}"), within, move |device| device.forward_remove(local)).await
    }

    /// Reboots the device. The connection is gone afterwards.
    pub async fn reboot(&self, within: Duration) -> Result<(), AdbError> {
        self.borrow("reboot".to_owned(), within, |device| device.reboot(RebootType::System)).await
    }

    async fn borrow<T: Send + 'static>(
        &self,
        doing: String,
        within: Duration,
        work: impl FnOnce(&mut ADBServerDevice) -> Result<T, RustADBError> + Send + 'static,
    ) -> Result<T, AdbError> {
        let call = self.call(&doing);
        let address = v4(self.server()).map_err(|trouble| call.explain(trouble))?;
        let serial = self.serial().to_owned();
        let (done, result) = oneshot::channel();
        std::thread::spawn(move || {
            let mut device = ADBServerDevice::new(serial, Some(address));
            // Nobody may be waiting any more: then the result is not wanted.
            let _ = done.send(work(&mut device));
        });
        call.run(within, async {
            let result = result.await.map_err(|_| Trouble::Nonsense("the client library panicked".to_owned()))?;
            result.map_err(trouble_of)
        })
        .await
    }
}

fn v4(address: SocketAddr) -> Result<SocketAddrV4, Trouble> {
    match address {
        SocketAddr::V4(v4) => Ok(v4),
        SocketAddr::V6(_) => Err(Trouble::Fail("forwarding needs the server's IPv4 address".to_owned())),
    }
}

fn trouble_of(error: RustADBError) -> Trouble {
    match error {
        RustADBError::ADBRequestFailed(words) => Trouble::Fail(words),
        RustADBError::IOError(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Trouble::NoServer(error)
        }
        RustADBError::IOError(error) => Trouble::Cut(error.to_string()),
        other => Trouble::Nonsense(other.to_string()),
    }
}

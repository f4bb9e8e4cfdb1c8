//! What every call to one device shares: who, where, deadline, cancellation.

use std::net::SocketAddr;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::error::AdbError;
use super::wire::{Link, Trouble};
use crate::clock::Clock;

/// A call under way: it turns wire trouble into errors that name the call.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub doing: &'a str,
    pub serial: &'a str,
    pub server: SocketAddr,
    pub clock: &'a Clock,
    pub cancel: &'a CancellationToken,
}

impl Call<'_> {
    /// Runs `work` until it is done, `within` is over, or the call is cancelled. Dropping the work closes its socket.
    pub async fn run<T>(self, within: Duration, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, AdbError> {
        let bounded = self.clock.within(within, work);
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(AdbError::Cancelled { doing: self.doing.to_owned() }),
            done = bounded => match done {
                Some(result) => result.map_err(|trouble| self.explain(trouble)),
                None => Err(AdbError::Deadline { doing: self.doing.to_owned(), within }),
            },
        }
    }

    /// A link to the device with `service` opened on it.
    pub async fn open(self, service: &str) -> Result<Link, Trouble> {
        let mut link = Link::connect(self.server).await?;
        link.request(&format!("host:transport:{}", self.serial)).await?;
        link.request(service).await?;
        Ok(link)
    }

    /// An error in this call's words.
    pub fn explain(self, trouble: Trouble) -> AdbError {
        let doing = self.doing.to_owned();
        match trouble {
            Trouble::NoServer(source) => AdbError::NoServer { server: self.server.to_string(), source },
            Trouble::Fail(message) if is_loss(&message) => {
                AdbError::Lost { doing, serial: self.serial.to_owned(), detail: message }
            }
            Trouble::Fail(message) => AdbError::Refused { doing, code: String::new(), message },
            Trouble::Refused { code, message } => AdbError::Refused { doing, code, message },
            Trouble::Cut(detail) => AdbError::Lost { doing, serial: self.serial.to_owned(), detail },
            Trouble::Nonsense(detail) => AdbError::Protocol { doing, detail },
            Trouble::TooLong(at_most) => AdbError::TooLong { doing, at_most },
            Trouble::File { path, source } => AdbError::File { path, source },
        }
    }
}

/// Whether a server's FAIL means that the device can't be reached now (AOSP adb, `transport.cpp` and `sockets.cpp`).
fn is_loss(message: &str) -> bool {
    const LOST: [&str; 7] =
        ["not found", "offline", "unauthorized", "still authorizing", "still connecting", "no devices", "device gone"];
    let device = message.contains("device") || message.contains("emulator");
    device && LOST.iter().any(|word| message.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_loss;

    #[test]
    fn tells_a_lost_device_from_a_refused_service() {
        assert!(is_loss("device 'emulator-5554' not found"));
        assert!(is_loss("device offline"));
        assert!(is_loss("no devices/emulators found"));
        assert!(is_loss("device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set"));
        assert!(!is_loss("closed"));
        assert!(!is_loss("unknown host service"));
    }
}

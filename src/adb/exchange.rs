//! One request to a socket on the device, through the server.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::device::Device;
use super::error::AdbError;
use super::wire::Trouble;

impl Device {
    /// Connects to a socket on the device (`tcp:9008`, `localabstract:name`), sends `request` and reads until the other
    /// side closes, at most `at_most` bytes. No port of this machine is needed. A connection that breaks is refused, not
    /// a lost device: the program at the other end may have died.
    pub async fn exchange(
        &self,
        service: &str,
        request: &[u8],
        within: Duration,
        at_most: usize,
    ) -> Result<Vec<u8>, AdbError> {
        let doing = format!("talk to {service} of the device");
        let call = self.call(&doing);
        let broken = |trouble| match trouble {
            Trouble::Cut(message) => Trouble::Refused { code: String::new(), message },
            other => other,
        };
        call.run(within, async {
            let mut link = call.open(service).await?;
            link.stream.write_all(request).await.map_err(|error| broken(error.into()))?;
            link.rest(at_most).await.map_err(broken)
        })
        .await
    }
}

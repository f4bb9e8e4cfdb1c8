//! The stream of packets from the device.

use std::time::Duration;

use super::super::Android;
use super::super::error::AndroidError;
use super::pcap::{Frame, Reader};
use crate::adb::Bytes;

/// How long the capture may take to begin.
const BEGINS_WITHIN: Duration = Duration::from_secs(10);
/// All interfaces, whole packets, each at once, without ADB's own over the network.
const COMMAND: &str = "tcpdump -i any -s 0 -U -n -p -w - 'not port 5555 and not port 5037'";

/// Packets as the device catches them. Dropping it ends the `tcpdump` behind it.
#[derive(Debug)]
pub struct Packets {
    bytes: Bytes,
    reader: Reader,
    fresh: Vec<u8>,
}

impl Android {
    /// Starts to catch what the device sends and gets. Returns once it has begun, so that nothing after this call is
    /// missed.
    ///
    /// # Errors
    /// [`AndroidError::Refused`] when the device can't or won't: it is not rooted, or has no `tcpdump`.
    pub async fn packets(&self) -> Result<Packets, AndroidError> {
        let refused = |message: String| AndroidError::Refused { doing: "catch packets".to_owned(), message };
        if !self.identity().rooted {
            return Err(refused("it takes root".to_owned()));
        }
        let quiet = if self.device().has_feature("shell_v2").await? { "" } else { " 2>/dev/null" };
        let bytes = self.device().bytes(&format!("{}{quiet}", self.as_root(COMMAND))).await?;
        let mut packets = Packets { bytes, reader: Reader::default(), fresh: Vec::new() };
        let begins = self.device().clock().within(BEGINS_WITHIN, packets.begin()).await;
        match begins {
            Some(Ok(true)) => Ok(packets),
            Some(Err(error)) => Err(error),
            Some(Ok(false)) => {
                let told: String = packets.bytes.complaint().chars().take(200).collect();
                Err(refused(if told.is_empty() { "the device has no tcpdump that works".to_owned() } else { told }))
            }
            None => Err(refused("tcpdump did not begin".to_owned())),
        }
    }
}

impl Packets {
    /// Waits for the head of the capture; false when there is none.
    async fn begin(&mut self) -> Result<bool, AndroidError> {
        loop {
            let Some(bytes) = self.bytes.next().await? else { return Ok(false) };
            self.take(&bytes);
            match self.reader.begun() {
                Ok(false) => {}
                Ok(true) => return Ok(true),
                Err(_) => return Ok(false),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.reader.feed(bytes);
        self.fresh.extend_from_slice(bytes);
    }

    /// The next frames; `None` when the capture ended. Can be dropped and called again without losing anything.
    pub async fn next(&mut self) -> Result<Option<Vec<Frame>>, AndroidError> {
        loop {
            let mut frames = Vec::new();
            while let Some(frame) = self.reader.next_frame().map_err(|error| AndroidError::Unreadable {
                what: "the capture of the network",
                excerpt: error.to_string(),
            })? {
                frames.push(frame);
            }
            if !frames.is_empty() {
                return Ok(Some(frames));
            }
            let Some(bytes) = self.bytes.next().await? else { return Ok(None) };
            self.take(&bytes);
        }
    }

    /// The bytes that came since this was asked last, as they came: together they are the capture's file.
    pub fn fresh(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.fresh)
    }
}

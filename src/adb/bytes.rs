//! Bytes of a running command.

use tokio::io::AsyncReadExt;
use tokio_util::sync::CancellationToken;

use super::error::AdbError;
use super::shell::{EXIT, LONGEST_PACKET, STDERR, STDOUT};
use super::wire::Link;

/// Bytes read at once.
const CHUNK: usize = 64 << 10;
/// Most that is kept of what the command complains about.
const LONGEST_COMPLAINT: usize = 4 << 10;
/// Id and length before each packet of the shell protocol.
const HEADER: usize = 5;

/// What a running command prints, as it comes. Dropping it closes the connection, which ends the command.
#[derive(Debug)]
pub struct Bytes {
    link: Link,
    framed: bool,
    doing: String,
    serial: String,
    cancel: CancellationToken,
    raw: Vec<u8>,
    complaint: Vec<u8>,
    ended: bool,
}

impl Bytes {
    pub(super) fn new(link: Link, framed: bool, doing: &str, serial: &str, cancel: CancellationToken) -> Self {
        let (doing, serial) = (doing.to_owned(), serial.to_owned());
        Self { link, framed, doing, serial, cancel, raw: Vec::new(), complaint: Vec::new(), ended: false }
    }

    /// The next bytes of standard output; `None` when the command ended. A lost device is an error.
    /// Can be dropped and called again without losing anything (for use in `select!`).
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, AdbError> {
        loop {
            let found = self.unpack()?;
            if !found.is_empty() {
                return Ok(Some(found));
            }
            if self.ended {
                return Ok(None);
            }
            self.fill().await?;
        }
    }

    /// What the command wrote to standard error so far; empty without the shell protocol.
    pub fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.complaint).trim().to_owned()
    }

    async fn fill(&mut self) -> Result<(), AdbError> {
        let mut chunk = vec![0; CHUNK];
        let read = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(AdbError::Cancelled { doing: self.doing.clone() }),
            read = self.link.stream.read(&mut chunk) => read.map_err(|error| self.lost(&error.to_string()))?,
        };
        if read == 0 {
            self.ended = true;
            return match self.framed {
                true => Err(self.lost("the command ended without an exit status")),
                false => Ok(()),
            };
        }
        self.raw.extend_from_slice(&chunk[..read]);
        Ok(())
    }

    /// Takes the output out of whole packets.
    fn unpack(&mut self) -> Result<Vec<u8>, AdbError> {
        if !self.framed {
            return Ok(std::mem::take(&mut self.raw));
        }
        let (mut at, mut found) = (0, Vec::new());
        while let Some(header) = self.raw.get(at..at + HEADER) {
            let length = u32::from_le_bytes([header[1], header[2], header[3], header[4]]) as usize;
            if length > LONGEST_PACKET {
                let detail = format!("a shell packet of {length} bytes");
                return Err(AdbError::Protocol { doing: self.doing.clone(), detail });
            }
            let id = header[0];
            let Some(body) = self.raw.get(at + HEADER..at + HEADER + length) else { break };
            match id {
                STDOUT => found.extend_from_slice(body),
                STDERR => {
                    let room = LONGEST_COMPLAINT.saturating_sub(self.complaint.len());
                    self.complaint.extend_from_slice(&body[..body.len().min(room)]);
                }
                EXIT => self.ended = true,
                _ => {}
            }
            at += HEADER + length;
        }
        self.raw.drain(..at);
        Ok(found)
    }

    fn lost(&self, detail: &str) -> AdbError {
        AdbError::Lost { doing: self.doing.clone(), serial: self.serial.clone(), detail: detail.to_owned() }
    }
}

//! Lines of a running command.

use tokio::io::AsyncReadExt;
use tokio_util::sync::CancellationToken;

use super::error::AdbError;
use super::shell::{EXIT, STDOUT};
use super::wire::Link;

/// Longest line kept, in bytes; the rest of a longer one is dropped.
const LONGEST_LINE: usize = 64 << 10;
/// Bytes read at once.
const CHUNK: usize = 16 << 10;

/// Lines of a running command, as they come. Dropping it closes the connection, which ends the command.
#[derive(Debug)]
pub struct Lines {
    link: Link,
    framed: bool,
    doing: String,
    serial: String,
    cancel: CancellationToken,
    /// Bytes as they came from the socket, not yet unpacked.
    raw: Vec<u8>,
    /// Output not yet handed out.
    text: Vec<u8>,
    /// The current line is too long: drop it up to its end.
    dropping: bool,
    ended: bool,
}

impl Lines {
    pub(super) fn new(link: Link, framed: bool, doing: &str, serial: &str, cancel: CancellationToken) -> Self {
        let (doing, serial) = (doing.to_owned(), serial.to_owned());
        Self { link, framed, doing, serial, cancel, raw: Vec::new(), text: Vec::new(), dropping: false, ended: false }
    }

    /// The next line without its end; `None` when the command ended. A lost device is an error.
    /// Can be dropped and called again without losing anything (for use in `select!`).
    pub async fn next(&mut self) -> Result<Option<String>, AdbError> {
        loop {
            if let Some(line) = self.take_line() {
                return Ok(Some(line));
            }
            if self.ended {
                return Ok(None);
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Result<(), AdbError> {
        let mut chunk = [0; CHUNK];
        let read = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(AdbError::Cancelled { doing: self.doing.clone() }),
            read = self.link.stream.read(&mut chunk) => read.map_err(|error| self.lost(&error.to_string()))?,
        };
        if read == 0 {
            return if self.framed {
                Err(self.lost("the command ended without an exit status"))
            } else {
                self.finish()
            };
        }
        if !self.framed {
            self.text.extend_from_slice(&chunk[..read]);
            return Ok(());
        }
        self.raw.extend_from_slice(&chunk[..read]);
        self.unpack()
    }

    /// Moves whole shell packets from `raw` to `text`.
    fn unpack(&mut self) -> Result<(), AdbError> {
        const HEADER: usize = 5;
        let mut at = 0;
        while let Some(header) = self.raw.get(at..at + HEADER) {
            let length = u32::from_le_bytes([header[1], header[2], header[3], header[4]]) as usize;
            if length > super::shell::LONGEST_PACKET {
                let detail = format!("a shell packet of {length} bytes");
                return Err(AdbError::Protocol { doing: self.doing.clone(), detail });
            }
            let id = header[0];
            let Some(body) = self.raw.get(at + HEADER..at + HEADER + length) else { break };
            match id {
                STDOUT => self.text.extend_from_slice(body),
                EXIT => self.ended = true,
                _ => {}
            }
            at += HEADER + length;
        }
        self.raw.drain(..at);
        Ok(())
    }

    fn take_line(&mut self) -> Option<String> {
        loop {
            let Some(end) = self.text.iter().position(|byte| *byte == b'\n') else {
                return self.take_unfinished();
            };
            let line: Vec<u8> = self.text.drain(..=end).collect();
            if std::mem::take(&mut self.dropping) {
                continue;
            }
            let line = line.strip_suffix(b"\n").unwrap_or(&line);
            return Some(text_of(line.strip_suffix(b"\r").unwrap_or(line)));
        }
    }

    /// The last line of a command that ended without a line feed, or the head of a line that is too long.
    fn take_unfinished(&mut self) -> Option<String> {
        if self.dropping {
            self.text.clear();
        }
        let too_long = self.text.len() > LONGEST_LINE;
        if self.text.is_empty() || !(too_long || self.ended) {
            return None;
        }
        self.dropping = too_long && !self.ended;
        Some(text_of(&std::mem::take(&mut self.text)))
    }

    fn finish(&mut self) -> Result<(), AdbError> {
        self.ended = true;
        Ok(())
    }

    fn lost(&self, detail: &str) -> AdbError {
        AdbError::Lost { doing: self.doing.clone(), serial: self.serial.clone(), detail: detail.to_owned() }
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_LINE)]).into_owned()
}

//! The console of an emulator: the only way to move it. It listens on the host that runs the emulator, one port each.
//!
//! Lines in, lines out, ended by `OK` or `KO: …` (AOSP `external/qemu/android/android-emu/android/console.cpp`). An emulator
//! wants the word in `~/.emulator_console_auth_token` of the host that it runs on.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::device::Device;
use super::error::AdbError;

/// How long an answer may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// Longest answer, in bytes.
const LONGEST_ANSWER: u64 = 16 << 10;
/// What a serial number of an emulator begins with; its console's port follows.
const EMULATOR: &str = "emulator-";
/// Property by which a device that is an emulator of another kind names its console's port.
const PROPERTY: &str = "ro.appwitness.console";
/// File of the word, below the home folder.
const TOKEN: &str = ".emulator_console_auth_token";

/// A talk with an emulator's console.
#[derive(Debug)]
pub struct Console {
    lines: BufReader<TcpStream>,
    device: Device,
}

impl Device {
    /// Opens the device's console.
    ///
    /// # Errors
    /// [`AdbError::Refused`] when it has none (it is no emulator), or does not let us in.
    pub async fn console(&self) -> Result<Console, AdbError> {
        let port = self.console_port().await?;
        let address = SocketAddr::new(self.server().ip(), port);
        let opened = self.clock().within(ANSWERS_WITHIN, TcpStream::connect(address)).await;
        let stream = match opened {
            Some(Ok(stream)) => stream,
            Some(Err(error)) => return Err(refused(&error.to_string())),
            None => return Err(refused("it does not answer")),
        };
        // Only speed suffers without it.
        let _ = stream.set_nodelay(true);
        let mut console = Console { lines: BufReader::new(stream), device: self.clone() };
        let greeting = console.answer().await?;
        if greeting.contains("Authentication required") {
            let token = token(self.server()).ok_or_else(|| refused("its word of authentication is not to be had"))?;
            console.command(&format!("auth {token}")).await?;
        }
        Ok(console)
    }

    async fn console_port(&self) -> Result<u16, AdbError> {
        if let Some(port) = self.serial().strip_prefix(EMULATOR).and_then(|port| port.parse().ok()) {
            return Ok(port);
        }
        let output = self.shell(&format!("getprop {PROPERTY}"), ANSWERS_WITHIN).await?;
        output.text().trim().parse().map_err(|_| refused("this device has none: it is no emulator"))
    }
}

impl Console {
    /// Carries out a command; what it says beside `OK`.
    pub async fn command(&mut self, command: &str) -> Result<String, AdbError> {
        let line = format!("{}\r\n", command.replace(['\r', '\n'], " "));
        let written = self.device.clock().within(ANSWERS_WITHIN, self.lines.get_mut().write_all(line.as_bytes())).await;
        match written {
            Some(Ok(())) => self.answer().await,
            Some(Err(error)) => Err(refused(&error.to_string())),
            None => Err(refused("it does not take the command")),
        }
    }

    async fn answer(&mut self) -> Result<String, AdbError> {
        let cancel = self.device.cancelled().clone();
        let clock = self.device.clock().clone();
        tokio::select! {
            () = cancel.cancelled() => Err(AdbError::Cancelled { doing: DOING.to_owned() }),
            read = clock.within(ANSWERS_WITHIN, read(&mut self.lines)) => read.unwrap_or_else(|| Err(refused("it does not answer"))),
        }
    }
}

const DOING: &str = "use the emulator's console";

async fn read(lines: &mut BufReader<TcpStream>) -> Result<String, AdbError> {
    let mut said = String::new();
    let mut limited = lines.take(LONGEST_ANSWER);
    loop {
        let mut line = Vec::new();
        let count = limited.read_until(b'\n', &mut line).await.map_err(|error| refused(&error.to_string()))?;
        if count == 0 {
            return Err(refused("it hung up"));
        }
        let line = String::from_utf8_lossy(&line);
        match line.trim_end() {
            "OK" => return Ok(said),
            other if other.starts_with("KO") => return Err(refused(other)),
            other => {
                said.push_str(other);
                said.push('\n');
            }
        }
    }
}

/// The word of authentication, when the console is on this machine.
fn token(server: SocketAddr) -> Option<String> {
    let home = std::env::var_os("HOME").filter(|_| server.ip().is_loopback())?;
    let text = std::fs::read_to_string(std::path::Path::new(&home).join(TOKEN)).ok()?;
    Some(text.trim().to_owned()).filter(|word| !word.is_empty() && word.len() < 200)
}

fn refused(message: &str) -> AdbError {
    AdbError::Refused { doing: DOING.to_owned(), code: String::new(), message: message.to_owned() }
}

//! `devices`: list the devices of an ADB server.

use crate::adb::Server;
use crate::report::text::tame_line;

use super::args::Devices;
use super::exit::{Exit, Failure};

/// Lists serial, state and model of every device.
pub async fn devices(options: Devices) -> Result<Exit, Failure> {
    let devices = Server::at(options.server).devices().await.map_err(Failure::device)?;
    for device in &devices {
        say!("{:<28} {:<14} {}", tame_line(&device.serial), tame_line(&device.state), tame_line(&device.model));
    }
    if devices.is_empty() {
        return Err(Failure::device(format!("the ADB server at {} lists no device", options.server)));
    }
    Ok(Exit::Clear)
}

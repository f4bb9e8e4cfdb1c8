//! What apps send, as packets: names asked for, handshakes, requests; the sockets beneath; `tcpdump`, which writes them
//! down on a rooted device.
//!
//! MODEL throughout: one request per connection, fixed delays, addresses made of the host's name in the range kept for
//! benchmarks (RFC 2544). Formats are those of the RFCs named where they are written, so that any reader of capture files
//! can read them.

mod address;
mod capture_file;
mod connection;
mod dns;
mod exchange;
mod filter;
mod packet;
mod print;
mod sockets;
mod tcp;
mod tcpdump;
#[cfg(test)]
mod tests;
mod tls;

use super::fs::Actor;
use super::machine::Machine;
use super::programs::Table;

pub use address::{DEVICE, is_literal};
pub use connection::{Connection, REMEMBERED};
pub use sockets::empty as no_sockets;

/// The programs by name.
pub fn table() -> Table {
    &[("tcpdump", tcpdump::program)]
}

/// Brings `/proc/net/tcp`, `/proc/net/tcp6` and the file of the apps' identifiers up to date: called before a program
/// runs that may read them.
pub fn refresh(machine: &Machine) {
    sockets::refresh(machine);
    let ids = machine.system().android_id_file();
    if let Some((path, text)) = ids {
        let now = machine.wall();
        let mut files = machine.files();
        let _ = files.make_folders(Actor::root(now), "/data/system/users/0", 0o770);
        let _ = files.write(Actor::root(now), path, text.into_bytes(), 0o600);
    }
}

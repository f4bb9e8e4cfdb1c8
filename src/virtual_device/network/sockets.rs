//! `/proc/net/tcp` and `/proc/net/tcp6`: sockets with their user ids while they live.
//! Source of the columns: Linux, `net/ipv4/tcp_ipv4.c` (`get_tcp4_sock`, `get_timewait4_sock`) and its sibling for IPv6.

use std::net::IpAddr;

use super::exchange::{Life, State, ends};
use super::packet::End;
use crate::virtual_device::fs::Actor;
use crate::virtual_device::machine::Machine;

const HEAD_4: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const HEAD_6: &str = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const FILES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// Writes both files anew.
pub fn refresh(machine: &Machine) {
    let rows = {
        let system = machine.system();
        if system.connections().is_empty() {
            return;
        }
        rows(system.connections(), machine.clock.elapsed())
    };
    let now = machine.wall();
    let mut files = machine.files();
    for (path, text) in FILES.into_iter().zip([format!("{HEAD_4:<149}\n"), HEAD_6.to_owned() + &rows]) {
        // A file of the kernel's: nothing can be in its way.
        let _ = files.write(Actor::root(now), path, text.into_bytes(), 0o444);
    }
}

/// What both files hold while nobody talks.
pub fn empty() -> [(&'static str, String); 2] {
    [(FILES[0], format!("{HEAD_4:<149}\n")), (FILES[1], HEAD_6.to_owned())]
}

/// Apps' sockets are IPv6 ones, also on the way to an IPv4 host.
fn rows(connections: &[super::Connection], now: std::time::Duration) -> String {
    let alive = connections.iter().rev().take_while(|c| c.since + Life::LONGEST > now);
    let mut text = String::new();
    let mut line = 0;
    for connection in alive.filter(|c| !c.failed) {
        let after = now.saturating_sub(connection.since).as_micros();
        let Some(state) = Life::of(connection).state(u64::try_from(after).unwrap_or(u64::MAX)) else { continue };
        let (own, other) = ends(connection);
        let (own, other) = (written(own), written(other));
        // A socket that waits to be forgotten belongs to nobody any more.
        let tail = match state {
            State::TimeWait => "03:00000F00 00000000     0        0 0 3 0000000000000000".to_owned(),
            _ => format!(
                "00:00000000 00000000 {:5}        0 {} 1 0000000000000000 20 4 30 10 -1",
                connection.uid,
                30_000 + connection.number
            ),
        };
        text += &format!("{line:4}: {own} {other} {:02X} 00000000:00000000 {tail}\n", state as u8);
        line += 1;
    }
    text
}

/// Four words in the machine's order, then the port.
fn written(end: End) -> String {
    let octets = match end.address {
        IpAddr::V4(four) => four.to_ipv6_mapped().octets(),
        IpAddr::V6(six) => six.octets(),
    };
    let words = octets.chunks(4).map(|word| format!("{:02X}{:02X}{:02X}{:02X}", word[3], word[2], word[1], word[0]));
    words.collect::<String>() + &format!(":{:04X}", end.port)
}

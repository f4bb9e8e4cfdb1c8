//! Whose socket is whose: `/proc/net/tcp`, `tcp6`, `udp` and `udp6`. Source: Linux, `net/ipv4/tcp_ipv4.c`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::super::Android;
use super::super::error::AndroidError;

const WITHIN: Duration = Duration::from_secs(10);
/// Most rows taken.
const MOST: usize = 20_000;

/// One row: a socket and its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The device's end.
    pub own: SocketAddr,
    /// The other end.
    pub other: SocketAddr,
    /// Whose.
    pub uid: u32,
}

/// A user id, as far as it is known.
pub type Owner = Option<u32>;

impl Android {
    /// The sockets that are open now, with their users. Takes root since Android 10 to see those of others.
    pub async fn sockets(&self) -> Result<Vec<Socket>, AndroidError> {
        let command = self.as_root("cat /proc/net/tcp6 /proc/net/tcp /proc/net/udp6 /proc/net/udp 2>/dev/null");
        Ok(parse_sockets(&self.device().shell(&command, WITHIN).await?.text()))
    }
}

/// Reads rows; a socket that only waits to be forgotten belongs to nobody and is left out.
pub fn parse_sockets(text: &str) -> Vec<Socket> {
    const TIME_WAIT: &str = "06";
    let row = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().take(8).collect();
        let [number, own, other, state, _, _, _, uid] = columns.as_slice() else { return None };
        if !number.ends_with(':') || *state == TIME_WAIT {
            return None;
        }
        Some(Socket { own: end(own)?, other: end(other)?, uid: uid.parse().ok()? })
    };
    text.lines().filter_map(row).take(MOST).collect()
}

/// `0100007F:13AD`: words of four bytes in the machine's order, the port in the network's.
fn end(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words: Vec<[u8; 4]> = (0..address.len() / 8)
        .map(|n| u32::from_str_radix(address.get(n * 8..n * 8 + 8)?, 16).ok().map(u32::to_le_bytes))
        .collect::<Option<_>>()?;
    let address = match words.as_slice() {
        [four] => IpAddr::from(Ipv4Addr::from(*four)),
        [_, _, _, _] => {
            let sixteen: [u8; 16] = words.concat().try_into().ok()?;
            let six = Ipv6Addr::from(sixteen);
            six.to_ipv4_mapped().map_or(IpAddr::from(six), IpAddr::from)
        }
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

//! The capture file (`libpcap`'s classic format, IETF draft-ietf-opsawg-pcap) and what stands before each packet.

use std::net::IpAddr;

use super::address::{LINK, ROUTER_LINK};
use super::packet::Packet;

/// Which link the packets were caught on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Ethernet.
    Ethernet,
    /// Linux cooked capture.
    Cooked,
    /// The same, version 2.
    Cooked2,
}

impl Link {
    /// Its number and names, as tcpdump prints them.
    pub fn names(self) -> (u32, &'static str, &'static str) {
        match self {
            Link::Ethernet => (1, "EN10MB", "Ethernet"),
            Link::Cooked => (113, "LINUX_SLL", "Linux cooked v1"),
            Link::Cooked2 => (276, "LINUX_SLL2", "Linux cooked v2"),
        }
    }

    /// The link of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Ethernet, Self::Cooked, Self::Cooked2].into_iter().find(|link| link.names().1.eq_ignore_ascii_case(name))
    }
}

/// The file's head.
pub fn head(link: Link, snapshot: u32) -> Vec<u8> {
    let mut bytes = 0xa1b2_c3d4_u32.to_le_bytes().to_vec();
    bytes.extend(2_u16.to_le_bytes());
    bytes.extend(4_u16.to_le_bytes());
    bytes.extend([0; 8]);
    bytes.extend(snapshot.to_le_bytes());
    bytes.extend(link.names().0.to_le_bytes());
    bytes
}

/// One packet with its time and its link's header, cut to `snapshot` bytes.
pub fn record(link: Link, snapshot: u32, packet: &Packet) -> Vec<u8> {
    let mut frame = before(link, packet);
    frame.extend_from_slice(&packet.bytes);
    let whole = frame.len();
    frame.truncate(snapshot as usize);
    let (seconds, micros) = (packet.at.div_euclid(1_000_000), packet.at.rem_euclid(1_000_000));
    let mut bytes = Vec::with_capacity(16 + frame.len());
    for number in [seconds, micros, frame.len() as i64, whole as i64] {
        bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    }
    bytes.append(&mut frame);
    bytes
}

fn before(link: Link, packet: &Packet) -> Vec<u8> {
    let protocol: [u8; 2] = if matches!(packet.from.address, IpAddr::V4(_)) { [0x08, 0x00] } else { [0x86, 0xdd] };
    let (own, other) = (LINK, ROUTER_LINK);
    let sender = if packet.outgoing { own } else { other };
    let mut bytes = Vec::with_capacity(20);
    match link {
        Link::Ethernet => {
            bytes.extend(if packet.outgoing { other } else { own });
            bytes.extend(sender);
            bytes.extend(protocol);
        }
        // Sent by us is 4, to us 0; an Ethernet address of 6 bytes.
        Link::Cooked => {
            bytes.extend([0, if packet.outgoing { 4 } else { 0 }, 0, 1, 0, 6]);
            bytes.extend(sender);
            bytes.extend([0, 0]);
            bytes.extend(protocol);
        }
        Link::Cooked2 => {
            bytes.extend(protocol);
            bytes.extend([0, 0]);
            bytes.extend(INTERFACE.to_be_bytes());
            bytes.extend([0, 1, if packet.outgoing { 4 } else { 0 }, 6]);
            bytes.extend(sender);
            bytes.extend([0, 0]);
        }
    }
    bytes
}

/// Number of the Wi-Fi interface.
const INTERFACE: u32 = 3;

//! A frame's link, IP and TCP or UDP headers. Checksums are not asked: a device's own packets have none yet when they are
//! caught. Sources: RFC 791, 8200, 9293, 768; libpcap's LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Most extension headers of IPv6 that are passed over.
const MOST_EXTENSIONS: u32 = 8;

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub kind: Kind,
    /// It leaves the device; `None` where the link does not tell.
    pub outgoing: Option<bool>,
    /// The bytes carried, as far as they were kept.
    pub payload: &'a [u8],
    /// Bytes carried on the wire.
    pub length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Udp,
    Tcp { sequence: u32, syn: bool, ack: bool, ends: bool },
}

/// The packet in a frame; `None` for whatever else passes on a network, and for pieces of packets but the first.
pub(super) fn packet(link: u32, bytes: &[u8]) -> Option<Packet<'_>> {
    // Cooked captures tell whether we sent it.
    let outgoing = match link {
        113 => Some(two(bytes, 0)? == 4),
        276 => Some(*bytes.get(10)? == 4),
        _ => None,
    };
    let (protocol, bytes) = match link {
        // Ethernet, perhaps with a tag of a virtual network.
        1 => match two(bytes, 12)? {
            0x8100 => (two(bytes, 16)?, bytes.get(18..)?),
            protocol => (protocol, bytes.get(14..)?),
        },
        113 => (two(bytes, 14)?, bytes.get(16..)?),
        276 => (two(bytes, 0)?, bytes.get(20..)?),
        // No link: IP itself, under one of its three numbers.
        12 | 14 | 101 => (if bytes.first()? >> 4 == 6 { 0x86dd } else { 0x0800 }, bytes),
        _ => return None,
    };
    let packet = match protocol {
        0x0800 => version_4(bytes),
        0x86dd => version_6(bytes),
        _ => None,
    }?;
    Some(Packet { outgoing, ..packet })
}

fn version_4(bytes: &[u8]) -> Option<Packet<'_>> {
    let header = usize::from(bytes.first()? & 0x0f) * 4;
    let total = usize::from(two(bytes, 2)?);
    // The place of a piece: only the first one has the ports.
    if bytes.first()? >> 4 != 4 || header < 20 || total < header || two(bytes, 6)? & 0x1fff != 0 {
        return None;
    }
    let address = |at: usize| bytes.get(at..at + 4).map(|a| IpAddr::from(Ipv4Addr::new(a[0], a[1], a[2], a[3])));
    let (from, to) = (address(12)?, address(16)?);
    inner(*bytes.get(9)?, from, to, bytes.get(header..bytes.len().min(total))?, total - header)
}

fn version_6(bytes: &[u8]) -> Option<Packet<'_>> {
    if bytes.first()? >> 4 != 6 {
        return None;
    }
    let address = |at: usize| {
        let sixteen: [u8; 16] = bytes.get(at..at + 16)?.try_into().ok()?;
        let six = Ipv6Addr::from(sixteen);
        Some(six.to_ipv4_mapped().map_or(IpAddr::from(six), IpAddr::from))
    };
    let (from, to) = (address(8)?, address(24)?);
    let mut length = usize::from(two(bytes, 4)?);
    let mut rest = bytes.get(40..bytes.len().min(40 + length))?;
    let mut next = *bytes.get(6)?;
    for _ in 0..MOST_EXTENSIONS {
        let skip = match next {
            // Hop by hop, routing, destination.
            0 | 43 | 60 => (usize::from(*rest.get(1)?) + 1) * 8,
            44 if two(rest, 2)? & 0xfff8 == 0 => 8,
            44 => return None,
            _ => return inner(next, from, to, rest, length),
        };
        next = *rest.first()?;
        rest = rest.get(skip..)?;
        length = length.checked_sub(skip)?;
    }
    None
}

fn inner(protocol: u8, from: IpAddr, to: IpAddr, bytes: &[u8], length: usize) -> Option<Packet<'_>> {
    let (from, to) = (SocketAddr::new(from, two(bytes, 0)?), SocketAddr::new(to, two(bytes, 2)?));
    let (kind, header) = match protocol {
        17 => (Kind::Udp, 8),
        6 => {
            let four = bytes.get(4..8)?;
            let sequence = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
            let (header, flags) = (usize::from(bytes.get(12)? >> 4) * 4, *bytes.get(13)?);
            let (syn, ack, ends) = (flags & 0x02 != 0, flags & 0x10 != 0, flags & 0x05 != 0);
            (Kind::Tcp { sequence, syn, ack, ends }, header.max(20))
        }
        _ => return None,
    };
    let payload = bytes.get(header..).unwrap_or_default();
    Some(Packet { from, to, kind, outgoing: None, payload, length: length.checked_sub(header)? })
}

/// A number of two bytes.
pub(super) fn two(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
}

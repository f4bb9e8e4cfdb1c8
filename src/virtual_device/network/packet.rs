//! IP, UDP and TCP as bytes with their checksums (RFC 791, 768, 8200, 9293, 1071).

use std::net::IpAddr;

/// TCP's number among the protocols.
pub const TCP: u8 = 6;
/// UDP's number.
pub const UDP: u8 = 17;

/// One end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    pub address: IpAddr,
    pub port: u16,
}

/// An IP packet on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Microseconds since 1970.
    pub at: i64,
    /// Microseconds since the connection began.
    pub after: u64,
    /// It leaves the device.
    pub outgoing: bool,
    pub from: End,
    pub to: End,
    /// [`TCP`] or [`UDP`].
    pub protocol: u8,
    /// TCP's flags; 0 for UDP.
    pub flags: u8,
    /// Bytes carried.
    pub length: usize,
    /// The whole IP packet.
    pub bytes: Vec<u8>,
}

/// The Internet checksum of several pieces, each but the last of even length.
fn checksum(pieces: &[&[u8]]) -> u16 {
    let mut sum = 0_u32;
    for piece in pieces {
        for pair in piece.chunks(2) {
            sum += u32::from(u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]));
        }
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(0)
}

/// The pseudo header that TCP and UDP count in.
fn pseudo(from: IpAddr, to: IpAddr, protocol: u8, length: usize) -> Vec<u8> {
    let length = u32::try_from(length).unwrap_or(0);
    let mut bytes = Vec::with_capacity(40);
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            bytes.extend(from.octets());
            bytes.extend(to.octets());
            bytes.extend([0, protocol]);
            bytes.extend(&length.to_be_bytes()[2..]);
        }
        _ => {
            bytes.extend(sixteen(from));
            bytes.extend(sixteen(to));
            bytes.extend(length.to_be_bytes());
            bytes.extend([0, 0, 0, protocol]);
        }
    }
    bytes
}

fn sixteen(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped().octets(),
        IpAddr::V6(six) => six.octets(),
    }
}

/// An IP packet around a segment.
pub fn ip(from: IpAddr, to: IpAddr, protocol: u8, id: u16, segment: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(40 + segment.len());
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let total = u16::try_from(20 + segment.len()).unwrap_or(u16::MAX);
            bytes.extend([0x45, 0]);
            bytes.extend(total.to_be_bytes());
            bytes.extend(id.to_be_bytes());
            // Don't fragment; 64 hops.
            bytes.extend([0x40, 0, 64, protocol, 0, 0]);
            bytes.extend(from.octets());
            bytes.extend(to.octets());
            let sum = checksum(&[&bytes]);
            bytes[10..12].copy_from_slice(&sum.to_be_bytes());
        }
        _ => {
            bytes.extend([0x60, 0, 0, 0]);
            bytes.extend(u16::try_from(segment.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend([protocol, 64]);
            bytes.extend(sixteen(from));
            bytes.extend(sixteen(to));
        }
    }
    bytes.extend_from_slice(segment);
    bytes
}

/// A UDP datagram in its IP packet.
pub fn udp(from: End, to: End, id: u16, payload: &[u8]) -> Vec<u8> {
    let length = 8 + payload.len();
    let mut segment = Vec::with_capacity(length);
    segment.extend(from.port.to_be_bytes());
    segment.extend(to.port.to_be_bytes());
    segment.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
    segment.extend([0, 0]);
    segment.extend_from_slice(payload);
    let sum = checksum(&[&pseudo(from.address, to.address, UDP, length), &segment]);
    // A sum of 0 is written as all ones: 0 would mean that there is none.
    segment[6..8].copy_from_slice(&(if sum == 0 { 0xffff } else { sum }).to_be_bytes());
    ip(from.address, to.address, UDP, id, &segment)
}

/// What a TCP segment says beside its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub sequence: u32,
    pub acknowledged: u32,
    pub flags: u8,
}

/// A TCP segment in its IP packet. The first one of each side says how large segments may be.
pub fn tcp(from: End, to: End, id: u16, says: Segment, payload: &[u8]) -> Vec<u8> {
    const SYN: u8 = 0x02;
    // Maximum segment size 1460, no operation, window scale 7.
    let options: &[u8] = if says.flags & SYN != 0 { &[2, 4, 0x05, 0xb4, 1, 3, 3, 7] } else { &[] };
    let header = 20 + options.len();
    let mut segment = Vec::with_capacity(header + payload.len());
    segment.extend(from.port.to_be_bytes());
    segment.extend(to.port.to_be_bytes());
    segment.extend(says.sequence.to_be_bytes());
    segment.extend(says.acknowledged.to_be_bytes());
    segment.extend([u8::try_from(header / 4).unwrap_or(5) << 4, says.flags]);
    segment.extend(65_535_u16.to_be_bytes());
    segment.extend([0, 0, 0, 0]);
    segment.extend_from_slice(options);
    segment.extend_from_slice(payload);
    let sum = checksum(&[&pseudo(from.address, to.address, TCP, segment.len()), &segment]);
    segment[16..18].copy_from_slice(&sum.to_be_bytes());
    ip(from.address, to.address, TCP, id, &segment)
}

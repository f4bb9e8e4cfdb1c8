//! A question for a name's address, and the answer (RFC 1035).

use std::net::{IpAddr, Ipv4Addr};

/// Time to live of answers, in seconds.
const TTL: u32 = 300;

fn name(host: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in host.trim_end_matches('.').split('.').filter(|label| !label.is_empty()) {
        let label = &label.as_bytes()[..label.len().min(63)];
        bytes.push(u8::try_from(label.len()).unwrap_or(0));
        bytes.extend_from_slice(label);
    }
    bytes.truncate(254);
    bytes.push(0);
    bytes
}

fn message(id: u16, flags: u16, answers: u16, host: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in [id, flags, 1, answers, 0, 0] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(name(host));
    // Type A, class IN.
    bytes.extend([0, 1, 0, 1]);
    bytes
}

/// The question.
pub fn question(id: u16, host: &str) -> Vec<u8> {
    message(id, 0x0100, 0, host)
}

/// The answer.
pub fn answer(id: u16, host: &str, address: IpAddr) -> Vec<u8> {
    let four = match address {
        IpAddr::V4(four) => four,
        IpAddr::V6(_) => Ipv4Addr::UNSPECIFIED,
    };
    let mut bytes = message(id, 0x8180, 1, host);
    // A pointer to the name in the question; type A, class IN.
    bytes.extend([0xc0, 12, 0, 1, 0, 1]);
    bytes.extend(TTL.to_be_bytes());
    bytes.extend([0, 4]);
    bytes.extend(four.octets());
    bytes
}

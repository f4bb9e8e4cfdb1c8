//! Answers of the resolver: which names have which addresses (RFC 1035, RFC 3596).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::frame::two;

/// Most records looked at in one answer.
const MOST_RECORDS: u16 = 64;
/// Most pointers followed in one name.
const MOST_JUMPS: u32 = 16;
/// Longest name, in bytes (RFC 1035).
const LONGEST_NAME: usize = 253;

/// The name asked for and the addresses given for it. Aliases in between count as the name itself.
pub(super) fn answers(message: &[u8]) -> Option<(String, Vec<IpAddr>)> {
    let (flags, questions, records) = (two(message, 2)?, two(message, 4)?, two(message, 6)?);
    // An answer, without an error, to one question.
    if flags & 0x8000 == 0 || flags & 0x000f != 0 || questions != 1 {
        return None;
    }
    let (name, mut at) = name(message, 12)?;
    at += 4;
    let mut addresses = Vec::new();
    for _ in 0..records.min(MOST_RECORDS) {
        let Some((_, after)) = self::name(message, at) else { break };
        let (Some(kind), Some(length)) = (two(message, after), two(message, after + 8)) else { break };
        let Some(data) = message.get(after + 10..after + 10 + usize::from(length)) else { break };
        match (kind, data) {
            (1, [a, b, c, d]) => addresses.push(Ipv4Addr::new(*a, *b, *c, *d).into()),
            (28, data) => {
                addresses.extend(<[u8; 16]>::try_from(data).ok().map(|six| IpAddr::from(Ipv6Addr::from(six))))
            }
            _ => {}
        }
        at = after + 10 + usize::from(length);
    }
    Some((name, addresses))
}

/// A name and where the message goes on after it.
fn name(message: &[u8], mut at: usize) -> Option<(String, usize)> {
    let (mut name, mut after, mut jumps) = (String::new(), None, 0);
    loop {
        let length = usize::from(*message.get(at)?);
        match length {
            0 => return Some((name.to_ascii_lowercase(), after.unwrap_or(at + 1))),
            0xc0.. => {
                jumps += 1;
                if jumps > MOST_JUMPS {
                    return None;
                }
                after = after.or(Some(at + 2));
                at = usize::from(two(message, at)? & 0x3fff);
            }
            1..=63 => {
                let label = message.get(at + 1..at + 1 + length)?;
                if !name.is_empty() {
                    name.push('.');
                }
                name.extend(label.iter().map(|byte| host_letter(*byte)));
                if name.len() > LONGEST_NAME {
                    return None;
                }
                at += 1 + length;
            }
            _ => return None,
        }
    }
}

/// A byte of a host's name; what no name has becomes a question mark.
pub(super) fn host_letter(byte: u8) -> char {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte),
        _ => '?',
    }
}

//! Packets as lines of text, for `tcpdump` without `-w`.

use super::packet::{End, Packet, UDP};
use super::tcp::{ACK, FIN, PSH, SYN};

/// One line. MODEL: tcpdump's shape without sequence numbers and what lies above TCP and UDP.
pub fn line(packet: &Packet) -> String {
    let micros = packet.at.rem_euclid(86_400_000_000);
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let family = if packet.from.address.is_ipv4() { "IP" } else { "IP6" };
    let way = format!("{} > {}", end(packet.from), end(packet.to));
    let what = match packet.protocol {
        UDP => "UDP".to_owned(),
        _ => format!("Flags [{}]", flags(packet.flags)),
    };
    let length = packet.length;
    format!("{hour:02}:{minute:02}:{second:02}.{rest:06} {family} {way}: {what}, length {length}\n")
}

fn end(end: End) -> String {
    format!("{}.{}", end.address, end.port)
}

fn flags(flags: u8) -> String {
    let letters = [(SYN, 'S'), (FIN, 'F'), (PSH, 'P'), (ACK, '.')];
    letters.into_iter().filter(|(flag, _)| flags & flag != 0).map(|(_, letter)| letter).collect()
}

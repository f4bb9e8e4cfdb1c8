//! A TCP conversation, packet by packet.

use super::packet::{self, End, Packet, Segment, TCP};

/// TCP's flags.
pub const FIN: u8 = 0x01;
pub const SYN: u8 = 0x02;
pub const PSH: u8 = 0x08;
pub const ACK: u8 = 0x10;

/// Most bytes in a segment.
const SEGMENT: usize = 1_460;
/// Microseconds between two segments sent in a row.
const PACE: u64 = 20;

/// A conversation so far. Times are in microseconds after its beginning.
pub struct Talk {
    client: End,
    server: End,
    next: [u32; 2],
    id: u16,
    pub packets: Vec<Packet>,
}

impl Talk {
    pub fn new(client: End, server: End, first: [u32; 2]) -> Self {
        Self { client, server, next: first, id: first[0].to_be_bytes()[3].into(), packets: Vec::new() }
    }

    /// One side says something without bytes.
    pub fn signal(&mut self, after: u64, outgoing: bool, flags: u8) {
        self.put(after, outgoing, flags, &[]);
        self.next[usize::from(!outgoing)] =
            self.next[usize::from(!outgoing)].wrapping_add(u32::from(flags & (SYN | FIN) != 0));
    }

    /// One side sends bytes; returns when the last have left.
    pub fn send(&mut self, after: u64, outgoing: bool, bytes: &[u8]) -> u64 {
        let pieces = bytes.len().div_ceil(SEGMENT);
        let mut at = after;
        for (n, piece) in bytes.chunks(SEGMENT).enumerate() {
            at = after + PACE * n as u64;
            self.put(at, outgoing, if n + 1 == pieces { PSH | ACK } else { ACK }, piece);
            let next = &mut self.next[usize::from(!outgoing)];
            *next = next.wrapping_add(u32::try_from(piece.len()).unwrap_or(0));
        }
        at
    }

    fn put(&mut self, after: u64, outgoing: bool, flags: u8, payload: &[u8]) {
        let (from, to) = if outgoing { (self.client, self.server) } else { (self.server, self.client) };
        let [own, other] = if outgoing { self.next } else { [self.next[1], self.next[0]] };
        let acknowledged = if flags & ACK != 0 { other } else { 0 };
        self.id = self.id.wrapping_add(1);
        let bytes = packet::tcp(from, to, self.id, Segment { sequence: own, acknowledged, flags }, payload);
        let length = payload.len();
        self.packets.push(Packet { at: 0, after, outgoing, from, to, protocol: TCP, flags, length, bytes });
    }
}

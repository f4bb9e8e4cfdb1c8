//! A connection as packets and as a socket, with the times of both.

use std::time::Duration;

use super::super::system::random::Random;
use super::address::{self, RESOLVER};
use super::connection::Connection;
use super::packet::{self, End, Packet, UDP};
use super::tcp::{ACK, FIN, SYN, Talk};
use super::{dns, tls};

/// How long the resolver takes, and a way to a host and back, in microseconds. MODEL.
const RESOLVES: u64 = 12_000;
const ROUND_TRIP: u64 = 30_000;
/// A thought, in microseconds.
const MOMENT: u64 = 300;
/// How long an idle connection is kept open, in microseconds. MODEL: HTTP clients keep one for the next request.
const KEPT: u64 = 5_000_000;
/// How long a closed socket is remembered, in microseconds (Linux, `TCP_TIMEWAIT_LEN`).
const LINGERS: u64 = 60_000_000;
/// Bytes an answer weighs under TLS. MODEL.
const ANSWER: usize = 1_200;
const PLAIN_ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: keep-alive\r\n\r\n{\"ok\": true}\n";

/// What a socket is doing; the numbers are Linux's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Established = 1,
    SynSent = 2,
    TimeWait = 6,
}

/// After how many microseconds a connection's socket is opened, established, closed and forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    opened: u64,
    established: u64,
    closed: u64,
    forgotten: u64,
}

impl Life {
    /// The longest a connection has to do with the network.
    pub const LONGEST: Duration = Duration::from_secs(75);

    /// Of a connection.
    pub fn of(connection: &Connection) -> Self {
        let opened = if connection.asks_name { RESOLVES + MOMENT } else { MOMENT };
        let established = opened + ROUND_TRIP;
        // Greeting, request and answer under TLS take one way more.
        let closed = established + if connection.cleartext { 2 } else { 3 } * ROUND_TRIP + KEPT;
        Self { opened, established, closed, forgotten: closed + LINGERS }
    }

    /// What the socket is doing after so many microseconds.
    pub fn state(self, after: u64) -> Option<State> {
        match after {
            _ if after < self.opened || after >= self.forgotten => None,
            _ if after < self.established => Some(State::SynSent),
            _ if after < self.closed => Some(State::Established),
            _ => Some(State::TimeWait),
        }
    }
}

/// Both ends of a connection: the device's, the host's.
pub fn ends(connection: &Connection) -> (End, End) {
    let host = address::of_host(&connection.host);
    let port = 32_768 + u16::try_from(connection.number % 28_000).unwrap_or(0);
    (End { address: address::own_towards(host), port }, End { address: host, port: connection.port })
}

/// All packets of a connection in order; none when there was no network.
pub fn packets(connection: &Connection) -> Vec<Packet> {
    if connection.failed {
        return Vec::new();
    }
    let mut random = Random::new(connection.number ^ 0x7769_7265);
    let (client, server) = ends(connection);
    let mut packets = Vec::new();
    if connection.asks_name {
        names(connection, &mut packets);
    }
    let first = [random.next() as u32, random.next() as u32];
    let mut talk = Talk::new(client, server, first);
    let life = Life::of(connection);
    talk.signal(life.opened, true, SYN);
    talk.signal(life.established, false, SYN | ACK);
    talk.signal(life.established + 50, true, ACK);
    let request = request(connection);
    let begun = life.established + MOMENT;
    if connection.cleartext {
        let sent = talk.send(begun, true, &request);
        talk.signal(sent + ROUND_TRIP, false, ACK);
        talk.send(sent + ROUND_TRIP + MOMENT, false, PLAIN_ANSWER);
        talk.signal(sent + ROUND_TRIP + 2 * MOMENT, true, ACK);
    } else {
        under_cover(&mut talk, connection, begun, request.len(), &mut random);
    }
    talk.signal(life.closed, true, FIN | ACK);
    talk.signal(life.closed + ROUND_TRIP, false, FIN | ACK);
    talk.signal(life.closed + ROUND_TRIP + MOMENT, true, ACK);
    packets.append(&mut talk.packets);
    let start = connection.at.saturating_mul(1_000);
    for packet in &mut packets {
        packet.at = start.saturating_add_unsigned(packet.after);
    }
    packets
}

fn under_cover(talk: &mut Talk, connection: &Connection, begun: u64, length: usize, random: &mut Random) {
    let name = (!address::is_literal(&connection.host)).then_some(connection.host.as_str());
    talk.send(begun, true, &tls::client_hello(name, random));
    let greeted = talk.send(begun + ROUND_TRIP, false, &tls::server_hello(random));
    talk.signal(greeted + MOMENT / 2, true, ACK);
    talk.send(greeted + MOMENT, true, &tls::client_finished(random));
    // Two bytes of framing in HTTP/2 for every header that HTTP/1.1 spells out: near enough to its length.
    let sent = talk.send(greeted + 2 * MOMENT, true, &tls::sealed(length, random));
    talk.send(sent + ROUND_TRIP, false, &tls::sealed(ANSWER, random));
    talk.signal(sent + ROUND_TRIP + MOMENT, true, ACK);
}

fn names(connection: &Connection, packets: &mut Vec<Packet>) {
    let id = u16::try_from(connection.number.wrapping_mul(40_503) & 0xffff).unwrap_or(0);
    let own = End { address: address::DEVICE.into(), port: 10_000 + id % 50_000 };
    let resolver = End { address: RESOLVER.into(), port: 53 };
    let question = dns::question(id, &connection.host);
    let answer = dns::answer(id, &connection.host, address::of_host(&connection.host));
    for (after, outgoing, payload) in [(0, true, question), (RESOLVES, false, answer)] {
        let (from, to) = if outgoing { (own, resolver) } else { (resolver, own) };
        let bytes = packet::udp(from, to, id.wrapping_add(u16::from(!outgoing)), &payload);
        let length = payload.len();
        packets.push(Packet { at: 0, after, outgoing, from, to, protocol: UDP, flags: 0, length, bytes });
    }
}

/// The request as HTTP/1.1 spells it.
fn request(connection: &Connection) -> Vec<u8> {
    let method = if connection.body.is_empty() { "GET" } else { "POST" };
    let usual = if connection.cleartext { 80 } else { 443 };
    let port = if connection.port == usual { String::new() } else { format!(":{}", connection.port) };
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}{port}\r\nConnection: Keep-Alive\r\nUser-Agent: okhttp/4.12.0\r\n",
        path = connection.path.replace(' ', "%20"),
        host = if connection.host.contains(':') {
            format!("[{}]", connection.host.trim_matches(['[', ']']))
        } else {
            connection.host.clone()
        },
    );
    if !connection.body.is_empty() {
        let kind = match connection.body.trim_start().starts_with('{') {
            true => "application/json; charset=utf-8",
            false => "application/x-www-form-urlencoded",
        };
        text += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", connection.body.len());
    }
    text += "\r\n";
    text += &connection.body;
    text.into_bytes()
}

//! Conversations: who spoke with whom, under which name, how much, and what left the device uncovered.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};

use super::frame::{Kind, Packet, packet};
use super::pcap::Frame;
use super::sockets::{Owner, Socket};
use super::{dns, http, tls};

/// Most conversations followed at once.
const MOST_FLOWS: usize = 4_096;
/// Most names remembered.
const MOST_NAMES: usize = 20_000;
/// Most bytes kept of what left the device in one burst.
const MOST_CONTENT: usize = 256 << 10;
/// Most pieces that wait for one before them.
const MOST_PIECES: usize = 64;
/// A conversation that is silent for so long has ended for now, in microseconds of the device's clock.
const PAUSE: i64 = 2_000_000;
/// How often a conversation's owner is asked for.
const MOST_QUESTIONS: u8 = 4;
/// The time of a burst that has not begun.
const NOT_YET: i64 = i64::MAX;

/// How a conversation is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// TLS: names may show, contents don't.
    Tls,
    /// QUIC: encrypted as well.
    Quic,
    /// HTTP/1 in the clear.
    Http,
    /// Something else, over TCP or UDP.
    Other,
}

/// What a conversation said up to a pause or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burst {
    /// First packet, microseconds since 1970 on the device's clock.
    pub at: i64,
    /// Last packet, on the same clock.
    pub last: i64,
    /// The device's end.
    pub own: SocketAddr,
    /// The other end.
    pub other: SocketAddr,
    /// UDP, not TCP.
    pub udp: bool,
    /// The host's name and what told it: `tls`, `http`, `dns`.
    pub host: Option<(String, &'static str)>,
    /// How it is packed.
    pub protocol: Protocol,
    /// The first request in the clear: method and path.
    pub request: String,
    /// Packing of a request's body that hides it from a plain search.
    pub packed: Option<String>,
    /// Bytes sent, without headers of TCP and below.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// What left the device, unless it was encrypted.
    pub content: Vec<u8>,
    /// Not all of what left the device is in `content`: it was too much, or packets are missing.
    pub cut: bool,
    /// Whose socket it was.
    pub owner: Owner,
}

#[derive(Debug)]
struct Flow {
    burst: Burst,
    /// Next byte expected, from the device and to it.
    next: [Option<u32>; 2],
    /// Pieces that came before their turn.
    early: BTreeMap<u32, Vec<u8>>,
    /// Beginning of what left the device, to tell what it is.
    start: Vec<u8>,
    questions: u8,
    ended: bool,
    /// What it said before was told already.
    continued: bool,
}

/// Conversations under way.
#[derive(Debug, Default)]
pub struct Flows {
    flows: HashMap<(bool, SocketAddr, SocketAddr), Flow>,
    names: HashMap<IpAddr, String>,
    done: Vec<Burst>,
    now: i64,
}

impl Flows {
    /// Takes a frame in.
    pub fn take(&mut self, frame: &Frame) {
        self.now = self.now.max(frame.at);
        let Some(packet) = packet(frame.link, &frame.bytes) else { return };
        if packet.kind == Kind::Udp && (packet.from.port() == 53 || packet.to.port() == 53) {
            return self.learn_names(&packet);
        }
        if packet.from.ip().is_loopback() || packet.to.ip().is_multicast() || is_broadcast(packet.to.ip()) {
            return;
        }
        let outgoing = packet.outgoing.unwrap_or(packet.from.port() > packet.to.port());
        let (own, other) = if outgoing { (packet.from, packet.to) } else { (packet.to, packet.from) };
        let udp = packet.kind == Kind::Udp;
        let key = (udp, own, other);
        if matches!(packet.kind, Kind::Tcp { syn: true, ack: false, .. })
            && self.flows.get(&key).is_some_and(|flow| flow.ended)
        {
            self.end(&key);
        }
        if !self.flows.contains_key(&key) {
            // An answer to nobody, or the last words of a conversation that is over.
            if !outgoing || packet.length == 0 && !matches!(packet.kind, Kind::Tcp { syn: true, .. }) {
                return;
            }
            self.make_room();
            self.flows.insert(key, Flow::new(frame.at, own, other, udp));
        }
        if let Some(flow) = self.flows.get_mut(&key) {
            flow.take(&packet, outgoing, frame.at);
        }
    }

    /// The device's clock shows so many microseconds since 1970.
    pub fn pass(&mut self, now: i64) {
        self.now = self.now.max(now);
    }

    fn learn_names(&mut self, packet: &Packet) {
        if packet.from.port() != 53 || self.names.len() > MOST_NAMES {
            return;
        }
        let Some((name, addresses)) = dns::answers(packet.payload) else { return };
        for address in addresses {
            self.names.insert(address, name.clone());
        }
    }

    fn make_room(&mut self) {
        if self.flows.len() < MOST_FLOWS {
            return;
        }
        if let Some(oldest) = self.flows.iter().min_by_key(|(_, flow)| flow.burst.last).map(|(key, _)| *key) {
            self.end(&oldest);
        }
    }

    fn end(&mut self, key: &(bool, SocketAddr, SocketAddr)) {
        if let Some(flow) = self.flows.remove(key) {
            self.hand_in(flow);
        }
    }

    fn hand_in(&mut self, mut flow: Flow) {
        flow.tell_apart();
        let named = self.names.get(&flow.burst.other.ip()).cloned().map(|name| (name, "dns"));
        flow.burst.host = flow.burst.host.or(named);
        // The rest of a conversation that was told already and only closed says nothing new.
        if flow.burst.sent > 0 || flow.burst.received > 0 || !(flow.continued || flow.burst.udp) {
            self.done.push(flow.burst);
        }
    }

    /// Whether some conversation's owner is not known yet and worth a question.
    pub fn wants_owners(&self) -> bool {
        self.flows.values().any(|flow| flow.burst.owner.is_none() && !flow.ended && flow.questions < MOST_QUESTIONS)
    }

    /// Whose sockets they are.
    pub fn own(&mut self, sockets: &[Socket]) {
        let by_ends: HashMap<(SocketAddr, SocketAddr), u32> =
            sockets.iter().map(|socket| ((socket.own, socket.other), socket.uid)).collect();
        // UDP sockets need not be bound to an address or have another end.
        let by_port: HashMap<u16, u32> = sockets
            .iter()
            .filter(|socket| socket.other.port() == 0 && socket.own.port() != 0)
            .map(|socket| (socket.own.port(), socket.uid))
            .collect();
        for flow in self.flows.values_mut().filter(|flow| flow.burst.owner.is_none()) {
            let ends = by_ends.get(&(flow.burst.own, flow.burst.other)).copied();
            let port = by_port.get(&flow.burst.own.port()).copied().filter(|_| flow.burst.udp);
            flow.burst.owner = ends.or(port);
            flow.questions = flow.questions.saturating_add(1);
        }
    }

    /// Bursts that are over: their conversation ended, or has been silent for a while.
    pub fn over(&mut self) -> Vec<Burst> {
        let silent = self.flows.iter().filter(|(_, flow)| self.now - flow.burst.last > PAUSE);
        let silent: Vec<_> = silent.map(|(key, _)| *key).collect();
        for key in silent {
            let Some(flow) = self.flows.get_mut(&key) else { continue };
            let quiet = flow.burst.sent == 0 && flow.burst.received == 0;
            if flow.ended {
                self.end(&key);
            } else if !quiet {
                // The conversation may go on: its next burst is told by itself.
                let next = flow.next_burst();
                let done = std::mem::replace(flow, next);
                self.hand_in(done);
            }
        }
        self.take_done()
    }

    /// Everything that is left.
    pub fn finish(&mut self) -> Vec<Burst> {
        let keys: Vec<_> = self.flows.keys().copied().collect();
        keys.iter().for_each(|key| self.end(key));
        self.take_done()
    }

    fn take_done(&mut self) -> Vec<Burst> {
        let mut done = std::mem::take(&mut self.done);
        done.sort_by_key(|burst| burst.at);
        done
    }
}

fn is_broadcast(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(four) if four.is_broadcast())
}

impl Flow {
    fn new(at: i64, own: SocketAddr, other: SocketAddr, udp: bool) -> Self {
        let protocol = if udp && other.port() == 443 { Protocol::Quic } else { Protocol::Other };
        let burst = Burst {
            at,
            last: at,
            own,
            other,
            udp,
            host: None,
            protocol,
            request: String::new(),
            packed: None,
            sent: 0,
            received: 0,
            content: Vec::new(),
            cut: false,
            owner: None,
        };
        Self {
            burst,
            next: [None; 2],
            early: BTreeMap::new(),
            start: Vec::new(),
            questions: 0,
            ended: false,
            continued: false,
        }
    }

    /// The same conversation after a pause.
    fn next_burst(&self) -> Self {
        let known = &self.burst;
        let burst = Burst {
            at: NOT_YET,
            request: String::new(),
            packed: None,
            sent: 0,
            received: 0,
            content: Vec::new(),
            cut: false,
            ..known.clone()
        };
        let (next, start) = (self.next, self.start.clone());
        let early = BTreeMap::new();
        Self { burst, next, early, start, questions: self.questions, ended: false, continued: true }
    }

    fn take(&mut self, packet: &Packet, outgoing: bool, at: i64) {
        if self.burst.at == NOT_YET {
            self.burst.at = at;
        }
        self.burst.last = self.burst.last.max(at);
        let Kind::Tcp { sequence, syn, ends, .. } = packet.kind else {
            return self.take_datagram(packet, outgoing);
        };
        self.ended |= ends;
        let side = usize::from(!outgoing);
        if syn {
            self.next[side] = Some(sequence.wrapping_add(1));
            return;
        }
        let length = u32::try_from(packet.length).unwrap_or(0);
        let expected = *self.next[side].get_or_insert(sequence);
        let ahead = sequence.wrapping_sub(expected).cast_signed();
        if outgoing && ahead > 0 && self.early.len() < MOST_PIECES {
            self.early.insert(sequence, packet.payload.to_vec());
            return;
        }
        // Bytes that came before are not counted again; bytes that never came are missing.
        let known = usize::try_from(-i64::from(ahead.min(0))).unwrap_or(0);
        self.burst.cut |= outgoing && ahead > 0;
        if known >= packet.length {
            return;
        }
        self.next[side] = Some(sequence.wrapping_add(length));
        let fresh = (packet.length - known) as u64;
        if outgoing {
            self.burst.sent += fresh;
            self.keep(packet.payload.get(known..).unwrap_or_default(), packet.length - known);
            self.take_early();
        } else {
            self.burst.received += fresh;
        }
    }

    fn take_datagram(&mut self, packet: &Packet, outgoing: bool) {
        if outgoing {
            self.burst.sent += packet.length as u64;
            self.keep(packet.payload, packet.length);
        } else {
            self.burst.received += packet.length as u64;
        }
    }

    /// Pieces whose turn it is now.
    fn take_early(&mut self) {
        while let Some(expected) = self.next[0] {
            let Some(bytes) = self.early.remove(&expected) else { return };
            self.next[0] = Some(expected.wrapping_add(u32::try_from(bytes.len()).unwrap_or(0)));
            self.burst.sent += bytes.len() as u64;
            self.keep(&bytes, bytes.len());
        }
    }

    fn keep(&mut self, bytes: &[u8], length: usize) {
        const TELLING: usize = 16 << 10;
        let room = TELLING.saturating_sub(self.start.len());
        self.start.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if matches!(self.burst.protocol, Protocol::Quic | Protocol::Tls) {
            return;
        }
        let room = MOST_CONTENT.saturating_sub(self.burst.content.len());
        let kept = bytes.len().min(room);
        self.burst.content.extend_from_slice(&bytes[..kept]);
        self.burst.cut |= kept < length;
        if tls::is_greeting(&self.start) {
            self.burst.protocol = Protocol::Tls;
        }
    }

    /// What it is, by what left the device.
    fn tell_apart(&mut self) {
        self.burst.cut |= !self.early.is_empty();
        let burst = &mut self.burst;
        if burst.protocol == Protocol::Quic {
            return;
        }
        if tls::is_greeting(&self.start) {
            burst.protocol = Protocol::Tls;
            burst.content = Vec::new();
            burst.cut = false;
            burst.host = burst.host.take().or_else(|| tls::server_name(&self.start).map(|name| (name, "tls")));
        } else if http::is_request(&self.start) {
            burst.protocol = Protocol::Http;
            let first = http::request(&self.start).and_then(|request| request.host);
            burst.host = burst.host.take().or_else(|| first.map(|name| (name, "http")));
            if let Some(request) = http::request(&burst.content).filter(|_| http::is_request(&burst.content)) {
                (burst.request, burst.packed) = (request.line, request.packed);
            }
        }
    }
}

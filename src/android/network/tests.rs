use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::flow::{Burst, Flows, Protocol};
use super::pcap::{Frame, Reader, ReaderError};
use super::sockets::parse_sockets;

const OWN: [u8; 4] = [10, 0, 2, 16];
const HOST: [u8; 4] = [198, 18, 3, 4];
const RESOLVER: [u8; 4] = [10, 0, 2, 3];

/// A Linux cooked frame around an IPv4 packet; the bytes from the IP protocol's header on are given.
fn cooked(outgoing: bool, from: [u8; 4], to: [u8; 4], protocol: u8, segment: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, if outgoing { 4 } else { 0 }, 0, 1, 0, 6, 2, 0, 0, 0, 0, 0, 0, 0, 8, 0];
    let total = u16::try_from(20 + segment.len()).unwrap().to_be_bytes();
    bytes.extend([0x45, 0, total[0], total[1], 0, 0, 0x40, 0, 64, protocol, 0, 0]);
    bytes.extend(from);
    bytes.extend(to);
    bytes.extend(segment);
    bytes
}

fn tcp(outgoing: bool, port: u16, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let (from, to) = if outgoing { (40_000, port) } else { (port, 40_000) };
    let mut segment = [u16::to_be_bytes(from), u16::to_be_bytes(to)].concat();
    segment.extend(sequence.to_be_bytes());
    segment.extend([0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    segment.extend(payload);
    let (a, b) = if outgoing { (OWN, HOST) } else { (HOST, OWN) };
    cooked(outgoing, a, b, 6, &segment)
}

fn udp(from: [u8; 4], from_port: u16, to: [u8; 4], to_port: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + payload.len()).unwrap();
    let mut segment = [from_port, to_port, length, 0].map(u16::to_be_bytes).concat();
    segment.extend(payload);
    cooked(from == OWN, from, to, 17, &segment)
}

fn frame(at: i64, bytes: Vec<u8>) -> Frame {
    Frame { at, link: 113, whole: bytes.len() as u32, bytes }
}

/// The file of these frames.
fn file(frames: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 113, 0, 0, 0];
    for (at, frame) in frames {
        let numbers = [(at / 1_000_000) as u32, (at % 1_000_000) as u32, frame.len() as u32, frame.len() as u32];
        numbers.iter().for_each(|n| bytes.extend(n.to_le_bytes()));
        bytes.extend(frame);
    }
    bytes
}

fn answer(name: &str, address: [u8; 4]) -> Vec<u8> {
    let mut bytes = vec![0, 7, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0];
    for label in name.split('.') {
        bytes.push(label.len() as u8);
        bytes.extend(label.bytes());
    }
    bytes.extend([0, 0, 1, 0, 1]);
    // An alias first, by a pointer.
    bytes.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12]);
    bytes.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4]);
    bytes.extend(address);
    bytes
}

/// A greeting with this name, as RFC 8446 draws it.
fn greeting(name: &str) -> Vec<u8> {
    let length = |n: usize| (n as u16).to_be_bytes();
    let mut names = vec![0, 0, 0, 0];
    names[2..].copy_from_slice(&length(name.len() + 5));
    let mut names = [names, length(name.len() + 3).to_vec(), vec![0], length(name.len()).to_vec()].concat();
    names.extend(name.bytes());
    let extensions = [vec![0, 23, 0, 0], names].concat();
    let body = [
        vec![3, 3],
        vec![9; 32],
        vec![0],
        vec![0, 2, 0x13, 1],
        vec![1, 0],
        length(extensions.len()).to_vec(),
        extensions,
    ]
    .concat();
    let message = [vec![1, 0], length(body.len()).to_vec(), body].concat();
    [vec![22, 3, 1], length(message.len()).to_vec(), message].concat()
}

fn bursts(frames: Vec<Vec<u8>>) -> Vec<Burst> {
    let mut flows = Flows::default();
    for (n, bytes) in frames.into_iter().enumerate() {
        flows.take(&frame(1_000_000 + n as i64 * 1_000, bytes));
    }
    flows.finish()
}

#[test]
fn a_request_in_the_clear_is_read_whatever_the_order_of_its_pieces() {
    let found = bursts(vec![
        udp(RESOLVER, 53, OWN, 1234, &answer("log.Tracker.example", HOST)),
        tcp(true, 80, 99, 2, b""),
        tcp(false, 80, 500, 0x12, b""),
        tcp(true, 80, 100, 0x10, b"POST /v1/r?id=7 HTTP/1.1\r\nHost: Log.tracker.example:80\r\n"),
        tcp(true, 80, 161, 0x18, b"tail"),
        tcp(true, 80, 156, 0x18, b"\r\nid="),
        tcp(true, 80, 156, 0x18, b"\r\nid="),
        tcp(false, 80, 501, 0x18, b"HTTP/1.1 200 OK\r\n\r\n"),
    ]);
    let [burst] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(burst.protocol, Protocol::Http);
    assert_eq!(burst.host, Some(("log.tracker.example".to_owned(), "http")));
    assert_eq!(burst.request, "POST /v1/r");
    assert_eq!((burst.sent, burst.received, burst.cut), (65, 19, false));
    assert!(burst.content.ends_with(b"example:80\r\n\r\nid=tail"), "{}", String::from_utf8_lossy(&burst.content));
    assert_eq!(burst.at, 1_001_000);
}

#[test]
fn under_tls_only_the_name_shows() {
    let hello = greeting("Api.example");
    let found = bursts(vec![
        tcp(true, 443, 99, 2, b""),
        tcp(true, 443, 100, 0x10, &hello[..40]),
        tcp(true, 443, 140, 0x18, &hello[40..]),
        tcp(true, 443, 100 + hello.len() as u32, 0x18, b"\x17\x03\x03\0\x04abcd"),
    ]);
    assert_eq!(found[0].protocol, Protocol::Tls);
    assert_eq!(found[0].host, Some(("api.example".to_owned(), "tls")));
    assert!(found[0].content.is_empty() && !found[0].cut);
    assert_eq!(found[0].sent, hello.len() as u64 + 9);
}

#[test]
fn without_a_greeting_the_resolvers_answer_names_the_host() {
    let found = bursts(vec![
        udp(RESOLVER, 53, OWN, 1234, &answer("q.example", HOST)),
        udp(OWN, 5000, HOST, 443, &[0xc3; 1200]),
        tcp(true, 9000, 99, 2, b""),
    ]);
    assert_eq!(found[0].protocol, Protocol::Quic);
    assert!(found.iter().all(|burst| burst.host == Some(("q.example".to_owned(), "dns"))), "{found:?}");
    assert_eq!(found.len(), 2, "an attempt to connect counts");
}

#[test]
fn a_pause_divides_and_an_owner_stays() {
    let mut flows = Flows::default();
    let mut take = |at: i64, bytes: Vec<u8>| {
        flows.take(&frame(at, bytes));
        if flows.wants_owners() {
            flows.own(&parse_sockets(
                "  sl  local_address remote_address st\n   0: 0000000000000000FFFF00001002000A:9C40 0000000000000000FFFF0000040312C6:0050 01 00000000:00000000 00:00000000 00000000 10123        0 1 1 0 20\n",
            ));
        }
        flows.over()
    };
    assert!(take(0, tcp(true, 80, 99, 2, b"")).is_empty());
    assert!(take(1, tcp(true, 80, 100, 0x18, b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n")).is_empty());
    assert!(take(5_000_000, tcp(false, 80, 1, 0x18, b"x")).is_empty());
    let first = take(9_000_000, tcp(true, 80, 128, 0x18, b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n"));
    assert!(first.is_empty(), "the packet belongs to the burst that it continues: {first:?}");
    flows.pass(20_000_000);
    let told = flows.over();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].owner, told[0].sent, told[0].received), (Some(10_123), 56, 1));
    flows.take(&frame(30_000_000, tcp(true, 80, 156, 0x18, b"GET /c HTTP/1.1\r\n\r\n")));
    flows.take(&frame(30_000_001, tcp(true, 80, 175, 0x11, b"")));
    let last = flows.finish();
    assert_eq!((last[0].owner, last[0].request.as_str(), last[0].at), (Some(10_123), "GET /c", 30_000_000));
    assert_eq!(last[0].host, Some(("h".to_owned(), "http")));
}

#[test]
fn what_is_missing_is_told() {
    let mut frames = vec![tcp(true, 80, 99, 2, b""), tcp(true, 80, 100, 0x18, b"POST / HTTP/1.1\r\n\r\n")];
    frames.push(tcp(true, 80, 900, 0x18, b"later"));
    assert!(bursts(frames)[0].cut);
    let packed = b"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b".to_vec();
    let found = bursts(vec![tcp(true, 80, 99, 2, b""), tcp(true, 80, 100, 0x18, &packed)]);
    assert_eq!(found[0].packed.as_deref(), Some("gzip"));
    let many: Vec<Vec<u8>> = (0..300).map(|n| tcp(true, 80, 100 + n * 1_000, 0x18, &[b'a'; 1_000])).collect();
    let found = bursts(many);
    assert!(found[0].cut && found[0].content.len() == 256 << 10);
}

#[test]
fn a_file_comes_in_any_pieces() {
    let whole = file(&[(1_700_000_000_000_001, tcp(true, 80, 1, 2, b"")), (1_700_000_000_000_002, vec![1, 2, 3])]);
    for size in [1, 7, 24, 1_000] {
        let mut reader = Reader::default();
        let mut found = Vec::new();
        for piece in whole.chunks(size) {
            reader.feed(piece);
            while let Some(frame) = reader.next_frame().unwrap() {
                found.push(frame.at);
            }
        }
        assert_eq!(found, [1_700_000_000_000_001, 1_700_000_000_000_002]);
    }
    let mut reader = Reader::default();
    reader.feed(b"tcpdump: no suitable device found");
    assert_eq!(reader.next_frame(), Err(ReaderError::NotCapture));
    let mut huge = whole[..24].to_vec();
    huge.extend([0xff; 16]);
    let mut reader = Reader::default();
    reader.feed(&huge);
    assert_eq!(reader.next_frame(), Err(ReaderError::TooLong(u32::MAX)));
}

#[test]
fn sockets_of_both_families_are_read() {
    let text = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
                   0: 1002000A:9C40 040312C6:01BB 01 00000000:00000000 00:00000000 00000000 10077        0 9 1 0 20 4 30 10 -1\n\
                   1: 1002000A:9C41 040312C6:01BB 06 00000000:00000000 03:00000F00 00000000     0        0 0 3 0\n\
                   2: ZZ02000A:9C41 040312C6:01BB 01 0 0 0 5\n garbage\n";
    let found = parse_sockets(text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].uid, 10_077);
    assert_eq!(found[0].own, (IpAddr::from(Ipv4Addr::from(OWN)), 40_000).into());
    assert_eq!(found[0].other.ip(), IpAddr::from(Ipv4Addr::from(HOST)));
}

fn sample() -> Vec<u8> {
    let hello = greeting("api.example");
    let frames = vec![
        udp(RESOLVER, 53, OWN, 1234, &answer("log.tracker.example", HOST)),
        tcp(true, 80, 99, 2, b""),
        tcp(true, 80, 100, 0x18, b"POST /a HTTP/1.1\r\nHost: [::1]:80\r\nContent-Encoding: br\r\n\r\n%41"),
        tcp(true, 443, 99, 2, b""),
        tcp(true, 443, 100, 0x18, &hello),
        udp(OWN, 1, HOST, 443, &[1; 50]),
    ];
    file(&frames.into_iter().enumerate().map(|(n, bytes)| (n as i64 * 1_000_000, bytes)).collect::<Vec<_>>())
}

/// Reads a capture to its end or its first fault; how many bytes of contents came of it.
fn read(bytes: &[u8], piece: usize) -> usize {
    let (mut reader, mut flows, mut kept) = (Reader::default(), Flows::default(), 0);
    let mut count = |bursts: Vec<Burst>| kept += bursts.iter().map(|burst| burst.content.len()).sum::<usize>();
    for piece in bytes.chunks(piece) {
        reader.feed(piece);
        while let Ok(Some(frame)) = reader.next_frame() {
            flows.take(&frame);
            count(flows.over());
        }
    }
    count(flows.finish());
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_capture_that_was_meddled_with_is_read_without_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        cut in any::<prop::sample::Index>(),
        piece in 1_usize..200,
    ) {
        let mut bytes = sample();
        for (at, to) in changes {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        prop_assert!(read(&bytes, piece) <= bytes.len());
    }

    #[test]
    fn any_bytes_in_a_frame_are_taken(link in prop::sample::select(vec![1_u32, 12, 113, 276, 9]), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut flows = Flows::default();
        flows.take(&Frame { at: 5, link, whole: 1, bytes });
        let _ = flows.finish();
    }
}

#[test]
fn a_flood_of_conversations_is_bounded() {
    let mut flows = Flows::default();
    let mut told = 0;
    for n in 0..9_000_u32 {
        let mut bytes = tcp(true, 80, 99, 2, b"");
        bytes[36..38].copy_from_slice(&(n as u16).to_be_bytes());
        bytes[33] = (n >> 8) as u8;
        flows.take(&frame(i64::from(n), bytes));
        told += flows.over().len();
    }
    assert!(told > 4_000 && flows.finish().len() <= 4_096);
}

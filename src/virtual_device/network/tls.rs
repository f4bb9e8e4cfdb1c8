//! The records of a TLS 1.3 conversation as an outsider sees them (RFC 8446, RFC 6066): two greetings in the clear, then
//! bytes that say nothing. Nothing is encrypted here; the bytes are made up.

use super::super::system::random::Random;

const HANDSHAKE: u8 = 22;
const CHANGE_CIPHER: u8 = 20;
const APPLICATION: u8 = 23;
/// Most bytes in one record.
const RECORD: usize = 16_384;
/// What encryption adds to a record: the inner type and the tag.
const OVERHEAD: usize = 17;

fn counted_2(bytes: &[u8]) -> Vec<u8> {
    let mut all = u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes().to_vec();
    all.extend_from_slice(bytes);
    all
}

fn counted_1(bytes: &[u8]) -> Vec<u8> {
    let mut all = vec![u8::try_from(bytes.len()).unwrap_or(u8::MAX)];
    all.extend_from_slice(bytes);
    all
}

fn record(kind: u8, version: [u8; 2], body: &[u8]) -> Vec<u8> {
    let mut all = vec![kind, version[0], version[1]];
    all.extend(counted_2(body));
    all
}

fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(0).to_be_bytes();
    let mut all = vec![kind, length[1], length[2], length[3]];
    all.extend_from_slice(body);
    all
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut all = kind.to_be_bytes().to_vec();
    all.extend(counted_2(body));
    all
}

fn noise(random: &mut Random, length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length.div_ceil(8)).flat_map(|_| random.next().to_le_bytes()).collect();
    bytes.truncate(length);
    bytes
}

/// The client's greeting; it names the host unless that is an address.
pub fn client_hello(host: Option<&str>, random: &mut Random) -> Vec<u8> {
    let mut extensions = Vec::new();
    if let Some(host) = host {
        let mut entry = vec![0];
        entry.extend(counted_2(host.as_bytes()));
        extensions.extend(extension(0, &counted_2(&entry)));
    }
    // Extended main secret; groups x25519 and secp256r1; signature schemes; h2 and http/1.1; versions 1.3 and 1.2.
    extensions.extend(extension(23, &[]));
    extensions.extend(extension(10, &counted_2(&[0, 29, 0, 23])));
    extensions.extend(extension(13, &counted_2(&[4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1])));
    extensions.extend(extension(16, &counted_2(b"\x02h2\x08http/1.1")));
    extensions.extend(extension(43, &counted_1(&[3, 4, 3, 3])));
    let mut share = vec![0, 29];
    share.extend(counted_2(&noise(random, 32)));
    extensions.extend(extension(51, &counted_2(&share)));
    let mut body = vec![3, 3];
    body.extend(noise(random, 32));
    body.extend(counted_1(&noise(random, 32)));
    body.extend(counted_2(&[0x13, 1, 0x13, 2, 0x13, 3, 0xc0, 0x2b, 0xc0, 0x2f]));
    body.extend(counted_1(&[0]));
    body.extend(counted_2(&extensions));
    record(HANDSHAKE, [3, 1], &handshake(1, &body))
}

/// The server's greeting, and what follows it under cover.
pub fn server_hello(random: &mut Random) -> Vec<u8> {
    let mut extensions = extension(43, &[3, 4]);
    let mut share = vec![0, 29];
    share.extend(counted_2(&noise(random, 32)));
    extensions.extend(extension(51, &share));
    let mut body = vec![3, 3];
    body.extend(noise(random, 32));
    body.extend(counted_1(&noise(random, 32)));
    body.extend([0x13, 1, 0]);
    body.extend(counted_2(&extensions));
    let mut all = record(HANDSHAKE, [3, 3], &handshake(2, &body));
    all.extend(record(CHANGE_CIPHER, [3, 3], &[1]));
    all.extend(sealed(2_800, random));
    all
}

/// The client's last word of the handshake.
pub fn client_finished(random: &mut Random) -> Vec<u8> {
    let mut all = record(CHANGE_CIPHER, [3, 3], &[1]);
    all.extend(sealed(36, random));
    all
}

/// `length` bytes under cover.
pub fn sealed(length: usize, random: &mut Random) -> Vec<u8> {
    let mut all = Vec::new();
    let mut left = length;
    loop {
        let part = left.min(RECORD - OVERHEAD);
        all.extend(record(APPLICATION, [3, 3], &noise(random, part + OVERHEAD)));
        left -= part;
        if left == 0 {
            return all;
        }
    }
}

//! The host's name in a client's greeting (RFC 8446, RFC 6066), which TLS sends in the clear.

use super::dns::host_letter;
use super::frame::two;

/// Longest name taken.
const LONGEST_NAME: usize = 253;
/// Most extensions looked at.
const MOST_EXTENSIONS: u32 = 100;

/// Whether bytes begin as a handshake of TLS.
pub(super) fn is_greeting(bytes: &[u8]) -> bool {
    matches!(bytes, [22, 3, 0..=4, _, _, 1, ..] | [22, 3, 0..=4] | [22, 3, 0..=4, _] | [22, 3, 0..=4, _, _])
}

/// The name in the greeting at the beginning of `bytes`; `None` when there is none, or not all of it yet.
pub(super) fn server_name(bytes: &[u8]) -> Option<String> {
    let message = unwrapped(bytes);
    let rest = message.get(4 + 2 + 32..)?;
    let rest = rest.get(1 + usize::from(*rest.first()?)..)?;
    let rest = rest.get(2 + usize::from(two(rest, 0)?)..)?;
    let rest = rest.get(1 + usize::from(*rest.first()?)..)?;
    let mut rest = rest.get(2..)?;
    for _ in 0..MOST_EXTENSIONS {
        let (kind, length) = (two(rest, 0)?, usize::from(two(rest, 2)?));
        let body = rest.get(4..4 + length)?;
        if kind == 0 {
            let name = body.get(5..5 + usize::from(two(body, 3)?))?;
            let fits = !name.is_empty() && name.len() <= LONGEST_NAME;
            return fits.then(|| name.iter().map(|byte| host_letter(*byte)).collect::<String>().to_ascii_lowercase());
        }
        rest = &rest[4 + length..];
    }
    None
}

/// The handshake message out of its records: a long one goes over several.
fn unwrapped(mut bytes: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    while let Some(length) = two(bytes, 3).filter(|_| bytes[0] == 22) {
        let end = (5 + usize::from(length)).min(bytes.len());
        message.extend_from_slice(&bytes[5..end]);
        bytes = &bytes[end..];
    }
    message
}

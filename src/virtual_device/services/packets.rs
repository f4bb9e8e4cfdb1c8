//! The packets of shell protocol v2: a byte that says which stream, a little-endian length, bytes.
//! Source: AOSP `packages/modules/adb/shell_protocol.h`.

use crate::virtual_device::pipe::Intake;
use crate::virtual_device::process::Bytes;

/// Which stream a packet belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// Standard input; to the device.
    Stdin,
    /// Standard output; to the client.
    Stdout,
    /// Standard error; to the client.
    Stderr,
    /// Exit status, one byte; to the client.
    Exit,
    /// No more standard input; to the device.
    CloseStdin,
    /// The terminal's new size; to the device.
    WindowSize,
}

/// Bytes of one packet at most; the client's own limit is that of a transport packet.
pub const MAX_PACKET: usize = 1024 * 1024;

const IDS: [Id; 6] = [Id::Stdin, Id::Stdout, Id::Stderr, Id::Exit, Id::CloseStdin, Id::WindowSize];

/// Puts bytes into a packet.
pub fn wrap(id: Id, bytes: &[u8]) -> Bytes {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut packet = Bytes::with_capacity(5 + bytes.len());
    packet.push(IDS.iter().position(|known| *known == id).unwrap_or_default() as u8);
    packet.extend_from_slice(&length.to_le_bytes());
    packet.extend_from_slice(bytes);
    packet
}

/// The next packet; `None` at the end of the stream and when what comes is no packet.
pub async fn next(from: &mut Intake) -> Option<(Id, Bytes)> {
    let id = from.exact(1).await?[0];
    let id = *IDS.get(usize::from(id))?;
    let length = usize::try_from(from.u32().await?).ok().filter(|length| *length <= MAX_PACKET)?;
    Some((id, from.exact(length).await?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::sync::mpsc;

    use super::*;

    fn all(bytes: &[u8]) -> Vec<(Id, Bytes)> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (send, receive) = mpsc::channel(bytes.len() + 1);
            for byte in bytes {
                send.send(vec![*byte]).await.unwrap();
            }
            drop(send);
            let mut intake = Intake::new(receive);
            let mut found = Vec::new();
            while let Some(packet) = next(&mut intake).await {
                found.push(packet);
            }
            found
        })
    }

    #[test]
    fn packets_have_these_bytes() {
        assert_eq!(wrap(Id::Stdout, b"hi"), b"\x01\x02\0\0\0hi");
        assert_eq!(wrap(Id::Exit, &[7]), b"\x03\x01\0\0\0\x07");
        let input = b"\0\x02\0\0\0ls\x05\x01\0\0\0x\x04\0\0\0\0";
        let expected = vec![(Id::Stdin, b"ls".to_vec()), (Id::WindowSize, b"x".to_vec()), (Id::CloseStdin, vec![])];
        assert_eq!(all(input), expected);
    }

    #[test]
    fn an_unknown_stream_or_a_huge_packet_ends_the_reading() {
        assert_eq!(all(b"\x06\0\0\0\0\x04\0\0\0\0"), []);
        assert_eq!(all(b"\0\xff\xff\xff\x7f\x04\0\0\0\0"), []);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            all(&bytes);
        }
    }
}

//! The messages of the sync service, byte for byte.
//! Source: AOSP `packages/modules/adb/SYNC.TXT` and `file_sync_protocol.h`.

use crate::virtual_device::fs::{FilesError, Stat};
use crate::virtual_device::process::Bytes;

/// Bytes of a path at most.
pub const MAX_PATH: u32 = 1024;
/// Bytes of one piece of a file at most.
pub const MAX_DATA: u32 = 64 * 1024;

/// A message built number by number.
pub struct Message(Bytes);

impl Message {
    /// Starts with four letters.
    pub fn new(id: &[u8; 4]) -> Self {
        Self(id.to_vec())
    }

    /// Adds a number.
    pub fn u32(mut self, number: u32) -> Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    fn u64(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    /// Adds bytes as they are.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Adds bytes behind their length.
    pub fn counted(self, bytes: &[u8]) -> Self {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).bytes(bytes)
    }

    /// The whole message.
    pub fn done(self) -> Bytes {
        self.0
    }
}

/// `FAIL`, with what went wrong.
pub fn fail(message: &str) -> Bytes {
    Message::new(b"FAIL").counted(message.as_bytes()).done()
}

/// Mode, size, time of version 1; all 0 for what is not there. Sizes beyond 4 GiB wrap, as they do in adbd.
pub fn stat_v1(id: &[u8; 4], stat: Option<&Stat>) -> Message {
    let (mode, size, time) = stat.map_or((0, 0, 0), |stat| (stat.mode, stat.size as u32, seconds(stat) as u32));
    Message::new(id).u32(mode).u32(size).u32(time)
}

/// Error number and everything `stat` tells: version 2.
pub fn stat_v2(id: &[u8; 4], stat: Result<&Stat, FilesError>) -> Message {
    let stat = match stat {
        Ok(stat) => stat,
        Err(error) => return Message::new(id).u32(error.errno()).bytes(&[0; 64]),
    };
    let time = seconds(stat) as u64;
    // One file system: its device number is that of userdata on an emulator.
    let message = Message::new(id).u32(0).u64(0xfd05).u64(stat.inode).u32(stat.mode).u32(stat.links);
    message.u32(stat.uid).u32(stat.gid).u64(stat.size).u64(time).u64(time).u64(time)
}

fn seconds(stat: &Stat) -> i64 {
    stat.modified.div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat() -> Stat {
        Stat {
            inode: 5,
            mode: 0o100_644,
            uid: 2000,
            gid: 1000,
            size: 7,
            links: 1,
            modified: 1_700_000_000_999,
            target: None,
        }
    }

    #[test]
    fn a_stat_has_these_bytes() {
        let bytes = stat_v1(b"STAT", Some(&stat())).done();
        assert_eq!(bytes, b"STAT\xa4\x81\0\0\x07\0\0\0\x00\xf1\x53\x65");
        assert_eq!(stat_v1(b"STAT", None).done(), b"STAT\0\0\0\0\0\0\0\0\0\0\0\0");
        let bytes = stat_v2(b"STA2", Ok(&stat())).done();
        assert_eq!(bytes.len(), 72);
        let ids = b"\xa4\x81\0\0\x01\0\0\0\xd0\x07\0\0\xe8\x03\0\0\x07\0\0\0\0\0\0\0\x00\xf1\x53\x65\0\0\0\0";
        assert_eq!(&bytes[..16], b"STA2\0\0\0\0\x05\xfd\0\0\0\0\0\0");
        assert_eq!(&bytes[24..56], ids);
        let missing = stat_v2(b"LST2", Err(FilesError::Missing)).done();
        assert_eq!((missing.len(), &missing[..8]), (72, &b"LST2\x02\0\0\0"[..]));
    }
}

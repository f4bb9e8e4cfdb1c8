//! Files: the sync protocol, versions 1 and 2. Source: AOSP `SYNC.TXT` and `file_sync_protocol.h`.

use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::device::Device;
use super::error::AdbError;
use super::wire::{Link, Trouble};

/// Longest `DATA` block the protocol allows, in bytes.
const LONGEST_BLOCK: usize = 64 << 10;
/// Longest path the protocol allows, in bytes.
const LONGEST_PATH: usize = 1024;
/// Most entries of a folder taken.
const MOST_ENTRIES: usize = 100_000;
/// Longest `FAIL` message taken, in bytes.
const LONGEST_MESSAGE: usize = 4096;
/// Modification time given to pushed files: 2020-01-01, so that a push is the same every time.
const PUSHED_AT: u32 = 1_577_836_800;

/// What the device says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Type and permission bits, as in `stat(2)`.
    pub mode: u32,
    /// Length in bytes (modulo 2³² from an old adbd).
    pub size: u64,
    /// Modification time in seconds since 1970.
    pub modified: i64,
}

impl FileFacts {
    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }
}

impl Device {
    /// Writes bytes to a file of the device. `mode` holds the permission bits, for example 0o644.
    pub async fn push(&self, bytes: &[u8], remote: &str, mode: u32, within: Duration) -> Result<(), AdbError> {
        let doing = format!("push {remote}");
        let call = self.call(&doing);
        call.run(within, async {
            let mut link = call.open("sync:").await?;
            request(&mut link, *b"SEND", &format!("{remote},{}", 0o100_000 | mode)).await?;
            for block in bytes.chunks(LONGEST_BLOCK) {
                send_block(&mut link, block).await?;
            }
            finish_send(&mut link).await
        })
        .await
    }

    /// Writes a file of this machine to the device, block by block.
    pub async fn push_file(&self, path: &Path, remote: &str, mode: u32, within: Duration) -> Result<(), AdbError> {
        let doing = format!("push {} to {remote}", path.display());
        let call = self.call(&doing);
        call.run(within, async {
            let broken = |source| Trouble::File { path: path.to_owned(), source };
            let mut file = tokio::fs::File::open(path).await.map_err(broken)?;
            let mut link = call.open("sync:").await?;
            request(&mut link, *b"SEND", &format!("{remote},{}", 0o100_000 | mode)).await?;
            let mut block = vec![0; LONGEST_BLOCK];
            loop {
                let read = file.read(&mut block).await.map_err(broken)?;
                if read == 0 {
                    break;
                }
                send_block(&mut link, &block[..read]).await?;
            }
            finish_send(&mut link).await
        })
        .await
    }

    /// Reads a file of the device, at most `at_most` bytes.
    pub async fn pull(&self, remote: &str, at_most: usize, within: Duration) -> Result<Vec<u8>, AdbError> {
        let doing = format!("pull {remote}");
        let call = self.call(&doing);
        call.run(within, async {
            let mut link = call.open("sync:").await?;
            request(&mut link, *b"RECV", remote).await?;
            let mut bytes = Vec::new();
            loop {
                let (id, length) = header(&mut link).await?;
                match &id {
                    b"DATA" if length <= LONGEST_BLOCK => {
                        if bytes.len() + length > at_most {
                            return Err(Trouble::TooLong(at_most));
                        }
                        let start = bytes.len();
                        bytes.resize(start + length, 0);
                        link.stream.read_exact(&mut bytes[start..]).await?;
                    }
                    b"DONE" => return Ok(bytes),
                    b"FAIL" => return Err(failure(&mut link, length).await),
                    _ => return Err(unexpected(&id, length)),
                }
            }
        })
        .await
    }

    /// What the device says of a path (following links with `stat_v2`); `None` when nothing is there.
    pub async fn stat(&self, remote: &str, within: Duration) -> Result<Option<FileFacts>, AdbError> {
        let v2 = self.has_feature("stat_v2").await?;
        let doing = format!("stat {remote}");
        let call = self.call(&doing);
        call.run(within, async {
            let mut link = call.open("sync:").await?;
            if v2 { stat_v2(&mut link, remote).await } else { stat_v1(&mut link, remote).await }
        })
        .await
    }
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// Its name without folders.
    pub name: String,
    /// What it is.
    pub facts: FileFacts,
}

impl Device {
    /// The entries of a folder, without `.` and `..`. Neither version of the protocol tells a missing folder from an
    /// empty one.
    pub async fn list(&self, remote: &str, within: Duration) -> Result<Vec<FolderEntry>, AdbError> {
        let v2 = self.has_feature("ls_v2").await?;
        let doing = format!("list {remote}");
        let call = self.call(&doing);
        call.run(within, async {
            let mut link = call.open("sync:").await?;
            request(&mut link, if v2 { *b"LIS2" } else { *b"LIST" }, remote).await?;
            let mut entries = Vec::new();
            while let Some(entry) = folder_entry(&mut link, v2).await? {
                if entries.len() == MOST_ENTRIES {
                    return Err(Trouble::TooLong(MOST_ENTRIES));
                }
                entries.push(entry);
            }
            entries.retain(|entry| !matches!(entry.name.as_str(), "." | ".."));
            Ok(entries)
        })
        .await
    }
}

/// Version 1: `DENT`, mode, size, time, length of the name, name. Version 2: `DNT2`, then as in `STA2`, then length and
/// name. `DONE` with the same length of zeros ends the list.
async fn folder_entry(link: &mut Link, v2: bool) -> Result<Option<FolderEntry>, Trouble> {
    let mut head = vec![0; if v2 { 76 } else { 20 }];
    link.stream.read_exact(&mut head).await?;
    let u32_at = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let u64_at = |at: usize| u64::from(u32_at(at)) | u64::from(u32_at(at + 4)) << 32;
    let (facts, length) = match &head[..4] {
        b"DONE" => return Ok(None),
        b"DENT" => (FileFacts { mode: u32_at(4), size: u64::from(u32_at(8)), modified: u32_at(12).into() }, u32_at(16)),
        b"DNT2" => (FileFacts { mode: u32_at(24), size: u64_at(40), modified: u64_at(56).cast_signed() }, u32_at(72)),
        other => return Err(unexpected(other, 0)),
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > LONGEST_PATH {
        return Err(Trouble::TooLong(LONGEST_PATH));
    }
    let mut name = vec![0; length];
    link.stream.read_exact(&mut name).await?;
    Ok(Some(FolderEntry { name: String::from_utf8_lossy(&name).into_owned(), facts }))
}

async fn stat_v1(link: &mut Link, remote: &str) -> Result<Option<FileFacts>, Trouble> {
    request(link, *b"STAT", remote).await?;
    let mut id = [0; 4];
    link.stream.read_exact(&mut id).await?;
    if &id != b"STAT" {
        return Err(unexpected(&id, 0));
    }
    let mode = link.stream.read_u32_le().await?;
    let size = u64::from(link.stream.read_u32_le().await?);
    let modified = i64::from(link.stream.read_u32_le().await?);
    // A missing file is all zeros; no version of the protocol says more.
    Ok((mode != 0).then_some(FileFacts { mode, size, modified }))
}

/// Answer: id, error, dev u64, ino u64, mode, nlink, uid, gid, size u64, atime i64, mtime i64, ctime i64.
async fn stat_v2(link: &mut Link, remote: &str) -> Result<Option<FileFacts>, Trouble> {
    const ENOENT: u32 = 2;
    request(link, *b"STA2", remote).await?;
    let mut answer = [0; 72];
    link.stream.read_exact(&mut answer).await?;
    if &answer[..4] != b"STA2" {
        return Err(Trouble::Nonsense(format!("a stat answer that begins with {:?}", &answer[..4])));
    }
    let u32_at = |at: usize| u32::from_le_bytes([answer[at], answer[at + 1], answer[at + 2], answer[at + 3]]);
    let u64_at = |at: usize| u64::from(u32_at(at)) | u64::from(u32_at(at + 4)) << 32;
    match u32_at(4) {
        0 => Ok(Some(FileFacts { mode: u32_at(24), size: u64_at(40), modified: u64_at(56).cast_signed() })),
        ENOENT => Ok(None),
        errno => Err(Trouble::Refused { code: String::new(), message: format!("errno {errno}") }),
    }
}

async fn request(link: &mut Link, id: [u8; 4], path: &str) -> Result<(), Trouble> {
    if path.len() > LONGEST_PATH {
        return Err(Trouble::TooLong(LONGEST_PATH));
    }
    let length = u32::try_from(path.len()).unwrap_or(u32::MAX).to_le_bytes();
    let bytes = [id.as_slice(), &length, path.as_bytes()].concat();
    Ok(link.stream.write_all(&bytes).await?)
}

async fn send_block(link: &mut Link, block: &[u8]) -> Result<(), Trouble> {
    let length = u32::try_from(block.len()).unwrap_or(u32::MAX).to_le_bytes();
    let bytes = [b"DATA".as_slice(), &length, block].concat();
    if let Err(error) = link.stream.write_all(&bytes).await {
        // The device says why before it closes, for example that its disk is full.
        return Err(verdict(link).await.err().unwrap_or_else(|| error.into()));
    }
    Ok(())
}

async fn finish_send(link: &mut Link) -> Result<(), Trouble> {
    link.stream.write_all(&[b"DONE".as_slice(), &PUSHED_AT.to_le_bytes()].concat()).await?;
    verdict(link).await
}

async fn verdict(link: &mut Link) -> Result<(), Trouble> {
    let (id, length) = header(link).await?;
    match &id {
        b"OKAY" => Ok(()),
        b"FAIL" => Err(failure(link, length).await),
        _ => Err(unexpected(&id, length)),
    }
}

async fn header(link: &mut Link) -> Result<([u8; 4], usize), Trouble> {
    let mut id = [0; 4];
    link.stream.read_exact(&mut id).await?;
    let length = link.stream.read_u32_le().await?;
    Ok((id, usize::try_from(length).unwrap_or(usize::MAX)))
}

async fn failure(link: &mut Link, length: usize) -> Trouble {
    let mut message = vec![0; length.min(LONGEST_MESSAGE)];
    match link.stream.read_exact(&mut message).await {
        Ok(_) => Trouble::Refused { code: String::new(), message: String::from_utf8_lossy(&message).trim().to_owned() },
        Err(error) => error.into(),
    }
}

fn unexpected(id: &[u8], length: usize) -> Trouble {
    Trouble::Nonsense(format!("{:?} with a length of {length}", String::from_utf8_lossy(id)))
}

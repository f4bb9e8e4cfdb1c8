//! The `sync:` service: files to and from the device.
//! Source: AOSP `packages/modules/adb/daemon/file_sync_service.cpp`.

mod push;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::virtual_device::fs::{Actor, FilesError, Stat, path};
use crate::virtual_device::kernel_files;
use crate::virtual_device::machine::Machine;
use crate::virtual_device::pipe::{Intake, Pipe};
use crate::virtual_device::process::Bytes;
use wire::{MAX_DATA, MAX_PATH, Message, fail};

/// One client's session.
struct Session {
    machine: Arc<Machine>,
    from: Intake,
    to: mpsc::Sender<Bytes>,
}

/// Serves requests until the client quits, or breaks the rules.
pub async fn run(machine: Arc<Machine>, pipe: Pipe) {
    let Pipe { input, output, .. } = pipe;
    let mut session = Session { machine, from: Intake::new(input), to: output };
    while session.serve_one().await.is_some() {}
}

impl Session {
    /// Serves one request; `None` when it was the last.
    async fn serve_one(&mut self) -> Option<()> {
        let id: [u8; 4] = self.from.exact(4).await?.try_into().ok()?;
        let length = self.from.u32().await?;
        if length > MAX_PATH {
            self.say(fail("path too long")).await?;
            return None;
        }
        let path = self.from.exact(length as usize).await?;
        let Ok(path) = String::from_utf8(path) else {
            self.say(fail("path is no UTF-8")).await?;
            return None;
        };
        kernel_files::refresh_for_adbd(&self.machine, &path);
        match &id {
            b"QUIT" => None,
            b"STAT" => {
                let stat = self.stat(&path, false);
                self.say(wire::stat_v1(b"STAT", stat.as_ref().ok()).done()).await
            }
            b"LST2" | b"STA2" if self.machine.profile.has("stat_v2") => {
                let stat = self.stat(&path, &id == b"STA2");
                self.say(wire::stat_v2(&id, stat.as_ref().map_err(|error| *error)).done()).await
            }
            b"LIST" => self.list(&path, false).await,
            b"LIS2" if self.machine.profile.has("ls_v2") => self.list(&path, true).await,
            b"RECV" => self.receive(&path).await,
            b"RCV2" if self.machine.profile.has("sendrecv_v2") => {
                self.plain_setup(b"RCV2", 1).await?;
                self.receive(&path).await
            }
            b"SEND" => self.push(&path).await,
            b"SND2" if self.machine.profile.has("sendrecv_v2") => {
                let mode = self.plain_setup(b"SND2", 2).await?[0];
                self.store(&path, mode).await
            }
            _ => {
                self.say(fail(&format!("unknown command {}", id.escape_ascii()))).await?;
                None
            }
        }
    }

    fn actor(&self) -> Actor {
        Actor::new(self.machine.shell_uid(), self.machine.wall())
    }

    fn stat(&self, path: &str, follow: bool) -> Result<Stat, FilesError> {
        let (files, actor) = (self.machine.files(), self.actor());
        if follow { files.stat(actor, path) } else { files.link_stat(actor, path) }
    }

    async fn say(&self, message: Bytes) -> Option<()> {
        self.to.send(message).await.ok()
    }

    /// The second message of a version 2 transfer: the same four letters, then numbers, the last of them flags. Flags ask
    /// for compression, which this device never announces.
    async fn plain_setup(&mut self, id: &[u8; 4], numbers: usize) -> Option<Vec<u32>> {
        let again = self.from.exact(4).await?;
        let mut found = Vec::with_capacity(numbers);
        for _ in 0..numbers {
            found.push(self.from.u32().await?);
        }
        if again != id || found.last() != Some(&0) {
            self.say(fail("unsupported flags")).await?;
            return None;
        }
        Some(found)
    }

    /// The names in a folder, `.` and `..` among them; none at all for what can't be listed.
    async fn list(&mut self, folder: &str, second: bool) -> Option<()> {
        for message in self.entries(folder, second) {
            self.say(message).await?;
        }
        let rest = if second { 72 } else { 16 };
        self.say(Message::new(b"DONE").bytes(&vec![0; rest]).done()).await
    }

    fn entries(&self, folder: &str, second: bool) -> Vec<Bytes> {
        let (files, actor) = (self.machine.files(), self.actor());
        let Ok(inside) = files.list(actor, folder) else { return Vec::new() };
        let special = [".", ".."].map(|name| (name.to_owned(), files.stat(actor, &path::join(folder, name))));
        let inside = inside.into_iter().map(|(name, stat)| (name, Ok(stat)));
        let entry = |(name, stat): (String, Result<_, FilesError>)| {
            let message = match (second, &stat) {
                (true, stat) => wire::stat_v2(b"DNT2", stat.as_ref().map_err(|error| *error)),
                (false, stat) => wire::stat_v1(b"DENT", stat.as_ref().ok()),
            };
            message.counted(name.as_bytes()).done()
        };
        special.into_iter().chain(inside).map(entry).collect()
    }

    /// A file's bytes.
    async fn receive(&mut self, path: &str) -> Option<()> {
        let read = self.machine.files().read(self.actor(), path);
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(FilesError::IsFolder) => return self.say(fail("read failed: Is a directory")).await,
            Err(error) => return self.say(fail(&format!("open failed: {error}"))).await,
        };
        for piece in bytes.chunks(MAX_DATA as usize) {
            self.say(Message::new(b"DATA").counted(piece).done()).await?;
        }
        self.say(Message::new(b"DONE").u32(0).done()).await
    }
}

//! `SEND` and `SND2`: a file comes to the device.

use super::Session;
use super::wire::{MAX_DATA, Message, fail};
use crate::virtual_device::fs::{Actor, Files, FilesError, NodeId, Open};

const TYPE: u32 = 0o170_000;
const LINK: u32 = 0o120_000;

/// Where the bytes of a transfer go.
enum Sink {
    File(NodeId),
    Link(Vec<u8>),
    /// The transfer failed; the rest is swallowed and then this is said.
    Failed(String),
}

impl Session {
    /// `SEND`: the mode stands behind the path, in decimal.
    pub(super) async fn push(&mut self, request: &str) -> Option<()> {
        let parsed = request.rsplit_once(',').and_then(|(path, mode)| Some((path, mode.parse::<u32>().ok()?)));
        match parsed {
            Some((path, mode)) => self.store(path, mode).await,
            None => self.say(fail("missing , in ID_SEND")).await,
        }
    }

    /// Takes `DATA` until `DONE`, and answers.
    pub(super) async fn store(&mut self, path: &str, mode: u32) -> Option<()> {
        let mut sink = self.prepare(path, mode);
        let seconds = loop {
            let id = self.from.exact(4).await?;
            let number = self.from.u32().await?;
            match id.as_slice() {
                b"DATA" if number <= MAX_DATA => {
                    let bytes = self.from.exact(number as usize).await?;
                    self.pour(&mut sink, &bytes);
                }
                b"DONE" => break number,
                b"DATA" => {
                    self.say(fail("oversize data message")).await?;
                    return None;
                }
                _ => {
                    self.say(fail("invalid data message")).await?;
                    return None;
                }
            }
        };
        match self.finish(sink, path, mode, seconds) {
            Ok(()) => self.say(Message::new(b"OKAY").u32(0).done()).await,
            Err(message) => self.say(fail(&message)).await,
        }
    }

    fn prepare(&self, path: &str, mode: u32) -> Sink {
        let actor = self.actor();
        let mut files = self.machine.files();
        if mode & TYPE == LINK {
            return Sink::Link(Vec::new());
        }
        match open(&mut files, actor, path, mode) {
            Ok(id) => Sink::File(id),
            Err((what, error)) => Sink::Failed(format!("{what}: {error}")),
        }
    }

    fn pour(&self, sink: &mut Sink, bytes: &[u8]) {
        match sink {
            Sink::Link(target) if target.len() + bytes.len() <= super::wire::MAX_PATH as usize => target.extend(bytes),
            Sink::Link(_) => *sink = Sink::Failed("symlink target too long".into()),
            Sink::File(id) => {
                let written = self.machine.files().write_at(self.actor(), *id, None, bytes);
                if let Err(error) = written {
                    *sink = Sink::Failed(format!("write failed: {error}"));
                }
            }
            Sink::Failed(_) => {}
        }
    }

    fn finish(&self, sink: Sink, path: &str, mode: u32, seconds: u32) -> Result<(), String> {
        let actor = self.actor();
        let mut files = self.machine.files();
        match sink {
            Sink::Failed(message) => Err(message),
            Sink::Link(target) => {
                let target = String::from_utf8_lossy(&target).trim_end_matches('\0').to_owned();
                clear(&mut files, actor, path);
                let made = make_parents(&mut files, actor, path).and_then(|()| files.symlink(actor, &target, path));
                made.map_err(|error| format!("couldn't create symlink: {error}"))
            }
            Sink::File(_) => {
                // A file that is not ours (a device, another's) keeps its mode and time, as with adbd.
                let _ = files.set_mode(actor, path, spread(mode));
                let _ = files.set_modified(actor, path, i64::from(seconds) * 1000);
                Ok(())
            }
        }
    }
}

/// Makes the file anew, with every missing folder above it.
fn open(files: &mut Files, actor: Actor, path: &str, mode: u32) -> Result<NodeId, (&'static str, FilesError)> {
    clear(files, actor, path);
    make_parents(files, actor, path).map_err(|error| ("secure_mkdirs failed", error))?;
    files.create(actor, path, Open::Truncate, spread(mode)).map_err(|error| ("couldn't create file", error))
}

/// Takes a plain file or link at `path` away, if it may; what remains is overwritten.
fn clear(files: &mut Files, actor: Actor, path: &str) {
    if files.link_stat(actor, path).is_ok_and(|stat| stat.is_file() || stat.is_link()) {
        let _ = files.remove_file(actor, path);
    }
}

fn make_parents(files: &mut Files, actor: Actor, path: &str) -> Result<(), FilesError> {
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    if files.exists(actor, parent) || parent.is_empty() {
        return Ok(());
    }
    files.make_folders(actor, parent, 0o775)
}

/// The owner's bits for group and others too, as adbd gives them.
fn spread(mode: u32) -> u32 {
    let mode = mode & 0o777;
    let mode = mode | mode >> 3 & 0o070;
    mode | mode >> 3 & 0o007
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn the_owners_bits_go_to_all() {
        assert_eq!(spread(0o100_644), 0o666);
        assert_eq!(spread(0o755), 0o777);
        assert_eq!(spread(0o400), 0o444);
    }
}

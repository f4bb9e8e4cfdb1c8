//! Where a command writes to: a stream, a file, or nowhere.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::virtual_device::fs::{Actor, FilesError, NodeId};
use crate::virtual_device::machine::Machine;
use crate::virtual_device::process::Bytes;

/// A writable end. Clones share a file's offset.
#[derive(Clone)]
pub(super) enum Output {
    Stream(mpsc::Sender<Bytes>),
    File(Arc<OpenFile>),
    Nowhere,
}

/// A file open for writing.
pub(super) struct OpenFile {
    pub machine: Arc<Machine>,
    pub id: NodeId,
    pub uid: u32,
    /// `None` always writes at the end.
    pub offset: Option<Mutex<u64>>,
}

/// Why a write failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriteError {
    /// Nobody reads any more: SIGPIPE.
    Closed,
    /// The file system refuses.
    Refused(FilesError),
}

impl Output {
    pub async fn write(&self, bytes: Bytes) -> Result<(), WriteError> {
        if bytes.is_empty() {
            return Ok(());
        }
        match self {
            Self::Stream(sender) => sender.send(bytes).await.map_err(|_| WriteError::Closed),
            Self::File(file) => file.write(&bytes).map_err(WriteError::Refused),
            Self::Nowhere => Ok(()),
        }
    }

    /// Whether both write to the same open file.
    pub fn is_same_file(&self, other: &Self) -> bool {
        matches!((self, other), (Self::File(a), Self::File(b)) if Arc::ptr_eq(a, b))
    }
}

impl OpenFile {
    fn write(&self, bytes: &[u8]) -> Result<(), FilesError> {
        let actor = Actor::new(self.uid, self.machine.wall());
        let mut files = self.machine.files();
        let Some(offset) = &self.offset else { return files.write_at(actor, self.id, None, bytes) };
        let mut offset = offset.lock().unwrap_or_else(PoisonError::into_inner);
        files.write_at(actor, self.id, Some(*offset), bytes)?;
        *offset += bytes.len() as u64;
        Ok(())
    }
}

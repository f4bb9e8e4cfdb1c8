//! What the file system holds: nodes, and what can be asked about one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::WallMillis;

use super::files::NodeId;

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Bytes; shared, so that a reader's copy costs nothing.
    File(Arc<Vec<u8>>),
    /// Names in order.
    Folder(BTreeMap<String, NodeId>),
    /// A symbolic link's target.
    Link(String),
    /// A character device.
    Device(Device),
}

/// The character devices there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// `/dev/null`.
    Null,
    /// `/dev/zero`.
    Zero,
    /// `/dev/full`.
    Full,
    /// `/dev/random`, `/dev/urandom`.
    Random,
}

/// One node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: Kind,
    /// Permission bits, with set-id and sticky; without the type.
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub modified: WallMillis,
    /// How many names it has.
    pub links: u32,
}

/// What `stat` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Inode number.
    pub inode: u64,
    /// Type and permission bits, as `st_mode`.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Owner's group.
    pub gid: u32,
    /// Size in bytes.
    pub size: u64,
    /// Number of names.
    pub links: u32,
    /// Time of the last change of the content, milliseconds since 1970.
    pub modified: WallMillis,
    /// A symbolic link's target.
    pub target: Option<String>,
}

/// The type bits of `st_mode`.
pub const TYPE: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const DEVICE: u32 = 0o020_000;

impl Node {
    pub fn stat(&self, id: NodeId) -> Stat {
        let (kind, size, target) = match &self.kind {
            Kind::File(bytes) => (FILE, bytes.len() as u64, None),
            Kind::Folder(_) => (FOLDER, 4096, None),
            Kind::Link(target) => (LINK, target.len() as u64, Some(target.clone())),
            Kind::Device(_) => (DEVICE, 0, None),
        };
        Stat {
            inode: id.0,
            mode: kind | self.mode,
            uid: self.uid,
            gid: self.gid,
            size,
            links: self.links,
            modified: self.modified,
            target,
        }
    }
}

impl Stat {
    /// A folder.
    pub fn is_folder(&self) -> bool {
        self.mode & TYPE == FOLDER
    }

    /// A plain file.
    pub fn is_file(&self) -> bool {
        self.mode & TYPE == FILE
    }

    /// A symbolic link.
    pub fn is_link(&self) -> bool {
        self.mode & TYPE == LINK
    }

    /// A character device.
    pub fn is_device(&self) -> bool {
        self.mode & TYPE == DEVICE
    }

    /// The mode as `ls -l` prints it: ten characters.
    pub fn mode_words(&self) -> String {
        let kind = match self.mode & TYPE {
            FOLDER => 'd',
            LINK => 'l',
            DEVICE => 'c',
            _ => '-',
        };
        let mut words = String::from(kind);
        for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
            let bits = self.mode >> shift;
            words.push(if bits & 4 != 0 { 'r' } else { '-' });
            words.push(if bits & 2 != 0 { 'w' } else { '-' });
            words.push(match (self.mode & special != 0, bits & 1 != 0) {
                (true, true) => letter,
                (true, false) => letter.to_ascii_uppercase(),
                (false, true) => 'x',
                (false, false) => '-',
            });
        }
        words
    }
}

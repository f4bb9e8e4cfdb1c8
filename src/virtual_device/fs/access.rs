//! Who does something to a file, and whether they may.

use crate::clock::WallMillis;

use super::node::Node;

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// User id: 0 root, 1000 system, 2000 shell, 10000 and up apps.
    pub uid: u32,
    /// The device's time, for modification times.
    pub now: WallMillis,
    /// Bits that what it makes doesn't get.
    pub umask: u32,
}

/// Groups of the shell user (AOSP `AID_*`; those adbd keeps when it drops root).
const SHELL_GROUPS: [u32; 11] = [2000, 1003, 1004, 1007, 1011, 1015, 1028, 3001, 3002, 3003, 3006];

impl Actor {
    /// A user, at the given time, who keeps nothing back from others.
    pub const fn new(uid: u32, now: WallMillis) -> Self {
        Self { uid, now, umask: 0 }
    }

    /// Root, at the given time: the system's own doing.
    pub fn root(now: WallMillis) -> Self {
        Self::new(0, now)
    }

    fn is_in(self, group: u32) -> bool {
        match self.uid {
            2000 => SHELL_GROUPS.contains(&group),
            other => other == group,
        }
    }

    /// Whether all the wanted bits (4 read, 2 write, 1 execute) are granted.
    pub(super) fn may(self, node: &Node, wanted: u32) -> bool {
        if self.uid == 0 {
            let folder = matches!(node.kind, super::node::Kind::Folder(_));
            return wanted & 1 == 0 || folder || node.mode & 0o111 != 0;
        }
        let shift = if node.uid == self.uid {
            6
        } else if self.is_in(node.gid) {
            3
        } else {
            0
        };
        (node.mode >> shift) & wanted == wanted
    }
}

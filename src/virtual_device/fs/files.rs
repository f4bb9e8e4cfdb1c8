//! The tree and what can be done to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::access::Actor;
use super::error::FilesError;
use super::node::{Kind, Node, Stat};

/// Number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u64);

/// One device's files. Paths are absolute; see [`super::path::absolute`].
#[derive(Debug)]
pub struct Files {
    nodes: BTreeMap<NodeId, Node>,
    next: u64,
    /// Bytes in files.
    used: u64,
    /// Bytes there is room for.
    capacity: u64,
    /// Folders that can't be written below, whoever asks.
    read_only: Vec<String>,
}

/// How a file is opened for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Emptied first.
    Truncate,
    /// Left as it is.
    Keep,
}

impl Files {
    /// An empty tree with room for `capacity` bytes.
    pub fn new(capacity: u64) -> Self {
        let root = Node { kind: Kind::Folder(BTreeMap::new()), mode: 0o755, uid: 0, gid: 0, modified: 0, links: 2 };
        Self { nodes: BTreeMap::from([(NodeId(1), root)]), next: 2, used: 0, capacity, read_only: Vec::new() }
    }

    /// Bytes in files, and bytes there is room for.
    pub fn usage(&self) -> (u64, u64) {
        (self.used, self.capacity)
    }

    /// Changes how many bytes there is room for; what is there stays.
    pub fn set_capacity(&mut self, capacity: u64) {
        self.capacity = capacity;
    }

    /// Makes everything below `folder` unchangeable, or changeable again.
    pub fn set_read_only(&mut self, folder: &str, read_only: bool) {
        self.read_only.retain(|known| known != folder);
        if read_only {
            self.read_only.push(folder.to_owned());
        }
    }

    /// Whether `folder` was made unchangeable.
    pub fn is_read_only(&self, folder: &str) -> bool {
        self.read_only.iter().any(|known| known == folder)
    }

    /// What is at `path`; a link at the end is followed.
    pub fn stat(&self, actor: Actor, path: &str) -> Result<Stat, FilesError> {
        let id = self.find(actor, path, true)?;
        Ok(self.node(id)?.stat(id))
    }

    /// What is at `path`; a link at the end is told as such.
    pub fn link_stat(&self, actor: Actor, path: &str) -> Result<Stat, FilesError> {
        let id = self.find(actor, path, false)?;
        Ok(self.node(id)?.stat(id))
    }

    /// Whether something is at `path`.
    pub fn exists(&self, actor: Actor, path: &str) -> bool {
        self.stat(actor, path).is_ok()
    }

    /// Whether the actor may do `wanted` (4 read, 2 write, 1 execute) with what is at `path`.
    pub fn may(&self, actor: Actor, path: &str, wanted: u32) -> bool {
        let Ok(place) = self.walk(actor, path, true) else { return false };
        let Some(Ok(node)) = place.node.map(|id| self.node(id)) else { return false };
        actor.may(node, wanted) && (wanted & 2 == 0 || self.writable(&place.path).is_ok())
    }

    /// The absolute path without links, `.` and `..`; the last name may be missing.
    pub fn real_path(&self, actor: Actor, path: &str) -> Result<String, FilesError> {
        Ok(self.walk(actor, path, true)?.path)
    }

    /// A file's bytes.
    pub fn read(&self, actor: Actor, path: &str) -> Result<Arc<Vec<u8>>, FilesError> {
        match self.open(actor, path)? {
            Kind::File(bytes) => Ok(bytes),
            Kind::Device(_) => Ok(Arc::default()),
            Kind::Folder(_) => Err(FilesError::IsFolder),
            Kind::Link(_) => Err(FilesError::TooManyLinks),
        }
    }

    /// What a reader of `path` gets hold of: a file's bytes as they are now, or a device.
    pub fn open(&self, actor: Actor, path: &str) -> Result<Kind, FilesError> {
        let node = self.node(self.find(actor, path, true)?)?;
        if !actor.may(node, 4) {
            return Err(FilesError::Denied);
        }
        Ok(match &node.kind {
            Kind::Folder(_) => Kind::Folder(BTreeMap::new()),
            other => other.clone(),
        })
    }

    /// The names in a folder with what they are, in order of their bytes.
    pub fn list(&self, actor: Actor, path: &str) -> Result<Vec<(String, Stat)>, FilesError> {
        let node = self.node(self.find(actor, path, true)?)?;
        let Kind::Folder(entries) = &node.kind else { return Err(FilesError::NotFolder) };
        if !actor.may(node, 4) {
            return Err(FilesError::Denied);
        }
        entries.iter().map(|(name, id)| Ok((name.clone(), self.node(*id)?.stat(*id)))).collect()
    }

    /// Puts a whole file at `path`, with `mode` if it is new.
    pub fn write(&mut self, actor: Actor, path: &str, bytes: Vec<u8>, mode: u32) -> Result<(), FilesError> {
        let id = self.create(actor, path, Open::Truncate, mode)?;
        self.write_at(actor, id, Some(0), &bytes)
    }

    /// Puts a new file at `path` whose bytes are shared with others until one of them is written to.
    pub fn write_shared(
        &mut self,
        actor: Actor,
        path: &str,
        bytes: &Arc<Vec<u8>>,
        mode: u32,
    ) -> Result<(), FilesError> {
        if bytes.len() as u64 > self.capacity.saturating_sub(self.used) {
            return Err(FilesError::Full);
        }
        let id = self.create(actor, path, Open::Truncate, mode)?;
        self.used += bytes.len() as u64;
        self.node_mut(id)?.kind = Kind::File(bytes.clone());
        Ok(())
    }

    /// Opens `path` for writing and makes it if it is missing.
    pub fn create(&mut self, actor: Actor, path: &str, open: Open, mode: u32) -> Result<NodeId, FilesError> {
        let place = self.walk(actor, path, true)?;
        self.writable(&place.path)?;
        let Some(id) = place.node else {
            if path.ends_with('/') {
                return Err(FilesError::IsFolder);
            }
            return self.insert(actor, place.folder, place.name, Kind::File(Arc::default()), mode & !actor.umask);
        };
        let node = self.node(id)?;
        if matches!(node.kind, Kind::Folder(_)) {
            return Err(FilesError::IsFolder);
        }
        if !actor.may(node, 2) {
            return Err(FilesError::Denied);
        }
        if open == Open::Truncate {
            self.truncate(actor, id, 0)?;
        }
        Ok(id)
    }

    /// Writes into an open file at `offset`, or at its end. A file that was removed meanwhile swallows the bytes.
    pub fn write_at(&mut self, actor: Actor, id: NodeId, offset: Option<u64>, bytes: &[u8]) -> Result<(), FilesError> {
        let room = self.capacity.saturating_sub(self.used);
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(()) };
        let content = match &mut node.kind {
            Kind::File(content) => content,
            Kind::Device(super::node::Device::Full) => return Err(FilesError::Full),
            Kind::Device(_) => return Ok(()),
            _ => return Err(FilesError::IsFolder),
        };
        let at = usize::try_from(offset.unwrap_or(content.len() as u64)).map_err(|_| FilesError::Full)?;
        let end = at.checked_add(bytes.len()).ok_or(FilesError::Full)?;
        let grown = end.saturating_sub(content.len()) as u64;
        if grown > room {
            return Err(FilesError::Full);
        }
        let content = Arc::make_mut(content);
        if end > content.len() {
            content.resize(end, 0);
        }
        content[at..end].copy_from_slice(bytes);
        node.modified = actor.now;
        self.used += grown;
        Ok(())
    }

    /// Cuts or lengthens an open file.
    pub fn truncate(&mut self, actor: Actor, id: NodeId, length: u64) -> Result<(), FilesError> {
        let room = self.capacity.saturating_sub(self.used);
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(()) };
        let Kind::File(content) = &mut node.kind else { return Ok(()) };
        let before = content.len() as u64;
        if length.saturating_sub(before) > room {
            return Err(FilesError::Full);
        }
        let length = usize::try_from(length).map_err(|_| FilesError::Full)?;
        if length == 0 {
            *content = Arc::default();
        } else {
            Arc::make_mut(content).resize(length, 0);
        }
        node.modified = actor.now;
        self.used = self.used - before + length as u64;
        Ok(())
    }

    /// Makes one folder.
    pub fn make_folder(&mut self, actor: Actor, path: &str, mode: u32) -> Result<(), FilesError> {
        let place = self.walk(actor, path, true)?;
        if place.node.is_some() {
            return Err(FilesError::Exists);
        }
        self.writable(&place.path)?;
        self.insert(actor, place.folder, place.name, Kind::Folder(BTreeMap::new()), mode & !actor.umask)?;
        Ok(())
    }

    /// Makes a folder and every missing one above it; one that is there already is fine.
    pub fn make_folders(&mut self, actor: Actor, path: &str, mode: u32) -> Result<(), FilesError> {
        let mut so_far = String::new();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            so_far = format!("{so_far}/{name}");
            match self.stat(actor, &so_far) {
                Ok(stat) if stat.is_folder() => {}
                Ok(_) => return Err(FilesError::Exists),
                Err(FilesError::Missing) => self.make_folder(actor, &so_far, mode)?,
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Makes a symbolic link at `path` that says `target`.
    pub fn symlink(&mut self, actor: Actor, target: &str, path: &str) -> Result<(), FilesError> {
        let place = self.walk(actor, path, false)?;
        if place.node.is_some() {
            return Err(FilesError::Exists);
        }
        self.writable(&place.path)?;
        self.insert(actor, place.folder, place.name, Kind::Link(target.to_owned()), 0o777)?;
        Ok(())
    }

    /// Puts a character device at `path`.
    pub fn make_device(&mut self, actor: Actor, path: &str, device: super::node::Device) -> Result<(), FilesError> {
        let place = self.walk(actor, path, false)?;
        self.insert(actor, place.folder, place.name, Kind::Device(device), 0o666)?;
        Ok(())
    }

    /// Gives the file at `from` a second name.
    pub fn link(&mut self, actor: Actor, from: &str, to: &str) -> Result<(), FilesError> {
        let id = self.find(actor, from, true)?;
        if matches!(self.node(id)?.kind, Kind::Folder(_)) {
            return Err(FilesError::NotPermitted);
        }
        let place = self.walk(actor, to, false)?;
        if place.node.is_some() {
            return Err(FilesError::Exists);
        }
        self.writable(&place.path)?;
        self.entries(actor, place.folder)?.insert(place.name, id);
        self.node_mut(id)?.links += 1;
        Ok(())
    }

    /// Takes a name that is no folder away.
    pub fn remove_file(&mut self, actor: Actor, path: &str) -> Result<(), FilesError> {
        let place = self.walk(actor, path, false)?;
        let id = place.node.ok_or(FilesError::Missing)?;
        if matches!(self.node(id)?.kind, Kind::Folder(_)) {
            return Err(FilesError::IsFolder);
        }
        self.writable(&place.path)?;
        self.may_unlink(actor, place.folder, id)?;
        self.entries(actor, place.folder)?.remove(&place.name);
        self.unlink(id);
        Ok(())
    }

    /// Takes an empty folder away.
    pub fn remove_folder(&mut self, actor: Actor, path: &str) -> Result<(), FilesError> {
        let place = self.walk(actor, path, false)?;
        let id = place.node.ok_or(FilesError::Missing)?;
        let Kind::Folder(entries) = &self.node(id)?.kind else { return Err(FilesError::NotFolder) };
        if !entries.is_empty() {
            return Err(FilesError::NotEmpty);
        }
        self.writable(&place.path)?;
        self.may_unlink(actor, place.folder, id)?;
        self.entries(actor, place.folder)?.remove(&place.name);
        self.nodes.remove(&id);
        Ok(())
    }

    /// Takes whatever is at `path` away with all below it; nothing there is fine.
    pub fn remove_all(&mut self, actor: Actor, path: &str) -> Result<(), FilesError> {
        let mut todo = vec![path.to_owned()];
        while let Some(top) = todo.last().cloned() {
            let stat = match self.link_stat(actor, &top) {
                Ok(stat) => stat,
                Err(FilesError::Missing) => {
                    todo.pop();
                    continue;
                }
                Err(other) => return Err(other),
            };
            if !stat.is_folder() {
                self.remove_file(actor, &top)?;
                todo.pop();
                continue;
            }
            let inside = self.list(actor, &top)?;
            if inside.is_empty() {
                self.remove_folder(actor, &top)?;
                todo.pop();
            }
            todo.extend(inside.into_iter().map(|(name, _)| super::path::join(&top, &name)));
        }
        Ok(())
    }

    /// Moves `from` to `to`; a file there is replaced, an empty folder too.
    pub fn rename(&mut self, actor: Actor, from: &str, to: &str) -> Result<(), FilesError> {
        let source = self.walk(actor, from, false)?;
        let id = source.node.ok_or(FilesError::Missing)?;
        let target = self.walk(actor, to, false)?;
        if target.node == Some(id) {
            return Ok(());
        }
        if super::path::join(&target.path, "").starts_with(&super::path::join(&source.path, "")) {
            return Err(FilesError::Invalid);
        }
        self.writable(&source.path)?;
        self.writable(&target.path)?;
        self.may_unlink(actor, source.folder, id)?;
        self.make_way(actor, id, to, target.node)?;
        self.entries(actor, target.folder)?.insert(target.name, id);
        self.entries(actor, source.folder)?.remove(&source.name);
        Ok(())
    }

    fn make_way(&mut self, actor: Actor, id: NodeId, to: &str, there: Option<NodeId>) -> Result<(), FilesError> {
        let Some(there) = there else { return Ok(()) };
        let folder = |id| Ok::<_, FilesError>(matches!(self.node(id)?.kind, Kind::Folder(_)));
        match (folder(id)?, folder(there)?) {
            (true, true) => self.remove_folder(actor, to),
            (true, false) => Err(FilesError::NotFolder),
            (false, true) => Err(FilesError::IsFolder),
            (false, false) => self.remove_file(actor, to),
        }
    }

    /// Changes permission bits.
    pub fn set_mode(&mut self, actor: Actor, path: &str, mode: u32) -> Result<(), FilesError> {
        self.owned(actor, path)?.mode = mode & 0o7777;
        Ok(())
    }

    /// Changes owner and group; only root may.
    pub fn set_owner(&mut self, actor: Actor, path: &str, uid: u32, gid: u32) -> Result<(), FilesError> {
        if actor.uid != 0 {
            self.find(actor, path, true)?;
            return Err(FilesError::NotPermitted);
        }
        let node = self.owned(actor, path)?;
        (node.uid, node.gid) = (uid, gid);
        Ok(())
    }

    /// Sets the time of the last change.
    pub fn set_modified(&mut self, actor: Actor, path: &str, modified: i64) -> Result<(), FilesError> {
        self.owned(actor, path)?.modified = modified;
        Ok(())
    }

    fn owned(&mut self, actor: Actor, path: &str) -> Result<&mut Node, FilesError> {
        let place = self.walk(actor, path, true)?;
        let id = place.node.ok_or(FilesError::Missing)?;
        self.writable(&place.path)?;
        let node = self.node_mut(id)?;
        if actor.uid != 0 && actor.uid != node.uid {
            return Err(FilesError::NotPermitted);
        }
        Ok(node)
    }

    fn insert(
        &mut self,
        actor: Actor,
        folder: NodeId,
        name: String,
        kind: Kind,
        mode: u32,
    ) -> Result<NodeId, FilesError> {
        let id = NodeId(self.next);
        // A file in a set-group-id folder takes the folder's group (the shared storage is such a folder).
        let parent = self.node(folder)?;
        let gid = if parent.mode & 0o2000 != 0 { parent.gid } else { actor.uid };
        let links = if matches!(kind, Kind::Folder(_)) { 2 } else { 1 };
        self.entries(actor, folder)?.insert(name, id);
        let node = Node { kind, mode: mode & 0o7777, uid: actor.uid, gid, modified: actor.now, links };
        self.nodes.insert(id, node);
        self.node_mut(folder)?.modified = actor.now;
        self.next += 1;
        Ok(id)
    }

    fn entries(&mut self, actor: Actor, folder: NodeId) -> Result<&mut BTreeMap<String, NodeId>, FilesError> {
        let node = self.node_mut(folder)?;
        if !actor.may(node, 3) {
            return Err(FilesError::Denied);
        }
        match &mut node.kind {
            Kind::Folder(entries) => Ok(entries),
            _ => Err(FilesError::NotFolder),
        }
    }

    /// In a sticky folder only the owner takes a name away.
    fn may_unlink(&self, actor: Actor, folder: NodeId, id: NodeId) -> Result<(), FilesError> {
        let (parent, node) = (self.node(folder)?, self.node(id)?);
        if !actor.may(parent, 3) {
            return Err(FilesError::Denied);
        }
        let mine = actor.uid == 0 || actor.uid == node.uid || actor.uid == parent.uid;
        if parent.mode & 0o1000 != 0 && !mine { Err(FilesError::NotPermitted) } else { Ok(()) }
    }

    fn unlink(&mut self, id: NodeId) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        node.links = node.links.saturating_sub(1);
        if node.links > 0 {
            return;
        }
        if let Some(Node { kind: Kind::File(bytes), .. }) = self.nodes.remove(&id) {
            self.used = self.used.saturating_sub(bytes.len() as u64);
        }
    }

    fn writable(&self, path: &str) -> Result<(), FilesError> {
        let below = |folder: &String| path == folder || path.starts_with(&super::path::join(folder, ""));
        if self.read_only.iter().any(below) { Err(FilesError::ReadOnly) } else { Ok(()) }
    }

    fn find(&self, actor: Actor, path: &str, follow: bool) -> Result<NodeId, FilesError> {
        self.walk(actor, path, follow)?.node.ok_or(FilesError::Missing)
    }

    pub(super) fn root(&self) -> NodeId {
        NodeId(1)
    }

    pub(super) fn node(&self, id: NodeId) -> Result<&Node, FilesError> {
        self.nodes.get(&id).ok_or(FilesError::Missing)
    }

    fn node_mut(&mut self, id: NodeId) -> Result<&mut Node, FilesError> {
        self.nodes.get_mut(&id).ok_or(FilesError::Missing)
    }
}

//! From a path to a node.

use super::access::Actor;
use super::error::FilesError;
use super::files::{Files, NodeId};
use super::node::Kind;

/// Links followed at most, as Linux.
const MAX_LINKS: usize = 40;
/// Longest name, in bytes, as Linux.
const MAX_NAME: usize = 255;
/// Longest path, in bytes, as Linux.
const MAX_PATH: usize = 4096;

/// Where a path leads: the folder that holds (or would hold) the last name, the name, and the node if it is there.
pub(super) struct Place {
    pub folder: NodeId,
    pub name: String,
    pub node: Option<NodeId>,
    /// The absolute path without links, `.` and `..`.
    pub path: String,
}

/// Where the walk stands.
struct Walk {
    /// The folders from the root down to here, with their names.
    trail: Vec<(String, NodeId)>,
    /// Names still to go, last one first.
    todo: Vec<String>,
    links: usize,
    /// The path ends with a slash: it names a folder or nothing.
    must_be_folder: bool,
}

impl Files {
    /// Walks an absolute path. `follow` says whether a link at the very end is followed.
    pub(super) fn walk(&self, actor: Actor, path: &str, follow: bool) -> Result<Place, FilesError> {
        if path.is_empty() {
            return Err(FilesError::Missing);
        }
        if path.len() > MAX_PATH {
            return Err(FilesError::NameTooLong);
        }
        let must_be_folder = path.ends_with('/') || path.ends_with("/.");
        let trail = vec![(String::new(), self.root())];
        let mut walk = Walk { trail, todo: names(path), links: 0, must_be_folder };
        while let Some(name) = walk.todo.pop() {
            if let Some(place) = self.step(actor, &mut walk, name, follow || must_be_folder)? {
                return Ok(place);
            }
        }
        let here = walk.here();
        let name = walk.trail.last().map(|(name, _)| name.clone()).unwrap_or_default();
        let folder = walk.trail.iter().rev().nth(1).map_or(here, |(_, id)| *id);
        Ok(Place { folder, name, node: Some(here), path: walk.path() })
    }

    fn step(&self, actor: Actor, walk: &mut Walk, name: String, follow: bool) -> Result<Option<Place>, FilesError> {
        if name == ".." {
            if walk.trail.len() > 1 {
                walk.trail.pop();
            }
            return Ok(None);
        }
        if name.len() > MAX_NAME {
            return Err(FilesError::NameTooLong);
        }
        let here = walk.here();
        let folder = self.node(here)?;
        let Kind::Folder(entries) = &folder.kind else { return Err(FilesError::NotFolder) };
        if !actor.may(folder, 1) {
            return Err(FilesError::Denied);
        }
        let last = walk.todo.is_empty();
        let Some(found) = entries.get(&name).copied() else {
            if !last {
                return Err(FilesError::Missing);
            }
            let path = join(&walk.path(), &name);
            return Ok(Some(Place { folder: here, name, node: None, path }));
        };
        match &self.node(found)?.kind {
            Kind::Link(target) if !last || follow => walk.follow(target)?,
            Kind::Folder(_) => walk.trail.push((name, found)),
            // A slash behind the name of what is no folder (Linux's ENOTDIR).
            _ if last && walk.must_be_folder => return Err(FilesError::NotFolder),
            _ if last => {
                let path = join(&walk.path(), &name);
                return Ok(Some(Place { folder: here, name, node: Some(found), path }));
            }
            _ => return Err(FilesError::NotFolder),
        }
        Ok(None)
    }
}

impl Walk {
    fn here(&self) -> NodeId {
        self.trail.last().map_or(NodeId(1), |(_, id)| *id)
    }

    fn path(&self) -> String {
        let path: Vec<&str> = self.trail.iter().skip(1).map(|(name, _)| name.as_str()).collect();
        format!("/{}", path.join("/"))
    }

    fn follow(&mut self, target: &str) -> Result<(), FilesError> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(FilesError::TooManyLinks);
        }
        if target.starts_with('/') {
            self.trail.truncate(1);
        }
        self.todo.extend(names(target));
        Ok(())
    }
}

fn join(folder: &str, name: &str) -> String {
    super::path::join(folder, name)
}

fn names(path: &str) -> Vec<String> {
    path.split('/').filter(|name| !name.is_empty() && *name != ".").rev().map(str::to_owned).collect()
}

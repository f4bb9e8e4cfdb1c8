//! Reading a package's files, from a folder or from an archive, each once and in order.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::Fault;
use super::archive::Archive;
use super::bag::is_plain;

/// Files in a package at the most: a bound against bombs.
const MOST_FILES: usize = 1_000_000;
/// Folders inside folders at the most.
const DEEPEST: usize = 10;

/// The files of a package.
pub(super) enum Members {
    /// In a folder; the names that are there.
    Folder { root: PathBuf, names: BTreeSet<String> },
    /// In an archive, which is read from front to back.
    Archive(Box<Archive<BufReader<File>>>),
}

impl Members {
    /// Opens a package. Links and special files are refused, whether they are the package or in it.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let place = path.display().to_string();
        let kind = fs::symlink_metadata(path).map_err(Fault::unreadable(&place))?;
        if kind.is_dir() {
            let mut names = BTreeSet::new();
            walk(path, "", 0, &mut names)?;
            return Ok(Self::Folder { root: path.to_owned(), names });
        }
        if !kind.is_file() {
            return Err(Fault::hostile(&place, "neither a folder nor a plain file"));
        }
        let file = File::open(path).map_err(Fault::unreadable(&place))?;
        Ok(Self::Archive(Box::new(Archive::new(BufReader::with_capacity(256 << 10, file)))))
    }

    /// Hands the next file, which has to have this name, to `read`.
    pub fn with<T>(&mut self, name: &str, read: impl FnOnce(&mut dyn Read) -> Result<T, Fault>) -> Result<T, Fault> {
        match self {
            Self::Folder { root, names } => {
                if !names.contains(name) {
                    return Err(Fault::Missing { place: name.to_owned() });
                }
                let mut file = File::open(root.join(name)).map_err(Fault::unreadable(name))?;
                read(&mut file)
            }
            Self::Archive(archive) => {
                archive.open(name)?;
                let done = read(archive.as_mut())?;
                archive.close(name)?;
                Ok(done)
            }
        }
    }

    /// Reads the next file whole, when it is text and not longer than `most` bytes.
    pub fn text(&mut self, name: &str, most: u64) -> Result<String, Fault> {
        self.with(name, |from| {
            let mut bytes = Vec::new();
            from.take(most + 1).read_to_end(&mut bytes).map_err(Fault::unreadable(name))?;
            if bytes.len() as u64 > most {
                return Err(Fault::hostile(name, format!("longer than {most} bytes")));
            }
            String::from_utf8(bytes).map_err(|_| Fault::malformed(name, "not UTF-8"))
        })
    }

    /// Whether these are all files of a folder. An archive is asked at its end, by [`Members::finish`].
    pub fn only(&self, expected: &BTreeSet<&str>) -> Result<(), Fault> {
        let Self::Folder { names, .. } = self else { return Ok(()) };
        if let Some(missing) = expected.iter().find(|name| !names.contains(**name)) {
            return Err(Fault::Missing { place: (*missing).to_owned() });
        }
        match names.iter().find(|name| !expected.contains(name.as_str())) {
            Some(extra) => Err(Fault::Extra { place: extra.clone() }),
            None => Ok(()),
        }
    }

    /// Ends the reading: nothing may be left.
    pub fn finish(self, place: &str) -> Result<(), Fault> {
        match self {
            Self::Folder { .. } => Ok(()),
            Self::Archive(archive) => archive.finish(place),
        }
    }
}

fn walk(folder: &Path, prefix: &str, depth: usize, names: &mut BTreeSet<String>) -> Result<(), Fault> {
    let place = if prefix.is_empty() { "." } else { prefix };
    if depth > DEEPEST {
        return Err(Fault::hostile(place, "folders too deep"));
    }
    let mut empty = true;
    for entry in fs::read_dir(folder).map_err(Fault::unreadable(place))? {
        let entry = entry.map_err(Fault::unreadable(place))?;
        empty = false;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(Fault::unreadable(&name))?;
        if kind.is_symlink() || !(kind.is_dir() || kind.is_file()) {
            return Err(Fault::hostile(&name, "a link or a special file"));
        }
        if !is_plain(&name) {
            return Err(Fault::Extra { place: name });
        }
        if kind.is_dir() {
            walk(&entry.path(), &format!("{name}/"), depth + 1, names)?;
        } else if names.len() >= MOST_FILES {
            return Err(Fault::hostile(place, format!("more than {MOST_FILES} files")));
        } else {
            names.insert(name);
        }
    }
    match empty && depth > 0 {
        true => Err(Fault::Extra { place: prefix.to_owned() }),
        false => Ok(()),
    }
}

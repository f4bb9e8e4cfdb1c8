//! Reading a package's files, from a folder or from an archive, each once and in order.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use super::archive::Archive;
use super::bag::{DECLARATION, is_plain};
use super::manifest::Manifest;
use super::tarball::Tarball;
use super::{Fault, review};

/// How a packed archive begins (RFC 8878 3.1.1).
const ZSTANDARD: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();
/// Most bytes that are unpacked from a packed archive: a bound against bombs.
pub(super) const MOST_UNPACKED: u64 = 64 << 30;
/// Files in a package at the most: a bound against bombs.
const MOST_FILES: usize = 1_000_000;
/// Folders inside folders at the most.
const DEEPEST: usize = 10;

/// The files of a package.
pub(super) enum Members {
    /// In a folder, in which nothing but folders and plain files is.
    Folder { root: PathBuf },
    /// In an archive, which is read from front to back.
    Archive(Box<Archive<BufReader<File>>>),
    /// In a packed archive, which is read from front to back.
    Tarball(Box<Tarball<BufReader<File>>>),
}

impl Members {
    /// Opens a package. Links and special files are refused, whether they are the package or in it.
    ///
    /// `remember`: where the members of a packed archive begin will be asked for.
    pub fn open(path: &Path, remember: bool) -> Result<Self, Fault> {
        let unopened = |source| Fault::Unopened { source };
        let kind = fs::symlink_metadata(path).map_err(unopened)?;
        if kind.is_dir() {
            if fs::symlink_metadata(path.join(DECLARATION)).is_err() {
                return Err(Fault::NoPackage);
            }
            walk(path, &mut |_| {})?;
            return Ok(Self::Folder { root: path.to_owned() });
        }
        if !kind.is_file() {
            return Err(Fault::hostile(".", "neither a folder nor a plain file"));
        }
        let mut file = File::open(path).map_err(unopened)?;
        let mut magic = Vec::new();
        (&mut file).take(4).read_to_end(&mut magic).map_err(unopened)?;
        file.rewind().map_err(unopened)?;
        if magic == ZSTANDARD {
            return Ok(Self::Tarball(Box::new(Tarball::new(BufReader::with_capacity(256 << 10, file), remember))));
        }
        Ok(Self::Archive(Box::new(Archive::new(BufReader::with_capacity(256 << 10, file)))))
    }

    /// Hands the next file, which has to have this name, to `read`.
    pub fn with<T>(&mut self, name: &str, read: impl FnOnce(&mut dyn Read) -> Result<T, Fault>) -> Result<T, Fault> {
        match self {
            Self::Folder { root } => match File::open(root.join(name)) {
                Ok(mut file) => read(&mut file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Fault::Missing { place: name.to_owned() }),
                Err(error) => Err(Fault::unreadable(name)(error)),
            },
            Self::Archive(archive) => {
                archive.open(name)?;
                let done = read(archive.as_mut())?;
                archive.close(name)?;
                Ok(done)
            }
            Self::Tarball(tarball) => {
                tarball.open(name)?;
                let done = read(tarball.as_mut())?;
                tarball.close(name)?;
                Ok(done)
            }
        }
    }

    /// Reads the next file whole, when it is text and not longer than `most` bytes.
    pub fn text(&mut self, name: &str, most: u64) -> Result<String, Fault> {
        String::from_utf8(self.bytes(name, most)?).map_err(|_| Fault::malformed(name, "not UTF-8"))
    }

    /// Reads the next file whole, when it is not longer than `most` bytes.
    pub fn bytes(&mut self, name: &str, most: u64) -> Result<Vec<u8>, Fault> {
        self.with(name, |from| {
            let mut bytes = Vec::new();
            from.take(most + 1).read_to_end(&mut bytes).map_err(Fault::unreadable(name))?;
            if bytes.len() as u64 > most {
                return Err(Fault::hostile(name, format!("longer than {most} bytes")));
            }
            Ok(bytes)
        })
    }

    /// Whether the bag's own files and those of the manifest are all files of a folder. An archive is asked at its end, by
    /// [`Members::finish`].
    pub fn only(&self, tags: &[&str], manifest: &Manifest) -> Result<(), Fault> {
        let Self::Folder { root } = self else { return Ok(()) };
        let (mut there, mut extra) = (0, None::<String>);
        walk(root, &mut |name| {
            if tags.contains(&name) || manifest.lists(name) {
                there += 1;
            } else if extra.as_deref().is_none_or(|extra| name < extra) {
                extra = Some(name.to_owned());
            }
        })?;
        if there < tags.len() + manifest.len() {
            let mut names = tags.iter().map(|tag| (*tag).to_owned()).chain(manifest.lines().map(|line| line.path));
            let missing = names.find(|name| !root.join(name).is_file());
            return Err(Fault::Missing { place: missing.unwrap_or_default() });
        }
        extra.map_or(Ok(()), |place| Err(Fault::Extra { place }))
    }

    /// Most bytes of the payload that are read.
    pub fn most(&self) -> u64 {
        match self {
            Self::Folder { .. } | Self::Archive(_) => u64::MAX - 1,
            Self::Tarball(_) => MOST_UNPACKED,
        }
    }

    /// Ends the reading: nothing may be left. Where each member of a packed archive begins, if that was asked for.
    pub fn finish(self, place: &str) -> Result<BTreeMap<String, u64>, Fault> {
        match self {
            Self::Folder { .. } => Ok(BTreeMap::new()),
            Self::Archive(archive) => archive.finish(place).map(|()| BTreeMap::new()),
            Self::Tarball(tarball) => tarball.finish(place),
        }
    }
}

/// Tells the path of every file of a package that is a folder, and refuses what no package holds. What people say of it
/// stands beside the sealed part and is not told; `review` reads and checks it.
fn walk(root: &Path, tell: &mut dyn FnMut(&str)) -> Result<(), Fault> {
    let mut files = 0;
    walk_below(root, "", 0, &mut |name| {
        files += 1;
        if name.split('/').next() != Some(review::FOLDER) {
            tell(name);
        }
        match files > MOST_FILES {
            true => Err(Fault::hostile(name, format!("more than {MOST_FILES} files"))),
            false => Ok(()),
        }
    })
}

fn walk_below(
    folder: &Path,
    prefix: &str,
    depth: usize,
    tell: &mut dyn FnMut(&str) -> Result<(), Fault>,
) -> Result<(), Fault> {
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
        match kind.is_dir() {
            true => walk_below(&entry.path(), &format!("{name}/"), depth + 1, tell)?,
            false => tell(&name)?,
        }
    }
    match empty && depth > 0 {
        true => Err(Fault::Extra { place: prefix.to_owned() }),
        false => Ok(()),
    }
}

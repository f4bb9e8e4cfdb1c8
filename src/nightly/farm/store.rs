//! The object store: packages go in file by file, are read back and compared, and come out again whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::evidence;
use crate::journal::digest;
use crate::journal::entry::Digest;
use crate::nightly::folder::with_ending;

use super::error::FarmError;
use super::record::PackageAt;
use super::s3;

/// Files of a package that are under way at once.
const AT_ONCE: usize = 8;
/// Longest name of a file in a package, with its folders, in bytes: far above what a package has.
const LONGEST_NAME: usize = 1024;

/// An object store, or a part of one.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// Where ours begin.
    root: Place,
    /// As it is shown: without anything secret.
    shown: String,
}

impl Store {
    /// Opens `file:///DIR` or `s3://BUCKET/PREFIX`. What S3 needs besides (keys, region, endpoint) comes from the usual
    /// `AWS_…` variables.
    pub fn open(given: &str) -> Result<Self, FarmError> {
        let wrong = |why: String| FarmError::Given { what: "--store", why };
        if let Some(folder) = given.strip_prefix("file://") {
            return Self::folder(Path::new(folder)).map_err(wrong);
        }
        if let Some(rest) = given.strip_prefix("s3://") {
            let s3::Bucket { objects, root, shown } = s3::open(rest).map_err(wrong)?;
            return Ok(Self { objects, root, shown });
        }
        // The text itself is not repeated: it may hold a secret.
        Err(wrong("give file:///FOLDER or s3://BUCKET/PREFIX".into()))
    }

    fn folder(folder: &Path) -> Result<Self, String> {
        if !folder.is_absolute() {
            return Err("a folder is given from the root on: file:///FOLDER".into());
        }
        fs::create_dir_all(folder).map_err(|error| format!("can't make the folder {}: {error}", folder.display()))?;
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(|error| error.to_string())?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects), root: Place::default(), shown: format!("file://{}", folder.display()) })
    }

    /// Puts a package in at a place, reads it back, and compares every file with the one here.
    pub async fn put(&self, package: &Path, place: &str) -> Result<PackageAt, FarmError> {
        let seen = evidence::verify(package)
            .map_err(|fault| FarmError::Package { place: package.display().to_string(), why: fault.to_string() })?;
        let root = self.at(place)?;
        let files = files_of(package).map_err(|error| self.failed("read the package here", error))?;
        let each = files.into_iter().map(|name| self.put_file(package, name, &root));
        let bytes: Vec<u64> = stream::iter(each).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(PackageAt {
            place: place.to_owned(),
            digest: seen.digest,
            files: bytes.len() as u64,
            bytes: bytes.iter().sum(),
        })
    }

    /// One file in, back, and compared; its length.
    async fn put_file(&self, package: &Path, name: String, root: &Place) -> Result<u64, FarmError> {
        let place = below(root, &name).ok_or_else(|| self.failed("name a file", &name))?;
        let (sent, bytes) = self.send(&package.join(&name), &place).await.map_err(|e| self.failed("write", e))?;
        let kept = self.digest_of(&place).await.map_err(|e| self.failed("read back", e))?;
        match kept == sent {
            true => Ok(bytes),
            false => Err(FarmError::Package { place: place.to_string(), why: "it reads back differently".into() }),
        }
    }

    /// Sends a file; its digest and length.
    async fn send(&self, file: &Path, place: &Place) -> std::io::Result<(Digest, u64)> {
        let mut from = tokio::fs::File::open(file).await?;
        let mut to = BufWriter::new(self.objects.clone(), place.clone());
        let mut hashing = digest::Running::default();
        let mut buffer = vec![0; 256 << 10];
        loop {
            let n = from.read(&mut buffer).await?;
            if n == 0 {
                break;
            }
            hashing.update(&buffer[..n]);
            to.write_all(&buffer[..n]).await?;
        }
        to.shutdown().await?;
        Ok(hashing.finish())
    }

    async fn digest_of(&self, place: &Place) -> object_store::Result<Digest> {
        let mut from = self.objects.get(place).await?.into_stream();
        let mut hashing = digest::Running::default();
        while let Some(part) = from.try_next().await? {
            hashing.update(&part);
        }
        Ok(hashing.finish().0)
    }

    /// Fetches a package to a folder. It is there whole and verified, or not at all.
    pub async fn fetch(&self, package: &PackageAt, to: &Path) -> Result<(), FarmError> {
        let wrong = |why: String| FarmError::Package { place: package.place.clone(), why };
        let draft = with_ending(to, ".unfinished");
        let here = |error: std::io::Error| wrong(format!("can't keep it in {}: {error}", draft.display()));
        if draft.exists() {
            fs::remove_dir_all(&draft).map_err(here)?;
        }
        let root = self.at(&package.place)?;
        let listed = self.list(&root, package).await?;
        let each = listed.into_iter().map(|object| self.fetch_file(object, &root, &draft));
        stream::iter(each).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
        let seen = evidence::verify(&draft).map_err(|fault| wrong(fault.to_string()))?;
        if seen.digest != package.digest {
            return Err(wrong("it is another package than the one that was handed in".into()));
        }
        fs::rename(&draft, to).map_err(here)
    }

    /// The files of a package: as many and as long as was said, or it is not read at all.
    async fn list(&self, root: &Place, package: &PackageAt) -> Result<Vec<ObjectMeta>, FarmError> {
        let most = usize::try_from(package.files).unwrap_or(usize::MAX).saturating_add(1);
        let listed: Vec<ObjectMeta> =
            self.objects.list(Some(root)).take(most).try_collect().await.map_err(|e| self.failed("list", e))?;
        let bytes: u64 = listed.iter().map(|object| object.size).sum();
        if listed.len() as u64 != package.files || bytes != package.bytes {
            let why = format!(
                "{} files with {bytes} bytes are there, {} with {} were handed in",
                listed.len(),
                package.files,
                package.bytes
            );
            return Err(FarmError::Package { place: package.place.clone(), why });
        }
        Ok(listed)
    }

    async fn fetch_file(&self, object: ObjectMeta, root: &Place, draft: &Path) -> Result<(), FarmError> {
        let name = within(root, &object.location).ok_or_else(|| FarmError::Package {
            place: object.location.to_string(),
            why: "its name may lead outside the package".into(),
        })?;
        let kept = self.keep(&object, &draft.join(name)).await;
        kept.map_err(|error| self.failed("fetch", error))
    }

    async fn keep(&self, object: &ObjectMeta, to: &Path) -> std::io::Result<()> {
        if let Some(folder) = to.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        let mut file = tokio::fs::File::create(to).await?;
        let mut from = self.objects.get(&object.location).await?.into_stream();
        let mut left = object.size;
        while let Some(part) = from.try_next().await? {
            left = left.checked_sub(part.len() as u64).ok_or_else(|| std::io::Error::other("longer than was said"))?;
            file.write_all(&part).await?;
        }
        file.sync_all().await
    }

    /// Writes, reads and removes a small object: whether the store takes anything at all is known before the first case.
    pub async fn try_out(&self, place: &str) -> Result<(), FarmError> {
        let place = self.at(place)?;
        let trial = async {
            self.objects.put(&place, b"AppWitness tries the store".to_vec().into()).await?;
            self.objects.get(&place).await?.bytes().await?;
            self.objects.delete(&place).await
        };
        trial.await.map_err(|error: object_store::Error| self.failed("write a first object", error))
    }

    fn at(&self, place: &str) -> Result<Place, FarmError> {
        below(&self.root, place).ok_or_else(|| self.failed("name a place", place))
    }

    fn failed(&self, doing: &'static str, why: impl std::fmt::Display) -> FarmError {
        FarmError::Store { store: self.shown.clone(), doing, why: why.to_string() }
    }
}

/// A place below another; `None` when the name is not plain.
fn below(root: &Place, name: &str) -> Option<Place> {
    let plain = name.split('/').all(is_plain) && name.len() <= LONGEST_NAME;
    plain.then(|| name.split('/').fold(root.clone(), |place, part| place.join(part)))
}

/// The name of an object below a place, as a relative path; `None` when it may lead elsewhere.
fn within(root: &Place, object: &Place) -> Option<PathBuf> {
    let parts: Vec<_> = object.prefix_match(root)?.collect();
    let plain = !parts.is_empty() && parts.iter().all(|part| is_plain(part.as_ref()));
    plain.then(|| parts.iter().map(AsRef::as_ref).collect())
}

fn is_plain(part: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !part.is_empty() && part != "." && part != ".." && part.chars().all(known)
}

/// Names of all files in a folder, below it, with `/` between; links and strange names are errors.
fn files_of(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut open = vec![String::new()];
    while let Some(prefix) = open.pop() {
        for entry in fs::read_dir(folder.join(&prefix))? {
            let entry = entry?;
            let strange = || std::io::Error::other(format!("{}: a strange name", entry.path().display()));
            let name = entry.file_name().into_string().ok().filter(|name| is_plain(name)).ok_or_else(strange)?;
            let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            match entry.file_type()? {
                kind if kind.is_dir() => open.push(name),
                kind if kind.is_file() => names.push(name),
                _ => return Err(strange()),
            }
        }
    }
    Ok(names)
}

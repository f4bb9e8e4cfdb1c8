//! Reading the sealed packages in a run's folder, in whatever form they are.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use crate::evidence::{self, Opened};
use crate::journal::entry::Digest;
use crate::journal::{Entry, ExhibitRef, Journal};
use crate::report::summary::Case;

/// The journal of a package; `None` when it can't be read. An archive is checked on the way.
pub fn journal(package: &Path) -> Option<Vec<Entry>> {
    if package.is_dir() {
        return Journal::read(&package.join("data")).ok().map(|record| record.entries);
    }
    evidence::open(package).ok().map(|opened| opened.entries)
}

/// The packages of a run. What is asked of one archive after the other opens each once.
pub struct Stored<'a> {
    run: &'a Path,
    open: RefCell<Option<(PathBuf, Option<Opened>)>>,
}

impl<'a> Stored<'a> {
    /// Those in the folder of a run.
    pub fn of(run: &'a Path) -> Self {
        Self { run, open: RefCell::default() }
    }

    /// The journal in a case's package; empty when there is none that can be read.
    pub fn entries(&self, case: &Case) -> Vec<Entry> {
        let Some(package) = self.package(case) else { return Vec::new() };
        match package.is_dir() {
            true => journal(&package).unwrap_or_default(),
            false => self.archive(package, |opened| Some(opened.entries.clone())).unwrap_or_default(),
        }
    }

    /// The picture of this digest in a case's package.
    pub fn picture(&self, case: &Case, digest: &Digest) -> Option<Vec<u8>> {
        let picture = ExhibitRef { sha256: digest.clone(), media: "image/png".into(), bytes: 0 };
        let package = self.package(case)?;
        match package.is_dir() {
            true => std::fs::read(package.join("data").join(picture.path()?)).ok(),
            false => self.archive(package, |opened| opened.exhibit(&picture)),
        }
    }

    fn package(&self, case: &Case) -> Option<PathBuf> {
        Some(self.run.join(case.package.as_ref()?))
    }

    fn archive<T>(&self, package: PathBuf, read: impl FnOnce(&Opened) -> Option<T>) -> Option<T> {
        let mut open = self.open.borrow_mut();
        if open.as_ref().is_none_or(|(path, _)| *path != package) {
            let opened = evidence::open(&package).ok();
            *open = Some((package, opened));
        }
        open.as_ref().and_then(|(_, opened)| opened.as_ref()).and_then(read)
    }
}

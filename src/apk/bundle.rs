//! Bundles of APKs: `.xapk` (APKPure), `.apks` (bundletool, SAI), `.apkm` (APKMirror). All are zips; what differs is
//! what lies beside the APKs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::ApkError;
use super::{MOST_FILES, facts, has_extension};

/// Most that is unpacked of one bundle, in bytes.
const MOST_UNPACKED: u64 = 4 << 30;
/// Most names of a bundle that are listed as left out.
const MOST_LISTED: usize = 100;
/// Most entries of a bundle.
const MOST_ENTRIES: usize = 100_000;

/// What came out of a bundle.
pub(super) struct Unpacked {
    pub(super) files: Vec<PathBuf>,
    pub(super) left_out: Vec<String>,
}

/// Whether the name is that of a bundle.
pub(super) fn is_bundle(path: &Path) -> bool {
    ["xapk", "apks", "apkm"].into_iter().any(|extension| has_extension(path, extension))
}

/// Unpacks the APKs into `scratch`, under their names without folders. No entry can name a place elsewhere, nothing is
/// overwritten, and no link is made.
pub(super) fn unpack(bundle: &Path, scratch: &Path) -> Result<Unpacked, ApkError> {
    let mut archive = facts::open_archive(bundle)?;
    if archive.len() > MOST_ENTRIES {
        return Err(ApkError::TooMany { path: bundle.to_owned(), limit: MOST_ENTRIES });
    }
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let (mut wanted, left_out) = choose(&names);
    wanted.sort();
    if wanted.is_empty() {
        return Err(ApkError::NothingInside(bundle.to_owned()));
    }
    if wanted.len() > MOST_FILES {
        return Err(ApkError::TooMany { path: bundle.to_owned(), limit: MOST_FILES });
    }
    let mut left = MOST_UNPACKED;
    let mut files = Vec::new();
    for name in wanted {
        let broken =
            |reason: String| ApkError::NotAnApp { path: bundle.to_owned(), reason: format!("{name}: {reason}") };
        let entry = archive.by_name(&name).map_err(|error| broken(error.to_string()))?;
        let target = scratch.join(plain_name(&name).ok_or_else(|| broken("a name that cannot be used".to_owned()))?);
        let unwritable = |error: io::Error| ApkError::Unwritable { path: target.clone(), reason: error.to_string() };
        let mut out: File = OpenOptions::new().write(true).create_new(true).open(&target).map_err(unwritable)?;
        let mut limited = Counted { inner: entry.take(left + 1), failed: false };
        let written = match io::copy(&mut limited, &mut out) {
            Ok(written) => written,
            Err(error) if limited.failed => return Err(broken(error.to_string())),
            Err(error) => return Err(unwritable(error)),
        };
        left = left.checked_sub(written).ok_or_else(|| ApkError::TooLarge {
            path: bundle.to_owned(),
            what: "its content".to_owned(),
            limit: MOST_UNPACKED,
        })?;
        files.push(target);
    }
    Ok(Unpacked { files, left_out })
}

/// Which entries are to be installed, and which are left out.
fn choose(names: &[String]) -> (Vec<String>, Vec<String>) {
    let is_apk = |name: &&String| has_extension(Path::new(name.as_str()), "apk");
    let universal = names.iter().find(|name| plain_name(name).as_deref() == Some("universal.apk"));
    let splits = names.iter().any(|name| name.starts_with("splits/"));
    let chosen: Vec<String> = match universal {
        Some(universal) => vec![universal.clone()],
        // bundletool puts whole APKs for old devices beside the splits.
        None if splits => names.iter().filter(is_apk).filter(|name| name.starts_with("splits/")).cloned().collect(),
        None => names.iter().filter(is_apk).cloned().collect(),
    };
    let told = |name: &&String| is_apk(name) || has_extension(Path::new(name.as_str()), "obb");
    let left_out = names.iter().filter(told).filter(|name| !chosen.contains(name)).take(MOST_LISTED);
    let left_out = left_out.cloned().collect();
    (chosen, left_out)
}

/// The last part of a name, if it is one that can safely name a file.
fn plain_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next()?;
    let fits = !last.starts_with('.')
        && last.len() <= 200
        && last.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ' ' | '(' | ')' | '+' | '@'));
    (fits && !last.is_empty()).then(|| last.to_owned())
}

/// A reader that remembers whether the failure was its own.
struct Counted<R> {
    inner: R,
    failed: bool,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into);
        self.failed |= read.is_err();
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_lose_their_folders_and_odd_ones_are_refused() {
        assert_eq!(plain_name("../../etc/base.apk").as_deref(), Some("base.apk"));
        assert_eq!(plain_name("c:\\x\\应用 (1).apk").as_deref(), Some("应用 (1).apk"));
        for odd in ["a/..", "", "a/", ".apk", "x\0.apk", "a:b.apk"] {
            assert_eq!(plain_name(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn what_is_installed_depends_on_the_kind_of_bundle() {
        let xapk = owned(&["manifest.json", "icon.png", "a.b.apk", "config.zh.apk", "Android/obb/a.b/main.1.obb"]);
        assert_eq!(choose(&xapk), (owned(&["a.b.apk", "config.zh.apk"]), owned(&["Android/obb/a.b/main.1.obb"])));
        let apks = owned(&["toc.pb", "splits/base-master.apk", "splits/base-zh.apk", "standalones/standalone.apk"]);
        assert_eq!(
            choose(&apks),
            (owned(&["splits/base-master.apk", "splits/base-zh.apk"]), owned(&["standalones/standalone.apk"]))
        );
        let universal = owned(&["toc.pb", "universal.apk"]);
        assert_eq!(choose(&universal), (owned(&["universal.apk"]), Vec::new()));
    }
}

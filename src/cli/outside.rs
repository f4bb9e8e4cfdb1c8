//! What is written about a package goes beside it: a file more in it, and it would no longer verify.

use std::fs;
use std::path::{Path, PathBuf};

use super::exit::Failure;

/// Refuses a file that would stand within a package.
pub fn outside(file: &Path, package: &Path) -> Result<(), Failure> {
    let parent =
        file.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(PathBuf::from("."), PathBuf::from);
    let whole = |path: &Path| fs::canonicalize(path).ok();
    let within = |(parent, package): (PathBuf, PathBuf)| package.is_dir() && parent.starts_with(&package);
    match whole(&parent).zip(whole(package)).is_some_and(within) {
        true => {
            Err(Failure::usage(format!("{} lies within the package, which would no longer verify", file.display())))
        }
        false => Ok(()),
    }
}

//! Asks the catalogue that ships whether it has the shape it must have and every id of it leads somewhere, so that a wrong
//! one never gets into a program.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use crate::{ids, shape};

/// What is wrong with it, each with file and line; nothing when it is sound.
///
/// # Errors
/// When a file of it can't be read.
pub fn faults(folder: &Path) -> io::Result<Vec<String>> {
    let read = |name: &str| {
        let text = fs::read_to_string(folder.join(name));
        text.map(|text| (name.to_owned(), text)).map_err(|error| io::Error::other(format!("{name}: {error}")))
    };
    let files: BTreeMap<String, String> = ids::FILES.into_iter().map(read).collect::<io::Result<_>>()?;
    let mut faults = shape::faults(&files);
    faults.extend(ids::faults(&files).into_iter().map(|fault| format!("{fault}; define this id, or name another")));
    Ok(faults)
}

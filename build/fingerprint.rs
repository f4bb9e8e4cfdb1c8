//! A number that changes with the sources that decide how a record is judged.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Folders whose sources decide: the rules, and what they read screens and days by. Files of the catalogue that are data
/// have a digest of their own.
pub const FOLDERS: [&str; 3] = ["src/judge", "src/ui", "src/catalogue"];

/// Every source below these folders, without tests: its path and its bytes, in order.
///
/// # Errors
/// When one can't be read.
pub fn sources(root: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let data = name.starts_with("src/catalogue") && !name.ends_with(".rs");
            if path.is_dir() {
                open.push(path);
            } else if !data && !name.ends_with("tests.rs") {
                found.push((name, fs::read(path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// FNV-1a of 64 bits over names, lengths and bytes: it has to tell versions apart, not to withstand anybody.
pub fn of(sources: &[(String, Vec<u8>)]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for (name, bytes) in sources {
        take(&(name.len() as u64).to_le_bytes());
        take(name.as_bytes());
        take(&(bytes.len() as u64).to_le_bytes());
        take(bytes);
    }
    format!("{hash:016x}")
}

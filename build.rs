//! Lists the files under `scenarios/`, so that the program carries every one of them without a list kept by hand; and
//! numbers the rules by their sources, so that a changed rule never goes by an old number; and stops the build when the
//! catalogue has another shape than it must have, or an id of it leads nowhere.

#[path = "build/catalogue.rs"]
mod catalogue;
#[path = "build/fingerprint.rs"]
mod fingerprint;
#[path = "src/catalogue/ids.rs"]
mod ids;
#[path = "src/catalogue/shape.rs"]
mod shape;
// Made for more than the catalogue needs of it.
#[allow(dead_code)]
#[path = "src/yaml.rs"]
mod yaml;

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=scenarios");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    ["build", "src/yaml.rs"].iter().for_each(|path| println!("cargo::rerun-if-changed={path}"));
    fingerprint::FOLDERS.iter().for_each(|folder| println!("cargo::rerun-if-changed={folder}"));
    let rules = fingerprint::of(&fingerprint::sources(Path::new(&root))?);
    println!("cargo::rustc-env=APPWITNESS_RULES={rules}");
    let faults = catalogue::faults(&Path::new(&root).join("src/catalogue"))?;
    for fault in &faults {
        println!("cargo::error=src/catalogue/{fault}");
    }
    if !faults.is_empty() {
        return Ok(());
    }
    let mut list = String::from("[\n");
    for folder in ["", "specimens", "specimens/zoo", "briefings", "complaints", "plans"] {
        let path = Path::new(&root).join("scenarios").join(folder);
        if !path.exists() {
            continue;
        }
        let mut files: Vec<_> = fs::read_dir(&path)?.collect::<Result<Vec<_>, _>>()?;
        files.sort_by_key(fs::DirEntry::file_name);
        for file in files {
            let path = file.path();
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
            if path.extension().is_some_and(|e| e == "yaml") {
                writeln!(list, "    ({folder:?}, {stem:?}, include_str!({path:?})),").map_err(io::Error::other)?;
            }
        }
    }
    list.push_str("]\n");
    fs::write(Path::new(&out).join("shipped.rs"), list)
}

//! The map in `lib.rs` is kept: a module uses only what stands in a paragraph above its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Module → number of its paragraph in `lib.rs`.
fn map() -> BTreeMap<String, usize> {
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let mut layer = 0;
    let mut map = BTreeMap::new();
    for line in text.lines() {
        if let Some(module) = line.strip_prefix("pub mod ") {
            map.insert(module.trim_end_matches(';').to_owned(), layer);
        } else if line.is_empty() {
            layer += 1;
        }
    }
    map
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Top modules that a source text names: `crate::module`, also inside braces.
fn named(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let list = list.split('}').next().unwrap_or_default();
            names.extend(list.split(',').map(|item| item.trim().split("::").next().unwrap_or_default().to_owned()));
        } else {
            names.push(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned());
        }
    }
    names
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    let map = map();
    assert!(map.len() > 15, "lib.rs lists the modules: {map:?}");
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let mut breaks = Vec::new();
    for file in files {
        let parts: Vec<_> = file.iter().filter_map(|part| part.to_str()).collect();
        let module = parts[1].trim_end_matches(".rs");
        let Some(layer) = map.get(module) else { continue };
        for name in named(&fs::read_to_string(&file).unwrap()) {
            let Some(used) = map.get(&name) else { continue };
            if name != module && used >= layer {
                breaks.push(format!("{} uses crate::{name}", file.display()));
            }
        }
    }
    assert!(breaks.is_empty(), "against the map in lib.rs:\n{}", breaks.join("\n"));
}

#[test]
fn the_virtual_device_shares_nothing_with_the_host() {
    let mut files = Vec::new();
    rust_files(Path::new("src/virtual_device"), &mut files);
    assert!(files.len() > 10);
    for file in files {
        for name in named(&fs::read_to_string(&file).unwrap()) {
            let own = ["virtual_device", "clock"].contains(&name.as_str()) || !map().contains_key(&name);
            assert!(own, "{} uses crate::{name}", file.display());
        }
    }
}

#[test]
fn only_the_clock_reads_time_and_only_adb_opens_sockets() {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    for file in files {
        let path = file.display().to_string();
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if !path.ends_with("src/clock.rs") {
            for word in ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"] {
                assert!(!code.contains(word), "{path} reads the machine's clock: {word}");
            }
        }
        // A time stamp service is no device: evidence asks it by itself.
        let stamps = path.ends_with("src/evidence/stamp/connection.rs");
        let serves = path.contains("virtual_device") || path.contains("src/adb") || stamps;
        assert!(serves || !code.contains("TcpStream::connect"), "{path} opens a socket");
    }
}

/// The code of a file without its tests, and without comments.
fn code(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    // `story.rs` makes journals for tests.
    if name == "tests.rs" || name.ends_with("_tests.rs") || name == "story.rs" {
        return None;
    }
    let text = fs::read_to_string(path).unwrap();
    let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    Some(own.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
}

/// The texts in quotes in a piece of code.
fn quoted(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // A sign in single quotes, which may be a double one.
            '\'' if chars.next() == Some('\\') => drop(chars.next()),
            '\'' => {}
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    if c == '\\' {
                        text.extend(chars.next());
                    } else {
                        text.push(c);
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

/// Names, packages and texts of all shipped specimens that are long enough to be theirs alone: packages, sentences of
/// several words, Chinese.
fn texts_of_specimens() -> Vec<String> {
    fn collect(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => found.push(text.clone()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            serde_json::Value::Object(fields) => fields.values().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for folder in ["specimens", "specimens/zoo", "specimens/rich"] {
        for entry in fs::read_dir(Path::new("scenarios").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(path).unwrap();
                let read: serde_json::Value = serde_yaml::from_str(&text).unwrap();
                collect(&read, &mut texts);
            }
        }
    }
    let own = |text: &String| {
        let words = text.split_whitespace().count();
        text.starts_with("com.example.") || words > 2 || text.chars().any(appwitness::ui::words::is_han)
    };
    texts.retain(|text| own(text) && text.chars().count() > 1);
    texts.sort();
    texts.dedup();
    texts
}

#[test]
fn what_drives_and_judges_reads_no_words_but_the_lexicons() {
    let mut files = Vec::new();
    rust_files(Path::new("src/judge"), &mut files);
    rust_files(Path::new("src/run"), &mut files);
    let specimens = texts_of_specimens();
    assert!(specimens.len() > 500, "{}", specimens.len());
    let (mut looked, mut found) = (0, Vec::new());
    for file in files {
        let Some(code) = code(&file) else { continue };
        for text in quoted(&code) {
            looked += 1;
            if text.chars().any(appwitness::ui::words::is_han) {
                found.push(format!("{}: {text:?} belongs into src/ui/lexicon.yaml", file.display()));
            }
            if let Some(own) = specimens.iter().find(|own| text.contains(own.as_str())) {
                found.push(format!("{}: {text:?} is a specimen's {own:?}", file.display()));
            }
        }
    }
    assert!(looked > 1_000, "{looked} texts in quotes");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

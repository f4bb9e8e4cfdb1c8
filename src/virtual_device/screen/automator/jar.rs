//! Whether a jar holds a class: its `.dex` files name every class they define.

use std::io::{Cursor, Read};

/// Largest `.dex` file that is looked into, in bytes.
const LARGEST: u64 = 64 << 20;

/// Whether one of the jar's `.dex` files has this class name among its strings.
pub fn holds(jar: &[u8], class: &str) -> bool {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(jar)) else { return false };
    let wanted = string_item(&format!("L{};", class.replace('.', "/")));
    let dex: Vec<usize> =
        (0..archive.len()).filter(|n| archive.name_for_index(*n).is_some_and(|name| name.ends_with(".dex"))).collect();
    // The classes of the jar's own come last; the libraries' are large.
    dex.into_iter().rev().any(|number| {
        let Ok(entry) = archive.by_index(number) else { return false };
        let mut bytes = Vec::new();
        let read = entry.take(LARGEST).read_to_end(&mut bytes).is_ok();
        read && bytes.starts_with(b"dex\n") && memchr::memmem::find(&bytes, &wanted).is_some()
    })
}

/// A string as a `.dex` file holds it: its length, its characters, a NUL.
fn string_item(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap_or(127).min(127);
    [&[length], text.as_bytes(), &[0]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn jar(name: &str, content: &[u8]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn a_class_is_found_by_its_whole_name_in_code_only() {
        let code = b"dex\n035\0....\x07La/Bcd;\0....";
        assert!(holds(&jar("classes.dex", code), "a.Bcd"));
        assert!(!holds(&jar("classes.dex", code), "a.Bc"));
        assert!(!holds(&jar("classes.dex", &code[4..]), "a.Bcd"));
        assert!(!holds(&jar("notes.txt", code), "a.Bcd"));
        assert!(!holds(b"no archive", "a.Bcd"));
    }
}

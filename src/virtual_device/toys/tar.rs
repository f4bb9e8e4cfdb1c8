//! `tar`: folders in one file, in the form of POSIX.1-1988 (ustar). Source of its words: AOSP
//! `external/toybox/toys/posix/tar.c`.

use std::io::{Read, Write};

use super::people::name_of;
use super::tool::{Flags, Tool, toy};
use crate::virtual_device::fs::{FilesError, Stat, path};

/// Bytes of a block.
const BLOCK: usize = 512;
/// Deepest folder packed (ours).
const DEEPEST: usize = 64;
/// Most bytes that come out of a compressed archive (ours).
const LARGEST: u64 = 64 << 20;

toy!(
    /// `tar -c|-x|-t [-hkmopvzO] [-C folder] [-f archive] [file…]`
    tar, tar_work
);

async fn tar_work(mut tool: Tool) -> i32 {
    let mut words = tool.arguments().to_vec();
    // The first word may do without its dash.
    if let Some(first) = words.first_mut().filter(|word| !word.starts_with('-')) {
        first.insert(0, '-');
    }
    let long = [
        ("create", 'c'),
        ("extract", 'x'),
        ("list", 't'),
        ("verbose", 'v'),
        ("gzip", 'z'),
        ("file", 'f'),
        ("directory", 'C'),
        ("to-stdout", 'O'),
        ("exclude", 'E'),
    ];
    let flags = match Flags::parse(&words, "cxtvzhkmopOps", "fCTX", &long) {
        Ok(flags) => flags,
        Err(message) => {
            tool.complain(&message).await;
            return 1;
        }
    };
    let folder = tool.absolute(flags.value('C').unwrap_or("."));
    if ['c', 'x', 't'].iter().filter(|letter| flags.has(**letter)).count() != 1 {
        tool.complain("Needs one of -txc").await;
        return 1;
    }
    if !tool.call.machine.files().stat(tool.actor(), &folder).is_ok_and(|stat| stat.is_folder()) {
        let name = flags.value('C').unwrap_or(".").to_owned();
        tool.complain(&format!("chdir '{name}': {}", FilesError::Missing)).await;
        return 1;
    }
    if flags.has('c') { pack(tool, &flags, &folder).await } else { unpack(tool, &flags, &folder).await }
}

/// What is packed: its name in the archive, where it is, what it is.
type Found = (String, String, Stat);

async fn pack(mut tool: Tool, flags: &Flags, folder: &str) -> i32 {
    if flags.rest.is_empty() {
        tool.complain("empty archive").await;
        return 1;
    }
    let mut archive = Vec::new();
    let mut names = String::new();
    for name in &flags.rest {
        let mut found = Vec::new();
        if let Err((name, error)) = gather(&tool, name, &path::absolute(folder, name), 0, &mut found) {
            tool.complain(&format!("{name}: {error}")).await;
        }
        for (name, at, stat) in found {
            if flags.values('E').iter().any(|pattern| pattern == path::base(&name)) {
                continue;
            }
            names += &format!("{name}\n");
            if let Err(error) = append(&tool, &mut archive, &name, &at, &stat) {
                tool.complain(&format!("{name}: {error}")).await;
            }
        }
    }
    archive.resize(archive.len() + 2 * BLOCK, 0);
    if flags.has('z') {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        archive = encoder.write_all(&archive).and_then(|()| encoder.finish()).unwrap_or_default();
    }
    match flags.value('f').filter(|name| *name != "-") {
        Some(name) => {
            if flags.has('v') {
                tool.out(names).await;
            }
            let written = tool.call.machine.files().write(tool.actor(), &tool.absolute(name), archive, 0o666);
            tool.check(name, written).await;
        }
        None => {
            if flags.has('v') {
                tool.call.stdio.err(names).await;
            }
            tool.out(archive).await;
        }
    }
    tool.status
}

/// A file, or a folder and all in it.
fn gather(tool: &Tool, name: &str, at: &str, depth: usize, found: &mut Vec<Found>) -> Result<(), (String, FilesError)> {
    let (actor, failed) = (tool.actor(), |error| (name.to_owned(), error));
    let stat = tool.call.machine.files().link_stat(actor, at).map_err(failed)?;
    if !stat.is_folder() {
        found.push((name.trim_start_matches('/').to_owned(), at.to_owned(), stat));
        return Ok(());
    }
    let shown = name.trim_start_matches('/').trim_end_matches('/');
    if !shown.is_empty() {
        found.push((format!("{shown}/"), at.to_owned(), stat));
    }
    if depth >= DEEPEST {
        return Err(failed(FilesError::NameTooLong));
    }
    let inside = tool.call.machine.files().list(actor, at).map_err(failed)?;
    for (entry, _) in inside {
        gather(tool, &path::join(name.trim_end_matches('/'), &entry), &path::join(at, &entry), depth + 1, found)?;
    }
    Ok(())
}

fn append(tool: &Tool, archive: &mut Vec<u8>, name: &str, at: &str, stat: &Stat) -> Result<(), FilesError> {
    let (actor, files) = (tool.actor(), tool.call.machine.files());
    let kind = if stat.is_folder() {
        b'5'
    } else if stat.is_link() {
        b'2'
    } else {
        b'0'
    };
    let content = if kind == b'0' { files.read(actor, at)? } else { std::sync::Arc::default() };
    drop(files);
    let target = stat.target.as_deref().unwrap_or_default();
    if name.len() > 100 {
        // GNU's way with a long name: an entry of its own before the one it names.
        let mut long = name.as_bytes().to_vec();
        long.push(0);
        archive.extend_from_slice(&head("././@LongLink", b'L', 0, (0, 0), long.len(), 0, ""));
        body(archive, &long);
    }
    let seconds = stat.modified.div_euclid(1000);
    archive.extend_from_slice(&head(
        name,
        kind,
        stat.mode & 0o7777,
        (stat.uid, stat.gid),
        content.len(),
        seconds,
        target,
    ));
    body(archive, &content);
    Ok(())
}

fn body(archive: &mut Vec<u8>, content: &[u8]) {
    archive.extend_from_slice(content);
    archive.resize(archive.len().next_multiple_of(BLOCK), 0);
}

/// The block before an entry.
fn head(name: &str, kind: u8, mode: u32, owner: (u32, u32), size: usize, modified: i64, target: &str) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8], most: usize| {
        let bytes = &bytes[..bytes.len().min(most)];
        block[at..at + bytes.len()].copy_from_slice(bytes);
    };
    put(0, name.as_bytes(), 100);
    put(100, format!("{mode:07o}").as_bytes(), 8);
    put(108, format!("{:07o}", owner.0).as_bytes(), 8);
    put(116, format!("{:07o}", owner.1).as_bytes(), 8);
    put(124, format!("{size:011o}").as_bytes(), 12);
    put(136, format!("{modified:011o}").as_bytes(), 12);
    put(148, b"        ", 8);
    put(156, &[kind], 1);
    put(157, target.as_bytes(), 100);
    put(257, b"ustar\x0000", 8);
    put(265, name_of(owner.0).as_bytes(), 32);
    put(297, name_of(owner.1).as_bytes(), 32);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// An entry as it is read.
struct Entry<'a> {
    name: String,
    kind: u8,
    mode: u32,
    owner: (u32, u32),
    modified: i64,
    target: String,
    content: &'a [u8],
}

/// The entries of an archive, up to its end or to what is none.
fn entries(archive: &[u8]) -> Result<Vec<Entry<'_>>, &'static str> {
    let mut entries = Vec::new();
    let (mut at, mut long) = (0, None);
    while let Some(block) = archive.get(at..at + BLOCK) {
        if block.iter().all(|byte| *byte == 0) {
            return Ok(entries);
        }
        let sum: u32 = block
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
            .sum();
        if u64::from(sum) != octal(&block[148..156]) {
            return Err("bad header");
        }
        let size = usize::try_from(octal(&block[124..136])).unwrap_or(usize::MAX);
        let start = at + BLOCK;
        let end = start.checked_add(size).filter(|end| *end <= archive.len()).ok_or("short read")?;
        at = end.next_multiple_of(BLOCK);
        let content = &archive[start..end];
        if block[156] == b'L' {
            long = Some(text(content));
            continue;
        }
        let prefix = if &block[257..262] == b"ustar" { text(&block[345..500]) } else { String::new() };
        let short = if prefix.is_empty() { text(&block[..100]) } else { format!("{prefix}/{}", text(&block[..100])) };
        let small = |range: std::ops::Range<usize>| u32::try_from(octal(&block[range])).unwrap_or(0);
        entries.push(Entry {
            name: long.take().unwrap_or(short),
            kind: block[156],
            mode: small(100..108),
            owner: (small(108..116), small(116..124)),
            modified: i64::try_from(octal(&block[136..148])).unwrap_or(0),
            target: text(&block[157..257]),
            content,
        });
    }
    if entries.is_empty() { Err("not header") } else { Ok(entries) }
}

fn octal(bytes: &[u8]) -> u64 {
    let digits = bytes.iter().skip_while(|byte| **byte == b' ').take_while(|byte| (b'0'..=b'7').contains(*byte));
    digits.fold(0_u64, |sum, digit| sum.wrapping_mul(8).wrapping_add(u64::from(digit - b'0')))
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

async fn unpack(mut tool: Tool, flags: &Flags, folder: &str) -> i32 {
    let Some(read) = tool.read(flags.value('f').unwrap_or("-")).await else { return 1 };
    let mut bytes = read.as_ref().clone();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let unzipped = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(LARGEST).read_to_end(&mut plain);
        if unzipped.is_err() {
            tool.complain("bad gzip").await;
            return 1;
        }
        bytes = plain;
    }
    let entries = match entries(&bytes) {
        Ok(entries) => entries,
        Err(message) => {
            tool.complain(message).await;
            return 1;
        }
    };
    let wanted = |name: &str| {
        let name = name.trim_end_matches('/');
        let under =
            |one: &String| name == one.trim_matches('/') || name.starts_with(&format!("{}/", one.trim_matches('/')));
        flags.rest.is_empty() || flags.rest.iter().any(under)
    };
    for entry in entries.iter().filter(|entry| wanted(&entry.name)) {
        if flags.has('t') || flags.has('v') {
            let line = if flags.has('t') && flags.has('v') { told(entry) } else { format!("{}\n", entry.name) };
            tool.out(line).await;
        }
        if flags.has('t') {
            continue;
        }
        if flags.has('O') {
            tool.out(entry.content).await;
        } else if let Err(error) = lay(&tool, entry, folder) {
            tool.complain(&format!("{}: {error}", entry.name)).await;
        }
    }
    tool.status
}

/// A line of `-tv`.
fn told(entry: &Entry) -> String {
    let kind = match entry.kind {
        b'5' => 'd',
        b'2' => 'l',
        _ => '-',
    };
    let letter = |bit: u32, letter: char| if entry.mode & bit > 0 { letter } else { '-' };
    let bits: String = (0..9).rev().map(|at| letter(1 << at, ['x', 'w', 'r'][at % 3])).collect();
    let when = super::when::format(entry.modified.saturating_mul(1000), "%Y-%m-%d %H:%M");
    let target = if kind == 'l' { format!(" -> {}", entry.target) } else { String::new() };
    let (user, group) = (name_of(entry.owner.0), name_of(entry.owner.1));
    format!("{kind}{bits} {user}/{group} {:>9} {when} {}{target}\n", entry.content.len(), entry.name)
}

/// Puts an entry into the folder; what leads out of it is refused.
fn lay(tool: &Tool, entry: &Entry, folder: &str) -> Result<(), FilesError> {
    if entry.name.starts_with('/') || entry.name.split('/').any(|part| part == "..") {
        return Err(FilesError::Denied);
    }
    let (actor, at) = (tool.actor(), path::absolute(folder, entry.name.trim_end_matches('/')));
    let mut files = tool.call.machine.files();
    files.make_folders(actor, path::folder(&at), 0o777)?;
    match entry.kind {
        b'5' => files.make_folders(actor, &at, 0o777)?,
        b'2' => files.symlink(actor, &entry.target, &at)?,
        _ => files.write(actor, &at, entry.content.to_vec(), 0o666)?,
    }
    if entry.kind != b'2' {
        files.set_mode(actor, &at, entry.mode)?;
        files.set_modified(actor, &at, entry.modified.saturating_mul(1000))?;
    }
    Ok(())
}

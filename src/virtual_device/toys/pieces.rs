//! Pieces of files, and what they hold: `split`, `strings`, `cksum`, `file`, `unlink`, `uuidgen`.

use super::tool::{Tool, toy};
use crate::virtual_device::fs::FilesError;

/// Most pieces that `split` makes, as many as its usual names of two letters.
const MAX_PIECES: usize = 26 * 26;

fn files(names: &[String]) -> Vec<String> {
    if names.is_empty() { vec!["-".to_owned()] } else { names.to_vec() }
}

/// A number with `k`, `m` or `g` behind it.
fn size(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text[digits.len()..].to_lowercase().as_str() {
        "" | "c" => 1,
        "b" => 512,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    digits.parse::<usize>().ok()?.checked_mul(factor).filter(|size| *size > 0)
}

toy!(
    /// `split [-a length] [-b bytes] [-l lines] [file [prefix]]`
    split, split_work
);

async fn split_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("", "abl", &[]).await else { return 1 };
    let name = flags.rest.first().map_or("-", String::as_str).to_owned();
    let prefix = flags.rest.get(1).map_or("x", String::as_str).to_owned();
    let letters = flags.value('a').and_then(|text| text.parse().ok()).unwrap_or(2_u32).clamp(1, 8);
    let bytes = flags.value('b').map(size);
    let lines = flags.value('l').map_or(Some(1000), size);
    let (Some(lines), false) = (lines, bytes == Some(None)) else {
        tool.complain("bad number").await;
        return 1;
    };
    let Some(content) = tool.read(&name).await else { return 1 };
    let parts: Vec<&[u8]> = match bytes.flatten() {
        Some(bytes) => content.chunks(bytes).collect(),
        None => {
            let all: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
            let mut at = 0;
            let ends = all.chunks(lines).map(|lines| lines.iter().map(|line| line.len()).sum::<usize>());
            ends.map(|length| {
                at += length;
                &content[at - length..at]
            })
            .collect()
        }
    };
    if parts.len() > MAX_PIECES.min(26_usize.saturating_pow(letters)) {
        tool.complain("bad suffix").await;
        return 1;
    }
    for (number, part) in parts.iter().enumerate() {
        let at = tool.absolute(&format!("{prefix}{}", suffix(number, letters)));
        let written = tool.call.machine.files().write(tool.actor(), &at, part.to_vec(), 0o666);
        if tool.check(&at, written).await.is_none() {
            break;
        }
    }
    tool.status
}

/// `aa`, `ab`, … `ba`, …
fn suffix(mut number: usize, letters: u32) -> String {
    let mut text = vec![b'a'; letters as usize];
    for place in text.iter_mut().rev() {
        *place += u8::try_from(number % 26).unwrap_or(0);
        number /= 26;
    }
    String::from_utf8(text).unwrap_or_default()
}

toy!(
    /// `strings [-fo] [-n length] [-t o|d|x] [file…]`
    strings, strings_work
);

async fn strings_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("aof", "nt", &[]).await else { return 1 };
    let least = flags.value('n').and_then(|text| text.parse().ok()).unwrap_or(4_usize).max(1);
    for file in files(&flags.rest) {
        let Some(content) = tool.read(&file).await else { continue };
        let mut text = String::new();
        for (at, run) in runs(&content, least) {
            if flags.has('f') {
                text += &format!("{file}: ");
            }
            match flags.value('t').or(flags.has('o').then_some("o")) {
                Some("o") => text += &format!("{at:7o} "),
                Some("d") => text += &format!("{at:7} "),
                Some("x") => text += &format!("{at:7x} "),
                _ => {}
            }
            text += run;
            text.push('\n');
        }
        tool.out(text).await;
    }
    tool.status
}

/// Runs of printable bytes with their places.
fn runs(content: &[u8], least: usize) -> Vec<(usize, &str)> {
    let printable = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
    let (mut found, mut at) = (Vec::new(), 0);
    for run in content.split(|byte| !printable(byte)) {
        if run.len() >= least {
            found.extend(std::str::from_utf8(run).ok().map(|run| (at, run)));
        }
        at += run.len() + 1;
    }
    found
}

toy!(
    /// `cksum [file…]`: POSIX's sum.
    cksum, cksum_work
);

async fn cksum_work(mut tool: Tool) -> i32 {
    let names = tool.arguments().to_vec();
    for file in files(&names) {
        let Some(content) = tool.read(&file).await else { continue };
        let name = if names.is_empty() { String::new() } else { format!(" {file}") };
        tool.out(format!("{} {}{name}\n", sum(&content), content.len())).await;
    }
    tool.status
}

/// The remainder of the bytes and of their number, low byte first, by POSIX's polynomial.
fn sum(content: &[u8]) -> u32 {
    let step = |mut crc: u32, byte: u8| {
        crc ^= u32::from(byte) << 24;
        for _ in 0..8 {
            crc = if crc & 0x8000_0000 == 0 { crc << 1 } else { (crc << 1) ^ 0x04c1_1db7 };
        }
        crc
    };
    let mut crc = content.iter().fold(0, |crc, byte| step(crc, *byte));
    let mut length = content.len();
    while length > 0 {
        crc = step(crc, u8::try_from(length & 0xff).unwrap_or(0));
        length >>= 8;
    }
    !crc
}

toy!(
    /// `file [-bhLs] file…`: the kinds of toybox's that a device has.
    file, file_work
);

async fn file_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("bhLs", "", &[]).await else { return 1 };
    if flags.rest.is_empty() {
        tool.complain("Needs 1 argument").await;
        return 1;
    }
    let wide = flags.rest.iter().map(String::len).max().unwrap_or(0);
    for name in &flags.rest {
        let kind = kind(&tool, name, flags.has('L'));
        let head =
            if flags.has('b') { String::new() } else { format!("{:<width$}", format!("{name}: "), width = wide + 2) };
        tool.out(format!("{head}{kind}\n")).await;
    }
    tool.status
}

fn kind(tool: &Tool, name: &str, follow: bool) -> String {
    let at = tool.absolute(name);
    let files = tool.call.machine.files();
    let stat = if follow { files.stat(tool.actor(), &at) } else { files.link_stat(tool.actor(), &at) };
    let stat = match stat {
        Ok(stat) => stat,
        Err(error) => return format!("cannot open: {error}"),
    };
    if let Some(target) = &stat.target {
        return format!("symbolic link to {target}");
    }
    if stat.is_folder() {
        return "directory".into();
    }
    if !stat.is_file() {
        return "character special".into();
    }
    match files.read(tool.actor(), &at) {
        Ok(content) => of_content(&content).into(),
        Err(error) => format!("cannot open: {error}"),
    }
}

fn of_content(content: &[u8]) -> &'static str {
    match content {
        [] => "empty",
        // MODEL: every program here is one of the device's own, of 64 bits.
        [0x7f, b'E', b'L', b'F', ..] => {
            "ELF shared object, 64-bit LSB x86-64, dynamic (/system/bin/linker64), stripped"
        }
        [0x89, b'P', b'N', b'G', ..] => "PNG image data",
        [0xff, 0xd8, 0xff, ..] => "JPEG image data",
        [b'G', b'I', b'F', b'8', ..] => "GIF image data",
        [b'd', b'e', b'x', b'\n', ..] => "Android dex file",
        [b'P', b'K', 3, 4, ..] => "Zip archive data",
        [0x1f, 0x8b, ..] => "gzip compressed data",
        [b'#', b'!', ..] => "script text executable",
        text if std::str::from_utf8(text).is_err() || text.contains(&0) => "data",
        text if text.is_ascii() => "ASCII text",
        _ => "UTF-8 text",
    }
}

toy!(
    /// `unlink file`
    unlink, unlink_work
);

async fn unlink_work(mut tool: Tool) -> i32 {
    let [name] = tool.arguments() else {
        let what = if tool.arguments().is_empty() { "Needs 1 argument" } else { "Max 1 argument" };
        tool.complain(what).await;
        return 1;
    };
    let (name, at) = (name.clone(), tool.absolute(name));
    let gone: Result<(), FilesError> = tool.call.machine.files().remove_file(tool.actor(), &at);
    if let Err(error) = gone {
        tool.complain(&format!("Couldn't unlink `{name}': {error}")).await;
    }
    tool.status
}

toy!(
    /// `uuidgen`
    uuidgen, uuidgen_work
);

async fn uuidgen_work(tool: Tool) -> i32 {
    let seed = tool.call.machine.profile.seed ^ u64::from(tool.call.uid);
    let mut state =
        seed ^ u64::try_from(tool.call.machine.clock.elapsed().as_nanos() & u128::from(u64::MAX)).unwrap_or(1);
    let mut bytes = [0_u8; 16];
    for byte in &mut bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *byte = u8::try_from(state >> 56).unwrap_or(0);
    }
    // Version 4, made of chance.
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("{}-{}-{}-{}-{}\n", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    tool.finish(text).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_names_and_sums_are_posix_s() {
        assert_eq!((suffix(0, 2), suffix(27, 2), suffix(675, 2)), ("aa".into(), "bb".into(), "zz".into()));
        assert_eq!(sum(b""), 4_294_967_295);
        assert_eq!(sum(b"123456789"), 930_766_865);
        assert_eq!(runs(b"\0\x01abcd\0xyz\0hello", 4), [(2, "abcd"), (11, "hello")]);
        assert_eq!(of_content(b"PK\x03\x04rest"), "Zip archive data");
    }
}

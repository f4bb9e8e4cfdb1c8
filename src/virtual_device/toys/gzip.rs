//! `gzip`, `gunzip`, `zcat`.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use super::tool::{Flags, Tool, toy};

/// Most bytes that come out of one file: as many as fit into memory beside others (ours).
const LARGEST: u64 = 64 << 20;

toy!(
    /// `gzip [-cdfkt1-9] [file…]`, `gunzip`, `zcat`
    gzip, gzip_work
);

async fn gzip_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("cdfkntqv123456789", "", &[]).await else { return 1 };
    let unpack = flags.has('d') || flags.has('t') || tool.name() != "gzip";
    if flags.rest.is_empty() {
        let Some(input) = tool.read("-").await else { return 1 };
        let output = if unpack { unpacked(&input) } else { packed(&input, &flags) };
        return match output {
            Ok(_) if flags.has('t') => 0,
            Ok(bytes) => {
                tool.call.stdio.out(bytes).await;
                tool.status
            }
            Err(message) => {
                tool.complain(&format!("-: {message}")).await;
                1
            }
        };
    }
    let to_output = flags.has('c') || tool.name() == "zcat";
    for name in &flags.rest {
        if let Err(message) = one(&mut tool, name, &flags, unpack, to_output).await {
            tool.complain(&format!("{name}: {message}")).await;
            tool.status = 1;
        }
    }
    tool.status
}

async fn one(tool: &mut Tool, name: &str, flags: &Flags, unpack: bool, to_output: bool) -> Result<(), String> {
    let (actor, at) = (tool.actor(), tool.absolute(name));
    let target = match (unpack, at.strip_suffix(".gz")) {
        _ if to_output || flags.has('t') => String::new(),
        (false, _) => format!("{at}.gz"),
        (true, Some(target)) => target.to_owned(),
        (true, None) => return Err("no .gz".into()),
    };
    let before = tool.call.machine.files().read(actor, &at).map_err(|error| error.to_string())?;
    let bytes = if unpack { unpacked(&before)? } else { packed(&before, flags)? };
    if flags.has('t') {
        return Ok(());
    }
    if to_output {
        tool.call.stdio.out(bytes).await;
        return Ok(());
    }
    let mut files = tool.call.machine.files();
    if files.exists(actor, &target) && !flags.has('f') {
        return Err("File exists".into());
    }
    let mode = files.stat(actor, &at).map_err(|error| error.to_string())?.mode;
    files.write(actor, &target, bytes, mode & 0o777).map_err(|error| error.to_string())?;
    if !flags.has('k') {
        files.remove_file(actor, &at).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn packed(bytes: &[u8], flags: &Flags) -> Result<Vec<u8>, String> {
    let level = (1..=9).find(|level| char::from_digit(*level, 10).is_some_and(|letter| flags.has(letter)));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level.unwrap_or(6)));
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| error.to_string())
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut all);
    match read {
        Ok(_) if all.len() as u64 > LARGEST => Err("out of memory".into()),
        Ok(_) => Ok(all),
        Err(_) if !bytes.starts_with(b"\x1f\x8b") => Err("bad magic".into()),
        Err(_) => Err("corrupt data".into()),
    }
}

//! Bytes copied and counted: `dd`, `du`.

use std::collections::BTreeMap;

use super::tool::{Tool, toy};
use crate::virtual_device::fs::{Kind, Open, path};

/// Most bytes one `dd` holds.
const MAX_COPY: usize = 256 << 20;

toy!(
    /// `dd [if=file] [of=file] [bs=n] [count=n] [skip=n] [seek=n] [conv=notrunc,sync,noerror,fsync] [status=none]`
    dd, dd_work
);

/// `4k`, `1M`, `2x512`.
fn size(text: &str) -> Option<usize> {
    let one = |part: &str| -> Option<usize> {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let unit = match &part[end..] {
            "" | "c" => 1,
            "w" => 2,
            "b" => 512,
            "k" | "K" | "KiB" => 1 << 10,
            "m" | "M" | "MiB" => 1 << 20,
            "g" | "G" => 1 << 30,
            "kB" | "KB" | "kD" => 1000,
            "MB" | "MD" => 1_000_000,
            _ => return None,
        };
        part[..end].parse::<usize>().ok()?.checked_mul(unit)
    };
    text.split('x').map(one).try_fold(1_usize, |product, part| product.checked_mul(part?))
}

/// What `dd` was asked.
struct Order {
    words: BTreeMap<String, String>,
}

impl Order {
    fn number(&self, name: &str, default: usize) -> Result<usize, String> {
        match self.words.get(name) {
            None => Ok(default),
            Some(text) => size(text).ok_or_else(|| format!("invalid number '{text}'")),
        }
    }

    fn has(&self, list: &str, word: &str) -> bool {
        self.words.get(list).is_some_and(|text| text.split(',').any(|part| part == word))
    }
}

async fn dd_work(mut tool: Tool) -> i32 {
    match copy(&mut tool).await {
        Ok(()) => tool.status,
        Err(message) => {
            tool.complain(&message).await;
            1
        }
    }
}

async fn copy(tool: &mut Tool) -> Result<(), String> {
    const KNOWN: [&str; 12] =
        ["if", "of", "bs", "ibs", "obs", "count", "skip", "seek", "conv", "status", "iflag", "oflag"];
    let mut words = BTreeMap::new();
    for word in tool.arguments() {
        match word.split_once('=').filter(|(name, _)| KNOWN.contains(name)) {
            Some((name, value)) => drop(words.insert(name.to_owned(), value.to_owned())),
            None => return Err(format!("bad arg '{word}'")),
        }
    }
    let order = Order { words };
    let block = order.number("bs", order.number("ibs", 512)?)?.max(1);
    let (count, skip) = (order.number("count", usize::MAX)?, order.number("skip", 0)?);
    let most = count.saturating_mul(block);
    let from = skip.checked_mul(block).ok_or("skip is too large")?;
    let started = tool.call.machine.clock.elapsed();
    let bytes = input(tool, order.words.get("if").cloned(), from, most).await?;
    let (whole, part) = (bytes.len() / block, usize::from(!bytes.len().is_multiple_of(block)));
    let mut bytes = bytes;
    if order.has("conv", "sync") {
        bytes.resize(bytes.len().div_ceil(block) * block, 0);
    }
    let written = bytes.len();
    match order.words.get("of").cloned() {
        None => drop(tool.out(bytes).await),
        Some(file) => {
            let seek = order.number("seek", 0)?.checked_mul(block).ok_or("seek is too large")?;
            put(tool, &file, seek, &bytes, order.has("conv", "notrunc"))?;
        }
    }
    if !order.has("status", "none") {
        let seconds = (tool.call.machine.clock.elapsed() - started).as_secs_f64();
        let text = summary(
            tool,
            (whole, part),
            (written / block, usize::from(!written.is_multiple_of(block))),
            written,
            seconds,
        );
        tool.call.stdio.err(text).await;
    }
    Ok(())
}

fn summary(tool: &Tool, read: (usize, usize), written: (usize, usize), bytes: usize, seconds: f64) -> String {
    let records = format!("{}+{} records in\n{}+{} records out\n", read.0, read.1, written.0, written.1);
    let rate = if seconds > 0.0 { bytes as f64 / seconds } else { 0.0 };
    // MODEL: toolbox's words on API 23, toybox's later.
    match tool.call.machine.profile.api {
        ..=23 => format!("{records}{bytes} bytes transferred in {seconds:.3} secs ({rate:.0} bytes/sec)\n"),
        _ => format!("{records}{bytes} bytes ({bytes}) copied, {seconds:.6} s, {rate:.0} B/s\n"),
    }
}

/// The bytes from `from` on, at most so many; an endless device gives exactly that many.
async fn input(tool: &mut Tool, file: Option<String>, from: usize, most: usize) -> Result<Vec<u8>, String> {
    let end = from.saturating_add(most);
    let mut lines = match &file {
        None => tool.lines(&[]),
        Some(name) => {
            let opened = tool.call.machine.files().open(tool.actor(), &tool.absolute(name));
            let kind = opened.map_err(|error| format!("{name}: {error}"))?;
            if matches!(kind, Kind::Folder(_)) {
                return Err(format!("{name}: Is a directory"));
            }
            tool.lines(std::slice::from_ref(name))
        }
    };
    let mut bytes = Vec::new();
    while bytes.len() < end
        && let Some(more) = lines.bytes(tool).await
    {
        bytes.extend_from_slice(&more);
        if bytes.len() > MAX_COPY {
            return Err("out of memory".into());
        }
    }
    bytes.truncate(end);
    Ok(bytes.split_off(from.min(bytes.len())))
}

fn put(tool: &Tool, file: &str, seek: usize, bytes: &[u8], keep: bool) -> Result<(), String> {
    let (at, actor) = (tool.absolute(file), tool.actor());
    let mut files = tool.call.machine.files();
    let written = files.create(actor, &at, Open::Keep, 0o644).and_then(|id| {
        if !keep {
            // What stands before the first byte written stays.
            files.truncate(actor, id, seek as u64)?;
        }
        files.write_at(actor, id, Some(seek as u64), bytes)
    });
    written.map_err(|error| format!("{file}: {error}"))
}

toy!(
    /// `du [-acHhkLms] [-d depth] [file…]`
    du, du_work
);

async fn du_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("acHhkLmsx", "d", &[]).await else { return 1 };
    let deepest = match flags.has('s') {
        true => 0,
        false => flags.value('d').and_then(|text| text.parse().ok()).unwrap_or(usize::MAX),
    };
    let written = |bytes: u64| match (flags.has('h'), flags.has('m')) {
        (true, _) => human(bytes),
        (_, true) => bytes.div_ceil(1 << 20).to_string(),
        _ => bytes.div_ceil(1024).to_string(),
    };
    let tops = if flags.rest.is_empty() { vec![".".to_owned()] } else { flags.rest.clone() };
    let mut total = 0;
    for top in tops {
        let Some(sizes) = sizes(&mut tool, &top).await else { continue };
        total += sizes.last().map_or(0, |size| size.bytes);
        let shown = |size: &&Size| size.depth <= deepest && (size.folder || size.depth == 0 || flags.has('a'));
        let text: String =
            sizes.iter().filter(shown).map(|size| format!("{}\t{}\n", written(size.bytes), size.name)).collect();
        tool.out(text).await;
    }
    if flags.has('c') {
        tool.out(format!("{}\ttotal\n", written(total))).await;
    }
    tool.status
}

/// `4.0K`, `12M`.
fn human(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["", "K", "M", "G"] {
        if value < 999.5 || unit == "G" {
            return if value < 10.0 && !unit.is_empty() {
                format!("{value:.1}{unit}")
            } else {
                format!("{value:.0}{unit}")
            };
        }
        value /= 1024.0;
    }
    String::new()
}

struct Size {
    name: String,
    depth: usize,
    folder: bool,
    bytes: u64,
}

/// What a file and everything below it takes on the disk; what is inside a folder stands before it.
async fn sizes(tool: &mut Tool, top: &str) -> Option<Vec<Size>> {
    enum Next {
        Enter(String, usize),
        Leave(String, usize, usize),
    }
    let mut sizes: Vec<Size> = Vec::new();
    let mut todo = vec![Next::Enter(top.to_owned(), 0)];
    while let Some(next) = todo.pop() {
        match next {
            Next::Enter(name, depth) => {
                let at = tool.absolute(&name);
                let stat = tool.call.machine.files().link_stat(tool.actor(), &at);
                let Some(stat) = tool.check(&name, stat).await else { continue };
                if !stat.is_folder() {
                    sizes.push(Size { name, depth, folder: false, bytes: stat.size.div_ceil(4096) * 4096 });
                    continue;
                }
                let listed = tool.call.machine.files().list(tool.actor(), &at);
                let inside = tool.check(&name, listed).await.unwrap_or_default();
                todo.push(Next::Leave(name.clone(), depth, sizes.len()));
                todo.extend(inside.iter().rev().map(|(inner, _)| Next::Enter(path::join(&name, inner), depth + 1)));
            }
            Next::Leave(name, depth, from) => {
                let below: u64 =
                    sizes[from..].iter().filter(|size| size.depth == depth + 1).map(|size| size.bytes).sum();
                sizes.push(Size { name, depth, folder: true, bytes: below + 4096 });
            }
        }
    }
    (!sizes.is_empty()).then_some(sizes)
}

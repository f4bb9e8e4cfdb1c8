//! Bytes looked at: `cmp`, `od`, `xxd`.

use super::tool::{Flags, Tool, toy};

toy!(
    /// `cmp [-ls] [-n count] file1 [file2]`
    cmp, cmp_work
);

async fn cmp_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("lsb", "n", &[]).await else { return 2 };
    let Some(first) = flags.rest.first().cloned() else {
        tool.complain("Needs 1 argument").await;
        return 2;
    };
    let second = flags.rest.get(1).cloned().unwrap_or_else(|| "-".into());
    let (Some(left), Some(right)) = (tool.read(&first).await, tool.read(&second).await) else { return 2 };
    let most = flags.value('n').and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    let (left, right) = (&left[..left.len().min(most)], &right[..right.len().min(most)]);
    let differences: Vec<(usize, u8, u8)> =
        left.iter().zip(right).enumerate().filter(|(_, (a, b))| a != b).map(|(at, (a, b))| (at, *a, *b)).collect();
    if flags.has('l') {
        let text: String = differences.iter().map(|(at, a, b)| format!("{} {a:o} {b:o}\n", at + 1)).collect();
        tool.status = i32::from(!text.is_empty());
        tool.out(text).await;
    } else if let Some((at, ..)) = differences.first() {
        let line = left[..*at].iter().filter(|byte| **byte == b'\n').count() + 1;
        if !flags.has('s') {
            tool.out(format!("{first} {second} differ: char {}, line {line}\n", at + 1)).await;
        }
        return 1;
    }
    if left.len() != right.len() {
        let short = if left.len() < right.len() { &first } else { &second };
        if !flags.has('s') {
            tool.complain(&format!("EOF on {short}")).await;
        }
        return 1;
    }
    tool.status
}

/// The bytes of files one after another, from `skip` on and at most so many.
async fn content(tool: &mut Tool, files: &[String], skip: usize, most: usize) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let input = ["-".to_owned()];
    for file in if files.is_empty() { &input } else { files } {
        all.extend_from_slice(&tool.read(file).await?);
    }
    Some(all.get(skip..).unwrap_or_default().iter().copied().take(most).collect())
}

/// A number as these programs take it: decimal, `0x…`, with `k` or `M` behind it.
fn number(text: &str) -> Option<usize> {
    if let Some(digits) = text.strip_prefix("0x") {
        return usize::from_str_radix(digits, 16).ok();
    }
    let (digits, unit) = match text.chars().last()? {
        'k' => (&text[..text.len() - 1], 1 << 10),
        'M' => (&text[..text.len() - 1], 1 << 20),
        'b' => (&text[..text.len() - 1], 512),
        _ => (text, 1),
    };
    digits.parse::<usize>().ok()?.checked_mul(unit)
}

/// How `od` writes one column.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Column {
    /// Kind (`x`, `o`, `d`, `u`) and bytes.
    Number(char, usize),
    Character,
    Name,
}

fn columns(flags: &Flags) -> Result<Vec<Column>, String> {
    let short = [
        ('b', Column::Number('o', 1)),
        ('c', Column::Character),
        ('d', Column::Number('u', 2)),
        ('o', Column::Number('o', 2)),
        ('x', Column::Number('x', 2)),
    ];
    let mut columns: Vec<Column> =
        short.iter().filter(|(letter, _)| flags.has(*letter)).map(|(_, column)| *column).collect();
    for kind in flags.values('t') {
        let letter = kind.chars().next().unwrap_or(' ');
        let size = match &kind[letter.len_utf8()..] {
            "" | "I" => 4,
            "C" => 1,
            "S" => 2,
            "L" => 8,
            digits => digits.parse().ok().filter(|size| [1, 2, 4, 8].contains(size)).ok_or("bad -t")?,
        };
        columns.push(match letter {
            'x' | 'o' | 'd' | 'u' => Column::Number(letter, size),
            'c' => Column::Character,
            'a' => Column::Name,
            _ => return Err(format!("bad -t {kind}")),
        });
    }
    if columns.is_empty() {
        columns.push(Column::Number('o', 2));
    }
    Ok(columns)
}

fn cell(column: Column, bytes: &[u8]) -> String {
    let (kind, size) = match column {
        Column::Number(kind, size) => (kind, size),
        Column::Character | Column::Name => {
            let byte = bytes[0];
            let name = match byte {
                b'\0' if column == Column::Name => "nul".into(),
                b' ' if column == Column::Name => "sp".into(),
                b'\n' if column == Column::Name => "nl".into(),
                0 => "\\0".into(),
                7 => "\\a".into(),
                8 => "\\b".into(),
                b'\t' => "\\t".into(),
                b'\n' => "\\n".into(),
                11 => "\\v".into(),
                12 => "\\f".into(),
                b'\r' => "\\r".into(),
                b' '..=b'~' => char::from(byte).to_string(),
                other => format!("{other:03o}"),
            };
            return format!(" {name:>3}");
        }
    };
    let mut eight = [0; 8];
    eight[..bytes.len()].copy_from_slice(bytes);
    let value = u64::from_le_bytes(eight);
    let spare = 64 - 8 * size;
    match kind {
        'x' => format!(" {value:0width$x}", width = 2 * size),
        'o' => format!(" {value:0width$o}", width = (8 * size).div_ceil(3)),
        // The widest number of that many bytes, with its sign.
        'd' => {
            format!(" {:>width$}", (value << spare).cast_signed() >> spare, width = [4, 6, 11, 20][width_index(size)])
        }
        _ => format!(" {value:>width$}", width = [3, 5, 10, 20][width_index(size)]),
    }
}

fn width_index(size: usize) -> usize {
    size.trailing_zeros() as usize
}

toy!(
    /// `od [-bcdoxv] [-A base] [-t type] [-j skip] [-N count] [file…]`
    od, od_work
);

async fn od_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("bcdoxv", "AtjNw", &[]).await else { return 1 };
    let columns = match columns(&flags) {
        Ok(columns) => columns,
        Err(message) => {
            tool.complain(&message).await;
            return 1;
        }
    };
    let skip = flags.value('j').and_then(number).unwrap_or(0);
    let most = flags.value('N').and_then(number).unwrap_or(usize::MAX);
    let Some(bytes) = content(&mut tool, &flags.rest, skip, most).await else { return 1 };
    let address = |at: usize| match flags.value('A').unwrap_or("o") {
        "n" => String::new(),
        "x" => format!("{at:06x}"),
        "d" => format!("{at:07}"),
        _ => format!("{at:07o}"),
    };
    let (mut text, mut before, mut starred) = (String::new(), None, false);
    for (row, line) in bytes.chunks(16).enumerate() {
        if !flags.has('v') && before == Some(line) {
            text += if starred { "" } else { "*\n" };
            starred = true;
            continue;
        }
        (before, starred) = (Some(line), false);
        for (at, column) in columns.iter().enumerate() {
            let size = if let Column::Number(_, size) = column { *size } else { 1 };
            let start = address(skip + 16 * row);
            let start = if at == 0 { start } else { " ".repeat(start.len()) };
            text += &format!("{start}{}\n", line.chunks(size).map(|part| cell(*column, part)).collect::<String>());
        }
    }
    let end = address(skip + bytes.len());
    if !end.is_empty() {
        text += &format!("{end}\n");
    }
    tool.finish(text).await
}

toy!(
    /// `xxd [-ipr] [-c columns] [-g group] [-l length] [-o offset] [-s skip] [file]`
    xxd, xxd_work
);

async fn xxd_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("ipr", "cglos", &[]).await else { return 1 };
    let value = |letter| flags.value(letter).and_then(number);
    let (skip, most) = (value('s').unwrap_or(0), value('l').unwrap_or(usize::MAX));
    let files = &flags.rest[..flags.rest.len().min(1)];
    let Some(bytes) = content(&mut tool, files, skip, most).await else { return 1 };
    if flags.has('r') {
        let plain = flags.has('p');
        return tool.finish(unhexed(&String::from_utf8_lossy(&bytes), plain)).await;
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let text: String = if flags.has('p') {
        let width = value('c').filter(|width| *width > 0).unwrap_or(30);
        bytes.chunks(width).map(|line| hex(line) + "\n").collect()
    } else if flags.has('i') {
        let cells: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
        cells.chunks(12).map(|line| format!("  {},\n", line.join(", "))).collect()
    } else {
        let width = value('c').filter(|width| (1..=256).contains(width)).unwrap_or(16);
        let group = value('g').filter(|group| *group > 0).unwrap_or(2);
        let start = skip + value('o').unwrap_or(0);
        let room = 2 * width + width.div_ceil(group);
        let line = |(row, line): (usize, &[u8])| {
            let groups: Vec<String> = line.chunks(group).map(hex).collect();
            let shown: String =
                line.iter().map(|byte| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '.' }).collect();
            format!("{:08x}: {:<room$} {shown}\n", start + row * width, groups.join(" "))
        };
        bytes.chunks(width).enumerate().map(line).collect()
    };
    tool.finish(text).await
}

/// The bytes a hexadecimal text stands for; without `plain` each line has its address before and its text behind.
fn unhexed(text: &str, plain: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.lines() {
        let part = if plain { line } else { line.split_once(": ").map_or("", |(_, rest)| rest) };
        let part = if plain { part } else { part.split("  ").next().unwrap_or_default() };
        let digits: Vec<u8> =
            part.chars().filter(|c| !c.is_whitespace()).map_while(|c| c.to_digit(16)).map(|d| d as u8).collect();
        bytes.extend(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]));
    }
    bytes
}

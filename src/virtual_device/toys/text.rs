//! `cat`, `head`, `tail`, `wc`, `tee`, `tr`, `cut`, `uniq`, `yes`.

use std::time::Duration;

use super::tool::{Tool, toy};
use crate::virtual_device::fs::Open;

toy!(
    /// `cat [file…]`
    cat, cat_work
);

async fn cat_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("uetv", "", &[]).await else { return 1 };
    let mut lines = tool.lines(&flags.rest);
    while let Some(bytes) = lines.bytes(&mut tool).await {
        if !tool.out(bytes).await {
            break;
        }
    }
    tool.status
}

/// `-5` means `-n 5`, unless it is another option's value.
fn with_number(arguments: &[String]) -> Vec<String> {
    let number =
        |word: &String| word.len() > 1 && word.starts_with('-') && word[1..].bytes().all(|b| b.is_ascii_digit());
    let valued = |at: usize| at > 0 && matches!(arguments[at - 1].as_str(), "-n" | "-c");
    arguments
        .iter()
        .enumerate()
        .flat_map(|(at, word)| match number(word) && !valued(at) {
            true => vec!["-n".into(), word[1..].into()],
            false => vec![word.clone()],
        })
        .collect()
}

/// Where the first so many lines end; counted from the end when the number is negative.
fn end_of_lines(content: &[u8], wanted: i64) -> usize {
    let ends: Vec<usize> = content
        .split_inclusive(|byte| *byte == b'\n')
        .scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        })
        .collect();
    let count = usize::try_from(wanted.unsigned_abs()).unwrap_or(usize::MAX);
    let kept = if wanted < 0 { ends.len().saturating_sub(count) } else { count.min(ends.len()) };
    kept.checked_sub(1).map_or(0, |last| ends[last])
}

toy!(
    /// `head [-n lines] [-c bytes] [file…]`
    head, head_work
);

async fn head_work(mut tool: Tool) -> i32 {
    tool.call.argv = [vec!["head".into()], with_number(tool.arguments())].concat();
    let Some(flags) = tool.flags("qv", "nc", &[]).await else { return 1 };
    let count = |letter| flags.value(letter).and_then(|text| text.parse::<usize>().ok());
    let negative = |letter| flags.value(letter).and_then(|text| text.parse::<i64>().ok()).filter(|count| *count < 0);
    let files: Vec<String> = if flags.rest.is_empty() { vec!["-".into()] } else { flags.rest.clone() };
    for (at, file) in files.iter().enumerate() {
        if (files.len() > 1 && !flags.has('q')) || flags.has('v') {
            tool.out(format!("{}==> {file} <==\n", if at > 0 { "\n" } else { "" })).await;
        }
        if let Some(count) = negative('c').or(negative('n')) {
            let Some(content) = tool.read(file).await else { continue };
            let end = match flags.has('c') {
                true => content.len().saturating_sub(usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX)),
                false => end_of_lines(&content, count),
            };
            tool.out(content[..end].to_vec()).await;
            continue;
        }
        let mut lines = tool.lines(std::slice::from_ref(file));
        if let Some(mut left) = count('c') {
            while left > 0
                && let Some(mut bytes) = lines.bytes(&mut tool).await
            {
                bytes.truncate(left);
                left -= bytes.len();
                if !tool.out(bytes).await {
                    break;
                }
            }
            continue;
        }
        for _ in 0..count('n').unwrap_or(10) {
            let Some(line) = lines.next(&mut tool).await else { break };
            if !tool.out(line).await {
                break;
            }
        }
    }
    tool.status
}

toy!(
    /// `tail [-n [+]lines] [-c bytes] [-f] [file…]`
    tail, tail_work
);

async fn tail_work(mut tool: Tool) -> i32 {
    tool.call.argv = [vec!["tail".into()], with_number(tool.arguments())].concat();
    let Some(flags) = tool.flags("fFq", "ncs", &[]).await else { return 1 };
    let file = flags.rest.first().cloned().unwrap_or_else(|| "-".into());
    let Some(content) = tool.read(&file).await else { return 1 };
    let wanted = flags.value('c').or(flags.value('n')).unwrap_or("10");
    let from_start = wanted.starts_with('+');
    let count: usize = wanted.trim_start_matches(['+', '-']).parse().unwrap_or(10);
    let starts: Vec<usize> = if flags.has('c') {
        (0..content.len()).collect()
    } else {
        let after = content.iter().enumerate().filter(|(at, byte)| **byte == b'\n' && at + 1 < content.len());
        std::iter::once(0).chain(after.map(|(at, _)| at + 1)).collect()
    };
    let at = if from_start { count.saturating_sub(1) } else { starts.len().saturating_sub(count) };
    let start =
        if count == 0 && !from_start { content.len() } else { starts.get(at).copied().unwrap_or(content.len()) };
    tool.out(content[start..].to_vec()).await;
    if (flags.has('f') || flags.has('F')) && file != "-" {
        follow(&tool, &file, content.len()).await;
    }
    tool.status
}

/// Writes what is added to a file, until told to end.
async fn follow(tool: &Tool, file: &str, mut seen: usize) {
    loop {
        tokio::select! {
            () = tool.call.stdio.hangup.cancelled() => return,
            () = tool.call.stdio.stdout.closed() => return,
            () = tool.call.machine.clock.sleep(Duration::from_millis(200)) => {}
        }
        let content = tool.call.machine.files().read(tool.actor(), &tool.absolute(file)).unwrap_or_default();
        if content.len() < seen {
            seen = 0;
        }
        if content.len() > seen {
            tool.out(content[seen..].to_vec()).await;
            seen = content.len();
        }
    }
}

toy!(
    /// `wc [-lwcmL] [file…]`
    wc, wc_work
);

async fn wc_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("lwcmL", "", &[]).await else { return 1 };
    let all = !"lwcmL".chars().any(|letter| flags.has(letter));
    let files: Vec<String> = if flags.rest.is_empty() { vec!["-".into()] } else { flags.rest.clone() };
    let mut total = [0; 5];
    let line = |counts: &[usize; 5], name: &str| {
        let shown = ['l', 'w', 'c', 'm', 'L'].into_iter().zip(counts);
        let shown = shown.filter(|(letter, _)| if all { "lwc".contains(*letter) } else { flags.has(*letter) });
        let numbers: Vec<String> = shown.map(|(_, count)| count.to_string()).collect();
        let name = if name == "-" { String::new() } else { format!(" {name}") };
        format!("{}{name}\n", numbers.join(" "))
    };
    for file in &files {
        let Some(content) = tool.read(file).await else { continue };
        let text = String::from_utf8_lossy(&content);
        let newlines = content.iter().filter(|byte| **byte == b'\n').count();
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        let counts = [newlines, text.split_whitespace().count(), content.len(), text.chars().count(), longest];
        for (sum, count) in total.iter_mut().zip(counts).take(4) {
            *sum += count;
        }
        total[4] = total[4].max(longest);
        tool.out(line(&counts, file)).await;
    }
    if files.len() > 1 {
        tool.out(line(&total, "total")).await;
    }
    tool.status
}

toy!(
    /// `tee [-a] [file…]`
    tee, tee_work
);

async fn tee_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("ai", "", &[]).await else { return 1 };
    let mut open = Vec::new();
    for file in &flags.rest {
        let how = if flags.has('a') { Open::Keep } else { Open::Truncate };
        let opened = tool.call.machine.files().create(tool.actor(), &tool.absolute(file), how, 0o666);
        open.extend(tool.check(file, opened).await);
    }
    while let Some(bytes) = tool.chunk().await {
        for id in &open {
            let written = tool.call.machine.files().write_at(tool.actor(), *id, None, &bytes);
            tool.check("write", written).await;
        }
        tool.out(bytes).await;
    }
    tool.status
}

toy!(
    /// `tr [-cds] set1 [set2]`
    tr, tr_work
);

async fn tr_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("cCds", "", &[]).await else { return 1 };
    let Some(first) = flags.rest.first() else {
        tool.complain("Needs 1 argument").await;
        return 1;
    };
    let complement = flags.has('c') || flags.has('C');
    let named = byte_set(first);
    let from: Vec<u8> = if complement { (0..=255).filter(|b| !named.contains(b)).collect() } else { named };
    let to = flags.rest.get(1).map(|set| byte_set(set)).unwrap_or_default();
    let squeezed = if to.is_empty() || flags.has('d') { from.clone() } else { to.clone() };
    let mut last = None;
    while let Some(bytes) = tool.chunk().await {
        let mut result = Vec::with_capacity(bytes.len());
        for byte in bytes {
            let at = from.iter().position(|known| *known == byte);
            if at.is_some() && flags.has('d') {
                continue;
            }
            let byte = at.and_then(|at| to.get(at).or(to.last())).copied().unwrap_or(byte);
            if flags.has('s') && last == Some(byte) && squeezed.contains(&byte) {
                continue;
            }
            last = Some(byte);
            result.push(byte);
        }
        if !tool.out(result).await {
            break;
        }
    }
    tool.status
}

/// The bytes of a `tr` set: ranges, escapes, classes.
fn byte_set(text: &str) -> Vec<u8> {
    let mut text = text.to_owned();
    for (class, members) in [
        ("[:upper:]", "A-Z"),
        ("[:lower:]", "a-z"),
        ("[:digit:]", "0-9"),
        ("[:alpha:]", "A-Za-z"),
        ("[:alnum:]", "A-Za-z0-9"),
        ("[:space:]", " \\t-\\r"),
        ("[:blank:]", " \\t"),
        ("[:punct:]", "!-/:-@[-`{-~"),
    ] {
        text = text.replace(class, members);
    }
    let (bytes, _) = super::echo::unescape(&text.replace("\\-", "\\055"));
    let mut set = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at..] {
            [from, b'-', to, ..] if from <= to => {
                set.extend(from..=to);
                at += 3;
            }
            _ => {
                set.push(bytes[at]);
                at += 1;
            }
        }
    }
    set
}

toy!(
    /// `cut -d delimiter -f list`, `cut -c list`, `cut -b list`
    cut, cut_work
);

async fn cut_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("s", "dfcbO", &[]).await else { return 1 };
    let list = flags.value('f').or(flags.value('c')).or(flags.value('b'));
    let Some(ranges) = list.and_then(ranges) else {
        tool.complain("bad list").await;
        return 1;
    };
    let delimiter = flags.value('d').unwrap_or("\t").to_owned();
    let between = flags.value('O').unwrap_or(&delimiter);
    let wanted = |at: usize| ranges.iter().any(|(from, to)| (*from..=*to).contains(&(at + 1)));
    let mut lines = tool.lines(&flags.rest);
    while let Some(line) = lines.next(&mut tool).await {
        let text = String::from_utf8_lossy(&line);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let kept: String = if !flags.has('f') {
            text.chars().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, c)| c).collect()
        } else if text.contains(&delimiter) {
            let fields = text.split(&delimiter).enumerate().filter(|(at, _)| wanted(*at));
            fields.map(|(_, field)| field).collect::<Vec<_>>().join(between)
        } else if flags.has('s') {
            continue;
        } else {
            text.to_owned()
        };
        if !tool.out(kept + "\n").await {
            break;
        }
    }
    tool.status
}

fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let one = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let from = if from.is_empty() { 1 } else { from.parse().ok()? };
        let to = if to.is_empty() { usize::MAX } else { to.parse().ok()? };
        (from > 0 && from <= to).then_some((from, to))
    };
    list.split(',').map(one).collect()
}

toy!(
    /// `uniq [-cdiu]`
    uniq, uniq_work
);

async fn uniq_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("cdui", "", &[]).await else { return 1 };
    let mut lines = tool.lines(&flags.rest);
    let mut last: Option<(Vec<u8>, usize)> = None;
    loop {
        let mut line = lines.next(&mut tool).await;
        if let Some(line) = line.as_mut().filter(|line| line.last() == Some(&b'\n')) {
            line.pop();
        }
        if let (Some(line), Some((before, count))) = (&line, &mut last)
            && (line == before || (flags.has('i') && line.eq_ignore_ascii_case(before)))
        {
            *count += 1;
            continue;
        }
        if let Some((text, count)) = last.take() {
            let shown = if flags.has('d') { count > 1 } else { !flags.has('u') || count == 1 };
            let mut output = if flags.has('c') { format!("{count:7} ").into_bytes() } else { Vec::new() };
            output.extend(text);
            output.push(b'\n');
            if shown && !tool.out(output).await {
                break;
            }
        }
        match line {
            Some(line) => last = Some((line, 1)),
            None => break,
        }
    }
    tool.status
}

toy!(
    /// `yes [word…]`
    yes, yes_work
);

async fn yes_work(tool: Tool) -> i32 {
    let words = tool.arguments().join(" ");
    let line = format!("{}\n", if words.is_empty() { "y" } else { &words });
    let block = line.repeat(4096 / line.len() + 1);
    loop {
        tokio::select! {
            biased;
            () = tool.call.stdio.hangup.cancelled() => return 129,
            written = tool.out(block.clone()) => if !written { return 141 },
        }
        tokio::task::yield_now().await;
    }
}

//! `cat`, `head`, `tail`, `wc`, `tee`, `tr`, `cut`, `sort`, `uniq`, `seq`, `yes`.

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

/// `-5` means `-n 5`.
fn with_number(arguments: &[String]) -> Vec<String> {
    let number =
        |word: &String| word.len() > 1 && word.starts_with('-') && word[1..].bytes().all(|b| b.is_ascii_digit());
    arguments
        .iter()
        .flat_map(|word| if number(word) { vec!["-n".into(), word[1..].into()] } else { vec![word.clone()] })
        .collect()
}

toy!(
    /// `head [-n lines] [-c bytes] [file…]`
    head, head_work
);

async fn head_work(mut tool: Tool) -> i32 {
    tool.call.argv = [vec!["head".into()], with_number(tool.arguments())].concat();
    let Some(flags) = tool.flags("qv", "nc", &[]).await else { return 1 };
    let count = |letter| flags.value(letter).and_then(|text| text.parse::<usize>().ok());
    let files: Vec<String> = if flags.rest.is_empty() { vec!["-".into()] } else { flags.rest.clone() };
    for (at, file) in files.iter().enumerate() {
        if files.len() > 1 && !flags.has('q') {
            tool.out(format!("{}==> {file} <==\n", if at > 0 { "\n" } else { "" })).await;
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
    /// `wc [-lwcm] [file…]`
    wc, wc_work
);

async fn wc_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("lwcm", "", &[]).await else { return 1 };
    let all = !"lwcm".chars().any(|letter| flags.has(letter));
    let files: Vec<String> = if flags.rest.is_empty() { vec!["-".into()] } else { flags.rest.clone() };
    let mut total = [0; 4];
    let line = |counts: &[usize; 4], name: &str| {
        let shown = ['l', 'w', 'c', 'm'].into_iter().zip(counts);
        let shown = shown.filter(|(letter, _)| if all { *letter != 'm' } else { flags.has(*letter) });
        let numbers: Vec<String> = shown.map(|(_, count)| count.to_string()).collect();
        let name = if name == "-" { String::new() } else { format!(" {name}") };
        format!("{}{name}\n", numbers.join(" "))
    };
    for file in &files {
        let Some(content) = tool.read(file).await else { continue };
        let text = String::from_utf8_lossy(&content);
        let newlines = content.iter().filter(|byte| **byte == b'\n').count();
        let counts = [newlines, text.split_whitespace().count(), content.len(), text.chars().count()];
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
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
    let Some(flags) = tool.flags("s", "dfcb", &[]).await else { return 1 };
    let list = flags.value('f').or(flags.value('c')).or(flags.value('b'));
    let Some(ranges) = list.and_then(ranges) else {
        tool.complain("bad list").await;
        return 1;
    };
    let delimiter = flags.value('d').unwrap_or("\t").to_owned();
    let wanted = |at: usize| ranges.iter().any(|(from, to)| (*from..=*to).contains(&(at + 1)));
    let mut lines = tool.lines(&flags.rest);
    while let Some(line) = lines.next(&mut tool).await {
        let text = String::from_utf8_lossy(&line);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let kept: String = if !flags.has('f') {
            text.chars().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, c)| c).collect()
        } else if text.contains(&delimiter) {
            let fields = text.split(&delimiter).enumerate().filter(|(at, _)| wanted(*at));
            fields.map(|(_, field)| field).collect::<Vec<_>>().join(&delimiter)
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
    /// `sort [-nru] [-t c] [-k n] [-o file] [file…]`
    sort, sort_work
);

async fn sort_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("nrufbsVg", "tko", &[]).await else { return 1 };
    let mut lines = Vec::new();
    let mut input = tool.lines(&flags.rest);
    while let Some(line) = input.next(&mut tool).await {
        let text = String::from_utf8_lossy(&line);
        lines.push(text.strip_suffix('\n').unwrap_or(&text).to_owned());
    }
    let field = flags.value('k').and_then(|key| key.split([',', '.', 'n', 'r']).next()?.parse::<usize>().ok());
    let key_numeric = flags.value('k').is_some_and(|key| key.contains('n'));
    let separator = flags.value('t').and_then(|text| text.chars().next());
    let key = |line: &str| -> String {
        let Some(field) = field else { return line.to_owned() };
        match separator {
            Some(c) => line.split(c).skip(field - 1).collect::<Vec<_>>().join(&c.to_string()),
            None => line.split_whitespace().skip(field - 1).collect::<Vec<_>>().join(" "),
        }
    };
    let number = |text: &str| {
        let text = text.trim_start();
        let length = text.char_indices().find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && *c == '-')));
        text[..length.map_or(text.len(), |(at, _)| at)].parse::<f64>().unwrap_or(0.0)
    };
    let numeric = flags.has('n') || flags.has('g') || key_numeric;
    lines.sort_by(|a, b| {
        let (left, right) = (key(a), key(b));
        let order = if numeric {
            number(&left).total_cmp(&number(&right))
        } else if flags.has('f') {
            left.to_lowercase().cmp(&right.to_lowercase())
        } else {
            left.cmp(&right)
        };
        let order = if flags.has('u') || flags.has('s') { order } else { order.then_with(|| a.cmp(b)) };
        if flags.has('r') { order.reverse() } else { order }
    });
    if flags.has('u') {
        lines.dedup_by(|a, b| if numeric { number(&key(a)) == number(&key(b)) } else { key(a) == key(b) });
    }
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    match flags.value('o') {
        Some(file) => {
            let written = tool.call.machine.files().write(tool.actor(), &tool.absolute(file), text.into_bytes(), 0o666);
            tool.check(file, written).await;
        }
        None => drop(tool.out(text).await),
    }
    tool.status
}

toy!(
    /// `uniq [-cdu]`
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
            && line == before
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

/// Most numbers `seq` writes between looking whether anybody reads.
const BATCH: usize = 512;

toy!(
    /// `seq [-s separator] [first [step]] last`
    seq, seq_work
);

async fn seq_work(mut tool: Tool) -> i32 {
    let words: Vec<String> = tool.arguments().to_vec();
    let numbers: Option<Vec<i64>> = words.iter().map(|word| word.parse().ok()).collect();
    let (first, step, last) = match numbers.as_deref() {
        Some([last]) => (1, 1, *last),
        Some([first, last]) => (*first, 1, *last),
        Some([first, step, last]) if *step != 0 => (*first, *step, *last),
        _ => {
            tool.complain("bad number").await;
            return 1;
        }
    };
    let mut next = first;
    loop {
        let mut text = String::new();
        for _ in 0..BATCH {
            if (step > 0 && next > last) || (step < 0 && next < last) {
                return tool.finish(text).await;
            }
            text += &format!("{next}\n");
            next = next.saturating_add(step);
        }
        if !tool.out(text).await {
            return 0;
        }
    }
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

//! `ps`, `pidof`, `pgrep`, `pkill`, `killall`, `kill`.

use super::people::name_of;
use super::tool::{Tool, toy};
use crate::virtual_device::processes;
use crate::virtual_device::signal::Signal;

/// One line of `ps`, and of `top`.
pub(super) struct Row {
    pub pid: u32,
    pub parent: u32,
    pub uid: u32,
    pub name: String,
    pub arguments: String,
}

/// The system's processes and the running programs, by id.
pub(super) fn rows(tool: &Tool) -> Vec<Row> {
    let mut rows: Vec<Row> = {
        let system = tool.call.machine.system();
        let row = |p: &crate::virtual_device::system::Process| Row {
            pid: p.pid,
            parent: p.parent,
            uid: p.uid,
            name: p.name.clone(),
            arguments: p.name.clone(),
        };
        system.processes().map(row).collect()
    };
    let programs = tool.call.machine.processes();
    rows.extend(programs.iter().map(|p| Row {
        pid: p.pid,
        parent: p.parent,
        uid: p.uid,
        name: p.name.clone(),
        arguments: p.arguments.join(" "),
    }));
    rows.sort_by_key(|row| row.pid);
    rows
}

toy!(
    /// `ps [-A] [-ef] [-o columns] [name]`
    ps, ps_work
);

/// The head of toybox's words.
const PS_USAGE: &str = "usage: ps [-AadefLlnwZ] [-gG GROUP,] [-k FIELD,] [-o FIELD,] [-p PID,] [-t TTY,] [-uU USER,]\n\n\
    List processes.\n\n-A\tAll\n";

async fn ps_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("AefwTlZ", "opu", &[("help", '?')]).await else { return 1 };
    let old = tool.call.machine.profile.api <= 25;
    if !old && flags.has('?') {
        return tool.finish(PS_USAGE).await;
    }
    let mut rows = rows(&tool);
    let own = tool.call.uid;
    if let Some(pid) = flags.value('p') {
        rows.retain(|row| pid.split(',').any(|wanted| wanted == row.pid.to_string()));
    } else if !old && !flags.has('A') && !flags.has('e') {
        rows.retain(|row| row.uid == own);
    }
    if let Some(name) = flags.rest.first().filter(|_| old) {
        rows.retain(|row| row.name.contains(name.as_str()) || row.pid.to_string() == *name);
    }
    if flags.has('o') {
        return by_columns(tool, &rows, flags.values('o')).await;
    }
    let text: String = if old {
        let head = "USER      PID   PPID  VSIZE  RSS   WCHAN            PC  NAME\n".to_owned();
        // Captured columns, and what all but the kernel's own wait in. MODEL: the sizes of one captured process of a kind.
        let line = |row: &Row| {
            let (size, resident) = if row.uid >= 10_000 { (564_464, 63_652) } else { (2_348, 976) };
            let user = name_of(row.uid);
            format!(
                "{user:<9} {:<5} {:<5} {size:<6} {resident:<5} do_epoll_w 00000000 S {}\n",
                row.pid, row.parent, row.name
            )
        };
        head + &rows.iter().map(line).collect::<String>()
    } else {
        let head = "USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME\n".to_owned();
        let line = |row: &Row| {
            let (user, name) = (name_of(row.uid), shown(&row.name));
            format!("{user:<12} {:>5} {:>5}       0      0 0                   0 S {name}\n", row.pid, row.parent)
        };
        head + &rows.iter().map(line).collect::<String>()
    };
    tool.finish(text).await
}

/// Columns of toybox's `ps` that are known here, and their widths; a negative one is filled up on the right.
const COLUMNS: [(&str, i32); 10] = [
    ("PID", 5),
    ("PPID", 5),
    ("TID", 5),
    ("UID", 5),
    ("USER", -12),
    ("S", -1),
    ("NAME", -27),
    ("COMM", -15),
    ("CMD", -27),
    ("ARGS", -27),
];

/// `-o pid,name=WORD`: columns with their heads, in a table whose last column is not filled up.
async fn by_columns(mut tool: Tool, rows: &[Row], wanted: &[String]) -> i32 {
    let mut columns = Vec::new();
    for word in wanted.iter().flat_map(|list| list.split(',')) {
        let (name, head) = word.split_once('=').map_or((word, None), |(name, head)| (name, Some(head)));
        let name = name.split(':').next().unwrap_or_default().to_ascii_uppercase();
        let name = if name == "CMDLINE" { "ARGS".to_owned() } else { name };
        let Some(column) = COLUMNS.iter().find(|(known, _)| *known == name) else {
            tool.complain(&format!("bad -o '{word}'")).await;
            return 1;
        };
        columns.push((column.0, column.1, head.map_or_else(|| column.0.to_owned(), str::to_owned)));
    }
    let cell = |row: &Row, column: &str| match column {
        "PID" | "TID" => row.pid.to_string(),
        "PPID" => row.parent.to_string(),
        "USER" => name_of(row.uid),
        "UID" => row.uid.to_string(),
        "ARGS" => row.arguments.clone(),
        "S" => "S".to_owned(),
        _ => shown(&row.name).to_owned(),
    };
    let line = |cells: Vec<String>| {
        let mut text = String::new();
        for (at, (cell, (_, width, _))) in cells.iter().zip(&columns).enumerate() {
            let wide = usize::try_from(width.unsigned_abs()).unwrap_or(0);
            let last = at + 1 == columns.len();
            text += if at > 0 { " " } else { "" };
            text += &match (*width > 0, last) {
                (true, _) => format!("{cell:>wide$}"),
                (false, true) => cell.clone(),
                (false, false) => format!("{cell:<wide$}"),
            };
        }
        text + "\n"
    };
    let mut text = String::new();
    if columns.iter().any(|(.., head)| !head.is_empty()) {
        text += &line(columns.iter().map(|(.., head)| head.clone()).collect());
    }
    for row in rows {
        text += &line(columns.iter().map(|(name, ..)| cell(row, name)).collect());
    }
    tool.finish(text).await
}

/// A process's name as toybox shows it: without the folder its program is in.
pub(super) fn shown(name: &str) -> &str {
    if name.starts_with('/') { name.rsplit('/').next().unwrap_or(name) } else { name }
}

toy!(
    /// `pidof [-s] name…`
    pidof, pidof_work
);

async fn pidof_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("s", "o", &[]).await else { return 1 };
    let mut found: Vec<String> = Vec::new();
    for row in rows(&tool) {
        if flags.rest.iter().any(|name| *name == row.name || row.name.rsplit('/').next() == Some(name)) {
            found.push(row.pid.to_string());
        }
    }
    if flags.has('s') {
        found.truncate(1);
    }
    if found.is_empty() {
        return 1;
    }
    tool.finish(found.join(" ") + "\n").await
}

/// The processes that a pattern names: by their short names, or by all of their arguments.
async fn matching(tool: &mut Tool, whole: bool, exact: bool, pattern: &str) -> Option<Vec<Row>> {
    let wide = if exact { format!("^(?:{pattern})$") } else { pattern.to_owned() };
    let Ok(pattern) = regex::RegexBuilder::new(&wide).size_limit(1 << 20).build() else {
        tool.complain(&format!("bad regex '{pattern}'")).await;
        return None;
    };
    // A search does not find itself.
    let own = tool.name().to_owned();
    let mut rows = rows(tool);
    rows.retain(|row| {
        let name = row.name.rsplit('/').next().unwrap_or(&row.name);
        name != own && pattern.is_match(if whole { &row.arguments } else { name })
    });
    Some(rows)
}

toy!(
    /// `pgrep [-flnox] [-u user] pattern`
    pgrep, pgrep_work
);

async fn pgrep_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("flnoxcv", "udP", &[]).await else { return 1 };
    let Some(pattern) = flags.rest.first() else {
        tool.complain("No PATTERN").await;
        return 1;
    };
    let Some(mut found) = matching(&mut tool, flags.has('f'), flags.has('x'), pattern).await else { return 1 };
    if let Some(user) = flags.value('u') {
        found.retain(|row| super::people::uid_of(user) == Some(row.uid));
    }
    if flags.has('n') {
        found = found.pop().into_iter().collect();
    }
    if flags.has('o') {
        found.truncate(1);
    }
    let status = i32::from(found.is_empty());
    let line =
        |row: &Row| if flags.has('l') { format!("{} {}\n", row.pid, row.name) } else { format!("{}\n", row.pid) };
    let text = if flags.has('c') { format!("{}\n", found.len()) } else { found.iter().map(line).collect() };
    tool.out(text).await;
    status
}

toy!(
    /// `pkill [-signal] [-f] [-x] pattern`, `killall [-signal] [-q] name…`
    pkill, pkill_work
);

async fn pkill_work(mut tool: Tool) -> i32 {
    let all = tool.name() == "killall";
    let mut words = tool.arguments().to_vec();
    let mut signal = Signal::TERM;
    if let Some(named) = words.first().and_then(|word| Signal::parse(word.strip_prefix('-')?)) {
        signal = named;
        words.remove(0);
    }
    let (options, names): (Vec<String>, Vec<String>) = words.into_iter().partition(|word| word.starts_with('-'));
    let has = |letter: char| options.iter().any(|option| option.contains(letter));
    if names.is_empty() {
        tool.complain(if all { "Needs 1 argument" } else { "No PATTERN" }).await;
        return 1;
    }
    let mut met = false;
    for name in &names {
        let pattern = if all { regex::escape(name) } else { name.clone() };
        let Some(found) = matching(&mut tool, has('f'), all || has('x'), &pattern).await else { return 1 };
        if found.is_empty() && all && !has('q') {
            tool.complain(&format!("{name}: No such process")).await;
        }
        for row in found {
            met = true;
            if let Err(error) = processes::signal(&tool.call.machine, tool.call.uid, row.pid, signal) {
                tool.complain(&format!("bad pid {}: {error}", row.pid)).await;
            }
        }
    }
    if met { tool.status } else { 1 }
}

toy!(
    /// `kill [-signal] pid…` for programs that call it; shells have their own.
    kill, kill_work
);

async fn kill_work(mut tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    let named = words.first().and_then(|word| Signal::parse(word.strip_prefix('-')?));
    let pids = if named.is_some() { &words[1..] } else { &words[..] };
    for word in pids {
        let sent = word.parse().map_err(|_| "bad pid".to_owned()).and_then(|pid| {
            let signal = named.unwrap_or(Signal::TERM);
            processes::signal(&tool.call.machine, tool.call.uid, pid, signal).map_err(|error| error.to_string())
        });
        if let Err(message) = sent {
            tool.complain(&format!("{word}: {message}")).await;
        }
    }
    tool.status
}

//! `ps`, `pidof`, `kill`.

use super::people::name_of;
use super::tool::{Tool, toy};
use crate::virtual_device::processes;
use crate::virtual_device::signal::Signal;

/// One line of `ps`.
struct Row {
    pid: u32,
    parent: u32,
    uid: u32,
    name: String,
    arguments: String,
}

/// The system's processes and the running programs, by id.
fn rows(tool: &Tool) -> Vec<Row> {
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
    if let Some(columns) = flags.value('o') {
        return by_columns(tool, &rows, columns).await;
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
            let user = name_of(row.uid);
            format!("{user:<12} {:>5} {:>5}       0      0 0                   0 S {}\n", row.pid, row.parent, row.name)
        };
        head + &rows.iter().map(line).collect::<String>()
    };
    tool.finish(text).await
}

async fn by_columns(tool: Tool, rows: &[Row], columns: &str) -> i32 {
    let columns: Vec<String> = columns.split(',').map(str::to_ascii_uppercase).collect();
    let cell = |row: &Row, column: &str| match column {
        "PID" => row.pid.to_string(),
        "PPID" => row.parent.to_string(),
        "USER" => name_of(row.uid),
        "UID" => row.uid.to_string(),
        "ARGS" | "CMDLINE" => row.arguments.clone(),
        "S" => "S".to_owned(),
        _ => row.name.clone(),
    };
    let mut text = columns.join(" ") + "\n";
    for row in rows {
        text += &(columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(" ") + "\n");
    }
    tool.finish(text).await
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

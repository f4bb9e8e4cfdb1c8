//! `appops` and `cmd appops`.

use super::reply::{Cost, Reply, answer};
use super::stamp;
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{Mode, System};

/// `appops`, also called as `cmd appops`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let Some((command, rest)) = args.split_first() else {
        return Reply::err("usage: appops [subcommand] [options]\n", 1);
    };
    let words = super::pm::plain(rest);
    match *command {
        "get" => get(system, &words),
        "set" => set(system, &words, rest.contains(&"--uid")),
        "reset" => {
            system.reset_ops(words.first().copied());
            Reply::out("Reset all modes to default\n")
        }
        "query-op" => query(system, &words),
        "write-settings" | "read-settings" => Reply::default(),
        other => Reply::err(format!("Unknown command: {other}\n"), 255),
    }
}

/// `READ_CONTACTS: allow; time=+1m18s233ms ago`, or `No operations.` (both captured on API 23).
fn get(system: &System, words: &[&str]) -> Reply {
    let Some(package) = words.first() else { return Reply::err("Error: Package not specified.\n", 255) };
    if !system.packages().contains_key(*package) {
        return Reply::err(
            format!("Error: No UID for {package} in user 0\n"),
            if system.profile().api <= 25 { 0 } else { 255 },
        );
    }
    let wanted = words.get(1).map(|op| op.trim_start_matches("android:").to_uppercase());
    let now = system.wall();
    let mut out = String::new();
    for (op, record) in system.ops().of(package).filter(|(op, _)| wanted.as_ref().is_none_or(|w| w == op)) {
        let mode = record.mode.unwrap_or(Mode::Allow);
        let last = record.last(false);
        let reject = record.last(true);
        if record.mode.is_none() && last.is_none() && reject.is_none() {
            continue;
        }
        let mut line = format!("{op}: {}", mode.name());
        line.extend(last.map(|t| format!("; time={} ago", stamp::span(now - t.at))));
        line.extend(reject.map(|t| format!("; rejectTime={} ago", stamp::span(now - t.at))));
        let running = last.filter(|t| t.lasts > 0 && t.at + t.lasts > now);
        match (running, last) {
            (Some(_), _) => line += " (running)",
            (None, Some(t)) if t.lasts > 0 => line += &format!("; duration={}", stamp::span(t.lasts)),
            _ => {}
        }
        out += &(line + "\n");
    }
    if out.is_empty() {
        out = match &wanted {
            Some(_) if system.profile().api >= 26 => "No operations.\nDefault mode: allow\n".into(),
            _ => "No operations.\n".into(),
        };
    }
    Reply::out(out)
}

fn set(system: &mut System, words: &[&str], _uid: bool) -> Reply {
    let [package, op, mode, ..] = words else { return Reply::err("Error: Mode not specified.\n", 255) };
    let Some(mode) = Mode::named(mode) else { return Reply::err(format!("Error: Mode {mode} is not valid\n"), 255) };
    if !system.packages().contains_key(*package) {
        return Reply::err(format!("Error: No UID for {package} in user 0\n"), 255);
    }
    let op = op.trim_start_matches("android:").to_uppercase();
    system.set_op_mode(package, &op, Some(mode).filter(|m| *m != Mode::Default));
    Reply::default()
}

fn query(system: &System, words: &[&str]) -> Reply {
    let [op, mode @ ..] = words else { return Reply::err("Error: Operation not specified.\n", 255) };
    let mode = mode.first().and_then(|m| Mode::named(m)).unwrap_or(Mode::Allow);
    let names = system.packages().keys().filter(|p| system.ops().mode(p, op) == Some(mode));
    Reply::out(names.map(|n| format!("{n}\n")).collect::<String>())
}

//! `dumpsys appops`. Captured on API 23 (`mode=0; time=…`), 29 and 34; MODEL between them.

use super::super::reply::Reply;
use super::super::stamp;
use crate::virtual_device::system::{Mode, OpRecord, Package, System, Touch, user_name};

/// The dump of all packages, or of one with `--package NAME`; with `--history` how often what was accessed.
pub fn dump(system: &System, args: &[&str]) -> Reply {
    let only = args.iter().position(|a| *a == "--package").and_then(|at| args.get(at + 1)).copied();
    let api = system.profile().api;
    let mut out = String::from("Current AppOps Service state:\n");
    if api >= 29 {
        out += "  Settings:\n    top_state_settle_time=+5s0ms\n    fg_service_state_settle_time=+5s0ms\n    bg_state_settle_time=+1s0ms\n\n";
    }
    if args.contains(&"--history") && api >= 29 {
        return Reply::out(out + &super::history::dump(system, only));
    }
    let mut packages: Vec<&Package> = system.packages().values().collect();
    packages.sort_by_key(|p| p.uid);
    for package in packages.iter().filter(|p| only.is_none_or(|o| o == p.name())) {
        let ops: Vec<_> = system.ops().of(package.name()).collect();
        if ops.is_empty() {
            continue;
        }
        out += &format!("  Uid {}:\n", user_name(package.uid));
        if api >= 26 {
            let state = if system.top_task().is_some_and(|t| t.package == package.name()) { "top" } else { "cch" };
            out += &format!("    state={state}\n");
        }
        out += &format!("    Package {}:\n", package.name());
        out.extend(ops.iter().map(|(op, record)| entry(system, op, record)));
    }
    Reply::out(out)
}

fn entry(system: &System, op: &str, record: &OpRecord) -> String {
    let mode = record.mode.unwrap_or(Mode::Allow);
    let now = system.wall();
    if system.profile().api <= 26 {
        let mut line = format!("      {op}: mode={}", mode.number());
        line.extend(record.last(false).map(|t| format!("; time={} ago", stamp::span(now - t.at))));
        line.extend(record.last(true).map(|t| format!("; rejectTime={} ago", stamp::span(now - t.at))));
        return line + "\n";
    }
    let mut out = format!("      {op} ({}): \n", mode.name());
    let lines: String = latest(record).iter().map(|touch| access(touch, now)).collect();
    if lines.is_empty() {
        return out;
    }
    if system.profile().api >= 30 {
        out += &format!("        null=[\n{lines}        ]\n");
    } else {
        out += &lines;
    }
    out
}

/// The last access and the last refusal, in front and in the background: app-ops keeps one time for each.
fn latest(record: &OpRecord) -> Vec<Touch> {
    let mut found = Vec::new();
    for refused in [false, true] {
        for foreground in [true, false] {
            let last = record.touches.iter().rev().find(|t| t.refused == refused && t.foreground == foreground);
            found.extend(last.copied());
        }
    }
    found
}

fn access(touch: &Touch, now: i64) -> String {
    let state = if touch.foreground { "top-s" } else { "cch-s" };
    // The captures have a space after the bracket of an access, none after that of a refusal.
    let head = if touch.refused { format!("Reject: [{state}]") } else { format!("Access: [{state}] ") };
    let mut line = format!("          {head}{} ({})", stamp::millis(touch.at), stamp::span(touch.at - now));
    if touch.lasts > 0 {
        if touch.at + touch.lasts > now {
            line += &format!(" duration={} (running)", stamp::span(now - touch.at));
        } else {
            line += &format!(" duration={}", stamp::span(touch.lasts));
        }
    }
    line + "\n"
}

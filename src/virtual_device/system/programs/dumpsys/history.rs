//! `dumpsys appops --history`: how often what was accessed, by quarter of an hour.
//!
//! MODEL: no capture has it. Words, columns and order are those of AOSP's `HistoricalRegistry.StringDumpVisitor` (30 to 36);
//! on 30 the registry tells the shell nothing unless a switch is on, which it is not from the factory (`isApiEnabled`), and
//! 29 is taken to be the same. As there, `--package` leaves out the headings of other packages, and not what stands below
//! them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::stamp;
use crate::virtual_device::system::{Count, Package, SNAPSHOT, System, user_name};

/// The first level whose registry answers the shell.
const SINCE: u32 = 31;

/// The history, the snapshot that is being filled first.
pub fn dump(system: &System, only: Option<&str>) -> String {
    if system.profile().api < SINCE {
        return String::new();
    }
    let now = system.wall();
    let current = now.div_euclid(SNAPSHOT);
    let mut snapshots: BTreeSet<i64> = BTreeSet::from([current]);
    for package in system.packages().values() {
        let keys = system.ops().of(package.name()).flat_map(|(_, record)| record.counts.keys());
        snapshots.extend(keys.map(|(snapshot, _)| *snapshot));
    }
    let mut out = String::from("\n  History:  mode=ENABLED_ACTIVE\n");
    for snapshot in snapshots.iter().rev() {
        out += &one(system, *snapshot, now, only);
        if *snapshot == current && snapshots.len() == 1 {
            out += "  Empty\n";
        }
    }
    out
}

fn one(system: &System, snapshot: i64, now: i64, only: Option<&str>) -> String {
    let begin = snapshot * SNAPSHOT;
    let end = (begin + SNAPSHOT).min(now.max(begin));
    let time = |at: i64| format!("{}  ({})", stamp::millis(at), stamp::span(at - now));
    let mut out = format!("\n      snapshot:\n        begin = {}\n        end = {}\n", time(begin), time(end));
    let mut packages: Vec<&Package> = system.packages().values().collect();
    packages.sort_by_key(|package| package.uid);
    for package in packages {
        let mut ops: BTreeMap<&str, Vec<(bool, Count)>> = BTreeMap::new();
        for (op, record) in system.ops().of(package.name()) {
            let within = record.counts.iter().filter(|((at, _), _)| *at == snapshot);
            // Keys are in the order of states: what is in front comes first.
            let mut states: Vec<_> = within.map(|((_, front), count)| (*front, *count)).collect();
            states.reverse();
            if !states.is_empty() {
                ops.insert(op, states);
            }
        }
        if ops.is_empty() {
            continue;
        }
        if only.is_none_or(|name| name == package.name()) {
            let user = user_name(package.uid);
            out += &format!("\n        Uid {user}:\n          Package {}:\n", package.name());
        }
        out += "            Attribution null:\n";
        for (op, states) in ops {
            out += &format!("              {op}:\n");
            out.extend(states.iter().map(|(front, count)| line(*front, count)));
        }
    }
    out
}

fn line(front: bool, count: &Count) -> String {
    let mut parts = Vec::new();
    if count.accesses > 0 {
        parts.push(format!("access={}", count.accesses));
    }
    if count.rejects > 0 {
        parts.push(format!("reject={}", count.rejects));
    }
    if count.lasted > 0 {
        parts.push(format!("duration={}", stamp::span(count.lasted)));
    }
    let state = if front { "top" } else { "cch" };
    format!("                [{state}-s] = {}\n", parts.join(", "))
}

//! `am get-standby-bucket`, `set-standby-bucket`, `get-inactive`, `set-inactive`: how much the system lets an app do that
//! nobody uses (AOSP `ActivityManagerShellCommand`, `UsageStatsManager.STANDBY_BUCKET_…`).

use super::pm::plain;
use super::reply::Reply;
use crate::virtual_device::system::System;

/// The buckets' names and numbers.
const BUCKETS: [(&str, u32); 6] =
    [("active", 10), ("working_set", 20), ("frequent", 30), ("rare", 40), ("restricted", 45), ("never", 50)];
/// An app that is used, and one that is never put aside.
const ACTIVE: u32 = 10;
const EXEMPTED: u32 = 5;

/// The numbers of names are other ones than those of words: a number is taken as it stands.
fn number(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    // AOSP looks at the beginning alone: `ac`, `wo`, `fr`, `ra`, `res`, `ne`.
    let known = BUCKETS.iter().find(|(name, _)| word.starts_with(name.get(..2).unwrap_or(name)));
    known.map(|(_, number)| *number).or_else(|| word.parse().ok())
}

/// How much an app is taken to be used.
pub fn bucket(system: &System, package: &str) -> u32 {
    let exempted =
        system.unbounded().any(|name| name == package) || system.packages().get(package).is_none_or(|p| p.system);
    let usual = if exempted { EXEMPTED } else { ACTIVE };
    system.standby().get(package).copied().unwrap_or(usual)
}

/// `get-standby-bucket [PACKAGE]`
pub fn get(system: &System, args: &[&str]) -> Reply {
    match plain(args).first() {
        // MODEL: `STANDBY_BUCKET_NEVER` for a package that is not there.
        Some(package) if !system.packages().contains_key(*package) => Reply::out("50\n"),
        Some(package) => Reply::out(format!("{}\n", bucket(system, package))),
        None => {
            let all = system.packages().keys();
            Reply::out(all.map(|name| format!("{name}: {}\n", bucket(system, name))).collect::<String>())
        }
    }
}

/// `set-standby-bucket PACKAGE BUCKET [PACKAGE BUCKET…]`
pub fn set(system: &mut System, args: &[&str]) -> Reply {
    let words = plain(args);
    for pair in words.chunks(2) {
        let [package, word] = pair else {
            return Reply::err("Error: Argument expected after \"set-standby-bucket\"\n", 255);
        };
        let Some(number) = number(word) else {
            return Reply::err(format!("Error: Unknown bucket: {word}\n"), 255);
        };
        if system.packages().contains_key(*package) {
            system.put_aside(package, number);
        }
    }
    Reply::default()
}

/// `get-inactive PACKAGE`
pub fn is_idle(system: &System, args: &[&str]) -> Reply {
    match plain(args).first() {
        Some(package) => Reply::out(format!("Idle={}\n", bucket(system, package) >= 40)),
        None => Reply::err("Error: Argument expected after \"get-inactive\"\n", 255),
    }
}

/// `set-inactive PACKAGE true|false`
pub fn set_idle(system: &mut System, args: &[&str]) -> Reply {
    if let [package, word] = plain(args).as_slice()
        && system.packages().contains_key(*package)
    {
        system.put_aside(package, if *word == "true" { 40 } else { ACTIVE });
    }
    Reply::default()
}

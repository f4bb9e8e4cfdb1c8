//! `settings` and `cmd settings`.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

/// `settings`, also called as `cmd settings`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let mut args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    while args.first() == Some(&"--user") {
        args.drain(..2.min(args.len()));
    }
    let Some(command) = args.first() else { return usage() };
    let Some(table) = args.get(1).map(|name| Table::named(name)) else { return usage() };
    let Some(table) = table else {
        let text = format!("Invalid namespace '{}'\n", args[1]);
        return Reply::err(text, 255);
    };
    match (*command, &args[2..]) {
        ("get", [key, ..]) => Reply::out(format!("{}\n", system.settings().get(table, key).unwrap_or("null"))),
        ("put", ["location_providers_allowed", change, ..]) if table == Table::Secure && system.profile().api < 29 => {
            system.settings_mut().change_providers(change);
            Reply::default()
        }
        // MODEL: nothing here was changed by a package that is not trusted.
        ("reset", [_, ..]) if system.profile().api >= 26 => Reply::default(),
        ("put", [key, value, ..]) => {
            system.settings_mut().put(table, key, value);
            Reply::default()
        }
        ("delete", [key, ..]) => {
            let deleted = system.settings_mut().delete(table, key);
            Reply::out(format!("Deleted {} rows\n", i32::from(deleted)))
        }
        ("list", _) => {
            Reply::out(system.settings().list(table).map(|(key, value)| format!("{key}={value}\n")).collect::<String>())
        }
        _ => usage(),
    }
}

fn usage() -> Reply {
    let text = "usage:  settings [--user NUM] get namespace key\n        settings [--user NUM] put namespace key value\n        settings [--user NUM] delete namespace key\n        settings [--user NUM] list namespace\n\n'namespace' is one of {system, secure, global}, case-insensitive\n";
    Reply::err(text, 255)
}

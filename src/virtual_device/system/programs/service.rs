//! `service list|check|call`. Captured on 23: the list's heading and lines, and what `check` says. A call by number is
//! answered as a service answers a number it does not know.

use super::registry;
use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::System;

/// `service`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Dump, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let services: Vec<_> = registry::services(system).collect();
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let known = |name: &str| services.iter().any(|(service, _)| *service == name);
    match args.as_slice() {
        ["list"] => {
            let lines = services.iter().enumerate().map(|(n, (name, of))| format!("{n}\t{name}: [{of}]\n"));
            Reply::out(format!("Found {} services:\n{}", services.len(), lines.collect::<String>()))
        }
        ["check", name] => {
            Reply::out(format!("Service {name}: {}\n", if known(name) { "found" } else { "not found" }))
        }
        ["call", name, _, ..] if known(name) => {
            Reply::out("Result: Parcel(Error: 0xffffffffffffffb6 \"Not a data message\")\n")
        }
        ["call", name, _, ..] => Reply::err(format!("service: Service {name} does not exist\n"), 10),
        _ => Reply::out(
            "Usage: service [-h|-?]\n       service list\n       service check SERVICE\n       service call SERVICE CODE [i32 N | i64 N | f N | d N | s16 STR | null | fd f | nfd n | afd f ] ...\n",
        )
        .with_status(10),
    }
}

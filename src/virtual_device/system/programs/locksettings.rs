//! `locksettings` and `cmd lock_settings`. This device has no secure lock screen, as its list of features says; what needs
//! one is refused in AOSP's words (`LockSettingsShellCommand`).

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

/// Where the answer of `get-disabled` is kept.
const DISABLED: &str = "lockscreen.disabled";

/// `locksettings`, also called as `cmd lock_settings`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let mut args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    if let Some(at) = args.iter().position(|word| *word == "--user") {
        args.drain(at..args.len().min(at + 2));
    }
    match args.as_slice() {
        ["get-disabled", ..] => {
            let disabled = system.settings().get(Table::Secure, DISABLED) == Some("1");
            Reply::out(format!("{disabled}\n"))
        }
        ["set-disabled", value, ..] => {
            let disabled = value.eq_ignore_ascii_case("true");
            system.settings_mut().put(Table::Secure, DISABLED, if disabled { "1" } else { "0" });
            Reply::out(format!("Lock screen disabled set to {disabled}\n"))
        }
        [] | ["help" | "-h", ..] => Reply::out(USAGE),
        _ => Reply::err("The device does not support lock screen - ignoring the command.\n", 255),
    }
}

const USAGE: &str = "lockSettings service commands:\n\n\
                     NOTE: when lock screen is set, all commands require the --old <CREDENTIAL> argument.\n\n  \
                     help\n    Prints this help text.\n\n  get-disabled [--user USER_ID]\n    \
                     Checks whether lock screen is disabled.\n\n  set-disabled [--user USER_ID] <true|false>\n    \
                     When true, disables lock screen.\n";

//! `device_config` and `cmd device_config`: flags of the system's parts (AOSP `DeviceConfigService`, from API 29 on).
//! MODEL: nothing here looks at a flag.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

/// Where the switch that keeps flags as they are is kept.
const SYNC: &str = "device_config_sync_disabled";

/// `device_config`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        run(system, &args)
    })
}

fn run(system: &mut System, args: &[&str]) -> Reply {
    let key = |space: &str, name: &str| format!("{space}/{name}");
    match args {
        ["get", space, name] => {
            let value = system.settings().get(Table::Config, &key(space, name)).unwrap_or("null");
            Reply::out(format!("{value}\n"))
        }
        ["put", space, name, value] | ["put", space, name, value, "default"] => {
            system.settings_mut().put(Table::Config, &key(space, name), value);
            Reply::default()
        }
        ["delete", space, name] => {
            let done = system.settings_mut().delete(Table::Config, &key(space, name));
            let how = if done { "Successfully deleted" } else { "Failed to delete" };
            Reply::out(format!("{how} {name} from {space}\n"))
        }
        ["list"] | ["list", _] => Reply::out(listed(system, args.get(1).copied())),
        ["reset", "untrusted_defaults" | "untrusted_clear" | "trusted_defaults", ..] => Reply::default(),
        ["reset", mode, ..] => bad(&format!("Invalid reset mode: {mode}")),
        ["set_sync_disabled_for_tests", mode @ ("none" | "persistent" | "until_reboot")] => {
            system.settings_mut().put(Table::Own, SYNC, mode);
            Reply::default()
        }
        ["get_sync_disabled_for_tests"] if system.profile().api >= 31 => {
            Reply::out(format!("{}\n", system.settings().get(Table::Own, SYNC).unwrap_or("none")))
        }
        ["is_sync_disabled_for_tests"] => {
            let mode = system.settings().get(Table::Own, SYNC).unwrap_or("none");
            Reply::out(format!("{}\n", mode != "none"))
        }
        ["list_namespaces"] if system.profile().api >= 34 => Reply::out(spaces(system)),
        ["get" | "put" | "delete" | "reset" | "set_sync_disabled_for_tests", ..] => bad("Bad arguments"),
        ["help" | "-h"] => Reply::out(USAGE),
        [] => Reply::out(USAGE).with_status(255),
        [other, ..] => bad(&format!("Invalid command: {other}")),
    }
}

/// MODEL: the words of a mistake.
fn bad(what: &str) -> Reply {
    Reply::err(format!("{what}\n"), 255)
}

fn listed(system: &System, space: Option<&str>) -> String {
    let all = system.settings().list(Table::Config);
    let lines = all.filter_map(|(key, value)| match space {
        None => Some(format!("{key}={value}\n")),
        Some(space) => Some(format!("{}={value}\n", key.strip_prefix(space)?.strip_prefix('/')?)),
    });
    lines.collect()
}

fn spaces(system: &System) -> String {
    let mut names: Vec<&str> =
        system.settings().list(Table::Config).filter_map(|(key, _)| Some(key.split_once('/')?.0)).collect();
    names.dedup();
    names.iter().map(|name| format!("{name}\n")).collect()
}

const USAGE: &str = "Device Config (device_config) commands:\n  help\n      Print this help text.\n  get NAMESPACE KEY\n      Retrieve the current value of KEY from the given NAMESPACE.\n  put NAMESPACE KEY VALUE [default]\n      Change the contents of KEY to VALUE for the given NAMESPACE.\n      {default} to set as the default value.\n  delete NAMESPACE KEY\n      Delete the entry for KEY for the given NAMESPACE.\n  list [NAMESPACE]\n      Print all keys and values defined, optionally for the given NAMESPACE.\n  reset RESET_MODE [NAMESPACE]\n      Reset all flag values, optionally for a NAMESPACE, according to RESET_MODE.\n";

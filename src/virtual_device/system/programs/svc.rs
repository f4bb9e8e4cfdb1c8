//! `svc`: power, networks. MODEL: AOSP's `Svc` and its commands; no capture has them.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::fault;
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

const USAGE: &str = "Available commands:\n    help     Show information about the subcommands\n    power    Control the power manager\n    data     Control mobile data connectivity\n    wifi     Control the Wi-Fi manager\n    usb      Control Usb state\n    nfc      Control NFC functions\n    bluetooth Control Bluetooth service\n    system-server  System server process related command.\n";
const POWER: &str = "Control the power manager\n\nusage: svc power stayon [true|false|usb|ac|wireless]\n         Set the 'keep awake while plugged in' setting.\n       svc power reboot [reason]\n         Perform a runtime shutdown and reboot device with specified reason.\n       svc power shutdown\n         Perform a runtime shutdown and power off the device.\n";
const WIFI: &str = "Control the Wi-Fi manager\n\nusage: svc wifi [enable|disable]\n         Turn Wi-Fi on or off.\n\n";
const DATA: &str =
    "Control mobile data connectivity\n\nusage: svc data [enable|disable]\n         Turn mobile data on or off.\n\n";

/// `svc`.
pub fn program(call: Call) -> Running {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    match args.as_slice() {
        ["power", "reboot", ..] => Box::pin(async move {
            fault::restart(&call.machine);
            0
        }),
        ["power", "shutdown", ..] => Box::pin(async move {
            call.machine.pull_the_plug();
            0
        }),
        _ => answer(call, Cost::Java, run),
    }
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    match args.as_slice() {
        ["wifi", state @ ("enable" | "disable")] => network(system, "wifi_on", *state == "enable"),
        ["data", state @ ("enable" | "disable")] => network(system, "mobile_data", *state == "enable"),
        ["power", "stayon", state] => stay_on(system, state),
        ["bluetooth", state @ ("enable" | "disable")] => {
            system.settings_mut().put(Table::Global, "bluetooth_on", if *state == "enable" { "1" } else { "0" });
            Reply::default()
        }
        ["nfc", "enable" | "disable"] | ["usb", ..] => Reply::default(),
        ["wifi", ..] | ["help", "wifi"] => Reply::err(WIFI, 0),
        ["data", ..] | ["help", "data"] => Reply::err(DATA, 0),
        ["power", ..] | ["help", "power"] => Reply::err(POWER, 0),
        _ => Reply::err(USAGE, 0),
    }
}

/// Turns one of the two networks on or off: an app is offline when both are.
pub fn network(system: &mut System, which: &str, on: bool) -> Reply {
    system.settings_mut().put(Table::Global, which, if on { "1" } else { "0" });
    // What nobody has set yet is on, but for the airplane mode.
    let up = |key: &str| system.settings().get(Table::Global, key).is_none_or(|value| value != "0");
    let flying = system.settings().get(Table::Global, "airplane_mode_on") == Some("1");
    let online = (up("wifi_on") || up("mobile_data")) && !flying;
    let mut switches = system.switches();
    switches.network = online;
    system.set_switches(switches);
    Reply::default()
}

/// Bits of `BatteryManager.BATTERY_PLUGGED_…`.
fn stay_on(system: &mut System, state: &str) -> Reply {
    let mask = match state {
        "true" => "7",
        "false" => "0",
        "ac" => "1",
        "usb" => "2",
        "wireless" => "4",
        _ => return Reply::err(POWER, 0),
    };
    system.settings_mut().put(Table::Global, "stay_on_while_plugged_in", mask);
    Reply::default()
}

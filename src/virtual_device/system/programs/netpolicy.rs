//! `cmd netpolicy`: what apps may do with networks that cost money (AOSP `NetworkPolicyManagerShellCommand`, from API 24
//! on). MODEL: no app of the model behaves otherwise for it.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

/// Where the switch and the two lists are kept (ours: AOSP has a file of its own).
const SWITCH: &str = "netpolicy_restrict_background";

/// `cmd netpolicy`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        run(system, &args)
    })
}

/// Whether apps in the background may not use networks that cost money.
pub fn restricts(system: &System) -> bool {
    system.settings().get(Table::Own, SWITCH) == Some("true")
}

fn run(system: &mut System, args: &[&str]) -> Reply {
    match args {
        ["get", "restrict-background"] => {
            let status = if restricts(system) { "enabled" } else { "disabled" };
            Reply::out(format!("Restrict background status: {status}\n"))
        }
        ["set", "restrict-background", word] => {
            let word = if word.eq_ignore_ascii_case("true") { "true" } else { "false" };
            system.settings_mut().put(Table::Own, SWITCH, word);
            Reply::default()
        }
        ["set", "restrict-background"] => Reply::out("Error: didn't specify BOOLEAN\n").with_status(255),
        ["get"] => Reply::out("Error: didn't specify type of data to get\n").with_status(255),
        ["set"] => Reply::out("Error: didn't specify type of data to set\n").with_status(255),
        ["get", other, ..] => Reply::out(format!("Error: unknown get type '{other}'\n")).with_status(255),
        ["set", other, ..] => Reply::out(format!("Error: unknown set type '{other}'\n")).with_status(255),
        ["list", "wifi-networks", ..] => Reply::out("AndroidWifi;none\n"),
        ["list"] => Reply::out("Error: didn't specify type of data to list\n").with_status(255),
        ["list", which, ..] => match list(which, system.profile().api) {
            Some(title) => Reply::out(format!("{title}: {}\n", uids(system, which))),
            None => Reply::out(format!("Error: unknown list type '{which}'\n")).with_status(255),
        },
        ["add" | "remove", which, uid] if list(which, system.profile().api).is_some() => {
            change(system, which, uid, args[0] == "add")
        }
        ["add" | "remove", _] => Reply::out("Error: didn't specify UID\n").with_status(255),
        ["help"] | [] => Reply::out(
            "Network policy manager (netpolicy) commands:\n  help\n    Print this help text.\n\n  add restrict-background-whitelist UID\n    Adds a UID to the whitelist for restrict background usage.\n  add restrict-background-blacklist UID\n    Adds a UID to the blacklist for restrict background usage.\n  get restrict-background\n    Gets the global restrict background usage status.\n  list wifi-networks [true|false]\n    Lists all saved wifi networks and whether they are metered or not.\n  list restrict-background-whitelist\n    Lists UIDs that are whitelisted for restrict background usage.\n  list restrict-background-blacklist\n    Lists UIDs that are blacklisted for restrict background usage.\n  remove restrict-background-whitelist UID\n    Removes a UID from the whitelist for restrict background usage.\n  remove restrict-background-blacklist UID\n    Removes a UID from the blacklist for restrict background usage.\n  set restrict-background BOOLEAN\n    Sets the global restrict background usage status.\n",
        )
        .with_status(if args.is_empty() { 255 } else { 0 }),
        [other, ..] => Reply::out(format!("Unknown command: {other}\n")).with_status(255),
    }
}

/// The heading of a list of user ids.
fn list(which: &str, api: u32) -> Option<&'static str> {
    match which {
        "restrict-background-whitelist" if api >= 31 => Some("Restrict background allowed UIDs"),
        "restrict-background-whitelist" => Some("Restrict background whitelisted UIDs"),
        "restrict-background-blacklist" if api >= 31 => Some("Restrict background denied UIDs"),
        "restrict-background-blacklist" => Some("Restrict background blacklisted UIDs"),
        "app-idle-whitelist" if api >= 29 => Some("App Idle whitelisted UIDs"),
        _ => None,
    }
}

fn uids(system: &System, which: &str) -> String {
    let kept = system.settings().get(Table::Own, &format!("netpolicy_{which}")).unwrap_or_default();
    if kept.is_empty() { "none".into() } else { kept.to_owned() + " " }
}

fn change(system: &mut System, which: &str, uid: &str, add: bool) -> Reply {
    if uid.parse::<u32>().is_err() {
        return Reply::out(format!("Error: UID ({uid}) should be a number\n")).with_status(254);
    }
    let key = format!("netpolicy_{which}");
    let mut kept: Vec<String> =
        system.settings().get(Table::Own, &key).unwrap_or_default().split(' ').map(str::to_owned).collect();
    kept.retain(|one| !one.is_empty() && one != uid);
    if add {
        kept.push(uid.to_owned());
    }
    system.settings_mut().put(Table::Own, &key, &kept.join(" "));
    Reply::default()
}

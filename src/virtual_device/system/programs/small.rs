//! `monkey`, `svc`, `ime`, `content`.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{Intent, System, Table};

/// `monkey -p PACKAGE -c android.intent.category.LAUNCHER 1`, as scripts use it to start an app.
pub fn monkey(call: Call) -> Running {
    answer(call, Cost::Java, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        let package = args.iter().position(|a| *a == "-p").and_then(|at| args.get(at + 1)).copied();
        let events: u32 = args.last().and_then(|n| n.parse().ok()).unwrap_or(0);
        let main = package.and_then(|p| system.packages().get(p)).and_then(|p| p.facts.main());
        let Some(component) = main else {
            // Captured: exit 252.
            return Reply::out("** No activities found to run, monkey aborted.\n").with_status(252);
        };
        let intent = Intent { flags: 0x1020_0000, ..Intent::launcher(component) };
        system.start_activity(intent, call.uid);
        let network = "## Network stats: elapsed time=634ms (0ms mobile, 0ms wifi, 634ms not connected)";
        let out = format!("Events injected: {events}\n{network}\n");
        // On API 33 monkey exits non-zero for valid apps (seen by users of the release).
        Reply::out(out).with_status(if system.profile().api == 33 { 1 } else { 0 })
    })
}

/// `svc wifi|data enable|disable`, `svc power stayon …`.
pub fn svc(call: Call) -> Running {
    answer(call, Cost::Java, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        match args.as_slice() {
            ["wifi" | "data", state @ ("enable" | "disable")] => {
                let mut switches = system.switches();
                switches.network = *state == "enable";
                system.set_switches(switches);
                system.settings_mut().put(Table::Global, "wifi_on", if switches.network { "1" } else { "0" });
                Reply::default()
            }
            ["power", ..] | ["usb", ..] | ["nfc", ..] | ["bluetooth", ..] => Reply::default(),
            _ => Reply::err("Control the power manager\n\nusage: svc power stayon [true|false|usb|ac|wireless]\n", 1),
        }
    })
}

/// `ime list|set|enable`.
pub fn ime(call: Call) -> Running {
    answer(call, Cost::Java, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        let current = system.settings().get(Table::Secure, "default_input_method").unwrap_or("null").to_string();
        match args.as_slice() {
            ["list", flags @ ..] if flags.iter().any(|f| f.contains('s')) => Reply::out(format!("{current}\n")),
            ["list", ..] => Reply::out(format!("{current}:\n  mId={current} mSettingsActivityName=null\n")),
            ["set", id] => {
                system.settings_mut().put(Table::Secure, "default_input_method", id);
                Reply::out(format!("Input method {id} selected for user #0\n"))
            }
            ["enable", id] => Reply::out(format!("Input method {id}: now enabled for user #0\n")),
            ["disable", id] => Reply::out(format!("Input method {id}: now disabled for user #0\n")),
            _ => Reply::err("ime <command>:\n  list [-a] [-s]\n  enable <ID>\n  disable <ID>\n  set <ID>\n", 1),
        }
    })
}

/// `content query --uri content://settings/TABLE`; other providers are empty.
pub fn content(call: Call) -> Running {
    answer(call, Cost::Java, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        let Some(uri) = args.iter().position(|a| *a == "--uri").and_then(|at| args.get(at + 1)) else {
            return Reply::err("[ERROR] Missing uri argument\n", 1);
        };
        if args.first() != Some(&"query") {
            return Reply::default();
        }
        Reply::out(rows(system, uri))
    })
}

// MODEL: rows of the settings provider.
fn rows(system: &System, uri: &str) -> String {
    let Some(table) = uri.strip_prefix("content://settings/").and_then(Table::named) else {
        return "No result found.\n".into();
    };
    let rows = system.settings().list(table).enumerate();
    rows.map(|(n, (key, value))| format!("Row: {n} _id={}, name={key}, value={value}\n", n + 1)).collect()
}

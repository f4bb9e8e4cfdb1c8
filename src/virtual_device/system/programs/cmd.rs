//! `cmd SERVICE ARGUMENTS`: the same commands, asked of the service. There is none on API 23.

use super::dumpsys::misc;
use super::registry;
use super::reply::{Cost, Reply, answer, print};
use super::{am, appops, ime, locksettings, notification, pm, pm_list, settings, statusbar, svc};
use super::{device_config, netpolicy};
use crate::virtual_device::process::{Call, Program, Running};
use crate::virtual_device::programs;
use crate::virtual_device::system::Table;

/// Services with commands of their own. MODEL: those without a program here take every command and say nothing.
const SERVICES: [(&str, Program); 25] = [
    ("activity", am::program),
    ("alarm", alarm),
    ("appops", appops::program),
    ("battery", battery),
    ("bluetooth_manager", silent),
    ("connectivity", connectivity),
    ("device_config", device_config::program),
    ("deviceidle", silent),
    ("input", input),
    ("input_method", ime::program),
    ("location", location),
    ("lock_settings", locksettings::program),
    ("netpolicy", netpolicy::program),
    ("notification", notification::program),
    ("overlay", silent),
    ("package", pm::program),
    ("phone", phone),
    ("power", silent),
    ("settings", settings::program),
    ("statusbar", statusbar::program),
    ("role", role),
    ("uimode", night),
    ("user", user),
    ("wifi", wifi),
    ("window", window),
];

/// `cmd battery …`: the commands `dumpsys battery` has, and `get`.
fn battery(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        let ["get", field] = args.as_slice() else { return misc::battery(system, &args) };
        let told = misc::battery(system, &[]).out;
        // AOSP's short names of the powered lines.
        let name = match *field {
            "ac" => "AC powered",
            "usb" => "USB powered",
            "wireless" => "Wireless powered",
            "temp" => "temperature",
            other => other,
        };
        let found = told.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": "));
        match found {
            Some(value) => Reply::out(format!("{value}\n")),
            None => Reply::out(format!("Unknown get option: {field}\n")),
        }
    })
}

/// `cmd user list` (AOSP's `UserManagerServiceShellCommand`).
fn user(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| match call.argv.get(1).map(String::as_str) {
        Some("list") => pm_list::users(system),
        Some(other) => Reply::out(format!("Unknown command: {other}\n")).with_status(255),
        None => Reply::out("User manager (user) commands:\n  help\n    Prints this help text.\n").with_status(255),
    })
}

/// `cmd window …` is what `wm …` calls from API 28 on.
fn window(call: Call) -> Running {
    match programs::find("wm") {
        Some(program) => program(call),
        None => silent(call),
    }
}

/// `cmd alarm set-time MILLISECONDS` (AOSP's `AlarmManagerService`; MODEL: from Android 12 on).
fn alarm(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        match args.as_slice() {
            ["set-time", millis] if system.profile().api >= 31 => match millis.parse() {
                Ok(millis) => {
                    system.set_wall(millis);
                    Reply::default()
                }
                Err(_) => Reply::err("Error: bad time\n", 255),
            },
            _ => Reply::out(
                "Alarm manager service (alarm) commands:\n  help\n    Print this help text.\n  set-time TIME\n    Set the system clock time to TIME where TIME is milliseconds\n    since the Epoch.\n  set-timezone TZ\n    Set the system timezone to TZ where TZ is an Olson id.\n",
            ),
        }
    })
}

/// `cmd input …` is what `input …` calls from API 31 on.
fn input(call: Call) -> Running {
    match programs::find("input").filter(|_| call.machine.profile.api >= 31) {
        Some(program) => program(call),
        None => Box::pin(async move { print(&call, without_commands()).await }),
    }
}

/// `cmd uimode night [yes|no|auto]` (AOSP's `UiModeManagerService`). MODEL: nothing looks darker for it.
fn night(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        // `UiModeManager.MODE_NIGHT_…`, as the setting holds it.
        let modes = [("auto", "0"), ("no", "1"), ("yes", "2")];
        let ["night", rest @ ..] = args.as_slice() else {
            return match args.first() {
                Some(other) if *other != "help" => unknown(&[*other]),
                _ => Reply::out(
                    "UiMode manager service (uimode) commands:\n  help\n    Print this help text.\n  night [yes|no|auto]\n    Set or read night mode.\n",
                ),
            };
        };
        if let Some(word) = rest.first() {
            let Some((_, number)) = modes.iter().find(|(name, _)| name == word) else {
                return Reply::err("Error: mode must be 'yes', 'no', or 'auto'\n", 255);
            };
            system.settings_mut().put(Table::Secure, "ui_night_mode", number);
        }
        let now = system.settings().get(Table::Secure, "ui_night_mode").unwrap_or("1");
        let name = modes.iter().find(|(_, number)| *number == now).map_or("no", |(name, _)| *name);
        Reply::out(format!("Night mode: {name}\n"))
    })
}

/// `cmd role get-role-holders ROLE` (AOSP's `RoleShellCommand`). MODEL: the roles of the apps there are; nobody changes
/// them here.
fn role(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        let words = pm::plain(&args);
        match words.as_slice() {
            _ if system.profile().api < 29 => without_commands(),
            ["get-role-holders", role] => {
                let holder = match *role {
                    "android.app.role.HOME" => system.home_package(),
                    "android.app.role.BROWSER" => Some("com.android.browser".to_owned()),
                    "android.app.role.DIALER" => Some("com.android.phone".to_owned()),
                    _ => None,
                };
                let holder = holder.filter(|name| system.packages().contains_key(name));
                Reply::out(holder.map_or_else(|| "\n".to_owned(), |name| format!("{name}\n")))
            }
            _ => unknown(&args),
        }
    })
}

fn silent(_: Call) -> Running {
    Box::pin(async { 0 })
}

/// `cmd connectivity airplane-mode [enable|disable]` (AOSP's `ConnectivityService`, from Android 11 on).
fn connectivity(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        match args.as_slice() {
            ["airplane-mode", state @ ("enable" | "disable")] => {
                svc::network(system, "airplane_mode_on", *state == "enable")
            }
            ["airplane-mode"] => {
                let on = system.settings().get(Table::Global, "airplane_mode_on") == Some("1");
                Reply::out(if on { "enabled\n" } else { "disabled\n" })
            }
            _ => Reply::out(
                "Connectivity service commands:\n  help\n    Print this help text.\n  airplane-mode [enable|disable]\n    Turn airplane mode on or off.\n  airplane-mode\n    Get airplane mode.\n",
            ),
        }
    })
}

/// `cmd wifi set-wifi-enabled|status` (AOSP's `WifiShellCommand`).
fn wifi(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        match args.as_slice() {
            ["set-wifi-enabled", state @ ("enabled" | "disabled")] => {
                svc::network(system, "wifi_on", *state == "enabled")
            }
            ["status"] => {
                let on = system.settings().get(Table::Global, "wifi_on") != Some("0");
                Reply::out(if on { "Wifi is enabled\n" } else { "Wifi is disabled\n" })
            }
            _ => Reply::err("Unknown command\n", 255),
        }
    })
}

/// `cmd location is-location-enabled|set-location-enabled` (AOSP's `LocationShellCommand`, from Android 11 on).
fn location(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        match args.as_slice() {
            _ if system.profile().api < 30 => without_commands(),
            ["is-location-enabled", ..] => {
                let on = system.settings().get(Table::Secure, "location_mode") != Some("0");
                Reply::out(format!("{on}\n"))
            }
            ["set-location-enabled", state @ ("true" | "false"), ..] => {
                system.settings_mut().put(Table::Secure, "location_mode", if *state == "true" { "3" } else { "0" });
                Reply::default()
            }
            _ => unknown(&args),
        }
    })
}

/// `cmd phone data enable|disable` (AOSP's `TelephonyShellCommand`; MODEL: from Android 12 on).
fn phone(call: Call) -> Running {
    answer(call, Cost::Dump, |system, call| {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        match args.as_slice() {
            _ if system.profile().api < 31 => without_commands(),
            ["data", state @ ("enable" | "disable"), ..] => svc::network(system, "mobile_data", *state == "enable"),
            _ => unknown(&args),
        }
    })
}

/// What a service says that has no commands (AOSP's `Binder.onShellCommand`).
fn without_commands() -> Reply {
    Reply::err("No shell command implementation.\n", 0)
}

fn unknown(args: &[&str]) -> Reply {
    match args.first() {
        Some(command) => Reply::out(format!("Unknown command: {command}\n")).with_status(255),
        None => Reply::default(),
    }
}

/// `cmd`.
pub fn program(mut call: Call) -> Running {
    if !call.machine.profile.has_cmd {
        return Box::pin(async move {
            // Captured on API 23: what the shell says of a program that is not there.
            print(&call, Reply::err("/system/bin/sh: cmd: not found\n", 127)).await
        });
    }
    // It waits for the service to start; all are started.
    if call.argv.get(1).is_some_and(|word| word == "-w") {
        call.argv.remove(1);
    }
    let service = call.argv.get(1).cloned();
    match service.as_deref() {
        Some("-l") => Box::pin(async move {
            let names = registry::listed(&call.machine.system());
            print(&call, Reply::out(names)).await
        }),
        Some(other) => match SERVICES.iter().find(|(name, _)| *name == other) {
            Some((_, program)) => {
                call.argv.remove(0);
                program(call)
            }
            None if registry::has(&call.machine.system(), other) => {
                Box::pin(async move { print(&call, without_commands()).await })
            }
            None => {
                let text = format!("cmd: Can't find service: {other}\n");
                Box::pin(async move { print(&call, Reply::err(text, 20)).await })
            }
        },
        None => Box::pin(async move {
            print(&call, Reply::err("cmd: No service specified; use -l to list all running services. Use -w to start and wait for a service.\n", 20)).await
        }),
    }
}

//! `pm` and `cmd package`.

use super::reply::{Cost, Reply, answer};
use super::{pm_install, pm_list, pm_permission, pm_resolve, pm_state};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::System;

/// `pm`, also called as `cmd package`.
pub fn program(call: Call) -> Running {
    match call.argv.get(1).map(String::as_str) {
        Some(
            "install"
            | "install-add-session"
            | "install-write"
            | "install-commit"
            | "install-create"
            | "install-abandon"
            | "install-streaming",
        ) => Box::pin(pm_install::run(call)),
        _ => answer(call, Cost::Java, run),
    }
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let Some((command, rest)) = args.split_first() else {
        // Captured on API 23; later as `ShellCommand.handleDefaultCommands` has it.
        let old = system.profile().api <= 25;
        return if old { Reply::err(usage(system), 1) } else { Reply::out(usage(system)).with_status(255) };
    };
    match *command {
        "list" => pm_list::list(system, rest),
        "path" => pm_list::path(system, rest),
        "dump" => super::dumpsys::package::dump(system, &plain(rest)),
        "uninstall" => uninstall(system, rest),
        "clear" => clear(system, rest),
        "grant" | "revoke" => pm_permission::grant(system, rest, *command == "grant"),
        "reset-permissions" => pm_permission::reset(system, rest),
        "set-permission-flags" | "clear-permission-flags" if system.profile().api >= 29 => {
            pm_permission::flags(system, rest, *command == "set-permission-flags")
        }
        "enable" | "disable" | "disable-user" | "default-state" => enable(system, command, rest),
        "get-install-location" => Reply::out("0[auto]\n"),
        "set-install-location" | "trim-caches" | "bg-dexopt-job" => Reply::default(),
        "compile" => Reply::out("Success\n"),
        "resolve-activity" => pm_resolve::resolve(system, rest),
        // MODEL: a device with one user, as AOSP's default has it.
        "get-max-users" => Reply::out("Maximum supported users: 1\n"),
        "suspend" | "unsuspend" if system.profile().api >= 24 => {
            pm_state::suspend(system, call.uid, rest, *command == "suspend")
        }
        "hide" | "unhide" => pm_state::hide(system, call.uid, rest, *command == "hide"),
        "create-user" => pm_state::create_user(system, rest),
        "remove-user" => pm_state::remove_user(rest),
        "list-users" => pm_list::users(system),
        "has-feature" if system.profile().api >= 28 => pm_list::has_feature(rest),
        "install-existing" => install_existing(system, rest),
        "query-activities" => pm_resolve::query(system, rest, "activities"),
        "query-services" => pm_resolve::query(system, rest, "services"),
        "query-receivers" => pm_resolve::query(system, rest, "receivers"),
        "help" | "-h" => Reply::out(usage(system)),
        other => unknown(system, other),
    }
}

/// The words that are no options, `--user N` taken out.
pub fn plain<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let mut plain = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--user" | "-i" | "--versionCode" | "--abi" | "--originating-uri" | "--referrer" | "--install-location"
            | "--install-reason" | "--pkg" | "--volume" | "--dialogMessage" => {
                args.next();
            }
            option if option.starts_with('-') && option.len() > 1 => {}
            word => plain.push(word),
        }
    }
    plain
}

// Captured on API 23: the error, then the usage, exit 1. MODEL: the newer error's wording, and its shorter usage.
fn unknown(system: &System, command: &str) -> Reply {
    if system.profile().api <= 25 {
        Reply::err(format!("Error: unknown command '{command}'\n{}", usage(system)), 1)
    } else {
        Reply::out(format!("Unknown command: {command}\n")).with_status(255)
    }
}

pub fn usage(system: &System) -> String {
    if system.profile().api <= 25 {
        include_str!("pm_usage.txt").into()
    } else {
        "Package manager (package) commands:\n  help\n    Print this help text.\n\n  \
         path [--user USER_ID] PACKAGE\n  dump PACKAGE\n  list packages [-f] [-d] [-e] [-s] [-3] [-i] [-l] [-u] [-U]\n  \
         install [-rtd] [-g] [PATH|-]\n  uninstall [-k] PACKAGE [SPLIT...]\n  clear PACKAGE\n  \
         grant PACKAGE PERMISSION\n  revoke PACKAGE PERMISSION\n"
            .into()
    }
}

// Captured: "Failure [DELETE_FAILED_INTERNAL_ERROR]" for a package that is not there. MODEL: exit 1 from API 24 on.
fn uninstall(system: &mut System, args: &[&str]) -> Reply {
    if let Some(refused) = pm_state::not_here(args) {
        return refused;
    }
    let Some(package) = plain(args).first().copied() else {
        return Reply::err("Error: package name not specified\n", 1);
    };
    if system.uninstall(package, args.contains(&"-k")) {
        return Reply::out("Success\n");
    }
    let status = i32::from(system.profile().api >= 24);
    if args.contains(&"--user") && status > 0 && !system.packages().contains_key(package) {
        // AOSP `PackageManagerShellCommand.runUninstall` looks for the package only when a user is named.
        return Reply::out("Failure [not installed for 0]\n").with_status(1);
    }
    // MODEL: AOSP's code for an administrator that is active.
    let administers = system.administrators().any(|one| one == package);
    let code = if administers { "DELETE_FAILED_DEVICE_POLICY_MANAGER" } else { "DELETE_FAILED_INTERNAL_ERROR" };
    Reply::out(format!("Failure [{code}]\n")).with_status(status)
}

fn clear(system: &mut System, args: &[&str]) -> Reply {
    let Some(package) = plain(args).first().copied() else { return Reply::err("Error: no package specified\n", 1) };
    if system.clear_data(package) { Reply::out("Success\n") } else { Reply::out("Failed\n").with_status(1) }
}

fn enable(system: &mut System, command: &str, args: &[&str]) -> Reply {
    let Some(package) = plain(args).first().copied() else {
        return Reply::err("Error: no package or component specified\n", 1);
    };
    let (number, word) = match command {
        "enable" => (1, "enabled"),
        "disable" => (2, "disabled"),
        "disable-user" => (3, "disabled-user"),
        _ => (0, "default"),
    };
    if !system.set_enabled(package, number) {
        return Reply::err(format!("Error: java.lang.IllegalArgumentException: Unknown package: {package}\n"), 1);
    }
    Reply::out(format!("Package {package} new state: {word}\n"))
}

fn install_existing(system: &System, args: &[&str]) -> Reply {
    let Some(package) = plain(args).first().copied() else {
        return Reply::err("Error: package name not specified\n", 1);
    };
    if system.packages().contains_key(package) {
        return Reply::out(format!("Package {package} installed for user: 0\n"));
    }
    let text = format!("android.content.pm.PackageManager$NameNotFoundException: Package {package} doesn't exist\n");
    Reply::err(text, 1)
}

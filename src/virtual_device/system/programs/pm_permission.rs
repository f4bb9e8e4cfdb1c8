//! `pm grant`, `pm revoke`, `pm set-permission-flags` and the like.

use super::pm::plain;
use super::reply::Reply;
use crate::virtual_device::system::{Flags, System, is_known, is_made_here};

/// `pm grant` and `pm revoke`.
pub fn grant(system: &mut System, args: &[&str], granted: bool) -> Reply {
    let words = plain(args);
    let Some(package) = words.first() else { return Reply::err("Error: no package specified\n", 1) };
    let Some(permission) = words.get(1) else { return Reply::err("Error: no permission specified\n", 1) };
    let command = if granted { "grant" } else { "revoke" };
    if !system.packages().contains_key(*package) {
        return failed(system, command, "java.lang.IllegalArgumentException", &format!("Unknown package: {package}"));
    }
    // What a package holds is known; captured on API 23 for one that nobody knows.
    let held = system.packages().values().any(|p| p.permissions.contains_key(*permission));
    let (api, skin) = (system.profile().api, system.profile().skin);
    let known = is_known(permission, api) && is_made_here(permission, skin, api);
    if !held && !known {
        return failed(
            system,
            command,
            "java.lang.IllegalArgumentException",
            &format!("Unknown permission: {permission}"),
        );
    }
    let state = system.packages()[*package].permissions.get(*permission).copied();
    match state {
        Some(state) if state.runtime => {
            system.set_granted(package, permission, granted);
            Reply::default()
        }
        Some(_) => {
            let text = format!("Permission {permission} requested by {package} is not a changeable permission type");
            failed(system, command, "java.lang.SecurityException", &text)
        }
        None => {
            let text = format!("Package {package} has not requested permission {permission}");
            failed(system, command, "java.lang.SecurityException", &text)
        }
    }
}

/// Captured: API 23 prints "Bad argument" with the usage or "Operation not allowed"; newer releases a stack trace after
/// "Exception occurred while executing". MODEL: the frames.
fn failed(system: &System, command: &str, class: &str, text: &str) -> Reply {
    if system.profile().api <= 25 {
        if class.ends_with("SecurityException") {
            return Reply::err(format!("Operation not allowed: {class}: {text}\n"), 1);
        }
        return Reply::err(format!("Bad argument: {class}: {text}\n{}", super::pm::usage(system)), 1);
    }
    let trace = format!(
        "\nException occurred while executing '{command}':\n{class}: {text}\n\tat com.android.server.pm.permission.PermissionManagerService.{command}RuntimePermission(PermissionManagerService.java)\n\tat com.android.server.pm.PackageManagerShellCommand.runGrantRevokePermission(PackageManagerShellCommand.java)\n\tat com.android.server.pm.PackageManagerShellCommand.onCommand(PackageManagerShellCommand.java)\n"
    );
    Reply::err(trace, 255)
}

/// `pm reset-permissions`.
pub fn reset(system: &mut System, _args: &[&str]) -> Reply {
    let names: Vec<String> = system.packages().values().filter(|p| !p.system).map(|p| p.name().to_string()).collect();
    for name in names {
        system.reset_permissions(&name);
    }
    Reply::default()
}

/// `pm set-permission-flags` and `pm clear-permission-flags`: `PACKAGE PERMISSION FLAG…`.
pub fn flags(system: &mut System, args: &[&str], set: bool) -> Reply {
    let words = plain(args);
    let [package, permission, names @ ..] = words.as_slice() else {
        return Reply::err("Error: no package or permission specified\n", 1);
    };
    if names.is_empty() {
        return Reply::err("Error: no flags specified\n", 1);
    }
    let mut flags = Flags::default();
    for name in names {
        match Flags::named(name) {
            Some(flag) => flags = flags.with(flag),
            None => return Reply::err(format!("Unknown flag: {name}\n"), 1),
        }
    }
    if !system.change_flags(package, permission, flags, set) {
        let command = if set { "set-permission-flags" } else { "clear-permission-flags" };
        let text = format!("Unknown package or permission: {package} {permission}");
        return failed(system, command, "java.lang.IllegalArgumentException", &text);
    }
    Reply::default()
}

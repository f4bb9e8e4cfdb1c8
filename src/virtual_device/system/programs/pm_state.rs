//! `pm suspend`, `hide`, `create-user` and their like. Source: AOSP `PackageManagerShellCommand.runSuspend`,
//! `runSetHiddenSetting`, `runCreateUser`, `runRemoveUser`, `makeInstallParams`. MODEL: the device has one user and makes no
//! other; what the service throws stands in two lines of its trace.

use super::pm::plain;
use super::reply::Reply;
use crate::virtual_device::system::System;

/// The launcher and what the system itself runs in stay awake.
fn may_sleep(system: &System, package: &str) -> bool {
    let home = system.home_package();
    package != "android" && home.as_deref() != Some(package)
}

/// `pm suspend|unsuspend [--user N] [--dialogMessage TEXT] PACKAGE…`. Before Android 9 the shell lacks the permission.
pub fn suspend(system: &mut System, uid: u32, args: &[&str], on: bool) -> Reply {
    if let Some(refused) = not_here(args) {
        return refused;
    }
    let packages = plain(args);
    if packages.is_empty() {
        return Reply::out("Error: package name not specified\n").with_status(1);
    }
    if system.profile().api < 28 && uid != 0 {
        return denied("MANAGE_USERS", "setPackagesSuspendedAsUser");
    }
    // From Android 12 on several are taken at once.
    let most = if system.profile().api >= 31 { packages.len() } else { 1 };
    let mut out = String::new();
    for package in packages.into_iter().take(most) {
        let may = may_sleep(system, package);
        let Some(state) = system.set_suspended(package, on && may) else {
            // AOSP: `isPackageSuspendedForUser` of a package that is not there.
            let text = format!("java.lang.IllegalArgumentException: Unknown target package: {package}\n");
            return Reply::out(out + &text).with_status(1);
        };
        out += &format!("Package {package} new suspended state: {state}\n");
    }
    Reply::out(out)
}

/// `pm hide|unhide [--user N] PACKAGE`: the shell lacks the permission, root has it.
pub fn hide(system: &mut System, uid: u32, args: &[&str], on: bool) -> Reply {
    if let Some(refused) = not_here(args) {
        return refused;
    }
    let Some(package) = plain(args).first().copied() else {
        return Reply::err("Error: no package or component specified\n", 1);
    };
    if uid != 0 {
        return match system.profile().api {
            ..=25 => Reply::err(format!("Error: {}\n", lacking("MANAGE_USERS")), 1),
            _ => denied("MANAGE_USERS", "setApplicationHiddenSettingAsUser"),
        };
    }
    // Of a package that is not there nothing changes, and it counts as hidden.
    let state = system.set_hidden(package, on).unwrap_or(true);
    Reply::out(format!("Package {package} new hidden state: {state}\n"))
}

fn lacking(permission: &str) -> String {
    format!("java.lang.SecurityException: Neither user 2000 nor current process has android.permission.{permission}.")
}

fn denied(permission: &str, method: &str) -> Reply {
    Reply::err(
        format!(
            "\nException occurred while executing:\n{}\n\tat com.android.server.pm.PackageManagerService.{method}(PackageManagerService.java)\n",
            lacking(permission)
        ),
        255,
    )
}

/// `pm create-user NAME`: as many as there may be are there.
pub fn create_user(system: &System, args: &[&str]) -> Reply {
    let Some(_) = plain(args).first() else { return Reply::err("Error: no user name specified.\n", 1) };
    match system.profile().api {
        ..=29 => Reply::err("Error: couldn't create User.\n", 1),
        _ => Reply::err(
            "Error: android.os.ServiceSpecificException: Cannot add user. Maximum user limit is reached. (code 6)\n",
            1,
        ),
    }
}

/// `pm remove-user ID`.
pub fn remove_user(args: &[&str]) -> Reply {
    match plain(args).first() {
        None => Reply::err("Error: no user id specified.\n", 1),
        Some(text) => match text.parse::<u32>() {
            Ok(user) => Reply::err(format!("Error: couldn't remove user id {user}\n"), 1),
            Err(_) => Reply::err(format!("Error: Invalid user: {text}\n"), 1),
        },
    }
}

/// What is said when another user is named than the one there is. MODEL: on every release the words of the later ones.
pub fn not_here(args: &[&str]) -> Option<Reply> {
    let at = args.iter().position(|word| *word == "--user")?;
    let user = args.get(at + 1)?.parse::<u32>().ok().filter(|user| *user != 0)?;
    Some(Reply::out(format!("Failure [user {user} doesn't exist]\n")).with_status(1))
}

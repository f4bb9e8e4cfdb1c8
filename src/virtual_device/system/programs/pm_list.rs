//! `pm list …` and `pm path`.

use super::reply::Reply;
use crate::virtual_device::system::permission::DANGEROUS;
use crate::virtual_device::system::{Group, Package, System, group_of};

/// `pm list WHAT`.
pub fn list(system: &System, args: &[&str]) -> Reply {
    let Some((what, rest)) = args.split_first() else {
        return Reply::err("Error: didn't specify type of data to list\n", 1);
    };
    match *what {
        "packages" | "package" => packages(system, rest),
        "permissions" => permissions(system, rest),
        "permission-groups" => {
            let mut groups: Vec<&str> = groups(system).into_iter().map(Group::name).collect();
            groups.sort_unstable();
            Reply::out(groups.iter().map(|g| format!("permission group:{g}\n")).collect::<String>())
        }
        "users" => users(system),
        // MODEL: OpenGL ES 3.0, which is told without a name.
        "features" => {
            let names = FEATURES.iter().map(|name| format!("feature:{name}\n")).collect::<String>();
            Reply::out(format!("feature:reqGlEsVersion=0x30000\n{names}"))
        }
        // Nothing is installed at the next start.
        "staged-sessions" if system.profile().api >= 29 => Reply::default(),
        "libraries" => Reply::out("library:android.test.runner\n"),
        "instrumentation" => Reply::default(),
        other => Reply::err(format!("Error: unknown list type '{other}'\n"), 1),
    }
}

/// MODEL: what an emulator without extras has, in AOSP's names.
const FEATURES: [&str; 34] = [
    "android.hardware.audio.output",
    "android.hardware.bluetooth",
    "android.hardware.bluetooth_le",
    "android.hardware.camera",
    "android.hardware.camera.any",
    "android.hardware.camera.autofocus",
    "android.hardware.camera.front",
    "android.hardware.faketouch",
    "android.hardware.location",
    "android.hardware.location.gps",
    "android.hardware.location.network",
    "android.hardware.microphone",
    "android.hardware.ram.normal",
    "android.hardware.screen.landscape",
    "android.hardware.screen.portrait",
    "android.hardware.sensor.accelerometer",
    "android.hardware.sensor.compass",
    "android.hardware.sensor.gyroscope",
    "android.hardware.telephony",
    "android.hardware.telephony.gsm",
    "android.hardware.touchscreen",
    "android.hardware.touchscreen.multitouch",
    "android.hardware.touchscreen.multitouch.distinct",
    "android.hardware.touchscreen.multitouch.jazzhand",
    "android.hardware.wifi",
    "android.software.app_widgets",
    "android.software.backup",
    "android.software.device_admin",
    "android.software.home_screen",
    "android.software.input_methods",
    "android.software.live_wallpaper",
    "android.software.print",
    "android.software.webview",
    "com.google.android.feature.GOOGLE_BUILD",
];

/// `pm has-feature NAME [VERSION]`
pub fn has_feature(args: &[&str]) -> Reply {
    let Some(name) = args.first() else { return Reply::err("Error: expected FEATURE name\n", 1) };
    let there = FEATURES.contains(name);
    Reply::out(format!("{there}\n")).with_status(i32::from(!there))
}

/// The one user there is. Its flags by AOSP's `UserInfo`: primary, admin, initialized; with full and system since 30, main
/// since 34.
pub fn users(system: &System) -> Reply {
    Reply::out(format!("Users:\n\t{} running\n", owner(system)))
}

/// The user as AOSP's `UserInfo.toString` writes it.
pub fn owner(system: &System) -> String {
    let flags = match system.profile().api {
        ..=29 => "13",
        30..=33 => "c13",
        _ => "4c13",
    };
    format!("UserInfo{{0:Owner:{flags}}}")
}

fn packages(system: &System, args: &[&str]) -> Reply {
    let given = args.iter().position(|a| *a == "--uid").and_then(|at| args.get(at + 1)).copied();
    let uid = given.and_then(|number| number.parse::<u32>().ok());
    let filter = super::pm::plain(args).into_iter().find(|word| Some(*word) != given).unwrap_or_default();
    let has = |flag: char| args.iter().any(|a| a.starts_with('-') && !a.starts_with("--") && a.contains(flag));
    let fits = |package: &&Package| {
        let disabled = matches!(package.enabled, 2 | 3);
        package.name().contains(filter)
            && uid.is_none_or(|uid| package.uid == uid)
            // What is updated as an APEX has no package here.
            && !args.contains(&"--apex-only")
            && (package.system || !has('s'))
            && (!package.system || !has('3'))
            && (disabled || !has('d'))
            && (!disabled || !has('e'))
    };
    let mut out = String::new();
    for package in system.packages().values().filter(fits) {
        let mut line = String::from("package:");
        if has('f') {
            line += &format!("{}=", package.base_path());
        }
        line += package.name();
        if args.contains(&"--show-versioncode") {
            line += &format!(" versionCode:{}", package.facts.version_code);
        }
        if has('i') {
            let gap = if system.profile().api >= 28 { "  " } else { " " };
            line += &format!("{gap}installer={}", package.installer.as_deref().unwrap_or("null"));
        }
        if has('U') || uid.is_some() {
            line += &format!(" uid:{}", package.uid);
        }
        out += &(line + "\n");
    }
    Reply::out(out)
}

fn groups(system: &System) -> Vec<Group> {
    let mut groups: Vec<Group> = DANGEROUS.iter().filter_map(|p| group_of(p, system.profile().api)).collect();
    groups.dedup();
    groups.sort_unstable();
    groups.dedup();
    groups
}

fn permissions(system: &System, args: &[&str]) -> Reply {
    let api = system.profile().api;
    let joined: String = args.iter().filter(|a| a.starts_with('-')).map(|a| a.trim_start_matches('-')).collect();
    let head = if joined.contains('d') { "Dangerous Permissions:" } else { "All Permissions:" };
    let mut out = format!("{head}\n\n");
    if !joined.contains('g') {
        let names = DANGEROUS.iter().filter(|p| group_of(p, api).is_some());
        out.extend(names.map(|p| format!("permission:{p}\n")));
        return Reply::out(out);
    }
    for group in groups(system) {
        out += &format!("group:{}\n", group.name());
        let of_group = DANGEROUS.iter().filter(|p| group_of(p, api) == Some(group));
        out.extend(of_group.map(|p| format!("  permission:{p}\n")));
        out.push('\n');
    }
    Reply::out(out + "ungrouped:\n")
}

/// `pm path PACKAGE`. A package that is not there: nothing, exit 1.
pub fn path(system: &System, args: &[&str]) -> Reply {
    let Some(name) = super::pm::plain(args).first().copied() else {
        return Reply::err("Error: no package specified\n", 1);
    };
    let Some(package) = system.packages().get(name) else { return Reply::default().with_status(1) };
    let mut out = format!("package:{}\n", package.base_path());
    for split in &package.splits {
        out += &format!("package:{}/split_{split}.apk\n", package.code_path);
    }
    Reply::out(out)
}

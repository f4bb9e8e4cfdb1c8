//! `dumpsys package PACKAGE` and `pm dump PACKAGE`. Captured on API 23, 29, 35+; MODEL between them.

use super::super::reply::Reply;
use super::super::stamp;
use crate::virtual_device::system::{Package, Permission, System};

/// The dump of one package, of all without a name.
pub fn dump(system: &System, args: &[&str]) -> Reply {
    let words: Vec<&str> = args.iter().copied().filter(|a| !a.starts_with('-')).collect();
    let api = system.profile().api;
    match words.first() {
        None | Some(&"packages") => {
            let third: String = system.packages().values().map(|p| block(system, p)).collect();
            Reply::out(format!("Packages:\n{third}"))
        }
        Some(name) => match system.packages().get(*name) {
            Some(package) => Reply::out(one(system, package)),
            None if api >= 24 => Reply::out(format!("Unable to find package: {name}\n")),
            None => Reply::default(),
        },
    }
}

fn one(system: &System, package: &Package) -> String {
    let mut out = String::new();
    if let Some(main) = package.facts.main() {
        out += &format!(
            "Activity Resolver Table:\n  Non-Data Actions:\n      android.intent.action.MAIN:\n        {:x} {}",
            package.hashes[3],
            main.short()
        );
        if system.profile().api >= 26 {
            out += &format!(
                " filter {:x}\n          Action: \"android.intent.action.MAIN\"\n          Category: \"android.intent.category.LAUNCHER\"",
                package.hashes[2]
            );
        }
        out += "\n\n";
    }
    out += &format!("Key Set Manager:\n  [{}]\n      Signing KeySets: {}\n\n", package.name(), package.uid % 100);
    out + "Packages:\n" + &block(system, package)
}

fn block(system: &System, package: &Package) -> String {
    let mut out = head(system, package);
    out += "    requested permissions:\n";
    out.extend(package.facts.permissions.iter().map(|(name, _)| format!("      {name}\n")));
    let installed: Vec<_> = package.permissions.iter().filter(|(_, p)| !p.runtime && p.granted).collect();
    if !installed.is_empty() {
        out += "    install permissions:\n";
        out.extend(installed.iter().map(|(name, _)| format!("      {name}: granted=true\n")));
    }
    out + &user_block(system, package)
}

fn head(system: &System, package: &Package) -> String {
    let api = system.profile().api;
    let name = package.name();
    let facts = &package.facts;
    let [hash, pkg, app, signatures] = package.hashes;
    let id = if api >= 33 { "appId" } else { "userId" };
    let min = if api >= 24 { format!("minSdk={} ", facts.min_sdk) } else { String::new() };
    let mut splits = vec!["base".to_string()];
    splits.extend(package.splits.iter().cloned());
    let splits = splits.join(", ");
    let mut flags = String::new();
    if package.system {
        flags += "SYSTEM ";
    }
    if facts.debuggable {
        flags += "DEBUGGABLE ";
    }
    flags += "HAS_CODE ALLOW_CLEAR_USER_DATA ALLOW_BACKUP ";
    let mut out = format!(
        "  Package [{name}] ({hash:x}):\n    {id}={}\n    pkg=Package{{{pkg:x} {name}}}\n    codePath={code}\n    resourcePath={code}\n    legacyNativeLibraryDir={code}/lib\n",
        package.uid,
        code = package.code_path
    );
    if api >= 33 {
        out += "    extractNativeLibs=false\n";
    }
    out += "    primaryCpuAbi=null\n    secondaryCpuAbi=null\n";
    if api >= 31 {
        out += "    cpuAbiOverride=null\n";
    }
    out += &format!("    versionCode={} {min}targetSdk={}\n", facts.version_code, facts.target_sdk);
    if api >= 31 {
        out += "    minExtensionVersions=[]\n";
    }
    out += &format!("    versionName={}\n    splits=[{splits}]\n", facts.version_name);
    if api >= 26 {
        out += "    apkSigningVersion=2\n";
    }
    if api < 33 {
        out += &format!("    applicationInfo=ApplicationInfo{{{app:x} {name}}}\n");
    }
    out += &format!("    flags=[ {flags}]\n");
    if api >= 26 {
        out += "    privateFlags=[ PRIVATE_FLAG_ACTIVITIES_RESIZE_MODE_RESIZEABLE_VIA_SDK_VERSION ]\n";
    }
    if api >= 31 {
        out += "    forceQueryable=false\n";
    }
    if api < 34 {
        out += &format!("    dataDir=/data/user/0/{name}\n");
    }
    out += "    supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]\n";
    out += &times(api, package);
    if let Some(installer) = &package.installer {
        out += &format!("    installerPackageName={installer}\n");
    }
    let signature = if api >= 28 {
        format!("{{{signatures:x} version:2, signatures:[{app:x}], past signatures:[]}}")
    } else {
        format!("{{{signatures:x} [{app:x}]}}")
    };
    let status = if api <= 25 { " installStatus=1" } else { "" };
    out + &format!(
        "    signatures=PackageSignatures{signature}\n    installPermissionsFixed=false{status}\n    pkgFlags=[ {flags}]\n"
    )
}

fn times(api: u32, package: &Package) -> String {
    let first = stamp::seconds(package.first_install);
    let last = stamp::seconds(package.last_update);
    if api >= 33 {
        format!("    timeStamp={last}\n    lastUpdateTime={last}\n")
    } else {
        format!("    timeStamp={last}\n    firstInstallTime={first}\n    lastUpdateTime={last}\n")
    }
}

fn user_block(system: &System, package: &Package) -> String {
    let api = system.profile().api;
    let state = format!("stopped={} notLaunched={} enabled={}", package.stopped, package.not_launched, package.enabled);
    let (hidden, suspended) = (package.hidden, package.suspended);
    let mut out = match api {
        ..=25 => format!("    User 0:  installed=true hidden={hidden} {state}\n"),
        26..=33 => format!(
            "    User 0: ceDataInode={} installed=true hidden={hidden} suspended={suspended} {state} instant=false virtual=false\n",
            package.hashes[0]
        ),
        _ => format!(
            "    User 0: ceDataInode={} deDataInode={} installed=true hidden={hidden} suspended={suspended} distractionFlags=0 {state} instant=false virtual=false quarantined=false\n",
            package.hashes[0], package.hashes[1]
        ),
    };
    if api >= 33 {
        out += &format!(
            "      installReason=0\n      dataDir=/data/user/0/{}\n      firstInstallTime={}\n      uninstallReason=0\n",
            package.name(),
            stamp::seconds(package.first_install)
        );
    }
    if package.permissions.contains_key("android.permission.INTERNET") {
        out += "      gids=[3003]\n";
    }
    let lines: Vec<String> =
        package.permissions.iter().filter(|(_, p)| p.runtime).filter_map(|(name, p)| line(api, name, *p)).collect();
    if !lines.is_empty() || api >= 26 {
        out += "      runtime permissions:\n";
    }
    out.extend(lines);
    out + "\n"
}

/// A line of the runtime permissions. On API 23 a permission that was never asked for has none.
fn line(api: u32, name: &str, permission: Permission) -> Option<String> {
    let flags = permission.flags.names();
    let granted = permission.granted;
    if flags.is_empty() {
        let shown = granted || api >= 26;
        return shown.then(|| format!("        {name}: granted={granted}\n"));
    }
    // Captured: "[ USER_SET ]" on 23, "[ USER_SET|USER_SENSITIVE_WHEN_GRANTED]" on 29 and later. MODEL: where it changed.
    let list = if api <= 28 { format!("{} ", flags.join(" ")) } else { flags.join("|") };
    Some(format!("        {name}: granted={granted}, flags=[ {list}]\n"))
}

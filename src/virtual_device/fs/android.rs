//! The tree a device starts with.

use std::sync::Arc;

use super::access::Actor;
use super::error::FilesError;
use super::files::Files;
use super::node::Device;

/// Folder, mode, owner, group. Modes as AOSP's init makes them.
const FOLDERS: &[(&str, u32, u32, u32)] = &[
    ("/acct", 0o555, 0, 0),
    ("/apex", 0o755, 0, 0),
    ("/cache", 0o770, 1000, 2001),
    ("/data", 0o771, 1000, 1000),
    ("/data/anr", 0o775, 1000, 1000),
    ("/data/app", 0o771, 1000, 1000),
    ("/data/data", 0o771, 1000, 1000),
    ("/data/local", 0o751, 0, 0),
    ("/data/local/tmp", 0o771, 2000, 2000),
    ("/data/local/traces", 0o777, 2000, 2000),
    ("/data/misc", 0o1771, 1000, 9998),
    ("/data/system", 0o775, 1000, 1000),
    ("/data/tombstones", 0o771, 1000, 1000),
    ("/dev", 0o755, 0, 0),
    ("/dev/input", 0o755, 0, 0),
    ("/dev/socket", 0o755, 0, 0),
    ("/mnt", 0o755, 0, 1000),
    ("/mnt/sdcard", 0o755, 0, 0),
    ("/proc", 0o555, 0, 0),
    ("/proc/net", 0o555, 0, 0),
    ("/proc/sys", 0o555, 0, 0),
    ("/proc/sys/kernel", 0o555, 0, 0),
    ("/proc/sys/kernel/random", 0o555, 0, 0),
    ("/product", 0o755, 0, 0),
    ("/storage", 0o755, 0, 0),
    ("/storage/emulated", 0o711, 0, 0),
    ("/storage/self", 0o755, 0, 0),
    ("/storage/emulated/0", 0o2771, 0, 1015),
    ("/storage/emulated/0/Alarms", 0o2771, 0, 1015),
    ("/storage/emulated/0/Android", 0o2771, 0, 1015),
    ("/storage/emulated/0/Android/data", 0o2771, 0, 1015),
    ("/storage/emulated/0/DCIM", 0o2771, 0, 1015),
    ("/storage/emulated/0/Documents", 0o2771, 0, 1015),
    ("/storage/emulated/0/Download", 0o2771, 0, 1015),
    ("/storage/emulated/0/Movies", 0o2771, 0, 1015),
    ("/storage/emulated/0/Music", 0o2771, 0, 1015),
    ("/storage/emulated/0/Pictures", 0o2771, 0, 1015),
    ("/sys", 0o555, 0, 0),
    ("/sys/class", 0o755, 0, 0),
    ("/sys/class/net", 0o755, 0, 0),
    ("/sys/class/net/lo", 0o755, 0, 0),
    ("/sys/class/net/wlan0", 0o755, 0, 0),
    ("/sys/devices", 0o755, 0, 0),
    ("/sys/devices/system", 0o755, 0, 0),
    ("/sys/devices/system/cpu", 0o755, 0, 0),
    ("/sys/devices/system/cpu/cpu0", 0o755, 0, 0),
    ("/sys/devices/system/cpu/cpu1", 0o755, 0, 0),
    ("/sys/fs", 0o755, 0, 0),
    ("/sys/fs/selinux", 0o755, 0, 0),
    ("/system", 0o755, 0, 0),
    ("/system/app", 0o755, 0, 0),
    ("/system/bin", 0o755, 0, 2000),
    ("/system/etc", 0o755, 0, 0),
    ("/system/fonts", 0o755, 0, 0),
    ("/system/framework", 0o755, 0, 0),
    ("/system/priv-app", 0o755, 0, 0),
    ("/system/xbin", 0o755, 0, 2000),
    ("/vendor", 0o755, 0, 2000),
];

/// Link, target.
const LINKS: &[(&str, &str)] = &[
    ("/storage/self/primary", "/storage/emulated/0"),
    ("/sdcard", "/storage/self/primary"),
    ("/data/user", "/data"),
    ("/bin", "/system/bin"),
    ("/d", "/sys/kernel/debug"),
    ("/etc", "/system/etc"),
];

const DEVICES: &[(&str, Device)] = &[
    ("/dev/null", Device::Null),
    ("/dev/zero", Device::Zero),
    ("/dev/full", Device::Full),
    ("/dev/random", Device::Random),
    ("/dev/urandom", Device::Random),
    // Nobody touches the device but by `input`, which the kernel's input devices don't tell of.
    ("/dev/input/event0", Device::Null),
    ("/dev/input/event1", Device::Null),
    ("/dev/input/event2", Device::Null),
];

/// Marks a program file: what a reader of it sees. Real ones are ELF files, of which these are the first bytes.
const PROGRAM: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0";

/// Furnishes an empty tree: folders, links, devices, the programs named, and `/system/build.prop`.
///
/// # Errors
/// When the tree is not empty or has no room.
pub fn furnish(files: &mut Files, now: i64, programs: &[&str], build_prop: &str) -> Result<(), FilesError> {
    let root = Actor::root(now);
    for (path, mode, uid, gid) in FOLDERS {
        files.make_folder(root, path, *mode)?;
        files.set_owner(root, path, *uid, *gid)?;
    }
    for (path, target) in LINKS {
        files.symlink(root, target, path)?;
    }
    for (path, device) in DEVICES {
        files.make_device(root, path, *device)?;
    }
    let program = Arc::new(PROGRAM.to_vec());
    for name in programs {
        // AOSP keeps `su` where debug builds have their extras.
        let folder = if *name == "su" { "xbin" } else { "bin" };
        files.write_shared(root, &format!("/system/{folder}/{name}"), &program, 0o755)?;
    }
    files.write(root, "/system/build.prop", build_prop.as_bytes().to_vec(), 0o644)?;
    files.set_read_only("/system", true);
    files.set_read_only("/vendor", true);
    files.set_read_only("/product", true);
    Ok(())
}

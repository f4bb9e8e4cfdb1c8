//! What the kernel tells in `/proc` beside the network, and the folders of apps' data: brought up to date before a program
//! runs that may read them.

use std::time::Duration;

use super::fs::Actor;
use super::machine::Machine;
use super::toys::HARDWARE;

/// Names by which programs reach what is kept up to date here.
const WATCHED: [&str; 3] = ["/proc", "/data/data", "/data/user"];
const DATA: &str = "/data/data";
const ENFORCE: &str = "/sys/fs/selinux/enforce";

/// What does not change. MODEL: a machine as emulators have it; lines and units of Linux (`arch/x86/kernel/cpu/proc.c`,
/// `fs/proc/meminfo.c`).
pub fn steady() -> Vec<(&'static str, String)> {
    let processor = |number: u32| {
        format!(
            "processor\t: {number}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 6\n\
             model name\t: Android virtual processor\nstepping\t: 3\ncpu MHz\t\t: 2000.000\ncache size\t: 16384 KB\n\
             physical id\t: 0\nsiblings\t: 2\ncore id\t\t: {number}\ncpu cores\t: 2\n\
             flags\t\t: fpu tsc msr pae cx8 apic sep cmov mmx fxsr sse sse2 ssse3 sse4_1 sse4_2 popcnt\n\
             bogomips\t: 4000.00\naddress sizes\t: 40 bits physical, 48 bits virtual\n\n"
        )
    };
    let rows = [
        ("MemTotal", 2_030_852_u32),
        ("MemFree", 412_340),
        ("MemAvailable", 1_105_600),
        ("Buffers", 8_912),
        ("Cached", 702_144),
        ("SwapCached", 0),
        ("Active", 688_500),
        ("Inactive", 520_312),
        ("SwapTotal", 0),
        ("SwapFree", 0),
    ];
    let memory = rows.iter().map(|(name, size)| format!("{:<16}{size:>8} kB\n", format!("{name}:"))).collect();
    let mounts = "/dev/block/dm-0 / ext4 ro,seclabel,nodev,relatime 0 0\ntmpfs /dev tmpfs rw,seclabel,nosuid,relatime,mode=755 0 0\nproc /proc proc rw,relatime,gid=3009,hidepid=invisible 0 0\nsysfs /sys sysfs rw,seclabel,relatime 0 0\n/dev/block/dm-5 /data ext4 rw,seclabel,nosuid,nodev,noatime 0 0\n/dev/fuse /storage/emulated fuse rw,lazytime,nosuid,nodev,noexec,noatime 0 0\n";
    vec![
        ("/proc/cpuinfo", processor(0) + &processor(1)),
        ("/proc/meminfo", memory),
        ("/proc/mounts", mounts.to_owned()),
        ("/proc/version", "Linux version 5.10.0 (android-build@localhost) #1 SMP PREEMPT\n".to_owned()),
        (
            "/proc/partitions",
            "major minor  #blocks  name\n\n 253        0     921600 dm-0\n 253        5    2097152 dm-5\n".to_owned(),
        ),
        ("/proc/net/unix", "Num       RefCount Protocol Flags    Type St Inode Path\n".to_owned()),
        ("/sys/class/net/lo/address", "00:00:00:00:00:00\n".to_owned()),
        ("/sys/class/net/wlan0/address", format!("{HARDWARE}\n")),
        ("/sys/class/net/wlan0/mtu", "1500\n".to_owned()),
        ("/sys/devices/system/cpu/online", "0-1\n".to_owned()),
        ("/sys/devices/system/cpu/possible", "0-1\n".to_owned()),
        ("/sys/devices/system/cpu/present", "0-1\n".to_owned()),
        (ENFORCE, "1".to_owned()),
    ]
}

/// Puts back what the kernel forgets when it starts anew.
pub fn start_anew(machine: &Machine) {
    set_enforcing(machine, true);
}

/// Whether the policy is enforced (`security/selinux/selinuxfs.c`).
pub fn is_enforcing(machine: &Machine) -> bool {
    machine.files().read(Actor::root(machine.wall()), ENFORCE).is_ok_and(|told| told.starts_with(b"1"))
}

/// Has the policy enforced, or only told of.
pub fn set_enforcing(machine: &Machine, on: bool) {
    let bytes = if on { b"1" } else { b"0" };
    // The kernel's own file: nothing is in the way.
    let _ = machine.files().write(Actor::root(machine.wall()), ENFORCE, bytes.to_vec(), 0o644);
}

/// Brings the rest up to date for a program with these arguments, which the process `asking` starts.
pub fn refresh(machine: &Machine, argv: &[String], asking: u32) {
    let looks = |word: &String| WATCHED.iter().any(|name| word.contains(name)) && !word.contains("/proc/net");
    if !argv.iter().any(looks) {
        return;
    }
    processes(machine, asking);
    time(machine);
    data(machine);
}

/// Brings up to date what adbd itself reads for a client's sync.
pub fn refresh_for_adbd(machine: &Machine, path: &str) {
    if path.contains("/proc/net") {
        super::network::refresh(machine);
    }
    let adbd = machine.system().processes().find(|p| p.name.ends_with("adbd")).map_or(1, |p| p.pid);
    refresh(machine, &[path.to_owned()], adbd);
}

/// `/proc/uptime`, `/proc/loadavg` (`fs/proc/uptime.c`, `loadavg.c`) and `/proc/stat`: a machine that idles; and which start
/// of it this is (`drivers/char/random.c`).
fn time(machine: &Machine) {
    let (up, count, start) = {
        let system = machine.system();
        (system.since_start(), system.processes().count(), system.start_id())
    };
    let (seconds, part) = (up.as_secs(), up.subsec_millis() / 10);
    let root = Actor::root(machine.wall());
    let mut files = machine.files();
    for (file, text) in [
        ("/proc/uptime", format!("{seconds}.{part:02} {seconds}.{part:02}\n")),
        ("/proc/loadavg", format!("0.00 0.00 0.00 1/{count} {count}\n")),
        ("/proc/stat", counters(machine, up, count)),
        ("/proc/sys/kernel/random/boot_id", start + "\n"),
    ] {
        let _ = files.write(root, file, text.into_bytes(), 0o444);
    }
}

/// `/proc/stat` (`fs/proc/stat.c`): two processors that idle, in hundredths of a second.
fn counters(machine: &Machine, up: Duration, processes: usize) -> String {
    let idle = up.as_millis() / 10;
    let began = machine.wall().div_euclid(1000) - i64::try_from(idle / 100).unwrap_or(0);
    let line = |name: &str, idle: u128| format!("{name} 0 0 0 {idle} 0 0 0 0 0 0\n");
    let processors = line("cpu ", idle * 2) + &line("cpu0", idle) + &line("cpu1", idle);
    format!(
        "{processors}intr 0\nctxt 0\nbtime {began}\nprocesses {processes}\nprocs_running 1\nprocs_blocked 0\n\
         softirq 0 0 0 0 0 0 0 0 0 0 0\n"
    )
}

/// `/proc/PID/cmdline`, `comm`, `stat`, `status` and the one task of every process there is, and of no other. MODEL:
/// `/proc/self` is the shell that starts the program which looks.
fn processes(machine: &Machine, asking: u32) {
    let mut rows: Vec<(u32, u32, u32, String, String)> = {
        let system = machine.system();
        system.processes().map(|p| (p.pid, p.parent, p.uid, p.name.clone(), p.name.clone() + "\0")).collect()
    };
    rows.extend(machine.processes().iter().map(|p| {
        let line = p.arguments.iter().map(|word| word.clone() + "\0").collect();
        (p.pid, p.parent, p.uid, p.name.clone(), line)
    }));
    let root = Actor::root(machine.wall());
    let mut files = machine.files();
    for (name, _) in files.list(root, "/proc").unwrap_or_default() {
        if name.bytes().all(|b| b.is_ascii_digit()) {
            // The kernel's own files: nothing is in the way.
            let _ = files.remove_all(root, &format!("/proc/{name}"));
        }
    }
    for (pid, parent, uid, name, line) in rows {
        // The kernel keeps the end of an app's name, which is what it sets as its own, in fifteen bytes.
        let short = name.get(name.len().saturating_sub(15)..).unwrap_or(&name);
        let status =
            format!("Name:\t{short}\nTgid:\t{pid}\nPid:\t{pid}\nPPid:\t{parent}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n");
        let folder = format!("/proc/{pid}");
        let _ = files.make_folder(root, &folder, 0o555);
        // `fs/proc/array.c`: 52 fields; of a process that sleeps and has used no time.
        let stat = format!("{pid} ({short}) S {parent}{}\n", " 0".repeat(48));
        for (file, text) in [("cmdline", line), ("comm", format!("{short}\n")), ("stat", stat), ("status", status)] {
            let _ = files.write(root, &format!("{folder}/{file}"), text.into_bytes(), 0o444);
        }
        let task = format!("{folder}/task/{pid}");
        let _ = files.make_folders(root, &task, 0o555);
        for file in ["comm", "stat", "status"] {
            let _ = files.link(root, &format!("{folder}/{file}"), &format!("{task}/{file}"));
        }
    }
    let _ = files.remove_file(root, "/proc/self");
    let _ = files.symlink(root, &format!("/proc/{asking}"), "/proc/self");
}

/// A folder per package that belongs to it. MODEL: with its two caches, as an app that keeps no files has them.
fn data(machine: &Machine) {
    let owners: Vec<(String, u32)> = {
        let system = machine.system();
        system.packages().values().filter(|p| p.uid >= 10_000).map(|p| (p.name().to_owned(), p.uid)).collect()
    };
    let root = Actor::root(machine.wall());
    let mut files = machine.files();
    for (name, _) in files.list(root, DATA).unwrap_or_default() {
        if !owners.iter().any(|(owner, _)| *owner == name) {
            let _ = files.remove_all(root, &format!("{DATA}/{name}"));
        }
    }
    for (name, uid) in owners {
        let folder = format!("{DATA}/{name}");
        if files.exists(root, &folder) {
            continue;
        }
        for (path, mode) in
            [(folder.clone(), 0o700), (folder.clone() + "/cache", 0o2771), (folder + "/code_cache", 0o2771)]
        {
            let _ = files.make_folder(root, &path, mode);
            let _ = files.set_owner(root, &path, uid, uid);
        }
    }
}

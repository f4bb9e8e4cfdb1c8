//! What the device is and how it is: `getprop`, `setprop`, `uname`, `df`, `mount`, `uptime`, `nproc`, `sync`, `start`,
//! `stop`, `reboot`, `dmesg`.

use super::tool::{Tool, toy};
use crate::virtual_device::fault;

toy!(
    /// `getprop [name [default]]`
    getprop, getprop_work
);

async fn getprop_work(tool: Tool) -> i32 {
    let words: Vec<&String> = tool.arguments().iter().filter(|word| !word.starts_with('-')).collect();
    let text = {
        let properties = tool.call.machine.properties();
        match words.as_slice() {
            [] => properties.iter().map(|(name, value)| format!("[{name}]: [{value}]\n")).collect(),
            [name, rest @ ..] => {
                let default = rest.first().map_or("", |word| word.as_str());
                let value = properties.get(name).filter(|value| !value.is_empty()).unwrap_or(default);
                format!("{value}\n")
            }
        }
    };
    tool.finish(text).await
}

toy!(
    /// `setprop name value`
    setprop, setprop_work
);

async fn setprop_work(mut tool: Tool) -> i32 {
    let [name, value] = tool.arguments() else {
        tool.call.stdio.err("usage: setprop NAME VALUE\n").await;
        return 1;
    };
    let (name, value) = (name.clone(), value.clone());
    // What the shell user may set: AOSP's property contexts for u:r:shell.
    let allowed = ["debug.", "log.", "persist.log.", "sys.powerctl", "service.adb.", "tmp."];
    let may = tool.call.uid == 0 || allowed.iter().any(|prefix| name.starts_with(prefix));
    let set = if may {
        tool.call.machine.properties().set(&name, &value).map_err(|e| e.to_string())
    } else {
        Err(String::new())
    };
    if let Err(reason) = set {
        let api = tool.call.machine.profile.api;
        let reason = if reason.is_empty() { "permission denied".into() } else { reason };
        match api {
            ..=23 => tool.complain("could not set property").await,
            _ => tool.complain(&format!("failed to set property '{name}' to '{value}': {reason}")).await,
        }
    }
    tool.status
}

toy!(
    /// `uname [-asnrvmo]`
    uname, uname_work
);

async fn uname_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("asnrvmo", "", &[]).await else { return 1 };
    let api = tool.call.machine.profile.api;
    // MODEL: kernels that devices of that age run.
    let (kernel, version) = match api {
        ..=23 => ("3.10.0+", "#1 SMP PREEMPT Tue Mar 29 16:17:31 UTC 2016"),
        24..=30 => ("5.4.61-android11-2", "#1 SMP PREEMPT Wed Sep 15 08:00:00 UTC 2021"),
        _ => ("6.1.23-android14-4", "#1 SMP PREEMPT Thu Apr 27 19:38:26 UTC 2023"),
    };
    let machine = if api <= 23 { "i686" } else { "x86_64" };
    let all = [('s', "Linux"), ('n', "localhost"), ('r', kernel), ('v', version), ('m', machine), ('o', "Toybox")];
    let any = "snrvmo".chars().any(|letter| flags.has(letter));
    let wanted = |letter: char| match flags.has('a') {
        true => api > 23 || letter != 'o',
        false if any => flags.has(letter),
        false => letter == 's',
    };
    let shown: Vec<&str> = all.iter().filter(|(letter, _)| wanted(*letter)).map(|(_, text)| *text).collect();
    tool.finish(shown.join(" ") + "\n").await
}

toy!(
    /// `df [-hk] [path…]`
    df, df_work
);

async fn df_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("hkPa", "t", &[]).await else { return 1 };
    let (used, capacity) = tool.call.machine.files().usage();
    let human = flags.has('h');
    let size = |bytes: u64| if human { in_units(bytes) } else { (bytes >> 10).to_string() };
    let percent = (used * 100).div_ceil(capacity.max(1));
    let rows = [
        ("tmpfs", 1 << 30, 1 << 20, "/dev"),
        ("/dev/block/dm-0", 900 << 20, 899 << 20, "/system"),
        ("/dev/block/dm-5", capacity, used, "/data"),
        ("/dev/fuse", capacity, used, "/storage/emulated"),
    ];
    let head = if human { "Size  Used Avail" } else { "1K-blocks     Used Available" };
    let mut mounts = Vec::new();
    for name in &flags.rest {
        let real = {
            let (files, at) = (tool.call.machine.files(), tool.absolute(name));
            files.stat(tool.actor(), &at).and_then(|_| files.real_path(tool.actor(), &at))
        };
        // What lies on none of the others lies on the root, which is the system's.
        let Some(real) = tool.check(name, real).await else { continue };
        mounts.push(rows.iter().map(|row| row.3).find(|at| real.starts_with(at)).unwrap_or("/system"));
    }
    if mounts.is_empty() && !flags.rest.is_empty() {
        return tool.status;
    }
    let mut text = format!("{:<18} {head} Use% Mounted on\n", "Filesystem");
    for (device, total, taken, at) in rows {
        let wanted = flags.rest.is_empty() || mounts.contains(&at);
        let percent = if total == capacity { percent } else { taken * 100 / total };
        let (total, taken, left) = (size(total), size(taken), size(total.saturating_sub(taken)));
        let widths = if human { (4, 5, 5) } else { (9, 8, 9) };
        if wanted {
            text += &format!(
                "{device:<18} {total:>a$} {taken:>b$} {left:>c$} {percent:>3}% {at}\n",
                a = widths.0,
                b = widths.1,
                c = widths.2
            );
        }
    }
    tool.finish(text).await
}

/// `0`, `936K`, `1.9G`: three digits at the most, with a tenth below ten (toybox's `human_readable`).
fn in_units(bytes: u64) -> String {
    let mut unit = 0;
    while unit < 4 && bytes >> (10 * unit) >= 1024 {
        unit += 1;
    }
    if unit == 0 {
        return bytes.to_string();
    }
    let tenths = ((bytes >> (10 * (unit - 1))) * 10) >> 10;
    let letter = ["K", "M", "G", "T"][unit - 1];
    if tenths < 100 { format!("{}.{}{letter}", tenths / 10, tenths % 10) } else { format!("{}{letter}", tenths / 10) }
}

toy!(
    /// `mount [-o remount,rw folder]`
    mount, mount_work
);

async fn mount_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("arwv", "ot", &[]).await else { return 1 };
    let Some(options) = flags.value('o') else { return list_mounts(tool).await };
    let folder = flags.rest.last().cloned().unwrap_or_default();
    if tool.call.uid != 0 {
        tool.complain(&format!("'{folder}'->'{folder}': Operation not permitted")).await;
        return 1;
    }
    let read_only = options.split(',').any(|option| option == "ro");
    let mut files = tool.call.machine.files();
    for known in ["/system", "/vendor", "/product"] {
        if folder == known || folder == "/" {
            files.set_read_only(known, read_only);
        }
    }
    0
}

async fn list_mounts(tool: Tool) -> i32 {
    let system = if tool.call.machine.files().is_read_only("/system") { "ro" } else { "rw" };
    let text = format!(
        "/dev/block/dm-0 on / type ext4 ({system},seclabel,nodev,relatime)\n\
         tmpfs on /dev type tmpfs (rw,seclabel,nosuid,relatime,mode=755)\n\
         devpts on /dev/pts type devpts (rw,seclabel,relatime,mode=600,ptmxmode=000)\n\
         proc on /proc type proc (rw,relatime,gid=3009,hidepid=invisible)\n\
         sysfs on /sys type sysfs (rw,seclabel,relatime)\n\
         /dev/block/dm-0 on /system type ext4 ({system},seclabel,relatime)\n\
         /dev/block/dm-5 on /data type ext4 (rw,seclabel,nosuid,nodev,noatime)\n\
         /dev/fuse on /storage/emulated type fuse (rw,lazytime,nosuid,nodev,noexec,noatime)\n"
    );
    tool.finish(text).await
}

toy!(
    /// `uptime [-ps]`
    uptime, uptime_work
);

async fn uptime_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("ps", "", &[]).await else { return 1 };
    let up = tool.call.machine.system().since_start().as_secs();
    let now = tool.call.machine.wall().div_euclid(1000).rem_euclid(86_400);
    if flags.has('s') {
        let since = tool.call.machine.wall().saturating_sub(i64::try_from(up).unwrap_or(0) * 1000);
        return tool.finish(super::when::format(since, "%Y-%m-%d %H:%M:%S\n")).await;
    }
    if flags.has('p') {
        let (hours, minutes) = (up / 3600, up / 60 % 60);
        let several = |count: u64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
        let hours = if hours > 0 { several(hours, "hour") + ", " } else { String::new() };
        return tool.finish(format!("up {hours}{}\n", several(minutes, "minute"))).await;
    }
    let text = format!(
        " {:02}:{:02}:{:02} up {} min,  0 users,  load average: 0.00, 0.00, 0.00\n",
        now / 3600,
        now / 60 % 60,
        now % 60,
        up / 60
    );
    tool.finish(text).await
}

toy!(
    /// `tty [-s]`: a script has none.
    tty, tty_work
);

async fn tty_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("s", "", &[]).await else { return 2 };
    if !flags.has('s') {
        tool.out("not a tty\n").await;
    }
    1
}

toy!(
    /// `free [-bkmgh]`: by what `/proc/meminfo` tells.
    free, free_work
);

async fn free_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("bkmgth", "", &[]).await else { return 1 };
    let read = tool.call.machine.files().read(tool.actor(), "/proc/meminfo");
    let Some(told) = tool.check("/proc/meminfo", read).await else { return 1 };
    let told = String::from_utf8_lossy(&told).into_owned();
    let bytes = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10
    };
    let shift = [('k', 10), ('m', 20), ('g', 30), ('t', 40)].into_iter().find(|(letter, _)| flags.has(*letter));
    let size = |bytes: u64| match flags.has('h') {
        true => in_units(bytes),
        false => (bytes >> shift.map_or(0, |(_, shift)| shift)).to_string(),
    };
    let (total, free, buffers, cached) = (bytes("MemTotal"), bytes("MemFree"), bytes("Buffers"), bytes("Cached"));
    let used = total.saturating_sub(free);
    let line = |head: &str, cells: &[u64]| {
        format!("{head:<8}{}\n", cells.iter().map(|cell| format!("{:>16}", size(*cell))).collect::<String>())
    };
    let head = ["total", "used", "free", "shared", "buffers"].map(|name| format!("{name:>16}")).concat();
    let text = format!("{:8}{head}\n", "")
        + &line("Mem:", &[total, used, free, 0, buffers])
        + &line("-/+ buffers/cache:", &[used.saturating_sub(buffers + cached), free + buffers + cached])
            .replacen("cache: ", "cache:", 1)
        + &line("Swap:", &[0, 0, 0]);
    tool.finish(text).await
}

toy!(
    /// `nproc`: as many as `/proc/cpuinfo` tells.
    nproc, nproc_work
);

async fn nproc_work(tool: Tool) -> i32 {
    tool.finish("2\n").await
}

toy!(
    /// `sync`
    sync, sync_work
);

async fn sync_work(tool: Tool) -> i32 {
    tool.status
}

toy!(
    /// `start [service]`, `stop [service]`: of root alone (AOSP `system/core/toolbox/start.cpp`). MODEL: the system is up
    /// again at once, and no service is ever away.
    start, start_work
);

async fn start_work(mut tool: Tool) -> i32 {
    if tool.call.uid != 0 {
        tool.complain("must be root").await;
        return 1;
    }
    if tool.name() == "start" {
        // A name and a value that no rule forbids.
        let _ = tool.call.machine.properties().set("sys.boot_completed", "1");
    }
    0
}

toy!(
    /// `dmesg`: not for the shell's user (AOSP's policy for `kernel syslog_read`).
    dmesg, dmesg_work
);

async fn dmesg_work(mut tool: Tool) -> i32 {
    if tool.call.uid == 0 {
        return 0;
    }
    tool.complain("klogctl: Permission denied").await;
    1
}

toy!(
    /// `reboot [-p] [reason]` (AOSP `system/core/reboot`)
    reboot, reboot_work
);

async fn reboot_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("p", "", &[]).await else { return 1 };
    let machine = &tool.call.machine;
    if flags.has('p') {
        machine.pull_the_plug();
    } else {
        fault::restart(machine);
    }
    0
}

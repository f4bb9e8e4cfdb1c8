//! What the device is and how it is: `getprop`, `setprop`, `uname`, `df`, `mount`, `uptime`, `nproc`, `sync`.

use super::tool::{Tool, toy};

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
    let mut text = format!("{:<18} {head} Use% Mounted on\n", "Filesystem");
    for (device, total, taken, at) in rows {
        let wanted = flags.rest.is_empty() || flags.rest.iter().any(|path| tool.absolute(path).starts_with(at));
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
    /// `uptime`
    uptime, uptime_work
);

async fn uptime_work(tool: Tool) -> i32 {
    let clock = &tool.call.machine.clock;
    let (up, now) = (clock.elapsed().as_secs(), tool.call.machine.wall().div_euclid(1000).rem_euclid(86_400));
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
    /// `nproc`
    nproc, nproc_work
);

async fn nproc_work(tool: Tool) -> i32 {
    tool.finish("4\n").await
}

toy!(
    /// `sync`
    sync, sync_work
);

async fn sync_work(tool: Tool) -> i32 {
    tool.status
}

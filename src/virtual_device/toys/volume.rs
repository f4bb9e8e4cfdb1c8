//! `mountpoint`, `umount`.

use super::tool::{Tool, toy};

toy!(
    /// `mountpoint [-q] folder`
    mountpoint, mountpoint_work
);

async fn mountpoint_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("qdx", "", &[]).await else { return 1 };
    let Some(name) = flags.rest.first().cloned() else {
        tool.complain("Needs 1 argument").await;
        return 1;
    };
    let at = tool.absolute(&name);
    let real = tool.call.machine.files().real_path(tool.actor(), &at);
    let Some(real) = tool.check(&name, real).await else { return 1 };
    let mounts = tool.call.machine.files().read(tool.actor(), "/proc/mounts").unwrap_or_default();
    let mounted = String::from_utf8_lossy(&mounts).lines().any(|line| line.split(' ').nth(1) == Some(real.as_str()));
    if !flags.has('q') {
        tool.out(format!("{name} is {}a mountpoint\n", if mounted { "" } else { "not " })).await;
    }
    i32::from(!mounted)
}

toy!(
    /// `umount [-fl] folder…`: what is mounted here is always in use.
    umount, umount_work
);

async fn umount_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("acDflnrv", "t", &[]).await else { return 1 };
    let why = if tool.call.uid == 0 { "Device or resource busy" } else { "Operation not permitted" };
    for name in &flags.rest {
        tool.complain(&format!("{name}: {why}")).await;
    }
    tool.status
}

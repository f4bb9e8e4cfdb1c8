//! Processes of the device.

use std::time::Duration;

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Parent's process id.
    pub parent: u32,
    /// User id.
    pub uid: u32,
    /// Its name: a package for apps.
    pub name: String,
    /// Started at, on the device's clock.
    pub since: Duration,
}

/// Process id of init.
pub const INIT: u32 = 1;
/// Process id of the zygote.
pub const ZYGOTE: u32 = 290;
/// Process id of the system server.
pub const SYSTEM_SERVER: u32 = 523;
/// First process id of apps.
pub const FIRST_APP: u32 = 1200;
/// Last process id of apps.
pub const LAST_APP: u32 = 4900;

/// The processes a device starts with, without apps.
pub fn native() -> Vec<Process> {
    let list: [(u32, u32, u32, &str); 9] = [
        (INIT, 0, 0, "/init"),
        (165, INIT, 1000, "/system/bin/servicemanager"),
        (178, INIT, 1036, "/system/bin/logd"),
        (190, INIT, 0, "/system/bin/vold"),
        (205, INIT, 1000, "/system/bin/surfaceflinger"),
        (231, INIT, 0, "/system/bin/netd"),
        (244, INIT, 2000, "/sbin/adbd"),
        (ZYGOTE, INIT, 0, "zygote64"),
        (SYSTEM_SERVER, ZYGOTE, 1000, "system_server"),
    ];
    list.iter()
        .map(|&(pid, parent, uid, name)| Process { pid, parent, uid, name: name.into(), since: Duration::ZERO })
        .collect()
}

//! Services of which only the head of their dump is modelled, with what clients look for in it. MODEL throughout: AOSP's
//! words from memory; a device that idles, whose apps draw nothing by a GPU and plan nothing.

use super::super::pm_list;
use super::super::reply::Reply;
use super::super::stamp;
use crate::virtual_device::system::System;

/// `dumpsys account`
pub fn account(system: &System) -> Reply {
    Reply::out(format!(
        "User {}:\n  Accounts: 0\n\n  AccountId, Action_Type, timestamp, UID, TableName, Key\n  Accounts History\n\n  Active Sessions: 0\n\n  RegisteredServicesCache: 0 services\n\n",
        pm_list::owner(system)
    ))
}

/// `dumpsys batterystats [-c]`: `-c` is a table for programs, whose first row tells of its form and of the build.
pub fn battery_stats(system: &System, args: &[&str]) -> Reply {
    let api = system.profile().api;
    if args.contains(&"--reset") {
        return Reply::out("Battery stats reset.\n");
    }
    if args.contains(&"-c") {
        return Reply::out(format!("9,0,i,vers,{},{api},REL,REL\n", if api >= 31 { 36 } else { 35 }));
    }
    Reply::out(
        "Battery History (0% used, 0 used of 4096KB, 0 strings using 0):\n\nStatistics since last charge:\n  System starts: 0, currently on battery: false\n",
    )
}

/// `dumpsys cpuinfo`: the processes of apps.
pub fn cpu(system: &System) -> Reply {
    let now = stamp::seconds(system.wall());
    let apps = system.processes().filter(|p| p.uid >= 10_000);
    let rows: String = apps.map(|p| format!("  0% {}/{}: 0% user + 0% kernel\n", p.pid, p.name)).collect();
    Reply::out(format!(
        "Load: 0.0 / 0.0 / 0.0\nCPU usage from 10000ms to 5000ms ago ({now}.000 to {now}.000):\n{rows}0% TOTAL: 0% user + 0% kernel\n"
    ))
}

/// `dumpsys diskstats`
pub fn disk() -> Reply {
    Reply::out(
        "Latency: 0ms [512B Data Write]\nData-Free: 2097142K / 2097152K total = 99% free\nCache-Free: 2097142K / 2097152K total = 99% free\nSystem-Free: 1024K / 921600K total = 0% free\n",
    )
}

/// `dumpsys gfxinfo [PACKAGE]`
pub fn graphics(system: &System, args: &[&str]) -> Reply {
    let now = system.since_start().as_millis();
    let wanted = args.iter().find(|word| !word.starts_with('-'));
    let shown: Vec<_> =
        system.processes().filter(|p| p.uid >= 10_000 && wanted.is_none_or(|name| p.name == **name)).collect();
    if let Some(name) = wanted.filter(|_| shown.is_empty()) {
        return Reply::out(format!("No process found for: {name}\n"));
    }
    let mut out = format!("Applications Graphics Acceleration Info:\nUptime: {now} Realtime: {now}\n");
    for process in shown {
        out += &format!(
            "\n** Graphics info for pid {} [{}] **\n\nStats since: 0ns\nTotal frames rendered: 0\nJanky frames: 0 (0.00%)\n50th percentile: 0ms\n90th percentile: 0ms\n95th percentile: 0ms\n99th percentile: 0ms\n",
            process.pid, process.name
        );
    }
    Reply::out(out)
}

/// `dumpsys media_session`
pub fn media_sessions() -> Reply {
    Reply::out("MEDIA SESSION SERVICE (dumpsys media_session)\n\n0 sessions listeners.\n")
}

/// `dumpsys trust`
pub fn trust() -> Reply {
    Reply::out(
        "Trust manager state:\n User \"Owner\" (id=0, flags=0x13) (current): trusted=0, trustManaged=0, deviceLocked=0, strongAuthRequired=0x0\n   Enabled agents:\n   Events:\n",
    )
}

/// `dumpsys iphonesubinfo`
pub fn subscriber() -> Reply {
    Reply::out("Phone Subscriber Info:\n  Phone Type = GSM\n  Device ID = null\n")
}

//! Services of which only the head of their dump is modelled, with what clients look for in it. MODEL throughout: AOSP's
//! words from memory; a device that idles, whose apps draw nothing by a GPU and plan nothing.

use super::super::pm_list;
use super::super::reply::Reply;
use super::super::stamp;
use crate::virtual_device::system::{System, Table};

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

/// `dumpsys jobscheduler`
pub fn jobs() -> Reply {
    Reply::out("Settings:\n\nRegistered 0 jobs:\n  None.\n\nPending queue:\n\nActive jobs:\n\n")
}

/// `dumpsys netpolicy`
pub fn network_policy(system: &System) -> Reply {
    let on = super::super::netpolicy::restricts(system);
    Reply::out(format!(
        "System ready: true\nRestrict background: {on}\nRestrict power: false\nDevice idle: false\nNetwork policies:\nPolicy for UIDs:\nStatus for all known UIDs:\n"
    ))
}

/// `dumpsys thermalservice`: what the battery's thermometer tells.
pub fn heat(system: &System) -> Reply {
    let tenths = system.battery().lines(system.profile().api).find(|(name, _)| *name == "temperature");
    let degrees: f64 = tenths.and_then(|(_, value)| value.to_string().parse().ok()).unwrap_or(250.0) / 10.0;
    let told = format!("\tTemperature{{mValue={degrees:.1}, mType=2, mName=battery, mStatus=0}}\n");
    Reply::out(format!(
        "IsStatusOverride: false\nThermalEventListeners:\n\tcallbacks: 0\n\tkilled: false\n\tbroadcasts count: -1\nThermalStatusListeners:\n\tcallbacks: 0\n\tkilled: false\n\tbroadcasts count: -1\nThermal Status: 0\nCached temperatures:\n{told}HAL Ready: true\nHAL connection:\n\tThermalHAL 2.0 connected: yes\nCurrent temperatures from HAL:\n{told}Current cooling devices from HAL:\n"
    ))
}

/// `dumpsys uimode`
pub fn look(system: &System) -> Reply {
    let mode = system.settings().get(Table::Secure, "ui_night_mode").unwrap_or("1");
    let name = match mode {
        "0" => "auto",
        "2" => "yes",
        _ => "no",
    };
    Reply::out(format!(
        "Current UI Mode Service state:\n  mDockState=0 mLastBroadcastState=0\n  mNightMode={mode} ({name}) mNightModeLocked=false mCarModeEnabled=false mComputedNightMode={}\n  mSystemReady=true\n",
        mode == "2"
    ))
}

/// `dumpsys usagestats`: the buckets of apps, from API 28 on.
pub fn usage(system: &System) -> Reply {
    let mut out = String::from("user=0\n");
    if system.profile().api >= 28 {
        out += "User 0 App Standby States:\n";
        for name in system.packages().keys() {
            let bucket = super::super::am_standby::bucket(system, name);
            out += &format!(
                "  package={name} u=0 bucket={bucket} reason=d used=+0ms usedScr=+0ms idle={}\n",
                if bucket >= 40 { "y" } else { "n" }
            );
        }
    }
    Reply::out(out)
}

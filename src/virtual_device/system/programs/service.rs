//! `service list|check|call`. Captured on 23: the list's heading and lines, and what `check` says. A call by number is
//! answered as a service answers a number it does not know.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::System;

/// Names and interfaces of the services this device has, as AOSP names them.
const SERVICES: [(&str, &str); 24] = [
    ("accessibility", "android.view.accessibility.IAccessibilityManager"),
    ("activity", "android.app.IActivityManager"),
    ("appops", "com.android.internal.app.IAppOpsService"),
    ("battery", ""),
    ("batteryproperties", "android.os.IBatteryPropertiesRegistrar"),
    ("clipboard", "android.content.IClipboard"),
    ("connectivity", "android.net.IConnectivityManager"),
    ("deviceidle", "android.os.IDeviceIdleController"),
    ("display", "android.hardware.display.IDisplayManager"),
    ("input", "android.hardware.input.IInputManager"),
    ("input_method", "com.android.internal.view.IInputMethodManager"),
    ("iphonesubinfo", "com.android.internal.telephony.IPhoneSubInfo"),
    ("location", "android.location.ILocationManager"),
    ("meminfo", ""),
    ("netstats", "android.net.INetworkStatsService"),
    ("notification", "android.app.INotificationManager"),
    ("package", "android.content.pm.IPackageManager"),
    ("permission", "android.os.IPermissionController"),
    ("phone", "com.android.internal.telephony.ITelephony"),
    ("power", "android.os.IPowerManager"),
    ("sensorservice", "android.gui.SensorServer"),
    ("statusbar", "com.android.internal.statusbar.IStatusBarService"),
    ("wifi", "android.net.wifi.IWifiManager"),
    ("window", "android.view.IWindowManager"),
];

/// `service`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Dump, run)
}

/// The captured Android 6 is no telephone, and keeps its battery beside the services.
const LATER: [&str; 3] = ["battery", "iphonesubinfo", "phone"];

fn run(system: &mut System, call: &Call) -> Reply {
    let old = system.profile().api <= 23;
    let services: Vec<_> = SERVICES.iter().filter(|(name, _)| !old || !LATER.contains(name)).collect();
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let known = |name: &str| services.iter().any(|(service, _)| *service == name);
    match args.as_slice() {
        ["list"] => {
            let lines = services.iter().enumerate().map(|(n, (name, of))| format!("{n}\t{name}: [{of}]\n"));
            Reply::out(format!("Found {} services:\n{}", services.len(), lines.collect::<String>()))
        }
        ["check", name] => {
            Reply::out(format!("Service {name}: {}\n", if known(name) { "found" } else { "not found" }))
        }
        ["call", name, _, ..] if known(name) => {
            Reply::out("Result: Parcel(Error: 0xffffffffffffffb6 \"Not a data message\")\n")
        }
        ["call", name, _, ..] => Reply::err(format!("service: Service {name} does not exist\n"), 10),
        _ => Reply::out(
            "Usage: service [-h|-?]\n       service list\n       service check SERVICE\n       service call SERVICE CODE [i32 N | i64 N | f N | d N | s16 STR | null | fd f | nfd n | afd f ] ...\n",
        )
        .with_status(10),
    }
}

//! Android's programs, asked through `adb shell`.

use super::{Adb, PACKAGE, probe};

/// What is asked, what the answer holds, and the API level it needs. They run in this order: later ones see what earlier
/// ones did. `PKG` is the probe.
const ASKED: &[(&str, &str, u32)] = &[
    ("pm list packages -3 -f", "/base.apk=PKG", 23),
    ("cmd package list packages -3", "package:PKG", 24),
    ("pm dump PKG", "versionName=2", 23),
    ("am start -W -n PKG/.Main", "Status: ok", 23),
    ("am start -n PKG/.None", "Error type 3", 23),
    ("am broadcast -a org.example.NOTHING", "Broadcast completed: result=0", 23),
    ("dumpsys activity activities", "PKG/.Main", 23),
    ("dumpsys activity top", "ACTIVITY PKG/.Main", 23),
    ("dumpsys meminfo PKG", "MEMINFO in pid", 23),
    ("dumpsys window", "mCurrentFocus=Window{", 23),
    ("uiautomator dump /data/local/tmp/ui.xml", "UI hierchary dumped to: /data/local/tmp/ui.xml", 23),
    ("cat /data/local/tmp/ui.xml", "package=\"PKG\"", 23),
    ("screencap /data/local/tmp/a.png && head -c 4 /data/local/tmp/a.png", "PNG", 23),
    ("input tap 10 10 && input swipe 10 10 20 20 50 && echo touched", "touched", 23),
    ("input text ab && input keyevent KEYCODE_BACK && echo typed", "typed", 23),
    (
        "am start -W -n PKG/.Main >/dev/null; pm grant PKG android.permission.CAMERA; dumpsys package PKG",
        "android.permission.CAMERA: granted=true",
        23,
    ),
    (
        "pm revoke PKG android.permission.CAMERA; dumpsys package PKG | grep 'CAMERA: granted=true' || echo refused",
        "refused",
        23,
    ),
    ("pm set-permission-flags PKG android.permission.CAMERA user-set; dumpsys package PKG", "USER_SET", 30),
    (
        "pm clear-permission-flags PKG android.permission.CAMERA user-set; dumpsys package PKG | grep USER_SET || echo clear",
        "clear",
        30,
    ),
    ("appops set PKG CAMERA ignore; appops get PKG CAMERA", "CAMERA: ignore", 24),
    ("cmd appops get PKG", "CAMERA", 24),
    ("dumpsys appops", "Current AppOps Service state:", 23),
    ("dumpsys notification", "Current Notification Manager state:", 23),
    ("dumpsys power", "mWakefulness=Awake", 23),
    ("dumpsys battery", "level: 100", 24),
    ("dumpsys netstats", "Active interfaces:", 23),
    ("dumpsys input_method", "mCurMethodId=", 23),
    ("dumpsys nothing_of_the_kind 2>&1", "Can't find service: nothing_of_the_kind", 23),
    ("settings put global some_name 7; settings get global some_name", "7", 23),
    ("content query --uri content://settings/global", "name=adb_enabled", 24),
    ("wm size; wm density", "Physical density:", 23),
    ("svc wifi disable && svc wifi enable && echo switched", "switched", 23),
    ("ime list -a", "mId=", 23),
    ("cmd notification post -t Parcel tag1 'At the door'; cmd notification list", "|tag1|2000", 28),
    (
        "cmd statusbar expand-notifications; uiautomator dump /data/local/tmp/ui.xml >/dev/null; cat /data/local/tmp/ui.xml",
        "text=\"At the door\"",
        28,
    ),
    ("cmd statusbar collapse; dumpsys window | grep -m1 mCurrentFocus", "Window{", 28),
    ("service list; service check package", "Service package: found", 23),
    ("svc data disable; settings get global mobile_data; svc data enable", "0", 23),
    (
        "content query --uri content://settings/global --where \"name='some_name'\" --projection value",
        "Row: 0 value=7",
        24,
    ),
    ("monkey -p PKG -c android.intent.category.LAUNCHER 1", "Events injected: 1", 23),
    ("monkey -p PKG -s 5 -v --throttle 1 --ignore-crashes 20", "Events injected: 20", 23),
    ("log -p e -t contract said; logcat -d -s contract", "contract", 23),
    ("logcat -g", "ring buffer is", 23),
    ("pidof PKG || ps | grep PKG", "", 23),
    ("am force-stop PKG; ps -A 2>/dev/null | grep PKG || echo stopped", "stopped", 23),
    ("pm clear PKG", "Success", 23),
    ("getprop ro.build.version.sdk", "", 23),
    ("id", "uid=2000(shell)", 23),
    ("df; mount", "/system", 23),
    ("uname -a", "Linux", 23),
    ("toybox md5sum /system/build.prop", "/system/build.prop", 23),
    ("nothing_of_the_kind 2>&1", "not found", 23),
];

/// Asks them all.
pub fn answer(adb: &Adb) {
    std::fs::write(adb.file("probe.apk"), probe(2)).unwrap();
    adb.good(&["install", &adb.file("probe.apk")]);
    for (command, expected, since) in ASKED {
        if adb.machine.profile.api < *since {
            continue;
        }
        let command = command.replace("PKG", PACKAGE);
        let output = super::said(&adb.run(&["shell", &command]));
        assert!(output.contains(&expected.replace("PKG", PACKAGE)), "{command}: {output}");
        assert!(!output.trim().is_empty(), "{command} says nothing");
    }
    adb.good(&["uninstall", PACKAGE]);
}

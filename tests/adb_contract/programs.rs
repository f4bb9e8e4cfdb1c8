//! Android's programs, asked through `adb shell`.

use super::{Adb, PACKAGE, probe};

/// Taps the middle of the view of this id of the probe: its bounds are read from a dump, as a client without a library does.
const TAP: &str = "tapped() { uiautomator dump /data/local/tmp/ui.xml >/dev/null; set -- $(sed \
    \"s/.*resource-id=.PKG:id\\/$1\"'\"[^>]*bounds=\"\\[\\([0-9]*\\),\\([0-9]*\\)\\]\\[\\([0-9]*\\),\\([0-9]*\\)\\].*/\\1 \\2 \\3 \\4/' \
    /data/local/tmp/ui.xml); input tap $((($1+$3)/2)) $((($2+$4)/2)); }; \
    dumped() { uiautomator dump /data/local/tmp/ui.xml >/dev/null; cat /data/local/tmp/ui.xml; }; ";

/// What is asked, what the answer holds, and the API level it needs. They run in this order: later ones see what earlier
/// ones did. `PKG` is the probe, `API` the device's level.
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
    ("tapped press; dumped", "text=\"state pressed\"", 23),
    ("tapped name; input text ab; dumped", "text=\"ab\"", 23),
    ("input keyevent KEYCODE_DEL; dumped", "text=\"a\"", 23),
    ("input keyevent KEYCODE_HOME; dumpsys window | grep -m1 mCurrentFocus", "auncher", 23),
    ("am kill PKG; ps -A 2>/dev/null | grep PKG || ps | grep PKG || echo killed", "killed", 23),
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
    ("svc wifi disable; settings get global wifi_on; svc wifi enable; settings get global wifi_on", "0\n1\n", 23),
    ("wm size 720x1280; wm size", "Override size: 720x1280", 23),
    ("dumpsys battery unplug; dumpsys battery set level 7; dumpsys battery", "USB powered: false", 24),
    ("dumpsys battery | grep level; dumpsys battery reset; dumpsys battery", "level: 7\nCurrent Battery", 24),
    ("wm size reset; wm size | grep Override || wm size", "Physical size: ", 23),
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
    ("log -p e -t contract said; logcat -d -s contract", "E contract: said", 23),
    ("logcat -d -v brief -s contract", "E/contract(", 23),
    ("logcat -d -v tag -s contract", "E/contract: said", 23),
    ("logcat -d -v raw -s contract", "said", 23),
    ("logcat -d -v long -s contract | grep '^\\[ .*E/contract'", "E/contract", 23),
    ("logcat -d -v time -s contract | grep '^[0-9-]* [0-9:.]* E/contract'", "E/contract", 23),
    ("logcat -d -v epoch -s contract | grep -E '^ *[0-9]{9,}\\.[0-9]{3}'", "contract", 24),
    ("log -t contract later; logcat -d -t 1 -s contract", "later", 23),
    ("logcat -d -T 1 -s contract | grep said || logcat -d -T 1 -s contract", "later", 23),
    ("logcat -g", "ring buffer is", 23),
    (
        "am start -n PKG/.Main >/dev/null; p=$(pidof PKG || ps | grep PKG | sed 's/  */ /g' | cut -d ' ' -f 2); \
         cat /proc/$p/cmdline",
        "PKG",
        23,
    ),
    (
        "uiautomator events >/data/local/tmp/events & e=$!; n=0; \
         until grep -q 'TYPE_WINDOW_STATE_CHANGED.*PackageName: PKG' /data/local/tmp/events || [ $n -gt 300 ]; do \
         am force-stop PKG; am start -n PKG/.Main >/dev/null; n=$((n+1)); done; kill $e; \
         grep -m1 'PackageName: PKG' /data/local/tmp/events",
        "EventType: TYPE_WINDOW_STATE_CHANGED",
        23,
    ),
    ("am force-stop PKG; ps -A 2>/dev/null | grep PKG || echo stopped", "stopped", 23),
    ("dumpsys alarm", "Top Alarms:\n    +8ms running, 0 wakeups, 1 alarms: 1000:android", 23),
    (
        "cmd netpolicy set restrict-background true; cmd netpolicy get restrict-background",
        "Restrict background status: enabled",
        24,
    ),
    ("am set-standby-bucket PKG rare; am get-standby-bucket PKG; am get-inactive PKG", "40\nIdle=true\n", 28),
    ("device_config put space name 7; device_config get space name; device_config list space", "7\nname=7\n", 29),
    (
        "am broadcast -a android.intent.action.BOOT_COMPLETED 2>&1",
        "Permission Denial: not allowed to send broadcast",
        24,
    ),
    (
        "am start -W -a android.intent.action.VIEW -d http://example.com/a com.android.browser",
        "pkg=com.android.browser }\nStatus: ok",
        28,
    ),
    (
        "echo x >/data/local/tmp/plain; ls /data/local/tmp/plain/ 2>&1; [ -e /data/local/tmp/plain/ ] || echo none",
        "Not a directory\nnone\n",
        23,
    ),
    ("printf 'true\\nnosuch\\n' >/data/local/tmp/s; sh /data/local/tmp/s 2>&1", "/data/local/tmp/s[2]: nosuch: ", 23),
    ("echo nosuch | sh 2>&1", "sh: <stdin>[1]: nosuch: ", 23),
    ("pm clear PKG", "Success", 23),
    ("getprop ro.build.version.sdk", "API", 23),
    ("grep -c MemTotal /proc/meminfo; grep -m1 processor /proc/cpuinfo", "1\nprocessor", 23),
    ("appops set PKG NOPE allow 2>&1; appops get PKG", "Unknown operation string: NOPE", 24),
    (
        "am start -a android.settings.ACCESSIBILITY_SETTINGS; dumpsys window | grep -m1 mCurrentFocus",
        "AccessibilitySettings",
        23,
    ),
    ("id", "uid=2000(shell)", 23),
    ("df; mount", "/system", 23),
    ("uname -a", "Linux", 23),
    ("toybox md5sum /system/build.prop", "/system/build.prop", 23),
    ("nothing_of_the_kind 2>&1", "not found", 23),
];

/// The same on a device whose shell is root.
const ROOTED: &[(&str, &str, u32)] = &[
    ("id", "uid=0(root)", 23),
    ("ls -ld /data/data/PKG", "drwx------", 23),
    (
        "tcpdump -i any -c 1 -w /data/local/tmp/c.pcap & am start -n PKG/.Main >/dev/null; wait; od -A n -t x1 -N 4 /data/local/tmp/c.pcap",
        "d4 c3 b2 a1",
        28,
    ),
];

/// Asks them all.
pub fn answer(adb: &Adb) {
    ask(adb, ASKED);
}

/// Asks what only root is told.
pub fn answer_root(adb: &Adb) {
    ask(adb, ROOTED);
}

fn ask(adb: &Adb, asked: &[(&str, &str, u32)]) {
    std::fs::write(adb.file("probe.apk"), probe(2)).unwrap();
    adb.good(&["install", &adb.file("probe.apk")]);
    let api = adb.machine.profile.api;
    let filled = |text: &str| text.replace("PKG", PACKAGE).replace("API", &api.to_string());
    for (command, expected, _) in asked.iter().filter(|(.., since)| api >= *since) {
        let taps = command.contains("dumped");
        let command = filled(&if taps { format!("{TAP}{command}") } else { (*command).to_owned() });
        let output = super::said(&adb.run(&["shell", &command])).replace('\r', "");
        assert!(!expected.is_empty() && output.contains(&filled(expected)), "{command}: {output}");
    }
    adb.good(&["uninstall", PACKAGE]);
}

//! Questions that scripts on the net ask of a device, each on releases that answer it differently.

use super::{install, machine, run};

/// Level, command, part of standard output, part of standard error, status.
type Asked = (u32, &'static str, &'static str, &'static str, i32);

const ASKED: &[Asked] = &[
    // A command that is not there, and none at all.
    (23, "am nope", "", "Error: unknown command 'nope'", 1),
    (34, "am nope", "Unknown command: nope\n", "", 255),
    (34, "am", "Activity manager (activity) commands:", "", 255),
    (34, "pm", "Package manager (package) commands:", "", 255),
    (34, "wm nope", "Unknown command: nope\n", "", 255),
    // Arguments that can't be read.
    (23, "am start -n bad", "", "Error: Bad component name: bad\n", 1),
    (28, "am start -n bad", "", "\nException occurred while executing:\njava.lang.IllegalArgumentException: Bad", 255),
    (
        34,
        "am start -n",
        "",
        "while executing 'start':\njava.lang.IllegalArgumentException: Argument expected after",
        255,
    ),
    (
        34,
        "am start --grant-read-uri-permission --ela l 1,2 -n test.perm/.Main",
        "flg=0x1 cmp=test.perm/.Main",
        "Warning: ",
        0,
    ),
    // With -W a warning comes to standard output, before the times.
    (34, "am start -n test.perm/.Main", "Starting: ", "Warning: Activity not started", 0),
    (34, "am start -W -n test.perm/.Main", "instance.\nStatus: ok\nLaunchState: UNKNOWN (0)\n", "", 0),
    (34, "am start -W -n test.perm/.Gone", "Error type 3\nError: Activity class {test.perm/test.perm.Gone}", "", 1),
    // Pages that belong to the system, and pages on the net, of which the host alone is told.
    (
        34,
        "am start -a android.settings.WIFI_SETTINGS",
        "Starting: Intent { act=android.settings.WIFI_SETTINGS }\n",
        "",
        0,
    ),
    (34, "dumpsys activity activities", "ResumedActivity: ActivityRecord{", "", 0),
    (34, "dumpsys window", ".Settings$WifiSettingsActivity}", "", 0),
    (34, "am start -a android.settings.SETTINGS", "Starting: ", "", 0),
    (34, "dumpsys window", "u0 com.android.settings/com.android.settings.Settings}", "", 0),
    (34, "am start -a android.intent.action.VIEW -d https://a.example:8/b?c=d", "dat=https://a.example:8/... }", "", 0),
    (34, "dumpsys window", "u0 com.android.browser/", "", 0),
    (34, "am start -a android.intent.action.VIEW -d geo:0,0", "dat=geo:0,0 }", "unable to resolve Intent", 1),
    (
        34,
        "am stop-service -n test.perm/.S",
        "Stopping service: Intent {",
        "Service not stopped: was not running.\n",
        255,
    ),
    (34, "am broadcast -a a.b", "Broadcasting: Intent { act=a.b flg=0x400000 }\nBroadcast completed", "", 0),
    (28, "am instrument -w test.perm/a.Runner", "ComponentInfo{test.perm/a.Runner}", "INSTRUMENTATION_FAILED", 1),
    // Which component answers.
    (34, "pm resolve-activity --brief test.perm", "isDefault=true\ntest.perm/.Main\n", "", 0),
    (34, "pm resolve-activity test.perm", "ActivityInfo:\n  name=test.perm.Main\n  packageName=test.perm\n", "", 0),
    (
        34,
        "pm resolve-activity --brief -a android.intent.action.MAIN -c android.intent.category.HOME",
        "isDefault=true\ncom.google.android.apps.nexuslauncher/.NexusLauncherActivity\n",
        "",
        0,
    ),
    (
        34,
        "pm query-activities --brief -a android.intent.action.MAIN -c android.intent.category.LAUNCHER test.perm",
        "1 activities found:\n  Activity #0:\n    priority=0 ",
        "",
        0,
    ),
    (34, "pm query-services -a a.b", "No services found\n", "", 0),
    // Packages, users, features.
    (34, "pm uninstall --user 0 nope", "Failure [not installed for 0]\n", "", 1),
    (34, "pm uninstall nope", "Failure [DELETE_FAILED_INTERNAL_ERROR]\n", "", 1),
    (34, "pm install-existing test.perm", "Package test.perm installed for user: 0\n", "", 0),
    (34, "pm install-existing nope", "", "Package nope doesn't exist", 1),
    (34, "pm list packages --uid 2000", "package:com.android.shell uid:2000\n", "", 0),
    (23, "pm list users", "UserInfo{0:Owner:13} running\n", "", 0),
    (33, "cmd user list", "UserInfo{0:Owner:c13} running\n", "", 0),
    (34, "pm list features", "feature:android.hardware.camera.any\n", "", 0),
    (34, "pm has-feature android.hardware.camera", "true\n", "", 0),
    (34, "pm has-feature nope", "false\n", "", 1),
    (34, "cmd battery get level", "100\n", "", 0),
    (34, "cmd window size", "Physical size: 1080x2400\n", "", 0),
    (34, "wm user-rotation lock 1", "", "", 0),
    (34, "wm user-rotation", "lock 1\n", "", 0),
    (34, "settings get system user_rotation", "1\n", "", 0),
    (34, "dumpsys activity -p test.perm activities", "ACTIVITY MANAGER ACTIVITIES", "", 0),
    (34, "logcat -L", "", "", 0),
    // Users, and states of packages.
    (23, "pm get-max-users", "Maximum supported users: 1\n", "", 0),
    (23, "pm create-user guest", "", "Error: couldn't create User.\n", 1),
    (34, "pm create-user guest", "", "Cannot add user. Maximum user limit is reached. (code 6)\n", 1),
    (34, "pm remove-user 10", "", "Error: couldn't remove user id 10\n", 1),
    (34, "pm install --user 10 /data/local/tmp/a.apk", "Failure [user 10 doesn't exist]\n", "", 1),
    (34, "pm install-create --multi-package", "Success: created install session [1000001]\n", "", 0),
    (34, "pm install-create", "Success: created install session [1000002]\n", "", 0),
    (34, "pm install-add-session 1000001 1000002", "Success\n", "", 0),
    (34, "pm install-add-session 1000001", "Error: At least two sessions are required.\n", "", 1),
    (34, "pm install-add-session 1000001 7", "", "Caller has no access to session]\n", 1),
    (34, "pm install-commit 1000001", "Failure [INSTALL_", "", 1),
    (34, "pm uninstall --user 10 test.perm", "Failure [user 10 doesn't exist]\n", "", 1),
    (34, "pm suspend test.perm", "Package test.perm new suspended state: true\n", "", 0),
    (34, "dumpsys package test.perm", "hidden=false suspended=true ", "", 0),
    (34, "am start -n test.perm/.Main", "Starting: ", "", 0),
    (34, "dumpsys window", "u0 android/com.android.internal.app.SuspendedAppActivity}", "", 0),
    (34, "pm unsuspend test.perm", "Package test.perm new suspended state: false\n", "", 0),
    (34, "pm suspend android", "Package android new suspended state: false\n", "", 0),
    (34, "pm suspend nope", "Unknown target package: nope\n", "", 1),
    (23, "pm suspend test.perm", "", "Error: unknown command 'suspend'", 1),
    (23, "pm hide test.perm", "", "Neither user 2000 nor current process has android.permission.MANAGE_USERS.\n", 1),
    (34, "pm hide test.perm", "", "Neither user 2000 nor current process has android.permission.MANAGE_USERS.\n", 255),
    (34, "pm disable-user test.perm", "Package test.perm new state: disabled-user\n", "", 0),
    (34, "am start -n test.perm/.Main", "Starting: ", "Error type 3\n", 1),
    (34, "pm enable test.perm", "Package test.perm new state: enabled\n", "", 0),
    // Services: one list, however it is asked for.
    (34, "cmd -l", "Currently running services:\n  accessibility\n", "", 0),
    (34, "dumpsys -l", "\n  role\n", "", 0),
    (34, "service check thermalservice", "Service thermalservice: found\n", "", 0),
    (28, "service check thermalservice", "Service thermalservice: not found\n", "", 0),
    (34, "cmd thermalservice", "", "No shell command implementation.\n", 0),
    (34, "cmd nope", "", "cmd: Can't find service: nope\n", 20),
    (34, "cmd role get-role-holders android.app.role.HOME", "com.google.android.apps.nexuslauncher\n", "", 0),
    (34, "cmd uimode night yes", "Night mode: yes\n", "", 0),
    (34, "cmd uimode night", "Night mode: yes\n", "", 0),
    (34, "dumpsys cpuinfo", "% TOTAL: 0% user + 0% kernel\n", "", 0),
    (34, "dumpsys gfxinfo nope", "No process found for: nope\n", "", 0),
    (34, "dumpsys batterystats -c", "9,0,i,vers,36,34,", "", 0),
    (34, "dumpsys SurfaceFlinger", "GLES: ", "", 0),
    (34, "dumpsys window policy", "    mFocusedWindow=Window{", "", 0),
    (
        34,
        "dumpsys activity intents",
        "ACTIVITY MANAGER PENDING INTENTS (dumpsys activity intents)\n  (nothing)\n",
        "",
        0,
    ),
    (
        34,
        "am startservice -n test.perm/.S",
        "Starting service: Intent {",
        "Error: Not found; no service started.\n",
        255,
    ),
    (34, "am get-config", "config: en-rUS-ldltr-sw", "", 0),
    (34, "am send-trim-memory nope COMPLETE", "", "Unknown process: nope\n", 255),
];

#[tokio::test]
async fn each_release_answers_in_its_own_way() {
    for api in [23, 28, 33, 34] {
        let (machine, _) = machine(api);
        install(&machine).await;
        run(&machine, "am start -n test.perm/.Main").await;
        for (_, command, out, err, status) in ASKED.iter().filter(|(level, ..)| *level == api) {
            let said = run(&machine, command).await;
            let fits = |told: &str, wanted: &str| told.contains(wanted) && told.is_empty() == wanted.is_empty();
            let right = fits(&said.out, out) && fits(&said.err, err) && said.status == *status;
            assert!(right, "{api} {command}: {:?} {:?} {}", said.out, said.err, said.status);
        }
    }
}

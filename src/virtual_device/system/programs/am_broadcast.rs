//! `am broadcast`.

use super::am;
use super::am_intent;
use super::reply::Reply;
use crate::virtual_device::system::System;

/// Broadcasts that only the system sends (AOSP `core/res/AndroidManifest.xml`, `protected-broadcast`): those that scripts
/// try to send.
const PROTECTED: &[&str] = &[
    "android.intent.action.ACTION_POWER_CONNECTED",
    "android.intent.action.ACTION_POWER_DISCONNECTED",
    "android.intent.action.ACTION_SHUTDOWN",
    "android.intent.action.AIRPLANE_MODE",
    "android.intent.action.BATTERY_CHANGED",
    "android.intent.action.BATTERY_LOW",
    "android.intent.action.BATTERY_OKAY",
    "android.intent.action.BOOT_COMPLETED",
    "android.intent.action.CONFIGURATION_CHANGED",
    "android.intent.action.DATE_CHANGED",
    "android.intent.action.DEVICE_STORAGE_LOW",
    "android.intent.action.DEVICE_STORAGE_OK",
    "android.intent.action.HEADSET_PLUG",
    "android.intent.action.LOCALE_CHANGED",
    "android.intent.action.LOCKED_BOOT_COMPLETED",
    "android.intent.action.MEDIA_EJECT",
    "android.intent.action.MEDIA_MOUNTED",
    "android.intent.action.MEDIA_UNMOUNTED",
    "android.intent.action.MY_PACKAGE_REPLACED",
    "android.intent.action.PACKAGE_ADDED",
    "android.intent.action.PACKAGE_CHANGED",
    "android.intent.action.PACKAGE_DATA_CLEARED",
    "android.intent.action.PACKAGE_REMOVED",
    "android.intent.action.PACKAGE_REPLACED",
    "android.intent.action.PACKAGE_RESTARTED",
    "android.intent.action.REBOOT",
    "android.intent.action.SCREEN_OFF",
    "android.intent.action.SCREEN_ON",
    "android.intent.action.TIMEZONE_CHANGED",
    "android.intent.action.TIME_SET",
    "android.intent.action.TIME_TICK",
    "android.intent.action.USER_PRESENT",
    "android.intent.action.USER_UNLOCKED",
    "android.net.conn.CONNECTIVITY_CHANGE",
    "android.net.wifi.STATE_CHANGE",
    "android.net.wifi.WIFI_STATE_CHANGED",
];

/// `am broadcast [OPTIONS] INTENT`, asked by a user id.
pub fn run(system: &mut System, args: &[&str], uid: u32) -> Reply {
    let api = system.profile().api;
    let mut asked = match am_intent::read(args) {
        Ok(asked) => asked,
        Err(text) => return am::bad_arguments(api, "broadcast", &text),
    };
    if api >= 26 {
        // FLAG_RECEIVER_FROM_SHELL.
        asked.intent.flags |= 0x0040_0000;
    }
    let told = format!("Broadcasting: Intent {{ {} }}\n", asked.intent.written());
    if let Some(action) = &asked.intent.action {
        if uid != 0 && api >= 24 && PROTECTED.contains(&action.as_str()) {
            return Reply { out: told, ..refused(api, action, uid) };
        }
        let text = |name: &str| asked.texts.get(name).cloned();
        system.broadcast_to_input_method(action, asked.intent.package.as_deref(), text);
    }
    Reply::out(told + "Broadcast completed: result=0\n")
}

/// What a shell is told that sends what only the system may (AOSP `ActivityManagerService.broadcastIntentLocked`); until
/// API 23 it may. MODEL: the sender's process.
fn refused(api: u32, action: &str, uid: u32) -> Reply {
    let why = format!(
        "java.lang.SecurityException: Permission Denial: not allowed to send broadcast {action} from pid=4242, uid={uid}\n"
    );
    match api {
        ..=25 => Reply::err(why + "\tat android.os.Parcel.readException(Parcel.java)\n", 1),
        _ => {
            let doing = if api >= 29 { " 'broadcast'" } else { "" };
            let at = "\tat com.android.server.am.ActivityManagerService.broadcastIntentLocked(ActivityManagerService.java)\n";
            Reply::err(format!("\nException occurred while executing{doing}:\n{why}{at}"), 255)
        }
    }
}

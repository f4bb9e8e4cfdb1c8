//! `appops` and `cmd appops`.

use super::reply::{Cost, Reply, answer};
use super::stamp;
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{Mode, System};

/// `appops`, also called as `cmd appops`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let Some((command, rest)) = args.split_first() else {
        return Reply::err("usage: appops [subcommand] [options]\n", 1);
    };
    let words = super::pm::plain(rest);
    match *command {
        "get" => get(system, &words),
        "set" => set(system, &words, rest.contains(&"--uid")),
        "reset" => {
            system.reset_ops(words.first().copied());
            Reply::out("Reset all modes to default\n")
        }
        "query-op" => query(system, &words),
        "write-settings" | "read-settings" => Reply::default(),
        other => Reply::err(format!("Unknown command: {other}\n"), 255),
    }
}

/// `READ_CONTACTS: allow; time=+1m18s233ms ago`, or `No operations.` (both captured on API 23).
fn get(system: &System, words: &[&str]) -> Reply {
    let Some(package) = words.first() else { return Reply::err("Error: Package not specified.\n", 255) };
    if !system.packages().contains_key(*package) {
        return Reply::err(
            format!("Error: No UID for {package} in user 0\n"),
            if system.profile().api <= 25 { 0 } else { 255 },
        );
    }
    let wanted = match words.get(1).map(|op| known(op)) {
        Some(Err(reply)) => return reply,
        Some(Ok(op)) => Some(op),
        None => None,
    };
    let now = system.wall();
    let mut out = String::new();
    for (op, record) in system.ops().of(package).filter(|(op, _)| wanted.as_ref().is_none_or(|w| w == op)) {
        let mode = record.mode.unwrap_or(Mode::Allow);
        let last = record.last(false);
        let reject = record.last(true);
        if record.mode.is_none() && last.is_none() && reject.is_none() {
            continue;
        }
        let mut line = format!("{op}: {}", mode.name());
        line.extend(last.map(|t| format!("; time={} ago", stamp::span(now - t.at))));
        line.extend(reject.map(|t| format!("; rejectTime={} ago", stamp::span(now - t.at))));
        let running = last.filter(|t| t.lasts > 0 && t.at + t.lasts > now);
        match (running, last) {
            (Some(_), _) => line += " (running)",
            (None, Some(t)) if t.lasts > 0 => line += &format!("; duration={}", stamp::span(t.lasts)),
            _ => {}
        }
        out += &(line + "\n");
    }
    if out.is_empty() {
        out = match &wanted {
            Some(_) if system.profile().api >= 26 => "No operations.\nDefault mode: allow\n".into(),
            _ => "No operations.\n".into(),
        };
    }
    Reply::out(out)
}

/// An operation by its name, its public name (`android:camera`) or its number, as `AppOpsService.strOpToOp` takes them.
/// MODEL: a maker's own (`MIUIOP(10008)`, captured) are taken as they are; what no release knows is refused.
fn known(word: &str) -> Result<String, Reply> {
    let name = word.trim_start_matches("android:").to_uppercase();
    let numbered = word.parse::<usize>().ok().and_then(|at| OPS.get(at));
    let own = name.strip_prefix("MIUIOP(").is_some_and(|rest| rest.ends_with(')'));
    match numbered {
        Some(op) => Ok((*op).to_owned()),
        // Captured under both names.
        None if name == "TURN_ON_SCREEN" => Ok(name),
        None if own || OPS.contains(&name.as_str()) => Ok(name),
        None => Err(Reply::err(format!("Error: Unknown operation string: {word}\n"), 255)),
    }
}

fn set(system: &mut System, words: &[&str], _uid: bool) -> Reply {
    let [package, op, mode, ..] = words else { return Reply::err("Error: Mode not specified.\n", 255) };
    let Some(mode) = Mode::named(mode) else { return Reply::err(format!("Error: Mode {mode} is not valid\n"), 255) };
    if !system.packages().contains_key(*package) {
        return Reply::err(format!("Error: No UID for {package} in user 0\n"), 255);
    }
    let op = match known(op) {
        Ok(op) => op,
        Err(reply) => return reply,
    };
    system.set_op_mode(package, &op, Some(mode).filter(|m| *m != Mode::Default));
    Reply::default()
}

fn query(system: &System, words: &[&str]) -> Reply {
    let [op, mode @ ..] = words else { return Reply::err("Error: Operation not specified.\n", 255) };
    let op = match known(op) {
        Ok(op) => op,
        Err(reply) => return reply,
    };
    let mode = mode.first().and_then(|m| Mode::named(m)).unwrap_or(Mode::Allow);
    let names = system.packages().keys().filter(|p| system.ops().mode(p, &op) == Some(mode));
    Reply::out(names.map(|n| format!("{n}\n")).collect::<String>())
}

/// Names of AOSP's `AppOpsManager.sOpNames` in the order of their numbers, up to Android 14. MODEL: from memory; every release
/// is taken to know them all.
const OPS: [&str; 137] = [
    "COARSE_LOCATION",
    "FINE_LOCATION",
    "GPS",
    "VIBRATE",
    "READ_CONTACTS",
    "WRITE_CONTACTS",
    "READ_CALL_LOG",
    "WRITE_CALL_LOG",
    "READ_CALENDAR",
    "WRITE_CALENDAR",
    "WIFI_SCAN",
    "POST_NOTIFICATION",
    "NEIGHBORING_CELLS",
    "CALL_PHONE",
    "READ_SMS",
    "WRITE_SMS",
    "RECEIVE_SMS",
    "RECEIVE_EMERGECY_SMS",
    "RECEIVE_MMS",
    "RECEIVE_WAP_PUSH",
    "SEND_SMS",
    "READ_ICC_SMS",
    "WRITE_ICC_SMS",
    "WRITE_SETTINGS",
    "SYSTEM_ALERT_WINDOW",
    "ACCESS_NOTIFICATIONS",
    "CAMERA",
    "RECORD_AUDIO",
    "PLAY_AUDIO",
    "READ_CLIPBOARD",
    "WRITE_CLIPBOARD",
    "TAKE_MEDIA_BUTTONS",
    "TAKE_AUDIO_FOCUS",
    "AUDIO_MASTER_VOLUME",
    "AUDIO_VOICE_VOLUME",
    "AUDIO_RING_VOLUME",
    "AUDIO_MEDIA_VOLUME",
    "AUDIO_ALARM_VOLUME",
    "AUDIO_NOTIFICATION_VOLUME",
    "AUDIO_BLUETOOTH_VOLUME",
    "WAKE_LOCK",
    "MONITOR_LOCATION",
    "MONITOR_HIGH_POWER_LOCATION",
    "GET_USAGE_STATS",
    "MUTE_MICROPHONE",
    "TOAST_WINDOW",
    "PROJECT_MEDIA",
    "ACTIVATE_VPN",
    "WRITE_WALLPAPER",
    "ASSIST_STRUCTURE",
    "ASSIST_SCREENSHOT",
    "READ_PHONE_STATE",
    "ADD_VOICEMAIL",
    "USE_SIP",
    "PROCESS_OUTGOING_CALLS",
    "USE_FINGERPRINT",
    "BODY_SENSORS",
    "READ_CELL_BROADCASTS",
    "MOCK_LOCATION",
    "READ_EXTERNAL_STORAGE",
    "WRITE_EXTERNAL_STORAGE",
    "TURN_SCREEN_ON",
    "GET_ACCOUNTS",
    "RUN_IN_BACKGROUND",
    "AUDIO_ACCESSIBILITY_VOLUME",
    "READ_PHONE_NUMBERS",
    "REQUEST_INSTALL_PACKAGES",
    "PICTURE_IN_PICTURE",
    "INSTANT_APP_START_FOREGROUND",
    "ANSWER_PHONE_CALLS",
    "RUN_ANY_IN_BACKGROUND",
    "CHANGE_WIFI_STATE",
    "REQUEST_DELETE_PACKAGES",
    "BIND_ACCESSIBILITY_SERVICE",
    "ACCEPT_HANDOVER",
    "MANAGE_IPSEC_TUNNELS",
    "START_FOREGROUND",
    "BLUETOOTH_SCAN",
    "USE_BIOMETRIC",
    "ACTIVITY_RECOGNITION",
    "SMS_FINANCIAL_TRANSACTIONS",
    "READ_MEDIA_AUDIO",
    "WRITE_MEDIA_AUDIO",
    "READ_MEDIA_VIDEO",
    "WRITE_MEDIA_VIDEO",
    "READ_MEDIA_IMAGES",
    "WRITE_MEDIA_IMAGES",
    "LEGACY_STORAGE",
    "ACCESS_ACCESSIBILITY",
    "READ_DEVICE_IDENTIFIERS",
    "ACCESS_MEDIA_LOCATION",
    "QUERY_ALL_PACKAGES",
    "MANAGE_EXTERNAL_STORAGE",
    "INTERACT_ACROSS_PROFILES",
    "ACTIVATE_PLATFORM_VPN",
    "LOADER_USAGE_STATS",
    "deprecated",
    "AUTO_REVOKE_PERMISSIONS_IF_UNUSED",
    "AUTO_REVOKE_MANAGED_BY_INSTALLER",
    "NO_ISOLATED_STORAGE",
    "PHONE_CALL_MICROPHONE",
    "PHONE_CALL_CAMERA",
    "RECORD_AUDIO_HOTWORD",
    "MANAGE_ONGOING_CALLS",
    "MANAGE_CREDENTIALS",
    "USE_ICC_AUTH_WITH_DEVICE_IDENTIFIER",
    "RECORD_AUDIO_OUTPUT",
    "SCHEDULE_EXACT_ALARM",
    "FINE_LOCATION_SOURCE",
    "COARSE_LOCATION_SOURCE",
    "MANAGE_MEDIA",
    "BLUETOOTH_CONNECT",
    "UWB_RANGING",
    "ACTIVITY_RECOGNITION_SOURCE",
    "BLUETOOTH_ADVERTISE",
    "RECORD_INCOMING_PHONE_AUDIO",
    "NEARBY_WIFI_DEVICES",
    "ESTABLISH_VPN_SERVICE",
    "ESTABLISH_VPN_MANAGER",
    "ACCESS_RESTRICTED_SETTINGS",
    "RECEIVE_SOUNDTRIGGER_AUDIO",
    "RECEIVE_EXPLICIT_USER_INTERACTION_AUDIO",
    "RUN_USER_INITIATED_JOBS",
    "READ_MEDIA_VISUAL_USER_SELECTED",
    "SYSTEM_EXEMPT_FROM_SUSPENSION",
    "SYSTEM_EXEMPT_FROM_DISMISSIBLE_NOTIFICATIONS",
    "READ_WRITE_HEALTH_DATA",
    "FOREGROUND_SERVICE_SPECIAL_USE",
    "SYSTEM_EXEMPT_FROM_POWER_RESTRICTIONS",
    "SYSTEM_EXEMPT_FROM_HIBERNATION",
    "SYSTEM_EXEMPT_FROM_ACTIVITY_BG_START_RESTRICTION",
    "CAPTURE_CONSENTLESS_BUGREPORT_ON_USERDEBUG_BUILD",
    "BODY_SENSORS_WRIST_TEMPERATURE",
    "USE_FULL_SCREEN_INTENT",
    "CAMERA_SANDBOXED",
    "RECORD_AUDIO_SANDBOXED",
    "RECEIVE_SANDBOX_TRIGGER_AUDIO",
];

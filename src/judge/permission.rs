//! Which permissions are dangerous, the group each belongs to, and the operations that show their use.
//!
//! Source: Android's developer documentation (`Manifest.permission`, protection level "dangerous";
//! `Manifest.permission_group`) and `AppOpsManager`'s operation names.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Permissions with protection level "dangerous" by group. Background location is a group of its own here, because it
/// is asked for apart from the rest.
const GROUPS: &[(&str, &[&str])] = &[
    ("CALENDAR", &["READ_CALENDAR", "WRITE_CALENDAR"]),
    ("CAMERA", &["CAMERA"]),
    ("CONTACTS", &["READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS"]),
    ("LOCATION", &["ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION"]),
    (BACKGROUND_LOCATION, &["ACCESS_BACKGROUND_LOCATION"]),
    ("MICROPHONE", &["RECORD_AUDIO"]),
    (
        "PHONE",
        &[
            "READ_PHONE_STATE",
            "READ_PHONE_NUMBERS",
            "CALL_PHONE",
            "ANSWER_PHONE_CALLS",
            "ADD_VOICEMAIL",
            "USE_SIP",
            "ACCEPT_HANDOVER",
        ],
    ),
    ("CALL_LOG", &["READ_CALL_LOG", "WRITE_CALL_LOG", "PROCESS_OUTGOING_CALLS"]),
    ("SENSORS", &["BODY_SENSORS", "BODY_SENSORS_BACKGROUND"]),
    ("SMS", &["SEND_SMS", "RECEIVE_SMS", "READ_SMS", "RECEIVE_WAP_PUSH", "RECEIVE_MMS", "READ_CELL_BROADCASTS"]),
    ("STORAGE", &["READ_EXTERNAL_STORAGE", "WRITE_EXTERNAL_STORAGE", "ACCESS_MEDIA_LOCATION"]),
    ("READ_MEDIA_VISUAL", &["READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO", "READ_MEDIA_VISUAL_USER_SELECTED"]),
    ("READ_MEDIA_AURAL", &["READ_MEDIA_AUDIO"]),
    ("ACTIVITY_RECOGNITION", &["ACTIVITY_RECOGNITION"]),
    (
        "NEARBY_DEVICES",
        &["BLUETOOTH_SCAN", "BLUETOOTH_CONNECT", "BLUETOOTH_ADVERTISE", "NEARBY_WIFI_DEVICES", "UWB_RANGING"],
    ),
    (NOTIFICATIONS, &["POST_NOTIFICATIONS"]),
];

/// Operations that read personal data, by the group of the permission that guards them; the clipboard has none.
const OPERATIONS: &[(&str, &[&str])] = &[
    ("CALENDAR", &["READ_CALENDAR", "WRITE_CALENDAR"]),
    ("CAMERA", &["CAMERA", "PHONE_CALL_CAMERA"]),
    ("CONTACTS", &["READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS"]),
    (
        "LOCATION",
        &[
            "FINE_LOCATION",
            "COARSE_LOCATION",
            "GPS",
            "MONITOR_LOCATION",
            "MONITOR_HIGH_POWER_LOCATION",
            "NEIGHBORING_CELLS",
            "WIFI_SCAN",
        ],
    ),
    ("MICROPHONE", &["RECORD_AUDIO", "RECORD_AUDIO_HOTWORD", "PHONE_CALL_MICROPHONE"]),
    ("PHONE", &["READ_PHONE_STATE", "READ_PHONE_NUMBERS", DEVICE_IDENTIFIERS]),
    ("CALL_LOG", &["READ_CALL_LOG", "WRITE_CALL_LOG"]),
    ("SENSORS", &["BODY_SENSORS"]),
    ("SMS", &["READ_SMS", "RECEIVE_SMS", "READ_CELL_BROADCASTS"]),
    ("STORAGE", &["READ_EXTERNAL_STORAGE", "ACCESS_MEDIA_LOCATION"]),
    ("READ_MEDIA_VISUAL", &["READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO"]),
    ("READ_MEDIA_AURAL", &["READ_MEDIA_AUDIO"]),
    ("ACTIVITY_RECOGNITION", &["ACTIVITY_RECOGNITION"]),
    (CLIPBOARD, &["READ_CLIPBOARD"]),
];

/// Group of the location in the background.
pub(super) const BACKGROUND_LOCATION: &str = "BACKGROUND_LOCATION";
/// Group of notifications: a runtime permission that opens no personal information.
pub(super) const NOTIFICATIONS: &str = "NOTIFICATIONS";
/// What the clipboard's operation is filed under.
pub(super) const CLIPBOARD: &str = "CLIPBOARD";
/// Operation of reading identifiers of the device that can't be changed.
pub(super) const DEVICE_IDENTIFIERS: &str = "READ_DEVICE_IDENTIFIERS";

/// Group of a dangerous permission (full name); `None` for every other one.
pub(super) fn group(permission: &str) -> Option<&'static str> {
    static BY_NAME: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| by_member(GROUPS));
    BY_NAME.get(permission.strip_prefix("android.permission.")?).copied()
}

/// A group as a dialog's data names it, without the platform's prefix.
pub(super) fn group_named(name: &str) -> &str {
    match name.strip_prefix("android.permission-group.").unwrap_or(name) {
        "ACCESS_BACKGROUND_LOCATION" | "LOCATION_BACKGROUND" => BACKGROUND_LOCATION,
        "POST_NOTIFICATIONS" | "NOTIFICATION" => NOTIFICATIONS,
        short => short,
    }
}

/// What an operation reads, as the group that guards it; `None` when it reads no personal data.
pub(super) fn read_by(op: &str) -> Option<&'static str> {
    static BY_NAME: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| by_member(OPERATIONS));
    let short = op.strip_prefix("android:").unwrap_or(op);
    match short.bytes().any(|b| b.is_ascii_lowercase()) {
        true => BY_NAME.get(short.to_ascii_uppercase().as_str()),
        false => BY_NAME.get(short),
    }
    .copied()
}

/// The group of each member of these.
fn by_member(groups: &[(&'static str, &[&'static str])]) -> HashMap<&'static str, &'static str> {
    let members = groups.iter().flat_map(|(group, members)| members.iter().map(|member| (*member, *group)));
    members.collect()
}

/// Whether a permission of this group, in use, would be seen among the operations.
pub(super) fn is_watched(group: &str) -> bool {
    OPERATIONS.iter().any(|(known, _)| *known == group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Lexicon, Names};

    #[test]
    fn a_permission_has_its_platform_group() {
        assert_eq!(group("android.permission.READ_CONTACTS"), Some("CONTACTS"));
        assert_eq!(group("android.permission.ACCESS_BACKGROUND_LOCATION"), Some(BACKGROUND_LOCATION));
        assert_eq!(group("android.permission.INTERNET"), None);
        assert_eq!(group("com.example.CAMERA"), None);
    }

    #[test]
    fn dialogs_and_operations_speak_of_the_same_groups() {
        assert_eq!(group_named("android.permission-group.CAMERA"), "CAMERA");
        assert_eq!(read_by("android:fine_location"), Some("LOCATION"));
        assert_eq!(read_by("VIBRATE"), None);
        let lexicon = Lexicon::builtin();
        let known = |group: &str| GROUPS.iter().chain(OPERATIONS).any(|(known, _)| *known == group);
        for names in [Names::Spoken, Names::Declared, Names::Purpose] {
            assert!(lexicon.names(names).all(known), "{names:?}");
        }
        assert!(OPERATIONS.iter().all(|(group, _)| lexicon.names(Names::Declared).any(|known| known == *group)));
        for (group, _) in OPERATIONS.iter().filter(|(group, _)| *group != CLIPBOARD) {
            assert!(GROUPS.iter().any(|(known, _)| known == group), "{group}");
        }
    }
}

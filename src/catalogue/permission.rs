//! Which permissions are dangerous, and the group each belongs to.
//!
//! Source: Android's developer documentation (`Manifest.permission`, protection level "dangerous";
//! `Manifest.permission_group`), API 23 to 36. The list of installed apps has a permission on phones of Chinese makers only
//! (T/TAF 108-2022); its group is ours.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Group of the location in the background.
pub const BACKGROUND_LOCATION: &str = "BACKGROUND_LOCATION";
/// Group of notifications: a runtime permission that opens no personal information.
pub const NOTIFICATIONS: &str = "NOTIFICATIONS";
/// Permission to read which apps are installed, on phones of Chinese makers.
pub const GET_INSTALLED_APPS: &str = "com.android.permission.GET_INSTALLED_APPS";

const PLATFORM: &str = "android.permission.";

/// Dangerous permissions by group; a name without a dot is one of the platform's. Background location is a group of its own
/// here, because it is asked for apart from the rest.
pub const PERMISSION_GROUPS: &[(&str, &[&str])] = &[
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
    ("INSTALLED_APPS", &[GET_INSTALLED_APPS]),
];

/// Group of a dangerous permission (full name); `None` for every other one.
pub fn permission_group(permission: &str) -> Option<&'static str> {
    static BY_NAME: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let members = PERMISSION_GROUPS.iter().flat_map(|(group, names)| names.iter().map(|name| (full(name), *group)));
        members.collect()
    });
    BY_NAME.get(permission).copied()
}

/// The permissions of a group, by full name.
pub fn permissions_of_group(group: &str) -> impl Iterator<Item = String> + use<> {
    let names = PERMISSION_GROUPS.iter().find(|(name, _)| *name == group).map_or(&[][..], |(_, names)| names);
    names.iter().map(|name| full(name))
}

fn full(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("{PLATFORM}{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_has_its_platform_group() {
        assert_eq!(permission_group("android.permission.READ_CONTACTS"), Some("CONTACTS"));
        assert_eq!(permission_group("android.permission.ACCESS_BACKGROUND_LOCATION"), Some(BACKGROUND_LOCATION));
        assert_eq!(permission_group(GET_INSTALLED_APPS), Some("INSTALLED_APPS"));
        for other in
            ["android.permission.INTERNET", "com.example.CAMERA", "CAMERA", "android.permission.GET_INSTALLED_APPS"]
        {
            assert_eq!(permission_group(other), None, "{other}");
        }
        assert!(permissions_of_group("CAMERA").eq(["android.permission.CAMERA"]));
        assert_eq!(permissions_of_group("NONE").count(), 0);
    }
}

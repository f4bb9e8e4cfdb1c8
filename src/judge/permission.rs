//! The operations that show the use of a permission, by the permission's group.
//!
//! Source: Android's developer documentation (`AppOpsManager`'s operation names).

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) use crate::catalogue::permission::{
    BACKGROUND_LOCATION, GET_INSTALLED_APPS, NOTIFICATIONS, permission_group as group,
};

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

/// What the clipboard's operation is filed under.
pub(super) const CLIPBOARD: &str = "CLIPBOARD";
/// Operation of reading identifiers of the device that can't be changed.
pub(super) const DEVICE_IDENTIFIERS: &str = "READ_DEVICE_IDENTIFIERS";

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
    use crate::catalogue::permission::PERMISSION_GROUPS;
    use crate::ui::{Lexicon, Names};

    #[test]
    fn dialogs_and_operations_speak_of_the_same_groups() {
        assert_eq!(group_named("android.permission-group.CAMERA"), "CAMERA");
        assert_eq!(read_by("android:fine_location"), Some("LOCATION"));
        assert_eq!(read_by("VIBRATE"), None);
        let lexicon = Lexicon::builtin();
        let known = |group: &str| PERMISSION_GROUPS.iter().chain(OPERATIONS).any(|(known, _)| *known == group);
        for names in [Names::Spoken, Names::Declared, Names::Purpose] {
            assert!(lexicon.names(names).all(known), "{names:?}");
        }
        assert!(OPERATIONS.iter().all(|(group, _)| lexicon.names(Names::Declared).any(|known| known == *group)));
        for (group, _) in OPERATIONS.iter().filter(|(group, _)| *group != CLIPBOARD) {
            assert!(PERMISSION_GROUPS.iter().any(|(known, _)| known == group), "{group}");
        }
    }
}

//! Which permissions are dangerous, the group each belongs to, and the operations that show their use.
//!
//! Source: Android's developer documentation (`Manifest.permission`, protection level "dangerous";
//! `Manifest.permission_group`) and `AppOpsManager`'s operation names.

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
    let short = permission.strip_prefix("android.permission.")?;
    GROUPS.iter().find(|(_, members)| members.contains(&short)).map(|(group, _)| *group)
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
    let short = op.strip_prefix("android:").unwrap_or(op);
    OPERATIONS
        .iter()
        .find(|(_, ops)| ops.iter().any(|known| known.eq_ignore_ascii_case(short)))
        .map(|(group, _)| *group)
}

/// Words by which apps speak of what a group opens: Chinese (both scripts), English.
const SPOKEN: &[(&str, &[&str])] = &[
    ("LOCATION", &["位置", "定位", "location", "position"]),
    ("CAMERA", &["相机", "相機", "摄像头", "攝影機", "camera"]),
    ("MICROPHONE", &["麦克风", "麥克風", "录音", "錄音", "microphone"]),
    ("CONTACTS", &["通讯录", "通訊錄", "联系人", "聯絡人", "contacts", "address book"]),
    ("CALENDAR", &["日历", "日曆", "日程", "calendar"]),
    ("CALL_LOG", &["通话记录", "通話記錄", "call log"]),
    ("SMS", &["短信", "簡訊", "text messages", "sms"]),
    ("PHONE", &["电话权限", "電話權限", "电话状态", "设备信息", "phone permission", "phone state"]),
    ("SENSORS", &["身体传感器", "body sensors"]),
    ("ACTIVITY_RECOGNITION", &["健身运动", "步数", "physical activity", "steps"]),
    ("NEARBY_DEVICES", &["附近的设备", "附近设备", "蓝牙", "nearby devices", "bluetooth"]),
    ("STORAGE", &["存储", "儲存", "storage", "files"]),
    ("READ_MEDIA_VISUAL", &["相册", "相簿", "照片", "photos"]),
    (NOTIFICATIONS, &["通知", "notifications"]),
];

/// Groups that words of an app speak of.
pub(super) fn spoken_of(words: &str) -> Vec<&'static str> {
    let words = words.to_lowercase();
    let named = SPOKEN.iter().filter(|(_, terms)| terms.iter().any(|term| words.contains(term)));
    named.map(|(group, _)| *group).collect()
}

/// Words by which policies declare what is collected, wider than those of windows: a policy that speaks of "device
/// information" declares identifiers. Chinese (both scripts), English.
const DECLARED: &[(&str, &[&str])] = &[
    (
        "LOCATION",
        &[
            "位置",
            "定位",
            "GPS",
            "经纬度",
            "經緯度",
            "行踪",
            "行蹤",
            "WLAN",
            "WiFi",
            "Wi-Fi",
            "location",
            "position",
            "whereabouts",
        ],
    ),
    (
        "CAMERA",
        &["相机", "相機", "摄像", "攝像", "攝影", "拍摄", "拍照", "扫码", "camera", "take pictures", "take photos"],
    ),
    ("MICROPHONE", &["麦克风", "麥克風", "录音", "錄音", "语音", "語音", "microphone", "audio", "voice"]),
    ("CONTACTS", &["通讯录", "通訊錄", "联系人", "聯絡人", "contacts", "address book"]),
    ("CALENDAR", &["日历", "日曆", "日程", "calendar"]),
    ("CALL_LOG", &["通话记录", "通話記錄", "通话状态", "call log", "call history"]),
    ("SMS", &["短信", "簡訊", "text message", "sms"]),
    (
        "PHONE",
        &[
            "设备信息",
            "設備資訊",
            "裝置資訊",
            "设备标识",
            "设备识别",
            "设备型号",
            "设备序列号",
            "IMEI",
            "IMSI",
            "MAC地址",
            "OAID",
            "Android ID",
            "电话状态",
            "手机号",
            "device information",
            "device identifier",
            "device id",
            "identifiers",
            "serial number",
            "phone state",
            "phone number",
        ],
    ),
    ("SENSORS", &["传感器", "感測器", "心率", "sensor", "heart rate"]),
    ("ACTIVITY_RECOGNITION", &["运动", "運動", "步数", "步數", "健身", "physical activity", "steps", "movement"]),
    ("NEARBY_DEVICES", &["附近的设备", "附近设备", "蓝牙", "藍牙", "nearby devices", "bluetooth"]),
    (
        "STORAGE",
        &[
            "存储", "儲存", "相册", "相簿", "照片", "图片", "圖片", "文件", "storage", "photo", "picture", "image",
            "file",
        ],
    ),
    (
        "READ_MEDIA_VISUAL",
        &[
            "相册", "相簿", "照片", "图片", "圖片", "视频", "影片", "存储", "photo", "picture", "image", "video",
            "storage",
        ],
    ),
    ("READ_MEDIA_AURAL", &["音频", "音訊", "音乐", "音樂", "存储", "audio", "music", "storage"]),
    (CLIPBOARD, &["剪贴板", "剪切板", "粘贴板", "剪貼簿", "clipboard", "pasteboard"]),
];

/// Groups that a policy or a list declares.
pub(super) fn declared_in(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let named = DECLARED.iter().filter(|(_, terms)| terms.iter().any(|term| text.contains(&term.to_lowercase())));
    named.map(|(group, _)| *group).collect()
}

/// Whether a permission of this group, in use, would be seen among the operations.
pub(super) fn is_watched(group: &str) -> bool {
    OPERATIONS.iter().any(|(known, _)| *known == group)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(spoken_of("请在设置中允许访问通讯录"), ["CONTACTS"]);
        assert_eq!(spoken_of("Clear Map uses your Location"), ["LOCATION"]);
        assert!(spoken_of("欢迎使用").is_empty());
        assert!(SPOKEN.iter().all(|(group, _)| GROUPS.iter().any(|(known, _)| known == group)));
        assert_eq!(declared_in("我们收集设备信息（IMEI）"), ["PHONE"]);
        assert_eq!(declared_in("Your Location and the clipboard"), ["LOCATION", CLIPBOARD]);
        let declarable = |group: &str| DECLARED.iter().any(|(known, _)| *known == group);
        assert!(OPERATIONS.iter().all(|(group, _)| declarable(group)));
        for (group, _) in OPERATIONS.iter().filter(|(group, _)| *group != CLIPBOARD) {
            assert!(GROUPS.iter().any(|(known, _)| known == group), "{group}");
        }
    }
}

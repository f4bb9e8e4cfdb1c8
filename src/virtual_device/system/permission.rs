//! A package's permissions: granted or not, and the flags the permission controller keeps.

use super::prompt::Group;
use crate::virtual_device::profile::Skin;

/// Flags of a permission; names and order of `PackageManager.permissionFlagToString` in AOSP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u32);

impl Flags {
    /// The person answered.
    pub const USER_SET: Flags = Flags(1);
    /// The person refused for good.
    pub const USER_FIXED: Flags = Flags(1 << 1);
    /// Denied as if granted, for an app made for a level below 23.
    pub const REVOKED_COMPAT: Flags = Flags(1 << 3);
    /// Fixed by the system.
    pub const SYSTEM_FIXED: Flags = Flags(1 << 4);
    /// Granted from the factory.
    pub const GRANTED_BY_DEFAULT: Flags = Flags(1 << 5);
    /// To be looked at before the first start, for an app made for a level below 23.
    pub const REVIEW_REQUIRED: Flags = Flags(1 << 6);
    /// Shown to people when granted (29 and later).
    pub const USER_SENSITIVE_WHEN_GRANTED: Flags = Flags(1 << 8);
    /// Shown to people when refused (29 and later).
    pub const USER_SENSITIVE_WHEN_DENIED: Flags = Flags(1 << 9);
    /// Granted for one use (30 and later).
    pub const ONE_TIME: Flags = Flags(1 << 16);
    /// Taken away for want of use (30 and later).
    pub const AUTO_REVOKED: Flags = Flags(1 << 17);

    /// Whether all of `other` are set.
    pub fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// With `other` set.
    #[must_use]
    pub fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// With `other` cleared.
    #[must_use]
    pub fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }

    /// The names that are set, lowest bit first.
    pub fn names(self) -> Vec<&'static str> {
        NAMES.iter().filter(|(flag, _)| self.has(*flag)).map(|(_, name)| *name).collect()
    }

    /// The flag that `pm set-permission-flags` knows by this name.
    pub fn named(name: &str) -> Option<Flags> {
        Some(match name {
            "user-set" => Flags::USER_SET,
            "user-fixed" => Flags::USER_FIXED,
            "review-required" => Flags::REVIEW_REQUIRED,
            "revoked-compat" => Flags::REVOKED_COMPAT,
            "revoke-when-requested" => Flags(1 << 7),
            _ => return None,
        })
    }
}

const NAMES: [(Flags, &str); 18] = [
    (Flags::USER_SET, "USER_SET"),
    (Flags::USER_FIXED, "USER_FIXED"),
    (Flags(1 << 2), "POLICY_FIXED"),
    (Flags::REVOKED_COMPAT, "REVOKED_COMPAT"),
    (Flags::SYSTEM_FIXED, "SYSTEM_FIXED"),
    (Flags::GRANTED_BY_DEFAULT, "GRANTED_BY_DEFAULT"),
    (Flags::REVIEW_REQUIRED, "REVIEW_REQUIRED"),
    (Flags(1 << 7), "REVOKE_WHEN_REQUESTED"),
    (Flags::USER_SENSITIVE_WHEN_GRANTED, "USER_SENSITIVE_WHEN_GRANTED"),
    (Flags::USER_SENSITIVE_WHEN_DENIED, "USER_SENSITIVE_WHEN_DENIED"),
    (Flags(1 << 11), "RESTRICTION_INSTALLER_EXEMPT"),
    (Flags(1 << 12), "RESTRICTION_SYSTEM_EXEMPT"),
    (Flags(1 << 13), "RESTRICTION_UPGRADE_EXEMPT"),
    (Flags(1 << 14), "APPLY_RESTRICTION"),
    (Flags(1 << 15), "GRANTED_BY_ROLE"),
    (Flags::ONE_TIME, "ONE_TIME"),
    (Flags::AUTO_REVOKED, "AUTO_REVOKED"),
    (Flags(1 << 18), "SELECTED_LOCATION_ACCURACY"),
];

/// The state of one requested permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// Granted at present.
    pub granted: bool,
    /// Asked for at run time (else settled at install).
    pub runtime: bool,
    /// Flags.
    pub flags: Flags,
}

/// The list of installed apps has a permission on phones of Chinese makers (T/TAF 108-2022).
pub const GET_INSTALLED_APPS: &str = "com.android.permission.GET_INSTALLED_APPS";

/// Whether a device knows of a permission that not every maker has. MODEL: from API 30 on, the first release for which makers
/// brought it.
pub fn is_made_here(permission: &str, skin: Skin, api: u32) -> bool {
    let makers = [Skin::Miui, Skin::MiuiPlain, Skin::ColorOs, Skin::OriginOs, Skin::Emui];
    permission != GET_INSTALLED_APPS || (api >= 30 && makers.contains(&skin))
}

/// Whether a permission is dangerous at an API level, and which group it belongs to. The table of AOSP's
/// framework manifest and of `PermissionMapping`.
pub fn group_of(permission: &str, api: u32) -> Option<Group> {
    if permission == GET_INSTALLED_APPS {
        return Some(Group::InstalledApps);
    }
    let name = permission.strip_prefix("android.permission.")?;
    Some(match name {
        "READ_CALENDAR" | "WRITE_CALENDAR" => Group::Calendar,
        "CAMERA" => Group::Camera,
        "READ_CONTACTS" | "WRITE_CONTACTS" | "GET_ACCOUNTS" => Group::Contacts,
        "ACCESS_FINE_LOCATION" | "ACCESS_COARSE_LOCATION" => Group::Location,
        "ACCESS_BACKGROUND_LOCATION" if api >= 29 => Group::Location,
        "ACCESS_MEDIA_LOCATION" if api >= 33 => Group::ReadMediaVisual,
        "ACCESS_MEDIA_LOCATION" if api >= 29 => Group::Storage,
        "RECORD_AUDIO" => Group::Microphone,
        "READ_CALL_LOG" | "WRITE_CALL_LOG" | "PROCESS_OUTGOING_CALLS" if api >= 28 => Group::CallLog,
        "READ_CALL_LOG" | "WRITE_CALL_LOG" | "PROCESS_OUTGOING_CALLS" => Group::Phone,
        "READ_PHONE_STATE" | "CALL_PHONE" | "USE_SIP" => Group::Phone,
        "READ_PHONE_NUMBERS" | "ANSWER_PHONE_CALLS" if api >= 26 => Group::Phone,
        "ACCEPT_HANDOVER" if api >= 28 => Group::Phone,
        "BODY_SENSORS" => Group::Sensors,
        "BODY_SENSORS_BACKGROUND" if api >= 33 => Group::Sensors,
        "ACTIVITY_RECOGNITION" if api >= 29 => Group::ActivityRecognition,
        "READ_SMS" | "SEND_SMS" | "RECEIVE_SMS" | "RECEIVE_MMS" | "RECEIVE_WAP_PUSH" => Group::Sms,
        "READ_CELL_BROADCASTS" => Group::Sms,
        "READ_EXTERNAL_STORAGE" | "WRITE_EXTERNAL_STORAGE" => Group::Storage,
        "BLUETOOTH_SCAN" | "BLUETOOTH_CONNECT" | "BLUETOOTH_ADVERTISE" | "UWB_RANGING" if api >= 31 => {
            Group::NearbyDevices
        }
        "NEARBY_WIFI_DEVICES" if api >= 33 => Group::NearbyDevices,
        "POST_NOTIFICATIONS" if api >= 33 => Group::Notifications,
        "READ_MEDIA_AUDIO" if api >= 33 => Group::ReadMediaAural,
        "READ_MEDIA_IMAGES" | "READ_MEDIA_VIDEO" if api >= 33 => Group::ReadMediaVisual,
        "READ_MEDIA_VISUAL_USER_SELECTED" if api >= 34 => Group::ReadMediaVisual,
        _ => return None,
    })
}

/// All dangerous permissions there are, in the order of their groups.
pub const DANGEROUS: [&str; 41] = [
    "android.permission.ACTIVITY_RECOGNITION",
    "android.permission.READ_CALENDAR",
    "android.permission.WRITE_CALENDAR",
    "android.permission.READ_CALL_LOG",
    "android.permission.WRITE_CALL_LOG",
    "android.permission.PROCESS_OUTGOING_CALLS",
    "android.permission.CAMERA",
    "android.permission.READ_CONTACTS",
    "android.permission.WRITE_CONTACTS",
    "android.permission.GET_ACCOUNTS",
    "android.permission.ACCESS_FINE_LOCATION",
    "android.permission.ACCESS_COARSE_LOCATION",
    "android.permission.ACCESS_BACKGROUND_LOCATION",
    "android.permission.RECORD_AUDIO",
    "android.permission.BLUETOOTH_SCAN",
    "android.permission.BLUETOOTH_CONNECT",
    "android.permission.BLUETOOTH_ADVERTISE",
    "android.permission.UWB_RANGING",
    "android.permission.NEARBY_WIFI_DEVICES",
    "android.permission.POST_NOTIFICATIONS",
    "android.permission.READ_PHONE_STATE",
    "android.permission.READ_PHONE_NUMBERS",
    "android.permission.CALL_PHONE",
    "android.permission.ANSWER_PHONE_CALLS",
    "android.permission.USE_SIP",
    "android.permission.ACCEPT_HANDOVER",
    "android.permission.READ_MEDIA_AUDIO",
    "android.permission.READ_MEDIA_IMAGES",
    "android.permission.READ_MEDIA_VIDEO",
    "android.permission.READ_MEDIA_VISUAL_USER_SELECTED",
    "android.permission.ACCESS_MEDIA_LOCATION",
    "android.permission.BODY_SENSORS",
    "android.permission.BODY_SENSORS_BACKGROUND",
    "android.permission.SEND_SMS",
    "android.permission.RECEIVE_SMS",
    "android.permission.READ_SMS",
    "android.permission.RECEIVE_WAP_PUSH",
    "android.permission.RECEIVE_MMS",
    "android.permission.READ_CELL_BROADCASTS",
    "android.permission.READ_EXTERNAL_STORAGE",
    "android.permission.WRITE_EXTERNAL_STORAGE",
];

/// Permissions granted at install to whoever requests them (AOSP protection level `normal`).
pub fn is_normal(permission: &str) -> bool {
    let Some(name) = permission.strip_prefix("android.permission.") else { return false };
    NORMAL.contains(&name)
}

const NORMAL: [&str; 30] = [
    "ACCESS_LOCATION_EXTRA_COMMANDS",
    "ACCESS_NETWORK_STATE",
    "ACCESS_NOTIFICATION_POLICY",
    "ACCESS_WIFI_STATE",
    "BLUETOOTH",
    "BLUETOOTH_ADMIN",
    "BROADCAST_STICKY",
    "CHANGE_NETWORK_STATE",
    "CHANGE_WIFI_MULTICAST_STATE",
    "CHANGE_WIFI_STATE",
    "DISABLE_KEYGUARD",
    "EXPAND_STATUS_BAR",
    "FOREGROUND_SERVICE",
    "GET_PACKAGE_SIZE",
    "INSTALL_SHORTCUT",
    "INTERNET",
    "KILL_BACKGROUND_PROCESSES",
    "MODIFY_AUDIO_SETTINGS",
    "NFC",
    "QUERY_ALL_PACKAGES",
    "READ_SYNC_SETTINGS",
    "RECEIVE_BOOT_COMPLETED",
    "REORDER_TASKS",
    "REQUEST_INSTALL_PACKAGES",
    "REQUEST_IGNORE_BATTERY_OPTIMIZATIONS",
    "SET_WALLPAPER",
    "USE_BIOMETRIC",
    "USE_FINGERPRINT",
    "VIBRATE",
    "WAKE_LOCK",
];

/// Whether the platform defines a permission at an API level.
pub fn is_known(permission: &str, api: u32) -> bool {
    let signature = || permission.strip_prefix("android.permission.").is_some_and(|name| SIGNATURE.contains(&name));
    group_of(permission, api).is_some() || is_normal(permission) || signature()
}

/// MODEL: permissions that only the system's own apps, the shell or a person on a settings page give; the best known of
/// AOSP's framework manifest, from memory.
const SIGNATURE: [&str; 27] = [
    "BATTERY_STATS",
    "BIND_ACCESSIBILITY_SERVICE",
    "BIND_DEVICE_ADMIN",
    "BIND_INPUT_METHOD",
    "BIND_NOTIFICATION_LISTENER_SERVICE",
    "BIND_VPN_SERVICE",
    "CHANGE_CONFIGURATION",
    "CLEAR_APP_CACHE",
    "DELETE_PACKAGES",
    "DUMP",
    "GET_TASKS",
    "INJECT_EVENTS",
    "INSTALL_PACKAGES",
    "INTERACT_ACROSS_USERS",
    "MANAGE_EXTERNAL_STORAGE",
    "PACKAGE_USAGE_STATS",
    "READ_FRAME_BUFFER",
    "READ_LOGS",
    "READ_PRIVILEGED_PHONE_STATE",
    "REBOOT",
    "SCHEDULE_EXACT_ALARM",
    "SET_ANIMATION_SCALE",
    "SYSTEM_ALERT_WINDOW",
    "WRITE_MEDIA_STORAGE",
    "WRITE_SECURE_SETTINGS",
    "WRITE_SETTINGS",
    "WRITE_SMS",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_follow_the_level() {
        assert_eq!(group_of("android.permission.READ_CALL_LOG", 23), Some(Group::Phone));
        assert_eq!(group_of("android.permission.READ_CALL_LOG", 28), Some(Group::CallLog));
        assert_eq!(group_of("android.permission.POST_NOTIFICATIONS", 32), None);
        assert_eq!(group_of("android.permission.POST_NOTIFICATIONS", 33), Some(Group::Notifications));
        assert_eq!(group_of("android.permission.INTERNET", 33), None);
    }

    #[test]
    fn flags_are_named_lowest_bit_first() {
        let flags = Flags::USER_FIXED.with(Flags::USER_SET).with(Flags::ONE_TIME);
        assert_eq!(flags.names(), ["USER_SET", "USER_FIXED", "ONE_TIME"]);
        assert_eq!(flags.without(Flags::USER_SET).names(), ["USER_FIXED", "ONE_TIME"]);
    }
}

//! Accesses to personal data that a specimen can make, with the names app-ops has for them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An access. The names of app-ops are those of AOSP's `AppOpsManager`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// Approximate position.
    CoarseLocation,
    /// Exact position.
    FineLocation,
    /// Camera.
    Camera,
    /// Microphone.
    RecordAudio,
    /// Address book.
    ReadContacts,
    /// Changes of the address book.
    WriteContacts,
    /// Calendar.
    ReadCalendar,
    /// List of calls.
    ReadCallLog,
    /// Messages.
    ReadSms,
    /// State of the telephone.
    ReadPhoneState,
    /// Serial number, IMEI and the like (app-ops from API 29).
    ReadDeviceIdentifiers,
    /// Clipboard.
    ReadClipboard,
    /// Shared storage.
    ReadExternalStorage,
    /// Pictures (API 33 and later).
    ReadMediaImages,
    /// Body sensors.
    BodySensors,
    /// Steps and movement (API 29 and later).
    ActivityRecognition,
    /// The list of installed apps. App-ops does not show it.
    InstalledApps,
    /// `ANDROID_ID`. App-ops does not show it.
    AndroidId,
    /// The advertising or vendor identifier. App-ops does not show it.
    AdvertisingId,
}

impl Op {
    /// Its name in app-ops; `None` when app-ops does not show it.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Op::CoarseLocation => "COARSE_LOCATION",
            Op::FineLocation => "FINE_LOCATION",
            Op::Camera => "CAMERA",
            Op::RecordAudio => "RECORD_AUDIO",
            Op::ReadContacts => "READ_CONTACTS",
            Op::WriteContacts => "WRITE_CONTACTS",
            Op::ReadCalendar => "READ_CALENDAR",
            Op::ReadCallLog => "READ_CALL_LOG",
            Op::ReadSms => "READ_SMS",
            Op::ReadPhoneState => "READ_PHONE_STATE",
            Op::ReadDeviceIdentifiers => "READ_DEVICE_IDENTIFIERS",
            Op::ReadClipboard => "READ_CLIPBOARD",
            Op::ReadExternalStorage => "READ_EXTERNAL_STORAGE",
            Op::ReadMediaImages => "READ_MEDIA_IMAGES",
            Op::BodySensors => "BODY_SENSORS",
            Op::ActivityRecognition => "ACTIVITY_RECOGNITION",
            Op::InstalledApps | Op::AndroidId | Op::AdvertisingId => return None,
        })
    }

    /// The permission that guards it; `None` when anybody may.
    pub fn permission(self) -> Option<&'static str> {
        Some(match self {
            Op::CoarseLocation => "android.permission.ACCESS_COARSE_LOCATION",
            Op::FineLocation => "android.permission.ACCESS_FINE_LOCATION",
            Op::Camera => "android.permission.CAMERA",
            Op::RecordAudio => "android.permission.RECORD_AUDIO",
            Op::ReadContacts => "android.permission.READ_CONTACTS",
            Op::WriteContacts => "android.permission.WRITE_CONTACTS",
            Op::ReadCalendar => "android.permission.READ_CALENDAR",
            Op::ReadCallLog => "android.permission.READ_CALL_LOG",
            Op::ReadSms => "android.permission.READ_SMS",
            Op::ReadPhoneState | Op::ReadDeviceIdentifiers => "android.permission.READ_PHONE_STATE",
            Op::ReadExternalStorage => "android.permission.READ_EXTERNAL_STORAGE",
            Op::ReadMediaImages => "android.permission.READ_MEDIA_IMAGES",
            Op::BodySensors => "android.permission.BODY_SENSORS",
            Op::ActivityRecognition => "android.permission.ACTIVITY_RECOGNITION",
            Op::ReadClipboard | Op::InstalledApps | Op::AndroidId | Op::AdvertisingId => return None,
        })
    }

    /// The op that a permission guards; the reverse of [`Op::permission`], for permissions with an op of their own.
    pub fn of_permission(permission: &str) -> Option<Op> {
        ALL.iter().copied().find(|op| op.permission() == Some(permission))
    }

    /// The op with that name in app-ops.
    pub fn named(name: &str) -> Option<Op> {
        ALL.iter().copied().find(|op| op.name() == Some(name))
    }
}

/// All ops, in the order of app-ops.
pub const ALL: [Op; 19] = [
    Op::CoarseLocation,
    Op::FineLocation,
    Op::ReadContacts,
    Op::WriteContacts,
    Op::ReadCallLog,
    Op::ReadCalendar,
    Op::ReadSms,
    Op::Camera,
    Op::RecordAudio,
    Op::ReadClipboard,
    Op::ReadPhoneState,
    Op::BodySensors,
    Op::ReadExternalStorage,
    Op::ActivityRecognition,
    Op::ReadDeviceIdentifiers,
    Op::ReadMediaImages,
    Op::InstalledApps,
    Op::AndroidId,
    Op::AdvertisingId,
];

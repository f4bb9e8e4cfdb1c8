//! The permission dialog that is up: its state, as the permission controller knows it. The screen draws it.

/// A permission dialog that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptState {
    /// Package that asked.
    pub package: String,
    /// Its label in the device's locale.
    pub label: String,
    /// What this page is about.
    pub group: Group,
    /// Permissions of the group that were asked for and are not granted.
    pub permissions: Vec<String>,
    /// Number of this page, from 1.
    pub page: u32,
    /// Number of pages.
    pub pages: u32,
    /// The person refused this group before (then releases up to 28 show the box, later ones the button).
    pub second_request: bool,
    /// The box "don't ask again" is ticked (API 23 to 28).
    pub do_not_ask_ticked: bool,
    /// API 31 and later: exact position can be chosen (exact and approximate were asked for together).
    pub precise_offered: bool,
    /// API 31 and later: exact position is chosen at the moment.
    pub precise_chosen: bool,
    /// The app asks to go from approximate to exact position.
    pub precise_upgrade: bool,
    /// The app asks for position all the time (API 29: a button; 30 and later: through the settings).
    pub background: bool,
    /// The app's target level.
    pub target_sdk: u32,
}

/// What a permission page is about; AOSP's permission groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Steps and movement (29 and later).
    ActivityRecognition,
    /// Calendar.
    Calendar,
    /// Call log (28 and later; before it belongs to the telephone).
    CallLog,
    /// Camera.
    Camera,
    /// Address book.
    Contacts,
    /// Which apps are installed (phones of Chinese makers).
    InstalledApps,
    /// Position.
    Location,
    /// Microphone.
    Microphone,
    /// Devices near by (31 and later).
    NearbyDevices,
    /// Notifications (33 and later).
    Notifications,
    /// Telephone.
    Phone,
    /// Music and audio (33 and later).
    ReadMediaAural,
    /// Pictures and videos (33 and later).
    ReadMediaVisual,
    /// Body sensors.
    Sensors,
    /// Messages.
    Sms,
    /// Shared storage.
    Storage,
}

/// What a person can answer to a page. The screen only offers those the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Allow; on pages without finer choices.
    Allow,
    /// Allow all the time (API 29, position).
    AllowAlways,
    /// While the app is in use.
    AllowForeground,
    /// Only this time (30 and later).
    AllowOnce,
    /// Allow all pictures (34 and later).
    AllowAll,
    /// Allow chosen pictures (34 and later).
    AllowSelected,
    /// Refuse. With a ticked box it is for good.
    Deny,
    /// The button "refuse and don't ask again" (29 and later).
    DenyForGood,
    /// Ticks or clears the box "don't ask again".
    ToggleDoNotAsk,
    /// Chooses exact position.
    ChoosePrecise,
    /// Chooses approximate position.
    ChooseApproximate,
    /// *Back* or the like: no answer (releases from 30 on; before, the dialog does not go on *back*).
    Dismiss,
}

impl Group {
    /// Its name, `android.permission-group.…`.
    pub fn name(self) -> &'static str {
        match self {
            Group::ActivityRecognition => "android.permission-group.ACTIVITY_RECOGNITION",
            Group::Calendar => "android.permission-group.CALENDAR",
            Group::CallLog => "android.permission-group.CALL_LOG",
            Group::Camera => "android.permission-group.CAMERA",
            Group::Contacts => "android.permission-group.CONTACTS",
            // MODEL: the makers' own, by whatever name.
            Group::InstalledApps => "com.android.permission-group.INSTALLED_APPS",
            Group::Location => "android.permission-group.LOCATION",
            Group::Microphone => "android.permission-group.MICROPHONE",
            Group::NearbyDevices => "android.permission-group.NEARBY_DEVICES",
            Group::Notifications => "android.permission-group.NOTIFICATIONS",
            Group::Phone => "android.permission-group.PHONE",
            Group::ReadMediaAural => "android.permission-group.READ_MEDIA_AURAL",
            Group::ReadMediaVisual => "android.permission-group.READ_MEDIA_VISUAL",
            Group::Sensors => "android.permission-group.SENSORS",
            Group::Sms => "android.permission-group.SMS",
            Group::Storage => "android.permission-group.STORAGE",
        }
    }
}

/// A dialog of the system about an app: it crashed, or does not answer. The screen draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which.
    pub kind: NoticeKind,
    /// Package it is about.
    pub package: String,
    /// Its label.
    pub label: String,
    /// It crashed again shortly after ("keeps stopping").
    pub repeated: bool,
}

/// Which dialog of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// "… has stopped".
    Crash,
    /// "… isn't responding".
    Anr,
}

/// What a person can answer to a [`Notice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeAnswer {
    /// Close the app, or just the notice of a crash (`aerr_close`, `button1`).
    Close,
    /// Wait (`aerr_wait`, `button2` on API 23).
    Wait,
    /// Open the app's page in the settings (`aerr_app_info`).
    AppInfo,
}

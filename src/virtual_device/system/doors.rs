//! The settings pages of special accesses that anybody can open by an intent, about one app or about all.
//!
//! Source: AOSP `Settings.ACTION_*` and the filters of the Settings app's manifest. A filter without a scheme does not match
//! an intent with data, so some doors lead nowhere when an app is named, and some when none is. MODEL: class names and
//! levels are from memory, and a list shows the apps that request the access, in the order of their packages.

use super::System;
use super::activities::{Intent, Started};
use super::package::Component;
use super::page::PageKind;
use crate::virtual_device::specimen::Special;

/// A way to pages of one access.
struct Door {
    special: Special,
    action: &'static str,
    /// First API level that knows the action, and the first at which it takes an app's name.
    since: (u32, u32),
    /// Class of the page about all apps; empty when there is none.
    list: &'static str,
    /// Class of the page about one app; empty when there is none.
    app: &'static str,
}

const NEVER: u32 = u32::MAX;

const DOORS: [Door; 9] = [
    Door {
        special: Special::Overlay,
        action: "android.settings.action.MANAGE_OVERLAY_PERMISSION",
        since: (23, 23),
        list: ".Settings$OverlaySettingsActivity",
        app: ".Settings$AppDrawOverlaySettingsActivity",
    },
    Door {
        special: Special::Usage,
        action: "android.settings.USAGE_ACCESS_SETTINGS",
        since: (23, 29),
        list: ".Settings$UsageAccessSettingsActivity",
        app: ".Settings$AppUsageAccessSettingsActivity",
    },
    Door {
        special: Special::Accessibility,
        action: "android.settings.ACCESSIBILITY_SETTINGS",
        since: (23, NEVER),
        list: ".Settings$AccessibilitySettingsActivity",
        app: "",
    },
    Door {
        special: Special::UnknownSources,
        action: "android.settings.MANAGE_UNKNOWN_APP_SOURCES",
        since: (26, 26),
        list: ".Settings$ManageExternalSourcesActivity",
        app: ".Settings$ManageAppExternalSourcesActivity",
    },
    Door {
        special: Special::AllFiles,
        action: "android.settings.MANAGE_ALL_FILES_ACCESS_PERMISSION",
        since: (30, NEVER),
        list: ".Settings$ManageExternalStorageActivity",
        app: "",
    },
    Door {
        special: Special::AllFiles,
        action: "android.settings.MANAGE_APP_ALL_FILES_ACCESS_PERMISSION",
        since: (30, 30),
        list: "",
        app: ".Settings$AppManageExternalStorageActivity",
    },
    Door {
        special: Special::ExactAlarms,
        action: "android.settings.REQUEST_SCHEDULE_EXACT_ALARM",
        since: (31, 31),
        list: ".Settings$AlarmsAndRemindersActivity",
        app: ".Settings$AlarmsAndRemindersAppActivity",
    },
    Door {
        special: Special::Battery,
        action: "android.settings.IGNORE_BATTERY_OPTIMIZATION_SETTINGS",
        since: (23, NEVER),
        list: ".Settings$HighPowerApplicationsActivity",
        app: "",
    },
    Door {
        special: Special::Battery,
        action: "android.settings.REQUEST_IGNORE_BATTERY_OPTIMIZATIONS",
        since: (23, 23),
        list: "",
        app: ".fuelgauge.RequestIgnoreBatteryOptimizations",
    },
];

/// From this level on the page of windows above others always shows all apps (Android 11's notes on behaviour).
const OVERLAY_LISTS_SINCE: u32 = 30;

/// Action and class of the page that asks for a special access of one app.
pub(super) fn asking(special: Special) -> (&'static str, &'static str) {
    if special == Special::Administrator {
        return ("android.app.action.ADD_DEVICE_ADMIN", ".DeviceAdminAdd");
    }
    let own = |door: &&Door| door.special == special;
    let found = DOORS.iter().filter(own).find(|door| !door.app.is_empty()).or_else(|| DOORS.iter().find(own));
    found.map_or(("", ""), |door| (door.action, if door.app.is_empty() { door.list } else { door.app }))
}

/// Classes of all these pages.
pub(super) fn classes() -> impl Iterator<Item = String> {
    let named = DOORS.iter().flat_map(|door| [door.list, door.app]).filter(|class| !class.is_empty());
    named.chain(PAGES.map(|(_, class)| class)).map(|class| Component::new(SETTINGS, class).class)
}

/// Pages of the settings that have nothing to do with accesses, by action. MODEL: classes as AOSP's Settings of about
/// Android 11 names them; what they show has no model.
const PAGES: [(&str, &str); 17] = [
    ("android.settings.SETTINGS", ".Settings"),
    ("android.settings.WIFI_SETTINGS", ".Settings$WifiSettingsActivity"),
    ("android.settings.BLUETOOTH_SETTINGS", ".Settings$ConnectedDeviceDashboardActivity"),
    ("android.settings.WIRELESS_SETTINGS", ".Settings$NetworkDashboardActivity"),
    ("android.settings.AIRPLANE_MODE_SETTINGS", ".Settings$NetworkDashboardActivity"),
    ("android.settings.DISPLAY_SETTINGS", ".Settings$DisplaySettingsActivity"),
    ("android.settings.SOUND_SETTINGS", ".Settings$SoundSettingsActivity"),
    ("android.settings.DATE_SETTINGS", ".Settings$DateTimeSettingsActivity"),
    ("android.settings.LOCALE_SETTINGS", ".Settings$LocalePickerActivity"),
    ("android.settings.INPUT_METHOD_SETTINGS", ".Settings$AvailableVirtualKeyboardActivity"),
    ("android.settings.LOCATION_SOURCE_SETTINGS", ".Settings$LocationSettingsActivity"),
    ("android.settings.SECURITY_SETTINGS", ".Settings$SecurityDashboardActivity"),
    ("android.settings.PRIVACY_SETTINGS", ".Settings$PrivacyDashboardActivity"),
    ("android.settings.APPLICATION_SETTINGS", ".Settings$ManageApplicationsActivity"),
    ("android.settings.MANAGE_APPLICATIONS_SETTINGS", ".Settings$ManageApplicationsActivity"),
    ("android.settings.APPLICATION_DEVELOPMENT_SETTINGS", ".Settings$DevelopmentSettingsDashboardActivity"),
    ("android.settings.DEVICE_INFO_SETTINGS", ".Settings$MyDeviceInfoActivity"),
];

const SETTINGS: &str = "com.android.settings";

impl System {
    /// Which of these pages an intent leads to.
    pub(super) fn door(&self, intent: &Intent) -> Option<Component> {
        let door = self.open_door(intent)?;
        let class = if intent.data.is_some() { door.app } else { door.list };
        Some(Component::new(SETTINGS, class))
    }

    /// Which other page of the settings an intent leads to.
    pub(super) fn settings_page(&self, intent: &Intent) -> Option<Component> {
        let page =
            PAGES.iter().find(|(action, _)| Some(*action) == intent.action.as_deref() && intent.data.is_none())?;
        Some(Component::new(SETTINGS, page.1))
    }

    /// A page of the settings takes the place of the one that was open, unless it is that one.
    pub(super) fn leave_settings_page(&mut self, page: &Component) {
        let open = |task: &super::Task| task.records.last().is_some_and(|record| record.component == *page);
        if page.package == SETTINGS && !self.tasks.iter().any(open) {
            self.finish_activities(SETTINGS, "clear-task");
        }
    }

    fn open_door(&self, intent: &Intent) -> Option<&'static Door> {
        let api = self.profile.api;
        let door = DOORS.iter().find(|door| Some(door.action) == intent.action.as_deref())?;
        match intent.data.as_deref() {
            None => (api >= door.since.0 && !door.list.is_empty()).then_some(door),
            Some(data) => (api >= door.since.1 && data.starts_with("package:") && !door.app.is_empty()).then_some(door),
        }
    }

    /// Opens the page an intent leads to; `None` when it leads to none of these. A page about an app that is not there
    /// closes at once.
    pub(super) fn through_door(&mut self, intent: &Intent, component: &Component, caller: u32) -> Option<Started> {
        let special = self.open_door(intent)?.special;
        let about =
            intent.data.as_deref().and_then(|data| data.strip_prefix("package:")).unwrap_or_default().to_owned();
        let listed = about.is_empty() || (special == Special::Overlay && self.profile.api >= OVERLAY_LISTS_SINCE);
        self.finish_activities(SETTINGS, "clear-task");
        if listed {
            self.open_settings_page("", intent, PageKind::List(special), caller);
        } else if self.packages.contains_key(&about) {
            self.open_settings_page(&about, intent, PageKind::Special(special), caller);
        }
        Some(Started::Made { component: component.clone(), cold: false, took: 80 })
    }

    /// The apps that the page about all apps lists: those that request the access or have it. A specimen with a service
    /// for accessibility names `BIND_ACCESSIBILITY_SERVICE` among its permissions.
    pub(super) fn listed(&self, special: Special) -> Vec<String> {
        let wanted = match special {
            Special::Overlay => "SYSTEM_ALERT_WINDOW",
            Special::Usage => "PACKAGE_USAGE_STATS",
            Special::Accessibility => "BIND_ACCESSIBILITY_SERVICE",
            Special::UnknownSources => "REQUEST_INSTALL_PACKAGES",
            Special::AllFiles => "MANAGE_EXTERNAL_STORAGE",
            Special::ExactAlarms => "SCHEDULE_EXACT_ALARM",
            // Every app may be let run without bounds.
            Special::Battery => "",
            Special::Administrator => "BIND_DEVICE_ADMIN",
        };
        let asks = |package: &super::Package| {
            let requests = |(name, _): &(String, _)| name.strip_prefix("android.permission.") == Some(wanted);
            wanted.is_empty()
                || package.facts.permissions.iter().any(requests)
                || self.has_special(package.name(), special)
        };
        self.packages.values().filter(|p| !p.system && asks(p)).map(|p| p.name().to_owned()).collect()
    }
}

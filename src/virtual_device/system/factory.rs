//! What is on a device from the factory: system packages and the home screen.

use std::collections::BTreeMap;

use super::System;
use super::neighbour::{BROWSER, INSTALLER};
use super::package::{Component, Facts, Package};
use super::permission::{Flags, Permission};
use super::task::Holds;
use crate::virtual_device::profile::Skin;
use crate::virtual_device::specimen::Words;

/// Package name, user id, path, label.
type Row = (&'static str, u32, &'static str, &'static str);

// MODEL: a handful of the packages of an AOSP image, with AOSP's paths.
const COMMON: [Row; 15] = [
    ("android", 1000, "/system/framework/framework-res.apk", "Android System"),
    ("com.android.settings", 1000, "/system/priv-app/Settings/Settings.apk", "Settings"),
    ("com.android.systemui", 10_020, "/system/priv-app/SystemUI/SystemUI.apk", "System UI"),
    ("com.android.shell", 2000, "/system/priv-app/Shell/Shell.apk", "Shell"),
    (
        "com.android.providers.settings",
        1000,
        "/system/priv-app/SettingsProvider/SettingsProvider.apk",
        "Settings Storage",
    ),
    ("com.android.providers.media", 10_003, "/system/priv-app/MediaProvider/MediaProvider.apk", "Media Storage"),
    (
        "com.android.providers.contacts",
        10_004,
        "/system/priv-app/ContactsProvider/ContactsProvider.apk",
        "Contacts Storage",
    ),
    ("com.android.providers.downloads", 10_005, "/system/priv-app/DownloadProvider/DownloadProvider.apk", "Downloads"),
    ("com.android.contacts", 10_006, "/system/priv-app/Contacts/Contacts.apk", "Contacts"),
    ("com.android.phone", 1001, "/system/priv-app/TeleService/TeleService.apk", "Phone Services"),
    ("com.android.inputmethod.latin", 10_007, "/system/app/LatinIME/LatinIME.apk", "Android Keyboard"),
    ("com.android.documentsui", 10_008, "/system/app/DocumentsUI/DocumentsUI.apk", "Files"),
    ("com.android.calculator2", 10_009, "/system/app/ExactCalculator/ExactCalculator.apk", "Calculator"),
    ("com.android.browser", 10_013, "/system/app/Browser2/Browser2.apk", "Browser"),
    ("com.android.deskclock", 10_011, "/system/app/DeskClock/DeskClock.apk", "Clock"),
];

impl System {
    /// The home screen's activity, by skin. Captured: Xiaomi's and Samsung's; MODEL: the others.
    fn home_component(&self) -> Component {
        match self.profile.skin {
            Skin::Aosp if self.profile.api <= 28 => Component::new("com.android.launcher3", ".Launcher"),
            Skin::Aosp => Component::new("com.android.launcher3", ".uioverrides.QuickstepLauncher"),
            Skin::Google => Component::new("com.google.android.apps.nexuslauncher", ".NexusLauncherActivity"),
            Skin::Samsung => Component::new("com.sec.android.app.launcher", ".activities.LauncherActivity"),
            Skin::Miui | Skin::MiuiPlain => Component::new("com.miui.home", ".launcher.Launcher"),
            Skin::ColorOs => Component::new("com.android.launcher", ".Launcher"),
            Skin::OriginOs => Component::new("com.bbk.launcher2", ".Launcher"),
            Skin::Emui => Component::new("com.huawei.android.launcher", ".unihome.UniHomeLauncher"),
        }
    }

    pub(super) fn install_factory_packages(&mut self) {
        for (name, uid, path, label) in COMMON {
            self.add_system_package(name, uid, path, label, Vec::new());
        }
        let home = self.home_component();
        self.add_system_package(
            &home.package,
            10_010,
            "/system/priv-app/Launcher3/Launcher3.apk",
            "Home",
            vec![home.class],
        );
        let controller = self.controller();
        let path = "/system/priv-app/PermissionController/PermissionController.apk";
        self.add_system_package(&controller.package, 10_012, path, "Permission controller", vec![controller.class]);
        self.furnish_browser_and_installer(&controller.package);
        let info = self.app_info_component();
        if let Some(settings) = self.packages.get_mut(&info.package) {
            settings.facts.activities.push(info.class);
            settings.facts.activities.push("com.android.settings.Settings".into());
            settings.facts.activities.extend(super::doors::classes());
        }
    }

    /// What apps send people to: a browser, and the question whether to install something. The latter stands in the
    /// permission controller's package up to API 28.
    fn furnish_browser_and_installer(&mut self, controller: &str) {
        if let Some(browser) = self.packages.get_mut(BROWSER.0) {
            browser.facts.activities.push(format!("{}{}", BROWSER.0, BROWSER.1));
        }
        let google = controller.starts_with("com.google.");
        let name = if google { "com.google.android.packageinstaller" } else { "com.android.packageinstaller" };
        if controller == name {
            if let Some(controller) = self.packages.get_mut(name) {
                controller.facts.activities.push(INSTALLER.into());
            }
            return;
        }
        let path = "/system/priv-app/PackageInstaller/PackageInstaller.apk";
        self.add_system_package(name, 10_014, path, "Package installer", vec![INSTALLER.into()]);
    }

    fn add_system_package(&mut self, name: &str, uid: u32, path: &str, label: &str, activities: Vec<String>) {
        let api = self.profile.api;
        let facts = Facts {
            package: name.into(),
            label: Words::plain(label),
            version_code: api.into(),
            version_name: release(api).into(),
            min_sdk: api,
            target_sdk: api,
            activities,
            signer: "platform".into(),
            ..Facts::default()
        };
        let storage =
            Permission { granted: true, runtime: true, flags: Flags::SYSTEM_FIXED.with(Flags::GRANTED_BY_DEFAULT) };
        let permissions = BTreeMap::from([("android.permission.READ_EXTERNAL_STORAGE".to_string(), storage)]);
        // 2009-01-01: the time stamp of files on a system image.
        let built = 1_230_768_000_000;
        let package = Package {
            facts,
            splits: Vec::new(),
            uid,
            system: true,
            code_path: path.into(),
            first_install: built,
            last_update: built,
            installer: None,
            permissions,
            stopped: false,
            not_launched: false,
            enabled: 0,
            suspended: false,
            hidden: false,
            hashes: std::array::from_fn(|_| self.random.identity()),
        };
        self.packages.insert(name.into(), package);
    }

    /// Starts the home screen.
    pub(super) fn start_home(&mut self) {
        let home = self.home_component();
        self.ensure_process("com.android.systemui", "added application", None);
        let pid = self.ensure_process(&home.package.clone(), "activity", Some(&home));
        let task = self.new_task(&home.package, true);
        let intent = format!(
            "act=android.intent.action.MAIN cat=[android.intent.category.HOME] flg=0x10000100 cmp={}",
            home.short()
        );
        let record = self.new_record(home, Holds::Home, intent, 0, pid);
        self.push_record(task, record);
        self.settle();
    }
}

/// Android's release name for an API level.
pub fn release(api: u32) -> &'static str {
    match api {
        23 => "6.0.1",
        26 => "8.0.0",
        28 => "9",
        29 => "10",
        30 => "11",
        31 => "12",
        33 => "13",
        34 => "14",
        35 => "15",
        _ => "16",
    }
}

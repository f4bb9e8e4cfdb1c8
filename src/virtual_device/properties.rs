//! System properties: what `getprop` tells and `setprop` changes.

use std::collections::BTreeMap;

use super::profile::{Profile, Skin};

/// Longest value of a property that can change, in bytes (bionic's PROP_VALUE_MAX, without its NUL).
const MAX_VALUE: usize = 91;

/// One device's properties.
#[derive(Clone, Debug)]
pub struct Properties {
    all: BTreeMap<String, String>,
}

/// Why a property was not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PropertyError {
    /// `ro.` properties are set once.
    #[error("property is read-only")]
    ReadOnly,
    /// Too long for the property area.
    #[error("value too long")]
    TooLong,
    /// Not a name of a property.
    #[error("invalid name")]
    BadName,
}

/// What a release is called: API level, version, build id, security patch.
/// The ids are those of published builds of that release.
const RELEASES: &[(u32, &str, &str, &str)] = &[
    (23, "6.0.1", "MOB31T", "2017-04-01"),
    (26, "8.0.0", "OPR6.170623.013", "2017-11-05"),
    (28, "9", "PSR1.180720.122", "2019-03-05"),
    (29, "10", "QSR1.210802.001", "2021-08-05"),
    (30, "11", "RSR1.240422.006", "2024-04-05"),
    (31, "12", "SE1A.220826.008", "2022-08-05"),
    (33, "13", "TE1A.240213.009", "2024-02-05"),
    (34, "14", "UE1A.230829.050", "2023-09-05"),
    (35, "15", "AE3A.240806.043", "2024-09-05"),
    (36, "16", "BE2A.250530.026", "2025-06-05"),
];

/// Brand and manufacturer of a skin's device.
fn maker(skin: Skin) -> (&'static str, &'static str) {
    match skin {
        Skin::Aosp => ("Android", "unknown"),
        Skin::Google => ("google", "Google"),
        Skin::Samsung => ("samsung", "samsung"),
        Skin::Miui | Skin::MiuiPlain => ("Xiaomi", "Xiaomi"),
        Skin::ColorOs => ("OnePlus", "OnePlus"),
        Skin::OriginOs => ("vivo", "vivo"),
        Skin::Emui => ("HUAWEI", "HUAWEI"),
    }
}

/// Properties by which a skin is known.
fn of_skin(skin: Skin) -> &'static [(&'static str, &'static str)] {
    match skin {
        Skin::Samsung => &[("ro.build.version.oneui", "60101"), ("ro.build.PDA", "S908BXXU6EXA1")],
        Skin::Miui | Skin::MiuiPlain => &[
            ("ro.miui.ui.version.code", "816"),
            ("ro.miui.ui.version.name", "V816"),
            ("ro.mi.os.version.name", "OS2.0"),
            ("ro.mi.os.version.code", "2"),
        ],
        Skin::ColorOs => &[("ro.build.version.oplusrom", "V14.0.0"), ("ro.rom.version", "ColorOS V14.0.0")],
        Skin::OriginOs => &[("ro.vivo.os.name", "Funtouch"), ("ro.vivo.os.version", "14.0")],
        Skin::Emui => &[("ro.build.version.emui", "EmotionUI_13.0.0"), ("ro.build.hw_emui_api_level", "31")],
        Skin::Aosp | Skin::Google => &[],
    }
}

/// The machines whose native code a device runs, the preferred first, joined by commas.
pub fn abis(api: u32) -> &'static str {
    if api <= 23 { "x86" } else { "x86_64,arm64-v8a" }
}

impl Properties {
    /// What a freshly booted device of this profile has.
    /// MODEL: names and forms follow captured `getprop` outputs, values the profile.
    pub fn of(profile: &Profile) -> Self {
        let mut this = Self { all: BTreeMap::new() };
        this.product(profile);
        this.build(profile);
        this.hardware(profile);
        this.state(profile);
        for (name, value) in of_skin(profile.skin) {
            this.put(name, value);
        }
        this
    }

    fn product(&mut self, profile: &Profile) {
        let product = profile.product();
        let (brand, manufacturer) = maker(profile.skin);
        let values = [
            ("brand", brand),
            ("manufacturer", manufacturer),
            ("model", product.model),
            ("name", product.name),
            ("device", product.device),
            ("board", product.device),
        ];
        for (key, value) in values {
            self.put(&format!("ro.product.{key}"), value);
            if profile.api >= 29 && key != "board" {
                self.put(&format!("ro.product.system.{key}"), value);
                self.put(&format!("ro.product.vendor.{key}"), value);
            }
        }
        self.put("ro.product.locale", &profile.locale);
        self.put("persist.sys.locale", &profile.locale);
    }

    fn build(&mut self, profile: &Profile) {
        let usual = (profile.api, "14", "UE1A.230829.050", "2023-09-05");
        let (_, release, id, patch) = *RELEASES.iter().find(|release| release.0 == profile.api).unwrap_or(&usual);
        let product = profile.product();
        let (brand, _) = maker(profile.skin);
        let kind = if profile.rooted { "userdebug" } else { "user" };
        let keys = if profile.rooted { "test-keys" } else { "release-keys" };
        let incremental = "10000001";
        let (name, device) = (product.name, product.device);
        let description = format!("{name}-{kind} {release} {id} {incremental} {keys}");
        let fingerprint = format!("{brand}/{name}/{device}:{release}/{id}/{incremental}:{kind}/{keys}");
        let values = [
            ("ro.build.id", id),
            ("ro.build.display.id", id),
            ("ro.build.version.incremental", incremental),
            ("ro.build.version.sdk", &profile.api.to_string()),
            ("ro.build.version.codename", "REL"),
            ("ro.build.version.all_codenames", "REL"),
            ("ro.build.version.preview_sdk", "0"),
            ("ro.build.version.release", release),
            ("ro.build.version.security_patch", patch),
            ("ro.build.version.base_os", ""),
            ("ro.build.type", kind),
            ("ro.build.user", "android-build"),
            ("ro.build.host", "build"),
            ("ro.build.tags", keys),
            ("ro.build.flavor", &format!("{name}-{kind}")),
            ("ro.build.product", device),
            ("ro.build.description", &description),
            ("ro.build.fingerprint", &fingerprint),
            ("ro.build.characteristics", "phone"),
            ("ro.build.date.utc", "1693526400"),
            ("ro.build.date", "Fri Sep  1 00:00:00 UTC 2023"),
            ("ro.debuggable", if profile.rooted { "1" } else { "0" }),
            ("ro.secure", if profile.rooted { "0" } else { "1" }),
            ("ro.adb.secure", "1"),
        ];
        for (name, value) in values {
            self.put(name, value);
        }
        if profile.api >= 30 {
            self.put("ro.build.version.release_or_codename", release);
            self.put("ro.product.first_api_level", &profile.api.to_string());
        }
    }

    fn hardware(&mut self, profile: &Profile) {
        let old = profile.api <= 23;
        let values = [
            ("ro.hardware", if old { "goldfish" } else { "ranchu" }),
            ("ro.boot.hardware", if old { "goldfish" } else { "ranchu" }),
            ("ro.kernel.qemu", "1"),
            ("ro.boot.qemu", "1"),
            ("ro.serialno", &profile.serial),
            ("ro.boot.serialno", &profile.serial),
            ("ro.bootmode", "unknown"),
            ("ro.bootloader", "unknown"),
            ("ro.product.cpu.abi", if old { "x86" } else { "x86_64" }),
            ("ro.product.cpu.abilist", abis(profile.api)),
            ("ro.product.cpu.abilist32", if old { "x86" } else { "" }),
            ("ro.product.cpu.abilist64", if old { "" } else { "x86_64,arm64-v8a" }),
            ("ro.sf.lcd_density", &profile.density.to_string()),
            ("qemu.sf.lcd_density", &profile.density.to_string()),
            ("ro.zygote", if old { "zygote32" } else { "zygote64" }),
            ("ro.crypto.state", if old { "unencrypted" } else { "encrypted" }),
            // No real device has it: whoever reads a record must be able to see that a model was looked at.
            ("ro.appwitness.virtual", "1"),
        ];
        for (name, value) in values {
            self.put(name, value);
        }
    }

    fn state(&mut self, profile: &Profile) {
        let values = [
            ("dev.bootcomplete", "1"),
            ("sys.boot_completed", "1"),
            ("service.bootanim.exit", "1"),
            ("init.svc.adbd", "running"),
            ("init.svc.bootanim", "stopped"),
            ("init.svc.installd", "running"),
            ("init.svc.logd", "running"),
            ("init.svc.netd", "running"),
            ("init.svc.servicemanager", "running"),
            ("init.svc.surfaceflinger", "running"),
            ("init.svc.vold", "running"),
            ("init.svc.zygote", "running"),
            ("persist.sys.timezone", "GMT"),
            ("persist.sys.usb.config", "adb"),
            ("sys.usb.config", "adb"),
            ("sys.usb.state", "adb"),
            ("gsm.sim.state", "ABSENT"),
            ("net.bt.name", "Android"),
            ("wifi.interface", "wlan0"),
            ("debug.force_rtl", "0"),
        ];
        for (name, value) in values {
            self.put(name, value);
        }
        if profile.api <= 28 {
            self.put("net.hostname", &format!("android-{:016x}", profile.seed));
            self.put("net.dns1", "10.0.2.3");
        }
    }

    fn put(&mut self, name: &str, value: &str) {
        self.all.insert(name.to_owned(), value.to_owned());
    }

    /// A property's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all.get(name).map(String::as_str)
    }

    /// Names with values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Sets a property.
    ///
    /// # Errors
    /// When it is read-only and there already, or the name or value is not allowed.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), PropertyError> {
        let sound = |c: char| c.is_ascii_alphanumeric() || "._-@:".contains(c);
        if name.is_empty() || name.starts_with('.') || name.ends_with('.') || !name.chars().all(sound) {
            return Err(PropertyError::BadName);
        }
        let once = name.starts_with("ro.");
        if once && self.all.contains_key(name) {
            return Err(PropertyError::ReadOnly);
        }
        if !once && value.len() > MAX_VALUE {
            return Err(PropertyError::TooLong);
        }
        self.put(name, value);
        Ok(())
    }

    /// The text of `/system/build.prop`.
    pub fn build_prop(&self) -> String {
        let of_build = |name: &str| name.starts_with("ro.build.") || name.starts_with("ro.product.");
        let lines = self.iter().filter(|(name, _)| of_build(name)).map(|(name, value)| format!("{name}={value}\n"));
        format!("\n# begin common build properties\n{}# end common build properties\n", lines.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_shows_in_its_properties() {
        let properties = Properties::of(&Profile::parse("api=29,skin=miui,locale=zh-CN").unwrap());
        assert_eq!(properties.get("ro.build.version.sdk"), Some("29"));
        assert_eq!(properties.get("ro.product.manufacturer"), Some("Xiaomi"));
        assert_eq!(properties.get("persist.sys.locale"), Some("zh-CN"));
        assert!(properties.get("ro.miui.ui.version.name").is_some());
        assert!(properties.build_prop().contains("\nro.build.version.sdk=29\n"));
    }

    #[test]
    fn what_is_read_only_stays() {
        let mut properties = Properties::of(&Profile::new("a"));
        assert_eq!(properties.set("ro.build.id", "x"), Err(PropertyError::ReadOnly));
        assert_eq!(properties.set("debug.x", &"x".repeat(92)), Err(PropertyError::TooLong));
        assert_eq!(properties.set("a b", "x"), Err(PropertyError::BadName));
        assert_eq!(properties.set("debug.x", "1"), Ok(()));
        assert_eq!(properties.get("debug.x"), Some("1"));
    }
}

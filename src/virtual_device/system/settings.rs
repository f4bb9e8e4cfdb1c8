//! The settings tables: system, secure, global.

use std::collections::BTreeMap;

/// Which providers of positions may work.
const PROVIDERS: &str = "location_providers_allowed";

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// What a person may set, and apps with leave.
    System,
    /// What only the system sets.
    Secure,
    /// What holds for all users.
    Global,
    /// Flags of the system's parts: `NAMESPACE/NAME` (`device_config`).
    Config,
    /// What services keep in files of their own.
    Own,
}

impl Table {
    /// The table of that name.
    pub fn named(name: &str) -> Option<Table> {
        Some(match name {
            "system" => Table::System,
            "secure" => Table::Secure,
            "global" => Table::Global,
            _ => return None,
        })
    }
}

/// All tables.
#[derive(Clone, Debug)]
pub struct Settings {
    values: BTreeMap<(Table, String), String>,
}

impl Settings {
    /// The tables of a new device.
    pub fn factory(api: u32, seed: u64) -> Self {
        let android_id = format!("{:016x}", seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let ime = super::keyboard::OWN;
        let rows: [(Table, &str, &str); 28] = [
            (Table::System, "accelerometer_rotation", "0"),
            (Table::System, "font_scale", "1.0"),
            (Table::System, "haptic_feedback_enabled", "1"),
            (Table::System, "screen_brightness", "102"),
            (Table::System, "screen_brightness_mode", "0"),
            (Table::System, "screen_off_timeout", "1800000"),
            (Table::System, "sound_effects_enabled", "1"),
            (Table::System, "user_rotation", "0"),
            (Table::System, "volume_music", "5"),
            (Table::System, "volume_ring", "5"),
            (Table::Secure, "accessibility_enabled", "0"),
            (Table::Secure, "android_id", &android_id),
            (Table::Secure, "default_input_method", ime),
            (Table::Secure, "enabled_input_methods", ime),
            (Table::Secure, "location_mode", "3"),
            (Table::Secure, "lockscreen.disabled", "1"),
            (Table::Secure, "show_ime_with_hard_keyboard", "0"),
            (Table::Secure, "user_setup_complete", "1"),
            (Table::Global, "adb_enabled", "1"),
            (Table::Global, "airplane_mode_on", "0"),
            (Table::Global, "animator_duration_scale", "1.0"),
            (Table::Global, "auto_time", "1"),
            (Table::Global, "development_settings_enabled", "1"),
            (Table::Global, "device_provisioned", "1"),
            (Table::Global, "stay_on_while_plugged_in", "1"),
            (Table::Global, "transition_animation_scale", "1.0"),
            (Table::Global, "wifi_on", "1"),
            (Table::Global, "window_animation_scale", "1.0"),
        ];
        let mut values: BTreeMap<_, _> =
            rows.iter().map(|(table, key, value)| ((*table, (*key).to_string()), (*value).to_string())).collect();
        if api < 29 {
            values.insert((Table::Secure, PROVIDERS.into()), "gps,network".into());
        }
        if api >= 29 {
            values.insert((Table::Global, "verifier_verify_adb_installs".into()), "0".into());
        }
        Self { values }
    }

    /// A value.
    pub fn get(&self, table: Table, key: &str) -> Option<&str> {
        self.values.get(&(table, key.to_string())).map(String::as_str)
    }

    /// Sets a value.
    pub fn put(&mut self, table: Table, key: &str, value: &str) {
        self.values.insert((table, key.into()), value.into());
    }

    /// `+name` or `-name` lets a provider of positions work or not, and the mode follows; anything else changes nothing
    /// (AOSP `SettingsProvider.updateLocationProvidersAllowedLocked`, up to Android 9).
    pub fn change_providers(&mut self, change: &str) {
        let (name, on) = match (change.strip_prefix('+'), change.strip_prefix('-')) {
            (Some(name), _) => (name, true),
            (None, Some(name)) => (name, false),
            (None, None) => return,
        };
        let now = self.get(Table::Secure, PROVIDERS).unwrap_or_default();
        let mut names: Vec<&str> = now.split(',').filter(|known| !known.is_empty() && *known != name).collect();
        if on {
            names.push(name);
        }
        // `Settings.Secure.LOCATION_MODE_…`.
        let mode = match (names.contains(&"gps"), names.contains(&"network")) {
            (true, true) => "3",
            (false, true) => "2",
            (true, false) => "1",
            (false, false) => "0",
        };
        let names = names.join(",");
        self.put(Table::Secure, PROVIDERS, &names);
        self.put(Table::Secure, "location_mode", mode);
    }

    /// Takes a value away; whether there was one.
    pub fn delete(&mut self, table: Table, key: &str) -> bool {
        self.values.remove(&(table, key.to_string())).is_some()
    }

    /// A table's rows in order of their keys.
    pub fn list(&self, table: Table) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .filter(move |((t, _), _)| *t == table)
            .map(|((_, key), value)| (key.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_come_and_go_one_by_one() {
        let mut settings = Settings::factory(23, 1);
        let told = |settings: &Settings| {
            [PROVIDERS, "location_mode"].map(|key| settings.get(Table::Secure, key).unwrap().to_owned())
        };
        for (change, list, mode) in
            [("-gps", "network", "2"), ("gps", "network", "2"), ("-network", "", "0"), ("+gps", "gps", "1")]
        {
            settings.change_providers(change);
            assert_eq!(told(&settings), [list, mode], "{change}");
        }
    }
}

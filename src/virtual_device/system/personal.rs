//! The personal data that lies on the device. MODEL: what a lab puts on a test device; numbers are those kept for fiction
//! and the emulator's own, the place is the emulator's.

use super::System;
use super::random;
use super::settings::Table;
use crate::virtual_device::specimen::Op;

/// Latitude and longitude of the last fix.
pub const PLACE: (&str, &str) = ("37.421998", "-122.084000");
/// Telephone number of the SIM, as an emulator on port 5554 has it.
pub const NUMBER: &str = "15555215554";
/// Name and number of each contact.
pub const CONTACTS: [(&str, &str); 2] = [("Wei Zhang", "+1 202-555-0143"), ("Li Na", "+1 202-555-0178")];
/// First release in which every app gets an `ANDROID_ID` of its own.
const OWN_IDS: u32 = 26;

impl System {
    /// What an app gets that reads; `None` for what is no text.
    pub(super) fn read_by(&mut self, package: &str, what: Op) -> Option<String> {
        Some(match what {
            Op::ReadClipboard => self.clipboard.clone(),
            Op::FineLocation => format!("{},{}", PLACE.0, PLACE.1),
            // To about a kilometre.
            Op::CoarseLocation => format!("{},{}", &PLACE.0[..5], &PLACE.1[..7]),
            Op::ReadPhoneState => NUMBER.into(),
            Op::ReadDeviceIdentifiers => self.profile.serial.clone(),
            Op::ReadContacts => {
                CONTACTS.iter().map(|(name, number)| format!("{name}:{number}")).collect::<Vec<_>>().join(";")
            }
            Op::InstalledApps => self.packages.keys().cloned().collect::<Vec<_>>().join(","),
            Op::AndroidId => self.android_id(package),
            Op::AdvertisingId => {
                let id = format!("{:016x}{:016x}", random::digest(&self.profile.serial), self.profile.seed);
                format!("{}-{}-4{}-a{}-{}", &id[..8], &id[8..12], &id[13..16], &id[17..20], &id[20..32])
            }
            _ => return None,
        })
    }

    fn android_id(&mut self, package: &str) -> String {
        let common = self.settings.get(Table::Secure, "android_id").unwrap_or_default().to_owned();
        if self.profile.api < OWN_IDS {
            return common;
        }
        let own = format!("{:016x}", random::digest(&(common + package)));
        self.android_ids.entry(package.into()).or_insert(own).clone()
    }

    /// Path and text of the file that keeps the apps' identifiers; `None` when no app asked for one.
    /// MODEL: text; since API 31 the real one is binary XML, which `abx2xml` turns into this.
    pub fn android_id_file(&self) -> Option<(&'static str, String)> {
        if self.android_ids.is_empty() {
            return None;
        }
        let rows = self.android_ids.iter().enumerate().map(|(n, (package, id))| {
            format!("  <setting id=\"{n}\" name=\"{uid}\" value=\"{id}\" package=\"{package}\" defaultValue=\"{id}\" defaultSysSet=\"false\" tag=\"null\" />\n",
                uid = self.packages.get(package).map_or(0, |p| p.uid))
        });
        let rows: String = rows.collect();
        let text = format!(
            "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<settings version=\"1\">\n{rows}</settings>\n"
        );
        Some(("/data/system/users/0/settings_ssaid.xml", text))
    }
}

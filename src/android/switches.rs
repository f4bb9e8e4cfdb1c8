//! What somebody can turn on a device: its network, its clock, how it is held, an app's permissions.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;
use crate::adb::quote;

/// How long one change may take.
const WITHIN: Duration = Duration::from_secs(20);
/// A clock that is this near was set, in ms.
const SET_WITHIN_MS: i64 = 5_000;

/// How a device was held before it was turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    sensor: String,
    rotation: String,
}

impl Android {
    /// Turns Wi-Fi and mobile data on or off (`svc`, AOSP's `Svc`), and reads back whether they are.
    pub async fn set_network(&self, on: bool) -> Result<(), AndroidError> {
        let word = if on { "enable" } else { "disable" };
        self.device().shell(&format!("svc wifi {word}; svc data {word}"), WITHIN).await?;
        let wifi = self.setting("global", "wifi_on").await?;
        let data = self.setting("global", "mobile_data").await?;
        let up = |value: &str| !matches!(value, "0" | "null" | "");
        if on == (up(&wifi) || up(&data)) {
            return Ok(());
        }
        let message = format!("afterwards wifi_on is {wifi:?} and mobile_data {data:?}");
        Err(AndroidError::Refused { doing: format!("{word} the network"), message })
    }

    /// Turns the device by quarters and keeps it so; how it was held before.
    pub async fn turn(&self, quarters: u8) -> Result<Held, AndroidError> {
        let sensor = self.setting("system", "accelerometer_rotation").await?;
        let rotation = self.setting("system", "user_rotation").await?;
        self.hold(&Held { sensor: "0".into(), rotation: (quarters % 4).to_string() }).await?;
        Ok(Held { sensor, rotation })
    }

    /// Holds the device as it was held before.
    pub async fn hold(&self, held: &Held) -> Result<(), AndroidError> {
        let digit =
            |text: &str, other: &str| if text.parse::<u8>().is_ok() { text.to_owned() } else { other.to_owned() };
        let command = format!(
            "settings put system user_rotation {}; settings put system accelerometer_rotation {}",
            digit(&held.rotation, "0"),
            digit(&held.sensor, "0")
        );
        self.device().shell(&command, WITHIN).await.map(drop).map_err(AndroidError::from)
    }

    /// Sets the clock to a time in ms since 1970: by the alarm service (Android 12 and later), else as root. The network's
    /// time is not taken over any more. An error says that the clock stands as it stood.
    pub async fn set_clock(&self, to: i64) -> Result<(), AndroidError> {
        let ways =
            [format!("cmd alarm set-time {to}"), format!("date @{}", to / 1000), format!("su 0 date @{}", to / 1000)];
        let mut said = String::new();
        for way in ways {
            let output =
                self.device().shell(&format!("settings put global auto_time 0; {way}; date +%s"), WITHIN).await?;
            let text = output.all_text();
            let now: Option<i64> = text.lines().rev().find_map(|line| line.trim().parse().ok());
            if now.is_some_and(|seconds| (seconds * 1000 - to).abs() <= SET_WITHIN_MS) {
                return Ok(());
            }
            said = text.lines().next().unwrap_or_default().to_owned();
        }
        Err(AndroidError::Refused { doing: "set the clock".into(), message: said })
    }

    /// The clock as it stands, in ms since 1970, to the second.
    pub async fn clock(&self) -> Result<i64, AndroidError> {
        let output = self.device().shell("date +%s", WITHIN).await?;
        let text = output.all_text();
        let seconds = text.trim().parse::<i64>().ok();
        seconds.map(|seconds| seconds * 1000).ok_or_else(|| AndroidError::Refused {
            doing: "read the clock".into(),
            message: text.chars().take(200).collect(),
        })
    }

    /// Grants or revokes a permission by `pm`, which leaves no mark of a person's answer.
    pub async fn set_permission(&self, package: &str, permission: &str, granted: bool) -> Result<(), AndroidError> {
        let verb = if granted { "grant" } else { "revoke" };
        let command = format!("pm {verb} {} {}", quote(package), quote(permission));
        let output = self.device().shell(&command, WITHIN).await?;
        let said = output.all_text();
        if output.ok() && said.trim().is_empty() {
            return Ok(());
        }
        let message = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned();
        Err(AndroidError::Refused { doing: format!("{verb} {permission}"), message })
    }

    /// Opens the system's page of one permission of an app (AOSP `ManagePermissionsActivity`, API 29 and later).
    pub async fn open_permission(&self, package: &str, permission: &str) -> Result<(), AndroidError> {
        let extra = format!(" --es android.intent.extra.PERMISSION_NAME {}", quote(permission));
        self.open_permission_page("android.intent.action.MANAGE_APP_PERMISSION", package, &extra).await
    }

    /// Opens the system's page of all permissions of an app (the same activity, API 23 and later).
    pub async fn open_permissions(&self, package: &str) -> Result<(), AndroidError> {
        self.open_permission_page("android.intent.action.MANAGE_APP_PERMISSIONS", package, "").await
    }

    async fn open_permission_page(&self, action: &str, package: &str, extra: &str) -> Result<(), AndroidError> {
        let name = quote(package);
        let command = format!("am start -a {action} --es android.intent.extra.PACKAGE_NAME {name}{extra}");
        let output = self.device().shell(&command, WITHIN).await?;
        let said = output.all_text();
        match said.lines().find(|line| line.starts_with("Error") || line.contains("Exception")) {
            None => Ok(()),
            Some(line) => {
                Err(AndroidError::Refused { doing: "open the page of a permission".into(), message: line.into() })
            }
        }
    }

    /// The group of a dangerous permission without the platform's prefix, as the device tells it (AOSP `Pm`; up to API 28,
    /// later ones are kept together by the permission controller alone); `None` when it tells none.
    pub async fn group_of(&self, permission: &str) -> Result<Option<String>, AndroidError> {
        let output = self.device().shell("pm list permissions -g -d", WITHIN).await?;
        Ok(group_in(&output.all_text(), permission))
    }

    async fn setting(&self, table: &str, key: &str) -> Result<String, AndroidError> {
        let output = self.device().shell(&format!("settings get {table} {key}"), WITHIN).await?;
        Ok(output.all_text().trim().to_owned())
    }
}

/// The group under which `pm list permissions -g` lists a permission.
fn group_in(listed: &str, permission: &str) -> Option<String> {
    let mut group = None;
    for line in listed.lines() {
        if let Some(name) = line.strip_prefix("group:") {
            group = Some(name.trim());
        } else if line.trim().strip_prefix("permission:") == Some(permission) {
            return group.and_then(|name| name.strip_prefix("android.permission-group.")).map(str::to_owned);
        } else if line.starts_with("ungrouped") {
            group = None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_under_its_group() {
        let listed = "Dangerous Permissions:\n\ngroup:android.permission-group.CAMERA\n  permission:android.permission.CAMERA\n\n\
                      ungrouped:\n  permission:org.example.OWN\n";
        assert_eq!(group_in(listed, "android.permission.CAMERA").as_deref(), Some("CAMERA"));
        assert_eq!(group_in(listed, "org.example.OWN"), None);
        assert_eq!(group_in(listed, "android.permission.SEND_SMS"), None);
    }
}

//! What the package manager knows of an app: versions, permissions, flags. Read from `dumpsys package`.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;
use crate::adb::quote;
use crate::journal::entry::Permission;

const WITHIN: Duration = Duration::from_secs(15);

/// An installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageInfo {
    /// Package id.
    pub package: String,
    /// User id of the app (10000 and up for ordinary apps).
    pub uid: Option<u32>,
    /// Version code.
    pub version_code: Option<u64>,
    /// Version name.
    pub version_name: String,
    /// Lowest API level it runs on.
    pub min_sdk: Option<u32>,
    /// API level it was written for.
    pub target_sdk: Option<u32>,
    /// Permissions it asks for in its manifest.
    pub requested: Vec<String>,
    /// Permissions granted at installation.
    pub granted_at_install: Vec<String>,
    /// Runtime permissions of user 0 that have a state.
    pub runtime: Vec<Permission>,
    /// First installation, in the device's local time, as printed.
    pub first_install: String,
    /// Last update, in the device's local time, as printed.
    pub last_update: String,
    /// Installed for user 0.
    pub installed: bool,
    /// Stopped, or never launched.
    pub stopped: bool,
}

impl Android {
    /// What is known of a package; `None` when it is not installed for the first user.
    pub async fn package_info(&self, package: &str) -> Result<Option<PackageInfo>, AndroidError> {
        let output = self.device().shell(&command(package), WITHIN).await?;
        Ok(parse_package(&output.text(), package).filter(|info| info.installed))
    }

    /// The runtime permissions of a package with their flags; one that was never asked for may have no line.
    pub async fn permissions(&self, package: &str) -> Result<Vec<Permission>, AndroidError> {
        Ok(self.package_info(package).await?.map(|info| info.runtime).unwrap_or_default())
    }

    /// Whether a package is installed.
    pub async fn is_installed(&self, package: &str) -> Result<bool, AndroidError> {
        let output = self.device().shell(&format!("pm path {}", quote(package)), WITHIN).await?;
        Ok(output.text().lines().any(|line| line.trim_start().starts_with("package:")))
    }
}

/// The whole dump: nothing but `dumpsys` itself is needed on the device for it.
pub(super) fn command(package: &str) -> String {
    format!("dumpsys package {}", quote(package))
}

/// Reads the block of one package from `dumpsys package`, API 23 to 36; `None` when there is none.
pub fn parse_package(text: &str, package: &str) -> Option<PackageInfo> {
    let mut lines = text.lines().skip_while(|line| line.trim_end() != "Packages:").skip(1);
    let head = format!("  Package [{package}] ");
    lines.find(|line| line.starts_with(&head))?;
    let block: Vec<&str> = lines.take_while(|line| indent(line) > 2 || line.trim().is_empty()).collect();
    let mut info = PackageInfo { package: package.to_owned(), ..PackageInfo::default() };
    let mut section = Section::Facts;
    let mut user = None;
    for line in block {
        let (depth, words) = (indent(line), line.trim());
        if depth == 4 {
            section = Section::of(words);
            user = user_of(words);
            if user == Some(0) {
                info.installed = words.contains("installed=true");
                info.stopped = words.contains("stopped=true") || words.contains("notLaunched=true");
            }
        } else if user.is_some() && depth == 6 {
            section = Section::of(words);
        }
        match section {
            Section::Facts if user.is_none_or(|user| user == 0) => facts(&mut info, words),
            Section::Requested if depth > 4 => info.requested.push(name_of(words)),
            Section::Install if depth > 4 && words.contains("granted=true") => {
                info.granted_at_install.push(name_of(words));
            }
            Section::Runtime if user == Some(0) => info.runtime.extend(permission(words)),
            _ => {}
        }
    }
    Some(info)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Facts,
    Requested,
    Install,
    Runtime,
}

impl Section {
    fn of(words: &str) -> Self {
        match words {
            "requested permissions:" => Self::Requested,
            "install permissions:" => Self::Install,
            "runtime permissions:" => Self::Runtime,
            _ => Self::Facts,
        }
    }
}

fn facts(info: &mut PackageInfo, words: &str) {
    // `versionCode=25 minSdk=26 targetSdk=33` stand on one line; names and times may hold spaces and stand alone.
    if let Some(name) = words.strip_prefix("versionName=") {
        name.clone_into(&mut info.version_name);
    } else if let Some(time) = words.strip_prefix("firstInstallTime=") {
        time.clone_into(&mut info.first_install);
    } else if let Some(time) = words.strip_prefix("lastUpdateTime=") {
        time.clone_into(&mut info.last_update);
    } else if words.starts_with("versionCode=") {
        for (key, value) in words.split_whitespace().filter_map(|word| word.split_once('=')) {
            match key {
                "versionCode" => info.version_code = value.parse().ok(),
                "minSdk" => info.min_sdk = value.parse().ok(),
                "targetSdk" => info.target_sdk = value.parse().ok(),
                _ => {}
            }
        }
    } else if let Some(id) = words.strip_prefix("userId=").or_else(|| words.strip_prefix("appId=")) {
        info.uid = id.split_whitespace().next().and_then(|id| id.parse().ok());
    }
}

/// `android.permission.CAMERA: granted=false, flags=[ USER_SET|USER_FIXED ]`; API 23 separates flags by spaces.
fn permission(words: &str) -> Option<Permission> {
    let (name, state) = words.split_once(": granted=")?;
    let granted = state.starts_with("true");
    let flags = state.split_once("flags=[").map_or("", |(_, flags)| flags.trim_end_matches(']'));
    let flags = flags.split(['|', ' ']).filter(|flag| !flag.is_empty()).map(str::to_owned).collect();
    Some(Permission { name: name.to_owned(), granted, flags })
}

/// `User 0: ceDataInode=… installed=true …`.
fn user_of(words: &str) -> Option<u32> {
    words.strip_prefix("User ")?.split_once(':')?.0.parse().ok()
}

/// A permission's name, without `: restricted=true` or `: granted=true`.
fn name_of(words: &str) -> String {
    words.split(':').next().unwrap_or_default().to_owned()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

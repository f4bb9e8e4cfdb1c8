//! An installed package and what its files say.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::permission::Permission;
use crate::virtual_device::specimen::{Specimen, Words, permission_name};

/// What an app's files say of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Package name.
    pub package: String,
    /// Split name; empty for the base.
    pub split: String,
    /// Label.
    pub label: Words,
    /// Version code.
    pub version_code: u64,
    /// Version name.
    pub version_name: String,
    /// Lowest level it installs on.
    pub min_sdk: u32,
    /// Level it was made for.
    pub target_sdk: u32,
    /// Requested permissions, with the last level each is requested at.
    pub permissions: Vec<(String, Option<u32>)>,
    /// Full class name of the launcher activity.
    pub launcher: Option<String>,
    /// Full class names of all activities.
    pub activities: Vec<String>,
    /// Who signed it: digest of the certificate.
    pub signer: String,
    /// May only be installed with `-t`.
    pub test_only: bool,
    /// Its developer may look into it.
    pub debuggable: bool,
    /// The base alone is not enough: it was made to be installed with splits.
    pub needs_splits: bool,
    /// Folders below `lib/`: the machines its native code runs on; empty when it has none.
    pub abis: Vec<String>,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// The app's model, if it carries one.
    pub model: Option<Arc<Specimen>>,
}

impl Facts {
    /// What a packed specimen would say.
    pub fn of_specimen(specimen: Specimen) -> Self {
        Self {
            package: specimen.package.clone(),
            split: String::new(),
            label: specimen.label.clone(),
            version_code: specimen.version.code.into(),
            version_name: specimen.version.name.clone(),
            min_sdk: specimen.sdk.min,
            target_sdk: specimen.sdk.target,
            permissions: specimen.permissions.iter().map(|p| (permission_name(p), None)).collect(),
            launcher: Some(specimen.class(&specimen.activity)),
            activities: specimen.activities(),
            signer: String::new(),
            test_only: false,
            debuggable: false,
            needs_splits: false,
            abis: Vec::new(),
            bytes: 0,
            model: Some(Arc::new(specimen)),
        }
    }

    /// The launcher activity.
    pub fn main(&self) -> Option<Component> {
        let class = self.launcher.clone()?;
        Some(Component { package: self.package.clone(), class })
    }
}

/// An installed package.
#[derive(Clone, Debug)]
pub struct Package {
    /// What its base file says.
    pub facts: Facts,
    /// Names of its splits, without the base.
    pub splits: Vec<String>,
    /// User id.
    pub uid: u32,
    /// Part of the system image.
    pub system: bool,
    /// Folder of its files, or the file itself for the framework.
    pub code_path: String,
    /// First installed, milliseconds since 1970.
    pub first_install: i64,
    /// Last installed, milliseconds since 1970.
    pub last_update: i64,
    /// Who installed it.
    pub installer: Option<String>,
    /// Its permissions by name.
    pub permissions: BTreeMap<String, Permission>,
    /// Stopped by force, or never started.
    pub stopped: bool,
    /// Never started.
    pub not_launched: bool,
    /// `pm disable-user` and the like: the value dumpsys shows (0 default, 1 enabled, 2 disabled, 3 by the user).
    pub enabled: u32,
    /// `pm suspend`: in place of its activities the system tells that it is paused.
    pub suspended: bool,
    /// `pm hide`: as if it were not installed.
    pub hidden: bool,
    /// Identity hashes for the dumps, always the same for one installation.
    pub hashes: [u32; 4],
}

impl Package {
    /// Package name.
    pub fn name(&self) -> &str {
        &self.facts.package
    }

    /// Path of its base file.
    pub fn base_path(&self) -> String {
        if self.system { self.code_path.clone() } else { format!("{}/base.apk", self.code_path) }
    }

    /// Path of a split's file.
    pub fn split_path(&self, split: &str) -> String {
        format!("{}/split_{split}.apk", self.code_path)
    }

    /// Whether a permission is granted.
    pub fn holds(&self, permission: &str) -> bool {
        self.permissions.get(permission).is_some_and(|p| p.granted)
    }

    /// The user's name in process lists and logs: `u0a24`, `system`, `radio` …
    pub fn user(&self) -> String {
        user_name(self.uid)
    }
}

/// A uid as logs write it: `u0a24` for 10024, the number for others.
pub fn user_name(uid: u32) -> String {
    match uid {
        0 => "root".into(),
        1000 => "system".into(),
        1001 => "radio".into(),
        2000 => "shell".into(),
        10_000.. => format!("u0a{}", uid - 10_000),
        other => other.to_string(),
    }
}

/// An activity, service or the like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Component {
    /// Package name.
    pub package: String,
    /// Full class name.
    pub class: String,
}

impl Component {
    /// From a package and a class, which may begin with a dot.
    pub fn new(package: &str, class: &str) -> Self {
        let class = if class.starts_with('.') { format!("{package}{class}") } else { class.into() };
        Self { package: package.into(), class }
    }

    /// From `package/class` or `package/.Class`.
    pub fn parse(text: &str) -> Option<Self> {
        let (package, class) = text.split_once('/')?;
        (!package.is_empty() && !class.is_empty()).then(|| Self::new(package, class))
    }

    /// `package/.Class` when the class lies in the package, else as [`Component::full`].
    pub fn short(&self) -> String {
        match self.class.strip_prefix(&self.package) {
            Some(rest) if rest.starts_with('.') => format!("{}/{rest}", self.package),
            _ => self.full(),
        }
    }

    /// `package/full.class.Name`.
    pub fn full(&self) -> String {
        format!("{}/{}", self.package, self.class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_written_short_and_in_full() {
        let own = Component::parse("a.b/.Main").unwrap();
        assert_eq!((own.short().as_str(), own.full().as_str()), ("a.b/.Main", "a.b/a.b.Main"));
        let foreign = Component::new("com.google.android.x", "com.android.x.Main");
        assert_eq!(foreign.short(), "com.google.android.x/com.android.x.Main");
        assert_eq!(Component::parse("a.b"), None);
    }

    #[test]
    fn users_have_short_names() {
        assert_eq!(user_name(10_024), "u0a24");
        assert_eq!(user_name(1000), "system");
    }
}

//! What stands in an app's manifest, as far as the device and we use it.

use super::axml::{Element, Value};
use super::resources;

/// What a manifest is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestSpec {
    /// Package id.
    pub package: String,
    /// Shown name.
    pub label: String,
    /// Version code; what exceeds 32 bits goes to `versionCodeMajor`.
    pub version_code: u64,
    /// Version name.
    pub version_name: String,
    /// Minimum SDK level.
    pub min_sdk: u32,
    /// Target SDK level.
    pub target_sdk: u32,
    /// `uses-permission` lines, in order.
    pub permissions: Vec<UsesPermission>,
    /// Activities, in order.
    pub activities: Vec<Activity>,
    /// Name of the split; `None` for a base.
    pub split: Option<String>,
    /// `android:debuggable`.
    pub debuggable: bool,
    /// `android:testOnly`.
    pub test_only: bool,
    /// `android:isSplitRequired`.
    pub needs_splits: bool,
}

/// A `uses-permission` line.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsesPermission {
    /// Full name.
    pub name: String,
    /// `android:maxSdkVersion`: not asked for on newer systems.
    pub max_sdk: Option<u32>,
}

/// An activity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Full class name.
    pub name: String,
    /// Its own label, when it has one.
    pub label: Option<String>,
    /// Whether it has the launcher's intent filter.
    pub launcher: bool,
    /// `android:exported`.
    pub exported: bool,
}

impl From<&str> for UsesPermission {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), max_sdk: None }
    }
}

impl ManifestSpec {
    /// The manifest as an XML tree.
    pub(super) fn to_element(&self) -> Element {
        let low = u32::try_from(self.version_code & u64::from(u32::MAX)).unwrap_or(u32::MAX);
        let high = u32::try_from(self.version_code >> 32).unwrap_or(u32::MAX);
        let mut root = Element::new("manifest").android("versionCode", Value::Int(low));
        if high > 0 {
            root = root.android("versionCodeMajor", Value::Int(high));
        }
        if !self.version_name.is_empty() {
            root = root.android("versionName", Value::text(&self.version_name));
        }
        root = root.plain("package", Value::text(&self.package));
        if let Some(split) = &self.split {
            root = root.plain("split", Value::text(split));
        }
        root = root.holding(
            Element::new("uses-sdk")
                .android("minSdkVersion", Value::Int(self.min_sdk))
                .android("targetSdkVersion", Value::Int(self.target_sdk)),
        );
        for permission in &self.permissions {
            root = root.holding(permission.to_element());
        }
        root.holding(self.application())
    }

    fn application(&self) -> Element {
        let mut application = Element::new("application");
        if self.split.is_none() {
            application = application.android("label", Value::Reference(resources::LABEL));
        }
        application = application.android("hasCode", Value::Bool(false));
        if self.debuggable {
            application = application.android("debuggable", Value::Bool(true));
        }
        if self.test_only {
            application = application.android("testOnly", Value::Bool(true));
        }
        if self.needs_splits {
            application = application.android("isSplitRequired", Value::Bool(true));
        }
        self.activities.iter().fold(application, |held, activity| held.holding(activity.to_element()))
    }
}

impl UsesPermission {
    fn to_element(&self) -> Element {
        let element = Element::new("uses-permission").android("name", Value::text(&self.name));
        match self.max_sdk {
            Some(level) => element.android("maxSdkVersion", Value::Int(level)),
            None => element,
        }
    }
}

impl Activity {
    fn to_element(&self) -> Element {
        let mut element = Element::new("activity").android("name", Value::text(&self.name));
        if let Some(label) = &self.label {
            element = element.android("label", Value::text(label));
        }
        element = element.android("exported", Value::Bool(self.exported || self.launcher));
        if self.launcher {
            let action = Element::new("action").android("name", Value::text("android.intent.action.MAIN"));
            let category = Element::new("category").android("name", Value::text("android.intent.category.LAUNCHER"));
            element = element.holding(Element::new("intent-filter").holding(action).holding(category));
        }
        element
    }
}

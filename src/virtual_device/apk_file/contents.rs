//! What the device's installer reads from an app file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::axml::{self, Element, Value};
use super::manifest::{Activity, UsesPermission};
use super::{ApkFileError, certificate, resources};

/// Longest manifest.
const LONGEST_MANIFEST: u64 = 16 << 20;
/// Longest resource table.
const LONGEST_TABLE: u64 = 128 << 20;
/// Longest signature file.
const LONGEST_SIGNATURE: u64 = 1 << 20;
/// Longest asset that is handed out.
const LONGEST_ASSET: u64 = 64 << 20;
/// Most files of an archive.
const MOST_FILES: usize = 500_000;

/// What an app file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApkContents {
    /// Package id.
    pub package: String,
    /// Shown name per language tag (`""` for the default, `zh`, `zh-CN` …); empty when the manifest has none.
    pub labels: BTreeMap<String, String>,
    /// Version code, 64 bits.
    pub version_code: u64,
    /// Version name; empty when there is none.
    pub version_name: String,
    /// Minimum SDK level; 1 when the manifest has none.
    pub min_sdk: u32,
    /// Target SDK level; the minimum when the manifest has none.
    pub target_sdk: u32,
    /// `uses-permission` and `uses-permission-sdk-23` lines, in order.
    pub permissions: Vec<UsesPermission>,
    /// Activities and their aliases, in order, with full class names.
    pub activities: Vec<Activity>,
    /// Full class name of the first activity with the launcher's intent filter.
    pub launcher: Option<String>,
    /// Name of the split; `None` for a base.
    pub split: Option<String>,
    /// `android:debuggable`.
    pub debuggable: bool,
    /// `android:testOnly`.
    pub test_only: bool,
    /// `android:isSplitRequired`: the base alone is not enough.
    pub needs_splits: bool,
    /// Folders below `lib/` that hold native code.
    pub abis: Vec<String>,
    /// SHA-256 (hexadecimal) of the first signer's certificate; `None` when the file is not signed.
    pub certificate: Option<String>,
    /// Names of the files below `assets/`.
    pub asset_names: Vec<String>,
}

impl ApkContents {
    /// The shown name for a locale (`zh-CN`): exact, else by language, else the default, else the package id.
    pub fn label(&self, locale: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or("");
        let exact = self.labels.get(&locale.replace('_', "-"));
        let found = exact.or_else(|| self.labels.get(language)).or_else(|| self.labels.get(""));
        found.map_or(&self.package, |label| label)
    }
}

/// Reads an app file: any APK, not only ours.
pub fn read(apk: &[u8]) -> Result<ApkContents, ApkFileError> {
    let mut archive = open(apk)?;
    let manifest = file(&mut archive, "AndroidManifest.xml", LONGEST_MANIFEST)?.ok_or(ApkFileError::NoManifest)?;
    let root = axml::decode(&manifest)
        .filter(|root| root.name == "manifest")
        .ok_or_else(|| ApkFileError::BadManifest("it is no binary XML".to_owned()))?;
    let mut contents = contents(&root)?;
    contents.labels = labels(&root, &mut archive)?;
    contents.certificate = match certificate::from_block(apk)? {
        Some(fingerprint) => Some(fingerprint),
        None => jar_certificate(&mut archive)?,
    };
    contents.asset_names =
        archive.file_names().filter_map(|name| name.strip_prefix("assets/")).map(str::to_owned).collect();
    contents.asset_names.sort_unstable();
    let native = archive.file_names().filter_map(|name| name.strip_prefix("lib/")?.split_once('/'));
    let abis: BTreeSet<&str> = native.filter(|(_, file)| file.ends_with(".so")).map(|(abi, _)| abi).collect();
    contents.abis = abis.into_iter().map(str::to_owned).collect();
    Ok(contents)
}

/// The bytes of `assets/NAME`, at most 64 MiB; `None` when there is no such asset.
pub fn asset(apk: &[u8], name: &str) -> Result<Option<Vec<u8>>, ApkFileError> {
    file(&mut open(apk)?, &format!("assets/{name}"), LONGEST_ASSET)
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn open(apk: &[u8]) -> Result<Archive<'_>, ApkFileError> {
    let archive = ZipArchive::new(Cursor::new(apk)).map_err(|error| ApkFileError::NotAnArchive(error.to_string()))?;
    if archive.len() > MOST_FILES {
        return Err(ApkFileError::TooLarge("the list of files".to_owned()));
    }
    Ok(archive)
}

/// A file of the archive; never more than `at_most` bytes are unpacked, whatever its header claims.
fn file(archive: &mut Archive<'_>, name: &str, at_most: u64) -> Result<Option<Vec<u8>>, ApkFileError> {
    let broken = |error: String| ApkFileError::NotAnArchive(format!("{name}: {error}"));
    let entry = match archive.by_name(name) {
        Ok(entry) => entry,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(broken(error.to_string())),
    };
    let mut bytes = Vec::new();
    entry.take(at_most + 1).read_to_end(&mut bytes).map_err(|error| broken(error.to_string()))?;
    if bytes.len() as u64 > at_most {
        return Err(ApkFileError::TooLarge(name.to_owned()));
    }
    Ok(Some(bytes))
}

fn contents(root: &Element) -> Result<ApkContents, ApkFileError> {
    let package = text(root.plain_value("package")).filter(|package| is_package(package));
    let package = package.ok_or_else(|| ApkFileError::BadManifest("it names no valid package".to_owned()))?;
    let application = root.named("application").next().cloned().unwrap_or_default();
    let sdk = root.named("uses-sdk").next().cloned().unwrap_or_default();
    let min_sdk = number(sdk.android_value("minSdkVersion")).unwrap_or(1);
    let high = u64::from(number(root.android_value("versionCodeMajor")).unwrap_or(0));
    let activities: Vec<Activity> = application
        .children
        .iter()
        .filter(|child| matches!(child.name.as_str(), "activity" | "activity-alias"))
        .filter_map(|child| activity(&package, child))
        .collect();
    let permissions = root
        .children
        .iter()
        .filter(|child| matches!(child.name.as_str(), "uses-permission" | "uses-permission-sdk-23"))
        .filter_map(|child| {
            let max_sdk = number(child.android_value("maxSdkVersion"));
            Some(UsesPermission { name: text(child.android_value("name"))?, max_sdk })
        })
        .collect();
    Ok(ApkContents {
        version_code: high << 32 | u64::from(number(root.android_value("versionCode")).unwrap_or(0)),
        version_name: text(root.android_value("versionName")).unwrap_or_default(),
        min_sdk,
        target_sdk: number(sdk.android_value("targetSdkVersion")).unwrap_or(min_sdk),
        permissions,
        launcher: activities.iter().find(|activity| activity.launcher).map(|activity| activity.name.clone()),
        activities,
        split: text(root.plain_value("split")).filter(|split| !split.is_empty()),
        debuggable: flag(application.android_value("debuggable")),
        test_only: flag(application.android_value("testOnly")),
        needs_splits: [root, &application].iter().any(|one| flag(one.android_value("isSplitRequired"))),
        package,
        ..ApkContents::default()
    })
}

fn activity(package: &str, element: &Element) -> Option<Activity> {
    let name = text(element.android_value("name"))?;
    let full = match name.strip_prefix('.') {
        Some(rest) => format!("{package}.{rest}"),
        None if !name.contains('.') => format!("{package}.{name}"),
        None => name,
    };
    let says = |filter: &Element, what: &str, wanted: &str| {
        filter.named(what).any(|line| text(line.android_value("name")).as_deref() == Some(wanted))
    };
    let launcher = element.named("intent-filter").any(|filter| {
        says(filter, "action", "android.intent.action.MAIN")
            && says(filter, "category", "android.intent.category.LAUNCHER")
    });
    let label = text(element.android_value("label"));
    Some(Activity { name: full, label, launcher, exported: flag(element.android_value("exported")) })
}

fn labels(root: &Element, archive: &mut Archive<'_>) -> Result<BTreeMap<String, String>, ApkFileError> {
    let Some(application) = root.named("application").next() else { return Ok(BTreeMap::new()) };
    match application.android_value("label") {
        Some(Value::Text(label)) => Ok(BTreeMap::from([(String::new(), label.clone())])),
        Some(Value::Reference(id)) => {
            let table = file(archive, "resources.arsc", LONGEST_TABLE)?;
            Ok(table.map(|table| resources::texts(&table, *id)).unwrap_or_default())
        }
        _ => Ok(BTreeMap::new()),
    }
}

fn jar_certificate(archive: &mut Archive<'_>) -> Result<Option<String>, ApkFileError> {
    let is_signature = |name: &&str| {
        let inside = name.strip_prefix("META-INF/").filter(|inside| !inside.contains('/'));
        inside.is_some_and(|inside| [".RSA", ".DSA", ".EC"].iter().any(|end| inside.to_uppercase().ends_with(end)))
    };
    let Some(name) = archive.file_names().find(is_signature).map(str::to_owned) else { return Ok(None) };
    let signature = file(archive, &name, LONGEST_SIGNATURE)?;
    Ok(signature.and_then(|bytes| certificate::from_jar_signature(&bytes)))
}

fn is_package(name: &str) -> bool {
    let fits = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    name.len() <= 223 && (name == "android" || name.contains('.')) && name.split('.').all(fits)
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn number(value: Option<&Value>) -> Option<u32> {
    match value? {
        Value::Int(number) => Some(*number),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn flag(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Bool(true)))
}

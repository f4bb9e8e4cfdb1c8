//! What one APK says of itself. The parsing is the crate `apk-info`'s; the bounds are ours.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use apk_info::{Apk, Signature};
use roxmltree::{Document, Node};
use zip::ZipArchive;
use zip::result::ZipError;

use super::error::ApkError;

const ANDROID: &str = "http://schemas.android.com/apk/res/android";
/// Longest manifest that is unpacked, in bytes.
const LONGEST_MANIFEST: u64 = 16 << 20;
/// Longest resource table that is unpacked, in bytes.
const LONGEST_TABLE: u64 = 256 << 20;
/// Bounds of the names of processors.
const MOST_ABIS: usize = 20;
const LONGEST_ABI: usize = 30;

/// What an app says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Package id.
    pub package: String,
    /// Label in the manifest's default language; the package id when there is none.
    pub label: String,
    /// Version code, 64 bits.
    pub version_code: u64,
    /// Version name; empty when there is none.
    pub version_name: String,
    /// Minimum SDK level.
    pub min_sdk: Option<u32>,
    /// Target SDK level.
    pub target_sdk: Option<u32>,
    /// Permissions the manifest asks for, in order, each once.
    pub permissions: Vec<Permission>,
    /// Full class name of the activity the launcher starts.
    pub launcher: Option<String>,
    /// SHA-256 of the signing certificates (DER), lower-case hexadecimal; empty when the file is not signed.
    pub certificates: Vec<String>,
    /// Its icon, a file in the app, as far as the manifest names one.
    pub icon: Option<String>,
    /// Processors its native code is for, by the folders of `lib/`: `arm64-v8a`, `x86_64` …; empty when it has none.
    pub abis: Vec<String>,
    /// `android:debuggable`.
    pub debuggable: bool,
    /// Name of the split; `None` for a base.
    pub split: Option<String>,
}

/// A permission an app asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    /// Full name.
    pub name: String,
    /// Not asked for on systems newer than this (`android:maxSdkVersion`).
    pub max_sdk: Option<u32>,
}

/// Reads one APK.
pub(super) fn read(path: &Path) -> Result<Facts, ApkError> {
    let abis = check(path)?;
    let broken = |reason: String| ApkError::NotAnApp { path: path.to_owned(), reason };
    let apk = Apk::new(path).map_err(|error| broken(error.to_string()))?;
    let xml = apk.get_xml_string();
    let document = Document::parse(&xml).map_err(|error| bad_manifest(path, &error.to_string()))?;
    let root = document.root_element();
    if root.tag_name().name() != "manifest" {
        return Err(bad_manifest(path, "it does not begin with `manifest`"));
    }
    let facts = from_manifest(root).map_err(|reason| bad_manifest(path, reason))?;
    let label = apk.get_application_label().filter(|label| !label.trim().is_empty() && !label.starts_with('@'));
    Ok(Facts {
        icon: apk.get_application_icon().filter(|icon| !icon.is_empty()),
        label: label.unwrap_or_else(|| facts.package.clone()),
        version_name: apk.get_version_name().unwrap_or_default(),
        certificates: certificates(&apk),
        abis,
        ..facts
    })
}

fn bad_manifest(path: &Path, reason: &str) -> ApkError {
    ApkError::BadManifest { path: path.to_owned(), reason: reason.to_owned() }
}

/// Looks at the file before the parser does: that it is a whole archive, and that what the parser will unpack is
/// bounded; what its native code is for.
fn check(path: &Path) -> Result<Vec<String>, ApkError> {
    let mut archive = open_archive(path)?;
    for (name, limit) in [("AndroidManifest.xml", LONGEST_MANIFEST), ("resources.arsc", LONGEST_TABLE)] {
        let entry = match archive.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) if name == "resources.arsc" => continue,
            Err(ZipError::FileNotFound) => {
                let reason = "the archive holds no AndroidManifest.xml".to_owned();
                return Err(ApkError::NotAnApp { path: path.to_owned(), reason });
            }
            Err(error) => return Err(ApkError::NotAnApp { path: path.to_owned(), reason: error.to_string() }),
        };
        // What the header claims may be a lie, so it is unpacked into nothing first.
        let unpacked = io::copy(&mut entry.take(limit + 1), &mut io::sink())
            .map_err(|error| ApkError::NotAnApp { path: path.to_owned(), reason: format!("{name}: {error}") })?;
        if unpacked > limit {
            return Err(ApkError::TooLarge { path: path.to_owned(), what: name.to_owned(), limit });
        }
    }
    Ok(abis(archive.file_names()))
}

/// The folders of `lib/` that hold libraries.
fn abis<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let library = |name: &'n str| {
        let (abi, file) = name.strip_prefix("lib/")?.split_once('/')?;
        let known = abi.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        (known && file.ends_with(".so") && abi.len() <= LONGEST_ABI).then_some(abi)
    };
    let abis: BTreeSet<&str> = names.filter_map(library).collect();
    abis.into_iter().take(MOST_ABIS).map(str::to_owned).collect()
}

/// Opens an archive, with an error that tells a cut file from one of another kind.
pub(super) fn open_archive(path: &Path) -> Result<ZipArchive<File>, ApkError> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => ApkError::NotFound(path.to_owned()),
        _ => ApkError::Unreadable { path: path.to_owned(), reason: error.to_string() },
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes == 0 {
        return Err(ApkError::Empty(path.to_owned()));
    }
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(4).read_to_end(&mut head).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    ZipArchive::new(file).map_err(|error| match error {
        _ if head == b"PK\x03\x04" => ApkError::CutShort { path: path.to_owned(), bytes },
        _ if head.starts_with(b"<") => {
            ApkError::NotAnApp { path: path.to_owned(), reason: "it is a web page or XML".to_owned() }
        }
        error => ApkError::NotAnApp { path: path.to_owned(), reason: error.to_string() },
    })
}

fn from_manifest(root: Node<'_, '_>) -> Result<Facts, &'static str> {
    let package = root.attribute("package").filter(|package| !package.is_empty()).ok_or("it names no package")?;
    let sdk = children(root, &["uses-sdk"]).next();
    let level = |name: &str| sdk.and_then(|sdk| android(sdk, name)).and_then(number);
    let application = children(root, &["application"]).next();
    let mut permissions: Vec<Permission> = Vec::new();
    for line in children(root, &["uses-permission", "uses-permission-sdk-23"]) {
        let Some(name) = android(line, "name").filter(|name| !name.is_empty()) else { continue };
        let permission = Permission {
            name: name.to_owned(),
            max_sdk: android(line, "maxSdkVersion").and_then(number).and_then(|level| u32::try_from(level).ok()),
        };
        if !permissions.iter().any(|known| known.name == permission.name) {
            permissions.push(permission);
        }
    }
    let low = android(root, "versionCode").and_then(number).unwrap_or(0) & u64::from(u32::MAX);
    let high = android(root, "versionCodeMajor").and_then(number).unwrap_or(0) & u64::from(u32::MAX);
    Ok(Facts {
        package: package.to_owned(),
        version_code: high << 32 | low,
        min_sdk: level("minSdkVersion").and_then(|level| u32::try_from(level).ok()),
        target_sdk: level("targetSdkVersion").and_then(|level| u32::try_from(level).ok()),
        permissions,
        launcher: application.and_then(|application| launcher(application, package)),
        debuggable: application.and_then(|application| android(application, "debuggable")) == Some("true"),
        split: root.attribute("split").filter(|split| !split.is_empty()).map(str::to_owned),
        ..Facts::default()
    })
}

/// The first enabled activity, or alias, with the launcher's intent filter.
fn launcher(application: Node<'_, '_>, package: &str) -> Option<String> {
    let names = |filter: Node<'_, '_>, what: &'static str, wanted: &str| {
        children(filter, &[what]).any(|line| android(line, "name") == Some(wanted))
    };
    let starts = |activity: &Node<'_, '_>| {
        android(*activity, "enabled") != Some("false")
            && children(*activity, &["intent-filter"]).any(|filter| {
                names(filter, "action", "android.intent.action.MAIN")
                    && names(filter, "category", "android.intent.category.LAUNCHER")
            })
    };
    let name = android(children(application, &["activity", "activity-alias"]).find(starts)?, "name")?;
    Some(match name.strip_prefix('.') {
        Some(rest) => format!("{package}.{rest}"),
        None if !name.contains('.') => format!("{package}.{name}"),
        None => name.to_owned(),
    })
}

fn children<'a, 'input>(node: Node<'a, 'input>, names: &'a [&'a str]) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.is_element() && names.contains(&child.tag_name().name()))
}

fn android<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attribute((ANDROID, name))
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse::<u64>().ok().or_else(|| text.parse::<i64>().ok().map(|negative| negative as u64)),
    }
}

/// Digests of the certificates, each once, of whichever schemes the file is signed with.
fn certificates(apk: &Apk) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for signature in apk.get_signatures().unwrap_or_default() {
        let (Signature::V1(own) | Signature::V2(own) | Signature::V3(own) | Signature::V31(own)) = signature else {
            continue;
        };
        for certificate in own {
            let digest = certificate.sha256_fingerprint.replace(':', "").to_ascii_lowercase();
            if !found.contains(&digest) {
                found.push(digest);
            }
        }
    }
    found
}

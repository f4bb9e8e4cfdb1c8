//! From the bytes of app files to what the system needs of them.

use std::sync::Arc;

use super::install::{InstallRefusal, LARGEST_INSTALL, refusal};
use super::package::Facts;
use crate::virtual_device::apk_file::{self, ApkContents};
use crate::virtual_device::specimen::pack::MODEL_ASSET;
use crate::virtual_device::specimen::{LARGEST_TEXT, Specimen, Words};

/// The files of one installation, read.
#[derive(Clone, Debug)]
pub struct Files {
    /// What the base says.
    pub base: Facts,
    /// The base's bytes.
    pub bytes: Arc<Vec<u8>>,
    /// Names and bytes of the splits.
    pub splits: Vec<(String, Arc<Vec<u8>>)>,
}

impl Files {
    /// Reads a base and its splits.
    ///
    /// # Errors
    /// [`InstallRefusal`] when one of them is no app file, or they don't belong together.
    pub fn read(files: Vec<Vec<u8>>) -> Result<Self, InstallRefusal> {
        let total: usize = files.iter().map(Vec::len).sum();
        if total > LARGEST_INSTALL {
            return Err(refusal("INSTALL_FAILED_INSUFFICIENT_STORAGE", "Failed to allocate"));
        }
        let mut base = None;
        let mut splits = Vec::new();
        for bytes in files {
            let facts = facts_of(&bytes)?;
            let known = |(split, _): &(Facts, Arc<Vec<u8>>)| split.split == facts.split;
            if facts.split.is_empty() && base.is_some() || splits.iter().any(known) {
                // AOSP `PackageInstallerSession.validateInstallLocked`; a base is the split without a name.
                let name = if facts.split.is_empty() { "null" } else { &facts.split };
                return Err(refusal("INSTALL_FAILED_INVALID_APK", format!("Split {name} was defined multiple times")));
            }
            if facts.split.is_empty() {
                base = Some((facts, Arc::new(bytes)));
            } else {
                splits.push((facts, Arc::new(bytes)));
            }
        }
        let Some((mut base, bytes)) = base else {
            return Err(refusal("INSTALL_FAILED_INVALID_APK", "Full install must include a base package"));
        };
        for (split, _) in &splits {
            belongs(&base, split)?;
        }
        base.abis.extend(splits.iter().flat_map(|(split, _)| split.abis.clone()));
        base.bytes = total as u64;
        let splits = splits.into_iter().map(|(facts, bytes)| (facts.split, bytes)).collect();
        Ok(Self { base, bytes, splits })
    }

    /// Reads the files that come to a package that is installed already; of its own files (the base first) those stay
    /// that are not replaced.
    ///
    /// # Errors
    /// As for [`Files::read`].
    pub fn read_beside(installed: Vec<Vec<u8>>, coming: Vec<Vec<u8>>) -> Result<Self, InstallRefusal> {
        let names = coming.iter().map(|bytes| Ok(facts_of(bytes)?.split)).collect::<Result<Vec<_>, _>>()?;
        let mut all = Vec::new();
        for bytes in installed {
            if !names.contains(&facts_of(&bytes)?.split) {
                all.push(bytes);
            }
        }
        all.extend(coming);
        Self::read(all)
    }

    /// Names of the splits.
    pub fn split_names(&self) -> Vec<String> {
        self.splits.iter().map(|(name, _)| name.clone()).collect()
    }
}

fn facts_of(bytes: &[u8]) -> Result<Facts, InstallRefusal> {
    let contents = apk_file::read(bytes)
        .map_err(|error| refusal("INSTALL_PARSE_FAILED_NOT_APK", format!("Failed to parse base.apk: {error}")))?;
    let Some(signer) = contents.certificate.clone() else {
        return Err(refusal("INSTALL_PARSE_FAILED_NO_CERTIFICATES", "Failed to collect certificates from base.apk"));
    };
    let model = model_of(bytes, &contents)?;
    let labels = contents.labels.iter().map(|(language, label)| (language.as_str(), label.as_str()));
    let label = model.as_ref().map_or_else(|| Words::per_language(labels), |model| model.label.clone());
    Ok(Facts {
        label,
        package: contents.package,
        split: contents.split.unwrap_or_default(),
        version_code: contents.version_code,
        version_name: contents.version_name,
        min_sdk: contents.min_sdk,
        target_sdk: contents.target_sdk,
        permissions: contents.permissions.into_iter().map(|p| (p.name, p.max_sdk)).collect(),
        launcher: contents.launcher,
        activities: contents.activities.into_iter().map(|a| a.name).collect(),
        signer,
        test_only: contents.test_only,
        debuggable: contents.debuggable,
        needs_splits: contents.needs_splits,
        abis: contents.abis,
        bytes: bytes.len() as u64,
        model: model.map(Arc::new),
    })
}

/// The model an app file carries. One that can't be read is refused: an app that silently does nothing would mislead.
fn model_of(bytes: &[u8], contents: &ApkContents) -> Result<Option<Specimen>, InstallRefusal> {
    if !contents.asset_names.iter().any(|name| name == MODEL_ASSET) {
        return Ok(None);
    }
    let bad = |why: String| refusal("INSTALL_FAILED_INVALID_APK", format!("assets/{MODEL_ASSET}: {why}"));
    let text = apk_file::asset(bytes, MODEL_ASSET).map_err(|e| bad(e.to_string()))?.unwrap_or_default();
    if text.len() > LARGEST_TEXT {
        return Err(bad("too large".into()));
    }
    let text = String::from_utf8(text).map_err(|e| bad(e.to_string()))?;
    let model = Specimen::parse(&text).map_err(|e| bad(e.to_string().lines().next().unwrap_or_default().into()))?;
    if model.package != contents.package {
        return Err(bad(format!("it is the model of {}", model.package)));
    }
    Ok(Some(model))
}

/// Whether a split belongs to a base.
fn belongs(base: &Facts, split: &Facts) -> Result<(), InstallRefusal> {
    let text = if split.split.is_empty() {
        "Multiple base packages".to_string()
    } else if split.package != base.package {
        format!("Inconsistent package {} found; previously {}", split.package, base.package)
    } else if split.version_code != base.version_code {
        let (name, own, first) = (&split.split, split.version_code, base.version_code);
        format!("{name} specified inconsistent version code {own}; previously {first}")
    } else if split.signer != base.signer {
        format!("{} signatures are inconsistent", split.split)
    } else {
        return Ok(());
    };
    Err(refusal("INSTALL_FAILED_INVALID_APK", text))
}

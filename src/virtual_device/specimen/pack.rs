//! From a specimen to an installable app file that carries it.

use super::{Specimen, SpecimenError, permission_name};
use crate::virtual_device::apk_file::{self, Activity, ManifestSpec, UsesPermission};

/// Name, below `assets/`, under which an app file carries its model.
pub const MODEL_ASSET: &str = "appwitness/model.yaml";

/// Makes an app file from a specimen's text. Equal texts give equal bytes.
///
/// # Errors
/// [`SpecimenError`] when the text is no specimen, or no file can be made of it.
pub fn pack(text: &str) -> Result<Vec<u8>, SpecimenError> {
    let specimen = Specimen::parse(text)?;
    let assets = [(MODEL_ASSET.to_string(), text.as_bytes().to_vec())];
    apk_file::write(&manifest(&specimen), &assets).map_err(|error| SpecimenError::Pack(error.to_string()))
}

fn manifest(specimen: &Specimen) -> ManifestSpec {
    let main = specimen.class(&specimen.activity);
    ManifestSpec {
        package: specimen.package.clone(),
        label: specimen.label.in_locale("en").to_string(),
        version_code: specimen.version.code.into(),
        version_name: specimen.version.name.clone(),
        min_sdk: specimen.sdk.min,
        target_sdk: specimen.sdk.target,
        permissions: specimen.permissions.iter().map(|p| UsesPermission::from(permission_name(p).as_str())).collect(),
        activities: specimen
            .activities()
            .into_iter()
            .map(|name| Activity { launcher: name == main, name, ..Activity::default() })
            .collect(),
        ..ManifestSpec::default()
    }
}

//! App files as Android knows them: written for specimens, and read by the device's own installer.
//!
//! What is written is a real APK: a zip with a binary manifest (AXML), signed by JAR signing (v1, for Android before
//! 7.0) and by APK Signature Scheme v2, byte for byte the same for the same input. It holds no code. The signing key is
//! in this source for everyone to read: it proves nothing, it only makes the file installable (see [`signing`]).
//!
//! Sources of the formats: AOSP `ResourceTypes.h` (AXML), source.android.com "APK Signature Scheme v2", Oracle's JAR
//! file specification (v1), PKWARE's APPNOTE (zip).

mod archive;
mod axml;
mod der;
mod manifest;
mod signing;

pub use manifest::{Activity, ManifestSpec, UsesPermission};

use thiserror::Error;

/// Why an app file could not be written or read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ApkFileError {
    /// A part is too large for the format.
    #[error("{0} is too large for an app file")]
    TooLarge(String),
    /// The signature could not be made.
    #[error("the app file could not be signed: {0}")]
    Signing(String),
}

/// Writes an app file. `assets` are names below `assets/` with their bytes; equal input gives equal bytes.
pub fn write(spec: &ManifestSpec, assets: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ApkFileError> {
    let mut files = vec![archive::File::stored("AndroidManifest.xml", axml::encode(&spec.to_element()))];
    files.extend(assets.iter().map(|(name, bytes)| archive::File::deflated(&format!("assets/{name}"), bytes.clone())));
    let key = signing::Key::public_test_key()?;
    let signed = signing::add_jar_signature(files, &key)?;
    let archive = archive::build(&signed)?;
    signing::add_v2_signature(archive, &key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> ManifestSpec {
        ManifestSpec {
            package: "org.example.words".to_owned(),
            label: "Wörter 单词".to_owned(),
            version_code: 12,
            version_name: "1.2".to_owned(),
            min_sdk: 21,
            target_sdk: 33,
            permissions: vec![
                UsesPermission::from("android.permission.CAMERA"),
                UsesPermission { name: "android.permission.WRITE_EXTERNAL_STORAGE".to_owned(), max_sdk: Some(28) },
            ],
            activities: vec![Activity {
                name: "org.example.words.MainActivity".to_owned(),
                launcher: true,
                ..Activity::default()
            }],
            ..ManifestSpec::default()
        }
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let assets = [("model.yaml".to_owned(), b"app: words\n".to_vec())];
        let apk = write(&spec(), &assets).unwrap();
        assert_eq!(write(&spec(), &assets).unwrap(), apk);
    }
}

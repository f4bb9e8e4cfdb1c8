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
mod bytes;
mod certificate;
mod contents;
mod der;
mod manifest;
mod resources;
mod signing;
mod strings;

pub use contents::{ApkContents, asset, read};
pub use manifest::{Activity, ManifestSpec, UsesPermission};

use thiserror::Error;

/// Why an app file could not be written or read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ApkFileError {
    /// A part is too large for the format.
    #[error("{0} is too large for an app file")]
    TooLarge(String),
    /// The file is no zip, or a broken one.
    #[error("this is no app file: {0}")]
    NotAnArchive(String),
    /// The archive holds no manifest.
    #[error("this is no app file: it holds no AndroidManifest.xml")]
    NoManifest,
    /// The manifest cannot be used.
    #[error("the app's manifest cannot be used: {0}")]
    BadManifest(String),
    /// The bytes are not those that were signed.
    #[error("the app file was changed after it was signed")]
    Altered,
    /// The signature could not be made.
    #[error("the app file could not be signed: {0}")]
    Signing(String),
}

/// Writes an app file. `assets` are names below `assets/` with their bytes; equal input gives equal bytes.
pub fn write(spec: &ManifestSpec, assets: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ApkFileError> {
    let mut files = vec![archive::File::stored("AndroidManifest.xml", axml::encode(&spec.to_element()))];
    if spec.split.is_none() {
        files.push(archive::File::stored("resources.arsc", resources::encode(&spec.package, &spec.label)));
    }
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

    #[test]
    fn what_is_written_is_read_back() {
        let assets = [("model.yaml".to_owned(), b"app: words\n".to_vec()), ("a/b.bin".to_owned(), vec![0; 3 << 20])];
        let apk = write(&spec(), &assets).unwrap();
        let read = read(&apk).unwrap();
        assert_eq!(read.package, "org.example.words");
        assert_eq!(read.label("zh-CN"), "Wörter 单词");
        assert_eq!((read.version_code, read.version_name.as_str()), (12, "1.2"));
        assert_eq!((read.min_sdk, read.target_sdk), (21, 33));
        assert_eq!(read.permissions, spec().permissions);
        assert_eq!(read.launcher.as_deref(), Some("org.example.words.MainActivity"));
        assert!(read.activities[0].exported && read.split.is_none() && !read.debuggable);
        assert_eq!(read.asset_names, ["a/b.bin", "model.yaml"]);
        assert_eq!(asset(&apk, "model.yaml").unwrap().as_deref(), Some(&b"app: words\n"[..]));
        assert_eq!(asset(&apk, "none").unwrap(), None);
        // As `apksigner verify --print-certs` tells it.
        let certificate = "06c35a27b34a7d6d3323c8a7c12056fabc90576a1e7a49fbb96177fb7af131c4";
        assert_eq!(read.certificate.as_deref(), Some(certificate));
    }

    #[test]
    fn a_split_and_a_long_version_code_are_read_back() {
        let split = ManifestSpec {
            split: Some("config.zh".to_owned()),
            version_code: 7 << 32 | 9,
            debuggable: true,
            test_only: true,
            ..spec()
        };
        let read = read(&write(&split, &[]).unwrap()).unwrap();
        assert_eq!((read.split.as_deref(), read.version_code), (Some("config.zh"), 7 << 32 | 9));
        assert!(read.debuggable && read.test_only && read.labels.is_empty());
        assert_eq!(read.label("en-US"), "org.example.words");
    }

    #[test]
    fn a_changed_byte_is_noticed_and_no_cut_or_change_panics() {
        let apk = write(&spec(), &[("model.yaml".to_owned(), b"app: words\n".to_vec())]).unwrap();
        let whole = read(&apk).unwrap();
        for at in (0..apk.len()).step_by(7) {
            assert!(read(&apk[..at]).is_err(), "cut at {at}");
            let mut changed = apk.clone();
            changed[at] ^= 0x20;
            // A change inside the signing block can leave the file as it was read, but not what is read from it.
            if let Ok(contents) = read(&changed) {
                assert_eq!(
                    ApkContents { certificate: None, ..contents },
                    ApkContents { certificate: None, ..whole.clone() }
                );
            }
        }
    }

    #[test]
    fn garbage_is_refused_with_a_reason() {
        assert!(matches!(read(b"not a zip"), Err(ApkFileError::NotAnArchive(_))));
        let empty = archive::build(&[archive::File::stored("a.txt", b"a".to_vec())]).unwrap().bytes;
        assert_eq!(read(&empty), Err(ApkFileError::NoManifest));
        let text = archive::build(&[archive::File::stored("AndroidManifest.xml", b"<manifest/>".to_vec())]).unwrap();
        assert!(matches!(read(&text.bytes), Err(ApkFileError::BadManifest(_))));
        let odd = write(&ManifestSpec { package: "no package".to_owned(), ..spec() }, &[]).unwrap();
        assert!(matches!(read(&odd), Err(ApkFileError::BadManifest(_))));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = archive::File::deflated("AndroidManifest.xml", vec![0; 40 << 20]);
        let bytes = archive::build(&[bomb]).unwrap().bytes;
        assert!(bytes.len() < 100_000);
        assert_eq!(read(&bytes), Err(ApkFileError::TooLarge("AndroidManifest.xml".to_owned())));
    }
}

//! App files judged from outside: what we write must satisfy Android's own tools.

use std::path::PathBuf;
use std::process::Command;

use appwitness::virtual_device::apk_file::{self, Activity, ManifestSpec, UsesPermission};

/// Runs a tool of Debian's android-sdk packages; `None`, with a word on stderr, when it is not installed.
fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(name).args(arguments).output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{name}: {text}{}", String::from_utf8_lossy(&output.stderr));
            Some(text)
        }
        Err(_) => {
            eprintln!("skipped: {name} is not installed (apt-get install aapt apksigner)");
            None
        }
    }
}

fn written(name: &str, spec: &ManifestSpec) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(name);
    let assets = [("model.yaml".to_owned(), b"words: true\n".to_vec())];
    std::fs::write(&path, apk_file::write(spec, &assets).unwrap()).unwrap();
    path
}

fn spec() -> ManifestSpec {
    ManifestSpec {
        package: "org.example.words".to_owned(),
        label: "Words 单词".to_owned(),
        version_code: 12,
        version_name: "1.2".to_owned(),
        min_sdk: 21,
        target_sdk: 34,
        permissions: vec![
            UsesPermission::from("android.permission.CAMERA"),
            UsesPermission { name: "android.permission.READ_CONTACTS".to_owned(), max_sdk: Some(28) },
        ],
        activities: vec![Activity {
            name: "org.example.words.MainActivity".to_owned(),
            launcher: true,
            ..Activity::default()
        }],
        debuggable: true,
        ..ManifestSpec::default()
    }
}

#[test]
fn aapt_reads_what_we_write() {
    let path = written("words.apk", &spec());
    let Some(badging) = tool("aapt", &["dump", "badging", path.to_str().unwrap()]) else { return };
    for line in [
        "package: name='org.example.words' versionCode='12' versionName='1.2'",
        "sdkVersion:'21'",
        "targetSdkVersion:'34'",
        "uses-permission: name='android.permission.CAMERA'",
        "uses-permission: name='android.permission.READ_CONTACTS' maxSdkVersion='28'",
        "application-label:'Words 单词'",
        "application-debuggable",
        "launchable-activity: name='org.example.words.MainActivity'",
    ] {
        assert!(badging.lines().any(|printed| printed.starts_with(line)), "no line {line} in\n{badging}");
    }
}

#[test]
fn apksigner_accepts_what_we_sign_from_android_4_on() {
    let path = written("signed.apk", &spec());
    let arguments = ["verify", "--verbose", "--print-certs", "--min-sdk-version", "18", path.to_str().unwrap()];
    let Some(verified) = tool("apksigner", &arguments) else { return };
    assert!(verified.contains("Verified using v1 scheme (JAR signing): true"), "{verified}");
    assert!(verified.contains("Verified using v2 scheme (APK Signature Scheme v2): true"), "{verified}");
    let bytes = std::fs::read(&path).unwrap();
    let certificate = apk_file::read(&bytes).unwrap().certificate.unwrap();
    assert!(verified.contains(&format!("certificate SHA-256 digest: {certificate}")), "{verified}");
}

#[test]
fn apksigner_accepts_a_split() {
    let split = ManifestSpec { split: Some("config.zh".to_owned()), activities: Vec::new(), ..spec() };
    let path = written("split.apk", &split);
    let Some(verified) = tool("apksigner", &["verify", "--verbose", path.to_str().unwrap()]) else { return };
    assert!(verified.starts_with("Verifies"), "{verified}");
}

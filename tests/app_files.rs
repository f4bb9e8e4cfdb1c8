//! App files judged from outside: what we write must satisfy Android's own tools.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use appwitness::apk::{ApkError, App};
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
            assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {name}");
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

/// A folder for one test, empty.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn put(folder: &Path, name: &str, spec: &ManifestSpec) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, apk_file::write(spec, &[]).unwrap()).unwrap();
    path
}

fn split(name: &str) -> ManifestSpec {
    ManifestSpec {
        split: Some(name.to_owned()),
        activities: Vec::new(),
        permissions: vec![UsesPermission::from("android.permission.NFC")],
        ..spec()
    }
}

#[test]
fn an_app_tells_its_facts() {
    let folder = folder("facts");
    let app = App::open(&[put(&folder, "words.apk", &spec())]).unwrap();
    assert_eq!(app.facts.package, "org.example.words");
    assert_eq!(app.facts.label, "Words 单词");
    assert_eq!((app.facts.version_code, app.facts.version_name.as_str()), (12, "1.2"));
    assert_eq!((app.facts.min_sdk, app.facts.target_sdk), (Some(21), Some(34)));
    assert_eq!(app.facts.launcher.as_deref(), Some("org.example.words.MainActivity"));
    let permissions: Vec<(&str, Option<u32>)> =
        app.facts.permissions.iter().map(|permission| (permission.name.as_str(), permission.max_sdk)).collect();
    assert_eq!(permissions, [("android.permission.CAMERA", None), ("android.permission.READ_CONTACTS", Some(28))]);
    let bytes = std::fs::read(&app.files[0].path).unwrap();
    assert_eq!(app.facts.certificates, [apk_file::read(&bytes).unwrap().certificate.unwrap()]);
    assert_eq!((app.files[0].bytes, app.files[0].name.as_str()), (bytes.len() as u64, "words.apk"));
    assert_eq!(app.files[0].sha256.len(), 64);
}

#[test]
fn a_split_set_is_one_app_and_strangers_are_refused() {
    let folder = folder("splits");
    put(&folder, "z-base.apk", &spec());
    put(&folder, "a-zh.apk", &split("config.zh"));
    std::fs::write(folder.join("notes.txt"), "not an app").unwrap();
    let app = App::open(std::slice::from_ref(&folder)).unwrap();
    let names: Vec<&str> = app.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["z-base.apk", "a-zh.apk"]);
    assert!(app.facts.permissions.iter().any(|permission| permission.name == "android.permission.NFC"));

    let alone = App::open(&[folder.join("a-zh.apk")]);
    assert!(matches!(alone, Err(ApkError::NoBase(_))));
    let other = put(&folder, "other.apk", &ManifestSpec { version_code: 13, ..split("config.en") });
    assert!(matches!(App::open(&[folder.join("z-base.apk"), other]), Err(ApkError::Mixed { .. })));
    let twice = put(&folder, "twice.apk", &split("config.zh"));
    let set = [folder.join("z-base.apk"), folder.join("a-zh.apk"), twice];
    assert!(matches!(App::open(&set), Err(ApkError::Mixed { .. })));
    let base = put(&folder, "base2.apk", &spec());
    assert!(matches!(App::open(&[folder.join("z-base.apk"), base]), Err(ApkError::SeveralBases(..))));
}

#[test]
fn bad_files_are_refused_with_their_name_and_a_remedy() {
    let folder = folder("bad");
    let whole = std::fs::read(put(&folder, "whole.apk", &spec())).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let told = |path: PathBuf| {
        let error = App::open(std::slice::from_ref(&path)).unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        error
    };
    assert!(matches!(told(write("cut.apk", &whole[..whole.len() / 2])), ApkError::CutShort { .. }));
    assert!(matches!(told(write("empty.apk", b"")), ApkError::Empty(_)));
    assert!(matches!(told(write("page.apk", b"<html>404</html>")), ApkError::NotAnApp { .. }));
    assert!(matches!(told(write("noise.apk", &[7; 4096])), ApkError::NotAnApp { .. }));
    assert!(matches!(told(folder.join("missing.apk")), ApkError::NotFound(_)));
    let zip = zip(&folder, "plain.apk", &[("readme.txt", b"hello")]);
    assert!(matches!(told(zip), ApkError::NotAnApp { .. }));
    let bomb = self::zip(&folder, "bomb.apk", &[("AndroidManifest.xml", &vec![0; 20 << 20])]);
    assert!(matches!(told(bomb), ApkError::TooLarge { .. }));
    assert_eq!(App::open(&[]), Err(ApkError::NoFile));
    for at in (4..whole.len()).step_by(97) {
        let mut changed = whole.clone();
        changed[at] ^= 0xff;
        // Only that it neither panics nor hangs: what a changed byte means is the parser's to say.
        let _ = App::open(&[write("changed.apk", &changed)]);
    }
}

fn zip(folder: &Path, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.join(name);
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    path
}

#[test]
fn a_bundle_is_unpacked_and_nothing_escapes() {
    let folder = folder("bundle");
    let base = apk_file::write(&spec(), &[]).unwrap();
    let zh = apk_file::write(&split("config.zh"), &[]).unwrap();
    let files: [(&str, &[u8]); 4] = [
        ("manifest.json", b"{}"),
        ("../../escape/org.example.words.apk", &base),
        ("config.zh.apk", &zh),
        ("Android/obb/org.example.words/main.12.obb", b"data"),
    ];
    let bundle = zip(&folder, "words.xapk", &files);
    assert!(matches!(App::open(std::slice::from_ref(&bundle)), Err(ApkError::NeedsUnpacking(_))));
    let scratch = folder.join("scratch");
    std::fs::create_dir(&scratch).unwrap();
    let app = App::open_unpacking(std::slice::from_ref(&bundle), &scratch).unwrap();
    assert_eq!(app.facts.package, "org.example.words");
    assert_eq!(app.files.len(), 2);
    assert!(app.files.iter().all(|file| file.path.parent() == Some(&scratch)));
    assert_eq!(app.left_out, ["Android/obb/org.example.words/main.12.obb"]);
    assert_eq!(app.bundle.unwrap().name, "words.xapk");
    assert!(!folder.join("escape").exists());

    let again = App::open_unpacking(std::slice::from_ref(&bundle), &scratch);
    assert!(matches!(again, Err(ApkError::Unwritable { .. })), "what is there is not overwritten");
    let clash = zip(&folder, "clash.apks", &[("a/base.apk", &base), ("b/base.apk", &base)]);
    assert!(App::open_unpacking(&[clash], &scratch).is_err());
}

/// Real apps, from the folder that `APPWITNESS_REAL_APKS` names: the host's reader, the device's and aapt agree.
#[test]
fn the_readers_agree_on_real_apps() {
    let Some(folder) = std::env::var_os("APPWITNESS_REAL_APKS") else {
        eprintln!("skipped: APPWITNESS_REAL_APKS names no folder of APKs");
        return;
    };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "apk") {
            continue;
        }
        let host = App::open(std::slice::from_ref(&path)).unwrap().facts;
        let device = apk_file::read(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!((&host.package, host.version_code), (&device.package, device.version_code));
        assert_eq!((&host.version_name, &host.launcher), (&device.version_name, &device.launcher));
        assert_eq!((host.min_sdk, host.target_sdk), (Some(device.min_sdk), Some(device.target_sdk)));
        assert_eq!(host.label, device.label("en-US"));
        assert_eq!(host.certificates.first(), device.certificate.as_ref());
        let asked: Vec<(&str, Option<u32>)> =
            host.permissions.iter().map(|asked| (asked.name.as_str(), asked.max_sdk)).collect();
        let seen_by_device: Vec<(&str, Option<u32>)> =
            device.permissions.iter().map(|asked| (asked.name.as_str(), asked.max_sdk)).collect();
        assert_eq!(asked, seen_by_device);
        if let Some(badging) = tool("aapt", &["dump", "badging", path.to_str().unwrap()]) {
            let head = format!(
                "package: name='{}' versionCode='{}' versionName='{}'",
                host.package, host.version_code, host.version_name
            );
            assert!(badging.starts_with(&head), "{badging}");
            assert!(badging.contains(&format!("application-label:'{}'", host.label)), "{badging}");
            for permission in &host.permissions {
                assert!(badging.contains(&format!("uses-permission: name='{}'", permission.name)), "{permission:?}");
            }
        }
        seen += 1;
    }
    assert!(seen > 0, "the folder holds no .apk");
}

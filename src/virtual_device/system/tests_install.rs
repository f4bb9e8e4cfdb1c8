//! Installs: what is read from an app's files, and what is refused.

use super::tests::{MODEL, device, with_app};
use super::{Facts, InstallOptions};
use crate::virtual_device::specimen::Specimen;

#[test]
fn installs_are_refused_in_androids_words() {
    let facts = |change: fn(&mut Facts)| {
        let mut facts = Facts::of_specimen(Specimen::parse(MODEL).unwrap());
        change(&mut facts);
        facts
    };
    let says = |api: u32, facts: Facts, splits: &[&str], options: InstallOptions| {
        let (mut system, _) = device(api);
        let splits = splits.iter().map(|name| String::from(*name)).collect();
        system.install_facts(facts, splits, options).map_err(|refusal| refusal.to_string())
    };
    let usual = InstallOptions::default();
    let ok = Ok("test.perm".to_owned());
    let needs = |facts: &mut Facts| facts.needs_splits = true;
    assert_eq!(
        says(33, facts(needs), &[], usual),
        Err("INSTALL_FAILED_MISSING_SPLIT: Missing split for test.perm".into())
    );
    assert_eq!(says(33, facts(needs), &["config.zh"], usual), ok);
    assert_eq!(says(28, facts(needs), &[], usual), ok, "the attribute is not known yet");
    let arm = |facts: &mut Facts| facts.abis = vec!["armeabi-v7a".into()];
    let both = |facts: &mut Facts| facts.abis = vec!["armeabi-v7a".into(), "x86_64".into()];
    let text = "INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries, res=-113";
    assert_eq!(says(33, facts(arm), &[], usual), Err(text.into()));
    assert_eq!(says(33, facts(both), &[], usual), ok);
    let test = |facts: &mut Facts| facts.test_only = true;
    assert_eq!(says(33, facts(test), &[], usual), Err("INSTALL_FAILED_TEST_ONLY: installPackageLI".into()));
    assert_eq!(says(33, facts(test), &[], InstallOptions { test: true, ..usual }), ok);
    let aged = |facts: &mut Facts| facts.target_sdk = 22;
    let text = "INSTALL_FAILED_DEPRECATED_SDK_VERSION: App package must target at least SDK version 23, but found 22";
    assert_eq!(says(34, facts(aged), &[], usual), Err(text.into()));
    assert_eq!(says(34, facts(aged), &[], InstallOptions { downgrade: true, ..usual }), ok);
    // The same package once more, before replacing went without saying.
    let (mut system, _) = with_app(28);
    let again = system.install_facts(facts(|_| {}), Vec::new(), usual).unwrap_err().to_string();
    let text = "Attempt to re-install test.perm without first uninstalling.";
    assert_eq!(again, format!("INSTALL_FAILED_ALREADY_EXISTS: {text}"));
    // A maker's phone on which the person says no.
    let (mut system, _) = device(33);
    system.set_switches(super::Switches { installs_refused: true, ..system.switches() });
    let refused = system.install_facts(facts(|_| {}), Vec::new(), usual).unwrap_err().to_string();
    assert_eq!(refused, "INSTALL_FAILED_USER_RESTRICTED: Install canceled by user");
}

/// The files of an archive that are to be kept, with more of them.
fn repacked(archive: &[u8], keep: impl Fn(&str) -> bool, more: &[&str]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut other = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).unwrap();
        if keep(file.name()) {
            other.raw_copy_file(file).unwrap();
        }
    }
    for name in more {
        other.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
    }
    other.finish().unwrap().into_inner()
}

#[test]
fn what_refuses_an_app_file_is_read_from_it() {
    use crate::virtual_device::apk_file::{ManifestSpec, write};
    let spec = ManifestSpec {
        package: "test.bare".into(),
        version_code: 1,
        min_sdk: 21,
        target_sdk: 33,
        needs_splits: true,
        ..ManifestSpec::default()
    };
    let signed = write(&spec, &[]).unwrap();
    let read = |file: Vec<u8>| super::InstallFiles::read(vec![file]);
    let plain = read(signed.clone()).unwrap().base;
    assert!(plain.needs_splits && plain.abis.is_empty());
    let native =
        repacked(&signed, |_| true, &["lib/armeabi-v7a/libwork.so", "lib/x86_64/libwork.so", "lib/notes/read.me"]);
    assert_eq!(read(native).unwrap().base.abis, ["armeabi-v7a", "x86_64"]);
    let unsigned = repacked(&signed, |name| !name.starts_with("META-INF/"), &[]);
    let text = "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from base.apk";
    assert_eq!(read(unsigned).unwrap_err().to_string(), text);
}

//! What a package promises, tried on real files, by ourselves and by others' tools.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use ssh_key::private::{Ed25519Keypair, PrivateKey};

use super::*;
use crate::clock::Clock;
use crate::journal::entry::{Capture, CaseOpened, Ended, Event};
use crate::journal::{self, Journal};

/// A folder that goes away with the test.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("appwitness-evidence-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn opened() -> CaseOpened {
    serde_json::from_value(serde_json::json!({
        "case": "case-1", "attempt": 1, "purpose": "", "app": {"package": "org.example"}, "category": null,
        "scenario": "s", "scenario-title": "S", "scenario-digest": journal::digest::of(b"s"), "scenario-verbs": [],
        "prompts": "deny", "consent": "accept", "catalogue-digest": journal::digest::of(b"c"), "program": "0",
        "program-digest": null
    }))
    .unwrap()
}

fn capture(journal: &Journal, picture: &[u8], tree: &[u8]) -> Event {
    Event::Captured(Box::new(Capture {
        reason: "step".into(),
        screenshot: Some(journal.exhibit(picture, "image/png").unwrap()),
        size: Some((1, 1)),
        secure: false,
        hierarchy: Some(journal.exhibit(tree, "application/xml").unwrap()),
        hierarchy_by: "uiautomator".into(),
        focus: None,
        window: None,
        above: None,
        resumed: None,
        signature: None,
        dead_end: None,
        policy_words: None,
        missing: Vec::new(),
        secret: Vec::new(),
    }))
}

/// A record with two captures, ended as it should.
pub(super) fn record(folder: &Path) -> Journal {
    let clock = Clock::stepped(1_700_000_000_000);
    let journal = Journal::create(folder, clock.clone()).unwrap();
    journal.append(Event::CaseOpened(Box::new(opened()))).unwrap();
    for n in 0..2u8 {
        clock.advance(std::time::Duration::from_millis(7));
        journal.append(capture(&journal, &[n; 40], format!("<hierarchy n=\"{n}\"/>").as_bytes())).unwrap();
    }
    let closed =
        Event::CaseClosed { ended: Ended::Completed, blame: None, message: String::new(), missing: Vec::new() };
    journal.append(closed).unwrap();
    journal
}

pub(super) fn key(at: &Scratch) -> PathBuf {
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]));
    let path = at.at("key");
    fs::write(&path, key.to_openssh(ssh_key::LineEnding::LF).unwrap().as_bytes()).unwrap();
    path
}

pub(super) fn sealing(to: PathBuf, form: Form) -> Sealing {
    let files = BTreeMap::from([
        ("outcomes.json".to_owned(), b"[]\n".to_vec()),
        ("report.html".to_owned(), b"<!doctype html><title>x</title>".to_vec()),
    ]);
    Sealing { to, form, operator: "测试 desk".into(), purpose: "a test".into(), files, ..Sealing::default() }
}

/// Every file of a folder with its bytes.
pub(super) fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => open.push(entry.path()),
                false => drop(
                    found
                        .insert(entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap()),
                ),
            }
        }
    }
    found
}

#[test]
fn what_is_sealed_verifies_in_both_forms_signed_or_not() {
    let at = Scratch::new();
    record(&at.at("run"));
    let key = key(&at);
    for (name, form) in [("bag", Form::Folder), ("bag.zip", Form::Zip), ("bag.tar.zst", Form::TarZst)] {
        for key in [None, Some(key.clone())] {
            let to = at.at(&format!("{}-{name}", key.is_some()));
            let sealed = seal(&at.at("run"), &Sealing { key: key.clone(), ..sealing(to.clone(), form) }).unwrap();
            assert_eq!(sealed.signed_by.is_some(), key.is_some());
            assert!(sealed.remarks.is_empty(), "{:?}", sealed.remarks);
            let verified = verify(&to).unwrap();
            assert_eq!(verified.digest, sealed.digest);
            assert_eq!(verified.signed_by, sealed.signed_by);
            assert_eq!((verified.entries, verified.files), (4, 8));
            assert_eq!(verified.identifier, "case-1 attempt 1");
            assert_eq!(verified.ended, "2023-11-14T22:13:20.014Z");
        }
    }
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let at = Scratch::new();
    record(&at.at("run"));
    let key = Some(key(&at));
    for (a, b, form) in
        [("a", "b", Form::Folder), ("a.zip", "b.zip", Form::Zip), ("a.tar.zst", "b.tar.zst", Form::TarZst)]
    {
        for name in [a, b] {
            seal(&at.at("run"), &Sealing { key: key.clone(), ..sealing(at.at(name), form) }).unwrap();
        }
        match form {
            Form::Folder => assert_eq!(contents(&at.at(a)), contents(&at.at(b))),
            Form::Zip | Form::TarZst => assert_eq!(fs::read(at.at(a)).unwrap(), fs::read(at.at(b)).unwrap()),
        }
    }
}

#[test]
fn an_archive_unpacks_to_the_folder() {
    let at = Scratch::new();
    record(&at.at("run"));
    seal(&at.at("run"), &sealing(at.at("bag"), Form::Folder)).unwrap();
    seal(&at.at("run"), &sealing(at.at("bag.zip"), Form::Zip)).unwrap();
    let mut archive = zip::ZipArchive::new(fs::File::open(at.at("bag.zip")).unwrap()).unwrap();
    archive.extract(at.at("unpacked")).unwrap();
    assert_eq!(contents(&at.at("unpacked")), contents(&at.at("bag")));
    verify(&at.at("unpacked")).unwrap();
}

#[test]
fn a_packed_archive_unpacks_to_the_folder_and_a_folder_packs_to_it() {
    let at = Scratch::new();
    record(&at.at("run"));
    seal(&at.at("run"), &sealing(at.at("bag"), Form::Folder)).unwrap();
    for name in ["bag.tar.zst", "bag.zip"] {
        seal(&at.at("run"), &sealing(at.at(name), Form::of(Path::new(name)))).unwrap();
        let packed = pack(&at.at("bag"), &at.at(&format!("again-{name}"))).unwrap();
        assert_eq!(fs::read(packed.path).unwrap(), fs::read(at.at(name)).unwrap());
        let opened = open(&at.at(name)).unwrap();
        assert_eq!(opened.entries, open(&at.at("bag")).unwrap().entries);
        assert_eq!(opened.file("report.html").unwrap(), b"<!doctype html><title>x</title>");
        assert_eq!(opened.file("nothing"), None);
    }
    assert!(matches!(pack(&at.at("bag.zip"), &at.at("x.tar.zst")), Err(EvidenceError::Archive { .. })));
    if there("tar") && there("zstd") {
        fs::create_dir(at.at("unpacked")).unwrap();
        let tar = Command::new("tar").args(["--zstd", "-xf", "../bag.tar.zst"]).current_dir(at.at("unpacked")).output();
        let tar = tar.unwrap();
        assert!(tar.status.success(), "{}", String::from_utf8_lossy(&tar.stderr));
        assert_eq!(contents(&at.at("unpacked")), contents(&at.at("bag")));
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    let at = Scratch::new();
    // One frame of 2 MiB zeros is 60 bytes long.
    let frame = compress_to_vec(vec![0u8; 2 << 20].as_slice(), CompressionLevel::Fastest);
    assert!(frame.len() < 200);
    fs::write(at.at("bomb"), frame).unwrap();
    assert!(verify(&at.at("bomb")).unwrap_err().to_string().contains("unpacks to more"));
    // A window of 2 GiB asked for, in a frame header of two bytes.
    fs::write(at.at("window"), [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00]).unwrap();
    assert!(verify(&at.at("window")).is_err());
    // A payload that says it is larger than what is unpacked.
    record(&at.at("run"));
    seal(&at.at("run"), &sealing(at.at("bag"), Form::Folder)).unwrap();
    let info = at.at("bag/bag-info.txt");
    let text = fs::read_to_string(&info).unwrap();
    let oxum = text.lines().find(|line| line.starts_with("Payload-Oxum")).unwrap();
    fs::write(&info, text.replace(oxum, "Payload-Oxum: 99999999999999.8")).unwrap();
    let names = super::verify::names(&at.at("bag")).unwrap();
    let mut writer = super::tarball::TarWriter::new(fs::File::create(at.at("large")).unwrap());
    let tags = fs::read(at.at("bag/tagmanifest-sha256.txt")).unwrap();
    let changed = journal::digest::of(&fs::read(&info).unwrap());
    let tags = String::from_utf8(tags).unwrap();
    let old = tags.lines().find(|line| line.ends_with("bag-info.txt")).unwrap();
    fs::write(at.at("bag/tagmanifest-sha256.txt"), tags.replace(old, &format!("{changed}  bag-info.txt"))).unwrap();
    for name in names {
        let bytes = fs::read(at.at("bag").join(&name)).unwrap();
        writer.add(&name, bytes.len() as u64, bytes.as_slice()).unwrap();
    }
    writer.finish().unwrap();
    let fault = verify(&at.at("large")).unwrap_err();
    assert!(matches!(fault, Fault::Hostile { .. }), "{fault}");
}

#[test]
fn a_torn_record_is_sealed_without_its_torn_line_and_says_so() {
    let at = Scratch::new();
    let journal = record(&at.at("run"));
    journal.exhibit(b"nobody cites this", "image/png").unwrap();
    let file = at.at("run").join(journal::FILE);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 9]).unwrap();
    let sealed = seal(&at.at("run"), &sealing(at.at("bag"), Form::Folder)).unwrap();
    assert_eq!(sealed.remarks.len(), 3, "{:?}", sealed.remarks);
    let verified = verify(&at.at("bag")).unwrap();
    assert_eq!(verified.entries, 3);
    assert_eq!(verified.remarks, sealed.remarks);
}

#[test]
fn what_an_earlier_seal_left_unfinished_is_no_package_and_no_hindrance() {
    let at = Scratch::new();
    record(&at.at("run"));
    fs::create_dir_all(at.at("bag.unfinished/data")).unwrap();
    fs::write(at.at("bag.unfinished/data/old"), b"old").unwrap();
    assert!(matches!(verify(&at.at("bag.unfinished")), Err(Fault::NoPackage)));
    assert!(matches!(verify(&at.at("nowhere")), Err(Fault::Unopened { .. })));
    seal(&at.at("run"), &sealing(at.at("bag"), Form::Folder)).unwrap();
    verify(&at.at("bag")).unwrap();
    assert!(!at.at("bag.unfinished").exists());
    assert!(matches!(seal(&at.at("run"), &sealing(at.at("bag"), Form::Folder)), Err(EvidenceError::Exists { .. })));
}

#[test]
fn a_record_whose_exhibit_is_gone_or_changed_is_not_sealed() {
    let at = Scratch::new();
    record(&at.at("run"));
    let exhibit = contents(&at.at("run")).into_keys().find(|p| p.starts_with("exhibits")).unwrap();
    let file = at.at("run").join(exhibit);
    fs::write(&file, b"other").unwrap();
    assert!(matches!(seal(&at.at("run"), &sealing(at.at("a"), Form::Folder)), Err(EvidenceError::Exhibit { .. })));
    fs::remove_file(&file).unwrap();
    assert!(matches!(seal(&at.at("run"), &sealing(at.at("a"), Form::Zip)), Err(EvidenceError::Exhibit { .. })));
    assert!(!at.at("a").exists());
}

#[test]
fn names_that_lead_elsewhere_are_not_taken() {
    let at = Scratch::new();
    record(&at.at("run"));
    for name in ["../x", "a/b", "", ".x", "journal.jsonl", "exhibits", "HOW-TO-VERIFY.txt"] {
        let mut sealing = sealing(at.at("bag"), Form::Folder);
        sealing.files.insert(name.into(), Vec::new());
        assert!(matches!(seal(&at.at("run"), &sealing), Err(EvidenceError::Name { .. })), "{name:?}");
    }
}

#[test]
fn hostile_packages_are_refused() {
    let at = Scratch::new();
    record(&at.at("run"));
    seal(&at.at("run"), &sealing(at.at("bag"), Form::Folder)).unwrap();
    let manifest = at.at("bag").join("manifest-sha256.txt");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("data/report.html", "../report.html")).unwrap();
    assert!(matches!(verify(&at.at("bag")), Err(Fault::Hostile { .. })));
    fs::write(&manifest, text).unwrap();
    verify(&at.at("bag")).unwrap();
    let report = at.at("bag").join("data/report.html");
    fs::rename(&report, at.at("elsewhere")).unwrap();
    std::os::unix::fs::symlink(at.at("elsewhere"), &report).unwrap();
    assert!(matches!(verify(&at.at("bag")), Err(Fault::Hostile { .. })));
    std::os::unix::fs::symlink(at.at("bag"), at.at("link")).unwrap();
    assert!(matches!(verify(&at.at("link")), Err(Fault::Hostile { .. })));
    fs::write(at.at("big"), vec![b'x'; 1 << 20]).unwrap();
    assert!(verify(&at.at("big")).is_err());
}

#[test]
fn the_first_fault_is_named_with_its_place() {
    let at = Scratch::new();
    record(&at.at("run"));
    let bag = at.at("bag");
    seal(&at.at("run"), &sealing(bag.clone(), Form::Folder)).unwrap();
    let report = bag.join("data/report.html");
    fs::write(&report, b"<!doctype html><title>y</title>").unwrap();
    assert_eq!(verify(&bag).unwrap_err().to_string(), "data/report.html: is not the file that was sealed");
    fs::remove_file(&report).unwrap();
    assert_eq!(verify(&bag).unwrap_err().to_string(), "data/report.html: is missing");
    fs::write(&report, b"<!doctype html><title>x</title>").unwrap();
    fs::write(bag.join("data/more"), b"").unwrap();
    assert_eq!(verify(&bag).unwrap_err().to_string(), "data/more: does not belong to the package");
    fs::remove_file(bag.join("data/more")).unwrap();
    let journal = bag.join("data/journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("\"mono\":7", "\"mono\":8", 1)).unwrap();
    assert!(verify(&bag).unwrap_err().to_string().starts_with("data/journal.jsonl:3: "));
}

/// Whether a program is there; its absence is said, not hidden.
fn there(program: &str) -> bool {
    let found =
        Command::new("sh").args(["-c", &format!("command -v {program}")]).output().is_ok_and(|o| o.status.success());
    if !found {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {program}");
        eprintln!("skipped: no {program} here");
    }
    found
}

/// A Python that has bagit: that of `tests/run`, else the machine's.
fn python_with_bagit() -> Option<PathBuf> {
    let own = std::env::var_os("APPWITNESS_TOOLS").map(|tools| Path::new(&tools).join("venv/bin/python"));
    let has =
        |python: &PathBuf| Command::new(python).args(["-c", "import bagit"]).output().is_ok_and(|o| o.status.success());
    let found = own.into_iter().chain([PathBuf::from("python3")]).find(has);
    if found.is_none() {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no Python with bagit under APPWITNESS_TOOLS");
        eprintln!("skipped: no Python package bagit here");
    }
    found
}

/// Runs the lines of HOW-TO-VERIFY.txt as they stand there; the output of each.
fn literally(bag: &Path) -> Vec<(String, bool, String)> {
    let text = fs::read_to_string(bag.join("data/HOW-TO-VERIFY.txt")).unwrap();
    let commands = text.lines().filter_map(|line| line.strip_prefix("    $ ")).map(str::to_owned);
    let run = |command: String| {
        let output = Command::new("sh").arg("-c").arg(&command).current_dir(bag).output().unwrap();
        let words = [output.stdout, output.stderr].concat();
        (command, output.status.success(), String::from_utf8_lossy(&words).into_owned())
    };
    commands.map(run).collect()
}

#[test]
fn the_page_that_says_how_to_check_is_right_with_others_tools() {
    if !there("sha256sum") || !there("ssh-keygen") {
        return;
    }
    let at = Scratch::new();
    record(&at.at("run"));
    let bag = at.at("bag");
    let sealed = seal(&at.at("run"), &Sealing { key: Some(key(&at)), ..sealing(bag.clone(), Form::Folder) }).unwrap();
    let good = literally(&bag);
    let good: Vec<_> =
        good.into_iter().filter(|(line, ..)| !line.starts_with("bagit")).map(|(_, f, w)| (f, w)).collect();
    assert_eq!(good.len(), 7);
    assert!(good.iter().all(|(fine, _)| *fine), "{good:?}");
    assert_eq!((good[0].1.as_str(), good[1].1.as_str(), good[5].1.as_str()), ("", "", ""));
    assert!(good[2].1.contains(&sealed.signed_by.unwrap()), "{good:?}");

    let journal = bag.join("data/journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("\"mono\":7", "\"mono\":8", 1)).unwrap();
    let info = bag.join("tagmanifest-sha256.txt");
    let tags = fs::read_to_string(&info).unwrap();
    fs::write(&info, tags.replacen('a', "b", 1)).unwrap();
    let bad = literally(&bag);
    assert!(!bad[0].1 && !bad[1].1 && !bad[3].1, "{bad:?}");
    assert_eq!((bad[6].1, bad[6].2.as_str()), (false, "line 3\n"));
}

#[test]
fn another_program_for_bags_agrees() {
    let Some(python) = python_with_bagit() else { return };
    let at = Scratch::new();
    record(&at.at("run"));
    let bag = at.at("bag");
    seal(&at.at("run"), &Sealing { key: Some(key(&at)), ..sealing(bag.clone(), Form::Folder) }).unwrap();
    let valid = || {
        let script = "import bagit, sys; bagit.Bag(sys.argv[1]).validate()";
        Command::new(&python).args(["-c", script]).arg(&bag).output().unwrap()
    };
    let output = valid();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(bag.join("data/outcomes.json"), b"{}\n").unwrap();
    assert!(!valid().status.success());
}

#[test]
fn a_signature_by_another_key_or_for_something_else_does_not_hold() {
    let at = Scratch::new();
    record(&at.at("run"));
    let bag = at.at("bag");
    seal(&at.at("run"), &Sealing { key: Some(key(&at)), ..sealing(bag.clone(), Form::Folder) }).unwrap();
    let signed = fs::read(bag.join("tagmanifest-sha256.txt")).unwrap();
    let other = PrivateKey::from(Ed25519Keypair::from_seed(&[8; 32]));
    let own = PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]));
    for (key, namespace) in [(&other, signature::NAMESPACE), (&own, "file")] {
        let forged = key.sign(namespace, ssh_key::HashAlg::Sha512, &signed).unwrap();
        fs::write(bag.join("tagmanifest-sha256.txt.sig"), forged.to_pem(ssh_key::LineEnding::LF).unwrap()).unwrap();
        assert!(matches!(verify(&bag), Err(Fault::Signature { .. })));
    }
}

#[test]
fn a_record_cut_at_every_byte_of_its_last_line_is_sealed() {
    let at = Scratch::new();
    record(&at.at("run"));
    let file = at.at("run").join(journal::FILE);
    let whole = fs::read(&file).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    for cut in last..=whole.len() {
        fs::write(&file, &whole[..cut]).unwrap();
        let to = at.at(&format!("bag-{cut}"));
        let sealed = seal(&at.at("run"), &sealing(to.clone(), Form::Folder)).unwrap();
        let verified = verify(&to).unwrap();
        assert_eq!(verified.entries, if cut == whole.len() { 4 } else { 3 });
        assert_eq!(verified.remarks.is_empty(), cut == whole.len(), "{:?}", verified.remarks);
        assert_eq!(sealed.remarks, verified.remarks);
    }
    for cut in [0, 1, 30] {
        fs::write(&file, &whole[..cut]).unwrap();
        let none = seal(&at.at("run"), &sealing(at.at("none"), Form::Folder));
        assert!(matches!(none, Err(EvidenceError::NoRecord { .. })), "{none:?}");
    }
}

fn decision(word: Word) -> Decision {
    Decision { finding: "no-account-deletion".into(), decision: word, note: "seen\n\u{202e}by hand".into() }
}

pub(super) fn reviewing(word: Word, key: Option<PathBuf>) -> Reviewing {
    Reviewing { by: "王 reviewer".into(), at: 1_700_000_100_000, key, decisions: vec![decision(word)] }
}

#[test]
fn reviews_stand_beside_what_was_sealed_and_are_checked() {
    let at = Scratch::new();
    record(&at.at("run"));
    let key = key(&at);
    for (name, form) in [("bag", Form::Folder), ("bag.zip", Form::Zip), ("bag.tar.zst", Form::TarZst)] {
        let bag = at.at(name);
        seal(&at.at("run"), &sealing(bag.clone(), form)).unwrap();
        let before = verify(&bag).unwrap();
        let first = review(&bag, &reviewing(Word::Unsure, None)).unwrap();
        let second = review(&bag, &reviewing(Word::Confirm, Some(key.clone()))).unwrap();
        assert_eq!((first.number, first.signed_by.is_some()), (1, false));
        assert_eq!((second.number, second.signed_by.is_some()), (2, true));
        let after = verify(&bag).unwrap();
        assert_eq!(after.reviews, [first, second]);
        assert_eq!(Verified { reviews: Vec::new(), ..after.clone() }, before, "the sealed part is what it was");
        assert_eq!(standing(&after.reviews), BTreeMap::from([("no-account-deletion", (Word::Confirm, "王 reviewer"))]));
    }
}

#[test]
fn a_review_of_another_package_does_not_hold() {
    let at = Scratch::new();
    record(&at.at("run"));
    let key = key(&at);
    for (name, operator) in [("a", "one"), ("b", "two")] {
        let sealing = Sealing { operator: operator.into(), ..sealing(at.at(name), Form::Folder) };
        seal(&at.at("run"), &sealing).unwrap();
    }
    review(&at.at("a"), &reviewing(Word::Reject, Some(key))).unwrap();
    fs::create_dir(at.at("b/reviews")).unwrap();
    for name in ["0001.json", "0001.json.sig"] {
        fs::copy(at.at("a/reviews").join(name), at.at("b/reviews").join(name)).unwrap();
    }
    assert!(matches!(verify(&at.at("b")), Err(Fault::Malformed { .. })));
}

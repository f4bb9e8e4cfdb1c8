//! Random tamperings with packages, 10,000 in all, the same ones each time; `verify` finds each.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::tests::{Scratch, contents, key, record, reviewing, sealing};
use super::*;

/// How many are tried in all; another number with the environment variable `APPWITNESS_TAMPERINGS`.
const USUAL: usize = 10_000;
/// They are shared by seven kinds of packages: folder, .zip and .tar.zst, each signed and unsigned; and reviews.
const KINDS: usize = 7;

fn share() -> usize {
    let asked = std::env::var("APPWITNESS_TAMPERINGS").ok().and_then(|n| n.parse().ok());
    asked.unwrap_or(USUAL).div_ceil(KINDS)
}

/// One thing done to a package. Places and files are taken modulo what there is.
#[derive(Clone, Debug)]
enum Tampering {
    Change { file: usize, place: usize, by: u8 },
    Cut { file: usize, place: usize, length: usize },
    CutEnd { file: usize, length: usize },
    Add { file: usize, place: usize, byte: u8 },
    Repeat { file: usize, place: usize, length: usize },
    SwapBytes { file: usize, first: usize, second: usize },
    SwapLines { file: usize, first: usize, second: usize },
    Remove { file: usize },
    Rename { file: usize, name: String },
    Swap { first: usize, second: usize },
    NewFile { name: String },
    NewFolder { name: String },
}

fn in_bytes() -> BoxedStrategy<Tampering> {
    let n = any::<usize>;
    let short = || prop_oneof![3 => Just(1_usize), 1 => 1..200_usize];
    prop_oneof![
        4 => (n(), n(), 1..=255u8).prop_map(|(file, place, by)| Tampering::Change { file, place, by }),
        2 => (n(), n(), short()).prop_map(|(file, place, length)| Tampering::Cut { file, place, length }),
        1 => (n(), short()).prop_map(|(file, length)| Tampering::CutEnd { file, length }),
        2 => (n(), n(), any::<u8>()).prop_map(|(file, place, byte)| Tampering::Add { file, place, byte }),
        1 => (n(), n(), short()).prop_map(|(file, place, length)| Tampering::Repeat { file, place, length }),
        2 => (n(), n(), n()).prop_map(|(file, first, second)| Tampering::SwapBytes { file, first, second }),
        2 => (n(), n(), n()).prop_map(|(file, first, second)| Tampering::SwapLines { file, first, second }),
    ]
    .boxed()
}

fn in_folders() -> BoxedStrategy<Tampering> {
    let n = any::<usize>;
    let name = || "[a-z]{1,6}(\\.[a-z]{1,3})?";
    prop_oneof![
        14 => in_bytes(),
        1 => n().prop_map(|file| Tampering::Remove { file }),
        1 => (n(), name()).prop_map(|(file, name)| Tampering::Rename { file, name }),
        1 => (n(), n()).prop_map(|(first, second)| Tampering::Swap { first, second }),
        1 => name().prop_map(|name| Tampering::NewFile { name }),
        1 => name().prop_map(|name| Tampering::NewFolder { name }),
    ]
    .boxed()
}

/// The same tamperings without end for the same number.
fn tamperings(of: BoxedStrategy<Tampering>, number: u8) -> impl Iterator<Item = Tampering> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[number; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    std::iter::repeat_with(move || of.new_tree(&mut runner).unwrap().current())
}

/// Changes one file's bytes; `None` when that changes nothing.
fn altered(bytes: &[u8], how: &Tampering) -> Option<Vec<u8>> {
    let mut new = bytes.to_vec();
    let size = bytes.len().max(1);
    let span = |place: usize, length: usize| place % size..(place % size + length).min(bytes.len());
    match how {
        _ if bytes.is_empty() && !matches!(how, Tampering::Add { .. }) => {}
        Tampering::Change { place, by, .. } => new[place % size] = new[place % size].wrapping_add(*by),
        Tampering::Cut { place, length, .. } => drop(new.drain(span(*place, *length))),
        Tampering::CutEnd { length, .. } => new.truncate(bytes.len().saturating_sub(*length)),
        Tampering::Add { place, byte, .. } => new.insert(place % (bytes.len() + 1), *byte),
        Tampering::Repeat { place, length, .. } => {
            let again = bytes[span(*place, *length)].to_vec();
            drop(new.splice(place % size..place % size, again));
        }
        Tampering::SwapBytes { first, second, .. } => new.swap(first % size, second % size),
        Tampering::SwapLines { first, second, .. } => {
            let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
            let (a, b) = (first % lines.len(), second % lines.len());
            lines.swap(a, b);
            new = lines.join(&b'\n');
        }
        _ => {}
    }
    (new != bytes).then_some(new)
}

/// Does it to a folder; false when nothing was changed by it.
fn tamper(folder: &Path, how: &Tampering) -> bool {
    let files: Vec<PathBuf> = contents(folder).into_keys().collect();
    let pick = |n: &usize| folder.join(&files[n % files.len()]);
    match how {
        Tampering::Remove { file } => fs::remove_file(pick(file)).is_ok(),
        Tampering::Rename { file, name } => {
            let to = pick(file).with_file_name(name);
            !to.exists() && fs::rename(pick(file), to).is_ok()
        }
        Tampering::Swap { first, second } => {
            let (a, b) = (fs::read(pick(first)).unwrap(), fs::read(pick(second)).unwrap());
            fs::write(pick(first), &b).unwrap();
            fs::write(pick(second), &a).unwrap();
            a != b
        }
        Tampering::NewFile { name } => !folder.join(name).exists() && fs::write(folder.join(name), b"").is_ok(),
        Tampering::NewFolder { name } => fs::create_dir(folder.join(name)).is_ok(),
        Tampering::Change { file, .. }
        | Tampering::Cut { file, .. }
        | Tampering::CutEnd { file, .. }
        | Tampering::Add { file, .. }
        | Tampering::Repeat { file, .. }
        | Tampering::SwapBytes { file, .. }
        | Tampering::SwapLines { file, .. } => {
            let path = pick(file);
            let new = altered(&fs::read(&path).unwrap(), how);
            new.is_some_and(|bytes| fs::write(&path, bytes).is_ok())
        }
    }
}

/// Makes a folder hold these files again, and nothing else.
fn restore(folder: &Path, whole: &std::collections::BTreeMap<PathBuf, Vec<u8>>, how: &Tampering) {
    if let Tampering::NewFolder { name } = how {
        let _ = fs::remove_dir(folder.join(name));
    }
    let now = contents(folder);
    now.keys().filter(|path| !whole.contains_key(*path)).for_each(|path| fs::remove_file(folder.join(path)).unwrap());
    for (path, bytes) in whole.iter().filter(|(path, bytes)| now.get(*path) != Some(bytes)) {
        fs::write(folder.join(path), bytes).unwrap();
    }
}

/// Tampers with what is in `folder`, a part of the package or all of it, as often as is this kind's share.
fn hunt_in_folder(package: &Path, folder: &Path, number: u8) {
    let whole = contents(folder);
    // Exhibits are links to the record's, and so to the other package's: what is changed here must not change there.
    whole.keys().for_each(|path| fs::remove_file(folder.join(path)).unwrap());
    whole.iter().for_each(|(path, bytes)| fs::write(folder.join(path), bytes).unwrap());
    let mut left = share();
    for how in tamperings(in_folders(), number) {
        if tamper(folder, &how) {
            assert!(verify(package).is_err(), "{how:?} was not found");
            left -= 1;
        }
        restore(folder, &whole, &how);
        if left == 0 {
            break;
        }
    }
    verify(package).unwrap();
}

fn hunt_in_archive(archive: &Path, number: u8) {
    let whole = fs::read(archive).unwrap();
    let tampered = tamperings(in_bytes(), number).filter_map(|how| altered(&whole, &how).map(|bytes| (how, bytes)));
    for (how, bytes) in tampered.take(share()) {
        fs::write(archive, bytes).unwrap();
        assert!(verify(archive).is_err(), "{how:?} was not found");
    }
    for cut in (0..whole.len()).step_by(97) {
        fs::write(archive, &whole[..cut]).unwrap();
        assert!(verify(archive).is_err(), "cut at {cut}");
    }
}

/// Unsigned and signed packages of one form, side by side.
fn hunt_in_both(form: Form, hunt: impl Fn(&Path, u8) + Sync) {
    let at = Scratch::new();
    record(&at.at("run"));
    let key = key(&at);
    std::thread::scope(|threads| {
        for (number, key) in [(1, None), (2, Some(key))] {
            let to = at.at(&format!("{}{}", key.is_some(), form.ending()));
            seal(&at.at("run"), &Sealing { key, ..sealing(to.clone(), form) }).unwrap();
            let hunt = &hunt;
            threads.spawn(move || hunt(&to, number));
        }
    });
}

#[test]
fn any_tampering_with_a_folder_is_found() {
    hunt_in_both(Form::Folder, |package, number| hunt_in_folder(package, package, number));
}

#[test]
fn any_tampering_with_an_archive_is_found() {
    hunt_in_both(Form::Zip, hunt_in_archive);
}

#[test]
fn any_tampering_with_a_packed_archive_is_found() {
    hunt_in_both(Form::TarZst, hunt_in_archive);
}

#[test]
fn any_tampering_with_reviews_is_found() {
    let at = Scratch::new();
    record(&at.at("run"));
    let key = key(&at);
    let bag = at.at("bag");
    seal(&at.at("run"), &sealing(bag.clone(), Form::Folder)).unwrap();
    for word in [Word::Unsure, Word::Reject, Word::Confirm] {
        review(&bag, &reviewing(word, Some(key.clone()))).unwrap();
    }
    hunt_in_folder(&bag, &bag.join("reviews"), 7);
}

//! The file system as a user of it sees it.

use super::*;

const ROOT: Actor = Actor::new(0, 1_000);
const SHELL: Actor = Actor::new(2000, 2_000);

fn furnished() -> Files {
    let mut files = Files::new(1 << 20);
    furnish(&mut files, 0, &["ls", "sh"], "ro.build.version.sdk=34\n").unwrap();
    files
}

#[test]
fn a_shell_user_writes_where_a_shell_user_may() {
    let mut files = furnished();
    files.write(SHELL, "/data/local/tmp/a", b"one".to_vec(), 0o644).unwrap();
    assert_eq!(files.read(SHELL, "/data/local/tmp/a").unwrap().as_slice(), b"one");
    let stat = files.stat(SHELL, "/data/local/tmp/a").unwrap();
    assert_eq!((stat.uid, stat.size, stat.modified, stat.mode_words().as_str()), (2000, 3, 2_000, "-rw-r--r--"));
    files.write(SHELL, "/sdcard/b", b"x".to_vec(), 0o660).unwrap();
    assert_eq!(files.real_path(SHELL, "/sdcard/b").unwrap(), "/storage/emulated/0/b");
    assert_eq!(files.write(SHELL, "/data/b", vec![], 0o644), Err(FilesError::Denied));
    assert_eq!(files.write(SHELL, "/system/b", vec![], 0o644), Err(FilesError::ReadOnly));
    assert_eq!(files.list(SHELL, "/data").map(|_| ()), Err(FilesError::Denied));
}

#[test]
fn a_full_disk_refuses_and_removing_makes_room() {
    let mut files = furnished();
    let (used, _) = files.usage();
    files.set_capacity(used + 10);
    assert_eq!(files.write(SHELL, "/data/local/tmp/a", vec![0; 11], 0o644), Err(FilesError::Full));
    files.write(SHELL, "/data/local/tmp/a", vec![0; 10], 0o644).unwrap();
    assert_eq!(files.write(SHELL, "/data/local/tmp/b", vec![0], 0o644), Err(FilesError::Full));
    files.remove_file(SHELL, "/data/local/tmp/a").unwrap();
    files.write(SHELL, "/data/local/tmp/b", vec![0], 0o644).unwrap();
}

#[test]
fn links_that_go_in_circles_end() {
    let mut files = furnished();
    files.symlink(SHELL, "b", "/data/local/tmp/a").unwrap();
    files.symlink(SHELL, "a", "/data/local/tmp/b").unwrap();
    assert_eq!(files.read(SHELL, "/data/local/tmp/a").map(|_| ()), Err(FilesError::TooManyLinks));
    assert!(files.link_stat(SHELL, "/data/local/tmp/a").unwrap().is_link());
    files.symlink(SHELL, "/data/local/tmp/new", "/data/local/tmp/c").unwrap();
    files.write(SHELL, "/data/local/tmp/c", b"through".to_vec(), 0o644).unwrap();
    assert_eq!(files.read(SHELL, "/data/local/tmp/new").unwrap().as_slice(), b"through");
}

#[test]
fn folders_move_with_what_they_hold_but_not_into_themselves() {
    let mut files = furnished();
    files.make_folders(SHELL, "/data/local/tmp/a/b", 0o755).unwrap();
    files.write(SHELL, "/data/local/tmp/a/b/f", b"f".to_vec(), 0o644).unwrap();
    assert_eq!(files.rename(SHELL, "/data/local/tmp/a", "/data/local/tmp/a/b/c"), Err(FilesError::Invalid));
    files.rename(SHELL, "/data/local/tmp/a", "/data/local/tmp/z").unwrap();
    assert_eq!(files.read(SHELL, "/data/local/tmp/z/b/../b/f").unwrap().as_slice(), b"f");
    assert_eq!(files.remove_folder(SHELL, "/data/local/tmp/z"), Err(FilesError::NotEmpty));
    files.remove_all(SHELL, "/data/local/tmp/z").unwrap();
    assert!(!files.exists(SHELL, "/data/local/tmp/z"));
    assert_eq!(files.usage().0, furnished().usage().0);
}

#[test]
fn hostile_names_are_refused() {
    let mut files = furnished();
    let long = format!("/data/local/tmp/{}", "x".repeat(256));
    assert_eq!(files.write(SHELL, &long, vec![], 0o644), Err(FilesError::NameTooLong));
    assert_eq!(files.stat(ROOT, &"/x".repeat(3000)), Err(FilesError::NameTooLong));
    assert_eq!(files.stat(ROOT, "/../../system/build.prop/x"), Err(FilesError::NotFolder));
    assert!(files.stat(ROOT, "/../../system/build.prop").is_ok());
}

#[test]
fn writing_past_the_end_fills_with_zeros() {
    let mut files = furnished();
    let id = files.create(SHELL, "/data/local/tmp/s", Open::Keep, 0o644).unwrap();
    files.write_at(SHELL, id, Some(3), b"x").unwrap();
    files.write_at(SHELL, id, None, b"y").unwrap();
    assert_eq!(files.read(SHELL, "/data/local/tmp/s").unwrap().as_slice(), b"\0\0\0xy");
    assert_eq!(files.write_at(SHELL, id, Some(u64::MAX - 1), b"yy"), Err(FilesError::Full));
}

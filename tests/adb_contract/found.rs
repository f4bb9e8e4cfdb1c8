//! The real `adb` programs that are at hand: an old one (on PATH, or named by APPWITNESS_ADB; Debian ships 29) and a recent
//! one (named by APPWITNESS_ADB36, or the one inside PyPI's adbutils under APPWITNESS_TOOLS). Where one is missing the tests
//! say that they were skipped, and fail when APPWITNESS_ALL_TOOLS is set.

use std::path::PathBuf;

/// The `adb` programs to test with, each with a name for it.
pub fn programs() -> Vec<(&'static str, PathBuf)> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = || std::env::split_paths(&path).map(|folder| folder.join("adb")).find(|p| p.is_file());
    let found = [
        ("old", named("APPWITNESS_ADB").or_else(on_path)),
        ("recent", named("APPWITNESS_ADB36").or_else(shipped_with_adbutils)),
    ];
    for (name, program) in &found {
        if program.is_none() {
            assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {name} adb");
            eprintln!("skipped: no {name} adb");
        }
    }
    found.into_iter().filter_map(|(name, program)| Some((name, program?))).collect()
}

/// The `adb` inside the wheel of adbutils.
fn shipped_with_adbutils() -> Option<PathBuf> {
    let library = PathBuf::from(std::env::var_os("APPWITNESS_TOOLS")?).join("venv/lib");
    let versions = std::fs::read_dir(library).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    versions.map(|python| python.join("site-packages/adbutils/binaries/adb")).find(|program| program.is_file())
}

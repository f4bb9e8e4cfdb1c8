//! The programs about packages, apps and logs: `pm`, `am`, `dumpsys`, `appops`, `settings`, `logcat`, `monkey`, `cmd` …

mod am;
mod am_intent;
mod appops;
mod cmd;
mod dumpsys;
mod logcat;
mod logcat_format;
mod logcat_options;
mod pm;
mod pm_install;
mod pm_list;
mod pm_permission;
mod reply;
mod settings;
mod small;
mod stamp;
#[cfg(test)]
mod tests;

use crate::virtual_device::process::Program;

/// The programs by name.
pub fn table() -> &'static [(&'static str, Program)] {
    &[
        ("am", am::program),
        ("appops", appops::program),
        ("cmd", cmd::program),
        ("content", small::content),
        ("dumpsys", dumpsys::program),
        ("ime", small::ime),
        ("logcat", logcat::program),
        ("monkey", small::monkey),
        ("pm", pm::program),
        ("settings", settings::program),
        ("svc", small::svc),
    ]
}

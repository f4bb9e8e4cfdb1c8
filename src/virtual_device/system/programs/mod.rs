//! The programs about packages, apps and logs: `pm`, `am`, `dumpsys`, `appops`, `settings`, `logcat`, `cmd` …

mod am;
mod am_broadcast;
mod am_intent;
mod am_standby;
mod appops;
mod cmd;
mod content;
mod device_config;
mod dumpstate;
mod dumpsys;
mod ime;
mod locksettings;
mod logcat;
mod logcat_format;
mod logcat_options;
mod netpolicy;
mod notification;
mod pm;
mod pm_install;
mod pm_list;
mod pm_permission;
mod pm_resolve;
mod pm_state;
mod registry;
mod reply;
mod service;
mod settings;
mod stamp;
mod statusbar;
mod svc;
#[cfg(test)]
mod tests;

use crate::virtual_device::process::Program;

/// The programs by name.
pub fn table() -> &'static [(&'static str, Program)] {
    &[
        ("am", am::program),
        ("appops", appops::program),
        ("bugreport", dumpstate::bugreport),
        ("bugreportz", dumpstate::bugreportz),
        ("cmd", cmd::program),
        ("content", content::program),
        ("device_config", device_config::program),
        ("dumpsys", dumpsys::program),
        ("ime", ime::program),
        ("locksettings", locksettings::program),
        ("logcat", logcat::program),
        ("pm", pm::program),
        ("screenrecord", dumpstate::screenrecord),
        ("service", service::program),
        ("settings", settings::program),
        ("svc", svc::program),
    ]
}

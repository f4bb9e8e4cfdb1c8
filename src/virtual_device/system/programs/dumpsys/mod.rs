//! `dumpsys SERVICE ARGUMENTS`.

pub mod activity;
mod alarm;
pub mod appops;
mod hardware;
mod heads;
mod history;
pub mod misc;
pub mod package;
pub mod window;

use super::registry;
use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::System;

/// `dumpsys`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Dump, run)
}

type Service = fn(&mut System, &[&str]) -> Reply;

const SERVICES: [(&str, Service); 37] = [
    ("SurfaceFlinger", |system, args| hardware::layers(system, args)),
    ("accessibility", |system, _| misc::accessibility(system)),
    ("account", |system, _| heads::account(system)),
    ("activity", activity::dump),
    ("alarm", |system, _| alarm::dump(system)),
    ("appops", |system, args| appops::dump(system, args)),
    ("audio", |system, _| hardware::audio(system)),
    ("battery", |system, args| misc::battery(system, args)),
    ("batterystats", |system, args| heads::battery_stats(system, args)),
    ("clipboard", |_, _| Reply::default()),
    ("connectivity", |system, _| misc::connectivity(system)),
    ("cpuinfo", |system, _| heads::cpu(system)),
    ("device_policy", |system, _| misc::device_policy(system)),
    ("deviceidle", |system, args| misc::device_idle(system, args)),
    ("diskstats", |_, _| heads::disk()),
    ("display", |system, _| misc::display(system)),
    ("gfxinfo", |system, args| heads::graphics(system, args)),
    ("input", |system, _| misc::input(system)),
    ("input_method", |system, _| misc::input_method(system)),
    ("iphonesubinfo", |_, _| heads::subscriber()),
    ("jobscheduler", |_, _| heads::jobs()),
    ("location", |_, _| misc::location()),
    ("media_session", |_, _| heads::media_sessions()),
    ("meminfo", |system, args| misc::meminfo(system, args)),
    ("netpolicy", |system, _| heads::network_policy(system)),
    ("netstats", |system, _| misc::netstats(system)),
    ("notification", |system, args| misc::notification(system, args)),
    ("package", |system, args| package::dump(system, args)),
    ("power", |system, _| misc::power(system)),
    ("telephony.registry", |system, _| hardware::telephony(system)),
    ("thermalservice", |system, _| heads::heat(system)),
    ("trust", |_, _| heads::trust()),
    ("uimode", |system, _| heads::look(system)),
    ("usagestats", |system, _| heads::usage(system)),
    ("user", |system, _| misc::user(system)),
    ("wifi", |system, _| hardware::wifi(system)),
    ("window", |system, args| window::dump(system, args)),
];

fn run(system: &mut System, call: &Call) -> Reply {
    let mut args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    while matches!(args.first(), Some(&("-t" | "-T" | "--priority"))) {
        args.drain(..2.min(args.len()));
    }
    match args.split_first() {
        Some((&"-l", _)) => Reply::out(registry::listed(system)),
        Some((name, rest)) => match SERVICES.iter().find(|(known, _)| known == name) {
            Some((_, service)) => service(system, rest),
            // What it would tell is not modelled.
            None if registry::has(system, name) => Reply::default(),
            // Captured: exit 0. From API 26 on it goes to standard error.
            None => Reply::err(format!("Can't find service: {name}\n"), 0),
        },
        None => {
            let mut out = String::new();
            for (name, service) in SERVICES {
                let line = "-".repeat(79);
                out += &format!("{line}\nDUMP OF SERVICE {name}:\n{}", service(system, &[]).out);
            }
            Reply::out(out)
        }
    }
}

//! `bugreport`, `bugreportz` and `screenrecord`: what needs a service or an encoder that is not there is refused in AOSP's
//! words (`frameworks/native/cmds/{bugreport,bugreportz}`, `frameworks/av/cmds/screenrecord`).

use super::reply::{Cost, Reply, answer, print};
use crate::virtual_device::fs::{Actor, Open, path};
use crate::virtual_device::process::{Call, Running};

/// `bugreport`
pub fn bugreport(call: Call) -> Running {
    answer(call, Cost::Dump, |system, _| {
        let deprecated = "=============================================================================\n\
                          WARNING: flat bugreports are deprecated, use adb bugreport <zip_file> instead\n\
                          =============================================================================\n\n\n";
        let out = if system.profile().api >= 24 { deprecated } else { "" };
        let err = "Failed to connect to dumpstate service: Connection refused\n";
        Reply { out: out.into(), err: err.into(), status: 1 }
    })
}

/// `bugreportz [-hvps]`
pub fn bugreportz(call: Call) -> Running {
    answer(call, Cost::Dump, |_, call| match call.argv.get(1).map(String::as_str) {
        Some("-v") => Reply::err("1.2\n", 0),
        Some("-h") => Reply::err(USAGE, 0),
        None | Some("-p" | "-s") => {
            Reply::out("FAIL:Failed to connect to dumpstatez service: Connection refused\n").with_status(1)
        }
        Some(_) => Reply::err(USAGE, 1),
    })
}

const USAGE: &str = "usage: bugreportz [-hpsv]\n  -h: to display this help message\n  -p: display progress\n  \
                     -s: stream content to standard output\n  -v: to display the version\n  or no arguments to generate \
                     a zipped bugreport\n";

/// `screenrecord [options] file`. MODEL: a device whose encoder can't be had; AOSP's words, and 1 for its status.
pub fn screenrecord(call: Call) -> Running {
    Box::pin(async move {
        let reply = record(&call);
        print(&call, reply).await
    })
}

fn record(call: &Call) -> Reply {
    let mut words = call.argv.iter().skip(1).map(String::as_str);
    let mut name = None;
    while let Some(word) = words.next() {
        match word {
            "--help" => return Reply::err("Usage: screenrecord [options] <filename>\n", 0),
            "--version" => return Reply::out("1.3\n"),
            "--size" | "--bit-rate" | "--time-limit" | "--codec-name" | "--display-id" | "--output-format" => {
                words.next();
            }
            option if option.starts_with("--") => {}
            other => name = Some(other),
        }
    }
    let Some(name) = name else { return Reply::err("Must specify output file (see --help).\n", 2) };
    if name != "-" {
        let actor = Actor { umask: call.umask, ..Actor::new(call.uid, call.machine.wall()) };
        let at = path::absolute(&call.cwd, name);
        if let Err(error) = call.machine.files().create(actor, &at, Open::Keep, 0o644) {
            return Reply::err(format!("Unable to open '{name}': {error}\n"), 1);
        }
    }
    Reply::err("ERROR: unable to create video/avc codec instance\n", 1)
}

//! `ime` and `cmd input_method`. MODEL: AOSP's commands; the device has one input method.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

const CURRENT: &str = "default_input_method";
const ENABLED: &str = "enabled_input_methods";

/// `ime list|enable|disable|set|reset`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let secure = |key| system.settings().get(Table::Secure, key).unwrap_or_default().to_string();
    let (current, enabled) = (secure(CURRENT), secure(ENABLED));
    let on: Vec<&str> = enabled.split(':').filter(|one| !one.is_empty()).collect();
    // Whatever belongs to an installed package may be an input method: its manifest is not asked.
    let known = |id: &str| {
        on.contains(&id) || id.split_once('/').is_some_and(|(package, _)| system.packages().contains_key(package))
    };
    match args.as_slice() {
        ["list", flags @ ..] if flags.iter().any(|flag| flag.contains('s')) => {
            Reply::out(on.iter().map(|id| format!("{id}\n")).collect::<String>())
        }
        ["list", ..] => Reply::out(
            on.iter()
                .map(|id| {
                    let default = *id == current;
                    format!("{id}:\n  mId={id} mSettingsActivityName=null mIsVrOnly=false mSupportsSwitchingToNextInputMethod=true\n  mIsDefaultResId=0x{:x}\n", u32::from(default))
                })
                .collect::<String>(),
        ),
        ["set", id] if known(id) => {
            let mut all: Vec<&str> = on.iter().copied().filter(|one| one != id).collect();
            all.push(id);
            let all = all.join(":");
            system.settings_mut().put(Table::Secure, ENABLED, &all);
            system.settings_mut().put(Table::Secure, CURRENT, id);
            Reply::out(format!("Input method {id} selected for user #0\n"))
        }
        ["set", id] => Reply::err(format!("Unknown input method {id} cannot be selected for user #0\n"), 1),
        ["enable", id] if known(id) => {
            let already = if on.contains(id) { "already" } else { "now" };
            let mut all: Vec<&str> = on.iter().copied().filter(|one| one != id).collect();
            all.push(id);
            let all = all.join(":");
            system.settings_mut().put(Table::Secure, ENABLED, &all);
            Reply::out(format!("Input method {id}: {already} enabled for user #0\n"))
        }
        ["enable", id] => Reply::err(format!("Unknown input method {id} cannot be enabled for user #0\n"), 1),
        ["disable", id] => {
            let already = if on.contains(id) { "now" } else { "already" };
            let all = on.iter().copied().filter(|one| one != id).collect::<Vec<_>>().join(":");
            system.settings_mut().put(Table::Secure, ENABLED, &all);
            Reply::out(format!("Input method {id}: {already} disabled for user #0\n"))
        }
        ["reset"] => Reply::out("Reset current and enabled IMEs for user #0\n"),
        _ => Reply::err(
            "ime <command>:\n  list [-a] [-s]\n    prints all enabled input methods.\n  enable <ID>\n    allows the given input method ID to be used.\n  disable <ID>\n    disallows the given input method ID to be used.\n  set <ID>\n    switches to the given input method ID.\n  reset\n    reset currently selected/enabled IMEs to the default ones.\n",
            1,
        ),
    }
}

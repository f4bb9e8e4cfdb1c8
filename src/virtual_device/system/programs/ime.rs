//! `ime` and `cmd input_method`. MODEL: AOSP's commands.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{OWN_INPUT_METHOD as OWN, System};

/// `ime list|enable|disable|set|reset`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    match args.as_slice() {
        ["list", flags @ ..] => {
            let has = |letter| flags.iter().any(|flag| flag.starts_with('-') && flag.contains(letter));
            let shown = if has('a') { system.input_methods() } else { system.enabled_input_methods() };
            let line = |id: String| if has('s') { format!("{id}\n") } else { in_full(&id) };
            Reply::out(shown.into_iter().map(line).collect::<String>())
        }
        ["set", id] if system.set_input_method(id) => Reply::out(format!("Input method {id} selected for user #0\n")),
        ["set", id] => Reply::err(format!("Unknown input method {id} cannot be selected for user #0\n"), 1),
        [verb @ ("enable" | "disable"), id] => {
            let (on, was) = (*verb == "enable", system.enabled_input_methods().iter().any(|one| one == id));
            match system.enable_input_method(id, on) {
                true => {
                    let already = if was == on { "already" } else { "now" };
                    Reply::out(format!("Input method {id}: {already} {verb}d for user #0\n"))
                }
                false => Reply::err(format!("Unknown input method {id} cannot be {verb}d for user #0\n"), 1),
            }
        }
        ["reset"] => {
            for id in system.enabled_input_methods() {
                system.enable_input_method(&id, id == OWN);
            }
            Reply::out("Reset current and enabled IMEs for user #0\n")
        }
        _ => Reply::err(
            "ime <command>:\n  list [-a] [-s]\n    prints all enabled input methods.\n  enable <ID>\n    allows the given input method ID to be used.\n  disable <ID>\n    disallows the given input method ID to be used.\n  set <ID>\n    switches to the given input method ID.\n  reset\n    reset currently selected/enabled IMEs to the default ones.\n",
            1,
        ),
    }
}

fn in_full(id: &str) -> String {
    let default = u32::from(id == OWN);
    format!(
        "{id}:\n  mId={id} mSettingsActivityName=null mIsVrOnly=false mSupportsSwitchingToNextInputMethod=true\n  mIsDefaultResId=0x{default:x}\n"
    )
}

//! `cmd notification`: what the notification service's shell commands do. MODEL: AOSP's `NotificationShellCmd`; no
//! capture has them.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

const USAGE: &str = "usage: cmd notification SUBCMD [args]\n\nSUBCMDs:\n  allow_listener COMPONENT [user_id (current user if not specified)]\n  disallow_listener COMPONENT [user_id (current user if not specified)]\n  allow_assistant COMPONENT [user_id (current user if not specified)]\n  remove_assistant COMPONENT [user_id (current user if not specified)]\n  set_dnd [on|none (same as on)|priority|alarms|all|off (same as all)]\n  allow_dnd PACKAGE [user_id (current user if not specified)]\n  disallow_dnd PACKAGE [user_id (current user if not specified)]\n  reset_assistant_user_set [user_id (current user if not specified)]\n  get_approved_assistant [user_id (current user if not specified)]\n  post [--help | flags] TAG TEXT\n  set_bubbles PACKAGE PREFERENCE (0=none 1=all 2=selected) [user_id (current user if not specified)]\n  set_bubbles_channel PACKAGE CHANNEL_ID ALLOW [user_id (current user if not specified)]\n  list\n  get <notification-key>\n  snooze --for <msec> <notification-key>\n  unsnooze <notification-key>\n";
const LISTENERS: &str = "enabled_notification_listeners";

/// `cmd notification`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Dump, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    match args.as_slice() {
        ["post", rest @ ..] => post(system, rest),
        ["list"] => Reply::out(system.notifications().iter().map(|one| one.key() + "\n").collect::<String>()),
        ["get", key] => match system.notifications().iter().find(|one| one.key() == *key) {
            Some(one) => Reply::out(super::dumpsys::misc::record(system.profile().api, one, true)),
            None => Reply::out(format!("error: no active notification matching key: {key}\n")).with_status(1),
        },
        ["snooze", "--for" | "--criterion", _, key] | ["snooze", key] => {
            let known = system.snooze_notification(key);
            Reply::out(if known { format!("snoozing <{key}> \n") } else { String::new() })
        }
        ["unsnooze", key, ..] => Reply::out(format!("unsnoozing <{key}>\n")),
        ["set_dnd", state] => dnd(system, state),
        ["allow_listener", component, ..] => {
            let mut listeners = listeners(system);
            listeners.retain(|one| one != component);
            listeners.push((*component).to_string());
            system.settings_mut().put(Table::Secure, LISTENERS, &listeners.join(":"));
            Reply::default()
        }
        ["disallow_listener", component, ..] => {
            let mut listeners = listeners(system);
            listeners.retain(|one| one != component);
            system.settings_mut().put(Table::Secure, LISTENERS, &listeners.join(":"));
            Reply::default()
        }
        ["allow_assistant" | "remove_assistant" | "allow_dnd" | "disallow_dnd" | "set_bubbles", _, ..]
        | ["reset_assistant_user_set" | "set_bubbles_channel", ..] => Reply::default(),
        ["get_approved_assistant", ..] => Reply::out("null\n"),
        [] | ["help" | "-h" | "--help"] => Reply::out(USAGE),
        [other, ..] => Reply::out(format!("Unknown command: {other}\n")).with_status(255),
    }
}

fn listeners(system: &System) -> Vec<String> {
    let value = system.settings().get(Table::Secure, LISTENERS).unwrap_or_default();
    value.split(':').filter(|one| !one.is_empty() && *one != "null").map(String::from).collect()
}

fn dnd(system: &mut System, state: &str) -> Reply {
    let mode = match state {
        "all" | "off" => "0",
        "priority" => "1",
        "none" | "on" => "2",
        "alarms" => "3",
        _ => return Reply::out(USAGE).with_status(255),
    };
    system.settings_mut().put(Table::Global, "zen_mode", mode);
    Reply::default()
}

fn post(system: &mut System, args: &[&str]) -> Reply {
    let (mut title, mut at, mut words) = (String::new(), 0, Vec::new());
    while let Some(word) = args.get(at).copied() {
        let value = args.get(at + 1).copied().unwrap_or_default();
        match word {
            "--help" | "-h" => return Reply::out("usage: cmd notification post [flags] <tag> <text>\n"),
            "-t" | "--title" => {
                title = value.into();
                at += 1;
            }
            "-i" | "--icon" | "-I" | "--large-icon" | "-S" | "--style" | "-c" | "--content-intent" => at += 1,
            "-v" | "--verbose" => {}
            flag if flag.starts_with('-') => {
                return Reply::out(format!("error: Unknown option: {flag}\n")).with_status(1);
            }
            _ => words.push(word),
        }
        at += 1;
    }
    let [tag, text, ..] = words.as_slice() else {
        return Reply::out("error: expected tag and text\n").with_status(1);
    };
    system.post_from_shell(tag, if title.is_empty() { "Shell Command" } else { &title }, text);
    Reply::out(
        "posting:\n  Notification(channel=shell_cmd shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0x0 color=0x00000000 vis=PRIVATE)\n",
    )
}

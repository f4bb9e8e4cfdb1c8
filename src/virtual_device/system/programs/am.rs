//! `am` and `cmd activity`.

use super::am_intent::{self, Asked};
use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{Component, Started, System};

/// `am`, also called as `cmd activity`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let Some((command, rest)) = args.split_first() else {
        return usage(system.profile().api);
    };
    match *command {
        "start" | "start-activity" => start(system, rest, call.uid),
        "force-stop" => force_stop(system, rest, call.uid),
        "kill" | "kill-all" => kill(system, rest),
        "broadcast" => broadcast(system, rest),
        "startservice" | "start-service" | "startforegroundservice" | "start-foreground-service" => service(rest),
        "get-current-user" => Reply::out("0\n"),
        "idle-maintenance" | "wait-for-broadcast-idle" | "clear-debug-app" | "set-debug-app" => Reply::default(),
        "stack" | "task" => Reply::default(),
        "crash" => crash(system, rest),
        other => {
            let text = if system.profile().api <= 25 { "Error: unknown command '" } else { "Unknown command: '" };
            Reply::err(format!("{text}{other}'\n"), if system.profile().api <= 25 { 1 } else { 255 })
        }
    }
}

/// Captured on API 23, exit 0. MODEL: later releases say no more than its head, exit 1.
fn usage(api: u32) -> Reply {
    if api <= 25 {
        Reply::err(include_str!("am_usage.txt"), 0)
    } else {
        Reply::err("usage: am [subcommand] [options]\n", 1)
    }
}

fn start(system: &mut System, args: &[&str], uid: u32) -> Reply {
    let Asked { mut intent, wait, stop_first, texts } = match am_intent::read(args) {
        Ok(asked) => asked,
        Err(text) => return Reply::err(text, 1),
    };
    let shown = intent.clone();
    let mut out = String::new();
    let named = intent.component.as_ref().map(|c| c.package.clone()).or_else(|| intent.package.clone());
    if stop_first && let Some(package) = named {
        out += &format!("Stopping: {package}\n");
        system.force_stop(&package, uid);
    }
    out += &format!("Starting: Intent {{ {} }}\n", shown.written());
    if intent.action.as_deref() == Some("android.intent.action.MANAGE_APP_PERMISSION") && system.profile().api >= 29 {
        let text = |name: &str| texts.get(&format!("android.intent.extra.{name}")).map_or("", String::as_str);
        // Without both extras the page closes at once (AOSP `ManagePermissionsActivity`).
        system.open_permission_page(text("PACKAGE_NAME"), text("PERMISSION_NAME"));
        return Reply::out(out);
    }
    intent.flags |= 0x1000_0000;
    let started = system.start_activity(intent.clone(), uid);
    report(system, &mut out, &started, &intent, wait)
}

/// What `am start` prints of the outcome. It exits 0 whatever comes (captured on API 23); from API 30 on 1 for errors.
/// MODEL: where that began.
fn report(
    system: &System,
    out: &mut String,
    started: &Started,
    intent: &crate::virtual_device::system::Intent,
    wait: bool,
) -> Reply {
    let api = system.profile().api;
    let failed = i32::from(api >= 30);
    match started {
        Started::NoClass(component) => {
            let text = format!("Error type 3\nError: Activity class {{{}}} does not exist.\n", component.full());
            Reply { out: std::mem::take(out), err: text, status: failed }
        }
        Started::Unresolved => {
            let text = format!("Error: Activity not started, unable to resolve Intent {{ {} }}\n", intent.written());
            Reply { out: std::mem::take(out), err: text, status: failed }
        }
        Started::Made { component, cold, took } => {
            if wait {
                *out += &waited(api, component, if *cold { "COLD" } else { "WARM" }, *took);
            }
            Reply::out(std::mem::take(out))
        }
        Started::Front { component, already } => {
            let text = if *already {
                "Warning: Activity not started, intent has been delivered to currently running top-most instance.\n"
            } else {
                "Warning: Activity not started, its current task has been brought to the front\n"
            };
            if wait {
                *out += &waited(api, component, if *already { "UNKNOWN (0)" } else { "HOT" }, 0);
            }
            Reply { out: std::mem::take(out), err: text.into(), status: 0 }
        }
    }
}

/// What `-W` adds. Captured on API 23; MODEL: `LaunchState` from 28 on, and no `ThisTime`.
fn waited(api: u32, component: &Component, state: &str, took: u32) -> String {
    let (name, wait) = (component.short(), took + took / 9);
    if api >= 29 {
        format!("Status: ok\nLaunchState: {state}\nActivity: {name}\nTotalTime: {took}\nWaitTime: {wait}\nComplete\n")
    } else {
        format!("Status: ok\nActivity: {name}\nThisTime: {took}\nTotalTime: {took}\nWaitTime: {wait}\nComplete\n")
    }
}

fn force_stop(system: &mut System, args: &[&str], uid: u32) -> Reply {
    let Some(package) = super::pm::plain(args).first().copied() else {
        return Reply::err("Error: Argument expected after \"force-stop\"\n", 1);
    };
    system.force_stop(package, uid);
    Reply::default()
}

/// `am kill` ends only processes that may go: apps in the background.
fn kill(system: &mut System, args: &[&str]) -> Reply {
    let only = super::pm::plain(args).first().copied();
    let front = system.top_task().map(|t| t.package.clone()).unwrap_or_default();
    let names: Vec<String> = system
        .packages()
        .values()
        .filter(|p| !p.system && p.name() != front && only.is_none_or(|o| o == p.name()))
        .map(|p| p.name().to_string())
        .collect();
    for pid in names.iter().filter_map(|name| system.pid_of(name)).collect::<Vec<_>>() {
        system.kill(pid);
    }
    Reply::default()
}

fn crash(system: &mut System, args: &[&str]) -> Reply {
    if let Some(package) = super::pm::plain(args).first() {
        system.crash_app(package, "android.app.RemoteServiceException", "shell-induced crash");
    }
    Reply::default()
}

fn broadcast(system: &mut System, args: &[&str]) -> Reply {
    let asked = match am_intent::read(args) {
        Ok(asked) => asked,
        Err(text) => return Reply::err(text, 1),
    };
    if let Some(action) = &asked.intent.action {
        let text = |name: &str| asked.texts.get(name).cloned();
        system.broadcast_to_input_method(action, asked.intent.package.as_deref(), text);
    }
    Reply::out(format!("Broadcasting: Intent {{ {} }}\nBroadcast completed: result=0\n", asked.intent.written()))
}

fn service(args: &[&str]) -> Reply {
    match am_intent::read(args) {
        Ok(asked) => Reply {
            out: format!("Starting service: Intent {{ {} }}\n", asked.intent.written()),
            err: "Error: Not found; no service started.\n".into(),
            status: 0,
        },
        Err(text) => Reply::err(text, 1),
    }
}

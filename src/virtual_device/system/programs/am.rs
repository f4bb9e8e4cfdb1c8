//! `am` and `cmd activity`.

use super::am_intent::{self, Asked};
use super::reply::{Cost, Reply, answer};
use super::{am_broadcast, am_standby};
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
        "broadcast" => am_broadcast::run(system, rest, call.uid),
        "get-standby-bucket" if system.profile().api >= 28 => am_standby::get(system, rest),
        "set-standby-bucket" if system.profile().api >= 28 => am_standby::set(system, rest),
        "get-inactive" => am_standby::is_idle(system, rest),
        "set-inactive" => am_standby::set_idle(system, rest),
        "startservice" | "start-service" | "startforegroundservice" | "start-foreground-service" => {
            service(system.profile().api, rest)
        }
        "get-current-user" => Reply::out("0\n"),
        "idle-maintenance" | "wait-for-broadcast-idle" | "clear-debug-app" | "set-debug-app" => Reply::default(),
        "stack" if rest.first() == Some(&"list") => Reply::out(stacks(system)),
        "stack" | "task" => Reply::default(),
        "profile" | "dumpheap" if system.profile().api >= 26 => {
            // MODEL: what is no code has no heap and no methods to be told of.
            let process = rest.iter().find(|word| !word.starts_with('-') && !["start", "stop"].contains(word));
            let why = format!("Error: Unknown process: {}\n", process.unwrap_or(&"null"));
            bad_arguments(system.profile().api, command, &why)
        }
        "crash" => crash(system, rest),
        "stopservice" | "stop-service" => stop_service(system.profile().api, rest),
        "get-config" if system.profile().api >= 24 => Reply::out(config(system)),
        "send-trim-memory" if system.profile().api >= 23 => trim(system, rest),
        "switch-user" if rest == ["0"] => Reply::default(),
        "instrument" => instrument(rest),
        other if system.profile().api <= 25 => Reply::err(format!("Error: unknown command '{other}'\n"), 1),
        // AOSP `ShellCommand.handleDefaultCommands`, for every command of a service.
        other => Reply::out(format!("Unknown command: {other}\n")).with_status(255),
    }
}

/// `am stack list`: the tasks, the one in front first. MODEL: AOSP's `RootTaskInfo` (`StackInfo` until API 29) from memory.
fn stacks(system: &System) -> String {
    let api = system.profile().api;
    let (width, height) = system.display_size();
    let what = if api >= 30 { "RootTask" } else { "Stack" };
    let (mut out, front) = (String::new(), system.top_task().map(|task| task.id));
    for task in system.tasks() {
        let name = task.records.last().map_or(String::new(), |record| record.component.full());
        let bounds = format!("[0,0][{width},{height}]");
        out += &format!(
            "{what} id={} bounds={bounds} displayId=0 userId=0\n  taskId={}: {name} bounds={bounds} userId=0 visible={}\n\n",
            task.id,
            task.id,
            front == Some(task.id)
        );
    }
    out
}

/// `am get-config`: the configuration as resources are named, and the processors. MODEL: the parts that our profiles know.
fn config(system: &System) -> String {
    let profile = system.profile();
    let (width, height) = system.display_size();
    let dp = |pixels: u32| pixels * 160 / profile.density.max(1);
    let side = if width > height { "land" } else { "port" };
    let locale = profile.locale.replace('-', "-r");
    format!(
        "config: {locale}-ldltr-sw{}dp-w{}dp-h{}dp-normal-long-notround-{side}-notnight-{}dpi-finger-keysexposed-nokeys-navhidden-nonav-v{}\nabi: x86_64,arm64-v8a\n",
        dp(width.min(height)),
        dp(width),
        dp(height),
        profile.density,
        profile.api
    )
}

/// `am send-trim-memory PROCESS LEVEL`: nobody here has memory to give back.
fn trim(system: &System, args: &[&str]) -> Reply {
    let words = super::pm::plain(args);
    let (Some(process), Some(level)) = (words.first(), words.get(1)) else {
        return Reply::err("Error: Argument expected after \"send-trim-memory\"\n", 255);
    };
    let known = ["HIDDEN", "RUNNING_MODERATE", "BACKGROUND", "RUNNING_LOW", "MODERATE", "RUNNING_CRITICAL", "COMPLETE"];
    if !known.contains(level) && level.parse::<i32>().is_err() {
        return Reply::err(format!("Error: Unknown level option: {level}\n"), 255);
    }
    if system.processes().any(|p| p.name == **process || p.pid.to_string() == **process) {
        return Reply::default();
    }
    Reply::err(
        format!(
            "\nException occurred while executing 'send-trim-memory':\njava.lang.IllegalArgumentException: Unknown process: {process}\n\tat com.android.server.am.ActivityManagerService.setProcessMemoryTrimLevel(ActivityManagerService.java)\n"
        ),
        255,
    )
}

/// Captured on API 23, exit 0. MODEL: later releases' help, shortened to its head and what this device knows.
fn usage(api: u32) -> Reply {
    if api <= 25 {
        return Reply::err(include_str!("am_usage.txt"), 0);
    }
    Reply::out(
        "Activity manager (activity) commands:\n  help\n      Print this help text.\n  \
         start-activity [-D] [-N] [-W] [-P <FILE>] [--start-profiler <FILE>] [-R COUNT] [-S] [--user <USER_ID> | current] <INTENT>\n      \
         Start an Activity.\n  start-service [--user <USER_ID> | current] <INTENT>\n      Start a Service.\n  \
         stop-service [--user <USER_ID> | current] <INTENT>\n      Stop a Service.\n  \
         broadcast [--user <USER_ID> | all | current] <INTENT>\n      Send a broadcast Intent.\n  \
         force-stop [--user <USER_ID> | all | current] <PACKAGE>\n      Completely stop the given application package.\n  \
         kill [--user <USER_ID> | all | current] <PACKAGE>\n      Kill all background processes associated with the given application.\n  \
         crash [--user <USER_ID>] <PACKAGE|PID>\n      Induce a VM crash in the specified package or process\n  \
         get-current-user\n      Returns id of the current foreground user.\n",
    )
    .with_status(255)
}

/// What `am` says of arguments it can't read: until API 25 one line, later what AOSP's `ShellCommand.exec` prints of an
/// exception. MODEL: the frame, and that it is one.
pub(super) fn bad_arguments(api: u32, command: &str, text: &str) -> Reply {
    if api <= 25 {
        return Reply::err(text, 1);
    }
    let doing = if api >= 29 { format!(" '{command}'") } else { String::new() };
    let why = text.strip_prefix("Error: ").unwrap_or(text);
    let trace = format!(
        "\nException occurred while executing{doing}:\njava.lang.IllegalArgumentException: {why}\tat com.android.server.am.ActivityManagerShellCommand.onCommand(ActivityManagerShellCommand.java)\n"
    );
    Reply::err(trace, 255)
}

/// No service of an app runs because the shell started it, so there is none to stop.
fn stop_service(api: u32, args: &[&str]) -> Reply {
    match am_intent::read(args) {
        Ok(asked) => Reply {
            out: format!("Stopping service: Intent {{ {} }}\n", asked.intent.written()),
            err: "Service not stopped: was not running.\n".into(),
            status: if api <= 25 { 0 } else { 255 },
        },
        Err(text) => bad_arguments(api, "stop-service", &text),
    }
}

/// Specimens have no instrumentation. Source: AOSP `Instrument.run`; MODEL: two frames of its trace.
fn instrument(args: &[&str]) -> Reply {
    let Some(component) = super::pm::plain(args).last().copied().filter(|word| word.contains('/')) else {
        return Reply::err("Error: Argument expected after \"instrument\"\n", 1);
    };
    Reply {
        out: format!(
            "INSTRUMENTATION_STATUS: Error=Unable to find instrumentation info for: ComponentInfo{{{component}}}\nINSTRUMENTATION_STATUS: id=ActivityManagerService\nINSTRUMENTATION_STATUS_CODE: -1\n"
        ),
        err: format!(
            "android.util.AndroidException: INSTRUMENTATION_FAILED: {component}\n\tat com.android.commands.am.Instrument.run(Instrument.java)\n\tat com.android.commands.am.Am.runInstrument(Am.java)\n"
        ),
        status: 1,
    }
}

fn start(system: &mut System, args: &[&str], uid: u32) -> Reply {
    let Asked { mut intent, wait, stop_first, texts } = match am_intent::read(args) {
        Ok(asked) => asked,
        Err(text) => return bad_arguments(system.profile().api, "start", &text),
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
    if intent.action.as_deref() == Some("android.intent.action.MANAGE_APP_PERMISSIONS") && system.profile().api < 29 {
        let package = texts.get("android.intent.extra.PACKAGE_NAME").map_or("", String::as_str);
        system.open_permissions_page(package);
        return Reply::out(out);
    }
    intent.flags |= 0x1000_0000;
    let started = system.start_activity(intent.clone(), uid);
    report(system, &mut out, &started, &intent, wait)
}

/// What `am start` prints of the outcome: to standard error, with `-W` to standard output, before the rest. It exits 0 whatever comes (captured on API 23); from API 30 on 1 for errors.
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
    let said = |out: &mut String, text: String, status: i32| match wait {
        true => Reply::out(std::mem::take(out) + &text).with_status(status),
        false => Reply { out: std::mem::take(out), err: text, status },
    };
    match started {
        Started::NoClass(component) => {
            let text = format!("Error type 3\nError: Activity class {{{}}} does not exist.\n", component.full());
            said(out, text, failed)
        }
        Started::Unresolved => {
            let text = format!("Error: Activity not started, unable to resolve Intent {{ {} }}\n", intent.written());
            said(out, text, failed)
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
            let mut reply = said(out, text.into(), 0);
            if wait {
                reply.out += &waited(api, component, if *already { "UNKNOWN (0)" } else { "HOT" }, 0);
            }
            reply
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

fn service(api: u32, args: &[&str]) -> Reply {
    match am_intent::read(args) {
        Ok(asked) => Reply {
            out: format!("Starting service: Intent {{ {} }}\n", asked.intent.written()),
            err: "Error: Not found; no service started.\n".into(),
            // AOSP's `runStartService` returns -1; the program of before Android 8 exits 0 whatever comes.
            status: if api >= 26 { 255 } else { 0 },
        },
        Err(text) => bad_arguments(api, "start-service", &text),
    }
}

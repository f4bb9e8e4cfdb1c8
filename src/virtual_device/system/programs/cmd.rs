//! `cmd SERVICE ARGUMENTS`: the same commands, asked of the service. There is none on API 23.

use super::reply::{Reply, print};
use super::{am, appops, pm, settings};
use crate::virtual_device::process::{Call, Running};

/// `cmd`.
pub fn program(mut call: Call) -> Running {
    if !call.machine.profile.has_cmd {
        return Box::pin(async move {
            // Captured on API 23: what the shell says of a program that is not there.
            print(&call, Reply::err("/system/bin/sh: cmd: not found\n", 127)).await
        });
    }
    let service = call.argv.get(1).cloned();
    match service.as_deref() {
        Some("package") => {
            call.argv.remove(0);
            pm::program(call)
        }
        Some("activity") => {
            call.argv.remove(0);
            am::program(call)
        }
        Some("appops") => {
            call.argv.remove(0);
            appops::program(call)
        }
        Some("settings") => {
            call.argv.remove(0);
            settings::program(call)
        }
        Some("statusbar" | "notification" | "uimode" | "power" | "deviceidle" | "overlay" | "bluetooth_manager") => {
            Box::pin(async { 0 })
        }
        Some("-l") => Box::pin(async move {
            let list = "Currently running services:\n  activity\n  appops\n  notification\n  package\n  settings\n  statusbar\n";
            print(&call, Reply::out(list)).await
        }),
        Some(other) => {
            let text = format!("cmd: Can't find service: {other}\n");
            Box::pin(async move { print(&call, Reply::err(text, 20)).await })
        }
        None => Box::pin(async move {
            print(&call, Reply::err("cmd: No service specified; use -l to list all running services. Use -w to start and wait for a service.\n", 20)).await
        }),
    }
}

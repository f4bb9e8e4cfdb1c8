//! `cmd statusbar`: the panel at the top of the screen. MODEL: AOSP's `StatusBarShellCommand`; there are no tiles here.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::System;

const USAGE: &str = "Status bar commands:\n  help\n    Print this help text.\n\n  expand-notifications\n    Open the notifications panel.\n\n  expand-settings\n    Open the notifications panel and expand quick settings if present.\n\n  collapse\n    Collapse the notifications and settings panel.\n\n  add-tile COMPONENT\n    Add a TileService of the specified component\n\n  remove-tile COMPONENT\n    Remove a TileService of the specified component\n\n  click-tile COMPONENT\n    Click on a TileService of the specified component\n\n  check-support\n    Check if this device supports QS + APIs\n\n  get-status-icons\n    Print the list of status bar icons and the order they appear in\n\n";

/// `cmd statusbar`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Dump, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    match call.argv.get(1).map(String::as_str) {
        Some("expand-notifications" | "expand-settings") => system.pull_shade(true),
        Some("collapse") => system.pull_shade(false),
        Some("add-tile" | "remove-tile" | "click-tile") => {}
        Some("check-support") => return Reply::out("true\n"),
        Some("get-status-icons") => return Reply::out("wifi\nmobile\nbattery\nclock\n"),
        None | Some("help" | "-h" | "--help") => return Reply::out(USAGE),
        Some(other) => {
            let unknown = format!("Unknown command: {other}\n");
            return Reply::out(unknown).with_status(255);
        }
    }
    Reply::default()
}

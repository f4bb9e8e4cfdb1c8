//! `run-as`: a command as a debuggable app. Source: AOSP `system/core/run-as`; the older words are those of Android 6.

use super::names;
use super::tool::{Tool, toy};
use crate::virtual_device::process::Call;
use crate::virtual_device::shell;

toy!(
    /// `run-as package [--user number] [command…]`
    run_as, run_as_work
);

async fn run_as_work(mut tool: Tool) -> i32 {
    let old = tool.call.machine.profile.api < 26;
    let mut words = tool.arguments().to_vec();
    if words.is_empty() {
        let usage = "usage: run-as <package-name> [--user <uid>] <command> [<args>]\n";
        tool.call
            .stdio
            .err(if old { format!("Usage:\n    {}", &usage[7..]) } else { format!("run-as: {usage}") })
            .await;
        return 1;
    }
    let name = words.remove(0);
    if words.first().is_some_and(|word| word == "--user") {
        words.drain(..words.len().min(2));
    }
    let found = {
        let system = tool.call.machine.system();
        system.packages().get(&name).map(|package| (package.uid, package.facts.debuggable))
    };
    let refusal = match found {
        Some((uid, true)) if uid >= 10_000 => {
            let call = Call { uid, cwd: format!("/data/data/{name}"), ..tool.call.clone() };
            tool.call.uid = uid;
            return match words.is_empty() {
                true => shell::program(Call { argv: vec!["/system/bin/sh".into()], ..call }).await,
                false => names::run(&mut tool, words, call).await,
            };
        }
        None if old => format!("Package '{name}' is unknown"),
        None => format!("unknown package: {name}"),
        Some((uid, _)) if uid < 10_000 && old => format!("Package '{name}' is not an application"),
        Some((uid, _)) if uid < 10_000 => format!("package not an application: {name}"),
        Some(_) if old => format!("Package '{name}' is not debuggable"),
        Some(_) => format!("package not debuggable: {name}"),
    };
    tool.complain(&refusal).await;
    1
}

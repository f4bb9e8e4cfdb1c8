//! `log`: a line for the main log.

use super::tool::{Tool, toy};
use crate::virtual_device::system::Buffer;

toy!(
    /// `log [-p vdiwef] [-t tag] message…`
    log, log_work
);

async fn log_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("", "pt", &[]).await else { return 1 };
    if flags.rest.is_empty() {
        tool.complain("Needs 1 argument").await;
        return 1;
    }
    let letter = flags.value('p').unwrap_or("i").to_ascii_uppercase();
    let Some(priority) = letter.chars().next().filter(|c| letter.len() == 1 && "VDIWEFS".contains(*c)) else {
        tool.complain(&format!("bad -p '{letter}'")).await;
        return 1;
    };
    // The program started last is this one.
    let pid = tool.call.machine.processes().iter().filter(|p| p.uid == tool.call.uid).last().map_or(0, |p| p.pid);
    let (tag, text) = (flags.value('t').unwrap_or("log"), flags.rest.join(" "));
    tool.call.machine.system().write_log(Buffer::Main, priority, tag, pid, tool.call.uid, &text);
    0
}

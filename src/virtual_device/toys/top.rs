//! `top`: the processes again and again. From API 26 on toybox's, before that toolbox's, each in its own columns. Source of
//! the columns: AOSP `external/toybox/toys/posix/ps.c`, `system/core/toolbox/top.c`. MODEL: nothing takes any time of the
//! processor, every app the memory of one captured process.

use std::time::Duration;

use super::people::name_of;
use super::running::{Row, rows, shown};
use super::tool::{Flags, Tool, toy};

toy!(
    /// `top [-bq] [-n times] [-d seconds] [-m most]`
    top, top_work
);

async fn top_work(mut tool: Tool) -> i32 {
    let old = tool.call.machine.profile.api <= 25;
    let Some(flags) = tool.flags("bHqt", "ndmsokpuOh", &[]).await else { return 1 };
    let number = |letter: char| flags.value(letter).and_then(|text| text.parse::<f64>().ok());
    if let Some(text) = flags.value('n').filter(|text| text.parse::<u32>().is_err()) {
        let text = text.to_owned();
        tool.complain(&format!("not integer: {text}")).await;
        return 1;
    }
    let pause = Duration::from_secs_f64(number('d').unwrap_or(if old { 1.0 } else { 3.0 }).clamp(0.1, 86_400.0));
    let times = flags.value('n').and_then(|text| text.parse::<u32>().ok());
    let mut turn = 0;
    loop {
        let text = if old { by_toolbox(&tool, &flags) } else { by_toybox(&tool, &flags) };
        turn += 1;
        if !tool.out(text).await || times.is_some_and(|times| turn >= times.max(1)) {
            return 0;
        }
        tokio::select! {
            () = tool.call.machine.clock.sleep(pause) => {}
            () = tool.call.stdio.hangup.cancelled() => return 130,
        }
    }
}

/// The processes shown; the program itself is among them.
fn listed(tool: &Tool, flags: &Flags) -> Vec<Row> {
    let mut rows = rows(tool);
    if let Some(wanted) = flags.value('p') {
        rows.retain(|row| wanted.split(',').any(|pid| pid == row.pid.to_string()));
    }
    // Who runs stands first.
    rows.sort_by_key(|row| (row.name != "top", row.pid));
    let most = flags.value('m').and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    rows.truncate(most);
    rows
}

fn by_toybox(tool: &Tool, flags: &Flags) -> String {
    let all = rows(tool).len();
    let rows = listed(tool, flags);
    let unit = if tool.call.machine.profile.api <= 28 { "k" } else { "K" };
    let sized = |size: u32| format!("{size:>9}{unit}");
    let mut text = String::new();
    if !flags.has('q') {
        text += &format!(
            "Tasks: {all} total,   1 running, {:>3} sleeping,   0 stopped,   0 zombie\n",
            all.saturating_sub(1)
        );
        text += &format!(
            "  Mem: {} total,{} used,{} free,{} buffers\n Swap: {} total,{} used,{} free,{} cached\n",
            sized(2_030_852),
            sized(1_618_512),
            sized(412_340),
            sized(8_912),
            sized(0),
            sized(0),
            sized(0),
            sized(702_144)
        );
        text += "200%cpu   0%user   0%nice   0%sys 200%idle   0%iow   0%irq   0%sirq   0%host\n";
    }
    text += "  PID USER         PR  NI VIRT  RES  SHR S[%CPU] %MEM     TIME+ ARGS            \n";
    for row in rows {
        let app = row.uid >= 10_000;
        let (size, resident, shared) = if app { ("551M", " 62M", " 40M") } else { ("2.2M", "976K", "512K") };
        let state = if row.name == "top" { 'R' } else { 'S' };
        let share = if app { 3.1 } else { 0.0 };
        let user = name_of(row.uid);
        text += &format!(
            "{:>5} {user:<12} 20   0 {size:>4} {resident:>4} {shared:>4} {state}  0.0 {share:>5.1} {:>9} {}\n",
            row.pid,
            "0:00.00",
            shown(&row.arguments)
        );
    }
    text
}

fn by_toolbox(tool: &Tool, flags: &Flags) -> String {
    let mut text = "\n\n\nUser 0%, System 0%, IOW 0%, IRQ 0%\nUser 0 + Nice 0 + Sys 0 + Idle 200 + IOW 0 + IRQ 0 + SIRQ 0 = 200\n\n  PID PR CPU% S  #THR     VSS     RSS PCY UID      Name\n".to_owned();
    for row in listed(tool, flags) {
        let (size, resident) = if row.uid >= 10_000 { (564_464, 63_652) } else { (2_348, 976) };
        let state = if row.name == "top" { 'R' } else { 'S' };
        let user = name_of(row.uid);
        text += &format!("{:>5}  0   0% {state}     1 {size:>6}K {resident:>6}K  fg {user:<8} {}\n", row.pid, row.name);
    }
    text
}

//! `dumpsys alarm`: the system's own tick, which every device has; apps of the model set no alarms. MODEL: AOSP's words
//! (`AlarmManagerService.dumpImpl`, its form of before Android 12 and since), our figures.

use std::fmt::Write as _;

use super::super::reply::Reply;
use super::super::stamp;
use crate::virtual_device::system::System;

/// A tick's length in milliseconds.
const MINUTE: i64 = 60_000;

/// `dumpsys alarm`.
pub fn dump(system: &System) -> Reply {
    let api = system.profile().api;
    let now = system.wall();
    let up = i64::try_from(system.since_start().as_millis()).unwrap_or(i64::MAX);
    let mut out = String::from("Current Alarm Manager state:\n");
    if api >= 23 {
        out += if api >= 31 { "\n  Settings:\n" } else { "  Settings:\n" };
    }
    out += "    min_futurity=+5s0ms\n    min_interval=+1m0s0ms\n";
    if api >= 28 {
        out += "    max_interval=+365d0h0m0s0ms\n";
    }
    out += "    allow_while_idle_short_time=+5s0ms\n    allow_while_idle_long_time=+9m0s0ms\n    allow_while_idle_whitelist_duration=+10s0ms\n\n";
    if api >= 28 {
        out += if api >= 31 { "  App Standby Parole: false\n\n" } else { "  Foreground uids: [1000]\n\n" };
    }
    let left = MINUTE - now.rem_euclid(MINUTE);
    let _ = write!(
        out,
        "  nowRTC={now}={} nowELAPSED={up}\n  mLastTimeChangeClockTime={began}={}\n  mLastTimeChangeRealtime=0\n",
        when(api, now),
        when(api, now - up),
        began = now - up,
    );
    let _ = write!(
        out,
        "  mLastTickReceived={} mLastTickSet={}\n\n  Next non-wakeup alarm: {} = {}\n\n",
        when(api, now - now.rem_euclid(MINUTE)),
        when(api, now - now.rem_euclid(MINUTE)),
        stamp::span(left),
        when(api, now + left),
    );
    pending(&mut out, api, now, up, left);
    out += "\n  Pending user blocked background alarms: none\n";
    if api >= 28 {
        out += "\n  App Alarm history:\n";
        for package in system.packages().values().filter(|package| !package.system) {
            let _ = writeln!(out, "    {}, u0: ", package.name());
        }
    }
    out += "\n  Past-due non-wakeup alarms: (none)\n    Number of delayed alarms: 0, total delay time: 0\n    Max delay time: 0, max non-interactive time: 0\n\n  Broadcast ref count: 0\n";
    // The first was when the system was ready.
    let ticks = up / MINUTE + 1;
    if api >= 26 {
        let _ = write!(
            out,
            "  PendingIntent send count: 0\n  PendingIntent finish count: 0\n  Listener send count: {ticks}\n  Listener finish count: {ticks}\n"
        );
    }
    out.push('\n');
    statistics(&mut out, api, ticks, now.rem_euclid(MINUTE));
    Reply::out(out)
}

/// Until Android 11 without parts of seconds.
fn when(api: u32, at: i64) -> String {
    if api >= 31 { stamp::millis(at) } else { stamp::seconds(at) }
}

fn tag(api: u32) -> &'static str {
    if api >= 28 { "*alarm*:TIME_TICK" } else { "*alarm*:android.intent.action.TIME_TICK" }
}

/// Alarms that wait: in batches, since Android 12 in one list.
fn pending(out: &mut String, api: u32, now: i64, up: i64, left: i64) {
    let at = up + left;
    let whose = if api >= 28 {
        "operation=null\n      listener=android.app.AlarmManager$ListenerWrapper@5d1c5f3"
    } else {
        "operation=PendingIntent{3b0e7c3: PendingIntentRecord{d89b25b android broadcastIntent}}"
    };
    if api >= 31 {
        let _ = write!(
            out,
            "  1 pending alarms: \n    ELAPSED #1: Alarm{{2b0f6c9 type 3 origWhen {at} whenElapsed {at} android}}\n      tag={}\n      type=ELAPSED origWhen={} window=0 repeatInterval=0 count=0 flags=0x1\n      policyWhenElapsed: requester={left} app_standby=0 device_idle=0 battery_saver=0\n      whenElapsed={left} maxWhenElapsed={left}\n      {whose}\n    LazyAlarmStore stats:\n",
            tag(api),
            stamp::span(left),
            left = stamp::span(left),
        );
        return;
    }
    let (kind, number) = if api >= 28 { ("ELAPSED", 3) } else { ("RTC", 1) };
    let set = if api >= 28 { at } else { now + left };
    let _ = write!(
        out,
        "  Pending alarm batches: 1\nBatch{{7f0b0d2 num=1 start={at} end={at} flgs=0x1}}:\n    {kind} #0: Alarm{{2b0f6c9 type {number} when {set} android}}\n      tag={}\n      type={number} expectedWhenElapsed={left} expectedMaxWhenElapsed={left} whenElapsed={left} maxWhenElapsed={left} when={left}\n      window=0 repeatInterval=0 count=0 flags=0x1\n      {whose}\n",
        tag(api),
        left = stamp::span(left),
    );
}

/// What alarms were for.
fn statistics(out: &mut String, api: u32, ticks: i64, ago: i64) {
    let (tag, ran, ago) = (tag(api), stamp::span(ticks * 8), stamp::span(-ago));
    let _ = write!(
        out,
        "  Top Alarms:\n    {ran} running, 0 wakeups, {ticks} alarms: 1000:android\n      {tag}\n \n  Alarm Stats:\n  1000:android {ran} running, 0 wakeups:\n    {ran} 0 wakes {ticks} alarms, last {ago}:\n      {tag}\n"
    );
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;
    use crate::virtual_device::machine::{Machine, Profile};

    #[test]
    fn each_release_has_its_form() {
        for (api, there, not) in [
            (23, "Pending alarm batches: 1\nBatch{", "App Alarm history"),
            (30, "Pending alarm batches: 1\nBatch{", "LazyAlarmStore"),
            (34, "1 pending alarms: \n", "batches"),
        ] {
            let clock = Clock::stepped(0);
            let machine = Machine::boot(Profile::parse(&format!("api={api}")).unwrap(), clock.clone());
            clock.advance(Duration::from_secs(150));
            let told = dump(&machine.system()).out;
            assert!(told.contains(there) && !told.contains(not), "{told}");
            assert!(told.contains("running, 0 wakeups, 3 alarms: 1000:android\n      *alarm*:"), "{told}");
        }
    }
}

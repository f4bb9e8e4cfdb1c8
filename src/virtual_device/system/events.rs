//! Lines of the log that the system writes, per API level.
//!
//! Captured: API 23 (`am_*` events, `START u0 … on display 0`, `Start proc … for activity`, `Displayed`), excerpts of
//! 28, 31+ and 35+. Between them MODEL after AOSP's `EventLogTags.logtags` of the level.

use super::System;
use super::activities::Intent;
use super::log::{Buffer, LogLine};
use super::package::{Component, user_name};
use super::process::{Process, SYSTEM_SERVER};
use super::prompt::Group;
use super::task::Record;
use crate::virtual_device::specimen::action::Crash;

impl System {
    /// Writes a line to the log on behalf of a process.
    pub fn write_log(&mut self, buffer: Buffer, priority: char, tag: &str, pid: u32, uid: u32, text: &str) {
        for line in text.lines() {
            let line = LogLine {
                number: 0,
                at: self.wall(),
                buffer,
                priority,
                tag: tag.chars().take(128).collect(),
                pid,
                tid: pid,
                uid,
                text: line.chars().take(4_000).collect(),
            };
            self.log.push(line);
        }
        self.bump();
    }

    /// Empties log buffers.
    pub fn clear_log(&mut self, buffers: &[Buffer]) {
        self.log.clear(buffers);
    }

    pub(super) fn say(&mut self, buffer: Buffer, priority: char, tag: &str, text: &str) {
        self.write_log(buffer, priority, tag, SYSTEM_SERVER, 1000, text);
    }

    pub(super) fn event(&mut self, tag: &str, text: &str) {
        self.write_log(Buffer::Events, 'I', tag, SYSTEM_SERVER, 1000, text);
    }

    /// Event tags of activities were renamed from `am_` to `wm_` with API 29.
    fn activity_event(&mut self, name: &str, text: &str) {
        let prefix = if self.profile.api >= 29 { "wm" } else { "am" };
        self.event(&format!("{prefix}_{name}"), text);
    }

    fn activity_tag(&self) -> &'static str {
        if self.profile.api >= 29 { "ActivityTaskManager" } else { "ActivityManager" }
    }

    pub(super) fn log_start(&mut self, intent: &Intent, caller: u32) {
        let tag = self.activity_tag();
        let line = self.start_line(intent, caller);
        self.say(Buffer::System, 'I', tag, &line);
    }

    fn start_line(&self, intent: &Intent, caller: u32) -> String {
        let written = intent.written();
        match self.profile.api {
            ..=23 => format!("START u0 {{{written}}} from uid {caller} on display 0"),
            24..=33 => format!("START u0 {{{written}}} from uid {caller}"),
            // Captured on 35+; MODEL for 34 and for the word in brackets of other callers.
            api => {
                let mode = if intent.action.as_deref().is_some_and(|a| a.contains(".REQUEST_PERMISSIONS")) {
                    "LAUNCH_SINGLE_TOP"
                } else {
                    "LAUNCH_MULTIPLE"
                };
                let leave = match caller {
                    1000 => "BAL_ALLOW_ALLOWLISTED_UID",
                    0 | 2000 => "BAL_ALLOW_PERMISSION",
                    _ => "BAL_ALLOW_VISIBLE_WINDOW",
                };
                let written = if api >= 35 { with_xflg(intent) } else { written };
                format!("START u0 {{{written}}} with {mode} from uid {caller} ({leave}) result code=0")
            }
        }
    }

    pub(super) fn log_request(&mut self, package: &str) {
        let caller = self.packages.get(package).map_or(0, |p| p.uid);
        let intent = self.request_intent();
        self.log_start(&intent, caller);
    }

    pub(super) fn log_request_result(&mut self, package: &str, groups: &[Group]) {
        if self.profile.api > 23 {
            return;
        }
        let Some(owner) = self.packages.get(package) else { return };
        let api = self.profile.api;
        let parts: Vec<String> = groups
            .iter()
            .map(|group| {
                let of_group = owner.permissions.iter().filter(|(p, _)| super::group_of(p, api) == Some(*group));
                let states: Vec<_> = of_group.map(|(_, state)| *state).collect();
                let granted = states.iter().any(|s| s.granted);
                let flags = states.iter().fold(0, |all, s| all | s.flags.0);
                format!("{}|{granted}|{flags}", group.name())
            })
            .collect();
        let text = format!("[permissions_requested,{},{package}:{}]", owner.uid, parts.join(";"));
        let controller = self.controller().package;
        let pid = self.pid_of(&controller).unwrap_or(SYSTEM_SERVER);
        self.write_log(Buffer::Events, 'I', "snet_event_log", pid, 10_012, &text);
    }

    pub(super) fn log_create_task(&mut self, task: u32) {
        self.activity_event("create_task", &format!("[0,{task}]"));
        let second = if self.profile.api >= 29 { "-1" } else { "1" };
        self.event("wm_task_created", &format!("[{task},{second}]"));
    }

    pub(super) fn log_task_to_front(&mut self, task: u32) {
        self.activity_event("task_to_front", &format!("[0,{task}]"));
    }

    pub(super) fn log_task_removed(&mut self, task: u32) {
        self.event("wm_task_removed", &format!("[{task},removeTask]"));
    }

    pub(super) fn log_create_activity(&mut self, task: u32, record: &Record) {
        let action = record.intent.split(' ').find_map(|part| part.strip_prefix("act=")).unwrap_or("NULL");
        let flags = record
            .intent
            .split(' ')
            .find_map(|part| part.strip_prefix("flg=0x"))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .unwrap_or(0);
        let text = format!("[0,{},{task},{},{action},NULL,NULL,{flags}]", record.hash, record.component.short());
        self.activity_event("create_activity", &text);
    }

    pub(super) fn log_restart_activity(&mut self, task: u32, record: &Record) {
        self.activity_event("restart_activity", &format!("[0,{},{task},{}]", record.hash, record.component.short()));
    }

    pub(super) fn log_finish_activity(&mut self, task: u32, record: &Record, why: &str) {
        let name = record.component.short();
        self.activity_event("finish_activity", &format!("[0,{},{task},{name},{why}]", record.hash));
        if why == "app-request" {
            self.activity_event("destroy_activity", &format!("[0,{},{task},{name},finish-imm]", record.hash));
        }
    }

    /// One activity is left for another.
    pub(super) fn log_focus(&mut self, old: Option<&(String, Record)>, task: u32, new: &Record) {
        let api = self.profile.api;
        if let Some((_, old)) = old {
            let leaving = if api >= 29 { ",userLeaving=true" } else { "" };
            self.activity_event("pause_activity", &format!("[0,{},{}{leaving}]", old.hash, old.component.short()));
            let text = match api {
                ..=28 => format!("[0,{}]", old.component.class),
                29 => format!("[0,{},performPause]", old.component.class),
                _ => format!("[{},{},performPause]", old.hash, old.component.class),
            };
            self.app_event("on_paused_called", old.pid, &text);
        }
        let name = new.component.short();
        match api {
            ..=25 => self.event("am_focused_activity", &format!("[0,{name}]")),
            26..=28 => self.event("am_set_resumed_activity", &format!("[0,{name},minimalResumeActivityLocked]")),
            _ => self.event("wm_set_resumed_activity", &format!("[0,{name},minimalResumeActivityLocked]")),
        }
        self.activity_event("resume_activity", &format!("[0,{},{task},{name}]", new.hash));
        let text = match api {
            ..=25 => format!("[0,{}]", new.component.class),
            26..=29 => format!("[0,{},RESUME_ACTIVITY]", new.component.class),
            _ => format!("[{},{},RESUME_ACTIVITY]", new.hash, new.component.class),
        };
        self.app_event("on_resume_called", new.pid, &text);
    }

    fn app_event(&mut self, name: &str, pid: u32, text: &str) {
        let prefix = if self.profile.api >= 29 { "wm" } else { "am" };
        let uid = self.processes.get(&pid).map_or(1000, |p| p.uid);
        self.write_log(Buffer::Events, 'I', &format!("{prefix}_{name}"), pid, uid, text);
    }

    pub(super) fn log_launch_time(&mut self, component: &Component, took: u32) {
        let hash = self.top_record().map_or(0, |r| r.hash);
        let again = if self.profile.api <= 28 { format!(",{took}") } else { String::new() };
        self.activity_event("activity_launch_time", &format!("[0,{hash},{},{took}{again}]", component.short()));
    }

    pub(super) fn log_displayed(&mut self, component: &Component, took: u32) {
        let user = if self.profile.api >= 34 { " for user 0" } else { "" };
        let text = format!("Displayed {}{user}: +{}", component.short(), span(took));
        let tag = self.activity_tag();
        self.say(Buffer::System, 'I', tag, &text);
    }

    pub(super) fn log_process_start(
        &mut self,
        pid: u32,
        uid: u32,
        package: &str,
        why: &str,
        component: Option<&Component>,
    ) {
        let api = self.profile.api;
        let why = if why == "activity" && api >= 30 { "next-top-activity" } else { why };
        let name = match component {
            Some(component) if api <= 28 => component.short(),
            Some(component) => format!("{{{}}}", component.full()),
            None => package.to_string(),
        };
        self.event("am_proc_start", &format!("[0,{pid},{uid},{package},{why},{name}]"));
        self.event("am_proc_bound", &format!("[0,{pid},{package}]"));
        let text = format!("Start proc {pid}:{package}/{} for {why} {name}", user_name(uid));
        self.say(Buffer::System, 'I', "ActivityManager", &text);
    }

    pub(super) fn log_process_end(&mut self, process: &Process, why: &str) {
        let Process { pid, name, uid, .. } = process;
        let user = user_name(*uid);
        if why.starts_with("stop ") || why.contains("revoked") || why == "uninstall" {
            let tail = if self.profile.api >= 29 { ",0" } else { "" };
            self.event("am_kill", &format!("[0,{pid},{name},0,{why}{tail}]"));
            self.say(Buffer::System, 'I', "ActivityManager", &format!("Killing {pid}:{name}/{user} (adj 0): {why}"));
            return;
        }
        let tail = if self.profile.api >= 26 { ",0,2" } else { "" };
        self.event("am_proc_died", &format!("[0,{pid},{name}{tail}]"));
        let state = if self.profile.api >= 28 { ": fg  TOP " } else { "" };
        self.say(Buffer::System, 'I', "ActivityManager", &format!("Process {name} (pid {pid}) has died{state}"));
    }

    pub(super) fn log_force_stop(&mut self, package: &str, caller: u32) {
        let app_id = self.packages.get(package).map_or(0, |p| p.uid);
        let who = if caller == 0 || caller == 2000 { 244 } else { SYSTEM_SERVER };
        let text = format!("Force stopping {package} appid={app_id} user=0: from pid {who}");
        self.say(Buffer::System, 'I', "ActivityManager", &text);
    }

    /// Writes what a crash leaves; whether the app had crashed shortly before too.
    pub(super) fn log_crash(&mut self, package: &str, pid: u32, crash: &Crash) -> bool {
        let uid = self.packages.get(package).map_or(10_000, |p| p.uid);
        let minute_ago = self.wall() - 60_000;
        let sign = format!(",{package},");
        let repeated = self
            .log
            .since(0, &[Buffer::Events])
            .any(|line| line.tag == "am_crash" && line.at >= minute_ago && line.text.contains(&sign));
        let class = self.top_record().map_or_else(|| package.to_string(), |r| r.component.class.clone());
        let file = format!("{}.java", class.rsplit('.').next().unwrap_or("Main"));
        let head = if crash.message.is_empty() {
            crash.exception.clone()
        } else {
            format!("{}: {}", crash.exception, crash.message)
        };
        let text = format!(
            "FATAL EXCEPTION: main\nProcess: {package}, PID: {pid}\n{head}\n\tat {class}.onClick({file}:42)\n\tat android.view.View.performClick(View.java)\n\tat android.os.Handler.handleCallback(Handler.java)\n\tat android.os.Looper.loop(Looper.java)\n\tat android.app.ActivityThread.main(ActivityThread.java)"
        );
        self.write_log(Buffer::Crash, 'E', "AndroidRuntime", pid, uid, &text);
        let tail = if self.profile.api >= 33 { ",0" } else { "" };
        let event = format!("[{pid},0,{package},948452932,{},{},{file},42{tail}]", crash.exception, crash.message);
        self.event("am_crash", &event);
        repeated
    }

    /// What a `uiautomator dump` leaves that ends without a word: captured soon after the boot of an API 34 image.
    pub fn log_dump_crash(&mut self) {
        let text = "FATAL EXCEPTION: main\njava.lang.NullPointerException: Attempt to invoke virtual method 'java.lang.CharSequence android.view.accessibility.AccessibilityNodeInfo.getContentDescription()' on a null object reference\n\tat com.android.uiautomator.core.AccessibilityNodeInfoDumper.childNafCheck(AccessibilityNodeInfoDumper.java:296)\n\tat com.android.uiautomator.core.AccessibilityNodeInfoDumper.nafCheck(AccessibilityNodeInfoDumper.java:276)";
        self.write_log(Buffer::Crash, 'E', "AndroidRuntime", SYSTEM_SERVER, 2000, text);
    }

    pub(super) fn log_anr(&mut self, package: &str, pid: u32) {
        let why = "Input dispatching timed out (Waiting to send non-key event because the touched window has not finished processing certain input events that were delivered to it over 500.0ms ago.  Wait queue length: 2.  Wait queue head age: 5512.3ms.)";
        self.event("am_anr", &format!("[0,{pid},{package},954744390,{why}]"));
        let name = self.top_record().map_or_else(|| package.to_string(), |r| r.component.short());
        self.say(
            Buffer::System,
            'E',
            "ActivityManager",
            &format!("ANR in {package} ({name})\nPID: {pid}\nReason: {why}"),
        );
    }
}

/// The intent with the extended flags of the newest releases (captured on 35+).
fn with_xflg(intent: &Intent) -> String {
    let written = intent.written();
    match written.find(" cmp=") {
        Some(at) => format!("{} xflg=0x4{}", &written[..at], &written[at..]),
        None if written.starts_with("cmp=") => format!("xflg=0x4 {written}"),
        None => written,
    }
}

/// Milliseconds as `TimeUtils.formatDuration` writes them: `265ms`, `4s279ms`.
pub(super) fn span(took: u32) -> String {
    if took < 1_000 { format!("{took}ms") } else { format!("{}s{}ms", took / 1_000, took % 1_000) }
}

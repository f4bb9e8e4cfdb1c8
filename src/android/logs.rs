//! Lines of `logcat`, and what they say of activities, processes and permission requests.
//!
//! Tags and fields: AOSP `services/core/java/com/android/server/am/EventLogTags.logtags` and `…/wm/EventLogTags.logtags`.

use super::notifications::{self, Canceled, Enqueued};
use super::tail::Buffer;
use super::time::DeviceTime;

/// One log line that means something to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// When, on the device's clock, in milliseconds since 1970, UTC.
    pub device_time: Option<i64>,
    /// What.
    pub kind: LogKind,
    /// The line.
    pub raw: String,
}

/// What a log line says. Components are `package/.Class` or `package/full.Class`, as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// An activity is being brought to the front.
    ActivityResumed {
        /// Which.
        component: String,
    },
    /// An activity lost the front.
    ActivityPaused {
        /// Which.
        component: String,
    },
    /// An activity finished or was destroyed.
    ActivityGone {
        /// Which.
        component: String,
        /// Android's reason.
        reason: String,
    },
    /// An activity's first picture is on the screen.
    Displayed {
        /// Which.
        component: String,
    },
    /// The focus went to a window, or to none.
    FocusChanged {
        /// Its title: `package/full.Class` for an activity's window, and for its dialogs.
        window: Option<String>,
        /// Android's number of the window, which tells a dialog from its activity; not every line has it.
        token: Option<String>,
    },
    /// A process started.
    ProcessStarted {
        /// Its name.
        process: String,
        /// Its id.
        pid: u32,
        /// User id of its app.
        uid: u32,
        /// Android's cause word.
        cause: String,
        /// What it was started for.
        component: String,
    },
    /// The system is killing a process for want of memory; that it died follows.
    LowMemory {
        /// Name of the process.
        process: String,
        /// Process id.
        pid: u32,
    },
    /// A process is gone.
    ProcessDied {
        /// Its name.
        process: String,
        /// Its id.
        pid: u32,
    },
    /// A process is being killed by the system.
    ProcessKilled {
        /// Its name.
        process: String,
        /// Its id.
        pid: u32,
        /// Android's reason.
        reason: String,
    },
    /// A process crashed.
    Crash {
        /// Its name.
        process: String,
        /// Its id.
        pid: Option<u32>,
        /// Exception and message.
        detail: String,
    },
    /// A process does not respond.
    Anr {
        /// Its name.
        process: String,
        /// Its id.
        pid: Option<u32>,
        /// What it did not respond to.
        detail: String,
    },
    /// An app asks for permissions: logged also when the system then shows nothing.
    RequestPermissions {
        /// User id of the asking app.
        uid: Option<u32>,
        /// The system's activity that should ask the person.
        component: String,
        /// Somebody asks on an app's behalf: the system, for notifications of an app made for a level below 33.
        for_other: bool,
    },
    /// The permission dialog's answer per group.
    PermissionsDecided {
        /// Package that asked.
        package: String,
        /// Group and whether it was granted.
        groups: Vec<(String, bool)>,
    },
    /// Somebody starts an activity.
    ActivityStart {
        /// Which, when the line names it.
        component: String,
        /// The intent's action, or empty.
        action: String,
        /// The intent's media type, or empty.
        media: String,
        /// User id of the caller.
        uid: Option<u32>,
    },
    /// A notification comes, or takes the place of another.
    NotificationEnqueued(Enqueued),
    /// A notification is gone.
    NotificationCanceled(Canceled),
}

/// Tags worth asking `logcat` for, with their lowest priority.
pub(super) const TAGS: [&str; 35] = [
    "am_anr:I",
    "am_crash:I",
    "am_destroy_activity:I",
    "am_finish_activity:I",
    "am_focused_activity:I",
    "am_kill:I",
    "am_pause_activity:I",
    "am_proc_died:I",
    "am_proc_start:I",
    "am_restart_activity:I",
    "am_resume_activity:I",
    "am_set_resumed_activity:I",
    "input_focus:I",
    "lowmemorykiller:I",
    "notification_canceled:I",
    "notification_enqueue:I",
    "snet_event_log:I",
    "wm_anr:I",
    "wm_crash:I",
    "wm_destroy_activity:I",
    "wm_finish_activity:I",
    "wm_focused_activity:I",
    "wm_kill:I",
    "wm_pause_activity:I",
    "wm_proc_died:I",
    "wm_proc_start:I",
    "wm_relaunch_resume_activity:I",
    "wm_restart_activity:I",
    "wm_resume_activity:I",
    "wm_set_resumed_activity:I",
    "am_relaunch_resume_activity:I",
    "am_relaunch_activity:I",
    "wm_relaunch_activity:I",
    "ActivityManager:I",
    "ActivityTaskManager:I",
];

/// Reads one line of `logcat -v threadtime`, with or without `-v epoch`; `None` for lines that say nothing to us.
pub fn parse_line(line: &str, time: DeviceTime) -> Option<LogEvent> {
    let parts = split(line)?;
    let kind = kind_of(parts.tag, parts.message)?;
    Some(LogEvent { device_time: parts.time(time), kind, raw: line.to_owned() })
}

/// When a line was written, on the device's clock, and in which buffer; `None` for what is no line of the log.
pub(super) fn place(line: &str, time: DeviceTime) -> Option<(i64, Buffer)> {
    let parts = split(line)?;
    // The tags of events that are asked for all have an underscore, those of programs have none.
    let buffer = if parts.tag.contains('_') { Buffer::Events } else { Buffer::Others };
    Some((parts.time(time)?, buffer))
}

struct Parts<'a> {
    /// The date, when the line is not in epoch format.
    date: Option<&'a str>,
    /// Date and time, or seconds since 1970.
    stamp: &'a str,
    tag: &'a str,
    message: &'a str,
}

impl Parts<'_> {
    fn time(&self, time: DeviceTime) -> Option<i64> {
        match self.date {
            Some(_) => time.without_year(self.stamp),
            None => DeviceTime::epoch(self.stamp),
        }
    }
}

/// `11-21 21:00:04.320   300  1372 I tag     : message`, or `1795295576.960   300  1372 I tag     : message`.
fn split(line: &str) -> Option<Parts<'_>> {
    let line = line.trim_start();
    let (first, after_first) = line.split_once(' ')?;
    let (date, stamp, rest) = if first.len() == 5 && first.as_bytes()[2] == b'-' {
        let time_end = after_first.find(' ')?;
        (Some(first), &line[..first.len() + 1 + time_end], &after_first[time_end..])
    } else {
        (None, first, after_first)
    };
    if !stamp.bytes().next()?.is_ascii_digit() {
        return None;
    }
    let mut rest = rest.trim_start();
    // Process id and thread id (and a user name, with `-v uid`) up to the one-letter priority.
    for _ in 0..4 {
        let (word, after) = rest.split_once(' ')?;
        rest = after.trim_start();
        if word.len() == 1 && "VDIWEF".contains(word) {
            let (tag, message) = rest.split_once(':')?;
            return Some(Parts { date, stamp, tag: tag.trim(), message: message.trim() });
        }
    }
    None
}

fn kind_of(tag: &str, message: &str) -> Option<LogKind> {
    match tag {
        "ActivityManager" | "ActivityTaskManager" => manager(message),
        "input_focus" => input_focus(message),
        "snet_event_log" => decided(message),
        "lowmemorykiller" => low_memory(message),
        _ => {
            let (prefix, name) = tag.split_once('_')?;
            let list = message.strip_prefix('[')?.strip_suffix(']').unwrap_or(message);
            match (prefix, name) {
                ("am" | "wm", name) => event(name, list),
                ("notification", "enqueue") => notifications::enqueued(list).map(LogKind::NotificationEnqueued),
                ("notification", "canceled") => notifications::canceled(list).map(LogKind::NotificationCanceled),
                _ => None,
            }
        }
    }
}

/// `Kill 'name' (pid), uid …` of the low memory killer (AOSP `lmkd.cpp`); older ones write `Killing`.
fn low_memory(message: &str) -> Option<LogKind> {
    let rest = message.strip_prefix("Kill '").or_else(|| message.strip_prefix("Killing '"))?;
    let (process, rest) = rest.split_once('\'')?;
    let pid = rest.strip_prefix(" (")?.split_once(')')?.0.parse().ok()?;
    Some(LogKind::LowMemory { process: process.to_owned(), pid })
}

/// Events of the activity and window managers. The last field may hold commas.
fn event(name: &str, list: &str) -> Option<LogKind> {
    let text = |n: usize| field(list, n).map(str::to_owned);
    let number = |n: usize| field(list, n).and_then(|word| word.parse::<u32>().ok());
    let component = |n: usize| text(n).filter(|name| name.contains('/'));
    match name {
        // User, token, task, component.
        "resume_activity" | "restart_activity" | "relaunch_resume_activity" => {
            Some(LogKind::ActivityResumed { component: component(3)? })
        }
        // User, component, reason.
        "set_resumed_activity" => Some(LogKind::ActivityResumed { component: component(1)? }),
        // User, component; `-1,NULL` when nothing has the focus.
        "focused_activity" => Some(LogKind::FocusChanged { window: component(1), token: None }),
        // User, token, component, …
        "pause_activity" => Some(LogKind::ActivityPaused { component: component(2)? }),
        // User, token, task, component, reason.
        "finish_activity" | "destroy_activity" => {
            let reason = tail(list, 4).unwrap_or_default().to_owned();
            Some(LogKind::ActivityGone { component: component(3)?, reason })
        }
        // User, process id, user id, name, cause, component (newer releases put it in braces).
        "proc_start" => {
            let component = tail(list, 5).unwrap_or_default().trim_matches(['{', '}']).to_owned();
            let cause = text(4).unwrap_or_default();
            Some(LogKind::ProcessStarted { process: text(3)?, pid: number(1)?, uid: number(2)?, cause, component })
        }
        // User, process id, name, …
        "proc_died" => Some(LogKind::ProcessDied { process: text(2)?, pid: number(1)? }),
        // User, process id, name, adjustment, reason.
        "kill" => {
            let reason = tail(list, 4).unwrap_or_default().to_owned();
            Some(LogKind::ProcessKilled { process: text(2)?, pid: number(1)?, reason })
        }
        // User, process id, name, flags, reason.
        "anr" => Some(LogKind::Anr {
            process: text(2)?,
            pid: number(1),
            detail: tail(list, 4).unwrap_or_default().to_owned(),
        }),
        // Process id and user (in this order, unlike all others), name, flags, exception, message, file, line.
        "crash" => {
            let pid = number(0).max(number(1)).filter(|pid| *pid > 0);
            Some(LogKind::Crash { process: text(2)?, pid, detail: tail(list, 4).unwrap_or_default().to_owned() })
        }
        _ => None,
    }
}

/// `[Focus entering 5fa9554 pkg/Class (server),reason=…]`; `Focus request` of the first releases that log it.
fn input_focus(message: &str) -> Option<LogKind> {
    let inner = message.trim_matches(['[', ']']);
    if inner.starts_with("Requesting to set focus to null window") {
        return Some(LogKind::FocusChanged { window: None, token: None });
    }
    let rest = inner.strip_prefix("Focus entering ").or_else(|| inner.strip_prefix("Focus request "))?;
    let (token, title) = rest.split_once(' ')?;
    let title = title.rsplit_once(",reason=").map_or(title, |(title, _)| title);
    let title = title.strip_suffix(" (server)").unwrap_or(title);
    Some(LogKind::FocusChanged { window: Some(title.to_owned()), token: Some(token.to_owned()) })
}

/// `[permissions_requested,10024,test.perm:android.permission-group.CAMERA|false|1;…]`, API 23 to 28.
fn decided(message: &str) -> Option<LogKind> {
    let list = message.trim_matches(['[', ']']).strip_prefix("permissions_requested,")?;
    let (_, rest) = list.split_once(',')?;
    let (package, groups) = rest.split_once(':')?;
    let group = |text: &str| {
        let mut parts = text.split('|');
        let name = parts.next()?.rsplit('.').next()?.to_owned();
        Some((name, parts.next()? == "true"))
    };
    Some(LogKind::PermissionsDecided {
        package: package.to_owned(),
        groups: groups.split(';').filter_map(group).collect(),
    })
}

/// Plain lines of the activity manager: `START u0 {…} from uid N …`, `Displayed pkg/.Act: +1s2ms`.
fn manager(message: &str) -> Option<LogKind> {
    if let Some(rest) = message.strip_prefix("Displayed ") {
        let component = rest.split([' ', ':']).next()?.to_owned();
        return Some(LogKind::Displayed { component }).filter(|_| rest.contains('/'));
    }
    let rest = message.strip_prefix("START u")?;
    let (intent, after) = rest.split_once('{')?.1.rsplit_once('}')?;
    let value = |key: &str| intent.split_whitespace().find_map(|word| word.strip_prefix(key)).map(str::to_owned);
    let component = value("cmp=").unwrap_or_default();
    let action = value("act=").unwrap_or_default();
    let uid = after.split_once("from uid ").and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    if action.ends_with(".REQUEST_PERMISSIONS") || component.ends_with("GrantPermissionsActivity") {
        let for_other = action.ends_with(".REQUEST_PERMISSIONS_FOR_OTHER");
        return Some(LogKind::RequestPermissions { uid, component, for_other });
    }
    let media = value("typ=").unwrap_or_default();
    Some(LogKind::ActivityStart { component, action, media, uid })
}

fn field(list: &str, n: usize) -> Option<&str> {
    list.split(',').nth(n).map(str::trim).filter(|word| !word.is_empty() && *word != "NULL")
}

/// Everything from the n-th field on.
fn tail(list: &str, n: usize) -> Option<&str> {
    list.splitn(n + 1, ',').nth(n).map(str::trim)
}

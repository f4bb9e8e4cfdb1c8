//! `dumpsys window`, `… windows`, `… displays`. Captured on API 23; parts of 33 and 34; MODEL: the rest.

use super::super::reply::Reply;
use crate::virtual_device::system::task::written;
use crate::virtual_device::system::window_focus::dialog_window;
use crate::virtual_device::system::{Holds, Record, System, Task, user_name};

/// One window as the dump lists it.
struct Row {
    hash: u32,
    title: String,
    package: String,
    uid: u32,
    pid: u32,
    task: u32,
    token: String,
    /// Wraps its content.
    dialog: bool,
    /// Stands above its activity's own window.
    above: bool,
    app_window: bool,
    secure: bool,
}

/// The dump.
pub fn dump(system: &System, args: &[&str]) -> Reply {
    let words: Vec<&str> = args.iter().copied().filter(|a| !a.starts_with('-')).collect();
    match words.first().copied() {
        None => Reply::out(policy(system) + &windows(system) + &displays(system)),
        Some("windows" | "w" | "visible") => Reply::out(windows(system)),
        Some("displays" | "d") => Reply::out(displays(system)),
        Some("policy" | "p") => Reply::out(policy(system)),
        Some("tokens" | "t") => Reply::out("WINDOW MANAGER TOKENS (dumpsys window tokens)\n"),
        Some("sessions" | "s") => Reply::out("WINDOW MANAGER SESSIONS (dumpsys window sessions)\n"),
        Some(other) => Reply::out(format!("Bad window command, or no windows match: {other}\n")),
    }
}

/// The lines about focus, as `window` and newer `activity` dumps print them.
pub fn focus(system: &System) -> String {
    let rows = rows(system);
    let focused = rows.first().map_or("null".to_string(), name);
    let app = system.top_task().and_then(|task| Some((task, task.records.last()?)));
    let app = app.map_or("null".to_string(), |(task, record)| token(system, task, record));
    format!("  mCurrentFocus={focused}\n  mFocusedApp={app}\n")
}

fn name(row: &Row) -> String {
    format!("Window{{{:x} u0 {}}}", row.hash, row.title)
}

/// An app's token: wrapped up to API 29, the bare activity later.
fn token(system: &System, task: &Task, record: &Record) -> String {
    let api = system.profile().api;
    let activity = written(record, task.id, api);
    if api <= 29 {
        let (outer, inner) = (record.hash ^ 0x0123_4567, record.hash ^ 0x0076_5432);
        format!("AppWindowToken{{{outer:x} token=Token{{{inner:x} {activity}}}}}")
    } else {
        activity
    }
}

/// Titles of the windows, the topmost first.
pub fn titles(system: &System) -> Vec<String> {
    rows(system).into_iter().map(|row| row.title).collect()
}

/// The windows, the topmost first.
fn rows(system: &System) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(notice) = system.notice() {
        let title = match notice.kind {
            crate::virtual_device::system::NoticeKind::Crash => format!("Application Error: {}", notice.package),
            crate::virtual_device::system::NoticeKind::Anr => format!("Application Not Responding: {}", notice.package),
        };
        rows.push(Row {
            hash: 0x0e44_0001,
            title,
            package: "android".into(),
            uid: 1000,
            pid: crate::virtual_device::system::process::SYSTEM_SERVER,
            task: 0,
            token: "WindowToken{e440002 null}".into(),
            dialog: true,
            above: true,
            app_window: false,
            secure: false,
        });
    }
    if system.shade_is_open() {
        rows.push(shade(system));
    }
    for task in system.tasks().iter().rev() {
        let visible = system.top_task().is_some_and(|top| top.id == task.id);
        if !visible && !task.home {
            continue;
        }
        rows.extend(task_rows(system, task, visible));
    }
    rows
}

/// The panel with the notifications. MODEL: its window's numbers.
fn shade(system: &System) -> Row {
    let drawn_by = "com.android.systemui";
    Row {
        hash: 0x0e44_0003,
        title: system.shade_title().into(),
        package: drawn_by.into(),
        uid: system.packages().get(drawn_by).map_or(0, |p| p.uid),
        pid: system.processes().find(|p| p.name == drawn_by).map_or(0, |p| p.pid),
        task: 0,
        token: "WindowToken{e440004 android.os.BinderProxy@e440005}".into(),
        dialog: false,
        above: true,
        app_window: false,
        secure: false,
    }
}

fn task_rows(system: &System, task: &Task, visible: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    let windows = system.windows();
    for (at, record) in task.records.iter().enumerate().rev() {
        let title = record.component.full();
        // A prompt is an activity, whose window wraps its content (captured).
        let row = |hash: u32, above: bool, secure: bool| Row {
            hash,
            title: title.clone(),
            package: record.component.package.clone(),
            uid: system.packages().get(&record.component.package).map_or(0, |p| p.uid),
            pid: record.pid,
            task: task.id,
            token: token(system, task, record),
            dialog: above || record.holds == Holds::Prompt,
            above,
            app_window: true,
            secure,
        };
        let last_of_app = task.records[at + 1..].iter().all(|r| r.holds == Holds::Prompt);
        if record.holds == Holds::Screens && visible && last_of_app {
            let surfaces = system.dialog_surfaces(&record.component.package);
            let own = windows.iter().filter(|w| w.package == record.component.package && w.title == title).enumerate();
            let mut found: Vec<Row> = own
                .map(|(n, w)| {
                    let surface = n.checked_sub(1).and_then(|n| surfaces.get(n));
                    let hash = surface.map_or(record.window, |surface| dialog_window(record.window, *surface));
                    row(hash, n > 0, w.secure)
                })
                .collect();
            found.reverse();
            rows.extend(found);
        } else {
            rows.push(row(record.window, false, false));
        }
    }
    rows
}

fn windows(system: &System) -> String {
    let profile = system.profile();
    let rows = rows(system);
    let (w, h) = system.display_size();
    let mut out = String::from("WINDOW MANAGER WINDOWS (dumpsys window windows)\n");
    for (at, row) in rows.iter().enumerate() {
        let number = if profile.api <= 28 { rows.len() - 1 - at } else { at };
        out += &format!("  Window #{number} {}:\n", name(row));
        out += &window_lines(profile.api, row, w, h);
    }
    out.push('\n');
    if profile.api <= 28 {
        out += &focus(system);
    } else {
        out += "  mGlobalConfiguration={1.0 ?mcc?mnc [en_US] ldltr}\n  mHasPermanentDpad=false\n";
        out += &focus(system);
        let target = rows.first().map_or("null".to_string(), name);
        out += &format!("  imeInputTarget in display# 0 {target}\n");
    }
    out += &format!(
        "  mInTouchMode=true\n  mSystemDecorLayer=0 mScreenRect=[0,0][{w},{h}]\n  mSystemBooted=true mDisplayEnabled=true\n  mRotation={}\n",
        system.rotation()
    );
    out
}

fn window_lines(api: u32, row: &Row, w: u32, h: u32) -> String {
    let session = format!("Session{{{:x} {}:{}}}", row.hash ^ 0x00ab_cdef, row.pid, session_user(row.uid));
    let size = if row.dialog { "wrapxwrap" } else { "fillxfill" };
    let secure = if row.secure { " SECURE" } else { "" };
    let attrs = match (api, row.app_window) {
        (..=28, _) => {
            // FLAG_SECURE is 0x2000.
            let flags = if row.secure { "81812100" } else { "81810100" };
            let kind = if row.above { 2 } else { 1 };
            format!("WM.LayoutParams{{(0,0)({size}) sim=#120 ty={kind} fl=#{flags} fmt=-3}}")
        }
        _ => format!(
            "{{(0,0)({size}) sim={{adjust=pan}} ty={} fmt=TRANSLUCENT\n      fl=LAYOUT_IN_SCREEN{secure} HARDWARE_ACCELERATED DRAWS_SYSTEM_BAR_BACKGROUNDS}}",
            if row.above { "APPLICATION" } else { "BASE_APPLICATION" }
        ),
    };
    let owner = if api <= 28 { "mShowToOwnerOnly=true" } else { "showForAllUsers=false" };
    format!(
        "    mDisplayId=0 stackId={} mSession={session} mClient=android.os.BinderProxy@{:x}\n    mOwnerUid={} {owner} package={} appop=NONE\n    mAttrs={attrs}\n    Requested w={w} h={h} mLayoutSeq=34\n    mBaseLayer=21000 mSubLayer=0\n    mToken={token}\n    mRootToken={token}\n    mAppToken={token}\n    mViewVisibility=0x0 mHaveFrame=true mObscured=false\n    mHasSurface=true isReadyForDisplay()=true\n    mFrame=[0,0][{w},{h}] last=[0,0][{w},{h}]\n    isOnScreen=true\n    isVisible=true\n",
        row.task,
        row.hash ^ 0x0012_3456,
        row.uid,
        row.package,
        token = row.token,
    )
}

fn session_user(uid: u32) -> String {
    if uid >= 10_000 { format!("u0a{uid}") } else { user_name(uid) }
}

fn displays(system: &System) -> String {
    let profile = system.profile();
    let ((w, h), dpi) = (system.display_size(), profile.density);
    format!(
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)\n  Display: mDisplayId=0\n    init={}x{} {dpi}dpi cur={w}x{h} app={w}x{h} rng={w}x{w}-{h}x{h}\n    deferred=false\n\n{}",
        profile.width,
        profile.height,
        focus(system)
    )
}

fn policy(system: &System) -> String {
    let awake = system.switches().screen_on;
    // Captured on 34; MODEL: that it is so before.
    let focused = rows(system).first().map_or(String::new(), |row| format!("    mFocusedWindow={}\n", name(row)));
    format!(
        "WINDOW MANAGER POLICY STATE (dumpsys window policy)\n    mAwake={awake} mScreenOnEarly={awake} mScreenOnFully={awake}\n    isKeyguardShowing=false\n    mShowingLockscreen=false mShowingDream=false mDreamingLockscreen=false\n{focused}\n"
    )
}

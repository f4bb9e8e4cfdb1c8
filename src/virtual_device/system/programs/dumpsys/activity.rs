//! `dumpsys activity`, `… activities`, `… top`, `… recents`, `… processes`. Captured on API 23, 28 (excerpt), about 33 and
//! 34; MODEL between them.

use std::time::Duration;

use super::super::reply::Reply;
use super::super::stamp;
use crate::virtual_device::system::task::written;
use crate::virtual_device::system::{Record, System, Task, user_name};

/// Parts of which there is nothing to tell here: AOSP's `ActivityManagerService.dump…Locked`. MODEL: that there never is.
fn head(part: &str) -> Option<String> {
    let (title, name, nothing) = match part {
        "intents" | "i" => ("PENDING INTENTS", "intents", "  (nothing)"),
        "providers" | "prov" => ("CONTENT PROVIDERS", "providers", "  (nothing)"),
        "permissions" | "perm" => ("URI PERMISSIONS", "permissions", "  (nothing)"),
        "starter" => ("STARTER", "starter", "  (nothing)"),
        "lastanr" => ("LAST ANR", "lastanr", "  <no ANR has occurred since boot>"),
        "oom" | "o" => ("OOM ADJUSTMENT", "oom", ""),
        "settings" => ("SETTINGS", "settings", ""),
        "exit-info" => ("PROCESS EXIT INFO", "exit-info", ""),
        _ => return None,
    };
    let nothing = if nothing.is_empty() { String::new() } else { format!("{nothing}\n") };
    Some(format!("ACTIVITY MANAGER {title} (dumpsys activity {name})\n{nothing}"))
}

/// The dump.
pub fn dump(system: &mut System, args: &[&str]) -> Reply {
    let named = |at: usize| at > 0 && args[at - 1] == "-p";
    let words: Vec<&str> =
        args.iter().enumerate().filter(|(at, a)| !a.starts_with('-') && !named(*at)).map(|(_, a)| *a).collect();
    match words.first().copied() {
        Some("activities" | "a") => Reply::out(activities(system)),
        Some("top") => Reply::out(top(system)),
        Some("recents" | "r") => Reply::out(recents(system)),
        Some("processes" | "p") => Reply::out(processes(system)),
        Some("services" | "s") => Reply::out(services(system, words.get(1).copied())),
        Some("broadcasts" | "b") => Reply::out("ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)\n"),
        Some(part) if head(part).is_some() => Reply::out(head(part).unwrap_or_default()),
        Some(other) if system.packages().contains_key(other) => Reply::out(top(system)),
        Some(other) => Reply::out(format!("Bad activity command, or no activities match: {other}\n")),
        None => Reply::out(recents(system) + "\n" + &activities(system) + "\n" + &processes(system)),
    }
}

/// Services that apps started in other apps, of one package or of all. MODEL: AOSP's `ServiceRecord.dump` from memory; who
/// called last is told from API 30 on.
fn services(system: &System, package: Option<&str>) -> String {
    let mut out = String::from("ACTIVITY MANAGER SERVICES (dumpsys activity services)\n");
    let found: Vec<_> = system.services().iter().filter(|s| package.is_none_or(|p| s.component.package == p)).collect();
    if found.is_empty() {
        return out + "  (nothing)\n";
    }
    out += "  User 0 active services:\n";
    for service in found {
        let name = service.component.short();
        let package = &service.component.package;
        out += &format!("  * ServiceRecord{{{:x} u0 {name}}}\n    intent={{cmp={name}}}\n", service.hash);
        out += &format!("    packageName={package}\n    processName={package}\n");
        if system.profile().api >= 30 {
            out += &format!("    recentCallingPackage={}\n", service.caller);
        }
        let ago = system.uptime().saturating_sub(service.at).as_millis();
        out +=
            &format!("    createTime=-{ago}ms startingBgTimeout=--\n    lastActivity=-{ago}ms restartTime=-{ago}ms\n");
    }
    out
}

fn activities(system: &System) -> String {
    if system.profile().api <= 28 { old_activities(system) } else { new_activities(system) }
}

fn task_old(task: &Task) -> String {
    let kind = if task.home { "I" } else { "A" };
    let name = match (task.home, task.records.first()) {
        (true, Some(record)) => record.component.full(),
        _ => task.package.clone(),
    };
    format!("TaskRecord{{{:x} #{} {kind}={name} U=0 sz={}}}", task.hash, task.id, task.records.len())
}

fn stack_of(task: &Task) -> u32 {
    if task.home { 0 } else { task.id }
}

fn old_activities(system: &System) -> String {
    let api = system.profile().api;
    let mut out = String::from(
        "ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\nDisplay #0 (activities from top to bottom):\n",
    );
    for task in system.tasks().iter().rev() {
        out += &format!("  Stack #{}:\n    Task id #{}\n    * {}\n", stack_of(task), task.id, task_old(task));
        out += &old_task_lines(system, task);
        for (at, record) in task.records.iter().enumerate().rev() {
            out += &old_record(system, task, record, at);
        }
        out += &format!("\n    Running activities (most recent first):\n      {}\n", task_old(task));
        for (at, record) in task.records.iter().enumerate().rev() {
            out += &format!("        Run #{at}: {}\n", written(record, task.id, api));
        }
        out.push('\n');
        if let (true, Some(record)) = (is_front(system, task), task.records.last()) {
            out += &format!("    mResumedActivity: {}\n", written(record, task.id, api));
        }
        if let Some(record) = task.records.first() {
            out += &format!("    mLastPausedActivity: {}\n\n", written(record, task.id, api));
        }
    }
    if let Some((task, record)) = front(system) {
        let name = if api <= 25 { "mFocusedActivity" } else { "ResumedActivity" };
        out += &format!("  {name}: {}\n", written(record, task.id, api));
        out += &format!(
            "  mFocusedStack=ActivityStack{{{:x} stackId={}, 1 tasks}} mLastFocusedStack=ActivityStack{{{:x} stackId={}, 1 tasks}}\n",
            task.hash ^ 0x00ff_00ff,
            stack_of(task),
            task.hash ^ 0x00ff_00ff,
            stack_of(task)
        );
    }
    let current = system.tasks().iter().map(|t| t.id).max().unwrap_or(0);
    out + &format!("  mSleepTimeout=false\n  mCurTaskId={current}\n  mUserStackInFront={{}}\n")
}

fn old_task_lines(system: &System, task: &Task) -> String {
    let Some(first) = task.records.first() else { return String::new() };
    let user = system.packages().get(&task.package).map_or(String::new(), |p| p.user());
    let api = system.profile().api;
    let list: Vec<String> = task.records.iter().map(|r| written(r, task.id, api)).collect();
    let name = first.component.short();
    format!(
        "      userId=0 effectiveUid={user} mCallingUid={} mCallingPackage=null\n      affinity={}\n      intent={{{}}}\n      realActivity={name}\n      Activities=[{}]\n      askedCompatMode=false inRecents=true isAvailable=true\n      stackId={}\n      hasBeenVisible=true mResizeable=false (inactive for {}s)\n",
        first.caller,
        task.package,
        first.intent,
        list.join(", "),
        stack_of(task),
        system.uptime().saturating_sub(task.active).as_secs()
    )
}

fn old_record(system: &System, task: &Task, record: &Record, at: usize) -> String {
    let api = system.profile().api;
    let owner = system.packages().get(&record.component.package);
    let caller = system.packages().values().find(|p| p.uid == record.caller && record.caller >= 10_000);
    let resumed = is_front(system, task) && at + 1 == task.records.len();
    let (state, stopped) = if resumed { ("RESUMED", false) } else { ("STOPPED", true) };
    format!(
        "      * Hist #{at}: {}\n          packageName={package} processName={package}\n          launchedFromUid={} launchedFromPackage={} userId=0\n          app={}\n          Intent {{ {} }}\n          frontOfTask={} task={}\n          taskAffinity={package}\n          realActivity={}\n          baseDir={}\n          dataDir=/data/user/0/{package}\n          stateNotNeeded=false componentSpecified=true mActivityType={}\n          launchFailed=false launchCount=1 lastLaunchTime={}\n          state={state} stopped={stopped} delayedResume=false finishing=false\n          keysPaused=false inHistory=true visible={} sleeping=false idle=true\n          waitingVisible=false nowVisible={resumed} lastVisibleTime={}\n",
        written(record, task.id, api),
        record.caller,
        caller.map_or("null", |p| p.name()),
        process_record(system, record),
        record.intent,
        at == 0,
        task_old(task),
        record.component.short(),
        owner.map_or(String::new(), |p| p.base_path()),
        i32::from(task.home),
        ago(system, record.since),
        is_front(system, task),
        ago(system, record.since),
        package = record.component.package,
    )
}

fn process_record(system: &System, record: &Record) -> String {
    let uid = system.packages().get(&record.component.package).map_or(0, |p| p.uid);
    format!(
        "ProcessRecord{{{:x} {}:{}/{}}}",
        record.hash ^ 0x0055_aa55,
        record.pid,
        record.component.package,
        user_name(uid)
    )
}

fn ago(system: &System, since: Duration) -> String {
    let millis = i64::try_from(system.uptime().saturating_sub(since).as_millis()).unwrap_or(0);
    stamp::span(-millis)
}

fn front(system: &System) -> Option<(&Task, &Record)> {
    let task = system.top_task()?;
    Some((task, task.records.last()?))
}

fn is_front(system: &System, task: &Task) -> bool {
    system.top_task().is_some_and(|top| top.id == task.id)
}

fn task_new(system: &System, task: &Task) -> String {
    let uid = system.packages().get(&task.package).map_or(0, |p| p.uid);
    let kind = if task.home { "home" } else { "standard" };
    let visible = is_front(system, task);
    let name = match (task.home, task.records.first()) {
        (true, Some(record)) => format!("I={}", record.component.short()),
        _ => format!("A={uid}:{}", task.package),
    };
    format!(
        "Task{{{:x} #{} type={kind} {name} U=0 visible={visible} visibleRequested={visible} mode=fullscreen translucent={} sz={}}}",
        task.hash,
        task.id,
        !visible,
        task.records.len()
    )
}

fn new_activities(system: &System) -> String {
    let api = system.profile().api;
    let mut out = String::from(
        "ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\nDisplay #0 (activities from top to bottom):\n",
    );
    for task in system.tasks().iter().rev() {
        out += &format!("  * {}\n", task_new(system, task));
        if let (true, Some(record)) = (is_front(system, task), task.records.last()) {
            let name = if api >= 31 { "topResumedActivity=" } else { "mResumedActivity: " };
            out += &format!("    {name}{}\n", written(record, task.id, api));
        }
        out += "    isSleeping=false\n";
        for (at, record) in task.records.iter().enumerate().rev() {
            out += &new_record(system, task, record, at);
        }
        out.push('\n');
    }
    if let Some((task, record)) = front(system) {
        let name = written(record, task.id, api);
        if api >= 30 {
            out +=
                &format!("  Resumed activities in task display areas (from top to bottom):\n    Resumed: {name}\n\n");
        }
        out += &format!(
            "  ResumedActivity: {name}\n\nActivityTaskSupervisor state:\n  topDisplayFocusedRootTask={}\n",
            task_new(system, task)
        );
    }
    out + &super::window::focus(system)
}

fn new_record(system: &System, task: &Task, record: &Record, at: usize) -> String {
    let api = system.profile().api;
    let owner = system.packages().get(&record.component.package);
    let caller = system.packages().values().find(|p| p.uid == record.caller);
    let resumed = is_front(system, task) && at + 1 == task.records.len();
    let state = if resumed { "RESUMED" } else { "STOPPED" };
    format!(
        "    * Hist  #{at}: {}\n      packageName={package} processName={package}\n      launchedFromUid={} launchedFromPackage={} launchedFromFeature=null userId=0\n      app={}\n      Intent {{ {} }}\n      rootOfTask={} task={}\n      taskAffinity={}:{package}\n      mActivityComponent={}\n      baseDir={}\n      dataDir=/data/user/0/{package}\n      stateNotNeeded=false componentSpecified=true mActivityType={}\n      launchFailed=false launchCount=0 lastLaunchTime={}\n      state={state} stopped={} delayedResume=false finishing=false\n      keysPaused=false inHistory=true idle=true\n      nowVisible={resumed} lastVisibleTime={}\n",
        written(record, task.id, api),
        record.caller,
        caller.map_or("null", |p| p.name()),
        process_record(system, record),
        record.intent,
        at == 0,
        task_new(system, task),
        owner.map_or(0, |p| p.uid),
        record.component.short(),
        owner.map_or(String::new(), |p| p.base_path()),
        if task.home { "home" } else { "standard" },
        ago(system, record.since),
        !resumed,
        ago(system, record.since),
        package = record.component.package,
    )
}

/// `dumpsys activity top`: the tasks' topmost activities, the one in front last from API 29 on.
fn top(system: &System) -> String {
    let api = system.profile().api;
    let mut out = String::new();
    for task in system.tasks().iter().filter(|task| api >= 29 || is_front(system, task)) {
        let Some(record) = task.records.last() else { continue };
        let resumed = is_front(system, task);
        let head = if api >= 29 {
            format!(
                "TASK {}:{} id={} userId=0\n",
                system.packages().get(&task.package).map_or(0, |p| p.uid),
                task.package,
                task.id
            )
        } else {
            format!("TASK {} id={}\n", task.package, task.id)
        };
        out += &head;
        out += &format!(
            "  ACTIVITY {} {:x} pid={}\n    Local Activity {:x} State:\n      mResumed={resumed} mStopped={} mFinished=false\n      mChangingConfigurations=false\n      mLoadersStarted=true\n    ViewRoot:\n      mAdded=true mRemoved=false\n    View Hierarchy:\n      DecorView@{:x}[{}]\n",
            record.component.short(),
            record.hash,
            record.pid,
            record.window,
            !resumed,
            record.window,
            record.component.class.rsplit('.').next().unwrap_or_default()
        );
        out.push('\n');
    }
    out
}

fn recents(system: &System) -> String {
    let api = system.profile().api;
    let mut out = String::from("ACTIVITY MANAGER RECENT TASKS (dumpsys activity recents)\n");
    if api <= 28 {
        out += "  Recent tasks:\n";
    }
    for (at, task) in system.tasks().iter().rev().enumerate() {
        let name = if api <= 28 { task_old(task) } else { task_new(system, task) };
        out += &format!("  * Recent #{at}: {name}\n");
    }
    out
}

fn processes(system: &System) -> String {
    let mut out =
        String::from("ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)\n  All known processes:\n");
    for process in system.processes().filter(|p| p.uid >= 10_000) {
        out += &format!(
            "  *APP* UID {} ProcessRecord{{{:x} {}:{}/{}}}\n    pid={} starting=false\n",
            process.uid,
            process.pid * 7919,
            process.pid,
            process.name,
            user_name(process.uid),
            process.pid
        );
    }
    out
}

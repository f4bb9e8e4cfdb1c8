//! Starting, showing and ending activities.

use super::System;
use super::log::Buffer;
use super::motion::Motion;
use super::package::Component;
use super::process::{self, Process};
use super::script::Thread;
use super::task::{Holds, Record, Task};
use super::timer::Schedule;

/// What somebody wants started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// Action.
    pub action: Option<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Data URI.
    pub data: Option<String>,
    /// MIME type.
    pub mime: Option<String>,
    /// Flags.
    pub flags: u32,
    /// Only this package.
    pub package: Option<String>,
    /// This very component.
    pub component: Option<Component>,
    /// Carries extras.
    pub extras: bool,
}

/// How a start went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// It was made; `cold` with a new process.
    Made {
        /// What was started.
        component: Component,
        /// With a new process.
        cold: bool,
        /// How long it took, in milliseconds.
        took: u32,
    },
    /// Its task was brought to the front, or it was on top already.
    Front {
        /// What is in front.
        component: Component,
        /// It was on top already.
        already: bool,
    },
    /// There is no such component.
    NoClass(Component),
    /// Nothing fits.
    Unresolved,
}

/// `FLAG_ACTIVITY_NEW_TASK`.
pub const NEW_TASK: u32 = 0x1000_0000;

impl Intent {
    /// What a launcher starts.
    pub fn launcher(component: Component) -> Self {
        Self {
            action: Some("android.intent.action.MAIN".into()),
            categories: vec!["android.intent.category.LAUNCHER".into()],
            flags: NEW_TASK | 0x0020_0000,
            component: Some(component),
            ..Self::default()
        }
    }

    /// As logs and dumps write it, without braces (AOSP `Intent.toShortString`).
    pub fn written(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.action.as_ref().map(|a| format!("act={a}")));
        if !self.categories.is_empty() {
            parts.push(format!("cat=[{}]", self.categories.join(",")));
        }
        parts.extend(self.data.as_ref().map(|d| format!("dat={}", safe(d))));
        parts.extend(self.mime.as_ref().map(|t| format!("typ={t}")));
        if self.flags != 0 {
            parts.push(format!("flg=0x{:x}", self.flags));
        }
        parts.extend(self.package.as_ref().map(|p| format!("pkg={p}")));
        parts.extend(self.component.as_ref().map(|c| format!("cmp={}", c.short())));
        if self.extras {
            parts.push("(has extras)".into());
        }
        parts.join(" ")
    }
}

/// A URI as it is shown to anybody: of a page on the net the host alone (AOSP `Uri.toSafeString`).
fn safe(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    if !["http", "https", "ftp"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return uri.to_owned();
    }
    format!("{scheme}://{}/...", rest.split(['/', '?', '#']).next().unwrap_or_default())
}

impl System {
    /// The task in front.
    pub fn top_task(&self) -> Option<&Task> {
        self.tasks.last()
    }

    /// The activity in front.
    pub fn top_record(&self) -> Option<&Record> {
        self.tasks.last().and_then(|task| task.records.last())
    }

    /// Whether an app's task is in front and the screen on.
    pub(super) fn in_front(&self, package: &str) -> bool {
        self.switches.screen_on && self.top_task().is_some_and(|task| task.package == package)
    }

    /// The process of an app.
    pub fn pid_of(&self, package: &str) -> Option<u32> {
        self.processes.values().find(|p| p.name == package).map(|p| p.pid)
    }

    /// Starts an activity for somebody.
    pub fn start_activity(&mut self, mut intent: Intent, caller: u32) -> Started {
        self.act(|system| {
            let Some(component) = system.resolve(&intent) else { return Started::Unresolved };
            if !system.exists(&component) {
                return Started::NoClass(component);
            }
            intent.component = Some(component.clone());
            system.log_start(&intent, caller);
            system.start(component, &intent, caller)
        })
    }

    /// The activity an intent leads to, if it is there.
    pub fn resolved(&self, intent: &Intent) -> Option<Component> {
        self.resolve(intent).filter(|component| self.exists(component))
    }

    fn resolve(&self, intent: &Intent) -> Option<Component> {
        if let Some(component) = &intent.component {
            return Some(component.clone());
        }
        let action = intent.action.as_deref().unwrap_or_default();
        if action == "android.settings.APPLICATION_DETAILS_SETTINGS" {
            let about = intent.data.as_deref()?.strip_prefix("package:")?;
            return self.packages.contains_key(about).then(|| self.app_info_component());
        }
        if action == "android.intent.action.VIEW" {
            let browser = self.browser_of(intent.data.as_deref()?)?;
            return intent.package.as_ref().is_none_or(|package| *package == browser.package).then_some(browser);
        }
        if action != "android.intent.action.MAIN" {
            return self.door(intent).or_else(|| self.settings_page(intent));
        }
        if intent.categories.iter().any(|c| c == "android.intent.category.HOME") {
            return self.tasks.iter().find(|t| t.home).and_then(|t| t.records.first()).map(|r| r.component.clone());
        }
        let package = self.packages.get(intent.package.as_deref()?)?;
        package.facts.main()
    }

    /// The package whose screen is home.
    pub fn home_package(&self) -> Option<String> {
        self.tasks.iter().find(|task| task.home).map(|task| task.package.clone())
    }

    /// Whether an activity is there.
    pub(super) fn exists(&self, component: &Component) -> bool {
        let Some(package) = self.packages.get(&component.package) else { return false };
        // A disabled package's components are none (AOSP's `PackageUserState.isEnabled`).
        if package.hidden || matches!(package.enabled, 2 | 3) {
            return false;
        }
        package.facts.activities.contains(&component.class) || package.facts.launcher.as_ref() == Some(&component.class)
    }

    pub(super) fn start(&mut self, component: Component, intent: &Intent, caller: u32) -> Started {
        // AOSP's `ActivityStartInterceptor`.
        let paused = self.packages.get(&component.package).is_some_and(|package| package.suspended);
        let component = match paused {
            true => Component::new("android", "com.android.internal.app.SuspendedAppActivity"),
            false => component,
        };
        let package = component.package.clone();
        if component == self.app_info_component() {
            let about = intent.data.clone().unwrap_or_default();
            self.show_app_info(about.trim_start_matches("package:"), caller);
            return Started::Made { component, cold: false, took: 80 };
        }
        if let Some(started) = self.through_door(intent, &component, caller) {
            return started;
        }
        self.leave_settings_page(&component);
        if let Some(at) = self.tasks.iter().position(|task| task.package == package) {
            let already = at + 1 == self.tasks.len();
            self.task_to_front(at);
            return Started::Front { component, already };
        }
        let cold = self.pid_of(&package).is_none();
        let task = self.new_task(&package, false);
        if let Some(owner) = self.packages.get_mut(&package) {
            (owner.stopped, owner.not_launched) = (false, false);
        }
        let took =
            u32::try_from(if cold { 180 + self.random.below(240) } else { 60 + self.random.below(90) }).unwrap_or(0);
        let written = Intent { package: None, ..intent.clone() }.written();
        if self.apps.contains_key(&package) && self.needs_review(&package) {
            self.open_review(component.clone(), written, caller, took);
            return Started::Made { component, cold, took };
        }
        if self.apps.contains_key(&package) {
            self.start_model(task, &component, written, caller, took);
        } else {
            let pid = self.ensure_process(&package, "activity", Some(&component));
            let record = self.new_record(component.clone(), Holds::NoModel, written, caller, pid);
            self.push_record(task, record);
        }
        self.log_displayed(&component, took);
        Started::Made { component, cold, took }
    }

    pub(super) fn start_model(&mut self, task: u32, component: &Component, intent: String, caller: u32, took: u32) {
        let package = component.package.clone();
        let cold = self.pid_of(&package).is_none();
        let pid = self.ensure_process(&package, "activity", Some(component));
        let Some(app) = self.apps.get(&package) else { return };
        let model = app.model.clone();
        // Of several activities somebody may start another than the launcher's: its first screen opens.
        let other = model.screens.keys().find(|s| model.activity_of(s) == component.class);
        let first = match other {
            Some(screen) if component.class != model.class(&model.activity) => screen.clone(),
            _ => model.first_screen.clone(),
        };
        let version = self.packages.get(&package).map(|p| p.facts.version_code);
        self.with_data(&package, |data| {
            data.starts += 1;
            data.upgraded = data.version.is_some() && data.version != version;
            data.version = version;
        });
        let shown = self.new_screen(&package, &first);
        self.with_live(&package, |live| live.screens = vec![shown.clone()]);
        let first_component = Component { package: package.clone(), class: model.activity_of(&first) };
        let record = self.new_record(first_component, Holds::Screens, intent, caller, pid);
        self.push_record(task, record);
        self.log_launch_time(component, took);
        if cold {
            self.start_timers(&package, pid, None, &model.timers);
        }
        self.plan_jobs(&package);
        self.play(Thread::new(&package, pid, &model.on.start));
        self.offer_notifications_late(&package);
        let still = self.apps.get(&package).and_then(|a| a.live.as_ref()).and_then(|l| l.screens.last());
        if still.is_some_and(|top| top.surface == shown.surface) {
            self.screen_shown(&package, &shown);
        }
    }

    /// Starts another app on behalf of one.
    pub(super) fn start_other(&mut self, package: &str, other: &str) {
        let caller = self.packages.get(package).map_or(0, |p| p.uid);
        let Some(component) = self.packages.get(other).and_then(|p| p.facts.main()) else { return };
        let intent = Intent { flags: NEW_TASK, ..Intent::launcher(component.clone()) };
        self.log_start(&intent, caller);
        self.start(component, &intent, caller);
    }

    /// Goes to the home screen.
    pub(super) fn go_home(&mut self) {
        if let Some(at) = self.tasks.iter().position(|task| task.home) {
            let component = self.tasks[at].records.first().map(|r| r.component.clone());
            let intent = Intent {
                action: Some("android.intent.action.MAIN".into()),
                categories: vec!["android.intent.category.HOME".into()],
                flags: 0x1020_0000,
                component,
                ..Intent::default()
            };
            if at + 1 != self.tasks.len() {
                self.log_start(&intent, 1000);
            }
            self.task_to_front(at);
        }
    }

    pub(super) fn task_to_front(&mut self, at: usize) {
        if at >= self.tasks.len() {
            return;
        }
        let mut task = self.tasks.remove(at);
        task.active = self.now;
        self.log_task_to_front(task.id);
        self.tasks.push(task);
    }

    pub(super) fn new_task(&mut self, package: &str, home: bool) -> u32 {
        let id = self.next.task;
        self.next.task += 1;
        let hash = self.random.identity();
        self.log_create_task(id);
        self.tasks.push(Task { id, package: package.into(), records: Vec::new(), hash, home, active: self.now });
        id
    }

    pub(super) fn new_record(
        &mut self,
        component: Component,
        holds: Holds,
        intent: String,
        caller: u32,
        pid: u32,
    ) -> Record {
        let (hash, window) = (self.random.identity(), self.random.identity());
        Record { component, hash, window, holds, intent, caller, pid, since: self.now }
    }

    pub(super) fn push_record(&mut self, task: u32, record: Record) {
        self.log_create_activity(task, &record);
        for (pid, package, component) in std::mem::take(&mut self.starting) {
            let uid = self.packages.get(&package).map_or(10_000, |p| p.uid);
            self.log_process_start(pid, uid, &package, "activity", Some(&component));
        }
        self.log_restart_activity(task, &record);
        if let Some(task) = self.tasks.iter_mut().find(|t| t.id == task) {
            task.records.push(record);
            task.active = self.now;
        }
    }

    /// The process of a package, started if need be.
    pub(super) fn ensure_process(&mut self, package: &str, why: &str, component: Option<&Component>) -> u32 {
        if let Some(pid) = self.pid_of(package) {
            return pid;
        }
        let pid = self.free_pid();
        let uid = self.packages.get(package).map_or(10_000, |p| p.uid);
        let process = Process { pid, parent: process::ZYGOTE, uid, name: package.into(), since: self.now };
        self.processes.insert(pid, process);
        match component.filter(|_| why == "activity") {
            // The log tells of the activity first (captured on API 23).
            Some(component) => self.starting.push((pid, package.to_owned(), component.clone())),
            None => self.log_process_start(pid, uid, package, why, component),
        }
        if let Some(app) = self.apps.get_mut(package) {
            let live = super::app::Live { pid, screens: Vec::new(), dialogs: Vec::new(), focus: None, hung: false };
            app.live = Some(live);
        }
        pid
    }

    /// A process id for an app. Programs of the shell have the higher ones.
    fn free_pid(&mut self) -> u32 {
        loop {
            let pid = self.next.pid;
            self.next.pid += 3 + u32::try_from(self.random.below(17)).unwrap_or(0);
            if self.next.pid > process::LAST_APP {
                self.next.pid = process::FIRST_APP;
            }
            if !self.processes.contains_key(&pid) {
                return pid;
            }
        }
    }

    /// Ends a process and what depends on it.
    pub(super) fn end_process(&mut self, pid: u32, why: &str) {
        let Some(process) = self.processes.remove(&pid) else { return };
        self.log_process_end(&process, why);
        if let Some(app) = self.apps.get_mut(&process.name) {
            app.live = None;
        }
        if self.request.as_ref().is_some_and(|r| r.state.package == process.name) {
            self.request = None;
        }
        self.notices.retain(|n| n.package != process.name);
        let name = process.name;
        let gone: Vec<(u32, Record)> = self
            .tasks
            .iter()
            .flat_map(|t| t.records.iter().map(move |r| (t.id, t.package.clone(), r.clone())))
            .filter(|(_, package, record)| {
                record.pid == pid || (*package == name && matches!(record.holds, Holds::Prompt | Holds::Page))
            })
            .map(|(id, _, record)| (id, record))
            .collect();
        for (task, record) in gone {
            self.drop_record(task, record.hash, "proc died without state saved");
        }
        self.schedule_one_time_end(&name, true);
    }

    /// The system kills a process for want of memory: that of a package, or of the app in front. MODEL: the line of the
    /// low memory killer, which has no capture; that no dialog comes is captured on API 23.
    pub fn kill_for_memory(&mut self, package: Option<&str>) {
        self.act(|system| {
            let front = || system.top_task().filter(|task| !task.home).map(|task| task.package.clone());
            let Some(name) = package.map(str::to_owned).or_else(front) else { return };
            let Some(pid) = system.pid_of(&name) else { return };
            let text = format!("Kill '{name}' ({pid}), to free memory; oom_score_adj 0");
            system.say(Buffer::Main, 'I', "lowmemorykiller", &text);
            system.end_process(pid, "signal");
        });
    }

    /// Starts anew: no process lives through it, nor what they showed; packages, data and settings do. MODEL: logs are
    /// lost, permissions for one use end.
    pub fn reboot(&mut self) {
        self.act(|system| {
            let apps: Vec<u32> = system.processes.values().filter(|p| p.uid >= 10_000).map(|p| p.pid).collect();
            for pid in apps {
                system.end_process(pid, "signal");
            }
            system.tasks.clear();
            system.request = None;
            system.notices.clear();
            system.toasts.clear();
            system.notifications.clear();
            system.schedule = Schedule::default();
            system.resumed = None;
            system.clipboard.clear();
            system.switches.screen_on = true;
            system.log.clear(&Buffer::ALL);
            system.processes = process::native().into_iter().map(|p| (p.pid, p)).collect();
            system.services.clear();
            system.motion = Motion::default();
            system.started = (system.clock.elapsed(), system.started.1 + 1);
            system.start_home();
            system.announce_boot();
        });
    }

    /// Takes an activity away; an empty task goes with it.
    pub(super) fn drop_record(&mut self, task: u32, hash: u32, why: &str) {
        let Some(found) = self.tasks.iter_mut().find(|t| t.id == task) else { return };
        let Some(at) = found.records.iter().position(|r| r.hash == hash) else { return };
        let record = found.records.remove(at);
        self.pages.retain(|page| page.record != hash);
        let empty = found.records.is_empty();
        self.log_finish_activity(task, &record, why);
        if empty {
            self.tasks.retain(|t| t.id != task);
            self.log_task_removed(task);
        }
    }

    /// Ends an app: its activities go, then its process.
    pub(super) fn exit_app(&mut self, package: &str) {
        self.finish_activities(package, "app-request");
        if let Some(pid) = self.pid_of(package) {
            self.end_process(pid, "exit");
        }
    }

    pub(super) fn finish_activities(&mut self, package: &str, why: &str) {
        let gone: Vec<(u32, u32)> = self
            .tasks
            .iter()
            .filter(|t| t.package == package)
            .flat_map(|t| t.records.iter().rev().map(|r| (t.id, r.hash)))
            .collect();
        if self.request.as_ref().is_some_and(|r| r.state.package == package) {
            self.request = None;
        }
        self.with_live(package, |live| {
            live.screens.clear();
            live.dialogs.clear();
            live.focus = None;
        });
        for (task, hash) in gone {
            self.drop_record(task, hash, why);
        }
    }

    /// Stops an app by force.
    pub fn force_stop(&mut self, package: &str, caller: u32) {
        self.act(|system| system.stop(package, caller));
    }

    pub(super) fn stop(&mut self, package: &str, caller: u32) {
        let Some(owner) = self.packages.get_mut(package) else { return };
        owner.stopped = true;
        self.planned.remove(package);
        self.log_force_stop(package, caller);
        if let Some(pid) = self.pid_of(package) {
            self.end_process(pid, &format!("stop {package}"));
        }
        self.finish_activities(package, "force-stop");
        self.take_down_of(package);
        self.toasts.retain(|t| t.package != package);
    }

    // The system's own pages.

    pub(super) fn app_info_component(&self) -> Component {
        // MODEL: names of AOSP's Settings; captures of other makers' are missing.
        Component::new("com.android.settings", ".applications.InstalledAppDetails")
    }

    pub(super) fn open_app_info(&mut self, package: &str) {
        let caller = self.packages.get(package).map_or(0, |p| p.uid);
        let intent = Intent {
            action: Some("android.settings.APPLICATION_DETAILS_SETTINGS".into()),
            data: Some(format!("package:{package}")),
            flags: NEW_TASK,
            component: Some(self.app_info_component()),
            ..Intent::default()
        };
        self.log_start(&intent, caller);
        self.show_app_info(package, caller);
    }

    fn show_app_info(&mut self, about: &str, caller: u32) {
        let component = self.app_info_component();
        let settings = component.package.clone();
        self.finish_activities(&settings, "clear-task");
        let pid = self.ensure_process(&settings, "activity", Some(&component));
        let task = self.new_task(&settings, false);
        let intent = format!("dat=package:{about} cmp={}", component.short());
        let record = self.new_record(component, Holds::AppInfo, intent, caller, pid);
        self.push_record(task, record);
    }

    /// Makes the device's focus follow what lies on top, and tells the apps of it.
    pub(super) fn settle(&mut self) {
        for _ in 0..30 {
            if self.tasks.is_empty() {
                return;
            }
            let Some((task, record)) = self.tasks.last().and_then(|t| Some((t.clone(), t.records.last()?.clone())))
            else {
                return;
            };
            if self.resumed == Some(record.hash) {
                return;
            }
            let old = self.resumed.and_then(|hash| self.record_named(hash));
            self.resumed = Some(record.hash);
            self.log_focus(old.as_ref(), task.id, &record);
            self.note_use(&task.package);
            let old_package = old.map(|(package, _)| package);
            if let Some(left) = old_package.as_ref().filter(|package| **package != task.package) {
                let background = self.apps.get(left).map(|app| app.model.on.background.clone()).unwrap_or_default();
                self.schedule_one_time_end(left, false);
                self.play_for(left, &background);
            }
            if record.holds == Holds::Screens {
                let resume = self.apps.get(&task.package).map(|app| app.model.on.resume.clone()).unwrap_or_default();
                self.play_for(&task.package, &resume);
            }
        }
    }

    fn record_named(&self, hash: u32) -> Option<(String, Record)> {
        self.tasks.iter().find_map(|task| {
            task.records.iter().find(|r| r.hash == hash).map(|record| (task.package.clone(), record.clone()))
        })
    }
}

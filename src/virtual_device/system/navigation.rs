//! Moving between the screens and dialogs of a model.

use super::System;
use super::activities::Intent;
use super::app::Shown;
use super::package::Component;
use super::script::Thread;
use super::task::Holds;
use super::timer::Wake;
use crate::virtual_device::specimen::Do;

impl System {
    fn top_screen(&self, package: &str) -> Option<Shown> {
        self.apps.get(package)?.live.as_ref()?.screens.last().cloned()
    }

    pub(super) fn go_to(&mut self, package: &str, screen: &str) {
        let Some(live) = self.apps.get(package).and_then(|app| app.live.as_ref()) else { return };
        match live.screens.iter().position(|shown| shown.name == screen) {
            Some(at) if at + 1 == live.screens.len() => return,
            Some(at) => self.with_live(package, |live| live.screens.truncate(at + 1)),
            None => {
                let shown = self.new_screen(package, screen);
                self.with_live(package, |live| live.screens.push(shown));
            }
        }
        self.screens_changed(package);
    }

    pub(super) fn replace_screen(&mut self, package: &str, screen: &str) {
        let shown = self.new_screen(package, screen);
        self.with_live(package, |live| {
            live.screens.pop();
            live.screens.push(shown);
        });
        self.screens_changed(package);
    }

    pub(super) fn reset_screens(&mut self, package: &str, screen: &str) {
        let shown = self.new_screen(package, screen);
        self.with_live(package, |live| live.screens = vec![shown]);
        self.screens_changed(package);
    }

    /// Back by one screen; from the last one the app leaves.
    pub(super) fn pop_screen(&mut self, package: &str) {
        let Some(live) = self.apps.get(package).and_then(|app| app.live.as_ref()) else { return };
        if live.screens.len() > 1 {
            self.with_live(package, |live| {
                live.screens.pop();
            });
            self.screens_changed(package);
        } else if self.profile.api >= 31 {
            // From API 31 the root activity of a launcher task goes to the background on back and is kept.
            self.go_home();
        } else {
            self.finish_activities(package, "app-request");
        }
    }

    fn screens_changed(&mut self, package: &str) {
        self.with_live(package, |live| live.focus = None);
        self.match_records(package);
        if let Some(top) = self.top_screen(package) {
            self.screen_shown(package, &top);
        }
    }

    pub(super) fn screen_shown(&mut self, package: &str, shown: &Shown) {
        let Some(app) = self.apps.get(package) else { return };
        let Some(screen) = app.model.screens.get(&shown.name).cloned() else { return };
        let Some(pid) = app.live.as_ref().map(|live| live.pid) else { return };
        self.play(Thread::new(package, pid, &screen.on_show));
    }

    /// A surface for a screen, with its timers running.
    pub(super) fn new_screen(&mut self, package: &str, name: &str) -> Shown {
        let shown = self.new_surface(name);
        let app = self.apps.get(package);
        let timers = app.and_then(|app| app.model.screens.get(name)).map(|s| s.timers.clone()).unwrap_or_default();
        if let Some(pid) = app.and_then(|app| app.live.as_ref()).map(|live| live.pid) {
            self.start_timers(package, pid, Some(shown.surface), &timers);
        }
        shown
    }

    /// Makes a task's activities follow the screens of its app.
    fn match_records(&mut self, package: &str) {
        let Some(app) = self.apps.get(package) else { return };
        let Some(live) = &app.live else { return };
        let pid = live.pid;
        let mut wanted: Vec<String> = live.screens.iter().map(|s| app.model.activity_of(&s.name)).collect();
        wanted.dedup();
        let Some(task) = self.tasks.iter().find(|t| t.package == package) else { return };
        let id = task.id;
        let have: Vec<(String, u32)> = task
            .records
            .iter()
            .filter(|r| r.holds == Holds::Screens)
            .map(|r| (r.component.class.clone(), r.hash))
            .collect();
        let same = wanted.iter().zip(&have).take_while(|(w, (h, _))| w == &h).count();
        let caller = self.packages.get(package).map_or(0, |p| p.uid);
        for class in &wanted[same..] {
            let component = Component { package: package.into(), class: class.clone() };
            let intent = Intent { component: Some(component.clone()), ..Intent::default() };
            self.log_start(&intent, caller);
            let record = self.new_record(component, Holds::Screens, intent.written(), caller, pid);
            self.push_record(id, record);
        }
        for (_, hash) in have[same..].iter().rev() {
            self.drop_record(id, *hash, "app-request");
        }
    }

    pub(super) fn show_dialog(&mut self, package: &str, name: &str) {
        let Some(app) = self.apps.get(package) else { return };
        let Some(dialog) = app.model.dialogs.get(name).cloned() else { return };
        let Some(live) = app.live.as_ref().filter(|live| !live.dialogs.iter().any(|d| d.name == name)) else { return };
        let pid = live.pid;
        let shown = self.new_surface(name);
        if let Some(close) = dialog.close.as_ref().filter(|close| !close.after.0.is_zero()) {
            self.schedule.add(self.now + close.after.0, Wake::Look);
        }
        self.start_timers(package, pid, Some(shown.surface), &dialog.timers);
        self.with_live(package, |live| live.dialogs.push(shown));
        self.play(Thread::new(package, pid, &dialog.on_show));
    }

    /// Takes the named dialog away, or the topmost.
    pub(super) fn close_dialog(&mut self, package: &str, name: Option<&str>) {
        self.with_live(package, |live| match name {
            None => {
                live.dialogs.pop();
            }
            Some(name) => live.dialogs.retain(|d| d.name != name),
        });
    }

    /// Plays actions for an app, if it runs.
    pub(super) fn play_for(&mut self, package: &str, actions: &[Do]) {
        if let Some(pid) = self.apps.get(package).and_then(|a| a.live.as_ref()).map(|l| l.pid) {
            self.play(Thread::new(package, pid, actions));
        }
    }
}

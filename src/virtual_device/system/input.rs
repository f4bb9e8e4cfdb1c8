//! Taps, keys and text, as they reach apps.

use std::time::Duration;

use super::System;
use super::activities::Intent;
use super::prompt::{Answer, Notice, NoticeAnswer, NoticeKind};
use super::stage::{Tap, Touchable};
use super::task::Holds;
use super::timer::Wake;
use crate::virtual_device::specimen::Value;
use crate::virtual_device::view::Action;

/// How long the system waits before it says that an app does not answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most characters a field takes.
const LONGEST_TEXT: usize = 10_000;

/// Key codes of `android.view.KeyEvent` that mean something here.
pub mod keys {
    /// Home.
    pub const HOME: u32 = 3;
    /// Back.
    pub const BACK: u32 = 4;
    /// Power.
    pub const POWER: u32 = 26;
    /// Tab.
    pub const TAB: u32 = 61;
    /// Space.
    pub const SPACE: u32 = 62;
    /// Enter.
    pub const ENTER: u32 = 66;
    /// Pulls the panel with the notifications down.
    pub const NOTIFICATION: u32 = 83;
    /// Delete the character before.
    pub const DEL: u32 = 67;
    /// To the end.
    pub const MOVE_END: u32 = 123;
    /// Recent apps.
    pub const APP_SWITCH: u32 = 187;
    /// Sleep.
    pub const SLEEP: u32 = 223;
    /// Wake up.
    pub const WAKEUP: u32 = 224;
    /// Paste.
    pub const PASTE: u32 = 279;
}

impl System {
    /// A tap on a part. False when it has gone meanwhile, or its app does not answer.
    pub fn press(&mut self, action: Action) -> bool {
        self.act(|system| {
            let Some((package, part)) = system.touchable(action) else { return false };
            if matches!(part.tap, Tap::Icon(_)) {
                return system.tap_icon(&package);
            }
            system.answers(&package) && system.tap(&package, part)
        })
    }

    /// A long press on a part; a tap when it knows no long press.
    pub fn long_press(&mut self, action: Action) -> bool {
        self.act(|system| {
            let Some((package, part)) = system.touchable(action) else { return false };
            if !system.answers(&package) || matches!(part.tap, Tap::Icon(_)) {
                return false;
            }
            if part.long.is_empty() {
                return system.tap(&package, part);
            }
            system.play_for(&package, &part.long);
            true
        })
    }

    pub(super) fn tap_icon(&mut self, package: &str) -> bool {
        let Some(component) = self.packages.get(package).and_then(|p| p.facts.main()) else { return false };
        let caller =
            self.tasks.iter().find(|t| t.home).and_then(|t| self.packages.get(&t.package)).map_or(0, |p| p.uid);
        self.start_activity(Intent::launcher(component), caller);
        true
    }

    /// Whether an app answers; if it does not, the system starts to wait for it.
    fn answers(&mut self, package: &str) -> bool {
        let Some(live) = self.apps.get(package).and_then(|app| app.live.as_ref()) else { return true };
        let (hung, pid) = (live.hung, live.pid);
        if hung {
            self.schedule.add(self.now + PATIENCE, Wake::Anr { package: package.into(), pid });
        }
        !hung
    }

    fn tap(&mut self, package: &str, part: Touchable) -> bool {
        match part.tap {
            Tap::Play(actions) => self.play_for(package, &actions),
            Tap::Turn(var, then) => {
                let turned = !self.apps.get(package).is_some_and(|app| app.var(&var).is_set());
                self.set_var(package, &var, Value::Flag(turned));
                self.play_for(package, &then);
            }
            Tap::Pick(var, value, then) => {
                self.set_var(package, &var, Value::Text(value));
                self.play_for(package, &then);
            }
            Tap::Focus(var, then) => {
                self.with_live(package, |live| live.focus = Some(var));
                self.play_for(package, &then);
            }
            Tap::Leave(dialog, then) => {
                self.close_dialog(package, Some(&dialog));
                self.play_for(package, &then);
            }
            Tap::CloseMark(dialog) => self.tap_close_mark(package, &dialog),
            Tap::Up => self.back(),
            Tap::Page(tap) => return self.tap_page(tap),
            Tap::Shade(tap) => return self.tap_shade(tap),
            Tap::Icon(_) => return false,
        }
        true
    }

    fn tap_close_mark(&mut self, package: &str, name: &str) {
        let Some(dialog) = self.apps.get(package).and_then(|app| app.model.dialogs.get(name)).cloned() else { return };
        let Some(close) = dialog.close else { return };
        let mut taps = 0;
        self.with_live(package, |live| {
            if let Some(shown) = live.dialogs.iter_mut().find(|shown| shown.name == name) {
                shown.close_taps += 1;
                taps = shown.close_taps;
            }
        });
        if !close.works {
            return self.play_for(package, &close.actions);
        }
        if taps >= close.taps {
            self.close_dialog(package, Some(name));
            self.play_for(package, &close.actions);
            self.play_for(package, &dialog.on_cancel);
        }
    }

    /// A tap beside the topmost dialog. True when it closed it.
    pub fn press_outside(&mut self) -> bool {
        self.act(|system| {
            let Some(package) = system.top_task().map(|t| t.package.clone()) else { return false };
            system.answers(&package) && system.cancel_dialog(&package)
        })
    }

    fn cancel_dialog(&mut self, package: &str) -> bool {
        let Some(app) = self.apps.get(package) else { return false };
        let Some(top) = app.live.as_ref().and_then(|live| live.dialogs.last()) else { return false };
        let Some(dialog) = app.model.dialogs.get(&top.name).filter(|d| d.cancelable).cloned() else { return false };
        let name = top.name.clone();
        self.close_dialog(package, Some(&name));
        self.play_for(package, &dialog.on_cancel);
        true
    }

    /// A key, by its code.
    pub fn key(&mut self, code: u32) {
        self.act(|system| match code {
            keys::HOME | keys::APP_SWITCH => {
                system.shade = None;
                system.go_home();
            }
            keys::NOTIFICATION => system.shade = system.shade.is_none().then_some(0),
            keys::BACK => system.back_key(),
            keys::POWER => system.switches.screen_on = !system.switches.screen_on,
            keys::SLEEP => system.switches.screen_on = false,
            keys::WAKEUP => system.switches.screen_on = true,
            keys::DEL => system.edit(|text| {
                text.pop();
            }),
            keys::SPACE => system.edit(|text| text.push(' ')),
            keys::PASTE => {
                let paste = system.clipboard.clone();
                system.edit(|text| text.push_str(&paste));
            }
            // Digits and letters of KeyEvent: 7 to 16 and 29 to 54.
            7..=16 => system.edit(|text| text.extend(char::from_digit(code - 7, 10))),
            29..=54 => system.edit(|text| text.extend(char::from_u32(u32::from(b'a') + code - 29))),
            _ => {}
        });
    }

    /// A key that is held down (`input keyevent --longpress`): down, down again with the long-press flag, up. MODEL: what
    /// the system does with its own keys then (the assistant, the power menu) is not drawn; a key that types, types twice.
    pub fn long_key(&mut self, code: u32) {
        let types = matches!(code, 7..=16 | 29..=54 | keys::DEL | keys::SPACE);
        match code {
            keys::HOME | keys::APP_SWITCH | keys::POWER => self.catch_up(),
            code => (0..1 + u32::from(types)).for_each(|_| self.key(code)),
        }
    }

    fn back_key(&mut self) {
        if self.notice().is_some() {
            return;
        }
        if self.prompt().is_some() {
            self.answer_prompt(Answer::Dismiss);
            return;
        }
        if self.shade.take().is_some() {
            return;
        }
        self.back();
    }

    /// What *back* does to the app in front.
    fn back(&mut self) {
        let Some(task) = self.top_task() else { return };
        let package = task.package.clone();
        let holds = task.records.last().map(|r| r.holds);
        if !self.answers(&package) {
            return;
        }
        match holds {
            Some(Holds::NoModel | Holds::AppInfo) => self.finish_activities(&package, "app-request"),
            Some(Holds::Page) => self.leave_page(false),
            Some(Holds::Screens) => self.back_in_model(&package),
            _ => {}
        }
    }

    fn back_in_model(&mut self, package: &str) {
        let Some(app) = self.apps.get(package) else { return };
        let Some(live) = &app.live else { return };
        let blocked = live.dialogs.last().and_then(|top| app.model.dialogs.get(&top.name));
        let blocked =
            blocked.is_some_and(|d| !d.cancelable && d.form != crate::virtual_device::specimen::look::Form::Overlay);
        let screen = live.screens.last().and_then(|top| app.model.screens.get(&top.name));
        let own = screen.and_then(|screen| screen.on_back.clone());
        if self.cancel_dialog(package) || blocked {
            return;
        }
        match own {
            Some(actions) => self.play_for(package, &actions),
            None => self.pop_screen(package),
        }
    }

    /// Types into the field that has the focus. False when there is none.
    pub fn write_into_field(&mut self, text: &str) -> bool {
        self.act(|system| {
            let front = system.top_task().map(|t| t.package.clone()).unwrap_or_default();
            let focus = system.apps.get(&front).and_then(|a| a.live.as_ref()).is_some_and(|l| l.focus.is_some());
            if focus && system.prompt().is_none() && system.answers(&front) {
                system.edit(|old| old.push_str(text));
            }
            focus
        })
    }

    fn edit(&mut self, change: impl FnOnce(&mut String)) {
        let Some(package) = self.top_task().map(|t| t.package.clone()) else { return };
        let Some(app) = self.apps.get(&package) else { return };
        let Some(var) = app.live.as_ref().and_then(|live| live.focus.clone()) else { return };
        let mut text = app.var(&var).shown();
        change(&mut text);
        let text = text.chars().take(LONGEST_TEXT).collect();
        self.set_var(&package, &var, Value::Text(text));
    }

    /// Whether a field has the input focus.
    pub fn has_input_focus(&self) -> bool {
        let front = self.top_task().map(|t| t.package.as_str()).unwrap_or_default();
        self.apps.get(front).and_then(|a| a.live.as_ref()).is_some_and(|l| l.focus.is_some())
    }

    /// Scrolls the window at this place of [`System::windows`] by so many pixels, between 0 and `most`. False when it
    /// does not scroll.
    pub fn scroll(&mut self, window: usize, by: i32, most: i32) -> bool {
        self.act(|system| {
            let Some(title) = system.windows().get(window).map(|w| (w.package.clone(), w.layer)) else { return false };
            let (package, layer) = title;
            if let (Some(at), true) = (&mut system.shade, package == super::shade::DRAWN_BY) {
                let moved = at.saturating_add(by).clamp(0, most.max(0));
                return std::mem::replace(at, moved) != moved;
            }
            if !system.answers(&package) {
                return false;
            }
            let Some(live) = system.apps.get_mut(&package).and_then(|app| app.live.as_mut()) else { return false };
            let shown = match layer {
                crate::virtual_device::view::Layer::Activity => live.screens.last_mut(),
                _ => live.dialogs.last_mut(),
            };
            let Some(shown) = shown else { return false };
            let moved = shown.scroll.saturating_add(by).clamp(0, most.max(0));
            let changed = moved != shown.scroll;
            shown.scroll = moved;
            changed
        })
    }

    /// The system's dialog about an app, if one is up.
    pub fn notice(&self) -> Option<&Notice> {
        self.notices.last()
    }

    /// A person answers the system's dialog about an app. False when there is none.
    pub fn answer_notice(&mut self, answer: NoticeAnswer) -> bool {
        self.act(|system| {
            let Some(notice) = system.notices.pop() else { return false };
            match (answer, notice.kind) {
                (NoticeAnswer::Close, NoticeKind::Anr) => {
                    if let Some(pid) = system.pid_of(&notice.package) {
                        system.end_process(pid, "user request after error");
                    }
                }
                (NoticeAnswer::AppInfo, _) => system.open_app_info(&notice.package),
                _ => {}
            }
            true
        })
    }
}

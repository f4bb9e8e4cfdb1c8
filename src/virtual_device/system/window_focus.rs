//! Which window has the input focus, and what the log says when another gets it.
//!
//! MODEL: API 30 and later log every window that gets or loses the focus (AOSP `InputDispatcher`, event `input_focus`); the
//! captured API 23 logs none for an app's own dialog, and between them nothing is known of that would.

use super::System;
use super::prompt::NoticeKind;
use super::task::Holds;
use crate::virtual_device::specimen::look::Form;

/// First API level that logs it.
const LOGGED_SINCE: u32 = 30;

/// Number of a dialog's window: that of the activity below, and the dialog's own.
pub(super) fn dialog_window(activity: u32, surface: u32) -> u32 {
    (activity ^ surface.wrapping_add(1).wrapping_mul(0x0009_e377)) & 0x0fff_ffff
}

impl System {
    /// Number and title of the window with the input focus.
    pub(super) fn focused_window(&self) -> Option<(u32, String)> {
        if let Some(notice) = self.notice() {
            let what = match notice.kind {
                NoticeKind::Crash => "Application Error",
                NoticeKind::Anr => "Application Not Responding",
            };
            return Some((0x0e44_0001, format!("{what}: {}", notice.package)));
        }
        if self.shade_is_open() {
            return Some((0x0e44_0003, self.shade_title().to_owned()));
        }
        let record = self.top_record()?;
        let title = record.component.full();
        let app = self.apps.get(&record.component.package).filter(|_| record.holds == Holds::Screens);
        let dialogs = app.and_then(|app| Some((app, app.live.as_ref()?)));
        let top = dialogs.and_then(|(app, live)| {
            let takes_focus = |name: &String| {
                let dialog = app.model.dialogs.get(name);
                dialog.is_some_and(|dialog| dialog.form != Form::Overlay)
            };
            live.dialogs.iter().rev().find(|shown| takes_focus(&shown.name))
        });
        let number = top.map_or(record.window, |shown| dialog_window(record.window, shown.surface));
        Some((number, title))
    }

    /// Numbers of an app's dialogs that have their activity's name, the lowest first.
    pub(super) fn dialog_surfaces(&self, package: &str) -> Vec<u32> {
        let Some(app) = self.apps.get(package) else { return Vec::new() };
        let named = |name: &String| app.model.dialogs.get(name).is_some_and(|dialog| dialog.form != Form::Overlay);
        let dialogs = app.live.iter().flat_map(|live| &live.dialogs);
        dialogs.filter(|shown| named(&shown.name)).map(|shown| shown.surface).collect()
    }

    /// Writes down that the focus went elsewhere, if it did.
    pub(super) fn note_focus(&mut self) {
        let now = self.focused_window();
        if now == self.focused {
            return;
        }
        let before = std::mem::replace(&mut self.focused, now.clone());
        if self.profile.api < LOGGED_SINCE {
            return;
        }
        if let Some((number, title)) = before {
            self.event("input_focus", &format!("[Focus leaving {number:x} {title} (server),reason=NOT_VISIBLE]"));
        }
        let text = match now {
            Some((number, title)) => {
                format!("[Focus entering {number:x} {title} (server),reason=Window became focusable]")
            }
            None => "[Requesting to set focus to null window,reason=UpdateInputWindows]".to_owned(),
        };
        self.event("input_focus", &text);
    }
}

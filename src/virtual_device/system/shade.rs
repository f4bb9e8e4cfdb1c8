//! The panel that comes down from the top edge, with the notifications that are up.
//!
//! MODEL, after AOSP's SystemUI: its window's title, the ids of a row's parts. There are no quick settings on it.

use super::System;
use super::notification::Gone;
use super::stage::{PAD, PAPER, Tap, Touchable, action, filled};
use crate::virtual_device::view::{Kind, Layer, Length, State, Style, Widget, Window};

/// Who draws it.
pub(super) const DRAWN_BY: &str = "com.android.systemui";
/// Surface number of the panel; apps never count so far.
pub(super) const SHADE: u32 = u32::MAX - 1;

/// What a tap on the panel does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShadeTap {
    /// Opens the app of the notification with this identity hash, and takes the notification away.
    Open(u32),
    /// Takes all notifications away.
    ClearAll,
}

impl System {
    /// Whether the panel is down.
    pub fn shade_is_open(&self) -> bool {
        self.shade.is_some()
    }

    /// Pulls the panel down or lets it go up.
    pub fn pull_shade(&mut self, down: bool) {
        self.act(|system| system.shade = down.then_some(0));
    }

    /// Title of the panel's window (AOSP renamed it in Android 11).
    pub fn shade_title(&self) -> &'static str {
        if self.profile.api >= 30 { "NotificationShade" } else { "StatusBar" }
    }

    pub(super) fn shade_window(&self) -> Option<Window> {
        self.shade.is_some().then(|| Window {
            package: DRAWN_BY.into(),
            title: self.shade_title().into(),
            layer: Layer::Activity,
            secure: false,
            cancelable: false,
            content: self.stage_shade().0,
        })
    }

    /// The panel's widgets, and what taps on them do.
    pub(super) fn stage_shade(&self) -> (Widget, Vec<Touchable>) {
        let zh = self.profile.locale.starts_with("zh");
        let mut touchables = Vec::new();
        let mut touch = |tap: ShadeTap| {
            touchables.push(Touchable { tap: Tap::Shade(tap), long: Vec::new() });
            Some(action(SHADE, touchables.len() - 1))
        };
        let mut rows = Vec::new();
        for one in self.notifications.iter().rev() {
            let lines = [
                ("android:id/app_name_text", self.label(&one.package), 12.0),
                ("android:id/title", one.title.clone(), 16.0),
                ("android:id/text", one.text.clone(), 14.0),
            ];
            rows.push(Widget {
                class: "android.widget.FrameLayout".into(),
                id: format!("{DRAWN_BY}:id/expandableNotificationRow"),
                style: Style { background: PAPER, padding: PAD, margin: [8.0; 4], ..filled(Length::Wrap) },
                on_tap: touch(ShadeTap::Open(one.hash)),
                children: lines.map(|(id, text, size)| words(id, text, size)).into(),
                ..Widget::default()
            });
        }
        if rows.is_empty() {
            let none = if zh { "没有通知" } else { "No notifications" };
            rows.push(words(&format!("{DRAWN_BY}:id/no_notifications"), none.into(), 16.0));
        } else {
            let clear = if zh { "全部清除" } else { "Clear all" };
            rows.push(Widget {
                kind: Kind::Button,
                id: format!("{DRAWN_BY}:id/dismiss_text"),
                text: clear.into(),
                on_tap: touch(ShadeTap::ClearAll),
                style: Style { padding: PAD, ..Style::default() },
                ..Widget::default()
            });
        }
        let list = Widget { children: rows, style: filled(Length::Wrap), ..Widget::default() };
        let content = Widget {
            kind: Kind::Scroll,
            id: format!("{DRAWN_BY}:id/notification_stack_scroller"),
            children: vec![list],
            style: Style { background: 0xffec_eff1, ..filled(Length::Fill) },
            state: State { scroll: self.shade.unwrap_or(0), ..State::default() },
            ..Widget::default()
        };
        (content, touchables)
    }

    pub(super) fn tap_shade(&mut self, tap: ShadeTap) -> bool {
        match tap {
            ShadeTap::ClearAll => {
                self.take_down(Gone::CancelAll, |_| true);
                self.shade = None;
            }
            ShadeTap::Open(hash) => {
                let Some(one) = self.notifications.iter().find(|one| one.hash == hash) else { return false };
                let package = one.package.clone();
                self.take_down(Gone::Click, |one| one.hash == hash);
                self.shade = None;
                return self.tap_icon(&package);
            }
        }
        true
    }
}

fn words(id: &str, text: String, size: f32) -> Widget {
    let style = Style { width: Length::Fill, text_size: size, ..Style::default() };
    Widget { kind: Kind::Text, id: id.into(), text, style, ..Widget::default() }
}

//! From a model's dialogs to widgets. The alert follows the platform's own (captured on API 23); the other forms are
//! what apps draw themselves.

use std::time::Duration;

use super::System;
use super::app::{App, Shown};
use super::stage::{Stage, Tap, Touchable, filled};
use crate::virtual_device::specimen::look::{CloseMark, Corner, Dialog, DialogButton, Form};
use crate::virtual_device::view::{Align, Kind, Layer, Length, Style, Widget, Window};

const PAPER: u32 = 0xffff_ffff;
const ACCENT: u32 = 0xff15_65c0;

impl System {
    /// A dialog's window, and what taps on it do; `None` for one that does not show while its app is not in front.
    pub(super) fn stage_dialog(
        &self,
        app: &App,
        shown: &Shown,
        activity: &str,
        front: bool,
    ) -> Option<(Window, Vec<Touchable>)> {
        let dialog = app.model.dialogs.get(&shown.name)?;
        if !front && dialog.form != Form::Overlay {
            return None;
        }
        let mut stage = Stage { system: self, app, surface: shown.surface, touchables: Vec::new() };
        let content = stage.dialog(dialog, shown);
        let layer = match dialog.form {
            Form::Alert | Form::Card | Form::Full => Layer::Dialog,
            Form::Sheet => Layer::Sheet,
            Form::Overlay => Layer::Overlay,
        };
        // A dialog's window has its activity's name; a floating one its package's.
        let title = if dialog.form == Form::Overlay { app.model.package.clone() } else { activity.to_string() };
        let window = Window {
            package: app.model.package.clone(),
            title,
            layer,
            secure: dialog.secure,
            cancelable: dialog.cancelable,
            content,
        };
        Some((window, stage.touchables))
    }
}

impl Stage<'_> {
    fn dialog(&mut self, dialog: &Dialog, shown: &Shown) -> Widget {
        let body = if dialog.form == Form::Alert { self.alert(dialog, shown) } else { self.own(dialog, shown) };
        let size = if dialog.form == Form::Full { Length::Fill } else { Length::Wrap };
        let frame = |id: &str, child: Widget| Widget {
            kind: Kind::Frame,
            id: id.into(),
            children: vec![child],
            style: filled(size),
            ..Widget::default()
        };
        frame("", frame("android:id/content", body))
    }

    /// The platform's alert: `parentPanel` with `topPanel`, `contentPanel` and `buttonPanel`.
    fn alert(&mut self, dialog: &Dialog, shown: &Shown) -> Widget {
        let mut panels = Vec::new();
        if let Some(title) = &dialog.title {
            let title = text("android:id/alertTitle", self.words(title, None), 20.0, [24.0, 18.0, 24.0, 0.0]);
            let template = column("android:id/title_template", vec![title]);
            panels.push(column("android:id/topPanel", vec![template]));
        }
        let mut inner = Vec::new();
        if let Some(message) = &dialog.message {
            inner.push(text("android:id/message", self.words(message, None), 16.0, [24.0, 18.0, 24.0, 8.0]));
        }
        inner.extend(self.views(&dialog.views));
        let scroll = Widget {
            kind: Kind::Scroll,
            id: "android:id/scrollView".into(),
            children: vec![column("", inner)],
            style: filled(Length::Wrap),
            ..Widget::default()
        };
        panels.push(frame_of("android:id/contentPanel", scroll));
        let mut buttons = vec![spacer()];
        for (id, button) in [
            ("android:id/button3", &dialog.neutral),
            ("android:id/button2", &dialog.negative),
            ("android:id/button1", &dialog.positive),
        ] {
            buttons.extend(button.as_ref().map(|b| self.alert_button(id, b, &shown.name)));
        }
        if buttons.len() > 1 {
            panels.push(Widget {
                kind: Kind::Row,
                id: "android:id/buttonPanel".into(),
                children: buttons,
                style: Style { padding: [12.0, 4.0, 12.0, 4.0], ..filled(Length::Wrap) },
                ..Widget::default()
            });
        }
        let mut panel = column("android:id/parentPanel", panels);
        panel.style.background = PAPER;
        panel.style.corner = 4.0;
        panel.style.elevation = 16.0;
        self.with_mark(panel, dialog, shown)
    }

    fn alert_button(&mut self, id: &str, button: &DialogButton, dialog: &str) -> Widget {
        let tap = self.button_tap(button, dialog);
        Widget {
            kind: Kind::Button,
            id: id.into(),
            text: self.words(&button.words, None),
            on_tap: Some(self.touch(tap, Vec::new())),
            style: Style { color: ACCENT, height: Length::Dp(48.0), ..Style::default() },
            ..Widget::default()
        }
    }

    fn button_tap(&self, button: &DialogButton, dialog: &str) -> Tap {
        if button.stays {
            Tap::Play(button.actions.clone())
        } else {
            Tap::Leave(dialog.to_string(), button.actions.clone())
        }
    }

    /// A dialog of the app's own making.
    fn own(&mut self, dialog: &Dialog, shown: &Shown) -> Widget {
        let full = dialog.form == Form::Full;
        let mut parts = Vec::new();
        if let Some(title) = &dialog.title {
            let id = self.id("dialog_title");
            parts.push(text(&id, self.words(title, None), 18.0, [20.0, 20.0, 20.0, 4.0]));
        }
        if let Some(message) = &dialog.message {
            let id = self.id("dialog_message");
            parts.push(text(&id, self.words(message, None), 15.0, [20.0, 8.0, 20.0, 8.0]));
        }
        parts.extend(self.views(&dialog.views));
        if full {
            parts.push(spacer());
        }
        for button in [&dialog.positive, &dialog.negative, &dialog.neutral].into_iter().flatten() {
            parts.push(self.own_button(button, &shown.name));
        }
        let mut panel = column("", parts);
        panel.style.background = PAPER;
        panel.style.corner = if full { 0.0 } else { 12.0 };
        panel.style.padding = [0.0, 0.0, 0.0, 12.0];
        if full {
            panel.style.height = Length::Fill;
        }
        if let Some(actions) = &dialog.tap {
            panel.on_tap = Some(self.touch(Tap::Play(actions.clone()), Vec::new()));
        }
        self.with_mark(panel, dialog, shown)
    }

    fn own_button(&mut self, button: &DialogButton, dialog: &str) -> Widget {
        let tap = self.button_tap(button, dialog);
        let words = self.words(&button.words, None);
        let style = if button.faint {
            Style {
                color: 0xffbd_bdbd,
                text_size: 12.0,
                align: Align::Center,
                padding: [8.0, 10.0, 8.0, 10.0],
                ..filled(Length::Wrap)
            }
        } else {
            Style { margin: [20.0, 6.0, 20.0, 6.0], ..filled(Length::Dp(48.0)) }
        };
        Widget {
            kind: if button.faint { Kind::Text } else { Kind::Button },
            id: self.id(&button.id),
            text: words,
            on_tap: Some(self.touch(tap, Vec::new())),
            style,
            ..Widget::default()
        }
    }

    /// A panel with the dialog's close mark, once its time has come.
    fn with_mark(&mut self, panel: Widget, dialog: &Dialog, shown: &Shown) -> Widget {
        let Some(close) = dialog.close.as_ref().filter(|close| close.is_due(shown, self.system.uptime())) else {
            return panel;
        };
        let mark = self.mark(close, &shown.name);
        let corner = if close.moves { moved(close.at, shown.close_taps) } else { close.at };
        let row = |children: Vec<Widget>| Widget {
            kind: Kind::Row,
            children,
            style: Style { background: panel.style.background, ..filled(Length::Wrap) },
            ..Widget::default()
        };
        let mut panel = panel.clone();
        let full = panel.style.height == Length::Fill;
        let whole = Style {
            background: if full { panel.style.background } else { 0 },
            ..filled(if full { Length::Fill } else { Length::Wrap })
        };
        if full {
            panel.style.height = Length::Dp(0.0);
            panel.style.weight = 1.0;
        }
        let children = match corner {
            Corner::RightTop => vec![row(vec![spacer(), mark]), panel],
            Corner::LeftTop => vec![row(vec![mark, spacer()]), panel],
            Corner::Below => {
                let mut below = row(vec![spacer(), mark, spacer()]);
                below.style.background = 0;
                vec![panel, below]
            }
        };
        Widget { children, style: whole, ..Widget::default() }
    }

    #[allow(clippy::cast_precision_loss)]
    fn mark(&mut self, close: &CloseMark, dialog: &str) -> Widget {
        let edge = Length::Dp(close.size.clamp(1, 400) as f32);
        let words = close.words.as_ref().map(|w| self.words(w, None));
        let desc = close.desc.as_ref().map(|w| self.words(w, None)).unwrap_or_default();
        Widget {
            kind: if words.is_some() { Kind::Text } else { Kind::Image },
            class: if words.is_some() { String::new() } else { "android.widget.ImageView".into() },
            id: self.id(&close.id),
            text: words.clone().unwrap_or_default(),
            desc,
            on_tap: Some(self.touch(Tap::CloseMark(dialog.into()), Vec::new())),
            style: Style {
                width: if words.is_some() { Length::Wrap } else { edge },
                height: edge,
                align: Align::Center,
                text_size: 13.0,
                margin: [6.0, 6.0, 6.0, 6.0],
                ..Style::default()
            },
            ..Widget::default()
        }
    }
}

impl CloseMark {
    /// Whether it is there yet.
    fn is_due(&self, shown: &Shown, now: Duration) -> bool {
        now.saturating_sub(shown.since) >= self.after.0
    }
}

/// Where a mark that moves stands after so many taps.
fn moved(first: Corner, taps: u32) -> Corner {
    let all = [Corner::RightTop, Corner::LeftTop, Corner::Below];
    let start = all.iter().position(|corner| *corner == first).unwrap_or(0);
    all[(start + taps as usize) % all.len()]
}

fn text(id: &str, text: String, size: f32, padding: [f32; 4]) -> Widget {
    Widget {
        kind: Kind::Text,
        id: id.into(),
        text,
        style: Style { text_size: size, padding, ..filled(Length::Wrap) },
        ..Widget::default()
    }
}

fn column(id: &str, children: Vec<Widget>) -> Widget {
    Widget {
        class: "android.widget.LinearLayout".into(),
        id: id.into(),
        children,
        style: filled(Length::Wrap),
        ..Widget::default()
    }
}

fn frame_of(id: &str, child: Widget) -> Widget {
    Widget { kind: Kind::Frame, id: id.into(), children: vec![child], style: filled(Length::Wrap), ..Widget::default() }
}

fn spacer() -> Widget {
    Widget { kind: Kind::Spacer, style: Style { weight: 1.0, ..Style::default() }, ..Widget::default() }
}

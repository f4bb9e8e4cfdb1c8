//! The dialogs that say that an app crashed or does not answer.
//! CAPTURE: API 23 (ANR), a newer emulator (ANR), Samsung (crash). MODEL: the rest.

use super::super::super::machine::Skin;
use super::super::super::system::{Notice, NoticeAnswer, NoticeKind};
use super::super::super::view::{Align, Icon, Length, Widget};
use super::actions::of_notice;
use super::book::Reader;
use super::parts::{button, column, frame, row, scroll, text};

pub fn content(reader: Reader<'_>, notice: &Notice) -> Widget {
    let key = match (notice.kind, notice.repeated) {
        (NoticeKind::Crash, false) => "crash",
        (NoticeKind::Crash, true) => "crash-repeated",
        (NoticeKind::Anr, _) => "anr",
    };
    let words = reader.notice(key, &notice.label);
    let panel = if reader.api < 24 { old(reader, notice, &words) } else { new(reader, notice, &words) };
    let content = frame("android:id/content", vec![panel]);
    let mut root = frame("", vec![frame("", vec![content])]);
    root.style.padding = [16.0; 4];
    root.style.margin = [12.0, 0.0, 12.0, 0.0];
    if !matches!(reader.skin, Skin::Aosp | Skin::Google) && reader.api >= 28 {
        root.style.align = Align::Bottom;
        root.style.padding = [10.0, 16.0, 10.0, 16.0];
        root.style.margin = [0.0; 4];
    }
    root
}

/// Android 6: an alert with `message`, `button2` and `button1`.
fn old(reader: Reader<'_>, notice: &Notice, words: &str) -> Widget {
    let message = text("android:id/message", words, 16.0).wide().padded([24.0, 0.0, 24.0, 0.0]);
    let inner = column("", vec![message]).spaced([0.0, 18.0, 0.0, 0.0]);
    let content = frame("android:id/contentPanel", vec![scroll("android:id/scrollView", vec![inner])]);
    let answer = |id: &str, key: &str, answer| {
        button(id, &reader.notice(key, ""), of_notice(answer)).sized(Length::Wrap, Length::Dp(54.0))
    };
    let mut buttons = Vec::new();
    if notice.kind == NoticeKind::Anr {
        let mut wait = answer("android:id/button2", "wait", NoticeAnswer::Wait);
        wait.state.focused = true;
        buttons.push(wait);
    }
    buttons.push(answer("android:id/button1", "ok", NoticeAnswer::Close));
    let buttons = row("android:id/buttonPanel", buttons).aligned(Align::End).padded([12.0, 4.0, 12.0, 4.0]);
    column("android:id/parentPanel", vec![content, buttons])
}

/// Later: a title, and choices one below another.
fn new(reader: Reader<'_>, notice: &Notice, words: &str) -> Widget {
    let mut title = text("android:id/alertTitle", words, 20.0).wide();
    title.style.bold = reader.api >= 28;
    let title = column("android:id/title_template", vec![title]).padded([24.0, 18.0, 24.0, 0.0]);
    let top = column("android:id/topPanel", vec![title]);
    let mut choices = Vec::new();
    let mut choice = |id: &str, key: &str, icon, answer| {
        let mut one =
            button(id, &reader.notice(key, ""), of_notice(answer)).wide().sized(Length::Fill, Length::Dp(48.0));
        one.icon = icon;
        one.style.color = 0xFF1F_1F1F;
        choices.push(one);
    };
    match notice.kind {
        NoticeKind::Crash => {
            choice("android:id/aerr_app_info", "app-info", Icon::Info, NoticeAnswer::AppInfo);
            choice("android:id/aerr_close", "close-app", Icon::Close, NoticeAnswer::Close);
        }
        NoticeKind::Anr => {
            choice("android:id/aerr_close", "close-app", Icon::Close, NoticeAnswer::Close);
            choice("android:id/aerr_wait", "wait", Icon::More, NoticeAnswer::Wait);
        }
    }
    let choices = column("", choices).padded([8.0, 15.0, 8.0, 8.0]);
    let custom = frame("android:id/customPanel", vec![frame("android:id/custom", vec![choices])]);
    column("android:id/parentPanel", vec![top, custom])
}

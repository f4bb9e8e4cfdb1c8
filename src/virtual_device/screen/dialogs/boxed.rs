//! The permission dialog of releases 23 to 28: message, box, page number, deny and allow side by side.
//! CAPTURE for API 23 (ids, classes, nesting, order); 26 to 28 follow AOSP's layout files.

use super::super::super::system::{Answer, PromptState};
use super::super::super::view::{Align, Kind, Length, State, Style, Widget};
use super::actions::of;
use super::book::{Controller, Reader};
use super::parts::{button, column, frame, row, sign, text};
use super::{icon, question};

/// Width of the panel and its shadow, in dp (captured).
const WIDTH: f32 = 320.0;

pub fn content(reader: Reader<'_>, controller: &Controller, prompt: &PromptState) -> Widget {
    let id = |name: &str| format!("{}:id/{name}", controller.ids);
    let message = text(&id("permission_message"), &question(reader, prompt), 16.0);
    let mut message = message.spaced([0.0, 3.0, 0.0, 0.0]);
    message.style.weight = 1.0;
    let described = row(
        &id("perm_desc_root"),
        vec![sign(&id("permission_icon"), icon(prompt.group), 36.0).spaced([0.0, 3.0, 0.0, 0.0]), message],
    );
    let mut parts = vec![frame(&id("desc_container"), vec![described])];
    if prompt.second_request {
        parts.push(never_again(reader, &id("do_not_ask_checkbox"), prompt));
    }
    parts.push(buttons(reader, &id, prompt));
    let container = column(&id("dialog_container"), parts).padded([22.0, 24.0, 16.0, 8.0]);
    let panel = frame("", vec![frame("android:id/content", vec![frame("", vec![container])])]);
    let mut root = frame("", vec![panel]).padded([16.0; 4]);
    root.style.width = Length::Dp(WIDTH);
    root
}

fn never_again(reader: Reader<'_>, id: &str, prompt: &PromptState) -> Widget {
    let state = State { checked: prompt.do_not_ask_ticked, ..State::default() };
    let style =
        Style { width: Length::Fill, height: Length::Dp(32.0), margin: [0.0, 16.0, 0.0, 0.0], ..Style::default() };
    Widget {
        kind: Kind::CheckBox,
        id: id.to_owned(),
        text: reader.button("never-ask-again"),
        state,
        style,
        on_tap: Some(of(Answer::ToggleDoNotAsk)),
        ..Widget::default()
    }
}

fn buttons(reader: Reader<'_>, id: &dyn Fn(&str) -> String, prompt: &PromptState) -> Widget {
    let deny = button(&id("permission_deny_button"), &reader.button("deny"), of(Answer::Deny));
    let mut allow = button(&id("permission_allow_button"), &reader.button("allow"), of(Answer::Allow));
    allow.state.enabled = !prompt.do_not_ask_ticked;
    let high = |widget: Widget| widget.sized(Length::Wrap, Length::Dp(54.0));
    let mut pair = row("", vec![high(deny), high(allow).spaced([8.0, 0.0, 0.0, 0.0])]);
    pair.style.width = Length::Wrap;
    pair.style.margin = [0.0, 16.0, 0.0, 0.0];
    let mut parts = Vec::new();
    if prompt.pages > 1 {
        let words =
            reader.button("page").replace("%1", &prompt.page.to_string()).replace("%2", &prompt.pages.to_string());
        parts.push(text(&id("current_page_text"), &words, 14.0).padded([2.0, 2.0, 2.0, 4.0]));
    }
    parts.push(Widget { kind: Kind::Spacer, ..Widget::default() });
    parts.push(pair);
    row(&id("button_group"), parts).aligned(Align::Bottom)
}

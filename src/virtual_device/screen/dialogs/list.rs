//! The permission dialog from release 29 on: sign and question above, buttons one below another.
//! CAPTURE for Google (location, 31+) and Samsung (camera, location, nearby devices, notifications, 31+); the others
//! follow AOSP's resources.

use super::super::super::machine::Skin;
use super::super::super::system::{Answer, Group, PromptState};
use super::super::super::view::{Align, Icon, Kind, Length, State, Style, Widget};
use super::actions::of;
use super::book::{Controller, Reader};
use super::parts::{button, column, frame, row, scroll, sign, text};
use super::{icon, question};

pub fn content(reader: Reader<'_>, controller: &Controller, prompt: &PromptState) -> Widget {
    let id = |name: &str| format!("{}:id/{name}", controller.ids);
    let mut parts = vec![head(reader, &id, prompt)];
    if prompt.precise_offered && reader.api >= 31 {
        parts.push(accuracy(reader, &id, prompt));
    }
    let buttons: Vec<Widget> = answers(reader.api, prompt)
        .into_iter()
        .map(|(name, words, answer)| styled(reader, button(&id(name), &reader.button(words), of(answer))))
        .collect();
    parts.push(column("", buttons).padded([24.0, 20.0, 24.0, 16.0]));
    let inside = if reader.api >= 30 {
        let dialog = touching(column(&id("grant_dialog"), parts).padded([8.0, 16.0, 8.0, 8.0]));
        vec![touching(column(&id("grant_singleton"), vec![dialog]))]
    } else {
        parts
    };
    let mut list = scroll("", inside);
    list.state.scroll = 0;
    let frames = frame("", vec![frame("android:id/content", vec![list])]);
    placed(reader, frame("", vec![frames]))
}

/// A layout that swallows taps, as the captures show it.
fn touching(mut widget: Widget) -> Widget {
    widget.on_tap = Some(NOTHING);
    widget
}

/// An action nobody answers.
const NOTHING: super::super::super::view::Action = super::super::super::view::Action(u64::MAX);

fn placed(reader: Reader<'_>, mut root: Widget) -> Widget {
    match reader.skin {
        Skin::Aosp | Skin::Google => {
            root.style.margin = [10.0, 0.0, 10.0, 0.0];
            root.style.align = Align::Center;
        }
        _ => {
            root.style.align = Align::Bottom;
            root.style.margin = [0.0, 0.0, 0.0, 0.0];
        }
    }
    root
}

fn head(reader: Reader<'_>, id: &dyn Fn(&str) -> String, prompt: &PromptState) -> Widget {
    let mut words =
        text(&id("permission_message"), &question(reader, prompt), 20.0).wide().aligned(Align::CenterHorizontal);
    words.style.margin = [0.0, 12.0, 0.0, 0.0];
    let mut inner = column("", vec![sign(&id("permission_icon"), icon(prompt.group), 32.0), words]);
    inner.style.padding = [24.0, 16.0, 24.0, 8.0];
    inner.style.align = Align::CenterHorizontal;
    let mut parts = vec![inner];
    if prompt.background {
        let detail = text(&id("detail_message"), &reader.detail("location-background"), 14.0);
        parts.push(detail.wide().aligned(Align::CenterHorizontal).spaced([24.0, 4.0, 24.0, 0.0]));
    }
    column(&id("content_container"), parts)
}

/// The two pictures from which exact or approximate position is chosen.
fn accuracy(reader: Reader<'_>, id: &dyn Fn(&str) -> String, prompt: &PromptState) -> Widget {
    let choice = |name: &str, words: &str, icon, checked: bool, answer| Widget {
        icon,
        kind: Kind::Radio,
        id: id(name),
        text: reader.button(words),
        state: State { checked, ..State::default() },
        style: Style { weight: 1.0, height: Length::Dp(150.0), ..Style::default() },
        on_tap: Some(of(answer)),
        ..Widget::default()
    };
    let fine = choice(
        "permission_location_accuracy_radio_fine",
        "precise",
        Icon::Location,
        prompt.precise_chosen,
        Answer::ChoosePrecise,
    );
    let coarse = choice(
        "permission_location_accuracy_radio_coarse",
        "approximate",
        Icon::Search,
        !prompt.precise_chosen,
        Answer::ChooseApproximate,
    );
    let group = row(&id("permission_location_accuracy_radio_group"), vec![fine, coarse.spaced([10.0, 0.0, 0.0, 0.0])]);
    let group = group.of_class("android.widget.RadioGroup").padded([24.0, 8.0, 24.0, 0.0]);
    let place = id("permission_location_accuracy");
    if reader.skin == Skin::Samsung {
        return column(&place, vec![group]);
    }
    let holder = frame(&id("permission_location_accuracy_radio_container"), vec![group]);
    frame(&place, vec![holder.of_class("android.widget.HorizontalScrollView")])
}

type Offered = (&'static str, &'static str, Answer);

/// The buttons of a page, from the top: id, words, answer.
fn answers(api: u32, prompt: &PromptState) -> Vec<Offered> {
    let allow = ("permission_allow_button", "allow", Answer::Allow);
    let foreground = ("permission_allow_foreground_only_button", "allow-foreground", Answer::AllowForeground);
    let once = ("permission_allow_one_time_button", "allow-once", Answer::AllowOnce);
    let mut offered = match prompt.group {
        Group::Location if prompt.precise_upgrade => {
            vec![("permission_allow_foreground_only_button", "change-to-precise", Answer::AllowForeground), once]
        }
        Group::Location if api == 29 && prompt.background => {
            vec![("permission_allow_always_button", "allow-always", Answer::AllowAlways), foreground]
        }
        Group::Location if api == 29 => vec![foreground],
        Group::Location if prompt.background => Vec::new(),
        Group::Location | Group::Camera | Group::Microphone if api >= 30 => vec![foreground, once],
        Group::ReadMediaVisual if api >= 34 && prompt.target_sdk >= 33 => vec![
            ("permission_allow_selected_button", "allow-selected", Answer::AllowSelected),
            ("permission_allow_all_button", "allow-all", Answer::AllowAll),
        ],
        _ => vec![allow],
    };
    offered.push(refusal(api, prompt));
    offered
}

fn refusal(api: u32, prompt: &PromptState) -> Offered {
    match (prompt.precise_upgrade, prompt.second_request) {
        (true, false) => ("permission_no_upgrade_button", "keep-approximate", Answer::Deny),
        (true, true) => ("permission_no_upgrade_and_dont_ask_again_button", "keep-approximate", Answer::DenyForGood),
        // From 30 on the button has the plain words; from 29 its id says that it is for good.
        (false, true) if api >= 30 => ("permission_deny_and_dont_ask_again_button", "deny", Answer::DenyForGood),
        (false, true) => ("permission_deny_and_dont_ask_again_button", "deny-for-good", Answer::DenyForGood),
        (false, false) => ("permission_deny_button", "deny", Answer::Deny),
    }
}

/// Buttons as wide as the dialog, in the manner of the release and skin.
fn styled(reader: Reader<'_>, button: Widget) -> Widget {
    let mut button = button.wide();
    button.style.text_size = 16.0;
    match reader.skin {
        Skin::Aosp | Skin::Google if reader.api >= 31 => {
            button.style.background = 0xFFD3_E3FD;
            button.style.color = 0xFF04_1E49;
            button.style.corner = 16.0;
            button.style.height = Length::Dp(54.0);
            button.style.margin = [0.0, 2.0, 0.0, 0.0];
        }
        Skin::Aosp | Skin::Google => button.style.height = Length::Dp(48.0),
        Skin::Samsung => {
            button.style.color = 0xFF1F_1F1F;
            button.style.height = Length::Dp(48.0);
            button.style.margin = [0.0, 4.0, 0.0, 4.0];
        }
        _ => {
            button.style.background = 0xFFF0_F1F4;
            button.style.color = 0xFF1F_1F1F;
            button.style.corner = 16.0;
            button.style.height = Length::Dp(54.0);
            button.style.margin = [0.0, 3.0, 0.0, 3.0];
        }
    }
    button
}

//! MIUI's and HyperOS's permission dialogs, drawn by `com.lbe.security.miui`.
//! MODEL: the path down to the buttons is known (from paths that accessibility rules name), the rest is guessed.

use super::super::super::system::{Answer, Group, PromptState};
use super::super::super::view::{Action, Align, Kind, Length, Widget};
use super::actions::of;
use super::book::{Controller, Reader};
use super::parts::{button, column, frame, row, scroll, sign, text};
use super::{icon, question};

/// Variant with `permission_with_three`: text views with ids.
pub fn three(reader: Reader<'_>, controller: &Controller, prompt: &PromptState) -> Widget {
    let id = |name: &str| format!("{}:id/{name}", controller.ids);
    let buttons =
        offered(prompt).into_iter().map(|(name, words, answer)| pressed(&id(name), &reader.button(words), of(answer)));
    let buttons = column(&id("permission_with_three"), buttons.collect());
    let inner = column("", vec![head(reader, &id, prompt), buttons]);
    let custom = frame("android:id/custom", vec![inner]);
    let content = frame(&id("contentPanel"), vec![custom]).of_class("android.view.ViewGroup");
    let panel = column(&id("parentPanel"), vec![scroll("", vec![content])]);
    framed(&id, panel)
}

/// Variant with a `buttonPanel`: buttons without ids.
pub fn plain(reader: Reader<'_>, controller: &Controller, prompt: &PromptState) -> Widget {
    let id = |name: &str| format!("{}:id/{name}", controller.ids);
    let buttons = offered(prompt).into_iter().map(|(_, words, answer)| {
        let mut one = button("", &reader.button(words), of(answer)).wide();
        pill(&mut one);
        one
    });
    let buttons = column(&id("buttonPanel"), buttons.collect());
    let panel = column(&id("parentPanel"), vec![head(reader, &id, prompt), buttons]);
    framed(&id, panel)
}

/// The frames round the panel: depths 0 to 6 of the known paths.
fn framed(id: &dyn Fn(&str) -> String, mut panel: Widget) -> Widget {
    panel.on_tap = Some(Action(u64::MAX));
    let panel = panel.padded([28.0, 20.0, 28.0, 24.0]);
    let dialog = frame(&id("dialog_root_view"), vec![panel]);
    let bar = column(&id("action_bar_root"), vec![frame("android:id/content", vec![dialog])]);
    let mut root = frame("", vec![column("", vec![frame("", vec![bar])])]);
    root.style.align = Align::Bottom;
    root.style.margin = [12.0, 0.0, 12.0, 12.0];
    root
}

fn head(reader: Reader<'_>, id: &dyn Fn(&str) -> String, prompt: &PromptState) -> Widget {
    let words =
        text(&id("permission_message"), &question(reader, prompt), 17.0).wide().aligned(Align::CenterHorizontal);
    let sign = row("", vec![sign(&id("permission_group_icon"), icon(prompt.group), 36.0)]).aligned(Align::Center);
    column("", vec![sign, words.spaced([0.0, 12.0, 0.0, 16.0])])
}

/// A text view that is pressed like a button.
fn pressed(id: &str, words: &str, action: Action) -> Widget {
    let mut one = text(id, words, 16.0).wide().aligned(Align::Center);
    one.kind = Kind::Text;
    one.on_tap = Some(action);
    pill(&mut one);
    one
}

fn pill(one: &mut Widget) {
    one.style.background = 0xFFF0_F1F4;
    one.style.color = 0xFF1F_1F1F;
    one.style.corner = 16.0;
    one.style.height = Length::Dp(50.0);
    one.style.margin = [0.0, 4.0, 0.0, 4.0];
    one.style.text_size = 16.0;
    one.style.bold = true;
}

type Offered = (&'static str, &'static str, Answer);

fn offered(prompt: &PromptState) -> Vec<Offered> {
    let foreground = ("permission_allow_foreground_only_button", "allow-foreground", Answer::AllowForeground);
    let once = ("permission_allow_one_time_button", "allow-once", Answer::AllowOnce);
    let mut offered = match prompt.group {
        Group::Location | Group::Camera | Group::Microphone => vec![foreground, once],
        _ => vec![("permission_allow_button", "allow", Answer::Allow)],
    };
    offered.push(if prompt.second_request {
        ("permission_deny_and_dont_ask_again_button", "deny-for-good", Answer::DenyForGood)
    } else {
        ("permission_deny_button", "deny", Answer::Deny)
    });
    offered
}

//! What an app's own window is taken for, and how one that another covers went.

use appwitness::journal::entry::{Event, PopupEnd, PopupRole, PopupShown};

use super::device::{self, Folder, Told};

async fn told(profile: &str, specimen: &str, steps: &str) -> Told {
    let folder = Folder::new();
    let scenario = format!("scenario: windows\ntitle: Windows\nprompts: deny\nsteps:\n{steps}");
    device::attempt(profile, &scenario, device::app_of(&folder, specimen)).await
}

/// Each window with how it went.
fn windows(told: &Told) -> Vec<(&PopupShown, Option<PopupEnd>)> {
    let end = |number| {
        told.entries.iter().find_map(|entry| match &entry.event {
            Event::PopupGone { popup, how, .. } if *popup == number => Some(*how),
            _ => None,
        })
    };
    let shown = told.entries.iter().filter_map(|entry| match &entry.event {
        Event::PopupShown(shown) => Some((&**shown, end(shown.popup))),
        _ => None,
    });
    shown.collect()
}

/// An app that greets with one window of one button.
fn greeting(message: &str, button: &str) -> String {
    format!(
        "
specimen: greets
package: com.example.greets
label: Greets
sdk: {{min: 21, target: 34}}
first-screen: home
on: {{start: [{{show: greeting}}]}}
screens: {{home: {{title: Home, views: [{{text: {{words: Here it begins}}}}]}}}}
dialogs: {{greeting: {{title: Hello, message: '{message}', positive: {{words: '{button}'}}}}}}
"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_names_the_policy_asks_for_consent_unless_one_can_only_take_note_of_it() {
    for (message, button, role) in [
        ("欢迎使用。开始之前请阅读《隐私政策》。", "开始使用", PopupRole::Consent),
        ("Before we begin, here is our Privacy Policy.", "Continue", PopupRole::Consent),
        ("我们调整了《隐私政策》的排版。", "知道了", PopupRole::Message),
        ("The Privacy Policy has moved into the settings.", "OK", PopupRole::Message),
        ("The shop is open again.", "Continue", PopupRole::Message),
    ] {
        let told = told("api=34", &greeting(message, button), "  - launch\n  - settle\n").await;
        assert!(told.failure.is_none(), "{:?}", told.failure);
        let roles: Vec<PopupRole> = windows(&told).iter().map(|(shown, _)| shown.role).collect();
        assert_eq!(roles, [role], "{message} [{button}]");
    }
}

const COVERED: &str = "
specimen: covered
package: com.example.covered
label: Covered
sdk: {min: 21, target: 34}
first-screen: home
screens:
  home:
    title: Home
    views: [{button: {id: more, words: More, tap: [{show: below}, {wait: 4s}, {show: above}, {wait: 1s}, {dismiss: below}]}}]
dialogs:
  below: {title: Below, message: Which one do you take, positive: {words: This one}, negative: {words: That one}}
  above: {title: Above, message: Where shall it go, positive: {words: To the left}, negative: {words: To the right}}
";

#[tokio::test(flavor = "multi_thread")]
async fn how_a_covered_window_went_was_seen_by_nobody() {
    let steps = "
  - launch
  - tap: {id: more}
  - expect: {text: Where shall it go, within: 20s}
  - dwell: 5s
  - tap: {text: To the left}
  - expect: {id: more, within: 20s}
";
    let told = told("api=34", COVERED, steps).await;
    assert!(told.failure.is_none(), "{:?}", told.failure);
    let ends: Vec<(&str, Option<PopupEnd>)> =
        windows(&told).iter().map(|(shown, how)| (shown.title.as_str(), *how)).collect();
    // Of the upper one the run had found that none of its words closes it, before the step pressed one.
    assert_eq!(ends, [("Below", Some(PopupEnd::Unseen)), ("Above", Some(PopupEnd::NotClosed))]);
}

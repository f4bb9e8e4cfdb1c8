//! Entries in one line of English.

use crate::journal::entry::Event;
use crate::report::html::in_words;

/// The kind of an entry, as the journal names it.
pub(super) fn kind(event: &Event) -> String {
    let json = serde_json::to_value(event).unwrap_or_default();
    json["kind"].as_str().unwrap_or_default().to_owned()
}

/// What an entry says, in words; empty when its kind says it all.
pub(super) fn words(event: &Event) -> String {
    match event {
        Event::StepStarted { path, text, .. } => format!("step {path}: {text}"),
        Event::StepEnded { outcome, message, .. } => {
            let how = crate::report::words::step_outcome(*outcome).en;
            format!("{how}: {}", message.as_deref().unwrap_or_default()).trim_end_matches([':', ' ']).to_owned()
        }
        Event::Captured(capture) => {
            let secure = if capture.secure { "; the screen is secure, and its picture black" } else { "" };
            let missing = capture.missing.join("; ");
            format!("captured for {}{secure} {missing}", capture.reason).trim_end().to_owned()
        }
        Event::PromptShown(prompt) => {
            let groups = prompt.groups.join(", ");
            format!("prompt {} [{groups}]: {}", prompt.prompt, prompt.question)
        }
        Event::PromptAnswered(answered) => {
            let answer = crate::report::words::answer(answered.answer).en;
            format!("prompt {} {answer}: {} ({})", answered.prompt, answered.button, answered.why)
        }
        Event::PopupShown(popup) => {
            let role = crate::report::words::popup_role(popup.role).en;
            format!("pop-up {} ({role}): {} — {}", popup.popup, popup.title, popup.words)
        }
        Event::PopupGone { popup, how, taps, .. } => {
            format!("pop-up {popup} {}, {taps} tap(s)", crate::report::words::popup_end(*how).en)
        }
        Event::SeekEnded(seek) => format!("search for {}", crate::report::words::concept(seek.concept).en),
        other => in_words(other).unwrap_or_default(),
    }
}

/// A word as JSON has it.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

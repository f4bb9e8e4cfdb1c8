//! Which window has the focus and which activity is resumed.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;

const WITHIN: Duration = Duration::from_secs(10);
/// The lines that matter of two dumps that are long otherwise. The window lines stand in `dumpsys window windows` up
/// to API 29 and in `dumpsys window displays` later; the plain `dumpsys window` holds both.
pub(super) const COMMAND: &str = "dumpsys window | grep -E 'mCurrentFocus|mFocusedApp'; \
                                  dumpsys activity activities | grep -E 'ResumedActivity|mFocusedActivity'";

/// What is in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// Focused window: `package/full.class.Name` of an activity's window, else a title such as `NotificationShade`.
    pub window: Option<String>,
    /// Resumed activity: `package/.Class`.
    pub resumed: Option<String>,
}

impl Focus {
    /// The package in front: that of the resumed activity, else that of the focused window.
    pub fn package(&self) -> Option<&str> {
        let component = self.resumed.as_deref().or(self.window.as_deref())?;
        component.split_once('/').map(|(package, _)| package)
    }
}

impl Android {
    /// What is in front now.
    pub async fn focus(&self) -> Result<Focus, AndroidError> {
        let output = self.device().shell(COMMAND, WITHIN).await?;
        Ok(parse_focus(&output.text()))
    }
}

/// Reads `dumpsys window` and `dumpsys activity activities`, whole or filtered, of API 23 to 36.
pub fn parse_focus(text: &str) -> Focus {
    // Best first: what API 29 and later call the one on top, then the names of older releases.
    const RESUMED: [&str; 5] =
        ["topResumedActivity=", "ResumedActivity: ", "mResumedActivity: ", "mFocusedActivity: ", "mFocusedApp="];
    let window = text.lines().filter_map(|line| after(line, "mCurrentFocus=")).find_map(window_name);
    let resumed = RESUMED.iter().find_map(|key| text.lines().filter_map(|line| after(line, key)).find_map(component));
    Focus { window, resumed }
}

fn after<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.trim_start().strip_prefix(key)
}

/// Number and name of the window in a line of `dumpsys window` about the focus; `None` when it tells of none.
pub(super) fn focused_window(line: &str) -> Option<(String, String)> {
    let text = after(line, "mCurrentFocus=")?;
    let (token, _) = text.trim().strip_prefix("Window{")?.split_once(' ')?;
    Some((token.to_owned(), window_name(text)?))
}

/// `Window{392a4ef u0 NAME}`; the name may hold spaces. `null` is no window.
fn window_name(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix("Window{")?;
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (_, rest) = inner.split_once(' ')?;
    let name = match rest.split_once(' ') {
        Some((user, name)) if is_user(user) => name,
        _ => rest,
    };
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The first `package/class` of `ActivityRecord{1f72345 u0 pkg/.Act t12}` or `… pkg/.Act} t12}`, as MediaTek prints it.
fn component(text: &str) -> Option<String> {
    let record = &text[text.find("ActivityRecord{")?..];
    let word = record.split_whitespace().find(|word| word.contains('/'))?;
    Some(word.trim_end_matches('}').to_owned())
}

fn is_user(word: &str) -> bool {
    word.strip_prefix('u').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

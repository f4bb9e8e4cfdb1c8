//! Which window has the focus and which activity is resumed.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;

const WITHIN: Duration = Duration::from_secs(10);
/// The lines that matter of two dumps that are long otherwise. The window lines stand in `dumpsys window windows` up
/// to API 29 and in `dumpsys window displays` later; the plain `dumpsys window` holds both.
pub(super) const COMMAND: &str = "dumpsys window | grep -E 'mCurrentFocus|mFocusedApp|Window #|mAttrs='; \
                                  dumpsys activity activities | grep -E 'ResumedActivity|mFocusedActivity'";

/// What is in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// Focused window: `package/full.class.Name` of an activity's window, else a title such as `NotificationShade`.
    pub window: Option<String>,
    /// Number of that window.
    pub token: Option<String>,
    /// Whether that window stands above its activity's own: a dialog, a panel, an overlay (AOSP
    /// `WindowManager.LayoutParams.type`). `None` when the dump doesn't tell.
    pub above: Option<bool>,
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
    let (token, window) = text.lines().find_map(focused_window).unzip();
    let above = token.as_deref().and_then(|token| stands_above(text, token));
    let resumed = RESUMED.iter().find_map(|key| text.lines().filter_map(|line| after(line, key)).find_map(component));
    Focus { window, token, above, resumed }
}

/// Types of an activity's own window, as numbers (until API 25) and by name: base, starting, drawn by the activity itself.
const OWN_WINDOWS: [&str; 6] = ["1", "3", "4", "BASE_APPLICATION", "APPLICATION_STARTING", "DRAWN_APPLICATION"];

/// The type of a window in the list of windows: its head `Window #2 Window{TOKEN u0 NAME}:`, then `mAttrs={… ty=TYPE …`.
fn stands_above(text: &str, token: &str) -> Option<bool> {
    let head = format!("Window{{{token} ");
    let is_head = |line: &&str| line.trim_start().starts_with("Window #");
    let mut lines = text.lines().skip_while(|line| !(is_head(line) && line.contains(&head))).skip(1);
    let attributes = lines.by_ref().take_while(|line| !is_head(line)).find_map(|line| after(line, "mAttrs="))?;
    let kind = attributes.split_whitespace().find_map(|word| word.strip_prefix("ty="))?;
    Some(!OWN_WINDOWS.contains(&kind.trim_end_matches('}')))
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

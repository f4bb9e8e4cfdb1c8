//! Touching the device: taps, swipes, keys, text.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;
use super::time::DeviceTime;
use crate::adb::{Output, quote};
use crate::ui::Point;

/// How long one input may take; 2.6 s on the slowest captured device.
const WITHIN: Duration = Duration::from_secs(15);
/// A finger at rest for this long is a long press (Android's own limit is 400 to 500 ms).
const LONG_PRESS_MS: u32 = 800;
/// What to do where the shell may not touch: Xiaomi's systems ask a person for it once.
const INPUT_FORBIDDEN: &str =
    "; on phones of Xiaomi's turn on \"USB debugging (Security settings)\" in the developer options";
/// Characters typed with one command.
const CHUNK: usize = 120;

impl Android {
    /// A short touch. The device's clock right before it, in ms since 1970, where its shell tells one.
    pub async fn tap(&self, at: Point) -> Result<Option<i64>, AndroidError> {
        if self.touch_quickly(at, Duration::ZERO).await? {
            return Ok(None);
        }
        let command = format!("echo \"$EPOCHREALTIME\"; input tap {} {}", at.x, at.y);
        let output = self.device().shell(&command, WITHIN).await?;
        carried_out("tap", &output)?;
        let time = output.text();
        Ok(time.lines().next().filter(|time| time.contains('.')).and_then(DeviceTime::epoch))
    }

    /// A touch of 0.8 s.
    pub async fn long_press(&self, at: Point) -> Result<(), AndroidError> {
        if self.touch_quickly(at, Duration::from_millis(LONG_PRESS_MS.into())).await? {
            return Ok(());
        }
        let Point { x, y } = at;
        // There is no `input` command for it; a swipe that does not move is one.
        self.input("long press", &format!("swipe {x} {y} {x} {y} {LONG_PRESS_MS}")).await
    }

    /// Two short touches on one place. Each `input` starts a program of its own, so they are started together: their
    /// starts lie as far apart as the pause.
    pub async fn double_tap(&self, at: Point) -> Result<(), AndroidError> {
        let Point { x, y } = at;
        self.input("double tap", &format!("tap {x} {y} & sleep 0.1; input tap {x} {y}; wait")).await
    }

    /// A finger that moves from one place to another in so many milliseconds.
    pub async fn swipe(&self, from: Point, to: Point, ms: u32) -> Result<(), AndroidError> {
        self.input("swipe", &format!("swipe {} {} {} {} {ms}", from.x, from.y, to.x, to.y)).await
    }

    /// A key by Android's name, with or without `KEYCODE_` (`BACK`, `HOME`, `ENTER`, `DEL` …), or by its number.
    pub async fn key(&self, name: &str) -> Result<(), AndroidError> {
        let known = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !known {
            let doing = format!("press key {name:?}");
            return Err(AndroidError::Refused { doing, message: "not the name of a key".to_owned() });
        }
        let upper = name.to_ascii_uppercase();
        let code = if upper.starts_with("KEYCODE_") || upper.bytes().all(|b| b.is_ascii_digit()) {
            upper
        } else {
            format!("KEYCODE_{upper}")
        };
        self.input(&format!("press key {name}"), &format!("keyevent {code}")).await
    }

    /// Types into the field that has the focus. Android's `input text` takes printable ASCII only; anything else is an
    /// error, never something half typed.
    pub async fn text(&self, text: &str) -> Result<(), AndroidError> {
        if !text.chars().all(|c| matches!(c, ' '..='~')) {
            return Err(AndroidError::Untypable(text.to_owned()));
        }
        for chunk in chunks(text) {
            self.input("type text", &format!("text {}", quote(&chunk))).await?;
        }
        Ok(())
    }

    /// Empties the field that has the focus: to its end, then deletes `length` characters.
    pub async fn clear_text(&self, length: usize) -> Result<(), AndroidError> {
        let deletions = vec!["KEYCODE_DEL"; length.min(500)].join(" ");
        self.input("clear text", &format!("keyevent KEYCODE_MOVE_END {deletions}")).await
    }

    /// Touches through the accelerator; false when there is none that does it.
    async fn touch_quickly(&self, at: Point, hold: Duration) -> Result<bool, AndroidError> {
        let mut accelerator = self.uiautomation().await;
        let Some(accelerator) = accelerator.as_mut().filter(|accelerator| accelerator.is_usable()) else {
            return Ok(false);
        };
        accelerator.touch(self.device(), at, hold).await
    }

    async fn input(&self, doing: &str, arguments: &str) -> Result<(), AndroidError> {
        carried_out(doing, &self.device().shell(&format!("input {arguments}"), WITHIN).await?)
    }
}

/// `input` prints its errors and may exit 0 all the same; when all went well it prints nothing.
fn carried_out(doing: &str, output: &Output) -> Result<(), AndroidError> {
    let said = output.all_text();
    let lines = || said.lines().map(str::trim);
    // Newer releases say first that there was an exception, then which.
    let named = lines().find(|line| line.contains("Exception: "));
    let complaint = named.or_else(|| {
        lines().find(|line| {
            line.contains("Exception")
                || line.starts_with("Error")
                || line.starts_with("Usage")
                || line.contains("not found")
        })
    });
    if complaint.is_none() && output.ok() {
        return Ok(());
    }
    let mut message = complaint.unwrap_or_else(|| said.trim()).to_owned();
    if message.contains("INJECT_EVENTS") {
        message.push_str(INPUT_FORBIDDEN);
    }
    Err(AndroidError::Refused { doing: doing.to_owned(), message })
}

/// Pieces for `input text`, spaces written as it wants them: `%s`. It would read a `%s` of the text as a space too, so
/// such a text is cut between the two characters.
fn chunks(text: &str) -> Vec<String> {
    let mut chunks = vec![String::new()];
    let mut typed = 0;
    let mut before = '\0';
    for c in text.chars() {
        if typed == CHUNK || (before == '%' && c == 's') {
            chunks.push(String::new());
            typed = 0;
        }
        if let Some(last) = chunks.last_mut() {
            match c {
                ' ' => last.push_str("%s"),
                other => last.push(other),
            }
        }
        typed += 1;
        before = c;
    }
    chunks.retain(|chunk| !chunk.is_empty());
    chunks
}

#[cfg(test)]
mod tests {
    use super::chunks;

    #[test]
    fn text_is_cut_where_input_would_misread_it() {
        assert_eq!(chunks("a b"), ["a%sb"]);
        assert_eq!(chunks("100%sure"), ["100%", "sure"]);
        assert_eq!(chunks("% s"), ["%%ss"]);
        assert!(chunks("").is_empty());
        assert_eq!(chunks(&"x".repeat(121)).len(), 2);
    }
}

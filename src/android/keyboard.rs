//! Keyboards that take text which keys can't write: input methods, installed on the device by whoever owns it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::Android;
use super::error::AndroidError;
use crate::adb::{Lines, quote};

const SCRIPT: &str = include_str!("../../device-scripts/keyboard.sh");
/// How long the choice may take: four programs of Java, 2 to 3 s each on the slowest captured device, and the wait.
const CHOSEN_WITHIN: Duration = Duration::from_secs(30);
/// How long one command may take.
const WITHIN: Duration = Duration::from_secs(20);
/// How often it is asked whether the earlier keyboard is back.
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// Bytes of text in one broadcast: base64 of them stays far below the longest command line.
const PIECE: usize = 3_000;

/// A keyboard that takes any text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyboard {
    /// ADBKeyBoard: takes UTF-8 in base64 by a broadcast (github.com/senzhk/ADBKeyBoard, `AdbIME.java`).
    AdbKeyboard,
    /// Appium Settings' UnicodeIME: takes keys that spell modified UTF-7 (RFC 3501, 5.1.3; npm `io.appium.settings`).
    UnicodeIme,
}

/// A keyboard that is chosen for a while. When this is dropped, or the host dies, the device puts the earlier one back.
#[derive(Debug)]
pub struct Chosen {
    keyboard: Keyboard,
    /// Id of the earlier one; `null` or empty when there was none.
    pub before: String,
    script: Lines,
}

impl Keyboard {
    /// All, the one that writes nothing down first.
    const ALL: [Self; 2] = [Self::AdbKeyboard, Self::UnicodeIme];

    /// Its id, as `ime` calls it.
    pub fn id(self) -> &'static str {
        match self {
            Self::AdbKeyboard => "com.android.adbkeyboard/.AdbIME",
            Self::UnicodeIme => "io.appium.settings/.UnicodeIME",
        }
    }

    fn package(self) -> &'static str {
        self.id().split_once('/').map_or("", |(package, _)| package)
    }

    /// Whether it keeps to itself what is typed: the other one writes every key into the device's log.
    pub fn is_discreet(self) -> bool {
        self == Self::AdbKeyboard
    }
}

impl Android {
    /// The keyboards of these that are installed, enabled or not.
    pub async fn keyboards(&self) -> Result<Vec<Keyboard>, AndroidError> {
        let said = self.device().shell("ime list -a -s", WITHIN).await?.text();
        let installed = |keyboard: &Keyboard| said.lines().any(|line| line.trim() == keyboard.id());
        Ok(Keyboard::ALL.into_iter().filter(installed).collect())
    }

    /// Enables and chooses a keyboard, and waits until it takes text.
    ///
    /// # Errors
    /// When the device does not let it be chosen; then all is as it was.
    pub async fn choose_keyboard(&self, keyboard: Keyboard) -> Result<Chosen, AndroidError> {
        let doing = || format!("choose the keyboard {}", keyboard.id());
        let lines: Vec<&str> = SCRIPT.lines().filter(|line| !line.starts_with('#')).collect();
        let mut script = self.device().stream(&format!("K={}\n{}", quote(keyboard.id()), lines.join("\n"))).await?;
        let clock = self.device().clock().clone();
        let said = tokio::select! {
            said = script.next() => said?,
            () = clock.sleep(CHOSEN_WITHIN) => Some("refused the device took too long".to_owned()),
        };
        match said.as_deref().and_then(|line| line.split_once(' ').or(Some((line, "")))) {
            Some(("chosen", before)) => Ok(Chosen { keyboard, before: before.trim().to_owned(), script }),
            other => {
                let message = other.map_or("the script on the device ended", |(_, words)| words);
                Err(AndroidError::Refused { doing: doing(), message: message.chars().take(200).collect() })
            }
        }
    }

    /// Types through the chosen keyboard, into the field that has the focus.
    pub async fn text_by(&self, chosen: &Chosen, text: &str) -> Result<(), AndroidError> {
        match chosen.keyboard {
            Keyboard::UnicodeIme => self.text(&modified_utf7(text)).await,
            Keyboard::AdbKeyboard => {
                for piece in pieces(text) {
                    self.broadcast_text(chosen.keyboard, piece).await?;
                }
                Ok(())
            }
        }
    }

    /// To the keyboard's package alone: what is typed is nobody else's.
    async fn broadcast_text(&self, keyboard: Keyboard, text: &str) -> Result<(), AndroidError> {
        let (package, message) = (keyboard.package(), STANDARD.encode(text));
        // An error names the first line of a command: what is typed stands on the next one.
        let command = format!("am broadcast -a ADB_INPUT_B64 -p {package} --es msg \\\n{}", quote(&message));
        let said = self.device().shell(&command, WITHIN).await?.all_text();
        if said.contains("Broadcast completed") {
            return Ok(());
        }
        // What it says of itself may hold the text.
        let trouble = said.lines().find(|line| line.contains("Exception") || line.starts_with("Error"));
        let message = trouble.unwrap_or("the broadcast was not sent").replace(&message, "…");
        Err(AndroidError::Refused { doing: "type by broadcast".into(), message: message.chars().take(200).collect() })
    }

    /// Lets go of a keyboard, and sees that the earlier one is back.
    ///
    /// # Errors
    /// When it is not.
    pub async fn let_go_of_keyboard(&self, chosen: Chosen) -> Result<(), AndroidError> {
        let Chosen { keyboard, before, script } = chosen;
        drop(script);
        let end = self.device().clock().elapsed() + WITHIN;
        loop {
            let settings = "settings get secure default_input_method; settings get secure enabled_input_methods";
            let said = self.device().shell(settings, WITHIN).await?.text();
            let now = said.lines().next().unwrap_or_default().trim();
            if now == before || (!before.contains('/') && now != keyboard.id()) {
                return Ok(());
            }
            if self.device().clock().elapsed() >= end {
                let message = format!("{} is chosen still, {before} was", now.chars().take(200).collect::<String>());
                return Err(AndroidError::Refused { doing: "put the earlier keyboard back".into(), message });
            }
            self.device().clock().sleep(ASK_AGAIN).await;
        }
    }
}

/// Printable ASCII stands for itself, `&` is `&-`, and all else is UTF-16 in base64 with `,` for `/`, between `&` and `-`.
fn modified_utf7(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let plain = |c: char| matches!(c, ' '..='~');
        let end = rest.find(|c| plain(c) != plain(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if plain(first) {
            out.push_str(&run.replace('&', "&-"));
        } else {
            let bytes: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
            out.push('&');
            out.push_str(&STANDARD_NO_PAD.encode(bytes).replace('/', ","));
            out.push('-');
        }
        rest = after;
    }
    out
}

/// A text in pieces, cut between characters.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = (0..=rest.len().min(PIECE)).rev().find(|at| rest.is_char_boundary(*at)).filter(|at| *at > 0)?;
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modified_utf7_is_that_of_the_standard() {
        // The examples of RFC 3501, 5.1.3, and what Appium's own encoder gives.
        assert_eq!(modified_utf7("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assert_eq!(modified_utf7("Q&A 王😀"), "Q&-A &c4vYPd4A-");
        assert_eq!(modified_utf7(""), "");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = "文".repeat(PIECE);
        let all: Vec<&str> = pieces(&text).collect();
        assert_eq!((all.len(), all.concat() == text), (3, true));
        assert_eq!(pieces("").count(), 0);
    }
}

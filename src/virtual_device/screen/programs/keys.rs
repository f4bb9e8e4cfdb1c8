//! Names of keys (`android.view.KeyEvent`), as far as `input keyevent` is used with them.

/// Names without `KEYCODE_`, and codes.
const NAMED: &[(&str, u32)] = &[
    ("UNKNOWN", 0),
    ("SOFT_LEFT", 1),
    ("SOFT_RIGHT", 2),
    ("HOME", 3),
    ("BACK", 4),
    ("CALL", 5),
    ("ENDCALL", 6),
    ("STAR", 17),
    ("POUND", 18),
    ("DPAD_UP", 19),
    ("DPAD_DOWN", 20),
    ("DPAD_LEFT", 21),
    ("DPAD_RIGHT", 22),
    ("DPAD_CENTER", 23),
    ("VOLUME_UP", 24),
    ("VOLUME_DOWN", 25),
    ("POWER", 26),
    ("CAMERA", 27),
    ("CLEAR", 28),
    ("COMMA", 55),
    ("PERIOD", 56),
    ("ALT_LEFT", 57),
    ("ALT_RIGHT", 58),
    ("SHIFT_LEFT", 59),
    ("SHIFT_RIGHT", 60),
    ("TAB", 61),
    ("SPACE", 62),
    ("ENTER", 66),
    ("DEL", 67),
    ("GRAVE", 68),
    ("MINUS", 69),
    ("EQUALS", 70),
    ("AT", 77),
    ("MENU", 82),
    ("NOTIFICATION", 83),
    ("SEARCH", 84),
    ("MEDIA_PLAY_PAUSE", 85),
    ("PAGE_UP", 92),
    ("PAGE_DOWN", 93),
    ("ESCAPE", 111),
    ("FORWARD_DEL", 112),
    ("CTRL_LEFT", 113),
    ("MOVE_HOME", 122),
    ("MOVE_END", 123),
    ("VOLUME_MUTE", 164),
    ("APP_SWITCH", 187),
    ("ASSIST", 219),
    ("BRIGHTNESS_DOWN", 220),
    ("BRIGHTNESS_UP", 221),
    ("SLEEP", 223),
    ("WAKEUP", 224),
    ("SOFT_SLEEP", 276),
    ("CUT", 277),
    ("COPY", 278),
    ("PASTE", 279),
];

/// The code of a key named by number, `KEYCODE_…` or the name alone; 0 (unknown) for every other word, as Android does.
pub fn code(word: &str) -> u32 {
    if let Ok(number) = word.parse() {
        return number;
    }
    let upper = word.to_ascii_uppercase();
    let name = upper.strip_prefix("KEYCODE_").unwrap_or(&upper);
    if let [letter] = name.as_bytes() {
        return match letter {
            b'A'..=b'Z' => u32::from(letter - b'A') + 29,
            b'0'..=b'9' => u32::from(letter - b'0') + 7,
            _ => 0,
        };
    }
    NAMED.iter().find(|(known, _)| *known == name).map_or(0, |(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn keys_are_known_by_number_and_by_name() {
        assert_eq!(
            ["4", "KEYCODE_BACK", "BACK", "keycode_home", "A", "KEYCODE_9", "nope"].map(code),
            [4, 4, 4, 3, 29, 16, 0]
        );
    }
}

//! What a terminal makes of what is typed: its line discipline, without echo (Linux `drivers/tty/n_tty.c`, as adbd's
//! terminals are set: ICRNL, ISIG, ICANON).

use crate::virtual_device::process::Bytes;

/// Ctrl-C.
const INTERRUPT: u8 = 3;
/// Ctrl-D.
const END: u8 = 4;

/// What comes through a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Bytes for the program.
    Text(Bytes),
    /// A signal for it.
    Interrupt,
    /// The end of its input.
    End,
}

/// What the typed bytes come to, in their order.
pub fn hear(typed: &[u8]) -> Vec<Heard> {
    let mut heard = Vec::new();
    let mut text = Bytes::new();
    for byte in typed {
        let sign = match *byte {
            INTERRUPT => Heard::Interrupt,
            END => Heard::End,
            b'\r' => {
                text.push(b'\n');
                continue;
            }
            other => {
                text.push(other);
                continue;
            }
        };
        if !text.is_empty() {
            heard.push(Heard::Text(std::mem::take(&mut text)));
        }
        heard.push(sign);
    }
    if !text.is_empty() {
        heard.push(Heard::Text(text));
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_mean_something_are_told_from_text() {
        let text = |text: &str| Heard::Text(text.into());
        assert_eq!(hear(b"a\rb\x03c\x04"), [text("a\nb"), Heard::Interrupt, text("c"), Heard::End]);
        assert_eq!(hear(b""), []);
    }
}

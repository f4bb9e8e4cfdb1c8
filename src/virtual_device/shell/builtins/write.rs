//! `echo`, `print`.

use super::super::flow::Outcome;
use super::super::state::Shell;
use crate::virtual_device::toys::echo;

impl Shell {
    pub(super) async fn echo(&mut self, rest: &[String]) -> Outcome {
        let written = self.write(1, echo::render(rest)).await?;
        Ok(i32::from(!written))
    }

    /// `print [-lnrNu N] [--] …`
    pub(super) async fn print(&mut self, rest: &[String]) -> Outcome {
        let (mut newline, mut raw, mut descriptor) = (true, false, 1);
        let mut joint = ' ';
        let mut words = rest.iter();
        let mut text = Vec::new();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" | "-" => {
                    text.extend(words.by_ref().cloned());
                }
                "-u" => descriptor = words.next().and_then(|word| word.parse().ok()).unwrap_or(1),
                flags if flags.starts_with('-') && flags[1..].chars().all(|c| "nreulNR012".contains(c)) => {
                    newline &= !flags.contains('n');
                    raw |= flags.contains(['r', 'R']);
                    if flags.contains(['l', 'N']) {
                        joint = if flags.contains('l') { '\n' } else { '\0' };
                    }
                    descriptor = flags.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(descriptor);
                }
                first => {
                    text.push(first.to_owned());
                    text.extend(words.by_ref().cloned());
                }
            }
        }
        if joint == '\0' {
            text.push(String::new());
            newline = false;
        }
        let joined = text.join(&joint.to_string());
        let mut bytes = if raw { joined.into_bytes() } else { echo::unescape(&joined).0 };
        if newline {
            bytes.push(b'\n');
        }
        let written = self.write(descriptor, bytes).await?;
        Ok(i32::from(!written))
    }
}

//! A shell command's output: the shell protocol (v2), and the way to an exit status without it.

use std::hash::{BuildHasher, Hasher, RandomState};

use tokio::io::AsyncReadExt;

use super::quote::quote;
use super::wire::{Link, Trouble};

/// Packet ids of the shell protocol (AOSP `shell_protocol.h`).
pub(super) const STDOUT: u8 = 1;
pub(super) const STDERR: u8 = 2;
pub(super) const EXIT: u8 = 3;

/// Longest packet taken, in bytes. adbd sends at most its payload limit, 1 MiB.
pub(super) const LONGEST_PACKET: usize = 1 << 20;

/// What a command printed and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Standard output; without shell protocol, standard error too.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Exit status; 128 + n after signal n. `None` when the shell itself was killed.
    pub status: Option<i32>,
}

impl Output {
    /// Whether it exited with 0.
    pub fn ok(&self) -> bool {
        self.status == Some(0)
    }

    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Both streams as text, output first: for messages.
    pub fn all_text(&self) -> String {
        let mut text = self.text();
        text.push_str(&String::from_utf8_lossy(&self.stderr));
        text
    }
}

/// One packet: its id and its bytes; `None` when the link ended between two packets.
pub(super) async fn packet(link: &mut Link) -> Result<Option<(u8, Vec<u8>)>, Trouble> {
    let mut id = [0; 1];
    if link.stream.read(&mut id).await? == 0 {
        return Ok(None);
    }
    let length = usize::try_from(link.stream.read_u32_le().await?).unwrap_or(usize::MAX);
    if length > LONGEST_PACKET {
        return Err(Trouble::Nonsense(format!("a shell packet of {length} bytes")));
    }
    let mut bytes = vec![0; length];
    link.stream.read_exact(&mut bytes).await?;
    Ok(Some((id[0], bytes)))
}

/// Reads packets up to the exit status. A link that ends without one lost its device.
pub(super) async fn collect(link: &mut Link, at_most: usize) -> Result<Output, Trouble> {
    let mut output = Output::default();
    while let Some((id, bytes)) = packet(link).await? {
        match id {
            STDOUT => output.stdout.extend_from_slice(&bytes),
            STDERR => output.stderr.extend_from_slice(&bytes),
            EXIT => {
                let status = bytes.first().ok_or_else(|| Trouble::Nonsense("an empty exit packet".to_owned()))?;
                output.status = Some(i32::from(*status));
                return Ok(output);
            }
            _ => {}
        }
        if output.stdout.len() + output.stderr.len() > at_most {
            return Err(Trouble::TooLong(at_most));
        }
    }
    Err(Trouble::Cut("the command ended without an exit status".to_owned()))
}

/// A command that prints its exit status behind its output, for devices without the shell protocol.
pub(super) struct Wrapped {
    /// What to run.
    pub command: String,
    mark: String,
}

impl Wrapped {
    pub fn new(command: &str) -> Self {
        // Not a secret, only something that no output holds by chance or by design.
        let mark = format!("[exit-{:016x}] ", RandomState::new().build_hasher().finish());
        // `eval` in a subshell: an `exit` or a syntax error in the command ends the subshell only.
        Self { command: format!("(eval {}) </dev/null; echo {}$?", quote(command), quote(&mark)), mark }
    }

    /// Splits off the exit status. Output that lacks it was cut short.
    pub fn unwrap(&self, mut printed: Vec<u8>) -> Result<Output, Trouble> {
        let mark = self.mark.as_bytes();
        let at = printed
            .windows(mark.len())
            .rposition(|window| window == mark)
            .ok_or_else(|| Trouble::Cut("the command ended without an exit status".to_owned()))?;
        let digits = String::from_utf8_lossy(&printed[at + mark.len()..]).trim().to_owned();
        let status = digits.parse().map_err(|_| Trouble::Cut(format!("an exit status of {digits:?}")))?;
        printed.truncate(at);
        Ok(Output { stdout: printed, stderr: Vec::new(), status: Some(status) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_command_yields_output_and_status() {
        let wrapped = Wrapped::new("echo it's");
        let printed = [b"it's\n".as_slice(), wrapped.mark.as_bytes(), b"7\n"].concat();
        let output = wrapped.unwrap(printed).unwrap();
        assert_eq!((output.stdout.as_slice(), output.status), (b"it's\n".as_slice(), Some(7)));
        assert!(matches!(wrapped.unwrap(b"it's\n".to_vec()), Err(Trouble::Cut(_))));
        let cut = [wrapped.mark.as_bytes(), b""].concat();
        assert!(matches!(wrapped.unwrap(cut), Err(Trouble::Cut(_))));
    }

    #[test]
    fn two_marks_differ() {
        assert_ne!(Wrapped::new("true").mark, Wrapped::new("true").mark);
    }
}

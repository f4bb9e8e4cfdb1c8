//! Exit codes, and the one error a command can end with.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// The public exit codes (README, "Exit codes").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every case carried out, no finding.
    Clear = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// A case could not be carried out.
    NotCarriedOut = 2,
    /// Stopped by a signal.
    Stopped = 3,
    /// Wrong arguments.
    Usage = 64,
    /// A bad input file.
    Input = 65,
    /// No device.
    NoDevice = 69,
    /// A bug of ours.
    Bug = 70,
    /// Reading or writing failed.
    Output = 74,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// Where several apply, the first of 70, 74, 3, 2, 1.
    pub fn worst(self, other: Self) -> Self {
        const ORDER: [Exit; 9] = [
            Exit::Bug,
            Exit::Output,
            Exit::Stopped,
            Exit::Usage,
            Exit::Input,
            Exit::NoDevice,
            Exit::NotCarriedOut,
            Exit::Findings,
            Exit::Clear,
        ];
        ORDER.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }
}

/// Why a command ended without doing its work.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong, where, and what to do about it.
    pub message: String,
}

impl Failure {
    /// Wrong arguments.
    pub fn usage(message: impl Display) -> Self {
        Self { exit: Exit::Usage, message: message.to_string() }
    }

    /// A bad input file.
    pub fn input(message: impl Display) -> Self {
        Self { exit: Exit::Input, message: message.to_string() }
    }

    /// No device.
    pub fn device(message: impl Display) -> Self {
        Self { exit: Exit::NoDevice, message: message.to_string() }
    }

    /// Reading or writing failed.
    pub fn output(doing: impl Display, error: impl Display) -> Self {
        Self { exit: Exit::Output, message: format!("{doing}: {error}") }
    }

    /// A file could not be read or written.
    pub fn file(doing: &str, path: &Path, error: impl Display) -> Self {
        Self::output(format!("can't {doing} {}", path.display()), error)
    }

    /// A bug of ours.
    pub fn bug(error: impl Display) -> Self {
        Self { exit: Exit::Bug, message: format!("this is a bug in appwitness: {error}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_exit_comes_first() {
        assert_eq!(Exit::Findings.worst(Exit::NotCarriedOut), Exit::NotCarriedOut);
        assert_eq!(Exit::Stopped.worst(Exit::NotCarriedOut), Exit::Stopped);
        assert_eq!(Exit::Output.worst(Exit::Stopped), Exit::Output);
        assert_eq!(Exit::Clear.worst(Exit::Findings), Exit::Findings);
        assert_eq!(Exit::Clear.worst(Exit::Clear), Exit::Clear);
    }
}

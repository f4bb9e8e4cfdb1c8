//! Printing. Nobody has to read to the end: `appwitness scenario list | head` is no fault.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;

use super::exit::Exit;

/// Prints a line to standard output, as `println!` does.
macro_rules! say {
    () => { $crate::cli::say::line(format_args!("")) };
    ($($words:tt)*) => { $crate::cli::say::line(format_args!($($words)*)) };
}

/// Prints a line. When the reader went away the words are lost and the work goes on: the exit code stands. When they can't be
/// written for another reason, a full disk, the program ends and says so, for whoever asked needs them.
pub fn line(words: Arguments) {
    match writeln!(io::stdout().lock(), "{words}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            eprintln!("appwitness: can't print: {error}");
            process::exit(Exit::Output as i32);
        }
    }
}

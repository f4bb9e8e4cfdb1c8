//! A POSIX shell in mksh's flavour over the device's programs and files. brush-parser reads the grammar of commands;
//! words, expansion and evaluation are here. No host process is ever started.

mod alias;
mod arithmetic;
mod attributes;
mod brace;
mod builtins;
mod command;
mod compound;
mod descriptors;
mod expand;
mod fields;
mod flow;
mod glob;
mod input;
mod jobs;
mod launch;
mod list;
mod output;
mod parameter;
mod pattern;
mod redirect;
mod scanner;
mod scanner_skip;
mod session;
mod source;
mod state;
mod substitution;
mod traps;
mod variables;
mod word;

#[cfg(test)]
mod tests;

pub use session::{program, run, run_with, table};

/// Whether a file name or path matches a pattern of `*`, `?` and `[…]`; a backslash makes a character plain.
pub(super) fn glob_matches(pattern: &str, text: &str) -> bool {
    let mut marks = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => marks.extend(chars.next().map(|next| (next, true))),
            other => marks.push((other, false)),
        }
    }
    let text: Vec<char> = text.chars().collect();
    pattern::Pattern::new(&marks).matches(&text)
}

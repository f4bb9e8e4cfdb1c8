//! A POSIX shell in mksh's flavour over the device's programs and files. brush-parser reads the grammar of commands;
//! words, expansion and evaluation are here. No host process is ever started.

mod arithmetic;
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
mod traps;
mod variables;
mod word;

#[cfg(test)]
mod tests;

pub use session::{run, table};

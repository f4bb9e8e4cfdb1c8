//! The record of a case: entries in a hash chain, exhibits by digest; append and read. Knows no rule and no report.

mod account;
mod capture;
mod case;
mod consent;
pub mod digest;
pub mod entry;
mod error;
mod exhibit;
mod host;
mod network;
mod notification;
mod observer;
mod page;
mod permission;
mod popup;
mod probed;
mod prompt;
mod reader;
mod seek;
mod step;
mod texts;
mod tour;
mod writer;

pub use entry::{Entry, Event, ExhibitRef, Stamp};
pub use error::JournalError;
pub use exhibit::{EXHIBITS, extension};
pub use reader::{Bounds, Line, Reader, Record, Torn};
pub use writer::Journal;

/// Name of the journal's file inside its folder.
pub const FILE: &str = "journal.jsonl";

/// What the first line names as the digest of the line before.
pub const NO_LINE_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Longest line that is written or read, in bytes without the line feed.
pub const LONGEST_LINE: usize = 4 << 20;

#[cfg(test)]
mod tests;

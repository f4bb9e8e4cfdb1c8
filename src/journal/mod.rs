//! The record of a case: entries in a hash chain, exhibits by digest; append and read. Knows no rule and no report.

pub mod entry;

pub use entry::{Entry, Event, ExhibitRef, Stamp};

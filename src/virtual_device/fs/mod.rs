//! The device's file system, held in memory: folders, files, links, modes, owners and times, with a size limit.
//! Nothing of the host is ever touched.

mod access;
mod android;
mod error;
mod files;
mod node;
pub mod path;
mod walk;

#[cfg(test)]
mod tests;

pub use access::Actor;
pub use android::furnish;
pub use error::FilesError;
pub use files::{Files, NodeId, Open};
pub use node::{Device, Kind, Stat};

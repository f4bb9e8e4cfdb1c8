//! The ADB wire: server address, serial, shell, exec, sync, install, streams. Every call has a deadline and can be cancelled.
//!
//! It talks to an ADB *server* only (`host:…` requests, then a transport to one device) and knows nothing of Android's
//! meanings. Why an own client beside the crate `adb_client`: that one reports no exit status, has no deadline and no
//! cancellation, starts `adb start-server` on the host for loopback addresses, takes any length a device claims, and
//! installs one file without flags. The file `borrowed.rs` uses it where none of that matters.

mod borrowed;
mod bytes;
mod call;
mod console;
mod device;
mod error;
mod exchange;
mod framebuffer;
mod install;
mod quote;
#[cfg(test)]
mod scripted_peer;
mod server;
mod shell;
mod stream;
mod sync;
#[cfg(test)]
mod tests;
mod wire;

pub use bytes::Bytes;
pub use console::Console;
pub use device::Device;
pub use error::{AdbError, Fault};
pub use framebuffer::Frame;
pub use install::InstallOptions;
pub use quote::quote;
pub use server::{DeviceEntry, Server, Tracker};
pub use shell::Output;
pub use stream::Lines;
pub use sync::{FileFacts, FolderEntry};

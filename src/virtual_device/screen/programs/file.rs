//! Writing a program's result into a file of the device.

use super::super::super::fs::path::absolute;
use super::super::super::fs::{Actor, FilesError};
use super::super::super::process::Call;

/// Puts bytes at a path, relative to the caller's folder.
///
/// # Errors
/// What the file system says.
pub fn put(call: &Call, path: &str, bytes: Vec<u8>) -> Result<(), FilesError> {
    let now = call.machine.system().wall();
    let actor = Actor::new(call.uid, now);
    // Captured on API 23: nobody else reads it.
    let mode = if call.machine.profile.api <= 23 { 0o600 } else { 0o660 };
    call.machine.files().write(actor, &absolute(&call.cwd, path), bytes, mode)
}

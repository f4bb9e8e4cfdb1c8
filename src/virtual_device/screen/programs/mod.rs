//! Programs that show or touch the screen.

mod events;
mod file;
mod input;
mod keys;
mod latency;
mod screencap;
mod uiautomator;
mod wm;

use super::super::process::Program;

/// Names and programs of this room.
pub fn table() -> &'static [(&'static str, Program)] {
    &[
        ("input", input::input),
        ("screencap", screencap::screencap),
        ("uiautomator", uiautomator::uiautomator),
        ("wm", wm::wm),
    ]
}

#[cfg(test)]
mod tests;

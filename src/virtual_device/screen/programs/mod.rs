//! Programs that show or touch the screen.

mod events;
mod file;
mod input;
pub(in crate::virtual_device::screen) mod keys;
pub(in crate::virtual_device::screen) mod latency;
mod monkey;
mod monkey_network;
mod screencap;
mod uiautomator;
mod wm;

use super::super::process::Program;

/// Names and programs of this room.
pub fn table() -> &'static [(&'static str, Program)] {
    &[
        ("input", input::input),
        ("monkey", monkey::monkey),
        ("screencap", screencap::screencap),
        ("uiautomator", uiautomator::uiautomator),
        ("wm", wm::wm),
    ]
}

#[cfg(test)]
mod tests;

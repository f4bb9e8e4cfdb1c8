//! How long the screen's programs take.
//! `Phone`: mobilecli's published figures. `Slow`: measured on the captured Android 6.

use std::time::Duration;

use super::super::super::machine::{Latency, Machine};

/// What takes time.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// One `input` command.
    Input,
    /// `uiautomator dump`.
    Dump,
    /// `screencap`.
    Screencap,
    /// Other small programs.
    Small,
}

/// Waits as long as the work takes on this device.
pub async fn spend(machine: &Machine, work: Work) {
    let millis = match (machine.profile.latency, work) {
        (Latency::Instant, _) => return,
        (Latency::Phone, Work::Input) => 226,
        (Latency::Phone, Work::Dump) => 2_100,
        (Latency::Phone, Work::Screencap) => 266,
        (Latency::Phone, Work::Small) => 100,
        (Latency::Slow, Work::Input) => 2_600,
        (Latency::Slow, Work::Dump) => 4_000,
        (Latency::Slow, Work::Screencap) => 700,
        (Latency::Slow, Work::Small) => 300,
    };
    machine.clock.sleep(Duration::from_millis(millis)).await;
}

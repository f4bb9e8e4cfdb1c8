//! How long the screen's programs take.
//! `Phone`: mobilecli's published figures. `Slow`: measured on the captured Android 6. What the jar of uiautomator2 takes
//! was measured there too; on `Phone` it is a MODEL: what such servers are said to take on screens of real apps.

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
    /// The jar: start until it answers.
    JarStart,
    /// The jar: a hierarchy.
    JarDump,
    /// The jar: a tap, beside the 100 ms for which it holds the finger down.
    JarTap,
    /// The jar: a key, and the wait for what it does.
    JarKey,
    /// The jar: a picture.
    JarPicture,
    /// The jar: every other call.
    JarCall,
}

/// Waits as long as the work takes on this device.
pub async fn spend(machine: &Machine, work: Work) {
    let millis = match (machine.profile.latency, work) {
        (Latency::Instant, _) => return,
        (Latency::Phone, Work::Input) => 226,
        (Latency::Phone, Work::Dump) => 2_100,
        (Latency::Phone, Work::Screencap) => 266,
        (Latency::Phone, Work::Small) => 100,
        (Latency::Phone, Work::JarStart) => 900,
        (Latency::Phone, Work::JarDump) => 800,
        (Latency::Phone, Work::JarTap) => 6,
        (Latency::Phone, Work::JarKey) => 60,
        (Latency::Phone, Work::JarPicture) => 120,
        (Latency::Phone, Work::JarCall) => 20,
        (Latency::Slow, Work::JarStart) => 6_000,
        (Latency::Slow, Work::JarDump) => 250,
        (Latency::Slow, Work::JarTap) => 190,
        (Latency::Slow, Work::JarKey) => 1_500,
        (Latency::Slow, Work::JarPicture) => 660,
        (Latency::Slow, Work::JarCall) => 340,
        (Latency::Slow, Work::Input) => 2_600,
        (Latency::Slow, Work::Dump) => 4_000,
        (Latency::Slow, Work::Screencap) => 700,
        (Latency::Slow, Work::Small) => 300,
    };
    machine.clock.sleep(Duration::from_millis(millis)).await;
}

//! How long the programs of a device take, by its latency profile: `phone` by mobilecli's published figures, `slow` as
//! the captured Android 6.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::{InstallOptions, Server as Bridge};
use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

use crate::device::Folder;

const MODEL: &str = "
specimen: still
package: org.example.still
label: Still
first-screen: home
screens: {home: {title: Still, views: [{text: {words: Still}}]}}
";

/// Command, and how many milliseconds it takes on `phone` and on `slow`.
const COMMANDS: [(&str, RangeInclusive<u64>, RangeInclusive<u64>); 6] = [
    ("input tap 100 100", 226..=226, 2_600..=2_600),
    ("uiautomator dump /data/local/tmp/a.xml", 2_100..=2_100, 3_000..=5_000),
    ("screencap -p /data/local/tmp/a.png", 266..=266, 700..=700),
    ("dumpsys package org.example.still", 100..=100, 200..=400),
    ("dumpsys window windows", 100..=100, 200..=400),
    ("pm list packages", 600..=600, 2_000..=3_000),
];

/// Milliseconds of the device's clock that a command takes.
async fn takes(machine: &Arc<Machine>, clock: &Clock, device: &appwitness::adb::Device, command: &str) -> u64 {
    let before = clock.elapsed();
    let call = device.shell(command, Duration::from_secs(60));
    tokio::pin!(call);
    loop {
        tokio::select! {
            output = &mut call => {
                assert!(output.unwrap().ok(), "{command}");
                assert!(!machine.power().is_cancelled());
                return (clock.elapsed() - before).as_millis() as u64;
            }
            () = tokio::task::yield_now() => {
                // What is due in days is no program's run.
                if let Some(next) = clock.until_next_sleeper().filter(|next| *next < Duration::from_secs(60)) {
                    clock.advance(next);
                }
            }
        }
    }
}

#[tokio::test]
async fn programs_take_the_time_of_their_profile() {
    let folder = Folder::new();
    let apk = folder.0.join("still.apk");
    std::fs::write(&apk, pack(MODEL).unwrap()).unwrap();
    for (profile, slow) in [("api=34,latency=phone", false), ("preset=old,latency=slow", true)] {
        let clock = Clock::stepped(1_795_305_600_000);
        let instant = Profile::parse("latency=instant").unwrap();
        let machine = Machine::boot(Profile::parse(profile).unwrap(), clock.clone());
        assert_ne!(machine.profile.latency, instant.latency);
        let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
        let device = Bridge::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
        let files = [apk.clone()];
        let options = InstallOptions::default();
        let install = device.install(&files, &options, Duration::from_secs(60));
        tokio::pin!(install);
        loop {
            tokio::select! {
                installed = &mut install => break installed.unwrap(),
                () = tokio::task::yield_now() => clock.advance(clock.until_next_sleeper().unwrap_or_default()),
            }
        }
        for (command, on_phone, on_slow) in &COMMANDS {
            let took = takes(&machine, &clock, &device, command).await;
            let expected = if slow { on_slow } else { on_phone };
            assert!(expected.contains(&took), "{profile}: {command}: {took} ms, not {expected:?}");
        }
    }
}

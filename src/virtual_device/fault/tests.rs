//! When rules strike, and what a stream that comes to harm carries.

use std::time::Duration;

use super::*;
use crate::clock::Clock;
use crate::virtual_device::machine::{Presence, Profile};
use crate::virtual_device::pipe::Pipe;

fn device(rules: &[&str]) -> (Arc<Machine>, Clock) {
    let clock = Clock::stepped(0);
    let machine = Machine::boot(Profile::new("a"), clock.clone());
    rules.iter().for_each(|rule| machine.suffer(plan::parse_one(rule).unwrap()));
    (machine, clock)
}

/// What a client hears of a stream on which the device says `chunks`, and whether the stream was closed.
async fn heard(rule: &str, chunks: &[&[u8]]) -> (Vec<u8>, bool) {
    let (machine, clock) = device(&[rule]);
    let Some(Harmed::Stream(harm)) = machine.faults_of_service("shell:x") else { panic!("{rule} did not strike") };
    let (mut client, outer) = Pipe::pair(&machine.link());
    let (inner, service) = Pipe::pair(&outer.hangup);
    tokio::spawn(harm.carry(machine.clone(), outer, inner));
    let chunks: Vec<Vec<u8>> = chunks.iter().map(|chunk| chunk.to_vec()).collect();
    tokio::spawn(async move {
        for chunk in chunks {
            let _ = service.output.send(chunk).await;
        }
    });
    let mut all = Vec::new();
    loop {
        tokio::select! {
            biased;
            chunk = client.input.recv() => match chunk {
                Some(chunk) => all.extend(chunk),
                None => return (all, true),
            },
            () = async { for _ in 0..200 { tokio::task::yield_now().await } } => match clock.until_next_sleeper() {
                Some(next) => clock.advance(next),
                None => return (all, false),
            },
        }
    }
}

#[tokio::test]
async fn streams_come_to_the_harm_that_was_asked_for() {
    let chunks: [&[u8]; 2] = [b"abcd", b"efgh"];
    let whole = (b"abcdefgh".to_vec(), true);
    assert_eq!(heard("{fault: truncate, after-bytes: 6}", &chunks).await, (b"abcdef".to_vec(), true));
    assert_eq!(heard("{fault: truncate}", &chunks).await, (Vec::new(), true));
    assert_eq!(heard("{fault: cut, after-bytes: 2}", &chunks).await, (b"ab".to_vec(), true));
    assert_eq!(heard("{fault: stall, after-bytes: 5}", &chunks).await, (b"abcde".to_vec(), false));
    for heals in ["{fault: stall, for: 9s}", "{fault: silence, after-bytes: 3}", "{fault: slow, bytes: 2}"] {
        assert_eq!(heard(heals, &chunks).await, whole, "{heals}");
    }
    let (garbled, closed) = heard("{fault: garbage, after-bytes: 3, bytes: 2}", &chunks).await;
    assert!(closed && garbled[..3] == *b"abc" && garbled[5..] == *b"fgh");
    assert!(garbled[3] != b'd' && garbled[4] != b'e');
}

#[tokio::test]
async fn a_slow_link_takes_its_time() {
    let (machine, clock) = device(&["{fault: slow, bytes: 100}"]);
    let Some(Harmed::Stream(harm)) = machine.faults_of_service("sync:") else { panic!() };
    let (mut client, outer) = Pipe::pair(&machine.link());
    let (inner, service) = Pipe::pair(&outer.hangup);
    tokio::spawn(harm.carry(machine, outer, inner));
    service.output.send(vec![7; 100]).await.unwrap();
    drop(service);
    let mut count = 0;
    while count < 100 {
        tokio::select! {
            biased;
            chunk = client.input.recv() => count += chunk.unwrap().len(),
            () = tokio::task::yield_now() => clock.advance(clock.until_next_sleeper().unwrap_or_default()),
        }
    }
    assert_eq!(clock.elapsed(), Duration::from_secs(1));
}

#[tokio::test]
async fn occasions_are_counted() {
    let (machine, clock) = device(&[
        "{fault: truncate, service: dump, after-calls: 2, times: 2}",
        "{fault: null-root, after-calls: 1}",
        "{fault: closed, service: sync, at: 10s}",
        "{fault: stall, program: pm, for: 3s}",
    ]);
    let strikes = |name: &str| machine.faults_of_service(name).is_some();
    assert_eq!([(); 6].map(|()| strikes("shell:dump")), [false, false, true, true, false, false]);
    assert!(!strikes("shell:ls"));
    assert_eq!([(); 3].map(|()| machine.faults_of_dump()), [None, Some(Kind::NullRoot), None]);
    assert!(!strikes("sync:"));
    clock.advance(Duration::from_secs(10));
    assert!(matches!(machine.faults_of_service("sync:"), Some(Harmed::Closed)));
    assert_eq!(machine.faults_of_program("am"), None);
    assert_eq!(machine.faults_of_program("pm"), Some(Start::Late(Some(Duration::from_secs(3)))));
    assert_eq!(machine.faults.struck().len(), 5);
}

#[tokio::test]
async fn a_device_that_starts_anew_is_gone_for_a_while_and_at_home_then() {
    let (machine, clock) = device(&["{fault: reboot, at: 1m, for: 5s}"]);
    let mut presence = machine.presence();
    let link = machine.link();
    while clock.until_next_sleeper().is_none() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(60));
    presence.wait_for(|presence| *presence == Presence::Gone).await.unwrap();
    while !link.is_cancelled() || clock.until_next_sleeper().is_none() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(5));
    presence.wait_for(|presence| *presence == Presence::Online).await.unwrap();
    assert!(machine.system().top_task().is_some_and(|task| task.home));
}

#[tokio::test]
async fn a_full_disk_takes_nothing_until_room_is_made() {
    use crate::virtual_device::fs::Actor;
    let (machine, clock) = device(&["{fault: disk-full, for: 1s}"]);
    let write = || {
        let actor = Actor::new(2000, 0);
        machine.files().write(actor, "/data/local/tmp/a", b"x".to_vec(), 0o644).is_ok()
    };
    assert!(!write());
    while clock.until_next_sleeper().is_none() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(1));
    while !write() {
        tokio::task::yield_now().await;
    }
    assert!(machine.system().switches().free_bytes > 0);
}

#[tokio::test]
async fn the_clock_jumps_and_time_goes_on() {
    let (machine, clock) = device(&["{fault: clock-jump, by: -36h}"]);
    assert_eq!(machine.system().wall(), -36 * 3_600_000);
    clock.advance(Duration::from_secs(1));
    machine.system().catch_up();
    assert_eq!(machine.system().wall(), -36 * 3_600_000 + 1_000);
    assert_eq!(machine.faults.struck()[0].rule.fault, Kind::ClockJump);
}

//! What most of these programs do: look at or change the system for a moment, print, exit.

use std::time::Duration;

use crate::virtual_device::machine::Latency;
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::System;

/// What a program prints and how it exits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// Exit status.
    pub status: i32,
}

impl Reply {
    /// Prints to standard output and exits with 0.
    pub fn out(text: impl Into<String>) -> Self {
        Self { out: text.into(), ..Self::default() }
    }

    /// Prints to standard error and exits with a status.
    pub fn err(text: impl Into<String>, status: i32) -> Self {
        Self { err: text.into(), status, ..Self::default() }
    }

    /// Exits with a status.
    #[must_use]
    pub fn with_status(self, status: i32) -> Self {
        Self { status, ..self }
    }
}

/// How slow a program is on a slow device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// A service prints its state.
    Dump,
    /// A Java program of its own starts.
    Java,
}

impl Cost {
    /// Published figures of a modern phone; measured ones of the captured Android 6.
    fn pause(self, latency: Latency) -> Duration {
        Duration::from_millis(match (latency, self) {
            (Latency::Instant, _) => 0,
            (Latency::Phone, Cost::Dump) => 100,
            (Latency::Phone, Cost::Java) => 600,
            (Latency::Slow, Cost::Dump) => 300,
            (Latency::Slow, Cost::Java) => 2_500,
        })
    }
}

/// Takes the time the program takes; false when nobody waits for it any more.
pub async fn take_time(call: &Call, cost: Cost) -> bool {
    let pause = cost.pause(call.machine.profile.latency);
    if pause.is_zero() {
        return !call.stdio.hangup.is_cancelled();
    }
    tokio::select! {
        () = call.machine.clock.sleep(pause) => true,
        () = call.stdio.hangup.cancelled() => false,
    }
}

/// Prints a reply; its status.
pub async fn print(call: &Call, reply: Reply) -> i32 {
    call.stdio.out(reply.out).await;
    call.stdio.err(reply.err).await;
    reply.status
}

/// Runs a program that answers at once.
pub fn answer(call: Call, cost: Cost, what: fn(&mut System, &Call) -> Reply) -> Running {
    Box::pin(async move {
        if !take_time(&call, cost).await {
            return 129;
        }
        let reply = {
            let mut system = call.machine.system();
            system.catch_up();
            what(&mut system, &call)
        };
        print(&call, reply).await
    })
}

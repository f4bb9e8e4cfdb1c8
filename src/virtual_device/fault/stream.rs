//! A service's stream that comes to harm on its way to the client.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::rule::{Kind, Rule};
use crate::virtual_device::machine::Machine;
use crate::virtual_device::pipe::Pipe;
use crate::virtual_device::process::Bytes;

/// Silence after one lost packet: the first retransmission timeout (RFC 6298, section 2.1), in milliseconds.
const LOST_PACKET: u64 = 1_000;
/// Bytes garbled, unless the rule says how many.
const GARBLED: u64 = 8;
/// Bytes a second of a slow link, unless the rule says how many.
const SLOW: u64 = 20_000;
/// Pieces a second in which a slow link hands bytes on.
const PIECES: u64 = 20;

/// Harm to one stream.
#[derive(Clone, Debug)]
pub struct Harm {
    rule: Rule,
}

/// What came of handing a chunk on.
enum Way {
    On,
    End,
}

impl Harm {
    /// The harm that a rule does to a stream.
    pub fn of(rule: Rule) -> Self {
        Self { rule }
    }

    /// Carries a service's bytes (`inner`) to the client (`outer`) until either closes, and does the harm on the way.
    pub async fn carry(self, machine: Arc<Machine>, outer: Pipe, inner: Pipe) {
        let there = hand_on(outer.input, inner.output);
        let back = self.back(&machine, inner.input, outer.output);
        tokio::select! {
            biased;
            () = inner.hangup.cancelled() => {}
            () = back => {}
            () = async { there.await; std::future::pending().await } => {}
        }
        inner.hangup.cancel();
    }

    async fn back(&self, machine: &Machine, mut from: mpsc::Receiver<Bytes>, to: mpsc::Sender<Bytes>) {
        let mut passed = 0;
        let mut struck = false;
        loop {
            // What is due before the first byte is done before it, also when no byte ever comes.
            if !struck && passed >= self.rule.after_bytes && self.rule.fault != Kind::Garbage {
                struck = true;
                if matches!(self.strike(machine).await, Way::End) {
                    return;
                }
            }
            let Some(mut chunk) = from.recv().await else { return };
            let unharmed = usize::try_from(self.rule.after_bytes.saturating_sub(passed)).unwrap_or(usize::MAX);
            if self.rule.fault == Kind::Garbage {
                self.garble(&mut chunk, passed);
            }
            passed += chunk.len() as u64;
            let rest = if struck || self.rule.fault == Kind::Garbage || chunk.len() <= unharmed {
                Bytes::new()
            } else {
                chunk.split_off(unharmed)
            };
            if !chunk.is_empty() && !self.send(machine, &to, chunk, struck).await {
                return;
            }
            if rest.is_empty() {
                continue;
            }
            struck = true;
            if matches!(self.strike(machine).await, Way::End) || !self.send(machine, &to, rest, true).await {
                return;
            }
        }
    }

    /// What happens once, at its place in the stream.
    async fn strike(&self, machine: &Machine) -> Way {
        match self.rule.fault {
            Kind::Stall => match self.rule.lasts {
                Some(span) => machine.clock.sleep(span.0).await,
                None => std::future::pending().await,
            },
            Kind::Silence => machine.clock.sleep(self.rule.lasts_or(LOST_PACKET)).await,
            Kind::Cut => {
                machine.break_link();
                return Way::End;
            }
            Kind::Truncate => return Way::End,
            _ => {}
        }
        Way::On
    }

    /// False when nobody reads any more.
    async fn send(&self, machine: &Machine, to: &mpsc::Sender<Bytes>, chunk: Bytes, struck: bool) -> bool {
        if self.rule.fault != Kind::Slow || !struck {
            return to.send(chunk).await.is_ok();
        }
        let rate = self.rule.bytes.unwrap_or(SLOW).max(1);
        let piece = usize::try_from((rate / PIECES).max(1)).unwrap_or(usize::MAX);
        for part in chunk.chunks(piece) {
            machine.clock.sleep(Duration::from_micros(part.len() as u64 * 1_000_000 / rate)).await;
            if to.send(part.to_vec()).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Changes the bytes of the stream from `after-bytes` on, as many as the rule says; `passed` came before this chunk.
    fn garble(&self, chunk: &mut [u8], passed: u64) {
        let (from, count) = (self.rule.after_bytes, self.rule.bytes.unwrap_or(GARBLED));
        for (at, byte) in (passed..).zip(chunk) {
            if (from..from.saturating_add(count)).contains(&at) {
                // Never the byte it was, and the same in every run.
                *byte ^= (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8 | 1;
            }
        }
    }
}

async fn hand_on(mut from: mpsc::Receiver<Bytes>, to: mpsc::Sender<Bytes>) {
    while let Some(chunk) = from.recv().await {
        // What a service does not want is swallowed.
        let _ = to.send(chunk).await;
    }
}

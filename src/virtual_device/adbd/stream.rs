//! One stream of a connection: bytes both ways, one WRITE in flight at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::link::Exit;
use super::packet::{Command, Packet};
use crate::virtual_device::pipe::Pipe;
use crate::virtual_device::process::Bytes;

/// The client's packets that may wait for the service. A client that keeps the rules has one WRITE in flight.
pub const DEPTH: usize = 2;

/// What the connection and a stream's own task share.
#[derive(Default)]
pub struct Shared {
    /// The client's number for the stream; 0 until it has accepted one that we opened.
    pub remote: AtomicU32,
    in_flight: AtomicBool,
    ready: Notify,
}

impl Shared {
    /// A stream the client opened.
    pub fn with_remote(remote: u32) -> Self {
        Self { remote: AtomicU32::new(remote), ..Self::default() }
    }

    /// A stream we open; it may send once the client accepts it.
    pub fn opening() -> Self {
        Self { in_flight: AtomicBool::new(true), ..Self::default() }
    }

    /// The client acknowledged the WRITE in flight. An OKAY too many changes nothing.
    pub fn acknowledge(&self) {
        if self.in_flight.swap(false, Ordering::AcqRel) {
            self.ready.notify_one();
        }
    }

    async fn begin_write(&self) {
        while self.in_flight.swap(true, Ordering::AcqRel) {
            self.ready.notified().await;
        }
    }

    fn remote(&self) -> u32 {
        self.remote.load(Ordering::Acquire)
    }
}

/// A stream's task.
pub struct Stream {
    /// Our number for it.
    pub local: u32,
    /// What the connection sees of it.
    pub shared: Arc<Shared>,
    /// The client's payloads.
    pub inbound: mpsc::Receiver<Bytes>,
    /// Where packets leave.
    pub exit: Exit,
    /// The client's end of the service's stream.
    pub pipe: Pipe,
}

impl Stream {
    /// Carries bytes until the service or the client closes. The service's end of output is told with CLSE at once,
    /// whether or not the last WRITE was acknowledged: some clients never do.
    pub async fn run(self) {
        let Self { local, shared, inbound, exit, pipe } = self;
        let Pipe { input, output, hangup } = pipe;
        let inward = receive(local, &shared, inbound, &exit, (output, &hangup));
        let outward = send(local, &shared, input, &exit);
        tokio::pin!(inward);
        tokio::select! {
            biased;
            // What the client sent before it closed still arrives.
            () = inward.as_mut() => hangup.cancelled().await,
            () = outward => {
                if !hangup.is_cancelled() {
                    exit.send(Packet::bare(Command::Close, local, shared.remote())).await;
                }
            }
        }
        hangup.cancel();
    }
}

/// Hands the client's bytes to the service until the stream breaks, and acknowledges each when the service has room for
/// more. What a service does not want is swallowed.
async fn receive(
    local: u32,
    shared: &Shared,
    mut inbound: mpsc::Receiver<Bytes>,
    exit: &Exit,
    (service, hangup): (mpsc::Sender<Bytes>, &CancellationToken),
) {
    loop {
        let bytes = tokio::select! {
            biased;
            bytes = inbound.recv() => bytes,
            () = hangup.cancelled() => None,
        };
        let Some(bytes) = bytes else { return };
        if !bytes.is_empty() {
            let _ = service.send(bytes).await;
        }
        if hangup.is_cancelled() {
            continue;
        }
        exit.send(Packet::bare(Command::Okay, local, shared.remote())).await;
    }
}

/// Sends the service's bytes in payloads of the agreed size, each after the one before was acknowledged.
async fn send(local: u32, shared: &Shared, mut service: mpsc::Receiver<Bytes>, exit: &Exit) {
    let most = exit.terms.payload as usize;
    while let Some(mut bytes) = service.recv().await {
        while bytes.len() < most
            && let Ok(more) = service.try_recv()
        {
            bytes.extend(more);
        }
        for payload in bytes.chunks(most) {
            shared.begin_write().await;
            let packet =
                Packet { command: Command::Write, arg0: local, arg1: shared.remote(), payload: payload.to_vec() };
            exit.send(packet).await;
        }
    }
}

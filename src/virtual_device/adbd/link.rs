//! One client's connection: packets in, streams opened, fed and closed.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::error::LinkError;
use super::handshake::Terms;
use super::packet::{Command, MAX_PAYLOAD, Packet};
use super::stream::{DEPTH, Shared, Stream};
use crate::virtual_device::pipe::Pipe;
use crate::virtual_device::process::Bytes;
use crate::virtual_device::services::{HostCall, Site};

/// Streams of one connection at a time.
const MOST_STREAMS: usize = 256;
/// Packets that wait to be written.
const QUEUE: usize = 16;

/// Where packets leave a connection. Faults that garble or hold back what a device says belong here.
#[derive(Clone)]
pub struct Exit {
    /// What was agreed on.
    pub terms: Terms,
    queue: mpsc::Sender<Packet>,
}

impl Exit {
    /// Sends a packet; after the connection's end it goes nowhere.
    pub async fn send(&self, packet: Packet) {
        let _ = self.queue.send(packet).await;
    }
}

/// What the connection keeps of a stream.
struct Entry {
    shared: Arc<Shared>,
    inbound: mpsc::Sender<Bytes>,
    hangup: CancellationToken,
}

/// A connection past its handshake.
#[derive(Clone)]
struct Link {
    site: Site,
    exit: Exit,
    streams: Arc<Mutex<Streams>>,
}

#[derive(Default)]
struct Streams {
    open: HashMap<u32, Entry>,
    last: u32,
}

impl Streams {
    /// A stream number that is free and not 0.
    fn next(&mut self) -> u32 {
        loop {
            self.last = self.last.wrapping_add(1);
            if self.last != 0 && !self.open.contains_key(&self.last) {
                return self.last;
            }
        }
    }
}

/// Serves a connection until the client leaves, breaks the rules, or the device's link breaks.
///
/// # Errors
/// What the client did wrong, or how its socket failed.
pub async fn serve<R, W>(
    site: Site,
    calls: mpsc::Receiver<HostCall>,
    terms: Terms,
    from: R,
    to: W,
) -> Result<(), LinkError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (queue, packets) = mpsc::channel(QUEUE);
    let power = site.machine.power().clone();
    tokio::spawn(async move { power.run_until_cancelled(write(packets, to, terms)).await });
    let life = site.life.clone();
    let _ends_its_streams = life.clone().drop_guard();
    let link = Link { site, exit: Exit { terms, queue }, streams: Arc::default() };
    life.run_until_cancelled(async {
        tokio::select! {
            () = link.open_for_device(calls) => Ok(()),
            end = link.listen(BufReader::new(from)) => end,
        }
    })
    .await
    .unwrap_or(Ok(()))
}

/// Writes packets out, and flushes whenever none is waiting.
async fn write(mut packets: mpsc::Receiver<Packet>, mut to: impl AsyncWrite + Unpin, terms: Terms) {
    while let Some(packet) = packets.recv().await {
        if to.write_all(&packet.encode(terms.checksum)).await.is_err() || to.flush().await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

impl Link {
    async fn listen(&self, mut from: impl AsyncRead + Unpin) -> Result<(), LinkError> {
        let checksum = self.exit.terms.checksum;
        while let Some(packet) = Packet::read(&mut from, MAX_PAYLOAD, checksum).await? {
            match packet.command {
                Command::Open => self.open(packet).await,
                Command::Okay => self.okay(&packet),
                Command::Write => self.write(packet).await,
                Command::Close => self.close(&packet).await,
                Command::Connect => return Err(LinkError::Unexpected("a second CNXN")),
                Command::Auth => {}
            }
        }
        Ok(())
    }

    /// The client opens a service.
    async fn open(&self, packet: Packet) {
        let remote = packet.arg0;
        if remote == 0 {
            return;
        }
        let name = service_name(&packet.payload);
        let full = self.streams().open.len() >= MOST_STREAMS;
        // A second argument asks for delayed acknowledgements, which we never offered.
        let service = name.filter(|_| packet.arg1 == 0 && !full).and_then(|name| self.site.find(name));
        let Some(service) = service else {
            return self.exit.send(Packet::bare(Command::Close, 0, remote)).await;
        };
        let (near, far) = Pipe::pair(&self.site.life);
        let (local, stream) = self.enter(Shared::with_remote(remote), near);
        self.exit.send(Packet::bare(Command::Okay, local, remote)).await;
        self.start(stream);
        tokio::spawn(self.site.clone().run(service, far));
    }

    /// Opens streams to the client's host for programs on the device.
    async fn open_for_device(&self, mut calls: mpsc::Receiver<HostCall>) {
        while let Some(HostCall { address, pipe }) = calls.recv().await {
            if self.streams().open.len() >= MOST_STREAMS {
                continue;
            }
            let (local, stream) = self.enter(Shared::opening(), pipe);
            let payload = format!("{address}\0").into_bytes();
            self.exit.send(Packet { command: Command::Open, arg0: local, arg1: 0, payload }).await;
            self.start(stream);
        }
        std::future::pending().await
    }

    fn enter(&self, shared: Shared, pipe: Pipe) -> (u32, Stream) {
        let shared = Arc::new(shared);
        let (inbound, payloads) = mpsc::channel(DEPTH);
        let mut streams = self.streams();
        let local = streams.next();
        let entry = Entry { shared: Arc::clone(&shared), inbound, hangup: pipe.hangup.clone() };
        streams.open.insert(local, entry);
        (local, Stream { local, shared, inbound: payloads, exit: self.exit.clone(), pipe })
    }

    fn start(&self, stream: Stream) {
        let link = Arc::clone(&self.streams);
        let local = stream.local;
        tokio::spawn(async move {
            stream.run().await;
            lock(&link).open.remove(&local);
        });
    }

    fn okay(&self, packet: &Packet) {
        let streams = self.streams();
        let Some(entry) = streams.open.get(&packet.arg1) else { return };
        let _ = entry.shared.remote.compare_exchange(0, packet.arg0, Ordering::AcqRel, Ordering::Acquire);
        if entry.shared.remote.load(Ordering::Acquire) == packet.arg0 {
            entry.shared.acknowledge();
        }
    }

    async fn write(&self, packet: Packet) {
        let taken = {
            let streams = self.streams();
            let Some(entry) = streams.open.get(&packet.arg1) else { return };
            let known = entry.shared.remote.load(Ordering::Acquire) == packet.arg0;
            known && entry.inbound.try_send(packet.payload).is_ok()
        };
        // More than one WRITE in flight, or a stranger's stream: the rules are broken, the stream ends.
        if !taken {
            self.end(packet.arg0, packet.arg1).await;
        }
    }

    /// The client closes a stream, which adbd answers in kind.
    async fn close(&self, packet: &Packet) {
        let known = {
            let streams = self.streams();
            let entry = streams.open.get(&packet.arg1);
            // 0 stands for a stream of ours that the client did not accept.
            entry.is_some_and(|entry| [0, packet.arg0].contains(&entry.shared.remote.load(Ordering::Acquire)))
        };
        if known {
            self.end(packet.arg0, packet.arg1).await;
        }
    }

    async fn end(&self, remote: u32, local: u32) {
        let Some(entry) = self.streams().open.remove(&local) else { return };
        entry.hangup.cancel();
        self.exit.send(Packet::bare(Command::Close, local, remote)).await;
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        lock(&self.streams)
    }
}

fn lock(streams: &Mutex<Streams>) -> MutexGuard<'_, Streams> {
    streams.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A service's name: without the NULs at its end.
fn service_name(payload: &[u8]) -> Option<&str> {
    let end = payload.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    std::str::from_utf8(&payload[..end]).ok()
}

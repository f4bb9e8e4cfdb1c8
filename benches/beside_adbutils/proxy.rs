//! A proxy before an ADB server that counts what passes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What passed so far, over all connections.
///
/// A **round trip** is a stretch of bytes from the client followed by bytes from the server on the same connection: the
/// client waited once for the far side. However many writes either side makes, only the change of direction client →
/// server → client counts. Setting a connection up is one more, because TCP's handshake is; connections are counted by
/// themselves too. Closing one is none: nobody has to wait for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    pub connections: u64,
    /// Changes of direction, without the set-up of connections.
    pub answers: u64,
    /// From the server to the client.
    pub bytes: u64,
}

impl Passed {
    /// Round trips.
    pub fn round_trips(self) -> u64 {
        self.connections + self.answers
    }

    /// What passed since.
    pub fn since(self, before: Self) -> Self {
        Self {
            connections: self.connections - before.connections,
            answers: self.answers - before.answers,
            bytes: self.bytes - before.bytes,
        }
    }
}

/// The counters, as the proxy's tasks share them.
#[derive(Debug, Default)]
pub struct Counters {
    connections: AtomicU64,
    answers: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    pub fn read(&self) -> Passed {
        let of = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Passed { connections: of(&self.connections), answers: of(&self.answers), bytes: of(&self.bytes) }
    }
}

/// Who spoke last on a connection.
#[derive(Clone, Copy, PartialEq)]
enum Speaker {
    Client,
    Server,
}

/// Listens on a port of its own and passes each connection on to `server`.
pub async fn start(server: SocketAddr) -> (SocketAddr, Arc<Counters>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port for the proxy");
    let address = listener.local_addr().expect("the proxy's address");
    let counters = Arc::new(Counters::default());
    tokio::spawn(accept(listener, server, Arc::clone(&counters)));
    (address, counters)
}

async fn accept(listener: TcpListener, server: SocketAddr, counters: Arc<Counters>) {
    while let Ok((client, _)) = listener.accept().await {
        counters.connections.fetch_add(1, Ordering::SeqCst);
        let far = TcpStream::connect(server).await.expect("the ADB server answers");
        for socket in [&client, &far] {
            socket.set_nodelay(true).expect("no delay");
        }
        let (client, far) = (client.into_split(), far.into_split());
        let last = Arc::new(Mutex::new(Speaker::Server));
        tokio::spawn(pass(Speaker::Client, client.0, far.1, Arc::clone(&last), Arc::clone(&counters)));
        tokio::spawn(pass(Speaker::Server, far.0, client.1, last, Arc::clone(&counters)));
    }
}

/// Passes on what one end says. It is counted before it is passed on, so that nothing it causes is counted earlier.
async fn pass(
    speaker: Speaker,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    last: Arc<Mutex<Speaker>>,
    counters: Arc<Counters>,
) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = from.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            // A close is passed on by the half that is dropped here.
            return;
        }
        let before = std::mem::replace(&mut *last.lock().expect("nobody panics here"), speaker);
        if speaker == Speaker::Server {
            counters.answers.fetch_add(u64::from(before == Speaker::Client), Ordering::SeqCst);
            counters.bytes.fetch_add(read as u64, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

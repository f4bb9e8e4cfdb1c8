//! What a program on the virtual device gets and gives: arguments, streams, an exit status.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::machine::Machine;

/// Bytes of a stream. An empty vector is never sent; the end of a stream is its sender's end.
pub type Bytes = Vec<u8>;

/// The three streams of a process, and the news that nobody listens any more. Senders are bounded: a slow reader slows
/// the program. `stdin` is shared because a shell hands it on to its programs one after another.
#[derive(Clone)]
pub struct Stdio {
    /// Standard input.
    pub stdin: Arc<tokio::sync::Mutex<mpsc::Receiver<Bytes>>>,
    /// Standard output.
    pub stdout: mpsc::Sender<Bytes>,
    /// Standard error.
    pub stderr: mpsc::Sender<Bytes>,
    /// Cancelled when the stream to the client closed (SIGHUP) or the process was killed.
    pub hangup: CancellationToken,
}

/// A program about to run.
#[derive(Clone)]
pub struct Call {
    /// The device it runs on.
    pub machine: Arc<Machine>,
    /// Name and arguments.
    pub argv: Vec<String>,
    /// Exported environment.
    pub env: BTreeMap<String, String>,
    /// Working directory on the device.
    pub cwd: String,
    /// User id it runs as: 2000 (shell) or 0 (root).
    pub uid: u32,
    /// Bits that its new files don't get.
    pub umask: u32,
    /// Its streams.
    pub stdio: Stdio,
}

/// What a program's run comes to: its exit status.
pub type Running = Pin<Box<dyn Future<Output = i32> + Send>>;

/// A program: takes a call, runs, exits.
pub type Program = fn(Call) -> Running;

impl Stdio {
    /// Writes to standard output; false when nobody reads any more.
    pub async fn out(&self, bytes: impl Into<Bytes>) -> bool {
        send(&self.stdout, bytes.into()).await
    }

    /// Writes to standard error; false when nobody reads any more.
    pub async fn err(&self, bytes: impl Into<Bytes>) -> bool {
        send(&self.stderr, bytes.into()).await
    }
}

async fn send(to: &mpsc::Sender<Bytes>, bytes: Bytes) -> bool {
    bytes.is_empty() || to.send(bytes).await.is_ok()
}

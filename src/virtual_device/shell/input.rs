//! Where a command reads from: a stream or a file's content, with bytes that can be put back.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use crate::virtual_device::process::Bytes;

/// Bytes handed out at once.
const CHUNK: usize = 64 * 1024;

/// A readable end. Commands that share it read on where the last one stopped.
pub(super) struct Input {
    state: Mutex<State>,
}

struct State {
    /// Read before the source.
    pending: Bytes,
    /// How much of `pending` was read.
    taken: usize,
    source: Source,
}

/// A stream's receiving end, as programs get it.
pub(super) type Receiver = Arc<Mutex<mpsc::Receiver<Bytes>>>;

enum Source {
    Stream(Receiver),
    /// An open file, read on from an offset.
    File(Arc<Vec<u8>>, usize),
    /// Zeros for ever.
    Zeros,
    /// Made-up bytes for ever, from this state.
    Noise(u64),
    Ended,
}

impl Input {
    pub fn stream(receiver: Receiver) -> Arc<Self> {
        Self::over(Source::Stream(receiver))
    }

    pub fn bytes(content: Arc<Vec<u8>>) -> Arc<Self> {
        Self::over(Source::File(content, 0))
    }

    pub fn zeros() -> Arc<Self> {
        Self::over(Source::Zeros)
    }

    pub fn noise(seed: u64) -> Arc<Self> {
        Self::over(Source::Noise(seed | 1))
    }

    pub fn ended() -> Arc<Self> {
        Self::over(Source::Ended)
    }

    fn over(source: Source) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { pending: Bytes::new(), taken: 0, source }) })
    }

    /// The next bytes; `None` at the end. Nothing is lost when the caller stops waiting.
    pub async fn read(&self) -> Option<Bytes> {
        self.state.lock().await.read().await
    }

    /// The next byte.
    pub async fn byte(&self) -> Option<u8> {
        let mut state = self.state.lock().await;
        if state.taken == state.pending.len() {
            state.pending = state.read().await?;
            state.taken = 0;
        }
        let byte = state.pending.get(state.taken).copied();
        state.taken += 1;
        byte
    }

    /// Puts bytes back, to be read next.
    pub async fn unread(&self, bytes: Bytes) {
        if bytes.is_empty() {
            return;
        }
        let mut state = self.state.lock().await;
        let mut all = bytes;
        all.extend_from_slice(&state.pending[state.taken..]);
        (state.pending, state.taken) = (all, 0);
    }

    /// The stream itself, when nothing was put back: a program can read it without a go-between.
    pub async fn plain_stream(&self) -> Option<Receiver> {
        let state = self.state.lock().await;
        match &state.source {
            Source::Stream(receiver) if state.taken == state.pending.len() => Some(receiver.clone()),
            _ => None,
        }
    }
}

impl State {
    async fn read(&mut self) -> Option<Bytes> {
        if self.taken < self.pending.len() {
            let rest = self.pending.split_off(self.taken);
            (self.pending, self.taken) = (Bytes::new(), 0);
            return Some(rest);
        }
        match &mut self.source {
            Source::Stream(receiver) => receiver.lock().await.recv().await,
            Source::File(content, at) => {
                let end = content.len().min(*at + CHUNK);
                let chunk = content[*at..end].to_vec();
                *at = end;
                (!chunk.is_empty()).then_some(chunk)
            }
            Source::Zeros => Some(vec![0; 4096]),
            Source::Noise(state) => Some((0..4096).map(|_| noise(state)).collect()),
            Source::Ended => None,
        }
    }
}

/// One byte of a xorshift generator.
fn noise(state: &mut u64) -> u8 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    state.to_le_bytes()[3]
}

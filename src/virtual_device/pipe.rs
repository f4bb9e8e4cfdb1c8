//! A two-way byte stream inside the device, and a reader that takes exact amounts from it.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::process::Bytes;

/// Chunks that may wait in each direction. Chunks are at most a packet's payload, so a stream's memory is bounded.
const DEPTH: usize = 4;

/// One end of a two-way stream.
pub struct Pipe {
    /// What the other end sends; its end is the other end's close.
    pub input: mpsc::Receiver<Bytes>,
    /// What goes to the other end; dropping it closes that direction.
    pub output: mpsc::Sender<Bytes>,
    /// Cancelled when the stream is broken: nobody reads and nothing more will come. Both ends share it.
    pub hangup: CancellationToken,
}

impl Pipe {
    /// Both ends of a stream that breaks at the latest when `life` ends.
    pub fn pair(life: &CancellationToken) -> (Self, Self) {
        let (there, from_here) = mpsc::channel(DEPTH);
        let (back, from_there) = mpsc::channel(DEPTH);
        let hangup = life.child_token();
        let near = Self { input: from_there, output: there, hangup: hangup.clone() };
        let far = Self { input: from_here, output: back, hangup };
        (near, far)
    }

    /// Carries bytes both ways between two streams until either closes; what was sent before still arrives. When one is
    /// broken, so is the other.
    pub async fn join(self, other: Self) {
        let broken = (self.hangup.clone(), other.hangup.clone());
        let there = carry(self.input, other.output);
        let back = carry(other.input, self.output);
        tokio::select! {
            // A break also closes; it must not be taken for a mere end.
            biased;
            () = broken.0.cancelled() => broken.1.cancel(),
            () = broken.1.cancelled() => broken.0.cancel(),
            () = there => {}
            () = back => {}
        }
    }
}

async fn carry(mut from: mpsc::Receiver<Bytes>, to: mpsc::Sender<Bytes>) {
    while let Some(chunk) = from.recv().await {
        if to.send(chunk).await.is_err() {
            return;
        }
    }
}

/// Reads exact amounts from a stream of chunks.
pub struct Intake {
    from: mpsc::Receiver<Bytes>,
    chunk: Bytes,
    taken: usize,
}

impl Intake {
    /// Reads from `from`.
    pub fn new(from: mpsc::Receiver<Bytes>) -> Self {
        Self { from, chunk: Bytes::new(), taken: 0 }
    }

    /// The next bytes, at least one and at most `most`; `None` at the end.
    pub async fn some(&mut self, most: usize) -> Option<&[u8]> {
        while self.taken == self.chunk.len() {
            self.chunk = self.from.recv().await?;
            self.taken = 0;
        }
        let end = self.chunk.len().min(self.taken.saturating_add(most));
        let part = &self.chunk[self.taken..end];
        self.taken = end;
        Some(part)
    }

    /// Exactly `length` bytes; `None` when the stream ends before. The caller bounds `length`.
    pub async fn exact(&mut self, length: usize) -> Option<Bytes> {
        let mut all = Bytes::with_capacity(length);
        while all.len() < length {
            let missing = length - all.len();
            all.extend_from_slice(self.some(missing).await?);
        }
        Some(all)
    }

    /// A little-endian number.
    pub async fn u32(&mut self) -> Option<u32> {
        let bytes = self.exact(4).await?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_intake_takes_exact_amounts_across_chunks() {
        let (send, receive) = mpsc::channel(4);
        for chunk in [&b"ab"[..], b"cde", b"\x01\0\0\0"] {
            send.send(chunk.to_vec()).await.unwrap();
        }
        drop(send);
        let mut intake = Intake::new(receive);
        assert_eq!(intake.exact(3).await.unwrap(), b"abc");
        assert_eq!(intake.some(1).await.unwrap(), b"d");
        assert_eq!(intake.exact(1).await.unwrap(), b"e");
        assert_eq!(intake.u32().await, Some(1));
        assert_eq!(intake.exact(1).await, None);
    }

    #[tokio::test]
    async fn joined_streams_carry_both_ways_and_end_together() {
        let life = CancellationToken::new();
        let (mut left, inner_left) = Pipe::pair(&life);
        let (mut right, inner_right) = Pipe::pair(&life);
        let joint = tokio::spawn(inner_left.join(inner_right));
        left.output.send(b"there".to_vec()).await.unwrap();
        right.output.send(b"back".to_vec()).await.unwrap();
        assert_eq!(right.input.recv().await.unwrap(), b"there");
        assert_eq!(left.input.recv().await.unwrap(), b"back");
        left.output.send(b"last".to_vec()).await.unwrap();
        drop(left);
        joint.await.unwrap();
        assert_eq!(right.input.recv().await.unwrap(), b"last");
        assert!(right.input.recv().await.is_none());
    }
}

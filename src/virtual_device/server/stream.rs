//! A client's socket that has become a stream to a device.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;

use crate::virtual_device::pipe::Pipe;
use crate::virtual_device::process::Bytes;

/// Bytes read from a socket at a time.
const CHUNK: usize = 64 * 1024;

/// Carries bytes both ways until either side ends or the stream breaks. The client's leaving hangs the stream up; the
/// service's end is told the client after all its bytes.
pub async fn carry(socket: TcpStream, pipe: Pipe) {
    let _ = socket.set_nodelay(true);
    let Pipe { input, output, hangup } = pipe;
    let (mut from, mut to) = socket.into_split();
    let ended = tokio::select! {
        biased;
        () = hangup.cancelled() => false,
        ended = outward(input, &mut to) => ended,
        () = inward(&mut from, output) => false,
    };
    hangup.cancel();
    if ended && let Ok(mut socket) = from.reunite(to) {
        farewell(&mut socket).await;
    }
}

/// Carries bytes both ways between two sockets, one of them at the far end of the pipe. Neither end is a service that
/// must hear of a hang-up: the socket's end only ends its own direction, so that what is on its way still arrives.
pub async fn join(socket: TcpStream, pipe: Pipe) {
    let _ = socket.set_nodelay(true);
    let Pipe { input, output, hangup } = pipe;
    let (mut from, mut to) = socket.into_split();
    let there_and_back = async {
        let there = async {
            inward(&mut from, output).await;
            std::future::pending::<bool>().await
        };
        tokio::select! {
            ended = outward(input, &mut to) => ended,
            never = there => never,
        }
    };
    let ended = tokio::select! {
        // What came before the break is still handed on.
        biased;
        ended = there_and_back => ended,
        () = hangup.cancelled() => false,
    };
    hangup.cancel();
    if ended && let Ok(mut socket) = from.reunite(to) {
        farewell(&mut socket).await;
    }
}

/// Closes our side and waits for the client to close its own, or what was sent could be lost with a reset.
pub async fn farewell(socket: &mut TcpStream) {
    if socket.shutdown().await.is_err() {
        return;
    }
    let mut rest = [0; 4096];
    while socket.read(&mut rest).await.is_ok_and(|count| count > 0) {}
}

/// True when the service ended and the client has it all.
async fn outward(mut service: mpsc::Receiver<Bytes>, to: &mut OwnedWriteHalf) -> bool {
    while let Some(bytes) = service.recv().await {
        if to.write_all(&bytes).await.is_err() {
            return false;
        }
    }
    true
}

async fn inward(from: &mut OwnedReadHalf, service: mpsc::Sender<Bytes>) {
    loop {
        // Nothing is allocated for a stream that is silent.
        if from.readable().await.is_err() {
            return;
        }
        let mut chunk = Vec::with_capacity(CHUNK);
        match from.try_read_buf(&mut chunk) {
            Ok(0) => return,
            Ok(_) => {
                let _ = service.send(chunk).await;
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

//! The device's own adbd: what `adb connect` speaks with on a TCP port.

mod error;
mod handshake;
mod key;
mod link;
mod packet;
mod stream;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};

use super::machine::{Machine, Presence};
use super::services::Site;

pub use error::LinkError;

/// Connections at a time.
const MOST_CONNECTIONS: usize = 32;
/// Calls to the host that wait to become streams.
const CALLS: usize = 8;

/// Serves `machine` on `listener` until its power is gone. One that is idle costs nothing.
pub async fn serve(machine: Arc<Machine>, listener: TcpListener) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut count = 0;
    let accept = async {
        loop {
            let Ok((socket, _)) = listener.accept().await else { continue };
            let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
            count += 1;
            let (machine, token) = (Arc::clone(&machine), token(machine.profile.seed, count));
            tokio::spawn(async move {
                // Whatever ends a connection ends it the same way, as on a device: the socket closes.
                let _ = connection(machine, socket, token).await;
                drop(place);
            });
        }
    };
    machine.power().run_until_cancelled(accept).await;
}

/// Serves one connection to its end.
async fn connection(machine: Arc<Machine>, mut socket: TcpStream, token: [u8; 20]) -> Result<(), LinkError> {
    socket.set_nodelay(true)?;
    let presence = *machine.presence().borrow();
    match presence {
        Presence::Online => {}
        Presence::Gone => return Ok(()),
        // It takes the connection and says nothing until it is itself again.
        Presence::Offline => {
            let mut presence = machine.presence();
            let itself = presence.wait_for(|presence| *presence != Presence::Offline);
            // The sender lives as long as the machine; without power nobody waits.
            let _ = machine.power().run_until_cancelled(itself).await;
        }
    }
    let life = machine.link().child_token();
    let greeting = life.run_until_cancelled(handshake::greet(&machine, &mut socket, token)).await;
    let Some(terms) = greeting.transpose()?.flatten() else { return Ok(()) };
    let (host, calls) = mpsc::channel(CALLS);
    let (from, to) = socket.into_split();
    link::serve(Site::new(machine, life, host), calls, terms, from, to).await
}

/// What a client has to sign: other bytes for every connection, the same in every run.
fn token(seed: u64, count: u64) -> [u8; 20] {
    let mut state = seed ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    std::array::from_fn(|_| {
        // xorshift64*
        state = state.max(1);
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 56) as u8
    })
}

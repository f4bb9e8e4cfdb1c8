//! Sockets on the device: who listens on `tcp:9008` or `localabstract:name`, and how a client reaches them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::pipe::Pipe;

/// Connections that wait to be accepted.
const BACKLOG: usize = 8;
/// Listeners a device holds at most.
const MOST_LISTENERS: usize = 256;
/// Ports the system gives out for `tcp:0`.
const EPHEMERAL: std::ops::Range<u16> = 32768..61000;

type Table = Arc<Mutex<BTreeMap<String, mpsc::Sender<Pipe>>>>;

/// The listening sockets of one device, by address (`tcp:PORT`, `localabstract:NAME`).
#[derive(Default)]
pub struct Ports {
    table: Table,
}

/// A listening socket; dropping it closes it.
pub struct Listener {
    /// Where it listens; `tcp:0` has become a real number.
    pub address: String,
    backlog: mpsc::Receiver<Pipe>,
    table: Table,
}

impl Ports {
    /// Listens on `address`; `None` when somebody else does, or there are too many listeners.
    pub fn listen(&self, address: &str) -> Option<Listener> {
        let mut table = lock(&self.table);
        let address = match address {
            "tcp:0" => EPHEMERAL.map(|port| format!("tcp:{port}")).find(|free| !table.contains_key(free))?,
            other => other.to_owned(),
        };
        if table.contains_key(&address) || table.len() >= MOST_LISTENERS {
            return None;
        }
        let (sender, backlog) = mpsc::channel(BACKLOG);
        table.insert(address.clone(), sender);
        Some(Listener { address, backlog, table: Arc::clone(&self.table) })
    }

    /// Connects to `address`; `None` (connection refused) when nobody listens or the backlog is full. The connection
    /// ends with `life`.
    pub fn connect(&self, address: &str, life: &CancellationToken) -> Option<Pipe> {
        let (near, far) = Pipe::pair(life);
        let listener = lock(&self.table).get(address)?.clone();
        listener.try_send(far).ok()?;
        Some(near)
    }
}

impl Listener {
    /// The next connection.
    pub async fn accept(&mut self) -> Option<Pipe> {
        self.backlog.recv().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        lock(&self.table).remove(&self.address);
    }
}

fn lock(table: &Table) -> MutexGuard<'_, BTreeMap<String, mpsc::Sender<Pipe>>> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_reaches_who_listens_and_nobody_else() {
        let ports = Ports::default();
        let life = CancellationToken::new();
        assert!(ports.connect("tcp:9008", &life).is_none());
        let mut listener = ports.listen("tcp:9008").unwrap();
        assert!(ports.listen("tcp:9008").is_none());
        let client = ports.connect("tcp:9008", &life).unwrap();
        let mut served = listener.accept().await.unwrap();
        client.output.send(b"hello".to_vec()).await.unwrap();
        assert_eq!(served.input.recv().await.unwrap(), b"hello");
        drop(listener);
        assert!(ports.connect("tcp:9008", &life).is_none());
    }

    #[test]
    fn port_zero_becomes_a_free_one() {
        let ports = Ports::default();
        let first = ports.listen("tcp:0").unwrap();
        let second = ports.listen("tcp:0").unwrap();
        assert_eq!((first.address.as_str(), second.address.as_str()), ("tcp:32768", "tcp:32769"));
    }
}

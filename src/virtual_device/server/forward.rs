//! `forward:`: ports on the host that lead to sockets on a device.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::stream;
use crate::virtual_device::services::Site;

/// Forwards of a server at most.
const MOST: usize = 1024;

type Table = BTreeMap<String, Route>;

/// The forwards of a server, by their place on the host (`tcp:PORT`).
#[derive(Default)]
pub struct Forwards {
    table: Arc<Mutex<Table>>,
}

struct Route {
    site: Site,
    remote: String,
    open: CancellationToken,
}

impl Drop for Route {
    fn drop(&mut self) {
        self.open.cancel();
    }
}

impl Forwards {
    /// Adds `[norebind:]LOCAL;REMOTE`; gives the port when `tcp:0` asked for any.
    pub async fn add(&self, site: &Site, what: &str) -> Result<Option<String>, String> {
        let (what, rebind) = what.strip_prefix("norebind:").map_or((what, true), |rest| (rest, false));
        let (local, remote) = what.split_once(';').ok_or_else(|| format!("bad forward: {what}"))?;
        let port = local.strip_prefix("tcp:").and_then(|port| port.parse::<u16>().ok());
        let port = port.ok_or_else(|| format!("cannot bind listener: unsupported address {local}"))?;
        if self.change(site, local, remote, rebind)? {
            return Ok(None);
        }
        let cannot = |error: std::io::Error| format!("cannot bind listener: {error}");
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(cannot)?;
        let bound = listener.local_addr().map_err(cannot)?.port();
        let local = format!("tcp:{bound}");
        let open = site.life.child_token();
        let route = Route { site: site.clone(), remote: remote.into(), open: open.clone() };
        let mut table = lock(&self.table);
        if table.len() >= MOST {
            return Err("cannot bind listener: too many forwards".into());
        }
        table.insert(local.clone(), route);
        tokio::spawn(lead(Arc::clone(&self.table), local, listener, open));
        Ok((port == 0).then(|| bound.to_string()))
    }

    /// Leads a forward that is there elsewhere; false when there is none.
    fn change(&self, site: &Site, local: &str, remote: &str, rebind: bool) -> Result<bool, String> {
        let mut table = lock(&self.table);
        let Some(route) = table.get_mut(local) else { return Ok(false) };
        if !rebind {
            return Err("cannot rebind existing socket".into());
        }
        (route.site, route.remote) = (site.clone(), remote.into());
        Ok(true)
    }

    /// Takes one away.
    pub fn remove(&self, local: &str) -> Result<(), String> {
        lock(&self.table).remove(local).map(|_| ()).ok_or_else(|| format!("listener '{local}' not found"))
    }

    /// Takes all away, or all of one device.
    pub fn remove_all(&self, serial: Option<&str>) {
        lock(&self.table).retain(|_, route| serial.is_some_and(|serial| route.serial() != serial));
    }

    /// One line for each: device, place on the host, place on the device.
    pub fn list(&self) -> String {
        let line = |(local, route): (&String, &Route)| format!("{} {local} {}\n", route.serial(), route.remote);
        lock(&self.table).iter().map(line).collect()
    }
}

impl Route {
    fn serial(&self) -> &str {
        &self.site.machine.profile.serial
    }
}

/// Leads every connection to the device, until the forward is taken away.
async fn lead(table: Arc<Mutex<Table>>, local: String, listener: TcpListener, open: CancellationToken) {
    let accept = async {
        while let Ok((socket, _)) = listener.accept().await {
            let Some((site, remote)) = lock(&table).get(&local).map(|r| (r.site.clone(), r.remote.clone())) else {
                return;
            };
            if let Some(pipe) = site.machine.ports.connect(&remote, &site.life) {
                tokio::spawn(stream::join(socket, pipe));
            }
        }
    };
    open.run_until_cancelled(accept).await;
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

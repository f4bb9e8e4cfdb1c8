//! `reverse:`: addresses on the device that lead to the client's host.
//! Source of orders and replies: AOSP `packages/modules/adb/services.cpp`, `handle_forward_request`, on the device's side.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Site;
use crate::virtual_device::pipe::Pipe;
use crate::virtual_device::ports::Listener;

/// A program on the device wants to reach the client's host.
pub struct HostCall {
    /// What to reach there: `tcp:8080`.
    pub address: String,
    /// The device's end.
    pub pipe: Pipe,
}

/// The addresses on the device that lead to the host, for one connection.
pub struct Reverses {
    host: mpsc::Sender<HostCall>,
    table: Mutex<BTreeMap<String, Route>>,
}

struct Route {
    remote: String,
    open: CancellationToken,
}

impl Drop for Route {
    fn drop(&mut self) {
        self.open.cancel();
    }
}

impl Reverses {
    pub(super) fn new(host: mpsc::Sender<HostCall>) -> Self {
        Self { host, table: Mutex::default() }
    }

    /// Carries one order out and answers it.
    pub(super) async fn run(&self, site: &Site, order: &str, pipe: Pipe) {
        let answer = self.answer(site, order).unwrap_or_else(|message| format!("FAIL{}", counted(&message)));
        let _ = pipe.output.send(answer.into_bytes()).await;
    }

    fn answer(&self, site: &Site, order: &str) -> Result<String, String> {
        match order.split_once(':') {
            None if order == "list-forward" => Ok(counted(&self.list())),
            None if order == "killforward-all" => {
                self.table().clear();
                Ok("OKAY".into())
            }
            Some(("forward", "")) => Err("bad forward: ".into()),
            Some(("forward", what)) => self.add(site, what),
            Some(("killforward", local)) => match self.table().remove(local) {
                Some(_) => Ok("OKAY".into()),
                None => Err(format!("listener '{local}' not found")),
            },
            _ => Err(format!("unknown reverse service {order}")),
        }
    }

    fn list(&self) -> String {
        self.table().iter().map(|(local, route)| format!("(reverse) {local} {}\n", route.remote)).collect()
    }

    fn add(&self, site: &Site, what: &str) -> Result<String, String> {
        let (what, rebind) = what.strip_prefix("norebind:").map_or((what, true), |rest| (rest, false));
        let (local, remote) = what.split_once(';').ok_or_else(|| format!("bad forward: {what}"))?;
        if let Some(known) = self.table().get_mut(local) {
            if !rebind {
                return Err("cannot rebind existing socket".into());
            }
            known.remote = remote.into();
            return Ok("OKAY".into());
        }
        if !is_socket(local) {
            // AOSP `socket_spec.cpp`.
            return Err(format!("cannot bind listener: unknown socket specification: {local}"));
        }
        let listener = site
            .machine
            .ports
            .listen(local)
            .ok_or_else(|| format!("cannot bind listener: {local}: Address already in use"))?;
        let (address, open) = (listener.address.clone(), site.life.child_token());
        self.table().insert(address.clone(), Route { remote: remote.into(), open: open.clone() });
        tokio::spawn(lead(listener, site.clone(), open));
        let resolved = (local == "tcp:0").then(|| counted(address.trim_start_matches("tcp:")));
        Ok(format!("OKAY{}", resolved.unwrap_or_default()))
    }

    fn remote(&self, local: &str) -> Option<String> {
        self.table().get(local).map(|route| route.remote.clone())
    }

    fn table(&self) -> MutexGuard<'_, BTreeMap<String, Route>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether adbd knows such sockets, by AOSP's `socket_spec.cpp`.
fn is_socket(address: &str) -> bool {
    match address.split_once(':') {
        Some(("tcp", port)) => port.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok()),
        Some(("local" | "localabstract" | "localfilesystem" | "localreserved", name)) => !name.is_empty(),
        _ => false,
    }
}

/// Leads every connection to the listener on to the host, until the route is closed.
async fn lead(mut listener: Listener, site: Site, open: CancellationToken) {
    let local = listener.address.clone();
    let accept = async {
        while let Some(pipe) = listener.accept().await {
            let Some(address) = site.reverses.remote(&local) else { return };
            if site.reverses.host.send(HostCall { address, pipe }).await.is_err() {
                return;
            }
        }
    };
    open.run_until_cancelled(accept).await;
}

/// Text behind its length in four hexadecimal digits.
fn counted(text: &str) -> String {
    format!("{:04x}{text}", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::virtual_device::machine::{Machine, Profile};

    fn site() -> (Site, mpsc::Receiver<HostCall>) {
        let machine = Machine::boot(Profile::new("a"), Clock::stepped(0));
        let (host, calls) = mpsc::channel(4);
        let life = machine.link();
        (Site::new(machine, life, host), calls)
    }

    fn ask(site: &Site, order: &str) -> String {
        site.reverses.answer(site, order).unwrap_or_else(|message| message)
    }

    #[tokio::test]
    async fn orders_are_answered_as_adbd_does() {
        let (site, _calls) = site();
        assert_eq!(ask(&site, "forward:tcp:0;tcp:80"), "OKAY000532768");
        assert_eq!(ask(&site, "forward:localabstract:x;tcp:81"), "OKAY");
        assert_eq!(ask(&site, "forward:norebind:localabstract:x;tcp:82"), "cannot rebind existing socket");
        assert_eq!(ask(&site, "forward:localabstract:x;tcp:83"), "OKAY");
        let list = "(reverse) localabstract:x tcp:83\n(reverse) tcp:32768 tcp:80\n";
        assert_eq!(ask(&site, "list-forward"), format!("{:04x}{list}", list.len()));
        assert_eq!(ask(&site, "killforward:tcp:1"), "listener 'tcp:1' not found");
        assert_eq!(ask(&site, "killforward-all"), "OKAY");
        assert_eq!(ask(&site, "list-forward"), "0000");
        assert_eq!(ask(&site, "forward:tcp:1"), "bad forward: tcp:1");
        let unknown = "cannot bind listener: unknown socket specification: nonsense:1";
        assert_eq!(ask(&site, "forward:nonsense:1;tcp:1"), unknown);
    }

    #[tokio::test]
    async fn a_program_reaches_the_host_through_it() {
        let (site, mut calls) = site();
        ask(&site, "forward:tcp:5000;tcp:80");
        let program = site.machine.ports.connect("tcp:5000", &site.life).unwrap();
        let mut call = calls.recv().await.unwrap();
        assert_eq!(call.address, "tcp:80");
        program.output.send(b"GET".to_vec()).await.unwrap();
        assert_eq!(call.pipe.input.recv().await.unwrap(), b"GET");
    }
}

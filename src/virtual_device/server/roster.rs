//! The devices a server lists, and the news of their coming and going.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::error::ServerError;
use super::request::Target;
use crate::virtual_device::machine::{Auth, Machine, Presence};
use crate::virtual_device::services::Site;

/// The key this server shows to devices that ask for one.
pub const KEY: &[u8] = b"virtual-server";

/// A device on the list.
#[derive(Clone)]
pub struct Attached {
    /// Transport id: a number no other device of this server ever had.
    pub id: u64,
    /// Its services, for as long as this attachment lasts.
    pub site: Site,
}

/// The list.
#[derive(Default)]
pub struct Roster {
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    attached: Vec<Attached>,
    last_id: u64,
    /// Devices a client disconnected; `connect:` brings them back.
    apart: Vec<Arc<Machine>>,
}

impl Attached {
    /// The device's serial number.
    pub fn serial(&self) -> &str {
        &self.site.machine.profile.serial
    }

    /// `device`, or `unauthorized` while its person has not let this server in, or `offline` while it does not answer.
    pub fn state(&self) -> &'static str {
        let machine = &self.site.machine;
        if *machine.presence().borrow() != Presence::Online {
            return "offline";
        }
        let known = machine.profile.auth != Auth::Refuse || machine.trusted().borrow().iter().any(|key| key == KEY);
        if known { "device" } else { "unauthorized" }
    }

    /// One line of `devices -l`. Source: AOSP `adb/transport.cpp`, `append_transport`.
    pub fn long_line(&self) -> String {
        let product = self.site.machine.profile.product();
        let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let names = format!("product:{} model:{} device:{}", product.name, plain(product.model), product.device);
        format!("{:<22} {} {names} transport_id:{}\n", self.serial(), self.state(), self.id)
    }
}

impl Roster {
    /// Puts a device on the list; `site` makes its services from a life that ends with the attachment.
    pub fn attach(
        &self,
        machine: &Arc<Machine>,
        site: impl FnOnce(CancellationToken) -> Site,
    ) -> Result<Attached, ServerError> {
        let mut state = self.state();
        let serial = &machine.profile.serial;
        if state.attached.iter().any(|known| known.serial() == serial) {
            return Err(ServerError::Taken(serial.clone()));
        }
        state.apart.retain(|known| known.profile.serial != *serial);
        state.last_id += 1;
        let attached = Attached { id: state.last_id, site: site(machine.link().child_token()) };
        state.attached.push(attached.clone());
        drop(state);
        self.announce();
        Ok(attached)
    }

    /// Takes a device off the list and ends its streams at once; false when it was not there.
    pub fn detach(&self, id: u64) -> bool {
        let mut state = self.state();
        let Some(at) = state.attached.iter().position(|known| known.id == id) else { return false };
        let gone = state.attached.remove(at);
        drop(state);
        gone.site.life.cancel();
        self.announce();
        true
    }

    /// Takes a device off the list for as long as a client likes.
    pub fn disconnect(&self, attached: &Attached) {
        if self.detach(attached.id) {
            self.state().apart.push(Arc::clone(&attached.site.machine));
        }
    }

    /// A device that a client disconnected.
    pub fn apart(&self, serial: &str) -> Option<Arc<Machine>> {
        self.state().apart.iter().find(|machine| machine.profile.serial == serial).cloned()
    }

    /// The devices now, in the order they came.
    pub fn all(&self) -> Vec<Attached> {
        self.state().attached.clone()
    }

    /// The device a client means, or what to tell it. Source of the texts: AOSP `adb/transport.cpp`.
    pub fn find(&self, target: &Target) -> Result<Attached, String> {
        let state = self.state();
        let mut fitting = state.attached.iter().filter(|known| match target {
            Target::Any | Target::Local => true,
            Target::Usb => false,
            Target::Serial(serial) => known.serial() == serial,
            Target::Id(id) => known.id == *id,
        });
        match (fitting.next(), fitting.next()) {
            (Some(found), None) => Ok(found.clone()),
            (Some(_), Some(_)) if *target == Target::Local => Err("more than one emulator".into()),
            (Some(_), Some(_)) => Err("more than one device/emulator".into()),
            (None, _) => Err(match target {
                Target::Any => "no devices/emulators found".into(),
                Target::Usb => "no devices found".into(),
                Target::Local => "no emulators found".into(),
                Target::Serial(serial) => format!("device '{serial}' not found"),
                Target::Id(id) => format!("no device with transport id '{id}'"),
            }),
        }
    }

    /// Tells everybody who watches that something about a device changed.
    pub fn announce(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// The news of changes; what is so now counts as seen.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What the server answers by itself.
//! Source of texts and shapes: AOSP `packages/modules/adb/adb.cpp`, `handle_host_request`.

use std::sync::Arc;

use super::Hall;
use super::request::Target;
use super::roster::Roster;

/// Protocol version of the servers of adb 1.0.41.
const VERSION: &str = "0029";
/// What this server can carry for a device.
const FEATURES: &str = "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir";

/// An answer that is no refusal.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// OKAY, then a text.
    Text(String),
    /// OKAY, OKAY, then perhaps a text.
    Done(Option<String>),
    /// OKAY, then the list of devices at every change.
    Track {
        /// As `devices -l` prints it.
        long: bool,
    },
    /// OKAY, then another when the device is as wanted.
    Wait(Wanted),
    /// OKAY, then the server's end.
    Stop,
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The device is there and lets us in.
    Device,
    /// It is there.
    Any,
    /// It is not there.
    Disconnect,
    /// A state no virtual device is ever in.
    Other,
}

impl Wanted {
    /// Reads `wait-for-any-device`, `wait-for-device`, …
    fn parse(verb: &str) -> Option<Self> {
        let rest = verb.strip_prefix("wait-for-")?;
        let state =
            ["any-", "usb-", "local-"].iter().find_map(|transport| rest.strip_prefix(transport)).unwrap_or(rest);
        Some(match state {
            "device" => Self::Device,
            "any" => Self::Any,
            "disconnect" => Self::Disconnect,
            _ => Self::Other,
        })
    }

    /// Whether it is so.
    pub fn is_met(self, roster: &Roster, target: &Target) -> bool {
        let found = roster.find(target);
        match self {
            Self::Device => found.is_ok_and(|device| device.state() == "device"),
            Self::Any => found.is_ok(),
            Self::Disconnect => found.is_err(),
            Self::Other => false,
        }
    }
}

/// The list of devices, as text.
pub fn list(roster: &Roster, long: bool) -> String {
    let line = |device: &super::roster::Attached| match long {
        true => device.long_line(),
        false => format!("{}\t{}\n", device.serial(), device.state()),
    };
    roster.all().iter().map(line).collect()
}

/// Answers one request about `target`, or says why not.
pub async fn answer(hall: &Arc<Hall>, target: &Target, verb: &str) -> Result<Reply, String> {
    let roster = &hall.roster;
    let text = |text: &str| Ok(Reply::Text(text.into()));
    if let Some(wanted) = Wanted::parse(verb) {
        return Ok(Reply::Wait(wanted));
    }
    match verb {
        "version" => text(VERSION),
        "kill" => Ok(Reply::Stop),
        "devices" => text(&list(roster, false)),
        "devices-l" => text(&list(roster, true)),
        "track-devices" => Ok(Reply::Track { long: false }),
        "track-devices-l" => Ok(Reply::Track { long: true }),
        "host-features" => text(FEATURES),
        "features" => text(&roster.find(target)?.site.machine.profile.features.join(",")),
        "get-state" => text(roster.find(target)?.state()),
        "get-serialno" => text(roster.find(target)?.serial()),
        "get-devpath" => roster.find(target).and_then(|_| text("unknown")),
        "reconnect-offline" => text(""),
        "reconnect" => reconnect(roster, target),
        "list-forward" => text(&hall.forwards.list()),
        "killforward-all" => {
            hall.forwards.remove_all(None);
            Ok(Reply::Done(None))
        }
        _ => with_argument(hall, target, verb).await,
    }
}

async fn with_argument(hall: &Arc<Hall>, target: &Target, verb: &str) -> Result<Reply, String> {
    match verb.split_once(':') {
        Some(("connect", address)) => Ok(Reply::Text(connect(hall, address))),
        Some(("disconnect", address)) => disconnect(&hall.roster, address).map(Reply::Text),
        Some(("forward", what)) => {
            let device = hall.roster.find(target)?;
            hall.forwards.add(&device.site, what).await.map(Reply::Done)
        }
        Some(("killforward", local)) => hall.forwards.remove(local).map(|()| Reply::Done(None)),
        _ => Err("unknown host service".into()),
    }
}

fn reconnect(roster: &Roster, target: &Target) -> Result<Reply, String> {
    let device = roster.find(target)?;
    let text = format!("reconnecting {} [{}]\n", device.serial(), device.state());
    device.site.machine.break_link();
    Ok(Reply::Text(text))
}

fn connect(hall: &Arc<Hall>, address: &str) -> String {
    if hall.roster.all().iter().any(|device| device.serial() == address) {
        return format!("already connected to {address}");
    }
    let back = hall.roster.apart(address).filter(|machine| !machine.power().is_cancelled());
    match back.map(|machine| hall.attach(machine)) {
        Some(Ok(())) => format!("connected to {address}"),
        _ => format!("failed to connect to '{address}': Connection refused"),
    }
}

fn disconnect(roster: &Roster, address: &str) -> Result<String, String> {
    // Only what was connected by address can be disconnected.
    let networked = roster.all().into_iter().filter(|device| device.serial().contains(':'));
    if address.is_empty() {
        networked.for_each(|device| roster.disconnect(&device));
        return Ok("disconnected everything".into());
    }
    let device = networked.into_iter().find(|device| device.serial() == address);
    let device = device.ok_or_else(|| format!("no such device '{address}'"))?;
    roster.disconnect(&device);
    Ok(format!("disconnected {address}"))
}

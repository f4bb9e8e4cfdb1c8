//! Orders to adbd and to the device: `root:`, `unroot:`, `remount:`, `reboot:`, `tcpip:`, `usb:`, `disable-verity:`,
//! `enable-verity:`, `track-jdwp`, `jdwp`.
//! Source: AOSP `packages/modules/adb/daemon/{restart,reboot,remount,set_verity_enable_state,jdwp}_service.cpp`.

use super::debugger;
use crate::virtual_device::fault;
use crate::virtual_device::machine::Machine;
use crate::virtual_device::pipe::Pipe;
use std::sync::Arc;

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Restart adbd as root.
    Root,
    /// Restart adbd as shell.
    Unroot,
    /// Make system partitions writable.
    Remount,
    /// Start the device anew.
    Reboot,
    /// Listen at a TCP port beside; `None` is no port.
    Tcp(Option<u16>),
    /// Listen at no TCP port any more.
    Usb,
    /// Check system partitions, or don't.
    Verity {
        /// Check them.
        on: bool,
    },
    /// Tell the debuggable processes, and every change.
    TrackJdwp,
    /// Tell the debuggable processes.
    Jdwp,
}

impl Order {
    /// The order of that service name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "root:" => Some(Self::Root),
            "unroot:" => Some(Self::Unroot),
            "remount:" => Some(Self::Remount),
            "usb:" => Some(Self::Usb),
            "disable-verity:" => Some(Self::Verity { on: false }),
            "enable-verity:" => Some(Self::Verity { on: true }),
            "track-jdwp" => Some(Self::TrackJdwp),
            "jdwp" => Some(Self::Jdwp),
            _ => match name.split_once(':')? {
                ("reboot", _) => Some(Self::Reboot),
                ("tcpip", port) => Some(Self::Tcp(port.parse().ok().filter(|port| *port > 0))),
                _ => None,
            },
        }
    }

    /// Carries the order out.
    pub async fn run(self, machine: &Arc<Machine>, pipe: Pipe) {
        let (possible, is_root) = (machine.profile.rooted, machine.shell_uid() == 0);
        let answer = match self {
            Self::Root if is_root => "adbd is already running as root\n",
            Self::Root if possible => {
                return restart(machine, pipe, "restarting adbd as root\n", |m| m.run_as_root(true)).await;
            }
            Self::Root => "adbd cannot run as root in production builds\n",
            Self::Unroot if is_root => {
                return restart(machine, pipe, "restarting adbd as non root\n", |m| m.run_as_root(false)).await;
            }
            // MODEL: as on an emulator, whose own connection stays: adbd starts anew, the port is told by the property
            // alone.
            Self::Tcp(Some(port)) => {
                let answer = format!("restarting in TCP mode port: {port}\n");
                return restart(machine, pipe, &answer, |m| listen(m, &port.to_string())).await;
            }
            Self::Tcp(None) => "invalid port\n",
            Self::Usb => return restart(machine, pipe, "restarting in USB mode\n", |m| listen(m, "0")).await,
            // MODEL: a rooted device here is one whose partitions were never checked.
            Self::Verity { .. } if possible => "verity not enabled - ENG build\n",
            Self::Verity { on: false } => "disable-verity only works for userdebug builds\n",
            Self::Verity { on: true } => "enable-verity only works for userdebug builds\n",
            Self::Unroot => "adbd not running as root\n",
            Self::Remount if is_root => "remount succeeded\n",
            Self::Remount => "Not running as root. Try \"adb root\" first.\n",
            Self::Reboot => return fault::restart(machine),
            Self::TrackJdwp => return debugger::track(machine, pipe).await,
            Self::Jdwp => {
                // A client that went away is told nothing.
                let _ = pipe.output.send(debugger::listed(machine).into_bytes()).await;
                return;
            }
        };
        let _ = pipe.output.send(answer.as_bytes().to_vec()).await;
    }
}

/// Starts adbd anew once the client has its answer: every connection breaks, and can be made again.
async fn restart(machine: &Machine, pipe: Pipe, answer: &str, change: impl FnOnce(&Machine)) {
    let Pipe { output, hangup, .. } = pipe;
    let _ = output.send(answer.as_bytes().to_vec()).await;
    drop(output);
    hangup.cancelled().await;
    change(machine);
    machine.break_link();
}

fn listen(machine: &Machine, port: &str) {
    // A name and a value that no rule forbids.
    let _ = machine.properties().set("service.adb.tcp.port", port);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::clock::Clock;
    use crate::virtual_device::machine::Profile;

    async fn answer(profile: &str, order: &str) -> String {
        let machine = Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(0));
        let (mut client, device) = Pipe::pair(&CancellationToken::new());
        Order::parse(order).unwrap().run(&machine, device).await;
        String::from_utf8(client.input.recv().await.unwrap_or_default()).unwrap()
    }

    #[tokio::test]
    async fn only_a_rooted_device_is_root() {
        assert_eq!(answer("", "root:").await, "adbd cannot run as root in production builds\n");
        assert_eq!(answer("rooted=true", "root:").await, "adbd is already running as root\n");
        assert_eq!(answer("", "disable-verity:").await, "disable-verity only works for userdebug builds\n");
        assert_eq!(answer("", "tcpip:0").await, "invalid port\n");
        assert_eq!(answer("", "remount:").await, "Not running as root. Try \"adb root\" first.\n");
    }

    #[tokio::test]
    async fn adbd_restarts_after_the_answer_is_through() {
        let machine = Machine::boot(Profile::parse("rooted=true").unwrap(), Clock::stepped(0));
        let link = machine.link();
        let (mut client, device) = Pipe::pair(&link);
        let order = tokio::spawn({
            let machine = machine.clone();
            async move { Order::Unroot.run(&machine, device).await }
        });
        assert_eq!(client.input.recv().await.unwrap(), b"restarting adbd as non root\n");
        assert!(client.input.recv().await.is_none() && !link.is_cancelled());
        client.hangup.cancel();
        order.await.unwrap();
        assert!(link.is_cancelled());
        assert_eq!(machine.shell_uid(), 2000);
    }

    #[tokio::test]
    async fn a_reboot_breaks_the_link_after_a_while_but_not_for_good() {
        let clock = Clock::stepped(0);
        let machine = Machine::boot(Profile::new("a"), clock.clone());
        let (before, start) = (machine.link(), machine.system().start_id());
        let (_client, device) = Pipe::pair(&before);
        Order::parse("reboot:").unwrap().run(&machine, device).await;
        assert!(!before.is_cancelled(), "it shuts down first");
        while !before.is_cancelled() {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_millis(50));
        }
        assert!(!machine.link().is_cancelled());
        assert_ne!(machine.system().start_id(), start);
    }
}

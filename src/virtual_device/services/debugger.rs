//! `jdwp`, `track-jdwp`, `jdwp:PID`: the processes that a debugger may look into.
//! Source: AOSP `packages/modules/adb/daemon/jdwp_service.cpp`, `art/adbconnection`.

use std::fmt::Write as _;

use crate::virtual_device::machine::Machine;
use crate::virtual_device::pipe::{Intake, Pipe};

/// What both ends of a debugger's connection say first.
const HANDSHAKE: &[u8] = b"JDWP-Handshake";

/// Process ids of apps whose developers may look into them, one a line, the last one first; of all apps on a rooted device,
/// whose build is for developers.
pub fn listed(machine: &Machine) -> String {
    let system = machine.system();
    let all = machine.profile.rooted;
    let mut pids: Vec<u32> = system
        .processes()
        .filter(|process| {
            let package = system.packages().get(process.name.split(':').next().unwrap_or_default());
            package.is_some_and(|package| all || package.facts.debuggable)
        })
        .map(|process| process.pid)
        .collect();
    pids.sort_unstable_by(|a, b| b.cmp(a));
    pids.iter().fold(String::new(), |mut text, pid| {
        let _ = writeln!(text, "{pid}");
        text
    })
}

/// Sends the list, and again whenever it is another.
pub async fn track(machine: &Machine, pipe: Pipe) {
    let mut changes = machine.system().changes();
    let mut told: Option<String> = None;
    loop {
        changes.borrow_and_update();
        let list = listed(machine);
        if told.as_ref() != Some(&list) {
            let message = format!("{:04x}{list}", list.len());
            if pipe.output.send(message.into_bytes()).await.is_err() {
                return;
            }
            told = Some(list);
        }
        tokio::select! {
            () = pipe.hangup.cancelled() => return,
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}

/// Whether a debugger can reach that process.
pub fn is_open(machine: &Machine, pid: &str) -> bool {
    listed(machine).lines().any(|line| line == pid)
}

/// A debugger's connection. MODEL: the runtime greets and answers nothing, as one that is busy.
pub async fn attach(pipe: Pipe) {
    let Pipe { input, output, hangup } = pipe;
    let mut intake = Intake::new(input);
    let mut greeted = Vec::new();
    let listen = async {
        while greeted.len() < HANDSHAKE.len() {
            let Some(bytes) = intake.some(HANDSHAKE.len() - greeted.len()).await else { return };
            greeted.extend_from_slice(bytes);
        }
        if greeted != HANDSHAKE || output.send(HANDSHAKE.to_vec()).await.is_err() {
            return;
        }
        while intake.some(usize::MAX).await.is_some() {}
    };
    tokio::select! {
        () = hangup.cancelled() => {}
        () = listen => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::clock::Clock;
    use crate::virtual_device::machine::Profile;

    #[tokio::test]
    async fn a_debugger_is_greeted_and_strangers_are_not() {
        for (said, heard) in [(HANDSHAKE, Some(HANDSHAKE.to_vec())), (b"GET / HTTP/1.1", None)] {
            let (mut client, device) = Pipe::pair(&CancellationToken::new());
            let runtime = tokio::spawn(attach(device));
            client.output.send(said.to_vec()).await.unwrap();
            assert_eq!(client.input.recv().await, heard);
            drop(client);
            runtime.await.unwrap();
        }
    }

    #[tokio::test]
    async fn the_list_comes_at_once_and_again_when_it_changes() {
        let machine = Machine::boot(Profile::parse("rooted=true").unwrap(), Clock::stepped(0));
        let (mut client, device) = Pipe::pair(&CancellationToken::new());
        let tracking = tokio::spawn({
            let machine = machine.clone();
            async move { track(&machine, device).await }
        });
        let first = String::from_utf8(client.input.recv().await.unwrap()).unwrap();
        let list = listed(&machine);
        assert_eq!(first, format!("{:04x}{list}", list.len()));
        let pid = list.lines().next().unwrap().parse().unwrap();
        machine.system().kill(pid);
        machine.system().settings_mut();
        let second = String::from_utf8(client.input.recv().await.unwrap()).unwrap();
        assert_ne!(first, second);
        client.hangup.cancel();
        tracking.await.unwrap();
    }
}

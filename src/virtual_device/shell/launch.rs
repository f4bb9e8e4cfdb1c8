//! Finding a program and running it with the shell's streams.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use super::flow::Outcome;
use super::input::{Input, Receiver};
use super::output::{Output, WriteError};
use super::state::Shell;
use crate::virtual_device::fault::Start;
use crate::virtual_device::fs::path;
use crate::virtual_device::machine::Machine;
use crate::virtual_device::process::{Bytes, Call, Program, Running, Stdio};
use crate::virtual_device::processes::Alive;
use crate::virtual_device::programs;
use crate::virtual_device::signal::{Mailbox, Signal};

/// Chunks that wait between a program and a file.
const DEPTH: usize = 4;
/// How often a program that was told to end is looked after before it is dropped.
const GRACE: usize = 64;

/// What a command's name leads to.
pub(super) enum Found {
    Program(Program, String),
    Script(String),
    /// Status and message.
    Nothing(i32, String),
}

impl Shell {
    /// Looks for a program by path or along PATH.
    pub fn lookup(&self, name: &str) -> Found {
        if name.contains('/') {
            return self.at_path(name, &self.absolute(name));
        }
        for folder in self.variables.get("PATH").unwrap_or_default().split(':') {
            let candidate = path::join(&self.absolute(if folder.is_empty() { "." } else { folder }), name);
            let stat = self.machine.files().stat(self.actor(), &candidate);
            if stat.is_ok_and(|stat| stat.is_file() && stat.mode & 0o111 != 0) {
                return self.at_path(name, &candidate);
            }
        }
        Found::Nothing(127, format!("{name}: {}", self.not_found()))
    }

    fn not_found(&self) -> &'static str {
        if self.machine.profile.api <= 23 { "not found" } else { "inaccessible or not found" }
    }

    fn at_path(&self, name: &str, at: &str) -> Found {
        let files = self.machine.files();
        let stat = match files.stat(self.actor(), at) {
            Ok(stat) => stat,
            Err(_) => return Found::Nothing(127, format!("{name}: {}", self.not_found())),
        };
        if stat.is_folder() {
            return Found::Nothing(126, format!("{name}: can't execute: Is a directory"));
        }
        if !files.may(self.actor(), at, 1) {
            return Found::Nothing(126, format!("{name}: can't execute: Permission denied"));
        }
        let content = files.read(self.actor(), at).unwrap_or_default();
        if !content.starts_with(b"\x7fELF") {
            return Found::Script(at.to_owned());
        }
        match programs::find(path::base(at)) {
            Some(program) => Found::Program(program, at.to_owned()),
            None => Found::Nothing(126, format!("{name}: not executable: ELF file of another machine")),
        }
    }

    /// Runs a program with arguments in the foreground.
    pub async fn launch(&mut self, argv: Vec<String>) -> Outcome {
        crate::virtual_device::network::refresh(&self.machine);
        crate::virtual_device::kernel_files::refresh(&self.machine, &argv, self.process.pid);
        let (program, argv) = match self.lookup(&argv[0]) {
            Found::Program(program, _) => (program, argv),
            Found::Script(at) => {
                let rest = argv.into_iter().skip(1);
                let argv: Vec<String> = ["sh".to_owned(), at].into_iter().chain(rest).collect();
                (super::session::program as Program, argv)
            }
            Found::Nothing(status, message) => {
                self.complain(&message).await;
                return Ok(status);
            }
        };
        self.run_program_with(program, argv).await
    }

    async fn run_program_with(&mut self, program: Program, argv: Vec<String>) -> Outcome {
        let mailbox = Arc::new(Mailbox::default());
        let alive = Alive::start(&self.machine, self.process.pid, self.uid, argv.clone(), mailbox.clone());
        let Some(alive) = alive else { return self.fail("can't fork - try again").await };
        let name = argv[0].clone();
        let (mut call, mut streams) = self.call_with(argv).await;
        call.stdio.hangup = CancellationToken::new();
        let hangup = call.stdio.hangup.clone();
        let status = if std::ptr::fn_addr_eq(program, super::session::program as Program) {
            // A shell hears its signals itself, and takes the time its traps need.
            let running = super::session::within(call, alive, mailbox.clone());
            self.attend_shell(running, &mailbox, &hangup, &mut streams).await
        } else {
            let running = meddled(&self.machine, program, call);
            let status = self.attend(running, &mailbox, &hangup, &mut streams).await;
            drop(alive);
            status
        };
        let refused = streams.finish().await;
        if let Some(error) = refused {
            self.complain_as(&name, &format!("write: {error}")).await;
            return Ok(1);
        }
        self.hear().await?;
        Ok(status)
    }

    async fn complain_as(&mut self, name: &str, message: &str) {
        let output = self.descriptors.output(2);
        // Nobody is left to be told when this fails.
        let _ = output.write(format!("{name}: {message}\n").into_bytes()).await;
    }

    /// Waits for a program's end, carries its bytes, and hands signals on to it.
    async fn attend(
        &self,
        mut running: Running,
        mailbox: &Mailbox,
        hangup: &CancellationToken,
        streams: &mut Streams,
    ) -> i32 {
        loop {
            let signal = tokio::select! {
                biased;
                status = &mut running => return status,
                () = mailbox.arrival() => mailbox.take(),
                () = self.doomed() => Some(Signal::TERM),
                () = self.session.cancelled(), if !self.hung_up && !self.traps.ignores(Signal::HUP) => Some(Signal::HUP),
                () = streams.carry() => None,
            };
            let Some(signal) = signal.filter(|signal| !signal.is_harmless()) else { continue };
            if signal != Signal::KILL {
                hangup.cancel();
                for _ in 0..GRACE {
                    tokio::select! {
                        biased;
                        _ = &mut running => break,
                        () = tokio::task::yield_now() => {}
                    }
                }
            }
            return signal.status();
        }
    }

    /// Waits for a shell's end; what ends this shell ends that one too.
    async fn attend_shell(
        &self,
        mut running: Running,
        mailbox: &Mailbox,
        hangup: &CancellationToken,
        streams: &mut Streams,
    ) -> i32 {
        let mut told = false;
        loop {
            tokio::select! {
                biased;
                status = &mut running => return status,
                () = self.mailbox.arrival(), if self.is_one_program => {
                    while let Some(signal) = self.mailbox.take() {
                        mailbox.post(signal);
                    }
                }
                () = self.doomed(), if !told && !self.is_one_program => {
                    told = true;
                    mailbox.post(Signal::TERM);
                }
                () = self.session.cancelled(), if !hangup.is_cancelled() && !self.hung_up => hangup.cancel(),
                () = streams.carry() => {}
            }
        }
    }

    async fn call_with(&self, argv: Vec<String>) -> (Call, Streams) {
        let input = self.descriptors.input(0);
        let (stdin, feed) = match input.plain_stream().await {
            Some(receiver) => (receiver, None),
            None => {
                let (sender, receiver) = mpsc::channel(1);
                let receiver = Arc::new(Mutex::new(receiver));
                (receiver.clone(), Some(Feed { input, sender: Some(sender), receiver }))
            }
        };
        let (out, err) = (self.descriptors.output(1), self.descriptors.output(2));
        let shared = out.is_same_file(&err);
        let mut relays = Vec::new();
        let stdout = relay(out, &mut relays);
        let stderr = if shared { stdout.clone() } else { relay(err, &mut relays) };
        let stdio = Stdio { stdin, stdout, stderr, hangup: CancellationToken::new() };
        let call = Call {
            machine: self.machine.clone(),
            argv,
            env: self.variables.exported(),
            cwd: self.cwd.clone(),
            uid: self.uid,
            umask: self.umask,
            stdio,
        };
        (call, Streams { feed, relays })
    }

    /// Waits until a signal comes that ends this shell: one without a trap.
    pub async fn doomed(&self) {
        loop {
            self.mailbox.arrival().await;
            let waiting = self.mailbox.waiting();
            if waiting.iter().any(|signal| self.traps.lets_die(*signal)) {
                return;
            }
            self.mailbox.change(waiting.len()).await;
        }
    }
}

/// The program's run, or what a fault of the device makes of it.
fn meddled(machine: &Arc<Machine>, program: Program, call: Call) -> Running {
    let name = path::base(call.argv.first().map_or("", String::as_str));
    match machine.faults_of_program(name) {
        None => program(call),
        Some(Start::Killed) => Box::pin(async move {
            call.stdio.err("Killed \n").await;
            Signal::KILL.status()
        }),
        Some(Start::Late(None)) => Box::pin(std::future::pending()),
        Some(Start::Late(Some(after))) => Box::pin(async move {
            call.machine.clock.sleep(after).await;
            program(call).await
        }),
    }
}

/// The go-betweens of a running program.
struct Streams {
    feed: Option<Feed>,
    relays: Vec<Relay>,
}

/// Carries what was read ahead, or a file's content, to a program.
struct Feed {
    input: Arc<Input>,
    sender: Option<mpsc::Sender<Bytes>>,
    receiver: Receiver,
}

/// Carries a program's output into a file.
struct Relay {
    receiver: mpsc::Receiver<Bytes>,
    output: Output,
    error: Option<crate::virtual_device::fs::FilesError>,
}

fn relay(output: Output, relays: &mut Vec<Relay>) -> mpsc::Sender<Bytes> {
    if let Output::Stream(sender) = output {
        return sender;
    }
    let (sender, receiver) = mpsc::channel(DEPTH);
    relays.push(Relay { receiver, output, error: None });
    sender
}

impl Streams {
    /// Carries one chunk; never ends when there is nothing to carry.
    async fn carry(&mut self) {
        let feed = async {
            match &mut self.feed {
                Some(feed) if feed.sender.is_some() => feed.carry().await,
                _ => std::future::pending().await,
            }
        };
        let middle = self.relays.len().min(1);
        let (first, second) = self.relays.split_at_mut(middle);
        tokio::select! {
            () = feed => {}
            () = carry(first.first_mut()) => {}
            () = carry(second.first_mut()) => {}
        }
    }

    /// The program ended: the last of its output is written, what it did not read is put back.
    async fn finish(self) -> Option<crate::virtual_device::fs::FilesError> {
        let mut refused = None;
        for mut relay in self.relays {
            while let Ok(bytes) = relay.receiver.try_recv() {
                relay.put(bytes).await;
            }
            refused = refused.or(relay.error);
        }
        if let Some(feed) = self.feed {
            let mut left = Bytes::new();
            let mut receiver = feed.receiver.lock().await;
            while let Ok(bytes) = receiver.try_recv() {
                left.extend_from_slice(&bytes);
            }
            feed.input.unread(left).await;
        }
        refused
    }
}

async fn carry(relay: Option<&mut Relay>) {
    match relay {
        Some(relay) => match relay.receiver.recv().await {
            Some(bytes) => relay.put(bytes).await,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

impl Relay {
    async fn put(&mut self, bytes: Bytes) {
        if let Err(WriteError::Refused(error)) = self.output.write(bytes).await {
            self.error = Some(error);
            self.receiver.close();
        }
    }
}

impl Feed {
    async fn carry(&mut self) {
        let Some(sender) = &self.sender else { return };
        let Ok(permit) = sender.reserve().await else {
            self.sender = None;
            return;
        };
        match self.input.read().await {
            Some(bytes) => permit.send(bytes),
            None => {
                drop(permit);
                self.sender = None;
            }
        }
    }
}

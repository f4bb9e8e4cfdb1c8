//! A running shell: everything a subshell copies.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use brush_parser::ast::FunctionBody;
use tokio_util::sync::CancellationToken;

use super::alias::Aliases;
use super::descriptors::Descriptors;
use super::flow::{Flow, Outcome};
use super::jobs::Jobs;
use super::output::WriteError;
use super::traps::Traps;
use super::variables::{VariableError, Variables};
use crate::virtual_device::fs::{Actor, path};
use crate::virtual_device::machine::Machine;
use crate::virtual_device::processes::Alive;
use crate::virtual_device::signal::{Mailbox, Signal};

/// Deepest nesting of functions, subshells and sourced files: each takes stack.
const MAX_DEPTH: usize = 40;
/// Commands after which a busy shell lets others run.
const BREATH: u32 = 32;

/// Levels of nesting on one stack.
const LEVELS_A_STACK: usize = 4;

/// Work that takes the shell along and brings it back.
pub(super) type Away = Pin<Box<dyn Future<Output = (Shell, Outcome)> + Send>>;

/// A task that ends with the one that waits for it.
struct AbortOnDrop(tokio::task::JoinHandle<(Shell, Outcome)>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// `set` options.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// `-e`
    pub errexit: bool,
    /// `-u`
    pub nounset: bool,
    /// `-x`
    pub xtrace: bool,
    /// `-f`
    pub noglob: bool,
    /// `-n`
    pub noexec: bool,
    /// `-a`
    pub allexport: bool,
    /// `-o pipefail`
    pub pipefail: bool,
    /// `-C`
    pub noclobber: bool,
    /// `+o braceexpand`
    pub no_braces: bool,
}

/// What the shell's error messages begin with.
#[derive(Clone, Debug)]
pub(super) enum Speaker {
    /// `sh -c` or commands from a stream: the shell's own path.
    Shell,
    /// A script file: its name.
    Script(String),
    /// A file read by another shell, or its standard input: the name beside the shell's own.
    Within(String),
}

/// A running shell.
pub(super) struct Shell {
    pub machine: Arc<Machine>,
    pub uid: u32,
    /// The process this shell runs in.
    pub process: Arc<Alive>,
    /// `$$`: the process of the shell this one was forked from.
    pub main_pid: u32,
    pub mailbox: Arc<Mailbox>,
    /// `$0`
    pub name: String,
    pub speaker: Speaker,
    pub variables: Variables,
    pub aliases: Aliases,
    pub functions: BTreeMap<String, Arc<FunctionBody>>,
    pub positional: Vec<String>,
    pub options: Options,
    pub traps: Traps,
    pub cwd: String,
    /// Bits that new files don't get.
    pub umask: u32,
    pub descriptors: Descriptors,
    pub jobs: Jobs,
    /// `$?`
    pub status: i32,
    /// `$PIPESTATUS`
    pub statuses: Vec<i32>,
    /// `$LINENO`: the line of the command that runs.
    pub line: usize,
    /// The line up to which the script is read, which messages tell; and the lines before the text that is parsed.
    pub read_line: usize,
    /// How far `$SECONDS` was set forward.
    pub seconds_shift: i64,
    /// `c` or `s` in `$-`: where the commands come from.
    pub origin: Option<char>,
    /// Status of the last `$(…)` of a command, for commands that are only assignments.
    pub substituted: Option<i32>,
    /// Cancelled when the stream to the client breaks.
    pub session: CancellationToken,
    /// The break was turned into SIGHUP already.
    pub hung_up: bool,
    pub depth: usize,
    /// The depth at which the present stack began.
    pub stack_from: usize,
    pub loops: u32,
    pub functions_deep: u32,
    /// Above 0 a failing command does not end a `set -e` shell.
    pub forgiving: u32,
    /// State of `$RANDOM`.
    pub random: u32,
    pub breath: u32,
    /// `exec` with redirections only: they stay.
    pub keep_descriptors: bool,
    /// A background job that is one program: its signals are the program's.
    pub is_one_program: bool,
    /// The trap on ERR ran for the last failure.
    pub trapped: bool,
    /// The last failure was one that `set -e` does not count.
    pub excused: bool,
    /// Where `getopts` stands: the argument, and the letter in it.
    pub option_index: usize,
    pub option_offset: usize,
}

impl Shell {
    /// Who acts on files for this shell.
    pub fn actor(&self) -> Actor {
        Actor { umask: self.umask, ..Actor::new(self.uid, self.machine.wall()) }
    }

    /// A path as the shell sees it, absolute.
    pub fn absolute(&self, name: &str) -> String {
        if name.is_empty() { String::new() } else { path::absolute(&self.cwd, name) }
    }

    /// A copy that runs in a process of its own. Traps that are not ignored are forgotten.
    pub async fn fork(&mut self) -> Result<Self, Flow> {
        if self.depth >= MAX_DEPTH {
            self.complain("nested too deeply").await;
            return Err(Flow::Exit(1));
        }
        let mailbox = Arc::new(Mailbox::default());
        let arguments = vec![self.name.clone()];
        let Some(process) = Alive::start(&self.machine, self.process.pid, self.uid, arguments, mailbox.clone()) else {
            self.complain("can't fork - try again").await;
            return Err(Flow::Exit(1));
        };
        let mut copy = self.copy(Arc::new(process), mailbox);
        copy.traps = self.traps.inherited();
        copy.depth += 1;
        Ok(copy)
    }

    fn copy(&self, process: Arc<Alive>, mailbox: Arc<Mailbox>) -> Self {
        Self {
            machine: self.machine.clone(),
            uid: self.uid,
            process,
            main_pid: self.main_pid,
            mailbox,
            name: self.name.clone(),
            speaker: self.speaker.clone(),
            variables: self.variables.clone(),
            aliases: self.aliases.clone(),
            functions: self.functions.clone(),
            positional: self.positional.clone(),
            options: self.options,
            traps: self.traps.clone(),
            cwd: self.cwd.clone(),
            umask: self.umask,
            descriptors: self.descriptors.clone(),
            jobs: Jobs::of_parent(&self.jobs),
            status: self.status,
            statuses: self.statuses.clone(),
            line: self.line,
            read_line: self.read_line,
            seconds_shift: self.seconds_shift,
            origin: self.origin,
            substituted: None,
            session: self.session.clone(),
            hung_up: self.hung_up,
            depth: self.depth,
            stack_from: self.stack_from,
            loops: 0,
            functions_deep: self.functions_deep,
            forgiving: self.forgiving,
            random: self.random,
            breath: 0,
            keep_descriptors: false,
            is_one_program: false,
            trapped: false,
            excused: false,
            option_index: 1,
            option_offset: 0,
        }
    }

    /// Does work of this shell on a stack of its own when the present one is used a good deal.
    pub async fn with_room(&mut self, work: impl FnOnce(Self) -> Away) -> Outcome {
        let stand_in = self.copy(self.process.clone(), self.mailbox.clone());
        let mut shell = std::mem::replace(self, stand_in);
        let before = shell.stack_from;
        shell.stack_from = shell.depth;
        let mut task = AbortOnDrop(tokio::spawn(work(shell)));
        match (&mut task.0).await {
            Ok((shell, outcome)) => {
                *self = shell;
                self.stack_from = before;
                outcome
            }
            Err(_) => Err(Flow::Exit(255)),
        }
    }

    /// Whether the stack is used a good deal.
    pub fn is_deep(&self) -> bool {
        self.depth >= self.stack_from + LEVELS_A_STACK
    }

    /// Goes one level deeper into functions or sourced files.
    pub async fn descend(&mut self) -> Result<(), Flow> {
        if self.depth >= MAX_DEPTH {
            self.complain("nested too deeply").await;
            return Err(Flow::Exit(1));
        }
        self.depth += 1;
        Ok(())
    }

    /// Writes to a descriptor; a closed one ends the shell as SIGPIPE does.
    pub async fn write(&mut self, number: u32, bytes: impl Into<Vec<u8>>) -> Result<bool, Flow> {
        let output = self.descriptors.output(number);
        let written = tokio::select! {
            biased;
            written = output.write(bytes.into()) => written,
            () = self.session.cancelled(), if !self.hung_up => Err(WriteError::Closed),
        };
        match written {
            Ok(()) => Ok(true),
            Err(WriteError::Closed) if self.traps.ignores(Signal::PIPE) || self.hung_up => Ok(false),
            Err(WriteError::Closed) => {
                self.hear().await?;
                Err(Flow::Exit(Signal::PIPE.status()))
            }
            Err(WriteError::Refused(error)) => {
                self.complain(&format!("write error: {error}")).await;
                Ok(false)
            }
        }
    }

    /// Writes a message with the shell's name before it to standard error.
    pub async fn complain(&mut self, message: &str) {
        let line = match &self.speaker {
            Speaker::Shell => format!("{}: {message}\n", self.name),
            Speaker::Script(name) => format!("{name}[{}]: {message}\n", self.read_line),
            Speaker::Within(name) => format!("{}: {name}[{}]: {message}\n", self.name, self.read_line),
        };
        // Nobody is left to be told when this fails.
        let output = self.descriptors.output(2);
        let _ = tokio::select! {
            biased;
            written = output.write(line.into_bytes()) => written,
            () = self.session.cancelled() => Err(WriteError::Closed),
        };
    }

    /// Complains and gives status 1.
    pub async fn fail(&mut self, message: &str) -> Outcome {
        self.complain(message).await;
        Ok(1)
    }

    /// Complains and ends the shell.
    pub async fn die(&mut self, message: &str) -> Flow {
        self.complain(message).await;
        Flow::Exit(1)
    }

    /// Sets a variable or a place of an array; a read-only one ends the shell, as POSIX says. What a number gets is
    /// computed.
    pub async fn assign(&mut self, name: &str, value: String) -> Result<(), Flow> {
        if name == "SECONDS" {
            let wanted: i64 = value.trim().parse().unwrap_or(0);
            self.seconds_shift = wanted - self.seconds();
        }
        let set = match self.variables.attributes(name).base {
            None => self.variables.set(name, value),
            Some(_) => {
                let number = self.compute(&value).await?;
                self.variables.set_number(name, number)
            }
        };
        if let Err(error) = set {
            return Err(self.stop(&error).await);
        }
        if self.options.allexport {
            self.variables.export(name);
        }
        Ok(())
    }

    /// Whole seconds of the device's clock.
    pub fn seconds(&self) -> i64 {
        i64::try_from(self.machine.clock.elapsed().as_secs()).unwrap_or(i64::MAX)
    }

    /// Whether commands have lines: those of files and streams do.
    pub fn counts_lines(&self) -> bool {
        !matches!(self.speaker, Speaker::Shell)
    }

    /// Says why a variable was not set, and ends the shell with mksh's status for that.
    pub async fn stop(&mut self, error: &VariableError) -> Flow {
        self.complain(&error.to_string()).await;
        Flow::Exit(2)
    }

    /// Lets others run now and then, and does what signals ask for.
    pub async fn breathe(&mut self) -> Result<(), Flow> {
        self.breath += 1;
        if self.breath >= BREATH {
            self.breath = 0;
            tokio::task::yield_now().await;
        }
        self.hear().await
    }

    /// The next number of `$RANDOM`: 0 to 32767, from the device's seed.
    pub fn next_random(&mut self) -> u32 {
        self.random = self.random.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        (self.random >> 16) & 0x7fff
    }
}

//! A shell from its start to its end: `-c`, a script file, or commands from a stream.

use std::sync::Arc;

use super::alias;
use super::descriptors::Descriptors;
use super::flow::{Flow, Outcome};
use super::jobs::Jobs;
use super::source::{self, MAX_SCRIPT, SyntaxError};
use super::state::{Options, Shell, Speaker};
use super::traps::Traps;
use super::variables::Variables;
use crate::virtual_device::machine::Machine;
use crate::virtual_device::process::{Call, Running, Stdio};
use crate::virtual_device::processes::Alive;
use crate::virtual_device::programs::Table;
use crate::virtual_device::signal::Mailbox;

/// The shell's path on the device, and the name it gives itself.
const SHELL: &str = "/system/bin/sh";
/// Process id of adbd, in whose session shells run.
const ADBD: u32 = 244;
/// The usual environment of a shell that adbd starts.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("ANDROID_ASSETS", "/system/app"),
    ("ANDROID_BOOTLOGO", "1"),
    ("ANDROID_DATA", "/data"),
    ("ANDROID_ROOT", "/system"),
    ("ANDROID_STORAGE", "/storage"),
    ("EXTERNAL_STORAGE", "/sdcard"),
    ("HOME", "/"),
    ("PATH", "/product/bin:/apex/com.android.runtime/bin:/system/bin:/system/xbin:/vendor/bin"),
    ("SHELL", SHELL),
    ("TERM", "dumb"),
    ("TMPDIR", "/data/local/tmp"),
];

/// The shell as a program.
pub fn table() -> Table {
    &[("sh", program)]
}

/// Runs a command line as adbd's `shell:` service does; an empty one reads commands from standard input.
pub fn run(machine: Arc<Machine>, command: String, stdio: Stdio, uid: u32) -> Running {
    run_with(machine, command, stdio, uid, Arc::new(Mailbox::default()))
}

/// As [`run`]; `mailbox` is where the shell gets its signals.
pub fn run_with(machine: Arc<Machine>, command: String, stdio: Stdio, uid: u32, mailbox: Arc<Mailbox>) -> Running {
    let user = if uid == 0 { "root" } else { "shell" };
    let mut env: std::collections::BTreeMap<String, String> =
        ENVIRONMENT.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    env.insert("USER".into(), user.into());
    env.insert("LOGNAME".into(), user.into());
    env.insert("HOSTNAME".into(), machine.profile.product().device.into());
    let argv = match command.as_str() {
        "" => vec![SHELL.to_owned()],
        command => vec![SHELL.to_owned(), "-c".into(), command.into()],
    };
    start(Call { machine, argv, env, cwd: "/".into(), uid, stdio, umask: 0 }, mailbox)
}

/// `sh [-eux…] [-o option] [-c command [name [argument…]] | -s | file [argument…]]`
pub fn program(call: Call) -> Running {
    start(call, Arc::new(Mailbox::default()))
}

fn start(call: Call, mailbox: Arc<Mailbox>) -> Running {
    let process = Alive::start(&call.machine, ADBD, call.uid, call.argv.clone(), mailbox.clone());
    match process {
        Some(process) => within(call, process, mailbox),
        None => Box::pin(async { 1 }),
    }
}

/// As [`program`], in a process that is there already.
pub(super) fn within(call: Call, process: Alive, mailbox: Arc<Mailbox>) -> Running {
    Box::pin(async move {
        let arguments = call.argv.clone();
        let mut shell = Shell::start(call, process, mailbox);
        let outcome = shell.main(&arguments[1..]).await;
        let outcome = match outcome {
            // A broken stream that nobody heard of yet still runs its trap.
            Ok(status) => shell.hear().await.map(|()| status),
            Err(flow) => Err(flow),
        };
        shell.end(outcome).await
    })
}

/// Why a command that was read did not run to its end.
enum Cut {
    Flow(Flow),
    /// It is none.
    Wrong(SyntaxError),
}

/// Where the commands come from.
enum Origin {
    Text(String),
    File(String),
    Stream,
}

impl Shell {
    fn start(call: Call, process: Alive, mailbox: Arc<Mailbox>) -> Self {
        let seed = call.machine.profile.seed ^ u64::from(process.pid);
        let mut shell = Self {
            uid: call.uid,
            main_pid: process.pid,
            process: Arc::new(process),
            mailbox,
            name: SHELL.into(),
            speaker: Speaker::Shell,
            variables: Variables::default(),
            aliases: super::alias::Aliases::new(),
            functions: std::collections::BTreeMap::new(),
            positional: Vec::new(),
            options: Options::default(),
            traps: Traps::default(),
            cwd: call.cwd.clone(),
            umask: call.umask,
            descriptors: Descriptors::of(&call.stdio),
            jobs: Jobs::default(),
            status: 0,
            statuses: Vec::new(),
            line: 0,
            read_line: 0,
            seconds_shift: 0,
            origin: None,
            substituted: None,
            session: call.stdio.hangup.clone(),
            hung_up: false,
            depth: 0,
            stack_from: 0,
            loops: 0,
            functions_deep: 0,
            forgiving: 0,
            random: u32::try_from(seed & 0xffff_ffff).unwrap_or(1),
            breath: 0,
            keep_descriptors: false,
            is_one_program: false,
            trapped: false,
            excused: false,
            option_index: 1,
            option_offset: 0,
            machine: call.machine,
        };
        shell.furnish(call.env);
        shell
    }

    fn furnish(&mut self, env: std::collections::BTreeMap<String, String>) {
        for (name, value) in env {
            self.set_unchecked(&name, value);
            self.variables.export(&name);
        }
        for (name, value) in [("IFS", " \t\n"), ("OPTIND", "1"), ("PS4", "+ "), ("RANDOM", "0"), ("SECONDS", "0")] {
            self.set_unchecked(name, value.into());
        }
        self.set_unchecked("EPOCHREALTIME", "0".into());
        // The release of mksh: R50 is captured on API 23; newer ones carry R59 (MODEL).
        let version = if self.machine.profile.api <= 23 {
            "@(#)MIRBSD KSH R50 2015/04/19"
        } else {
            "@(#)MIRBSD KSH R59 2020/10/31 Android"
        };
        self.set_unchecked("KSH_VERSION", version.into());
    }

    /// Sets a variable of a fresh shell, where none is read-only yet.
    fn set_unchecked(&mut self, name: &str, value: String) {
        let set = self.variables.set(name, value);
        debug_assert!(set.is_ok());
    }

    async fn main(&mut self, arguments: &[String]) -> Outcome {
        let origin = match self.options_of(arguments) {
            Ok(origin) => origin,
            Err(message) => return self.fail(&message).await,
        };
        match origin {
            Origin::Text(text) => {
                self.origin = Some('c');
                self.run_text(&text).await
            }
            Origin::File(name) => self.run_script(&name).await,
            Origin::Stream => {
                self.origin = Some('s');
                self.speaker = Speaker::Within("<stdin>".into());
                self.read_and_run().await
            }
        }
    }

    fn options_of(&mut self, arguments: &[String]) -> Result<Origin, String> {
        let mut rest = arguments.iter();
        let (mut command, mut stream) = (false, false);
        let mut first = None;
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--" => {
                    first = rest.next();
                    break;
                }
                "-o" | "+o" => {
                    let option = rest.next().ok_or("-o: requires an argument")?;
                    self.set_named_option(option, argument.starts_with('-'))?;
                }
                flags if flags.len() > 1 && (flags.starts_with('-') || flags.starts_with('+')) => {
                    command |= flags.contains('c');
                    stream |= flags.contains('s');
                    self.set_flags(flags, "cisl")?;
                }
                _ => {
                    first = Some(argument);
                    break;
                }
            }
        }
        let rest: Vec<String> = rest.cloned().collect();
        let Some(first) = first.cloned() else {
            return if command { Err("-c: requires an argument".into()) } else { Ok(Origin::Stream) };
        };
        if command {
            if let Some((name, positional)) = rest.split_first() {
                self.name.clone_from(name);
                self.positional = positional.to_vec();
            }
            return Ok(Origin::Text(first));
        }
        self.positional = rest;
        if stream {
            self.positional.insert(0, first);
            return Ok(Origin::Stream);
        }
        self.name.clone_from(&first);
        Ok(Origin::File(first))
    }

    async fn run_script(&mut self, name: &str) -> Outcome {
        let path = self.absolute(name);
        let content = self.machine.files().read(self.actor(), &path);
        let content = match content {
            Ok(content) => content,
            Err(error) => {
                self.name = SHELL.into();
                self.complain(&format!("{name}: {error}")).await;
                return Ok(if self.machine.files().exists(self.actor(), &path) { 126 } else { 127 });
            }
        };
        self.speaker = Speaker::Script(name.to_owned());
        self.run_lines(&String::from_utf8_lossy(&content)).await
    }

    /// Runs a script command by command where it has to be: so that what stands before a mistake is done, messages tell how
    /// far the script was read, and aliases hold from the next line on.
    pub(super) async fn run_lines(&mut self, text: &str) -> Outcome {
        let whole = source::parse(text);
        if let Ok(program) = &whole
            && !self.counts_lines()
            && !alias::matter(text, &self.aliases)
        {
            return self.run_program(program).await;
        }
        let mut pending = String::new();
        let mut before = 0;
        for line in text.split_inclusive('\n') {
            pending.push_str(line);
            match self.run_whole(&mut pending, &mut before).await {
                Some(Ok(_)) | None => {}
                // A part may look wrong of what is right as a whole.
                Some(Err(Cut::Wrong(_))) if whole.is_ok() => {}
                Some(Err(Cut::Wrong(error))) => return Err(self.refuse(&error).await),
                Some(Err(Cut::Flow(flow))) => return Err(flow),
            }
        }
        if pending.trim().is_empty() && before > 0 {
            return Ok(self.status);
        }
        match self.parsed(&pending, before) {
            Ok(program) => self.run_program(&program).await,
            Err(error) => Err(self.refuse(&error).await),
        }
    }

    /// Runs what was read when it is whole, and forgets it; `None` when more has to come.
    async fn run_whole(&mut self, pending: &mut String, before: &mut usize) -> Option<Result<i32, Cut>> {
        self.read_line = *before + pending.matches('\n').count();
        // A line that goes on is no command yet.
        let slashes = pending.trim_end_matches('\n').chars().rev().take_while(|c| *c == '\\').count();
        if slashes % 2 == 1 && pending.ends_with('\n') {
            return None;
        }
        match self.parsed(pending, *before) {
            Ok(program) => {
                *before += pending.matches('\n').count();
                pending.clear();
                Some(if program.is_empty() {
                    Ok(self.status)
                } else {
                    self.run_program(&program).await.map_err(Cut::Flow)
                })
            }
            Err(SyntaxError::Unfinished(_)) if pending.len() < MAX_SCRIPT => None,
            Err(error) => Some(Err(Cut::Wrong(error))),
        }
    }

    /// Reads a text behind so many lines, with aliases put in place.
    fn parsed(&self, text: &str, before: usize) -> Result<Vec<brush_parser::ast::CompoundList>, SyntaxError> {
        let text = alias::expand(text, &self.aliases);
        if before == 0 || !self.counts_lines() {
            return source::parse(&text);
        }
        source::parse(&("\n".repeat(before) + &text))
    }

    /// Runs the text of a sourced file in this shell.
    pub async fn run_sourced(&mut self, name: &str, text: &str) -> Outcome {
        self.descend().await?;
        let lines = (self.line, self.read_line);
        let speaker = std::mem::replace(&mut self.speaker, Speaker::Within(name.to_owned()));
        let outcome = Box::pin(self.run_lines(text)).await;
        self.depth -= 1;
        self.speaker = speaker;
        (self.line, self.read_line) = lines;
        match outcome {
            Err(Flow::Return(status)) => Ok(status),
            other => other,
        }
    }

    /// Reads commands from standard input and runs each as soon as it is whole.
    async fn read_and_run(&mut self) -> Outcome {
        let mut pending = String::new();
        let mut before = 0;
        while let Some(line) = self.next_line().await? {
            pending.push_str(&line);
            match self.run_whole(&mut pending, &mut before).await {
                Some(Err(Cut::Wrong(error))) => return Err(self.refuse(&error).await),
                Some(Err(Cut::Flow(flow))) => return Err(flow),
                _ => {}
            }
        }
        match self.parsed(&pending, before) {
            Ok(program) if !program.is_empty() => self.run_program(&program).await,
            Ok(_) => Ok(self.status),
            Err(error) => Err(self.refuse(&error).await),
        }
    }

    async fn next_line(&mut self) -> Result<Option<String>, Flow> {
        let input = self.descriptors.input(0);
        let mut line = Vec::new();
        while line.len() <= MAX_SCRIPT {
            let byte = tokio::select! {
                biased;
                byte = input.byte() => byte,
                () = self.signalled() => {
                    self.hear().await?;
                    continue;
                }
            };
            match byte {
                Some(byte) => line.push(byte),
                None if line.is_empty() => return Ok(None),
                None => break,
            }
            if line.last() == Some(&b'\n') {
                break;
            }
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }
}

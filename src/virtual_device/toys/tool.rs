//! What the toys share: arguments, files, lines, complaints.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::virtual_device::fs::{Actor, Device, FilesError, Kind, path};
use crate::virtual_device::process::{Bytes, Call};

/// Longest line held, in bytes; a longer one is handed out in pieces.
const MAX_LINE: usize = 4 << 20;
/// Most bytes read from standard input into memory.
const MAX_INPUT: usize = 64 << 20;

/// A toy at work.
pub(super) struct Tool {
    pub call: Call,
    /// What it will exit with.
    pub status: i32,
}

/// Options taken apart.
pub(super) struct Flags {
    all: BTreeMap<char, Vec<String>>,
    /// The arguments that are no options.
    pub rest: Vec<String>,
}

impl Flags {
    /// Reads single-letter options; those in `valued` take a value. `--name` and `--name=value` count as the letter
    /// that `long` gives them; anything unknown is an error.
    pub fn parse(arguments: &[String], plain: &str, valued: &str, long: &[(&str, char)]) -> Result<Self, String> {
        let mut flags = Self { all: BTreeMap::new(), rest: Vec::new() };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                flags.rest.extend(words.by_ref().cloned());
            } else if let Some(name) = word.strip_prefix("--") {
                let (name, value) = name.split_once('=').map_or((name, ""), |(name, value)| (name, value));
                let letter = long.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
                let letter = letter.ok_or_else(|| format!("Unknown option {word}"))?;
                flags.all.entry(letter).or_default().push(value.to_owned());
            } else if word.len() > 1 && word.starts_with('-') {
                flags.letters(&word[1..], plain, valued, &mut words)?;
            } else {
                flags.rest.push(word.clone());
            }
        }
        Ok(flags)
    }

    fn letters(
        &mut self,
        letters: &str,
        plain: &str,
        valued: &str,
        words: &mut std::slice::Iter<'_, String>,
    ) -> Result<(), String> {
        for (at, letter) in letters.char_indices() {
            if plain.contains(letter) {
                self.all.entry(letter).or_default().push(String::new());
                continue;
            }
            if !valued.contains(letter) {
                return Err(format!("Unknown option {letter}"));
            }
            let attached = &letters[at + letter.len_utf8()..];
            let value = if attached.is_empty() { words.next().cloned() } else { Some(attached.to_owned()) };
            let value = value.ok_or_else(|| format!("Missing argument to -{letter}"))?;
            self.all.entry(letter).or_default().push(value);
            return Ok(());
        }
        Ok(())
    }

    pub fn has(&self, letter: char) -> bool {
        self.all.contains_key(&letter)
    }

    /// The last value of an option.
    pub fn value(&self, letter: char) -> Option<&str> {
        self.all.get(&letter)?.last().map(String::as_str)
    }

    /// All values of an option.
    pub fn values(&self, letter: char) -> &[String] {
        self.all.get(&letter).map_or(&[], Vec::as_slice)
    }
}

impl Tool {
    pub fn new(call: Call) -> Self {
        Self { call, status: 0 }
    }

    /// The name it was called by.
    pub fn name(&self) -> &str {
        path::base(self.call.argv.first().map_or("", String::as_str))
    }

    pub fn arguments(&self) -> &[String] {
        self.call.argv.get(1..).unwrap_or_default()
    }

    /// Options; a mistake is complained about.
    pub async fn flags(&mut self, plain: &str, valued: &str, long: &[(&str, char)]) -> Option<Flags> {
        match Flags::parse(self.arguments(), plain, valued, long) {
            Ok(flags) => Some(flags),
            Err(message) => {
                self.complain(&message).await;
                None
            }
        }
    }

    pub fn actor(&self) -> Actor {
        Actor { umask: self.call.umask, ..Actor::new(self.call.uid, self.call.machine.wall()) }
    }

    pub fn absolute(&self, name: &str) -> String {
        if name.is_empty() { String::new() } else { path::absolute(&self.call.cwd, name) }
    }

    /// Says `name: message` and will exit with 1.
    pub async fn complain(&mut self, message: &str) {
        let line = format!("{}: {message}\n", self.name());
        self.call.stdio.err(line).await;
        self.status = 1;
    }

    /// Complains when something failed.
    pub async fn check<T>(&mut self, name: &str, done: Result<T, FilesError>) -> Option<T> {
        match done {
            Ok(value) => Some(value),
            Err(error) => {
                self.complain(&format!("{name}: {error}")).await;
                None
            }
        }
    }

    pub async fn out(&self, bytes: impl Into<Bytes>) -> bool {
        self.call.stdio.out(bytes).await
    }

    /// Writes and exits.
    pub async fn finish(self, text: impl Into<Bytes>) -> i32 {
        self.out(text).await;
        self.status
    }

    /// The whole of a file, or of standard input for `-`.
    pub async fn read(&mut self, name: &str) -> Option<Arc<Vec<u8>>> {
        if name != "-" {
            let read = self.call.machine.files().read(self.actor(), &self.absolute(name));
            return self.check(name, read).await;
        }
        let mut all = Vec::new();
        while let Some(bytes) = self.chunk().await {
            all.extend_from_slice(&bytes);
            if all.len() > MAX_INPUT {
                self.complain("out of memory").await;
                return None;
            }
        }
        Some(Arc::new(all))
    }

    /// The next bytes of standard input; `None` at its end or when the program was told to end.
    pub async fn chunk(&self) -> Option<Bytes> {
        let mut stdin = self.call.stdio.stdin.lock().await;
        tokio::select! {
            biased;
            () = self.call.stdio.hangup.cancelled() => None,
            bytes = stdin.recv() => bytes,
        }
    }

    /// The lines of these files, or of standard input when there are none.
    pub fn lines(&self, names: &[String]) -> Lines {
        let names = if names.is_empty() { VecDeque::from(["-".to_owned()]) } else { names.iter().cloned().collect() };
        Lines { names, current: None, buffer: Vec::new(), taken: 0, name: String::new() }
    }
}

/// Lines of several files one after another; standard input is read as it comes.
pub(super) struct Lines {
    names: VecDeque<String>,
    current: Option<Reading>,
    buffer: Bytes,
    taken: usize,
    /// The file the last line came from.
    pub name: String,
}

enum Reading {
    Stdin,
    Endless,
    Content,
}

impl Lines {
    /// The next line with its newline, if it has one.
    pub async fn next(&mut self, tool: &mut Tool) -> Option<Bytes> {
        loop {
            if let Some(length) = self.buffer[self.taken..].iter().position(|byte| *byte == b'\n') {
                return Some(self.take(length + 1));
            }
            if self.buffer.len() - self.taken > MAX_LINE {
                return Some(self.take(MAX_LINE));
            }
            if self.more(tool).await {
                continue;
            }
            let rest = self.buffer.len() - self.taken;
            if rest > 0 {
                return Some(self.take(rest));
            }
            self.open(tool).await?;
        }
    }

    /// The next bytes, whatever lines they are.
    pub async fn bytes(&mut self, tool: &mut Tool) -> Option<Bytes> {
        loop {
            let rest = self.buffer.len() - self.taken;
            if rest > 0 {
                return Some(self.take(rest));
            }
            if !self.more(tool).await {
                self.open(tool).await?;
            }
        }
    }

    fn take(&mut self, length: usize) -> Bytes {
        let start = self.taken;
        self.taken += length;
        self.buffer[start..start + length].to_vec()
    }

    async fn more(&mut self, tool: &Tool) -> bool {
        let bytes = match self.current {
            None | Some(Reading::Content) => None,
            Some(Reading::Stdin) => tool.chunk().await,
            Some(Reading::Endless) => Some(vec![0; 4096]),
        };
        let Some(bytes) = bytes else {
            self.current = None;
            return false;
        };
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.extend_from_slice(&bytes);
        true
    }

    /// Opens the next file that can be opened.
    async fn open(&mut self, tool: &mut Tool) -> Option<()> {
        loop {
            let name = self.names.pop_front()?;
            (self.buffer, self.taken) = (Bytes::new(), 0);
            self.name.clone_from(&name);
            if name == "-" {
                self.current = Some(Reading::Stdin);
                return Some(());
            }
            let opened = tool.call.machine.files().open(tool.actor(), &tool.absolute(&name));
            match opened {
                Ok(Kind::File(content)) => {
                    self.buffer = Arc::unwrap_or_clone(content);
                    self.current = Some(Reading::Content);
                    return Some(());
                }
                Ok(Kind::Device(Device::Zero | Device::Random | Device::Full)) => {
                    self.current = Some(Reading::Endless);
                    return Some(());
                }
                Ok(Kind::Device(Device::Null)) => {}
                Ok(_) => tool.complain(&format!("{name}: {}", FilesError::IsFolder)).await,
                Err(error) => tool.complain_of_open(&name, error).await,
            }
        }
    }
}

impl Tool {
    async fn complain_of_open(&mut self, name: &str, error: FilesError) {
        if self.call.machine.profile.api > 23 || self.name() != "cat" {
            return self.complain(&format!("{name}: {error}")).await;
        }
        // In API 23's shell `cat` is a builtin, and complains as one.
        self.call.stdio.err(format!("/system/bin/sh: cat: {name}: {error}\n")).await;
        self.status = 1;
    }
}

/// A toy that is an async function of its tool.
macro_rules! toy {
    ($(#[$doc:meta])* $name:ident, $work:expr) => {
        $(#[$doc])*
        pub fn $name(call: crate::virtual_device::process::Call) -> crate::virtual_device::process::Running {
            if let Some(text) = crate::virtual_device::toys::usage::asked(&call) {
                return Box::pin(crate::virtual_device::toys::tool::Tool::new(call).finish(text));
            }
            Box::pin($work(crate::virtual_device::toys::tool::Tool::new(call)))
        }
    };
}
pub(super) use toy;

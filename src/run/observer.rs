//! Outside observers: programs of a lab that are started beside the run and tell what they see, line by line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::android::Android;
use crate::clock::Clock;
use crate::journal::entry::{Event, Observed, ObservedKind, ObserverEnded, ObserverHello, ObserverStarted};
use crate::journal::{Journal, JournalError};

use super::attempt::Attempt;
use super::error::RunError;
use super::observer_line::{Hello, Line, Seen};

/// Longest line taken, in bytes.
const LONGEST_LINE: usize = 64 << 10;
/// Most events taken in one attempt, and in one second.
const MOST_EVENTS: u64 = 20_000;
const MOST_A_SECOND: u32 = 500;
/// How long an observer may take to say what it is; the app is not started before.
const HELLO_WITHIN: Duration = Duration::from_secs(15);
/// How long it may take to end after its input was closed, and after it was told to.
const ENDS_WITHIN: Duration = Duration::from_secs(2);
/// Most kept of what it wrote to standard error, in characters.
const LAST_WORDS: usize = 2_000;
/// Most characters of one field.
const LONGEST_FIELD: usize = 4_000;
/// Largest program file that is digested, in bytes.
const LARGEST_FILE: u64 = 512 << 20;

/// An outside observer: its name and its command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observer {
    /// Its name in the record.
    pub name: String,
    /// The program and its arguments.
    pub command: Vec<String>,
}

/// An observer that was started.
pub(super) struct Running {
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

struct Listener {
    name: String,
    package: String,
    android: Android,
    journal: Journal,
    clock: Clock,
    stop: CancellationToken,
    greeted: watch::Sender<bool>,
    second: (Duration, u32),
    ended: ObserverEnded,
}

impl Attempt<'_> {
    /// Starts the observers, and waits until each said what it is.
    pub async fn start_observers(&mut self) -> Result<(), RunError> {
        let order = self.order;
        for observer in &order.observers {
            let started = ObserverStarted {
                observer: observer.name.clone(),
                command: observer.command.join(" "),
                files: digests(&observer.command),
            };
            self.note(Event::ObserverStarted(started))?;
            let ended = ObserverEnded { observer: observer.name.clone(), ..ObserverEnded::default() };
            let mut child = match self.spawn(observer) {
                Ok(child) => child,
                Err(error) => {
                    let how = format!("could not be started: {error}");
                    self.note(Event::ObserverEnded(Box::new(ObserverEnded { how, ..ended })))?;
                    continue;
                }
            };
            let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else { continue };
            let (greeted, mut greeting) = watch::channel(false);
            let stop = self.android.device().cancelled().child_token();
            let listener = Listener {
                name: observer.name.clone(),
                package: self.package().to_owned(),
                android: self.android.clone(),
                journal: self.journal.clone(),
                clock: self.clock.clone(),
                stop: stop.clone(),
                greeted,
                second: (self.clock.elapsed(), 0),
                ended,
            };
            let task = tokio::spawn(listener.listen(child, out, err));
            self.observers.push(Running { stop, task: Some(task) });
            // Whoever does not greet is listened to all the same.
            let _ = self.clock.within(HELLO_WITHIN, greeting.wait_for(|greeted| *greeted)).await;
        }
        Ok(())
    }

    fn spawn(&self, observer: &Observer) -> std::io::Result<Child> {
        let (program, arguments) = observer.command.split_first().ok_or_else(|| std::io::Error::other("no command"))?;
        let device = self.android.device();
        let server = device.server();
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("APPWITNESS_SERIAL", device.serial())
            .env("ANDROID_SERIAL", device.serial())
            .env("APPWITNESS_PACKAGE", self.package())
            .env("APPWITNESS_CASE", &self.order.case)
            .env("APPWITNESS_ADB_SERVER", server.to_string())
            .env("ANDROID_ADB_SERVER_ADDRESS", server.ip().to_string())
            .env("ANDROID_ADB_SERVER_PORT", server.port().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A group of its own: what it starts ends with it.
        #[cfg(unix)]
        command.process_group(0);
        command.spawn()
    }
}

impl Running {
    /// Ends the observer.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            // A panic in the listener has been reported by the runtime; the record stands without its rest.
            let _ = task.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Listener {
    async fn listen(mut self, mut child: Child, out: ChildStdout, err: ChildStderr) {
        let words = Arc::new(Mutex::new(String::new()));
        let complaints = tokio::spawn(hear(err, Arc::clone(&words)));
        let heard = self.hear_lines(out).await;
        self.ended.with_run = self.stop.is_cancelled();
        self.ended.how = end(&mut child, &self.clock).await;
        complaints.abort();
        self.ended.last_words = words.lock().unwrap_or_else(|broken| broken.into_inner()).clone();
        if heard.is_ok() {
            // A journal that can't be written stops the drive; the observer need not say it again.
            let _ = self.journal.append(Event::ObserverEnded(Box::new(self.ended)));
        }
    }

    /// Takes lines until the observer ends or is told to.
    async fn hear_lines(&mut self, out: ChildStdout) -> Result<(), JournalError> {
        let mut reader = BufReader::with_capacity(LONGEST_LINE, out);
        let (mut line, mut too_long) = (Vec::new(), false);
        loop {
            let read = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ok(()),
                read = reader.fill_buf() => read,
            };
            let Ok(bytes) = read else { return Ok(()) };
            if bytes.is_empty() {
                return Ok(());
            }
            let (taken, whole) = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (bytes.len(), false),
            };
            too_long |= line.len() + taken > LONGEST_LINE;
            if !too_long {
                line.extend_from_slice(&bytes[..taken]);
            }
            reader.consume(taken);
            if whole {
                let text = std::mem::take(&mut line);
                match std::mem::take(&mut too_long) {
                    true => self.drop_line(&[], "longer than 64 KiB"),
                    false => self.take(&text)?,
                }
            }
        }
    }

    fn take(&mut self, line: &[u8]) -> Result<(), JournalError> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(());
        }
        let now = self.clock.elapsed();
        if now.saturating_sub(self.second.0) >= Duration::from_secs(1) {
            self.second = (now, 0);
        }
        self.second.1 += 1;
        if self.ended.events >= MOST_EVENTS || self.second.1 > MOST_A_SECOND {
            self.drop_line(&[], "more events than are taken");
            return Ok(());
        }
        match serde_json::from_slice::<Line>(line) {
            Ok(Line::Hello(hello)) => self.greet(hello),
            Ok(Line::Seen(seen)) => self.write(seen),
            Err(error) => {
                self.drop_line(line, &error.to_string());
                Ok(())
            }
        }
    }

    fn drop_line(&mut self, line: &[u8], why: &str) {
        self.ended.dropped += 1;
        if self.ended.first_mistake.is_empty() {
            let start = String::from_utf8_lossy(&line[..line.len().min(200)]);
            self.ended.first_mistake = format!("{why}: {start}");
        }
    }

    fn greet(&mut self, hello: Hello) -> Result<(), JournalError> {
        let hello = ObserverHello { observer: self.name.clone(), version: cut(&hello.version), sees: hello.sees };
        self.journal.append(Event::ObserverHello(hello))?;
        self.greeted.send_replace(true);
        Ok(())
    }

    fn write(&mut self, seen: Seen) -> Result<(), JournalError> {
        self.ended.events += 1;
        let package = seen.package.as_deref().map(cut);
        let about_other = package.as_ref().is_some_and(|package| *package != self.package);
        // What it says of other apps is not this record's business, but for remarks.
        if about_other && seen.kind != ObservedKind::Remark {
            return Ok(());
        }
        let now = self.journal.mono();
        let mono = seen.device_time.and_then(|time| self.mono_of(time)).unwrap_or(now).min(now);
        let observed = Observed {
            observer: self.name.clone(),
            seen: seen.kind,
            package,
            what: cut(&seen.what),
            detail: cut(&seen.detail),
            data: seen.data,
            device_time: seen.device_time,
            mono,
        };
        let device = observed.device_time;
        self.journal.append_at(Event::Observed(Box::new(observed)), device).map(drop)
    }

    fn mono_of(&self, device_time: i64) -> Option<u64> {
        let now = self.clock.now().checked_add(self.android.clock_offset_ms()?)?;
        u64::try_from(i64::try_from(self.journal.mono()).ok()?.checked_sub(now.checked_sub(device_time)?)?).ok()
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_FIELD).collect()
}

/// Keeps the last words of standard error.
async fn hear(mut err: ChildStderr, words: Arc<Mutex<String>>) {
    let mut bytes = vec![0; 4 << 10];
    while let Ok(read @ 1..) = err.read(&mut bytes).await {
        let mut words = words.lock().unwrap_or_else(|broken| broken.into_inner());
        words.push_str(&String::from_utf8_lossy(&bytes[..read]));
        let surplus = words.chars().count().saturating_sub(LAST_WORDS);
        *words = words.chars().skip(surplus).collect();
    }
}

/// Ends an observer and everything it started: its input is closed, then it is told to, then it is killed.
async fn end(child: &mut Child, clock: &Clock) -> String {
    let group = child.id();
    drop(child.stdin.take());
    let mut ended = clock.within(ENDS_WITHIN, child.wait()).await;
    if ended.is_none() {
        signal(group, "-TERM").await;
        ended = clock.within(ENDS_WITHIN, child.wait()).await;
    }
    signal(group, "-KILL").await;
    match ended {
        Some(Ok(status)) => status.to_string(),
        Some(Err(error)) => error.to_string(),
        None => {
            let _ = child.kill().await;
            "killed, because it did not end".to_owned()
        }
    }
}

/// Sends a signal to a group of processes; that nobody is left of it is no error.
async fn signal(group: Option<u32>, name: &str) {
    let Some(group) = group else { return };
    let mut command = Command::new("kill");
    command.args([name, "--", &format!("-{group}")]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _ = command.status().await;
}

/// SHA-256 of the program and of the files among its arguments, by their names.
fn digests(command: &[String]) -> BTreeMap<String, String> {
    let program = command.first().and_then(|name| located(name));
    let arguments = command.iter().skip(1).map(PathBuf::from).filter(|path| path.is_file());
    let files = program.into_iter().chain(arguments);
    files.filter_map(|path| Some((path.display().to_string(), digest(&path)?))).collect()
}

/// Where a program is: by its path, or along PATH.
fn located(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name));
    }
    let path: OsString = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn digest(path: &Path) -> Option<String> {
    let mut file = std::fs::File::open(path)
        .ok()
        .filter(|f| f.metadata().is_ok_and(|m| m.is_file() && m.len() <= LARGEST_FILE))?;
    let mut hasher = Sha256::new();
    std::io::copy(&mut file, &mut hasher).ok()?;
    Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

//! A faster way to the view tree: a program that keeps Android's UiAutomation on the device and answers at once, where
//! the stock command connects anew each time. It is uiautomator2's `u2.jar`, as PyPI ships it; the user names the file.
//!
//! It is pushed, started by `device-scripts/accelerate.sh` (which ends it and removes everything when our stream closes),
//! and asked by JSON-RPC over a stream to its port. While it runs no stock dump works, so it is stopped before any.

mod jar;
mod rpc;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::Android;
use super::error::{AndroidError, HierarchyFailure};
use super::hierarchy::Hierarchy;
use super::parse::parse_hierarchy;
use crate::adb::{Device, Lines, quote};
use crate::clock::Clock;
use crate::ui::Point;

pub use jar::Jar;

const SCRIPT: &str = include_str!("../../../device-scripts/accelerate.sh");
/// Where the jar lies on the device while it is used.
const REMOTE: &str = "/data/local/tmp/appwitness-u2.jar";
/// The folder that its program makes (its code).
const FOLDER: &str = "/data/local/tmp/u2";
/// Port on the device: the program's usual one.
const PORT: u16 = 9008;
/// How long a start may take; 6 s on the slowest captured device.
const STARTS_WITHIN: Duration = Duration::from_secs(40);
/// Pause between two questions whether it answers.
const ASK_AGAIN: Duration = Duration::from_millis(50);
/// How long its end may take.
const ENDS_WITHIN: Duration = Duration::from_secs(10);
/// How long one call may take.
const CALL_WITHIN: Duration = Duration::from_secs(15);
/// Views below each other at the most.
const DEPTH: u32 = 1_000;
/// Starts that may fail, and deaths that are borne, before it is given up.
const MOST_TROUBLES: u32 = 3;
/// Deaths over a whole attempt before it is given up.
const MOST_DEATHS: u32 = 20;

/// The program on one device, running or not.
#[derive(Debug)]
pub(super) struct Accelerator {
    jar: Jar,
    running: Option<Running>,
    /// Troubles in a row.
    troubles: u32,
    deaths: u32,
    given_up: Option<String>,
}

/// The program's stream, read by a task so that its words never hold it up.
#[derive(Debug)]
struct Running {
    said: Arc<Mutex<Said>>,
    reader: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Said {
    pid: Option<u32>,
    last: String,
    ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Closes the stream, which ends the script behind it.
        self.reader.abort();
    }
}

impl Running {
    fn said<T>(&self, read: impl FnOnce(&Said) -> T) -> T {
        read(&self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn ended(&self) -> bool {
        self.said(|said| said.ended) || self.reader.is_finished()
    }
}

impl Android {
    /// Starts the accelerator: from now on hierarchies come from it, and taps go through it.
    ///
    /// # Errors
    /// When it does not start; then nothing of it is left and the stock commands serve.
    pub async fn accelerate(&self, jar: Jar) -> Result<(), AndroidError> {
        let mut slot = self.uiautomation().await;
        let mut accelerator = Accelerator { jar, running: None, troubles: 0, deaths: 0, given_up: None };
        let started = accelerator.start(self.device()).await;
        match started {
            Ok(()) => {
                *slot = Some(accelerator);
                Ok(())
            }
            Err(error) => {
                // The first error is the one to tell.
                let _ = accelerator.stop(self.device()).await;
                Err(error)
            }
        }
    }

    /// Ends the accelerator and removes what it left; nothing happens when there is none.
    pub async fn decelerate(&self) -> Result<(), AndroidError> {
        match self.uiautomation().await.take() {
            Some(mut accelerator) => accelerator.stop(self.device()).await,
            None => Ok(()),
        }
    }

    /// Why the accelerator was given up, if it was; told once.
    pub async fn accelerator_given_up(&self) -> Option<String> {
        self.uiautomation().await.as_mut()?.given_up.take()
    }
}

impl Accelerator {
    /// Whether it is worth asking.
    pub fn is_usable(&self) -> bool {
        self.troubles < MOST_TROUBLES && self.deaths < MOST_DEATHS
    }

    /// The hierarchy of the window in front, or why there is none. It is started again when it died; an error means that
    /// it could not be asked, and that it is stopped: the stock command may serve.
    pub async fn hierarchy(&mut self, device: &Device) -> Result<Result<Hierarchy, HierarchyFailure>, AndroidError> {
        // Of the window in front only, as the stock command does.
        let parameters = json!([false, DEPTH, true]);
        let mut called = self.call(device, "dumpWindowHierarchy", &parameters).await;
        if called.as_ref().is_err_and(|error| !error.is_final()) {
            called = self.call(device, "dumpWindowHierarchy", &parameters).await;
        }
        let Value::String(xml) = called? else { return Ok(Err(HierarchyFailure::Silent)) };
        Ok(read(xml.into_bytes(), self.jar.by()))
    }

    /// Touches the screen; false when it could not be asked to. An error is a touch of which nobody knows whether it
    /// happened: it must not be done again.
    pub async fn touch(&mut self, device: &Device, at: Point, hold: Duration) -> Result<bool, AndroidError> {
        match self.ready(device).await {
            Err(error) if error.is_final() => return Err(error),
            Err(_) => return Ok(false),
            Ok(()) => {}
        }
        let parameters = match hold {
            Duration::ZERO => json!([at.x, at.y]),
            hold => json!([at.x, at.y, u64::try_from(hold.as_millis()).unwrap_or(u64::MAX)]),
        };
        let result = self.call(device, "click", &parameters).await?;
        Ok(result == Value::Bool(true))
    }

    /// Calls a method once; after trouble it is stopped.
    async fn call(&mut self, device: &Device, method: &str, parameters: &Value) -> Result<Value, AndroidError> {
        self.ready(device).await?;
        match rpc::call(device, PORT, method, parameters, CALL_WITHIN).await {
            Ok(value) => {
                self.troubles = 0;
                Ok(value)
            }
            Err(error) => Err(self.trouble(device, error).await),
        }
    }

    /// Starts it when it is not running.
    async fn ready(&mut self, device: &Device) -> Result<(), AndroidError> {
        if self.running.as_ref().is_some_and(|running| !running.ended()) {
            return Ok(());
        }
        self.deaths += u32::from(self.running.is_some());
        self.stop(device).await?;
        match self.start(device).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.trouble(device, error).await),
        }
    }

    /// Counts a trouble and stops it; gives back the error to tell.
    async fn trouble(&mut self, device: &Device, error: AndroidError) -> AndroidError {
        if error.is_final() {
            return error;
        }
        self.troubles += 1;
        if !self.is_usable() {
            self.given_up = Some(format!("the accelerator was given up: {error}"));
        }
        match self.stop(device).await {
            Err(worse) if worse.is_final() => worse,
            _ => error,
        }
    }

    async fn start(&mut self, device: &Device) -> Result<(), AndroidError> {
        let doing = || "start the accelerator".to_owned();
        if rpc::answers(device, PORT).await? {
            let message = format!("something else answers at port {PORT} of the device");
            return Err(AndroidError::Refused { doing: doing(), message });
        }
        device.push(self.jar.bytes(), REMOTE, 0o644, STARTS_WITHIN).await?;
        let lines = device.stream(&command()).await?;
        let said = Arc::new(Mutex::new(Said::default()));
        let reader = tokio::spawn(listen(lines, said.clone()));
        let running = self.running.insert(Running { said, reader });
        let clock = device.clock().clone();
        let end = clock.elapsed() + STARTS_WITHIN;
        while !rpc::answers(device, PORT).await? {
            if running.ended() || clock.elapsed() >= end {
                let message = running.said(|said| said.last.clone());
                return Err(AndroidError::Refused { doing: doing(), message });
            }
            clock.sleep(ASK_AGAIN).await;
        }
        Ok(())
    }

    /// Ends the program and waits until it is gone; removes the jar and what the program made.
    pub async fn stop(&mut self, device: &Device) -> Result<(), AndroidError> {
        let Some(running) = self.running.take() else { return Ok(()) };
        let clock: Clock = device.clock().clone();
        if !running.ended() {
            rpc::stop(device, PORT).await?;
            let end = clock.elapsed() + ENDS_WITHIN / 2;
            while !running.ended() && clock.elapsed() < end {
                clock.sleep(ASK_AGAIN).await;
            }
        }
        let pid = running.said(|said| said.pid.filter(|_| !said.ended));
        drop(running);
        device.shell(&clear_up(pid), ENDS_WITHIN).await?;
        Ok(())
    }
}

/// Reads the stream to its end; keeps the last words.
async fn listen(mut lines: Lines, said: Arc<Mutex<Said>>) {
    while let Ok(Some(line)) = lines.next().await {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        match line.split_once(' ') {
            Some(("pid", number)) if said.pid.is_none() => said.pid = number.trim().parse().ok(),
            Some(("ended", _)) => {
                said.ended = true;
                return;
            }
            _ if line.trim().is_empty() || line.trim_start().starts_with("at ") => {}
            _ => said.last = line.chars().take(300).collect(),
        }
    }
    said.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
}

fn command() -> String {
    let lines = SCRIPT.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    format!("J={}; T={}; Q={PORT}; K=\n{lines}", quote(REMOTE), quote(FOLDER))
}

/// What the script does at its end, in case that it could not. The program's folder is removed when it is empty only: it may
/// have been there before.
fn clear_up(pid: Option<u32>) -> String {
    let kill = pid.map(|pid| format!("kill -9 {pid} 2>/dev/null; ")).unwrap_or_default();
    format!("{kill}rm -f {REMOTE}; rmdir {FOLDER} 2>/dev/null; true")
}

/// Reads what it dumped. Its own attributes (`visible-to-user` always, `drawing-order` from API 24, `hint` from 26,
/// `display-id` from 30) stand beside the stock ones; a bar's value stands in its `text`.
fn read(xml: Vec<u8>, by: String) -> Result<Hierarchy, HierarchyFailure> {
    let tree = parse_hierarchy(&xml)?;
    if tree.nodes.is_empty() {
        return Err(HierarchyFailure::NullRoot);
    }
    Ok(Hierarchy { xml, tree, by })
}

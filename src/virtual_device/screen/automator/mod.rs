//! The program in PyPI uiautomator2's `u2.jar`: it keeps UiAutomation to itself and answers JSON-RPC over HTTP on a port
//! of the device, many times faster than the stock commands.
//!
//! The jar itself is code that is not run here: what it would do is modelled, and only when the file that CLASSPATH names
//! really holds its class. CAPTURE: its answers, and that `uiautomator dump` is killed meanwhile, on an Android 6; MODEL:
//! releases after that, after what the jar's code (0.4.1) shows, and HTTP headers after NanoHTTPD's source.

mod calls;
mod http;
mod jar;
mod objects;
mod rpc;
mod selector;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::fs::Actor;
use super::super::fs::path::absolute;
use super::super::machine::Machine;
use super::super::ports::Listener;
use super::super::process::{Call, Program, Running};
use super::super::view::{Layer, View};
use super::programs::latency::{Work, spend};
use super::scene::Scene;

/// Class that serves.
const MAIN: &str = "com.wetest.uia2.Main";
/// Where it listens unless told otherwise.
const PORT: u16 = 9008;
/// Folder for temporary files that it makes, and leaves.
const FOLDER: &str = "/data/local/tmp/u2";
/// Largest jar that is looked into, in bytes.
const LARGEST: usize = 64 << 20;

/// Names and programs of this room.
pub fn table() -> &'static [(&'static str, Program)] {
    &[("app_process", app_process)]
}

/// What the server keeps between two calls.
struct Agent {
    machine: Arc<Machine>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// Words of the last toast.
    toast: Option<String>,
    /// Where a finger went down, and when.
    finger: Option<((i32, i32), Duration)>,
}

impl Agent {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers toasts as they come.
    async fn watch_toasts(&self) {
        let mut changes = self.machine.system().changes();
        loop {
            if let Some(words) = toast(&self.machine) {
                self.memory().toast = Some(words);
            }
            if changes.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

/// `app_process [options] FOLDER CLASS [arguments]`.
fn app_process(call: Call) -> Running {
    Box::pin(async move {
        let words = call.argv[1..].iter().skip_while(|word| word.starts_with('-')).skip(1);
        let words: Vec<&str> = words.map(String::as_str).skip_while(|word| word.starts_with("--")).collect();
        let Some((class, arguments)) = words.split_first() else {
            call.stdio.err("Error: no class name or --zygote supplied.\n").await;
            return 255;
        };
        if *class != MAIN || !jar_holds_main(&call) {
            // MODEL: AndroidRuntime's words when a class can't be found.
            call.stdio.err(format!("java.lang.ClassNotFoundException: {class}\nAborted \n")).await;
            return 134;
        }
        match port(arguments) {
            Ok(port) => serve(&call, port).await,
            Err(words) => {
                call.stdio.err(words).await;
                1
            }
        }
    })
}

fn jar_holds_main(call: &Call) -> bool {
    let Some(path) = call.env.get("CLASSPATH") else { return false };
    let actor = Actor::new(call.uid, call.machine.wall());
    let jar = call.machine.files().read(actor, &absolute(&call.cwd, path));
    jar.is_ok_and(|jar| jar.len() <= LARGEST && jar::holds(&jar, MAIN))
}

/// The port of `-p PORT`; the words of the program when it is none.
fn port(arguments: &[&str]) -> Result<u16, String> {
    let text = match arguments {
        [] => return Ok(PORT),
        ["-p" | "--port", port] => *port,
        [other, ..] => return Err(format!("Unrecognized option: {other}\n")),
    };
    match text.parse::<i64>().map(u16::try_from) {
        Ok(Ok(port)) if port > 0 => Ok(port),
        Ok(_) => Err(format!("Invalid port: {text}. Must be between 1 and 65535.\n")),
        Err(_) => Err(format!("Invalid port: {text}. Must be an integer between 1 and 65535.\n")),
    }
}

async fn serve(call: &Call, port: u16) -> i32 {
    call.stdio.out("[server] INFO: [UiAutomator2Server] Starting Server\n").await;
    let Some(_connection) = call.machine.screen.automation.connect() else {
        let words = "java.lang.IllegalStateException: UiAutomationService android.accessibilityservice.IAccessibilityServiceClient$Stub$Proxy@5deffd5already registered!\n";
        call.stdio.err(words).await;
        return 1;
    };
    spend(&call.machine, Work::JarStart).await;
    let actor = Actor::new(call.uid, call.machine.wall());
    // A folder that is there already is used.
    let _ = call.machine.files().make_folder(actor, FOLDER, 0o771);
    call.stdio.out(format!("[server] INFO: tmpdir is {FOLDER}\n")).await;
    let Some(listener) = call.machine.ports.listen(&format!("tcp:{port}")) else {
        call.stdio.err("java.net.BindException: bind failed: EADDRINUSE (Address already in use)\n").await;
        return 1;
    };
    call.stdio.out(format!("[server] INFO: http server listening on *:{port}\n")).await;
    let agent = Arc::new(Agent { machine: call.machine.clone(), memory: Mutex::default() });
    tokio::select! {
        () = call.stdio.hangup.cancelled() => 129,
        () = call.machine.power().cancelled() => 129,
        () = agent.watch_toasts() => 0,
        () = accept(&agent, listener) => 0,
    }
}

/// Serves every connection until somebody asks to stop.
async fn accept(agent: &Arc<Agent>, mut listener: Listener) {
    // Dropped with the program: then every connection ends.
    let mut open = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            pipe = listener.accept() => match pipe {
                Some(pipe) => drop(open.spawn(http::talk(agent.clone(), pipe))),
                None => return,
            },
            Some(end) = open.join_next() => if matches!(end, Ok(http::End::Stop)) {
                return;
            },
        }
    }
}

/// Words of the toast that is up.
fn toast(machine: &Machine) -> Option<String> {
    fn words(view: &View) -> Option<String> {
        let own = Some(view.widget.text.clone()).filter(|text| !text.is_empty());
        own.or_else(|| view.children.iter().find_map(words))
    }
    let scene = Scene::now(machine);
    let toast = scene.windows.iter().rev().find(|laid| laid.window.layer == Layer::Toast)?;
    words(&toast.root)
}

#[cfg(test)]
mod tests;

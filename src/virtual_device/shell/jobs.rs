//! Background jobs.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use brush_parser::ast::{AndOrList, Command};

use super::descriptors::Descriptor;
use super::flow::{Flow, Outcome};
use super::input::Input;
use super::state::Shell;
use crate::virtual_device::signal::Signal;

/// Background jobs of one shell that are remembered.
const MAX_JOBS: usize = 256;

/// The jobs a shell started.
#[derive(Default)]
pub(super) struct Jobs {
    all: Vec<Job>,
    /// `$!`
    pub last: Option<u32>,
}

struct Job {
    pid: u32,
    /// The list it runs, as it is shown.
    words: String,
    status: watch::Receiver<Option<i32>>,
    session: CancellationToken,
}

impl Jobs {
    /// What a subshell knows: the number of the last one, but it can't wait for it.
    pub fn of_parent(parent: &Self) -> Self {
        Self { all: Vec::new(), last: parent.last }
    }

    /// The stream broke: so it did for the jobs.
    pub fn hang_up(&self) {
        for job in &self.all {
            job.session.cancel();
        }
    }

    /// Job of that process id.
    fn get(&self, pid: u32) -> Option<watch::Receiver<Option<i32>>> {
        self.all.iter().find(|job| job.pid == pid).map(|job| job.status.clone())
    }

    /// Process id of `%n`, `%%`, `%+` and `%-`: of those that still run.
    pub fn named(&self, name: &str) -> Option<u32> {
        let running = self.running();
        let at = match name {
            "" | "%" | "+" => running.len().checked_sub(1)?,
            "-" => running.len().checked_sub(2)?,
            number => number.parse::<usize>().ok()?.checked_sub(1)?,
        };
        running.get(at).copied()
    }

    /// Lines as `jobs` prints them.
    pub fn listed(&self) -> String {
        let running: Vec<&Job> = self.all.iter().filter(|job| job.status.borrow().is_none()).collect();
        let count = running.len();
        let mark = |at: usize| match count - at {
            1 => '+',
            2 => '-',
            _ => ' ',
        };
        let line =
            |(at, job): (usize, &&Job)| format!("[{}] {} Running              {}\n", at + 1, mark(at), job.words);
        running.iter().enumerate().map(line).collect()
    }

    /// Ids of those that still run.
    pub fn running(&self) -> Vec<u32> {
        self.all.iter().filter(|job| job.status.borrow().is_none()).map(|job| job.pid).collect()
    }
}

impl Shell {
    /// Starts a list in the background.
    pub async fn start_job(&mut self, list: &AndOrList) -> Outcome {
        let mut shell = self.fork().await?;
        // A job outlives a shell that ends by itself; only a broken stream takes both.
        shell.session = CancellationToken::new();
        shell.hung_up = false;
        shell.is_one_program = list.additional.is_empty() && matches!(list.first.seq.as_slice(), [Command::Simple(_)]);
        shell.descriptors.set(0, Descriptor::In(Input::ended()));
        let pid = shell.process.pid;
        let (sender, status) = watch::channel(None);
        let session = shell.session.clone();
        let words = list.to_string();
        let list = list.clone();
        // It outlives the stream, and not the device.
        let power = shell.machine.power().clone();
        tokio::spawn(async move { power.run_until_cancelled_owned(shell.job(list, sender)).await });
        if self.jobs.all.len() >= MAX_JOBS {
            self.jobs.all.retain(|job| job.status.borrow().is_none());
        }
        self.jobs.all.push(Job { pid, words, status, session });
        self.jobs.last = Some(pid);
        Ok(0)
    }

    fn job(mut self, list: AndOrList, done: watch::Sender<Option<i32>>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let outcome = self.and_or(&list).await;
            let status = self.end(outcome).await;
            // The streams close before the end is known.
            drop(self);
            done.send_replace(Some(status));
        })
    }

    /// `wait PID`: 127 for a stranger, 128+n when a signal came first.
    pub async fn wait_for(&mut self, pid: u32) -> Outcome {
        let Some(mut status) = self.jobs.get(pid) else { return Ok(127) };
        let done = tokio::select! {
            biased;
            done = status.wait_for(Option::is_some) => Some(done.ok().and_then(|status| *status).unwrap_or(127)),
            () = self.signalled() => None,
        };
        if let Some(status) = done {
            return Ok(status);
        }
        self.hear().await?;
        Ok(Signal::HUP.status())
    }

    /// `wait` for all.
    pub async fn wait_for_all(&mut self) -> Outcome {
        for pid in self.jobs.running() {
            self.wait_for(pid).await?;
        }
        Ok(0)
    }

    /// What a flow comes to at the end of a shell: its status, after the EXIT trap.
    pub async fn end(&mut self, outcome: Outcome) -> i32 {
        let status = match outcome {
            Ok(status) | Err(Flow::Exit(status) | Flow::Return(status)) => status,
            Err(Flow::Break(_) | Flow::Continue(_)) => self.status,
        };
        self.leave(status).await & 0xff
    }
}

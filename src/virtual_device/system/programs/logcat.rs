//! `logcat`.

use super::logcat_format;
use super::logcat_options::{Begin, Mode, Options};
use super::reply::{Reply, print};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{Buffer, System};

/// Most bytes sent at once.
const CHUNK: usize = 16 * 1024;

/// `logcat`.
pub fn program(call: Call) -> Running {
    Box::pin(run(call))
}

async fn run(call: Call) -> i32 {
    let read = {
        let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        let now = call.machine.system().wall();
        Options::read(&args, call.machine.profile.api, now)
    };
    let options = match read {
        Ok(mut options) => {
            let up = i64::try_from(call.machine.system().since_start().as_millis()).unwrap_or(0);
            options.format.started = call.machine.wall() - up;
            options
        }
        Err(text) => return print(&call, Reply::err(text, 255)).await,
    };
    match options.mode {
        Mode::Nothing => 0,
        Mode::Clear => {
            call.machine.system().clear_log(&options.buffers);
            0
        }
        Mode::Sizes => {
            let text = sizes(&call.machine.system(), &options);
            print(&call, Reply::out(text)).await
        }
        Mode::Dump | Mode::Follow => Reader::new(call, options).read().await,
    }
}

fn sizes(system: &System, options: &Options) -> String {
    // The first is captured; MODEL: since when it is the second.
    let payload = if system.profile().api <= 23 { 4_076 } else { 4_068 };
    let line = |buffer: &Buffer| {
        format!(
            "{}: ring buffer is 256Kb ({}Kb consumed), max entry is 5120b, max payload is {payload}b\n",
            buffer.name(),
            system.log().size(*buffer) / 1024
        )
    };
    options.buffers.iter().map(line).collect()
}

struct Reader {
    call: Call,
    options: Options,
    next: u64,
    printed: usize,
    begun: Vec<Buffer>,
}

impl Reader {
    fn new(call: Call, options: Options) -> Self {
        Self { call, options, next: 0, printed: 0, begun: Vec::new() }
    }

    async fn read(mut self) -> i32 {
        let mut changes = {
            let mut system = self.call.machine.system();
            system.catch_up();
            self.next = self.first(&system);
            system.changes()
        };
        loop {
            while let Some(text) = self.collect() {
                if !self.call.stdio.out(text).await {
                    return 0;
                }
            }
            if self.done() {
                return 0;
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return 0 },
                () = self.call.stdio.hangup.cancelled() => return 129,
                () = self.call.machine.power().cancelled() => return 1,
            }
        }
    }

    fn done(&self) -> bool {
        self.options.mode == Mode::Dump || self.options.most.is_some_and(|most| self.printed >= most)
    }

    /// Number of the first line to print.
    fn first(&self, system: &System) -> u64 {
        let log = system.log();
        match self.options.begin {
            Begin::Oldest => 0,
            Begin::Since(at) => {
                log.since(0, &self.options.buffers).find(|l| l.at >= at).map_or(log.next_number(), |l| l.number)
            }
            Begin::Last(0) => log.next_number(),
            Begin::Last(count) => {
                let wanted = log.since(0, &self.options.buffers).rev().filter(|l| self.options.wants(l));
                wanted.take(count).last().map_or(log.next_number(), |l| l.number)
            }
        }
    }

    /// The next lines as text, or as entries; `None` when there are none.
    fn collect(&mut self) -> Option<Vec<u8>> {
        let machine = self.call.machine.clone();
        let system = machine.system();
        let divided = !self.options.binary && (self.options.buffers.len() > 1 || machine.profile.api >= 24);
        let mut text = Vec::new();
        for line in system.log().since(self.next, &self.options.buffers) {
            if text.len() > CHUNK || self.options.most.is_some_and(|most| self.printed >= most) {
                break;
            }
            self.next = line.number + 1;
            if !self.options.wants(line) {
                continue;
            }
            if divided && !self.begun.contains(&line.buffer) {
                self.begun.push(line.buffer);
                text.extend_from_slice(format!("--------- beginning of {}\n", line.buffer.name()).as_bytes());
            }
            match self.options.binary {
                true => text.extend(logcat_format::entry(line, machine.profile.api)),
                false => text.extend_from_slice(self.options.format.write(line).as_bytes()),
            }
            self.printed += 1;
        }
        (!text.is_empty()).then_some(text)
    }
}

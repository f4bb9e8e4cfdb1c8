//! One run of one side: a process that says `ready`, waits for a line, takes its steps and says what it came to.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use super::account::Account;
use super::bed::Bed;

/// How the steps are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Our host, call by call as adbutils does it.
    Ours,
    /// Python's adbutils.
    Adbutils,
    /// Our host as it really looks: the whole moment by one device script, with permissions and accesses besides.
    OursByScript,
}

impl Way {
    /// As it is called in the output.
    pub fn name(self) -> &'static str {
        match self {
            Way::Ours => "appwitness, call by call",
            Way::Adbutils => "adbutils, the same calls",
            Way::OursByScript => "appwitness, look by script",
        }
    }

    fn command(self, bed: &Bed, python: &Path) -> Command {
        let mut command = match self {
            Way::Adbutils => {
                let mut command = Command::new(python);
                command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/beside_adbutils/with_adbutils.py"));
                command
            }
            Way::Ours | Way::OursByScript => {
                let mut command = Command::new(std::env::current_exe().expect("this program"));
                command.arg("ours");
                command
            }
        };
        command.args([bed.proxy.to_string(), bed.serial.clone(), bed.button.0.to_string(), bed.button.1.to_string()]);
        command
    }
}

/// What a side did, told in the same words by all: they must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Steps after which the screen said something new.
    changes: usize,
    nodes: usize,
    pixels: u64,
    last: String,
    focus: String,
}

impl Work {
    /// Adds a step: what the screen said, how many nodes it had, its size, what had the focus.
    pub fn add(&mut self, said: &str, nodes: usize, size: (u32, u32), focus: &appwitness::android::Focus) {
        self.changes += usize::from(said != self.last);
        said.clone_into(&mut self.last);
        self.nodes += nodes;
        self.pixels += u64::from(size.0) * u64::from(size.1);
        self.focus = focus.resumed.clone().unwrap_or_default();
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "changes={} nodes={} pixels={} focus={}", self.changes, self.nodes, self.pixels, self.focus)
    }
}

/// A side that runs.
pub struct Side {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Side {
    /// Runs one side to its end.
    pub fn run(way: Way, bed: &Bed, python: &Path, steps: usize) -> Account {
        let mut side = Self::start(way, bed, python, steps);
        side.expect("ready");
        let (start_up, before, began) = (side.processor_time(), bed.passed.read(), Instant::now());
        side.say("begin");
        let work = side.expect("done");
        let took = began.elapsed();
        let processor = side.processor_time() - start_up;
        let passed = bed.passed.read().since(before);
        side.say("end");
        assert!(side.child.wait().expect("it ends").success(), "{way:?} ended badly");
        Account { start_up, processor, took, passed, work: work.trim().to_owned() }
    }

    fn start(way: Way, bed: &Bed, python: &Path, steps: usize) -> Self {
        let looks = if way == Way::OursByScript { "script" } else { "calls" };
        let mut command = way.command(bed, python);
        command.args([&steps.to_string(), looks]).current_dir(&bed.folder).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, lines }
    }

    /// Reads a line that begins with `word`; the rest of it.
    fn expect(&mut self, word: &str) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("its output");
        let rest = line.strip_prefix(word);
        rest.unwrap_or_else(|| panic!("{word} expected, not {line:?}")).to_owned()
    }

    fn say(&mut self, word: &str) {
        let input = self.child.stdin.as_mut().expect("its input");
        writeln!(input, "{word}").expect("it reads");
    }

    /// Processor time of all its threads so far. Both sides keep their threads to the end, so none is forgotten.
    fn processor_time(&self) -> Duration {
        super::processor::time_of(self.child.id())
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

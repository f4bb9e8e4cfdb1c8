//! Reading a hierarchy and finding a view in it, beside uiautomator2's XPath, which stands on lxml: the same file of 2,000
//! views, the same six questions, the file read anew for each, as after every look at a device.
//!
//! Both sides must name the same views. Processor time of either is read in its own process, theirs by Python's
//! `process_time`, ours from the kernel (`/proc/thread-self/schedstat`); the sides take turns. The bench fails when ours is
//! less than 20 times as fast.
//!
//! `cargo bench --bench beside_xpath`. It needs what `tests/run` installs, under APPWITNESS_TOOLS or target/tools. As a test
//! (`cargo test`) it takes one round and compares what was found.

#[path = "../asked.rs"]
mod asked;
mod dump;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::Duration;

use appwitness::android::parse_hierarchy;
use appwitness::ui::{Lexicon, Rect, Selector};

const NAME: &str = "beside_xpath";
/// Rounds of the bench; each reads the file six times.
const ROUNDS: usize = 25;
/// Repeats of ours in a round: the kernel counts in ticks of some milliseconds.
const REPEATS: u32 = 20;
/// So many times as fast as theirs ours has to be.
const TIMES: f64 = 20.0;

fn main() -> ExitCode {
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let Some(python) = python() else {
        println!("skipped: {NAME} needs uiautomator2 under APPWITNESS_TOOLS or target/tools (see tests/run)");
        let lacking = timed || std::env::var_os("APPWITNESS_ALL_TOOLS").is_some();
        return if lacking { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    };
    if compare(&python, if timed { ROUNDS } else { 1 }, timed) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn python() -> Option<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    let python = std::env::var_os("APPWITNESS_TOOLS").map_or(own, PathBuf::from).join("venv/bin/python");
    let check = Command::new(&python).args(["-c", "import uiautomator2.xpath"]).output().ok()?;
    check.status.success().then_some(python)
}

/// What a round came to.
struct Round {
    took: Duration,
    found: Vec<Vec<Rect>>,
}

/// Runs both sides in turn and prints what they came to; whether ours keeps its promise.
fn compare(python: &Path, rounds: usize, timed: bool) -> bool {
    let xml = dump::hierarchy();
    let file = std::env::temp_dir().join(format!("appwitness-xpath-{}.xml", std::process::id()));
    std::fs::write(&file, &xml).expect("a file");
    let (selectors, lexicon) = (dump::selectors(), Lexicon::builtin());
    let mut theirs = Theirs::start(python, &file);
    let (mut ours, mut other) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(round(xml.as_bytes(), &selectors, &lexicon, if timed { REPEATS } else { 1 }));
        other.push(theirs.round());
    }
    let _ = std::fs::remove_file(&file);
    println!("{NAME}: {} views, {} bytes, {rounds} rounds of {} questions", dump::VIEWS, xml.len(), selectors.len());
    let alike = ours.iter().chain(&other).all(|round| round.found == ours[0].found);
    let sure = ours[0].found.iter().all(|found| found.len() == 1);
    if !alike || !sure {
        println!("FAILED: not the same views: {:?} and {:?}", ours[0].found, other[0].found);
    }
    let (our_time, their_time) = (median(&ours), median(&other));
    let times = their_time.as_secs_f64() / our_time.as_secs_f64();
    let each = |time: Duration| time / u32::try_from(selectors.len()).expect("few");
    println!("processor time to read and find: ours {:.2?}, theirs {:.2?}", each(our_time), each(their_time));
    println!("ours is {times:.1} times as fast (at least {TIMES})");
    let kept = alike && sure && (!timed || times >= TIMES);
    println!("{}", if kept { "kept" } else { "FAILED" });
    kept
}

fn median(rounds: &[Round]) -> Duration {
    let mut took: Vec<Duration> = rounds.iter().map(|round| round.took).collect();
    took.sort();
    took[took.len() / 2]
}

/// One round of ours, made as often as makes a stretch that the kernel measures well.
fn round(xml: &[u8], selectors: &[Selector], lexicon: &Lexicon, repeats: u32) -> Round {
    let look = |selector: &Selector| {
        let tree = parse_hierarchy(xml).expect("a hierarchy");
        let node = selector.find(&tree, lexicon).unwrap_or_else(|error| panic!("{error}"));
        vec![tree.nodes[node].bounds]
    };
    let began = processor_time();
    let mut found = Vec::new();
    for _ in 0..repeats {
        found = std::hint::black_box(selectors.iter().map(look).collect());
    }
    Round { took: (processor_time() - began) / repeats, found }
}

/// Processor time of this thread so far.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel counts");
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("nanoseconds"))
}

/// The other side.
struct Theirs {
    child: Child,
    input: ChildStdin,
    lines: BufReader<ChildStdout>,
}

/// Its answer to a round.
#[derive(serde::Deserialize)]
struct Told {
    /// Nanoseconds.
    took: u64,
    /// Left, top, right, bottom of each view.
    found: Vec<Vec<[i32; 4]>>,
}

impl Theirs {
    fn start(python: &Path, file: &Path) -> Self {
        let mut command = Command::new(python);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/beside_xpath/with_uiautomator2.py")).arg(file);
        command.args(dump::SOUGHT.iter().map(|(_, xpath)| xpath)).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let input = child.stdin.take().expect("its input");
        let lines = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, input, lines }
    }

    fn round(&mut self) -> Round {
        writeln!(self.input, "round").expect("it reads");
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("it answers");
        let told: Told = serde_json::from_str(&line).expect("an answer");
        let rects = |found: Vec<[i32; 4]>| found.into_iter().map(|[l, t, r, b]| Rect::new(l, t, r, b)).collect();
        Round { took: Duration::from_nanos(told.took), found: told.found.into_iter().map(rects).collect() }
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

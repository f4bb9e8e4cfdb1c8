//! Whole attempts of shipped scenarios on a shipped specimen.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use appwitness::adb::Server;
use appwitness::android::Jar;
use appwitness::apk::App;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::run::{Order, Secrets, attempt};
use appwitness::scenario::{Briefing, Scenario};
use appwitness::shipped::Folder;
use appwitness::ui::Lexicon;
use appwitness::virtual_device::specimen;
use tokio_util::sync::CancellationToken;

use super::far::Far;

const SPECIMEN: &str = "well-behaved";
/// Scenarios of the bench when none is named: the usual one, one that watches, one that searches.
const USUAL: [&str; 3] = ["deny-non-essential", "accept-policy-watch", "find-rights"];
/// The scenario of the test.
const SHORT: &str = "accept-policy-watch";
/// An attempt that takes longer is stopped and has failed.
const LONGEST: Duration = Duration::from_secs(600);
/// Devices, and whether the accelerator is used.
const WAYS: [(&str, bool); 5] =
    [("instant", false), ("phone", false), ("phone", true), ("slow", false), ("slow", true)];

/// What an attempt came to.
struct Took {
    seconds: f64,
    processor_ms: f64,
    ended: String,
}

/// Prints what attempts take; whether all ended, and none was slower for its accelerator.
pub fn measure(timed: bool, jar: Option<&Path>) -> bool {
    let asked = std::env::var("APPWITNESS_ATTEMPTS").unwrap_or_default();
    let all: Vec<&str> = Folder::Scenarios.files().map(|(name, _)| name).collect();
    let names: Vec<&str> = match (timed, asked.as_str()) {
        (false, _) => vec![SHORT],
        (true, "") => USUAL.to_vec(),
        (true, "all") => all,
        (true, named) => named.split(',').collect(),
    };
    let ways: Vec<(&str, bool)> = WAYS.into_iter().filter(|(_, quick)| timed && (!quick || jar.is_some())).collect();
    let ways = if timed { ways } else { vec![WAYS[0]] };
    if timed && jar.is_none() {
        println!("without the accelerator: no u2.jar under APPWITNESS_TOOLS or target/tools (see tests/run)");
    }
    println!("\nan attempt                     on            seconds   of them ours   host's processor s   ended");
    let mut kept = true;
    for name in names {
        // At once: they wait far more than they work.
        let running: Vec<_> = ways.iter().map(|way| std::thread::spawn(start(name, *way, jar))).collect();
        let took: Vec<Took> = running.into_iter().map(|thread| thread.join().expect("it ends")).collect();
        let ours = took[0].seconds;
        for ((latency, quick), took) in ways.iter().zip(&took) {
            let on = format!("{latency}{}", if *quick { " + jar" } else { "" });
            println!(
                "{name:<30} {on:<12} {:>8.1} {:>12.0} % {:>20.2}   {}",
                took.seconds,
                ours * 100.0 / took.seconds,
                took.processor_ms / 1e3,
                took.ended
            );
            kept &= took.ended == "completed";
        }
        let slower = |latency: &str| {
            let seconds = |quick| ways.iter().position(|way| *way == (latency, quick)).map(|at| took[at].seconds);
            seconds(true).zip(seconds(false)).is_some_and(|(with, without)| with > without)
        };
        kept &= !slower("phone") && !slower("slow");
    }
    kept
}

/// One attempt in a process of its own, on a device of its own.
fn start(scenario: &str, (latency, quick): (&str, bool), jar: Option<&Path>) -> impl FnOnce() -> Took + Send + 'static {
    let (scenario, profile) = (scenario.to_owned(), format!("api=34,latency={latency}"));
    let jar = jar.filter(|_| quick).map_or(PathBuf::from("-"), Path::to_owned);
    move || {
        let far = Far::start(&profile);
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["attempt", &far.server.to_string(), &far.serial, &scenario]).arg(jar).stderr(Stdio::inherit());
        let said = command.output().expect("it runs").stdout;
        let said = String::from_utf8(said).expect("words");
        let mut words = said.split_whitespace();
        let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("{said:?}"));
        Took { seconds: number(), processor_ms: number(), ended: words.collect::<Vec<_>>().join(" ") }
    }
}

/// Makes the attempt that the arguments name: server, serial, scenario, jar or `-`. Says seconds, ms of processor time
/// and how it ended.
pub fn main(arguments: &[&str]) -> ExitCode {
    let [server, serial, scenario, jar] = arguments else { panic!("four arguments") };
    let server: SocketAddr = server.parse().expect("an address");
    let folder = std::env::temp_dir().join(format!("appwitness-attempt-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let order = order(scenario, &folder, Path::new(jar));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let cancel = CancellationToken::new();
    let device = Server::at(server).device(serial, cancel.clone());
    let began = Instant::now();
    let attempted = runtime.block_on(async {
        let record = folder.join("record");
        let made = attempt(&order, device, &record, Clock::real(), &|_| ());
        tokio::pin!(made);
        match tokio::time::timeout(LONGEST, &mut made).await {
            Ok(ended) => ended,
            Err(_) => {
                cancel.cancel();
                made.await
            }
        }
    });
    let (took, processor) = (began.elapsed(), processor_time());
    let _ = std::fs::remove_dir_all(&folder);
    let attempted = attempted.expect("a journal");
    let ended = format!("{:?} {}", attempted.ended, attempted.message).to_lowercase();
    println!("{} {} {}", took.as_secs_f64(), processor.as_secs_f64() * 1e3, ended.trim());
    ExitCode::SUCCESS
}

/// Processor time of this process, with threads that ended: what the kernel counts in ticks of 10 ms.
fn processor_time() -> Duration {
    const TICK: Duration = Duration::from_millis(10);
    let text = std::fs::read_to_string("/proc/self/stat").expect("the kernel counts");
    // Names may hold spaces and brackets; user and system time stand 11 and 12 words after the name.
    let after = text.rsplit_once(')').map(|(_, after)| after).expect("a name in brackets");
    let ticks: u32 = after.split_whitespace().skip(11).take(2).map(|word| word.parse::<u32>().expect("ticks")).sum();
    TICK * ticks
}

fn order(scenario: &str, folder: &Path, jar: &Path) -> Order {
    let catalogue = Arc::new(Catalogue::builtin());
    let text = Folder::Scenarios.file(scenario).unwrap_or_else(|| panic!("no shipped scenario {scenario}"));
    let scenario = Arc::new(Scenario::parse(scenario, text).expect("a sound scenario"));
    let model = Folder::Specimens.file(SPECIMEN).expect("a shipped specimen");
    let known = specimen::Specimen::parse(model).expect("a sound specimen");
    let file = folder.join("app.apk");
    std::fs::write(&file, specimen::pack(model).expect("a sound specimen")).expect("a file");
    let briefings = Folder::Briefings.files().map(|(name, text)| Briefing::parse(name, text, &catalogue));
    let briefing = briefings.map(|briefing| briefing.expect("a sound one")).find(|b| b.app == known.package);
    let jar = std::fs::read(jar).ok().map(|bytes| Jar::new("u2.jar", bytes).expect("a jar"));
    let mut secrets = Secrets::default();
    if let Some(account) = briefing.as_ref().and_then(|briefing| briefing.account.as_ref()) {
        for (name, secret) in [("account.user", &account.user), ("account.password", &account.password)] {
            if let appwitness::scenario::Secret::Literal(value) = secret {
                secrets.insert(name, value.clone());
            }
        }
    }
    Order {
        case: "bench".into(),
        attempt: 1,
        purpose: String::new(),
        app: Arc::new(App::open(&[file]).expect("an app")),
        older: None,
        category: Some(known.category).filter(|category| !category.is_empty()),
        scenario_digest: scenario.digest(),
        scenario,
        briefing: briefing.map(Arc::new),
        catalogue,
        lexicon: Arc::new(Lexicon::builtin()),
        secrets,
        observers: Vec::new(),
        program_digest: None,
        accelerator: jar,
    }
}

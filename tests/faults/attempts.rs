//! Faults thrown at random into whole attempts, with fixed seeds: whatever goes wrong, an attempt ends in time with one
//! verdict and one blame, tells nothing that did not happen, keeps its journal whole and leaves the device as it was.
//!
//! 40 attempts by default; `APPWITNESS_FAULT_ATTEMPTS=1000` makes more of them, `APPWITNESS_FAULT_ATTEMPTS=17..18` makes
//! the one of seed 17 alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::Server as Bridge;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::journal::Journal;
use appwitness::journal::entry::{Answer, Blame, Ended, Entry, Event, PromptKind};
use appwitness::judge::{Judgement, OutcomeKind, Verdict, judge};
use appwitness::run;
use appwitness::virtual_device::fault::{Rule, plan};
use appwitness::virtual_device::machine::{Machine, Presence, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::Expected;
use appwitness::virtual_device::system::{Answer as Given, Asking, Table};
use tokio_util::sync::CancellationToken;

use crate::pen::{Pen, Visit};

/// Attempts by default.
const USUAL: u64 = 40;
/// Attempts at a time.
const AT_ONCE: usize = 6;
/// Longest an attempt may take, whatever goes wrong: some hundred times what it takes undisturbed.
const LONGEST: Duration = Duration::from_secs(400);
/// How long a device has to notice that we left.
const LEAVES_WITHIN: Duration = Duration::from_secs(10);
/// The specimens, each run in all the scenarios it names: apps that ask, that leave, that keep accounts, and the near
/// misses of them.
const SPECIMENS: [&str; 5] = ["asks-after-consent", "leaves", "lets-go", "asks-on-tap", "reads-on-paste"];

/// What may go wrong; `AT`, `CALLS`, `BYTES` and `FOR` are drawn.
const RULES: [&str; 24] = [
    "{fault: stall, after-calls: CALLS, after-bytes: BYTES, for: FOR}",
    "{fault: stall, after-calls: CALLS, after-bytes: BYTES}",
    "{fault: stall, service: logcat, after-bytes: BYTES}",
    "{fault: silence, after-calls: CALLS, after-bytes: BYTES}",
    "{fault: cut, after-calls: CALLS, after-bytes: BYTES}",
    "{fault: cut, service: logcat, after-bytes: BYTES}",
    "{fault: truncate, after-calls: CALLS, after-bytes: BYTES}",
    "{fault: truncate, after-calls: CALLS, times: 3}",
    "{fault: garbage, after-calls: CALLS, after-bytes: BYTES, bytes: 40}",
    "{fault: garbage, service: logcat, after-bytes: BYTES, bytes: 400}",
    "{fault: slow, after-calls: CALLS, bytes: 100000, times: 5}",
    "{fault: closed, after-calls: CALLS}",
    "{fault: reboot, at: AT, for: FOR}",
    "{fault: offline, at: AT, for: FOR}",
    "{fault: disk-full, at: AT, for: FOR}",
    "{fault: kill, at: AT}",
    "{fault: kill, program: dumpsys, after-calls: CALLS}",
    "{fault: null-root, after-calls: CALLS, times: 3}",
    "{fault: empty-dump, after-calls: CALLS, times: 3}",
    "{fault: already-registered, after-calls: CALLS, times: 3}",
    "{fault: not-idle, after-calls: CALLS, times: 2}",
    "{fault: dialog, after-calls: CALLS}",
    "{fault: clock-jump, at: AT, by: 49h}",
    "{fault: clock-jump, at: AT, by: -3h}",
];

/// Small numbers, the same for the same seed (xorshift64*).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.max(1);
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }

    fn rule(&mut self) -> Rule {
        let rule = RULES[self.below(RULES.len() as u64) as usize]
            .replace("CALLS", &self.below(60).to_string())
            .replace("BYTES", &[0, 1, 5, 100, 4_000][self.below(5) as usize].to_string())
            .replace("AT", &format!("{}ms", self.below(9_000)))
            .replace("FOR", &format!("{}ms", 100 + self.below(2_500)));
        plan::parse_one(&rule).unwrap_or_else(|error| panic!("{rule}: {error}"))
    }
}

/// What an attempt left.
struct Told {
    entries: Vec<Entry>,
    judgement: Judgement,
    ended: Ended,
    blame: Option<Blame>,
    truth: Vec<Asking>,
    left: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_an_attempt_tells_what_happened_and_nothing_else() {
    let pen = Arc::new(Pen::open());
    let visits: Arc<Vec<Visit>> = Arc::new(SPECIMENS.iter().flat_map(|name| pen.visits(name)).collect());
    let gate = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut jobs = tokio::task::JoinSet::new();
    for seed in seeds() {
        let (pen, visits, gate) = (pen.clone(), visits.clone(), gate.clone());
        jobs.spawn(async move {
            let _turn = gate.acquire_owned().await.unwrap();
            let mut draw = Draw(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let visit = &visits[draw.below(visits.len() as u64) as usize];
            let rules: Vec<Rule> = (0..1 + draw.below(3)).map(|_| draw.rule()).collect();
            let name = format!("seed {seed}, {}, {rules:?}", visit.name());
            let begun = std::time::Instant::now();
            let told = Clock::real().within(LONGEST, attempt(&pen, visit, seed, rules)).await;
            let Some(told) = told else { return (vec![format!("{name}: hangs")], None) };
            let wrong = mistakes(&told, visit);
            let wrong = wrong.into_iter().map(|what| format!("{name}: {what}")).collect::<Vec<_>>();
            (wrong, Some((seed, told.judgement.verdict, told.blame, begun.elapsed())))
        });
    }
    let mut wrong = Vec::new();
    let mut verdicts: BTreeMap<String, u32> = BTreeMap::new();
    while let Some(job) = jobs.join_next().await {
        let (mistakes, verdict) = job.unwrap();
        mistakes.iter().for_each(|mistake| println!("{mistake}"));
        wrong.extend(mistakes);
        let Some((seed, verdict, blame, took)) = verdict else { continue };
        println!("seed {seed}: {verdict:?} {blame:?} {:.1} s", took.as_secs_f64());
        *verdicts.entry(format!("{verdict:?} {blame:?}")).or_default() += 1;
    }
    println!("{verdicts:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn seeds() -> Range<u64> {
    let Ok(asked) = std::env::var("APPWITNESS_FAULT_ATTEMPTS") else { return 0..USUAL };
    match asked.split_once("..") {
        Some((from, to)) => from.parse().unwrap()..to.parse().unwrap(),
        None => 0..asked.parse().unwrap(),
    }
}

async fn attempt(pen: &Pen, visit: &Visit, seed: u64, rules: Vec<Rule>) -> Told {
    let clock = Clock::real();
    let profile = format!("size=360x800,density=140,locale={},seed={seed}", visit.locale);
    let machine = Machine::boot(Profile::parse(&profile).unwrap(), clock.clone());
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
    let device = Bridge::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{seed}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let order = pen.order(visit, &folder);
    let before = state(&machine);
    rules.into_iter().for_each(|rule| machine.suffer(rule));
    let record = folder.join("record");
    let attempted = run::attempt(&order, device.clone(), &record, clock, &|_| {}).await.unwrap();
    let entries = Journal::read(&record).unwrap().entries;
    let truth = machine.system().askings().cloned().collect();
    let left = left_behind(&machine, &before).await;
    server.stop();
    machine.pull_the_plug();
    let judgement = judge(&entries, &Catalogue::builtin());
    Told { entries, judgement, ended: attempted.ended, blame: attempted.blame, truth, left }
}

/// What of a device a run may change and has to put back, by name: settings, switches, apps and what they were granted,
/// files in the folders that a shell may write to.
fn state(machine: &Machine) -> BTreeMap<String, String> {
    let mut state = BTreeMap::new();
    {
        let system = machine.system();
        for table in [Table::System, Table::Secure, Table::Global] {
            let values = system.settings().list(table);
            state.extend(values.map(|(key, value)| (format!("{table:?} setting {key}"), value.to_owned())));
        }
        let switches = system.switches();
        state.insert("network".into(), switches.network.to_string());
        state.insert("screen".into(), format!("{} {:?}", switches.screen_on, system.display_size()));
        state.insert("administrators".into(), system.administrators().collect::<Vec<_>>().join(" "));
        let packages = system.packages().keys();
        state.extend(packages.map(|name| (format!("package {name}"), "installed".to_owned())));
    }
    let shell = appwitness::virtual_device::fs::Actor::new(2000, 0);
    for folder in ["/data/local/tmp", "/sdcard", "/sdcard/Download"] {
        let files = machine.files().list(shell, folder).unwrap_or_default();
        state.extend(files.into_iter().map(|(name, _)| (format!("file {folder}/{name}"), "there".to_owned())));
    }
    state
}

/// Programs that a shell started and that still run.
fn programs(machine: &Machine) -> Vec<String> {
    let processes = machine.processes();
    let ours = processes.iter().filter(|process| process.uid == 2000 && process.mailbox.is_some());
    ours.map(|process| format!("{} still runs", process.arguments.join(" "))).collect()
}

/// What is not as it was before the attempt, once the device is there again and has noticed that we left.
async fn left_behind(machine: &Machine, before: &BTreeMap<String, String>) -> Vec<String> {
    let mut presence = machine.presence();
    let _ = presence.wait_for(|presence| *presence == Presence::Online).await;
    let ends = async {
        while !programs(machine).is_empty() {
            Clock::real().sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = Clock::real().within(LEAVES_WITHIN, ends).await;
    let after = state(machine);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let changed = changed.map(|name| format!("{name}: {:?}, before {:?}", after.get(name), before.get(name)));
    changed.chain(programs(machine)).collect()
}

fn mistakes(told: &Told, visit: &Visit) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |right: bool, what: String| {
        if !right {
            wrong.push(what);
        }
    };
    let opened = told.entries.iter().filter(|e| matches!(e.event, Event::CaseOpened(_))).count();
    let closed = told.entries.iter().filter(|e| matches!(e.event, Event::CaseClosed { .. })).count();
    let last = told.entries.last().is_some_and(|e| matches!(e.event, Event::CaseClosed { .. }));
    must((opened, closed, last) == (1, 1, true), format!("opened {opened}, closed {closed}, last {last}"));
    let (completed, blamed) = (told.ended == Ended::Completed, told.blame.is_some());
    must(completed != blamed, format!("{:?} with blame {:?}", told.ended, told.blame));
    must(told.blame.is_none_or(|blame| blame == Blame::Device), format!("blames {:?}", told.blame));
    let verdict = told.judgement.verdict;
    must(
        completed || matches!(verdict, Verdict::Failed | Verdict::Findings | Verdict::Incomplete),
        format!("{verdict:?}"),
    );
    for outcome in told.judgement.outcomes.iter().filter(|o| o.outcome == OutcomeKind::Observed) {
        let expected = visit.expected.get(&outcome.finding) == Some(&Expected::Observed);
        must(expected, format!("{} observed: {} {:?}", outcome.finding, outcome.reason, outcome.entries));
    }
    wrong.extend(invented_prompts(told));
    wrong.extend(told.left.iter().map(|what| format!("not restored: {what}")));
    wrong
}

/// Permission prompts of the record that the device knows nothing of, or that were answered otherwise. The device may
/// know of more: those that went unseen.
fn invented_prompts(told: &Told) -> Vec<String> {
    let mut truth = told.truth.iter().filter(|asking| asking.group.is_some());
    let mut invented = Vec::new();
    for entry in &told.entries {
        let Event::PromptShown(shown) = &entry.event else { continue };
        if shown.what != PromptKind::Permission {
            continue;
        }
        let answer = told.entries.iter().find_map(|e| match &e.event {
            Event::PromptAnswered(answered) if answered.prompt == shown.prompt => answered.answer,
            _ => None,
        });
        let fits = |asking: &Asking| {
            let group = asking.group.map(|group| group.name().rsplit('.').next().unwrap_or_default().to_owned());
            let group = shown.groups.is_empty() || shown.groups.iter().map(String::as_str).eq(group.as_deref());
            group && answer.is_none_or(|answer| asking.answer.is_some_and(|given| means(given, answer)))
        };
        if !truth.any(fits) {
            invented.push(format!("prompt {:?} answered {answer:?} did not happen: {:?}", shown.groups, told.truth));
        }
    }
    invented
}

fn means(given: Given, answer: Answer) -> bool {
    match answer {
        Answer::Deny | Answer::DenyForGood => matches!(given, Given::Deny | Given::DenyForGood | Given::Dismiss),
        _ => !matches!(given, Given::Deny | Given::DenyForGood | Given::Dismiss),
    }
}

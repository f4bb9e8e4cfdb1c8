//! Outside observers in whole attempts on a virtual device: what they tell is in the journal and with the judge; garbage,
//! floods and deaths fail nothing; nothing that they started is left. The observers are small shell scripts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use appwitness::adb;
use appwitness::apk;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::journal::Journal;
use appwitness::journal::entry::{Ended, Entry, Event, ObservedKind, ObserverEnded};
use appwitness::judge::{Outcome, OutcomeKind, judge};
use appwitness::run::{Observer, Order, Secrets, attempt};
use appwitness::scenario::Scenario;
use appwitness::ui::Lexicon;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

const APP: &str = "
specimen: still
package: org.example.still
label: Still
activity: .Main
sdk: {min: 21, target: 33}
first-screen: home
screens:
  home: {title: Still, views: [{text: {words: Nothing happens here}}]}
";
const SCENARIO: &str = "
scenario: look
title: Look at it
prompts: deny
consent: leave
steps:
  - launch
  - settle: {at-most: 5s}
  - dwell: 1s
";

struct Told {
    folder: PathBuf,
    entries: Vec<Entry>,
    ended: ObserverEnded,
}

impl Told {
    fn outcome(&self, finding: &str) -> Outcome {
        let judgement = judge(&self.entries, &Catalogue::builtin());
        judgement.outcomes.into_iter().find(|o| o.finding == finding).unwrap()
    }
}

/// One attempt with the shipped example looking on, which finds this script in the place of `adb`.
async fn example(name: &str, adb: &str) -> Told {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/observers/log-observer.sh");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("observers").join(format!("{name}-adb"));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("adb.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{adb}")).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let script = format!("ADB='{}' exec sh '{}'", path.display(), shipped.display());
    looked_on(name, &script).await
}

/// One attempt with a script looking on.
async fn looked_on(name: &str, script: &str) -> Told {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("observers").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("observer.sh");
    std::fs::write(&path, script).unwrap();
    let file = folder.join("app.apk");
    std::fs::write(&file, pack(APP).unwrap()).unwrap();
    let profile = Profile::parse("api=34,size=360x800,density=140").unwrap();
    let serial = profile.serial.clone();
    let server = Server::start("127.0.0.1:0", vec![Machine::boot(profile, Clock::real())]).await.unwrap();
    let device = adb::Server::at(server.address()).device(&serial, CancellationToken::new());
    let scenario = Arc::new(Scenario::parse("look.yaml", SCENARIO).unwrap_or_else(|told| panic!("{told}")));
    let command = vec!["sh".to_owned(), path.display().to_string(), folder.display().to_string()];
    let order = Order {
        case: name.to_owned(),
        attempt: 1,
        purpose: String::new(),
        app: Arc::new(apk::App::open(&[file]).unwrap()),
        older: None,
        category: None,
        scenario_digest: scenario.digest(),
        scenario,
        briefing: None,
        catalogue: Arc::new(Catalogue::builtin()),
        lexicon: Arc::new(Lexicon::builtin()),
        secrets: Secrets::default(),
        observers: vec![Observer { name: "lab".to_owned(), command }],
        accelerator: None,
        program_digest: None,
    };
    let record = folder.join("record");
    attempt(&order, device, &record, Clock::real(), &|_| ()).await.unwrap();
    let entries = Journal::read(&record).unwrap().entries;
    let closed = entries.last().map(|e| e.event.clone());
    assert!(matches!(closed, Some(Event::CaseClosed { ended: Ended::Completed, .. })), "{closed:?}");
    let ended = entries.iter().find_map(|e| match &e.event {
        Event::ObserverEnded(ended) => Some(ended.as_ref().clone()),
        _ => None,
    });
    Told { folder, entries, ended: ended.unwrap() }
}

#[tokio::test]
async fn what_an_observer_sees_is_in_the_record_and_with_the_judge() {
    let script = r#"
echo '{"event": "hello", "version": "lab 7", "sees": ["device-id-read", "app-list-read"]}'
echo "{\"event\": \"seen\", \"kind\": \"device-id-read\", \"what\": \"imei\", \"detail\": \"$APPWITNESS_PACKAGE on $ANDROID_SERIAL\"}"
echo '{"event": "seen", "kind": "app-list-read", "package": "org.example.other"}'
cat >/dev/null
"#;
    let told = looked_on("sees", script).await;
    let place = |test: &dyn Fn(&Event) -> bool| told.entries.iter().position(|e| test(&e.event)).unwrap();
    let hello = place(&|e| matches!(e, Event::ObserverHello(h) if h.observer == "lab" && h.version == "lab 7"));
    assert!(hello < place(&|e| matches!(e, Event::Launched { .. })), "it looks on before the app is started");
    let started = told.entries.iter().find_map(|e| match &e.event {
        Event::ObserverStarted(started) => Some(started),
        _ => None,
    });
    let digests = &started.unwrap().files;
    assert!(digests.len() == 2 && digests.values().all(|digest| digest.len() == 64), "{digests:?}");
    let observed = |e: &Entry| match &e.event {
        Event::Observed(seen) => Some(seen.clone()),
        _ => None,
    };
    let seen: Vec<_> = told.entries.iter().filter_map(observed).collect();
    assert_eq!(seen.len(), 1, "what is about other apps is left out");
    assert_eq!((seen[0].seen, seen[0].what.as_str()), (ObservedKind::DeviceIdRead, "imei"));
    assert_eq!(seen[0].detail, "org.example.still on emulator-5554");
    assert!(told.ended.with_run && told.ended.dropped == 0, "{:?}", told.ended);
    let read = told.outcome("device-id-read");
    assert!(read.outcome == OutcomeKind::Observed && read.review, "{read:?}");
    assert_eq!(told.outcome("installed-app-list-read").outcome, OutcomeKind::NotObserved);
}

#[tokio::test]
async fn one_that_dies_or_talks_rubbish_fails_nothing_and_is_not_believed() {
    let script = r#"
echo '{"event": "hello", "version": "1", "sees": ["device-id-read"]}'
echo 'not json at all'
echo '{"event": "seen", "kind": "device-id-read", "unknown": 1}'
head -c 200000 /dev/zero | tr '\0' x; echo
i=0; while [ $i -lt 3000 ]; do echo '{"event": "seen", "kind": "remark", "what": "flood"}'; i=$((i + 1)); done
echo 'my last words' >&2
exit 3
"#;
    let told = looked_on("dies", script).await;
    let ended = &told.ended;
    assert!(!ended.with_run && ended.how.contains('3'), "{ended:?}");
    assert!(ended.dropped > 1_000 && ended.events < 2_000, "{ended:?}");
    assert!(ended.first_mistake.contains("not json at all") && ended.last_words == "my last words\n", "{ended:?}");
    assert_eq!(told.outcome("device-id-read").outcome, OutcomeKind::NotAssessable);
}

#[tokio::test]
async fn nothing_it_started_is_left_even_when_it_will_not_end() {
    let script = r#"
trap '' TERM HUP
sleep 1000 & echo $! > "$1/child"
echo $$ > "$1/own"
echo '{"event": "hello", "version": "1", "sees": []}'
while :; do sleep 1; done
"#;
    let told = looked_on("stays", script).await;
    assert!(told.ended.with_run, "{:?}", told.ended);
    for name in ["child", "own"] {
        let pid = std::fs::read_to_string(told.folder.join(name)).unwrap();
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        // Who is dead and not yet buried is gone as well.
        assert!(stat.is_empty() || stat.contains(") Z "), "{name} is left: {stat}");
    }
    assert_eq!(told.outcome("device-id-read").outcome, OutcomeKind::NotAssessable);
}

#[tokio::test]
async fn one_that_can_not_be_started_is_told() {
    let told = looked_on("missing", "exec /nowhere/at/all").await;
    assert!(!told.ended.with_run && told.ended.last_words.contains("/nowhere/at/all"), "{:?}", told.ended);
}

/// Stands in for `adb logcat`: what the log holds already, and then nothing until it is killed.
fn log(lines: &str) -> String {
    format!("case \"$*\" in *' -d '*) printf '{lines}' ;; *) exec sleep 1000 ;; esac")
}

#[tokio::test]
async fn the_example_promises_what_its_hook_says_it_sees() {
    let told = example("hooked", &log("chatter\\nready|device-id-read nonsense\\n")).await;
    let sees = told.entries.iter().find_map(|e| match &e.event {
        Event::ObserverHello(hello) => Some(hello.sees.clone()),
        _ => None,
    });
    assert_eq!(sees, Some(vec![ObservedKind::DeviceIdRead]));
    assert!(told.ended.with_run, "{:?}", told.ended);
    assert_eq!(told.outcome("device-id-read").outcome, OutcomeKind::NotObserved);
    assert_eq!(told.outcome("installed-app-list-read").outcome, OutcomeKind::NotAssessable);
}

#[tokio::test]
async fn the_example_promises_nothing_without_a_hook() {
    let told = example("unhooked", &log("chatter\\n")).await;
    assert!(told.ended.with_run, "{:?}", told.ended);
    assert_eq!(told.outcome("device-id-read").outcome, OutcomeKind::NotAssessable);
}

#[tokio::test]
async fn the_example_is_not_believed_without_a_log() {
    let none = example("no-adb", "exit 127").await;
    assert!(!none.ended.with_run, "{:?}", none.ended);
    // The log ends while the run goes on.
    let cut = example("cut", "case \"$*\" in *' -d '*) echo 'ready|device-id-read' ;; esac").await;
    assert!(!cut.ended.with_run, "{:?}", cut.ended);
    for told in [none, cut] {
        assert_eq!(told.outcome("device-id-read").outcome, OutcomeKind::NotAssessable);
    }
}

#[tokio::test]
async fn one_that_greets_only_after_the_start_has_not_seen_the_start() {
    let script = r#"
echo '{"event": "hello", "version": "1", "sees": []}'
echo '{"event": "hello", "version": "1", "sees": ["device-id-read"]}' 
cat >/dev/null
"#;
    let told = looked_on("wavers", script).await;
    assert!(told.ended.with_run, "{:?}", told.ended);
    assert_eq!(told.outcome("device-id-read").outcome, OutcomeKind::NotAssessable, "it said both");
}

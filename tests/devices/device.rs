//! One virtual device behind an ADB server of its own, and one attempt on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use appwitness::adb::Server as Bridge;
use appwitness::apk::App;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::journal::Journal;
use appwitness::journal::entry::{Ended, Entry};
use appwitness::run::{self, Order, Secrets};
use appwitness::scenario::{Briefing, Scenario};
use appwitness::ui::Lexicon;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use appwitness::virtual_device::system::{Asking, Showing};
use tokio_util::sync::CancellationToken;

use crate::pace;

/// Monday, 23 November 2026, 00:00 in China.
const BEGINNING: i64 = 1_795_363_200_000;
const SPECIMEN: &str = include_str!("asks.yaml");
const BRIEFING: &str = "
app: com.example.asks
account: {user: asks-test, password: Asks-2026}
sign-in:
  - tap: {id: sign_in_entry}
  - type: {into: {id: username}, text: '${account.user}'}
  - type: {into: {id: password}, text: '${account.password}'}
  - tap: {id: sign_in}
signed-in: {id: signed_in}
";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A folder of its own, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("appwitness-devices-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What an attempt left: the host's record, and what the device itself knows.
pub struct Told {
    pub entries: Vec<Entry>,
    pub truth: Vec<Asking>,
    /// Dialogs that apps showed.
    pub showings: Vec<Showing>,
    pub failure: Option<String>,
}

/// The app as a file.
pub fn app(folder: &Folder) -> Arc<App> {
    app_of(folder, SPECIMEN)
}

/// Another app as a file.
pub fn app_of(folder: &Folder, specimen: &str) -> Arc<App> {
    let path = folder.0.join("asks.apk");
    std::fs::write(&path, pack(specimen).unwrap()).unwrap();
    Arc::new(App::open(&[path]).unwrap())
}

/// Work of host and device on a thread and a clock of their own, which goes on only while both wait.
pub async fn paced<T: Send + 'static, F: Future<Output = T>>(work: impl FnOnce(Clock) -> F + Send + 'static) -> T {
    let thread = tokio::task::spawn_blocking(move || {
        let clock = Clock::stepped(BEGINNING);
        pace::run(&clock, work(clock.clone()))
    });
    thread.await.unwrap_or_else(|broken| std::panic::resume_unwind(broken.into_panic()))
}

/// One attempt of a scenario on a device of this profile.
pub async fn attempt(profile: &str, scenario: &str, app: Arc<App>) -> Told {
    let (profile, scenario) = (profile.to_owned(), scenario.to_owned());
    paced(|clock| async move {
        let machine = Machine::boot(Profile::parse(&profile).unwrap(), clock.clone());
        attempt_of(&order(&scenario, app), machine, clock).await
    })
    .await
}

/// One attempt of an order on a machine that has this clock.
pub async fn attempt_of(order: &Order, machine: Arc<Machine>, clock: Clock) -> Told {
    attempt_until(order, machine, clock, CancellationToken::new()).await
}

/// The same, until somebody stops it.
pub async fn attempt_until(order: &Order, machine: Arc<Machine>, clock: Clock, cancel: CancellationToken) -> Told {
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
    let device = Bridge::on_clock(server.address(), clock.clone()).device(&machine.profile.serial, cancel);
    let folder = Folder::new();
    let record = folder.0.join("record");
    let attempted = run::attempt(order, device, &record, clock, &|_| {}).await.unwrap();
    let failure = (attempted.ended != Ended::Completed).then(|| attempted.message.clone());
    let entries = Journal::read(&record).unwrap().entries;
    let truth = machine.system().askings().cloned().collect();
    let showings = machine.system().showings().cloned().collect();
    server.stop();
    machine.pull_the_plug();
    Told { entries, truth, showings, failure }
}

/// What is to be done with an app.
pub fn order(scenario: &str, app: Arc<App>) -> Order {
    let scenario = Scenario::parse("devices.yaml", scenario).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let catalogue = Catalogue::builtin();
    let briefing = Briefing::parse("asks.yaml", BRIEFING, &catalogue).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut secrets = Secrets::default();
    secrets.insert("account.user", "asks-test".into());
    secrets.insert("account.password", "Asks-2026".into());
    Order {
        case: "devices".into(),
        attempt: 1,
        purpose: String::new(),
        app,
        older: None,
        category: None,
        scenario_digest: scenario.digest(),
        scenario: Arc::new(scenario),
        briefing: Some(Arc::new(briefing)),
        catalogue: Arc::new(catalogue),
        lexicon: Arc::new(Lexicon::builtin()),
        secrets,
        observers: Vec::new(),
        program_digest: None,
        accelerator: None,
    }
}

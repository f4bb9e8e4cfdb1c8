//! One attempt on an app that shows dialogs, and how long each took to its entry.

use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::Server as Bridge;
use appwitness::apk::App;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::journal::Journal;
use appwitness::journal::entry::Event;
use appwitness::run::{self, Order, Secrets};
use appwitness::scenario::Scenario;
use appwitness::ui::Lexicon;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

use crate::flashes::{TITLE, specimen};

/// From one dialog to the next, in milliseconds: not in step with the turns of asking.
const EVERY: i64 = 713;

/// Times from a dialog's appearance to its entry, the shortest first.
pub struct Delays(pub Vec<Duration>);

impl Delays {
    /// The time within which so many of 100 stand in the journal.
    pub fn share(&self, of_100: usize) -> Option<Duration> {
        let last = self.0.len().checked_sub(1)?;
        self.0.get((self.0.len() * of_100 / 100).min(last)).copied()
    }
}

/// Watches so many dialogs on a device of this release.
pub async fn delays(api: u32, dialogs: usize) -> Delays {
    let folder = std::env::temp_dir().join(format!("appwitness-flash-{}-{api}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let apk = folder.join("flashes.apk");
    std::fs::write(&apk, pack(&specimen(6, EVERY, dialogs)).expect("a sound specimen")).expect("a file");
    let profile = Profile::parse(&format!("api={api},latency=phone")).expect("a profile");
    let machine = Machine::boot(profile, Clock::real());
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.expect("a port");
    let device = Bridge::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
    let order = order(App::open(&[apk]).expect("an app"), 8 + dialogs * 8 / 10);
    let record = folder.join("record");
    run::attempt(&order, device, &record, Clock::real(), &|_| {}).await.expect("an attempt");
    let entries = Journal::read(&record).expect("a record").entries;
    let _ = std::fs::remove_dir_all(&folder);
    let shown: Vec<i64> = machine.system().showings().map(|showing| showing.at).collect();
    machine.pull_the_plug();
    let focus: Vec<(i64, &str)> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::WindowFocused { window, token, .. } if window.as_deref() == Some(TITLE) => {
                Some((entry.at.wall, token.as_deref()?))
            }
            _ => None,
        })
        .collect();
    let page = focus.first().map(|(_, token)| *token);
    let late = |at: i64| {
        let dialogs = focus.iter().filter(|(_, token)| Some(*token) != page);
        dialogs.map(|(wall, _)| wall - at).find(|late| (0..EVERY).contains(late))
    };
    let mut delays: Vec<Duration> =
        shown.into_iter().filter_map(late).map(|late| Duration::from_millis(late.unsigned_abs())).collect();
    delays.sort();
    Delays(delays)
}

fn order(app: App, seconds: usize) -> Order {
    let scenario = format!("scenario: flashes\ntitle: Watch\nsteps:\n  - launch\n  - leave-alone: {seconds}s\n");
    let scenario = Scenario::parse("flashes.yaml", &scenario).expect("a sound scenario");
    Order {
        case: "flashes".into(),
        attempt: 1,
        purpose: String::new(),
        app: Arc::new(app),
        older: None,
        category: None,
        scenario_digest: scenario.digest(),
        scenario: Arc::new(scenario),
        briefing: None,
        catalogue: Arc::new(Catalogue::builtin()),
        lexicon: Arc::new(Lexicon::builtin()),
        secrets: Secrets::default(),
        observers: Vec::new(),
        program_digest: None,
        accelerator: None,
    }
}

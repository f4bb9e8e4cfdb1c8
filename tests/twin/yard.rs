//! A virtual device for each made-up app, and one twin on it.

use std::path::Path;
use std::sync::Arc;

use appwitness::adb;
use appwitness::apk;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::journal::Journal;
use appwitness::judge::twin::{self, Fate};
use appwitness::judge::{OutcomeKind, judge};
use appwitness::run::{Order, Secrets, attempt};
use appwitness::scenario::Scenario;
use appwitness::ui::Lexicon;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

use crate::app::App;

const SCENARIO: &str = include_str!("../../scenarios/twin.yaml");
const FINDING: &str = "basic-function-degraded-on-denial";
/// Findings that come of several installs being taken for one: none of these apps shows them.
const CONFUSED: [&str; 3] =
    ["asks-again-on-every-restart", "popup-returns-after-close", "permissions-burst-at-first-launch"];

/// What the twin said of one app.
pub struct Told {
    /// What is withheld, with the groups that cost it.
    pub named: Vec<(String, Vec<String>)>,
    pub outcome: OutcomeKind,
    pub reason: String,
    /// Findings that should not be there.
    pub accused: Vec<String>,
}

/// Tours one app.
pub async fn tour(app: &App, scratch: &Path) -> Told {
    let folder = scratch.join(&app.name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("app.json"), &app.text).unwrap();
    let locale = if app.chinese { "zh-CN" } else { "en-US" };
    let profile = Profile::parse(&format!("api=34,size=360x800,density=140,locale={locale}")).unwrap();
    let serial = profile.serial.clone();
    let server = Server::start("127.0.0.1:0", vec![Machine::boot(profile, Clock::real())]).await.unwrap();
    let device = adb::Server::at(server.address()).device(&serial, CancellationToken::new());
    let record = folder.join("record");
    attempt(&order(app, &folder), device, &record, Clock::real(), &|_| ()).await.unwrap();
    let entries = Journal::read(&record).unwrap().entries;
    let judgement = judge(&entries, &Catalogue::builtin());
    let compared = twin::of(&entries).unwrap();
    if std::env::var("APPWITNESS_TWIN").is_ok() {
        for row in &compared.rows {
            println!("{} {} {:?} {:?}", row.step, row.name(), row.cells, row.fate);
        }
    }
    let named = compared.withheld().map(|row| match &row.fate {
        Fate::Withheld { groups, .. } => (row.name(), groups.clone()),
        _ => unreachable!("only withheld rows are listed"),
    });
    let own = judgement.outcomes.iter().find(|o| o.finding == FINDING).unwrap();
    let observed = judgement.outcomes.iter().filter(|o| o.outcome == OutcomeKind::Observed);
    Told {
        named: named.collect(),
        outcome: own.outcome,
        reason: own.reason.clone(),
        accused: observed.map(|o| o.finding.clone()).filter(|id| CONFUSED.contains(&id.as_str())).collect(),
    }
}

fn order(app: &App, folder: &Path) -> Order {
    let scenario = Arc::new(Scenario::parse("twin.yaml", SCENARIO).unwrap_or_else(|told| panic!("{told}")));
    let file = folder.join("app.apk");
    std::fs::write(&file, pack(&app.text).unwrap_or_else(|error| panic!("{}: {error}", app.name))).unwrap();
    Order {
        case: app.name.clone(),
        attempt: 1,
        purpose: String::new(),
        app: Arc::new(apk::App::open(&[file]).unwrap()),
        older: None,
        category: Some(app.category.to_owned()),
        scenario_digest: scenario.digest(),
        scenario,
        briefing: None,
        catalogue: Arc::new(Catalogue::builtin()),
        lexicon: Arc::new(Lexicon::builtin()),
        secrets: Secrets::default(),
        observers: Vec::new(),
        accelerator: None,
        program_digest: None,
    }
}

//! A virtual device for each made-up app, and one attempt that searches it for everything.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use appwitness::adb;
use appwitness::apk;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::journal::Journal;
use appwitness::journal::entry::{Event, SeekEnded};
use appwitness::run::{Order, Secrets, attempt};
use appwitness::scenario::{Scenario, Secret};
use appwitness::ui::{Concept, Lexicon};
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

use crate::app::{App, IRREVERSIBLE};

/// What the searches of one app came to.
pub struct Walk {
    pub seeks: Vec<SeekEnded>,
    /// Words of controls that were pressed and can't be undone, as the device remembers it.
    pub irreversible: Vec<String>,
    pub message: String,
}

/// Searches one app for every concept.
pub async fn walk(app: &App, scratch: &Path) -> Walk {
    walk_by(app, &Arc::new(Lexicon::builtin()), &Concept::ALL, scratch).await
}

/// Searches one app for some concepts by these words.
pub async fn walk_by(app: &App, lexicon: &Arc<Lexicon>, concepts: &[Concept], scratch: &Path) -> Walk {
    let folder = scratch.join(&app.name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("app.json"), &app.text).unwrap();
    let order = order(app, lexicon, concepts, &folder);
    let locale = app.tongue.locale();
    let profile = Profile::parse(&format!("api=34,size=360x800,density=140,locale={locale}")).unwrap();
    let serial = profile.serial.clone();
    let machine = Machine::boot(profile, Clock::real());
    let server = Server::start("127.0.0.1:0", vec![Arc::clone(&machine)]).await.unwrap();
    let device = adb::Server::at(server.address()).device(&serial, CancellationToken::new());
    let record = folder.join("record");
    let ended = attempt(&order, device, &record, Clock::real(), &|_| ()).await.unwrap();
    let entries = Journal::read(&record).unwrap().entries;
    let seeks = entries.into_iter().filter_map(|entry| match entry.event {
        Event::SeekEnded(ended) => Some(*ended),
        _ => None,
    });
    let irreversible =
        machine.system().connections().iter().filter(|c| c.host == IRREVERSIBLE).map(|c| c.path.clone()).collect();
    Walk { seeks: seeks.collect(), irreversible, message: ended.message }
}

fn order(app: &App, lexicon: &Arc<Lexicon>, concepts: &[Concept], folder: &Path) -> Order {
    let seeks: String = concepts.iter().map(|concept| format!("  - seek: {}\n", concept.name())).collect();
    let needs = if app.briefing.is_some() { "needs: {account: true}\n" } else { "" };
    let sign_in = if app.briefing.is_some() { "  - settle: {at-most: 15s}\n  - sign-in\n" } else { "" };
    let text = format!(
        "scenario: search\ntitle: Search for everything\n{needs}prompts: deny\nconsent: accept\nsteps:\n  - launch\n{sign_in}{seeks}"
    );
    let scenario = Arc::new(Scenario::parse("search.yaml", &text).unwrap_or_else(|told| panic!("{told}")));
    let file: PathBuf = folder.join("app.apk");
    std::fs::write(&file, pack(&app.text).unwrap_or_else(|error| panic!("{}: {error}", app.name))).unwrap();
    Order {
        case: app.name.clone(),
        attempt: 1,
        purpose: String::new(),
        app: Arc::new(apk::App::open(&[file]).unwrap()),
        older: None,
        category: None,
        scenario_digest: scenario.digest(),
        scenario,
        briefing: app.briefing.clone().map(Arc::new),
        catalogue: Arc::new(Catalogue::builtin()),
        lexicon: Arc::clone(lexicon),
        secrets: secrets(app),
        observers: Vec::new(),
        program_digest: None,
        accelerator: None,
    }
}

/// The account the walk signs in with.
fn secrets(app: &App) -> Secrets {
    let mut secrets = Secrets::default();
    let account = app.briefing.as_ref().and_then(|briefing| briefing.account.as_ref());
    for (name, secret) in
        account.into_iter().flat_map(|a| [("account.user", &a.user), ("account.password", &a.password)])
    {
        let Secret::Literal(value) = secret else { panic!("{}: its account is literal", app.name) };
        secrets.insert(name, value.clone());
    }
    secrets
}

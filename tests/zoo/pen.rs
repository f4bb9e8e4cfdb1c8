//! Specimens, the scenarios they name, and a device for each visit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use appwitness::apk::App;
use appwitness::catalogue::Catalogue;
use appwitness::run::{Observer, Order, Secrets};
use appwitness::scenario::{Briefing, Scenario, Secret};
use appwitness::ui::Lexicon;
use appwitness::virtual_device::specimen::{self, Expected, Specimen};

/// What the specimens are run with.
pub struct Pen {
    pub catalogue: Arc<Catalogue>,
    lexicon: Arc<Lexicon>,
    scenarios: BTreeMap<String, Arc<Scenario>>,
    briefings: BTreeMap<String, Arc<Briefing>>,
    specimens: Vec<(PathBuf, Specimen)>,
    pub scratch: PathBuf,
}

/// One specimen, one of its scenarios, one language.
pub struct Visit {
    pub specimen: String,
    pub scenario: String,
    pub locale: &'static str,
    pub expected: BTreeMap<String, Expected>,
    file: PathBuf,
    package: String,
    category: String,
    api: u32,
    device: String,
}

impl Visit {
    pub fn name(&self) -> String {
        format!("{} · {} · {}", self.specimen, self.scenario, self.locale)
    }

    /// A file of the specimen's name in a folder beside it.
    pub fn companion(&self, folder: &str, kind: &str) -> Option<PathBuf> {
        let path = self.file.parent()?.join(folder).join(self.file.file_name()?).with_extension(kind);
        path.exists().then_some(path)
    }

    /// The device it is shown on. A ninth of the usual pixels: painting is most of the work in a debug build.
    pub fn device(&self) -> String {
        let own = if self.device.is_empty() { String::new() } else { format!(",{}", self.device) };
        let more = std::env::var("APPWITNESS_ZOO_DEVICE").map(|more| format!(",{more}")).unwrap_or_default();
        format!("virtual:api={},size=360x800,density=140,locale={}{own}{more}", self.api, self.locale)
    }
}

/// What of the rich specimens is run unless all is asked for: they have many screens, and a visit takes its time.
const RICH: [(&str, &str); 8] = [
    ("baybank", "refuse-policy"),
    ("beanreader", "deny-everything-and-ask-again"),
    ("deerchat", "delete-account"),
    ("morningwire", "accept-policy-watch"),
    ("orangemart", "deny-everything-and-ask-again"),
    ("pixelfarm", "deny-everything-and-ask-again"),
    ("swiftcab", "deny-everything-and-ask-again"),
    ("wayfarer", "deny-non-essential"),
];

fn shipped(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(folder)
}

/// Path and text of the YAML files directly in a folder under `scenarios/`, by name.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let Ok(entries) = fs::read_dir(shipped(folder)) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// All specimens with their files.
pub fn specimens() -> Vec<(PathBuf, Specimen)> {
    let read = |(path, text): (PathBuf, String)| {
        let specimen = Specimen::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, specimen)
    };
    ["specimens", "specimens/zoo", "specimens/rich"].into_iter().flat_map(files).map(read).collect()
}

impl Pen {
    pub fn open() -> Self {
        let catalogue = Arc::new(Catalogue::builtin());
        let scenarios = ["", "specimens/zoo/scenarios"].into_iter().flat_map(files).map(|(path, text)| {
            let scenario = Scenario::parse(&path.display().to_string(), &text).unwrap_or_else(|told| panic!("{told}"));
            (scenario.id.clone(), Arc::new(scenario))
        });
        let folders = ["briefings", "specimens/zoo/briefings", "specimens/rich/briefings"];
        let briefings = folders.into_iter().flat_map(files).map(|(path, text)| {
            let briefing = Briefing::parse(&path.display().to_string(), &text, &catalogue);
            let briefing = briefing.unwrap_or_else(|told| panic!("{told}"));
            (briefing.app.clone(), Arc::new(briefing))
        });
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoo");
        let _ = fs::remove_dir_all(&scratch);
        fs::create_dir_all(&scratch).unwrap();
        Self {
            lexicon: Arc::new(Lexicon::builtin()),
            scenarios: scenarios.collect(),
            briefings: briefings.collect(),
            specimens: specimens(),
            catalogue,
            scratch,
        }
    }

    /// All visits that were asked for.
    pub fn visits(&self, asked: &str) -> Vec<Visit> {
        let mut visits = Vec::new();
        for (file, specimen) in &self.specimens {
            let named = asked.split(',').any(|name| name == specimen.specimen);
            let rich = file.parent().is_some_and(|folder| folder.ends_with("rich"));
            let wanted = matches!((asked, rich), ("" | "all", _) | ("rich", true));
            if !wanted && !named {
                continue;
            }
            // Half of the zoo speaks each language, whichever is not the one of the other half.
            let parity = specimen.specimen.bytes().fold(0_u32, |sum, byte| sum + u32::from(byte)) % 2;
            let locales: &[&str] = if asked == "all" || named && asked.ends_with(",all") {
                &["en-US", "zh-CN"]
            } else {
                &[["en-US", "zh-CN"][parity as usize]]
            };
            for (scenario, expected) in &specimen.expect {
                let few = rich && !named && asked != "all";
                if few && !RICH.contains(&(specimen.specimen.as_str(), scenario.as_str())) {
                    continue;
                }
                for finding in expected.keys() {
                    assert!(self.catalogue.finding(finding).is_some(), "{}: no finding `{finding}`", file.display());
                }
                visits.extend(locales.iter().map(|locale| Visit {
                    specimen: specimen.specimen.clone(),
                    scenario: scenario.clone(),
                    locale,
                    expected: expected.clone(),
                    file: file.clone(),
                    package: specimen.package.clone(),
                    category: specimen.category.clone(),
                    // From 34 on, Android refuses apps that were made for a level below 23.
                    api: if specimen.sdk.target < 23 { 33 } else { 34 },
                    device: specimen.device.clone(),
                }));
            }
        }
        visits
    }

    pub fn order(&self, visit: &Visit, folder: &Path) -> Order {
        let scenario = self.scenarios.get(&visit.scenario);
        let scenario = scenario.unwrap_or_else(|| panic!("{}: there is no such scenario", visit.name())).clone();
        let briefing = self.briefings.get(&visit.package).cloned();
        let mut secrets = Secrets::default();
        if let Some(account) = briefing.as_ref().and_then(|b| b.account.as_ref()) {
            for (name, secret) in [("account.user", &account.user), ("account.password", &account.password)] {
                let Secret::Literal(value) = secret else { panic!("{}: a zoo account is literal", visit.name()) };
                secrets.insert(name, value.clone());
            }
        }
        Order {
            case: visit.name(),
            attempt: 1,
            purpose: String::new(),
            app: packed(&visit.file, &folder.join("app.apk")),
            older: visit.companion("older", "yaml").map(|older| packed(&older, &folder.join("older.apk"))),
            category: Some(visit.category.clone()).filter(|category| !category.is_empty()),
            scenario_digest: scenario.digest(),
            scenario,
            briefing,
            catalogue: self.catalogue.clone(),
            lexicon: self.lexicon.clone(),
            secrets,
            observers: visit.companion("observers", "sh").map(observer).into_iter().collect(),
            program_digest: None,
            accelerator: None,
        }
    }
}

/// A program that looks on, as a laboratory would start it.
fn observer(script: PathBuf) -> Observer {
    let command = vec!["sh".to_owned(), script.display().to_string()];
    Observer { name: "beside".to_owned(), command }
}

/// A specimen as an installable file.
pub fn packed(specimen: &Path, to: &Path) -> Arc<App> {
    let text = fs::read_to_string(specimen).unwrap();
    let bytes = specimen::pack(&text).unwrap_or_else(|error| panic!("{}: {error}", specimen.display()));
    fs::write(to, bytes).unwrap();
    Arc::new(App::open(&[to.to_owned()]).unwrap())
}

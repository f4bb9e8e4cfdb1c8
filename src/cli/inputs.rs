//! From what was typed to what is meant: apps, scenarios, briefings, accounts.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::android::Jar;
use crate::apk::App;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::journal::digest;
use crate::run::Secrets;
use crate::scenario::{Briefing, Complaint, Located, Mistakes, Needs, Plan, Scenario, Secret, Step};
use crate::shipped::Folder;
use crate::ui::Lexicon;
use crate::virtual_device::specimen;

use super::args::{Asking, Rules};
use super::exit::Failure;
use super::operator;

/// Longest file of an author that is read: 1 MiB.
const LONGEST: u64 = 1 << 20;
/// Longest accelerator that is read: 64 MiB.
const LONGEST_JAR: u64 = 64 << 20;

/// Scenarios by shipped name or by file; none names every shipped one.
pub fn scenarios(given: &[String]) -> Result<Vec<Arc<Scenario>>, Failure> {
    if given.is_empty() {
        let shipped = Folder::Scenarios.files().map(|(name, text)| parse_scenario(&format!("{name}.yaml"), text));
        return shipped.collect();
    }
    given.iter().map(|name| scenario(name, Path::new("."))).collect()
}

/// A scenario by shipped name, or by file relative to a folder.
pub fn scenario(name: &str, beside: &Path) -> Result<Arc<Scenario>, Failure> {
    let (file, text) = shipped_or_file(Folder::Scenarios, name, beside, "scenario")?;
    parse_scenario(&file, &text)
}

fn parse_scenario(name: &str, text: &str) -> Result<Arc<Scenario>, Failure> {
    read_scenario(name, text).map(Arc::new).map_err(Failure::input)
}

/// A scenario from its text, with the scenarios it uses.
pub fn read_scenario(name: &str, text: &str) -> Result<Scenario, Mistakes> {
    let mut scenario = Scenario::parse(name, text)?;
    scenario.resolve(&|wanted, from| {
        let beside = Path::new(from).parent().unwrap_or(Path::new(""));
        shipped_or_file(Folder::Scenarios, wanted, beside, "scenario").map_err(|failure| failure.message)
    })?;
    Ok(scenario)
}

/// A plan by shipped name or by file, with the folder its paths are relative to.
pub fn plan(given: &str, catalogue: &Catalogue) -> Result<(Plan, PathBuf), Failure> {
    let (name, text) = shipped_or_file(Folder::Plans, given, Path::new("."), "plan")?;
    let beside = Path::new(given).parent().map(Path::to_owned).unwrap_or_default();
    Ok((Plan::parse(&name, &text, catalogue).map_err(Failure::input)?, beside))
}

/// A complaint by shipped name or by file, with the folder its paths are relative to.
pub fn complaint(given: &str, catalogue: &Catalogue) -> Result<(Complaint, PathBuf), Failure> {
    let (name, text) = shipped_or_file(Folder::Complaints, given, Path::new("."), "complaint")?;
    let beside = Path::new(given).parent().map(Path::to_owned).unwrap_or_default();
    Ok((Complaint::parse(&name, &text, catalogue).map_err(Failure::input)?, beside))
}

/// A complaint as a scenario: its steps, then what should have happened.
pub fn scenario_of(complaint: &Complaint) -> Scenario {
    let mut steps = complaint.steps.clone();
    if let Some(expected) = &complaint.expected {
        let at = steps.last().map(|step| step.at).unwrap_or_default();
        steps.push(Located { at, value: Step::Expect(expected.clone()) });
    }
    Scenario {
        source: complaint.source.clone(),
        id: format!("complaint-{}", complaint.id),
        title: complaint.said.lines().next().unwrap_or_default().to_owned(),
        description: complaint.said.clone(),
        needs: Needs::default(),
        prompts: complaint.prompts,
        consent: complaint.consent,
        allow_irreversible: complaint.allow_irreversible,
        by_default: false,
        parameters: BTreeMap::new(),
        steps,
        used: Vec::new(),
    }
}

/// The briefing that was given, else the shipped one for the app's package.
pub fn briefing(given: Option<&Path>, app: &App, catalogue: &Catalogue) -> Result<Option<Arc<Briefing>>, Failure> {
    let found = match given {
        Some(path) => Some(parse_briefing(&path.display().to_string(), &read(path)?, catalogue)?),
        None => shipped_briefing(&app.facts.package, catalogue)?,
    };
    match &found {
        Some(briefing) if briefing.app != app.facts.package => Err(Failure::input(format!(
            "{}: this briefing is about {}, the app is {}",
            briefing.source.name, briefing.app, app.facts.package
        ))),
        _ => Ok(found.map(Arc::new)),
    }
}

fn shipped_briefing(package: &str, catalogue: &Catalogue) -> Result<Option<Briefing>, Failure> {
    for (name, text) in Folder::Briefings.files() {
        let briefing = parse_briefing(&format!("{name}.yaml"), text, catalogue)?;
        if briefing.app == package {
            return Ok(Some(briefing));
        }
    }
    Ok(None)
}

fn parse_briefing(name: &str, text: &str, catalogue: &Catalogue) -> Result<Briefing, Failure> {
    Briefing::parse(name, text, catalogue).map_err(Failure::input)
}

/// The test account's secrets: from the briefing, or from the environment variables it names. A variable that is not
/// set leaves the account out, and the run says that there was none.
pub fn secrets(briefing: Option<&Briefing>, asking: &Asking, clock: &Clock) -> Secrets {
    account(briefing).with_operator(asking.ask.as_ref().map(|how| operator::operator(how, clock)))
}

fn account(briefing: Option<&Briefing>) -> Secrets {
    let mut secrets = Secrets::default();
    let Some(account) = briefing.and_then(|b| b.account.as_ref()) else { return secrets };
    let value = |secret: &Secret| match secret {
        Secret::Literal(value) => value.clone(),
        Secret::Environment(name) => std::env::var(name).unwrap_or_default(),
    };
    secrets.insert("account.user", value(&account.user));
    secrets.insert("account.password", value(&account.password));
    secrets
}

/// An app by files or `specimen:NAME`. Specimens are packed, and bundles unpacked, into `apps`.
pub fn app(given: &[String], beside: &Path, apps: &Path) -> Result<Arc<App>, Failure> {
    // A folder for each: bundles hold files of the same names, and two specimens may be called alike.
    let names = format!("{}\0{}", beside.display(), given.join("\0"));
    let folder = apps.join(digest::of(names.as_bytes()).as_str().get(..16).unwrap_or_default());
    // An earlier run of this folder left its own there.
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Failure::file("empty the folder", &folder, error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| Failure::file("make the folder", &folder, error))?;
    let files = given.iter().map(|one| app_file(one, beside, &folder)).collect::<Result<Vec<_>, _>>()?;
    App::open_unpacking(&files, &folder).map(Arc::new).map_err(Failure::input)
}

/// An older version of `app`, when one is given.
pub fn older(given: Option<&str>, beside: &Path, app: &App, apps: &Path) -> Result<Option<Arc<App>>, Failure> {
    let Some(given) = given else { return Ok(None) };
    let older = self::app(&[given.to_owned()], beside, &apps.join("older"))?;
    let (old, new) = (&older.facts, &app.facts);
    if old.package != new.package || old.version_code >= new.version_code {
        return Err(Failure::input(format!(
            "older version {given}: it is {} version {}, which is no older version of {} version {}",
            old.package, old.version_code, new.package, new.version_code
        )));
    }
    Ok(Some(older))
}

fn app_file(given: &str, beside: &Path, apps: &Path) -> Result<PathBuf, Failure> {
    match given.strip_prefix("specimen:") {
        Some(name) => pack_specimen(name, beside, apps),
        None => Ok(beside.join(given)),
    }
}

/// Packs a specimen, shipped or from a file, into an APK.
fn pack_specimen(name: &str, beside: &Path, apps: &Path) -> Result<PathBuf, Failure> {
    let (label, text) = shipped_or_file(Folder::Specimens, name, beside, "specimen")?;
    let bytes = specimen::pack(&text).map_err(|error| Failure::input(format!("{label}: {error}")))?;
    let stem = Path::new(name).file_stem().and_then(|s| s.to_str()).unwrap_or("specimen");
    let path = apps.join(format!("{stem}.apk"));
    fs::write(&path, bytes).map_err(|error| Failure::file("write", &path, error))?;
    Ok(path)
}

/// Names of the shipped specimens.
pub fn specimens() -> impl Iterator<Item = &'static str> {
    Folder::Specimens.files().map(|(name, _)| name)
}

fn shipped_or_file(folder: Folder, given: &str, beside: &Path, what: &str) -> Result<(String, String), Failure> {
    if let Some(text) = folder.file(given) {
        return Ok((format!("{given}.yaml"), text.to_owned()));
    }
    let path = beside.join(given);
    let looks_like_a_file = given.contains(['/', '.']);
    if !looks_like_a_file && !path.exists() {
        let names: Vec<&str> = folder.files().map(|(name, _)| name).collect();
        return Err(Failure::input(format!(
            "there is no {what} `{given}`; shipped are: {}; or give a file",
            names.join(", ")
        )));
    }
    Ok((path.display().to_string(), read(&path)?))
}

/// The accelerator's file, when one is named.
pub fn accelerator(given: Option<&Path>) -> Result<Option<Jar>, Failure> {
    let Some(path) = given else { return Ok(None) };
    let bytes = read_bytes(path, LONGEST_JAR)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let jar = Jar::new(&name, bytes);
    jar.map(Some).ok_or_else(|| Failure::input(format!("{}: is no jar", path.display())))
}

/// Reads an author's file, bounded.
pub fn read(path: &Path) -> Result<String, Failure> {
    let text = String::from_utf8(read_bytes(path, LONGEST)?);
    text.map_err(|error| Failure::input(format!("{}: is not UTF-8 text: {error}", path.display())))
}

fn read_bytes(path: &Path, longest: u64) -> Result<Vec<u8>, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::input(format!("{}: {why}", path.display()));
    if path.is_dir() {
        return Err(wrong(&"is a folder, not a file"));
    }
    // What a device or a pipe holds is known when it was read: nothing but the reading is bounded.
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| wrong(&error))?;
    file.take(longest + 1).read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
    if bytes.len() as u64 > longest {
        return Err(wrong(&format!("is larger than {longest} bytes")));
    }
    Ok(bytes)
}

/// The catalogue in the folder that was given; without one that of this program.
pub fn catalogue(rules: &Rules) -> Result<Catalogue, Failure> {
    let Some(folder) = &rules.catalogue else { return Ok(Catalogue::builtin()) };
    let mut files = BTreeMap::new();
    for name in crate::catalogue::FILES {
        let path = folder.join(name);
        if path.exists() {
            files.insert(name.to_owned(), read(&path)?);
        }
    }
    Catalogue::parse(&files).map_err(|error| {
        let all = crate::catalogue::FILES.join(", ");
        Failure::input(format!("{}: {error}\na catalogue is a folder with {all}; `appwitness scenario catalogue DIR` writes this program's, to begin with", folder.display()))
    })
}

/// The words of this program with those of the files that were given.
pub fn lexicon(rules: &Rules) -> Result<Lexicon, Failure> {
    rules.lexicon.iter().try_fold(Lexicon::builtin(), |lexicon, path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        lexicon.adding(&name, &read(path)?).map_err(|error| {
            Failure::input(format!("{}: {error}\nit has to look like the lexicon of this program, or a part of it: docs/lexicon.md; `appwitness scenario lexicon` prints that one", path.display()))
        })
    })
}

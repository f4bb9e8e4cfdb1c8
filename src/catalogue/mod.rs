//! The rules as data: categories, findings, phrases, deadlines, working days. Knows no device.
//!
//! The files beside this one are ours: own words about public rules, read as SOURCES.md says. They are no legal advice.

mod category;
mod deadline;
mod error;
mod finding;
mod third_party;
pub mod working_days;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::{Digest, Sha256};

pub use category::{Category, NecessaryInfo, SubCase};
pub use deadline::{Deadline, Unit};
pub use error::CatalogueError;
pub use finding::{Basis, EvidenceKind, FindingRule, Instrument, Phrase, Severity, Threshold, ThresholdOrigin};
pub use third_party::{ThirdParties, ThirdParty};
pub use working_days::Calendar;

const CATEGORIES: &str = "necessary-info-39.yaml";
const FINDINGS: &str = "findings.yaml";
const PHRASES: &str = "categories-in-enforcement-notices.yaml";
const DEADLINES: &str = "deadlines.yaml";
const TITLES: &str = "titles-zh.yaml";

/// Names of the files that make a catalogue.
pub const FILES: [&str; 5] = [CATEGORIES, FINDINGS, PHRASES, DEADLINES, TITLES];

/// Categories, findings, instruments, phrases, deadlines and the working-day calendar, with every id resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    categories: Vec<Category>,
    findings: Vec<FindingRule>,
    instruments: BTreeMap<String, Instrument>,
    phrases: Vec<Phrase>,
    deadlines: Vec<Deadline>,
    calendar: Calendar,
    digest: String,
}

#[derive(Deserialize)]
struct CategoriesFile {
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct FindingsFile {
    how_to_read: HowToRead,
    seed_topics: BTreeMap<String, String>,
    instruments: BTreeMap<String, Instrument>,
    findings: Vec<FindingRule>,
}

#[derive(Deserialize)]
struct HowToRead {
    needs: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct PhrasesFile {
    phrases: Vec<Phrase>,
    findings_without_a_regulator_phrase: Vec<String>,
}

#[derive(Deserialize)]
struct DeadlinesFile {
    deadlines: Vec<Deadline>,
    working_days: WorkingDays,
}

#[derive(Deserialize)]
struct WorkingDays {
    calendars: BTreeMap<String, working_days::WrittenYear>,
}

impl Catalogue {
    /// The catalogue inside the program.
    ///
    /// # Panics
    /// Never: a test loads it.
    pub fn builtin() -> Self {
        let files = builtin_files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        Self::parse(&files).expect("the embedded catalogue is sound")
    }

    /// Reads the files of [`FILES`] (name → text) and checks that every id resolves. Other files are ignored, and not
    /// part of the digest.
    pub fn parse(files: &BTreeMap<String, String>) -> Result<Self, CatalogueError> {
        let categories: CategoriesFile = read(files, CATEGORIES)?;
        let findings: FindingsFile = read(files, FINDINGS)?;
        let phrases: PhrasesFile = read(files, PHRASES)?;
        let deadlines: DeadlinesFile = read(files, DEADLINES)?;
        let titles: BTreeMap<String, String> = read(files, TITLES)?;

        let mut faults = dangling(&categories, &findings, &phrases, &deadlines, &titles);
        let calendar = Calendar::from_written(&deadlines.working_days.calendars, &mut faults);
        if !faults.is_empty() {
            return Err(CatalogueError::Broken(faults.iter().map(|fault| located(files, fault)).collect()));
        }
        let mut rules = findings.findings;
        for rule in &mut rules {
            let own = || phrases.phrases.iter().filter(|phrase| phrase.finding_ids.contains(&rule.id));
            rule.phrases_zh = own().map(|phrase| phrase.zh.clone()).collect();
            rule.phrases_en = own().map(|phrase| phrase.en.clone()).collect();
            rule.title_zh = titles.get(&rule.id).cloned().unwrap_or_default();
        }
        Ok(Self {
            categories: categories.categories,
            findings: rules,
            instruments: findings.instruments,
            phrases: phrases.phrases,
            deadlines: deadlines.deadlines,
            calendar,
            digest: digest(files),
        })
    }

    /// SHA-256 over the names and texts of the files, 64 lower-case hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// All categories, in the rule's order.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The category of this id.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// All kinds of findings, in the catalogue's order.
    pub fn findings(&self) -> &[FindingRule] {
        &self.findings
    }

    /// The kind of finding of this id.
    pub fn finding(&self, id: &str) -> Option<&FindingRule> {
        self.findings.iter().find(|finding| finding.id == id)
    }

    /// All instruments by id.
    pub fn instruments(&self) -> &BTreeMap<String, Instrument> {
        &self.instruments
    }

    /// The instrument of this id.
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments.get(id)
    }

    /// All regulators' phrases.
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// All deadlines.
    pub fn deadlines(&self) -> &[Deadline] {
        &self.deadlines
    }

    /// The deadline of this id.
    pub fn deadline(&self, id: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|deadline| deadline.id == id)
    }

    /// The calendar of working days.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

/// The files of the catalogue inside the program: name and text.
pub fn builtin_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let texts = [
        include_str!("necessary-info-39.yaml"),
        include_str!("findings.yaml"),
        include_str!("categories-in-enforcement-notices.yaml"),
        include_str!("deadlines.yaml"),
        include_str!("titles-zh.yaml"),
    ];
    FILES.into_iter().zip(texts)
}

/// A fault with file and line in front: where the id it is about is defined, and from there where the other one stands.
fn located(files: &BTreeMap<String, String>, fault: &str) -> String {
    let (about, last) = (fault.split(": ").next().unwrap_or_default(), fault.rsplit(' ').next().unwrap_or_default());
    let names = |line: &str, id: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        line.strip_prefix("id:").map(str::trim) == Some(id) || line.strip_prefix(id).is_some_and(|l| l.starts_with(':'))
    };
    let place = |about: &str| {
        files.iter().filter(|(name, _)| FILES.contains(&name.as_str())).find_map(|(name, text)| {
            let begin = text.lines().position(|line| names(line, about))?;
            let inside = text.lines().skip(begin).position(|line| line.contains(last));
            Some(format!("{name}:{}", begin + inside.unwrap_or(0) + 1))
        })
    };
    match place(about).or_else(|| place(last)) {
        Some(place) => format!("{place}: {fault}"),
        None => fault.to_owned(),
    }
}

fn read<T: DeserializeOwned>(files: &BTreeMap<String, String>, name: &str) -> Result<T, CatalogueError> {
    let text = files.get(name).ok_or_else(|| CatalogueError::MissingFile(name.to_owned()))?;
    serde_yaml::from_str(text)
        .map_err(|error| CatalogueError::Yaml { file: name.to_owned(), message: error.to_string() })
}

fn digest(files: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files.iter().filter(|(name, _)| FILES.contains(&name.as_str())) {
        hash.update(format!("{name}\0{}\0", text.len()));
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every id that stands twice or leads nowhere.
fn dangling(
    categories: &CategoriesFile,
    findings: &FindingsFile,
    phrases: &PhrasesFile,
    deadlines: &DeadlinesFile,
    titles: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let ids = unique("finding", findings.findings.iter().map(|finding| &finding.id), &mut faults);
    unique("category", categories.categories.iter().map(|category| &category.id), &mut faults);
    unique("phrase", phrases.phrases.iter().map(|phrase| &phrase.id), &mut faults);
    unique("deadline", deadlines.deadlines.iter().map(|deadline| &deadline.id), &mut faults);

    for finding in &findings.findings {
        for basis in finding.legal_basis.iter().chain(&finding.advisory_basis) {
            if !findings.instruments.contains_key(&basis.instrument) {
                faults.push(format!("{}: no instrument {}", finding.id, basis.instrument));
            }
        }
        for need in finding.needs.iter().filter(|need| !findings.how_to_read.needs.contains_key(*need)) {
            faults.push(format!("{}: no need {need}", finding.id));
        }
        if !findings.seed_topics.contains_key(&finding.seed_topic) {
            faults.push(format!("{}: no topic {}", finding.id, finding.seed_topic));
        }
        if !titles.contains_key(&finding.id) {
            faults.push(format!("{}: no Chinese title", finding.id));
        }
        let spoken_of = phrases.phrases.iter().any(|phrase| phrase.finding_ids.contains(&finding.id));
        if spoken_of == phrases.findings_without_a_regulator_phrase.contains(&finding.id) {
            faults.push(format!("{}: must have a phrase or be listed as without one", finding.id));
        }
    }
    for deadline in &deadlines.deadlines {
        if !findings.instruments.contains_key(&deadline.instrument) && deadline.instrument_note.is_none() {
            faults.push(format!("{}: no instrument {}", deadline.id, deadline.instrument));
        }
    }
    let cited = phrases.phrases.iter().map(|phrase| (&phrase.id, &phrase.finding_ids));
    let timed = deadlines.deadlines.iter().map(|deadline| (&deadline.id, &deadline.finding_ids));
    for (by, targets) in cited.chain(timed) {
        for target in targets.iter().filter(|target| !ids.contains(target.as_str())) {
            faults.push(format!("{by}: no finding {target}"));
        }
    }
    for title in titles.keys().filter(|title| !ids.contains(title.as_str())) {
        faults.push(format!("title of a finding that does not exist: {title}"));
    }
    faults
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a String>, faults: &mut Vec<String>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id.as_str()) {
            faults.push(format!("{what} {id} stands twice"));
        }
    }
    seen
}

#[cfg(test)]
mod tests;

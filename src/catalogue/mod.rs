//! The rules as data: categories, findings, phrases, deadlines, working days. Knows no device.
//!
//! The files beside this one are ours: own words about public rules, read as SOURCES.md says. They are no legal advice.

mod category;
mod deadline;
mod error;
mod finding;
mod ids;
pub mod permission;
mod shape;
mod third_party;
pub mod working_days;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

pub use category::{Category, NecessaryInfo, SubCase};
pub use deadline::{Deadline, Unit};
pub use error::CatalogueError;
pub use finding::{Basis, EvidenceKind, FindingRule, Instrument, Phrase, Severity, Threshold, ThresholdOrigin};
pub use ids::FILES;
pub use third_party::{ThirdParties, ThirdParty};
pub use working_days::Calendar;

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
    instruments: BTreeMap<String, Instrument>,
    findings: Vec<FindingRule>,
}

#[derive(Deserialize)]
struct PhrasesFile {
    phrases: Vec<Phrase>,
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

/// The files as values.
struct Written {
    categories: CategoriesFile,
    findings: FindingsFile,
    phrases: PhrasesFile,
    deadlines: DeadlinesFile,
    titles: BTreeMap<String, String>,
}

impl Written {
    fn read(files: &BTreeMap<String, String>) -> Result<Self, CatalogueError> {
        Ok(Self {
            categories: read(files, ids::CATEGORIES)?,
            findings: read(files, ids::FINDINGS)?,
            phrases: read(files, ids::PHRASES)?,
            deadlines: read(files, ids::DEADLINES)?,
            titles: read(files, ids::TITLES)?,
        })
    }
}

impl Catalogue {
    /// The catalogue inside the program. Its ids were asked for when the program was built.
    ///
    /// # Panics
    /// Never: a test loads it.
    pub fn builtin() -> Self {
        let files = builtin_files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        Written::read(&files).and_then(|written| Self::of(written, &files)).expect("the embedded catalogue is sound")
    }

    /// Reads the files of [`FILES`] (name → text) and checks their shape and that every id resolves. Other files are ignored, and not
    /// part of the digest.
    pub fn parse(files: &BTreeMap<String, String>) -> Result<Self, CatalogueError> {
        if let Some(name) = FILES.iter().find(|name| !files.contains_key(**name)) {
            return Err(CatalogueError::MissingFile((*name).to_owned()));
        }
        let faults = shape::faults(files);
        if !faults.is_empty() {
            return Err(CatalogueError::Broken(faults));
        }
        let written = Written::read(files)?;
        match ids::faults(files) {
            faults if faults.is_empty() => Self::of(written, files),
            faults => Err(CatalogueError::Broken(faults)),
        }
    }

    fn of(written: Written, files: &BTreeMap<String, String>) -> Result<Self, CatalogueError> {
        let Written { categories, findings, phrases, deadlines, titles } = written;
        let mut faults = Vec::new();
        let calendar = Calendar::from_written(&deadlines.working_days.calendars, &mut faults);
        if !faults.is_empty() {
            let faults = faults.iter().map(|fault| format!("{}: {fault}", ids::DEADLINES)).collect();
            return Err(CatalogueError::Broken(faults));
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

#[cfg(test)]
mod tests;

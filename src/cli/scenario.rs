//! `scenario`: check, list, schema.

use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::report::summary::Summary;
use crate::report::text::tame;
use crate::scenario::{self, Briefing, Complaint, FileKind, Plan};
use crate::shipped::Folder;
use crate::ui::Lexicon;
use crate::virtual_device::specimen::Specimen;

use super::args::{Scenario as Options, ScenarioCommand, SchemaKind};
use super::exit::{Exit, Failure};
use super::inputs;

/// Checks, lists or describes scenario files.
pub fn scenario(options: Options) -> Result<Exit, Failure> {
    match options.what {
        ScenarioCommand::Check { files } => check(&files),
        ScenarioCommand::List => list(),
        ScenarioCommand::Lexicon => {
            print!("{}", Lexicon::builtin_file());
            Ok(Exit::Clear)
        }
        ScenarioCommand::Catalogue { folder } => write_catalogue(&folder),
        ScenarioCommand::Schema { kind } => schema(kind),
    }
}

fn check(files: &[PathBuf]) -> Result<Exit, Failure> {
    let mut exit = Exit::Clear;
    for path in files {
        let name = path.display().to_string();
        let mistakes = match inputs::read(path) {
            Ok(text) => mistakes(&name, &text),
            Err(failure) => Some(failure.message),
        };
        match mistakes {
            None => say!("{}: good", tame(&name)),
            Some(mistakes) => {
                eprintln!("{}", tame(&mistakes));
                exit = Exit::Input;
            }
        }
    }
    Ok(exit)
}

/// What is wrong with a file, by the kind its first key names.
fn mistakes(name: &str, text: &str) -> Option<String> {
    let catalogue = Catalogue::builtin();
    match first_key(text) {
        "app" => Briefing::parse(name, text, &catalogue).err().map(|m| m.to_string()),
        "complaint" => Complaint::parse(name, text, &catalogue).err().map(|m| m.to_string()),
        "plan" => Plan::parse(name, text, &catalogue).err().map(|m| m.to_string()),
        "specimen" | "package" => Specimen::parse(text).err().map(|error| format!("{name}: {error}")),
        _ => super::inputs::read_scenario(name, text).err().map(|m| m.to_string()),
    }
}

fn first_key(text: &str) -> &str {
    let line = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with(['#', '-', '%']));
    line.and_then(|line| line.split(':').next()).unwrap_or_default().trim()
}

fn write_catalogue(folder: &Path) -> Result<Exit, Failure> {
    std::fs::create_dir(folder).map_err(|error| Failure::file("make", folder, error))?;
    for (name, text) in crate::catalogue::builtin_files() {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| Failure::file("write", &path, error))?;
    }
    say!("Catalogue: {} (digest {})", tame(&folder.display().to_string()), Catalogue::builtin().digest());
    Ok(Exit::Clear)
}

fn list() -> Result<Exit, Failure> {
    let heads = [
        (Folder::Scenarios, "Scenarios"),
        (Folder::Specimens, "Specimens (--app specimen:NAME)"),
        (Folder::Complaints, "Complaints"),
        (Folder::Plans, "Plans"),
    ];
    for (folder, head) in heads {
        say!("{head}");
        for (name, text) in folder.files() {
            say!("  {name:<28} {}", title(text));
        }
        say!();
    }
    say!("Categories (--category ID)");
    for category in Catalogue::builtin().categories() {
        say!("  {:<28} {} {}", category.id, category.zh, category.en);
    }
    Ok(Exit::Clear)
}

/// The title a file gives itself: the value of its first `title`, `said` or `label` line.
fn title(text: &str) -> &str {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':').map(str::trim));
    value("title").or_else(|| value("said")).or_else(|| value("label")).unwrap_or_default()
}

fn schema(kind: SchemaKind) -> Result<Exit, Failure> {
    let schema = match kind {
        SchemaKind::Scenario => scenario::schema_of(FileKind::Scenario),
        SchemaKind::Briefing => scenario::schema_of(FileKind::Briefing),
        SchemaKind::Complaint => scenario::schema_of(FileKind::Complaint),
        SchemaKind::Plan => scenario::schema_of(FileKind::Plan),
        SchemaKind::Specimen => schemars::schema_for!(Specimen).to_value(),
        SchemaKind::Observer => schemars::schema_for!(crate::run::ObserverLine).to_value(),
        SchemaKind::Summary => Summary::schema().to_value(),
    };
    say!("{}", serde_json::to_string_pretty(&schema).map_err(Failure::bug)?);
    Ok(Exit::Clear)
}

//! Commands on the files that authors write.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `scenario`
#[derive(Args, Debug)]
pub struct Scenario {
    #[command(subcommand)]
    pub what: ScenarioCommand,
}

/// What can be done with scenario files.
#[derive(Debug, Subcommand)]
pub enum ScenarioCommand {
    /// Check files; every mistake is printed at once
    Check {
        /// Scenario, briefing, complaint or plan files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List what is shipped: scenarios, specimens, complaints, plans, categories
    List,
    /// Print this program's words (the lexicon), to begin a file for --lexicon with
    Lexicon,
    /// Write this program's catalogue of rules into a folder, to begin a newer one with
    Catalogue {
        /// Folder; must not exist
        folder: PathBuf,
    },
    /// Print a JSON Schema for editors
    Schema {
        /// Which kind of file
        #[arg(value_enum, default_value_t)]
        kind: SchemaKind,
    },
}

/// Kinds of files with a schema.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum SchemaKind {
    /// Scenario files.
    #[default]
    Scenario,
    /// Briefings.
    Briefing,
    /// Complaints.
    Complaint,
    /// Plans.
    Plan,
    /// Specimens of the virtual device.
    Specimen,
    /// summary.json.
    Summary,
    /// Lines of an outside observer.
    Observer,
}

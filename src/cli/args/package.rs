//! Commands on sealed packages and on the records of runs.

use std::path::PathBuf;

use clap::Args;

use super::shared::{Rules, Signing};

/// `judge`
#[derive(Args, Debug)]
pub struct Judge {
    /// Package: a folder or an archive
    pub package: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub rules: Rules,
}

/// `seal`
#[derive(Args, Debug)]
pub struct Seal {
    /// Folder of the record: attempts/<case>/attempt-<n>.unfinished in a run's folder
    pub folder: PathBuf,
    /// Package to make: a folder, or a file that ends in .zip or .tar.zst; without it beside the
    /// record. Must not exist
    #[arg(long, value_name = "PACKAGE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub signing: Signing,
    /// Who ran the case, for the record
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// Why, for the record; without it what the run said
    #[arg(long, value_name = "TEXT")]
    pub purpose: Option<String>,
    #[command(flatten)]
    pub rules: Rules,
}

/// `pack`
#[derive(Args, Debug)]
pub struct Pack {
    /// Package: a folder
    pub package: PathBuf,
    /// File to make, which ends in .zip or .tar.zst; must not exist
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `verify`
#[derive(Args, Debug)]
pub struct Verify {
    /// Packages: folders or archives
    #[arg(required = true)]
    pub packages: Vec<PathBuf>,
    /// Root certificate (PEM) of the time stamp service; without it a stamp is checked to be about the package only
    #[arg(long, value_name = "FILE")]
    pub tsa_ca: Option<PathBuf>,
}

/// `redact`
#[derive(Args, Debug)]
pub struct Redact {
    /// Package: a folder or an archive; it is not touched
    pub package: PathBuf,
    /// Package to make: a folder, or a file that ends in .zip or .tar.zst. Must not exist
    #[arg(long, value_name = "PACKAGE")]
    pub out: PathBuf,
    /// An exhibit that is left out, by its SHA-256 or the beginning of it; several times
    #[arg(long, value_name = "EXHIBIT")]
    pub leave_out: Vec<String>,
    /// A region of a picture that is covered, in pixels; its words go from hierarchies and journal too
    #[arg(long, value_name = "EXHIBIT:LEFT,TOP,WIDTH,HEIGHT")]
    pub cover: Vec<String>,
    /// A text that is covered wherever it stands, on pictures where the hierarchy tells its place
    #[arg(long, value_name = "TEXT")]
    pub text: Vec<String>,
    /// YAML file with the same: `reason`, `leave-out`, `cover: [{exhibit, region: [left, top, width, height]}]`, `texts`
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub signing: Signing,
    /// Who makes the copy, for the record
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
}

/// `review`
#[derive(Args, Debug)]
pub struct Review {
    /// Package: a folder or an archive
    pub package: PathBuf,
    /// Who reviews; needed to write a review
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// OpenSSH key that signs the review, as for sealing; without it the review says "unsigned"
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// A finding that is so, with a note if there is one; several times
    #[arg(long, value_name = "FINDING[=NOTE]")]
    pub confirm: Vec<String>,
    /// A finding that is not so
    #[arg(long, value_name = "FINDING[=NOTE]")]
    pub reject: Vec<String>,
    /// A finding that can't be told
    #[arg(long, value_name = "FINDING[=NOTE]")]
    pub unsure: Vec<String>,
    /// YAML file with the same: `decisions: [{finding: ID, decision: confirm|reject|unsure, note: TEXT}]`
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Ask for each finding; without this and without a decision they are listed
    #[arg(long, short, conflicts_with_all = ["confirm", "reject", "unsure", "file"])]
    pub interactive: bool,
}

/// `report`
#[derive(Args, Debug)]
pub struct Report {
    /// Package or run folder; or the word `schema`
    pub what: PathBuf,
    /// Write the draft of a rectification notice instead (Markdown and .docx), from a package
    #[arg(long)]
    pub notice: bool,
    /// Working days that the notice grants; the authority that sends it decides
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=250), requires = "notice")]
    pub working_days: u32,
    /// Day on which the notice is served, in China; without it today
    #[arg(long, value_name = "YYYY-MM-DD", requires = "notice")]
    pub served: Option<jiff::civil::Date>,
    /// File to write; without it report.html beside the package
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub rules: Rules,
}

/// `export`
#[derive(Args, Debug)]
pub struct Export {
    /// Package: a folder or an archive; it is not touched
    pub package: PathBuf,
    /// As CASE/UCO, JSON-LD: files, device, app, acts, what was seen, and all outcomes
    #[arg(long, required = true)]
    pub case: bool,
    /// File to write
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub rules: Rules,
}

/// `compare`
#[derive(Args, Debug)]
pub struct Compare {
    /// Package before the rectification
    pub old: PathBuf,
    /// Package after it
    pub new: PathBuf,
    /// Page to write, with pictures side by side
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Day on which the notice was served, in China; with it the deadline is told
    #[arg(long, value_name = "YYYY-MM-DD", requires = "days")]
    pub served: Option<jiff::civil::Date>,
    /// Working days that the notice granted, by the Chinese calendar
    #[arg(long, value_name = "N", group = "days", requires = "served", value_parser = clap::value_parser!(u32).range(1..=2_000))]
    pub working_days: Option<u32>,
    /// Days of any kind that the notice granted
    #[arg(long, value_name = "N", group = "days", requires = "served", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub calendar_days: Option<u32>,
    #[command(flatten)]
    pub rules: Rules,
}

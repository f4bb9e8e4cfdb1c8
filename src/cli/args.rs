//! What was typed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::run::Observer;
use crate::virtual_device::machine::Pace;

/// Tests how Android apps treat people's personal information, and seals the evidence.
///
/// Without a command it runs every shipped scenario on the shipped specimen apps, on a virtual device of its own.
#[derive(Debug, Parser)]
#[command(name = "appwitness", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

impl Arguments {
    /// The command; `run` when none was typed.
    pub fn command(self) -> Command {
        self.command.unwrap_or_else(|| Command::Run(Run::default()))
    }
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run scenarios on apps (default: every shipped scenario on every shipped specimen, on the virtual device)
    Run(Run),
    /// Run a plan: apps × scenarios × profiles, several at once; goes on where an earlier run stopped
    Nightly(Nightly),
    /// Repeat a user's complaint n times and say in how many runs it showed
    Reproduce(Reproduce),
    /// Judge a sealed record again, by the rules of this program
    Judge(Judge),
    /// Seal a record that a killed run left behind; the package says that it is unfinished
    Seal(Seal),
    /// Put a package into one file, .zip or .tar.zst; its digest stays the same
    Pack(Pack),
    /// Check an evidence package: every byte, the chain, the signature
    Verify(Verify),
    /// Make a second package without what must not be handed on, linked to the first by digests
    Redact(Redact),
    /// Say of a package's findings whether they are so: confirm, reject or unsure; the sealed part stays as it is
    Review(Review),
    /// Write the report of a package or a run again, or print the schema of summary.json
    Report(Report),
    /// Write what a package tells for other programs: CASE/UCO, the vocabulary of investigators
    Export(Export),
    /// Compare two packages: fixed, still there, new, no longer assessable
    Compare(Compare),
    /// List the devices of an ADB server
    Devices(Devices),
    /// Check that this machine and a device are ready
    Doctor(Doctor),
    /// Check, list or describe scenario files
    Scenario(Scenario),
    /// Run a virtual device for any ADB client
    VirtualDevice(VirtualDevice),
}

/// Where devices come from.
#[derive(Args, Clone, Debug, Default)]
pub struct Where {
    /// Address of a running ADB server, for example 127.0.0.1:5037; without it a virtual device is embedded
    #[arg(long, value_name = "HOST:PORT")]
    pub server: Option<SocketAddr>,
    /// Serial of a device, or virtual[:api=34,skin=google,locale=zh-CN]; with virtual:clock=skipping what a scenario only
    /// waits for takes no time: 48 hours go by in moments
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<String>,
}

/// What makes looking faster, and what looks on.
#[derive(Args, Clone, Debug, Default)]
pub struct Aids {
    /// Dump hierarchies and tap with uiautomator2's u2.jar, as PyPI ships it (assets/u2.jar), instead of the stock commands
    #[arg(long, value_name = "FILE")]
    pub accelerator: Option<PathBuf>,
    /// A program that looks on and tells what it sees (docs/observers.md): its name and its command; may be given several
    /// times
    #[arg(long, value_name = "NAME=COMMAND", value_parser = observer)]
    pub observer: Vec<Observer>,
}

/// Reads `NAME=COMMAND`; words of the command are divided by spaces, quotes hold them together.
fn observer(text: &str) -> Result<Observer, String> {
    let (name, command) = text.split_once('=').ok_or("write NAME=COMMAND")?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > 60 || !name.chars().all(fits) {
        return Err("a name has letters, digits, hyphens and dots".to_owned());
    }
    let command = words(command)?;
    if command.is_empty() {
        Err("the command is missing".to_owned())
    } else {
        Ok(Observer { name: name.to_owned(), command })
    }
}

fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() { Err("a quote is not closed".to_owned()) } else { Ok(words) }
}

/// Which rules judge.
#[derive(Args, Clone, Debug, Default)]
pub struct Rules {
    /// Folder of a newer catalogue, with the files that `scenario catalogue DIR` writes; without it the one of this program
    #[arg(long, value_name = "DIR")]
    pub catalogue: Option<PathBuf>,
    /// YAML file of words that apps use, added to those of this program: another language, or more words of one it knows
    /// (docs/lexicon.md); may be given several times. A record keeps the words of its run
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,
}

/// How evidence is sealed and where it goes.
#[derive(Args, Clone, Debug, Default)]
pub struct Sealing {
    /// Folder for the run; without it reports/<time>, with a link reports/latest
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How each package is kept: as a folder, or as one file
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub form: PackageForm,
    /// OpenSSH private key (Ed25519) that signs the packages, or a .pub file whose key an ssh-agent holds; without it they
    /// say "unsigned"
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Time stamp service (RFC 3161) that is asked for each package: http[s]://HOST[:PORT][/PATH]; the answer is signed.
    /// With https, the roots are the system's or those of the file that SSL_CERT_FILE names
    #[arg(long, value_name = "URL", value_parser = crate::evidence::Service::parse)]
    pub tsa: Option<crate::evidence::Service>,
    /// Who runs this, for the record
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    pub purpose: Option<String>,
    /// Exit with 1 from this severity on
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: Severity,
}

/// How a package is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PackageForm {
    /// As a folder.
    #[default]
    Folder,
    /// As one archive, not compressed.
    Zip,
    /// As one compressed archive.
    #[value(name = "tar.zst")]
    TarZst,
}

impl PackageForm {
    /// The same in the evidence's words.
    pub fn in_evidence(self) -> crate::evidence::Form {
        use crate::evidence::Form;
        match self {
            Self::Folder => Form::Folder,
            Self::Zip => Form::Zip,
            Self::TarZst => Form::TarZst,
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Severity {
    /// A lead only.
    #[default]
    Info,
    /// Small or contested.
    Low,
    /// Named, but a matter of degree.
    Medium,
    /// Named as a breach in a rule in force.
    High,
    /// Forbidden outright, or harm that can't be undone.
    Critical,
}

impl Severity {
    /// The same in the catalogue's words.
    pub fn in_catalogue(self) -> crate::catalogue::Severity {
        use crate::catalogue::Severity as Catalogued;
        match self {
            Self::Info => Catalogued::Info,
            Self::Low => Catalogued::Low,
            Self::Medium => Catalogued::Medium,
            Self::High => Catalogued::High,
            Self::Critical => Catalogued::Critical,
        }
    }
}

/// Who answers what a device cannot know, such as a code sent by SMS.
#[derive(Args, Clone, Debug, Default)]
pub struct Asking {
    /// Where the answers to a scenario's `ask-operator` come from: terminal, file:PATH (one answer; taken and removed) or
    /// command:PROGRAM (its first line; the question is in APPWITNESS_QUESTION). Answers are masked like passwords
    #[arg(long, value_name = "HOW")]
    pub ask: Option<crate::cli::operator::How>,
}

/// `run`
#[derive(Args, Debug, Default)]
pub struct Run {
    /// Names of shipped scenarios, or scenario files; none means every shipped one
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// App: an .apk, .xapk, .apks or .apkm file, a folder of splits, or specimen:NAME; several times for a split set
    #[arg(long, value_name = "FILE")]
    pub app: Vec<String>,
    /// An older version of the app, for scenarios that upgrade
    #[arg(long, value_name = "FILE")]
    pub older: Option<String>,
    /// Category of the app, one of the 39; `scenario list` names them
    #[arg(long, value_name = "ID")]
    pub category: Option<String>,
    /// What an author knows of the app: functions, sign-in
    #[arg(long, value_name = "FILE")]
    pub briefing: Option<PathBuf>,
    /// How many cases run at once
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    #[command(flatten)]
    pub asking: Asking,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub aids: Aids,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub sealing: Sealing,
}

/// `nightly`
#[derive(Args, Debug)]
pub struct Nightly {
    /// Plan file, or the name of a shipped plan
    pub plan: String,
    /// How many cases run at once; without it what the plan says
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    #[command(flatten)]
    pub asking: Asking,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub aids: Aids,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub sealing: Sealing,
    #[command(flatten)]
    pub farm: Farm,
}

/// Many machines on one plan. Every one runs the same command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Many machines (needs a build with --features farm)")]
pub struct Farm {
    /// Address of the queue, nats-server 2.10 or newer with JetStream: nats://HOST:PORT, several with commas between
    #[arg(long, value_name = "URL", requires = "store")]
    pub queue: Option<String>,
    /// Where packages go: file:///FOLDER that all hosts see, or s3://BUCKET/PREFIX with the usual AWS_ variables
    #[arg(long, value_name = "URL", requires = "queue")]
    pub store: Option<String>,
    /// File with credentials for the queue, as `nsc` writes them
    #[arg(long, value_name = "FILE", requires = "queue")]
    pub queue_credentials: Option<PathBuf>,
    /// Name of the batch, the same on all hosts; to run a plan again, give another. Without it, it follows from the plan
    #[arg(long, value_name = "NAME", requires = "queue")]
    pub batch: Option<String>,
    /// Wait for the other hosts, fetch what they did, and report the whole run; with --workers 0 do nothing else
    #[arg(long, requires = "queue")]
    pub collect: bool,
    /// How long a job stays with a host that says nothing; the first host's word holds for the batch
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = duration)]
    pub ack_wait: Duration,
    /// How long a job may take before another host gets it
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub job_limit: Duration,
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    let longest = Duration::from_secs(24 * 60 * 60);
    let fits = |d: &Duration| (Duration::from_millis(100)..=longest).contains(d);
    crate::scenario::duration(text).filter(fits).ok_or("give a duration such as 30s, 5m or 1h, at most 24h")
}

/// `reproduce`
#[derive(Args, Debug)]
pub struct Reproduce {
    /// Complaint file, or the name of a shipped one
    pub complaint: String,
    /// How many clean runs; without it what the file says
    #[arg(short = 'n', long, value_name = "N")]
    pub times: Option<u32>,
    /// App file; without it what the complaint names
    #[arg(long, value_name = "FILE")]
    pub app: Vec<String>,
    #[command(flatten)]
    pub asking: Asking,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub aids: Aids,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub sealing: Sealing,
}

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
    /// OpenSSH private key (Ed25519) that signs it, or a .pub file whose key an ssh-agent holds; without it the package
    /// says "unsigned"
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Time stamp service (RFC 3161) that is asked for each package: http[s]://HOST[:PORT][/PATH]; the answer is signed.
    /// With https, the roots are the system's or those of the file that SSL_CERT_FILE names
    #[arg(long, value_name = "URL", value_parser = crate::evidence::Service::parse)]
    pub tsa: Option<crate::evidence::Service>,
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
    /// OpenSSH key that signs the copy, as for sealing
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Time stamp service (RFC 3161) that is asked for each package: http[s]://HOST[:PORT][/PATH]; the answer is signed.
    /// With https, the roots are the system's or those of the file that SSL_CERT_FILE names
    #[arg(long, value_name = "URL", value_parser = crate::evidence::Service::parse)]
    pub tsa: Option<crate::evidence::Service>,
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

/// `devices`
#[derive(Args, Debug)]
pub struct Devices {
    /// Address of a running ADB server
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:5037")]
    pub server: SocketAddr,
}

/// `doctor`
#[derive(Args, Debug)]
pub struct Doctor {
    #[command(flatten)]
    pub place: Where,
}

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

/// `virtual-device`
#[derive(Args, Debug)]
pub struct VirtualDevice {
    /// Address of the adbd port (what `adb connect` takes); port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Also speak the ADB server protocol here
    #[arg(long, value_name = "HOST:PORT")]
    pub server_listen: Option<SocketAddr>,
    /// File that gets the address once it is open
    #[arg(long, value_name = "FILE")]
    pub port_file: Option<PathBuf>,
    /// What to be: api=34,skin=google,locale=zh-CN,…
    #[arg(long, value_name = "PROPERTIES", default_value = "latency=phone")]
    pub device: String,
    /// How many devices the server lists (with --server-listen)
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub count: u32,
    /// What goes wrong on the devices, and when: a file of faults (see README)
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// How the devices' time goes: `real`, or `skipping`, which goes on in jumps when it is told to (`advance 48h` with
    /// --control)
    #[arg(long, value_name = "PACE")]
    pub clock: Option<Pace>,
    /// Obey lines on standard input: `off SERIAL` takes a device's power away, `fault [SERIAL] {fault: stall, service:
    /// dump}` lets something go wrong, `calm [SERIAL]` ends that, `advance 48h` lets so much time pass at once, with all
    /// that is due in it (with --clock skipping), and says `advanced 48h` when it has
    #[arg(long)]
    pub control: bool,
    /// Apps to install at the start: files, or specimen:NAME
    #[arg(long, value_name = "APP")]
    pub app: Vec<String>,
}

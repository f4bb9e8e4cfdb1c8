//! What several commands take.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::run::Observer;

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

/// Who vouches for a package, and when.
#[derive(Args, Clone, Debug, Default)]
pub struct Signing {
    /// OpenSSH private key (Ed25519) that signs the packages, or a .pub file whose key an ssh-agent holds; without it they
    /// say "unsigned"
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Time stamp service (RFC 3161) that is asked for each package: http[s]://HOST[:PORT][/PATH]; the answer is signed.
    /// With https, the roots are the system's or those of the file that SSL_CERT_FILE names
    #[arg(long, value_name = "URL", value_parser = crate::evidence::Service::parse)]
    pub tsa: Option<crate::evidence::Service>,
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
    #[command(flatten)]
    pub signing: Signing,
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

//! Commands that run cases.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::shared::{Aids, Asking, Rules, Sealing, Where};

/// What every command that runs cases takes.
#[derive(Args, Debug, Default)]
pub struct Common {
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
    pub common: Common,
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
    pub common: Common,
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
    pub common: Common,
}

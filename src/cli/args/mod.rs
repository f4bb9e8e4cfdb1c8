//! What was typed.

use clap::{Parser, Subcommand};

pub use device::{Devices, Doctor, VirtualDevice};
pub use package::{Compare, Export, Judge, Pack, Redact, Report, Review, Seal, Verify};
pub use running::{Farm, Nightly, Reproduce, Run};
pub use scenario::{Scenario, ScenarioCommand, SchemaKind};
pub use shared::{Aids, Asking, PackageForm, Rules, Sealing, Where};

mod device;
mod package;
mod running;
mod scenario;
mod shared;

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

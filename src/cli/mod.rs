//! The command line: one file per command. `main` is the table of contents.

#[macro_use]
mod say;

mod args;
mod compare;
mod control;
mod devices;
mod doctor;
mod exit;
mod export;
mod farm;
mod inputs;
mod judge;
mod night;
mod nightly;
mod operator;
mod outside;
mod pack;
mod progress;
mod redact;
mod report;
mod reproduce;
mod review;
mod reviewed;
mod run;
mod scenario;
mod seal;
mod verify;
mod virtual_device;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::{Exit, Failure};

/// Stack of a worker thread: steps nest (a function in a scenario, a pop-up met while it waits), and unoptimised builds
/// need much for each level. Only what is used costs memory.
const STACK: usize = 16 << 20;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Printing fails only when nobody reads; the exit code stands.
            let _ = error.print();
            let asked =
                matches!(error.kind(), clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion);
            return if asked { Exit::Clear } else { Exit::Usage }.into();
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build() {
        Ok(runtime) => runtime,
        Err(error) => return report_failure(&Failure::output("can't start", &error)).into(),
    };
    let exit = runtime.block_on(async {
        match tokio::spawn(carry_out(arguments.command())).await {
            Ok(Ok(exit)) => exit,
            Ok(Err(failure)) => report_failure(&failure),
            Err(bug) => report_failure(&Failure::bug(&bug)),
        }
    });
    // Reads of standard input may still hang in a thread of their own; they must not hold up the end.
    runtime.shutdown_background();
    exit.into()
}

async fn carry_out(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Run(options) => run::run(options).await,
        Command::Nightly(options) => nightly::nightly(options).await,
        Command::Reproduce(options) => reproduce::reproduce(options).await,
        Command::Judge(options) => judge::judge(&options),
        Command::Seal(options) => seal::seal(&options),
        Command::Pack(options) => pack::pack(&options),
        Command::Verify(options) => verify::verify(&options),
        Command::Redact(options) => redact::redact(&options),
        Command::Review(options) => review::review(&options),
        Command::Report(options) => report::report(options),
        Command::Export(options) => export::export(&options),
        Command::Compare(options) => compare::compare(&options),
        Command::Devices(options) => devices::devices(options).await,
        Command::Doctor(options) => doctor::doctor(options).await,
        Command::Scenario(options) => scenario::scenario(options),
        Command::VirtualDevice(options) => virtual_device::virtual_device(options).await,
    }
}

fn report_failure(failure: &Failure) -> Exit {
    eprintln!("appwitness: {}", crate::report::text::tame(&failure.message));
    failure.exit
}

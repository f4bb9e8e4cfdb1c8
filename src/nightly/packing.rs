//! What a package holds beside the record itself.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::journal::Journal;
use crate::journal::entry::{DeviceIdentity, Digest, Event, HostFacts};

use super::error::NightlyError;
use super::finish::page;
use super::tried::{Tried, told_as_one};

/// The files that a package holds beside journal and exhibits: plan, outcomes, environment and page. `tries` are all
/// tries of the case, and `record` is the folder of the last one's record.
///
/// # Errors
/// When the record can't be read, or the page can't be made.
pub fn package_files(
    tries: &[Tried],
    record: &Path,
    catalogue: &Catalogue,
) -> Result<BTreeMap<String, Vec<u8>>, NightlyError> {
    let (Some(last), Some(told)) = (tries.last(), told_as_one(tries)) else { return Ok(BTreeMap::new()) };
    Ok(BTreeMap::from([
        ("plan.json".to_owned(), json(&last.opened)),
        ("outcomes.json".to_owned(), json(&last.judgement)),
        ("environment.json".to_owned(), json(&environment(last, record)?)),
        ("report.html".to_owned(), page(&told, record, catalogue, Some(""))?.into_bytes()),
    ]))
}

/// The machine, the program and the device. Who ran it and why stands in bag-info.txt.
fn environment(last: &Tried, record: &Path) -> Result<Environment, NightlyError> {
    let entries = Journal::read(record).map_err(|error| NightlyError::Report(error.to_string()))?.entries;
    let host = entries.into_iter().find_map(|entry| match entry.event {
        Event::Host(host) => Some(*host),
        _ => None,
    });
    let program = Program { version: last.opened.program.clone(), digest: last.opened.program_digest.clone() };
    Ok(Environment { host, program, device: last.device.clone() })
}

/// `environment.json`.
#[derive(Serialize)]
struct Environment {
    host: Option<HostFacts>,
    program: Program,
    device: Option<DeviceIdentity>,
}

#[derive(Serialize)]
struct Program {
    version: String,
    digest: Option<Digest>,
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // These types hold strings, numbers and lists only; they always serialise.
    serde_json::to_vec_pretty(value).unwrap_or_default()
}

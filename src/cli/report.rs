//! `report`: write the page of a package again, or print the schema of summary.json.

use std::path::PathBuf;

use crate::catalogue::Catalogue;
use crate::evidence;
use crate::journal::ExhibitRef;
use crate::judge::judge;
use crate::report::html;
use crate::report::summary::{Case, Summary};

use super::args::Report;
use super::exit::{Exit, Failure};

/// Writes the page of a package, judged by the rules of this program.
pub fn report(options: Report) -> Result<Exit, Failure> {
    if options.what == PathBuf::from("schema") {
        println!("{}", serde_json::to_string_pretty(&Summary::schema()).map_err(Failure::bug)?);
        return Ok(Exit::Clear);
    }
    let package = &options.what;
    let fault = |fault: &dyn std::fmt::Display| Failure::input(format!("{}: {fault}", package.display()));
    let record = evidence::open(package).map_err(|error| fault(&error))?;
    let catalogue = Catalogue::builtin();
    let judgement = judge(&record.entries, &catalogue);
    let case = Case::new(&record.entries, &judgement, &catalogue);
    let exhibits = |exhibit: &ExhibitRef| record.exhibit(exhibit);
    let view = html::CaseView { case: &case, entries: &record.entries, catalogue: &catalogue, exhibits: &exhibits };
    let page = html::case(&view).map_err(|error| fault(&error))?;
    let out = options.out.unwrap_or_else(|| package.with_extension("report.html"));
    std::fs::write(&out, page).map_err(|error| Failure::file("write", &out, error))?;
    println!("Report: {}", out.display());
    Ok(Exit::Clear)
}

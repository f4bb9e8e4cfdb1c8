//! `report`: write the page of a package or of a run again, or print the schema of summary.json.

use std::path::{Path, PathBuf};

use crate::catalogue::Severity;
use crate::catalogue::working_days::day_in_china;
use crate::clock::Clock;
use crate::evidence;
use crate::journal::ExhibitRef;
use crate::nightly::{overview, workbook};
use crate::report::notice::{NoticeView, notice};
use crate::report::summary::{Case, Summary};
use crate::report::{html, junit};

use super::args::Report;
use super::exit::{Exit, Failure};
use super::inputs;
use super::judge::{judge_by, judged, sealed};
use super::outside::outside;
use super::reviewed;

/// Name of the figures in a run's folder.
const SUMMARY: &str = "summary.json";
/// Largest summary that is read, in bytes.
const MOST_SUMMARY: u64 = 512 << 20;

/// Writes the page of a package, judged by the rules of this program, or the page of a run from its summary.
pub fn report(options: Report) -> Result<Exit, Failure> {
    if options.what.as_os_str() == "schema" {
        say!("{}", serde_json::to_string_pretty(&Summary::schema()).map_err(Failure::bug)?);
        return Ok(Exit::Clear);
    }
    if options.what.join(SUMMARY).is_file() {
        return report_run(&options);
    }
    if let Some(out) = &options.out {
        outside(out, &options.what)?;
    }
    if options.notice {
        return draft_notice(&options);
    }
    let package = &options.what;
    let fault = |fault: &dyn std::fmt::Display| Failure::input(format!("{}: {fault}", package.display()));
    let record = evidence::open(package).map_err(|error| fault(&error))?;
    let catalogue = inputs::catalogue(&options.rules)?;
    let judgement = judged(&record, &judge_by(&options.rules, &catalogue)?);
    let case = Case::new(&record.entries, &judgement, &catalogue).with_reviews(&record.verified.reviews);
    let exhibits = |exhibit: &ExhibitRef| record.exhibit(exhibit);
    let out = options.out.clone().unwrap_or_else(|| named_beside(package, ".report.html"));
    let originals = originals(package, &out);
    let view = html::CaseView {
        case: &case,
        entries: &record.entries,
        catalogue: &catalogue,
        reviews: &record.verified.reviews,
        redacted_from: record.verified.redacted_from.as_deref(),
        exhibits: &exhibits,
        originals: originals.as_deref(),
    };
    let page = html::case(&view).map_err(|error| fault(&error))?;
    write(&out, &page)
}

/// Where the originals stand from a page that is written beside a package that is a folder.
fn originals(package: &Path, out: &Path) -> Option<String> {
    let folder = |path: &Path| std::path::absolute(path).ok()?.parent().map(Path::to_owned);
    let beside = package.is_dir() && folder(package) == folder(out);
    let name = package.file_name().filter(|_| beside)?.to_str()?;
    html::relative(&format!("{name}/data"))
}

/// Writes the page of a run folder again.
fn report_run(options: &Report) -> Result<Exit, Failure> {
    let run = &options.what;
    let file = run.join(SUMMARY);
    let fault = |fault: &dyn std::fmt::Display| Failure::input(format!("{}: {fault}", file.display()));
    let size = std::fs::metadata(&file).map_err(|error| fault(&error))?.len();
    if size > MOST_SUMMARY {
        return Err(fault(&format_args!("larger than {MOST_SUMMARY} bytes")));
    }
    let text = std::fs::read_to_string(&file).map_err(|error| fault(&error))?;
    let mut summary: Summary = serde_json::from_str(&text).map_err(|error| fault(&error))?;
    reviewed::fold(run, &mut summary);
    let catalogue = inputs::catalogue(&options.rules)?;
    let page = overview(run, &summary, &catalogue).map_err(|error| fault(&error))?;
    if options.out.is_none() {
        let tables = run.join("summary.xlsx");
        let bytes = workbook(run, &summary, &catalogue).map_err(|error| fault(&error))?;
        std::fs::write(&tables, bytes).map_err(|error| Failure::file("write", &tables, error))?;
        let figures = summary.to_json().map_err(Failure::bug)?;
        std::fs::write(&file, figures).map_err(|error| Failure::file("write", &file, error))?;
        let tests = run.join("junit.xml");
        let fail_on = summary.run.fail_on.as_deref().and_then(Severity::of).unwrap_or(Severity::Info);
        let xml = junit::junit(&summary, &catalogue, fail_on).map_err(Failure::bug)?;
        std::fs::write(&tests, xml).map_err(|error| Failure::file("write", &tests, error))?;
    }
    write(&options.out.clone().unwrap_or_else(|| run.join("report.html")), &page)
}

/// Writes the draft of a rectification notice from a package that verifies.
fn draft_notice(options: &Report) -> Result<Exit, Failure> {
    let package = &options.what;
    let fault = |fault: &dyn std::fmt::Display| Failure::input(format!("{}: {fault}", package.display()));
    let record = evidence::open(package).map_err(|error| fault(&error))?;
    let catalogue = inputs::catalogue(&options.rules)?;
    let sealed =
        sealed(&record).ok_or_else(|| fault(&"holds no outcomes, and a notice rests on those that were sealed"))?;
    let case = Case::new(&record.entries, &sealed, &catalogue).with_reviews(&record.verified.reviews);
    let today = || day_in_china(Clock::real().now()).map_err(Failure::bug);
    let view = NoticeView {
        case: &case,
        rules: &sealed.rules,
        sealed_by: &sealed.catalogue,
        catalogue: &catalogue,
        examined: &record.entries.first().map(|e| html::utc(e.at.wall)).unwrap_or_default(),
        package: &record.verified.digest,
        signed_by: record.verified.signed_by.as_deref(),
        served: options.served.map_or_else(today, Ok)?,
        working_days: options.working_days,
    };
    let notice = notice(&view).map_err(|error| fault(&error))?;
    let out = options.out.clone().unwrap_or_else(|| named_beside(package, ".notice.md"));
    let word = out.with_extension("docx");
    std::fs::write(&word, &notice.docx).map_err(|error| Failure::file("write", &word, error))?;
    std::fs::write(&out, &notice.markdown).map_err(|error| Failure::file("write", &out, error))?;
    say!("Draft of a notice: {} and {}", out.display(), word.display());
    Ok(Exit::Clear)
}

/// Beside a package: its whole name, then an ending. (Package ids have dots, so no extension is replaced.)
fn named_beside(package: &Path, ending: &str) -> PathBuf {
    let mut name = package.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    package.with_file_name(name)
}

fn write(out: &Path, page: &str) -> Result<Exit, Failure> {
    std::fs::write(out, page).map_err(|error| Failure::file("write", out, error))?;
    say!("Report: {}", out.display());
    Ok(Exit::Clear)
}

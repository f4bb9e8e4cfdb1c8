//! `junit.xml`: a case is a test case, for build servers.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::ReportError;
use super::summary::{Case, Outcome, OutcomeKind, Summary, Verdict};
use super::text::tame;
use super::words;
use crate::catalogue::{Catalogue, Severity};
use crate::journal::entry::Blame;

/// The run as JUnit XML, one suite per scenario.
///
/// Findings of `fail_on` or heavier are a failure, those that only a person could tell and confirmed among them; one that
/// a person rejected is none, and is told in the test's output. A case that the device, the host or the scenario kept from being
/// carried out is an error, one the app kept is a failure; a case carried out in part, without such findings, is
/// skipped, with the reason.
pub fn junit(summary: &Summary, catalogue: &Catalogue, fail_on: Severity) -> Result<String, ReportError> {
    let mut report = Report::new(format!("AppWitness {}", tame(&summary.run.id)));
    let mut scenarios: Vec<&str> = Vec::new();
    for case in &summary.cases {
        if !scenarios.contains(&case.scenario.as_str()) {
            scenarios.push(&case.scenario);
        }
    }
    for scenario in scenarios {
        let mut suite = TestSuite::new(tame(scenario));
        for case in summary.cases.iter().filter(|c| c.scenario == scenario) {
            suite.add_test_case(test_case(case, catalogue, fail_on));
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|why| ReportError::Junit(why.to_string()))
}

fn test_case(case: &Case, catalogue: &Catalogue, fail_on: Severity) -> TestCase {
    let mut test = TestCase::new(tame(&case.id), status(case, catalogue, fail_on));
    test.set_classname(tame(&case.app.package));
    test.set_system_out(tame(&account(case, catalogue)));
    test
}

fn status(case: &Case, catalogue: &Catalogue, fail_on: Severity) -> TestCaseStatus {
    let grave: Vec<&Outcome> = case
        .findings()
        .filter(|o| !case.is_dismissed(o))
        .filter(|o| Severity::of(&o.severity).is_none_or(|severity| severity >= fail_on))
        .collect();
    if !grave.is_empty() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let findings = if grave.len() == 1 { "finding" } else { "findings" };
        let titles: Vec<String> = grave.iter().map(|o| line(o, catalogue)).collect();
        status
            .set_type("findings")
            .set_message(format!("{} {findings}", grave.len()))
            .set_description(tame(&titles.join("\n")));
        return status;
    }
    match case.verdict {
        Verdict::Clear | Verdict::Findings => TestCaseStatus::success(),
        Verdict::Incomplete => {
            let mut status = TestCaseStatus::skipped();
            status.set_type("incomplete").set_message(tame(&why(case)));
            status
        }
        Verdict::Failed => {
            let kind = if case.blame == Some(Blame::App) { NonSuccessKind::Failure } else { NonSuccessKind::Error };
            let mut status = TestCaseStatus::non_success(kind);
            status.set_type(blame(case.blame)).set_message(tame(&why(case)));
            status
        }
    }
}

fn why(case: &Case) -> String {
    let missing = case.missing.join("; ");
    match (case.message.is_empty(), missing.is_empty()) {
        (false, false) => format!("{} (not carried out: {missing})", case.message),
        (false, true) => case.message.clone(),
        (true, false) => format!("not carried out: {missing}"),
        (true, true) => "no reason was recorded".into(),
    }
}

fn blame(blame: Option<Blame>) -> &'static str {
    match blame {
        Some(Blame::Scenario) => "scenario",
        Some(Blame::App) => "app",
        Some(Blame::Device) => "device",
        Some(Blame::Host) => "host",
        None => "unknown",
    }
}

fn line(outcome: &Outcome, catalogue: &Catalogue) -> String {
    let title = catalogue.finding(&outcome.finding).map_or(outcome.finding.as_str(), |r| r.title.as_str());
    let said = outcome.said.as_ref().map(|said| format!(" ({})", words::said(said).en)).unwrap_or_default();
    format!("[{}] {}: {title}: {}{said}", outcome.severity, outcome.finding, outcome.reason)
}

/// What the case came to, for a reader of the build server's log.
fn account(case: &Case, catalogue: &Catalogue) -> String {
    let count = |kind| case.outcomes_of(kind).count();
    let mut text = format!(
        "{} {} on {}: {} observed, {} not observed, {} not triggered, {} not assessable, {} attempts\n",
        case.app.package,
        case.app.version,
        case.device.as_ref().map_or("no device", |d| d.serial.as_str()),
        count(OutcomeKind::Observed),
        count(OutcomeKind::NotObserved),
        count(OutcomeKind::NotTriggered),
        count(OutcomeKind::NotAssessable),
        case.attempts.len(),
    );
    for outcome in case.outcomes.iter().filter(|o| o.is_finding() || o.said.is_some()) {
        text.push_str(&line(outcome, catalogue));
        text.push('\n');
    }
    if let Some(package) = &case.package {
        text.push_str(&format!("package: {package}\n"));
    }
    text
}

//! What a run says on a terminal when it is over: at most 80 columns, plain text.

mod apps;

use std::fmt::{self, Write};

use super::summary::{Case, Outcome, OutcomeKind, Summary, Verdict};
use super::text::{columns, fit, tame_line, wrap};
use super::words;
use crate::catalogue::{Catalogue, Severity};

/// Columns of the narrowest terminal that is thought of.
pub const WIDTH: usize = 80;
/// Columns before a finding's text.
const INDENT: usize = 11;

/// What was found: a single case in detail, many folded to a block per app; then one line over all.
pub fn table(summary: &Summary, catalogue: &Catalogue) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = write(&mut text, summary, catalogue);
    text
}

fn write(out: &mut String, summary: &Summary, catalogue: &Catalogue) -> fmt::Result {
    match summary.cases.as_slice() {
        [only] => detail(out, only, catalogue)?,
        many => apps::write(out, many, catalogue)?,
    }
    let c = &summary.counts;
    writeln!(out, "{}", fit(&counted(c.cases, c.findings, c.clear, c.incomplete, c.failed), WIDTH))?;
    match summary.on_virtual_device() {
        0 => Ok(()),
        on if on as u64 == c.cases => writeln!(out, "on the virtual device, a model of Android"),
        on => writeln!(out, "{on} of them on the virtual device, a model of Android"),
    }
}

/// `7 cases: 4 with findings, 3 clear`.
fn counted(cases: u64, findings: u64, clear: u64, incomplete: u64, failed: u64) -> String {
    let verdicts = [(findings, "with findings"), (clear, "clear"), (incomplete, "incomplete"), (failed, "failed")];
    let verdicts: Vec<String> =
        verdicts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    format!("{cases} {}: {}", if cases == 1 { "case" } else { "cases" }, verdicts.join(", "))
}

fn detail(out: &mut String, case: &Case, catalogue: &Catalogue) -> fmt::Result {
    let name = if case.app.label.is_empty() { &case.app.package } else { &case.app.label };
    under_line(out, &format!("{name} {} · {}", case.app.version, case.scenario), verdict(case.verdict))?;
    let mut observed: Vec<&Outcome> = case.findings().collect();
    observed.sort_by_key(|o| std::cmp::Reverse(Severity::of(&o.severity)));
    for outcome in observed {
        finding(out, outcome, catalogue)?;
    }
    remainder(out, case)?;
    writeln!(out)
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clear => "CLEAR",
        Verdict::Findings => "FINDINGS",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::Failed => "FAILED",
    }
}

/// A name on the left, the verdict at the right edge, a rule below.
fn under_line(out: &mut String, name: &str, verdict: &str) -> fmt::Result {
    let name = fit(&tame_line(name), WIDTH - verdict.len() - 2);
    let gap = WIDTH - columns(&name) - verdict.len();
    writeln!(out, "{name}{:gap$}{verdict}", "")?;
    writeln!(out, "{}", "─".repeat(WIDTH))
}

fn severity_and_title(
    out: &mut String,
    severity: &str,
    finding: &str,
    remark: &str,
    catalogue: &Catalogue,
) -> fmt::Result {
    let title = catalogue.finding(finding).map_or(finding, |r| r.title.as_str());
    paragraph(out, &fit(&tame_line(severity), INDENT - 2), &format!("{}{remark}", tame_line(title)))
}

fn finding(out: &mut String, outcome: &Outcome, catalogue: &Catalogue) -> fmt::Result {
    let zh = catalogue.finding(&outcome.finding).map(|r| r.title_zh.as_str()).unwrap_or_default();
    let review = match &outcome.said {
        Some(said) => format!(" ({})", tame_line(&words::said(said).en)),
        None if outcome.review => " (to be reviewed)".to_owned(),
        None => String::new(),
    };
    let repeats = outcome.repeats.map(|r| format!(" ({} of {} attempts)", r.seen, r.of)).unwrap_or_default();
    severity_and_title(out, &outcome.severity, &outcome.finding, &format!("{review}{repeats}"), catalogue)?;
    if !zh.is_empty() {
        paragraph(out, "", &tame_line(zh))?;
    }
    paragraph(out, "", &evidence(outcome))
}

fn evidence(outcome: &Outcome) -> String {
    let entries: Vec<String> = outcome.entries.iter().take(8).map(|seq| format!("#{seq}")).collect();
    let more = if outcome.entries.len() > 8 { " …" } else { "" };
    let reason = fit(&tame_line(&outcome.reason), 240);
    if entries.is_empty() { reason } else { format!("{reason} [{}{more}]", entries.join(" ")) }
}

fn remainder(out: &mut String, case: &Case) -> fmt::Result {
    let count = |kind| case.outcomes_of(kind).count();
    let looked = format!(
        "not observed {}, not triggered {}, not assessable {}",
        count(OutcomeKind::NotObserved),
        count(OutcomeKind::NotTriggered),
        count(OutcomeKind::NotAssessable)
    );
    paragraph(out, "other", &looked)?;
    if !case.message.is_empty() {
        paragraph(out, "because", &fit(&tame_line(&case.message), 240))?;
    }
    // Why the run ended is told above.
    let told = |line: &&String| case.message.is_empty() || !line.ends_with(&case.message);
    let missing: Vec<&str> = case.missing.iter().filter(told).map(String::as_str).collect();
    if !missing.is_empty() {
        paragraph(out, "missing", &fit(&tame_line(&missing.join("; ")), 240))?;
    }
    if let Some(package) = &case.package {
        paragraph(out, "package", &tame_line(package))?;
    }
    Ok(())
}

/// A word in the margin, and text beside it.
fn paragraph(out: &mut String, margin: &str, text: &str) -> fmt::Result {
    for (at, line) in wrap(text, WIDTH - INDENT).iter().enumerate() {
        let margin = if at == 0 { margin } else { "" };
        let gap = INDENT - 1 - columns(margin);
        writeln!(out, " {margin}{:gap$}{line}", "")?;
    }
    Ok(())
}

//! What a run says on a terminal when it is over: at most 80 columns, plain text.

use std::fmt::{self, Write};

use super::summary::{Case, Outcome, OutcomeKind, Summary, Verdict};
use super::text::{columns, fit, tame_line, wrap};
use crate::catalogue::{Catalogue, Severity};

/// Columns of the narrowest terminal that is thought of.
pub const WIDTH: usize = 80;
/// Columns before a finding's text.
const INDENT: usize = 11;

/// The cases with their findings, then one line over all.
pub fn table(summary: &Summary, catalogue: &Catalogue) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = write(&mut text, summary, catalogue);
    text
}

fn write(out: &mut String, summary: &Summary, catalogue: &Catalogue) -> fmt::Result {
    for case in &summary.cases {
        head(out, case)?;
        let mut observed: Vec<&Outcome> = case.outcomes_of(OutcomeKind::Observed).collect();
        observed.sort_by_key(|o| std::cmp::Reverse(Severity::of(&o.severity)));
        for outcome in observed {
            finding(out, outcome, catalogue)?;
        }
        remainder(out, case)?;
        writeln!(out)?;
    }
    let c = &summary.counts;
    let verdicts =
        [(c.findings, "with findings"), (c.clear, "clear"), (c.incomplete, "incomplete"), (c.failed, "failed")];
    let verdicts: Vec<String> =
        verdicts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let cases = if c.cases == 1 { "case" } else { "cases" };
    writeln!(out, "{}", fit(&format!("{} {cases}: {}", c.cases, verdicts.join(", ")), WIDTH))
}

/// The app on the left, the verdict at the right edge.
fn head(out: &mut String, case: &Case) -> fmt::Result {
    let verdict = match case.verdict {
        Verdict::Clear => "CLEAR",
        Verdict::Findings => "FINDINGS",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::Failed => "FAILED",
    };
    let name = if case.app.label.is_empty() { &case.app.package } else { &case.app.label };
    let name = fit(&tame_line(&format!("{name} {} · {}", case.app.version, case.scenario)), WIDTH - verdict.len() - 2);
    let gap = WIDTH - columns(&name) - verdict.len();
    writeln!(out, "{name}{:gap$}{verdict}", "")?;
    writeln!(out, "{}", "─".repeat(WIDTH))
}

fn finding(out: &mut String, outcome: &Outcome, catalogue: &Catalogue) -> fmt::Result {
    let rule = catalogue.finding(&outcome.finding);
    let title = rule.map_or(outcome.finding.as_str(), |r| r.title.as_str());
    let zh = rule.map(|r| r.title_zh.as_str()).unwrap_or_default();
    let review = if outcome.review { " (to be reviewed)" } else { "" };
    let repeats = outcome.repeats.map(|r| format!(" ({} of {} attempts)", r.seen, r.of)).unwrap_or_default();
    let severity = tame_line(&outcome.severity);
    paragraph(out, &fit(&severity, INDENT - 2), &format!("{}{review}{repeats}", tame_line(title)))?;
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
    if !case.missing.is_empty() {
        paragraph(out, "missing", &fit(&tame_line(&case.missing.join("; ")), 240))?;
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

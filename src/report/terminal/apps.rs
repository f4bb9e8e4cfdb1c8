//! Many cases, folded: one block per app, its findings merged over its scenarios.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::{WIDTH, paragraph, severity_and_title, under_line};
use crate::catalogue::{Catalogue, Severity};
use crate::report::summary::{Case, OutcomeKind, Verdict};
use crate::report::text::{fit, tame_line};

/// Most apps that are told one by one; the report lists all.
const MOST_APPS: usize = 20;
/// Most scenarios named beside one finding, and most cases named that were not carried out.
const MOST_NAMED: usize = 6;

/// All cases of one version of an app, in the order of the plan.
struct App<'a> {
    cases: Vec<&'a Case>,
}

/// One finding over an app's cases.
struct Merged<'a> {
    finding: &'a str,
    severity: &'a str,
    /// Cases that observed it.
    seen: Vec<&'a Case>,
    /// In every one of them a person has to confirm it.
    review: bool,
}

/// Writes a block per app.
pub(super) fn write(out: &mut String, cases: &[Case], catalogue: &Catalogue) -> fmt::Result {
    let apps = apps(cases);
    for app in apps.iter().take(MOST_APPS) {
        app.write(out, catalogue)?;
        writeln!(out)?;
    }
    match apps.len().saturating_sub(MOST_APPS) {
        0 => Ok(()),
        more => writeln!(out, "… and {more} more apps, in the report\n"),
    }
}

/// Those with the gravest findings first when not all can be told, else in the order of the plan.
fn apps(cases: &[Case]) -> Vec<App<'_>> {
    let mut at: BTreeMap<(&str, u64, &str), usize> = BTreeMap::new();
    let mut apps: Vec<App> = Vec::new();
    for case in cases {
        let key = (case.app.package.as_str(), case.app.version_code, case.app.digest.as_str());
        let place = *at.entry(key).or_insert(apps.len());
        match apps.get_mut(place) {
            Some(app) => app.cases.push(case),
            None => apps.push(App { cases: vec![case] }),
        }
    }
    if apps.len() > MOST_APPS {
        apps.sort_by_cached_key(|app| std::cmp::Reverse(app.gravest()));
    }
    apps
}

impl App<'_> {
    fn write(&self, out: &mut String, catalogue: &Catalogue) -> fmt::Result {
        let Some(first) = self.cases.first() else { return Ok(()) };
        let name = if first.app.label.is_empty() { &first.app.package } else { &first.app.label };
        under_line(out, &format!("{name} {}", first.app.version), super::verdict(self.verdict()))?;
        for merged in self.merged() {
            let review = if merged.review { " (to be reviewed)" } else { "" };
            severity_and_title(out, merged.severity, merged.finding, review, catalogue)?;
            paragraph(out, "", &self.scenarios(&merged.seen))?;
        }
        self.counts(out)?;
        self.not_carried_out(out)
    }

    /// Of the gravest case: an app is not clear because one of its cases is.
    fn verdict(&self) -> Verdict {
        let has = |verdict| self.cases.iter().any(|case| case.verdict == verdict);
        let order = [Verdict::Findings, Verdict::Failed, Verdict::Incomplete];
        order.into_iter().find(|verdict| has(*verdict)).unwrap_or(Verdict::Clear)
    }

    fn gravest(&self) -> (Option<Severity>, usize) {
        let merged = self.merged();
        (merged.first().and_then(|m| Severity::of(m.severity)), merged.len())
    }

    /// Findings, gravest first; among equals those seen most.
    fn merged(&self) -> Vec<Merged<'_>> {
        let mut all: Vec<Merged> = Vec::new();
        for case in &self.cases {
            for outcome in case.outcomes_of(OutcomeKind::Observed) {
                match all.iter_mut().find(|m| m.finding == outcome.finding) {
                    Some(merged) => {
                        merged.seen.push(case);
                        merged.review &= outcome.review;
                    }
                    None => all.push(Merged {
                        finding: &outcome.finding,
                        severity: &outcome.severity,
                        seen: vec![case],
                        review: outcome.review,
                    }),
                }
            }
        }
        all.sort_by_key(|m| std::cmp::Reverse((Severity::of(m.severity), m.seen.len())));
        all
    }

    /// `in deny-all, refuse-policy (2 of 3)`: the second was carried out three times.
    fn scenarios(&self, seen: &[&Case]) -> String {
        if seen.len() == self.cases.len() {
            return if seen.len() == 1 {
                format!("in {}", tame_line(&seen[0].scenario))
            } else {
                format!("in all {} cases", seen.len())
            };
        }
        let mut of: BTreeMap<&str, usize> = BTreeMap::new();
        for case in seen {
            *of.entry(&case.scenario).or_default() += 1;
        }
        let all = |scenario: &str| self.cases.iter().filter(|case| case.scenario == scenario).count();
        let name = |(scenario, seen): (&&str, &usize)| match all(scenario) {
            1 => fit(&tame_line(scenario), 40),
            all => format!("{} ({seen} of {all})", fit(&tame_line(scenario), 40)),
        };
        let mut named: Vec<String> = of.iter().take(MOST_NAMED).map(name).collect();
        if of.len() > MOST_NAMED {
            named.push(format!("{} more", of.len() - MOST_NAMED));
        }
        format!("in {}", named.join(", "))
    }

    fn counts(&self, out: &mut String) -> fmt::Result {
        let of = |verdict| self.cases.iter().filter(|case| case.verdict == verdict).count() as u64;
        let [findings, clear, incomplete, failed] =
            [Verdict::Findings, Verdict::Clear, Verdict::Incomplete, Verdict::Failed].map(of);
        paragraph(out, "cases", &super::counted(self.cases.len() as u64, findings, clear, incomplete, failed))
    }

    /// A line for each case that was not carried out in full: a run that ends with 2 has to say why.
    fn not_carried_out(&self, out: &mut String) -> fmt::Result {
        let unfinished = |case: &&&Case| matches!(case.verdict, Verdict::Failed | Verdict::Incomplete);
        let unfinished: Vec<&&Case> = self.cases.iter().filter(unfinished).collect();
        for case in unfinished.iter().take(MOST_NAMED) {
            let said = if case.message.is_empty() { case.missing.join("; ") } else { case.message.clone() };
            let word = if case.verdict == Verdict::Failed { "failed" } else { "in part" };
            let text = tame_line(&format!("{}: {said}", case.scenario));
            paragraph(out, word, &fit(&text, WIDTH - super::INDENT))?;
        }
        match unfinished.len().saturating_sub(MOST_NAMED) {
            0 => Ok(()),
            more => paragraph(out, "", &format!("… and {more} more")),
        }
    }
}

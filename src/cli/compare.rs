//! `compare`: two packages of one app, before and after a rectification.

use jiff::civil::Date;

use crate::catalogue::working_days::day_in_china;
use crate::evidence::Opened;
use crate::journal::ExhibitRef;
use crate::report::html::{self, Change, CompareView, Side, changes};
use crate::report::rectified::{Mended, Term};
use crate::report::summary::Case;
use crate::report::text::{tame, tame_line};
use crate::report::words;

use super::args::Compare;
use super::exit::{Exit, Failure};
use super::inputs;
use super::judge::{judge_by, judged, open};
use super::outside::outside;

/// Compares two packages, both judged by the rules of this program.
pub fn compare(options: &Compare) -> Result<Exit, Failure> {
    if let Some(out) = &options.out {
        outside(out, &options.old)?;
        outside(out, &options.new)?;
    }
    let catalogue = inputs::catalogue(&options.rules)?;
    let judge = judge_by(&options.rules, &catalogue)?;
    let (old, new) = (open(&options.old)?, open(&options.new)?);
    let case = |opened: &Opened| {
        let case = Case::new(&opened.entries, &judged(opened, &judge), &catalogue);
        case.with_reviews(&opened.verified.reviews)
    };
    let (before, after) = (case(&old), case(&new));
    if before.app.package != after.app.package {
        let (a, b) = (tame_line(&before.app.package), tame_line(&after.app.package));
        return Err(Failure::usage(format!("these are packages of two apps, {a} and {b}")));
    }
    let changes = changes(&before, &after);
    for (change, finding) in &changes {
        let title = catalogue.finding(finding).map(|f| f.title.clone()).unwrap_or_default();
        say!("{:<22} {:<36} {}{}", change.words().en, finding, tame_line(&title), said(finding, &before, &after));
    }
    if changes.is_empty() {
        say!("No finding in either package.");
    }
    if before.scenario != after.scenario {
        say!("Two scenarios, {} and {}: they may have looked at different things.", before.scenario, after.scenario);
    }
    let count = |wanted: Change| changes.iter().filter(|(change, _)| *change == wanted).count();
    let looked = new.entries.first().map_or(0, |entry| entry.at.wall);
    let looked = day_in_china(looked).map_err(|error| Failure::input(format!("{}: {error}", options.new.display())))?;
    let unclear = count(Change::NoLongerAssessable) + count(Change::Waits);
    let mended = Mended { looked, open: count(Change::StillThere), unclear };
    let deadline = term(options).map(|term| term.kept(mended, catalogue.calendar()));
    if let Some(deadline) = &deadline {
        say!("Deadline: {}", deadline.en);
    }
    if let Some(out) = &options.out {
        let (left, right) = (|e: &ExhibitRef| old.exhibit(e), |e: &ExhibitRef| new.exhibit(e));
        let view = CompareView {
            old: Side { case: &before, entries: &old.entries, digest: &old.verified.digest, exhibits: &left },
            new: Side { case: &after, entries: &new.entries, digest: &new.verified.digest, exhibits: &right },
            catalogue: &catalogue,
            deadline,
        };
        let page = html::compare(&view).map_err(Failure::bug)?;
        std::fs::write(out, page).map_err(|error| Failure::file("write", out, error))?;
        say!("Page: {}", tame(&out.display().to_string()));
    }
    let open = changes.iter().any(|(change, _)| matches!(change, Change::StillThere | Change::New | Change::Again));
    Ok(if open { Exit::Findings } else { Exit::Clear })
}

/// What people said of a finding in the two packages, in brackets; empty when nobody said anything.
fn said(finding: &str, before: &Case, after: &Case) -> String {
    let word = |case: &Case, side: &str| {
        let outcome = case.outcomes.iter().find(|o| o.finding == finding)?;
        Some(format!("{side}: {}", tame_line(&words::said(outcome.said.as_ref()?).en)))
    };
    let told: Vec<String> = [word(before, "before"), word(after, "after")].into_iter().flatten().collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join("; ")) }
}

/// The time limit, when one was given.
fn term(options: &Compare) -> Option<Term> {
    let served: Date = options.served?;
    match (options.working_days, options.calendar_days) {
        (_, Some(days)) => Some(Term { served, days, working: false }),
        (Some(days), None) => Some(Term { served, days, working: true }),
        (None, None) => None,
    }
}

//! What the same tour on several installs says of basic functions: withheld for what does not concern them, or not.

use std::collections::{BTreeMap, BTreeSet};

use super::numbers;
use crate::catalogue::Category;
use crate::journal::entry::{FunctionOutcome, TwinAnswers};
use crate::judge::case::{Case, Function};
use crate::judge::permission;
use crate::judge::ruling::{Ruled, Ruling};
use crate::judge::twin::{Comparison, Fate, How, Row, says_lack};
use crate::ui::Lexicon;

/// The finding that is decided by comparing the installs.
pub(super) const FINDING: &str = "basic-function-degraded-on-denial";
/// When at least one in so many steps could not be made with the refusals, nothing is said to be fine (ours).
const MOST_UNTOLD: usize = 3;
/// Withheld steps that are named in a reason; all stand in the journal.
const MOST_NAMED: usize = 6;

/// What a refusal costs.
struct Cost {
    words: String,
    entries: Vec<u64>,
}

pub(super) fn compared(case: &Case, twin: &Comparison) -> Ruled {
    let Some(ended) = twin.ended else { return Ok(Ruling::not_assessable("the twin's tour did not come to its end")) };
    if !ended.unplayed.is_empty() {
        return Ok(Ruling::not_assessable(format!("the twin's tour could not be compared: {}", ended.unplayed)));
    }
    // Of notifications too: nobody has to let an app ring to use it.
    if !case.prompts.iter().any(|prompt| prompt.refused().is_some()) {
        return Ok(Ruling::not_triggered("no permission was refused"));
    }
    if !twin.installs.iter().any(|i| i.answers == TwinAnswers::RefuseUnneeded) {
        return Ok(Ruling::not_triggered("only permissions that the category needs were asked for"));
    }
    let lacks = "no category was given, so that what the app needs is unknown";
    let category = case.category.ok_or_else(|| Ruling::not_assessable(lacks))?;
    if let Some(row) = twin.row(0).filter(|row| is_out(row)) {
        let words = "with the refusals the app does not stay on the screen, which is judged by itself";
        return Ok(Ruling::not_assessable(words).on(entries(row)));
    }
    let mut costs = functions(case, twin, category, false);
    costs.extend(twin.withheld().filter(|row| concerns(row, category, false)).map(cost));
    if !costs.is_empty() {
        let words =
            format!("withheld when a permission that the category does not call for is refused: {}", list(&costs));
        return Ok(Ruling::observed(words).on(costs.into_iter().flat_map(|cost| cost.entries)).for_review(true));
    }
    let mut own = functions(case, twin, category, true);
    own.extend(twin.withheld().filter(|row| concerns(row, category, true)).map(cost));
    if !own.is_empty() {
        let words = format!(
            "withheld only where the act itself asks for or uses what was refused: {}; a person has to tell whether it could do without",
            list(&own)
        );
        return Ok(Ruling::not_assessable(words).on(own.into_iter().flat_map(|cost| cost.entries)).for_review(true));
    }
    let unsure: Vec<Cost> = twin.rows.iter().filter(|row| row.fate == Fate::Unsure).map(cost).collect();
    if !unsure.is_empty() {
        let words = format!("withheld once, and not again with one permission refused at a time: {}", list(&unsure));
        return Ok(Ruling::not_assessable(words).on(unsure.into_iter().flat_map(|cost| cost.entries)));
    }
    let lacking: Vec<Cost> = twin.rows.iter().filter_map(|row| lacking(case.lexicon(), twin, row)).collect();
    if !lacking.is_empty() {
        let words = format!(
            "with the refusals the same pages say that something is not to be had: {}; a person must tell whether it is withheld",
            list(&lacking)
        );
        return Ok(Ruling::not_assessable(words)
            .on(lacking.into_iter().flat_map(|cost| cost.entries))
            .for_review(true));
    }
    Ok(stands(case, twin, ended.bounded))
}

/// A page that is built alike with the refusals, and there says that something is not to be had, which it does on no install
/// that allows everything.
fn lacking(lexicon: &Lexicon, twin: &Comparison, row: &Row) -> Option<Cost> {
    if row.fate != Fate::Same {
        return None;
    }
    let pages = |answers: TwinAnswers| {
        let installs = twin.installs.iter().filter(move |install| install.answers == answers);
        installs.filter_map(|install| row.played.get(&install.install)?.step.page.as_ref()).collect::<Vec<_>>()
    };
    let allowed = pages(TwinAnswers::Allow);
    let said = pages(TwinAnswers::RefuseUnneeded).into_iter().find_map(|page| says_lack(lexicon, page, &allowed))?;
    let named = format!("\"{}\" (\"{said}\")", row.name());
    Some(Cost { words: named, entries: entries(row) })
}

/// Nothing was withheld, if enough was seen.
fn stands(case: &Case, twin: &Comparison, bounded: bool) -> Ruling {
    let count = |fate: &Fate| twin.rows.iter().filter(|row| row.fate == *fate).count();
    let (same, untold) = (count(&Fate::Same), count(&Fate::Untold));
    if same == 0 || untold * MOST_UNTOLD >= twin.rows.len() {
        let words = format!("{untold} of {} steps of the tour could not be made with the refusals", twin.rows.len());
        return Ruling::not_assessable(words);
    }
    let names: BTreeSet<&str> = case.functions.iter().map(|f| f.name).collect();
    let end = if bounded { "; the bounds ended the tour" } else { "" };
    let words = format!(
        "{same} steps of the tour and {} function(s) came to the same with what the category does not call for refused{end}",
        names.len()
    );
    Ruling::not_observed(words).on(twin.rows.iter().filter(|row| row.fate == Fate::Same).take(1).flat_map(entries))
}

/// Whether the app itself does not stay: another rule's business.
fn is_out(row: &Row) -> bool {
    matches!(row.fate, Fate::Withheld { how: How::Ended | How::Sent, .. })
}

/// Whether a withheld row costs something that the category does not call for; `own` for those whose act itself asks for or
/// uses it.
fn concerns(row: &Row, category: &Category, own: bool) -> bool {
    let Fate::Withheld { groups, own_use, .. } = &row.fate else { return false };
    *own_use == own && groups.iter().any(|group| !needs(category, group))
}

fn needs(category: &Category, group: &str) -> bool {
    let group = permission::group_named(group);
    category.android_permissions_justified.iter().any(|p| permission::group(p) == Some(group))
}

fn cost(row: &Row) -> Cost {
    let groups = match &row.fate {
        Fate::Withheld { groups, .. } => groups.join(", "),
        _ => String::new(),
    };
    let words =
        if groups.is_empty() { format!("\"{}\"", row.name()) } else { format!("\"{}\" ({groups})", row.name()) };
    Cost { words, entries: entries(row) }
}

fn entries(row: &Row) -> Vec<u64> {
    row.played.values().map(|played| played.seq).collect()
}

fn list(costs: &[Cost]) -> String {
    let named: Vec<&str> = costs.iter().take(MOST_NAMED).map(|cost| cost.words.as_str()).collect();
    let entries: Vec<u64> = costs.iter().flat_map(|cost| &cost.entries).copied().collect();
    format!("{} {}", named.join("; "), numbers(&entries))
}

/// Functions of the briefing that work wherever everything is allowed, fail with the unneeded refused, and fail again with
/// one group refused that the category does not call for; `own` for those that themselves ask for it or use it.
fn functions(case: &Case, twin: &Comparison, category: &Category, own: bool) -> Vec<Cost> {
    let mut by_name: BTreeMap<&str, Vec<(&Function, TwinAnswers, &str)>> = BTreeMap::new();
    for function in &case.functions {
        if let Some(install) = twin.install_of(function.at.seq) {
            by_name.entry(function.name).or_default().push((function, install.answers, &install.group));
        }
    }
    let lost = |(name, tries): (&str, Vec<(&Function, TwinAnswers, &str)>)| {
        let fails = |answers: TwinAnswers| {
            let of = tries.iter().filter(move |(_, by, _)| *by == answers);
            of.filter(|(function, _, _)| function.outcome == FunctionOutcome::Fails).copied().collect::<Vec<_>>()
        };
        let works = tries.iter().filter(|(f, by, _)| *by == TwinAnswers::Allow && f.outcome == FunctionOutcome::Works);
        let (works, together, alone) =
            (works.count(), fails(TwinAnswers::RefuseUnneeded), fails(TwinAnswers::RefuseOne));
        let groups: Vec<&str> = alone.iter().map(|(_, _, group)| *group).filter(|g| !needs(category, g)).collect();
        let uses = tries.iter().any(|(f, by, _)| *by == TwinAnswers::Allow && uses(case, twin, f, &groups));
        let lost = fails(TwinAnswers::Allow).is_empty() && works > 1 && !together.is_empty() && !groups.is_empty();
        let lost = lost && uses == own;
        let told = format!("\"{name}\" ({})", groups.join(", "));
        let entries = tries.iter().map(|(function, _, _)| function.at.seq).collect();
        lost.then_some(Cost { words: told, entries })
    };
    by_name.into_iter().filter_map(lost).collect()
}

/// Whether a trial of a function asked for one of these groups or used its data.
fn uses(case: &Case, twin: &Comparison, function: &Function, groups: &[&str]) -> bool {
    let steps = twin.rows.iter().flat_map(|row| row.played.values()).map(|played| played.seq);
    let before = case.functions.iter().map(|f| f.at.seq).chain(steps).chain(twin.begins.iter().copied());
    let from = before.filter(|seq| *seq < function.at.seq).max().unwrap_or(0);
    let during = |seq: u64| seq > from && seq < function.at.seq;
    let named = |name: &str| groups.iter().any(|group| permission::group_named(group) == name);
    case.prompts.iter().any(|p| during(p.at.seq) && p.groups.iter().any(|group| named(group)))
        || case.reads().any(|(at, _, what)| during(at.seq) && named(what))
}

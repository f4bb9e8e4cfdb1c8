//! The twin: what a refusal costs, as a matrix of permissions and functions, with pictures side by side.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gallery::{Gallery, Shown};
use super::sight::Sight;
use crate::journal::entry::{Event, FunctionOutcome, PopupRole, TwinAnswers};
use crate::judge::twin::{self, Cell, Comparison, Fate, How, Played, Row};
use crate::report::reasons;
use crate::report::words::{self, Both};

/// Width of the pictures side by side, in pixels.
const PAIR_WIDTH: u32 = 300;
/// Most rows of the matrix, and pairs of pictures; the journal holds all.
const MOST_ROWS: usize = 60;
const MOST_PAIRS: usize = 12;

/// What a twin came to.
#[derive(Debug, Serialize)]
pub struct TwinView {
    installs: Vec<InstallRow>,
    columns: Vec<Column>,
    rows: Vec<MatrixRow>,
    rows_more: usize,
    pairs: Vec<Pair>,
    pairs_more: usize,
    /// Steps that came to the same, something else in their stead, varied by themselves, were withheld once, untold.
    same: usize,
    other: usize,
    varies: usize,
    unsure: usize,
    untold: usize,
    bounded: bool,
    ended: bool,
    unplayed: Both,
    left_out: Vec<Both>,
}

#[derive(Debug, Serialize)]
struct InstallRow {
    number: u32,
    answers: Both,
    whole: bool,
}

#[derive(Debug, Serialize)]
struct Column {
    group: String,
    name: Both,
    needed: bool,
}

#[derive(Debug, Serialize)]
struct MatrixRow {
    name: String,
    function: bool,
    withheld: bool,
    cells: Vec<CellView>,
}

#[derive(Debug, Serialize)]
struct CellView {
    words: Both,
    tone: &'static str,
}

/// A withheld step, as it is with everything allowed and as it is with the refusal.
#[derive(Debug, Serialize)]
struct Pair {
    name: String,
    how: Both,
    groups: Vec<Both>,
    own_use: bool,
    allowed: Option<Shown>,
    refused: Option<Shown>,
    entries: Vec<u64>,
}

/// The twin of a case; `None` when there was none.
pub fn twin(sight: &Sight, gallery: &mut Gallery) -> Option<TwinView> {
    let compared = twin::of(sight.entries)?;
    let columns = columns(&compared);
    let mut rows = functions(sight, &compared, &columns);
    let mut steps: Vec<&Row> = compared.rows.iter().collect();
    steps.sort_by_key(|row| (!matches!(row.fate, Fate::Withheld { .. }), row.step));
    rows.extend(steps.into_iter().map(|row| step_row(&compared, row, &columns)));
    let pairs: Vec<&Row> = compared.withheld().collect();
    let count = |fate: fn(&Fate) -> bool| compared.rows.iter().filter(|row| fate(&row.fate)).count();
    let ended = compared.ended;
    Some(TwinView {
        installs: compared
            .installs
            .iter()
            .map(|install| InstallRow {
                number: install.install,
                answers: words::twin_install(install),
                whole: install.whole,
            })
            .collect(),
        rows_more: rows.len().saturating_sub(MOST_ROWS),
        rows: rows.into_iter().take(MOST_ROWS).collect(),
        pairs_more: pairs.len().saturating_sub(MOST_PAIRS),
        pairs: pairs.into_iter().take(MOST_PAIRS).map(|row| pair(&compared, row, sight, gallery)).collect(),
        columns,
        same: count(|fate| *fate == Fate::Same),
        other: count(|fate| *fate == Fate::Other),
        varies: count(|fate| *fate == Fate::Varies),
        unsure: count(|fate| *fate == Fate::Unsure),
        untold: count(|fate| *fate == Fate::Untold),
        bounded: ended.is_some_and(|end| end.bounded),
        ended: ended.is_some(),
        unplayed: ended.map(|end| reasons::both(&end.unplayed)).unwrap_or_default(),
        left_out: ended.into_iter().flat_map(|end| &end.left_out).map(|group| words::permission_group(group)).collect(),
    })
}

/// The groups that were asked for with everything allowed, in order, and whether the category needs them.
fn columns(compared: &Comparison) -> Vec<Column> {
    let single = compared.single_groups();
    let mut columns: Vec<Column> = Vec::new();
    let allowed = |played: &&Played| {
        compared.installs.iter().any(|i| i.install == played.step.install && i.answers == TwinAnswers::Allow)
    };
    let asked = compared.rows.iter().flat_map(|row| row.played.values()).filter(allowed);
    for group in asked.flat_map(|played| &played.step.asked) {
        if !columns.iter().any(|column| column.group == *group) {
            let needed = single.iter().any(|(name, needed)| name == group && *needed);
            columns.push(Column { group: group.clone(), name: words::permission_group(group), needed });
        }
    }
    columns
}

fn step_row(compared: &Comparison, row: &Row, columns: &[Column]) -> MatrixRow {
    let cells = columns.iter().map(|column| cell(compared.single(row, &column.group))).collect();
    let withheld = matches!(row.fate, Fate::Withheld { .. });
    MatrixRow { name: if row.way.is_empty() { String::new() } else { row.name() }, function: false, withheld, cells }
}

fn cell(cell: Cell) -> CellView {
    let (zh, en, tone) = match cell {
        Cell::Same => ("照常", "as before", "good"),
        Cell::Withheld(_) => ("不提供", "withheld", "bad"),
        Cell::Behind(_) => ("无法到达", "behind what is withheld", "bad"),
        Cell::Other => ("另有内容", "something else", "plain"),
        Cell::Varies => ("本身不定", "varies by itself", "quiet"),
        Cell::Untold => ("—", "—", "quiet"),
    };
    CellView { words: Both::new(zh, en), tone }
}

/// The briefing's functions, one row each.
fn functions(sight: &Sight, compared: &Comparison, columns: &[Column]) -> Vec<MatrixRow> {
    let mut rows: Vec<(&str, BTreeMap<u32, FunctionOutcome>)> = Vec::new();
    for entry in sight.entries {
        let (Event::Function { name, outcome, .. }, Some(install)) = (&entry.event, compared.install_of(entry.seq))
        else {
            continue;
        };
        match rows.iter_mut().find(|(known, _)| known == name) {
            Some((_, outcomes)) => drop(outcomes.insert(install.install, *outcome)),
            None => rows.push((name, BTreeMap::from([(install.install, *outcome)]))),
        }
    }
    let together = compared.installs.iter().find(|i| i.answers == TwinAnswers::RefuseUnneeded).map(|i| i.install);
    let of = |(name, outcomes): (&str, BTreeMap<u32, FunctionOutcome>)| {
        let outcome = |column: &Column| {
            let alone =
                compared.installs.iter().find(|i| i.answers == TwinAnswers::RefuseOne && i.group == column.group);
            let own = alone.and_then(|i| outcomes.get(&i.install)).copied();
            // What all refusals together do not cost, one of them does not.
            let all = together.and_then(|n| outcomes.get(&n)).copied();
            own.or(all.filter(|all| *all == FunctionOutcome::Works && !column.needed))
        };
        let cells: Vec<Option<FunctionOutcome>> = columns.iter().map(outcome).collect();
        MatrixRow {
            name: name.to_owned(),
            function: true,
            withheld: cells.contains(&Some(FunctionOutcome::Fails)),
            cells: cells.into_iter().map(function_cell).collect(),
        }
    };
    rows.into_iter().map(of).collect()
}

fn function_cell(outcome: Option<FunctionOutcome>) -> CellView {
    let tone = match outcome {
        Some(FunctionOutcome::Works) => "good",
        Some(FunctionOutcome::Fails) => "bad",
        _ => "quiet",
    };
    CellView { words: outcome.map_or_else(|| Both::new("—", "—"), words::function_outcome), tone }
}

fn pair(compared: &Comparison, row: &Row, sight: &Sight, gallery: &mut Gallery) -> Pair {
    let (how, groups, own_use) = match &row.fate {
        Fate::Withheld { how, groups, own_use } => (in_words(*how), groups.clone(), *own_use),
        _ => (Both::default(), Vec::new(), false),
    };
    let refused = compared.installs.iter().find(|i| i.answers == TwinAnswers::RefuseUnneeded);
    let refused = refused.and_then(|i| row.played.get(&i.install));
    let mut show = |capture: Option<u64>| sight.screenshot(capture).map(|s| gallery.hang(s, &[], PAIR_WIDTH));
    Pair {
        name: if row.way.is_empty() { String::new() } else { row.name() },
        how,
        groups: groups.iter().map(|group| words::permission_group(group)).collect(),
        own_use,
        allowed: show(row.first().and_then(|played| played.step.after)),
        refused: show(refused.and_then(|played| demand(sight, played).or(played.step.after))),
        entries: row.played.values().map(|played| played.seq).collect(),
    }
}

/// The capture of a demand for a permission that came up during a step, and may be gone after it.
fn demand(sight: &Sight, played: &Played) -> Option<u64> {
    let before = sight.entries.iter().rev().skip_while(|entry| entry.seq >= played.seq);
    let during = before.take_while(|entry| !matches!(entry.event, Event::TwinStep(_) | Event::TwinInstall(_)));
    during.into_iter().find_map(|entry| match &entry.event {
        Event::PopupShown(popup) if popup.role == PopupRole::PermissionPlea => popup.capture,
        _ => None,
    })
}

fn in_words(how: How) -> Both {
    match how {
        How::Plea => Both::new("取而代之的是索要权限", "a demand for a permission stands in its stead"),
        How::Nothing => Both::new("点按后没有反应", "pressing it does nothing"),
        How::Empty => Both::new("页面缺少可用内容", "its page comes without what can be used on it"),
        How::Gone => Both::new("入口消失", "its control is not there"),
        How::Sent => Both::new("跳转到系统设置", "the app sends the person to the system's settings"),
        How::Ended => Both::new("应用退出", "the app ends"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::journal::entry::{Entry, Stamp};

    fn entries() -> Vec<Entry> {
        let install = |number: u32, answers: &str, group: &str, whole: bool| json!({"kind": "twin-install", "install": number, "answers": answers, "group": group, "whole": whole});
        let page = |title: &str| json!({"signature": title, "title": title, "front": "a.b", "things": []});
        let step = |install: u32, step: u32, came: &str, title: &str| {
            let (on, press) = if step == 0 { (json!(null), "") } else { (json!(0), "Features") };
            json!({"kind": "twin-step", "install": install, "step": step, "on": on, "press": press, "came": came,
                "page": page(title), "asked": if step == 0 { vec!["CAMERA"] } else { vec![] }, "before": null, "after": null})
        };
        let mut events = Vec::new();
        let installs =
            [("allow", "", true), ("allow", "", true), ("refuse-unneeded", "", true), ("refuse-one", "CAMERA", false)];
        for (number, (answers, group, whole)) in (1..).zip(installs) {
            events.push(install(number, answers, group, whole));
            events.push(step(number, 0, "opened", "Home"));
            let refused = answers != "allow";
            events.push(step(
                number,
                1,
                if refused { "stayed" } else { "opened" },
                if refused { "Home" } else { "Features" },
            ));
            let outcome = if refused { "fails" } else { "works" };
            events.push(json!({"kind": "function", "name": "read", "when": "", "outcome": outcome, "message": ""}));
        }
        events.push(json!({"kind": "twin-ended", "steps": 2, "bounded": false}));
        let entry = |(seq, event): (usize, serde_json::Value)| Entry {
            seq: seq as u64,
            at: Stamp { wall: 0, mono: 0, device: None },
            prev: String::new(),
            event: serde_json::from_value(event).unwrap(),
        };
        events.into_iter().enumerate().map(entry).collect()
    }

    #[test]
    fn the_matrix_names_functions_and_steps_by_what_each_refusal_costs() {
        let entries = entries();
        let mut gallery = Gallery::new(&|_| None);
        let view = twin(&Sight::of(&entries), &mut gallery).unwrap();
        let names: Vec<(&str, bool)> = view.rows.iter().map(|row| (row.name.as_str(), row.withheld)).collect();
        assert_eq!(names, [("read", true), ("Features", true), ("", false)]);
        assert_eq!(view.columns.iter().map(|c| c.name.en.as_str()).collect::<Vec<_>>(), ["camera"]);
        assert_eq!(view.rows[0].cells[0].words.en, "fails");
        assert_eq!(view.rows[1].cells[0].words.en, "withheld");
        assert_eq!((view.pairs.len(), view.same), (1, 1));
        assert!(twin(&Sight::of(&entries[1..1]), &mut gallery).is_none());
    }
}

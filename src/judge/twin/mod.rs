//! The twin compared: what a tour reaches with everything allowed and does not reach with something refused.
//!
//! Pure, from the twin's entries. The first two installs allow everything: what differs between them is noise, learned
//! and not guessed. What a refused install lacks counts as withheld only when it lacks it again with one single group
//! refused, and when no install that allows everything lacks it.

mod base;
mod cell;
mod lack;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use crate::journal::entry::{Entry, Event, TwinAnswers, TwinEnded, TwinInstall, TwinStep};
use crate::judge::permission;

use base::Base;
pub use cell::{Cell, How};
pub use lack::says_lack;

/// A step of one install, with the number of its entry.
#[derive(Clone, Copy, Debug)]
pub struct Played<'a> {
    /// Entry number; 0 while the journal is still being written.
    pub seq: u64,
    /// What happened.
    pub step: &'a TwinStep,
}

/// A whole twin, compared.
#[derive(Clone, Debug, Default)]
pub struct Comparison<'a> {
    /// The installs in order.
    pub installs: Vec<&'a TwinInstall>,
    /// Entry numbers at which they begin; empty while the journal is still being written.
    pub begins: Vec<u64>,
    /// The steps of the tour in order.
    pub rows: Vec<Row<'a>>,
    /// How the tour ended; `None` when the record stops before that.
    pub ended: Option<&'a TwinEnded>,
}

/// One step of the tour over all installs.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Its number.
    pub step: u32,
    /// Words pressed from the first page to here.
    pub way: Vec<&'a str>,
    /// What it was on each install, by the install's number.
    pub played: BTreeMap<u32, Played<'a>>,
    /// How each install compares with the first two.
    pub cells: BTreeMap<u32, Cell>,
    /// What it comes to.
    pub fate: Fate,
}

/// What the comparison says of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It comes to the same whatever is refused.
    Same,
    /// Refused permissions cost it.
    Withheld {
        /// In which way.
        how: How,
        /// Groups of which each refusal alone costs it.
        groups: Vec<String>,
        /// The step itself asks for such a group, or uses its data, with everything allowed.
        own_use: bool,
    },
    /// It stands behind a step that is withheld.
    Behind(u32),
    /// Withheld once, and not seen again with one group refused at a time.
    Unsure,
    /// Something else came in its stead: another page, another app.
    Other,
    /// It is not the same on two equal installs.
    Varies,
    /// It could not be made with the refusals.
    Untold,
}

/// Compares what an entry list tells; `None` when it tells of no twin.
pub fn of(entries: &[Entry]) -> Option<Comparison<'_>> {
    let (mut installs, mut begins) = (Vec::new(), Vec::new());
    let mut steps = Vec::new();
    let mut ended = None;
    for entry in entries {
        match &entry.event {
            Event::TwinInstall(install) => {
                installs.push(install);
                begins.push(entry.seq);
            }
            Event::TwinStep(step) => steps.push(Played { seq: entry.seq, step }),
            Event::TwinEnded(end) => ended = Some(end),
            _ => {}
        }
    }
    (!installs.is_empty()).then(|| Comparison { begins, ..compare(installs, &steps, ended) })
}

/// Compares installs and their steps.
pub fn compare<'a>(
    installs: Vec<&'a TwinInstall>,
    steps: &[Played<'a>],
    ended: Option<&'a TwinEnded>,
) -> Comparison<'a> {
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    for played in steps {
        let row = rows.entry(played.step.step).or_insert_with(|| Row {
            step: played.step.step,
            way: Vec::new(),
            played: BTreeMap::new(),
            cells: BTreeMap::new(),
            fate: Fate::Untold,
        });
        row.played.insert(played.step.install, *played);
    }
    let mut comparison = Comparison { installs, begins: Vec::new(), rows: Vec::new(), ended };
    for (_, mut row) in rows {
        row.way = comparison.way(&row);
        comparison.fill(&mut row);
        row.fate = comparison.fate(&row);
        comparison.rows.push(row);
    }
    comparison
}

impl<'a> Comparison<'a> {
    /// The row of a step.
    pub fn row(&self, step: u32) -> Option<&Row<'a>> {
        self.rows.iter().find(|row| row.step == step)
    }

    /// Steps that the install on which everything unneeded is refused seems to withhold, with the steps before them:
    /// what has to be tried again before anything is said.
    pub fn seeming(&self) -> BTreeSet<u32> {
        let refused: Vec<u32> = self.numbers(TwinAnswers::RefuseUnneeded).collect();
        let seems = |row: &&Row| refused.iter().any(|n| matches!(row.cells.get(n), Some(Cell::Withheld(_))));
        let mut found = BTreeSet::new();
        for row in self.rows.iter().filter(seems) {
            let mut at = Some(row.step);
            while let Some(step) = at {
                if !found.insert(step) {
                    break;
                }
                at = self.row(step).and_then(|row| row.any()).and_then(|step| step.on);
            }
        }
        found
    }

    /// Rows of which the comparison says that refusals cost them.
    pub fn withheld(&self) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(|row| matches!(row.fate, Fate::Withheld { .. }))
    }

    /// Groups that some install refused one at a time, in order, and whether the category needs them.
    pub fn single_groups(&self) -> Vec<(&'a str, bool)> {
        let single = self.installs.iter().filter(|i| i.answers == TwinAnswers::RefuseOne);
        single.map(|i| (i.group.as_str(), i.needed)).collect()
    }

    /// What refusing one group alone does to a row: its own install's word, else what refusing everything unneeded shows.
    pub fn single(&self, row: &Row, group: &str) -> Cell {
        let alone = self.installs.iter().find(|i| i.answers == TwinAnswers::RefuseOne && i.group == group);
        let own = alone.and_then(|i| row.cells.get(&i.install).copied());
        own.filter(|cell| *cell != Cell::Untold).unwrap_or_else(|| {
            let needed = alone.is_some_and(|i| i.needed);
            let together = self.numbers(TwinAnswers::RefuseUnneeded).find_map(|n| row.cells.get(&n).copied());
            // What all refusals together do not cost, one of them does not.
            together.filter(|cell| *cell == Cell::Same && !needed).unwrap_or(Cell::Untold)
        })
    }

    /// The install that an entry belongs to; `None` before the first.
    pub fn install_of(&self, seq: u64) -> Option<&'a TwinInstall> {
        let at = self.begins.partition_point(|begin| *begin <= seq).checked_sub(1)?;
        self.installs.get(at).copied()
    }

    /// Numbers of the installs that were answered so.
    fn numbers(&self, answers: TwinAnswers) -> impl Iterator<Item = u32> + '_ {
        self.installs.iter().filter(move |i| i.answers == answers).map(|i| i.install)
    }

    fn way(&self, row: &Row<'a>) -> Vec<&'a str> {
        let Some(step) = row.any() else { return Vec::new() };
        let mut way = step.on.and_then(|on| self.row(on)).map(|on| on.way.clone()).unwrap_or_default();
        if !step.press.is_empty() {
            way.push(&step.press);
        }
        way
    }

    /// Sets the cells of a row; the rows before it have theirs.
    fn fill(&self, row: &mut Row<'a>) {
        let base = self.base(row);
        let on = row.any().and_then(|step| step.on).and_then(|on| self.row(on));
        let on_base = on.and_then(|on| self.base(on));
        for install in &self.installs {
            let number = install.install;
            let cell = match (&base, row.played.get(&number)) {
                (None, Some(_)) => Cell::Varies,
                (_, None) => Cell::Untold,
                (Some(base), Some(played)) => {
                    let stood_on = on.and_then(|on| {
                        let (cell, step) = (*on.cells.get(&number)?, on.played.get(&number)?.step);
                        Some(cell::On { cell, step, base: on_base.as_ref() })
                    });
                    cell::cell(base, played.step, stood_on.as_ref())
                }
            };
            row.cells.insert(number, cell);
        }
    }

    /// What a step is with everything allowed; `None` when two such installs do not agree on it.
    fn base(&self, row: &Row<'a>) -> Option<Base<'a>> {
        let mut whole = self.installs.iter().filter(|i| i.whole && i.answers == TwinAnswers::Allow);
        let mut next = || row.played.get(&whole.next()?.install).map(|played| played.step);
        let (first, second) = (next()?, next()?);
        let on = first.on.and_then(|on| self.row(on)).and_then(|on| on.played.get(&first.install));
        Base::of(first, second, on.and_then(|on| on.step.page.as_ref()))
    }

    fn fate(&self, row: &Row) -> Fate {
        let cell = |number: u32| row.cells.get(&number).copied().unwrap_or(Cell::Untold);
        if self.numbers(TwinAnswers::Allow).any(|n| !matches!(cell(n), Cell::Same | Cell::Untold)) {
            return Fate::Varies;
        }
        let mut groups = Vec::new();
        for install in self.installs.iter().filter(|i| i.answers == TwinAnswers::RefuseOne && !i.needed) {
            if matches!(cell(install.install), Cell::Withheld(_)) {
                groups.push(install.group.clone());
            }
        }
        let refused = self.numbers(TwinAnswers::RefuseUnneeded).map(cell).next().unwrap_or(Cell::Untold);
        match refused {
            Cell::Same => Fate::Same,
            Cell::Other => Fate::Other,
            Cell::Varies => Fate::Varies,
            Cell::Untold => Fate::Untold,
            Cell::Behind(step) => Fate::Behind(step),
            Cell::Withheld(_) if groups.is_empty() => Fate::Unsure,
            Cell::Withheld(how) => {
                let own_use = self.uses(row, &groups);
                Fate::Withheld { how, groups, own_use }
            }
        }
    }

    /// Whether the step, with everything allowed, asks for one of these groups or uses its data.
    fn uses(&self, row: &Row, groups: &[String]) -> bool {
        // The start of the app is nobody's act for which anything has to be asked.
        if row.step == 0 {
            return false;
        }
        let allowed = self.numbers(TwinAnswers::Allow).filter_map(|n| row.played.get(&n)).map(|played| played.step);
        let named = |name: &str| groups.iter().any(|group| permission::group_named(group) == name);
        allowed.into_iter().any(|step| {
            step.asked.iter().any(|group| named(permission::group_named(group)))
                || step.used.iter().filter_map(|op| permission::read_by(op)).any(named)
        })
    }
}

impl<'a> Row<'a> {
    /// The step as some install made it: number, control and page below are the same on all.
    fn any(&self) -> Option<&'a TwinStep> {
        self.played.values().next().map(|played| played.step)
    }

    /// The step on the first install, where everything was allowed.
    pub fn first(&self) -> Option<Played<'a>> {
        self.played.get(&1).copied()
    }

    /// Its name for people: the words that were pressed, with the last page's title when it opens one.
    pub fn name(&self) -> String {
        if self.way.is_empty() { "(first page)".to_owned() } else { self.way.join(" › ") }
    }
}

#[cfg(test)]
mod tests;

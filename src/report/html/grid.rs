//! Apps by scenarios at a glance: one cell per case.

use serde::Serialize;

use super::page;
use super::run::relative;
use crate::report::summary::{Case, OutcomeKind, Summary};
use crate::report::words::{self, Both};

/// Most columns; with more, the list of cases serves better.
const MOST_SCENARIOS: usize = 8;
/// Most rows.
const MOST_APPS: usize = 60;

/// Apps by scenarios.
#[derive(Debug, Default, Serialize)]
pub struct Grid {
    scenarios: Vec<(String, String)>,
    apps: Vec<AppRow>,
}

#[derive(Debug, Serialize)]
struct AppRow {
    name: String,
    version: String,
    package: String,
    cells: Vec<Vec<Cell>>,
}

#[derive(Debug, Serialize)]
struct Cell {
    tone: &'static str,
    verdict: Both,
    observed: usize,
    report: Option<String>,
}

/// The grid of a run; `None` where it would not help: a single row or column, or too many of them.
pub fn grid(summary: &Summary) -> Option<Grid> {
    let mut grid = Grid::default();
    for case in &summary.cases {
        let scenario = (case.scenario.clone(), case.title.clone());
        let column = place(&mut grid.scenarios, |s| *s == scenario, || scenario.clone());
        let same = |row: &AppRow| row.package == case.app.package && row.version == case.app.version;
        let row = place(&mut grid.apps, same, || row(case));
        if grid.scenarios.len() > MOST_SCENARIOS || grid.apps.len() > MOST_APPS {
            return None;
        }
        let cells = &mut grid.apps[row].cells;
        cells.resize_with(cells.len().max(column + 1), Vec::new);
        cells[column].push(cell(case));
    }
    let columns = grid.scenarios.len();
    grid.apps.iter_mut().for_each(|row| row.cells.resize_with(columns, Vec::new));
    (columns > 1 && grid.apps.len() > 1).then_some(grid)
}

/// The place of the one that is `wanted`, made when it is not there.
fn place<T>(among: &mut Vec<T>, wanted: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> usize {
    among.iter().position(wanted).unwrap_or_else(|| {
        among.push(make());
        among.len() - 1
    })
}

fn row(case: &Case) -> AppRow {
    let app = &case.app;
    let name = if app.label.is_empty() { app.package.clone() } else { app.label.clone() };
    AppRow { name, version: app.version.clone(), package: app.package.clone(), cells: Vec::new() }
}

fn cell(case: &Case) -> Cell {
    Cell {
        tone: page::tone(case.verdict),
        verdict: words::verdict(case.verdict),
        observed: case.outcomes_of(OutcomeKind::Observed).count(),
        report: case.report.as_deref().and_then(relative),
    }
}

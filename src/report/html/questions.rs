//! Every prompt of every case, for the page of a run: small cards with small pictures, within bounds.

use serde::Serialize;

use super::cards::{self, Endings, PromptCard};
use super::gallery::Gallery;
use super::page;
use super::run::{RunView, relative};
use super::sight::Sight;
use crate::journal::ExhibitRef;
use crate::journal::entry::Event;
use crate::report::summary::Case;

/// Width of a prompt's picture, in pixels: sharp at half that width.
const PICTURE_WIDTH: u32 = 270;
/// Most bytes of pictures in the page of a run; beyond it a picture's place leads to the original in its package.
const BUDGET: usize = 16 << 20;
/// Most prompts told in the page of a run; the pages of the cases tell the rest.
const MOST_PROMPTS: usize = 1_500;
/// The same for a run of many cases, whose page has to open at once.
const BUDGET_OF_MANY: usize = 3 << 20;
const MOST_PROMPTS_OF_MANY: usize = 300;
/// From how many cases on.
const MANY: usize = 300;
/// Cases beyond this number stay folded until they are asked for.
const MOST_OPEN: usize = 6;

/// The prompts of one case.
#[derive(Debug, Serialize)]
pub struct Questions {
    at: usize,
    name: String,
    title: String,
    scenario: String,
    tone: &'static str,
    open: bool,
    report: Option<String>,
    cards: Vec<PromptCard>,
}

/// What the page says of all prompts.
#[derive(Debug, Default, Serialize)]
pub struct AllQuestions {
    /// Cases that had at least one prompt, in order.
    cases: Vec<Questions>,
    /// Prompts told.
    told: usize,
    /// Cases whose prompts are told on their own pages only.
    untold: usize,
}

impl AllQuestions {
    /// How many prompts the case at this place of the summary had; `None` when they were not read.
    pub fn of_case(&self, at: usize, untold_from: usize) -> Option<usize> {
        let told = self.cases.iter().find(|q| q.at == at).map(|q| q.cards.len());
        told.or((at < untold_from).then_some(0))
    }
}

/// Reads the journals of the cases and tells their prompts; with it the place of the first case that was not read.
pub fn questions(view: &RunView) -> (AllQuestions, usize) {
    let mut all = AllQuestions::default();
    let many = view.summary.cases.len() > MANY;
    let (mut left, most) = if many { (BUDGET_OF_MANY, MOST_PROMPTS_OF_MANY) } else { (BUDGET, MOST_PROMPTS) };
    for (at, case) in view.summary.cases.iter().enumerate() {
        if all.told >= most {
            all.untold = view.summary.cases.len() - at;
            return (all, at);
        }
        let cards = cards_of(case, view, &mut left);
        if !cards.is_empty() {
            all.told += cards.len();
            let open = all.cases.len() < MOST_OPEN;
            all.cases.push(of_case(at, case, cards, open));
        }
    }
    (all, view.summary.cases.len())
}

fn cards_of(case: &Case, view: &RunView, left: &mut usize) -> Vec<PromptCard> {
    let entries = (view.entries)(case);
    let exhibits = |exhibit: &ExhibitRef| (view.exhibit)(case, &exhibit.sha256);
    let (sight, ends) = (Sight::of(&entries), Endings::of(&entries));
    let mut gallery = Gallery::within(&exhibits, *left).hiding(&entries).leading_to(originals(case));
    let mut cards = Vec::new();
    for entry in &entries {
        if let Event::PromptShown(shown) = &entry.event {
            cards.push(cards::prompt(entry, shown, &ends, &sight, &mut gallery, PICTURE_WIDTH));
        }
    }
    *left = gallery.left();
    cards
}

/// Where the originals of a case can be opened: nowhere, when its package is one file.
fn originals(case: &Case) -> Option<String> {
    relative(&format!("{}/data", case.package_folder()?))
}

fn of_case(at: usize, case: &Case, cards: Vec<PromptCard>, open: bool) -> Questions {
    Questions {
        at,
        name: if case.app.label.is_empty() { case.app.package.clone() } else { case.app.label.clone() },
        title: case.title.clone(),
        scenario: case.scenario.clone(),
        tone: page::tone(case.verdict),
        open,
        report: case.report.as_deref().and_then(relative),
        cards,
    }
}

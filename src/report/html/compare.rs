//! The page of two packages of one app, before and after a rectification, side by side.

use serde::Serialize;

use super::findings::{pictures, title};
use super::gallery::{Gallery, Shown};
use super::page::utc;
use super::sight::Sight;
use super::{Exhibits, pen};
use crate::catalogue::Catalogue;
use crate::journal::Entry;
use crate::report::ReportError;
use crate::report::summary::{Case, Outcome, OutcomeKind};
use crate::report::text::tame_to;
use crate::report::words::{self, Both};

/// Bytes of pictures from each package.
const BUDGET: usize = 8 << 20;
/// Longest reason that is shown, in characters.
const BRIEF: usize = 1_000;

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was there and is.
    StillThere,
    /// It is there and was not.
    New,
    /// It is there; it came up before, and a person who reviewed it then said that it is not so.
    Again,
    /// It was there, and was looked for and not seen.
    Fixed,
    /// It was there, and nobody could look, or its occasion did not come.
    NoLongerAssessable,
    /// It was there, or came up and a person who reviewed it said that it is not so; the rules leave it to a person again,
    /// and nobody has said a word.
    Waits,
    /// A person who reviewed it said that it is not so, and it is not observed otherwise.
    Rejected,
}

impl Change {
    /// What became of a finding; `None` when it was not and is not observed.
    pub fn of(old: OutcomeKind, new: OutcomeKind) -> Option<Self> {
        use OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
        match (old, new) {
            (Observed, Observed) => Some(Self::StillThere),
            (Observed, NotObserved) => Some(Self::Fixed),
            // Its occasion did not come, or nobody could look: neither shows that it was mended.
            (Observed, NotTriggered | NotAssessable) => Some(Self::NoLongerAssessable),
            (_, Observed) => Some(Self::New),
            _ => None,
        }
    }

    /// In words.
    pub fn words(self) -> Both {
        match self {
            Self::StillThere => Both::new("仍然存在", "still there"),
            Self::New => Both::new("新出现", "new"),
            Self::Again => Both::new("再次出现，此前经复核否定", "again, rejected before"),
            Self::Fixed => Both::new("已整改", "fixed"),
            Self::NoLongerAssessable => Both::new("无法再评估", "no longer assessable"),
            Self::Waits => Both::new("有待再次复核", "to be reviewed again"),
            Self::Rejected => Both::new("经复核否定", "rejected in review"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::StillThere | Self::New | Self::Again => "high",
            Self::Fixed | Self::Rejected => "info",
            Self::NoLongerAssessable | Self::Waits => "medium",
        }
    }
}

/// What became of each finding, the open ones first.
pub fn changes(old: &Case, new: &Case) -> Vec<(Change, String)> {
    let before = |finding: &str| old.outcomes.iter().find(|o| o.finding == finding);
    let change = |now: &Outcome| {
        let was = before(&now.finding);
        let change = Change::of(was.map_or(OutcomeKind::NotAssessable, by_people), by_people(now));
        let rejected = was.is_some_and(Outcome::is_rejected);
        let came_up = rejected || was.is_some_and(Outcome::is_finding);
        let handed_over = now.outcome == OutcomeKind::NotAssessable && now.is_handed_over();
        let change = match (rejected, now.is_rejected(), change) {
            _ if came_up && handed_over && now.said.is_none() => Some(Change::Waits),
            (_, true, _) | (true, _, None) => Some(Change::Rejected),
            (true, false, Some(_)) => Some(Change::Again),
            (false, false, change) => change,
        };
        Some((change?, now.finding.clone()))
    };
    let mut changes: Vec<_> = new.outcomes.iter().filter_map(change).collect();
    changes.sort();
    changes
}

/// What an outcome came to when people's words on it count: what they confirmed is observed, what they rejected is not.
fn by_people(outcome: &Outcome) -> OutcomeKind {
    match outcome.outcome {
        _ if outcome.is_rejected() => OutcomeKind::NotObserved,
        _ if outcome.is_finding() => OutcomeKind::Observed,
        kind => kind,
    }
}

/// One of the two packages.
pub struct Side<'a> {
    /// Its case, as judged.
    pub case: &'a Case,
    /// Its journal.
    pub entries: &'a [Entry],
    /// Digest of the package.
    pub digest: &'a str,
    /// Where pictures come from.
    pub exhibits: &'a Exhibits<'a>,
}

/// All that the page is made of.
pub struct CompareView<'a> {
    /// Before.
    pub old: Side<'a>,
    /// After.
    pub new: Side<'a>,
    /// The rules both were judged by.
    pub catalogue: &'a Catalogue,
    /// Whether the time limit was kept, if there was one.
    pub deadline: Option<Both>,
}

#[derive(Serialize)]
struct Page {
    app: String,
    sides: [Facts; 2],
    deadline: Option<Both>,
    changes: Vec<Row>,
}

#[derive(Serialize)]
struct Facts {
    name: Both,
    version: String,
    began: String,
    digest: String,
    model: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    title: Both,
    change: Both,
    tone: &'static str,
    sides: [Seen; 2],
}

#[derive(Serialize)]
struct Seen {
    name: Both,
    outcome: Both,
    /// What a person said of it.
    word: Option<Both>,
    reason: Both,
    pictures: Vec<Shown>,
}

/// Writes the page: one HTML file, pictures inside.
///
/// # Errors
/// When the template fails: a fault of this program.
pub fn compare<'a>(view: &CompareView<'a>) -> Result<String, ReportError> {
    let (old, new) = (Sight::of(view.old.entries), Sight::of(view.new.entries));
    let gallery = |side: &Side<'a>| Gallery::within(side.exhibits, BUDGET).hiding(side.entries);
    let (mut left, mut right) = (gallery(&view.old), gallery(&view.new));
    let row = |(change, finding): (Change, String)| Row {
        title: title(&finding, view.catalogue),
        change: change.words(),
        tone: change.tone(),
        sides: [
            seen(before(), view.old.case, &finding, &old, &mut left),
            seen(after(), view.new.case, &finding, &new, &mut right),
        ],
        id: finding,
    };
    let app = &view.new.case.app;
    let page = Page {
        app: if app.label.is_empty() { app.package.clone() } else { app.label.clone() },
        sides: [facts(before(), &view.old), facts(after(), &view.new)],
        deadline: view.deadline.clone(),
        changes: changes(view.old.case, view.new.case).into_iter().map(row).collect(),
    };
    Ok(pen::write("compare.html", &page)?)
}

fn before() -> Both {
    Both::new("整改前", "before")
}

fn after() -> Both {
    Both::new("整改后", "after")
}

fn facts(name: Both, side: &Side) -> Facts {
    Facts {
        name,
        version: side.case.app.version.clone(),
        began: side.entries.first().map(|entry| utc(entry.at.wall)).unwrap_or_default(),
        digest: side.digest.to_owned(),
        model: side.case.device.as_ref().is_some_and(|device| device.virtual_device),
    }
}

fn seen(name: Both, case: &Case, finding: &str, sight: &Sight, gallery: &mut Gallery) -> Seen {
    let Some(outcome) = case.outcomes.iter().find(|o| o.finding == finding) else {
        return Seen { name, outcome: Both::default(), word: None, reason: Both::default(), pictures: Vec::new() };
    };
    Seen {
        name,
        outcome: words::outcome(outcome.outcome),
        word: outcome.said.as_ref().map(words::said),
        reason: Both::new(tame_to(&outcome.reason_zh, BRIEF), tame_to(&outcome.reason, BRIEF)),
        pictures: pictures(outcome, sight, gallery),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_no_rectification() {
        use OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
        assert_eq!(Change::of(Observed, NotObserved), Some(Change::Fixed));
        assert_eq!(Change::of(Observed, NotTriggered), Some(Change::NoLongerAssessable));
        assert_eq!(Change::of(Observed, NotAssessable), Some(Change::NoLongerAssessable));
        assert_eq!(Change::of(NotAssessable, Observed), Some(Change::New));
        assert_eq!(Change::of(NotObserved, NotTriggered), None);
    }
}

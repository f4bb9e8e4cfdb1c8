//! Every time the app wanted a permission: system dialogs, its own windows that press for one, and requests that the
//! system kept from the person.

use std::collections::BTreeSet;

use crate::journal::entry::{PopupRole, PopupShown, PromptKind};
use crate::judge::case::{Case, Moment, Popup};
use crate::judge::permission;
use crate::ui::{Lexicon, List, Names};

/// A plea followed this soon by a dialog for something else was about that something else, in ms (ours).
const PLEA_LEADS: u64 = 10_000;
/// A plea this soon after the person's own tap answers it, in ms (ours).
const TAP_CAUSE: u64 = 5_000;

/// One demand for a permission.
pub(super) struct Demand {
    pub at: Moment,
    /// Groups; empty when not known. The app's own windows tell theirs by their words.
    pub groups: BTreeSet<String>,
    pub how: How,
    /// The person's own act called for it.
    pub called_for: bool,
    /// Which launch of the case it fell in, from 1.
    pub launch: usize,
}

/// In which way it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// A dialog of the system.
    Dialog,
    /// A window of the app.
    Plea,
    /// The system showed nothing.
    Suppressed,
}

impl Demand {
    /// Whether it can be a demand for this group.
    pub fn may_be_for(&self, group: &str) -> bool {
        self.groups.is_empty() || self.groups.contains(group)
    }
}

/// All demands in order.
pub(super) fn all<'c>(case: &'c Case) -> &'c [Demand] {
    case.demands.get_or_init(|| {
        let mut demands = dialogs(case);
        demands.extend(pleas(case));
        demands.extend(suppressed(case));
        demands.sort_by_key(|d| d.at.seq);
        demands
    })
}

fn dialogs(case: &Case) -> Vec<Demand> {
    let prompts =
        case.prompts.iter().filter(|p| p.asks_for_personal_data() || p.shown.what == PromptKind::SpecialAccess);
    let demand = |p: &crate::judge::case::Prompt| Demand {
        at: p.at,
        groups: p.groups.clone(),
        how: How::Dialog,
        called_for: p.shown.after_tap.is_some(),
        launch: case.launch_of(p.at),
    };
    prompts.map(demand).collect()
}

fn pleas(case: &Case) -> Vec<Demand> {
    let pleas = case.popups.iter().filter(|p| p.shown.role == PopupRole::PermissionPlea);
    // A plea right before a dialog belongs to the dialog, which is counted; and who only tells does not ask.
    let alone = pleas.filter(|plea| offers_to_grant(plea.shown, case.lexicon()) && !leads_to_dialog(case, plea));
    let demand = |p: &Popup| Demand {
        at: p.at,
        groups: case.lexicon().named(&p.shown.words, Names::Spoken).map(str::to_owned).collect(),
        how: How::Plea,
        called_for: p.shown.opened_by == "tap" && case.own_tap_before(p.at.mono, TAP_CAUSE).is_some(),
        launch: case.launch_of(p.at),
    };
    alone.map(demand).collect()
}

/// Longest label of a control, in characters: Chinese, other (ours).
const LONGEST_LABEL: (usize, usize) = (8, 20);

/// Whether the window offers a way to grant what it speaks of, or no way at all that is known; a window that can only be
/// closed is a message.
fn offers_to_grant(plea: &PopupShown, lexicon: &Lexicon) -> bool {
    let short = |line: &str| {
        let most = if line.is_ascii() { LONGEST_LABEL.1 } else { LONGEST_LABEL.0 };
        line.chars().count() <= most && line != plea.title
    };
    let grants = |line: &str| lexicon.holds(line, List::PermissionGrant);
    plea.close.is_empty() || !plea.accept.is_empty() || plea.words.lines().any(|line| short(line) && grants(line))
}

fn leads_to_dialog(case: &Case, plea: &Popup) -> bool {
    let next = case.prompts.get(case.prompts.partition_point(|p| p.at.seq <= plea.at.seq));
    next.is_some_and(|p| {
        let stood = |at: &Moment| at.seq > plea.at.seq && plea.gone.as_ref().is_none_or(|gone| gone.at.seq > at.seq);
        // However long it took to press something on it.
        let earlier = &case.inputs[..case.inputs.partition_point(|(at, _)| at.seq < p.at.seq)];
        let pressed = earlier.last().map(|(at, _)| *at).filter(stood);
        let since = pressed.unwrap_or(plea.at).mono;
        p.at.mono.saturating_sub(since) <= PLEA_LEADS && case.launch_of(p.at) == case.launch_of(plea.at)
    })
}

fn suppressed(case: &Case) -> Vec<Demand> {
    let demand = |(at, line): &(Moment, &str)| Demand {
        at: *at,
        groups: named_in(line),
        how: How::Suppressed,
        called_for: case.own_tap_before(at.mono, TAP_CAUSE).is_some(),
        launch: case.launch_of(*at),
    };
    case.suppressed.iter().map(demand).collect()
}

/// Groups of the permissions whose full names stand in a log line.
fn named_in(line: &str) -> BTreeSet<String> {
    let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_')));
    words.filter_map(permission::group).map(str::to_owned).collect()
}

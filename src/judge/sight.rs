//! What the run could see: before a rule is asked, and before its "nothing there" is believed.

use crate::journal::entry::{Ended, LimitKind};
use crate::judge::case::{Blind, Case};
use crate::judge::outcome::OutcomeKind;
use crate::judge::ruling::Ruling;

/// What a rule needs to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The app was started and behaves as itself.
    Launch,
    /// Dialogs and windows.
    Screens,
    /// Every window of the app, however short it stood.
    Windows,
    /// The event log.
    Events,
    /// The operations that read personal data.
    Accesses,
    /// A clean installation before the first launch.
    CleanInstall,
    /// The app's category.
    Category,
    /// What went over the network.
    Network,
}

/// Blindness shorter than this hides nothing that waits for a person, in ms (ours).
const BLINK: u64 = 1_000;

/// Why a rule with these needs can't be asked; `None` when it can.
pub(super) fn lacks(case: &Case, needs: &[Need]) -> Option<String> {
    let unread = case.unread_words.as_ref();
    let unread = unread.map(|why| format!("the words that the run was given can't be read here: {why}"));
    unread.or_else(|| needs.iter().find_map(|need| lack(case, *need)))
}

fn lack(case: &Case, need: Need) -> Option<String> {
    match need {
        Need::Launch => lacks_launch(case),
        Need::Screens | Need::Windows => match case.limited(LimitKind::NoHierarchy) {
            Some(detail) => Some(format!("the view hierarchy could not be read: {detail}")),
            None => {
                let seen = case.captures.iter().any(|(_, c)| c.hierarchy.is_some());
                let met = !case.prompts.is_empty() || !case.popups.is_empty();
                (!seen && !met).then(|| "no screen was read".to_owned())
            }
        },
        Need::Events => {
            case.limited(LimitKind::NoEventLog).map(|d| format!("the event log could not be followed: {d}"))
        }
        Need::Accesses => match case.limited(LimitKind::NoAppops) {
            Some(detail) => Some(format!("app operations could not be read: {detail}")),
            None => case.accesses_read.is_empty().then(|| "app operations were not read".to_owned()),
        },
        Need::Network => match case.limited(LimitKind::NoNetworkCapture) {
            Some(detail) => Some(detail.to_owned()),
            None => case.network.is_none().then(|| "the network was not captured".to_owned()),
        },
        Need::CleanInstall => {
            case.first_launch().is_none().then(|| "there was no first launch on a clean installation".into())
        }
        Need::Category => match case.opened.and_then(|o| o.category.as_deref()) {
            None => Some("no category was given, so that what the app needs is unknown".to_owned()),
            Some(id) => case.category.is_none().then(|| format!("the catalogue has no category `{id}`")),
        },
    }
}

fn lacks_launch(case: &Case) -> Option<String> {
    if let Some(detail) = case.limited(LimitKind::NoModel) {
        return Some(format!("the app was not exercised: {detail}"));
    }
    if case.opened.is_none() {
        return Some("the record does not say what was run".to_owned());
    }
    if !case.launches.is_empty() {
        return None;
    }
    Some(match case.refused_install {
        Some((_, code)) => format!("the device refused the app: {code}"),
        None => "the app was never started".to_owned(),
    })
}

/// Turns a "nothing there" into "can't be told" when the run was blind at that time.
pub(super) fn believed(case: &Case, needs: &[Need], ruling: Ruling) -> Ruling {
    if !matches!(ruling.kind, OutcomeKind::NotObserved | OutcomeKind::NotTriggered) || !needs.contains(&Need::Launch) {
        return ruling;
    }
    let (from, to) = ruling.span.unwrap_or((0, u64::MAX));
    match doubt(case, needs, from, to) {
        Some(why) => Ruling::not_assessable(format!("{why} (up to there: {})", ruling.reason)).on(ruling.entries),
        None => ruling,
    }
}

/// Why nothing follows from what was not seen between two moments, in ms of the journal's clock.
pub(super) fn doubt(case: &Case, needs: &[Need], from: u64, to: u64) -> Option<String> {
    match &case.closed {
        None if case.last < to => return Some("the record stops without its last entry".to_owned()),
        Some(closed) if closed.ended != Ended::Completed && closed.at.mono < to => {
            return Some(format!("the run ended early: {}", closed.message));
        }
        _ => {}
    }
    if let Some(detail) = case.limited(LimitKind::EmulatorDetected) {
        return Some(format!("the app behaves as on an emulator: {detail}"));
    }
    if let Some(detail) = case.limited(LimitKind::KeepsStopping) {
        return Some(format!("the app keeps stopping: {detail}"));
    }
    if let Some(detail) = case.limited(LimitKind::OtherProcessor) {
        return Some(format!("the app can't run on this device: {detail}"));
    }
    if needs.contains(&Need::Windows)
        && let Some(why) = unread(case, from, to)
    {
        return Some(why);
    }
    let blind =
        case.blind.iter().find(|b| concerns(b, needs) && b.from < to && b.to > from && b.to - b.from >= BLINK)?;
    Some(format!("{} was not watched for {} ms: {}", blind.source, blind.to - blind.from, blind.why))
}

/// That a window of the app went unread between two moments; `None` when all were read.
pub(super) fn unread(case: &Case, from: u64, to: u64) -> Option<String> {
    let begin = case.unread.partition_point(|at| at.mono < from);
    let first = case.unread.get(begin).filter(|at| at.mono <= to)?;
    Some(format!("a window of the app went before it could be read (#{})", first.seq))
}

fn concerns(blind: &Blind, needs: &[Need]) -> bool {
    let source = blind.source.to_lowercase();
    if blind.to < blind.from {
        return false;
    }
    if source.contains("log") || source.contains("event") {
        return needs.contains(&Need::Events);
    }
    if source.contains("appops") || source.contains("access") || source.contains("operation") {
        return needs.contains(&Need::Accesses);
    }
    if source.contains("network") {
        return needs.contains(&Need::Network);
    }
    if source.contains("screenshot") {
        return false;
    }
    if source.contains("hierarchy") {
        return needs.contains(&Need::Screens) || needs.contains(&Need::Windows);
    }
    true
}

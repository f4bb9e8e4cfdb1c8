//! Downloads that nobody asked for, and controls that lead to one they do not announce.

use super::{Rule, numbers};
use crate::journal::entry::Input;
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Events, Launch};
use crate::ui::{Lexicon, List};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "forced-or-silent-download", needs: &[Launch, Events], decide: forced },
    Rule { finding: "misleading-download-control", needs: &[Launch, Events], decide: misleading },
];

/// A download this soon after a tap may follow from it, in ms (ours).
const TAP_CAUSE: u64 = 5_000;
/// Times of files are told to the second, in ms.
const FILE_TIME: u64 = 1_500;
/// Media type of an app's file.
const APP_FILE: &str = "application/vnd.android.package-archive";

/// A sign that something was downloaded or is to be installed.
struct Sign<'a> {
    /// The entry that tells it.
    at: Moment,
    /// When it happened, in ms; `None` when it is not known.
    mono: Option<u64>,
    /// How exact that is, in ms.
    exact: u64,
    what: String,
    cause: Cause<'a>,
}

/// What the person did right before.
enum Cause<'a> {
    /// Pressed what announces a download.
    Announced,
    /// Pressed something else.
    Other(Moment, &'a Input),
    /// Nothing.
    Nothing,
    /// Can't be told.
    Unknown,
}

/// Why downloads can't be told about; `None` when they were watched.
fn unwatched(case: &Case) -> Option<Ruling> {
    (case.downloads.len() < 2).then(|| Ruling::not_assessable("downloads were not watched"))
}

fn signs<'a>(case: &Case<'a>) -> Vec<Sign<'a>> {
    let mut found: Vec<(Moment, Option<u64>, u64, String)> = Vec::new();
    for at in &case.told_downloads {
        found.push((*at, Some(at.mono), 0, "the system's download program told of a download".to_owned()));
    }
    for (at, _) in case.calls.iter().filter(|(_, c)| c.caller == case.package() && c.media == APP_FILE) {
        found.push((*at, Some(at.mono), 0, "the system was asked to install a file".to_owned()));
    }
    if let (Some((_, before)), Some((at, after))) = (case.downloads.first(), case.downloads.last()) {
        for file in after.iter().filter(|file| !before.iter().any(|old| old.name == file.name)) {
            found.push((*at, file.mono, FILE_TIME, format!("the file {} was downloaded", file.name)));
        }
    }
    if let (Some((_, before)), Some((at, after))) = (case.neighbours.first(), case.neighbours.last()) {
        for app in after.iter().filter(|app| !before.iter().any(|old| old.package == app.package)) {
            found.push((*at, None, 0, format!("the app {} was installed", app.package)));
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let sign = |(at, mono, exact, what): (Moment, Option<u64>, u64, String)| {
        let cause = mono.map_or(Cause::Unknown, |mono| cause(case, mono, exact, case.lexicon()));
        Sign { at, mono, exact, what, cause }
    };
    found.into_iter().map(sign).collect()
}

/// The last tap before, whoever decided on it: an advertisement's closing mark may be the disguise.
fn cause<'a>(case: &Case<'a>, mono: u64, exact: u64, lexicon: &Lexicon) -> Cause<'a> {
    // What was pressed before the app was started led to nothing of this start.
    let started = case.launches.iter().rev().find(|at| at.mono <= mono).map_or(0, |at| at.mono);
    let from = mono.saturating_sub(TAP_CAUSE + exact).max(started);
    let taps = case.inputs.iter().filter(|(_, i)| matches!(i.act.as_str(), "tap" | "long-press"));
    let near: Vec<_> = taps.filter(|(at, _)| at.mono >= from && at.mono <= mono + exact).collect();
    if near.iter().any(|(_, input)| lexicon.is(&input.target, List::Download)) {
        return Cause::Announced;
    }
    let restarted = |at: u64| case.launches.iter().any(|start| (at..=mono + exact).contains(&start.mono));
    match near.last() {
        // Several presses within the file's second, or a start after the press: which of them it was can't be told.
        Some((at, _)) if exact > 0 && (near.len() > 1 || restarted(at.mono)) => Cause::Unknown,
        Some((at, input)) => Cause::Other(*at, input),
        None => Cause::Nothing,
    }
}

fn forced(case: &Case, _: &Marks) -> Ruled {
    if let Some(ruling) = unwatched(case) {
        return Ok(ruling);
    }
    let signs = signs(case);
    let unasked: Vec<&Sign> = signs.iter().filter(|s| matches!(s.cause, Cause::Nothing)).collect();
    if let Some(first) = unasked.first() {
        let entries: Vec<u64> = unasked.iter().map(|s| s.at.seq).collect();
        let words = format!("{}, and the person had pressed nothing ({})", first.what, numbers(&entries));
        return Ok(Ruling::observed(words).on(entries));
    }
    if let Some(ruling) = untold(&signs) {
        return Ok(ruling);
    }
    Ok(match signs.is_empty() {
        true => Ruling::not_observed("nothing was downloaded").at(case.downloads.iter().map(|(at, _)| *at)),
        false => Ruling::not_observed("every download followed a press of the person").at(signs.iter().map(|s| s.at)),
    })
}

/// A sign of which the times do not tell what led to it; one that another sign of the same time answers is none.
fn untold(signs: &[Sign]) -> Option<Ruling> {
    let open = |s: &&Sign| matches!(s.cause, Cause::Unknown) && !signs.iter().any(|other| answers(other, s));
    let sign = signs.iter().find(open)?;
    let words = format!("{}; what led to it can't be told from the times", sign.what);
    Some(Ruling::not_assessable(words).at([sign.at]).for_review(true))
}

fn answers(known: &Sign, open: &Sign) -> bool {
    let near = known.mono.zip(open.mono).is_some_and(|(a, b)| a.abs_diff(b) <= TAP_CAUSE + open.exact);
    near && !matches!(known.cause, Cause::Unknown)
}

fn misleading(case: &Case, _: &Marks) -> Ruled {
    if let Some(ruling) = unwatched(case) {
        return Ok(ruling);
    }
    let signs = signs(case);
    for sign in &signs {
        if let Cause::Other(at, input) = sign.cause {
            let words =
                format!("{} after \"{}\" (#{}) was pressed, which announces none", sign.what, input.target, at.seq);
            return Ok(Ruling::observed(words).at([at, sign.at]).for_review(true));
        }
    }
    if let Some(ruling) = untold(&signs) {
        return Ok(ruling);
    }
    Ok(match signs.iter().find(|s| matches!(s.cause, Cause::Announced)) {
        Some(sign) => Ruling::not_observed("what led to a download announced it").at([sign.at]),
        None if signs.is_empty() => {
            Ruling::not_observed("no press led to a download").at(case.downloads.iter().map(|(at, _)| *at))
        }
        None => Ruling::not_triggered("no press led to a download").at(signs.iter().map(|s| s.at)),
    })
}

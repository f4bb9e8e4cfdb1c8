//! What the app read, and whether it might.

use std::collections::BTreeMap;

use super::{Rule, numbers};
use crate::journal::entry::{Access, ConsentAct, DataKind, Input, ObservedKind, PopupRole};
use crate::judge::answered::{Dividing, Refusals, Side};
use crate::judge::case::{Case, Moment};
use crate::judge::permission;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Accesses, CleanInstall, Launch};
use crate::ui::List;

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "data-access-before-consent", needs: &[Launch, Accesses, CleanInstall], decide: before_consent },
    Rule { finding: "collection-continues-after-refusal", needs: &[Launch, Accesses], decide: after_refusal },
    Rule { finding: "clipboard-read", needs: &[Launch, Accesses], decide: clipboard },
    Rule { finding: "high-frequency-collection", needs: &[Launch, Accesses], decide: high_frequency },
    Rule { finding: "contacts-of-others-read", needs: &[Launch, Accesses], decide: contacts_of_others },
    Rule { finding: "device-id-read", needs: &[Launch, Accesses], decide: device_id },
];

/// An access this soon after the person's own tap may answer it, in ms (ours).
const TAP_CAUSE: u64 = 10_000;
/// An access this soon after a tap may come of the page that the tap opened, in ms (ours).
const TURNS_A_PAGE: u64 = 1_000;
/// Accesses in a row that make a rhythm (ours).
const RHYTHM: usize = 5;
/// Spread of the intervals of a rhythm, as a share of the middle one (ours).
const SPREAD: f64 = 0.25;
/// Readings of the operations below which a rhythm would not have been seen (ours).
const FEW_READINGS: usize = 5;

fn listed(reads: &[(Moment, &Access, &str)]) -> String {
    let mut by_op: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, access, _) in reads {
        *by_op.entry(access.op.as_str()).or_default() += u64::from(access.count.max(1));
    }
    by_op.iter().map(|(op, count)| format!("{op} {count}×")).collect::<Vec<_>>().join(", ")
}

fn before_consent(case: &Case, _: &Marks) -> Ruled {
    let (end_seq, end) = case.first_run_end();
    let reads: Vec<(Moment, &Access, &str)> = case.reads().collect();
    let begin = case.first_launch().map_or(0, |l| l.mono);
    let Some(accepted) = case.accepted() else { return Ok(never_consented(case, &reads)) };
    let answer = &Dividing::at(case, accepted);
    let sided = |wanted: Side| reads.iter().filter(move |(at, access, _)| answer.side(*at, access) == wanted).copied();
    let early: Vec<(Moment, &Access, &str)> = sided(Side::Before).collect();
    if !early.is_empty() {
        let words = format!("read before the policy was accepted (#{}): {}", accepted.tap.seq, listed(&early));
        return Ok(Ruling::observed(words).at(early.iter().map(|(at, ..)| *at)).at([accepted.tap, accepted.at]));
    }
    if accepted.tap.seq > end_seq {
        return Ok(Ruling::not_assessable("the policy was accepted only on a later run").at([accepted.at]));
    }
    if !case.accesses_read.iter().any(|at| at.seq > accepted.tap.seq) {
        return Ok(
            Ruling::not_assessable("app operations were not read after the policy was accepted").at([accepted.at])
        );
    }
    let unclear: Vec<(Moment, &Access, &str)> = sided(Side::Unknown).collect();
    if !unclear.is_empty() {
        let words =
            format!("whether {} came before the policy was accepted can't be told from the clocks", listed(&unclear));
        return Ok(Ruling::not_assessable(words).at(unclear.iter().map(|(at, ..)| *at)));
    }
    Ok(Ruling::not_observed("app operations show no reading before the policy was accepted; identifiers without a permission and the network were not watched")
        .at([accepted.at])
        .within(begin, accepted.tap.mono.min(end)))
}

/// Without an acceptance every reading is one without consent; after a refusal another rule speaks.
fn never_consented(case: &Case, reads: &[(Moment, &Access, &str)]) -> Ruling {
    let refused = case.consents.iter().find(|c| c.act == ConsentAct::Refused);
    let early: Vec<(Moment, &Access, &str)> = match refused {
        Some(refused) => {
            let answer = Dividing::at(case, refused);
            reads.iter().filter(|(at, access, _)| answer.side(*at, access) == Side::Before).copied().collect()
        }
        None => reads.to_vec(),
    };
    let sought = refused.is_some()
        || !case.consents.is_empty()
        || case.popups.iter().any(|p| p.shown.role == PopupRole::Consent);
    let words = if sought { "read before any consent" } else { "read although consent was never sought" };
    match early.is_empty() {
        false => Ruling::observed(format!("{words}: {}", listed(&early)))
            .at(early.iter().map(|(at, ..)| *at))
            .for_review(!sought),
        true => Ruling::not_observed("app operations show no reading without consent").at(refused.map(|c| c.at)),
    }
}

fn after_refusal(case: &Case, _: &Marks) -> Ruled {
    let policy = case.consents.iter().find(|c| c.act == ConsentAct::Refused);
    let refusals = Refusals::of(case);
    if policy.is_none() && refusals.last.is_none() {
        return Ok(Ruling::not_triggered("nothing was refused"));
    }
    let refused = policy.map(|policy| Dividing::at(case, policy));
    let later = case.accepted().filter(|accepted| policy.is_some_and(|policy| accepted.at.seq > policy.at.seq));
    let taken_back = later.map(|accepted| Dividing::at(case, accepted));
    let mut continued: Vec<(Moment, &Access, &str)> = Vec::new();
    let mut entries: Vec<u64> = Vec::new();
    for (at, access, what) in case.reads() {
        let by_policy = refused.as_ref().filter(|refused| {
            let back = taken_back.as_ref().is_some_and(|accepted| accepted.side(at, access) != Side::Before);
            refused.side(at, access) == Side::After && !back
        });
        let by_person = access.mono.and_then(|mono| refusals.in_force(what, mono));
        if by_policy.is_some() || by_person.is_some() {
            continued.push((at, access, what));
            entries.extend(by_policy.map(|refused| refused.answer.at.seq));
            entries.extend(by_person.map(|refused| refused.seq));
        }
    }
    if !continued.is_empty() {
        entries.extend(continued.iter().map(|(at, ..)| at.seq));
        return Ok(Ruling::observed(format!("read after it was refused: {}", listed(&continued))).on(entries));
    }
    let last = refusals.last.max(policy.map(|c| c.at));
    let read_since = case.accesses_read.iter().any(|at| last.is_some_and(|last| at.seq > last.seq));
    Ok(match read_since {
        true => Ruling::not_observed("app operations show no reading of what was refused; the network was not watched")
            .at(last),
        false => Ruling::not_assessable("app operations were not read after the last refusal").at(last),
    })
}

fn clipboard(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("reads_without_paste")?;
    let reads: Vec<(Moment, &Access, &str)> =
        case.reads().filter(|(.., what)| *what == permission::CLIPBOARD).collect();
    let pastes = |input: &Input| input.act == "long-press" || case.lexicon().holds(&input.target, List::Paste);
    let pasted = |access: &Access| match access.mono {
        Some(mono) => case.own_tap_before(mono, TAP_CAUSE).is_some_and(|(_, input)| pastes(input)),
        // Without a time any pasting may have been the cause.
        None => case.own_taps.iter().any(|(_, input)| pastes(input)),
    };
    let (meant, unmeant): (Vec<_>, Vec<_>) = reads.into_iter().partition(|(_, access, _)| pasted(access));
    let unmeant_entries: Vec<u64> = unmeant.iter().map(|(at, ..)| at.seq).collect();
    Ok(match (unmeant.len() as u64 > most.count(), meant.is_empty()) {
        (true, _) => Ruling::observed(format!(
            "the clipboard was read ({}) without the person pasting",
            numbers(&unmeant_entries)
        ))
        .on(unmeant_entries)
        .by(&most),
        (false, true) => Ruling::not_observed("the clipboard was not read").by(&most),
        (false, false) => Ruling::not_observed("the clipboard was read only when the person pasted")
            .at(meant.iter().map(|(at, ..)| *at)),
    })
}

fn high_frequency(case: &Case, marks: &Marks) -> Ruled {
    let (regular, fast) = (marks.get("regular_interval_mark")?, marks.get("fast_interval_mark")?);
    let mut by_op: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
    for (at, access, _) in case.reads() {
        if let Some(mono) = access.mono {
            by_op.entry(access.op.as_str()).or_default().push((mono, at.seq));
        }
    }
    let mut ours: Option<(&str, Vec<u64>)> = None;
    for (op, times) in &mut by_op {
        times.sort_unstable();
        for window in times.windows(RHYTHM) {
            let Some(interval) = rhythm(window) else { continue };
            // An app that reads on each of its pages reads in the rhythm of whoever turns them.
            if window.iter().all(|(mono, _)| is_turned(case, *mono)) {
                ours = ours.or(Some((*op, window.iter().map(|(_, seq)| *seq).collect())));
                continue;
            }
            let mark = if interval <= fast.millis()? { &fast } else { &regular };
            if interval <= mark.millis()? {
                let entries = window.iter().map(|(_, seq)| *seq);
                let words = format!("{op} was read {RHYTHM} times in a row, {} s apart", interval as f64 / 1_000.0);
                return Ok(Ruling::observed(words).on(entries).by(mark).for_review(true));
            }
        }
    }
    if let Some((op, entries)) = ours {
        let words = format!(
            "{op} was read at even distances, each time right after an input of this run: the rhythm may be that of the inputs"
        );
        return Ok(Ruling::not_assessable(words).on(entries).for_review(true));
    }
    if let Some((op, entries)) = too_dense(case) {
        let words = format!("{op} was read more often than its times are told: what rhythm that had is not known");
        return Ok(Ruling::not_assessable(words).on(entries).for_review(true));
    }
    Ok(match case.accesses_read.len() < FEW_READINGS {
        true => {
            Ruling::not_assessable("app operations keep the last access only and were read too seldom to show a rhythm")
        }
        false => Ruling::not_observed("no rhythm of reading was seen; short bursts between two readings show as one")
            .by(&regular),
    })
}

/// Whether an input of this run came right before.
fn is_turned(case: &Case, mono: u64) -> bool {
    let before = case.inputs.partition_point(|(at, _)| at.mono <= mono);
    case.inputs[..before].last().is_some_and(|(at, _)| mono - at.mono <= TURNS_A_PAGE)
}

/// An operation that was used as often as a rhythm takes, at times that the device keeps to itself: told as one with a number,
/// or new at that many readings in a row, of which each tells the last use only.
fn too_dense<'a>(case: &Case<'a>) -> Option<(&'a str, Vec<u64>)> {
    let mut runs: BTreeMap<&str, (usize, Vec<u64>)> = BTreeMap::new();
    for (at, access, _) in case.reads() {
        if usize::try_from(access.count).is_ok_and(|count| count >= RHYTHM) {
            return Some((access.op.as_str(), vec![at.seq]));
        }
        if access.mono.is_some_and(|mono| is_turned(case, mono)) {
            continue;
        }
        let reading = case.accesses_read.partition_point(|read| read.seq < at.seq);
        let (last, run) = runs.entry(access.op.as_str()).or_default();
        if !run.is_empty() && reading > *last + 1 {
            run.clear();
        }
        if run.is_empty() || reading > *last {
            run.push(at.seq);
        }
        *last = reading;
        if run.len() >= RHYTHM {
            return Some((access.op.as_str(), std::mem::take(run)));
        }
    }
    None
}

/// The middle interval of accesses that come at even distances, in ms.
fn rhythm(times: &[(u64, u64)]) -> Option<u64> {
    let mut gaps: Vec<u64> = times.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_unstable();
    let (least, middle, most) = (*gaps.first()?, *gaps.get(gaps.len() / 2)?, *gaps.last()?);
    ((most - least) as f64 <= middle as f64 * SPREAD && middle > 0).then_some(middle)
}

fn contacts_of_others(case: &Case, _: &Marks) -> Ruled {
    let of_others = |what: &str| matches!(what, "CONTACTS" | "CALL_LOG" | "SMS");
    let reads: Vec<(Moment, &Access, &str)> = case.reads().filter(|(.., what)| of_others(what)).collect();
    let tapped = |access: &Access| match access.mono {
        Some(mono) => case.own_tap_before(mono, TAP_CAUSE).is_some(),
        None => !case.own_taps.is_empty(),
    };
    let (called_for, silent): (Vec<_>, Vec<_>) = reads.into_iter().partition(|(_, access, _)| tapped(access));
    Ok(match (silent.is_empty(), called_for.is_empty()) {
        (false, _) => Ruling::observed(format!("read without an act of the person's own: {}", listed(&silent)))
            .at(silent.iter().map(|(at, ..)| *at))
            .for_review(true),
        (true, false) => Ruling::not_assessable(
            "read right after the person's own tap; whether that tap was to pick a contact, a person must tell",
        )
        .at(called_for.iter().map(|(at, ..)| *at))
        .for_review(true),
        (true, true) => {
            Ruling::not_observed("address book, call log and messages were not read; the network was not watched")
        }
    })
}

fn device_id(case: &Case, _: &Marks) -> Ruled {
    let package = case.package();
    let own = case.accesses.iter().filter(|(_, access)| access.package == package);
    let reads: Vec<u64> = own
        .filter(|(_, access)| {
            access
                .op
                .strip_prefix("android:")
                .unwrap_or(&access.op)
                .eq_ignore_ascii_case(permission::DEVICE_IDENTIFIERS)
        })
        .map(|(at, _)| at.seq)
        .collect();
    let seen: Vec<u64> = case.seen(ObservedKind::DeviceIdRead).map(|(at, _)| at.seq).collect();
    let sent: Vec<u64> =
        [DataKind::DeviceId, DataKind::AdvertisingId].into_iter().flat_map(|k| case.sent(k)).map(|at| at.seq).collect();
    if !reads.is_empty() || !seen.is_empty() {
        let all: Vec<u64> = reads.into_iter().chain(seen).collect();
        let words = format!("identifiers of the device were read, or tried to be read ({})", numbers(&all));
        return Ok(Ruling::observed(words).on(all).for_review(true));
    }
    if !sent.is_empty() {
        let words = format!("identifiers of the device are in what the app sent ({})", numbers(&sent));
        return Ok(Ruling::observed(words).on(sent).for_review(true));
    }
    if let Some(observer) = case.would_be_seen(ObservedKind::DeviceIdRead) {
        return Ok(Ruling::not_observed(format!("the observer {observer} saw no reading of identifiers")));
    }
    Ok(match case.seen_too_late(ObservedKind::DeviceIdRead) {
        Some((at, observer)) => too_late(at, observer),
        None => Ruling::not_assessable(
            "identifiers that no permission guards don't show in app operations; they need a hook",
        ),
    })
}

/// An observer that began to look on only after the app was started has not seen what came before.
pub(super) fn too_late(at: Moment, observer: &str) -> Ruling {
    let words = format!("the observer {observer} looked on only after the app had been started (#{})", at.seq);
    Ruling::not_assessable(words).at([at])
}

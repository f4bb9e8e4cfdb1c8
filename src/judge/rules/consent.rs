//! The app's own policy dialog.

use super::{Rule, numbers};
use crate::journal::entry::{ConsentAct, ConsentAfter, ICON, LimitKind, PopupRole, ProcessEnd};
use crate::judge::case::{Case, Consent, Moment, Popup};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight;
use crate::judge::sight::Need::{CleanInstall, Launch, Screens, Windows};
use crate::ui::{Act, List};

pub(super) const RULES: &[Rule] = &[
    Rule {
        finding: "no-policy-prompt-on-first-launch",
        needs: &[Launch, Screens, CleanInstall],
        decide: no_policy_prompt,
    },
    Rule { finding: "consent-preticked", needs: &[Launch, Windows], decide: preticked },
    Rule { finding: "consent-without-refuse-option", needs: &[Launch, Windows], decide: without_refuse_option },
    Rule { finding: "exits-when-policy-refused", needs: &[Launch, Screens], decide: exits_when_refused },
];

fn consent_popups<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = &'c Popup<'a>> {
    case.popups.iter().filter(|p| p.shown.role == PopupRole::Consent)
}

/// Missing is what the app shows by itself; it is missing for certain only when the app could be used without it, or
/// was watched for the whole settle time.
fn no_policy_prompt(case: &Case, marks: &Marks) -> Ruled {
    let settle = marks.get("settle_time")?;
    let launch = case.first_launch().ok_or_else(|| Ruling::not_assessable("no first launch"))?;
    let (end_seq, end) = case.first_run_end();
    let deadline = launch.mono.saturating_add(settle.millis()?);
    let shown = consent_popups(case).find(|p| p.at.seq < end_seq).map(|p| p.at);
    let shown = shown.or_else(|| case.consents.iter().find(|c| c.at.seq < end_seq).map(|c| c.at));
    if let Some(at) = shown {
        return Ok(Ruling::not_observed("the app showed its policy on the first run")
            .at([at])
            .within(launch.mono, at.mono));
    }
    let own = |focus: Option<&str>| focus.is_some_and(|f| f.split('/').next() == Some(case.package()));
    let seen = case.captures.iter().filter(|(at, c)| at.seq > launch.seq && at.seq < end_seq && c.hierarchy.is_some());
    let screens: Vec<u64> =
        seen.filter(|(_, c)| own(c.resumed.as_deref()) || own(c.focus.as_deref())).map(|(at, _)| at.seq).collect();
    if screens.is_empty() {
        return Ok(Ruling::not_assessable("the app's screen was not read on the first run"));
    }
    if let Some(ruling) = fallen(case, end_seq, deadline) {
        return Ok(ruling.by(&settle));
    }
    if let Some(why) = sight::unread(case, launch.mono, end) {
        return Ok(Ruling::not_assessable(format!("{why}: it may have been the policy's"))
            .by(&settle)
            .for_review(true));
    }
    let used = case.own_taps.iter().find(|(at, _)| at.seq > screens[0] && at.seq < end_seq);
    let watched = end.min(case.last).saturating_sub(launch.mono);
    if used.is_none() && end.min(case.last) < deadline {
        let words = format!("the app was watched for {watched} ms after its first launch, and not used");
        return Ok(Ruling::not_assessable(words).by(&settle));
    }
    let named =
        case.popups.iter().find(|p| p.at.seq < end_seq && case.lexicon().mentions(&p.shown.words, List::Policy));
    if let Some(popup) = named {
        let words = format!(
            "a person must tell whether the window \"{}\" (#{}), which names the policy, asks to read it",
            popup.shown.title, popup.at.seq
        );
        return Ok(Ruling::not_assessable(words).at([popup.at]).by(&settle).for_review(true));
    }
    let entries = [launch.seq, screens[0]].into_iter().chain(used.map(|(at, _)| at.seq));
    Ok(Ruling::observed("the first run showed no prompt to read the policy, and the app could be used")
        .on(entries)
        .by(&settle))
}

/// Why the first run says nothing: the app did not get as far as a window of its own.
fn fallen(case: &Case, end: u64, deadline: u64) -> Option<Ruling> {
    let bounds = [LimitKind::KeepsStopping, LimitKind::EmulatorDetected, LimitKind::OtherProcessor];
    if let Some(detail) = bounds.into_iter().find_map(|limit| case.limited(limit)) {
        return Some(Ruling::not_assessable(detail));
    }
    let fell = |how: ProcessEnd| matches!(how, ProcessEnd::Crashed | ProcessEnd::NotResponding);
    let fall = case.processes.iter().find(|p| p.at.seq < end && p.ended.is_some_and(fell))?;
    // Who had used it for long by then had come past where it asks; on one that hangs, taps do nothing.
    let used = case.own_taps.iter().filter(|(at, _)| at.seq < fall.at.seq).count();
    (used <= 1 || fall.at.mono <= deadline)
        .then(|| Ruling::not_assessable("the app crashed or stopped answering on its first run").at([fall.at]))
}

fn preticked(case: &Case, _: &Marks) -> Ruled {
    let first = |p: &&Popup| p.shown.same_as.is_none();
    let asking = |p: &&Popup| matches!(p.shown.role, PopupRole::Consent | PopupRole::SignIn);
    let boxed: Vec<&Popup> =
        case.popups.iter().filter(asking).filter(first).filter(|p| !p.shown.boxes.is_empty()).collect();
    // A page to sign in is no window; its box is one to consent by when it names the policy.
    let names_policy = |words: &str| case.lexicon().mentions(words, List::Policy);
    let pages: Vec<(Moment, &(String, bool))> = case
        .forms
        .iter()
        .flat_map(|(at, form)| form.boxes.iter().map(move |tick| (*at, tick)))
        .filter(|(_, (words, _))| names_policy(words))
        .collect();
    let ticked: Vec<&Popup> =
        boxed.iter().copied().filter(|p| p.shown.boxes.iter().any(|(_, ticked)| *ticked)).collect();
    if let Some(popup) = ticked.first() {
        let words =
            popup.shown.boxes.iter().find(|(_, ticked)| *ticked).map(|(words, _)| words.as_str()).unwrap_or_default();
        let entries = ticked.iter().map(|p| p.at);
        return Ok(Ruling::observed(format!("a box was ticked before the person touched it: \"{words}\"")).at(entries));
    }
    if let Some((at, (words, _))) = pages.iter().find(|(_, (_, ticked))| *ticked) {
        return Ok(Ruling::observed(format!("a box was ticked before the person touched it: \"{words}\"")).at([*at]));
    }
    Ok(match boxed.is_empty() && pages.is_empty() {
        true => Ruling::not_triggered("no window with a box to consent by was shown"),
        false => Ruling::not_observed("boxes came unticked")
            .at(boxed.iter().map(|p| p.at).chain(pages.iter().map(|(at, _)| *at))),
    })
}

/// Whether a control that closes declines in words: 暂不, Not now. A mark, and words that only take note, do not.
fn puts_off(case: &Case, label: &str) -> bool {
    let lexicon = case.lexicon();
    let worded = label.chars().filter(|c| c.is_alphabetic()).count() > 1;
    worded && lexicon.act(label).contains(&Act::Close) && !lexicon.acknowledges(label)
}

fn without_refuse_option(case: &Case, _: &Marks) -> Ruled {
    let windows: Vec<&Popup> = consent_popups(case).collect();
    if windows.is_empty() && case.consents.is_empty() {
        return Ok(Ruling::not_triggered("no policy dialog was shown"));
    }
    let refused = |number: u32| case.consents.iter().any(|c| c.popup == Some(number) && c.act == ConsentAct::Refused);
    let asks = |p: &&&Popup| !p.shown.accept.is_empty();
    let put_off = |p: &Popup| p.shown.close.iter().any(|c| puts_off(case, &c.label));
    let bare = |p: &&Popup| p.shown.refuse.is_empty() && !put_off(p) && !refused(p.shown.popup);
    let (untried, closed): (Vec<&Popup>, Vec<&Popup>) =
        windows.iter().filter(asks).copied().filter(bare).partition(|p| !p.shown.others.is_empty());
    if let Some(first) = closed.first() {
        let agree = first.shown.accept.first().map(|c| c.label.as_str()).unwrap_or_default();
        let entries: Vec<u64> = closed.iter().map(|p| p.at.seq).collect();
        let shown = first.shown;
        let doubtful = !shown.close.is_empty() || !shown.marks.is_empty() || case.lexicon().acknowledges(agree);
        let words = format!("the policy dialog ({}) offers \"{agree}\" and nothing that refuses", numbers(&entries));
        return Ok(Ruling::observed(words).on(entries).for_review(doubtful));
    }
    let mut told = case.consents.iter().filter(|c| c.popup.is_none() && c.act == ConsentAct::NoRefuseControl);
    if let Some(consent) = told.next_back() {
        return Ok(Ruling::observed("the policy page offers nothing that refuses").at([consent.at]).for_review(true));
    }
    if let Some(first) = untried.first() {
        let other = first.shown.others.first().map(|c| c.label.as_str()).unwrap_or_default();
        let words = format!("a person must tell whether \"{other}\" on the policy dialog (#{}) refuses", first.at.seq);
        return Ok(Ruling::not_assessable(words).at(untried.iter().map(|p| p.at)).for_review(true));
    }
    let offers = |p: &&&Popup| !p.shown.refuse.is_empty() || put_off(p);
    let open: Vec<u64> = windows.iter().filter(offers).map(|p| p.at.seq).collect();
    Ok(match open.is_empty() {
        true => {
            Ruling::not_assessable("no control of the policy dialog was recognised").at(windows.iter().map(|p| p.at))
        }
        false => Ruling::not_observed("the policy dialog offers a way to refuse").on(open),
    })
}

fn exits_when_refused(case: &Case, marks: &Marks) -> Ruled {
    let tolerated = marks.get("prompts_before_exit_tolerated")?;
    let refusals: Vec<&Consent> = case.consents.iter().filter(|c| c.act == ConsentAct::Refused).collect();
    let left = refusals.iter().find(|c| c.after == Some(ConsentAfter::Exited));
    let Some(last) = left.or(refusals.last()) else {
        return Ok(match case.consents.is_empty() && consent_popups(case).next().is_none() {
            true => Ruling::not_triggered("no policy dialog was shown"),
            false => Ruling::not_triggered("the policy was not refused in this run"),
        });
    };
    let entries: Vec<u64> = refusals.iter().map(|c| c.at.seq).collect();
    // A start asks anew: only refusals in a row make a loop.
    let in_a_row = refusals.iter().filter(|c| case.launch_of(c.at) == case.launch_of(last.at)).count();
    // Only where the category needs nothing is it certain that nothing necessary was refused.
    let lead = case.category.is_none_or(|c| c.needs_personal_info);
    let addition = if lead { "; the category may need information, so this is a lead" } else { "" };
    let stays = |after: Option<ConsentAfter>| matches!(after, Some(ConsentAfter::Continued | ConsentAfter::BasicMode));
    Ok(match last.after {
        Some(ConsentAfter::Exited) => {
            let words = format!("the app left when \"{}\" was pressed on its policy{addition}", last.control);
            // What a control without words stands for, only the picture shows.
            let unnamed = last.control.starts_with(ICON);
            Ruling::observed(words).on(entries).by(&tolerated).for_review(lead || unnamed)
        }
        Some(ConsentAfter::AskedAgain | ConsentAfter::SecondDialog) if in_a_row as u64 > tolerated.count() => {
            let words = format!("after {in_a_row} refusals in a row the app still asks, with no way past{addition}");
            Ruling::observed(words).on(entries).by(&tolerated).for_review(lead)
        }
        after if stays(after) => {
            Ruling::not_observed("the app went on after its policy was refused").on(entries).by(&tolerated)
        }
        Some(ConsentAfter::DeadEnd) => Ruling::not_assessable(format!(
            "after \"{}\" was pressed on its policy the app stays on a page on which little can be done: a person must tell \
             whether it can be used",
            last.control
        ))
        .on(entries)
        .at(case.captures.iter().rev().map(|(at, _)| *at).find(|at| at.seq < last.at.seq))
        .by(&tolerated)
        .for_review(true),
        Some(_) => Ruling::not_assessable("the app asked again, and was not refused often enough to tell")
            .on(entries)
            .by(&tolerated),
        None => Ruling::not_assessable("what followed the refusal was not seen").on(entries),
    })
}

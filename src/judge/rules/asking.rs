//! How permissions are asked for the first time: when, together with what, with which words, for what.

use std::collections::BTreeSet;

use super::{Rule, numbers};
use crate::journal::entry::{Capture, ICON, PopupRole, PromptKind};
use crate::judge::case::{Case, Moment, Popup, Prompt};
use crate::judge::permission;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight;
use crate::judge::sight::Need::{Category, CleanInstall, Launch, Screens};
use crate::ui::List;

pub(super) const RULES: &[Rule] = &[
    Rule {
        finding: "permission-asked-before-consent",
        needs: &[Launch, Screens, CleanInstall],
        decide: asked_before_consent,
    },
    Rule {
        finding: "permissions-burst-at-first-launch",
        needs: &[Launch, Screens, CleanInstall],
        decide: burst_at_first_launch,
    },
    Rule { finding: "permission-without-purpose", needs: &[Launch, Screens], decide: without_purpose },
    Rule {
        finding: "permission-unrelated-to-function",
        needs: &[Launch, Screens, Category],
        decide: unrelated_to_function,
    },
    Rule { finding: "background-location-asked", needs: &[Launch, Screens], decide: background_location },
    Rule {
        finding: "storage-asked-where-picker-suffices",
        needs: &[Launch, Screens],
        decide: storage_where_picker_suffices,
    },
];

/// Prompts for personal information that the app asked for. The review of an app with an old target is the system's own.
fn asked_by_app<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = &'c Prompt<'a>> {
    case.permission_prompts().filter(|p| p.shown.what == PromptKind::Permission)
}

/// What several prompts were about, each named once.
fn abouts(prompts: &[&Prompt]) -> String {
    let about: BTreeSet<String> = prompts.iter().map(|p| p.about()).collect();
    about.into_iter().collect::<Vec<_>>().join(", ")
}

fn asked_before_consent(case: &Case, _: &Marks) -> Ruled {
    let (end_seq, end) = case.first_run_end();
    let begin = case.first_launch().map_or(0, |l| l.mono);
    let first_run: Vec<&Prompt> = asked_by_app(case).filter(|p| p.at.seq < end_seq).collect();
    let accepted = case.accepted().map(|c| c.tap.seq);
    let consented = |p: &Prompt| p.shown.after_consent || accepted.is_some_and(|tap| tap < p.at.seq);
    let early: Vec<&Prompt> = first_run.iter().copied().filter(|p| !consented(p)).collect();
    if early.is_empty() {
        return Ok(match first_run.is_empty() {
            true => Ruling::not_triggered("no permission was asked for on the first run").within(begin, end),
            false => Ruling::not_observed("every permission was asked for after the policy had been accepted")
                .at(first_run.iter().map(|p| p.at))
                .within(begin, end),
        });
    }
    let entries: Vec<u64> = early.iter().map(|p| p.at.seq).collect();
    let dialog_seen = !case.consents.is_empty() || case.popups.iter().any(|p| p.shown.role == PopupRole::Consent);
    let words = match dialog_seen {
        true => format!("asked for before the policy was accepted: {} ({})", abouts(&early), numbers(&entries)),
        false => format!("asked for, and consent was never sought: {} ({})", abouts(&early), numbers(&entries)),
    };
    // Consent sought in a way that was not recognised would make this wrong: a person looks.
    Ok(Ruling::observed(words).on(entries).for_review(!dialog_seen))
}

fn burst_at_first_launch(case: &Case, marks: &Marks) -> Ruled {
    let (most, window) = (marks.get("groups")?, marks.get("window")?);
    let launch = case.first_launch().ok_or_else(|| Ruling::not_assessable("no first launch"))?;
    let (end_seq, _) = case.first_run_end();
    let acted = case.own_taps.iter().find(|(at, _)| at.seq > launch.seq).map_or(u64::MAX, |(at, _)| at.seq);
    let span = window.millis()?;
    let until = launch.mono.saturating_add(span);
    let early = |p: &&Prompt| {
        p.at.seq < end_seq.min(acted) && case.is_within(launch, p.at, span) && p.shown.after_tap.is_none()
    };
    let asked: Vec<&Prompt> = asked_by_app(case).filter(early).collect();
    let groups: BTreeSet<&str> =
        asked.iter().flat_map(|p| &p.groups).map(String::as_str).filter(|g| *g != permission::NOTIFICATIONS).collect();
    let entries: Vec<u64> = asked.iter().map(|p| p.at.seq).collect();
    let listed = groups.iter().copied().collect::<Vec<_>>().join(", ");
    Ok(match groups.len() {
        n if n as u64 >= most.count() => {
            Ruling::observed(format!("{n} permission groups ({listed}) were asked for before the person used anything"))
                .on(entries)
                .by(&most)
        }
        0 if asked.is_empty() => Ruling::not_triggered("no permission was asked for before the person used anything")
            .within(launch.mono, until),
        _ => Ruling::not_observed(format!("only {listed} was asked for before the person used anything"))
            .on(entries)
            .by(&most)
            .within(launch.mono, until),
    })
}

/// What the app did before it asked, in the order of the entries.
struct Before<'c, 'a> {
    case: &'c Case<'a>,
    /// Its windows that took the focus.
    turns: Vec<Moment>,
    /// Its own words about permissions.
    pleas: Vec<&'c Popup<'a>>,
}

impl<'c, 'a> Before<'c, 'a> {
    fn of(case: &'c Case<'a>) -> Self {
        let own = |title: &str| title.split('/').next() == Some(case.package());
        let turns = case.turns.iter().filter(|turn| own(turn.title)).map(|turn| turn.at).collect();
        let pleas = case.popups.iter().filter(|popup| popup.shown.role == PopupRole::PermissionPlea).collect();
        Self { case, turns, pleas }
    }

    /// Whether the app told in this prompt or shortly before it what for.
    fn told(&self, prompt: &Prompt, within: u64) -> bool {
        let earlier = self.pleas.partition_point(|plea| plea.at.seq < prompt.at.seq);
        // What the app said before it was started anew is not said beside this question.
        let plea = self.pleas[..earlier].last().filter(|plea| plea.shown.launch == prompt.shown.launch);
        prompt.shown.purpose.as_deref().is_some_and(|words| !words.trim().is_empty())
            || plea.is_some_and(|plea| {
                let left = plea.gone.map_or(prompt.at.mono, |gone| gone.at.mono.min(prompt.at.mono));
                prompt.at.mono - left <= within
            })
    }

    /// Whether the app may have said something before this prompt that nobody read: the page before had stood there for a
    /// while and no look was in time, or a window of its own went unread.
    fn is_unseen(&self, prompt: &Prompt, within: u64) -> bool {
        /// Nobody reads an explanation in less, in ms (ours).
        const READ_IN: u64 = 1_500;
        /// A window is written down this late at the most, in ms; a look from before counts as none (ours).
        const LATE: u64 = 60_000;
        let (case, asked) = (self.case, prompt.at);
        if sight::unread(case, asked.mono.saturating_sub(within), asked.mono).is_some() {
            return true;
        }
        let last = |of: &[Moment]| of[..of.partition_point(|at| at.seq < asked.seq)].last().copied();
        let turns = &self.turns[..self.turns.partition_point(|at| at.mono < asked.mono)];
        let Some(since) = last(turns).max(last(&case.launches)) else { return false };
        if asked.mono.saturating_sub(since.mono) < READ_IN {
            return false;
        }
        let in_time = |(at, seen): &(Moment, &Capture)| {
            let after = at.device.zip(since.device).map_or(at.seq > since.seq, |(look, came)| look >= came);
            seen.hierarchy.is_some() && after
        };
        let looks = &case.captures[..case.captures.partition_point(|(at, _)| at.mono <= asked.mono)];
        let mut near = looks.iter().rev().take_while(|(at, _)| at.mono.saturating_add(LATE) >= since.mono);
        !near.any(in_time)
    }
}

fn without_purpose(case: &Case, marks: &Marks) -> Ruled {
    let lead = marks.get("lead_time")?;
    let within = lead.millis()?;
    let before = Before::of(case);
    let asked: Vec<&Prompt> = asked_by_app(case).collect();
    let (pictured, vanished): (Vec<&Prompt>, Vec<&Prompt>) = asked.iter().partition(|p| p.shown.capture.is_some());
    let untold = pictured.iter().copied().filter(|p| !before.told(p, within));
    let (unseen, untold): (Vec<&Prompt>, Vec<&Prompt>) = untold.partition(|p| before.is_unseen(p, within));
    let (unsure, untold): (Vec<&Prompt>, Vec<&Prompt>) =
        untold.into_iter().partition(|p| p.shown.told_before.is_some());
    let (beside, silent): (Vec<&Prompt>, Vec<&Prompt>) = untold.into_iter().partition(|p| p.shown.behind_changed);
    if !silent.is_empty() {
        let entries: Vec<u64> = silent.iter().map(|p| p.at.seq).collect();
        let words = format!("asked for without words that tell what for: {} ({})", abouts(&silent), numbers(&entries));
        return Ok(Ruling::observed(words).on(entries).by(&lead).for_review(true));
    }
    if !unseen.is_empty() {
        let entries: Vec<u64> = unseen.iter().map(|p| p.at.seq).collect();
        let (about, numbers) = (abouts(&unseen), numbers(&entries));
        let words = format!("what the app showed before it asked for {about} ({numbers}) could not be read in time");
        return Ok(Ruling::not_assessable(words).on(entries).for_review(true));
    }
    if !beside.is_empty() {
        let entries: Vec<u64> = beside.iter().map(|p| p.at.seq).collect();
        let (about, numbers) = (abouts(&beside), numbers(&entries));
        let words = format!(
            "something new stood on the page beside the question for {about} ({numbers}), which only the picture shows: a person must tell whether it says what for"
        );
        return Ok(Ruling::not_assessable(words).on(entries).for_review(true));
    }
    if !unsure.is_empty() {
        let entries: Vec<u64> = unsure.iter().map(|p| p.at.seq).collect();
        let (about, numbers) = (abouts(&unsure), numbers(&entries));
        let words = format!("a person must tell whether the page before {about} ({numbers}) says what for");
        return Ok(Ruling::not_assessable(words).on(entries).for_review(true));
    }
    Ok(match (asked.is_empty(), vanished.is_empty()) {
        (true, _) => Ruling::not_triggered("no permission was asked for"),
        (_, true) => Ruling::not_observed("every permission was asked for with words that tell what for")
            .at(asked.iter().map(|p| p.at)),
        (_, false) => {
            Ruling::not_assessable("prompts vanished before they could be read").at(vanished.iter().map(|p| p.at))
        }
    })
}

/// A prompt is related when the category's list calls for its permission, when the list allows it on the person's own
/// action and there was one, or when it followed the person's own tap with a purpose told.
fn unrelated_to_function(case: &Case, _: &Marks) -> Ruled {
    let category = case.category.ok_or_else(|| Ruling::not_assessable("no category"))?;
    let related = |p: &Prompt| {
        let tapped = p.shown.after_tap.is_some();
        let fits = |permission: &str| {
            category.needs_permission(permission) || (tapped && category.allows_on_action(permission))
        };
        (tapped && p.shown.purpose.is_some()) || p.permissions().all(fits)
    };
    let unread = |p: &Prompt| {
        // What an icon without words is for, only the picture shows.
        let icon = |tap: &str| tap.starts_with(ICON);
        p.shown
            .after_tap
            .as_deref()
            .is_some_and(|tap| icon(tap) || p.shown.behind_changed || p.shown.told_before.is_some())
    };
    let asked: Vec<&Prompt> = asked_by_app(case).collect();
    let (known, unknown): (Vec<&Prompt>, Vec<&Prompt>) = asked.iter().partition(|p| p.permissions().next().is_some());
    let unrelated: Vec<&Prompt> = known.iter().copied().filter(|p| !related(p)).collect();
    let (unsure, unrelated): (Vec<&Prompt>, Vec<&Prompt>) = unrelated.into_iter().partition(|p| unread(p));
    if !unrelated.is_empty() {
        let entries: Vec<u64> = unrelated.iter().map(|p| p.at.seq).collect();
        let words = format!(
            "asked for: {} ({}); category {} does not call for it, and no act of the person with a purpose told did",
            abouts(&unrelated),
            numbers(&entries),
            category.id
        );
        return Ok(Ruling::observed(words).on(entries).for_review(true));
    }
    if !unsure.is_empty() {
        let entries: Vec<u64> = unsure.iter().map(|p| p.at.seq).collect();
        let (about, numbers) = (abouts(&unsure), numbers(&entries));
        let words = format!("a person must tell whether the page before {about} ({numbers}) says what for");
        return Ok(Ruling::not_assessable(words).on(entries).for_review(true));
    }
    Ok(match (asked.is_empty(), unknown.is_empty()) {
        (true, _) => Ruling::not_triggered("no permission was asked for"),
        (_, true) => {
            Ruling::not_observed(format!("what was asked for fits category {} or the person's own act", category.id))
                .at(asked.iter().map(|p| p.at))
        }
        (_, false) => Ruling::not_assessable("which permissions a prompt was about did not show in their state")
            .at(unknown.iter().map(|p| p.at)),
    })
}

fn background_location(case: &Case, _: &Marks) -> Ruled {
    let full = format!("android.permission.ACCESS_{}", permission::BACKGROUND_LOCATION);
    let asks = |p: &&Prompt| p.groups.contains(permission::BACKGROUND_LOCATION);
    let asked: Vec<u64> = case.prompts.iter().filter(asks).map(|p| p.at.seq).collect();
    if case.category.is_some_and(|c| c.needs_permission(&full)) {
        return Ok(Ruling::not_observed("the category's list calls for the location in the background").on(asked));
    }
    if !asked.is_empty() {
        let words = format!("the location in the background was asked for ({})", numbers(&asked));
        return Ok(Ruling::observed(words).on(asked).for_review(true));
    }
    let declared = case.opened.is_some_and(|o| o.app.permissions.contains(&full));
    Ok(match declared {
        true => Ruling::not_observed("the location in the background is declared and was not asked for"),
        false => Ruling::not_triggered("the app does not declare the location in the background"),
    })
}

/// The system's own picker is there from this platform level on (`Intent.ACTION_OPEN_DOCUMENT`, API 19).
const PICKER_SINCE: u32 = 19;

/// A question that follows the person's own tap on a control that sends a file or picture is one the picker serves.
fn storage_where_picker_suffices(case: &Case, _: &Marks) -> Ruled {
    let storage = |p: &&Prompt| p.groups.iter().any(|g| matches!(g.as_str(), "STORAGE" | "READ_MEDIA_VISUAL"));
    let asked: Vec<&Prompt> = case.prompts.iter().filter(storage).collect();
    let uploads = |p: &&Prompt| p.shown.after_tap.as_deref().is_some_and(|tap| case.mentions(tap, List::Upload));
    let sending: Vec<u64> = asked.iter().copied().filter(uploads).map(|p| p.at.seq).collect();
    if !sending.is_empty() && case.api >= PICKER_SINCE {
        let words = format!(
            "storage or media was asked for when something was to be sent ({}), which the system's picker of API level {} \
             serves without a permission",
            numbers(&sending),
            case.api
        );
        return Ok(Ruling::observed(words).on(sending).for_review(true));
    }
    let asked: Vec<u64> = asked.iter().map(|p| p.at.seq).collect();
    Ok(match asked.is_empty() {
        true => Ruling::not_triggered("neither storage nor media was asked for"),
        false => Ruling::not_assessable(format!(
            "a person must tell from {} whether the act was an upload that the system's picker serves",
            numbers(&asked)
        ))
        .on(asked)
        .for_review(true),
    })
}

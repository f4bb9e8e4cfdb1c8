//! What has to be found in the app: policy, lists, switches, channels.

use super::Rule;
use super::network::without_a_list;
use crate::journal::entry::{AccountAct, AccountOutcome, PopupRole, SeekEnded, SeekOutcome, SwitchTurned};
use crate::judge::case::{Case, Moment};
use crate::judge::outcome::ThresholdUsed;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Screens};
use crate::judge::verdict::name;
use crate::ui::{Concept, List};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "no-policy-in-app", needs: &[Launch, Screens], decide: no_policy },
    Rule { finding: "policy-too-deep", needs: &[Launch, Screens], decide: policy_too_deep },
    Rule { finding: "no-recommendation-opt-out", needs: &[Launch, Screens], decide: no_recommendation_switch },
    Rule { finding: "recommendation-opt-out-burdensome", needs: &[Launch, Screens], decide: switch_burdensome },
    Rule { finding: "no-complaint-channel", needs: &[Launch, Screens], decide: no_complaint_channel },
    Rule { finding: "no-correction-or-deletion-of-info", needs: &[Launch, Screens], decide: no_correction },
    Rule { finding: "no-access-or-copy", needs: &[Launch, Screens], decide: no_copy },
    Rule { finding: "no-collected-info-list", needs: &[Launch, Screens], decide: no_collected_info_list },
    Rule { finding: "no-sdk-list", needs: &[Launch, Screens], decide: no_sdk_list },
    Rule { finding: "no-children-rules", needs: &[Launch, Screens], decide: no_children_rules },
];

/// Categories whose apps choose content for a person by their nature (our reading of the basic functions in article 5
/// of the 2021 rule): there a missing switch is proposed as a finding.
const CHOOSES_CONTENT: [&str; 8] = [
    "news",
    "short-video",
    "online-av",
    "live-streaming",
    "online-shopping",
    "online-community",
    "ebooks",
    "app-store",
];

/// An app of which fewer screens were seen, or with fewer taps, than this has not been looked through (ours).
const FEW_SCREENS: usize = 3;
const FEW_TAPS: u32 = 3;

/// Questions that may be asked before a switch turns (ours: one makes sure, a second delays).
const MOST_CONFIRMATIONS: u32 = 1;

/// How the searches for a concept ended, taken together.
pub(super) enum Sought<'a> {
    /// Found; the shortest way.
    Found(Moment, &'a SeekEnded),
    /// Every reachable screen was looked at.
    Absent(Moment, &'a SeekEnded),
    /// It can't be told.
    Unknown(Ruling),
}

/// Takes the searches for a concept together: found once is found.
pub(super) fn sought<'a>(case: &Case<'a>, concept: Concept) -> Sought<'a> {
    let all: Vec<(Moment, &'a SeekEnded)> =
        case.seeks.iter().filter(|(_, seek)| seek.concept == concept).copied().collect();
    let with = |outcome: SeekOutcome| all.iter().filter(move |(_, seek)| seek.outcome == outcome).copied();
    if let Some((at, seek)) = with(SeekOutcome::Found).min_by_key(|(_, seek)| seek.depth) {
        return Sought::Found(at, seek);
    }
    let whole: Vec<(Moment, &'a SeekEnded)> = with(SeekOutcome::NotFound).filter(|(_, seek)| !seek.bounded).collect();
    let wide = |at: Moment, seek: &SeekEnded| seek.visited.len() >= FEW_SCREENS && walked(case, at) >= FEW_TAPS;
    let what = name(concept);
    if let Some((at, seek)) = all.iter().find(|(_, seek)| !seek.perhaps.is_empty()) {
        let words = format!(
            "{what} was not found under a name that is known, but these controls may be it: {}; a person must look",
            seek.perhaps.join(", ")
        );
        return Sought::Unknown(Ruling::not_assessable(words).at([*at]).for_review(true));
    }
    if let Some((at, seek)) = whole.iter().find(|(at, seek)| wide(*at, seek)) {
        return Sought::Absent(*at, seek);
    }
    Sought::Unknown(match all.first() {
        None => Ruling::not_assessable(format!("this scenario does not look for {what}, or did not come to it")),
        Some((at, seek)) if seek.outcome == SeekOutcome::Blocked => {
            Ruling::not_assessable(format!("the search for {what} was blocked: {}", seek.blocked_by)).at([*at])
        }
        Some((at, seek)) if !seek.bounded => {
            let (screens, taps) = (seek.visited.len(), walked(case, *at));
            let words =
                format!("the search for {what} saw {screens} screen(s) with {taps} taps: too few to miss anything");
            Ruling::not_assessable(words).at([*at])
        }
        Some((at, _)) => {
            let taps = walked(case, *at);
            let words = format!("the search for {what} ended after {taps} taps, before everything was seen");
            Ruling::not_assessable(words).at([*at])
        }
    })
}

/// Taps of the searches so far: a search goes on with the map that those before it drew.
fn walked(case: &Case, until: Moment) -> u32 {
    case.seeks.iter().filter(|(at, _)| at.seq <= until.seq).map(|(_, seek)| seek.taps).sum()
}

/// Entries a search rests on: its own, and the captures along its way.
pub(super) fn way(at: Moment, seek: &SeekEnded) -> Vec<u64> {
    seek.path.iter().filter_map(|hop| hop.capture).filter(|seq| *seq < at.seq).chain([at.seq]).collect()
}

/// The way in words.
pub(super) fn labels(seek: &SeekEnded) -> String {
    seek.path.iter().map(|hop| hop.label.as_str()).collect::<Vec<_>>().join(" → ")
}

pub(super) fn absent(case: &Case, at: Moment, seek: &SeekEnded) -> Ruling {
    let dead = match seek.dead.is_empty() {
        true => String::new(),
        false => format!("; these controls did nothing: {}", seek.dead.join(", ")),
    };
    let (screens, taps) = (seek.visited.len(), walked(case, at));
    let words = format!("{} was not found on {screens} screens with {taps} taps{dead}", name(seek.concept));
    Ruling::observed(words).at([at]).for_review(true)
}

pub(super) fn found(at: Moment, seek: &SeekEnded) -> Ruling {
    Ruling::not_observed(format!("found with {} tap(s): {}", seek.depth, labels(seek))).on(way(at, seek))
}

/// Whether somebody was signed in at that moment.
pub(super) fn signed_in(case: &Case, at: Moment) -> bool {
    let acts = |a: AccountAct| matches!(a, AccountAct::SignIn | AccountAct::SignUp);
    case.accounts.iter().any(|a| acts(a.act) && a.outcome == AccountOutcome::Accepted && a.at.seq < at.seq)
}

/// A rule that is nothing but a search, for what only a signed-in person may see when `account` is set.
fn missing(case: &Case, concept: Concept, account: bool) -> Ruling {
    match sought(case, concept) {
        Sought::Found(at, seek) => found(at, seek),
        Sought::Absent(at, seek) if account && !signed_in(case, at) => {
            Ruling::not_assessable(format!("{} was looked for without being signed in", name(seek.concept))).at([at])
        }
        // A message that goes by itself is in no view tree: a request may have been taken.
        Sought::Absent(at, seek) if account && !seek.dead.is_empty() => {
            let words = format!(
                "{} was not found, but these controls showed nothing that stays when they were pressed: {}; a person must tell",
                name(seek.concept),
                seek.dead.join(", ")
            );
            Ruling::not_assessable(words).at([at]).for_review(true)
        }
        Sought::Absent(at, seek) => absent(case, at, seek),
        Sought::Unknown(ruling) => ruling,
    }
}

/// Found a deeper way than a limit of taps.
pub(super) fn too_deep(at: Moment, seek: &SeekEnded, most: &ThresholdUsed) -> Ruling {
    if u64::from(seek.depth) <= most.count() {
        return found(at, seek).by(most);
    }
    let words =
        format!("the shortest way found takes {} taps, and {} are the limit: {}", seek.depth, most.value, labels(seek));
    // A search that takes the best way first need not have met the shortest.
    Ruling::observed(words).on(way(at, seek)).by(most).for_review(true)
}

fn no_policy(case: &Case, _: &Marks) -> Ruled {
    let ruling = missing(case, Concept::PrivacyPolicy, false);
    if ruling.kind == crate::judge::outcome::OutcomeKind::NotObserved
        && let Some(ruling) = super::policy::lacks_rules(case)
    {
        return Ok(ruling);
    }
    let shown = case.popups.iter().find(|p| p.shown.role == PopupRole::Consent);
    Ok(match (shown, &ruling.kind) {
        (Some(popup), crate::judge::outcome::OutcomeKind::Observed) => Ruling::not_assessable(format!(
            "a policy dialog was shown (#{}), and the policy was not found in the app afterwards: a person must tell",
            popup.at.seq
        ))
        .at([popup.at])
        .on(ruling.entries)
        .for_review(true),
        _ => ruling,
    })
}

fn policy_too_deep(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("max_taps")?;
    Ok(match sought(case, Concept::PrivacyPolicy) {
        Sought::Found(at, seek) => too_deep(at, seek, &most),
        Sought::Absent(at, _) => Ruling::not_triggered("the policy was not found at all").at([at]),
        Sought::Unknown(ruling) => ruling,
    })
}

/// Whether an app of this category chooses content for a person by its nature.
fn chooses_content(case: &Case) -> bool {
    case.category.is_some_and(|c| CHOOSES_CONTENT.contains(&c.id.as_str()))
}

/// Characters of a list, without its title, below which it may hold nothing (ours).
const SHORTEST_LIST: usize = 16;

/// A list that was found and opened, and holds hardly any words.
fn hollow(case: &Case, concept: Concept) -> Option<Ruling> {
    let Sought::Found(at, seek) = sought(case, concept) else { return None };
    let (read_at, text) = case.texts.iter().rev().find(|(_, text)| text.concept == concept)?;
    let lines = text.text.lines().filter(|line| line.trim() != text.title && line.trim() != seek.words);
    let held: Vec<&str> = lines.map(str::trim).filter(|line| line.chars().any(char::is_alphanumeric)).collect();
    let letters = held.iter().flat_map(|line| line.chars()).filter(|c| c.is_alphanumeric()).count();
    if letters >= SHORTEST_LIST {
        return None;
    }
    let words = format!(
        "\"{}\" was found and opened, and holds hardly any words (\"{}\"): a person must tell whether it is a list",
        seek.words,
        held.join(" / ")
    );
    Some(Ruling::not_assessable(words).on(way(at, seek)).at([*read_at]).for_review(true))
}

fn no_recommendation_switch(case: &Case, _: &Marks) -> Ruled {
    let ruling = missing(case, Concept::RecommendationSwitch, false);
    if let Sought::Found(at, seek) = sought(case, Concept::RecommendationSwitch)
        && chooses_content(case)
        && case.lexicon().is_for_ads_alone(&seek.words)
    {
        let words = format!(
            "\"{}\" was found, which is for advertisements; whether there is one for what else the app recommends, a person must tell",
            seek.words
        );
        return Ok(Ruling::not_assessable(words).on(way(at, seek)).for_review(true));
    }
    let chooses = chooses_content(case);
    if ruling.kind != crate::judge::outcome::OutcomeKind::Observed || chooses {
        return Ok(ruling);
    }
    let words = format!("{}; whether this app recommends by personal traits at all, a person must tell", ruling.reason);
    Ok(Ruling::not_assessable(words).on(ruling.entries).for_review(true))
}

fn switch_burdensome(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("max_taps")?;
    let pressed = case.switches.iter().copied().find(|(_, s)| s.concept == Concept::RecommendationSwitch);
    if let Some((at, switch)) = pressed
        && let Some(ruling) = stays_off(case, at, switch)
    {
        let deep = sought(case, Concept::RecommendationSwitch);
        let deep = matches!(deep, Sought::Found(_, seek) if u64::from(seek.depth) > most.count());
        if !deep || ruling.kind == crate::judge::outcome::OutcomeKind::Observed {
            return Ok(ruling);
        }
    }
    Ok(match sought(case, Concept::RecommendationSwitch) {
        Sought::Found(at, seek) if u64::from(seek.depth) > most.count() => too_deep(at, seek, &most),
        Sought::Found(at, seek) if pressed.is_some() => Ruling::not_assessable(format!(
            "\"{}\" was pressed, and whether that turned it off could not be read",
            pressed.map_or("", |(_, switch)| switch.label.as_str())
        ))
        .on(way(at, seek))
        .at(pressed.map(|(at, _)| at))
        .by(&most),
        Sought::Found(at, seek) => Ruling::not_assessable(format!(
            "the switch is {} tap(s) away; whether it stays off over restarts was not tried",
            seek.depth
        ))
        .on(way(at, seek))
        .by(&most),
        Sought::Absent(at, _) => Ruling::not_triggered("no switch was found").at([at]),
        Sought::Unknown(ruling) => ruling,
    })
}

/// What became of a switch that was turned off; `None` when its state could not be read.
fn stays_off(case: &Case, at: Moment, switch: &SwitchTurned) -> Option<Ruling> {
    let on = [at.seq].into_iter().chain(switch.captures.iter().copied().filter(|seq| *seq < at.seq));
    let label = &switch.label;
    let ruling = match (switch.before?, switch.after?) {
        (true, true) => Ruling::observed(format!("\"{label}\" can't be turned off")),
        _ if switch.restarts.iter().flatten().any(|back| *back) => {
            let restart = switch.restarts.iter().position(|back| *back == Some(true)).unwrap_or_default() + 1;
            Ruling::observed(format!("\"{label}\" turns itself on again: after restart {restart}"))
        }
        (true, false) if switch.confirmations > MOST_CONFIRMATIONS => {
            Ruling::observed(format!("turning \"{label}\" off takes {} confirmations", switch.confirmations))
        }
        _ if switch.restarts.iter().any(Option::is_none) || switch.restarts.is_empty() => return None,
        _ if case.lexicon().names_the_opposite(label) => Ruling::not_observed(format!(
            "\"{label}\" is for the opposite; set so, it stays over {} restarts",
            switch.restarts.len()
        )),
        _ => Ruling::not_observed(format!("\"{label}\" stays off over {} restarts", switch.restarts.len())),
    };
    let observed = ruling.kind == crate::judge::outcome::OutcomeKind::Observed;
    Some(ruling.on(on).for_review(observed))
}

fn no_complaint_channel(case: &Case, _: &Marks) -> Ruled {
    let ruling = missing(case, Concept::ComplaintChannel, false);
    Ok(match super::policy::contact(case) {
        Some(shown) if ruling.kind == crate::judge::outcome::OutcomeKind::Observed => {
            let words = format!(
                "{}, but the policy names a contact; whether it takes complaints, a person must tell",
                ruling.reason
            );
            Ruling::not_assessable(words).on(ruling.entries).on(shown).for_review(true)
        }
        _ => ruling,
    })
}

fn no_correction(case: &Case, _: &Marks) -> Ruled {
    Ok(missing(case, Concept::CorrectInfo, true))
}

fn no_copy(case: &Case, _: &Marks) -> Ruled {
    Ok(missing(case, Concept::DataCopy, true))
}

fn no_collected_info_list(case: &Case, marks: &Marks) -> Ruled {
    let level = marks.get("max_menu_level")?;
    if let Some(ruling) = hollow(case, Concept::PersonalInfoList) {
        return Ok(ruling.by(&level));
    }
    Ok(match sought(case, Concept::PersonalInfoList) {
        Sought::Found(at, seek) if u64::from(seek.depth) > level.count() + 1 => Ruling::not_assessable(format!(
            "the list is {} taps away ({}); a person must tell which menu level that is",
            seek.depth,
            labels(seek)
        ))
        .on(way(at, seek))
        .by(&level)
        .for_review(true),
        _ => missing(case, Concept::PersonalInfoList, false),
    })
}

fn no_sdk_list(case: &Case, _: &Marks) -> Ruled {
    if let Some(ruling) = hollow(case, Concept::SdkList) {
        return Ok(ruling);
    }
    Ok(match sought(case, Concept::SdkList) {
        Sought::Absent(at, seek) => without_a_list(case, &absent(case, at, seek).reason, at),
        _ => missing(case, Concept::SdkList, false),
    })
}

fn no_children_rules(case: &Case, _: &Marks) -> Ruled {
    Ok(match sought(case, Concept::ChildrenPolicy) {
        Sought::Absent(at, seek) if for_children(case, seek) => {
            let words = format!("{}, and its own words are for children", absent(case, at, seek).reason);
            Ruling::observed(words).at([at]).for_review(true)
        }
        Sought::Absent(at, seek) => {
            let words =
                format!("{}; whether the app is open to children, a person must tell", absent(case, at, seek).reason);
            Ruling::not_assessable(words).at([at]).for_review(true)
        }
        _ => missing(case, Concept::ChildrenPolicy, false),
    })
}

/// Whether the app's name, or the titles of its screens, speak of children.
fn for_children(case: &Case, seek: &SeekEnded) -> bool {
    let lexicon = case.lexicon();
    let label = case.opened.map_or("", |o| o.app.label.as_str());
    let titles = seek.visited.iter().map(|(_, title)| title.as_str());
    std::iter::once(label).chain(titles).any(|words| lexicon.mentions(words, List::ForChildren))
}

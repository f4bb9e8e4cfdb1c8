//! What pages and windows of the app ask for, with which words, and whether one may say no.

use super::{Rule, numbers};
use crate::journal::entry::{ConsentAct, ConsentAfter, FormSeen, PopupEnd, PopupRole};
use crate::judge::case::{Case, Moment, Popup};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Screens};
use crate::ui::List;

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "sensitive-info-without-separate-consent", needs: &[Launch, Screens], decide: without_consent },
    Rule { finding: "deceptive-consent", needs: &[Launch, Screens], decide: deceptive },
    Rule { finding: "only-service-improvement-as-reason", needs: &[Launch, Screens], decide: only_improvement },
    Rule { finding: "face-only-verification", needs: &[Launch, Screens], decide: face_only },
];

/// Names of controls; longer words are prose (ours).
const LONGEST_CONTROL: usize = 40;

type Form<'a> = (Moment, &'a FormSeen);

fn controls(form: &FormSeen) -> impl Iterator<Item = &String> {
    form.controls.iter().filter(|label| label.chars().count() <= LONGEST_CONTROL)
}

fn any_mentions<'t>(case: &Case, texts: impl IntoIterator<Item = &'t String>, list: List) -> bool {
    texts.into_iter().any(|text| case.mentions(text, list))
}

/// Whether the page's own words, not the names of its fields, boxes and controls, speak of something.
fn tells(case: &Case, form: &FormSeen, list: List) -> bool {
    let named = |line: &str| form.fields.iter().chain(&form.controls).any(|name| name == line);
    form.words.lines().filter(|line| !named(line)).any(|line| case.mentions(line, list))
}

/// Pages that ask for sensitive information: what they ask for, in their own words.
fn sensitive<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = (Form<'a>, Vec<&'a str>)> + 'c {
    case.forms.iter().filter(|(_, form)| !form.sign_in).filter_map(|(at, form)| {
        let fields = form.fields.iter().filter(|field| case.mentions(field, List::SensitiveInfo));
        let deeds = form
            .controls
            .iter()
            .filter(|label| label.chars().count() <= LONGEST_CONTROL && case.mentions(label, List::SensitiveDeed));
        let asked: Vec<&str> = fields.chain(deeds).map(String::as_str).collect();
        (!asked.is_empty()).then_some(((*at, *form), asked))
    })
}

fn listed(asked: &[(Form, Vec<&str>)]) -> String {
    let all: std::collections::BTreeSet<&str> = asked.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    all.into_iter().collect::<Vec<_>>().join(", ")
}

fn entries(asked: &[(Form, Vec<&str>)]) -> Vec<u64> {
    asked.iter().map(|((at, _), _)| at.seq).collect()
}

fn without_consent(case: &Case, _: &Marks) -> Ruled {
    let asked: Vec<(Form, Vec<&str>)> = sensitive(case).collect();
    let consent = |form: &FormSeen| {
        let boxes = form.boxes.iter().map(|(words, _)| words);
        any_mentions(case, boxes.chain(controls(form)), List::SeparateConsent)
    };
    let (with, without): (Vec<_>, Vec<_>) = asked.into_iter().partition(|((_, form), _)| consent(form));
    let (told, silent): (Vec<_>, Vec<_>) =
        without.into_iter().partition(|((_, form), _)| tells(case, form, List::Purpose));
    if !silent.is_empty() {
        let at = entries(&silent);
        let words = format!(
            "a page asks for {} ({}), and neither a control for that consent nor a purpose stands there",
            listed(&silent),
            numbers(&at)
        );
        return Ok(Ruling::observed(words).on(at).for_review(true));
    }
    if !told.is_empty() {
        let at = entries(&told);
        let words = format!(
            "a page asks for {} ({}) and tells a purpose, without a control for that consent: a person must tell",
            listed(&told),
            numbers(&at)
        );
        return Ok(Ruling::not_assessable(words).on(at).for_review(true));
    }
    Ok(match with.is_empty() {
        true => Ruling::not_triggered("no page that asks for sensitive information was come upon"),
        false => {
            let words = format!("{} is asked for with a control for that consent", listed(&with));
            Ruling::not_observed(words).on(entries(&with))
        }
    })
}

/// A person tells whether words mislead; what is promised beside a question for sensitive information is put before them.
fn deceptive(case: &Case, _: &Marks) -> Ruled {
    let asked: Vec<(Form, Vec<&str>)> = sensitive(case).collect();
    let promises = |form: &FormSeen| form.words.lines().any(|line| case.mentions(line, List::Reward));
    let (baited, plain): (Vec<_>, Vec<_>) = asked.into_iter().partition(|((_, form), _)| promises(form));
    if !baited.is_empty() {
        let at = entries(&baited);
        let words = format!(
            "a page promises something and asks for {} ({}): a person must tell whether one is coaxed",
            listed(&baited),
            numbers(&at)
        );
        return Ok(Ruling::not_assessable(words).on(at).for_review(true));
    }
    Ok(match plain.is_empty() {
        true => Ruling::not_triggered("no page that asks for sensitive information was come upon"),
        false => {
            let words = format!(
                "nothing is promised beside the question for {}; whether a purpose hides the real use does not show",
                listed(&plain)
            );
            Ruling::not_observed(words).on(entries(&plain))
        }
    })
}

/// Windows that demand something: the app's policy, and its pleas.
fn demands<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = &'c Popup<'a>> {
    let asking = |p: &&Popup| matches!(p.shown.role, PopupRole::Consent | PopupRole::PermissionPlea);
    case.popups.iter().filter(asking).filter(|p| p.shown.same_as.is_none())
}

/// Whether a window leaves no way past: nothing refuses or closes it and nothing else took it away, or saying no ends the
/// app.
fn is_forced(case: &Case, popup: &Popup) -> bool {
    let left = case.consents.iter().any(|c| {
        c.popup == Some(popup.shown.popup) && c.act == ConsentAct::Refused && c.after == Some(ConsentAfter::Exited)
    });
    let open = !popup.shown.refuse.is_empty() || !popup.shown.close.is_empty();
    let went = popup.gone.is_some_and(|g| {
        matches!(g.how, PopupEnd::Closed | PopupEnd::Refused | PopupEnd::Back | PopupEnd::ByItself | PopupEnd::Unseen)
    });
    left || (!open && !went)
}

/// A person tells whether nothing but the operator's own good is named; the words of windows without a way past are put
/// before them.
fn only_improvement(case: &Case, _: &Marks) -> Ruled {
    let names = |popup: &&Popup| popup.shown.words.lines().any(|line| case.mentions(line, List::Improvement));
    let windows: Vec<&Popup> = demands(case).collect();
    let named: Vec<&Popup> = windows.iter().copied().filter(names).collect();
    let forced: Vec<u64> = named.iter().filter(|p| is_forced(case, p)).map(|p| p.at.seq).collect();
    if !forced.is_empty() {
        let words = format!(
            "a window without a way past names better service, pushing, research or risk control ({}): a person must tell \
             whether that is its only reason",
            numbers(&forced)
        );
        return Ok(Ruling::not_assessable(words).on(forced).for_review(true));
    }
    Ok(match (named.is_empty(), windows.is_empty()) {
        (false, _) => {
            Ruling::not_observed("windows that name better service, pushing, research or risk control can be refused")
                .at(named.iter().map(|p| p.at))
        }
        (true, false) => Ruling::not_observed("no window that demands something names better service as its reason")
            .at(windows.iter().map(|p| p.at)),
        (true, true) => Ruling::not_triggered("no window demanded anything"),
    })
}

/// A person walks the verification to its end; pages that verify by the face, and what else they offer, are put before
/// them.
fn face_only(case: &Case, _: &Marks) -> Ruled {
    let by_face = |form: &FormSeen| any_mentions(case, controls(form), List::Face);
    let other = |form: &FormSeen| {
        let offered = controls(form).chain(&form.fields);
        offered
            .filter(|label| !case.mentions(label, List::Face))
            .any(|label| case.mentions(label, List::OtherVerification))
    };
    let pages: Vec<Form> = case.forms.iter().copied().filter(|(_, form)| by_face(form)).collect();
    let alone = |(at, form): &&Form| {
        // What one chose from on the page before is another way as well.
        let chosen = pages
            .iter()
            .any(|(before, page)| before.seq < at.seq && case.launch_of(*before) == case.launch_of(*at) && other(page));
        !other(form) && !chosen
    };
    let only: Vec<u64> = pages.iter().filter(alone).map(|(at, _)| at.seq).collect();
    if !only.is_empty() {
        let words = format!(
            "a page verifies by the face and offers nothing else ({}): a person must tell whether another path does",
            numbers(&only)
        );
        return Ok(Ruling::not_assessable(words).on(only).for_review(true));
    }
    Ok(match pages.is_empty() {
        true => Ruling::not_triggered("no page that verifies by the face was come upon"),
        false => {
            Ruling::not_observed("pages that verify by the face offer another way").at(pages.iter().map(|(at, _)| *at))
        }
    })
}

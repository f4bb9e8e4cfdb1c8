//! Children under fourteen: a guardian's consent, and what a child is refused.

use super::{Rule, function, refusal};
use crate::journal::entry::{AccountAct, AccountOutcome, GuardianAsked};
use crate::judge::case::{Account, Case, Moment};
use crate::judge::outcome::OutcomeKind;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Events, Launch, Screens};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "no-guardian-consent", needs: &[Launch, Screens], decide: no_guardian },
    Rule { finding: "children-consent-incomplete", needs: &[Launch, Screens], decide: incomplete },
    Rule { finding: "children-forced-non-necessary", needs: &[Launch, Screens, Events], decide: forced },
];

/// The sign-up as a child and what came of it.
fn signed_up<'c, 'a>(case: &'c Case<'a>) -> Option<(Moment, Option<&'c Account<'a>>)> {
    let declared = case.child?;
    let account = case.accounts.iter().find(|a| a.act == AccountAct::SignUp && a.at.seq > declared.seq);
    Some((declared, account))
}

/// Whether a window asks a guardian for something, rather than speaking of one.
fn asks(window: &GuardianAsked) -> bool {
    !window.answers.is_empty()
}

const NOT_TRIED: &str = "no child's birth date was given at registration";

fn no_guardian(case: &Case, marks: &Marks) -> Ruled {
    let age = marks.get("age")?;
    let Some((declared, account)) = signed_up(case) else { return Ok(Ruling::not_assessable(NOT_TRIED)) };
    let (asked, spoken): (Vec<_>, Vec<_>) =
        case.guardians.iter().filter(|(at, _)| at.seq > declared.seq).partition(|(_, window)| asks(window));
    let moments = |windows: &[&(Moment, &GuardianAsked)]| windows.iter().map(|(at, _)| *at).collect::<Vec<_>>();
    let Some(account) = account else {
        return Ok(Ruling::not_assessable("how the registration of a child ended was not seen")
            .at([declared])
            .by(&age));
    };
    let before = |windows: Vec<&(Moment, &GuardianAsked)>| {
        moments(&windows).into_iter().partition::<Vec<Moment>, _>(|at| at.seq < account.at.seq)
    };
    let ((asked, afterwards), (spoken, _)) = (before(asked), before(spoken));
    if !asked.is_empty() {
        return Ok(Ruling::not_observed("a guardian's consent is asked for when a child signs up")
            .at([declared, account.at])
            .at(asked)
            .by(&age));
    }
    Ok(match account.outcome {
        AccountOutcome::Accepted if !afterwards.is_empty() => {
            Ruling::observed("a child's registration was completed before a guardian was asked")
                .at([declared, account.at])
                .at(afterwards)
                .by(&age)
                .for_review(true)
        }
        AccountOutcome::Accepted if !spoken.is_empty() => {
            let words = "a child's registration was completed; a guardian is spoken of on the way, and nothing there asks for \
                         consent: a person must tell";
            Ruling::not_assessable(words).at([declared, account.at]).at(spoken).by(&age).for_review(true)
        }
        AccountOutcome::Accepted => {
            Ruling::observed("a child's registration was completed without a word of a guardian")
                .at([declared, account.at])
                .by(&age)
                .for_review(true)
        }
        AccountOutcome::Refused => {
            Ruling::not_observed("the app does not take a child's registration").at([declared, account.at]).by(&age)
        }
        _ => Ruling::not_assessable("how the registration of a child ended was not seen")
            .at([declared, account.at])
            .by(&age),
    })
}

fn incomplete(case: &Case, _: &Marks) -> Ruled {
    if case.child.is_none() {
        return Ok(Ruling::not_assessable(NOT_TRIED));
    }
    if !case.guardians.iter().any(|(_, window)| asks(window)) {
        return Ok(Ruling::not_triggered("no guardian's consent was asked for"));
    }
    // Several windows may share the matters between them.
    let windows: Vec<(Moment, &GuardianAsked)> = case.guardians.clone();
    let moments = || windows.iter().map(|(at, _)| *at);
    let Some((_, first)) = windows.first() else {
        return Ok(Ruling::not_triggered("no guardian's consent was asked for"));
    };
    let refuses = windows.iter().any(|(_, asked)| !asked.refuse.is_empty());
    let told = |matter: &String| windows.iter().any(|(_, asked)| asked.matters.contains(matter));
    let lacks: Vec<&str> = first.lacks.iter().filter(|matter| !told(matter)).map(String::as_str).collect();
    let mut faults: Vec<String> = Vec::new();
    if !refuses {
        faults.push("a way to refuse".to_owned());
    }
    faults.extend(lacks.iter().map(|matter| (*matter).to_owned()));
    Ok(match faults.is_empty() {
        true => Ruling::not_observed("the guardian can refuse, and every matter is spoken of").at(moments()),
        false => Ruling::observed(format!("what a guardian is shown lacks: {}", faults.join(", ")))
            .at(moments())
            .for_review(true),
    })
}

fn forced(case: &Case, marks: &Marks) -> Ruled {
    let Some((declared, account)) = signed_up(case) else {
        return Ok(Ruling::not_assessable("the run did not use a minor's account or mode"));
    };
    let Some(account) = account.filter(|a| a.outcome == AccountOutcome::Accepted) else {
        return Ok(Ruling::not_assessable("no minor's account could be made").at([declared]));
    };
    let number = |kind: OutcomeKind| kind == OutcomeKind::Observed;
    for (decide, what) in
        [(left as fn(&Case, &Marks) -> Ruled, "refused a permission"), (function::login_wall, "not signed in")]
    {
        let ruling = decide(case, marks).unwrap_or_else(|word| *word);
        let after = ruling.entries.iter().any(|seq| *seq > account.at.seq);
        if number(ruling.kind) && after {
            return Ok(Ruling::observed(format!("with a minor's account, {what}: {}", ruling.reason))
                .on(ruling.entries)
                .at([account.at])
                .for_review(ruling.review));
        }
    }
    let refused = case.refusals().any(|(_, at)| at.seq > account.at.seq);
    let works = case
        .functions
        .iter()
        .any(|f| f.at.seq > account.at.seq && f.outcome == crate::journal::entry::FunctionOutcome::Works);
    Ok(match (refused, works) {
        (_, true) => Ruling::not_observed("with a minor's account the basic function worked, whatever was refused")
            .at([account.at])
            .at(case.functions.iter().filter(|f| f.at.seq > account.at.seq).map(|f| f.at)),
        (false, false) => Ruling::not_triggered("with a minor's account nothing was asked for").at([account.at]),
        (true, false) => Ruling::not_assessable("with a minor's account no basic function was tried").at([account.at]),
    })
}

/// Leaving on a refusal has its own numbers in another finding; here the refusal's rule is asked with the catalogue's.
fn left(case: &Case, _: &Marks) -> Ruled {
    let finding = case.exit_finding.ok_or_else(|| Ruling::not_assessable("the catalogue lacks a number"))?;
    refusal::exit_on_denial(case, &Marks(finding))
}

//! Whether the basic functions survive a refusal.

use super::{Rule, numbers};
use crate::journal::entry::{AccountAct, AccountOutcome, FunctionOutcome, LimitKind, PopupRole, SeekOutcome};
use crate::judge::case::{Account, Case, Function, Step};
use crate::judge::demand::{self, How};
use crate::judge::permission;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Category, Launch, Screens};
use crate::ui::List;

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "basic-function-degraded-on-denial", needs: &[Launch, Screens], decide: degraded },
    Rule { finding: "registration-blocked-on-denial", needs: &[Launch, Screens], decide: registration_blocked },
    Rule { finding: "login-wall-before-basic-function", needs: &[Launch, Screens, Category], decide: login_wall },
];

fn degraded(case: &Case, _: &Marks) -> Ruled {
    if let Some(twin) = &case.twin {
        return super::twin::compared(case, twin);
    }
    if case.refusals().next().is_none() {
        return Ok(Ruling::not_triggered("no permission was refused"));
    }
    let after: Vec<&Function> =
        case.functions.iter().filter(|f| f.after_refusal && f.outcome != FunctionOutcome::NotTried).collect();
    if after.is_empty() {
        let why = case.limited(LimitKind::NoFunctions).unwrap_or("no function was tried after the refusal");
        return Ok(Ruling::not_assessable(why));
    }
    let failed: Vec<&Function> = after.iter().copied().filter(|f| f.outcome == FunctionOutcome::Fails).collect();
    if failed.is_empty() {
        return Ok(Ruling::not_observed(format!("{} function(s) worked after the refusal", after.len()))
            .at(after.iter().map(|f| f.at)));
    }
    let mut unexplained = Vec::new();
    for function in &failed {
        let baseline = case.functions.iter().find(|f| {
            f.name == function.name
                && !f.after_refusal
                && f.at.seq < function.at.seq
                && f.outcome == FunctionOutcome::Works
        });
        if let Some(baseline) = baseline {
            let words = format!("\"{}\" worked before the refusal and fails after it", function.name);
            return Ok(Ruling::observed(words).at([baseline.at, function.at]).for_review(true));
        }
        match withheld(case, function) {
            Some(demands) => {
                let words = format!(
                    "\"{}\" fails after the refusal, with a demand for a permission in its way ({}) that the category does not call for",
                    function.name,
                    numbers(&demands)
                );
                return Ok(Ruling::observed(words).on(demands).at([function.at]).for_review(true));
            }
            None => unexplained.push(function.at),
        }
    }
    Ok(Ruling::not_assessable("functions fail, and there is no trial with everything allowed to compare with")
        .at(unexplained))
}

/// Demands that came while the function was tried, for permissions that the category does not call for.
fn withheld(case: &Case, function: &Function) -> Option<Vec<u64>> {
    let category = case.category?;
    let begun = case.functions.iter().rev().find(|f| f.at.seq < function.at.seq).map(|f| f.at.seq);
    let step = case.steps.iter().rev().find(|s| s.verb == "functions" && s.at.seq < function.at.seq).map(|s| s.at.seq);
    let from = begun.max(step)?;
    let refused: Vec<&str> = case.refusals().flat_map(|(p, _)| &p.groups).map(String::as_str).collect();
    let needed =
        |group: &str| category.android_permissions_justified.iter().any(|p| permission::group(p) == Some(group));
    if refused.is_empty() || refused.iter().any(|group| needed(group)) {
        return None;
    }
    let demands = demand::all(case);
    let inside = demands.iter().filter(|d| d.at.seq > from && d.at.seq < function.at.seq && d.how == How::Plea);
    let inside: Vec<u64> = inside.map(|d| d.at.seq).collect();
    (!inside.is_empty()).then_some(inside)
}

fn registration_blocked(case: &Case, _: &Marks) -> Ruled {
    let tries: Vec<&Account> =
        case.accounts.iter().filter(|a| matches!(a.act, AccountAct::SignUp | AccountAct::SignIn)).collect();
    if tries.is_empty() {
        let why = case.limited(LimitKind::NoAccount).unwrap_or("nobody signed up or in");
        return Ok(Ruling::not_assessable(why));
    }
    let refusals: Vec<u64> = case.refusals().map(|(p, _)| p.at.seq).collect();
    let mut asked = false;
    for account in &tries {
        // What is asked for before the way's first step comes of the start: a refusal of it stands in no one's way to sign in.
        let Some(begun) = begun_by(case, account).and_then(|step| first_within(case, step)) else { continue };
        let way = refusals.partition_point(|seq| *seq <= begun)..;
        let refused: Vec<u64> = refusals[way].iter().copied().take_while(|seq| *seq < account.at.seq).collect();
        if refused.is_empty() {
            continue;
        }
        asked = true;
        if matches!(account.outcome, AccountOutcome::NoEffect | AccountOutcome::Unclear | AccountOutcome::NotReached) {
            let words = format!(
                "after a permission was refused on the way ({}) the account could not be used",
                numbers(&refused)
            );
            return Ok(Ruling::observed(words)
                .on(refused)
                .at([account.at])
                .for_review(account.outcome != AccountOutcome::NoEffect));
        }
    }
    let moments = tries.iter().map(|a| a.at);
    Ok(match asked {
        true => {
            Ruling::not_observed("signing up or in worked after the refusal, or failed for another reason").at(moments)
        }
        false => Ruling::not_triggered("no permission was asked for on the way to sign up or in").at(moments),
    })
}

fn begun_by<'c, 'a>(case: &'c Case<'a>, account: &Account) -> Option<&'c Step<'a>> {
    let verb = if account.act == AccountAct::SignUp { "sign-up" } else { "sign-in" };
    let earlier = &case.steps[..case.steps.partition_point(|s| s.at.seq < account.at.seq)];
    earlier.iter().rev().find(|s| s.verb == verb)
}

/// Entry of the first step within a step.
fn first_within(case: &Case, step: &Step) -> Option<u64> {
    let inner = |s: &&Step| s.path.strip_prefix(step.path).is_some_and(|rest| rest.starts_with('.'));
    let later = &case.steps[case.steps.partition_point(|s| s.at.seq <= step.at.seq)..];
    later.iter().find(inner).map(|s| s.at.seq)
}

pub(super) fn login_wall(case: &Case, _: &Marks) -> Ruled {
    let category = case.category.ok_or_else(|| Ruling::not_assessable("no category"))?;
    if category.registered_phone_listed {
        let words =
            format!("category {} lists the registered number, so a sign-in may stand before the function", category.id);
        return Ok(Ruling::not_triggered(words));
    }
    let signed_in = case.accounts.iter().find(|a| a.outcome == AccountOutcome::Accepted).map_or(u64::MAX, |a| a.at.seq);
    let signed_out: Vec<&Function> = case.functions.iter().filter(|f| f.at.seq < signed_in).collect();
    if let Some(works) = signed_out.iter().find(|f| f.outcome == FunctionOutcome::Works) {
        return Ok(Ruling::not_observed(format!("\"{}\" works without signing in", works.name)).at([works.at]));
    }
    let walls: Vec<u64> = case
        .popups
        .iter()
        .filter(|p| p.shown.role == PopupRole::SignIn && p.at.seq < signed_in)
        .map(|p| p.at.seq)
        .chain(sign_in_pages(case, signed_in))
        .collect();
    let all_fail = !signed_out.is_empty() && signed_out.iter().all(|f| f.outcome == FunctionOutcome::Fails);
    if all_fail && !walls.is_empty() {
        let words =
            format!("no function works signed out, and a demand to sign in stands before them ({})", numbers(&walls));
        return Ok(Ruling::observed(words).on(walls).at(signed_out.iter().map(|f| f.at)).for_review(true));
    }
    if let Some((page, blocked)) = begins_with_wall(case, signed_in) {
        let words = format!(
            "the app begins with a page to sign in (#{page}), and the searches came no further: a person must tell whether a basic \
             function can be used without"
        );
        return Ok(Ruling::not_assessable(words).on([page, blocked]).for_review(true));
    }
    Ok(Ruling::not_assessable("whether a basic function can be used without signing in was not seen"))
}

/// The page to sign in that came before anything was pressed, and the search that it stopped; nothing when any search found
/// something.
fn begins_with_wall(case: &Case, signed_in: u64) -> Option<(u64, u64)> {
    let mut pages = case.forms.iter().filter(|(at, form)| form.sign_in && at.seq < signed_in);
    let (page, _) = pages.find(|(at, _)| case.own_taps.iter().all(|(tap, _)| tap.seq > at.seq))?;
    let seeks = || case.seeks.iter().filter(|(at, _)| at.seq < signed_in);
    let found = seeks().any(|(_, seek)| seek.outcome == SeekOutcome::Found);
    let (blocked, _) = seeks().find(|(_, seek)| seek.outcome == SeekOutcome::Blocked)?;
    (!found).then_some((page.seq, blocked.seq))
}

/// Pages that demand to sign in and came without a tap on a control that signs in.
fn sign_in_pages(case: &Case, before: u64) -> impl Iterator<Item = u64> {
    let pages = case.forms.iter().filter(move |(at, form)| form.sign_in && at.seq < before);
    let unasked = pages.filter(|(at, _)| {
        let tap = case.own_taps.iter().rev().find(|(tap, _)| tap.seq < at.seq);
        tap.is_none_or(|(_, input)| !case.lexicon().is(&input.target, List::SignIn))
    });
    unasked.map(|(at, _)| at.seq)
}

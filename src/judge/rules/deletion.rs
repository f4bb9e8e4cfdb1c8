//! Deleting the account: whether there is a way, how long it is, what it demands, whether it works.

use jiff::civil::Date;

use super::Rule;
use super::place::{Sought, absent, found, labels, signed_in, sought, too_deep, way};
use crate::journal::entry::{AccountAct, AccountOutcome, LimitKind, SeekEnded};
use crate::judge::case::{Account, Case};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Screens};
use crate::ui::{Concept, Lexicon, List, Names};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "no-account-deletion", needs: &[Launch, Screens], decide: no_deletion },
    Rule { finding: "deletion-path-burdensome", needs: &[Launch, Screens], decide: path_burdensome },
    Rule { finding: "deletion-unreasonable-conditions", needs: &[Launch, Screens], decide: unreasonable_conditions },
    Rule { finding: "deletion-not-done-in-time", needs: &[Launch, Screens], decide: not_in_time },
    Rule { finding: "deletion-executed-but-not-effective", needs: &[Launch, Screens], decide: not_effective },
];

/// Demands that go beyond what a deletion needs, by their names in the lexicon, and how a reason calls them. What comes
/// first names a demand that is several.
const UNREASONABLE: [(&str, &str); 6] = [
    ("identity-document", "an identity document"),
    ("held-document-or-face", "a hand-held document or a face"),
    ("other-products", "closing other products"),
    ("exact-history", "exact history"),
    ("fee", "a fee"),
    ("human-approval", "a human's approval"),
];
/// How the journal writes down a box that has to be ticked; it shows that the deletion is meant.
const BOX: &str = "tick:";

/// Longest wait that is not a condition of its own, in days (the 2019 method 6(3): 15 working days).
const LONGEST_WAIT: u64 = 15;

fn last<'c, 'a>(case: &'c Case<'a>, act: AccountAct) -> Option<&'c Account<'a>> {
    case.accounts.iter().rev().find(|a| a.act == act)
}

/// The request, or why there is none.
fn request<'c, 'a>(case: &'c Case<'a>) -> Result<&'c Account<'a>, Box<Ruling>> {
    let reached = last(case, AccountAct::RequestDeletion).filter(|a| a.outcome != AccountOutcome::NotReached);
    reached.ok_or_else(|| {
        let why = case.limited(LimitKind::NoAccount).unwrap_or("the deletion of an account was not asked for");
        Ruling::not_assessable(why).into()
    })
}

fn no_deletion(case: &Case, _: &Marks) -> Ruled {
    Ok(match sought(case, Concept::AccountDeletion) {
        Sought::Found(at, seek) => found(at, seek),
        Sought::Absent(at, _) if !signed_in(case, at) => {
            Ruling::not_assessable("the way to delete an account was looked for without being signed in").at([at])
        }
        Sought::Absent(at, seek) => absent(case, at, seek),
        Sought::Unknown(ruling) => ruling,
    })
}

fn path_burdensome(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("max_taps")?;
    Ok(match sought(case, Concept::AccountDeletion) {
        Sought::Found(at, seek) => match last(case, AccountAct::RequestDeletion).and_then(|a| hindered(a, seek)) {
            Some(ruling) => ruling.on([at.seq]),
            None if request(case).is_err() && u64::from(seek.depth) <= most.count() => {
                let words =
                    format!("found with {} tap(s): {}; where it leads was not followed", seek.depth, labels(seek));
                Ruling::not_assessable(words).on(way(at, seek)).by(&most)
            }
            None => too_deep(at, seek, &most),
        },
        Sought::Absent(at, _) => Ruling::not_triggered("no way to delete the account was found").at([at]),
        Sought::Unknown(ruling) => ruling,
    })
}

/// What stands in the way behind the entry: it does nothing, or leads out of the app, or to words alone.
fn hindered(request: &Account, seek: &SeekEnded) -> Option<Ruling> {
    let ruling = match request.outcome {
        AccountOutcome::NoEffect if request.taps <= 1 => {
            Ruling::observed(format!("\"{}\" does nothing when it is pressed", seek.words))
        }
        AccountOutcome::Refused | AccountOutcome::Unclear | AccountOutcome::NoEffect
            if holds_address(request.words) =>
        {
            Ruling::not_assessable("a person must tell whether the deletion can only be asked for by mail or telephone")
        }
        AccountOutcome::NoEffect => Ruling::not_assessable(
            "the last control on the way to the deletion changed nothing that could be seen: a person must tell whether it works",
        ),
        AccountOutcome::Elsewhere => {
            Ruling::observed(format!("\"{}\" leads out of the app, where the deletion has to be asked for", seek.words))
        }
        _ => return None,
    };
    Some(ruling.at([request.at]).for_review(true))
}

/// Whether words hold an address for mail, or a telephone number that is no part of a longer one.
fn holds_address(words: &str) -> bool {
    /// Fewest digits of a telephone number (ours): 95xxx lines have five, codes by SMS six.
    const FEWEST_DIGITS: usize = 7;
    let mail = |word: &str| word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    let number = |run: &str| run.chars().filter(char::is_ascii_digit).count() >= FEWEST_DIGITS;
    let mut ascii = words.split(|c: char| !c.is_ascii_graphic());
    ascii.any(mail) || words.split(|c: char| !(c.is_ascii_digit() || "-+() ".contains(c))).any(number)
}

fn unreasonable_conditions(case: &Case, _: &Marks) -> Ruled {
    let request = request(case)?;
    let lower: Vec<String> = request.conditions.iter().map(|c| c.to_lowercase()).collect();
    let mut named = Vec::new();
    let mut unknown = Vec::new();
    for (condition, words) in request.conditions.iter().zip(&lower) {
        match unreasonable(words, case.lexicon()) {
            Some(kind) => named.push(format!("{kind} (\"{condition}\")")),
            None if words.contains(BOX) || case.lexicon().holds(words, List::DeletionProof) => {}
            None => unknown.push(condition.as_str()),
        }
    }
    if !named.is_empty() {
        return Ok(Ruling::observed(format!("the deletion demands {}", named.join(", ")))
            .at([request.at])
            .for_review(true));
    }
    if !unknown.is_empty() {
        let words = format!("a person must tell whether these demands are reasonable: {}", unknown.join(", "));
        return Ok(Ruling::not_assessable(words).at([request.at]).for_review(true));
    }
    if let Some(days) = promised_late(case, request) {
        return Ok(Ruling::observed(format!("the deletion is promised only after {days} days"))
            .at([request.at])
            .for_review(true));
    }
    Ok(match request.outcome {
        AccountOutcome::Unclear if wants_code(case, request) => Ruling::not_assessable(LACKS_CODE).at([request.at]),
        AccountOutcome::Elsewhere => {
            Ruling::not_assessable("the way to the deletion leads out of the app, where it was not followed")
                .at([request.at])
        }
        AccountOutcome::Accepted | AccountOutcome::Pending => {
            Ruling::not_observed("the deletion demanded nothing beyond showing whose account it is").at([request.at])
        }
        _ => Ruling::not_assessable("the way to the deletion was not walked to its end").at([request.at]),
    })
}

/// Why a way ended before a field for a code.
const LACKS_CODE: &str = "the deletion asks for a code that is sent to the account's owner, and it was not at hand";

/// Whether the way ended at a code.
fn wants_code(case: &Case, request: &Account) -> bool {
    request.conditions.last().is_some_and(|last| case.lexicon().mentions(last, List::CodeField))
}

/// Calendar days of fifteen working days, without holidays.
const LONGEST_CALENDAR_WAIT: u64 = 21;

/// The days after which a deletion is promised, when that is longer than the rule allows.
fn promised_late(case: &Case, request: &Account) -> Option<u64> {
    let words = request.words.to_lowercase();
    let most = if case.lexicon().holds(&words, List::WorkingDays) { LONGEST_WAIT } else { LONGEST_CALENDAR_WAIT };
    let promised = request.outcome == AccountOutcome::Pending;
    waiting_days(&words, case.lexicon()).filter(|days| promised && *days > most)
}

fn unreasonable(words: &str, lexicon: &Lexicon) -> Option<String> {
    let listed =
        UNREASONABLE.iter().find(|(id, _)| lexicon.named(words, Names::DeletionDemand).any(|name| name == *id));
    if let Some((_, kind)) = listed {
        return Some((*kind).to_owned());
    }
    let days = waiting_days(words, lexicon).filter(|days| *days > LONGEST_WAIT)?;
    Some(format!("waiting for {days} days"))
}

/// The longest waiting time that words in small letters speak of, in days.
fn waiting_days(words: &str, lexicon: &Lexicon) -> Option<u64> {
    let mut longest = None;
    for (list, length) in [(List::Days, 1), (List::Months, 30)] {
        for (at, _) in lexicon.list(list).iter().flat_map(|unit| words.match_indices(&unit.text)) {
            let before = words[..at].trim_end();
            let digits: String = before.chars().rev().take_while(char::is_ascii_digit).take(4).collect();
            let number: Option<u64> = digits.chars().rev().collect::<String>().parse().ok();
            longest = longest.max(number.map(|n| n * length));
        }
    }
    longest
}

fn not_in_time(case: &Case, marks: &Marks) -> Ruled {
    let deadline = marks.get("deadline")?;
    let request = request(case)?;
    if !matches!(request.outcome, AccountOutcome::Accepted | AccountOutcome::Pending) {
        return Ok(Ruling::not_assessable("the request for deletion was not taken").at([request.at]));
    }
    let tries: Vec<&Account> = case
        .accounts
        .iter()
        .filter(|a| a.act == AccountAct::SignInAfterDeletion && a.at.seq > request.at.seq)
        .collect();
    let moments = || tries.iter().map(|a| a.at).chain([request.at]);
    if request.outcome == AccountOutcome::Accepted
        && tries.first().is_some_and(|a| a.outcome == AccountOutcome::Refused)
    {
        return Ok(Ruling::not_observed("deleted at once").at(moments()).by(&deadline));
    }
    let later = || {
        let words = format!(
            "asked for in this run; whether it is done within {} {} shows a later run",
            deadline.value, deadline.unit
        );
        Ruling::not_assessable(words).at(moments()).by(&deadline)
    };
    let Some(last) = tries.last() else { return Ok(later()) };
    let Some(due) = due(case, request, deadline.count()) else {
        let words = "the calendar of working days has no data for the year of the deadline";
        return Ok(Ruling::not_assessable(words).at(moments()).by(&deadline));
    };
    let in_time = |a: &&&Account| case.day(a.at).is_some_and(|day| day <= due);
    let refused = tries.iter().filter(in_time).find(|a| a.outcome == AccountOutcome::Refused);
    let late = !in_time(&last);
    // Who looks signs in, which may itself call the request off: what counts is a sign-in that was late before any other.
    let early = tries.iter().find(|a| in_time(a) && a.outcome == AccountOutcome::Accepted);
    let early = early.and_then(|a| case.day(a.at));
    Ok(match (late, last.outcome, refused) {
        (true, AccountOutcome::Accepted, _) if early.is_some_and(|_| calls_off(case, request)) => {
            let day = early.unwrap_or(due);
            Ruling::not_assessable(format!(
                "to look, it was signed in on {day}, which by the app's own words calls the deletion off; what would have come \
                 by the deadline, {due}, was not seen"
            ))
            .at(moments())
            .by(&deadline)
            .for_review(true)
        }
        (true, AccountOutcome::Accepted, _) if early.is_some() => {
            let day = early.unwrap_or(due);
            Ruling::observed(format!(
                "the account still signs in after the last day of the deadline, {due}; to look, it was signed in on {day} \
                 before: a person must tell whether that called the deletion off"
            ))
            .at(moments())
            .by(&deadline)
            .for_review(true)
        }
        (true, AccountOutcome::Accepted, _) => {
            Ruling::observed(format!("the account still signs in after the last day of the deadline, {due}"))
                .at(moments())
                .by(&deadline)
        }
        (_, _, Some(gone)) => Ruling::not_observed(format!("the account was gone before the deadline, {due}"))
            .at([request.at, gone.at])
            .by(&deadline),
        (true, AccountOutcome::Refused, None) => Ruling::not_assessable(format!(
            "the account was found gone only after the deadline, {due}; whether it went in time was not looked at"
        ))
        .at(moments())
        .by(&deadline),
        _ => later(),
    })
}

/// Whether the app says on the way to the deletion that signing in calls it off.
fn calls_off(case: &Case, request: &Account) -> bool {
    case.lexicon().mentions(request.words, List::DeletionCalledOff)
}

/// The last day for a deletion: what the app promised in its own words, at most the working days of the rule. `None`
/// when the calendar lacks the year.
fn due(case: &Case, request: &Account, most: u64) -> Option<Date> {
    let asked = case.day(request.at)?;
    let rule = case.calendar?.after_working_days(asked, u32::try_from(most).ok()?).ok()?;
    let words = request.words.to_lowercase();
    let Some(promised) = waiting_days(&words, case.lexicon()) else { return Some(rule) };
    let working = case.lexicon().holds(&words, List::WorkingDays);
    let promised = match working {
        true => case.calendar?.after_working_days(asked, u32::try_from(promised).ok()?).ok(),
        false => asked.checked_add(jiff::Span::new().try_days(i64::try_from(promised).ok()?).ok()?).ok(),
    };
    Some(promised.map_or(rule, |promised| promised.min(rule)))
}

fn not_effective(case: &Case, _: &Marks) -> Ruled {
    let request = request(case)?;
    match request.outcome {
        AccountOutcome::Accepted => {}
        AccountOutcome::Pending => {
            return Ok(Ruling::not_triggered("the app promises the deletion for later").at([request.at]));
        }
        AccountOutcome::Refused | AccountOutcome::NoEffect => {
            return Ok(Ruling::not_triggered("the app did not say that the account is deleted").at([request.at]));
        }
        AccountOutcome::Unclear if wants_code(case, request) => {
            return Ok(Ruling::not_assessable(LACKS_CODE).at([request.at]));
        }
        AccountOutcome::Elsewhere => {
            let words = "the way to the deletion leads out of the app, where it was not followed";
            return Ok(Ruling::not_assessable(words).at([request.at]));
        }
        _ => return Ok(Ruling::not_assessable("how the request for deletion ended was not seen").at([request.at])),
    }
    let again = last(case, AccountAct::SignInAfterDeletion).filter(|a| a.at.seq > request.at.seq);
    Ok(match again.map(|a| (a.outcome, a.at)) {
        Some((AccountOutcome::Accepted, at)) => {
            Ruling::observed("the app said that the account is deleted, and it still signs in")
                .at([request.at, at])
                .for_review(true)
        }
        Some((AccountOutcome::Refused, at)) => {
            Ruling::not_observed("the deleted account does not sign in").at([request.at, at])
        }
        Some((_, at)) => {
            Ruling::not_assessable("whether the deleted account still signs in could not be told").at([request.at, at])
        }
        None => Ruling::not_assessable("signing in after the deletion was not tried").at([request.at]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_times_are_read_in_days() {
        let lexicon = Lexicon::builtin();
        assert_eq!(waiting_days("注销后需等待 30 天", &lexicon), Some(30));
        assert_eq!(waiting_days("15个工作日内处理", &lexicon), Some(15));
        assert_eq!(waiting_days("wait 3 months, then 10 days", &lexicon), Some(90));
        assert_eq!(waiting_days("今天", &lexicon), None);
    }
}

//! What the privacy policy says, how it looks, and whether the app keeps to it.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::place::{Sought, sought};
use crate::journal::entry::{ConsentAct, PopupRole, Print, TextRead};
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Accesses, Launch, Screens};
use crate::judge::verdict::name;
use crate::ui::words::{has_simplified, is_chinese_or_english};
use crate::ui::{Concept, List, Names};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "policy-hard-to-read", needs: &[Launch, Screens], decide: hard_to_read },
    Rule { finding: "policy-hard-to-understand", needs: &[Launch, Screens], decide: hard_to_understand },
    Rule { finding: "policy-lacks-handler-identity", needs: &[Launch, Screens], decide: lacks_identity },
    Rule { finding: "policy-changed-without-notice", needs: &[Launch], decide: changed_without_notice },
    Rule { finding: "no-withdrawal-of-consent", needs: &[Launch, Screens], decide: no_withdrawal },
    Rule { finding: "collects-beyond-declared", needs: &[Launch, Accesses], decide: beyond_declared },
];

/// A page with less text is no policy: it is a picture, or it did not load (ours). A Chinese sign counts as two letters.
const SHORTEST_TEXT: usize = 60;
/// Sizes are estimated from pictures: closer to the floor than this share of it, a person must tell (ours).
const SIZE_ERROR: f64 = 0.1;
/// The contrast that is measured is at most the true one, because edges are smoothed; below the floor by less than
/// this share, a person must tell (ours).
const CONTRAST_ERROR: f64 = 0.25;
/// Terms that are listed in a reason.
const MOST_TERMS: usize = 12;

/// The policy as it was read last, and when; else why it can't be judged by its text.
fn policy<'a>(case: &Case<'a>) -> Result<(Moment, &'a TextRead), Box<Ruling>> {
    let read = case.texts.iter().rev().find(|(_, text)| text.concept == Concept::PrivacyPolicy);
    if let Some((at, text)) = read.copied() {
        return match width(&text.text) < SHORTEST_TEXT {
            false => Ok((at, text)),
            true => {
                Err(Ruling::not_assessable("the policy's page shows hardly any words: a picture, or it did not load")
                    .on(cited(at, text))
                    .into())
            }
        };
    }
    Err(match sought(case, Concept::PrivacyPolicy) {
        Sought::Absent(at, _) => Ruling::not_triggered("the policy was not found at all").at([at]),
        Sought::Found(at, _) => Ruling::not_assessable("the policy was found, and its text was not read").at([at]),
        Sought::Unknown(ruling) => ruling,
    }
    .into())
}

/// The same for who goes by its words: `Err` too when nobody here knows the language it is written in.
fn legible<'a>(case: &Case<'a>) -> Result<(Moment, &'a TextRead), Box<Ruling>> {
    let (at, text) = policy(case)?;
    match is_chinese_or_english(&text.text) || case.lexicon().has_more_languages() {
        true => Ok((at, text)),
        false => {
            let words = "the policy is written in a language whose words are not known here: a person must read it";
            Err(Ruling::not_assessable(words).on(cited(at, text)).for_review(true).into())
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// The entry of a text and the captures that show it.
fn cited(at: Moment, text: &TextRead) -> impl Iterator<Item = u64> {
    let captures: Vec<u64> = text.captures.iter().copied().filter(|seq| *seq < at.seq).collect();
    captures.into_iter().chain([at.seq])
}

/// Whether a line of the text speaks of something in the list.
fn says(case: &Case, text: &TextRead, list: List) -> bool {
    text.text.lines().any(|line| case.mentions(line, list))
}

/// Whether a text that was read tells none of what is collected, what for and how; `None` when that can't be told.
pub(super) fn lacks_rules(case: &Case) -> Option<Ruling> {
    let (at, text) = match legible(case) {
        Ok(read) => read,
        Err(ruling) if case.texts.is_empty() => {
            drop(ruling);
            return None;
        }
        Err(ruling) => return Some(*ruling),
    };
    let told = [List::Collecting, List::Purpose, List::Handling].into_iter().any(|list| says(case, text, list));
    if told || !text.whole {
        return None;
    }
    let words = "the policy opens, and its text tells none of what is collected, what for, and how";
    Some(Ruling::observed(words).on(cited(at, text)).for_review(true))
}

fn hard_to_read(case: &Case, marks: &Marks) -> Ruled {
    let (size, contrast) = (marks.get("min_text_height")?, marks.get("min_contrast_ratio")?);
    let (at, text) = policy(case)?;
    let entries = || cited(at, text);
    if has_simplified(&text.text) == Some(false) && is_mainland(case.locale) {
        let words = format!("on a device set to {} the policy holds no Simplified Chinese", case.locale);
        return Ok(Ruling::observed(words).on(entries()));
    }
    let all: u32 = text.prints.iter().map(|print| print.characters).sum();
    if all == 0 {
        return Ok(
            Ruling::not_assessable("no part of the policy's text could be measured in its pictures").on(entries())
        );
    }
    let share = |test: &dyn Fn(&Print) -> bool| {
        let some: u32 = text.prints.iter().filter(|print| test(print)).map(|print| print.characters).sum();
        f64::from(some) / f64::from(all)
    };
    let small = |print: &Print| print.size < size.value * (1.0 - SIZE_ERROR);
    let pale = |print: &Print| print.contrast < contrast.value * (1.0 - CONTRAST_ERROR);
    let (smallest, palest) = extremes(&text.prints);
    // Most of it: one small footnote does not make a text hard to read.
    if share(&small) > 0.5 {
        let words = format!("most of the policy's text is about {smallest} sp high, and {} is the floor", size.value);
        return Ok(Ruling::observed(words).on(entries()).by(&size));
    }
    if share(&pale) > 0.5 {
        let words =
            format!("most of the policy's text has a contrast of {palest}, and {} is the floor", contrast.value);
        return Ok(Ruling::observed(words).on(entries()).by(&contrast));
    }
    let near = |print: &Print| print.size < size.value * (1.0 + SIZE_ERROR) || print.contrast < contrast.value;
    if share(&near) > 0.0 {
        let words = format!(
            "parts of the policy's text are near the floors or below: {smallest} sp at the least, contrast {palest}; a \
             person must tell"
        );
        return Ok(Ruling::not_assessable(words).on(entries()).by(&size).for_review(true));
    }
    if has_simplified(&text.text) != Some(true) && !is_mainland(case.locale) {
        let words = format!(
            "its print is large and dark enough; whether there is a version in Simplified Chinese does not show on a \
             device set to {}",
            case.locale
        );
        return Ok(Ruling::not_assessable(words).on(entries()).by(&size));
    }
    let words = format!("the policy's text is at least {smallest} sp high, with a contrast of at least {palest}");
    Ok(Ruling::not_observed(words).on(entries()).by(&size))
}

/// The smallest size and the lowest contrast.
fn extremes(prints: &[Print]) -> (f64, f64) {
    let least = |of: &dyn Fn(&Print) -> f64| prints.iter().map(of).fold(f64::INFINITY, f64::min);
    (least(&|print| print.size), least(&|print| print.contrast))
}

fn is_mainland(locale: &str) -> bool {
    locale == "zh" || locale.starts_with("zh-CN") || locale.starts_with("zh-Hans")
}

/// A person decides; the length, the sentences and the terms are what they begin with.
fn hard_to_understand(case: &Case, _: &Marks) -> Ruled {
    let (at, text) = policy(case)?;
    let ends = |c: char| matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n');
    let count = |part: &str| part.chars().filter(|c| !c.is_whitespace()).count();
    let sentences: Vec<usize> =
        text.text.split(ends).flat_map(|part| part.split(". ")).map(count).filter(|n| *n > 0).collect();
    let (all, longest) = (sentences.iter().sum::<usize>(), sentences.iter().max().copied().unwrap_or(0));
    let mean = all / sentences.len().max(1);
    let terms: BTreeSet<&str> = case.lexicon().found(&text.text, List::Jargon).collect();
    let listed: Vec<&str> = terms.iter().copied().take(MOST_TERMS).collect();
    let named = if listed.is_empty() { String::new() } else { format!(" ({})", listed.join(", ")) };
    let cut = if text.whole { "" } else { "; it was not read to its end" };
    let words = format!(
        "a person must read the policy: {all} characters in {} sentences, {mean} on average and {longest} at the most; \
         {} terms of the list{named}{cut}",
        sentences.len(),
        terms.len()
    );
    Ok(Ruling::not_assessable(words).on(cited(at, text)).for_review(true))
}

fn lacks_identity(case: &Case, _: &Marks) -> Ruled {
    let (at, text) = legible(case)?;
    let parts = [
        ("the operator", says(case, text, List::Operator)),
        ("a contact", names_contact(case, text)),
        ("how long information is kept", says(case, text, List::Retention)),
    ];
    let lacking: Vec<&str> = parts.iter().filter(|(_, told)| !told).map(|(part, _)| *part).collect();
    Ok(match (lacking.is_empty(), text.whole) {
        (true, _) => Ruling::not_observed(
            "the policy's words name an operator, a contact and a time of keeping; no store entry was compared",
        )
        .on(cited(at, text)),
        (false, true) => {
            let words = format!("the policy's words do not name {}", lacking.join(", "));
            Ruling::observed(words).on(cited(at, text)).for_review(true)
        }
        (false, false) => {
            let words =
                format!("the policy was not read to its end, and up to there it does not name {}", lacking.join(", "));
            Ruling::not_assessable(words).on(cited(at, text))
        }
    })
}

fn names_contact(case: &Case, text: &TextRead) -> bool {
    text.text.split_whitespace().any(is_mail) || says(case, text, List::Contact)
}

/// The entries that show a policy which names somebody to write to or to call.
pub(super) fn contact(case: &Case) -> Option<Vec<u64>> {
    let (at, text) = policy(case).ok()?;
    names_contact(case, text).then(|| cited(at, text).collect())
}

/// An address of mail, with or without what surrounds it.
fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        name.ends_with(|c: char| c.is_ascii_alphanumeric())
            && host.contains('.')
            && host.starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}

/// The texts before and after the update are compared; a window that speaks of the policy is the notice.
fn changed_without_notice(case: &Case, _: &Marks) -> Ruled {
    let Some(upgrade) = case.installs.iter().find(|i| i.upgrade) else {
        return Ok(Ruling::not_triggered("the app was not updated in this run"));
    };
    let reads = || case.texts.iter().filter(|(_, text)| text.concept == Concept::PrivacyPolicy);
    let before = reads().rev().find(|(at, _)| at.seq < upgrade.at.seq);
    let after = reads().find(|(at, _)| at.seq > upgrade.at.seq);
    let (Some((old_at, old)), Some((new_at, new))) = (before, after) else {
        let words = "the policy's text was not read on both sides of the update";
        return Ok(Ruling::not_assessable(words).at([upgrade.at]));
    };
    let entries: Vec<u64> = cited(*old_at, old).chain([upgrade.at.seq]).chain(cited(*new_at, new)).collect();
    if same(&old.text, &new.text) {
        return Ok(Ruling::not_triggered("the policy's text is the same before and after the update").on(entries));
    }
    if !old.whole || !new.whole {
        return Ok(Ruling::not_assessable("the policy was not read to its end on both sides of the update").on(entries));
    }
    let speaks = |words: &str| words.lines().any(|line| case.mentions(line, List::Policy));
    let popup = case
        .popups
        .iter()
        .find(|p| p.at.seq > upgrade.at.seq && (p.shown.role == PopupRole::Consent || speaks(&p.shown.words)));
    let asked = case.consents.iter().find(|c| c.at.seq > upgrade.at.seq && c.act != ConsentAct::Left);
    let told = popup.map(|p| p.at).or(asked.map(|c| c.at));
    Ok(match told {
        Some(at) => {
            Ruling::not_observed("the policy changed with the update, and a window told of it").on(entries).at([at])
        }
        None if let Some((at, words)) = told_on_page(case, upgrade.at.seq) => Ruling::not_assessable(format!(
            "the policy changed with the update, and no window told of it; a page that came by itself says \"{words}\": a person must \
             tell whether that tells the user"
        ))
        .on(entries)
        .at([at])
        .for_review(true),
        None => Ruling::observed("the policy changed with the update, and no window told of it")
            .on(entries)
            .for_review(true),
    })
}

/// Words of a page after an update that speak of a change of the policy, before anything was pressed.
fn told_on_page<'c>(case: &'c Case, upgrade: u64) -> Option<(Moment, &'c str)> {
    let later = case.captures.iter().filter(|(at, _)| at.seq > upgrade);
    let mut told = later.filter_map(|(at, capture)| Some((*at, capture.policy_words.as_deref()?)));
    told.find(|(_, words)| case.mentions(words, List::Changed))
}

/// Whether two texts are the same but for their spaces.
fn same(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

fn no_withdrawal(case: &Case, _: &Marks) -> Ruled {
    let granted = case.prompts.iter().find(|p| p.answered.is_some() && p.refused().is_none()).map(|p| p.at);
    let Some(given) = case.accepted().map(|c| c.at).or(granted) else {
        return Ok(Ruling::not_triggered("no consent was given that could be withdrawn"));
    };
    let (at, seek) = match sought(case, Concept::WithdrawConsent) {
        Sought::Found(at, seek) => return Ok(super::place::found(at, seek)),
        Sought::Absent(at, seek) => (at, seek),
        Sought::Unknown(ruling) => return Ok(ruling),
    };
    let absent = super::place::absent(case, at, seek);
    let Ok((read_at, text)) = policy(case) else { return Ok(absent.at([given])) };
    if let Err(ruling) = legible(case) {
        return Ok(*ruling);
    }
    let speaks = says(case, text, List::Withdrawal);
    Ok(match (speaks, text.whole) {
        (true, _) => Ruling::not_assessable(format!(
            "{}; the policy speaks of withdrawing: whether the way it tells works, a person must try",
            absent.reason
        ))
        .at([at])
        .on(cited(read_at, text))
        .for_review(true),
        (false, false) => {
            let words = format!("{}; the policy, which may tell a way, was not read to its end", absent.reason);
            Ruling::not_assessable(words).at([at]).on(cited(read_at, text))
        }
        (false, true) => {
            let words = format!("{}, and the policy tells no way either", absent.reason);
            Ruling::observed(words).at([at, given]).on(cited(read_at, text)).for_review(true)
        }
    })
}

/// Texts in which an app declares what it collects.
const DECLARING: [Concept; 3] = [Concept::PrivacyPolicy, Concept::PersonalInfoList, Concept::SdkList];

fn beyond_declared(case: &Case, _: &Marks) -> Ruled {
    let (at, text) = legible(case)?;
    let mut read: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (when, _, what) in case.reads() {
        read.entry(what).or_default().push(when.seq);
    }
    if read.is_empty() {
        return Ok(
            Ruling::not_triggered("app operations show no reading to compare with the policy").on(cited(at, text))
        );
    }
    let texts: Vec<&(Moment, &TextRead)> = case.texts.iter().filter(|(_, t)| DECLARING.contains(&t.concept)).collect();
    let declared: BTreeSet<&str> =
        texts.iter().flat_map(|(_, t)| case.lexicon().named(&t.text, Names::Declared)).collect();
    let beyond: Vec<&str> = read.keys().copied().filter(|what| !declared.contains(what)).collect();
    let entries = || {
        let accesses = beyond.iter().flat_map(|what| read[what].iter().copied().take(3));
        accesses.chain(texts.iter().flat_map(|(at, t)| cited(*at, t))).collect::<Vec<u64>>()
    };
    if beyond.is_empty() {
        let kinds = read.keys().copied().collect::<Vec<_>>().join(", ");
        let words = format!("what was read ({kinds}) is declared; the network was not watched");
        return Ok(Ruling::not_observed(words).on(cited(at, text)));
    }
    let listed = beyond.join(", ");
    if let Some(unread) = unread(case) {
        let words = format!("the policy does not declare {listed}, and {unread} was not read to its end");
        return Ok(Ruling::not_assessable(words).on(entries()).for_review(true));
    }
    let words = format!("{listed} was read, and neither the policy nor its lists declare it");
    Ok(Ruling::observed(words).on(entries()).for_review(true))
}

/// A text that declares what is collected, is known to be there, and was not read to its end.
fn unread(case: &Case) -> Option<String> {
    let whole = |concept: Concept| case.texts.iter().any(|(_, t)| t.concept == concept && t.whole);
    let there = |concept: Concept| {
        matches!(sought(case, concept), Sought::Found(..)) || case.texts.iter().any(|(_, t)| t.concept == concept)
    };
    DECLARING.into_iter().find(|concept| there(*concept) && !whole(*concept)).map(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mainland_is_known_by_its_locale() {
        assert!(is_mainland("zh-CN") && !is_mainland("zh-TW") && !is_mainland("en-US"));
    }

    #[test]
    fn mail_is_known_by_its_form() {
        assert!(is_mail("privacy@app.example.") && is_mail("邮箱：me@b.cn，电话"));
        assert!(!is_mail("@everyone") && !is_mail("3@4") && !is_mail("a @ b"));
    }
}

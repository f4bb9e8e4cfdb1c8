//! `review`: what a person says of the findings of a sealed package.

use std::io::{BufRead, IsTerminal, Write};

use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::evidence::{self, Decision, Opened, Reviewing, Word, standing};
use crate::judge::{Judgement, Outcome, OutcomeKind, judge};
use crate::report::text::{tame, tame_line};
use crate::report::words;

use super::args::Review;
use super::exit::{Exit, Failure};
use super::{inputs, seal, verify};

/// Longest line that is read from a person, in bytes.
const LONGEST: u64 = 64 << 10;

/// Lists what is to be reviewed, or takes a person's word and adds it as a review.
pub fn review(options: &Review) -> Result<Exit, Failure> {
    let package = &options.package;
    let opened = evidence::open(package).map_err(|fault| Failure::input(format!("{}: {fault}", package.display())))?;
    let catalogue = Catalogue::builtin();
    let judgement = sealed(&opened, &catalogue);
    let given = given(options)?;
    let asks = options.interactive || (given.is_empty() && std::io::stdin().is_terminal() && options.by.is_some());
    if given.is_empty() && !asks {
        return list(&opened, &judgement, &catalogue);
    }
    let by = options.by.clone().filter(|by| !by.trim().is_empty());
    let by = by.ok_or_else(|| Failure::usage("a review needs a name: give --by NAME"))?;
    let decisions = if asks { ask(&opened, &judgement, &catalogue)? } else { given };
    if decisions.is_empty() {
        say!("Nothing was said, and nothing was written.");
        return Ok(Exit::Clear);
    }
    decisions.iter().try_for_each(|decision| known(decision, &judgement))?;
    let reviewing = Reviewing { by, at: Clock::real().now(), key: options.key.clone(), decisions };
    let review = evidence::review(package, &reviewing).map_err(seal::failure)?;
    say!("Written: {}", verify::review_line(&review));
    Ok(Exit::Clear)
}

/// The outcomes that were sealed; without them those of this program.
fn sealed(opened: &Opened, catalogue: &Catalogue) -> Judgement {
    let stored = opened.file("outcomes.json").and_then(|bytes| serde_json::from_slice(&bytes).ok());
    stored.unwrap_or_else(|| judge(&opened.entries, catalogue))
}

/// Outcomes a person has to look at: those marked so, gravest words left to the reader.
fn marked(judgement: &Judgement) -> impl Iterator<Item = &Outcome> {
    judgement.outcomes.iter().filter(|outcome| outcome.review)
}

/// A decision has to be about a finding that was observed, or that is marked for a person.
fn known(decision: &Decision, judgement: &Judgement) -> Result<(), Failure> {
    let about = |o: &&Outcome| o.review || o.outcome == OutcomeKind::Observed;
    let open: Vec<&str> = judgement.outcomes.iter().filter(about).map(|o| o.finding.as_str()).collect();
    if open.contains(&decision.finding.as_str()) {
        return Ok(());
    }
    let there = if open.is_empty() { "none".to_owned() } else { open.join(", ") };
    Err(Failure::usage(format!("{}: nothing to review by this id; in this package: {there}", decision.finding)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    decisions: Vec<Decision>,
}

/// What was said by options and by a file.
fn given(options: &Review) -> Result<Vec<Decision>, Failure> {
    let mut decisions = Vec::new();
    for (word, said) in
        [(Word::Confirm, &options.confirm), (Word::Reject, &options.reject), (Word::Unsure, &options.unsure)]
    {
        decisions.extend(said.iter().map(|said| {
            let (finding, note) = said.split_once('=').unwrap_or((said, ""));
            Decision { finding: finding.trim().to_owned(), decision: word, note: note.trim().to_owned() }
        }));
    }
    if let Some(file) = &options.file {
        let text = inputs::read(file)?;
        let written: Written =
            serde_yaml::from_str(&text).map_err(|error| Failure::input(format!("{}: {error}", file.display())))?;
        decisions.extend(written.decisions);
    }
    for (at, decision) in decisions.iter().enumerate() {
        if decisions[..at].iter().any(|earlier| earlier.finding == decision.finding) {
            return Err(Failure::usage(format!("{}: two words on one finding in one review", decision.finding)));
        }
    }
    Ok(decisions)
}

fn list(opened: &Opened, judgement: &Judgement, catalogue: &Catalogue) -> Result<Exit, Failure> {
    opened.verified.reviews.iter().for_each(|review| say!("{}", verify::review_line(review)));
    let standing = standing(&opened.verified.reviews);
    let mut open = 0;
    for outcome in marked(judgement) {
        let word = standing.get(outcome.finding.as_str());
        open += u32::from(word.is_none());
        let said = word.map_or("to be reviewed".to_owned(), |(word, by)| {
            format!("{} by {}", words::review(*word).en, tame_line(by))
        });
        say!("\n[{said}]");
        show(outcome, catalogue);
    }
    say!("\n{open} finding(s) to be reviewed. Say so with --by NAME and --confirm, --reject or --unsure FINDING=NOTE.");
    Ok(Exit::Clear)
}

fn show(outcome: &Outcome, catalogue: &Catalogue) {
    let title = catalogue.finding(&outcome.finding).map(|rule| rule.title.clone()).unwrap_or_default();
    say!("{}: {}", outcome.finding, tame_line(&title));
    say!("  {}: {}", words::outcome(outcome.outcome).en, tame(&outcome.reason));
    let entries: Vec<String> = outcome.entries.iter().take(20).map(|seq| format!("#{seq}")).collect();
    if !entries.is_empty() {
        say!("  entries {}", entries.join(" "));
    }
    for digest in outcome.exhibits.iter().take(4) {
        say!("  exhibit data/exhibits/{}/{}.*", digest.get(..2).unwrap_or_default(), tame_line(digest));
    }
}

/// Asks for each finding in turn. The end of the input ends it: what was said until then counts.
fn ask(opened: &Opened, judgement: &Judgement, catalogue: &Catalogue) -> Result<Vec<Decision>, Failure> {
    let mut decisions = Vec::new();
    let standing = standing(&opened.verified.reviews);
    for outcome in marked(judgement).filter(|o| !standing.contains_key(o.finding.as_str())) {
        say!();
        show(outcome, catalogue);
        let Some(word) = ask_word()? else { break };
        let Some(word) = word else { continue };
        let Some(note) = line("  note: ")? else { break };
        decisions.push(Decision { finding: outcome.finding.clone(), decision: word, note });
    }
    Ok(decisions)
}

/// The word for one finding; `Some(None)` to skip it, `None` at the end of the input.
fn ask_word() -> Result<Option<Option<Word>>, Failure> {
    loop {
        let Some(answer) = line("  [c]onfirm, [r]eject, [u]nsure, [s]kip: ")? else { return Ok(None) };
        match answer.as_str() {
            "c" | "confirm" => return Ok(Some(Some(Word::Confirm))),
            "r" | "reject" => return Ok(Some(Some(Word::Reject))),
            "u" | "unsure" => return Ok(Some(Some(Word::Unsure))),
            "s" | "skip" | "" => return Ok(Some(None)),
            _ => say!("  please answer c, r, u or s"),
        }
    }
}

/// A line from a person; `None` at the end of the input.
fn line(prompt: &str) -> Result<Option<String>, Failure> {
    print!("{prompt}");
    let _ = std::io::stdout().flush();
    let mut text = String::new();
    let mut bounded = std::io::Read::take(std::io::stdin().lock(), LONGEST);
    let read = bounded.read_line(&mut text).map_err(|error| Failure::input(format!("standard input: {error}")))?;
    Ok((read > 0).then(|| text.trim().to_owned()))
}

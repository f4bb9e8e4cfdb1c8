//! What the record comes to: one assertion for each finding, in the words of its outcome and no stronger ones.

use std::io::{self, Write};

use super::graph::Graph;
use super::node::Node;
use super::thing::person;
use super::{Package, PackageView, in_package};
use crate::evidence::{Review, Word};
use crate::journal::EXHIBITS;
use crate::judge::{Outcome, OutcomeKind};

/// What an outcome says and what it does not, before its reason.
fn stated(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Observed => "Observed; similar to what the rules describe, and no ruling",
        OutcomeKind::NotObserved => "Not observed: looked for in this run, and did not occur in it",
        OutcomeKind::NotTriggered => {
            "Not triggered: its occasion never came in this run, so that nothing is said of it"
        }
        OutcomeKind::NotAssessable => "Not assessable: this record can't tell whether it is so",
    }
}

pub(super) fn write(package: &Package, view: &PackageView, graph: &mut Graph<impl Write>) -> io::Result<()> {
    graph.add(judgement(package, view))?;
    for outcome in &view.judgement.outcomes {
        graph.add(result(package, view, outcome))?;
    }
    for review in &package.opened.verified.reviews {
        reviewed(package, view, review, graph)?;
    }
    Ok(())
}

/// The judging. When it was done is not told: it is done again at any time, with the same result.
fn judgement<'i>(package: &'i Package, view: &PackageView) -> Node<'i> {
    let judgement = view.judgement;
    let when = match view.sealed {
        true => "the outcomes that were sealed in the package",
        false => "judged for this file: the package holds no outcomes",
    };
    let rules = format!("rules {}, catalogue SHA-256 {}", judgement.rules, judgement.catalogue);
    let missing = judgement.missing.iter().map(|missing| format!("not carried out: {missing}"));
    let limits = judgement.limits.iter().map(|limit| format!("limit: {}", limit.detail));
    Node::new(&package.ids, "judgement", &["case-investigation:InvestigativeAction", "uco-analysis:Analysis"])
        .text("uco-core:name", &format!("Judgement: {}", super::told::word(&judgement.verdict)))
        .texts("uco-core:description", [when.to_owned(), rules].into_iter().chain(missing).chain(limits))
        .link("uco-action:instrument", package.ids.name("tool"))
        .links("uco-action:object", package.file("data/journal.jsonl"))
        .links("uco-action:result", judgement.outcomes.iter().map(|outcome| package.ids.name(&name(&outcome.finding))))
        .link("case-investigation:wasInformedBy", package.ids.name("run"))
}

fn name(finding: &str) -> String {
    format!("outcome {finding}")
}

fn result<'i>(package: &'i Package, view: &PackageView, outcome: &Outcome) -> Node<'i> {
    let rule = view.catalogue.finding(&outcome.finding);
    let titles = rule.into_iter().flat_map(|rule| [rule.title.as_str(), rule.title_zh.as_str()]);
    let severity = rule.map(|rule| format!("severity: {}", rule.severity.word()));
    let review = outcome.review.then(|| "a person has to confirm it".to_owned());
    let threshold = outcome
        .threshold
        .as_ref()
        .map(|used| format!("decided by {} = {} {} ({})", used.name, used.value, used.unit, used.origin));
    let exhibits = outcome.exhibits.iter().filter_map(|digest| exhibit_file(package, digest));
    let rests_on = outcome.entries.iter().map(|seq| package.entry(*seq)).chain(exhibits);
    Node::new(&package.ids, &name(&outcome.finding), &["uco-analysis:AnalyticResult"])
        .text("uco-core:name", &outcome.finding)
        .texts("uco-core:description", titles)
        .texts(
            "uco-core:statement",
            [format!("{}. {}", stated(outcome.outcome), outcome.reason)].into_iter().chain(threshold),
        )
        .texts(
            "uco-core:tag",
            [format!("outcome: {}", super::told::word(&outcome.outcome))].into_iter().chain(severity).chain(review),
        )
        .link("uco-analysis:originatingAnalysis", package.ids.name("judgement"))
        .links("uco-analysis:resultContent", rests_on)
}

/// The file that is an exhibit, by its digest, which begins its name.
fn exhibit_file(package: &Package, digest: &str) -> Option<String> {
    let beginning = in_package(&format!("{EXHIBITS}/{}/{digest}.", digest.get(..2)?));
    let files = &package.opened.files;
    let at = files.partition_point(|file| file.path < beginning);
    let file = files.get(at).filter(|file| file.path.starts_with(&beginning))?;
    package.file(&file.path)
}

/// What a person said of outcomes.
fn reviewed(package: &Package, view: &PackageView, review: &Review, graph: &mut Graph<impl Write>) -> io::Result<()> {
    let verified = &package.opened.verified;
    let before = verified.reviews.iter().take_while(|other| other.number < review.number).map(|other| &other.by);
    if !verified.operator.iter().chain(before).any(|name| *name == review.by) {
        graph.add(person(package, &review.by))?;
    }
    let key = review.signed_by.as_ref().map_or("unsigned".to_owned(), |key| format!("signed with the key {key}"));
    for (at, decision) in review.decisions.iter().enumerate() {
        let known = view.judgement.outcomes.iter().any(|outcome| outcome.finding == decision.finding);
        let about = if known { name(&decision.finding) } else { "judgement".to_owned() };
        let word = match decision.decision {
            Word::Confirm => "confirmed",
            Word::Reject => "rejected",
            Word::Unsure => "it can't be told",
        };
        graph.add(
            Node::new(&package.ids, &format!("review {} {at}", review.number), &["uco-core:Annotation"])
                .text("uco-core:name", &decision.finding)
                .texts("uco-core:statement", [word, &decision.note])
                .texts("uco-core:description", [format!("review {} of {}, {key}", review.number, review.at)])
                .link("uco-core:createdBy", package.ids.name(&format!("person {}", review.by)))
                .link("uco-core:object", package.ids.name(&about)),
        )?;
    }
    Ok(())
}
